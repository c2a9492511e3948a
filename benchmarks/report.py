"""The report of a large page: how long it takes to write, and a browser to open; what it requests and logs."""

import argparse
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

from benchmarks.fixtures import load_fixtures
from benchmarks.tables import format_table
from boilerstrip import clean
from boilerstrip.report import report

_MEGABYTE: Final = 1_000_000
_RUNS: Final = 5
_HAS_ALL: Final = "document.querySelectorAll('.later').length === 0"
_NEXT_FRAME: Final = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))"


class Opened(NamedTuple):
    """One time that a browser opened a report."""

    seconds: float
    """Until it is loaded and drawn."""
    seconds_complete: float
    """Until the last block is in the page."""
    requests: int
    """Beside the file itself."""
    errors: int


def make_page(size: int) -> str:
    """A page of at least so many bytes: the bodies of the fixtures, again and again."""
    sources = [page.source.decode("utf-8") for page in load_fixtures() if page.about["kind"] == "html"]
    body = "".join(source.partition("<body")[2].partition(">")[2].partition("</body>")[0] for source in sources)
    return f"<html><body>{body * (size // len(body.encode()) + 1)}</body></html>"


def open_report(path: Path) -> Opened:
    """Open a report in a browser that was started for it.

    :raises ValueError: if there is no Chromium.
    """
    from tests.browser import CHROMIUM, Browser

    if CHROMIUM is None:
        raise ValueError("no Chromium is installed; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Browser(Path(folder)) as browser:
        start = perf_counter()
        browser.open(path)
        browser.evaluate(_NEXT_FRAME)
        seconds = perf_counter() - start
        while not browser.evaluate(_HAS_ALL):
            browser.evaluate(_NEXT_FRAME)
        complete = perf_counter() - start
        return Opened(seconds, complete, len(browser.requests) - 1, len(browser.errors))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks report``."""
    parser.add_argument("--megabytes", type=float, default=5.0, help="size of the page (default 5)")


def run(arguments: argparse.Namespace) -> int:
    """Print the median of five runs; the exit code is 1 if the report requests or logs anything."""
    page = make_page(int(arguments.megabytes * _MEGABYTE))
    document = clean(page)
    start = perf_counter()
    text = report(document)
    written = perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.html")
        path.write_text(text, encoding="utf-8")
        runs = sorted(open_report(path) for _ in range(_RUNS))
    median = runs[len(runs) // 2]
    header = ["page, MB", "blocks", "report, MB", "to write, s", "to open, s", "complete, s", "requests", "errors"]
    sizes = (len(page.encode()) / _MEGABYTE, len(document.blocks), len(text.encode()) / _MEGABYTE)
    row = [f"{sizes[0]:.1f}", f"{sizes[1]:,}", f"{sizes[2]:.1f}", f"{written:.1f}"]
    row += [f"{median.seconds:.2f}", f"{median.seconds_complete:.2f}", str(median.requests), str(median.errors)]
    print(format_table(header, [row]))
    return 1 if any(opened.requests or opened.errors for opened in runs) else 0
