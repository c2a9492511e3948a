"""Thresholds and the calibration of confidence, from held-out predictions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.train.dataset import Example, score_page
from boilerstrip.tagger import expect_f1

Probabilities = Sequence[NDArray[np.float32]]
_CANDIDATES = np.round(np.arange(0.1, 0.92, 0.04), 2)
_BINS = 12


def choose_threshold(examples: Sequence[Example], probabilities: Probabilities, beta: float) -> float:
    """The threshold with the best mean F-beta (van Rijsbergen 1979) over the pages."""
    return max(_CANDIDATES.tolist(), key=lambda threshold: _mean_f_beta(examples, probabilities, threshold, beta))


def _mean_f_beta(examples: Sequence[Example], probabilities: Probabilities, threshold: float, beta: float) -> float:
    scores = []
    for example, chances in zip(examples, probabilities, strict=True):
        precision, recall, _ = score_page(example, chances >= threshold)
        weighted = beta * beta * precision + recall
        scores.append((1 + beta * beta) * precision * recall / weighted if weighted else 0.0)
    return float(np.mean(scores))


def expected_f1(example: Example, chances: NDArray[np.float32], threshold: float) -> float:
    """Word F1 the page would have if the probabilities were exact."""
    return expect_f1(chances.astype(np.float64), example.words.astype(np.float64), chances >= threshold)


def calibrate(
    examples: Sequence[Example], probabilities: Probabilities, threshold: float
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], dict[str, object]]:
    """A monotone curve from expected to measured F1 over bins of pages, and what the model card says of it."""
    pairs = list(zip(examples, probabilities, strict=True))
    expected = np.array([expected_f1(example, chances, threshold) for example, chances in pairs])
    measured = np.array([score_page(example, chances >= threshold)[2] for example, chances in pairs])
    bins = np.array_split(np.argsort(expected, kind="stable"), _BINS)
    centres = np.array([expected[members].mean() for members in bins])
    means = pool_violators(np.array([measured[members].mean() for members in bins]))
    curve = (np.concatenate(([0.0], centres, [1.0])), np.concatenate(([means[0] * 0.5], means, [means[-1]])))
    confidence = np.interp(expected, *curve)
    report = {
        "expected": [round(float(value), 3) for value in centres],
        "measured": [round(float(value), 3) for value in means],
        "correlation": round(float(np.corrcoef(confidence, measured)[0, 1]), 3),
        "mean absolute error": round(float(np.abs(confidence - measured).mean()), 3),
    }
    return curve, report


def pool_violators(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The closest non-decreasing sequence (pool adjacent violators; Ayer et al. 1955).

    >>> pool_violators(np.array([1.0, 3.0, 2.0]))
    array([1. , 2.5, 2.5])
    """
    pools: list[list[float]] = []
    for value in values.tolist():
        pools.append([value])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    return np.array([np.mean(pool) for pool in pools for _ in pool])
