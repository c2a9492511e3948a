"""What the user has not asked for: tables, captions and code that are switched off, and pages in other languages."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip.evidence.function_words import compare_as
from boilerstrip.judge.units import Units
from boilerstrip.options import Options
from boilerstrip.page import Page

_Hit = NDArray[np.bool_]

_CELL_BLOCKS: Final = 12
"""Blocks of a cell up to which it is one of a table and not a column of the page, as rendering has it."""
_CELL_WORDS: Final = 40.0
"""Mean words of a cell, likewise: a page that is laid out with tables is not lost with them."""


def find_unwanted(page: Page, language: str | None, options: Options, units: Units) -> Iterator[tuple[str, _Hit]]:
    """The name of each rule that an option asks for, and the blocks that it drops, shape (n,)."""
    if _is_other_language(language, options):
        yield "other_language", np.ones(len(page), dtype=bool)
    if not options.tables:
        yield "no_tables", (units.tables >= 0) | _find_shown_tables(page)
    if not options.captions:
        yield "no_captions", _have_role(page, "caption")
    if not options.code:
        yield "no_code", _have_role(page, "code")


def _is_other_language(language: str | None, options: Options) -> bool:
    """Whether a page's language is known and none of those that pages may be in.

    >>> wanted = Options(target_languages=("en", "no"))
    >>> _is_other_language("de", wanted), _is_other_language("nn", wanted), _is_other_language(None, wanted)
    (True, False, False)
    """
    if language is None or not options.target_languages:
        return False
    return compare_as(language) not in map(compare_as, options.target_languages)


def _have_role(page: Page, role: str) -> _Hit:
    return np.array([other == role for other in page.roles], dtype=bool)


def _find_shown_tables(page: Page) -> _Hit:
    """Blocks of every table that rendering shows as one: two cells side by side, and little in each.

    >>> page = Page("html", texts=["a", "b"], boxes=[3, 4], box_parents=[-1, 0, 1, 2, 2],
    ...             box_tags=["div", "table", "tr", "td", "th"])
    >>> _find_shown_tables(page)
    array([ True,  True])
    """
    hit = np.zeros(len(page), dtype=bool)
    places = [_find_table(page, box) for box in page.boxes]
    for table in {table for table, _ in places if table >= 0}:
        own = [block for block, place in enumerate(places) if place[0] == table]
        cells = [places[block][1] for block in own if places[block][1] >= 0]
        rows = [page.box_parents[cell] for cell in set(cells)]
        words = sum(len(page.texts[block].split()) for block in own)
        is_full = any(cells.count(cell) > _CELL_BLOCKS for cell in set(cells)) or words > _CELL_WORDS * len(set(cells))
        hit[own] = len(set(rows)) < len(rows) and not is_full
    return hit


def _find_table(page: Page, box: int) -> tuple[int, int]:
    """The innermost table around a box and the cell of it that the box is in; -1 where there is none."""
    cell = -1
    while box >= 0 and page.box_tags[box] != "table":
        cell = box if page.box_tags[box] in tags.CELLS else cell
        box = page.box_parents[box]
    return box, cell
