"""The tagger scores any page, the same way every time, and each kind of evidence can be taken away from it."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from boilerstrip.errors import WeightsError
from boilerstrip.evidence.matrix import COLUMNS, KIND_OF_COLUMN, KINDS, weigh
from boilerstrip.judge.tagger import DILATIONS, expect_f1, load_tagger, read_arrays
from boilerstrip.judge.trees import load_trees
from boilerstrip.options import Options
from boilerstrip.page import Page
from tests.samples import PAGE_TYPES, PROSE, STORY, make_tagger, weigh_html, weigh_lines

MEGABYTE = 1_000_000


def test_scores_are_probabilities() -> None:
    scores = make_tagger().score(weigh_lines(*STORY))
    assert scores.blocks.shape == (len(STORY),)
    assert ((scores.blocks > 0) & (scores.blocks < 1)).all()
    assert scores.page_types.shape == (len(PAGE_TYPES),)
    assert scores.page_types.sum() == pytest.approx(1.0)


def test_a_page_without_blocks_has_no_scores_and_any_type() -> None:
    scores = make_tagger().score(weigh(Page("html"), Options()))
    assert scores.blocks.shape == (0,)
    assert scores.page_types.tolist() == pytest.approx([1 / len(PAGE_TYPES)] * len(PAGE_TYPES))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 16, 17, 33, 3_000])
def test_pages_of_any_length_are_scored(size: int) -> None:
    evidence = weigh_lines(*STORY)
    numbers = np.arange(size) % len(STORY)
    long = replace(
        evidence,
        columns=evidence.columns[numbers],
        word_buckets=evidence.word_buckets[:size],
        opening_buckets=evidence.opening_buckets[numbers],
        word_starts=np.arange(size + 1).clip(max=len(evidence.word_buckets[:size])),
        word_counts=evidence.word_counts[numbers],
    )
    scores = make_tagger().score(long).blocks
    assert scores.shape == (size,)
    assert np.isfinite(scores).all()


def test_a_block_is_judged_by_its_neighbours() -> None:
    evidence = weigh_lines(*STORY)
    changed = replace(evidence, columns=evidence.columns.copy())
    changed.columns[3] += 1.0
    before, after = (make_tagger().score(each).blocks for each in (evidence, changed))
    assert before[2] != after[2]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "words"])
def test_a_kind_that_is_left_out_has_no_say(kind: str) -> None:
    evidence = weigh_lines(*STORY, PROSE["es"])
    others = frozenset(KINDS) - {kind}
    of_kind = np.array([each == kind for each in KIND_OF_COLUMN])
    changed = replace(evidence, columns=np.where(of_kind, np.float32(3.5), evidence.columns))
    tagger = make_tagger()
    assert (tagger.score(evidence, others).blocks == tagger.score(changed, others).blocks).all()
    assert (tagger.score(evidence).blocks != tagger.score(changed).blocks).any()


def test_words_that_are_left_out_have_no_say() -> None:
    evidence = weigh_lines(*STORY)
    changed = replace(
        evidence, word_buckets=evidence.word_buckets[::-1].copy(), opening_buckets=evidence.opening_buckets + 1
    )
    tagger, others = make_tagger(), frozenset(KINDS) - {"words"}
    assert (tagger.score(evidence, others).blocks == tagger.score(changed, others).blocks).all()
    assert (tagger.score(evidence).blocks != tagger.score(changed).blocks).any()


def test_the_first_words_of_a_block_count_in_their_order() -> None:
    evidence = weigh_lines("Read also the other story", STORY[0])
    swapped = replace(evidence, opening_buckets=evidence.opening_buckets[:, ::-1])
    assert (make_tagger().score(evidence).blocks != make_tagger().score(swapped).blocks).any()


def test_left_out_columns_count_as_their_mean() -> None:
    tagger, evidence = make_tagger(), weigh_lines(*STORY)
    average = replace(evidence, columns=np.tile(tagger.weights["mean"], (len(STORY), 1)))
    assert tagger.score(evidence, frozenset({"words"})).blocks == pytest.approx(tagger.score(average).blocks)


def test_a_block_without_words_is_scored() -> None:
    assert np.isfinite(make_tagger().score(weigh_lines("* * *", STORY[0], "___")).blocks).all()


@pytest.mark.parametrize("is_compiled", [True, False])
def test_views_of_a_page_are_scored_as_each_by_itself(is_compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_compiled:
        monkeypatch.setattr("boilerstrip.judge.tagger._compile", lambda weights: None)
    views = [
        (frozenset(KINDS), ()),
        (frozenset[str](), ()),
        (frozenset({"words"}), ()),
        (frozenset({"density", "structure"}), ()),
        (frozenset(KINDS), ("copies", "words")),
    ]
    evidence, nothing = weigh_lines(*STORY, *PROSE.values()), weigh(Page(kind="text"), Options())
    for tagger in (make_tagger(), make_tagger(1)):
        expected = [tagger.score(evidence, kinds, without=without).blocks for kinds, without in views]
        np.testing.assert_allclose(tagger.score_views(evidence, views), expected, atol=1e-5)
        assert tagger.score_views(nothing, views).shape == (len(views), 0)


def test_threads_get_the_same_scores() -> None:
    tagger, evidence = make_tagger(), weigh_html("".join(f"<p>{line}</p>" for line in STORY * 20))
    expected = tagger.score(evidence).blocks
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda _: tagger.score(evidence).blocks, range(32)))
    assert all((result == expected).all() for result in results)


def test_scoring_changes_no_evidence() -> None:
    evidence = weigh_lines(*STORY)
    before = evidence.columns.copy()
    make_tagger().score(evidence, frozenset({"density"}))
    assert (evidence.columns == before).all()


def test_shipped_weights_score_a_page() -> None:
    tagger = load_tagger()
    scores = tagger.score(weigh_lines(*STORY))
    assert ((scores.blocks >= 0) & (scores.blocks <= 1)).all()
    assert len(scores.page_types) == len(tagger.page_types) == 7
    assert 0.0 < tagger.bias < 1.0


def test_shipped_calibration_rises_from_zero_to_one() -> None:
    expected, measured = load_tagger().calibration
    assert (np.diff(expected) >= 0).all() and (np.diff(measured) >= 0).all()
    assert expected[0] == 0.0 and expected[-1] == 1.0
    assert 0.0 <= measured[0] <= measured[-1] <= 1.0


def test_shipped_weights_are_small() -> None:
    files = [file for file in resources.files("boilerstrip.weights").iterdir() if file.name.endswith(".npy")]
    assert sorted(file.name for file in files) == ["page_types.npy", "tagger.npy", "trees.npy"]
    assert sum(len(file.read_bytes()) for file in files) <= MEGABYTE


def test_shipped_weights_need_no_pickle_and_say_where_they_are_from() -> None:
    with resources.files("boilerstrip.weights").joinpath("tagger.npy").open("rb") as file:
        stored = read_arrays(file)
    assert {"columns", "corpora", "version", "code", "page_types"} <= set(stored)


def test_weights_for_other_columns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boilerstrip.judge.tagger.COLUMNS", (*COLUMNS, "another"))
    load_tagger.cache_clear()
    with pytest.raises(WeightsError, match="make train"):
        load_tagger()
    load_tagger.cache_clear()


def test_trees_for_other_columns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boilerstrip.judge.trees.COLUMNS", (*COLUMNS, "another"))
    load_trees.cache_clear()
    with pytest.raises(WeightsError, match="make train"):
        load_trees()
    load_trees.cache_clear()


def test_a_pickled_tagger_is_the_shipped_one_again() -> None:
    tagger = load_tagger()
    pickled = pickle.dumps(tagger)
    assert len(pickled) < 200
    assert pickle.loads(pickled) is tagger


def test_confidence_follows_the_calibration() -> None:
    tagger = make_tagger()
    curve = (np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.2, 0.9]))
    words, kept = np.array([30.0, 10.0]), np.array([True, False])
    assert tagger.estimate_f1(np.array([1.0, 0.0]), words, kept) == pytest.approx(1.0)
    calibrated = replace(tagger, calibration=curve)
    assert calibrated.estimate_f1(np.array([1.0, 0.0]), words, kept) == pytest.approx(0.9)
    assert calibrated.estimate_f1(np.array([0.0, 0.0]), words, kept) == 0.0


def test_expected_f1_falls_with_doubt_and_with_what_is_left_out() -> None:
    words = np.array([20.0, 20.0])
    both, one = np.array([True, True]), np.array([True, False])
    sure, unsure = np.array([1.0, 1.0]), np.array([0.6, 0.6])
    assert expect_f1(sure, words, both) == 1.0
    assert expect_f1(unsure, words, both) == pytest.approx(0.75)
    assert expect_f1(sure, words, one) == pytest.approx(2 / 3)
    assert expect_f1(np.zeros(2), words, ~both) == 0.0


def test_dilations_reach_31_blocks() -> None:
    assert sum(DILATIONS) == 31
