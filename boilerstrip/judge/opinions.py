"""What the models say of each block: the tagger by itself, together with its row and table, and with its context."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.matrix import Evidence
from boilerstrip.judge.context import measure_context
from boilerstrip.judge.page_types import correct_types, load_type_model
from boilerstrip.judge.tagger import SURE, Tagger, to_probabilities
from boilerstrip.judge.threshold import FOCUS_BETA, find_threshold
from boilerstrip.judge.trees import Trees
from boilerstrip.judge.units import Units, share_scores
from boilerstrip.page import Page

Vector = NDArray[np.float64]

LEAST_BLOCKS: Final = 60
"""Blocks of a page from which on its context is looked at; nineteen real pages in twenty have as many."""
_TREES_SHARE: Final = 0.7
"""How far the tagger's logits are drawn to those of the trees. All the way gains 0.001 on `wcxb-dev` and 0.008 on its
listings, and loses 0.001 on `segments-dev` and `news-dev` and 0.005 on products."""
_SURELY_BOILERPLATE: Final = 0.02
"""Below this a score stays, as on held-out pages it is the same either way; half of the blocks of a page are."""


class Opinions(NamedTuple):
    """Probabilities of each block to be story, shape (n,) each."""

    own: Vector
    """By itself, with all the evidence."""
    together: Vector
    """With the rest of its row and table."""
    final: Vector
    """With what is said of the blocks around it."""
    page_types: Vector
    """Probability of each page type; of a web page, corrected by what all of it measures."""


def form_opinions(page: Page, evidence: Evidence, units: Units, tagger: Tagger, trees: Trees) -> Opinions:
    """What the models say of each block of a page, at first and in the end."""
    scores = tagger.score(evidence)
    own = scores.blocks
    if units.rows_or_tables:
        together = to_probabilities(share_scores(units, _to_logits(own), evidence.word_counts))
    else:
        together = own
    types = scores.page_types
    final = review(page, evidence, together, types, trees)
    if page.kind == "html":
        types = correct_types(load_type_model(), evidence, together, types)
    return Opinions(own, together, final, types)


def review(page: Page, evidence: Evidence, scores: Vector, page_types: Vector, trees: Trees) -> Vector:
    """The scores of blocks that are not surely boilerplate, drawn to what the trees say of them.

    Blocks that a memory of the site knows keep the tagger's score: the trees have been trained without one.

    A page without a story keeps its own, and so do short pages and texts, of which the context says little: there the
    trees gain nothing on held-out pages, and lose two mixed documents in a hundred.
    """
    if page.kind == "text" or len(page) < LEAST_BLOCKS:
        return scores
    threshold = find_threshold(scores, evidence.word_counts, FOCUS_BETA["balanced"])
    if threshold > 1.0:
        return scores
    context = measure_context(page, scores, threshold, evidence.word_counts, page_types)
    doubtful = (scores >= _SURELY_BOILERPLATE) & (evidence.column("site_share") == 0)
    corrected = _TREES_SHARE * trees.add_up(context[doubtful], evidence.columns[doubtful])
    reviewed = scores.copy()
    reviewed[doubtful] = to_probabilities(corrected + (1.0 - _TREES_SHARE) * _to_logits(scores[doubtful]))
    return reviewed


def _to_logits(probabilities: Vector) -> Vector:
    """Logits of probabilities, finite ones."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.clip(np.log(probabilities) - np.log1p(-probabilities), -SURE, SURE))
