"""The kept blocks of an HTML page as plain text."""

from collections.abc import Container, Iterable
from itertools import pairwise
from typing import Final

from boilerstrip import tags
from boilerstrip.limits import UNLIMITED, Limits, TimeUpError
from boilerstrip.page import Page

_BETWEEN_PARAGRAPHS: Final = "\n\n"
_BETWEEN_LINES: Final = "\n"
_BETWEEN_CELLS: Final = "\t"


def render_text(page: Page, kept: Iterable[int], limits: Limits = UNLIMITED) -> str:
    """Join some blocks of an HTML page, named by their numbers in ascending order.

    An empty line stands between two blocks, a line break between two items of one list and two rows of one table,
    and a tab between two cells of one row.

    :raises TimeUpError: when the time is over.
    """
    numbers = list(kept)
    pieces = [page.texts[numbers[0]]] if numbers else []
    for count, (before, after) in enumerate(pairwise(numbers)):
        if limits.stops(count, len(numbers)):
            raise TimeUpError
        pieces += (_find_separator(page, before, after), page.texts[after])
    return "".join(pieces)


def _find_separator(page: Page, before: int, after: int) -> str:
    """What stands between two neighbouring kept blocks."""
    role = page.roles[before]
    if role not in ("list_item", "table_cell") or role != page.roles[after]:
        return _BETWEEN_PARAGRAPHS
    box, other = page.boxes[before], page.boxes[after]
    if box == other:
        return _BETWEEN_LINES
    shared = _find_shared_box(page, box, other)
    if _find_around(page, shared, tags.LIST_TAGS if role == "list_item" else ("table",)) < 0:
        return _BETWEEN_PARAGRAPHS
    if role == "list_item":
        return _BETWEEN_LINES
    row = _find_around(page, box, ("tr",))
    return _BETWEEN_CELLS if row >= 0 and row == _find_around(page, other, ("tr",)) else _BETWEEN_LINES


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
