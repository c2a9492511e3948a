"""Structure: where a block sits in the page's tree of boxes, and what the boxes around it hold."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import repeat
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip._core import load_part
from boilerstrip.evidence.characters import Class
from boilerstrip.evidence.tokens import PROSE_WORDS, Tokens, divide, measure_link_density
from boilerstrip.page import Page

Vector = NDArray[np.float64]

_CHAIN_LIMIT: Final = 24
"""Boxes above a block that are looked at, counted from the block upwards."""
LEVELS: Final = 4
"""Innermost boxes that are measured one by one."""
_NEAR: Final = 2
"""Boxes from the block upwards whose names count as near."""
PROSE_LINK_DENSITY: Final = 0.3
_OUTER_DEPTH: Final = 2
"""``html`` and ``body`` are not looked at: their class names speak of the page, not of the block."""

_NAME_WORD: Final = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")
_MEASURES: Final = (
    "box_words", "box_link_density", "box_block_words", "box_prose_share", "box_stops", "box_images",
    "box_same_siblings",
)  # fmt: skip
_VOCABULARY: Final = tuple(tags.CLASS_VOCABULARY)

COLUMNS: Final = (
    *(f"{measure}_{level}" for measure in _MEASURES for level in range(LEVELS)),
    *(f"tag_{tag}" for tag in tags.OWN_TAGS),
    *(f"role_{role}" for role in tags.ROLES),
    *(f"inside_{tag}" for tag in tags.ANCESTOR_TAGS),
    *(f"near_{group}" for group in _VOCABULARY),
    *(f"above_{group}" for group in _VOCABULARY),
    "hidden", "depth", "heading_level", "half_distance", "half_depth", "quarter_distance", "branch_link_density",
    "branch_prose_share",
    "branch_words", "branch_position", "shape_blocks", "shape_words", "shape_link_density", "shape_block_words",
    "loose_shape_blocks", "loose_shape_share",
)  # fmt: skip


_OWN_TAG_NUMBERS: Final = {tag: number for number, tag in enumerate(tags.OWN_TAGS)}
_ROLE_NUMBERS: Final = {role: number for number, role in enumerate(tags.ROLES)}
_ANCESTOR_BITS: Final = {tag: 1 << bit for bit, tag in enumerate(tags.ANCESTOR_TAGS)}


class _Boxes(NamedTuple):
    """The boxes of a page as arrays, shape (boxes,) but for the first."""

    of_block: NDArray[np.int64]
    """The box each block stands in, shape (n,)."""
    parents: NDArray[np.int64]
    first: Vector
    """Blocks before the box."""
    depths: Vector
    same_siblings: Vector
    """Boxes with the same parent, tag and names, itself included: cards, comments, rows of a list."""
    shapes: NDArray[np.int64]
    """Number of the path of tags and names down to the box."""
    loose_shapes: NDArray[np.int64]
    """Number of the path of tags."""


class _Chain(NamedTuple):
    """Boxes above each block: ``boxes[d]`` holds, per block, the box ``d`` levels up, or -1."""

    boxes: list[NDArray[np.int64]]

    def level(self, distance: int) -> NDArray[np.int64]:
        return self.boxes[min(distance, len(self.boxes) - 1)] if distance < len(self.boxes) else self.boxes[0] * 0 - 1


class _BoxSums(NamedTuple):
    """Sums over the blocks below each box, shape (boxes,) each."""

    words: Vector
    blocks: Vector
    characters: Vector
    linked: Vector
    prose: Vector
    stops: Vector
    images: Vector


def write_structure(page: Page, tokens: Tokens, matrix: NDArray[np.float32], first: int) -> bool:
    """Whether there is a compiled core, which writes the structure columns into a matrix of zeros from its column
    ``first`` on: they are two thirds of all, so that a second table of them would be much."""
    compiled = _load_compiled()
    if compiled:
        signs = tokens.class_counts[:, Class.STOP] + tokens.class_counts[:, Class.COMMA]
        compiled.measure(page, tokens.word_counts, tokens.lengths, signs, matrix, first)
    return bool(compiled)


def measure_structure(page: Page, tokens: Tokens) -> Mapping[str, Vector]:
    """The structure columns by name, each of shape (n,), in interpreted code; in plain text the roles alone."""
    columns = _measure_own(page)
    if not page.box_tags or not len(page):
        return columns
    boxes = _number_boxes(page)
    chain = _climb(boxes.of_block, boxes.parents)
    sums = _sum_boxes(page, tokens)
    columns.update(_measure_levels(boxes, chain, sums))
    columns.update(_measure_ancestors(page, boxes, chain))
    columns.update(_measure_branches(boxes, chain, sums))
    columns.update(_measure_shapes(page, tokens, boxes))
    return columns


@cache
def _load_compiled() -> Any:
    """The same in the compiled core with its tables, or ``None`` where there is none."""
    if not (module := load_part("boxes").module):
        return None
    limits = _CHAIN_LIMIT, _NEAR, _OUTER_DEPTH, PROSE_WORDS, PROSE_LINK_DENSITY
    return module.Structure(_OWN_TAG_NUMBERS, _ROLE_NUMBERS, tags.HEADINGS, _ANCESTOR_BITS, _name_groups(), limits)


def _measure_own(page: Page) -> dict[str, Vector]:
    """One-hot columns of the block's own tag and role."""
    own_tags, roles = _look_up(_OWN_TAG_NUMBERS, page.tags, -1), _look_up(_ROLE_NUMBERS, page.roles, -1)
    return {
        **_one_hot([f"tag_{tag}" for tag in tags.OWN_TAGS], own_tags),
        **_one_hot([f"role_{role}" for role in tags.ROLES], roles),
        "heading_level": (7 - _look_up(tags.HEADINGS, page.tags, 7)) / 6,
    }


