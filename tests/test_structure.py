"""Structure: the boxes around a block, what they hold and what they are called."""

import numpy as np
import pytest

from boilerstrip.evidence.structure import COLUMNS, is_prose, measure_structure, split_name
from boilerstrip.evidence.tokens import tokenize
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html
from tests.samples import STORY, read_column, read_lines, weigh_html, weigh_lines

PROSE_AND_MENU = f"""
<html><body><nav class="site-menu"><ul><li><a href="/">Home page</a></li><li><a href="/news">Latest news</a></li></ul>
</nav><main><article class="post"><p>{STORY[0]}</p><p>{STORY[1]}</p></article></main></body></html>
"""


def test_a_box_sums_the_words_below_it() -> None:
    evidence = weigh_html("<div><section><p>one two</p><p>three</p></section><p>four</p></div>")
    own, around, outer = (read_column(evidence, f"box_words_{level}") for level in range(3))
    assert np.expm1(own).round().tolist() == [2, 1, 1]
    assert np.expm1(around).round().tolist() == [3, 3, 4]
    assert np.expm1(outer).round().tolist() == [4, 4, 4]


def test_a_box_knows_how_much_of_it_is_links_and_prose() -> None:
    evidence = weigh_html(PROSE_AND_MENU)
    assert read_column(evidence, "box_link_density_1") == [1, 1, 0, 0]
    assert read_column(evidence, "box_prose_share_1") == [0, 0, 1, 1]


def test_elements_above_a_block_are_named() -> None:
    evidence = weigh_html(PROSE_AND_MENU)
    assert read_column(evidence, "inside_nav") == [1, 1, 0, 0]
    assert read_column(evidence, "inside_article") == [0, 0, 1, 1]
    assert read_column(evidence, "tag_li") == [1, 1, 0, 0]
    assert read_column(evidence, "role_paragraph") == [0, 0, 1, 1]


def test_names_are_near_on_the_two_innermost_boxes_and_above_beyond() -> None:
    evidence = weigh_html('<div class="comments"><div><div><p>one</p></div><p>two</p></div><p>three</p></div>')
    assert read_column(evidence, "near_comment") == [0, 0, 1]
    assert read_column(evidence, "above_comment") == [1, 1, 0]


def test_names_of_inline_elements_are_near() -> None:
    assert read_column(weigh_html('<p><span class="byline">Jane Doe</span></p>'), "near_author") == [1]


def test_names_of_html_and_body_say_nothing_of_a_block() -> None:
    evidence = weigh_html('<html class="no-sidebar"><body class="comments-open"><p>one</p></body></html>')
    assert read_column(evidence, "above_comment") == read_column(evidence, "near_sidebar") == [0]


def test_hidden_boxes_hide_what_is_below_them() -> None:
    evidence = weigh_html('<div style="display:none"><div><p>one</p></div></div><p>two</p>')
    assert read_column(evidence, "hidden") == [1, 0]


def test_headings_have_levels() -> None:
    levels = read_column(weigh_html("<h1>a</h1><h2>b</h2><h6>c</h6><p>d</p>"), "heading_level")
    assert levels[0] > levels[1] > levels[2] > levels[3] == 0


def test_cards_have_siblings_like_them_and_the_story_has_none() -> None:
    cards = "".join(f'<div class="card"><p>Card {number}</p></div>' for number in range(5))
    evidence = weigh_html(f'<div>{cards}</div><div class="story"><p>{STORY[0]}</p></div>')
    siblings = np.expm1(read_column(evidence, "box_same_siblings_1")).round()
    assert siblings.tolist() == [5, 5, 5, 5, 5, 1]
    shapes = np.expm1(read_column(evidence, "shape_blocks")).round()
    assert shapes.tolist() == [5, 5, 5, 5, 5, 1]


def test_blocks_in_the_box_of_the_prose_are_near_it() -> None:
    evidence = weigh_html(PROSE_AND_MENU)
    distances = read_column(evidence, "half_distance")
    assert max(distances[2:]) < min(distances[:2])


@pytest.mark.parametrize("depth", [300, 3_000])
def test_deep_nesting_is_measured_like_any(depth: int) -> None:
    evidence = weigh_html(
        f'{"<div>" * depth}<article class="post"><p>{STORY[0]}</p></article>{"</div>" * depth}<p>b</p>'
    )
    assert np.isfinite(evidence.columns).all()
    assert len(evidence) == 2
    assert read_column(evidence, "depth")[0] > read_column(evidence, "depth")[1]


def test_a_wrapper_changes_neither_tags_nor_names_above() -> None:
    plain, wrapped = (weigh_html(f"<body>{source}") for source in (PROSE_AND_MENU, f"<div>{PROSE_AND_MENU}</div>"))
    for name in ("inside_nav", "inside_article", "near_navigation", "role_paragraph", "tag_p", "hidden"):
        assert read_column(plain, name) == read_column(wrapped, name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("post-content", ["post", "content"]),
        ("relatedArticles", ["related", "articles"]),
        ("SiteNAV", ["site", "nav"]),
        ("col-md-8 x", ["col", "md"]),
        ("c0mments__list", ["mments", "list"]),
        ("", []),
    ],
)
def test_names_are_split_into_words(name: str, words: list[str]) -> None:
    assert split_name(name) == words


def test_linked_or_short_blocks_are_no_prose() -> None:
    page = segment_html(f'<p>{STORY[0]}</p><p>Short one.</p><p><a href="/x">{STORY[1]}</a></p>')
    assert is_prose(page, tokenize(page.texts)).tolist() == [True, False, False]


def test_plain_text_has_roles_and_no_boxes() -> None:
    evidence = weigh_lines(STORY[0], "* * *")
    assert read_column(evidence, "role_paragraph")[0] == 1
    assert read_column(evidence, "role_separator")[1] == 1
    assert read_column(evidence, "depth") == [0, 0]


@pytest.mark.parametrize("page", [segment_html(PROSE_AND_MENU), read_lines(*STORY)], ids=["page", "text"])
def test_columns_are_named_as_they_stand(page: Page) -> None:
    measured = measure_structure(page, tokenize(page.texts))
    assert set(measured) == set(COLUMNS) if page.box_tags else set(measured) < set(COLUMNS)
    assert {len(column) for column in measured.values()} == {len(page)}
