"""Repetition: copies within the page, what its own claims hold, and other pages of the site."""

import pytest

from boilerstrip.evidence.matrix import weigh
from boilerstrip.evidence.repetition import count_copies, normalise_block
from boilerstrip.options import Options
from boilerstrip.page import SiteCounts
from tests.samples import PROSE, STORY, read_column, read_lines, weigh_html, weigh_lines

FRAME = "All rights reserved by the Town News"


def test_the_first_and_the_last_copy_are_told_apart() -> None:
    evidence = weigh_lines("Read more", STORY[0], "Read  more", STORY[1], "Read more")
    assert read_column(evidence, "earlier_copy") == [0, 0, 1, 0, 1]
    assert read_column(evidence, "later_copy") == [1, 0, 1, 0, 0]
    assert read_column(evidence, "copies")[1] == 0


def test_lines_that_differ_in_digits_and_case_are_one_pattern() -> None:
    evidence = weigh_lines("17 comments", STORY[0], "3 Comments")
    assert read_column(evidence, "copies") == [0, 0, 0]
    assert read_column(evidence, "pattern_copies") == [1, 0, 1]


@pytest.mark.parametrize(("left", "right"), [("ＡＢＣ", "abc"), ("No. 7", "no.  1999"), ("Straße", "STRASSE")])
def test_blocks_that_read_the_same_compare_as_one(left: str, right: str) -> None:
    assert normalise_block(left) == normalise_block(right)


def test_copies_are_counted_in_order() -> None:
    counts, ranks = count_copies(["a", "a", "b", "a"])
    assert counts.tolist() == [3, 3, 1, 3]
    assert ranks.tolist() == [0, 1, 0, 2]


def test_text_said_again_inside_a_longer_block_is_found() -> None:
    evidence = weigh_lines(STORY[0], f"{STORY[1]} {STORY[0]} {STORY[2]}", STORY[3])
    assert read_column(evidence, "shingles_after")[0] == 1
    assert 0.2 < read_column(evidence, "shingles_before")[1] < 0.8
    assert read_column(evidence, "shingles_before")[2] == 0


def test_text_said_again_is_found_in_scripts_without_spaces() -> None:
    assert read_column(weigh_lines(PROSE["zh"], PROSE["ja"] + PROSE["zh"]), "shingles_after")[0] == 1


def test_a_block_that_repeats_itself_repeats_no_other() -> None:
    evidence = weigh_lines("one two three four one two three four", STORY[0])
    assert read_column(evidence, "shingles_before") == [0, 0]
    assert read_column(evidence, "shingles_after") == [0, 0]


def test_shingles_do_not_reach_over_the_end_of_a_block() -> None:
    evidence = weigh_lines("one two", "three four", "one two three four")
    assert read_column(evidence, "shingles_after") == [0, 0, 0]


def test_the_page_s_title_is_found_among_its_blocks() -> None:
    evidence = weigh_html(
        f"<title>The new bridge is open - Town News</title><h1>The new bridge is open</h1><p>{STORY[0]}"
    )
    assert read_column(evidence, "title_share")[0] == 1
    assert read_column(evidence, "title_cover")[0] > 0.6 > read_column(evidence, "title_cover")[1]


def test_the_description_is_found_in_the_standfirst() -> None:
    evidence = weigh_html(f'<meta name=description content="{STORY[0]}"><p>{STORY[0]}</p><p>Cookies</p>')
    assert read_column(evidence, "description_share") == [1, 0]


def test_structured_data_name_their_paragraphs() -> None:
    body = f"<p>{STORY[0]}</p>  <p>{STORY[1]}</p>"
    script = f'<script type="application/ld+json">{{"articleBody": "{body}"}}</script>'
    evidence = weigh_html(f"<head>{script}</head><p>{STORY[0].upper()}</p><p>{STORY[1]}</p><p>{STORY[2]}</p>")
    assert read_column(evidence, "structured_share") == [1, 1, 0]
    assert read_column(evidence, "structured_known") == [1, 1, 1]
    assert read_column(weigh_html(f"<p>{STORY[0]}"), "structured_known") == [0]


def test_a_site_s_other_pages_are_believed_from_three_on() -> None:
    page = read_lines(STORY[0], FRAME)
    few = weigh(page, Options(), SiteCounts("x.test", 2, [0, 2]))
    enough = weigh(page, Options(), SiteCounts("x.test", 4, [0, 3]))
    assert read_column(few, "site_share") == [0, 0]
    assert read_column(enough, "site_share") == [0, 0.75]


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ([1, 4, 4], [0, 0.8, 0]),
        ([0, 2, 0], [0, 0, 0]),
        ([5, 5, 5], [1, 1, 0]),
    ],
    ids=["one other page", "less than half of the pages", "a short line"],
)
def test_what_few_pages_hold_is_no_frame(counts: list[int], shares: list[float]) -> None:
    page = read_lines(STORY[0], FRAME, "Weight: 12 kg")
    assert read_column(weigh(page, Options(), SiteCounts("x.test", 5, counts)), "site_share") == shares
