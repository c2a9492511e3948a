"""The calibration of scores and of confidence, from held-out predictions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.train.dataset import CORPORA, Example, score_page
from benchmarks.train.scores import is_scored
from boilerstrip.judge.tagger import expect_f1

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
_Row = tuple[Example, NDArray[np.float32], NDArray[np.bool_]]
_BINS = 12
_SCALES = np.round(np.arange(0.4, 1.21, 0.05), 2)


def fit_scale(examples: Sequence[Example], logits: Sequence[NDArray[np.float32]]) -> float:
    """The factor that makes the logits of pages of other sites most likely, counted by words (Guo et al. 2017).

    A net is surer of pages that it has not seen than it is right, and the more so the longer it was trained.
    """
    rows = [row for row in zip(examples, logits, strict=True) if is_scored(row[0])]
    losses = [np.mean([_measure_loss(example, scale * own) for example, own in rows]) for scale in _SCALES]
    return float(_SCALES[int(np.argmin(losses))])


def _measure_loss(example: Example, logits: NDArray[np.float32]) -> float:
    """Mean cross-entropy of a word of the page."""
    words = example.words * example.known
    return float(((np.logaddexp(0.0, logits) - example.labels * logits) * words).sum() / max(words.sum(), 1.0))


def calibrate(
    examples: Sequence[Example], probabilities: Sequence[NDArray[np.float32]], kept: Sequence[NDArray[np.bool_]]
) -> tuple[Curve, dict[str, object]]:
    """A monotone curve from expected to measured F1 over bins of pages, and what the model card says of it."""
    rows = _balance([row for row in zip(examples, probabilities, kept, strict=True) if is_scored(row[0])])
    expected = np.array(
        [
            expect_f1(chances.astype(np.float64), example.words.astype(np.float64), keep)
            for example, chances, keep in rows
        ]
    )
    measured = np.array([score_page(example, keep)[2] for example, _, keep in rows])
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


def _balance(rows: list[_Row]) -> list[_Row]:
    """All pages and no more mixed documents than those: nearly all of them are certain, and would fill all bins."""
    pages = [row for row in rows if row[0].corpus in CORPORA]
    mixed = [row for row in rows if row[0].corpus not in CORPORA]
    return pages + mixed[:: max(1, -(-len(mixed) // max(len(pages), 1)))]


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
