"""The threshold decides, and each rule that overrules it has a name and a case."""

from dataclasses import replace

import numpy as np
import pytest

from boilerstrip.evidence.matrix import Evidence, weigh
from boilerstrip.options import Options
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html
from boilerstrip.select import RULES, Selection, find_heading_level, select
from tests.samples import PROSE, STORY, read_lines

KEEP, DROP = 0.9, 0.1


def choose(page: Page, probabilities: list[float], *, title: int | None = None, comments: bool = False) -> Selection:
    """Select from a page whose title is the given block, at a threshold of one half."""
    evidence: Evidence = replace(weigh(page, Options()), title=title)
    return select(page, evidence, np.array(probabilities), 0.5, Options(comments=comments))


def test_the_threshold_decides_where_no_rule_speaks() -> None:
    selection = choose(read_lines(*STORY), [0.5, 0.49, 0.0, 1.0])
    assert selection.kept.tolist() == [True, False, False, True]
    assert selection.overruled == {}


def test_the_title_has_a_place_of_its_own() -> None:
    page = segment_html(f"<h1>Bridge</h1><p>{STORY[0]}")
    selection = choose(page, [KEEP, KEEP], title=0)
    assert selection.kept.tolist() == [False, True]
    assert selection.overruled == {0: "title"}


def test_a_dropped_title_is_not_overruled() -> None:
    assert choose(segment_html(f"<h1>Bridge</h1><p>{STORY[0]}"), [DROP, KEEP], title=0).overruled == {}


def test_separators_are_dropped() -> None:
    selection = choose(read_lines(STORY[0], "* * *", "__________", STORY[1]), [KEEP] * 4)
    assert selection.kept.tolist() == [True, False, False, True]
    assert selection.overruled == {1: "separator", 2: "separator"}


@pytest.mark.parametrize("code", ["en", "ja", "zh", "ar"])
def test_the_second_copy_of_a_kept_paragraph_is_dropped(code: str) -> None:
    page = segment_html(f"<p>{PROSE[code]}</p><p>other</p><p>\n{PROSE[code]}  </p>")
    selection = choose(page, [KEEP, KEEP, KEEP])
    assert selection.kept.tolist() == [True, True, False]
    assert selection.overruled == {2: "later_copy"}


def test_a_copy_of_a_dropped_paragraph_stays() -> None:
    assert choose(read_lines(STORY[0], STORY[1], STORY[0]), [DROP, KEEP, KEEP]).kept.tolist() == [False, True, True]


def test_short_lines_may_come_again() -> None:
    assert choose(read_lines("So it goes.", STORY[0], "So it goes."), [KEEP] * 3).kept.all()


@pytest.mark.parametrize("pattern", ["<pre>{0}</pre><pre>{0}</pre>", "<table><tr><td>{0}<td>{0}</table>"])
def test_code_and_table_cells_may_come_again(pattern: str) -> None:
    assert choose(segment_html(pattern.format(STORY[0])), [KEEP, KEEP]).kept.all()


@pytest.mark.parametrize(
    ("source", "probabilities", "empty"),
    [
        ("<h2>a</h2><p>one</p><h2>b</h2>", [KEEP, KEEP, KEEP], [2]),
        ("<h2>a</h2><p>one</p><h2>b</h2><p>two</p>", [KEEP, DROP, KEEP, KEEP], [0]),
        ("<h2>a</h2><h3>b</h3><p>one</p>", [KEEP, KEEP, KEEP], []),
        ("<h3>a</h3><h2>b</h2><p>one</p>", [KEEP, KEEP, KEEP], [0]),
        ("<h2>a</h2><h3>b</h3><h3>c</h3><p>one</p>", [KEEP] * 4, [1]),
        ("<h2>a</h2><h3>b</h3><p>one</p>", [KEEP, KEEP, DROP], [0, 1]),
        ("<h2>a</h2><h3><div>b</div></h3><p>one</p>", [KEEP, KEEP, KEEP], []),
        ("<h3>a</h3><h2><div>b</div></h2><p>one</p>", [KEEP, KEEP, KEEP], [0]),
        ("<h2>a</h2><h2>b</h2><p>one</p>", [KEEP, DROP, KEEP], [0]),
    ],
)
def test_headings_with_nothing_kept_below_them_go(source: str, probabilities: list[float], empty: list[int]) -> None:
    assert choose(segment_html(source), probabilities).overruled == dict.fromkeys(empty, "empty_heading")


def test_a_heading_has_the_level_of_the_element_around_it() -> None:
    page = segment_html("<h1>a</h1><h2><div><div>b</div></div></h2><h6>c</h6><p>d</p>")
    assert [find_heading_level(page, block) for block in range(4)] == [1, 2, 6, 7]
    assert find_heading_level(read_lines("A heading"), 0) == 7


COMMENTS = (
    f'<p>{STORY[0]}</p><div class="comments"><p>{STORY[1]}</p><p>Like</p><p><a href="/">Reply to this</a></p>'
    "<form><label>Your comment goes here</label></form></div>"
)


def test_comments_are_kept_when_asked_for() -> None:
    selection = choose(segment_html(COMMENTS), [KEEP, DROP, DROP, DROP, DROP], comments=True)
    assert selection.kept.tolist() == [True, True, False, False, False]
    assert selection.overruled == {1: "reader_comment"}


def test_comments_are_not_kept_unasked() -> None:
    assert choose(segment_html(COMMENTS), [KEEP, DROP, DROP, DROP, DROP]).kept.tolist() == [True] + [False] * 4


def test_later_rules_also_judge_comments() -> None:
    page = segment_html(f'<p>{STORY[0]}</p><div class="comments"><p>{STORY[0]}</p></div>')
    assert choose(page, [KEEP, DROP], comments=True).overruled == {1: "later_copy"}


def test_every_rule_has_a_sentence() -> None:
    assert set(RULES) == {"title", "separator", "later_copy", "empty_heading", "reader_comment"}
    assert all(sentence and sentence[0].islower() and not sentence.endswith(".") for sentence in RULES.values())


def test_selecting_changes_neither_probabilities_nor_page() -> None:
    page = read_lines("* * *", STORY[0])
    probabilities = np.array([KEEP, KEEP])
    select(page, weigh(page, Options()), probabilities, 0.5, Options())
    assert probabilities.tolist() == [KEEP, KEEP]


def test_an_empty_page_keeps_nothing() -> None:
    assert choose(Page("html"), []).kept.shape == (0,)
