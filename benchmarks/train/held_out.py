"""What nets said of pages of sites they had not seen, kept beside the cached examples."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.train.dataset import Example, cache_folder
from benchmarks.train.fit import predict
from benchmarks.train.model import TaggerNet
from boilerstrip.evidence.matrix import Evidence

Logits = NDArray[np.float32]


class Prediction(NamedTuple):
    """What a net says of one page it has not seen."""

    corpus: str
    identifier: str
    kind: str
    logits: Logits
    """Of each block, shape (n,)."""
    page_types: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Predictions of one or more folds."""

    pages: list[Prediction]
    ablated: dict[str, list[tuple[str, str, Logits]]]
    """Logits of every second page of HTML without one group of evidence, by the group's name."""


def predict_pages(net: TaggerNet, examples: Sequence[Example]) -> list[Prediction]:
    """What the net says of each example."""
    return [
        Prediction(example.corpus, example.identifier, example.kind, logits, types)
        for example, (logits, types) in zip(examples, predict(net, examples), strict=True)
    ]


def as_evidence(example: Example) -> Evidence:
    """The evidence of an example, in the precision that it is kept in."""
    return Evidence(
        columns=example.columns.astype(np.float32),
        word_buckets=example.word_buckets,
        word_starts=example.word_starts,
        opening_buckets=example.openings,
        word_counts=example.words.astype(np.float64),
        language=example.language,
        block_languages=(None,) * len(example.labels),
        title=int(example.title) if example.title >= 0 else None,
    )


def merge_held_out(parts: Sequence[HeldOut]) -> HeldOut:
    """The predictions of all folds together."""
    names = parts[0].ablated if parts else {}
    return HeldOut(
        [page for part in parts for page in part.pages],
        {name: [page for part in parts for page in part.ablated[name]] for name in names},
    )


def _path(name: str) -> Path:
    return cache_folder() / f"held-out-{name}.pickle"


def save_held_out(name: str, held_out: HeldOut) -> None:
    """Keep the predictions of a job of the cross-validation."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps((held_out.pages, held_out.ablated), protocol=5))


def has_held_out(name: str) -> bool:
    """Whether the predictions of a job are kept."""
    return _path(name).exists()


def load_held_out(name: str) -> HeldOut:
    """The predictions of a job, as kept."""
    return HeldOut(*pickle.loads(_path(name).read_bytes()))


def scale_held_out(held_out: HeldOut, scale: float) -> HeldOut:
    """The same predictions with all logits of blocks multiplied."""
    ablated = {
        name: [(corpus, identifier, scale * logits) for corpus, identifier, logits in rows]
        for name, rows in held_out.ablated.items()
    }
    return HeldOut([page._replace(logits=scale * page.logits) for page in held_out.pages], ablated)
