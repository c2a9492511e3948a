"""What holds for every input: no exception, no invented or moved text, no dependence on anything but the input."""

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fixtures import Fixture
from boilerstrip import Cleaner, Document, clean
from tests.pages import PAGES, mark_known_changes, mark_known_failures, pages_of_kind

HTML_PAGES = pages_of_kind("html")
TEXT_PAGES = pages_of_kind("text")

TAGS = (
    "p",
    "div",
    "span",
    "b",
    "a",
    "li",
    "ul",
    "td",
    "tr",
    "table",
    "pre",
    "br",
    "article",
    "h1",
    "section",
    "nav",
    "button",
)
WORDS = (
    "the story",
    "of a",
    "mill",
    "Cookies",
    "Copyright",
    "la historia",
    "und der",
    "猫が",
    "قارب",
    "x<y",
    "&amp;",
    "\xa0",
    "\n",
)

LINES = sorted({line for page in TEXT_PAGES for line in page.source.decode().splitlines()})

fragments = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(TAGS).map("<{}>".format),
    st.sampled_from(TAGS).map("</{}>".format),
    st.sampled_from(TAGS).map('<{} class="sidebar comment" hidden>'.format),
    st.sampled_from(
        ("<!--", "-->", "<![CDATA[", "]]>", "<!doctype html>", "<script>", "</script>", "<", ">", '"', "</")
    ),
    st.text(max_size=12),
)
pages = st.lists(fragments, max_size=40).map("".join)
scraped = st.lists(st.sampled_from(LINES), max_size=30).map("\n".join)


def is_subsequence(part: str, whole: Iterable[str]) -> bool:
    """Tell whether the characters of ``part``, white space aside, stand in ``whole`` in the same order."""
    remaining = iter(whole)
    return all(character in remaining for character in part if not character.isspace())


def kept_texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.kept]


def kept_words(document: Document) -> list[str]:
    return document.text.split()


@given(st.one_of(st.text(), pages, scraped))
def test_no_text_raises(source: str) -> None:
    assert isinstance(clean(source), Document)


@given(st.binary(max_size=400))
def test_no_bytes_raise(source: bytes) -> None:
    assert isinstance(clean(source), Document)


@given(st.one_of(st.text(), pages), st.sampled_from(("html", "text")))
def test_no_text_raises_when_its_kind_is_forced(source: str, kind: str) -> None:
    assert clean(source, kind=kind).kind == kind


@given(st.one_of(st.text(), scraped))
def test_kept_text_is_a_subsequence_of_the_scraped_text(source: str) -> None:
    document = clean(source, kind="text")
    assert is_subsequence(document.text, source)


@given(st.one_of(st.text(), scraped))
def test_spans_of_scraped_text_are_its_blocks_in_order(source: str) -> None:
    document = clean(source, kind="text")
    spans = [block.span for block in document.blocks]
    assert all(span is not None for span in spans)
    assert [document.source[start:end] for start, end in filter(None, spans)] == [
        block.text for block in document.blocks
    ]
    assert spans == sorted(filter(None, spans))


@pytest.mark.parametrize("page", HTML_PAGES, ids=lambda page: page.slug)
def test_kept_text_is_a_subsequence_of_the_page(page: Fixture) -> None:
    import lxml.html

    whole = lxml.html.document_fromstring(page.source.decode()).xpath("string()")
    assert is_subsequence(clean(page.source).text, whole)


@pytest.mark.parametrize("page", mark_known_failures(PAGES, "idempotent"))
def test_cleaning_the_cleaned_text_changes_nothing(page: Fixture) -> None:
    text = clean(page.source).text
    assert clean(text, kind="text").text == text


@given(scraped)
def test_cleaning_twice_never_adds_text(source: str) -> None:
    once = clean(source, kind="text").text
    assert is_subsequence(clean(once, kind="text").text, once)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_bytes_and_text_of_a_page_give_the_same_story(page: Fixture) -> None:
    assert clean(page.source).text == clean(page.source.decode()).text


