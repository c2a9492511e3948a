"""Big counts in a fixed time: generated inputs, mutated corpus pages, many pages in one process, many files in a run.

Each part stops at its count or when its time is over, and says how far it came. Nothing may raise, no page may take a
hundred times as long as others of its size, and no process may grow. Kills and damaged files are counted by the tests,
``BOILERSTRIP_SCALE=4 pytest -m slow tests/test_batch_kills.py tests/test_batch_fuzz.py tests/test_injections.py``.
"""

import argparse
import os
import random
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
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
_WARM_PAGES: Final = 2_000
"""Pages after which a process has loaded all that it loads once."""


class Outcome(NamedTuple):
    """What a part came to."""

    count: int
    aim: int
    told: str
    failed: bool


def generate(dice: random.Random, fixtures: list[bytes]) -> bytes:
    """An input: soup of markup, noise, a mutated fixture, or a page of one of the generators that grow."""
    choice = dice.randrange(8)
    if choice < 4:
        return "".join(dice.choices(_PIECES, k=dice.randint(1, 60))).encode("utf-8", "surrogatepass")
    if choice == 4:
        return dice.randbytes(dice.randint(0, 400))
    if choice == 5:
        source = dice.choice(list(GENERATORS.values()))(dice.randint(10, 1500))
        return source if isinstance(source, bytes) else source.encode()
    start = dice.randrange(len(page := dice.choice(fixtures)))
    return mutate(page[start : start + dice.randint(1, 3000)], dice)


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


def check_inputs(inputs: Iterator[bytes], aim: int, seconds: float) -> Outcome:
    """Clean inputs and write them in every format: exceptions, and times beside the median of their size."""
    times: defaultdict[int, list[float]] = defaultdict(list)
    faults: list[str] = []
    end, count = time.monotonic() + seconds, 0
    for count, source in enumerate(inputs, start=1):
        started = time.thread_time()
        try:
            check_page(source)
        except Exception:
            faults.append(f"{source[:200]!r}\n{traceback.format_exc()}")
        times[len(source).bit_length()].append(time.thread_time() - started)
        if count >= aim or time.monotonic() >= end:
            break
    ratio = max(max(own) / median(own) for own in times.values())
    print("\n".join(faults[:5]))
    told = f"{len(faults)} exceptions; the slowest took {ratio:.0f} times the median of its size"
    return Outcome(count, aim, told, bool(faults) or ratio > _SLOW)


def check_generated(seconds: float, seed: int) -> Outcome:
    """Inputs that were made up."""
    dice, fixtures = random.Random(seed), [page.source for page in load_fixtures()]
    return check_inputs(iter(lambda: generate(dice, fixtures), None), 1_000_000, seconds)


def check_mutations(seconds: float, seed: int) -> Outcome:
    """Pages of all development corpora, each mutated twenty times."""
    dice = random.Random(seed)
    pages = [page for corpus in CORPORA for page in load_corpus(corpus)]
    dice.shuffle(pages)
    return check_inputs((mutate(page.html, dice) for page in pages for _ in range(20)), 20 * len(pages), seconds)


def check_one_process(seconds: float, seed: int) -> Outcome:
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


def check_one_folder(seconds: float, seed: int) -> Outcome:
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


PARTS: Final[dict[str, Callable[[float, int], Outcome]]] = {
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


def run(arguments: argparse.Namespace) -> int:
    """Print how far each part came and what it found; 1 if something failed."""
    outcomes = {name: PARTS[name](arguments.seconds, arguments.seed) for name in arguments.parts}
    rows = [[name, f"{found.count:,} of {found.aim:,}", found.told] for name, found in outcomes.items()]
    print(format_table(["part", "count", "found"], rows))
    return int(any(found.failed for found in outcomes.values()))
