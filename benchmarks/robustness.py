"""Robustness: inputs that grow, one of each kind that has been known to take more than its share of time."""

import argparse
import gc
import math
import sys
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from benchmarks.tables import format_table
from boilerstrip import clean
from boilerstrip.decode import decode

SENTENCE: Final = "The mayor opened the new bridge on Saturday, and everybody who could walk came to see it. "
STORY: Final = f"<article><p>{SENTENCE * 6}</p></article>"
SMALLEST: Final = 10_000
SLOPE_LIMIT: Final = 1.1

Generator = Callable[[int], bytes]


def _repeat(piece: str, size: int) -> str:
    return piece * max(1, size // len(piece))


def _number(piece: str, size: int) -> str:
    """A piece again and again, each with a number of its own where it has a ``#``."""
    return "".join(piece.replace("#", str(number)) for number in range(max(1, size // (len(piece) + 3))))


def _nest(opening: str, inside: str, size: int) -> str:
    return _repeat(opening, size // 2) + _repeat(inside, size // 2)


def _encode(make: Callable[[int], str], codec: str = "utf-8") -> Generator:
    return lambda size: make(size).encode(codec, "replace")


def _vary_case(number: int) -> str:
    """An element whose class is one name, its letters large or small by the bits of a number."""
    name = "".join(letter.upper() if number >> bit & 1 else letter for bit, letter in enumerate("sidebarsidebar"))
    return f"<p class={name}>x"


GENERATORS: Final[dict[str, Generator]] = {
    name: _encode(make)
    for name, make in {
        "paragraphs": lambda size: _repeat(f"<p>{SENTENCE}</p>\n", size),
        "short paragraphs": lambda size: _number("<p>word #</p>", size),
        "lines of text": lambda size: _number(f"{SENTENCE}#\n\n", size),
        "separator lines": lambda size: _repeat("_____\n", size),
        "one line": lambda size: _repeat(SENTENCE, size),
        "one word": lambda size: "a" * size,
        "asides in the first heading": lambda size: f"<title>y x</title><h1>{_repeat('x - ', size)}</h1>{STORY}",
        "first headings and a long title": lambda size: (
            f"<title>{_number('w# ', size // 2)}</title>{_number('<h1>w# v#</h1>', size // 2)}{STORY}"
        ),
        "first headings and a long name": lambda size: (
            f"<meta property='og:site_name' content='{'n' * (size // 2)}'>{_number('<h1>n# v#</h1>', size // 2)}{STORY}"
        ),
        "deep, then attributes": lambda size: _nest("<div>", "<b a=1 ", size) + STORY,
        "deep, then comments": lambda size: _nest("<div>", "<!--", size) + STORY,
        "deep, then inline elements": lambda size: _nest("<div>", "<b>x</b> ", size) + STORY,
        "deep, then stray end tags": lambda size: _nest("<b>", "</i>", size) + STORY,
        "deep, then blocks": lambda size: _nest("<div>", "<p>word</p>", size) + STORY,
        "end tags that close nothing": lambda size: _repeat("<b><div></b>", size) + STORY,
        "unclosed emphasis": lambda size: _number("<em>w# ", size) + STORY,
        "unclosed links": lambda size: _number("<a href=x#>w# ", size) + STORY,
        "nested marks": lambda size: f"<p>{_repeat('<b><i>x', size // 2)}{_repeat('</i></b>', size // 2)}</p>{STORY}",
        "marks in white space": lambda size: f"<pre>{'<b>' * 500}{' ' * size}x</pre>{STORY}",
        "crossed marks": lambda size: f"<p>{_repeat('<b>x<i>y</b>z</i>', size)}</p>{STORY}",
        "attributes": lambda size: f"<p {_number('a#=# ', size)}>{STORY}",
        "attributes with signs": lambda size: "<p " + _number('a#=">" ', size) + ">" + STORY,
        "elements with many attributes": lambda size: _repeat(f"<p {_number('a#=# ', 2000)}>x</p>", size) + STORY,
        "images before text": lambda size: f"<p>{_number('<img src=a#.png>', size)}{SENTENCE}</p>{STORY}",
        "structured text and blocks": lambda size: (
            '<script type="application/ld+json">{"articleBody": "'
            + "a" * min(size // 3, 900_000)
            + '"}</script>'
            + _number("<p>" + "a" * 30 + "#</p>", size * 2 // 3)
        ),
        "table cells": lambda size: f"<table><tr>{_number('<td>#</td>', size)}</tr></table>{STORY}",
        "table rows": lambda size: f"<table>{_number('<tr><td>a#<td>b</tr>', size)}</table>{STORY}",
        "list items": lambda size: f"<ul>{_number('<li>item number #', size)}</ul>{STORY}",
        "nested lists": lambda size: _repeat("<ul><li>item", size) + STORY,
        "brackets": lambda size: "<" * size,
        "comments never closed": lambda size: STORY + _repeat("<!-- ", size),
        "entities": lambda size: f"<p>{_repeat('&lt;&amp;&bogus;', size)}</p>{STORY}",
        "addresses": lambda size: f"<p>{_repeat('http://www.', size)}</p>{STORY}",
        "signs of Markdown": lambda size: f"<p>{_repeat('*_`[&lt;', size)}</p>{STORY}",
        "long names": lambda size: f"{'<' + 'z' * 100 + '>'}" * 50 + _number("<p>word #", size),
    }.items()
} | {
    "Chinese in GBK": lambda size: ("政府周三宣布，将投入更多资金。" * (size // 30)).encode("gb18030"),
    "Chinese in GBK, broken": lambda size: ("政府周三宣布".encode("gb18030") + b"\x80\xff") * (size // 14),
    "UTF-8, broken": lambda size: ("Größe ".encode() + b"\xff ") * (size // 10),
    "half-width kana": lambda size: "ｱｲｳ ".encode("cp932") * (size // 4),
    "Japanese in escape sequences": lambda size: "物語 ".encode("iso2022_jp") * (size // 11),
    "case variants of a name": lambda size: "".join(map(_vary_case, range(size // 26))).encode(),
    "declarations": lambda size: b"<meta charset=klingon>" * (size // 22),
}
"""A page of about so many bytes for each kind."""


class Growth(NamedTuple):
    """Seconds of processor time at each size, and the slope of their logarithms."""

    name: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def slope(self) -> float:
        """By how much time grows with size, 1.0 being in proportion: the line fitted through the upper half, where
        fixed costs do not hide it.

        >>> round(Growth("", (10, 100, 1000), (1.0, 10.0, 100.0)).slope, 3)
        1.0
        """
        points = [
            (math.log(size), math.log(max(spent, 1e-6))) for size, spent in zip(self.sizes, self.seconds, strict=True)
        ]
        points = points[-max(2, len(points) // 2 + 1) :]
        mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
        spread = sum((x - mean_x) ** 2 for x, _ in points)
        return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def process(source: bytes) -> None:
    """Clean a page and write it in every format."""
    document = clean(source)
    document.to_markdown(links=True, images=True)
    document.to_html(links=True, images=True)
    document.to_json(reasons=False)


def measure_growth(name: str, generator: Generator, largest: int, seconds: float) -> Growth:
    """Time of a kind of input, ten times as large each time, until one takes longer than ``seconds``."""
    sizes, spent = list[int](), list[float]()
    size = SMALLEST
    while size <= largest and (not spent or spent[-1] * 12 <= seconds):
        source = generator(size)
        gc.collect()
        started = time.process_time()
        process(source)
        sizes.append(len(source))
        spent.append(time.process_time() - started)
        size *= 10
    return Growth(name, tuple(sizes), tuple(spent))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks robustness``."""
    parser.add_argument("--largest", type=int, default=1_000_000, help="bytes of the largest input (default 1,000,000)")
    parser.add_argument("--seconds", type=float, default=120, help="no input that would take longer (default 120)")
    parser.add_argument("--only", default="", help="only kinds whose name holds this")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each kind of input; the exit code is 1 if one grows out of proportion."""
    process(STORY.encode())  # so that no kind pays for loading the weights
    decode("café".encode("cp1252"))
    rows, failed = [], False
    for name, generator in GENERATORS.items():
        if arguments.only in name:
            growth = measure_growth(name, generator, arguments.largest, arguments.seconds)
            failed |= growth.slope > SLOPE_LIMIT
            rows.append([name, *(f"{spent:.3f}" for spent in growth.seconds), f"{growth.slope:.2f}"])
            print(f"{name}: {growth.seconds}", file=sys.stderr)
    width = max(map(len, rows), default=0)
    rows = [[*row[:-1], *[""] * (width - len(row)), row[-1]] for row in rows]
    print(format_table(["input", *(f"{SMALLEST * 10**step:,} B" for step in range(width - 2)), "slope"], rows))
    return int(failed)
