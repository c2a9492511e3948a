"""Cohesion: how many of its words a block shares with the text around it (Hearst 1997, TextTiling).

A subheading names what the next paragraph speaks of; a menu entry, a notice or another story's headline does not.
"""

from itertools import count as count_from
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
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


def measure_cohesion(tokens: Tokens) -> NDArray[np.float64]:
    """The cohesion columns, shape (len(COLUMNS), n): shares of a block's stems, rare ones weighing more."""
    if module := load_part("repeats").module:
        measured: NDArray[np.float64] = module.measure_cohesion(
            tokens.vocabulary, tokens.words, tokens.starts, tokens.word_counts, _STEM_LETTERS, PROSE_WORDS, _NEXT, _NEAR
        )
        return measured
    found = _find_stems(tokens)
    count = len(tokens)
    if not len(found.stems):
        return np.zeros((len(COLUMNS), count))
    holders = np.bincount(found.stems)
    is_prose = tokens.word_counts >= PROSE_WORDS
    in_prose = is_prose[found.blocks].astype(np.int64)
    prose_holders = np.bincount(found.stems, in_prose)
    other_prose = prose_holders[found.stems] - in_prose
    weights = np.log1p(count / holders[found.stems])
    totals = np.bincount(found.blocks, weights, minlength=count)
    hits = (
        found.distance_after <= _NEXT,
        found.distance_after <= _NEAR,
        found.distance_before <= _NEXT,
        found.distance_before <= _NEAR,
        holders[found.stems] > 1,
        other_prose > 0,
        np.log1p(other_prose) / np.log1p(max(int(is_prose.sum()), 1)),
    )
    sums = [np.bincount(found.blocks, weights * hit, minlength=count) for hit in hits]
    return divide(np.array(sums), totals)


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
