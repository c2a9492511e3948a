"""Batch: pages a second of one worker and of two, and what memory the processes of a long run take."""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.corpora import load_corpus, take_evenly
from benchmarks.tables import format_table

_POLL_SECONDS = 0.5
_SAMPLES = 10
_FIRST_PAGE = 1000
"""From here on memory may not grow: everything that is loaded once is loaded by then."""


def write_pages(folder: Path, corpus: str, pages: int, distinct: int) -> None:
    """A folder of ``pages`` files made by repeating ``distinct`` pages of a corpus under new names.

    Repeated pages are hard links, so that they take no space.
    """
    sources = [page.html for page in take_evenly(load_corpus(corpus), distinct)]
    originals: list[Path] = []
    for number in range(pages):
        path = folder / f"{number // 1000:03d}" / f"{number:06d}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number < len(sources):
            path.write_bytes(sources[number])
            originals.append(path)
        else:
            os.link(originals[number % len(originals)], path)


def run_once(source: Path, out: Path, workers: int) -> tuple[dict[str, float], dict[int, list[tuple[int, int]]]]:
    """Clean a folder: the summary, and for each process (pages done, resident kilobytes) now and then."""
    arguments = ["clean", str(source), "-o", str(out), "--workers", str(workers), "--json", "--format", "jsonl"]
    command = [sys.executable, "-m", "boilerstrip", *arguments]
    samples: dict[int, list[tuple[int, int]]] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while process.poll() is None:
            done = count_done(out)
            for identifier in [process.pid, *find_descendants(process.pid)]:
                resident = read_resident_kilobytes(identifier)
                if resident:
                    samples.setdefault(identifier, []).append((done, resident))
            time.sleep(_POLL_SECONDS)
        printed = process.communicate()[0]
    return json.loads(printed), samples


def count_done(out: Path) -> int:
    """Inputs that are done in a run that is at work."""
    path = out / ".boilerstrip" / "state.sqlite"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as state:
            return int(state.execute("SELECT count(*) FROM inputs").fetchone()[0])
    except sqlite3.OperationalError:  # it is not there yet
        return 0


def find_descendants(process: int) -> Iterator[int]:
    """The processes below one, from Linux's ``/proc``."""
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from find_descendants(child)
    except OSError:
        return


def read_resident_kilobytes(process: int) -> int:
    """Resident memory of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def measure_growth(samples: dict[int, list[tuple[int, int]]], first_page: int) -> dict[int, float]:
    """By how many megabytes each process grew after ``first_page`` pages were done.

    Medians of the first and of the last ten samples, because a large page makes a process larger for a moment.

    >>> measure_growth({7: [(10, 5000), *((1000 + page, 50_000 + page) for page in range(100))]}, 1000)
    {7: 0.09}
    """
    growth = {}
    for process, pairs in samples.items():
        late = [resident for done, resident in pairs if done >= first_page]
        if late:
            growth[process] = (median(late[-_SAMPLES:]) - median(late[:_SAMPLES])) / 1000
    return growth


@contextmanager
def _make_folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks batch``."""
    parser.add_argument("--corpus", default="wcxb-dev", help="NAME or FORMAT:PATH (default wcxb-dev)")
    parser.add_argument("--pages", type=int, default=20_000, help="pages of the run (default 20000)")
    parser.add_argument("--distinct", type=int, default=500, help="pages they are made of (default 500)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="workers of each run (default 1 2)")
    parser.add_argument("--folder", type=Path, help="work here and leave everything (default: a temporary folder)")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print one table."""
    rows, base = [], 0.0
    with _make_folder(arguments.folder) as folder:
        write_pages(folder / "pages", arguments.corpus, arguments.pages, arguments.distinct)
        for workers in arguments.workers:
            summary, samples = run_once(folder / "pages", folder / f"out-{workers}", workers)
            base = base or summary["pages_a_second"]
            growth = measure_growth(samples, min(_FIRST_PAGE, arguments.pages // 4))
            pace = summary["pages_a_second"]
            largest = max(resident for pairs in samples.values() for _, resident in pairs) / 1000
            grown = f"{max(growth.values(), default=0.0):.1f}"
            rows.append([str(workers), f"{pace:.1f}", f"{pace / base:.2f}", f"{largest:.0f}", grown])
    print(f"## {arguments.pages} pages made of {arguments.distinct} of {arguments.corpus}\n")
    print(format_table(["workers", "pages/s", "ratio", "largest process MB", "growth MB"], rows))
    return 0
