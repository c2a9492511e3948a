"""``python -m benchmarks.train``: from the corpora to the shipped weights and their model card.

Cross-validates the tagger on sites it has not seen, and with ``--languages`` on languages it has not seen; trains it
on everything; fits the calibration; computes all figures from the held-out predictions and writes
``boilerstrip/weights/``. What is done is kept, so that a run that was stopped goes on. About an hour on two idle cores,
minutes on a GPU.
"""

import argparse
import json
import pickle
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from benchmarks.corpora import CORPORA, MissingCorpusError, corpora_folder
from benchmarks.train import card
from benchmarks.train.boost import NAMES, Key, Row, Vector, collect_rows, cross_validate, fit_trees, review_rows
from benchmarks.train.build import load_examples
from benchmarks.train.calibrate import fit_scale
from benchmarks.train.dataset import FOLDS, Example, cache_folder, fold_of_example
from benchmarks.train.export import (
    PAGE_TYPE_MODEL,
    TREES,
    WEIGHTS,
    export_page_types,
    export_trees,
    export_weights,
    hash_folder,
    set_calibration,
)
from benchmarks.train.figures import ABLATIONS, compute_figures, drop_columns
from benchmarks.train.fit import Recipe, fit, predict
from benchmarks.train.held_out import (
    HeldOut,
    has_held_out,
    load_held_out,
    merge_held_out,
    predict_pages,
    save_held_out,
    scale_held_out,
)
from benchmarks.train.model import TaggerNet
from benchmarks.train.page_types import cross_validate_types, fit_page_types, replace_types

RECIPE = Recipe(passes=22, disguised_share=0.15, mixed_share=0.2, text_share=0.5, every_line_weight=0.05)
PROCESSES = 2
"""Nets that are fitted at once on CPUs, each by one thread."""
PROCESSES_ON_GPU = 12
LEFT_OUT_LANGUAGES = ("de", "en", "es", "fr", "pl")
"""Languages of ten pages or more of ``segments-dev`` and ``news-dev``."""
_EVERYTHING = "everything"


def list_jobs(*, cross_validated: bool, languages: bool) -> list[str]:
    """Names of the nets to fit: ``fold-0`` without the sites of a fold, ``language-de`` without a language."""
    folds = [f"fold-{fold}" for fold in range(FOLDS)] if cross_validated else []
    return [*folds, _EVERYTHING, *(f"language-{code}" for code in LEFT_OUT_LANGUAGES if languages)]


def train(jobs: Sequence[str], device: str) -> None:
    """Fit the nets that are not kept yet; keeps their predictions, and the net of all pages.

    Each net is fitted by one thread of a process of its own: the matrices are too small for more, and the sums are
    then the same on every machine.
    """
    missing = [job for job in jobs if not (_net_path().exists() if job == _EVERYTHING else has_held_out(job))]
    if not missing:
        return
    examples = load_examples()
    processes = min(len(missing), PROCESSES_ON_GPU if device == "cuda" else PROCESSES)
    with get_context("fork").Pool(processes, initializer=_remember, initargs=(examples, device)) as pool:
        for job, seconds in pool.imap_unordered(_run_job, missing, chunksize=1):
            print(f"{job}: {seconds:.0f} s", flush=True)


_shared: list[tuple[Sequence[Example], str]] = []
"""What a worker process fits; set once when it starts."""


def _remember(examples: Sequence[Example], device: str) -> None:
    torch.set_num_threads(1)
    _shared[:] = [(examples, device)]


def _run_job(job: str) -> tuple[str, float]:
    examples, device = _shared[0]
    started = time.time()
    kind, _, name = job.partition("-")
    if job == _EVERYTHING:
        net = fit(examples, RECIPE, device)
        _net_path().write_bytes(pickle.dumps((net, mean_bias(net, examples)), protocol=5))
    elif kind == "fold":
        seen = [example for example in examples if fold_of_example(example) != int(name) and example.corpus != "unseen"]
        unseen = [example for example in examples if fold_of_example(example) == int(name) and example.variant == 0]
        net = fit(seen, RECIPE, device)
        held_out = HeldOut(predict_pages(net, unseen), {})
        _ablate(
            net,
            [example for example in unseen if example.corpus == "wcxb-dev" and example.kind == "html"][::2],
            held_out,
        )
        save_held_out(job, held_out)
    else:
        seen = [example for example in examples if example.language != name and example.corpus != "unseen"]
        unseen = [example for example in examples if example.language == name and example.corpus in CORPORA]
        net = fit(seen, RECIPE, device)
        save_held_out(job, HeldOut(predict_pages(net, [example for example in unseen if example.variant == 0]), {}))
    return job, time.time() - started


