"""What nets said of pages of sites they had not seen, kept beside the cached examples."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.train.dataset import cache_folder
from boilerstrip.page import Kind

Probabilities = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Predictions by corpus and identifier of the page."""

    pages: list[tuple[str, str, Probabilities, Probabilities]]
    """Corpus, identifier, probability of each block, probability of each page type."""
    ablated: dict[str, list[tuple[str, str, Probabilities]]]
    """The same for every second page without one group of evidence, by the group's name."""


def merge_held_out(parts: Sequence[HeldOut]) -> HeldOut:
    """The predictions of all folds together."""
    names = parts[0].ablated if parts else {}
    return HeldOut(
        [page for part in parts for page in part.pages],
        {name: [page for part in parts for page in part.ablated[name]] for name in names},
    )


def save_held_out(kind: Kind, held_out: HeldOut) -> None:
    """Keep the predictions of one tagger's cross-validation."""
    path = cache_folder() / f"held-out-{kind}.pickle"
    path.write_bytes(pickle.dumps((held_out.pages, held_out.ablated), protocol=5))


def load_held_out(kind: Kind) -> HeldOut:
    """The predictions of the last cross-validation."""
    pages, ablated = pickle.loads((cache_folder() / f"held-out-{kind}.pickle").read_bytes())
    return HeldOut(pages, ablated)
