"""Boosted decision trees (Friedman 2001): a second model, which reads the evidence together with the context.

Trained by ``benchmarks/train`` on what taggers say of pages that they have not seen. ``n`` blocks.
"""

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pkgutil import get_data
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
from boilerstrip.errors import WeightsError
from boilerstrip.evidence.matrix import COLUMNS
from boilerstrip.judge.context import name_columns
from boilerstrip.judge.tagger import load_tagger, read_arrays

Numbers = NDArray[np.int32]
Array = NDArray[np.float32]

_TILE: Final = 256
"""Blocks whose way through all trees is followed at once."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Trees:
    """All nodes of all trees, one tree behind the other. Immutable; safe to share between threads.

    A leaf leads to itself.
    """

    roots: Numbers
    features: Numbers
    """The column that a node asks for: of the context, then of the evidence."""
    borders: Array
    """A block goes left where its column is no more than this."""
    left: Numbers
    right: Numbers
    values: Array
    """What a leaf adds to the logit of a block."""
    depth: int
    compiled: Any = field(init=False)
    """The same in the compiled core, or ``None``."""

    def __post_init__(self) -> None:
        module = load_part("trees").module
        nodes = (self.roots, self.features, self.borders, self.left, self.right, self.values)
        object.__setattr__(self, "compiled", module.Forest(*nodes) if module else None)

    def add_up(self, context: Array, columns: Array) -> NDArray[np.float64]:
        """The logit of each block, shape (n,).

        :param context: of :func:`boilerstrip.judge.context.measure_context`, shape (n, its columns).
        :param columns: of the evidence, shape (n, len(COLUMNS)).
        """
        logits = np.zeros(len(context))
        if self.compiled:
            self.compiled.add_up(np.ascontiguousarray(context), np.ascontiguousarray(columns), logits)
            return logits
        for first in range(0, len(context), _TILE):
            tile = slice(first, first + _TILE)
            logits[tile] = self._add_up(np.concatenate([context[tile], columns[tile]], axis=1))
        return logits

    def _add_up(self, values: Array) -> NDArray[np.float64]:
        rows, flat = (np.arange(len(values)) * values.shape[1])[:, None], values.ravel()
        nodes = np.tile(self.roots, (len(values), 1))
        children = np.stack([self.left, self.right], axis=1).ravel()
        for _ in range(self.depth):
            goes_right = flat.take(rows + self.features.take(nodes)) > self.borders.take(nodes)
            nodes = children.take(2 * nodes + goes_right)
        return np.asarray(self.values.take(nodes).sum(axis=1, dtype=np.float64))


@cache
def load_trees() -> Trees:
    """The shipped trees.

    :raises WeightsError: when they were made for other columns than this version's.
    """
    stored = read_arrays(BytesIO(get_data("boilerstrip", "weights/trees.npy") or b""))
    columns = tuple(name.decode() for name in stored["names"].tolist())
    if columns != (*name_columns(load_tagger().page_types), *COLUMNS):
        raise WeightsError("weights/trees.npy was trained on other columns; run `make train` to make new weights")
    numbers = {name: stored[name].astype(np.int32) for name in ("roots", "features", "left", "right")}
    return Trees(**numbers, borders=stored["borders"], values=stored["values"], depth=int(stored["depth"]))
