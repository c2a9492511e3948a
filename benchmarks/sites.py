"""What a memory of a site changes: on pages that share a site, and on sites built of real frames and stories.

The tagger that ships was trained on these pages, so what it does without memory is better here than on pages it has not
seen; the difference a memory makes is smaller for it.
"""

import argparse
from collections.abc import Sequence
from random import Random
from statistics import fmean
from typing import NamedTuple

from benchmarks.corpora import LabelledPage, corpora_folder, load_corpus
from benchmarks.metrics import word_f1
from benchmarks.parts import BoilerplateLine, PageParts, load_parts
from benchmarks.tables import format_table
from benchmarks.textlines import page_text_lines

_CORPORA = ("wcxb-dev", "news-dev", "readability")
_LEAST_FRAME_LINES = 12
_FRAME_LINES = 60


class SitePage(NamedTuple):
    """A page of a site and the text that is to be kept."""

    site: str
    source: bytes | str
    story: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks sites``."""
    parser.add_argument("--sites", type=int, default=20, help="sites to build")
    parser.add_argument("--pages", type=int, default=40, help="pages of each built site")
    parser.add_argument("--seed", type=int, default=1)


def run(arguments: argparse.Namespace) -> int:
    """Print word F1 without and with a memory learnt from all the site's pages."""
    shared = group_by_site([page for corpus in _CORPORA for page in load_corpus(corpus)])
    large = {site: pages for site, pages in shared.items() if len(pages) >= 5}
    built = build_sites(arguments.sites, arguments.pages, arguments.seed)
    print(f"{len(shared)} sites share {sum(map(len, shared.values()))} labelled pages; {len(large)} have five or more")
    rows = [
        ["pages that share a site, HTML", *compare(shared, as_text=False)],
        ["- sites of five pages or more", *compare(large, as_text=False)],
        ["pages that share a site, text", *compare(shared, as_text=True)],
        ["- sites of five pages or more", *compare(large, as_text=True)],
        [f"{len(built)} built sites of {arguments.pages} pages, text", *compare(built, as_text=True)],
    ]
    print(format_table(["word F1", "pages", "without memory", "with memory", "difference"], rows))
    return 0


def group_by_site(pages: Sequence[LabelledPage]) -> dict[str, list[SitePage]]:
    """Labelled pages by site, sites of one page left out."""
    sites: dict[str, list[SitePage]] = {}
    for page in pages:
        if page.story:
            sites.setdefault(page.group, []).append(SitePage(page.group, page.html, page.story))
    return {site: members for site, members in sites.items() if len(members) >= 2}


def build_sites(count: int, pages: int, seed: int) -> dict[str, list[SitePage]]:
    """Sites that print a real page's frame around stories of other real pages in the same language.

    Only frames with prose in them, such as a notice or a word about the paper: without, no memory is needed.
    """
    parts = load_parts(frozenset(range(5)), corpora_folder())
    stories = [part for part in parts if part.story]
    frames = [part for part in stories if len(part.own) >= _LEAST_FRAME_LINES and _has_prose(part)]
    random = Random(seed)
    random.shuffle(frames)
    sites: dict[str, list[SitePage]] = {}
    for frame in frames:
        others = [part for part in stories if part.language == frame.language and part.group != frame.group]
        if frame.group not in sites and len(others) >= pages and len(sites) < count:
            chosen = random.sample(others, pages)
            sites[frame.group] = [_build_page(random, frame, part) for part in chosen]
    return sites


def _has_prose(frame: PageParts) -> bool:
    return any(line.kind == "prose" for line in _tail_of(frame))


def _tail_of(frame: PageParts) -> tuple[BoilerplateLine, ...]:
    """All boilerplate below a page's story, its prose included."""
    return frame.foreign[len(frame.head) :]


def _build_page(random: Random, frame: PageParts, part: PageParts) -> SitePage:
    """The frame's lines around a story; a tenth of them differ from page to page, as counts and teasers do."""
    head, tail = (
        [line.text for line in lines[:_FRAME_LINES] if random.random() > 0.1] for lines in (frame.head, _tail_of(frame))
    )
    lines = [*head, *part.story, *tail]
    return SitePage(frame.group, "\n".join(lines), "\n".join(part.story))


def compare(sites: dict[str, list[SitePage]], *, as_text: bool) -> list[str]:
    """Pages, mean word F1 without and with memory, and the difference."""
    pages = [_prepare(page, as_text) for members in sites.values() for page in members]
    without, with_memory = _score(pages, as_text, remember=False), _score(pages, as_text, remember=True)
    return [str(len(pages)), f"{without:.4f}", f"{with_memory:.4f}", f"{with_memory - without:+.4f}"]


def _prepare(page: SitePage, as_text: bool) -> SitePage:
    is_html = isinstance(page.source, bytes)
    return page._replace(source=page_text_lines(page.source)) if as_text and is_html else page  # type: ignore[arg-type]


def _score(pages: Sequence[SitePage], as_text: bool, *, remember: bool) -> float:
    from boilerstrip import Cleaner, SiteMemory
    from boilerstrip.learning import learn
    from boilerstrip.sources import read_source

    kind = "text" if as_text else "html"
    memory = SiteMemory(":memory:") if remember else None
    if memory is not None:
        for page in pages:
            learn(memory, [read_source(page.source, kind).page], site=page.site)
    cleaners = {page.site: Cleaner(kind=kind, memory=memory, site=page.site if memory else None) for page in pages}
    return fmean(word_f1(cleaners[page.site].clean(page.source).text, page.story).f1 for page in pages)