def _look_up(numbers: Mapping[str, int], keys: Sequence[str], default: int) -> NDArray[np.int64]:
    return np.fromiter(map(numbers.get, keys, repeat(default)), dtype=np.int64, count=len(keys))


def _one_hot(names: Sequence[str], numbers: NDArray[np.int64]) -> dict[str, Vector]:
    return dict(zip(names, (numbers == np.arange(len(names))[:, None]).astype(np.float64), strict=True))


def _bits(names: Sequence[str], masks: NDArray[np.int64]) -> dict[str, Vector]:
    """A column for each bit of a mask, the lowest first."""
    return dict(zip(names, (masks >> np.arange(len(names))[:, None] & 1).astype(np.float64), strict=True))


def _climb(boxes: NDArray[np.int64], parents: NDArray[np.int64]) -> _Chain:
    levels, parents = [boxes], np.append(parents, -1)
    while len(levels) < _CHAIN_LIMIT and (levels[-1] >= 0).any():
        current = levels[-1]
        levels.append(parents[current])
    return _Chain(levels)


def is_prose(page: Page, tokens: Tokens) -> NDArray[np.bool_]:
    """Which blocks read like running text: long enough and few links."""
    return (tokens.word_counts >= PROSE_WORDS) & (measure_link_density(page, tokens.lengths) < PROSE_LINK_DENSITY)


def _sum_boxes(page: Page, tokens: Tokens) -> _BoxSums:
    first, last = np.array(page.box_first), np.array(page.box_last)

    def total(values: Vector) -> Vector:
        sums = np.concatenate(([0.0], np.cumsum(values)))
        return np.asarray(sums[last] - sums[first])

    words = tokens.word_counts
    return _BoxSums(
        words=total(words),
        blocks=total(np.ones(len(page))),
        characters=total(tokens.lengths.astype(np.float64)),
        linked=total(np.array(page.link_characters, dtype=np.float64)),
        prose=total(words * is_prose(page, tokens)),
        stops=total(tokens.class_counts[:, Class.STOP] + tokens.class_counts[:, Class.COMMA]),
        images=total(np.array(page.images[: len(page)], dtype=np.float64)),
    )


