"""Pages are learnt as they would be cleaned, and every page finds its site or says that it cannot."""

from typing import Any

import pytest

from boilerstrip import Cleaner, SiteMemory
from boilerstrip.errors import OptionError, SourceError
from boilerstrip.learning import learn
from boilerstrip.page import Head, Page
from tests.memories import contents


def test_learning_takes_pages_and_finds_their_place() -> None:
    memory = SiteMemory()
    page = Page("html", texts=["Home", "Rain"], head=Head(url="https://www.example.com/rain"))
    assert learn(memory, [page]) == 1
    assert learn(memory, [(page, "http://www.example.com/rain#comments"), page]) == 0
    assert learn(memory, [page], site="other") == 1
    assert learn(memory, [Page("text", texts=["Home"])], folder="pages/crawl") == 1
    assert list(memory.export_totals()) == [("crawl", 1), ("example.com", 1), ("other", 1)]


def test_learning_other_sources_cuts_them_into_blocks() -> None:
    memory = SiteMemory()
    pages = ["Über uns\n\nRain fell.", "Über uns\n\nSun came out."]
    addressed = [(page.encode("cp1252"), f"http://example.com/{place}") for place, page in enumerate(pages)]
    assert learn(memory, addressed, encoding="cp1252") == 2
    assert learn(memory, (page.encode() for page in pages), site="s", encoding="utf-8") == 2
    for site in ("example.com", "s"):
        assert memory.lookup(site, ["über uns", "Rain fell."]) == (site, 2, [2, 1])


def test_learning_first_and_learning_while_cleaning_come_to_the_same() -> None:
    pages = [(f"<p>Subscribe to us now!</p><p>Story {page}.</p>", f"https://example.com/{page}") for page in "abc"]
    learnt, cleaned = SiteMemory(), SiteMemory()
    learn(learnt, pages)
    list(Cleaner(memory=cleaned, learn=True).clean_many(pages))
    assert contents(learnt) == contents(cleaned)


def test_a_page_without_blocks_teaches_nothing() -> None:
    memory = SiteMemory()
    assert learn(memory, [("", "https://example.com/"), (Page("html"), "https://example.com/a")]) == 0
    assert contents(memory) == ([], [], [])


def test_a_page_of_no_site_is_refused_and_its_batch_not_learnt() -> None:
    memory = SiteMemory()
    with pytest.raises(OptionError, match=r"url.*site=.*folder="):
        learn(memory, [("Home", "https://example.com/a"), ("Home", "/relative")])
    assert contents(memory) == ([], [], [])


@pytest.mark.parametrize("pages", ["Home", b"Home", Page("text", texts=["Home"])])
def test_a_single_page_is_refused_with_what_to_write_instead(pages: Any) -> None:
    with pytest.raises(OptionError, match=r"\[page\]"):
        learn(SiteMemory(), pages, site="s")


def test_a_source_of_another_type_is_refused() -> None:
    with pytest.raises(SourceError):
        learn(SiteMemory(), [7], site="s")  # type: ignore[list-item]
