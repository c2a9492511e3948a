"""Grafts: a branch of another page, with its boxes, set before, after or inside a page's story.

So a short article comes to stand among the teasers, comments and galleries of other sites, and a net that knows stories
by their frames alone is wrong.
"""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.train.augment import make_room
from benchmarks.train.splice import LabelledBlocks, find_below, find_story_box
from boilerstrip.page import Page

LEAST_BLOCKS: Final = 2
MOST_BLOCKS: Final = 80
LEAST_WORDS: Final = 25
_CLIMB: Final = 2
"""Boxes further out than the story's own that a graft may stand beside."""
_BLOCK_COLUMNS: Final = ("texts", "tags", "roles", "link_characters", "marks", "inline_names")
_COUNT_COLUMNS: Final = ("images", "controls")


def list_branches(blocks: LabelledBlocks) -> list[int]:
    """Boxes of a page that hold some text and none of its story."""
    page = blocks.page
    if not page.box_tags or not blocks.known.all():
        return []
    sums = np.concatenate(([0.0], np.cumsum(blocks.labels)))
    words = np.concatenate(([0], np.cumsum([len(text.split()) for text in page.texts])))
    first, last = np.array(page.box_first), np.array(page.box_last)
    sizes = last - first
    fits = (sizes >= LEAST_BLOCKS) & (sizes <= MOST_BLOCKS) & (words[last] - words[first] >= LEAST_WORDS)
    fits &= (sums[last] - sums[first] < 0.5) & (np.array(page.box_depths) >= 2)
    return [int(box) for box in np.flatnonzero(fits)]


def graft(
    own: LabelledBlocks, donor: LabelledBlocks, random: np.random.Generator, *, second_story: bool
) -> LabelledBlocks | None:
    """The page with a branch of the donor near its story, or the donor's whole story, which is none here; ``None``
    where either page has no place for it."""
    box = find_story_box(own)
    if box is None:
        return None
    if second_story:
        branch = find_story_box(donor)
        if branch is None or donor.page.box_last[branch] - donor.page.box_first[branch] > MOST_BLOCKS:
            return None
    else:
        branches = list_branches(donor)
        if not branches:
            return None
        branch = branches[int(random.integers(len(branches)))]
    host, place = _choose_place(own.page, box, random)
    return insert_branch(own, donor.page, branch, host, place)


def _choose_place(page: Page, box: int, random: np.random.Generator) -> tuple[int, int]:
    """The box that takes the graft, and the number of the block it comes before."""
    children = [child for child, parent in enumerate(page.box_parents) if parent == box]
    if len(children) > 1 and random.random() < 0.3:
        return box, page.box_first[children[int(random.integers(1, len(children)))]]
    for _ in range(int(random.integers(_CLIMB + 1))):
        if page.box_parents[page.box_parents[box]] > 0:
            box = page.box_parents[box]
    bounds = (page.box_first[box], page.box_last[box])
    return page.box_parents[box], bounds[int(random.random() < 0.65)]


def insert_branch(own: LabelledBlocks, donor: Page, branch: int, host: int, place: int) -> LabelledBlocks:
    """The page with the donor's branch as a child of ``host``, before block ``place``; labels 0 for it."""
    page = own.page
    run = slice(donor.box_first[branch], donor.box_last[branch])
    count, number = run.stop - run.start, len(page.box_tags)
    moved = np.flatnonzero(find_below(donor, branch)).tolist()
    new_number = {old: new for new, old in enumerate(moved, start=number)}
    new_number[donor.box_parents[branch]] = host
    first, last = make_room(page, host, place, count)

    def splice(values: Any, others: Any) -> list[Any]:
        return [*values[:place], *others, *values[place:]]

    columns: dict[str, Any] = {
        name: splice(getattr(page, name), getattr(donor, name)[run]) for name in (*_BLOCK_COLUMNS, *_COUNT_COLUMNS)
    }
    columns["boxes"] = splice(page.boxes, [new_number[box] for box in donor.boxes[run]])
    deeper = page.box_depths[host] + 1 - donor.box_depths[branch]
    boxes: dict[str, Any] = {
        "box_parents": [new_number[donor.box_parents[old]] for old in moved],
        "box_depths": [donor.box_depths[old] + deeper for old in moved],
        "box_elements": [0] * len(moved),
        **{name: [getattr(donor, name)[old] for old in moved] for name in ("box_tags", "box_names", "box_hidden")},
    }
    appended = {name: [*getattr(page, name), *values] for name, values in boxes.items()}
    shift = place - run.start
    changed = replace(
        page,
        **columns,
        **appended,
        box_first=[*first, *(donor.box_first[old] + shift for old in moved)],
        box_last=[*last, *(donor.box_last[old] + shift for old in moved)],
    )
    return LabelledBlocks(changed, _splice(own.labels, place, count, 0.0), _splice(own.known, place, count, True))


def _splice(values: NDArray[Any], place: int, count: int, filling: float | bool) -> NDArray[Any]:
    return np.concatenate((values[:place], np.full(count, filling, dtype=values.dtype), values[place:]))
