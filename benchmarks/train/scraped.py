"""A page as somebody scraped it into Markdown: its headings, lists, tables, fences and links in plain text."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip.page import Page
from boilerstrip.segment.text import segment_text


def to_markdown_text(page: Page, random: np.random.Generator) -> tuple[Page, NDArray[np.int64]]:
    """The page as Markdown read as plain text, and for each block of the text the block of the page it comes from."""
    with_links = bool(random.random() < 0.5)
    gap = ("\n", "\n\n")[int(random.random() < 0.7)]
    parts: list[str] = []
    owners: list[int] = []
    ends: list[int] = []
    position = 0
    for block, line, is_item in _write_lines(page, with_links):
        text = line + ("\n" if is_item else gap)
        parts.append(text)
        position += len(text)
        owners.append(block)
        ends.append(position)
    plain = segment_text("".join(parts))
    starts = np.array([start for start, _ in plain.spans], dtype=np.int64)
    lines = np.minimum(np.searchsorted(np.array(ends, dtype=np.int64), starts, side="right"), max(len(owners) - 1, 0))
    return plain, np.array(owners, dtype=np.int64)[lines] if owners else lines


def _write_lines(page: Page, with_links: bool) -> Iterator[tuple[int, str, bool]]:
    """Each block's number, its line and whether the next line follows it closely; a table's row is one line."""
    row: list[str] = []
    row_box, first = -1, 0
    for block, (text, role, tag) in enumerate(zip(page.texts, page.roles, page.tags, strict=True)):
        box = page.box_parents[page.boxes[block]] if role == "table_cell" else -1
        if row and box != row_box:
            yield first, f"| {' | '.join(row)} |", True
            row = []
        if role == "table_cell":
            if not row:
                row_box, first = box, block
            row.append(" ".join(text.split()))
            continue
        line = _link(page, block) if with_links else text
        if role == "code":
            yield block, f"```\n{text}\n```", False
        elif role == "heading":
            yield block, f"{'#' * tags.HEADINGS.get(tag, 2)} {' '.join(line.split())}", False
        elif role == "list_item":
            yield block, f"- {' '.join(line.split())}", True
        elif role == "quote":
            yield block, f"> {' '.join(line.split())}", False
        else:
            yield block, line, False
    if row:
        yield first, f"| {' | '.join(row)} |", True


def _link(page: Page, block: int) -> str:
    """The block's text with its links as Markdown writes them."""
    text = page.texts[block]
    for mark in reversed([mark for mark in page.marks[block] if mark.kind == "link" and mark.target]):
        target = mark.target if mark.target.startswith("http") else f"https://example.org/{mark.target.lstrip('/')}"
        if " " not in target and mark.end > mark.start:
            text = f"{text[: mark.start]}[{text[mark.start : mark.end]}]({target}){text[mark.end :]}"
    return text
