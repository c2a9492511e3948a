"""Every page under ``fixtures/pages``: the story is kept word for word and in order, and every verdict adds up."""

import re
from functools import cache

import pytest

from benchmarks.fixtures import Fixture
from boilerstrip import Document, clean
from tests.pages import PAGES, mark_known_failures, pages_of_kind

WORD = re.compile(r"\w+")


@cache
def clean_page(page_number: int) -> Document:
    """Clean a fixture once for all tests."""
    return clean(PAGES[page_number].source)


def clean_fixture(page: Fixture) -> Document:
    return clean_page(PAGES.index(page))


def split_words(text: str, kind: str) -> list[str]:
    """Split scraped text at white space, punctuation included; a page into its words.

    In HTML, marks such as the ¶ behind a heading are inline content of a block that is kept.
    """
    return text.split() if kind == "text" else WORD.findall(text)


def kept_words(document: Document, page: Fixture) -> list[str]:
    """Return the words of the kept blocks, without the blocks that may be kept or dropped."""
    kind = page.about["kind"]
    optional = {tuple(split_words(line, kind)) for line in page.about["optional"]}
    kept = [split_words(block.text, kind) for block in document.blocks if block.kept]
    return [word for words in kept if tuple(words) not in optional for word in words]


@pytest.mark.parametrize("page", mark_known_failures(PAGES, "story"))
def test_the_story_is_kept_word_for_word_and_in_order(page: Fixture) -> None:
    assert kept_words(clean_fixture(page), page) == split_words(page.expected, page.about["kind"])


@pytest.mark.parametrize("page", mark_known_failures(PAGES, "language"))
def test_the_story_s_language_is_found(page: Fixture) -> None:
    assert clean_fixture(page).language == page.about["language"]


@pytest.mark.parametrize("page", mark_known_failures(PAGES, "kind"))
def test_html_and_text_are_told_apart(page: Fixture) -> None:
    document = clean_fixture(page)
    assert (document.kind, document.status, document.truncated) == (page.about["kind"], "ok", False)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_the_text_is_the_kept_blocks(page: Fixture) -> None:
    document = clean_fixture(page)
    kept = " ".join(block.text for block in document.blocks if block.kept)
    assert document.text.split() == kept.split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_bias_and_weights_of_the_reasons_add_up_to_the_score(page: Fixture) -> None:
    document = clean_fixture(page)
    sums = [document.bias + sum(reason.weight for reason in block.reasons) for block in document.blocks]
    assert sums == pytest.approx([block.score for block in document.blocks], abs=1e-4)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_verdict_has_reasons_a_person_understands(page: Fixture) -> None:
    for block in clean_fixture(page).blocks:
        assert block.reasons, block.text
        for reason in block.reasons:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", reason.code)
            assert reason.evidence in {"language", "density", "repetition", "structure", "words", "selection"}
            assert reason.sentence.strip() == reason.sentence != ""


@pytest.mark.parametrize("page", mark_known_failures(pages_of_kind("html"), "title"))
def test_the_title_of_an_article_is_not_in_its_text(page: Fixture) -> None:
    document = clean_fixture(page)
    if page.about["page_type"] == "article":
        assert document.title == page.about["title"]
        assert not document.text.startswith(page.about["title"])


def test_every_fixture_says_what_it_is_for() -> None:
    for page in PAGES:
        assert {"kind", "language", "page_type", "title", "purpose", "optional"} <= page.about.keys(), page.slug
        assert page.about["kind"] in {"html", "text"}


def test_expected_and_optional_lines_stand_in_the_source() -> None:
    for page in PAGES:
        if page.about["kind"] == "text":
            lines = page.source.decode().splitlines()
            assert set(page.expected.splitlines()) | set(page.about["optional"]) <= {*lines, ""}, page.slug
