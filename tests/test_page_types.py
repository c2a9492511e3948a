"""The model that corrects the tagger's page types: what it measures, what it leaves alone, and that it is shipped."""

import numpy as np
import pytest

from boilerstrip import clean
from boilerstrip.errors import WeightsError
from boilerstrip.evidence.matrix import COLUMNS, weigh
from boilerstrip.judge import page_types
from boilerstrip.judge.page_types import TypeModel, correct_types, load_type_model, measure_page
from boilerstrip.judge.tagger import load_tagger
from boilerstrip.options import Options
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html
from tests.samples import STORY, weigh_html

SEVEN = np.full(7, 1 / 7)


def make_model(measure: int, weight: float) -> TypeModel:
    """A model that says the second type the more, the larger one measure is."""
    size = 7 + 2 * len(COLUMNS) + 3
    weights = np.zeros((size, 7))
    weights[measure, 1] = weight
    return TypeModel(np.zeros(size), np.ones(size), weights, np.zeros(7))


def test_the_means_are_of_all_blocks_and_of_the_likely_story() -> None:
    evidence = weigh_html(f"<p>{STORY[0]}</p><ul><li>Home</li></ul>")
    measures = measure_page(evidence, np.array([1.0, 0.0]), SEVEN)
    of_all, of_story = measures[7 : 7 + len(COLUMNS)], measures[7 + len(COLUMNS) : -3]
    assert of_all == pytest.approx(evidence.columns.mean(axis=0), abs=1e-6)
    assert of_story == pytest.approx(evidence.columns[0], abs=1e-5)


def test_a_measure_speaks_for_a_type_as_far_as_it_is_common() -> None:
    evidence = weigh_html(f"<p>{STORY[0]}</p>")
    last = len(make_model(0, 0.0).mean) - 1  # how many words are likely story
    likely, unlikely = (
        correct_types(make_model(last, 1.0), evidence, np.array([score]), SEVEN)[1] for score in (1.0, 0.0)
    )
    assert likely > unlikely == pytest.approx(1 / 7)


def test_a_page_without_blocks_keeps_its_types() -> None:
    evidence = weigh(Page(kind="html"), Options())
    assert correct_types(load_type_model(), evidence, np.zeros(0), SEVEN) is SEVEN


def test_the_shipped_model_knows_a_story_from_a_shop() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in STORY)
    story = clean(f"<html><head><meta property=og:type content=article></head><article>{paragraphs}</article></html>")
    assert story.page_type == "article"
    assert load_type_model().weights.shape == (7 + 2 * len(COLUMNS) + 3, len(load_tagger().page_types))


def test_probabilities_add_up_to_one_whatever_the_page() -> None:
    for source in ("<p>x</p>", "<ul>" + "<li>Home</li>" * 500 + "</ul>", f"<p>{STORY[0]}</p>" * 50):
        evidence = weigh(segment_html(source), Options())
        types = correct_types(load_type_model(), evidence, np.full(len(evidence), 0.5), SEVEN)
        assert types.sum() == pytest.approx(1.0)
        assert np.isfinite(types).all()


def test_a_model_of_other_columns_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_types, "COLUMNS", ("other",))
    with pytest.raises(WeightsError, match="make train"):
        load_type_model.__wrapped__()
