"""Frontier: quality against pages a second of all systems on the same pages, as a table and as a drawing."""

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from benchmarks.corpora import corpus_format, load_corpus, take_evenly
from benchmarks.peers import make_system
from benchmarks.quality import MEASURES, labelled, measure_system, total_score
from benchmarks.speed import measure_speed
from benchmarks.tables import format_table

SYSTEMS: Final = ("boilerstrip", "trafilatura", "resiliparse", "readability", "justext", "newspaper4k", "boilerpy3")
_WIDTH, _HEIGHT, _MARGIN = 720, 400, 56
_TICKS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_STYLE: Final = "text{font:13px sans-serif;fill:#777}.ours{fill:#c2410c;font-weight:bold}.grid{stroke:#8884}"


class Place(NamedTuple):
    """Where a system stands."""

    f1: float
    pages_a_second: float
    """Of processor time, all threads together."""


def find_frontier(places: Mapping[str, Place]) -> list[str]:
    """The systems that no other beats in both, the fastest first.

    >>> find_frontier({"a": Place(0.9, 50), "b": Place(0.8, 400), "c": Place(0.7, 30)})
    ['b', 'a']
    """
    ordered = sorted(places, key=lambda name: (-places[name].pages_a_second, -places[name].f1))
    return [
        name
        for number, name in enumerate(ordered)
        if all(places[name].f1 > places[faster].f1 for faster in ordered[:number])
    ]


def format_places(places: Mapping[str, Place]) -> str:
    """One row a system, the best first, with its speed as a ratio to the first system's."""
    base = next(iter(places.values())).pages_a_second
    rows = [
        [name, f"{place.f1:.3f}", f"{place.pages_a_second:.1f}", f"{place.pages_a_second / base:.2f}"]
        for name, place in sorted(places.items(), key=lambda item: -item[1].f1)
    ]
    return format_table(["system", "F1", "pages/s", f"to {next(iter(places))}"], rows)


def draw(places: Mapping[str, Place], measure: str) -> str:
    """The places as SVG: speed to the right in powers of ten, quality upwards, a line through the frontier."""
    least, most = _round_outwards([place.pages_a_second for place in places.values()])
    low = math.floor(min(place.f1 for place in places.values()) * 20 - 0.5) / 20
    high = math.ceil(max(place.f1 for place in places.values()) * 20 + 0.2) / 20

    def locate(place: Place) -> tuple[float, float]:
        right = math.log(place.pages_a_second / least) / math.log(most / least)
        up = (place.f1 - low) / (high - low)
        return _MARGIN + right * (_WIDTH - 2 * _MARGIN), _HEIGHT - _MARGIN - up * (_HEIGHT - 2 * _MARGIN)

    shapes = [f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="none"/>']
    for tick in (tick for tick in _TICKS if least <= tick <= most):
        x, _ = locate(Place(low, tick))
        shapes.append(f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="{_MARGIN}" y2="{_HEIGHT - _MARGIN}"/>')
        shapes.append(f'<text x="{x:.0f}" y="{_HEIGHT - _MARGIN + 18}" text-anchor="middle">{tick}</text>')
    for step in range(round(low * 20), round(high * 20) + 1):
        _, y = locate(Place(step / 20, least))
        shapes.append(f'<line class="grid" x1="{_MARGIN}" x2="{_WIDTH - _MARGIN}" y1="{y:.0f}" y2="{y:.0f}"/>')
        shapes.append(f'<text x="{_MARGIN - 8}" y="{y + 4:.0f}" text-anchor="end">{step / 20:.2f}</text>')
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in (locate(places[name]) for name in find_frontier(places)))
    shapes.append(f'<polyline points="{line}" fill="none" stroke="#c2410c" stroke-dasharray="4 4"/>')
    shapes += [_draw_place(name, *locate(place), name == next(iter(places))) for name, place in places.items()]
    shapes.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 12}" text-anchor="middle">pages a second of one core</text>')
    shapes.append(f'<text x="{_MARGIN}" y="{_MARGIN - 20}">{escape(measure)}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
    return "\n".join([head, f"<style>{_STYLE}</style>", *shapes, "</svg>", ""])


def _round_outwards(values: Sequence[float]) -> tuple[float, float]:
    below = [tick for tick in _TICKS if tick <= min(values)] or [_TICKS[0]]
    above = [tick for tick in _TICKS if tick >= max(values) * 1.2] or [_TICKS[-1]]
    return below[-1], above[0]


def _draw_place(name: str, x: float, y: float, is_ours: bool) -> str:
    look = ' class="ours"' if is_ours else ""
    side = ("end", -9) if x > _WIDTH - 3 * _MARGIN else ("start", 9)
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{"#c2410c" if is_ours else "#777"}"/>'
    return f'{dot}<text{look} x="{x + side[1]:.1f}" y="{y - 7:.1f}" text-anchor="{side[0]}">{escape(name)}</text>'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks frontier``."""
    parser.add_argument("--system", action="append", help=f"a system, ours first (default {' '.join(SYSTEMS)})")
    parser.add_argument("--corpus", default="wcxb-dev", help="NAME or FORMAT:PATH (default wcxb-dev)")
    parser.add_argument("--limit", type=int, default=100, help="pages, evenly spread over the corpus (default 100)")
    parser.add_argument("--repeat", type=int, default=2, help="timed runs of each page (default 2)")
    parser.add_argument("--svg", type=Path, help="write the drawing to this file")


def run(arguments: argparse.Namespace) -> int:
    """Measure speed and quality, print the table, and draw it where asked for."""
    measure = corpus_format(arguments.corpus)
    pages = take_evenly(labelled(load_corpus(arguments.corpus), measure), arguments.limit)
    names = arguments.system or list(SYSTEMS)
    timings = measure_speed(
        {name: make_system(name) for name in names}, [(page.html, page.url) for page in pages], arguments.repeat
    )
    places = {
        name: Place(total_score(measure_system(name, pages, measure), measure).f1, 1000 / fmean(timings[name].cpu))
        for name in names
    }
    print(f"## {arguments.corpus}, {len(pages)} pages: {MEASURES[measure]}\n\n{format_places(places)}")
    if arguments.svg:
        title = f"{MEASURES[measure]}, {len(pages)} pages of {arguments.corpus}"
        arguments.svg.write_text(draw(places, title), "utf-8")
    return 0
