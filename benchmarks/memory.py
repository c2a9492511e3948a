"""Memory: what learning and looking up cost in time and space, on generated pages."""

import argparse
import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from benchmarks.tables import format_table
from boilerstrip.memory import SiteMemory

TARGET_PAGES = 1_000_000
_WORDS = """
the of and to in a is that for it as was with be by on not he his but at are this have from or had an they
which one you were all her she there would their we him been has when who will no more if out so up said what
its about than
""".split()  # noqa: SIM905
_LOOKUPS = 1_000
_BATCH_PAGES = 2_560


@dataclass(frozen=True, slots=True)
class Web:
    """Generated sites: each page has its site's frame blocks and blocks of its own; every block is a line of words."""

    pages: int
    pages_a_site: int = 100
    blocks: int = 200
    frame_share: float = 0.3
    shuffled: bool = True
    """Whether neighbouring pages are of different sites, as in a crawl; otherwise site after site, as in folders."""
    seed: int = 5

    def __iter__(self) -> Iterator[tuple[str, str, list[str]]]:
        order = list(range(self.pages))
        if self.shuffled:
            random.Random(self.seed).shuffle(order)
        lines = self.make_lines()
        for number in order:
            site, page = divmod(number, self.pages_a_site)
            yield f"site{site}.example", f"/{page}", self.make_page(lines, site, number)

    def make_lines(self) -> list[str]:
        """What blocks are made of: lines of 1 to 60 words, half of them below 8: 90 characters on the average."""
        choose = random.Random(self.seed)
        lengths = [choose.choice((1, 2, 3, 4, 6, 8, 12, 25, 40, 60)) for _ in range(2_000)]
        return [" ".join(choose.choices(_WORDS, k=length)) for length in lengths]

    def make_page(self, lines: list[str], site: int, number: int) -> list[str]:
        """The blocks of one page: the frame of its site, then its own."""
        frame = int(self.blocks * self.frame_share)
        own = range(number * self.blocks, (number + 1) * self.blocks - frame)
        framed = range(site * self.blocks, site * self.blocks + frame)
        return [f"{lines[place % 2_000]} frame {_spell(place)}" for place in framed] + [
            f"{lines[place % 2_000]} story {_spell(place)}" for place in own
        ]


def _spell(number: int) -> str:
    """A number in letters, because a fingerprint does not tell numbers apart."""
    letters = []
    while number:
        number, place = divmod(number, 26)
        letters.append(chr(97 + place))
    return "".join(letters)


class Timing(NamedTuple):
    """Milliseconds a page: of processor time, which a busy machine stretches less, and by the clock."""

    processor: float
    clock: float


def _time_pages(action: Callable[[], object], pages: int) -> Timing:
    processor, clock = process_time(), perf_counter()
    action()
    return Timing(1000 * (process_time() - processor) / pages, 1000 * (perf_counter() - clock) / pages)


def _median(timings: Sequence[Timing]) -> Timing:
    return Timing(median(timing.processor for timing in timings), median(timing.clock for timing in timings))


def measure_learning(memory: SiteMemory, web: Web) -> list[Timing]:
    """The time of each batch, fingerprints and commits included, making the pages not."""
    timings: list[Timing] = []
    pages = iter(web)
    while batch := list(islice(pages, _BATCH_PAGES)):
        timings.append(_time_pages(partial(memory.learn_many_blocks, batch), len(batch)))
    return timings


