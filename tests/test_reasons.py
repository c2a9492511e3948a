"""Reasons add up to the score, follow from the model, and say in words what the evidence holds."""

import pickle
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from boilerstrip import Cleaner
from boilerstrip.blocks import Reason
from boilerstrip.evidence.function_words import load_function_words
from boilerstrip.evidence.matrix import COLUMNS, KINDS, Evidence, weigh
from boilerstrip.judge.facts import GROUPS
from boilerstrip.judge.opinions import Opinions
from boilerstrip.judge.reasons import Explanation, measure_groups, share_out
from boilerstrip.judge.select import Selection
from boilerstrip.judge.tagger import Scores
from boilerstrip.language_codes import LANGUAGE_NAMES, name_language
from boilerstrip.options import Options
from boilerstrip.page import Page, SiteCounts
from boilerstrip.segment.html import segment_html
from tests.pages import PAGES
from tests.samples import PROSE, STORY, make_tagger, read_lines, weigh_lines

FRAME = "All rights reserved by the Town News"

BIAS = 0.4
FOR, AGAINST = 0.05, -0.05


class AdditiveTagger:
    """Each kind of evidence adds the same to every score, so that its share is known."""

    bias = BIAS

    def __init__(self, columns: Sequence[str] = (), **weights: float) -> None:
        """``columns`` add a tenth each while they are there."""
        self.columns = frozenset(columns)
        self.weights = {kind: weights.get(kind, 0.0) for kind in KINDS}

    def score(
        self, evidence: Evidence, kinds: frozenset[str] = frozenset(KINDS), *, without: Sequence[str] = ()
    ) -> Scores:
        total = BIAS + sum(self.weights[kind] for kind in kinds) + 0.1 * len(self.columns - {*without})
        return Scores(np.full(len(evidence), total), np.ones(1))

    def score_views(
        self, evidence: Evidence, views: Sequence[tuple[frozenset[str], Sequence[str]]]
    ) -> np.ndarray[Any, Any]:
        scores = [self.score(evidence, kinds, without=without).blocks for kinds, without in views]
        return np.array(scores).reshape(len(views), len(evidence))


def agree(scores: np.ndarray[Any, Any]) -> Opinions:
    """Opinions that are all the same."""
    return Opinions(scores, scores, scores, np.ones(1))


def explain(page: Page, weight: float, *, site: SiteCounts | None = None, language: str | None = None) -> Explanation:
    """Explain a page of which every kind of evidence says the same."""
    tagger = AdditiveTagger(**dict.fromkeys(KINDS, weight))
    selection = Selection(np.ones(len(page), dtype=bool), {})
    evidence = weigh(page, Options(language=language), site)
    opinions = agree(tagger.score(evidence).blocks)
    return Explanation(tagger, evidence, page, selection, site, opinions)  # type: ignore[arg-type]


def read_reason(explanation: Explanation, block: int, kind: str) -> Reason:
    """The one reason of a kind."""
    [reason] = [reason for reason in explanation[block] if reason.evidence == kind]
    return reason


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_bias_and_reasons_add_up_to_the_score(page: object) -> None:
    document = Cleaner().clean(page.source)  # type: ignore[attr-defined]
    for block in document.blocks:
        assert document.bias + sum(reason.weight for reason in block.reasons) == pytest.approx(block.score, abs=1e-6)
        assert all(reason.code.isidentifier() and reason.sentence for reason in block.reasons)


def test_shares_add_up_for_any_model() -> None:
    for seed in range(3):
        tagger, evidence = make_tagger(seed), weigh_lines(*STORY, PROSE["es"], "* * *")
        shares = share_out(tagger, evidence)
        assert tagger.bias + shares.sum(axis=1) == pytest.approx(tagger.score(evidence).blocks, abs=1e-9)


def test_the_share_of_a_kind_is_what_it_adds() -> None:
    weights = {"language": 0.2, "density": -0.1, "repetition": 0.05, "words": -0.02}
    shares = share_out(AdditiveTagger(**weights), weigh_lines(*STORY))  # type: ignore[arg-type]
    assert shares[0] == pytest.approx([weights.get(kind, 0.0) for kind in KINDS])


def test_reasons_are_the_same_every_time_and_strongest_first() -> None:
    first, second = (Cleaner().clean("\n\n".join([*STORY, PROSE["es"]])).blocks for _ in range(2))
    assert [block.reasons for block in first] == [block.reasons for block in second]
    for block in first:
        weights = [abs(reason.weight) for reason in block.reasons if reason.evidence != "selection"]
        assert weights == sorted(weights, reverse=True)
        assert len(weights) >= len(KINDS)


