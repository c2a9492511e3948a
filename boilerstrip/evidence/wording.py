"""Wording: the evidence of some blocks of a page as it would be if somebody had scraped them as plain text.

What the words say without the structure is a second opinion. The columns of language, density, repetition and cohesion
stay as they were measured on the whole page; what only markup can tell is taken away.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence import claims, structure
from boilerstrip.evidence.matrix import COLUMNS, Evidence

_NUMBER: Final = {name: number for number, name in enumerate(COLUMNS)}
_FROM_MARKUP: Final = np.array(
    [
        _NUMBER[name]
        for name in (
            *structure.COLUMNS, *claims.COLUMNS, "link_density", "link_count", "strong_share", "emphasis_share",
            "code_share", "images", "controls", "title_share", "title_cover", "title_around", "description_share",
            "structured_share", "structured_known", "structured_description", "is_title", "title_known",
            "after_title", "title_distance", "page_link_density", "last_heading_level", "page_headings",
            "page_paragraph_share", "starts_paragraph_run",
        )
    ]
)  # fmt: skip
"""Columns that are zero in a plain text without headings."""
_BLANK_LINE: Final = 1.0
_TEXT_EDGE: Final = 1.5
"""Values of the gap columns at a blank line, and before the first and after the last line."""


def read_as_text(evidence: Evidence, blocks: NDArray[np.int64]) -> Evidence:
    """The evidence of some blocks, given by their numbers in order, as paragraphs of a plain text."""
    columns = evidence.columns[blocks]
    is_separator = columns[:, _NUMBER["role_separator"]].copy()
    columns[:, _FROM_MARKUP] = 0.0
    columns[:, _NUMBER["role_separator"]] = is_separator
    columns[:, _NUMBER["role_paragraph"]] = 1.0 - is_separator
    words = evidence.word_counts[blocks]
    for name, values in _measure_place(words).items():
        columns[:, _NUMBER[name]] = values
    sizes = np.diff(evidence.word_starts)
    chosen = np.zeros(len(evidence), dtype=bool)
    chosen[blocks] = True
    return replace(
        evidence,
        columns=columns,
        word_buckets=evidence.word_buckets[np.repeat(chosen, sizes)],
        word_starts=np.concatenate(([0], np.cumsum(sizes[blocks]))),
        opening_buckets=evidence.opening_buckets[blocks],
        word_counts=words,
        block_languages=tuple(evidence.block_languages[block] for block in blocks.tolist()),
        title=None,
    )


def _measure_place(words: NDArray[np.float64]) -> dict[str, NDArray[np.float64] | float]:
    """The position columns of a text of so many words a block, with a blank line between all blocks."""
    count, total = len(words), max(float(words.sum()), 1.0)
    order, before = np.arange(count, dtype=np.float64), np.cumsum(words) - words
    gaps = np.full(count + 1, _BLANK_LINE)
    gaps[[0, -1]] = _TEXT_EDGE
    return {
        "index_share": order / max(count, 1),
        "words_before": before / total,
        "words_after": (total - before - words) / total,
        "blocks_before": np.log1p(order) / 3.0,
        "blocks_after": np.log1p(count - 1 - order) / 3.0,
        "since_heading_blocks": 5.0 / 3.0,
        "since_heading_words": 8.0 / 5.0,
        "page_blocks": float(np.log1p(count)) / 3.0,
        "page_words": float(np.log1p(words.sum())) / 3.0,
        "page_block_words": float(np.log1p(words.sum() / max(count, 1))),
        "page_is_text": 1.0,
        "gap_before": gaps[:-1],
        "gap_after": gaps[1:],
    }
