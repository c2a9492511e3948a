"""The kept blocks as plain text."""

import pytest

from boilerstrip.judge.units import find_units
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
        ("<table><tr><th><th>P<th>W<tr><td>a<td><td>3<tr><td><td>4</table>", "\tP\tW\na\t\t3\n\t4"),
        ("<table><tr><td colspan=2>a<td>b<tr><td>1<td>2<td>3</table>", "a\t\tb\n1\t2\t3"),
        ("<table><tr><td><td>one<tr><td><td>two</table>", "one\ntwo"),
        (f"<table><tr><td><td>{'word ' * 40}<td>b</table>", f"{'word ' * 40}".strip() + "\tb"),
        ("<table><tr><td>a<td><div>b</div><div>b2</div><td>c<tr><td>1<td>2<td>3</table>", "a\tb b2\tc\n1\t2\t3"),
        ("<table><tr>" + "<td><table><tr><td>i<td>j</table><td>z" * 3, "i\tj\n\tz\ni\tj\nz\ni\tj\nz"),
        ("<table><tr><th><p>a<th><p>b<th><p>c<tr><td><p>1<td><p>&nbsp;<td><p>3</table>", "a\tb\tc\n1\t\t3"),
        ("<table><tr><td><p>a<p>b<td><p>c<p>d</table>", "a\n\nb\n\nc\n\nd"),
        ("<table><tr><td>a<br><br>b<td>c</table>", "a\nb\tc"),
        ("<table><tr><td>a<td>b<br><br>c<tr><td>1<td>2</table>", "a\tb c\n1\t2"),
        ("<table><tr><td>a</td></tr></table><table><tr><td>b</td></tr></table>", "a\n\nb"),
        ("<pre>def f():\n    return 1\n</pre>", "def f():\n    return 1"),
        ("<p>one<br>two</p>", "one\ntwo"),
    ],
)
def test_separators_show_what_belongs_together(source: str, text: str) -> None:
    page = segment_html(source)
    assert render_text(page, range(len(page)), find_units(page).tables.tolist()) == text


def test_dropped_blocks_are_not_in_the_text() -> None:
    page = segment_html("<ul><li>one<li>two<li>three</ul>")
    assert render_text(page, [0, 2]) == "one\nthree"
    assert render_text(page, []) == ""
    table = segment_html("<table><tr><td>a<td>b<td>c<tr><td>1<td>2<td>3</table>")
    assert render_text(table, [0, 2, 3, 5]) == "a\t\tc\n1\t\t3"


def test_lists_below_many_elements_are_still_lists() -> None:
    page = segment_html("<div>" * 500 + "<ul><li>one<li>two</ul>")
    assert render_text(page, [0, 1]) == "one\ntwo"
