"""Cohesion: a line that names what the text around it speaks of shares words with it; a stray line shares none."""

import numpy as np
import pytest
from numpy.typing import NDArray

from boilerstrip.evidence.cohesion import COLUMNS, measure_cohesion
from boilerstrip.evidence.tokens import tokenize

STORY = [
    "The council met on Monday to talk about the old harbour and its cranes, which nobody has used for years.",
    "How the harbour was saved",
    "Harbours of this size are rare, said the mayor, and the cranes of the council are rarer still by now.",
    "Download our app",
    "The mayor wants to open the harbour to visitors, and the council will vote on the cranes in the spring.",
]
SUBHEADING, STRAY = 1, 3


def measure(texts: list[str]) -> dict[str, NDArray[np.float64]]:
    return dict(zip(COLUMNS, measure_cohesion(tokenize(texts)), strict=True))


def test_a_subheading_coheres_with_its_paragraph_and_a_stray_line_with_nothing() -> None:
    columns = measure(STORY)
    for name in ("cohesion_next", "cohesion_previous", "cohesion_prose", "cohesion_page", "cohesion_theme"):
        assert columns[name][SUBHEADING] > 0.2
        assert columns[name][STRAY] == 0.0


def test_words_are_compared_by_their_first_letters() -> None:
    columns = measure(["How to meditate", "Meditation needs no more than a quiet room and ten minutes of your time."])
    assert columns["cohesion_next"][0] > 0


def test_only_the_nearest_blocks_are_near() -> None:
    filler = ["one two three"] + ["four five six"] * 6
    columns = measure(["harbour", *filler, "harbour"])
    assert columns["cohesion_next"][0] == columns["cohesion_after"][0] == 0.0
    assert columns["cohesion_page"][0] == 1.0


def test_a_word_that_stands_everywhere_weighs_less_than_a_rare_one() -> None:
    common = ["the yes", "the no", "the maybe", "the never"]
    with_common = measure([*common, "the harbour", "the cranes"])["cohesion_next"][4]
    with_rare = measure([*common, "the harbour", "my harbour"])["cohesion_next"][4]
    assert 0 < with_common < 0.5 < with_rare


@pytest.mark.parametrize("texts", [[], ["---"], ["---", "..."], ["word"], ["same same", "same same"]])
def test_every_column_is_a_share(texts: list[str]) -> None:
    columns = measure(texts)
    assert set(columns) == set(COLUMNS)
    for values in columns.values():
        assert values.shape == (len(texts),)
        assert np.isfinite(values).all()
        assert ((values >= 0) & (values <= 1)).all()
