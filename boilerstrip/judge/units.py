"""Units: blocks that are one thing to a reader, and what is said of each of them together.

A row without its cells is a wrong fact and not only a lost one. The items of a list are not drawn together: a story and
its notices may be items of one list, and on held-out pages it gains nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.page import Page

Numbers = NDArray[np.int64]
Vector = NDArray[np.float64]

_TABLE_SHARE: Final = 0.7
"""How far the rows of a table of data are drawn to its mean (0.7 and 0 are alike on held-out folds)."""
_LEAST_ROWS: Final = 2
_LEAST_CELLS: Final = 2
"""Cells of at least half the rows of a table of data; the others may be headings of its parts."""
_PLAIN_CELLS: Final = 0.7
"""Share of the cells of a table that are a block or a list each, from which on it holds data."""
_CELL_WORDS: Final = 20.0
"""Mean words of a cell up to which a table holds data; in more, layout."""
_SEPARATOR: Final = "|"
_LEAST_SEPARATORS: Final = 2


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Units:
    """The row and the table of data of each block, -1 where it has none, shape (n,) each."""

    rows: Numbers
    tables: Numbers

    @property
    def rows_or_tables(self) -> bool:
        """Whether there is any."""
        return bool(self.rows.max(initial=-1) >= 0 or self.tables.max(initial=-1) >= 0)


def find_units(page: Page) -> Units:
    """The rows and tables of data of a page."""
    none = np.full(len(page), -1, dtype=np.int64)
    if page.kind == "text":
        return Units(none, _find_text_tables(page.texts))
    if "tr" not in page.box_tags:
        return Units(none, none)
    tables = _keep_data(page, find_around(page, ("table",)))
    return Units(np.where(tables >= 0, find_around(page, ("tr",)), -1), tables)


def find_around(page: Page, tags: Collection[str]) -> Numbers:
    """The innermost box of some tags around each block; -1 where there is none."""
    found = np.full(len(page), -1, dtype=np.int64)
    for box in [box for box, tag in enumerate(page.box_tags) if tag in tags]:
        found[page.box_first[box] : page.box_last[box]] = box
    return found


def _keep_data(page: Page, tables: Numbers) -> Numbers:
    """The tables whose rows have cells of a few words each, most of them a block or a list; others are for layout."""
    cell_around = find_around(page, ("td", "th", "caption"))
    kept = tables.copy()
    for table, own in group_blocks(tables):
        cells: dict[int, list[str]] = {}
        for block in own.tolist():
            cell = max(int(cell_around[block]), table)
            if page.box_tags[cell] != "caption":
                cells.setdefault(page.boxes[block] if cell == table else cell, []).append(page.roles[block])
        rows = Counter(page.box_parents[cell] for cell in cells)
        wide = sum(count >= _LEAST_CELLS for count in rows.values())
        words = sum(len(page.texts[block].split()) for block in own.tolist())
        plain = sum(map(_is_plain, cells.values()))
        is_regular = plain >= _PLAIN_CELLS * len(cells) and wide * 2 >= len(rows)
        if not is_regular or len(rows) < _LEAST_ROWS or words > _CELL_WORDS * len(cells):
            kept[own] = -1
    return kept


def _is_plain(roles: Sequence[str]) -> bool:
    """Whether blocks of these roles are what a cell of a table of data holds."""
    return len(roles) == 1 or set(roles) == {"list_item"}


def group_blocks(units: Numbers) -> Iterator[tuple[int, Numbers]]:
    """Each unit in ascending order with its blocks in ascending order; all are found by sorting once.

    >>> [(unit, blocks.tolist()) for unit, blocks in group_blocks(np.array([7, -1, 2, 7]))]
    [(2, [2]), (7, [0, 3])]
    """
    if units.max(initial=-1) < 0:
        return
    order = np.argsort(units, kind="stable")
    order = order[np.searchsorted(units[order], 0) :]
    for blocks in np.split(order, np.flatnonzero(np.diff(units[order])) + 1):
        yield int(units[blocks[0]]), blocks


def _find_text_tables(texts: Sequence[str]) -> Numbers:
    """Runs of lines with the same number of bars or tabs between their cells."""
    found = np.full(len(texts), -1, dtype=np.int64)
    counts = {
        line: max(text.count(_SEPARATOR), text.count("\t"))
        for line, text in enumerate(texts)
        if _SEPARATOR in text or "\t" in text
    }
    for line, count in counts.items():
        if count >= _LEAST_SEPARATORS and count == counts.get(line - 1):
            found[line] = found[line - 1] = found[line - 1] if found[line - 1] >= 0 else line - 1
    return found


def share_scores(units: Units, logits: Vector, words: Vector) -> Vector:
    """Logits in which rows have one score and tables draw their rows together, shape (n,)."""
    return _mix(_mix(logits, words, units.rows, 1.0), words, units.tables, _TABLE_SHARE)


def _mix(logits: Vector, words: Vector, unit: Numbers, share: float) -> Vector:
    """Each logit drawn by a share to the mean of its unit, weighted by words."""
    if not (unit >= 0).any():
        return logits
    numbers = unit + 1
    weights = np.maximum(words, 0.5)
    sums = np.bincount(numbers, weights * logits)
    means = sums / np.maximum(np.bincount(numbers, weights), 1e-9)
    return np.asarray(np.where(unit >= 0, (1.0 - share) * logits + share * means[numbers], logits))
