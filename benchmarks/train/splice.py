"""A page's story in another page's frame: the menus, teasers and footers of one site around the story of another.

There are as many such pages as pairs of pages, and none of them can be learnt by heart: what a net learns from them
about frames holds for stories of other sites, and the other way round.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.page import Page

_STORY_SHARE: Final = 0.9
"""Share of the story's characters that the box of the story holds."""
_LEAST_DEPTH: Final = 2
"""Boxes above the box of the story: ``html`` and ``body`` at least, or there is no frame."""
_MOST_OF_FRAME: Final = 0.9
"""Share of a page's blocks from which on a box leaves too little around it to be a frame."""
_BLOCK_COLUMNS: Final = ("texts", "tags", "roles", "link_characters", "marks", "inline_names", "invisible", "notes")


@dataclass(frozen=True, slots=True)
class LabelledBlocks:
    """A page with the label of each block and whether it is known, shape (n,) both."""

    page: Page
    labels: NDArray[np.float64]
    known: NDArray[np.bool_]


def find_story_box(blocks: LabelledBlocks) -> int | None:
    """The smallest box that holds nearly all of the story; ``None`` where that is the whole page or nothing."""
    page = blocks.page
    story = blocks.labels * [len(text) for text in page.texts]
    if not page.box_tags or story.sum() <= 0:
        return None
    sums = np.concatenate(([0.0], np.cumsum(story)))
    first, last = np.array(page.box_first), np.array(page.box_last)
    holds = (sums[last] - sums[first] >= _STORY_SHARE * story.sum()) & (np.array(page.box_depths) >= _LEAST_DEPTH)
    if not holds.any():
        return None
    sizes = np.where(holds, last - first, len(page) + 1)
    return int(np.flatnonzero(sizes == sizes.min())[-1])


def put_into_frame(own: LabelledBlocks, frame: LabelledBlocks) -> LabelledBlocks | None:
    """The frame's page with the box of its story replaced by that of another page; ``None`` where either has none."""
    box, hole = find_story_box(own), find_story_box(frame)
    if box is None or hole is None or not (own.known.all() and frame.known.all()):
        return None
    page = frame.page
    if page.box_last[hole] - page.box_first[hole] > _MOST_OF_FRAME * len(page):
        return None
    run, gap = slice(own.page.box_first[box], own.page.box_last[box]), slice(page.box_first[hole], page.box_last[hole])

    def splice(values: Any, others: Any) -> list[Any]:
        return [*values[: gap.start], *others[run], *values[gap.stop :]]

    columns = {name: splice(getattr(page, name), getattr(own.page, name)) for name in _BLOCK_COLUMNS}
    counts = {name: splice(getattr(page, name), getattr(own.page, name)) for name in ("images", "controls")}
    return LabelledBlocks(
        replace(
            page,
            **columns,
            **counts,
            **_splice_boxes(own.page, box, page, hole),
            concealed=[-1] * len(columns["texts"]),
            head=own.page.head,
        ),
        np.array(splice(frame.labels, own.labels)),
        np.ones(len(columns["texts"]), dtype=bool),
    )


def _splice_boxes(own: Page, box: int, page: Page, hole: int) -> Mapping[str, list[Any]]:
    """The boxes outside the hole, then those of the story below the hole's parent."""
    kept = np.flatnonzero(~find_below(page, hole)).tolist()
    moved = np.flatnonzero(find_below(own, box)).tolist()
    place, shift = page.box_first[hole], own.box_first[box]
    growth = (own.box_last[box] - shift) - (page.box_last[hole] - place)
    number = {old: new for new, old in enumerate(kept)} | {-1: -1}
    moved_number = {old: new for new, old in enumerate(moved, start=len(kept))}
    moved_number[own.box_parents[box]] = number[page.box_parents[hole]]
    deeper = page.box_depths[hole] - own.box_depths[box]
    run, end = slice(shift, own.box_last[box]), page.box_last[hole]
    return {
        "boxes": [
            *(number[parent] for parent in page.boxes[:place]),
            *(moved_number[parent] for parent in own.boxes[run]),
            *(number[parent] for parent in page.boxes[end:]),
        ],
        "box_parents": [number[page.box_parents[old]] for old in kept]
        + [moved_number[own.box_parents[old]] for old in moved],
        "box_depths": [page.box_depths[old] for old in kept] + [own.box_depths[old] + deeper for old in moved],
        "box_elements": [0] * (len(kept) + len(moved)),
        **{
            name: [getattr(page, name)[old] for old in kept] + [getattr(own, name)[old] for old in moved]
            for name in ("box_tags", "box_names", "box_hidden")
        },
        **{
            name: [bound + growth * (bound > place) for bound in (getattr(page, name)[old] for old in kept)]
            + [getattr(own, name)[old] - shift + place for old in moved]
            for name in ("box_first", "box_last")
        },
    }


def find_below(page: Page, box: int) -> NDArray[np.bool_]:
    """Which boxes are the given one or stand below it."""
    below = np.zeros(len(page.box_parents), dtype=bool)
    below[box] = True
    for number in range(box + 1, len(below)):
        below[number] = below[page.box_parents[number]]
    return below


def add_wrappers(page: Page, share: float, random: np.random.Generator) -> Page:
    """Put a nameless ``div`` around a share of the boxes, as page builders do."""
    wrapped = (random.random(len(page.box_parents)) < share) & (np.array(page.box_parents) >= 0)
    rows: list[tuple[Any, ...]] = []
    number = {-1: -1}
    for box, parent in enumerate(page.box_parents):
        above, bounds = number[parent], (page.box_first[box], page.box_last[box])
        if wrapped[box]:
            rows.append((above, "div", "", False, rows[above][4] + 1, *bounds))
            above = len(rows) - 1
        depth = rows[above][4] + 1 if above >= 0 else 0
        number[box] = len(rows)
        rows.append((above, page.box_tags[box], page.box_names[box], page.box_hidden[box], depth, *bounds))
    if not rows:
        return page
    names = ("box_parents", "box_tags", "box_names", "box_hidden", "box_depths", "box_first", "box_last")
    columns: dict[str, Any] = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    return replace(page, **columns, boxes=[number[box] for box in page.boxes], box_elements=[0] * len(rows))
