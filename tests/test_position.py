"""Position: what stands before and after a block, and how far its title and heading are."""

import numpy as np
import pytest

from boilerstrip.evidence.position import COLUMNS, find_title, measure_position
from boilerstrip.evidence.tokens import tokenize
from boilerstrip.page import Page
from tests.samples import STORY, read_column, read_lines, weigh_html, weigh_lines


def test_words_before_and_after_are_shares_of_the_page() -> None:
    evidence = weigh_lines("One two three.", "Four.", "Five six seven eight.")
    assert read_column(evidence, "words_before") == [0, 0.375, 0.5]
    assert read_column(evidence, "words_after") == [0.625, 0.5, 0]


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (f"<title>A new bridge</title><h1>A new bridge</h1><p>{STORY[0]}", 0),
        (f"<title>A new bridge</title><h1>Town News</h1><h2>A new bridge</h2><p>{STORY[0]}", 1),
        (f"<title>A new bridge</title><div>Menu</div><div>A new bridge</div><p>{STORY[0]}", 1),
        (f"<h1>Only heading</h1><p>{STORY[0]}", 0),
        (f"<title>A new bridge</title><p>{STORY[0]}", None),
        (f"<title>The mill stands still.</title><p>The mill stands still.</p><p>{STORY[0]}", None),
        (f"<p>{STORY[0]}<h2>Later heading</h2>", None),
    ],
)
def test_the_title_is_the_heading_the_page_names(source: str, title: int | None) -> None:
    assert weigh_html(source).title == title


def test_a_long_block_that_holds_the_title_is_not_the_title() -> None:
    page = read_lines(" ".join(["The new bridge of our town"] * 10))
    assert find_title(page, np.array([1.0]), np.array([1.0])) is None


def test_blocks_are_above_or_below_the_title() -> None:
    evidence = weigh_html(f"<nav>Menu</nav><h1>A new bridge</h1><p>{STORY[0]}</p><p>{STORY[1]}</p>")
    assert read_column(evidence, "is_title") == [0, 1, 0, 0]
    assert read_column(evidence, "after_title") == [0, 0, 1, 1]
    above, _, near, far = read_column(evidence, "title_distance")
    assert above < 0 < near < far


def test_the_nearest_heading_above_is_measured() -> None:
    evidence = weigh_html("<p>a</p><h2>b</h2><p>c c c</p><p>d</p><h4>e</h4><p>f</p>")
    levels = read_column(evidence, "last_heading_level")
    assert levels[0] == 0
    assert levels[1] == levels[2] == levels[3] > levels[4] == levels[5] > 0
    distances = read_column(evidence, "since_heading_blocks")
    assert distances[1] == distances[4] == 0 < distances[2] < distances[3] < distances[0]


def test_plain_text_has_gaps_and_html_has_none() -> None:
    page = read_lines(STORY[0], STORY[1])
    evidence = weigh_lines(STORY[0], STORY[1])
    assert page.kind == "text"
    assert read_column(evidence, "gap_before")[1] == read_column(evidence, "gap_after")[0] > 0.5
    assert read_column(evidence, "page_is_text") == [1, 1]
    assert read_column(weigh_html(f"<p>{STORY[0]}<p>{STORY[1]}"), "gap_before") == [0, 0]


def test_figures_of_the_page_are_the_same_for_every_block() -> None:
    evidence = weigh_html(f'<h1>Bridge</h1><p>{STORY[0]}</p><p><a href="/">Home</a></p>')
    for name in COLUMNS:
        if name.startswith("page_"):
            assert len(set(read_column(evidence, name))) == 1


def test_a_page_without_blocks_has_no_positions() -> None:
    assert measure_position(Page("html"), tokenize([]), None).shape == (len(COLUMNS), 0)
