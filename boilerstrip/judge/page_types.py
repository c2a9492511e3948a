"""The type of a web page, told from all of it: what the tagger says, corrected by what the page and its story measure.

The tagger was trained to tell blocks, and its page vector is small; a linear model over the means of the evidence tells
the types better. ``n`` blocks, ``m`` measures. Trained by ``benchmarks/train`` on what nets say of pages of sites that
they have not seen.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pkgutil import get_data
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.errors import WeightsError
from boilerstrip.evidence.matrix import COLUMNS, Evidence
from boilerstrip.judge.tagger import read_arrays

Vector = NDArray[np.float64]

CLIP: Final = 6.0
"""Standard deviations beyond which a measure says no more."""
_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TypeModel:
    """A linear model of the page types; the mean and the deviation of its measures are those of the training pages."""

    mean: Vector
    """Shape (m,), as is the next."""
    deviation: Vector
    weights: Vector
    """Shape (m, types)."""
    bias: Vector


def measure_page(evidence: Evidence, scores: Vector, page_types: Vector) -> Vector:
    """What tells the type of a page, shape (m,): the tagger's opinion, the means of the evidence over all blocks and
    over the words of what is likely story, and how much there is of both."""
    likely = scores * evidence.word_counts
    story_words = float(likely.sum())
    sizes = np.log1p([len(evidence), evidence.word_counts.sum(), story_words])
    # Not a product of matrices, for which threads would be started.
    of_story = np.einsum("n,nc->c", likely.astype(np.float32), evidence.columns) / max(story_words, _LEAST)
    return np.concatenate([np.log(page_types + _LEAST), evidence.columns.mean(axis=0), of_story, sizes])


def correct_types(model: TypeModel, evidence: Evidence, scores: Vector, page_types: Vector) -> Vector:
    """Probability of each page type, the tagger's being ``page_types``; these for a page without blocks.

    :param scores: of the blocks, 0 to 1.
    """
    if not len(evidence):
        return page_types
    measures = measure_page(evidence, scores, page_types)
    standard = np.clip((measures - model.mean) / model.deviation, -CLIP, CLIP)
    logits = standard @ model.weights + model.bias
    exponents = np.exp(logits - logits.max())
    return np.asarray(exponents / exponents.sum())


@cache
def load_type_model() -> TypeModel:
    """The shipped model.

    :raises WeightsError: when it was made for other columns than this version's.
    """
    stored = read_arrays(BytesIO(get_data("boilerstrip", "weights/page_types.npy") or b""))
    if tuple(map(str, stored.pop("columns"))) != COLUMNS:
        raise WeightsError(
            "weights/page_types.npy was trained on other evidence columns; run `make train` to make new weights"
        )
    return TypeModel(**{name: values.astype(np.float64) for name, values in stored.items()})
