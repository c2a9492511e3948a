"""Fit the model that corrects the tagger's page types: on what nets say of pages of sites that they have not seen."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch.nn import functional

from benchmarks.train.boost import Row
from benchmarks.train.dataset import PAGE_TYPES, fold_of_example
from benchmarks.train.figures import Key, Vector
from benchmarks.train.held_out import HeldOut, as_evidence
from boilerstrip.judge.page_types import CLIP, TypeModel, correct_types, measure_page

_DECAY: Final = 0.1
"""Weight of the squared weights (0.03 and 0.1 are alike on held-out folds, 0.01 has 1.5 pages in a hundred fewer)."""
_LEAST_DEVIATION: Final = 0.02
_STEPS: Final = 150


def fit_page_types(rows: Sequence[Row]) -> TypeModel:
    """The model of the web pages among these whose type is known: multinomial logistic regression."""
    rows = [row for row in rows if row.example.kind == "html" and row.example.page_type >= 0]
    measures = np.array([measure_page(as_evidence(row.example), row.scores, _types(row)) for row in rows])
    mean, deviation = measures.mean(axis=0), np.maximum(measures.std(axis=0), _LEAST_DEVIATION)
    inputs = torch.tensor(np.clip((measures - mean) / deviation, -CLIP, CLIP))
    wanted = torch.tensor([row.example.page_type for row in rows])
    weights = torch.zeros(inputs.shape[1], len(PAGE_TYPES), dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(len(PAGE_TYPES), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def measure_loss() -> torch.Tensor:
        optimiser.zero_grad()
        loss = functional.cross_entropy(inputs @ weights + bias, wanted) + _DECAY * (weights**2).sum()
        loss.backward()
        return loss

    optimiser.step(measure_loss)
    return TypeModel(mean, deviation, weights.detach().numpy(), bias.detach().numpy())


def _types(row: Row) -> Vector:
    return row.prediction.page_types.astype(np.float64)


def cross_validate_types(rows: Sequence[Row], folds: int) -> dict[Key, Vector]:
    """The page types of all web pages, each as a model without the sites of its fold corrects them."""
    corrected: dict[Key, Vector] = {}
    for fold in range(folds):
        model = fit_page_types([row for row in rows if fold_of_example(row.example) != fold])
        for row in rows:
            if row.example.kind == "html" and fold_of_example(row.example) == fold:
                types = correct_types(model, as_evidence(row.example), row.scores, _types(row))
                corrected[row.prediction[:3]] = types
    return corrected


def replace_types(held_out: HeldOut, corrected: dict[Key, Vector]) -> HeldOut:
    """The same predictions with the page types that were corrected."""
    pages = [
        page._replace(page_types=corrected.get(page[:3], page.page_types).astype(np.float32)) for page in held_out.pages
    ]
    return HeldOut(pages, held_out.ablated)
