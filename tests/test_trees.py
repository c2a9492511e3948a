"""The context of a block, and the trees that read it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerstrip._core import load_part
from boilerstrip._core.proofs import make_small_trees
from boilerstrip.evidence.matrix import weigh
from boilerstrip.judge import trees as trees_module
from boilerstrip.judge.context import measure_context, measure_interpreted, name_columns
from boilerstrip.judge.opinions import LEAST_BLOCKS, review
from boilerstrip.judge.trees import Trees, load_trees
from boilerstrip.options import Options
from boilerstrip.page import Page, SiteCounts
from boilerstrip.segment.html import segment_html
from boilerstrip.segment.text import segment_text

TYPES = ("article", "forum")


def measure(page: Page, scores: list[float], words: list[float], threshold: float = 0.5) -> dict[str, list[float]]:
    columns = measure_context(page, np.array(scores), threshold, np.array(words), np.array([0.75, 0.25]))
    return dict(zip(name_columns(TYPES), columns.T.astype(float).round(3).tolist(), strict=True))


def test_the_boxes_around_a_block_tell_how_much_of_them_would_be_kept() -> None:
    page = segment_html("<div><p>a</p><p>b</p></div><div>c</div>")
    context = measure(page, [0.9, 0.1, 0.2], [30.0, 10.0, 60.0])
    assert context["kept"] == [1, 0, 0]
    assert context["box_kept_0"] == [1, 0, 0]
    assert context["box_kept_1"] == [0.75, 0.75, 0.3]
    assert context["box_mean_1"] == [0.7, 0.7, 0.4]
    assert context["box_of_story_1"] == [1, 1, 1]
    assert context["story_side_0.8"] == [0, 1, 1]
    assert context["story_distance_0.8"] == [0, 1, 2]
    assert context["until_last"] == [0, 1, 2]
    assert context["page_type_article"] == [0.75, 0.75, 0.75]


def test_neighbours_beyond_the_ends_are_surely_no_story() -> None:
    context = measure(segment_html("<p>a<p>b"), [0.5, 0.5], [1.0, 1.0])
    assert context["logit_-1"] == [-12, 0]
    assert context["logit_+1"] == [0, -12]


def test_nothing_would_be_kept_of_a_page() -> None:
    context = measure(segment_html("<p>a<p>b"), [0.4, 0.4], [0.0, 0.0])
    assert context["kept"] == context["kept_share"] == context["box_kept_0"] == [0, 0]
    assert context["story_side_0.6"] == [-9, -9]


@pytest.mark.skipif(load_part("context").module is None, reason="the compiled core's context is not used")
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60)), min_size=6, max_size=6), st.floats(0.12, 1))
def test_the_compiled_context_is_that_of_the_python_code(blocks: list[tuple[float, int]], threshold: float) -> None:
    page = segment_html("<div><p>a<p>b</div><div>c<ul><li>d<li>e</ul></div>f")
    scores, words = (np.array(values, dtype=float) for values in zip(*blocks, strict=True))
    arguments = page, scores, threshold, words, np.array([0.75, 0.25])
    np.testing.assert_allclose(measure_context(*arguments), measure_interpreted(*arguments), atol=1e-6)


@pytest.mark.skipif(load_part("context").module is None, reason="the compiled core's context is not used")
def test_the_compiled_context_refuses_what_does_not_fit() -> None:
    page, types = segment_html("<p>a<p>b"), np.ones(1)
    with pytest.raises(ValueError, match="not those of the page"):
        measure_context(page, np.ones(3), 0.5, np.ones(3), types)


def make_trees() -> tuple[Trees, np.ndarray, np.ndarray]:
    context, columns, (roots, features, borders, left, right, values) = make_small_trees()
    return Trees(roots, features, borders, left, right, values, depth=2), context, columns


@pytest.mark.parametrize("is_compiled", [True, False])
def test_each_block_is_the_sum_of_the_leaves_it_comes_to(is_compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_compiled:
        monkeypatch.setattr(trees_module, "load_part", lambda name: load_part(name)._replace(module=None))
    trees, context, columns = make_trees()
    assert trees.add_up(context, columns).tolist() == [-1.75, 4.25, 1.25]


def test_the_shipped_trees_add_up_alike_with_and_without_the_core(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    trees, width = load_trees(), len(name_columns(("",) * 7))
    context = random.normal(size=(600, width)).astype(np.float32)
    columns = random.normal(size=(600, int(trees.features.max()))).astype(np.float32)
    monkeypatch.setattr(trees_module, "load_part", lambda name: load_part(name)._replace(module=None))
    interpreted = replace(trees)
    assert interpreted.compiled is None
    assert interpreted.add_up(context, columns) == pytest.approx(trees.add_up(context, columns), abs=1e-5)


@pytest.mark.parametrize(
    ("page", "score", "is_reviewed"),
    [
        (segment_html("<p>a" * LEAST_BLOCKS), 0.9, True),
        (segment_html("<p>a" * LEAST_BLOCKS), 0.2, False),
        (segment_html("<p>a" * (LEAST_BLOCKS - 1)), 0.9, False),
        (segment_text("a\n\n" * LEAST_BLOCKS), 0.9, False),
    ],
    ids=["long page", "without a story", "short page", "text"],
)
def test_long_pages_with_a_story_are_reviewed(page: Page, score: float, is_reviewed: bool) -> None:
    scores = np.full(len(page), score)
    reviewed = review(page, weigh(page, Options()), scores, np.ones(7) / 7, load_trees())
    assert bool((reviewed != scores).any()) == is_reviewed


def test_what_a_memory_of_the_site_knows_is_left_to_the_tagger() -> None:
    page = segment_html("<p>The paper prints these words on each of its pages, all year long." * LEAST_BLOCKS)
    counts = SiteCounts("example.org", 10, [10, *[0] * (LEAST_BLOCKS - 1)])
    scores, evidence = np.full(len(page), 0.9), weigh(page, Options(), counts)
    changed = review(page, evidence, scores, np.ones(7) / 7, load_trees()) != scores
    assert changed.tolist() == [False, *[True] * (LEAST_BLOCKS - 1)]


@pytest.mark.skipif(load_part("trees").module is None, reason="the compiled core's trees are not used")
@pytest.mark.parametrize("fault", ["child", "column", "rows"])
def test_compiled_trees_refuse_what_leads_nowhere(fault: str) -> None:
    context, columns, (roots, features, borders, left, right, values) = make_small_trees()
    if fault == "child":
        left = left.copy()
        left[0] = len(left)
    if fault == "column":
        features = features + 2
    with pytest.raises(ValueError, match=r"none of the nodes|fewer rows or columns"):
        Trees(roots, features, borders, left, right, values, depth=2).add_up(
            context, columns[: 2 if fault == "rows" else 3]
        )