def _measure_levels(boxes: _Boxes, chain: _Chain, sums: _BoxSums) -> dict[str, Vector]:
    """The innermost boxes around each block, one by one."""
    page_prose = max(float(sums.prose[0]), 1.0)
    measures = {
        "box_words": np.log1p(sums.words),
        "box_link_density": divide(sums.linked, sums.characters),
        "box_block_words": np.log1p(divide(sums.words, sums.blocks)),
        "box_prose_share": sums.prose / page_prose,
        "box_stops": np.minimum(divide(sums.stops, sums.words), 1.0) * 5.0,
        "box_images": np.log1p(sums.images),
        "box_same_siblings": np.log1p(boxes.same_siblings),
    }
    table = np.array(list(measures.values()))
    columns: dict[str, Vector] = {}
    for level in range(LEVELS):
        around = chain.level(level)
        values = np.where(around >= 0, table[:, around], 0.0)
        columns.update(zip((f"{name}_{level}" for name in measures), values, strict=True))
    return columns


@cache
def _name_groups() -> dict[str, int]:
    """Bit mask of vocabulary groups for each word of the class vocabulary."""
    groups: dict[str, int] = {}
    for bit, words in enumerate(tags.CLASS_VOCABULARY.values()):
        for word in words.split():
            groups[word] = groups.get(word, 0) | 1 << bit
    return groups


def split_name(name: str) -> list[str]:
    """Words of a class or id, lower-cased; single letters and numbers are left out.

    >>> split_name("post-content relatedArticles col-md-8 SiteNAV")
    ['post', 'content', 'related', 'articles', 'col', 'md', 'site', 'nav']
    """
    return [word.lower() for word in _NAME_WORD.findall(name)]


@lru_cache(maxsize=16_384)
def _name_mask(name: str) -> int:
    """Bit mask of the vocabulary groups that the words of a name belong to."""
    groups, mask = _name_groups(), 0
    for word in split_name(name):
        mask |= groups.get(word, 0)
    return mask


def _name_masks(names: Sequence[str]) -> NDArray[np.int64]:
    """Bit mask of vocabulary groups of each name, shape (len(names),)."""
    return np.fromiter(map(_name_mask, names), dtype=np.int64, count=len(names))


def _measure_ancestors(page: Page, boxes: _Boxes, chain: _Chain) -> dict[str, Vector]:
    """Tags, names and hidden marks of the boxes above each block."""
    tag_masks = _look_up(_ANCESTOR_BITS, page.box_tags, 0)
    tag_masks |= np.array(page.box_hidden, dtype=np.int64) << len(_ANCESTOR_BITS)
    name_masks = np.where(boxes.depths < _OUTER_DEPTH, 0, _name_masks(page.box_names))
    # One entry more, for no box: that is where the index -1 of a chain's end points to.
    tag_masks, name_masks = np.append(tag_masks, 0), np.append(name_masks, 0)
    tag_above, above = np.zeros(len(page), dtype=np.int64), np.zeros(len(page), dtype=np.int64)
    near = _name_masks(page.inline_names)
    for distance, around in enumerate(chain.boxes):
        tag_above |= tag_masks[around]
        if distance < _NEAR:
            near |= name_masks[around]
        else:
            above |= name_masks[around]
    return {
        **_bits([*(f"inside_{tag}" for tag in tags.ANCESTOR_TAGS), "hidden"], tag_above),
        **_bits([f"near_{group}" for group in _VOCABULARY], near),
        **_bits([f"above_{group}" for group in _VOCABULARY], above),
        "depth": np.log1p(boxes.depths[boxes.of_block]),
    }


