"""What the tagger says of each block, and what that comes to where blocks belong together."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.matrix import Evidence
from boilerstrip.judge.tagger import Tagger
from boilerstrip.judge.units import Units, share_scores

Vector = NDArray[np.float64]

_SURE: Final = 30.0
"""Logits are cut off here, where a probability is 1 to thirteen digits."""


class Opinions(NamedTuple):
    """Probabilities of each block to be story, shape (n,) each."""

    own: Vector
    """By itself, with all the evidence."""
    final: Vector
    """With the rest of its row and table."""
    page_types: Vector
    """Probability of each page type."""


def form_opinions(tagger: Tagger, evidence: Evidence, units: Units) -> Opinions:
    """What the tagger says of each block of a page, at first and in the end."""
    scores = tagger.score(evidence)
    final = share_scores(units, to_logits(scores.blocks), evidence.word_counts) if units.rows_or_tables else None
    return Opinions(scores.blocks, scores.blocks if final is None else to_probabilities(final), scores.page_types)


def to_logits(probabilities: Vector) -> Vector:
    """Logits of probabilities, finite ones."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.clip(np.log(probabilities) - np.log1p(-probabilities), -_SURE, _SURE))


def to_probabilities(logits: Vector) -> Vector:
    """Probabilities of logits.

    >>> to_probabilities(to_logits(np.array([0.25, 0.5]))).round(6).tolist()
    [0.25, 0.5]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -_SURE, _SURE))))
