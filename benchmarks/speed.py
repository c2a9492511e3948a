"""Speed: systems side by side on the same pages in one interleaved run, so that a busy machine slows them all alike."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median
from time import perf_counter

from benchmarks.corpora import load_corpus, take_evenly
from benchmarks.peers import System, make_system, run_safely
from benchmarks.tables import format_table

_WARM_UP_PAGES = 3


def measure_speed(
    systems: dict[str, System], pages: Sequence[tuple[bytes, str | None]], repeat: int
) -> dict[str, list[float]]:
    """Milliseconds a page: for each system and page the median of ``repeat`` runs, after a warm-up.

    The systems take turns on every page, and a different one begins each time.
    """
    for system in systems.values():
        for html, url in pages[:_WARM_UP_PAGES]:
            run_safely(system, html, url)
    timings: dict[str, list[list[float]]] = {name: [[] for _ in pages] for name in systems}
    names = list(systems)
    for turn in range(repeat):
        for number, (html, url) in enumerate(pages):
            first = (turn + number) % len(names)
            for name in names[first:] + names[:first]:
                timings[name][number].append(_milliseconds(systems[name], html, url))
    return {name: [median(runs) for runs in per_page] for name, per_page in timings.items()}


def _milliseconds(system: System, html: bytes, url: str | None) -> float:
    start = perf_counter()
    run_safely(system, html, url)
    return 1000 * (perf_counter() - start)


def format_speeds(timings: dict[str, list[float]]) -> str:
    """Mean, median and 95th percentile in milliseconds a page, pages a second, and the ratio of means to the first.

    >>> print(format_speeds({"ours": [1.0, 3.0], "theirs": [2.0, 6.0]}))
    | system | mean ms | median ms | 95 % ms | pages/s | ratio |
    | ------ | ------: | --------: | ------: | ------: | ----: |
    | ours   |    2.00 |      2.00 |    3.00 |   500.0 |  1.00 |
    | theirs |    4.00 |      4.00 |    6.00 |   250.0 |  2.00 |
    """
    base = fmean(next(iter(timings.values())))
    rows = [_speed_row(name, sorted(per_page), base) for name, per_page in timings.items()]
    return format_table(["system", "mean ms", "median ms", "95 % ms", "pages/s", "ratio"], rows)


def _speed_row(name: str, ordered: list[float], base: float) -> list[str]:
    mean = fmean(ordered)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return [name, f"{mean:.2f}", f"{median(ordered):.2f}", f"{late:.2f}", f"{1000 / mean:.1f}", f"{mean / base:.2f}"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks speed``."""
    parser.add_argument("--system", action="append", required=True, help="a system; the first is the ratio's base")
    parser.add_argument("--corpus", default="wcxb-dev", help="NAME or FORMAT:PATH (default wcxb-dev)")
    parser.add_argument("--limit", type=int, default=300, help="pages, evenly spread over the corpus (default 300)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each page (default 3)")
    parser.add_argument("--json", type=Path, help="write every page's milliseconds to this file")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print one table."""
    systems = {name: make_system(name) for name in arguments.system}
    pages = [(page.html, page.url) for page in take_evenly(load_corpus(arguments.corpus), arguments.limit)]
    timings = measure_speed(systems, pages, arguments.repeat)
    print(f"## {arguments.corpus}, {len(pages)} pages, median of {arguments.repeat} interleaved runs a page\n")
    print(format_speeds(timings))
    if arguments.json:
        arguments.json.write_text(json.dumps(timings), encoding="utf-8")
    return 0
