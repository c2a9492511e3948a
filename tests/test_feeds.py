"""Feeds: every element is a block, and stories that are written as text are read as the markup they are."""

from html import escape

import pytest

from boilerstrip.segment.html import segment_html

STORY = "<p>one <b>two</b></p>\n<p>three<br>four</p>"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (
            '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><entry><author><name>Ann'
            f'</name></author><updated>2024</updated><content type="html">{escape(STORY)}</content></entry></feed>',
            ["Gazette", "Ann", "2024", "one two", "three\nfour"],
        ),
        (
            "<rss><channel><item><title>Bridge</title><pubDate>Monday</pubDate><guid>1</guid>"
            f"<description>{escape(STORY)}</description><content:encoded><![CDATA[{STORY}]]></content:encoded></item>"
            "<item><category>a &lt;b&gt; c</category><description>1 &lt; 2 &lt;p</description></item></channel></rss>",
            ["Bridge", "Monday", "1", "one two", "three\nfour", "one two", "three\nfour", "a <b> c", "1 < 2 <p"],
        ),
        (
            f"<rdf:RDF><item><dc:date>2024</dc:date><summary>{escape(STORY)}</summary><x:y>five</x:y></item></rdf:RDF>",
            ["2024", "one two", "three\nfour", "five"],
        ),
        (f"<html><body><content>{escape(STORY)}</content>", ["<p>one <b>two</b></p> <p>three<br>four</p>"]),
        (f"<feed><content>{escape('<p>1</p><content>&lt;p>2</content>')}</content>six</feed>", ["1", "<p>2", "six"]),
    ],
)
def test_a_feed_is_read_as_the_stories_it_carries(source: str, texts: list[str]) -> None:
    assert list(segment_html(source).texts) == texts
