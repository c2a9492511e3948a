"""Units: blocks that are one thing to a reader, and are judged together.

A row without its cells is a wrong fact and not only a lost one, and the items of a list mostly share one fate.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip.page import Page

Numbers = NDArray[np.int64]
Vector = NDArray[np.float64]

LIST_SHARE: Final = 0.7
"""How far an undecided item is drawn to the mean of its list (sweep over 0.3 to 0.9 on held-out folds)."""
TABLE_SHARE: Final = 0.7
"""The same for the rows of a table of data."""
_LEAST_ROWS: Final = 2
_CELL_WORDS: Final = 12.0
"""Mean words of a cell up to which a table holds data; in more, layout."""
_SEPARATOR: Final = "|"
_LEAST_SEPARATORS: Final = 2


@dataclass(frozen=True, slots=True)
class Units:
    """The row, the table and the list of each block, -1 where it has none, shape (n,) each."""

    rows: Numbers
    tables: Numbers
    lists: Numbers

    def share_rows(self, verdicts: NDArray[np.bool_], words: Vector) -> NDArray[np.bool_]:
        """The verdicts with that of most of its words for all cells of a row, shape (n,)."""
        return np.asarray(_mix(np.where(verdicts, 1.0, -1.0), words, self.rows, 1.0) > 0)


def find_units(page: Page) -> Units:
    """The rows, tables of data and lists of a page."""
    if page.kind == "text":
        rows = np.full(len(page), -1, dtype=np.int64)
        return Units(rows, _find_text_tables(page.texts), rows)
    none = np.full(len(page), -1, dtype=np.int64)
    names = set(page.box_tags)
    boxes = np.array(page.boxes, dtype=np.int64)
    lists = _find_around(page, tags.LIST_TAGS)[boxes] if names & tags.LIST_TAGS.keys() else none
    if "tr" not in names:
        return Units(none, none, lists)
    tables = _keep_data(page, _find_around(page, {"table"})[boxes])
    rows = np.where(tables >= 0, _find_around(page, {"tr"})[boxes], -1)
    return Units(rows, tables, np.where(tables >= 0, -1, lists))


def _find_around(page: Page, names: Collection[str]) -> Numbers:
    """The innermost box of some tags around each box, itself included; -1 where there is none."""
    found: list[int] = []
    for box, (tag, parent) in enumerate(zip(page.box_tags, page.box_parents, strict=True)):
        found.append(box if tag in names else found[parent] if parent >= 0 else -1)
    return np.array(found, dtype=np.int64)


def _keep_data(page: Page, tables: Numbers) -> Numbers:
    """The tables whose rows have cells of a few words each, a block a cell; others are there for layout."""
    is_cell = np.array([role in ("table_cell", "caption", "separator") for role in page.roles])
    kept = tables.copy()
    for table in np.unique(tables[tables >= 0]).tolist():
        own = np.flatnonzero(tables == table)
        cells = [page.boxes[block] for block in own.tolist()]
        rows = {page.box_parents[cell] for cell in cells}
        words = sum(len(page.texts[block].split()) for block in own.tolist())
        is_regular = is_cell[own].all() and len(set(cells)) == len(cells) >= _LEAST_ROWS * len(rows)
        if not is_regular or len(rows) < _LEAST_ROWS or words > _CELL_WORDS * len(cells):
            kept[own] = -1
    return kept


def _find_text_tables(texts: Sequence[str]) -> Numbers:
    """Runs of lines with the same number of bars or tabs between their cells."""
    found = np.full(len(texts), -1, dtype=np.int64)
    counts = [max(text.count(_SEPARATOR), text.count("\t")) for text in texts]
    for line in range(1, len(texts)):
        if counts[line] >= _LEAST_SEPARATORS and counts[line] == counts[line - 1]:
            found[line] = found[line - 1] = found[line - 1] if found[line - 1] >= 0 else line - 1
    return found


def share_scores(units: Units, logits: Vector, words: Vector) -> Vector:
    """Logits in which rows have one score, and tables and lists draw their parts together, shape (n,)."""
    logits = _mix(logits, words, units.rows, 1.0)
    logits = _mix(logits, words, units.tables, TABLE_SHARE)
    return _mix(logits, words, units.lists, LIST_SHARE)


def _mix(logits: Vector, words: Vector, unit: Numbers, share: float) -> Vector:
    """Each logit drawn by a share to the mean of its unit, weighted by words."""
    if not (unit >= 0).any():
        return logits
    numbers = unit + 1
    weights = np.maximum(words, 0.5)
    sums = np.bincount(numbers, weights * logits)
    means = sums / np.maximum(np.bincount(numbers, weights), 1e-9)
    return np.asarray(np.where(unit >= 0, (1.0 - share) * logits + share * means[numbers], logits))
