"""A small example for each module of the compiled core, with what the Python code makes of it."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final, NamedTuple

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from boilerstrip.limits import UNLIMITED
from boilerstrip.page import Mark, Page

SMALL_DILATIONS: Final = (1, 2)
SMALL_BLOCKS: Final = 8
_LOGITS: Final = (1.07271, 1.67876, 2.30784, 0.41373, 0.0417, 1.05367, 0.89283, -0.66362)
_TYPES: Final = (0.13629, -0.82949)
"""What ``boilerstrip.judge.tagger`` says of the small matrix; a test compares them."""
_SUMS: Final = (-1.75, 4.25, 1.25)
"""What ``boilerstrip.judge.trees`` says of the small trees."""
_BOX_SUMS: Final = (36.504929, 10.484906, 9.640633, 11.564263)
"""What ``boilerstrip.evidence.structure`` says of the small page, added up by kinds of columns."""
_REPEATED: Final = (2.0, 1.0, 1.0, 4.754888, 1.0, 1.0, 1.5, 3.0, 3.0, 0.5)
_COHERING: Final = (1.430677, 1.430677, 1.333333, 1.333333, 2.333333, 2.333333, 1.51609)
_POSITIONS: Final = (
    0.5, 0.8, 0.2, 0.231049, 0.231049, 1.0, 2.0, 1.0, 0.231049, 0.231049, 0.439445, 1.666667, 0.732408, 1.598597,
    0.454545, 3.583519, 0.0, 0.0, 0.462098, 0.0, 2.5, 2.5,
)  # fmt: skip
"""What ``repetition`` and ``cohesion`` say of three lines, and ``position`` of the small page, added up by columns."""
_SMALL_TREE: Final = b"<div id=a class='b c'>one <b>t\xc3\xa9</b>!<p>two <a href=/x>three</a></div>four"
_SMALL_BLOCKS: Final = (
    [
        ("one té!", "div", "paragraph", 0, 2),
        ("two three", "p", "paragraph", 6, 3),
        ("four", "body", "paragraph", 0, 1),
    ],
    ["", "", "a b c", ""],
    ["html", "body", "div", "b", "p", "a"],
    [0, 1, 2, 3, 3, 4],
)
"""Text, tag, role, characters in links and box of each block; the names of the boxes; all tags, and their depths."""


def make_small_weights() -> Mapping[str, NDArray[np.float32]]:
    """Weights of a tagger with few channels, the same on every machine."""
    shapes = {
        "mean": (5,), "deviation": (5,), "word_table": (7, 3), "opening_table": (7, 2),
        "enter.weight": (20, 12), "enter.bias": (20,),
        "convolutions.0.weight": (3, 20, 20), "convolutions.0.bias": (20,),
        "convolutions.1.weight": (3, 20, 20), "convolutions.1.bias": (20,),
        "scan.weight": (6, 20), "scan.bias": (6,), "page.weight": (4, 40), "page.bias": (4,),
        "head.weight": (9, 30), "head.bias": (9,), "score.weight": (1, 9), "score.bias": (1,),
        "page_type.weight": (2, 4), "page_type.bias": (2,),
    }  # fmt: skip
    weights, first = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        values = np.arange(first, first + size, dtype=np.int64) * 7919 % 101
        weights[name] = ((values.reshape(shape) - 50) / 100).astype(np.float32)
        first += size
    weights["deviation"] = np.abs(weights["deviation"]) + np.float32(0.5)
    return weights


def make_small_matrix() -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
    """Columns, word buckets, where each block's words start, and openings."""
    numbers = np.arange(SMALL_BLOCKS * 5)
    columns = (numbers * 31 % 17 / 8 - 1).astype(np.float32).reshape(SMALL_BLOCKS, 5)
    starts = np.arange(SMALL_BLOCKS + 1, dtype=np.int64) // 2 * 3
    words = np.arange(starts[-1], dtype=np.int32) % 7
    return columns, words, starts, (numbers[: 2 * SMALL_BLOCKS] % 7).astype(np.int32).reshape(SMALL_BLOCKS, 2)


def _prove_tagger(module: ModuleType) -> str:
    """The scores of a small matrix."""
    forward = module.Forward(make_small_weights(), SMALL_DILATIONS, 4.0, 1e-3)
    logits, types = np.empty(SMALL_BLOCKS), np.empty(2)
    forward.run(*make_small_matrix(), np.ones(5, dtype=np.float32), True, logits, types)
    same = np.allclose(logits, _LOGITS, atol=1e-3) and np.allclose(types, _TYPES, atol=1e-3)
    return "" if same else f"logits {logits.round(3).tolist()}, types {types.round(3).tolist()}"


