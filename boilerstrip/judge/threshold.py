"""The score from which on a block of a page is kept: the one with the best expected F-measure."""

from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.options import Focus

FOCUS_BETA: Final[MappingProxyType[Focus, float]] = MappingProxyType({"precision": 0.4, "balanced": 0.8, "recall": 1.6})
"""The F-measure each focus chooses blocks for (sweep over 0.4 to 2.0 on held-out folds, see the model card)."""
LOWEST_PROBABILITY: Final = 0.12
"""Below this a block is never story, however poor the page (the same sweep)."""
_STORY_PROBABILITY: Final = 0.35
"""A page without a block that is at least so probable has no story; every page with a story of the held-out folds has
one."""
NO_STORY: Final = 1.01
"""Threshold of a page without a story: no probability reaches it."""


def choose_blocks(probabilities: NDArray[np.float64], words: NDArray[np.float64], beta: float) -> NDArray[np.bool_]:
    """The blocks that have the highest expected F-beta by words together, shape (n,).

    >>> choose_blocks(np.array([0.9, 0.1, 0.6]), np.array([50.0, 50.0, 50.0]), beta=1.0)
    array([ True, False,  True])
    """
    return np.asarray(probabilities >= find_threshold(probabilities, words, beta))


def find_threshold(probabilities: NDArray[np.float64], words: NDArray[np.float64], beta: float) -> float:
    """The probability from which on blocks have the highest expected F-beta by words together; above 1 for none.

    The best set is always the most probable blocks down to some threshold, and the threshold depends on the page:
    where nothing is certain it is lower (Lipton, Elkan, Naryanaswamy 2014). A page of menus alone has no story.
    """
    if not len(probabilities) or probabilities.max() < _STORY_PROBABILITY:
        return NO_STORY
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(probabilities[order] * words[order])
    chosen = np.cumsum(words[order])
    expected = (1 + beta**2) * right / np.maximum(chosen + beta**2 * right[-1], 1e-9)
    return max(float(probabilities[order[int(expected.argmax())]]), LOWEST_PROBABILITY)
