"""Memory: what learning and looking up cost in time and space, on generated pages."""

import argparse
import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean
from time import perf_counter

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
        lines = self._make_lines()
        for number in order:
            site, page = divmod(number, self.pages_a_site)
            yield f"site{site}.example", f"/{page}", self._make_page(lines, site, number)

    def _make_lines(self) -> list[str]:
        """Lines of 1 to 60 words, half of them below 8: 90 characters on the average."""
        choose = random.Random(self.seed)
        lengths = [choose.choice((1, 2, 3, 4, 6, 8, 12, 25, 40, 60)) for _ in range(2_000)]
        return [" ".join(choose.choices(_WORDS, k=length)) for length in lengths]

    def _make_page(self, lines: list[str], site: int, number: int) -> list[str]:
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


def measure_learning(memory: SiteMemory, web: Web) -> list[float]:
    """Milliseconds a page for each batch, fingerprints and commits included, making the pages not."""
    timings: list[float] = []
    pages = iter(web)
    while batch := [page for _, page in zip(range(_BATCH_PAGES), pages, strict=False)]:
        start = perf_counter()
        memory.learn_many_blocks(batch)
        timings.append(1000 * (perf_counter() - start) / len(batch))
    return timings


def measure_lookups(memory: SiteMemory, web: Web, *, repeats: int) -> float:
    """Mean milliseconds of looking a page up, fingerprints included; ``repeats`` pages of a site follow each other."""
    choose = random.Random(web.seed)
    lines = web._make_lines()
    timings: list[float] = []
    while len(timings) < _LOOKUPS:
        site = choose.randrange(max(1, web.pages // web.pages_a_site))
        for _ in range(repeats):
            number = site * web.pages_a_site + choose.randrange(web.pages_a_site)
            texts = web._make_page(lines, site, number)
            start = perf_counter()
            memory.lookup(f"site{site}.example", texts, page=f"/{number % web.pages_a_site}")
            timings.append(1000 * (perf_counter() - start))
    return fmean(timings)


def measure(web: Web, folder: str) -> list[list[str]]:
    """The rows of the report: a measure, its value and what the target size makes of it."""
    path = os.path.join(folder, "sites.sqlite")
    with SiteMemory(path) as memory:
        timings = measure_learning(memory, web)
    size = os.path.getsize(path)
    with SiteMemory(path, read_only=True) as memory:
        scattered = measure_lookups(memory, web, repeats=1)
        grouped = measure_lookups(memory, web, repeats=min(50, web.pages_a_site))
    with SiteMemory(path) as memory:
        blocks = memory.stats().blocks
        start = perf_counter()
        memory.prune()
        pruning = perf_counter() - start
    pruned = os.path.getsize(path)
    return _format_rows(web, timings, size, blocks, (scattered, grouped), pruned, pruning)


def _format_rows(
    web: Web,
    timings: list[float],
    size: int,
    blocks: int,
    lookups: tuple[float, float],
    pruned: int,
    pruning: float,
) -> list[list[str]]:
    factor = TARGET_PAGES / web.pages
    quarter = max(1, len(timings) // 4)
    return [
        ["learning, ms a page", f"{fmean(timings):.3f}", ""],
        ["- first quarter of the pages", f"{fmean(timings[:quarter]):.3f}", ""],
        ["- last quarter of the pages", f"{fmean(timings[-quarter:]):.3f}", ""],
        ["lookup, ms a page, sites in any order", f"{lookups[0]:.3f}", ""],
        ["lookup, ms a page, site after site", f"{lookups[1]:.3f}", ""],
        ["distinct blocks", f"{blocks:,}", f"{blocks * factor:,.0f}"],
        ["file, MB", f"{size / 1e6:.1f}", f"{size * factor / 1e6:,.0f}"],
        ["bytes a distinct block", f"{size / blocks:.1f}", ""],
        ["file after pruning, MB", f"{pruned / 1e6:.1f}", f"{pruned * factor / 1e6:,.0f}"],
        ["pruning, seconds", f"{pruning:.1f}", f"{pruning * factor:,.0f}"],
    ]


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
        rows = measure(web, folder)
    print(format_table(["measure", f"{web.pages:,} pages", f"× {TARGET_PAGES / web.pages:g}, not measured"], rows))
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark with these command-line arguments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks memory", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args(arguments))


if __name__ == "__main__":
    raise SystemExit(main())