def _ablate(net: TaggerNet, examples: Sequence[Example], held_out: HeldOut) -> None:
    for name, columns in {"(all evidence)": (), **ABLATIONS, "words": ("words",)}.items():
        changed = [drop_columns(example, columns, net.mean.numpy()) for example in examples]
        held_out.ablated[name] = [
            (example.corpus, example.identifier, logits)
            for example, (logits, _) in zip(examples, predict(net, changed), strict=True)
        ]


def mean_bias(net: TaggerNet, examples: Sequence[Example]) -> float:
    """Mean probability of all blocks of the pages as they are: what is said of a block about which nothing is known."""
    pages = [example for example in examples if example.variant == 0 and example.corpus in CORPORA][::10]
    return float(np.mean(1.0 / (1.0 + np.exp(-np.concatenate([logits for logits, _ in predict(net, pages)])))))


def _net_path() -> Path:
    return cache_folder() / "net.pickle"


def export() -> None:
    """Write the net of all pages as the package's weights."""
    net, bias = pickle.loads(_net_path().read_bytes())
    corpora = {name: hash_folder(corpora_folder() / name) for name in CORPORA}
    export_weights(net, WEIGHTS, bias=bias, corpora=corpora)


def evaluate() -> dict[str, object]:
    """Figures of the cross-validation; writes the calibration into the weights."""
    pages = {
        (example.corpus, example.identifier, example.kind): example
        for example in load_examples()
        if example.variant == 0
    }
    held_out = merge_held_out([load_held_out(f"fold-{fold}") for fold in range(FOLDS)])
    scale = fit_scale(*zip(*((pages[page[:3]], page.logits) for page in held_out.pages), strict=True))
    held_out = scale_held_out(held_out, scale)
    rows = collect_rows(pages, held_out.pages)
    export_trees(fit_trees(rows), NAMES, TREES)
    languages = {
        code: _review_language(pages, rows, code, scale)
        for code in LEFT_OUT_LANGUAGES
        if has_held_out(f"language-{code}")
    }
    export_page_types(fit_page_types(rows), PAGE_TYPE_MODEL)
    typed = replace_types(held_out, cross_validate_types(rows, FOLDS))
    curve, figures = compute_figures(pages, typed, cross_validate(rows, FOLDS), languages)
    set_calibration(WEIGHTS, scale, curve)
    return {"recipe": asdict(RECIPE), "scale": scale, **figures}


def _review_language(
    pages: Mapping[Key, Example], rows: Sequence[Row], code: str, scale: float
) -> tuple[HeldOut, dict[Key, Vector]]:
    """What a net that has not seen a language says of its pages, corrected by trees that have not either; the scores
    from which the trees learn are of nets that have."""
    held_out = scale_held_out(load_held_out(f"language-{code}"), scale)
    trees = fit_trees([row for row in rows if row.example.language != code])
    return held_out, review_rows(collect_rows(pages, held_out.pages), trees)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the tagger, write figures and card."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without cross-validation: weights, but no figures")
    parser.add_argument("--languages", action="store_true", help="also without each of five languages in turn")
    parser.add_argument("--figures-only", action="store_true", help="figures and card of the last cross-validation")
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: CUDA if it is there"
    )
    parsed = parser.parse_args(arguments)
    device = ("cuda" if torch.cuda.is_available() else "cpu") if parsed.device == "auto" else parsed.device
    try:
        if not parsed.figures_only:
            train(list_jobs(cross_validated=not parsed.quick, languages=parsed.languages), device)
            export()
        if not parsed.quick:
            card.FIGURES.write_text(json.dumps(evaluate(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
            card.main()
    except MissingCorpusError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
