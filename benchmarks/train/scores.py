"""Scores of held-out predictions: word F1 by corpus and page type, segments, and what the thresholds do."""

from collections.abc import Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from benchmarks.train.dataset import PAGE_TYPES, Example, score_page

Keep = Sequence[NDArray[np.bool_]]


def is_scored(example: Example) -> bool:
    """Whether the page has a full label and is no augmentation."""
    return len(example.score_starts) > 0


def score_corpus(examples: Sequence[Example], kept: Keep, corpus: str) -> tuple[float, float, float]:
    """Mean word precision, recall and F1 over a corpus' pages."""
    scores = [
        score_page(example, keep)
        for example, keep in zip(examples, kept, strict=True)
        if example.corpus == corpus and is_scored(example)
    ]
    return tuple(fmean(column) for column in zip(*scores, strict=True)) if scores else (0.0, 0.0, 0.0)  # type: ignore


def score_page_types(examples: Sequence[Example], kept: Keep) -> dict[str, float]:
    """Mean word F1 of each page type of ``wcxb-dev``."""
    by_type: dict[str, list[float]] = {page_type: [] for page_type in PAGE_TYPES}
    for example, keep in zip(examples, kept, strict=True):
        if example.page_type >= 0 and is_scored(example):
            by_type[PAGE_TYPES[example.page_type]].append(score_page(example, keep)[2])
    return {page_type: fmean(scores) for page_type, scores in by_type.items() if scores}


def score_segments(examples: Sequence[Example], kept: Keep) -> float:
    """Micro F1 of the labelled segments."""
    found = missed = wrong = 0
    for example, keep in zip(examples, kept, strict=True):
        if example.labelled is None or example.corpus != "segments-dev":
            continue
        text = " ".join(" ".join(block.split()) for block, is_kept in zip(example.texts, keep, strict=True) if is_kept)
        hits = [" ".join(segment.split()) in text for segment in example.labelled.with_segments]
        found += sum(hits)
        missed += len(hits) - sum(hits)
        wrong += sum(" ".join(segment.split()) in text for segment in example.labelled.without_segments)
    return 2 * found / max(2 * found + missed + wrong, 1)


def score_lines(examples: Sequence[Example], kept: Keep, corpus: str = "mixed") -> dict[str, tuple[float, float]]:
    """Line F1 by words and share of documents without a wrong line, for mixed documents in English and in others.

    Lines that may go either way do not count.
    """
    results: dict[str, list[tuple[float, float]]] = {"English": [], "other": []}
    for example, keep in zip(examples, kept, strict=True):
        if example.corpus != corpus:
            continue
        found, wanted = keep[example.known], example.labels[example.known] >= 0.5
        words = example.words[example.known]
        total = float(words[found].sum() + words[wanted].sum())
        f1 = 2 * float(words[found & wanted].sum()) / total if total else 1.0
        results["English" if example.language == "en" else "other"].append((f1, float((found == wanted).all())))
    return {
        name: (fmean(f1 for f1, _ in rows), fmean(exact for _, exact in rows)) for name, rows in results.items() if rows
    }