def test_results_do_not_depend_on_what_was_cleaned_before() -> None:
    cleaner = Cleaner()
    first = [cleaner.clean(page.source) for page in PAGES]
    again = [cleaner.clean(page.source) for page in reversed(PAGES)]
    fresh = [Cleaner().clean(page.source) for page in PAGES]
    assert first == again[::-1] == fresh


def test_results_do_not_depend_on_threads() -> None:
    cleaner = Cleaner()
    alone = [cleaner.clean(page.source) for page in PAGES]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda page: cleaner.clean(page.source), PAGES * 3))
    assert together == alone * 3


DIGEST_PROGRAM = """
import hashlib
from benchmarks.fixtures import load_fixtures
from boilerstrip import clean
print(hashlib.sha256("".join(clean(page.source).to_json() for page in load_fixtures()).encode()).hexdigest())
"""


def test_results_do_not_depend_on_the_hash_seed() -> None:
    digests = {_digest_under_hash_seed(seed) for seed in ("0", "1", "4242")}
    assert len(digests) == 1


def _digest_under_hash_seed(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    program = [sys.executable, "-c", DIGEST_PROGRAM]
    return subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_documents_survive_pickling(page: Fixture) -> None:
    document = clean(page.source)
    copy = pickle.loads(pickle.dumps(document))
    assert copy == document
    assert [block.reasons for block in copy.blocks] == [block.reasons for block in document.blocks]


def test_cleaners_survive_pickling() -> None:
    cleaner = Cleaner(focus="precision", language="en")
    copy = pickle.loads(pickle.dumps(cleaner))
    source = TEXT_PAGES[0].source
    assert copy.clean(source) == cleaner.clean(source)


TAG = re.compile(r"(<!--.*?-->|<[^>]+>)", re.DOTALL)
VERBATIM = re.compile(
    r"(<pre\b.*?</pre>|<script\b.*?</script>|<style\b.*?</style>|<textarea\b.*?</textarea>)", re.DOTALL | re.IGNORECASE
)
ATTRIBUTE = re.compile(r"""\s([\w:-]+)(?:=("[^"]*"|'[^']*'|[^\s>]+))?""")


def wrap_body(source: str) -> str:
    """Put everything in the body into one more box."""
    opened = re.sub(r"(<body[^>]*>)", r"\1<div>", source, count=1, flags=re.IGNORECASE)
    return re.sub(r"(</body>)", r"</div>\1", opened, count=1, flags=re.IGNORECASE)


def reverse_attributes(source: str) -> str:
    """Put the attributes of every element into the opposite order."""

    def reverse_one(match: re.Match[str]) -> str:
        attributes = [found.group(0) for found in ATTRIBUTE.finditer(match[2])]
        return f"<{match[1]}{''.join(reversed(attributes))}{match[3]}>"

    return re.sub(r"<([a-zA-Z][\w-]*)((?:\s[^<>]*?)?)(\s?/?)>", reverse_one, source)


def change_white_space(source: str) -> str:
    """Write every run of white space between tags differently, except where it counts."""
    return "".join(part if VERBATIM.fullmatch(part) else _stretch(part) for part in VERBATIM.split(source))


def _stretch(markup: str) -> str:
    return "".join(
        piece if piece.startswith("<") else re.sub(r"[ \t\r\n]+", "\n \t ", piece) for piece in TAG.split(markup)
    )


def swap_case_of_tags(source: str) -> str:
    """Write the names of all elements in upper case, or in lower case where they were upper."""
    return re.sub(r"(</?)([a-zA-Z][\w-]*)", lambda match: match[1] + match[2].swapcase(), source)


CHANGES = (wrap_body, reverse_attributes, change_white_space, swap_case_of_tags)


@pytest.mark.parametrize(("page", "change"), mark_known_changes(HTML_PAGES, CHANGES))
def test_markup_that_readers_do_not_see_changes_no_word(page: Fixture, change: Callable[[str], str]) -> None:
    source = page.source.decode()
    changed = change(source)
    assert changed != source
    assert kept_words(clean(changed)) == kept_words(clean(source))
