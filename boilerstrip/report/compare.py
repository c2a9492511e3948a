"""Our verdicts beside another extractor's text of the same page."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from boilerstrip.blocks import Block
from boilerstrip.document import Document
from boilerstrip.errors import OptionError

_RUN: Final = 3
"""Words in a row that are looked for: fewer are found everywhere, more are lost at every small difference."""

_PLACES_LIMIT: Final = 20
"""Lines that are considered for a block: what stands in more of them says nothing about its place."""
_LINE_END: Final = re.compile(r"[\n\r\t|]+")
"""Where a line of the other text ends: cells of a table are lines of their own, in Markdown too."""
_TOKEN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What another text has of each block."""

    shares: tuple[float, ...]
    """0 to 1: how much of each block stands in the other text."""
    agreement: float
    """Share of the page's words for which both verdicts are the same."""
    lines_elsewhere: tuple[str, ...]
    """Lines of the other text that stand in no block."""

    def differs(self, position: int, kept: bool) -> bool:
        """Whether the other extractor decided otherwise about most of a block."""
        return (self.shares[position] >= 0.5) != kept


def compare_texts(blocks: Sequence[Block], other: str) -> Comparison:
    """Look for every block in another text, and for every line of that text in the blocks.

    A block stands in the text as far as its runs of three words do; a shorter block if a line of the text is the same.
    A run that stands in several blocks, as a heading and its entry in a menu, is counted for as many as the text
    has it: first for those that stand in the order of the text.
    """
    lines = _LINE_END.split(other)
    shares = _measure_shares([block.text for block in blocks], lines)
    words = [block.word_count for block in blocks]
    same = sum(count for block, count, share in zip(blocks, words, shares, strict=True) if (share >= 0.5) == block.kept)
    page_lines = [line for block in blocks for line in block.text.splitlines()]
    elsewhere = [line for line, share in zip(lines, _measure_shares(lines, page_lines), strict=True) if share < 0.5]
    return Comparison(
        shares=tuple(shares),
        agreement=same / sum(words) if sum(words) else 1.0,
        lines_elsewhere=tuple(line for line in elsewhere if _TOKEN.search(line)),
    )


def _measure_shares(texts: Sequence[str], lines: Sequence[str]) -> list[float]:
    """How much of each text, 0 to 1, stands in the lines."""
    known = Counter(run for line in lines for run in _find_runs(line))
    aligned = _align(texts, lines)
    order = sorted(range(len(texts)), key=lambda number: number not in aligned)
    shares = {number: _measure_share(texts[number], known) for number in order}
    return [shares[number] for number in range(len(texts))]


def _align(texts: Sequence[str], lines: Sequence[str]) -> set[int]:
    """The numbers of the texts that begin in some line, in the order of the lines: as many runs of words as possible.

    That is the heaviest increasing subsequence of the pairs of text and line, found with a tree of running maxima
    (Fenwick 1994). Of equally heavy ones it is the one with the fewest texts left out between, and then the first.

    >>> sorted(_align(["Rain", "Sun", "Rain", "It rained all day"], ["Rain", "It rained all day"]))
    [2, 3]
    """
    nothing = heaviest = _Chain(0, 0)
    best = [nothing] * (len(lines) + 1)
    for text, line, weight in _find_places(texts, lines):
        before = max((best[place] for place in _places_up_to(line - 1)), key=_rank, default=nothing)
        chain = _Chain(before.weight + weight, before.rank + 1 if before.weight else text, text, before)
        heaviest = max(heaviest, chain, key=lambda chain: (chain.weight, chain.rank - chain.text))
        while line <= len(lines):
            best[line] = max(best[line], chain, key=_rank)
            line += line & -line
    aligned = set[int]()
    last: _Chain | None = heaviest
    while last is not None and last.weight:
        aligned.add(last.text)
        last = last.before
    return aligned


class _Chain(NamedTuple):
    """Texts that stand in the order of the lines, the last one first."""

    weight: int
    """Runs of words in all of them."""
    rank: int
    """Number of the last text, less the texts left out between: of equally heavy chains the higher goes on better."""
    text: int = -1
    before: "_Chain | None" = None


def _rank(chain: _Chain) -> tuple[int, int]:
    return chain.weight, chain.rank


def _find_places(texts: Sequence[str], lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Number of a text, one-based number of a line that it may begin in, and how many runs of words it has.

    The later lines come first, so that no text is chained to itself.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for number, line in enumerate(lines, start=1):
        for run in set(_find_runs(line)):
            places.setdefault(run, []).append(number)
    for number, text in enumerate(texts):
        runs = _find_runs(text)
        found = places.get(runs[0], []) if runs else []
        for line_number in reversed(found if len(found) <= _PLACES_LIMIT else []):
            yield number, line_number, len(runs)


def _places_up_to(line: int) -> Iterator[int]:
    while line:
        yield line
        line &= line - 1


def _measure_share(text: str, known: Counter[tuple[str, ...]]) -> float:
    runs = Counter(run for line in text.splitlines() for run in _find_runs(line))
    if not runs:
        return 0.0
    found = {run: min(count, known[run]) for run, count in runs.items()}
    known.subtract(found)
    return sum(found.values()) / runs.total()


def _find_runs(line: str) -> list[tuple[str, ...]]:
    """Every run of three words in a line; all of a shorter one.

    >>> _find_runs("A b c d"), _find_runs("a")
    ([('a', 'b', 'c'), ('b', 'c', 'd')], [('a',)])
    """
    words = _TOKEN.findall(line.casefold())
    if len(words) < _RUN:
        return [tuple(words)] if words else []
    return [tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)]


class OtherText(NamedTuple):
    """What another extractor kept of a page, as far as it got, and why it did not (``""``: it did)."""

    text: str | None
    note: str = ""


def _extract_with_trafilatura(source: str, url: str | None) -> str:
    from trafilatura import extract

    return extract(source, url=url, include_comments=False) or ""


EXTRACTORS: Final[Mapping[str, Callable[[str, str | None], str]]] = MappingProxyType(
    {"trafilatura": _extract_with_trafilatura}
)
"""The extractors to compare with, by name: a page's HTML and its address in, text out."""


def read_other_text(document: Document, name: str) -> OtherText:
    """Have another extractor read the page that a document was made of.

    :raises OptionError: if the extractor is none of :data:`EXTRACTORS`.

    >>> read_other_text(Document(text="One.", source="One."), "trafilatura").note
    'trafilatura reads HTML only, and this is plain text'
    """
    if name not in EXTRACTORS:
        raise OptionError(f"against={name!r} is not known; use one of {', '.join(EXTRACTORS)}")
    if document.kind != "html":
        return OtherText(None, f"{name} reads HTML only, and this is plain text")
    try:
        return OtherText(EXTRACTORS[name](document.source, document.url))
    except Exception as error:
        return OtherText(None, f"{name} could not read this page ({type(error).__name__}: {error})")
