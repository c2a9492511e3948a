"""Pages as they might also have been: names dropped, sections removed, the page as plain text. Pages in, pages out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip.page import Page, SiteCounts
from boilerstrip.segment.text import segment_text

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


def swap_names(page: Page, share: float, random: np.random.Generator) -> Page:
    """Give a share of the boxes the class and id of other boxes, as authors do who call a story "sidebar"."""
    names = list(page.box_names)
    for box in np.flatnonzero(random.random(len(names)) < share).tolist():
        names[box] = page.box_names[int(random.integers(len(names)))] if random.random() < 0.5 else _misname(random)
    return replace(page, box_names=names)


def _misname(random: np.random.Generator) -> str:
    groups = list(tags.CLASS_VOCABULARY.values())
    words = groups[int(random.integers(len(groups)))].split()
    return words[int(random.integers(len(words)))]


NOTICE_NAMES = (
    "cookie-banner",
    "consent",
    "modal",
    "newsletter-signup",
    "notice",
    "paywall",
    "promo",
    "box",
    "",
    "",
    "c17",
)
STORY_NAMES = ("article", "post", "entry", "content", "article-body", "story", "", "c17")


def insert_notices(
    page: Page, labels: NDArray[np.float64], lines: Sequence[str], random: np.random.Generator
) -> tuple[Page, NDArray[np.float64]]:
    """The page with a box of notices somewhere among its boxes, and its labels: 0 for the notices."""
    hosts = [box for box in range(1, len(page.box_first)) if page.box_last[box] - page.box_first[box] >= 3]
    if not hosts or not lines:
        return page, labels
    host = 1 if random.random() < 0.5 and 1 in hosts else hosts[int(random.integers(len(hosts)))]
    places = [page.box_last[host], page.box_first[host]]
    places += [page.box_first[box] for box, parent in enumerate(page.box_parents) if parent == host]
    place = places[int(random.integers(len(places)))]
    name = NOTICE_NAMES[int(random.integers(len(NOTICE_NAMES)))]
    changed = _insert_box(page, host, place, list(lines), name, random)
    return changed, np.concatenate((labels[:place], np.zeros(len(lines)), labels[place:]))


def insert_second_story(
    page: Page, labels: NDArray[np.float64], box: int, lines: Sequence[str], random: np.random.Generator
) -> tuple[Page, NDArray[np.float64]]:
    """The page with another story right after the box of its own, as pages without end have it; 0 for its blocks.

    Half of the time its box has the names that the page's own has, as if one template had made both.
    """
    place, host = page.box_last[box], page.box_parents[box]
    name = page.box_names[box] if random.random() < 0.5 else STORY_NAMES[int(random.integers(len(STORY_NAMES)))]
    changed = _insert_box(page, host, place, list(lines), name, random)
    return changed, np.concatenate((labels[:place], np.zeros(len(lines)), labels[place:]))


def make_room(page: Page, host: int, place: int, count: int) -> tuple[list[int], list[int]]:
    """First and last blocks of the page's boxes once ``count`` blocks stand in ``host`` before block ``place``."""
    above, box = set(), host
    while box >= 0:
        above.add(box)
        box = page.box_parents[box]
    first, last = list(page.box_first), list(page.box_last)
    for box in range(len(first)):
        if box in above:
            last[box] += count
        elif first[box] >= place:
            first[box] += count
            last[box] += count
    return first, last


def _insert_box(page: Page, host: int, place: int, lines: list[str], name: str, random: np.random.Generator) -> Page:
    count, number = len(lines), len(page.box_tags)
    first, last = make_room(page, host, place, count)
    tag = ("p", "div", "li")[int(random.integers(3))]
    linked = [len(line) if len(line) < 40 and random.random() < 0.4 else 0 for line in lines]
    columns: dict[str, Any] = {
        "texts": lines,
        "tags": [tag] * count,
        "roles": ["list_item" if tag == "li" else "paragraph"] * count,
        "link_characters": linked,
        "boxes": [number + 1] * count,
        "marks": [()] * count,
        "inline_names": [""] * count,
        "images": [0] * count,
        "controls": [int(random.random() < 0.2) for _ in lines],
    }
    spliced = {
        name: [*getattr(page, name)[:place], *values, *getattr(page, name)[place:]] for name, values in columns.items()
    }
    depth = page.box_depths[host] + 1
    boxes: dict[str, Any] = {
        "box_parents": [host, number],
        "box_tags": [("div", "section", "aside")[int(random.integers(3))], tag],
        "box_elements": [0, 0],
        "box_depths": [depth, depth + 1],
        "box_names": [name, ""],
        "box_hidden": [False, False],
    }
    appended = {name: [*getattr(page, name), *values] for name, values in boxes.items()}
    return replace(
        page,
        **spliced,
        **appended,
        box_first=[*first, place, place],
        box_last=[*last, place + count, place + count],
    )


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
    plain = segment_text("".join(parts))
    starts = np.array([start for start, _ in plain.spans], dtype=np.int64)
    return plain, np.searchsorted(np.array(owners), starts, side="right")


_WORD_BOUNDS = (2, 4, 8, 20)
"""Words of a block from which on the next row of the table below holds."""
_SITE_SHARES = {
    True: (
        (0.822, 0.099, 0.056), (0.880, 0.051, 0.030), (0.906, 0.022, 0.034), (0.942, 0.011, 0.006), (0.996, 0.004, 0.0),
    ),
    False: (
        (0.340, 0.071, 0.116), (0.334, 0.072, 0.117), (0.556, 0.074, 0.080), (0.736, 0.027, 0.040),
        (0.658, 0.192, 0.021),
    ),
}  # fmt: skip
"""For story and boilerplate of each length: how many blocks stand on at most one other page of the site, on less than
half of them, on less than four fifths (31 sites of the corpora with four labelled pages or more)."""
_RANGES = ((0.0, 0.0), (0.0, 0.5), (0.5, 0.8), (0.8, 1.0))
_ONE_TEMPLATE = 0.35
"""Imagined sites that print one frame on every page, as most real ones of one kind of page do."""


def imagine_site(page: Page, labels: NDArray[np.float64], random: np.random.Generator) -> SiteCounts:
    """What a memory of the page's site might know, drawn as the corpora have it; frames come in runs of blocks."""
    pages = int(random.integers(3, 80))
    one_template = random.random() < _ONE_TEMPLATE
    framed_share = random.uniform(0.4, 0.95)
    shares: list[float] = []
    before: tuple[bool, float] | None = None
    for text, label in zip(page.texts, labels.tolist(), strict=True):
        is_story = label >= 0.5
        if before is not None and before[0] == is_story and not is_story and random.random() < 0.7:
            share = before[1]
        elif one_template and not is_story:
            share = float(random.beta(5, 1)) if random.random() < framed_share else 0.0
        else:
            row = _SITE_SHARES[is_story][int(np.searchsorted(_WORD_BOUNDS, len(text.split()), side="right"))]
            share = float(random.uniform(*_RANGES[int(np.searchsorted(np.cumsum(row), random.random()))]))
        before = (is_story, share)
        shares.append(share)
    if random.random() < 0.1:
        shares = [1.0 / pages if label >= 0.5 else share for label, share in zip(labels.tolist(), shares, strict=True)]
    return SiteCounts("imagined", pages, np.round(np.array(shares) * pages).astype(int).tolist())
