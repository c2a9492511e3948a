"""Soup, broken markup, mutated fixtures and texts, with a fixed budget: nothing raises, nothing is lost or made up."""

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import check_page
from boilerstrip import tags
from boilerstrip.segment.html import segment_html
from boilerstrip.segment.simplify import simplify

FIXTURES = sorted(path.read_bytes() for path in Path(__file__).parents[1].glob("fixtures/pages/*/source.*"))
BUDGET = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
"""The same examples at every run."""

OTHERS = ("div", "table", "tr", "ul", "x-y", "o:p")
NAMES = st.sampled_from(sorted({*tags.SKIPPED, *tags.INLINE, *tags.ROLE_OF_TAG, *OTHERS}))
ATTRIBUTES = st.sampled_from(
    ["", " class=a", " id='b", ' style="display:none"', " hidden", " href=x", " =", ' a="<p>"', "/"]
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="<>&\x00"), max_size=12)
PIECES = st.one_of(
    st.builds("<{}{}>".format, NAMES, ATTRIBUTES),
    st.builds("</{}>".format, NAMES),
    WORDS,
    st.sampled_from(
        ["<", ">", "&", "&amp;", "&#0;", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "<!", "</", "\x00", "\r"]
    ),
)
SOUP = st.lists(PIECES, max_size=60).map("".join)


@st.composite
def mutate(draw: st.DrawFn) -> bytes:
    """A fixture with pieces cut out, doubled, or replaced by bytes."""
    source = draw(st.sampled_from(FIXTURES))[:8000]
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(source)))
        end = min(len(source), start + draw(st.integers(0, 400)))
        instead = draw(st.sampled_from([b"", source[start:end] * 2, b"<", b"\xff", b"</p"]))
        source = source[:start] + instead + source[end:]
    return source


@BUDGET
@given(SOUP)
def test_soup(source: str) -> None:
    check_page(source.encode("utf-8", "replace"))


@BUDGET
@given(mutate())
def test_mutated_fixtures(source: bytes) -> None:
    check_page(source)


@BUDGET
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_bytes_and_texts(source: bytes) -> None:
    check_page(source)


TAGS = st.one_of(st.builds("<{}>".format, NAMES), st.builds("</{}>".format, NAMES), WORDS)


@BUDGET
@given(st.lists(TAGS, max_size=40).map("".join))
def test_simplifying_a_shallow_page_changes_nothing(source: str) -> None:
    assert simplify(source) == simplify(source, by_pairs=True) == source


SHOWN = st.sampled_from(["div", "p", "b", "i", "ul", "li", "table", "td", "section"])


@BUDGET
@given(st.lists(SHOWN, min_size=1, max_size=30), WORDS)
def test_every_word_between_shown_elements_is_read(names: list[str], word: str) -> None:
    word = re.sub(r"\W", "", word) or "word"
    source = "".join(f"<{name}>{word}" for name in names)
    assert "".join("".join(segment_html(source).texts).split()) == word * len(names)
