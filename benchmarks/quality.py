"""Quality: every system on every page of a corpus, in the corpus's own published measure."""

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.corpora import LabelledPage, corpus_format, load_corpus, take_evenly
from benchmarks.languages import page_language
from benchmarks.metrics import (
    Counts,
    Score,
    mean_score,
    micro_f1,
    score_counts,
    segment_counts,
    shingle_counts,
    shingle_f1,
    word_f1,
)
from benchmarks.peers import System, make_system, run_safely
from benchmarks.tables import format_table

MEASURES: Final = {
    "wcxb": "word F1, mean over pages",
    "news": "word F1, mean over pages",
    "readability": "word F1, mean over pages",
    "segments": "segments, micro F1",
    "articles": "4-word shingles, F1 of mean precision and mean recall",
}
"""How each format is scored, as published."""

GROUPED_BY_LANGUAGE: Final = frozenset({"news", "segments"})


@dataclass(frozen=True)
class PageResult:
    """One system on one page."""

    system: str
    corpus: str
    identifier: str
    page_type: str
    language: str
    score: Score
    """In the corpus's measure; in the per-language tables each character of an unspaced script is a word."""
    character_score: Score
    counts: Counts
    """What shingles and segments are summed from; zeros where words are counted."""
    seconds: float
    failed: bool


def measure_system(name: str, pages: Sequence[LabelledPage], measure: str, workers: int = 1) -> list[PageResult]:
    """A system on all pages that have a label, in their order; ``measure`` is a key of :data:`MEASURES`."""
    make_system(name)  # a missing package is told here, not by a broken pool
    task = partial(_measure_page, name, measure)
    if workers <= 1:
        return [task(page) for page in pages]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(task, pages, chunksize=8))


def labelled(pages: Iterable[LabelledPage], measure: str) -> list[LabelledPage]:
    """Pages with something to be scored against: 21 of ``wcxb-dev`` have no story."""
    return [page for page in pages if (page.with_segments if measure == "segments" else page.story is not None)]


_cached_system = cache(make_system)


def _measure_page(name: str, measure: str, page: LabelledPage) -> PageResult:
    html = page.html
    text, seconds, failed = _run_timed(_cached_system(name), html, page.url)
    score, character_score, counts = _score_page(measure, text, page)
    return PageResult(
        system=name,
        corpus=page.corpus,
        identifier=page.identifier,
        page_type=page.page_type or "",
        language=page_language(page) if measure in GROUPED_BY_LANGUAGE else page.language or "",
        score=score,
        character_score=character_score,
        counts=counts,
        seconds=seconds,
        failed=failed,
    )


def _run_timed(system: System, html: bytes, url: str | None) -> tuple[str, float, bool]:
    start = perf_counter()
    text, failed = run_safely(system, html, url)
    return text, perf_counter() - start, failed


def _score_page(measure: str, text: str, page: LabelledPage) -> tuple[Score, Score, Counts]:
    if measure in ("segments", "articles"):
        counts = (
            segment_counts(text, page.with_segments, page.without_segments)
            if measure == "segments"
            else shingle_counts(text, page.story or "")
        )
        return score_counts(counts), score_counts(counts), counts
    story = page.story or ""
    return word_f1(text, story), word_f1(text, story, "characters"), Counts(0, 0, 0)


def total_score(results: Sequence[PageResult], measure: str, count_characters: bool = False) -> Score:
    """The figure of a set of pages in the corpus's measure."""
    if measure == "segments":
        return micro_f1(result.counts for result in results)
    if measure == "articles":
        return shingle_f1(result.counts for result in results)
    return mean_score([result.character_score if count_characters else result.score for result in results])


def format_totals(results_of: dict[str, list[PageResult]], measure: str) -> str:
    """One row a system: precision, recall, F1, pages a second, pages on which it raised."""
    rows = []
    for name, results in results_of.items():
        speed = len(results) / max(1e-9, sum(result.seconds for result in results))
        failures = sum(result.failed for result in results)
        score = (f"{value:.3f}" for value in total_score(results, measure))
        rows.append([name, str(len(results)), *score, f"{speed:.1f}", str(failures)])
    return format_table(["system", "pages", "precision", "recall", "F1", "pages/s", "failed"], rows)


def format_groups(
    results_of: dict[str, list[PageResult]], measure: str, title: str, group_of: Callable[[PageResult], str]
) -> str:
    """One row a group of pages, one column a system, each cell F1 with precision and recall; largest group first."""
    count_characters = title == "language"
    groups: dict[str, dict[str, list[PageResult]]] = defaultdict(lambda: defaultdict(list))
    for name, results in results_of.items():
        for result in results:
            groups[group_of(result)][name].append(result)
    rows = []
    for group, by_system in sorted(groups.items(), key=lambda item: -len(next(iter(item[1].values())))):
        scores = [total_score(by_system[name], measure, count_characters) for name in results_of]
        cells = [f"{score.f1:.3f} ({score.precision:.3f} / {score.recall:.3f})" for score in scores]
        rows.append([group or "-", str(len(by_system[next(iter(results_of))])), *cells])
    return format_table([title, "pages", *(f"{name} F1 (P / R)" for name in results_of)], rows)


def format_corpus(corpus: str, results_of: dict[str, list[PageResult]]) -> str:
    """The tables of one corpus: totals, then per page type or per language."""
    measure = corpus_format(corpus)
    parts = [f"## {corpus}: {MEASURES[measure]}", format_totals(results_of, measure)]
    if measure == "wcxb":
        parts.append(format_groups(results_of, measure, "page type", lambda result: result.page_type))
    if measure in GROUPED_BY_LANGUAGE:
        parts.append(format_groups(results_of, measure, "language", lambda result: result.language))
    return "\n\n".join(parts)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks quality``."""
    parser.add_argument("--system", action="append", required=True, help="a system; may be given several times")
    parser.add_argument("--corpus", action="append", required=True, help="NAME or FORMAT:PATH; several times")
    parser.add_argument("--limit", type=int, help="only N pages of each corpus, evenly spread")
    parser.add_argument("--workers", type=int, default=1, help="processes (default 1, as timings are then cleanest)")
    parser.add_argument("--json", type=Path, help="write every page's result to this file")


def run(arguments: argparse.Namespace) -> int:
    """Measure, print a table for each corpus, and write the JSON where asked for."""
    everything: list[PageResult] = []
    for corpus in arguments.corpus:
        measure = corpus_format(corpus)
        pages = take_evenly(labelled(load_corpus(corpus), measure), arguments.limit)
        results_of = {name: measure_system(name, pages, measure, arguments.workers) for name in arguments.system}
        print(format_corpus(corpus, results_of), end="\n\n", flush=True)
        everything += [result for results in results_of.values() for result in results]
    if arguments.json:
        records = [{**asdict(result), "score": result.score._asdict()} for result in everything]
        arguments.json.write_text(json.dumps(records, indent=1), encoding="utf-8")
    return os.EX_OK if everything else os.EX_DATAERR
