"""``python -m benchmarks.train``: from the corpora to the shipped weights and their model card.

First cross-validates a tagger on sites it has not seen and trains it on everything; then chooses the calibration,
computes all figures from the held-out predictions and writes ``boilerstrip/weights/``. About 40 minutes on two idle
cores.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing import get_context
from typing import Any

import numpy as np
import torch

from benchmarks.corpora import CORPORA, MissingCorpusError, corpora_folder
from benchmarks.train import card
from benchmarks.train.dataset import (
    FOLDS,
    LOWEST_CEILING,
    Example,
    fold_of_example,
    load_examples,
)
from benchmarks.train.export import WEIGHTS_FOLDER, export_weights, hash_folder, set_calibration
from benchmarks.train.figures import ABLATIONS, compute_figures, drop_columns
from benchmarks.train.fit import Recipe, fit, predict
from benchmarks.train.held_out import HeldOut, load_held_out, merge_held_out, save_held_out
from benchmarks.train.mixed_examples import build_mixed_examples
from benchmarks.train.model import TaggerNet
from boilerstrip.page import Kind

RECIPES: dict[Kind, Recipe] = {
    "html": Recipe(passes=14, disguised_share=0.2),
    "text": Recipe(passes=14, disguised_share=0.15, without_words=0.1, mixed_share=0.4),
}
MIXED_DOCUMENTS = 2400
"""Mixed documents a fold."""
PROCESSES = 2
"""Nets that are fitted at once, each by one thread; each needs about 5 GB."""


def load(kind: Kind) -> list[Example]:
    """The training examples of one tagger."""
    if kind == "html":
        examples = load_examples(html_variants=7, text_variants=0)
    else:
        examples = load_examples(html_variants=0, text_variants=5)
        examples += build_mixed_examples(per_fold=MIXED_DOCUMENTS, seed=100)
    return [example for example in examples if example.ceiling >= LOWEST_CEILING]


def train(kind: Kind, *, cross_validated: bool) -> None:
    """Cross-validate and train one tagger; writes its weights and keeps the held-out predictions.

    Each net is fitted by one thread of a process of its own: the matrices are too small for more, and the sums are
    then the same on every machine.
    """
    examples, recipe = load(kind), RECIPES[kind]
    folds = [*(range(FOLDS) if cross_validated else ()), None]
    with get_context("fork").Pool(PROCESSES, initializer=_remember, initargs=(examples, recipe)) as pool:
        *parts, (net, bias) = pool.imap(_fit_and_predict, folds, chunksize=1)
    if cross_validated:
        save_held_out(kind, merge_held_out(parts))
    corpora = {name: hash_folder(corpora_folder() / name) for name in CORPORA}
    export_weights(net, WEIGHTS_FOLDER / f"{kind}.npz", bias=bias, corpora=corpora)


_shared: list[tuple[Sequence[Example], Recipe]] = []
"""What a worker process fits; set once when it starts."""


def _remember(examples: Sequence[Example], recipe: Recipe) -> None:
    torch.set_num_threads(1)
    _shared[:] = [(examples, recipe)]


def _fit_and_predict(fold: int | None) -> Any:
    """What a net says of the fold it has not seen; without a fold, the net of all pages and its bias."""
    examples, recipe = _shared[0]
    started = time.time()
    if fold is None:
        net = fit(examples, recipe)
        return net, mean_bias(net, examples)
    net = fit([example for example in examples if fold_of_example(example) != fold], recipe)
    unseen = [example for example in examples if fold_of_example(example) == fold and example.variant == 0]
    held_out = HeldOut([], {})
    for example, (probabilities, page_types) in zip(unseen, predict(net, unseen), strict=True):
        held_out.pages.append((example.corpus, example.identifier, probabilities, page_types))
    _ablate(net, unseen[::2], held_out)
    print(f"fold {fold}: {len(unseen)} pages, {time.time() - started:.0f} s", flush=True)
    return held_out


def _ablate(net: TaggerNet, examples: Sequence[Example], held_out: HeldOut) -> None:
    for name, columns in {"(all evidence)": (), **ABLATIONS, "words": ("words",)}.items():
        changed = [drop_columns(example, columns, net.mean.numpy()) for example in examples]
        held_out.ablated[name] = [
            (example.corpus, example.identifier, probabilities)
            for example, (probabilities, _) in zip(examples, predict(net, changed), strict=True)
        ]


def evaluate(kind: Kind) -> dict[str, object]:
    """Figures of the last cross-validation; writes the calibration into the weights."""
    pages = {(example.corpus, example.identifier): example for example in load(kind) if example.variant == 0}
    curve, figures = compute_figures(pages, load_held_out(kind))
    set_calibration(WEIGHTS_FOLDER / f"{kind}.npz", curve)
    return {"recipe": asdict(RECIPES[kind]), **figures}


def mean_bias(net: TaggerNet, examples: Sequence[Example]) -> float:
    """Mean probability of all blocks of the pages as they are: what is said of a block about which nothing is known."""
    pages = [example for example in examples if example.variant == 0][::10]
    return float(np.mean(np.concatenate([probabilities for probabilities, _ in predict(net, pages)])))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the taggers named, write figures and card."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train", description=__doc__)
    parser.add_argument("--kind", choices=("html", "text"), action="append", help="only this tagger")
    parser.add_argument("--quick", action="store_true", help="without cross-validation: weights, but no figures")
    parser.add_argument("--figures-only", action="store_true", help="figures and card of the last cross-validation")
    parsed = parser.parse_args(arguments)
    figures = json.loads(card.FIGURES.read_text(encoding="utf-8")) if card.FIGURES.exists() else {}
    try:
        for kind in parsed.kind or ("html", "text"):
            if not parsed.figures_only:
                train(kind, cross_validated=not parsed.quick)
            if not parsed.quick:
                figures[kind] = evaluate(kind)
                card.FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
                card.main()
    except MissingCorpusError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
