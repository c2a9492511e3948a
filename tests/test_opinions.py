"""A web page is judged twice: with its structure, and its story by the words alone."""

import numpy as np

from boilerstrip.evidence.matrix import COLUMNS, weigh
from boilerstrip.evidence.wording import read_as_text
from boilerstrip.judge.opinions import form_opinions, join_opinions, to_logits
from boilerstrip.judge.tagger import Tagger
from boilerstrip.options import Options
from boilerstrip.segment.html import segment_html
from tests.samples import PROSE, STORY, make_tagger, read_column, read_lines

PAGE = segment_html(
    '<html><head><meta property="og:type" content="article"></head><body><nav><a href="/">Home</a></nav>'
    f"<article>{''.join(f'<p>{line}</p>' for line in STORY)}<p>{PROSE['es']}</p></article></body></html>"
)


def with_join(*join: float) -> Tagger:
    tagger = make_tagger()
    return Tagger(tagger.weights, tagger.page_types, tagger.calibration, join, tagger.bias)  # type: ignore[arg-type]


def test_what_only_markup_can_tell_is_taken_away_and_the_words_stay() -> None:
    evidence = weigh(PAGE, Options())
    blocks = np.arange(1, len(PAGE))
    plain = read_as_text(evidence, blocks)
    assert not any(
        read_column(plain, name)[0] for name in ("inside_article", "claims_og_article", "tag_p", "link_density")
    )
    assert read_column(plain, "page_is_text") == [1.0] * len(blocks)
    for name in ("is_foreign", "cohesion_prose", "words", "copies"):
        assert read_column(plain, name) == read_column(evidence, name)[1:]
    assert plain.word_buckets.tolist() == evidence.word_buckets[evidence.word_starts[1] :].tolist()


def test_a_story_read_without_its_boxes_looks_like_the_same_lines_as_text() -> None:
    plain = read_as_text(weigh(PAGE, Options()), np.arange(1, len(PAGE)))
    text = weigh(read_lines(*PAGE.texts[1:]), Options())
    same = [name for name in COLUMNS if read_column(plain, name) == read_column(text, name)]
    assert len(same) > 0.95 * len(COLUMNS)


def test_a_second_opinion_is_asked_of_the_story_alone() -> None:
    evidence = weigh(PAGE, Options())
    alone = form_opinions(with_join(1.0, 0.0, 0.0), PAGE, evidence)
    both = form_opinions(with_join(0.5, 0.5, 0.0), PAGE, evidence)
    assert alone.joined.tolist() == alone.own.tolist()
    assert both.own.tolist() == alone.own.tolist()
    assert both.joined.tolist() != alone.joined.tolist()


def test_a_text_has_one_opinion() -> None:
    page = read_lines(*STORY)
    opinions = form_opinions(with_join(0.5, 0.5, 3.0), page, weigh(page, Options()))
    assert np.allclose(opinions.own, opinions.joined)


def test_logits_are_finite_and_joined_where_there_are_two() -> None:
    assert np.isfinite(to_logits(np.array([0.0, 1.0, 0.5]))).all()
    assert join_opinions(np.array([1.0, 1.0]), np.array([np.nan, 3.0]), (0.5, 0.5, 1.0)).tolist() == [1.0, 3.0]
