"""Scores to verdicts: the only place that decides. Each rule has a name, and says so where it overrules a score."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.matrix import COLUMNS, Evidence
from boilerstrip.options import Options
from boilerstrip.page import Page

RULES: Final = MappingProxyType(
    {
        "title": "it is the page's title, which has a place of its own",
        "separator": "it is a separator",
        "later_copy": "the same text was kept above",
        "empty_heading": "nothing below this heading was kept",
        "reader_comment": "it is a reader's comment, which was asked for",
    }
)
"""Rules that overrule a score, and the sentence each says."""

_COMMENT_WORDS: Final = 2.0
_COPY_WORDS: Final = 8
"""Words from which on a second copy of a kept block is dropped; shorter ones repeat in lists, tables and refrains."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Verdicts, and the rules that overruled the bare score."""

    kept: NDArray[np.bool_]
    """Shape (n,)."""
    overruled: Mapping[int, str]
    """Name of the rule, by block."""


def select(
    page: Page, evidence: Evidence, probabilities: NDArray[np.float64], threshold: float, options: Options
) -> Selection:
    """Keep the blocks whose probability reaches the threshold, then apply the rules in order."""
    kept = probabilities >= threshold
    overruled: dict[int, str] = {}
    if options.comments:
        _apply(find_reader_comments(evidence) & ~kept, True, "reader_comment", kept, overruled)
    _apply(_is_title(evidence) & kept, False, "title", kept, overruled)
    _apply(_is_separator(page) & kept, False, "separator", kept, overruled)
    _apply(find_later_copies(page, kept), False, "later_copy", kept, overruled)
    _apply(find_empty_headings(page, kept), False, "empty_heading", kept, overruled)
    return Selection(kept, overruled)


def _apply(
    hit: NDArray[np.bool_], verdict: bool, rule: str, kept: NDArray[np.bool_], overruled: dict[int, str]
) -> None:
    kept[hit] = verdict
    overruled.update(dict.fromkeys(np.flatnonzero(hit).tolist(), rule))


def _is_title(evidence: Evidence) -> NDArray[np.bool_]:
    hit = np.zeros(len(evidence), dtype=bool)
    if evidence.title is not None:
        hit[evidence.title] = True
    return hit


def _is_separator(page: Page) -> NDArray[np.bool_]:
    return np.array([role == "separator" for role in page.roles], dtype=bool)


def find_later_copies(page: Page, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Kept blocks of some length whose text was kept before."""
    seen: set[str] = set()
    hit = np.zeros(len(page), dtype=bool)
    for block in np.flatnonzero(kept).tolist():
        text = " ".join(page.texts[block].split())
        hit[block] = (
            text in seen and len(text.split()) >= _COPY_WORDS and page.roles[block] not in ("code", "table_cell")
        )
        seen.add(text)
    return hit


def find_empty_headings(page: Page, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Kept headings after which nothing is kept before the next heading of the same or a higher level, or the end."""
    hit = np.zeros(len(page), dtype=bool)
    pending: list[int] = []
    for block in range(len(page)):
        if page.roles[block] == "heading":
            while pending and page.tags[pending[-1]] >= page.tags[block]:
                hit[pending.pop()] = True
            if kept[block]:
                pending.append(block)
        elif kept[block]:
            pending.clear()
    hit[pending] = True
    return hit


def find_reader_comments(evidence: Evidence) -> NDArray[np.bool_]:
    """Blocks of text inside boxes that their author called comments."""
    columns = evidence.columns
    named = (columns[:, COLUMNS.index("near_comment")] > 0) | (columns[:, COLUMNS.index("above_comment")] > 0)
    text = (evidence.word_counts >= _COMMENT_WORDS) & (columns[:, COLUMNS.index("link_density")] < 0.3)
    return np.asarray(named & text & (columns[:, COLUMNS.index("inside_form")] == 0))
