"""Speed: systems side by side on the same pages in one interleaved run, so that a busy machine slows them all alike.

Wall time is what a user waits; CPU time is what a machine pays, all threads together, and what a busy machine hardly
changes. ``--costs`` prints what one cleaning consists of: stages, page sizes, plain text, start, memory.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean, median
from time import perf_counter, process_time
from typing import NamedTuple

from benchmarks.corpora import load_corpus, take_evenly
from benchmarks.costs import print_costs
from benchmarks.peers import System, make_system, run_safely
from benchmarks.tables import format_table

_WARM_UP_PAGES = 10
_BARE_PARSE = "lxml"
_BUSY_PROCESSES = 2


class Times(NamedTuple):
    """Milliseconds of each page, the median of its runs."""

    wall: list[float]
    cpu: list[float]


def measure_speed(
    systems: dict[str, System], pages: Sequence[tuple[bytes, str | None]], repeat: int
) -> dict[str, Times]:
    """The times of each system, after a warm-up. They take turns on every page; a different one begins each time."""
    for system in systems.values():
        for html, url in pages[:_WARM_UP_PAGES]:
            run_safely(system, html, url)
    runs: dict[str, list[list[tuple[float, float]]]] = {name: [[] for _ in pages] for name in systems}
    names = list(systems)
    for turn in range(repeat):
        for number, (html, url) in enumerate(pages):
            first = (turn + number) % len(names)
            for name in names[first:] + names[:first]:
                runs[name][number].append(_time(systems[name], html, url))
    return {
        name: Times(
            [median(wall for wall, _ in page) for page in pages_], [median(cpu for _, cpu in page) for page in pages_]
        )
        for name, pages_ in runs.items()
    }


def _time(system: System, html: bytes, url: str | None) -> tuple[float, float]:
    start, used = perf_counter(), process_time()
    run_safely(system, html, url)
    return 1000 * (perf_counter() - start), 1000 * (process_time() - used)


@contextmanager
def busy_machine(processes: int) -> Iterator[None]:
    """Let so many processes count, each on a core of its own if there is one."""
    counting = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in counting:
            process.kill()
            process.wait()


def format_speeds(timings: dict[str, Times]) -> str:
    """Milliseconds a page, pages a second, CPU time to wall time, and the ratios of mean CPU time to the first system
    and to the bare parse, where that was measured.

    >>> print(format_speeds({"ours": Times([1.0, 3.0], [1.0, 3.0]), "lxml": Times([2.0, 6.0], [1.0, 3.0])}))
    | system | mean ms | median ms | 95 % ms | CPU ms | CPU/wall | pages/s | to ours | to lxml |
    | ------ | ------: | --------: | ------: | -----: | -------: | ------: | ------: | ------: |
    | ours   |    2.00 |      2.00 |    3.00 |   2.00 |     1.00 |   500.0 |    1.00 |    1.00 |
    | lxml   |    4.00 |      4.00 |    6.00 |   2.00 |     0.50 |   250.0 |    1.00 |    1.00 |
    """
    bases = list(dict.fromkeys([next(iter(timings)), *([_BARE_PARSE] if _BARE_PARSE in timings else [])]))
    header = [
        "system",
        "mean ms",
        "median ms",
        "95 % ms",
        "CPU ms",
        "CPU/wall",
        "pages/s",
        *(f"to {base}" for base in bases),
    ]
    base_times = [fmean(timings[base].cpu) for base in bases]
    return format_table(header, [_speed_row(name, times, base_times) for name, times in timings.items()])


def _speed_row(name: str, times: Times, bases: Sequence[float]) -> list[str]:
    ordered, mean, cpu = sorted(times.wall), fmean(times.wall), fmean(times.cpu)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    figures = [
        f"{mean:.2f}",
        f"{median(ordered):.2f}",
        f"{late:.2f}",
        f"{cpu:.2f}",
        f"{cpu / mean:.2f}",
        f"{1000 / mean:.1f}",
    ]
    return [name, *figures, *(f"{cpu / base:.2f}" for base in bases)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks speed``."""
    parser.add_argument(
        "--system", action="append", help="a system; the first is the ratio's base (default boilerstrip and lxml)"
    )
    parser.add_argument("--corpus", default="wcxb-dev", help="NAME or FORMAT:PATH (default wcxb-dev)")
    parser.add_argument("--limit", type=int, default=300, help="pages, evenly spread over the corpus (default 300)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each page (default 3)")
    parser.add_argument("--json", type=Path, help="write every page's milliseconds to this file")
    parser.add_argument("--busy", action="store_true", help="beside two busy processes, in turns with an idle machine")
    parser.add_argument(
        "--costs", action="store_true", help="what a cleaning costs: stages, sizes, text, start, memory"
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure and print the tables."""
    pages = [(page.html, page.url) for page in take_evenly(load_corpus(arguments.corpus), arguments.limit)]
    if arguments.costs:
        print_costs(pages, arguments.repeat)
        return 0
    systems = {name: make_system(name) for name in arguments.system or ["boilerstrip", _BARE_PARSE]}
    print(f"## {arguments.corpus}, {len(pages)} pages, median of {arguments.repeat} interleaved runs a page\n")
    timings = measure_speed(systems, pages, arguments.repeat)
    print(format_speeds(timings))
    if arguments.busy:
        with busy_machine(_BUSY_PROCESSES):
            busy = measure_speed(systems, pages, arguments.repeat)
        print(f"\n### Beside {_BUSY_PROCESSES} busy processes\n\n{format_speeds(busy)}\n")
        for name, times in busy.items():
            print(f"{name}: {fmean(times.cpu) / fmean(timings[name].cpu):.2f} times the CPU time a page of before")
    if arguments.json:
        arguments.json.write_text(json.dumps({name: times._asdict() for name, times in timings.items()}), "utf-8")
    return 0
