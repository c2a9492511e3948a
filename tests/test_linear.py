"""Work that grows no faster than the page: counted, not timed."""

import json
import re
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from boilerstrip.blocks import Block
from boilerstrip.evidence import repetition
from boilerstrip.evidence.repetition import find_held
from boilerstrip.page import Head, Mark
from boilerstrip.render.inline import Shown, build_leaf
from boilerstrip.segment.html import segment_html
from boilerstrip.segment.parse import LIBXML2_DEPTH_LIMIT, parse_html
from boilerstrip.segment.simplify import ATTRIBUTE_LIMIT, FLATTENED_DEPTH, has_many_attributes, simplify
from boilerstrip.titles import find_headings, read_title


class CountingText(str):
    """Text that counts the characters that are looked through for others or compared with them."""

    looked_at = 0

    def __contains__(self, piece: object) -> bool:
        CountingText.looked_at += len(self)
        return super().__contains__(str(piece))


def test_a_heading_of_asides_is_joined_once() -> None:
    heading = "x - " * 200_000
    assert read_title(Head(title="y x"), [heading]) == " ".join(heading.split())
    assert read_title(Head(title="x x"), [heading]) == "x - x"


def test_headings_are_looked_for_in_titles_of_bounded_length() -> None:
    title = " ".join(f"w{number}" for number in range(50_000))
    headings = [f"v{number} u" for number in range(20_000)]
    assert read_title(Head(title=title), [*headings, "w3 w4"]) == "w3 w4"
    assert read_title(Head(title="Rain | Site", url=f"http://{'a.' * 50_000}org/"), ["Rain"]) == "Rain"


def test_the_end_of_a_title_is_looked_up_once_for_all_headings() -> None:
    masthead, story = "<header>" + "<h1>Gaz</h1>" * 4_000 + "</header>", "<article><h1>Rain</h1><p>It rained.</article>"
    source = f"<title>{'Aa | ' * 4_000}Gaz</title><body>{masthead}"
    assert set(find_headings(segment_html(source), None)) == {"Gaz"}
    assert find_headings(segment_html(source + story), None) == ["Rain"]


def test_formulas_are_told_from_code_in_one_pass() -> None:
    page = segment_html("<script src=mathjax.js></script><p>" + "<code>a</code> \\(x\\) " * 20_000)
    assert Counter(mark.kind for mark in page.marks[0]) == {"code": 20_000, "formula": 20_000}


def test_soft_breaks_alone_are_no_pieces_of_a_block() -> None:
    page = segment_html("<p>a" + "<sup>\xad</sup>" * 20_000 + "b")
    assert list(page.texts) == ["ab"]


def test_superscripts_are_read_without_counting_those_beside_them() -> None:
    page = segment_html("<p>a" + "<sup>2</sup> b" * 60_000)
    assert len(page.marks[0]) == 60_000


def test_words_beside_an_arrow_are_looked_for_near_it() -> None:
    page = segment_html("<p>a<b>" + "<i aria-hidden=true>\u2192</i> " * 60_000 + "</b>b")
    assert list(page.texts) == ["a b"]


def test_images_in_front_of_text_are_told_from_the_others_in_one_pass() -> None:
    marks = (*(Mark(0, 0, "image", f"a{number}.png") for number in range(20_000)), Mark(0, 1, "strong"))
    block = Block("x", True, 1.0, None, "paragraph", "p", "/html[1]", None, marks, 0, ())
    images, spans = build_leaf(block, Shown(images=True))
    assert ([image.target for image in images], spans[0].kind) == ([mark.target for mark in marks[:-1]], "strong")


def test_many_blocks_are_looked_for_in_a_long_body_without_going_through_it_for_each() -> None:
    body = CountingText("".join(f"w{number}loremipsum" for number in range(20_000)))
    pieces = {f"w{number}lorem" for number in range(0, 40_000, 3)}
    CountingText.looked_at = 0
    held = find_held(pieces, body)
    assert CountingText.looked_at == 0
    assert held == {f"w{number}lorem" for number in range(0, 20_000, 3)}


@pytest.mark.parametrize("alphabet", ["ab", "aé漢😀", "\ud800a"])
def test_both_ways_of_looking_for_blocks_find_the_same(alphabet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    text = "".join(random.choice(list(alphabet), 400))
    pieces = {"".join(random.choice(list(alphabet), random.integers(1, 9))) for _ in range(300)} | {text, text + "a"}
    expected = {piece for piece in pieces if piece in text}
    monkeypatch.setattr(repetition, "_PRODUCT_LIMIT", 0)
    assert find_held(pieces, text) == expected
    assert find_held(pieces, "") == set()


DEEP = "<div>" * (LIBXML2_DEPTH_LIMIT + 60)


def measure_depth(source: str) -> int:
    root = parse_html(source)
    assert root is not None
    depth, row = 0, [root]
    while row := [child for element in row for child in element]:
        depth += 1
    return depth


@pytest.mark.parametrize(
    "rest",
    [
        "<a ", "<!--", "<b>word </b>", "<em>w ", "</q><b>x", "<p><fieldset></p>x", '<a b=="x>">y', '<a ="x>">y',
        "<b x=y/>z", "<script>a</script>x", "<!x><?y></ z>w", "<font><center></font>x", "<table><tr><td>x", "<svg/>x",
        "<textarea><div></textarea>y",
    ],
)  # fmt: skip
def test_deep_pages_are_flattened_whatever_follows(rest: str) -> None:
    assert measure_depth(DEEP + rest * 3000) < LIBXML2_DEPTH_LIMIT - 8


@pytest.mark.parametrize(
    "piece", ["<b>w</b> ", "<em>w ", "<div>w</div>", "<p>w", "<i>w</b> ", "<li>w", "<br>w", "<ul>w</ul>"]
)
def test_nothing_is_lost_of_a_deep_page(piece: str) -> None:
    words = " ".join(segment_html(DEEP + piece * 3000 + "the end").texts).split()
    assert len(words) >= 3000 or piece == "<em>w "
    assert re.sub(r"\s", "", "".join(words)) == "w" * 3000 + "theend"


def test_simplifying_leaves_a_shallow_page_as_it_is() -> None:
    page = (
        "<!doctype html><p class='a' b>one<br/><!-- <p> --><script>'<div>'</script></p></q><svg><path/></svg> x < y <"
    )
    assert simplify(page) == simplify(page, by_pairs=True) == page


@pytest.mark.parametrize(
    "make", [lambda n: f"a{n}={n} ", lambda n: f'a{n}=">" ', lambda n: f"a{n}='<p>' ", lambda n: f"/a{n}"]
)
def test_attributes_by_the_hundred_thousand_are_not_all_built(make: Callable[[int], str]) -> None:
    source = f"<p class=story {''.join(map(make, range(100_000)))}>one</p><p>two</p>"
    assert has_many_attributes(source)
    root = parse_html(source)
    assert root is not None
    assert max(len(element.attrib) for element in root.iter()) <= ATTRIBUTE_LIMIT
    assert root.xpath("string(//p[@class='story'])") == "one"
    assert list(segment_html(source).texts) == ["one", "two"]


@pytest.mark.parametrize(
    "source", [f"<script>{json.dumps(list(range(9000)))}</script>" * 9, "<p a='>' b=c>x</p>" * 9000]
)
def test_pages_of_data_have_not_many_attributes(source: str) -> None:
    assert simplify(source) == source


def test_a_flattened_page_is_never_as_deep_as_the_limit() -> None:
    assert measure_depth("<div>" * 5000 + "x") < FLATTENED_DEPTH
