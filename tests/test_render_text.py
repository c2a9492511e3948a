"""The kept blocks as plain text."""

import pytest

from boilerstrip.render.text import render_text
from boilerstrip.segment.html import segment_html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<ul><li>one</li><li>two<ul><li>three</li></ul></li></ul>", "one\ntwo\nthree"),
        ("<ul><li>one</li></ul><ul><li>two</li></ul>", "one\n\ntwo"),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "term\nmeaning"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"),
        ("<table><tr><td>a</td></tr></table><table><tr><td>b</td></tr></table>", "a\n\nb"),
        ("<pre>def f():\n    return 1\n</pre>", "def f():\n    return 1"),
        ("<p>one<br>two</p>", "one\ntwo"),
    ],
)
def test_separators_show_what_belongs_together(source: str, text: str) -> None:
    page = segment_html(source)
    assert render_text(page, range(len(page))) == text


def test_dropped_blocks_are_not_in_the_text() -> None:
    page = segment_html("<ul><li>one<li>two<li>three</ul>")
    assert render_text(page, [0, 2]) == "one\nthree"
    assert render_text(page, []) == ""


def test_lists_below_many_elements_are_still_lists() -> None:
    page = segment_html("<div>" * 500 + "<ul><li>one<li>two</ul>")
    assert render_text(page, [0, 1]) == "one\ntwo"
