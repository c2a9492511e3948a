"""Pages as they might also have been: names dropped, sections removed, the page as plain text. Pages in, pages out."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boilerstrip.page import Page

_BLOCK_COLUMNS = ("texts", "tags", "roles", "link_characters", "boxes", "marks", "inline_names")


def select_blocks(page: Page, kept: NDArray[np.bool_]) -> Page:
    """The page with only some of its blocks; boxes stay, with the runs of blocks they now hold."""
    before = np.concatenate(([0], np.cumsum(kept)))
    columns: dict[str, Any] = {
        name: [value for value, keep in zip(getattr(page, name), kept, strict=True) if keep] for name in _BLOCK_COLUMNS
    }
    counts = {
        name: [value for value, keep in zip(getattr(page, name), [*kept, True], strict=True) if keep]
        for name in ("images", "controls")
    }
    return replace(
        page,
        **columns,
        **counts,
        box_first=before[list(page.box_first)].tolist(),
        box_last=before[list(page.box_last)].tolist(),
    )


def drop_names(page: Page, share: float, random: np.random.Generator) -> Page:
    """Forget the class and id of a share of the boxes, as on pages whose names mean nothing."""
    hashed = random.random(len(page.box_names)) < share
    names = [
        f"x{number % 97}" if drop and name else name
        for number, (name, drop) in enumerate(zip(page.box_names, hashed, strict=True))
    ]
    return replace(page, box_names=names, inline_names=["" if share > 0.5 else name for name in page.inline_names])


def choose_branches(
    page: Page, labels: NDArray[np.float64], share: float, random: np.random.Generator
) -> NDArray[np.bool_]:
    """Which blocks stay when some small boxes are removed: branches of up to a fifth of the page."""
    kept = np.ones(len(page), dtype=bool)
    for box in range(1, len(page.box_first)):
        first, last = page.box_first[box], page.box_last[box]
        size = last - first
        if 1 <= size <= max(len(page) // 5, 2) and random.random() < share / np.sqrt(size + 1):
            kept[first:last] = False
    if labels[kept].sum() < 0.3 * labels.sum():
        return np.ones(len(page), dtype=bool)
    return kept


def to_plain_text(page: Page, random: np.random.Generator) -> tuple[Page, NDArray[np.int64]]:
    """The page as somebody scraped it, a block a line, and for each text block the block it comes from."""
    style = random.random()
    parts: list[str] = []
    owners: list[int] = []
    position = 0
    for text in page.texts:
        line = text if random.random() < 0.5 else " ".join(text.split())
        long = len(line) > 80
        gap = "\n" if style < 0.4 else "\n\n" if style < 0.7 or long else "\n"
        parts.append(line + gap)
        position += len(line) + len(gap)
        owners.append(position)
    from boilerstrip.segment.text import segment_text

    plain = segment_text("".join(parts))
    starts = np.array([start for start, _ in plain.spans], dtype=np.int64)
    return plain, np.searchsorted(np.array(owners), starts, side="right")