def test_a_rule_that_overruled_the_score_comes_first_and_weighs_nothing() -> None:
    page = read_lines("* * *", STORY[0])
    selection = Selection(np.array([False, True]), {0: "separator"})
    evidence = weigh(page, Options())
    opinions = agree(make_tagger().score(evidence).blocks)
    explanation = Explanation(make_tagger(), evidence, page, selection, None, opinions)
    assert explanation[0][0] == Reason("separator", "selection", 0.0, "it is a separator")
    assert all(reason.evidence != "selection" for reason in explanation[1])


def test_what_the_rest_of_a_table_and_the_context_add_are_reasons_of_their_own() -> None:
    page = read_lines(*STORY)
    evidence, tagger = weigh(page, Options()), make_tagger()
    own = tagger.score(evidence).blocks
    together, final = own.copy(), own.copy()
    together[0] += 0.1
    final[:2] += 0.1, -0.2
    selection = Selection(np.ones(len(page), dtype=bool), {})
    explanation = Explanation(tagger, evidence, page, selection, None, Opinions(own, together, final, np.ones(1)))
    for block in range(len(page)):
        assert tagger.bias + sum(reason.weight for reason in explanation[block]) == pytest.approx(final[block])
    [unit] = [reason for reason in explanation[0] if reason.code == "unit"]
    assert (unit.weight, unit.sentence) == (pytest.approx(0.1), "the rest of its table speaks for it")
    assert not {"unit", "context"} & {reason.code for reason in explanation[2]}
    [context] = [reason for reason in explanation[1] if reason.code == "context"]
    assert (context.weight, context.evidence) == (pytest.approx(-0.2), "structure")
    assert context.sentence == "what is said of the blocks around it speaks against it"


def test_the_sentence_is_that_of_the_columns_that_moved_the_score_most() -> None:
    page = segment_html(f"<article><h1>A bridge</h1><p>{STORY[0]}</p></article>")
    tagger = AdditiveTagger(columns=["box_prose_share_0", "box_prose_share_1"], structure=FOR)
    evidence = weigh(page, Options())
    opinions = agree(tagger.score(evidence).blocks)
    selection = Selection(np.ones(len(page), dtype=bool), {})
    explanation = Explanation(tagger, evidence, page, selection, None, opinions)  # type: ignore[arg-type]
    assert read_reason(explanation, 1, "structure").sentence == "its box holds 100 % of the page's prose"
    assert read_reason(explain(page, FOR), 1, "structure").code == "inside_article"


def test_groups_share_out_the_columns_and_measure_what_they_move() -> None:
    grouped = [name for group in GROUPS for name in group.columns]
    assert sorted(grouped) == sorted(COLUMNS)
    evidence = weigh(read_lines(*STORY), Options())
    tagger = AdditiveTagger(columns=["words", "characters"])
    effects = measure_groups(tagger, evidence, tagger.score(evidence).blocks)  # type: ignore[arg-type]
    moved = {group.columns: effect[0] for group, effect in effects.items() if abs(effect[0]) > 1e-9}
    assert list(moved.values()) == pytest.approx([0.2])
    assert all("words" in columns for columns in moved)


def test_an_explanation_is_a_sequence() -> None:
    explanation = explain(read_lines(*STORY), FOR)
    assert len(explanation) == len(list(explanation)) == len(STORY)
    assert explanation[-1] == explanation[len(STORY) - 1]
    assert explanation[1:3] == (explanation[1], explanation[2])
    with pytest.raises(IndexError):
        explanation[len(STORY)]


@pytest.mark.parametrize("asked_before", [True, False])
def test_reasons_survive_pickling(asked_before: bool) -> None:
    document = Cleaner().clean("\n\n".join(STORY))
    expected = [block.reasons for block in Cleaner().clean("\n\n".join(STORY)).blocks]
    if asked_before:
        assert document.blocks[0].reasons == expected[0]
    assert [block.reasons for block in pickle.loads(pickle.dumps(document)).blocks] == expected


