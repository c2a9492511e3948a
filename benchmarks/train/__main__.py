"""``python -m benchmarks.train``: from the corpora to the shipped weights and their model card.

Cross-validates both taggers on sites they have not seen, chooses thresholds and calibration there, then trains on
everything and writes ``boilerstrip/weights/``. Takes about an hour and a half on two cores.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.corpora import CORPORA, MissingCorpusError, corpora_folder
from benchmarks.train.calibrate import calibrate, choose_threshold
from benchmarks.train.dataset import Example, build_mixed_examples, fold_of_example, load_examples
from benchmarks.train.export import WEIGHTS_FOLDER, export_weights, hash_folder
from benchmarks.train.fit import Recipe, fit, predict
from benchmarks.train.scores import is_scored, score_corpus, score_lines, score_page_types, score_segments
from boilerstrip.page import Kind

FOLDS = 5
FOCUS_BETA = {"precision": 0.5, "balanced": 1.0, "recall": 2.0}
"""The F-measure each focus' threshold is chosen for: precision counts twice, as much, half as much as recall."""
RECIPES: dict[Kind, Recipe] = {"html": Recipe(passes=9), "text": Recipe(passes=9)}
LOWEST_CEILING = 0.6


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Pages and what nets that had not seen their sites said of them."""

    examples: list[Example]
    probabilities: list[NDArray[np.float32]]
    page_types: list[NDArray[np.float32]]


def load(kind: Kind) -> list[Example]:
    """The training examples of one tagger."""
    if kind == "html":
        examples = load_examples(html_variants=3, text_variants=0)
    else:
        examples = load_examples(html_variants=0, text_variants=3) + build_mixed_examples(per_fold=600, seed=100)
    return [example for example in examples if example.ceiling >= LOWEST_CEILING]


def cross_validate(examples: Sequence[Example], recipe: Recipe) -> HeldOut:
    """Fit as many nets as there are folds, each scored on the fold it has not seen."""
    held_out = HeldOut([], [], [])
    for fold in range(FOLDS):
        started = time.time()
        net = fit([example for example in examples if fold_of_example(example) != fold], recipe)
        unseen = [example for example in examples if fold_of_example(example) == fold and example.variant == 0]
        for example, (probabilities, page_types) in zip(unseen, predict(net, unseen), strict=True):
            held_out.examples.append(example)
            held_out.probabilities.append(probabilities)
            held_out.page_types.append(page_types)
        print(f"fold {fold}: {len(unseen)} pages, {time.time() - started:.0f} s", flush=True)
    return held_out


def summarise(held_out: HeldOut, threshold: float) -> dict[str, object]:
    """All scores of the held-out predictions at one threshold."""
    kept = [probabilities >= threshold for probabilities in held_out.probabilities]
    examples = held_out.examples
    right_types = [
        float(types.argmax() == example.page_type)
        for example, types in zip(examples, held_out.page_types, strict=True)
        if example.page_type >= 0
    ]
    return {
        "threshold": threshold,
        **{corpus: score_corpus(examples, kept, corpus) for corpus in ("wcxb-dev", "news-dev", "readability")},
        "segments-dev": score_segments(examples, kept),
        "page types": score_page_types(examples, kept),
        "page type accuracy": float(np.mean(right_types)),
        "mixed": score_lines(examples, kept),
    }


def train(kind: Kind, *, cross_validated: bool = True) -> dict[str, object]:
    """Train one tagger, write its weights, return the figures for the card."""
    examples, recipe = load(kind), RECIPES[kind]
    figures: dict[str, object] = {"recipe": asdict(recipe), "examples": len(examples)}
    thresholds = dict.fromkeys(FOCUS_BETA, 0.5)
    calibration = (np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    if cross_validated:
        held_out = cross_validate(examples, recipe)
        scored = [number for number, example in enumerate(held_out.examples) if is_scored(example)]
        pages = [held_out.examples[number] for number in scored]
        probabilities = [held_out.probabilities[number] for number in scored]
        thresholds = {focus: choose_threshold(pages, probabilities, beta) for focus, beta in FOCUS_BETA.items()}
        calibration, figures["calibration"] = calibrate(pages, probabilities, thresholds["balanced"])
        figures["focus"] = {focus: summarise(held_out, threshold) for focus, threshold in thresholds.items()}
    net = fit(examples, recipe)
    export_weights(
        net,
        WEIGHTS_FOLDER / f"{kind}.npz",
        thresholds=thresholds,
        calibration=calibration,
        bias=mean_bias(net, examples),
        corpora={name: hash_folder(corpora_folder() / name) for name in CORPORA},
    )
    return figures


def mean_bias(net: torch.nn.Module, examples: Sequence[Example]) -> float:
    """Mean probability of all blocks of the pages as they are: what is said of a block about which nothing is known."""
    pages = [example for example in examples if example.variant == 0][::10]
    return float(np.mean(np.concatenate([probabilities for probabilities, _ in predict(net, pages)])))  # type: ignore


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the taggers named, write figures and card."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train", description=__doc__)
    parser.add_argument("--kind", choices=("html", "text"), action="append", help="train only this tagger")
    parser.add_argument("--quick", action="store_true", help="without cross-validation: weights, but no figures")
    parsed = parser.parse_args(arguments)
    figures_path = Path(__file__).parent / "figures.json"
    figures = json.loads(figures_path.read_text()) if figures_path.exists() else {}
    try:
        for kind in parsed.kind or ("html", "text"):
            figures[kind] = train(kind, cross_validated=not parsed.quick)
            print(json.dumps(figures[kind], indent=1), flush=True)
    except MissingCorpusError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if not parsed.quick:
        figures_path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
