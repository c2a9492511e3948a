"""Structure: where a block sits in the page's tree of boxes, and what the boxes around it hold."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip.evidence.characters import Class
from boilerstrip.evidence.tokens import Tokens, divide
from boilerstrip.page import Page

Vector = NDArray[np.float64]

CHAIN_LIMIT: Final = 24
"""Boxes above a block that are looked at, counted from the block upwards."""
LEVELS: Final = 4
"""Innermost boxes that are measured one by one."""
NEAR: Final = 2
"""Boxes from the block upwards whose names count as near."""
PROSE_WORDS: Final = 10
"""Words from which on a block with few links counts as prose (jusText's short/medium boundary is of this size)."""
PROSE_LINK_DENSITY: Final = 0.3
_OUTER_DEPTH: Final = 2
"""``html`` and ``body`` are not looked at: their class names speak of the page, not of the block."""

_NAME_WORD: Final = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")
_MEASURES: Final = (
    "box_words",
    "box_link_density",
    "box_block_words",
    "box_prose_share",
    "box_stops",
    "box_images",
    "box_same_siblings",
)
_VOCABULARY: Final = tuple(tags.CLASS_VOCABULARY)
_OWN_TAGS: Final = (
    "p",
    "div",
    "li",
    "td",
    "th",
    "span",
    "section",
    "article",
    "dd",
    "dt",
    "figcaption",
    "option",
    "label",
    "address",
)

COLUMNS: Final = (
    *(f"{measure}_{level}" for measure in _MEASURES for level in range(LEVELS)),
    *(f"tag_{tag}" for tag in _OWN_TAGS),
    *(f"role_{role}" for role in tags.ROLES),
    *(f"inside_{tag}" for tag in tags.ANCESTOR_TAGS),
    *(f"near_{group}" for group in _VOCABULARY),
    *(f"above_{group}" for group in _VOCABULARY),
    "hidden", "depth", "heading_level", "half_distance", "half_depth", "quarter_distance", "branch_link_density",
    "branch_prose_share",
    "branch_words", "branch_position", "shape_blocks", "shape_words", "shape_link_density", "shape_block_words",
    "loose_shape_blocks", "loose_shape_share",
)  # fmt: skip


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


def measure_structure(page: Page, tokens: Tokens) -> dict[str, Vector]:
    """The structure columns, each of shape (n,); all zero but the roles in plain text."""
    columns = {name: np.zeros(len(page)) for name in COLUMNS}
    columns.update(_measure_own(page))
    if not page.box_tags or not len(page):
        return columns
    chain = _climb(np.array(page.boxes), np.array(page.box_parents))
    sums = _sum_boxes(page, tokens)
    columns.update(_measure_levels(page, chain, sums))
    columns.update(_measure_ancestors(page, chain))
    columns.update(_measure_branches(page, chain, sums))
    columns.update(_measure_shapes(page, tokens))
    return columns


def _measure_own(page: Page) -> dict[str, Vector]:
    """One-hot columns of the block's own tag and role."""
    columns: dict[str, Vector] = {}
    own_tags, roles = np.array(page.tags, dtype=object), np.array(page.roles, dtype=object)
    for tag in _OWN_TAGS:
        columns[f"tag_{tag}"] = (own_tags == tag).astype(np.float64)
    for role in tags.ROLES:
        columns[f"role_{role}"] = (roles == role).astype(np.float64)
    columns["heading_level"] = np.array([(7 - tags.HEADINGS.get(tag, 7)) / 6 for tag in page.tags], dtype=np.float64)
    return columns


def _climb(boxes: NDArray[np.int64], parents: NDArray[np.int64]) -> _Chain:
    levels = [boxes]
    while len(levels) < CHAIN_LIMIT and (levels[-1] >= 0).any():
        current = levels[-1]
        levels.append(np.where(current >= 0, parents[current], -1))
    return _Chain(levels)


def is_prose(page: Page, tokens: Tokens) -> NDArray[np.bool_]:
    """Which blocks read like running text: long enough and few links."""
    linked = divide(np.array(page.link_characters, dtype=np.float64), tokens.lengths.astype(np.float64))
    return (tokens.word_counts >= PROSE_WORDS) & (linked < PROSE_LINK_DENSITY)


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


def _measure_levels(page: Page, chain: _Chain, sums: _BoxSums) -> dict[str, Vector]:
    """The innermost boxes around each block, one by one."""
    page_prose = max(float(sums.prose[0]), 1.0)
    siblings = _count_same_siblings(page)
    measures = {
        "box_words": np.log1p(sums.words),
        "box_link_density": divide(sums.linked, sums.characters),
        "box_block_words": np.log1p(divide(sums.words, sums.blocks)),
        "box_prose_share": sums.prose / page_prose,
        "box_stops": np.minimum(divide(sums.stops, sums.words), 1.0) * 5.0,
        "box_images": np.log1p(sums.images),
        "box_same_siblings": np.log1p(siblings),
    }
    return {
        f"{name}_{level}": np.where(chain.level(level) >= 0, values[chain.level(level)], 0.0)
        for name, values in measures.items()
        for level in range(LEVELS)
    }


def _count_same_siblings(page: Page) -> Vector:
    """Boxes with the same parent, tag and names as each box: cards, comments, rows of a list."""
    keys = list(zip(page.box_parents, page.box_tags, page.box_names, strict=True))
    counts: dict[tuple[int, str, str], int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return np.array([counts[key] for key in keys], dtype=np.float64)


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
    return np.array([_name_mask(name) if name else 0 for name in names], dtype=np.int64)


def _measure_ancestors(page: Page, chain: _Chain) -> dict[str, Vector]:
    """Tags, names and hidden marks of the boxes above each block."""
    ancestor_bits = {tag: 1 << bit for bit, tag in enumerate(tags.ANCESTOR_TAGS)}
    tag_masks = np.array([ancestor_bits.get(tag, 0) for tag in page.box_tags], dtype=np.int64)
    depths = np.array(page.box_depths)
    name_masks = np.where(depths < _OUTER_DEPTH, 0, _name_masks(page.box_names))
    hidden = np.array(page.box_hidden, dtype=bool)
    tag_above = np.zeros(len(page), dtype=np.int64)
    near, above = _name_masks(page.inline_names), np.zeros(len(page), dtype=np.int64)
    hidden_above = np.zeros(len(page), dtype=bool)
    for distance, boxes in enumerate(chain.boxes):
        inside = boxes >= 0
        tag_above |= np.where(inside, tag_masks[boxes], 0)
        names = np.where(inside, name_masks[boxes], 0)
        if distance < NEAR:
            near |= names
        else:
            above |= names
        hidden_above |= inside & hidden[boxes]
    return {
        **{f"inside_{tag}": _bit(tag_above, bit) for bit, tag in enumerate(tags.ANCESTOR_TAGS)},
        **{f"near_{group}": _bit(near, bit) for bit, group in enumerate(_VOCABULARY)},
        **{f"above_{group}": _bit(above, bit) for bit, group in enumerate(_VOCABULARY)},
        "hidden": hidden_above.astype(np.float64),
        "depth": np.log1p(depths[chain.boxes[0]]),
    }


def _bit(masks: NDArray[np.int64], bit: int) -> Vector:
    return (masks >> bit & 1).astype(np.float64)


def _measure_branches(page: Page, chain: _Chain, sums: _BoxSums) -> dict[str, Vector]:
    """How far each block is from the box that holds half of the page's prose, and what its branch below that box
    is like."""
    share = sums.prose / max(float(sums.prose[0]), 1.0)
    depths = np.array(page.box_depths, dtype=np.float64)
    half = _distance_to(chain, share >= 0.5)
    branch = chain.boxes[0].copy()
    for distance, boxes in enumerate(chain.boxes):
        branch = np.where((boxes >= 0) & (distance < half), boxes, branch)
    meeting = np.zeros(len(page), dtype=np.int64)
    for distance, boxes in enumerate(chain.boxes):
        meeting = np.where(half == distance, boxes, meeting)
    first = np.array(page.box_first, dtype=np.float64)
    return {
        "half_distance": np.log1p(half),
        "half_depth": np.log1p(depths[meeting]),
        "quarter_distance": np.log1p(_distance_to(chain, share >= 0.25)),
        "branch_link_density": divide(sums.linked, sums.characters)[branch],
        "branch_prose_share": share[branch],
        "branch_words": np.log1p(sums.words)[branch],
        "branch_position": divide(first[branch] - first[meeting], sums.blocks[meeting]),
    }


def _distance_to(chain: _Chain, wanted: NDArray[np.bool_]) -> Vector:
    """Levels up to the first box that is wanted, per block."""
    distances = np.full(len(chain.boxes[0]), float(len(chain.boxes)))
    for distance in reversed(range(len(chain.boxes))):
        boxes = chain.boxes[distance]
        distances = np.where((boxes >= 0) & wanted[boxes], float(distance), distances)
    return distances


def _measure_shapes(page: Page, tokens: Tokens) -> dict[str, Vector]:
    """Blocks of the same shape: the same path of tags and names (strict), or of tags alone (loose)."""
    strict, loose = _number_shapes(page)
    boxes = np.array(page.boxes)
    shapes, loose_shapes = strict[boxes], loose[boxes]
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


def _number_shapes(page: Page) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    strict_numbers: dict[tuple[int, str, str], int] = {}
    loose_numbers: dict[tuple[int, str], int] = {}
    strict: list[int] = []
    loose: list[int] = []
    for parent, tag, names in zip(page.box_parents, page.box_tags, page.box_names, strict=True):
        above, loose_above = (strict[parent], loose[parent]) if parent >= 0 else (-1, -1)
        strict.append(strict_numbers.setdefault((above, tag, names), len(strict_numbers)))
        loose.append(loose_numbers.setdefault((loose_above, tag), len(loose_numbers)))
    return np.array(strict), np.array(loose)
