"""Big counts in a fixed time: generated inputs, mutated corpus pages, many pages in one process, many files in a run.

Each part stops at its count or when its time is over, and says how far it came; ``--start`` goes on there, as every
input depends on its number alone. Nothing may raise, no page may take a hundred times as long as others of its size,
and no process may grow. Kills and damaged files are counted by the tests,
``BOILERSTRIP_SCALE=4 pytest -m slow tests/test_batch_kills.py tests/test_batch_fuzz.py tests/test_injections.py``.
"""

import argparse
import os
import random
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from benchmarks.batch import measure_growth, read_resident_kilobytes, run_once
from benchmarks.corpora import CORPORA, load_corpus, take_evenly
from benchmarks.fixtures import load_fixtures
from benchmarks.fuzz import check_page
from benchmarks.robustness import GENERATORS, SENTENCE
from benchmarks.tables import format_table
from boilerstrip import clean, tags

_PIECES: Final = (
    *(f"<{name}>" for name in sorted({*tags.SKIPPED, *tags.INLINE, *tags.ROLE_OF_TAG, "div", "tr", "ul", "o:p"})),
    *(f"</{name}>" for name in ("p", "b", "div", "td", "li", "script", "q")),
    *(f"<{name} class='a b' hidden id=x>" for name in ("div", "span", "p")),
    "<", ">", "&", "&amp;", "&#0;", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "</", "\x00", "\r", "\n\n", "# ", "> ",
    "| a |", "- ", "____", SENTENCE, "Lea también: ", "続きを読む。", "a b ", "\u202e", "\ud800", "1. ",
)  # fmt: skip
_SLOW: Final = 100
"""Times the median of its size from which on an input is called slow."""
_REASONS_EVERY: Final = 10
"""Inputs of which one is written with the reasons of its blocks, which cost three times as much as all else."""
_TOLD_EVERY: Final = 10_000
"""Inputs after which it is printed how far a part has come, so that a run that is cut off can be gone on with."""
_WARM_PAGES: Final = 2_000
"""Pages after which a process has loaded all that it loads once."""


class Outcome(NamedTuple):
    """What a part came to."""

    count: int
    aim: int
    told: str
    failed: bool


def generate(dice: random.Random, fixtures: list[bytes]) -> bytes:
    """An input: soup of markup, noise, a mutated fixture, or a page of one of the generators that grow; one in fifty of
    up to a few thousand bytes, the others so small that a fault is found by how many they are."""
    choice, scale = dice.randrange(8), 1 if dice.randrange(50) else 20
    if choice < 4:
        return "".join(dice.choices(_PIECES, k=dice.randint(1, 6 * scale))).encode("utf-8", "surrogatepass")
    if choice == 4:
        return dice.randbytes(dice.randint(0, 40 * scale))
    if choice == 5:
        size = dice.randint(10, 100 * scale)
        source = dice.choice(list(GENERATORS.values()))(size)[: 2 * size]
        return source if isinstance(source, bytes) else source.encode()
    start = dice.randrange(len(page := dice.choice(fixtures)))
    return mutate(page[start : start + dice.randint(1, 150 * scale)], dice)


def mutate(source: bytes, dice: random.Random) -> bytes:
    """A page with pieces cut out, doubled, or replaced by bytes.

    >>> len(mutate(b"<p>The mill stands still.</p>", random.Random(1))) > 0
    True
    """
    for _ in range(dice.randint(1, 6)):
        start = dice.randint(0, len(source))
        end = min(len(source), start + dice.randint(0, 400))
        instead = dice.choice([b"", source[start:end] * 2, b"<", b"\xff", b"</p", dice.randbytes(8)])
        source = source[:start] + instead + source[end:]
    return source


