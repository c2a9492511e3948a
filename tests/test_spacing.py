"""Segmentation loses no text, reads none twice and glues nothing: the cases of ``fixtures/cases/spacing.json``."""

import json
from pathlib import Path
from typing import Any

import pytest

from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "fixtures" / "cases" / "spacing.json").read_text(encoding="utf-8")
)
DEPTHS = (200, 300, 3_000, 100_000)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_blocks_hold_the_text_a_reader_sees(case: dict[str, Any]) -> None:
    assert list(segment_html(case["html"]).texts) == case["blocks"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_columns_of_a_page_have_one_entry_a_block(case: dict[str, Any]) -> None:
    page = segment_html(case["html"])
    lengths = {
        len(column) for column in (page.texts, page.tags, page.roles, page.link_characters, page.boxes, page.marks)
    }
    assert lengths == {len(page)}


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote"])
def test_text_in_and_after_deep_nesting_survives_or_is_said_to_be_cut(tag: str, depth: int) -> None:
    page = segment_html(f"<p>before</p>{f'<{tag}>' * depth}inside{f'</{tag}>' * depth}<p>after</p>")
    assert page.truncated or all(word in " ".join(page.texts) for word in ("before", "inside", "after"))


@pytest.mark.parametrize("depth", DEPTHS)
def test_deep_lists_keep_every_item(depth: int) -> None:
    page = segment_html(
        "".join(f"<ul><li>item{number}" for number in range(depth)) + "</li></ul>" * depth + "<p>after</p>"
    )
    assert page.truncated or page.texts[0] == "item0"
    assert page.truncated or (f"item{depth - 1}" in page.texts[-2] and page.texts[-1] == "after")


def test_text_after_elements_that_are_never_closed_survives() -> None:
    page = segment_html("<div><b>" * 3_000 + "<p>last words</p>")
    assert page.truncated or "last words" in " ".join(page.texts)


def test_preformatted_text_is_kept_to_the_byte() -> None:
    code = "  first\n\n\tsecond   third \n    fourth"
    assert list(segment_html(f"<pre>{code}</pre>").texts) == [code]


def test_roles_and_tags_follow_the_elements() -> None:
    page = segment_html(
        "<h2>a</h2><p>b</p><ul><li>c</li></ul><table><tr><td>d</td></tr></table><pre>e</pre>"
        "<blockquote><p>f</p></blockquote><figure><figcaption>g</figcaption></figure><button>h</button>"
    )
    expected = ["heading", "paragraph", "list_item", "table_cell", "code", "quote", "caption", "button"]
    assert list(page.roles) == expected
    assert list(page.tags) == ["h2", "p", "li", "td", "pre", "p", "figcaption", "button"]


def test_link_characters_count_the_linked_text() -> None:
    page = segment_html('<p><a href="/x">These notes</a> come first.</p>')
    assert list(page.link_characters) == [len("These notes")]


def test_marks_name_what_they_cover() -> None:
    page = segment_html('<p>Read <a href="/x">these <em>short</em> notes</a>.</p>')
    covered = {(mark.kind, page.texts[0][mark.start : mark.end], mark.target) for mark in page.marks[0]}
    assert covered == {("link", "these short notes", "/x"), ("emphasis", "short", "")}


def test_hidden_boxes_are_marked() -> None:
    page = segment_html(
        '<div hidden><p>one</p></div><div style="display: none"><p>two</p></div><div><p>three</p></div>'
    )
    assert list(page.texts) == ["one", "two", "three"]
    assert sum(page.box_hidden) == 2


def assert_same_words(left: Page, right: Page) -> None:
    """Compare two pages' words, whatever blocks they stand in."""
    assert " ".join(left.texts).split() == " ".join(right.texts).split()


def test_white_space_between_elements_changes_nothing() -> None:
    compact = "<div><p>one</p><ul><li>two</li><li>three</li></ul></div>"
    assert_same_words(segment_html(compact), segment_html(compact.replace("><", ">\n   <")))
