"""Blocks: the reason that is named first, and paths that find the element."""

import pytest

from boilerstrip import clean
from boilerstrip.blocks import Block, Blocks, Reason
from boilerstrip.page import PATH_LENGTH_LIMIT, Paths
from boilerstrip.segment import looks
from boilerstrip.segment.html import segment_html
from boilerstrip.segment.parse import parse_html
from tests.rendering import make_block
from tests.samples import STORY

RULE = Reason("title", "selection", 0.0, "it is the title")
PROSE = Reason("prose", "density", 0.4, "full sentences")
WORDS = Reason("boilerplate_words", "words", -0.5, "its words are those of boilerplate")
FOREIGN = Reason("foreign_language", "language", -0.4, "Spanish, while the page is English")
UNKNOWN = Reason("unknown_language", "language", -0.4, "too few function words to tell its language")


@pytest.mark.parametrize(
    ("kept", "reasons", "main"),
    [
        (False, (PROSE, RULE), RULE),
        (True, (WORDS, PROSE), PROSE),
        (False, (WORDS, FOREIGN), FOREIGN),
        (False, (WORDS, FOREIGN._replace(weight=-0.2)), WORDS),
        (False, (WORDS, UNKNOWN), WORDS),
        (False, (PROSE,), PROSE),
        (False, (), None),
    ],
    ids=["rule", "speaks for the verdict", "nearly as strong", "too weak", "vague", "none speaks for it", "none"],
)
def test_the_main_reason_explains_the_verdict(kept: bool, reasons: tuple[Reason, ...], main: Reason | None) -> None:
    block = Block("x", kept, 0.5, None, "paragraph", "p", None, None, (), 0, (reasons,))
    assert block.main_reason == main


def test_a_block_made_without_reasons_has_no_main_one() -> None:
    assert make_block("x").main_reason is None


def test_blocks_are_made_when_they_are_looked_at() -> None:
    blocks = clean(f"<article><h1>One</h1>{f'<p>{STORY}</p>' * 3}</article>").blocks
    assert blocks[1] == blocks[-3] == list(blocks)[1] == blocks[1:2][0]
    assert blocks == tuple(blocks)
    assert blocks != tuple(blocks)[1:]
    assert hash(blocks) == hash(tuple(blocks))
    assert [block.path for block in blocks[1:]] == [f"/html[1]/body[1]/article[1]/p[{place}]" for place in (1, 2, 3)]
    with pytest.raises(IndexError):
        blocks[len(blocks)]


@pytest.mark.parametrize(
    "wrap", ["<x-a>" * 150, f"<{'z' * 99}>" * 20, "<div>" * 99, "<div>" * 3, "<o:p>", "<x'y>", '<x"y>', "<x$y>"]
)
def test_paths_find_their_element_however_long_they_would_be(wrap: str) -> None:
    source = f"<html><body>{wrap}<p>one</p><p>two</p>"
    page = segment_html(source)
    root = parse_html(source)
    assert root is not None
    for text, path in zip(page.texts, Paths(page), strict=True):
        assert path is not None and len(path) <= PATH_LENGTH_LIMIT
        [element] = root.xpath(path)
        assert element.text == text


def test_a_page_keeps_each_step_of_its_paths_once() -> None:
    page = segment_html("<div>" * 90 + "<p>word</p>" * 500)
    paths = Paths(page)
    assert len(paths._steps) == 90 + 2 + 500


@pytest.mark.parametrize(
    "name",
    [
        "sr-only", "btn visuallyhidden", "visually-hidden", "screen-reader-text", "screenreader-only", "show-for-sr",
        "element-invisible", "offscreen", "off-screen", "a11y-hidden", "assistive-text", "tooltiptext", "katex",
        "mathjax_display", "mjx-chtml", "mwe-math-element", "math-tex", "ql-formula", "lineno", "line-nos", "line-num",
        "line-numbers-rows", "blob-num", "ln-num", "code-gutter", "mw-editsection", "wp-smiley", "emoji", "emoticon",
    ],
)  # fmt: skip
def test_every_class_that_changes_how_an_element_is_read_is_seen_among_others(name: str) -> None:
    assert looks.read_class(f"story {name.upper()} wide") == looks.read_class(name) != 0


def test_words_of_all_blocks_are_counted_as_those_of_each() -> None:
    texts = [
        "It rained – again.",
        "昨夜港口下了一场大雨",
        "İstanbul’da İki gün",
        "रात हुई थी",
        "ไทย",
        "___",
        "a\x00b",
        "😀 x²",
    ]
    blocks = clean("\n\n".join(texts)).blocks
    assert isinstance(blocks, Blocks)
    assert blocks.count_words() == [block.word_count for block in blocks]
    assert sum(blocks.count_words()) > len(texts)
