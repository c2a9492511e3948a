"""Our verdicts beside another extractor's text of the same page."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from boilerstrip.blocks import Block

RUN: Final = 3
"""Words in a row that are looked for: fewer are found everywhere, more are lost at every small difference."""

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
    A run that stands in several blocks is counted for as many of them as the text has it, from the top.

    >>> block = Block("The rain fell all day.", True, 1.0, None, "paragraph", "p", None, None, (), 0, ())
    >>> compare_texts([block], "The rain fell all day.").shares
    (1.0,)
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
    tokens = [_TOKEN.findall(line.casefold()) for line in lines]
    known = Counter(run for line in tokens for run in _find_runs(line))
    return [_measure_share(text, known) for text in texts]


def _measure_share(text: str, known: Counter[tuple[str, ...]]) -> float:
    runs = Counter(run for line in text.splitlines() for run in _find_runs(_TOKEN.findall(line.casefold())))
    if not runs:
        return 0.0
    found = {run: min(count, known[run]) for run, count in runs.items()}
    known.subtract(found)
    return sum(found.values()) / runs.total()


def _find_runs(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """Every run of three words; all of a shorter line.

    >>> _find_runs(["a", "b", "c", "d"]), _find_runs(["a"])
    ([('a', 'b', 'c'), ('b', 'c', 'd')], [('a',)])
    """
    if len(tokens) < RUN:
        return [tuple(tokens)] if tokens else []
    return [tuple(tokens[start : start + RUN]) for start in range(len(tokens) - RUN + 1)]
