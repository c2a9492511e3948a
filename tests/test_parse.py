"""The parser misses nothing: deep nesting, end tags that libxml2 reads otherwise, broken characters."""

import pytest

from boilerstrip.segment.html import segment_html
from boilerstrip.segment.parse import LIBXML2_DEPTH_LIMIT, mend_end_tags, parse_html
from boilerstrip.segment.simplify import FLATTENED_DEPTH

DEEP = 100_000


def read_texts(source: str) -> list[str]:
    return list(segment_html(source).texts)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("<p>one</p></body>two", ["one", "two"]),
        ("<html><body><p>one</p></body></html><p>two</p>", ["one", "two"]),
        ("<html><body>one</BODY ></html >two", ["one two"]),
        ("one</br>two", ["one\ntwo"]),
        ("one</BR/>two", ["one\ntwo"]),
        ("<div>one</p>two</div>", ["one", "two"]),
        ("<p>one</p>two", ["one", "two"]),
        ("<p>one<p>two</P>three", ["one", "two", "three"]),
        ("<div>one</p></p></p>two</div>", ["one", "two"]),
        ("<p>one</pre>two</p>", ["onetwo"]),
        ("<p>one</param>two</p>", ["onetwo"]),
        ("<p><b>one</p>two</b>", ["one", "two"]),
        ("<pre>one</p>two</pre>", ["one\ntwo"]),
    ],
)
def test_end_tags_are_read_as_browsers_read_them(source: str, texts: list[str]) -> None:
    assert read_texts(source) == texts


@pytest.mark.parametrize("source", ["", "no tags", "<p>one", "</div></span></b>", "a < b > c", "</ p>", "< /p>"])
def test_text_without_such_end_tags_is_left_alone(source: str) -> None:
    assert mend_end_tags(source) == source


def test_the_marker_of_a_paragraph_s_end_is_no_element_of_the_page() -> None:
    page = segment_html("<div><p>one</p>two<p>three</p></div>")
    assert "paragraph-end" not in {*page.tags, *page.box_tags}
    assert parse_html("<div><p>one</p></div>").xpath("count(//p)") == 1  # type: ignore[union-attr]


@pytest.mark.xfail(reason="end tags are also mended where they are text")
@pytest.mark.parametrize("element", ["textarea", "xmp"])
def test_end_tags_that_are_text_stay_text(element: str) -> None:
    assert read_texts(f"<{element}>a</p>b</{element}>") == ["a</p>b"]


@pytest.mark.parametrize("depth", [LIBXML2_DEPTH_LIMIT - 50, LIBXML2_DEPTH_LIMIT, LIBXML2_DEPTH_LIMIT + 50, DEEP])
def test_text_around_the_depth_limit_survives(depth: int) -> None:
    texts = read_texts(f"<p>before</p>{'<div>' * depth}<p>inside</p>{'</div>' * depth}<p>after</p>")
    assert [word for word in ("before", "inside", "after") if word in " ".join(texts)] == ["before", "inside", "after"]


def test_a_flattened_tree_keeps_attributes_and_order() -> None:
    page = segment_html(f"<div class='story'>one</div>{'<div>' * DEEP}two &amp; three{'</div>' * DEEP}five")
    assert page.texts[0] == "one"
    assert "story" in page.box_names
    assert "two & three" in page.texts
    assert page.texts[-1] == "five"
    assert max(page.box_depths) < FLATTENED_DEPTH


def test_a_script_in_a_flattened_tree_is_no_text() -> None:
    assert "secret" not in " ".join(read_texts("<div>" * 3_000 + "<script>secret()</script>story"))


@pytest.mark.parametrize("source", ["<p>one</p><p>two</p>", "one<br>two", "one</br>two", "<li>one<li>two"])
def test_boundaries_of_elements_left_out_of_a_flattened_tree_separate_words(source: str) -> None:
    assert "onetwo" not in " ".join(read_texts("<div>" * 3_000 + source))


@pytest.mark.parametrize("source", ["", "   \n\t", "<!-- only a comment -->", "\x00"])
def test_a_page_without_content_has_no_blocks(source: str) -> None:
    assert [text for text in read_texts(source) if text.strip("\ufffd")] == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>a\x00b</p>", "a\ufffdb"),
        ("<p>a\ud800b</p>", "a\ufffdb"),
        ("<p>😀 &#x1F600;</p>", "😀 😀"),
        ("just text", "just text"),
        ("<p>5 &lt; 6 &amp;amp; &nbsp;x</p>", "5 < 6 &amp; x"),
    ],
)
def test_odd_characters_are_kept_or_replaced(source: str, text: str) -> None:
    assert read_texts(source) == [text]


def test_marks_in_preformatted_text_that_begins_with_a_line_break() -> None:
    assert segment_html("<pre>\n\n<b>x</b></pre>").marks[0] != ()


def test_marks_in_code_that_begins_with_a_line_break_cover_it() -> None:
    page = segment_html("<pre>\n\n<code>abc</code></pre>")
    [mark] = page.marks[0]
    assert page.texts[0][mark.start : mark.end] == "abc"
