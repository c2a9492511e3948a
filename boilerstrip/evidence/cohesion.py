"""Cohesion: how many of its words a block shares with the text around it (Hearst 1997, TextTiling).

A subheading names what the next paragraph speaks of; a menu entry, a notice or another story's headline does not.
"""

from itertools import count as count_from
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.tokens import PROSE_WORDS, Tokens, divide

_STEM_LETTERS: Final = 5
"""Letters that words are compared by, so that "meditate" and "meditation" are one."""
_NEXT: Final = 1
_NEAR: Final = 4
"""Blocks up to which one is next to, or near, another."""
_NEVER: Final = 1 << 40

COLUMNS: Final = (
    "cohesion_next", "cohesion_after", "cohesion_previous", "cohesion_before", "cohesion_page", "cohesion_prose",
    "cohesion_theme",
)  # fmt: skip


class _Stems(NamedTuple):
    """Each stem of each block once, shape (s,)."""

    stems: NDArray[np.int64]
    blocks: NDArray[np.int64]
    distance_after: NDArray[np.int64]
    """Blocks to the next one that holds the stem."""
    distance_before: NDArray[np.int64]


def measure_cohesion(tokens: Tokens) -> dict[str, NDArray[np.float64]]:
    """The cohesion columns, each of shape (n,): shares of a block's stems, rare ones weighing more."""
    found = _find_stems(tokens)
    count = len(tokens)
    if not len(found.stems):
        return {name: np.zeros(count) for name in COLUMNS}
    holders = np.bincount(found.stems)
    is_prose = tokens.word_counts >= PROSE_WORDS
    in_prose = is_prose[found.blocks].astype(np.int64)
    prose_holders = np.bincount(found.stems, in_prose)
    other_prose = prose_holders[found.stems] - in_prose
    weights = np.log1p(count / holders[found.stems])
    totals = np.bincount(found.blocks, weights, minlength=count)

    def share(hit: NDArray[np.bool_] | NDArray[np.float64]) -> NDArray[np.float64]:
        return divide(np.bincount(found.blocks, weights * hit, minlength=count), totals)

    return {
        "cohesion_next": share(found.distance_after <= _NEXT),
        "cohesion_after": share(found.distance_after <= _NEAR),
        "cohesion_previous": share(found.distance_before <= _NEXT),
        "cohesion_before": share(found.distance_before <= _NEAR),
        "cohesion_page": share(holders[found.stems] > 1),
        "cohesion_prose": share(other_prose > 0),
        "cohesion_theme": share(np.log1p(other_prose) / np.log1p(max(int(is_prose.sum()), 1))),
    }


def _find_stems(tokens: Tokens) -> _Stems:
    stem_of_word = [word[:_STEM_LETTERS] for word in tokens.vocabulary]
    numbers = dict(zip(dict.fromkeys(stem_of_word), count_from(), strict=False))
    of_word = np.fromiter(map(numbers.__getitem__, stem_of_word), dtype=np.int64, count=len(stem_of_word))
    stems = of_word[tokens.words]
    order = np.argsort(stems.astype(np.uint16) if len(numbers) < 1 << 16 else stems, kind="stable")
    stems, blocks = stems[order], tokens.block_of_word[order]
    is_new = np.ones(len(stems), dtype=bool)
    is_new[1:] = (stems[1:] != stems[:-1]) | (blocks[1:] != blocks[:-1])
    stems, blocks = stems[is_new], blocks[is_new]
    gaps = np.where(stems[1:] == stems[:-1], blocks[1:] - blocks[:-1], _NEVER)
    never = np.array([_NEVER])
    return _Stems(stems, blocks, np.concatenate((gaps, never)), np.concatenate((never, gaps)))
