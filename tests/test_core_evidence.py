"""The compiled core measures what the Python code measures, on any page."""

import json
from dataclasses import replace
from html import escape
from itertools import accumulate
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boilerstrip._core import Part
from boilerstrip.evidence.language_steps import INTERPRETED
from boilerstrip.evidence.matrix import COLUMNS, weigh
from boilerstrip.evidence.repetition import _fold, fold_characters
from boilerstrip.evidence.tokens import _load_alphabet
from boilerstrip.options import Options
from boilerstrip.page import Mark, Page
from boilerstrip.segment.html import segment_html
from tests.samples import PROSE, read_lines
from tests.test_core import needs, pieces


def assert_weighed_alike(page: Page) -> None:
    """Every column and every count is that of the Python code."""
    compiled = weigh(page, Options())
    with pytest.MonkeyPatch.context() as patch:
        for room in ("matrix", "density", "repetition", "cohesion", "position"):
            patch.setattr(f"boilerstrip.evidence.{room}.load_part", lambda name: Part(None, "switched off"))
        patch.setattr("boilerstrip.evidence.tokens._load_alphabet", lambda: None)
        patch.setattr("boilerstrip.evidence.language.load_steps", lambda: INTERPRETED)
        patch.setattr("boilerstrip.evidence.structure._load_compiled", lambda: None)
        interpreted = weigh(page, Options())
    for column, name in enumerate(COLUMNS):
        np.testing.assert_allclose(compiled.columns[:, column], interpreted.columns[:, column], atol=1e-6, err_msg=name)
    for field in ("word_buckets", "word_starts", "opening_buckets", "word_counts"):
        np.testing.assert_array_equal(getattr(compiled, field), getattr(interpreted, field))
    for field in ("language", "block_languages", "title"):
        assert getattr(compiled, field) == getattr(interpreted, field)


@needs("words")
@needs("boxes")
@needs("languages")
@needs("density")
@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, max_size=40))
def test_evidence_is_that_of_the_python_code(source: list[str]) -> None:
    assert_weighed_alike(segment_html("<html><body>" + "".join(source) + "".join(f"<p>{s}" for s in PROSE.values())))


NEARLY = (
    "http",
    "s",
    "://",
    "www",
    ".",
    "com",
    "org",
    "net",
    "1",
    "19",
    "20",
    "٣",
    ":",
    "h",
    "/",
    "_",
    "…",
    "\n",
    "”",
    "x",
)
"""Pieces of addresses, dates and endings, in their right order or not."""
ODD = (
    "\x00",
    "\x00\x00",
    "𠀀",
    "😀",
    "𝟗",
    "𝒶",
    "\ud800",
    "İ",
    "Σ",
    "ß",
    "ﬁ",
    "é",
    "ł",
    "か",
    "漢",
    "ไทย",
    "हिन्दी",
    "",
    " ",
)
scripts = st.characters(exclude_categories=(), min_codepoint=0, max_codepoint=0x1FFFF)
words = st.one_of(
    st.sampled_from(NEARLY), st.sampled_from(ODD), st.text(scripts, max_size=6),
    st.sampled_from([word for line in PROSE.values() for word in line.split()]).map(" {}".format),
)  # fmt: skip
texts = st.one_of(st.lists(words, max_size=80).map("".join), st.sampled_from(tuple(PROSE.values())))


@needs("words")
@needs("boxes")
@needs("languages")
@needs("density")
@settings(max_examples=150, deadline=None)
@given(st.lists(texts, max_size=12), st.randoms(use_true_random=False))
def test_evidence_of_any_text_is_that_of_the_python_code(lines: list[str], random: Random) -> None:
    size, ends = len(lines), [random.randint(0, len(line)) for line in lines]
    numbers = [random.randint(0, 3) for _ in range(size + 1)]
    marks = [(Mark(0, end, random.choice(("link", "strong", "code", "quote"))),) * numbers[0] for end in ends]
    assert_weighed_alike(
        Page("text", lines, [""] * size, ["paragraph"] * size, ends, marks=marks, images=numbers, controls=numbers[1:])
    )


