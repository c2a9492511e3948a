"""Fit the trees that correct the tagger: on what nets say of pages of sites that they have not seen."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray

from benchmarks.train.dataset import PAGE_TYPES, Example, fold_of_example
from benchmarks.train.figures import Key, Vector
from benchmarks.train.fit import CORPUS_WEIGHT, DOCUMENTS, LINE_BY_LINE
from benchmarks.train.held_out import Prediction, as_evidence
from boilerstrip.evidence.matrix import COLUMNS
from boilerstrip.judge.context import measure_context, name_columns
from boilerstrip.judge.opinions import review
from boilerstrip.judge.tagger import to_probabilities
from boilerstrip.judge.threshold import FOCUS_BETA, find_threshold
from boilerstrip.judge.trees import Trees
from boilerstrip.judge.units import find_units, share_scores

NAMES: Final = (*name_columns(PAGE_TYPES), *COLUMNS)
"""What a node of a tree may ask for."""
ROUNDS: Final = 200
_SETTINGS: Final = {
    "objective": "binary", "learning_rate": 0.05, "num_leaves": 15, "min_data_in_leaf": 300, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 10.0, "max_bin": 127, "seed": 1, "deterministic": True,
    "force_row_wise": True, "num_threads": 2, "verbose": -1,
}  # fmt: skip
_DOCUMENT_WEIGHT: Final = 0.024
_FRAMED_WEIGHT: Final = 0.3
"""Weights of a mixed document beside a page's, of which there are few."""
_EVERY_DOCUMENT: Final = 6
"""One mixed document of so many is trained on."""
_HEAVIEST: Final = 20.0


class Row(NamedTuple):
    """A page, what a net that has not seen it says, and what that comes to with its rows and tables."""

    example: Example
    prediction: Prediction
    scores: Vector


def collect_rows(pages: Mapping[Key, Example], predictions: Sequence[Prediction]) -> list[Row]:
    """The pages that are scored, with what is said of them."""
    rows = []
    for prediction in predictions:
        example = pages.get(prediction[:3])
        if example is not None and example.page is not None:
            words, logits = example.words.astype(np.float64), prediction.logits.astype(np.float64)
            units = find_units(example.page)
            rows.append(Row(example, prediction, to_probabilities(share_scores(units, logits, words))))
    return rows


def fit_trees(rows: Sequence[Row]) -> Trees:
    """Trees that tell from the context and the evidence of these pages what their blocks are; texts are left out."""
    rows = [row for row in rows if row.example.kind == "html" and row.example.corpus != "unseen"]
    documents = [row for row in rows if row.example.corpus in DOCUMENTS]
    chosen = [row for row in rows if row.example.corpus not in DOCUMENTS] + documents[::_EVERY_DOCUMENT]
    values = np.concatenate([_measure(row) for row in chosen])
    labels = np.concatenate([row.example.labels >= 0.5 for row in chosen]).astype(np.float32)
    weights = np.concatenate([_weigh(row.example) for row in chosen])
    data = lightgbm.Dataset(values[weights > 0], labels[weights > 0], weight=weights[weights > 0])
    return convert_trees(lightgbm.train(_SETTINGS, data, ROUNDS).dump_model())


def _measure(row: Row) -> NDArray[np.float32]:
    example, prediction, scores = row
    assert example.page is not None
    words = example.words.astype(np.float64)
    threshold = min(find_threshold(scores, words, FOCUS_BETA["balanced"]), 1.0)
    context = measure_context(example.page, scores, threshold, words, prediction.page_types.astype(np.float64))
    return np.concatenate([context, example.columns.astype(np.float32)], axis=1)


def _weigh(example: Example) -> Vector:
    """Weights of the blocks: of a page by words, of a mixed document every line alike."""
    if example.corpus in LINE_BY_LINE:
        shares = example.known * (100.0 / max(len(example.known), 1))
    else:
        words = example.words * example.known
        shares = 100.0 * words / max(float(words.sum()), 1.0) + 0.1 * example.known
    weight = CORPUS_WEIGHT[example.corpus]
    if example.corpus in DOCUMENTS:
        weight = _FRAMED_WEIGHT if example.corpus == "framed" else _DOCUMENT_WEIGHT
    return np.asarray(np.minimum(shares, _HEAVIEST) * weight, dtype=np.float64)


def review_rows(rows: Sequence[Row], trees: Trees) -> dict[Key, Vector]:
    """The scores of pages as trees correct them."""
    return {row.prediction[:3]: _review(row, trees) for row in rows}


def _review(row: Row, trees: Trees) -> Vector:
    assert row.example.page is not None
    types = row.prediction.page_types.astype(np.float64)
    return review(row.example.page, as_evidence(row.example), row.scores, types, trees)


def cross_validate(rows: Sequence[Row], folds: int) -> dict[Key, Vector]:
    """The scores of all pages, each as trees without the sites of its fold correct them."""
    reviewed: dict[Key, Vector] = {}
    for fold in range(folds):
        seen = [row for row in rows if fold_of_example(row.example) != fold]
        unseen = [row for row in rows if fold_of_example(row.example) == fold]
        reviewed |= review_rows(unseen, fit_trees(seen))
    return reviewed


def convert_trees(model: Mapping[str, Any]) -> Trees:
    """Trees as the package reads them, from those that LightGBM has made."""
    roots: list[int] = []
    nodes: list[list[float]] = []
    depth = 0

    def add(node: Mapping[str, Any], level: int) -> int:
        nonlocal depth
        number, depth = len(nodes), max(depth, level)
        nodes.append([0, np.inf, number, number, node.get("leaf_value", 0.0)])
        if "split_feature" in node:
            left, right = (add(node[side], level + 1) for side in ("left_child", "right_child"))
            nodes[number] = [node["split_feature"], node["threshold"], left, right, 0.0]
        return number

    for tree in model["tree_info"]:
        roots.append(add(tree["tree_structure"], 0))
    features, borders, left, right, values = (np.array(column) for column in zip(*nodes, strict=True))
    return Trees(
        np.array(roots, dtype=np.int32),
        features.astype(np.int32),
        borders.astype(np.float32),
        left.astype(np.int32),
        right.astype(np.int32),
        values.astype(np.float32),
        depth,
    )
