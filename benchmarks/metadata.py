"""Metadata: how often the title, the author and the date of a page are right, beside trafilatura's own.

A field counts on the pages that are labelled with it. Titles and authors are right if their words are, in their order
and whatever the case; dates if the day is.
"""

import argparse
from collections.abc import Callable, Iterable
from typing import Final

from benchmarks.corpora import LabelledPage, load_corpus, take_evenly
from benchmarks.metrics import words_of
from benchmarks.tables import format_table
from boilerstrip import Cleaner

Fields = tuple[str | None, str | None, str | None]
"""Title, author and date of a page."""

NAMES: Final = ("title", "author", "date")
CORPORA: Final = ("wcxb-dev", "readability")


def make_systems() -> dict[str, Callable[[bytes, str | None], Fields]]:
    """The systems compared, by name: a page's bytes and address in, its metadata out."""
    from trafilatura.metadata import extract_metadata
    from trafilatura.utils import load_html

    cleaner = Cleaner()

    def read_ours(html: bytes, url: str | None) -> Fields:
        document = cleaner.clean(html, url=url)
        return document.title, document.author, document.date

    def read_theirs(html: bytes, url: str | None) -> Fields:
        found = extract_metadata(load_html(html), default_url=url)
        return found.title, found.author, found.date

    return {"boilerstrip": read_ours, "trafilatura": read_theirs}


def is_right(name: str, given: str | None, wanted: str) -> bool:
    """Whether a field says what its label says.

    >>> is_right("title", "RAIN in June!", "Rain in June"), is_right("date", "2024-06-03", "2024-06-03T10:00:00Z")
    (True, True)
    """
    if name == "date":
        return (given or "")[:10] == wanted[:10]
    return words_of(given or "") == words_of(wanted)


def count_right(
    pages: Iterable[LabelledPage], systems: dict[str, Callable[[bytes, str | None], Fields]]
) -> dict[str, dict[str, list[bool]]]:
    """For each system and field, whether it was right on each page that is labelled with it."""
    results: dict[str, dict[str, list[bool]]] = {system: {name: [] for name in NAMES} for system in systems}
    for page in pages:
        labels = dict(zip(NAMES, (page.title, page.author, page.date), strict=True))
        for system, read in systems.items():
            for name, given in zip(NAMES, read(page.html, page.url), strict=True):
                if labels[name]:
                    results[system][name].append(is_right(name, given, labels[name] or ""))
    return results


def format_results(results: dict[str, dict[str, list[bool]]]) -> str:
    """Accuracy of each field, and on how many pages.

    >>> print(format_results({"ours": {"title": [True, False], "author": [], "date": [True]}}))
    | system |     title |    author |      date |
    | ------ | --------: | --------: | --------: |
    | ours   | 0.500 (2) | 0.000 (0) | 1.000 (1) |
    """
    rows = [
        [system, *(f"{sum(right[name]) / max(1, len(right[name])):.3f} ({len(right[name])})" for name in NAMES)]
        for system, right in results.items()
    ]
    return format_table(["system", *NAMES], rows)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks metadata``."""
    parser.add_argument("--corpus", action="append", help=f"NAME or FORMAT:PATH (default {' and '.join(CORPORA)})")
    parser.add_argument("--limit", type=int, help="pages of each, evenly spread (default all)")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print one table for each corpus."""
    systems = make_systems()
    for corpus in arguments.corpus or CORPORA:
        pages = take_evenly(load_corpus(corpus), arguments.limit)
        print(f"## {corpus}: accuracy (pages)\n\n{format_results(count_right(pages, systems))}\n")
    return 0
