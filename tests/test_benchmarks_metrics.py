"""The benchmark's measures agree with the published evaluation scripts on cases worked out by hand."""

import doctest
from types import ModuleType

import pytest

from benchmarks import domains, gate, metrics, speed, tables, textlines
from benchmarks.metrics import Counts, Score, mean_score, micro_f1, segment_counts, shingle_counts, shingle_f1, word_f1


@pytest.mark.parametrize(
    "module", [domains, gate, metrics, speed, tables, textlines], ids=lambda module: module.__name__
)
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    outcome = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_word_f1_counts_a_repeated_word_as_often_as_both_have_it() -> None:
    assert word_f1("no no no", "no no yes yes") == Score(2 / 3, 0.5, 2 * (2 / 3 * 0.5) / (2 / 3 + 0.5))


def test_word_f1_ignores_case_punctuation_and_order() -> None:
    assert word_f1("Peace! more than Ukraine: no-one WANTS", "no one wants peace more than Ukraine").f1 == 1.0


@pytest.mark.parametrize("predicted,reference,expected", [("", "", 1.0), ("x", "", 0.0), ("", "x", 0.0)])
def test_word_f1_of_empty_texts(predicted: str, reference: str, expected: float) -> None:
    assert word_f1(predicted, reference).f1 == expected


def test_one_wrong_character_costs_a_whole_chinese_line_in_words_but_not_in_characters() -> None:
    predicted, reference = "今天天气很好啊", "今天天气很好"
    assert word_f1(predicted, reference).f1 == 0.0
    assert word_f1(predicted, reference, "characters").f1 == pytest.approx(12 / 13)


def test_characters_mode_changes_nothing_where_words_are_spaced() -> None:
    predicted, reference = "Größe über alles, 2 Häuser", "Größe und 2 Häuser"
    assert word_f1(predicted, reference) == word_f1(predicted, reference, "characters")


def test_the_mean_f1_is_not_the_f1_of_the_means() -> None:
    assert mean_score([Score(1.0, 0.5, 2 / 3), Score(0.0, 0.0, 0.0)]).f1 == pytest.approx(1 / 3)


def test_a_shingle_page_weighs_the_same_whatever_its_length() -> None:
    assert sum(shingle_counts("a b c d e f g h", "e f g h i j k l m")) == pytest.approx(1.0)


def test_a_text_shorter_than_a_shingle_is_one_shingle() -> None:
    assert shingle_counts("two words", "two words") == Counts(1.0, 0.0, 0.0)
    assert shingle_counts("Two words", "two words") == Counts(0.0, 0.5, 0.5)


def test_shingle_f1_leaves_pages_without_output_out_of_precision_only() -> None:
    score = shingle_f1([shingle_counts("", "a b c d"), shingle_counts("a b c d", "a b c d")])
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_segments_are_found_as_they_are_and_summed_over_pages() -> None:
    first = segment_counts("A story about peace.", ["story about", "more of it"], ["Log in", "peace"])
    assert first == Counts(1, 1, 1)
    assert micro_f1([first, Counts(3, 0, 0)]) == Score(0.8, 0.8, pytest.approx(0.8))


def test_micro_f1_of_nothing_is_zero() -> None:
    assert micro_f1([]) == Score(0.0, 0.0, 0.0)