@needs("words")
@needs("boxes")
@needs("languages")
@needs("density")
@pytest.mark.parametrize("code", PROSE)
def test_a_page_in_any_language_is_weighed_as_by_the_python_code(code: str) -> None:
    others = [PROSE[other] for other in ("en", "ru", "ja") if other != code]
    assert_weighed_alike(read_lines(PROSE[code], f"{PROSE[code]} {PROSE[code]}", *others, "", "12"))


ROOMS = (
    "<div class='post-content'>", "<div class=siteNAV id=related>", "</div>", "<nav>", "</nav>", "<ul><li>", "<li>",
    "</ul>", "<h1>", "<h3 class=comments>", "<table><tr><td>", "<td>", "</table>", "<aside hidden>", "<img>",
    "<a href=/>",
)  # fmt: skip
AGAIN = (
    "Read more", "read  MORE", "17 comments", "3 comments", "Straße 12", "STRASSE 7", "ＡＢＣ １２", "abc 3",
    "cafe\u0301", "café", "Ärger…", "ärger...", "日本の祭り", "日本の祭り", "ΣΊΣΥΦΟΣ", "σίσυφος", "² ½", "\xa0", "...",
    "Да, конечно", "да, КОНЕЧНО",
)  # fmt: skip
again = st.one_of(st.sampled_from(AGAIN), texts)


@needs("repeats")
@needs("boxes")
@needs("position")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(ROOMS), again), max_size=40), again, again)
def test_what_comes_again_is_found_as_by_the_python_code(source: list[str], title: str, description: str) -> None:
    body = "".join(piece if piece in ROOMS else f"<p>{escape(piece)}</p>" for piece in source)
    head = f"<title>{escape(title)}</title><meta name=description content='{escape(description)}'>"
    data = f"<script type='application/ld+json'>{json.dumps({'@type': 'Article', 'articleBody': title})}</script>"
    assert_weighed_alike(segment_html(f"<html><head>{head}{data}</head><body>{body}"))


@needs("repeats")
@needs("position")
@settings(max_examples=100, deadline=None)
@given(st.lists(again, max_size=12), st.sampled_from(("paragraph", "heading")))
def test_lines_that_come_again_are_found_as_by_the_python_code(lines: list[str], role: str) -> None:
    ends = list(accumulate(len(line) + number % 4 for number, line in enumerate(lines)))
    spans = [(end - len(line), end) for line, end in zip(lines, ends, strict=True)]
    blank, none = [""] * len(lines), [0] * len(lines)
    assert_weighed_alike(Page("text", lines, blank, [role] * len(lines), none, spans, marks=[()] * len(lines)))


@needs("repeats")
def test_characters_are_folded_as_texts_are() -> None:
    """Each by itself, and none because of what stands before it."""
    folded = fold_characters()
    for point in np.flatnonzero(folded).tolist():
        for before in ("", "a", "か", "가", "ᄀ"):
            assert _fold(before + chr(point)) == _fold(before) + chr(folded[point])


@needs("boxes")
def test_boxes_that_do_not_fit_together_are_refused() -> None:
    page = segment_html("<div><p>one</p><p>two</p></div>")
    for wrong in (
        {"boxes": [0, len(page.box_tags)]},
        {"box_parents": [*range(len(page.box_tags))]},
        {"box_last": [9] * len(page.box_tags)},
        {"boxes": [0]},
        {"inline_names": [""]},
    ):
        with pytest.raises(IndexError, match="box"):
            weigh(replace(page, **wrong), Options())


@needs("words")
def test_a_text_of_fewer_blocks_than_said_is_refused() -> None:
    alphabet = _load_alphabet()
    for count in (0, 1, 3):
        with pytest.raises(ValueError, match="has 2 blocks"):
            alphabet.read("one\x00two\x00", count)