def _measure_branches(boxes: _Boxes, chain: _Chain, sums: _BoxSums) -> dict[str, Vector]:
    """How far each block is from the box that holds half of the page's prose, and what its branch below that box
    is like."""
    share = sums.prose / max(float(sums.prose[0]), 1.0)
    half = _distance_to(chain, share >= 0.5)
    order = np.arange(len(half))
    levels = np.array([*chain.boxes, np.zeros_like(boxes.of_block)])
    meeting = levels[half, order]
    branch = levels[np.maximum(half - 1, 0), order]
    for distance in reversed(range(len(chain.boxes))):
        # A chain that ends before the meeting point has its last box for a branch.
        branch = np.where((branch < 0) & (distance < half), levels[distance], branch)
    return {
        "half_distance": np.log1p(half),
        "half_depth": np.log1p(boxes.depths[meeting]),
        "quarter_distance": np.log1p(_distance_to(chain, share >= 0.25)),
        "branch_link_density": divide(sums.linked, sums.characters)[branch],
        "branch_prose_share": share[branch],
        "branch_words": np.log1p(sums.words)[branch],
        "branch_position": divide(boxes.first[branch] - boxes.first[meeting], sums.blocks[meeting]),
    }


def _distance_to(chain: _Chain, wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Levels up to the first box that is wanted, per block; the chain's length where none is."""
    reached = np.array([np.append(wanted, False)[boxes] for boxes in chain.boxes])
    return np.where(reached.any(axis=0), reached.argmax(axis=0), len(chain.boxes))


def _measure_shapes(page: Page, tokens: Tokens, boxes: _Boxes) -> dict[str, Vector]:
    """Blocks of the same shape: the same path of tags and names (strict), or of tags alone (loose)."""
    shapes, loose_shapes = boxes.shapes[boxes.of_block], boxes.loose_shapes[boxes.of_block]
    words, lengths = tokens.word_counts, tokens.lengths.astype(np.float64)
    counts, word_sums = np.bincount(shapes).astype(np.float64), np.bincount(shapes, words)
    linked = np.bincount(shapes, np.array(page.link_characters, dtype=np.float64))
    loose_words = np.bincount(loose_shapes, words)
    return {
        "shape_blocks": np.log1p(counts)[shapes],
        "shape_words": np.log1p(word_sums)[shapes],
        "shape_link_density": divide(linked, np.bincount(shapes, lengths))[shapes],
        "shape_block_words": np.log1p(divide(word_sums, counts))[shapes],
        "loose_shape_blocks": np.log1p(np.bincount(loose_shapes))[loose_shapes],
        "loose_shape_share": (loose_words / max(float(words.sum()), 1.0))[loose_shapes],
    }


def _number_boxes(page: Page) -> _Boxes:
    """Number siblings and shapes, the only loop over the boxes of a page: each shape builds on its parent's.

    A pair of numbers below ``width`` is looked up as one number, which costs less than a tuple.
    """
    kind_numbers: dict[tuple[str, str], int] = {}
    kind_of, width = kind_numbers.setdefault, len(page.box_parents) + 1
    kinds = [kind_of(kind, len(kind_numbers)) for kind in zip(page.box_tags, page.box_names, strict=True)]
    parents = np.array(page.box_parents)
    _, sibling_groups, counts = np.unique((parents + 1) * width + kinds, return_inverse=True, return_counts=True)
    shapes, loose_shapes = [0], [0]
    shape_numbers: dict[int, int] = {}
    loose_numbers: dict[tuple[int, str], int] = {}
    shape_of, loose_shape_of = shape_numbers.setdefault, loose_numbers.setdefault
    for parent, tag, kind in zip(page.box_parents, page.box_tags, kinds, strict=True):
        above = parent + 1
        shapes.append(shape_of(shapes[above] * width + kind, len(shapes)))
        loose_shapes.append(loose_shape_of((loose_shapes[above], tag), len(loose_shapes)))
    return _Boxes(
        of_block=np.array(page.boxes),
        parents=parents,
        first=np.array(page.box_first, dtype=np.float64),
        depths=np.array(page.box_depths, dtype=np.float64),
        same_siblings=counts[sibling_groups].astype(np.float64),
        shapes=np.array(shapes[1:]),
        loose_shapes=np.array(loose_shapes[1:]),
    )