def make_small_trees() -> tuple[NDArray[np.float32], NDArray[np.float32], tuple[NDArray[Any], ...]]:
    """Context and columns of three blocks, and the nodes of two small trees, the second of which is a leaf."""
    leaves = [[0, np.inf, number, number] for number in range(2, 6)]
    nodes = np.array([[1, 0.5, 1, 2], [0, 0.0, 3, 4], *leaves])
    features, left, right = (nodes[:, place].astype(np.int32) for place in (0, 2, 3))
    borders, values = nodes[:, 1].astype(np.float32), np.array([0, 0, 1, -2, 4, 0.25], dtype=np.float32)
    context, columns = (np.array(values, dtype=np.float32)[:, None] for values in ([-1.0, 1.0, 0.0], [0.5, 0.25, 0.75]))
    return context, columns, (np.array([0, 5], dtype=np.int32), features, borders, left, right, values)


def _prove_trees(module: ModuleType) -> str:
    context, columns, nodes = make_small_trees()
    logits = np.zeros(len(context))
    module.Forest(*nodes).add_up(context, columns, logits)
    return "" if np.allclose(logits, _SUMS) else f"trees add up to {logits.tolist()}"


def _prove_words(module: ModuleType) -> str:
    """Two words, whose buckets are known."""
    hashed = module.hash_words(["1999", "été"], 4096).tolist()
    return "" if hashed == [1138, 3284] else f"the buckets {hashed}"


class _SmallPage(NamedTuple):
    """A box in a box, with a block in each."""

    kind: str = "html"
    spans: tuple[tuple[int, int], ...] = ((0, 40), (42, 46))
    tags: tuple[str, ...] = ("h2", "li")
    roles: tuple[str, ...] = ("heading", "quote")
    link_characters: tuple[int, ...] = (8, 2)
    images: tuple[int, ...] = (8, 2, 0)
    inline_names: tuple[str, ...] = ("", "")
    boxes: tuple[int, ...] = (0, 1)
    box_parents: tuple[int, ...] = (-1, 0)
    box_first: tuple[int, ...] = (0, 1)
    box_last: tuple[int, ...] = (2, 2)
    box_depths: tuple[int, ...] = (2, 3)
    box_tags: tuple[str, ...] = ("div", "ul")
    box_names: tuple[str, ...] = ("siteNAV", "")
    box_hidden: tuple[bool, ...] = (False, True)


def _prove_boxes(module: ModuleType) -> str:
    """The columns of a small page, added up by kind."""
    groups, limits = {"nav": 1, "site": 2}, (24, 1, 2, 4, 0.3)
    structure = module.Structure({"li": 0}, {"quote": 0}, {"h2": 2}, {"ul": 1}, groups, limits)
    measured = np.zeros((2, 51), dtype=np.float32)  # as many columns as these tables make
    structure.measure(_SmallPage(), np.array([8.0, 2.0]), np.array([40, 4]), np.array([8.0, 2.0]), measured, 0)
    found = [part.sum() for part in np.split(measured, (28, 37, 44), axis=1)]
    same = np.allclose(found, _BOX_SUMS, atol=1e-4)
    return "" if same else f"the sums {found}"


def _prove_repeats(module: ModuleType) -> str:
    """What comes again in three short lines, added up by columns."""
    texts, vocabulary = ["a  1", "a 1", "A 22"], ["a", "1", "22"]
    words, starts = np.array([0, 1, 0, 1, 0, 2], dtype=np.int32), np.array([0, 2, 4, 6])
    folding = module.Folding(np.zeros(0x10000, dtype=np.uint16), str.lower)
    repeated = module.measure_repetition(texts, folding, vocabulary, words, starts, {"a"}, {"22"}, 10, 2, 1)
    cohering = module.measure_cohesion(vocabulary, words, starts, np.array([2.0, 2.0, 2.0]), 5, 2, 1, 4)
    found = (repeated.sum(axis=1), cohering.sum(axis=1))
    same = np.allclose(found[0], _REPEATED, atol=1e-6) and np.allclose(found[1], _COHERING, atol=1e-6)
    return "" if same else f"the sums {[part.round(3).tolist() for part in found]}"


