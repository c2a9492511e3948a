"""The numbers of an ordered list's items and of a table's columns, where they are not those of their places."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

_SPAN_LIMIT: Final = 50
"""Columns or rows that one cell may take; more are nobody's table."""
_INSIDE_LIMIT: Final = 16
"""Elements of a cell in which text is looked for: where it comes later, the cells are counted for nothing."""


def number_items(element: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    """The items of an ``ol`` from the first on that has another number than its place (HTML Living Standard, 4.4.5).

    >>> items = etree.fromstring('<ol start="4"><li>four</li><li value="9">nine</li><li>ten</li></ol>')
    >>> [number for _, number in number_items(items)]
    [4, 9, 10]
    """
    items = list(element.iterchildren("li"))
    step = -1 if element.get("reversed") is not None else 1
    number = _read_integer(element.get("start"), len(items) if step < 0 else 1)
    is_other = False
    for place, item in enumerate(items, start=1):
        number = _read_integer(item.get("value"), number)
        is_other = is_other or number != place
        if is_other:
            yield item, number
        number += step


def number_cells(table: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    """The cells of a table, each with its column (HTML Living Standard, 4.9.12): where one takes several rows or
    columns, or where a row has cells of both kinds and one of them is empty, so that it leaves no block to count.

    >>> table = etree.fromstring('<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>')
    >>> [(cell.text, column) for cell, column in number_cells(table)]
    [('a', 1), ('b', 2), ('c', 2)]
    >>> table = etree.fromstring("<table><tr><td/><th>Mon</th></tr><tr><th>Noon</th><td>open</td></tr></table>")
    >>> [column for _, column in number_cells(table)]
    [1, 2, 1, 2]
    """
    rows = list(iterate_rows(table))
    has_spans = any(cell.get("rowspan") or cell.get("colspan") for row in rows for cell in row)
    if not has_spans and not any(map(_hides_its_columns, rows)):
        return
    taken: dict[int, int] = {}
    for row in rows:
        column, free = 1, {place: rest - 1 for place, rest in taken.items() if rest > 1}
        for cell in row.iterchildren("td", "th"):
            while column in taken:
                column += 1
            yield cell, column
            width, height = (_read_span(cell.get(name)) for name in ("colspan", "rowspan"))
            free.update((place, height - 1) for place in range(column, column + width) if height > 1)
            column += width
        taken = free


def _hides_its_columns(row: etree._Element) -> bool:
    """Whether a row has an empty cell among cells of both kinds."""
    cells = list(row.iterchildren("td", "th"))
    if len({cell.tag for cell in cells}) < 2:
        return False
    return not all(map(_has_text, cells))


def _has_text(cell: etree._Element) -> bool:
    """Whether there is text among the first elements of a cell; an image leaves no block to count either."""
    return any((inner.text or "").strip() or (inner.tail or "").strip() for inner in islice(cell.iter(), _INSIDE_LIMIT))


def iterate_rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, in its parts or right in it."""
    for part in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        yield from (part,) if part.tag == "tr" else part.iterchildren("tr")


def _read_span(value: str | None) -> int:
    return min(max(_read_integer(value, 1), 1), _SPAN_LIMIT)


def _read_integer(value: str | None, default: int) -> int:
    try:
        return int(value) if value and len(value) <= 9 else default
    except ValueError:
        return default
