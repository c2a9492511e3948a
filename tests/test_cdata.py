"""CDATA sections: nothing of them is lost, and what a browser takes for text or for markup is that here."""

import pytest

from boilerstrip import clean
from boilerstrip.segment.html import segment_html
from tests.samples import STORY

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">'


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (f"{DECLARED}<body><pre><![CDATA[<b>a</b> &amp; c]]></pre></body></html>", ["<b>a</b> &amp; c"]),
        (f"{DECLARED}<body><p>one <![CDATA[<two> & three]]> four</p></body></html>", ["one <two> & three four"]),
        (f"{DECLARED}<head><script src='a.js'/></head><body><p><![CDATA[a <b> c]]></p></body></html>", ["a <b> c"]),
        ("<pre><![CDATA[if (a < b && c > d) go();]]></pre>", ["if (a < b && c > d) go();"]),
        ("<p>one <![CDATA[two > three]]> four</p>", ["one two > three four"]),
        ("<div><![CDATA[<p>one</p><p>two]]></p></div>", ["one", "two"]),
        ("<div><![CDATA[Tom &amp; Jerry]]></div>", ["Tom & Jerry"]),
        ("<p><![CDATA[one]]></p><p><![CDATA[two]]></p>", ["one", "two"]),
        ("<p>one</p><![CDATA[<p>two</p>", ["one", "two"]),
        ("<p>one</p><script>//<![CDATA[\nrun('<p>no</p>');\n//]]></script><p><![CDATA[two]]></p>", ["one", "two"]),
        ("<SCRIPT>/* <![CDATA[ */ var a; /* ]]> */</SCRIPT><p>one</p>", ["one"]),
    ],
)
def test_sections_are_text_or_markup_as_a_browser_reads_them(source: str, texts: list[str]) -> None:
    assert list(segment_html(source).texts) == texts


@pytest.mark.parametrize("open_story", ["<p><![CDATA[", "<div>\n<![CDATA["])
def test_a_story_in_sections_is_kept_whole(open_story: str) -> None:
    close = "]]></p>" if open_story.startswith("<p") else "]]></div>"
    body = "".join(f"{open_story}{line}{close}" for line in STORY)
    page = (
        f"{DECLARED}<head><title>News</title></head><body><div id='nav'><a href='/'>Home</a></div>{body}</body></html>"
    )
    assert clean(page.encode()).text.split() == " ".join(STORY).split()


def test_sections_that_never_end_lose_nothing() -> None:
    assert list(segment_html("<p>one</p>" + "<script><![CDATA[" * 5_000).texts) == ["one"]
    assert segment_html("<p>" + "<![CDATA[word " * 5_000).texts[0].split() == ["word"] * 5_000
