"""What the language evidence costs and what it changes: time a page, texts a second, word F1 with and without it."""

import argparse
import time
from collections.abc import Callable, Sequence
from statistics import fmean, median

from benchmarks.corpora import LabelledPage, load_corpus, take_evenly
from benchmarks.metrics import word_f1
from benchmarks.mixed import generate
from benchmarks.tables import format_table
from benchmarks.textlines import page_text_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks language``."""
    parser.add_argument("--pages", type=int, default=200, help="pages of wcxb-dev and mixed documents to time")
    parser.add_argument("--texts", type=int, default=10_000, help="short texts to clean")


def run(arguments: argparse.Namespace) -> int:
    """Print three tables: cost, throughput, effect."""
    print(_tabulate_cost(arguments.pages), end="\n\n")
    print(_measure_throughput(arguments.texts), end="\n\n")
    print(_tabulate_effect())
    return 0


def _tabulate_cost(count: int) -> str:
    from boilerstrip.sources import segment_source

    pages = [segment_source(page.html) for page in take_evenly(load_corpus("wcxb-dev"), count)]
    mixed = [segment_source(document.text) for document in generate(range(5), count, seed=7)]
    rows = [["pages in one language", *_time_languages(pages)], ["mixed documents", *_time_languages(mixed)]]
    return format_table(["language step, warm", "median ms", "mean ms"], rows)


def _time_languages(pages: Sequence[object]) -> tuple[str, str]:
    from boilerstrip.evidence.language import measure_languages
    from boilerstrip.evidence.tokens import tokenize
    from boilerstrip.options import Options

    options = Options()
    prepared = [(page, tokenize(page.texts)) for page in pages]  # type: ignore[attr-defined]

    def measure() -> list[float]:
        return [
            _time(lambda page=page, tokens=tokens: measure_languages(page, tokens, options))
            for page, tokens in prepared
        ]

    measure()
    best = [min(pair) for pair in zip(measure(), measure(), strict=True)]
    return f"{1000 * median(best):.2f}", f"{1000 * fmean(best):.2f}"


def _time(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _measure_throughput(count: int) -> str:
    from boilerstrip import Cleaner

    words = " ".join(page.story or "" for page in take_evenly(load_corpus("wcxb-dev"), 60)).split()
    size = 200
    texts = [
        "\n".join(" ".join(words[line : line + 25]) + "." for line in range(start, start + size, 25))
        for start in range(0, len(words) - size, 97)
    ]
    cleaner = Cleaner(kind="text")
    for text in texts[:50]:
        cleaner.clean(text)
    took = _time(lambda: [cleaner.clean(texts[number % len(texts)]) for number in range(count)])
    return f"{count} texts of {size} words: {count / took:.0f} a second"


def _tabulate_effect() -> str:
    by_language: dict[str, list[LabelledPage]] = {}
    for page in load_corpus("news-dev"):
        by_language.setdefault(page.language or "?", []).append(page)
    rows = []
    for language, pages in sorted(by_language.items()):
        sources = [(page.html, page_text_lines(page.html), page.story or "") for page in pages]
        scores = [_score(sources, position, choice) for position in (0, 1) for choice in (None, "any")]
        rows.append([language, str(len(pages)), *(f"{score:.4f}" for score in scores)])
    return format_table(["news-dev", "pages", "HTML", "HTML without", "text", "text without"], rows)


def _score(sources: Sequence[tuple[bytes, str, str]], position: int, language: str | None) -> float:
    from boilerstrip import Cleaner

    cleaner = Cleaner(kind="text" if position else "html", language=language)
    return fmean(word_f1(cleaner.clean(source[position]).text, source[2]).f1 for source in sources)