def measure_lookups(memory: SiteMemory, web: Web, *, repeats: int, are_known: bool = True) -> Timing:
    """The median time of looking a page up, fingerprints included.

    :param repeats: so many pages of a site follow each other.
    :param are_known: whether the pages were learnt; of others, only the frame is known.
    """
    choose = random.Random(web.seed)
    lines = web.make_lines()
    timings: list[Timing] = []
    while len(timings) < _LOOKUPS:
        site = choose.randrange(max(1, web.pages // web.pages_a_site))
        for page in choose.choices(range(web.pages_a_site), k=repeats):
            number = site * web.pages_a_site + page + (0 if are_known else web.pages)
            name = f"/{page}" if are_known else f"/new/{number}"
            texts = web.make_page(lines, site, number)
            timings.append(_time_pages(partial(memory.lookup, f"site{site}.example", texts, page=name), 1))
    return _median(timings)


@dataclass(frozen=True, slots=True)
class Measures:
    """What one run found."""

    learning: list[Timing]
    closing: Timing
    """Closing the memory, divided by the pages learnt."""
    scattered: Timing
    """Lookups in sites in any order."""
    unknown: Timing
    """The same of pages that were not learnt."""
    grouped: Timing
    """Lookups site after site."""
    pruned: Timing
    """Lookups in sites in any order, after pruning."""
    blocks: int
    file_bytes: int
    pruned_bytes: int


def measure(web: Web, folder: str) -> Measures:
    """Learn the pages into a file, look some up, prune."""
    path = os.path.join(folder, "sites.sqlite")
    memory = SiteMemory(path)
    learning = measure_learning(memory, web)
    closing = _time_pages(memory.close, web.pages)
    file_bytes = os.path.getsize(path)
    with SiteMemory(path, read_only=True) as memory:
        scattered = measure_lookups(memory, web, repeats=1)
        unknown = measure_lookups(memory, web, repeats=1, are_known=False)
        grouped = measure_lookups(memory, web, repeats=50)
    with SiteMemory(path) as memory:
        blocks = sum(1 for _ in memory.export_rows())
        memory.prune()
        pruned = measure_lookups(memory, web, repeats=1)
    return Measures(learning, closing, scattered, unknown, grouped, pruned, blocks, file_bytes, os.path.getsize(path))


def format_measures(measures: Measures, web: Web) -> str:
    """The report; sizes are also given for the target number of pages, times are not: compare the quarters."""
    factor = TARGET_PAGES / web.pages
    quarter = max(1, len(measures.learning) // 4)
    times = {
        "learning a page": _median(measures.learning),
        "- in the first quarter": _median(measures.learning[:quarter]),
        "- in the last quarter": _median(measures.learning[-quarter:]),
        "closing, for each page": measures.closing,
        "looking a page up, sites in any order": measures.scattered,
        "- pages that were not learnt": measures.unknown,
        "looking a page up, site after site": measures.grouped,
        "looking a page up, sites in any order, singletons pruned": measures.pruned,
    }
    sizes = {
        "distinct blocks": measures.blocks,
        "bytes": measures.file_bytes,
        "bytes after pruning singletons": measures.pruned_bytes,
    }
    rows = [[name, f"{timing.processor:.3f}", f"{timing.clock:.3f}"] for name, timing in times.items()]
    sized = [[name, f"{size:,}", f"{size * factor:,.0f}"] for name, size in sizes.items()]
    each = ["bytes a distinct block", f"{measures.file_bytes / measures.blocks:.1f}", ""]
    return "\n\n".join(
        [
            format_table(["time (medians)", "processor ms", "clock ms"], rows),
            format_table(["size", f"{web.pages:,} pages", f"{TARGET_PAGES:,} (extrapolated)"], [*sized, each]),
        ]
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--pages", type=int, default=50_000, help="generated pages (default: %(default)s)")
    parser.add_argument("--pages-a-site", type=int, default=100, help="default: %(default)s")
    parser.add_argument("--blocks", type=int, default=200, help="blocks a page (default: %(default)s)")
    parser.add_argument(
        "--frame-share", type=float, default=0.3, help="part on every page of a site (default: %(default)s)"
    )
    parser.add_argument("--grouped", action="store_true", help="learn site after site, not in the order of a crawl")
    parser.add_argument("--folder", default=None, help="where to put the file (default: a temporary folder)")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    web = Web(
        pages=arguments.pages,
        pages_a_site=arguments.pages_a_site,
        blocks=arguments.blocks,
        frame_share=arguments.frame_share,
        shuffled=not arguments.grouped,
    )
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        print(format_measures(measure(web, folder), web))
    return 0
