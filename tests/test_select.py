"""The blocks are chosen together, and each rule that overrules it has a name and a case."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from boilerstrip.evidence.matrix import weigh
from boilerstrip.judge.select import RULES, Selection, select
from boilerstrip.judge.threshold import FOCUS_BETA, LOWEST_PROBABILITY, choose_blocks
from boilerstrip.judge.units import find_units
from boilerstrip.options import Options
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html
from tests.samples import STORY, read_lines

KEEP, DROP = 0.9, 0.1


def choose(
    page: Page, probabilities: list[float], *, title: int | None = None, is_article: bool = True, **options: Any
) -> Selection:
    """Select from a page whose title is the given block."""
    evidence = replace(weigh(page, Options()), title=title)
    units = find_units(page)
    return select(page, evidence, np.array(probabilities), Options(**options), is_article=is_article, units=units)


def test_the_score_decides_where_no_rule_speaks() -> None:
    selection = choose(read_lines(*STORY), [KEEP, DROP, DROP, KEEP])
    assert selection.kept.tolist() == [True, False, False, True]
    assert selection.overruled == {}


@pytest.mark.parametrize(
    ("probabilities", "words", "beta", "kept"),
    [
        ([0.9, 0.1, 0.6], [50, 50, 50], 1.0, [True, False, True]),
        ([0.9, 0.3], [100, 50], 0.4, [True, False]),
        ([0.9, 0.45], [100, 50], 1.6, [True, True]),
        ([0.4, 0.35, 0.05], [50, 50, 50], 1.0, [True, True, False]),
        ([0.11, 0.05], [50, 50], 1.6, [False, False]),
        ([0.7, 0.7, 0.7], [1, 1000, 0], 0.4, [True, True, True]),
        ([0.9, 0.5], [0, 0], 1.0, [True, False]),
        ([], [], 1.0, []),
    ],
)
def test_blocks_are_chosen_together(
    probabilities: list[float], words: list[float], beta: float, kept: list[bool]
) -> None:
    assert choose_blocks(np.array(probabilities), np.array(words, dtype=float), beta).tolist() == kept


def test_each_focus_keeps_no_less_than_a_stricter_one() -> None:
    page = read_lines(*STORY, *(f"{line} Again." for line in STORY))
    probabilities = np.linspace(0.95, 0.15, len(page)).tolist()
    kept = [int(choose(page, probabilities, focus=focus).kept.sum()) for focus in ("precision", "balanced", "recall")]
    assert 0 < kept[0] < kept[1] < kept[2] <= len(page)
    assert FOCUS_BETA["precision"] < FOCUS_BETA["balanced"] < FOCUS_BETA["recall"]


@pytest.mark.parametrize("focus", ["precision", "balanced", "recall"])
def test_a_page_of_improbable_blocks_keeps_none(focus: str) -> None:
    assert not choose(read_lines(*STORY), [LOWEST_PROBABILITY - 0.01] * len(STORY), focus=focus).kept.any()


def test_the_title_has_a_place_of_its_own() -> None:
    page = segment_html(f"<h1>Bridge</h1><p>{STORY[0]}")
    selection = choose(page, [KEEP, KEEP], title=0)
    assert selection.kept.tolist() == [False, True]
    assert selection.overruled == {0: "title"}


def test_the_title_of_a_page_that_is_no_article_is_part_of_it() -> None:
    page = segment_html(f"<h1>Bridge</h1><p>{STORY[0]}")
    assert choose(page, [KEEP, KEEP], title=0, is_article=False).kept.tolist() == [True, True]
    assert choose(page, [KEEP, KEEP], title=0, is_article=False, with_title=True).kept.tolist() == [False, True]


def test_a_dropped_title_is_not_overruled() -> None:
    assert choose(segment_html(f"<h1>Bridge</h1><p>{STORY[0]}"), [DROP, KEEP], title=0).overruled == {}


def test_separators_are_dropped() -> None:
    selection = choose(read_lines(STORY[0], "* * *", "__________", STORY[1]), [KEEP] * 4)
    assert selection.kept.tolist() == [True, False, False, True]
    assert selection.overruled == {1: "separator", 2: "separator"}


@pytest.mark.parametrize("line", ["{}<br>", "<table><tr><td>{}</td></tr></table>"])
@pytest.mark.parametrize("signs", ["・・・・", "_ _ _ _", "★★★"])
def test_lines_of_one_sign_are_dropped_between_breaks_and_in_cells(line: str, signs: str) -> None:
    page = segment_html(f"<div>{line.format(STORY[0])}{line.format(signs)}{line.format(STORY[1])}</div>")
    assert choose(page, [KEEP] * 3).kept.tolist() == [True, False, True]


def test_a_run_that_stands_twice_is_kept_once() -> None:
    story = f"<p>{STORY[0]}</p><p>\n{STORY[1]}  </p>"
    page = segment_html(f"<div>{story}</div><div><p>other</p></div><div>{story}</div>")
    selection = choose(page, [KEEP] * 5)
    assert selection.kept.tolist() == [True, True, True, False, False]
    assert selection.overruled == {3: "later_copy", 4: "later_copy"}


def test_a_table_of_data_between_kept_blocks_stays_whole() -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{count}</td></tr>" for name, count in (("North", 412), ("South", 300)))
    page = segment_html(f"<p>{STORY[0]}</p><table>{rows}</table><p>{STORY[1]}</p>")
    selection = choose(page, [KEEP, *[DROP] * 4, KEEP])
    assert selection.kept.all()
    assert set(selection.overruled.values()) == {"table"}
    assert not choose(page, [DROP, *[DROP] * 4, KEEP]).kept[:5].any()


SPECIFICATIONS = "<table><tr><th>Weight</th><td>14 kg</td></tr><tr><th>Frame</th><td>Ash wood</td></tr></table>"


@pytest.mark.parametrize(("probability", "kept"), [(0.4, True), (DROP, False)])
def test_a_likely_table_that_ends_a_section_stays_without_a_kept_block_below(probability: float, kept: bool) -> None:
    page = segment_html(f"<div><p>{STORY[0]}</p></div><div><h2>Data</h2>{SPECIFICATIONS}</div><p>Also bought</p>")
    selection = choose(page, [0.99, 0.4, *[probability] * 4, DROP], focus="precision")
    assert selection.kept.tolist() == [True, False, *[kept] * 4, False]


def test_a_table_whose_cells_hold_lists_stays_whole() -> None:
    rows = "".join(f"<tr><td>{day}<td><ul><li>9 to 12<li>14 to 18</ul>" for day in ("Friday", "Saturday"))
    page = segment_html(f"<p>{STORY[0]}</p><table>{rows}</table><p>{STORY[1]}</p>")
    assert choose(page, [KEEP, DROP, 0.3, DROP, DROP, DROP, DROP, KEEP]).kept.all()


LINKS = "<ul><li><a href='/1'>Calder Ferries</a><li><a href='/2'>Holme Boats</a></ul>"


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        (f"<p>{STORY[0]}<p>The boats are run by two of them:{LINKS}<p>{STORY[1]}", True),
        (f"<p>{STORY[0]}<p>The boats are run by two of them.{LINKS}<p>{STORY[1]}", False),
        (f"<p>{STORY[0]}<p>Read also:{LINKS}<p>{STORY[1]}", False),
        (f"<p>{STORY[0]}<p>The boats are run by two of them:<div><div>{LINKS}</div></div><p>{STORY[1]}", False),
    ],
)
def test_a_list_that_a_kept_line_introduces_stays(source: str, kept: bool) -> None:
    selection = choose(segment_html(source), [KEEP, KEEP, DROP, DROP, KEEP])
    assert selection.kept.tolist() == [True, True, kept, kept, True]
    assert selection.overruled == ({2: "list", 3: "list"} if kept else {})


def test_formulas_between_kept_blocks_stay() -> None:
    formulas = r'<script type="math/tex; mode=display">a = b</script><p><script type="math/tex">b = c</script></p>'
    page = segment_html(f"<p>{STORY[0]}</p>{formulas}<p>{STORY[1]}</p>{formulas}<p>Menu</p>")
    selection = choose(page, [KEEP, DROP, DROP, KEEP, DROP, DROP, DROP])
    assert selection.kept.tolist() == [True] * 4 + [False] * 3
    assert selection.overruled == {1: "formula", 2: "formula"}


def test_code_between_kept_blocks_stays_and_code_at_the_end_does_not() -> None:
    page = segment_html(f"<p>{STORY[0]}</p><pre>make</pre><p>{STORY[1]}</p><pre>tracker.push(1)</pre><p>Menu</p>")
    selection = choose(page, [KEEP, DROP, KEEP, DROP, DROP])
    assert selection.kept.tolist() == [True, True, True, False, False]
    assert selection.overruled == {1: "enclosed_code"}
    assert not choose(page, [KEEP, DROP, KEEP, DROP, DROP], code=False).kept[1]


TEASERS = "".join(
    f"<li><h3><a href='/{n}'>The {n} bridge is closed</a></h3><p>It was closed on Monday.</p></li>" for n in (1, 2)
)


@pytest.mark.parametrize(
    ("heading", "is_article", "kept"), [(DROP, True, False), (KEEP, True, True), (DROP, False, True)]
)
def test_links_to_other_stories_below_a_dropped_heading_go(heading: float, is_article: bool, kept: bool) -> None:
    page = segment_html(f"<p>{STORY[0]}</p><section><h2>Our readers liked</h2><ul>{TEASERS}</ul></section>")
    selection = choose(page, [KEEP, heading, *[KEEP] * 4], is_article=is_article)
    assert selection.kept.tolist() == [True, heading == KEEP, *[kept] * 4]


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("<summary>May I bring my bicycle?</summary>", True),
        ("<h4>May I bring my bicycle?</h4>", True),
        ("<p>Have you read this already?</p>", False),
        ("<summary>Bring it along.</summary>", False),
    ],
)
def test_a_question_above_its_answer_is_a_subheading(question: str, kept: bool) -> None:
    page = segment_html(f"<p>{STORY[0]}</p><details open>{question}<p>{STORY[1]}</p></details>")
    assert choose(page, [0.99, 0.3, 0.99], focus="precision").kept.tolist() == [True, kept, True]


def test_an_answer_that_is_true_of_two_questions_stays() -> None:
    answer = f"<div><p>{STORY[0]}</p></div>"
    page = segment_html(f"<h3>May I bring a dog?</h3>{answer}<h3>May I bring a cat?</h3>{answer}")
    assert choose(page, [KEEP] * 4).kept.all()


@pytest.mark.parametrize(
    "copy", [f"<blockquote><p>{STORY[0]}</p></blockquote>", f"<div hidden><p>{STORY[0]}</p></div>"]
)
def test_a_quotation_of_what_stands_above_and_a_hidden_copy_are_dropped(copy: str) -> None:
    page = segment_html(f"<div><p>{STORY[0]}</p><p>{STORY[1]}</p></div><div><p>{STORY[2]}</p>{copy}</div>")
    selection = choose(page, [KEEP] * 4)
    assert selection.kept.tolist() == [True, True, True, False]


def test_a_refrain_stays_in_the_box_of_its_song() -> None:
    page = segment_html(f"<div><p>{STORY[0]}</p><p>{STORY[1]}</p><p>{STORY[0]}</p></div>")
    assert choose(page, [KEEP] * 3).kept.all()


def test_a_run_that_its_own_box_repeats_is_no_copy_of_the_page() -> None:
    verse = f"<p>{STORY[0]}</p><p>{STORY[1]}</p>"
    page = segment_html(f"<article><h2>One</h2>{verse}<h2>Two</h2>{verse}</article>")
    assert choose(page, [KEEP] * 6).kept.all()


def test_a_run_of_scraped_text_that_comes_again_is_dropped_and_a_single_line_is_not() -> None:
    page = read_lines(STORY[0], STORY[1], "And then", STORY[0], STORY[1], "The end", STORY[1])
    selection = choose(page, [KEEP] * 7)
    assert selection.kept.tolist() == [True, True, True, False, False, True, True]
    assert selection.overruled == {3: "later_copy", 4: "later_copy"}


def test_a_copy_of_a_dropped_paragraph_stays() -> None:
    page = segment_html(f"<div><p>{STORY[0]}</p></div><div><p>{STORY[0]}</p></div>")
    assert choose(page, [DROP, KEEP]).kept.tolist() == [False, True]


@pytest.mark.parametrize(
    "source",
    [
        "<div><p>So it goes.</p></div><div><p>So it goes.</p></div>",
        f"<div><pre>{STORY[0]}</pre></div><div><pre>{STORY[0]}</pre></div>",
        f"<table><tr><td>{STORY[0]}</td></tr><tr><td>{STORY[0]}</td></tr></table>",
    ],
)
def test_short_lines_code_and_table_cells_may_come_again(source: str) -> None:
    assert choose(segment_html(source), [KEEP, KEEP]).kept.all()


NOTICE = "Lea también todas las noticias que no se puede perder de la semana en nuestro boletín de los sábados"


@pytest.mark.parametrize(
    ("before", "notice", "kept"),
    [
        (STORY[0], NOTICE, False),
        (STORY[0], f"“{NOTICE}”", True),
        (STORY[0], f"«{NOTICE}», dijo el alcalde.", True),
        ("This is what was read to all of them on the bridge:", NOTICE, True),
        pytest.param(
            STORY[0],
            "Pour lire tous les articles de la semaine, profitez de l'offre qui est dans la boutique pour vous",
            False,
        ),
    ],
)
def test_foreign_notices_in_scraped_text_go_and_quotations_stay(before: str, notice: str, kept: bool) -> None:
    page = read_lines(*STORY[1:], before, notice, *(f"{line} Again." for line in STORY))
    selection = choose(page, [KEEP] * len(page))
    assert selection.kept.tolist() == [True] * 4 + [kept] + [True] * 4
    assert selection.overruled == ({} if kept else {4: "foreign_notice"})


def test_what_is_surely_story_is_a_quotation_without_marks() -> None:
    page = read_lines(*STORY, NOTICE, *(f"{line} Again." for line in STORY))
    assert choose(page, [KEEP] * 4 + [0.96] + [KEEP] * 4).kept.all()


def test_a_bilingual_page_keeps_both_languages() -> None:
    page = read_lines(STORY[0], NOTICE, STORY[1], f"{NOTICE} y del domingo")
    assert choose(page, [KEEP] * 4).kept.all()


@pytest.mark.parametrize(
    ("line", "probability", "kept"),
    [
        ("What the town says", 0.3, True),
        ("What the town says", 0.1, False),
        ("What the town says:", 0.3, False),
        ("Read more.", 0.3, False),
        ("advertisement", 0.3, False),
        ("What the people of the town on the river say about it", 0.3, False),
    ],
)
def test_a_short_line_between_kept_paragraphs_stays(line: str, probability: float, kept: bool) -> None:
    page = read_lines(STORY[0], STORY[1], line, STORY[2], STORY[3])
    selection = choose(page, [0.99, 0.99, probability, 0.99, 0.99], focus="precision")
    assert bool(selection.kept[2]) is kept
    assert selection.overruled == ({2: "subheading"} if kept else {})


def test_a_short_line_before_a_dropped_paragraph_is_no_subheading() -> None:
    page = read_lines(STORY[0], STORY[1], "What the town says", STORY[2])
    assert choose(page, [0.99, 0.99, 0.3, DROP], focus="precision").overruled == {}


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
    page = segment_html(f'<p>{STORY[0]}</p><div class="comments"><blockquote>{STORY[0]}</blockquote></div>')
    assert choose(page, [KEEP, DROP], comments=True).overruled == {1: "later_copy"}


def test_every_rule_has_a_sentence() -> None:
    assert all(sentence and sentence[0].islower() and not sentence.endswith(".") for sentence in RULES.values())


def test_selecting_changes_neither_probabilities_nor_page() -> None:
    page = read_lines("* * *", STORY[0])
    probabilities = np.array([KEEP, KEEP])
    select(page, weigh(page, Options()), probabilities, Options(), is_article=True, units=find_units(page))
    assert probabilities.tolist() == [KEEP, KEEP]


def test_an_empty_page_keeps_nothing() -> None:
    assert choose(Page("html"), []).kept.shape == (0,)


CAPTION = "The new bridge over the river."


@pytest.mark.parametrize(
    ("below", "probability", "kept"),
    [
        (f"{CAPTION} Ana Roy / AP", DROP, [False, False]),
        (f"{CAPTION}Ana Roy / AP", KEEP, [False, False]),
        (f"{CAPTION} It was opened on Saturday by the mayor.", KEEP, [True, True]),
        ("Ana Roy / AP", DROP, [True, False]),
        (CAPTION, DROP, [True, False]),
    ],
)
def test_a_caption_goes_with_the_line_that_repeats_it_with_a_credit(
    below: str, probability: float, kept: list[bool]
) -> None:
    selection = choose(read_lines(STORY[0], CAPTION, below, STORY[1]), [KEEP, KEEP, probability, KEEP])
    assert selection.kept[1:3].tolist() == kept


@pytest.mark.parametrize(("line", "kept"), [("Lisbon / Madrid -", False), ("Lisbon", True), ("He paused –", True)])
def test_the_place_that_a_report_was_sent_from_goes(line: str, kept: bool) -> None:
    page = segment_html(f"<p>{STORY[0]}</p><p>{line}</p><p>{STORY[1]}</p>")
    assert choose(page, [KEEP] * 3).kept[1] == kept


def test_a_page_without_a_likely_block_has_no_story() -> None:
    assert not choose_blocks(np.array([0.3, 0.1, 0.3]), np.array([1.0, 1.0, 1.0]), beta=1.6).any()