@pytest.mark.parametrize(
    ("kind", "block", "weight", "code", "sentence"),
    [
        ("language", 1, AGAINST, "foreign_language", "Spanish, while the page is English"),
        ("language", 1, FOR, "quoted_language", "Spanish, but the story around it introduces it"),
        ("language", 0, FOR, "story_language", "English, like the story"),
        ("language", 0, AGAINST, "page_language", "English like the page, with few function words"),
        ("language", 2, AGAINST, "unknown_language", "too few function words to tell its language"),
        ("density", 0, FOR, "prose", "21 words in full sentences"),
        ("density", 0, AGAINST, "loose_text", "21 words, but not built like sentences"),
        ("density", 2, AGAINST, "short", "only 1 word"),
        ("density", 2, FOR, "text", "1 word, few of them links"),
        ("density", 3, AGAINST, "no_letters", "it has no letters, only signs or digits"),
        ("repetition", 0, FOR, "unique", "it stands once"),
        ("repetition", 2, AGAINST, "repeated_line", "the same line stands 2 times"),
        ("repetition", 5, AGAINST, "repeated_pattern", "the same line, but for digits and case, stands 2 times"),
        ("words", 0, FOR, "story_words", "its words are those of stories"),
        ("words", 0, AGAINST, "boilerplate_words", "its words are those of boilerplate"),
        ("structure", 0, FOR, "position", "a paragraph among the story's blocks, 0 % down the page"),
    ],
)
def test_sentences_say_what_the_evidence_holds(kind: str, block: int, weight: float, code: str, sentence: str) -> None:
    page = read_lines(STORY[0], PROSE["es"], "Flecha", "17 / 3", "Flecha", "9 COMMENTS", "17 comments", *STORY[1:])
    reason = read_reason(explain(page, weight), block, kind)
    assert (reason.code, reason.sentence) == (code, sentence)
    assert reason.weight == pytest.approx(weight)


def test_words_that_are_not_asked_say_so() -> None:
    reason = read_reason(explain(read_lines(PROSE["ru"], PROSE["ru"]), AGAINST), 0, "words")
    sentence = "its words are not asked, as few stories in Russian are known"
    assert (reason.code, reason.sentence) == ("unread_words", sentence)


LINKS = '<p><a href="/x">Read the other story about it</a></p>'


@pytest.mark.parametrize(
    ("source", "kind", "weight", "code", "sentence"),
    [
        (LINKS, "density", AGAINST, "link_density", "100 % of it is links"),
        (LINKS, "density", FOR, "linked_text", "6 words, though 100 % of it is links"),
        ("<nav>Home page</nav>", "structure", AGAINST, "inside_nav", "it stands inside <nav>"),
        ("<article><p>x</p></article>", "structure", FOR, "inside_article", "it stands inside <article>"),
        ("<div hidden><p>x</p></div>", "structure", AGAINST, "hidden", "it is marked as hidden"),
        ("<body><div class=cookies>x</div>", "structure", AGAINST, "called_consent", "its box is called consent"),
        (
            "<body><div class=cookies><div><div><p>x</p></div></div></div>",
            "structure",
            AGAINST,
            "called_consent",
            "a box around it is called consent",
        ),
        ("<title>A new bridge</title><h1>A new bridge</h1>", "structure", FOR, "title", "it is the page's title"),
        (
            "<title>A new bridge</title><h1>A new bridge</h1>",
            "repetition",
            FOR,
            "repeats_title",
            "it repeats the page's title",
        ),
    ],
)
def test_sentences_about_pages(source: str, kind: str, weight: float, code: str, sentence: str) -> None:
    reason = read_reason(explain(segment_html(source), weight), 0, kind)
    assert (reason.code, reason.sentence) == (code, sentence)


def test_the_language_that_was_not_asked_for_is_not_named() -> None:
    reason = read_reason(explain(read_lines(STORY[0]), FOR, language="any"), 0, "language")
    assert (reason.code, reason.sentence) == ("no_language", "the page's language is unknown or was not asked for")


def test_site_repetition_is_named_where_it_speaks() -> None:
    page, site = read_lines(STORY[0], FRAME), SiteCounts("x.test", 4, [0, 3])
    assert (
        read_reason(explain(page, AGAINST, site=site), 1, "repetition").sentence
        == "stands on 3 of 4 other pages of x.test"
    )
    assert read_reason(explain(page, AGAINST, site=site), 0, "repetition").code == "stray_words"
    assert read_reason(explain(page, FOR, site=site), 1, "repetition").code == "unique"


def test_words_shared_with_the_prose_speak_for_a_line_and_their_lack_against_it() -> None:
    story = "The old bridge was built in 1912, and the council of the town wants the bridge to be repaired by spring."
    page = read_lines("The bridge", story, "Download our app", story.replace("1912", "the last century"))
    assert read_reason(explain(page, FOR), 0, "repetition").code == "shared_words"
    reason = read_reason(explain(page, AGAINST), 2, "repetition")
    assert (reason.code, reason.sentence) == ("stray_words", "the rest of the page's prose has none of its words")
    assert read_reason(explain(page, AGAINST), 0, "repetition").code == "unique"


def test_every_language_that_can_be_told_has_a_name() -> None:
    assert set(load_function_words().codes) <= set(LANGUAGE_NAMES)
    assert name_language("pt-BR") == "Portuguese"


def test_sentences_have_no_trailing_stop_and_a_blank_before_the_percent_sign() -> None:
    page = replace(segment_html(LINKS + f"<p>{STORY[0]}</p>"))
    for weight in (FOR, AGAINST):
        for reasons in explain(page, weight):
            assert not any(re.search(r"\.$|\d%", reason.sentence) for reason in reasons)
