"""The kept blocks as plain text."""

import pytest

from boilerstrip.render.text import render_text
from tests.rendering import keep_all, make_block


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
        ("<pre>def f():\n    return 1\n</pre>", "def f():\n    return 1\n"),
        ("<p>one<br>two</p>", "one\ntwo"),
    ],
)
def test_separators_show_what_belongs_together(source: str, text: str) -> None:
    assert render_text(keep_all(source)) == text


def test_dropped_blocks_are_not_in_the_text() -> None:
    blocks = [make_block("one"), make_block("two", kept=False), make_block("three")]
    assert render_text(blocks) == "one\n\nthree"


def test_no_blocks_give_no_text() -> None:
    assert render_text([]) == ""
    assert render_text([make_block("dropped", kept=False)]) == ""


def test_paths_by_number_say_nothing_of_lists() -> None:
    blocks = [make_block("one", "(//*)[900]", "list_item"), make_block("two", "(//*)[901]", "list_item")]
    assert render_text(blocks) == "one\n\ntwo"
