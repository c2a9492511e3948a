"""What one cleaning costs: its stages, its growth with the page, plain text, the start of the program, and memory."""

import math
import os
import resource
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from statistics import fmean, median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final

import numpy as np
from lxml import etree

from benchmarks.tables import format_table
from boilerstrip import Cleaner
from boilerstrip._core import describe_core
from boilerstrip.decode import decode
from boilerstrip.evidence.matrix import weigh
from boilerstrip.judge.opinions import review
from boilerstrip.judge.tagger import load_tagger
from boilerstrip.judge.trees import load_trees
from boilerstrip.options import Options
from boilerstrip.segment.html import segment_tree
from boilerstrip.segment.parse import parse_html

_SIZES: Final = (10_000, 30_000, 100_000, 300_000, 1_000_000, 5_000_000)
_PAGES_OF_WORKERS: Final = 2000
_SENTENCE: Final = "The mayor opened the new bridge on Saturday, and everybody who could walk came to see it. "
_TEXT_DOCUMENTS: Final = {
    "200 words": "\n\n".join(_SENTENCE * 4 for _ in range(3)),
    "300 lines": "\n".join(f"{number} {_SENTENCE}" for number in range(300)),
}
_START: Final = """
import time
start = time.perf_counter()
from boilerstrip import clean
imported = time.perf_counter()
clean("<p>" + {sentence!r} * 3, language="en")
print(1000 * (imported - start), 1000 * (time.perf_counter() - imported))
"""


def print_costs(pages: Sequence[tuple[bytes, str | None]], repeat: int) -> None:
    """Print every table; CPU time throughout, as it hardly changes on a busy machine."""
    print(describe_core())
    print(f"\n### Stages, CPU ms a page of {fmean(len(html) for html, _ in pages) / 1000:.0f} kB\n")
    print(format_table(["stage", "mean", "median"], list(_measure_stages([html for html, _ in pages], repeat))))
    print("\n### Cost against page size\n")
    milliseconds = [_time_least(Cleaner().clean, _make_page(size), repeat=repeat) for size in _SIZES]
    rows = [[f"{size:,}", f"{cost:.1f}"] for size, cost in zip(_SIZES, milliseconds, strict=True)]
    print(format_table(["bytes", "CPU ms"], rows))
    print(f"slope in log-log: {fit_slope(_SIZES, milliseconds):.2f}")
    print("\n### Plain text\n")
    for name, text in _TEXT_DOCUMENTS.items():
        print(f"{name}: {1000 / _time_least(Cleaner().clean, text, repeat=20 * repeat):,.0f} documents a second")
    reasons, workers = _measure_reasons([html for html, _ in pages]), _measure_workers([html for html, _ in pages])
    print(f"\nall reasons of a page: {reasons:.2f} times its cleaning")
    print(f"clean_many with two workers: {workers:.2f} times one's pages a second")
    starts = [_measure_start() for _ in range(max(repeat, 3))]
    imported, called = (median(times) for times in zip(*starts, strict=True))
    print(f"\nimport {imported:.0f} ms, first call {called:.0f} ms")
    print(f"memory high-water {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def fit_slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Exponent of the growth of costs with sizes, fitted in log-log.

    >>> round(fit_slope([1, 10, 100], [2, 20, 200]), 3)
    1.0
    """
    return float(np.polyfit([math.log(size) for size in sizes], [math.log(cost) for cost in costs], 1)[0])


def _measure_stages(sources: Sequence[bytes], repeat: int) -> Iterator[list[str]]:
    """Name, mean and median of each stage; a page's least of several runs counts."""
    stages: dict[str, list[float]] = {}
    options, tagger, trees, cleaner = Options(), load_tagger(), load_trees(), Cleaner()
    cleaner.clean(sources[0])
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)

    def measure(name: str, stage: Callable[..., Any], *arguments: Any) -> Any:
        stages.setdefault(name, []).append(_time_least(stage, *arguments, repeat=repeat))
        return stage(*arguments)

    for source in sources:
        measure("bare parse", lambda html: etree.fromstring(html, parser), source)
        text = measure("decode", decode, source, None).text
        root = measure("parse", parse_html, text)
        if root is None:
            continue
        page = measure("walk", segment_tree, root)
        evidence = measure("evidence", weigh, page, options)
        scores = measure("tagger", tagger.score, evidence)
        measure("trees", review, page, evidence, scores.blocks, scores.page_types, trees)
        measure("whole job", cleaner.clean, source)
    for name, costs in stages.items():
        yield [name, f"{fmean(costs):.2f}", f"{median(costs):.2f}"]


def _measure_reasons(sources: Sequence[bytes]) -> float:
    """Processor time of all reasons of all blocks, as a multiple of the cleaning's."""
    cleaner = Cleaner()
    cleaning = explaining = 0.0
    for source in sources:
        start = process_time()
        document = cleaner.clean(source)
        cleaned = process_time()
        for block in document.blocks:
            _ = block.reasons
        cleaning, explaining = cleaning + cleaned - start, explaining + process_time() - cleaned
    return explaining / max(cleaning, 1e-9)


def _measure_workers(sources: Sequence[bytes]) -> float:
    """Pages a second of two workers as a multiple of one's, their start included: by the clock, for an idle machine."""
    seconds = []
    for workers in (1, 2):
        pages = islice(cycle(sources), min(_PAGES_OF_WORKERS, 20 * len(sources)))
        start = perf_counter()
        deque(Cleaner().clean_many(pages, workers=workers), maxlen=0)
        seconds.append(perf_counter() - start)
    return seconds[0] / seconds[1]


def _time_least(function: Callable[..., Any], *arguments: Any, repeat: int) -> float:
    costs = []
    for _ in range(max(repeat, 2)):
        start = process_time()
        function(*arguments)
        costs.append(1000 * (process_time() - start))
    return max(min(costs), 1e-3)


def _make_page(size: int) -> str:
    """A page of blocks that differ, of about so many bytes."""
    blocks, length = ["<html><body>"], 0
    while length < size:
        number = len(blocks)
        links = f"<ul><li><a href='/{number}'>{number} more</a></ul>"
        blocks.append(f"<div class='c{number % 50}'><p>{number} {_SENTENCE * 2}</p>{links}</div>")
        length += len(blocks[-1])
    return "".join(blocks)


def _measure_start() -> tuple[float, float]:
    """Milliseconds of the import and of the first call after it, in a new process."""
    program = _START.format(sentence=_SENTENCE)
    with TemporaryDirectory() as compiled:  # as where it is installed: with bytecode
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        command = [sys.executable, "-c", program]
        subprocess.run(command, env=environment, capture_output=True, check=True)
        output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
    return float(output[0]), float(output[1])
