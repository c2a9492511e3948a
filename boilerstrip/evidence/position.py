"""Position: where in the page's order a block stands, relative to its title and its headings, and how large the
page is."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip._core import load_part
from boilerstrip.evidence.tokens import Tokens
from boilerstrip.page import Page

Vector = NDArray[np.float64]

COLUMNS: Final = (
    "index_share", "words_before", "words_after", "blocks_before", "blocks_after", "is_title", "title_known",
    "after_title",
    "title_distance", "since_heading_blocks", "since_heading_words", "last_heading_level", "page_blocks",
    "page_words", "page_link_density",
    "page_block_words", "page_is_text", "page_paragraph_share", "page_headings", "starts_paragraph_run", "gap_before",
    "gap_after",
)  # fmt: skip

_TITLE_COVER: Final = 0.6
"""Share of the page title's words from which a short block counts as the title."""
_TITLE_WORDS: Final = 40


def find_title(page: Page, title_share: Vector, title_cover: Vector) -> int | None:
    """The block that is the page's title: the best covered short heading, ``h1`` first; ``None`` where there is none.

    A paragraph that ends as a sentence does is no heading, though the page's ``<title>`` repeats it: a short page may
    be called by its first words.
    """
    cover = title_cover * title_share
    best, best_rank = None, 0.0
    candidates = set((cover >= _TITLE_COVER).nonzero()[0].tolist())
    if "h1" in page.tags:
        candidates.update(number for number, tag in enumerate(page.tags) if tag == "h1")
    for number in sorted(candidates):
        is_first = page.tags[number] == "h1"
        if not is_first and (len(page.texts[number].split()) > _TITLE_WORDS or _is_sentence(page, number)):
            continue
        rank = float(cover[number]) + (0.35 if is_first else 0.15 if page.roles[number] == "heading" else 0.0)
        if rank > best_rank + 1e-9:
            best, best_rank = number, rank
    return best


def _is_sentence(page: Page, block: int) -> bool:
    return page.roles[block] == "paragraph" and page.texts[block].rstrip().endswith((".", "。"))


def measure_position(page: Page, tokens: Tokens, title: int | None) -> Vector:
    """The position columns, shape (len(COLUMNS), n)."""
    if module := load_part("position").module:
        place, words, lengths = -1 if title is None else title, tokens.word_counts, tokens.lengths
        measured: Vector = module.measure_position(page, words, lengths, tags.HEADINGS, place)
        return measured
    count = len(page)
    order = np.arange(count, dtype=np.float64)
    words = tokens.word_counts
    total = max(float(words.sum()), 1.0)
    before = np.cumsum(words) - words
    columns = {
        "index_share": order / max(count, 1),
        "words_before": before / total,
        "words_after": (total - before - words) / total,
        "blocks_before": np.log1p(order) / 3.0,
        "blocks_after": np.log1p(count - 1 - order) / 3.0,
        **_measure_title(order, title),
        **_measure_headings(page, words),
        **_measure_page(page, tokens),
        **_measure_gaps(page),
    }
    return np.array([columns[name] for name in COLUMNS])


def _measure_title(order: Vector, title: int | None) -> dict[str, Vector]:
    if title is None:
        return {name: np.zeros(len(order)) for name in ("is_title", "title_known", "after_title", "title_distance")}
    distance = order - title
    return {
        "is_title": (distance == 0).astype(np.float64),
        "title_known": np.ones(len(order)),
        "after_title": (distance > 0).astype(np.float64),
        "title_distance": np.sign(distance) * np.log1p(np.abs(distance)) / 3.0,
    }


def _measure_headings(page: Page, words: Vector) -> dict[str, Vector]:
    """How far above each block the nearest heading stands."""
    count = len(page)
    headings = np.array([role == "heading" for role in page.roles], dtype=bool)
    order = np.arange(count)
    last = np.maximum.accumulate(np.where(headings, order, -1)) if count else order
    levels = np.array([7.0 - tags.HEADINGS.get(tag, 7) for tag in page.tags]) / 6.0
    before = np.cumsum(words) - words
    known = last >= 0
    return {
        "since_heading_blocks": np.where(known, np.log1p(order - last), 5.0) / 3.0,
        "since_heading_words": np.where(known, np.log1p(np.maximum(before - before[last], 0.0)) if count else 0.0, 8.0)
        / 5.0,
        "last_heading_level": np.where(known, levels[last] if count else 0.0, 0.0),
    }


def _measure_page(page: Page, tokens: Tokens) -> dict[str, Vector]:
    """Figures of the whole page, the same for every block."""
    count, words = len(page), float(tokens.word_counts.sum())
    linked, characters = float(sum(page.link_characters)), float(max(int(tokens.lengths.sum()), 1))
    paragraphs = np.array([role == "paragraph" and tag == "p" for role, tag in zip(page.roles, page.tags, strict=True)])
    figures = {
        "page_blocks": np.log1p(count) / 3.0,
        "page_words": np.log1p(words) / 3.0,
        "page_link_density": linked / characters,
        "page_block_words": np.log1p(words / max(count, 1)),
        "page_is_text": float(page.kind == "text"),
        "page_paragraph_share": float(tokens.word_counts[paragraphs].sum()) / max(words, 1.0) if count else 0.0,
        "page_headings": np.log1p(sum(role == "heading" for role in page.roles)) / 3.0,
    }
    return {name: np.full(count, float(value)) for name, value in figures.items()}


def _measure_gaps(page: Page) -> dict[str, Vector]:
    """In plain text: characters between a block and its neighbours; a blank line makes the gap two or more."""
    count = len(page)
    names = ("gap_before", "gap_after", "starts_paragraph_run")
    if not page.spans:
        return {name: np.zeros(count) for name in names}
    starts = np.array([start for start, _ in page.spans], dtype=np.float64)
    ends = np.array([end for _, end in page.spans], dtype=np.float64)
    gaps = np.minimum(np.concatenate(([3.0], starts[1:] - ends[:-1], [3.0])), 4.0) / 2.0
    wide = gaps > 0.5
    return {
        "gap_before": gaps[:-1],
        "gap_after": gaps[1:],
        "starts_paragraph_run": (wide[:-1] & ~wide[1:]).astype(np.float64),
    }
