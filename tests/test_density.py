"""Density: what share of a block is text, link, punctuation, and how it begins and ends."""

import numpy as np
import pytest

from boilerstrip.evidence.density import COLUMNS, measure_interpreted
from boilerstrip.evidence.tokens import tokenize
from boilerstrip.page import Page
from tests.samples import PROSE, STORY, read_column, weigh_html, weigh_lines


def test_link_density_is_the_linked_share_of_the_characters() -> None:
    evidence = weigh_html('<p><a href="/x">12345</a>67890</p><p><a href="/y">all of it</a></p><p>none of it</p>')
    assert read_column(evidence, "link_density") == [0.5, 1.0, 0.0]
    assert read_column(evidence, "link_count") == [round(float(np.log1p(1)), 5)] * 2 + [0.0]


def test_an_anchor_that_leads_nowhere_is_no_link() -> None:
    assert read_column(weigh_html("<p><a name=top>Contents of this page</a></p>"), "link_density") == [0.0]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("It was over.", "ends_with_stop"),
        ("“It was over.”", "ends_with_stop"),
        ("(It was over!)", "ends_with_stop"),
        ("終わりました。", "ends_with_stop"),
        ("انتهى؟", "ends_with_stop"),
        ("Related stories:", "ends_with_colon"),
        ("Home", "ends_with_letter"),
        ("Read more …", "ends_with_ellipsis"),
        ("Read more...", "ends_with_ellipsis"),
        ("lower case", "starts_lower"),
        ("Upper case", "starts_upper"),
        ("日本", "starts_upper"),
        ("12 comments", "starts_digit"),
        ("“Quoted", "starts_quote"),
        ("| Home | About", "starts_divider"),
        ("www.example.org", "address"),
        ("See https://x.test", "address"),
        ("12 May 2026", "date"),
        ("at 14:30", "date"),
        ("17 / 3", "no_letters"),
    ],
)
def test_flags_are_set_for_what_they_name(line: str, column: str) -> None:
    assert read_column(weigh_lines(*STORY, line), column)[-1] == 1


@pytest.mark.parametrize("line", ["Home", "a (b)", "It was ‘over’"])
def test_a_line_without_a_full_stop_does_not_end_with_one(line: str) -> None:
    assert read_column(weigh_lines(line), "ends_with_stop") == [0]


def test_marks_count_as_shares_of_the_block() -> None:
    evidence = weigh_html("<p><b>12345</b>67890</p><p><em>12</em>345678</p><p><code>all</code></p>")
    assert read_column(evidence, "strong_share") == [0.5, 0, 0]
    assert read_column(evidence, "emphasis_share") == [0, 0.25, 0]
    assert read_column(evidence, "code_share") == [0, 0, 1]


def test_marks_inside_each_other_are_never_more_than_the_block() -> None:
    assert read_column(weigh_html("<p><b><strong>one two</strong></b></p>"), "strong_share") == [1]


def test_images_and_controls_count_for_the_block_they_precede() -> None:
    evidence = weigh_html("<p>one</p><img src=a><img src=b><p>two</p><form><input><p>three</p></form><img src=c>")
    assert [value > 0 for value in read_column(evidence, "images")] == [False, True, False]
    assert [value > 0 for value in read_column(evidence, "controls")] == [False, False, True]


def test_capitalised_words_and_upper_case_letters_are_shares() -> None:
    evidence = weigh_lines("Latest News Today", "one two Three four", "ABC abc")
    assert read_column(evidence, "capitalised_words") == [1, 0.25, 0.5]
    assert read_column(evidence, "uppercase")[2] == 0.5


@pytest.mark.parametrize("code", ["ja", "zh", "th"])
def test_prose_without_spaces_is_as_dense_as_english(code: str) -> None:
    evidence = weigh_lines(PROSE["en"], PROSE[code])
    english, other = read_column(evidence, "words")
    assert abs(english - other) < 0.6


def test_prose_is_denser_than_a_menu() -> None:
    evidence = weigh_lines(STORY[0], "Home", "About us")
    prose, *menu = read_column(evidence, "text_density")
    assert prose > max(menu)


def test_line_breaks_inside_a_block_are_counted() -> None:
    assert read_column(weigh_html("<p>one<br>two<br>three</p><p>four</p>"), "line_breaks")[1] == 0


def test_every_column_has_an_entry_a_block_also_where_there_is_none() -> None:
    measured = measure_interpreted(Page("html"), tokenize([]))
    assert set(measured) == set(COLUMNS)
    assert {len(column) for column in measured.values()} == {0}