def _prove_position(module: ModuleType) -> str:
    """The columns of a small page, added up."""
    words, lengths = np.array([8.0, 2.0]), np.array([40, 4])
    found = module.measure_position(_SmallPage(), words, lengths, {"h2": 2}, 0).sum(axis=1)
    return "" if np.allclose(found, _POSITIONS, atol=1e-6) else f"the sums {found.round(3).tolist()}"


def _prove_walk(module: ModuleType) -> str:
    """The blocks of a small tree, read as the walk's own builder collects them."""
    if module.OBJECTION:
        return str(module.OBJECTION)
    root = etree.fromstring(_SMALL_TREE, etree.HTMLParser(encoding="utf-8"))
    builder, tags, depths = module.reference._Walk(root), list[str](), list[int]()
    module.walk(builder, root, module.reference.UNREAD, tags, depths)
    found = ([row[:5] for row in builder._block_rows], builder.box_names, tags, depths)
    return "" if found == _SMALL_BLOCKS else f"{found}"


_SMALL_TEXTS: Final = Page(
    kind="html",
    texts=("Мост was the name of the été and of the bridge.", "El río y la casa: x.org 12:30", ""),
    link_characters=(0, 9, 0),
    images=(0, 2, 0, 1),
    controls=(1, 0, 0, 0),
    marks=((Mark(0, 9, "strong"),), (Mark(0, 9, "link"),), ()),
)


def _prove_languages(module: ModuleType) -> str:
    """The steps over a small page in two languages, beside those of the Python code."""
    if module.COLUMNS != module.reference.COLUMNS:
        return f"the columns {module.COLUMNS}"
    page, tokens = _SMALL_TEXTS, module.tokenize(_SMALL_TEXTS.texts)
    found = []
    for steps in (module.Languages(), module.reference.INTERPRETED):
        hits = steps.count_hits(tokens)
        poll = steps.poll(page, tokens, hits)
        is_own = (np.arange(hits.shape[1]) == poll[1]).astype(np.uint8)
        own, foreign, best, verdicts, sureness = steps.compare(tokens, hits, is_own)
        columns = steps.build_columns(tokens, own, foreign, verdicts, sureness)
        found.append(np.concatenate((hits.ravel(), np.hstack(poll), best, columns.ravel())))
    return "" if np.allclose(found[0], found[1], rtol=0, atol=1e-6) else f"{found[0]} instead of {found[1]}"


def _prove_density(module: ModuleType) -> str:
    """The columns of a small page, beside those of the Python code."""
    if module.COLUMNS != module.reference.COLUMNS:
        return f"the columns {module.COLUMNS}"
    page, tokens = _SMALL_TEXTS, module.tokenize(_SMALL_TEXTS.texts)
    found, expected = module.measure(page, tokens), module.reference.measure_interpreted(page, tokens)
    wrong = [
        name for name, values in zip(module.COLUMNS, found, strict=True) if not np.allclose(values, expected[name])
    ]
    return f"the columns {wrong}" if wrong else ""


_SMALL_SOURCE: Final = "\ufeff# News\n\nLine\n====\n- one\r\n  two\u2028> said\n```\nx\n```\n\n" + 3 * (
    "The old mill stood still for three long days, because of\nthe river that had taken its wheel down to the sea.\n"
)


def _prove_lines(module: ModuleType) -> str:
    """The blocks of a small text, beside those of the Python code."""
    found, expected = (cut(_SMALL_SOURCE, UNLIMITED, 9) for cut in (module.cut, module.reference.cut_interpreted))
    return "" if found == expected else f"the blocks {found[:3]}"


def _prove_context(module: ModuleType) -> str:
    """The columns of a small page of which one block would be kept, beside those of the Python code."""
    scores, words, types = np.array([0.75, 0.25]), np.array([8.0, 2.0]), np.array([0.5])
    expected = module.reference.measure_interpreted(_SmallPage(), scores, 0.5, words, types)
    found = np.empty_like(expected)
    module.measure(_SmallPage(), expected[:, 0].astype(float), scores, words, 0.5, 0.0, types, found)
    return "" if np.allclose(found, expected, atol=1e-5) else f"{found.tolist()} instead of {expected.tolist()}"


PROOFS: Final[dict[str, Callable[[ModuleType], str]]] = {
    "tagger": _prove_tagger,
    "words": _prove_words,
    "boxes": _prove_boxes,
    "repeats": _prove_repeats,
    "position": _prove_position,
    "walk": _prove_walk,
    "languages": _prove_languages,
    "density": _prove_density,
    "lines": _prove_lines,
    "trees": _prove_trees,
    "context": _prove_context,
}
"""The proof of each module: what is wrong, or nothing."""