def check_inputs(make: Callable[[int], bytes], numbers: range, seconds: float) -> Outcome:
    """Clean inputs and write them in every format: exceptions, and times beside the median of their size."""
    times: defaultdict[int, list[float]] = defaultdict(list)
    faults: list[str] = []
    slowest, end, number = (0.0, b""), time.monotonic() + seconds, numbers.start
    for number in numbers:
        source, started = make(number), time.thread_time()
        try:
            check_page(source, reasons=number % _REASONS_EVERY == 0)
        except Exception:
            faults.append(f"input {number}: {source[:200]!r}\n{traceback.format_exc()}")
        times[len(source).bit_length()].append(taken := time.thread_time() - started)
        if taken > slowest[0]:
            slowest = taken, source[:200]
        if (number + 1) % _TOLD_EVERY == 0:
            print(f"{number + 1:,} of {numbers.stop:,}; {len(faults)} exceptions", flush=True)
        if time.monotonic() >= end:
            break
    ratio = max((max(own) / median(own) for own in times.values()), default=0.0)
    print("\n".join([*faults[:5], f"the slowest took {slowest[0]:.3f} s: {slowest[1]!r}"]))
    told = f"{len(faults)} exceptions; the slowest took {ratio:.0f} times the median of its size"
    return Outcome(number + 1, numbers.stop, told, bool(faults) or ratio > _SLOW)


def check_generated(seconds: float, seed: int, start: int) -> Outcome:
    """Inputs that were made up."""
    fixtures = [page.source for page in load_fixtures()]
    for source in (*fixtures, "Straße, Größe, Übermut".encode("latin-1")):
        check_page(source)  # loads all that is loaded once
    return check_inputs(
        lambda number: generate(random.Random(f"{seed} {number}"), fixtures), range(start, 1_000_000), seconds
    )


def check_mutations(seconds: float, seed: int, start: int) -> Outcome:
    """Pages of all development corpora, each mutated twenty times."""
    pages = [page.html for corpus in CORPORA for page in load_corpus(corpus)]
    random.Random(seed).shuffle(pages)
    return check_inputs(
        lambda number: mutate(pages[number // 20], random.Random(f"{seed} {number}")),
        range(start, 20 * len(pages)),
        seconds,
    )


def check_one_process(seconds: float, seed: int, _start: int) -> Outcome:
    """Mixed pages, one after another in this process: how much it grows after the first two thousand."""
    dice, aim = random.Random(seed), 50_000
    pages = [page.html for corpus in CORPORA for page in take_evenly(load_corpus(corpus), 100)]
    dice.shuffle(pages)
    end, samples = time.monotonic() + seconds, list[tuple[int, int]]()
    for count, page in enumerate(cycle(pages), start=1):
        clean(page).to_markdown()
        if count % 20 == 0:
            samples.append((count, read_resident_kilobytes(os.getpid())))
        if count >= aim or time.monotonic() >= end:
            break
    grown = measure_growth({0: samples}, min(_WARM_PAGES, count // 2))[0]
    return Outcome(count, aim, f"grew by {grown:.1f} MB", grown >= 5)


def check_one_folder(_seconds: float, seed: int, _start: int) -> Outcome:
    """Many short files in one folder: how much the main process of the run grows."""
    aim = 20_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "in"
        folder.mkdir()
        for number in range(aim):
            text = f"{SENTENCE}It was day {number} of {seed + number}.\n\nShare | Print\n"
            (folder / f"{number:06d}.txt").write_text(text, encoding="utf-8")
        summary, samples = run_once(folder, Path(place) / "out", 1)
    process = next(iter(samples))
    grown = measure_growth({process: samples[process]}, _WARM_PAGES)[process]
    return Outcome(int(summary["inputs"]), aim, f"the main process grew by {grown:.1f} MB", grown >= 5)


PARTS: Final[dict[str, Callable[[float, int, int], Outcome]]] = {
    "generated": check_generated,
    "mutations": check_mutations,
    "process": check_one_process,
    "folder": check_one_folder,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks endurance``."""
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--seconds", type=float, default=600.0, help="time of each part; default: 600")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="number of the first input that is generated or mutated")


def run(arguments: argparse.Namespace) -> int:
    """Print how far each part came and what it found; 1 if something failed."""
    outcomes = {name: PARTS[name](arguments.seconds, arguments.seed, arguments.start) for name in arguments.parts}
    rows = [[name, f"{found.count:,} of {found.aim:,}", found.told] for name, found in outcomes.items()]
    print(format_table(["part", "count", "found"], rows))
    return int(any(found.failed for found in outcomes.values()))
