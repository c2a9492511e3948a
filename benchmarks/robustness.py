"""How the time of a page grows with its size: generators of hostile pages, and the slope of each.

A slope of 1 is a time in proportion to the size, 2 one that grows with the square. The least of a few runs counts, so
that a busy machine does not make a slope.
"""

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from math import log
from multiprocessing import get_context
from typing import Final

from benchmarks.tables import format_table
from boilerstrip import Document, clean

SENTENCE: Final = "The mayor opened the new bridge on Saturday, and everybody who could walk came to see it. "
_DEEP: Final = "<div>" * 2100
"""Deeper than libxml2 builds a tree."""

_LONG: Final = 5.0
"""Seconds of a run that a busy machine makes no longer by much, so that it is not done again."""
_SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)

Generator = Callable[[int], str | bytes]
"""Makes a page of about so many characters."""


def _repeat(piece: str, *, before: str = "", after: str = "") -> Generator:
    """A piece as often as it takes."""
    return lambda size: before + piece * max(1, (size - len(before) - len(after)) // len(piece)) + after


def _number(piece: Callable[[int], str], *, before: str = "", after: str = "") -> Generator:
    """A numbered piece as often as it takes."""

    def generate(size: int) -> str:
        count = max(1, (size - len(before) - len(after)) // len(piece(10_000)))
        return before + "".join(map(piece, range(count))) + after

    return generate


def _halve(first: Generator, second: Generator, between: str = "") -> Generator:
    """Two halves, both of which grow: whatever looks through the one for each piece of the other takes the square."""
    return lambda size: str(first(size // 2)) + between + str(second(size // 2))


def _tell_structured(size: int) -> str:
    body = "".join(f"w{number} lorem ipsum dolor " for number in range(size // 50))
    blocks = "".join(f"<p>block {number} of the many</p>" for number in range(size // 60))
    return f'<script type="application/ld+json">{{"articleBody": "{body}"}}</script>{blocks}'


def _spoil_chinese(size: int) -> bytes:
    return b"<meta charset=gbk><p>" + "票价".encode("gbk") * (size // 6) + b"\x80\xff" * (size // 6)


_STORY: Final = f"<p>{SENTENCE * 4}</p>"

GENERATORS: Final[dict[str, Generator]] = {
    "asides in a heading": _repeat("- x ", before="<title>y x</title><h1>x ", after=f"</h1>{_STORY}"),
    "headings and a long title": _halve(
        _number(lambda n: f"w{n} ", before="<title>"), _number(lambda n: f"<h1>v{n} u</h1>"), "</title>"
    ),
    "a long host": _halve(_repeat("a.", before="<link rel=canonical href=http://"), _repeat("b | "), "><title>"),
    "deep, then tags never ended": _repeat("<a ", before=_DEEP),
    "deep, then comments never ended": _repeat("<!--", before=_DEEP),
    "deep, then inline elements": _repeat("<b>word </b>", before=_DEEP),
    "deep, then wrong end tags": _repeat("</q><b>x", before=_DEEP),
    "emphasis never ended": _number(lambda n: f"<em>w{n} ", before=f"<p>{SENTENCE}"),
    "ever deeper": _repeat("<div>x"),
    "ever deeper tables": _repeat("<table><tr><td>x"),
    "attributes": _number(lambda n: f"a{n}={n} ", before="<p ", after=f">{SENTENCE}</p>"),
    "attributes in quotation marks": _number(lambda n: f'a{n}=">" ', before="<p ", after=f">{SENTENCE}</p>"),
    "images before text": _number(lambda n: f"<img src=a{n}.png>", before="<p>", after=f"{SENTENCE}</p>{_STORY}"),
    "structured text and blocks": _tell_structured,
    "nested marks": _repeat("<b><i><a href=x>w </a></i></b>", before="<p>", after="</p>"),
    "marks never ended": _repeat("<b><i>w ", before="<p>", after="</p>"),
    "white space in marks": _halve(_repeat("<b>", before="<pre>"), _repeat(" "), ""),
    "broken characters of GBK": _spoil_chinese,
    "escapes of HZ": _repeat("a~{", before="~{"),
    "line breaks": _repeat("word<br>"),
    "brackets": _repeat("<"),
    "braces in code": _repeat("{", before=f"<p>{SENTENCE}</p><ul><li><pre>", after="</pre></ul>"),
    "ampersands": _repeat("&amp;&lt", before="<p>"),
    "short paragraphs": _repeat("<p>word</p>"),
    "list items": _repeat("<li>word"),
    "table cells": _repeat("<td>1", before="<table><tr>"),
    "one paragraph": _repeat(SENTENCE, before="<p>", after="</p>"),
    "one word": _repeat("a", before="<p>", after="</p>"),
    "lines of text": _repeat("line of text\n"),
    "quotes in text": _repeat(">"),
}


LARGE: Final[dict[str, tuple[Callable[[], str], float, int]]] = {
    "a million separator lines": (lambda: "-\n" * 1_000_000, 10.0, 1200),
    "50 MB of one line": (lambda: SENTENCE * (50_000_000 // len(SENTENCE)), 10.0, 1500),
    "50 MB of one word": (lambda: "a" * 50_000_000, 10.0, 1500),
}
"""Pages, and the seconds and megabytes that cleaning each may take; as everywhere, 20 MB at most are read."""


def render_all(document: Document) -> None:
    """Every format of a document."""
    document.to_markdown(links=True, images=True)
    document.to_html(links=True, images=True)
    document.to_dict(reasons=False)


def clean_and_render(source: str | bytes) -> None:
    """What is measured."""
    render_all(clean(source))


def measure_slope(generator: Generator, sizes: Sequence[int], repeats: int = 2) -> tuple[float, list[float]]:
    """The exponent with which the time grows between the sizes, and the seconds of each."""
    seconds = []
    for size in sizes:
        source = generator(size)
        runs = []
        for _ in range(repeats):
            started = time.process_time()
            clean_and_render(source)
            runs.append(time.process_time() - started)
            if runs[-1] > _LONG:
                break
        seconds.append(min(runs))
    return fit_slope(sizes, seconds), seconds


def fit_slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of the logarithms, by least squares.

    >>> round(fit_slope([10, 100, 1000], [0.1, 1.0, 10.0]), 3)
    1.0
    """
    across, up = [log(size) for size in sizes], [log(max(second, 1e-6)) for second in seconds]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    above = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return above / sum((x - middle) ** 2 for x in across)


def measure_large(name: str) -> tuple[float, float]:
    """Seconds and the largest size in megabytes of a process that cleans one large page."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_clean_large, (name,))


def _clean_large(name: str) -> tuple[float, float]:
    source = LARGE[name][0]()
    started = time.process_time()
    clean(source)
    return time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks robustness``."""
    parser.add_argument("--sizes", nargs="+", type=int, default=_SIZES, metavar="BYTES")
    parser.add_argument("--only", nargs="+", choices=list(GENERATORS), default=list(GENERATORS), metavar="GENERATOR")
    parser.add_argument("--no-large", action="store_true", help="leave out the large pages")
    parser.add_argument("--steepest", type=float, default=1.1, help="a steeper slope fails; default: 1.1")


def run(arguments: argparse.Namespace) -> int:
    """Print the seconds and the slope of every generator, and what large pages take; 1 if something is too much."""
    clean_and_render(SENTENCE)
    rows, steep = [], []
    for name in arguments.only:
        slope, seconds = measure_slope(GENERATORS[name], arguments.sizes)
        rows.append([name, *(f"{second:.2f}" for second in seconds), f"{slope:.2f}"])
        steep += [name] * (slope > arguments.steepest)
    print(format_table(["seconds by size", *(f"{size:,}" for size in arguments.sizes), "slope"], rows))
    large = {name: measure_large(name) for name in LARGE if not arguments.no_large}
    rows = [[name, f"{seconds:.1f}", f"{size:,.0f}"] for name, (seconds, size) in large.items()]
    if large:
        print("\n" + format_table(["large page", "seconds", "MB"], rows))
    over = [name for name, (seconds, size) in large.items() if seconds > LARGE[name][1] or size > LARGE[name][2]]
    if steep or over:
        print(f"\nToo steep or too large: {', '.join([*steep, *over])}")
    return int(bool(steep or over))
