"""The quality floor: word F1 on the fixtures that ship. An update may raise it; only ``--lower`` may lower it."""

import argparse
import json
import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final

from benchmarks.fixtures import FIXTURES, Fixture, load_fixtures
from benchmarks.metrics import word_f1
from benchmarks.tables import format_table

FLOORS: Final = Path(__file__).resolve().parent / "floors.json"
_STEPS = 10_000


@dataclass(frozen=True)
class Floors:
    """The least word F1, 0 to 1, of the mean over fixtures and of each one."""

    mean: float
    fixtures: dict[str, float]


def read_floors(path: Path = FLOORS) -> Floors:
    """The floors on file; none where there is no file yet."""
    if not path.is_file():
        return Floors(0.0, {})
    record = json.loads(path.read_text(encoding="utf-8"))
    return Floors(record["mean"], record["fixtures"])


def write_floors(floors: Floors, path: Path = FLOORS) -> None:
    """Write the floors, fixtures by name."""
    record = {"mean": floors.mean, "fixtures": dict(sorted(floors.fixtures.items()))}
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def measure_fixtures(fixtures: Iterable[Fixture]) -> Floors:
    """What the package reaches now, rounded down to four digits so that a floor is never above what was measured."""
    measured = {fixture.slug: round_down(_measure_fixture(fixture)) for fixture in fixtures}
    return Floors(round_down(fmean(measured.values())) if measured else 0.0, measured)


def _measure_fixture(fixture: Fixture) -> float:
    from boilerstrip import clean

    story = clean(fixture.source, url=fixture.about.get("url"), **fixture.about.get("options", {})).text
    return word_f1(fixture.without_optional(story), fixture.without_optional(fixture.expected), "characters").f1


def round_down(score: float) -> float:
    """Four digits, downwards, forgiving the last bits of a float.

    >>> round_down(0.98769), round_down(1.0)
    (0.9876, 1.0)
    """
    return math.floor(score * _STEPS + 1e-6) / _STEPS


def find_shortfalls(measured: Floors, floors: Floors) -> list[str]:
    """One sentence for everything below its floor, and for every fixture or floor that misses its counterpart.

    >>> find_shortfalls(Floors(0.9, {"story": 0.9, "new": 0.9}), Floors(0.8, {"story": 0.95}))
    ['story: word F1 0.9000 is below its floor 0.9500', 'new: has no floor yet; run python -m benchmarks gate --update']
    """
    shortfalls = [
        f"{slug}: word F1 {measured.fixtures[slug]:.4f} is below its floor {floor:.4f}"
        for slug, floor in floors.fixtures.items()
        if slug in measured.fixtures and measured.fixtures[slug] < floor
    ]
    if measured.mean < floors.mean and measured.fixtures.keys() == floors.fixtures.keys():
        shortfalls.append(f"mean: word F1 {measured.mean:.4f} is below its floor {floors.mean:.4f}")
    shortfalls += [
        f"{slug}: has a floor but no fixture; run python -m benchmarks gate --lower"
        for slug in sorted(floors.fixtures.keys() - measured.fixtures.keys())
    ]
    return shortfalls + [
        f"{slug}: has no floor yet; run python -m benchmarks gate --update"
        for slug in sorted(measured.fixtures.keys() - floors.fixtures.keys())
    ]


def raise_floors(measured: Floors, floors: Floors) -> Floors:
    """Floors as high as what was measured where that is more; a floor never falls here.

    >>> raise_floors(Floors(0.9, {"story": 0.9, "new": 0.7}), Floors(0.8, {"story": 0.95}))
    Floors(mean=0.825, fixtures={'story': 0.95, 'new': 0.7})
    """
    raised = floors.fixtures | {
        slug: max(score, floors.fixtures.get(slug, 0.0)) for slug, score in measured.fixtures.items()
    }
    return Floors(round_down(fmean(raised.values())) if raised else 0.0, raised)


def format_floors(measured: Floors, floors: Floors) -> str:
    """A table: fixture, word F1, floor."""
    rows = [
        [slug, f"{score:.4f}", f"{floors.fixtures.get(slug, 0.0):.4f}"] for slug, score in measured.fixtures.items()
    ]
    return format_table(
        ["fixture", "word F1", "floor"], [*rows, ["mean", f"{measured.mean:.4f}", f"{floors.mean:.4f}"]]
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks gate``."""
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--update", action="store_true", help="raise floors to what is reached now; never lowers one")
    change.add_argument("--lower", action="store_true", help="set every floor to what is reached now, lower or not")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES, help="folder of SLUG/source.* and SLUG/expected.txt")
    parser.add_argument("--floors", type=Path, default=FLOORS, help="the file of floors")


def run(arguments: argparse.Namespace) -> int:
    """Print the table; exit code 1 when something is below its floor."""
    measured = measure_fixtures(load_fixtures(arguments.fixtures))
    floors = read_floors(arguments.floors)
    if arguments.lower or arguments.update:
        floors = measured if arguments.lower else raise_floors(measured, floors)
        write_floors(floors, arguments.floors)
    print(format_floors(measured, floors))
    shortfalls = find_shortfalls(measured, floors)
    for shortfall in shortfalls:
        print(f"error: {shortfall}", file=sys.stderr)
    return 1 if shortfalls else 0
