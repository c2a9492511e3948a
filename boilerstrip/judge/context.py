"""Context: what the tagger has said of the blocks around each block, in the boxes that it stands in.

A tagger sees the words and the structure around a block, and not what is said of them. Read together with the evidence
by a second model, its own scores of pages that it was not trained on tell where it errs (stacking; Wolpert 1992,
auto-context; Tu 2008). ``n`` blocks.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
from boilerstrip.page import Page

Vector = NDArray[np.float64]
Values = NDArray[Any] | float
"""A column, or what it says of all blocks alike."""

_LEVELS: Final = 3
"""Boxes around a block that are looked at, the innermost first."""
_NEIGHBOURS: Final = (-2, -1, 1, 2)
_STORY_SHARES: Final = (0.6, 0.8, 0.95)
"""Shares of the words that would be kept from which on a box holds the story."""
_NOWHERE: Final = -9.0
"""Side and distance of a box that there is none of."""
_LEAST: Final = 1e-6
_SURE: Final = 12.0
"""Logits are cut off here."""

_BOX_COLUMNS: Final = tuple(
    f"box_{name}_{level}" for level in range(_LEVELS) for name in ("kept", "mean", "of_story", "blocks")
)
_STORY_COLUMNS: Final = tuple(
    f"story_{name}_{share}" for share in _STORY_SHARES for name in ("side", "distance", "kept")
)
_NEIGHBOUR_COLUMNS: Final = tuple(f"logit_{place:+d}" for place in _NEIGHBOURS)
_OWN_COLUMNS: Final = ("logit", "threshold", "margin", "kept")
_PLACE_COLUMNS: Final = ("since_first", "until_last", "kept_words", "kept_share", "words", "page_words")


_COLUMNS: Final = (*_OWN_COLUMNS, *_NEIGHBOUR_COLUMNS, *_BOX_COLUMNS, *_STORY_COLUMNS, *_PLACE_COLUMNS)


def name_columns(page_types: Sequence[str]) -> tuple[str, ...]:
    """The columns of :func:`measure_context`, in order."""
    return (*_COLUMNS, *(f"page_type_{name}" for name in page_types))


def measure_context(
    page: Page, scores: Vector, threshold: float, words: Vector, page_types: Vector
) -> NDArray[np.float32]:
    """What the scores of a page of HTML say around each block, shape (n, columns).

    :param scores: of the blocks, 0 to 1.
    :param threshold: the score from which on a block would be kept, up to 1.
    :param page_types: probability of each page type.
    """
    if module := load_part("context").module:
        border = float(_cut_logits(np.full(1, threshold))[0])
        compiled = np.empty((len(scores), len(_COLUMNS) + len(page_types)), dtype=np.float32)
        module.measure(page, _cut_logits(scores), scores, words, threshold, border, page_types, compiled)
        return compiled
    return measure_interpreted(page, scores, threshold, words, page_types)


def measure_interpreted(
    page: Page, scores: Vector, threshold: float, words: Vector, page_types: Vector
) -> NDArray[np.float32]:
    """The same without the compiled core."""
    kept = scores >= threshold
    logits, border = _cut_logits(scores), float(_cut_logits(np.full(1, threshold))[0])
    measured: list[Values] = [logits, threshold, logits - border, kept, *_shift(logits)]
    measured += _measure_boxes(page, scores, kept, words)
    measured += _measure_places(kept, words)
    measured += page_types.tolist()
    columns = np.empty((len(measured), len(scores)), dtype=np.float32)
    for column, values in zip(columns, measured, strict=True):
        column[:] = values
    return np.ascontiguousarray(columns.T)


def _cut_logits(scores: Vector) -> Vector:
    logits: Vector = np.log((scores + _LEAST) / (1.0 - scores + _LEAST)).clip(-_SURE, _SURE)
    return logits


def _shift(logits: Vector) -> list[Vector]:
    """The logits of the neighbours; beyond the page's ends there is surely no story."""
    reach = max(_NEIGHBOURS)
    padded = np.full(len(logits) + 2 * reach, -_SURE)
    padded[reach:-reach] = logits
    return [padded[reach + place : reach + place + len(logits)] for place in _NEIGHBOURS]


def _measure_boxes(page: Page, scores: Vector, kept: NDArray[np.bool_], words: Vector) -> list[Values]:
    """What is kept of the boxes around each block, and where it stands to the box that holds the story."""
    first, last = np.array(page.box_first), np.array(page.box_last)
    parents, boxes = np.array(page.box_parents), np.array(page.boxes)
    all_sums, kept_sums, score_sums = (
        np.concatenate(([0.0], np.cumsum(words * chosen))) for chosen in (1.0, kept, scores)
    )
    all_words, kept_words, score_words = (sums[last] - sums[first] for sums in (all_sums, kept_sums, score_sums))
    per_word = 1.0 / np.maximum(all_words, 1.0)
    kept_shares, mean_scores = kept_words * per_word, score_words * per_word
    story_shares = kept_words / max(float(kept_sums[-1]), 1.0)
    sizes = np.log1p(last - first)
    columns = list[Values]()
    for _ in range(_LEVELS):
        columns += [kept_shares[boxes], mean_scores[boxes], story_shares[boxes], sizes[boxes]]
        boxes = np.where(parents[boxes] >= 0, parents[boxes], boxes)
    count, depths = len(scores), np.array(page.box_depths)
    places = np.arange(count)
    for share in _STORY_SHARES:
        holders = np.flatnonzero(story_shares >= share)
        if not len(holders):
            columns += [_NOWHERE] * 3
            continue
        story = holders[depths[holders].argmax()]
        above, below = places < first[story], places >= last[story]
        distances = np.where(above, first[story] - places, np.where(below, places - last[story] + 1, 0))
        columns += [below * 1.0 - above, distances * 1.0, float(kept_shares[story])]
    return columns


def _measure_places(kept: NDArray[np.bool_], words: Vector) -> list[Values]:
    """How far it is to the first and to the last block that would be kept, and how much that is of the page."""
    count, chosen = len(kept), kept.nonzero()[0]
    first, last = (int(chosen[0]), int(chosen[-1])) if len(chosen) else (0, 0)
    places, story, total = np.arange(count), float(words[kept].sum()), float(words.sum())
    return [
        places - first * 1.0,
        places - last * 1.0,
        float(np.log1p(story)),
        story / max(total, 1.0),
        np.log1p(words),
        float(np.log1p(total)),
    ]
