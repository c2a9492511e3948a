"""The kept blocks of an HTML page as plain text."""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from boilerstrip import tags
from boilerstrip.limits import UNLIMITED, Limits, TimeUpError
from boilerstrip.page import Page

_BETWEEN_PARAGRAPHS: Final = "\n\n"
_BETWEEN_LINES: Final = "\n"
_BETWEEN_CELLS: Final = "\t"
_ROLES_IN_CELLS: Final = frozenset({"table_cell", "paragraph", "heading"})
_CELL_CHARACTERS: Final = 120
"""Characters up to which a text is a cell of a table of data; longer ones are laid out by the table."""


def render_text(page: Page, kept: Iterable[int], tables: Sequence[int] = (), limits: Limits = UNLIMITED) -> str:
    """Join some blocks of an HTML page, named by their numbers in ascending order.

    An empty line stands between two blocks, a line break between two items of one list and two rows of one table,
    and a tab between two cells of one row. A cell that is empty or dropped has its tab too, so that the columns of a
    table stay columns; at the beginning of a row only where a text of no more than a cell's length follows.

    :param tables: the table of data that each block of the page is of, -1 for none; nothing where there are none.
    :raises TimeUpError: when the time is over.
    """
    numbers = list(kept)
    separators = list(_find_separators(page, numbers, tables, limits))
    rows = set(_find_rows(separators, [page.boxes[block] for block in numbers]))
    pieces, indented = list[str](), {-1}
    for place, (block, before) in enumerate(zip(numbers, ["", *separators], strict=False)):
        row = _find_around(page, page.boxes[block], ("tr",)) if place in rows else -1
        is_data = row not in indented and len(page.texts[block]) <= _CELL_CHARACTERS
        pieces += (before, _indent_row(page, row, block) if is_data else "", page.texts[block])
        indented.add(row)
    return "".join(pieces)


def _find_rows(separators: Sequence[str], boxes: Sequence[int]) -> Iterator[int]:
    """Places of the blocks that begin a row of a table which has several columns."""
    rows, is_wide = [0], False
    for place, separator in enumerate([*separators, _BETWEEN_PARAGRAPHS], start=1):
        if separator.startswith(_BETWEEN_CELLS):
            is_wide = True
        elif separator == _BETWEEN_LINES:
            rows += [place] if boxes[place] != boxes[place - 1] else []
        else:
            yield from rows if is_wide else ()
            rows, is_wide = [place], False


def _find_separators(page: Page, numbers: Sequence[int], tables: Sequence[int], limits: Limits) -> Iterator[str]:
    for count, (before, after) in enumerate(pairwise(numbers)):
        if limits.stops(count, len(numbers)):
            raise TimeUpError
        is_data = bool(tables) and tables[before] == tables[after] >= 0
        yield _find_separator(page, before, after, is_data=is_data)


def _find_separator(page: Page, before: int, after: int, *, is_data: bool) -> str:
    """What stands between two neighbouring kept blocks, which may be of one table of data."""
    role = page.roles[before]
    is_of_kind = role in ("list_item", "table_cell") and role == page.roles[after]
    if not is_of_kind and not (is_data and {role, page.roles[after]} <= _ROLES_IN_CELLS):
        return _BETWEEN_PARAGRAPHS
    box, other = page.boxes[before], page.boxes[after]
    if box == other:
        return " " if is_data else _BETWEEN_LINES
    is_list = is_of_kind and role == "list_item"
    shared = _find_shared_box(page, box, other)
    if _find_around(page, shared, tags.LIST_TAGS if is_list else ("table",)) < 0:
        return _BETWEEN_PARAGRAPHS
    if is_list:
        return _BETWEEN_LINES
    row = _find_around(page, box, ("tr",))
    if row < 0 or row != _find_around(page, other, ("tr",)):
        return _BETWEEN_LINES
    if _find_around(page, box, tags.CELLS) == _find_around(page, other, tags.CELLS):
        return " " if is_data else _BETWEEN_LINES
    columns = _read_column(page, after) - _read_column(page, before) if _read_column(page, before) else 0
    return _BETWEEN_CELLS * max(columns or _count_cells(page, row, box, other), 1)


def _indent_row(page: Page, row: int, block: int) -> str:
    """A tab for each empty or dropped cell in front of the first one of a row."""
    column = _read_column(page, block) or _count_cells(page, row, row, page.boxes[block])
    return _BETWEEN_CELLS * (column - 1)


def _read_column(page: Page, block: int) -> int:
    """The column of the cell that a block begins, where reading has counted it; else 0."""
    return next((int(mark.label) for mark in page.marks[block] if mark.kind == "column"), 0)


def _count_cells(page: Page, row: int, after: int, until: int) -> int:
    """Cells of a row that begin behind one box and up to another."""
    parents, names = page.box_parents, page.box_tags
    return sum(parents[box] == row and names[box] in tags.CELLS for box in range(after + 1, until + 1))


def _find_shared_box(page: Page, box: int, other: int) -> int:
    """The innermost box that holds both; a parent's number is smaller than its children's."""
    while box != other:
        if box > other:
            box = page.box_parents[box]
        else:
            other = page.box_parents[other]
    return box


def _find_around(page: Page, box: int, wanted: Container[str]) -> int:
    """The box, or the nearest one above it, that is a wanted element; -1 where there is none."""
    while box >= 0 and page.box_tags[box] not in wanted:
        box = page.box_parents[box]
    return box
