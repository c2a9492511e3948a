"""The tagger's two opinions of a block, and what they come to together.

The first knows all the evidence. The second is asked about the story alone and reads it as plain text, so that
structure cannot drown what the words say: a notice in the story's own box looks like the story, and reads like a
notice.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.matrix import Evidence
from boilerstrip.evidence.wording import read_as_text
from boilerstrip.judge.select import FOCUS_BETA, choose_blocks
from boilerstrip.judge.tagger import Tagger
from boilerstrip.judge.units import find_units, share_scores
from boilerstrip.page import Page

Vector = NDArray[np.float64]

_SURE: Final = 30.0
"""Logits are cut off here, where a probability is 1 to thirteen digits."""


class Opinions(NamedTuple):
    """Probabilities of each block to be story, shape (n,) each."""

    own: Vector
    """With all the evidence."""
    joined: Vector
    """With what its words alone say, where it was asked."""
    final: Vector
    """The same where rows, tables and lists were judged together."""
    page_types: Vector
    """Probability of each page type."""


def form_opinions(tagger: Tagger, page: Page, evidence: Evidence) -> Opinions:
    """What the tagger says of each block of a page, at first and in the end."""
    scores = tagger.score(evidence)
    own = to_logits(scores.blocks)
    joined = join_opinions(own, _ask_again(tagger, page, evidence, scores.blocks), tagger.join)
    final = share_scores(find_units(page), joined, evidence.word_counts)
    return Opinions(scores.blocks, to_probabilities(joined), to_probabilities(final), scores.page_types)


def _ask_again(tagger: Tagger, page: Page, evidence: Evidence, probabilities: Vector) -> Vector:
    """The logits of the story's blocks read as plain text; not a number for the others, and in plain text."""
    wording = np.full(len(evidence), np.nan)
    if page.kind == "html":
        story = np.flatnonzero(choose_blocks(probabilities, evidence.word_counts, FOCUS_BETA["balanced"]))
        if len(story):
            wording[story] = to_logits(tagger.score(read_as_text(evidence, story)).blocks)
    return wording


def join_opinions(own: Vector, wording: Vector, join: Sequence[float]) -> Vector:
    """The logits of both opinions together: a weighted sum where there are two, the first where there is one.

    :param join: weight of the first, weight of the second, and a constant.

    >>> join_opinions(np.array([2.0, 4.0]), np.array([np.nan, -2.0]), (1.0, 0.5, 0.0)).tolist()
    [2.0, 3.0]
    """
    first, second, constant = (float(part) for part in join)
    return np.asarray(np.where(np.isnan(wording), own, first * own + second * np.nan_to_num(wording) + constant))


def to_logits(probabilities: Vector) -> Vector:
    """Logits of probabilities, finite ones."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.clip(np.log(probabilities) - np.log1p(-probabilities), -_SURE, _SURE))


def to_probabilities(logits: Vector) -> Vector:
    """Probabilities of logits.

    >>> to_probabilities(to_logits(np.array([0.25, 0.5]))).tolist()
    [0.25, 0.5]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -_SURE, _SURE))))
