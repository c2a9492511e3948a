"""The cheap title, and the metadata that trafilatura reads when asked for."""

import pickle
import sys
import threading
from typing import Any

import pytest

import boilerstrip.metadata
from boilerstrip import Document, clean
from boilerstrip.metadata import LazyMetadata, Metadata, read_metadata
from boilerstrip.page import Head
from boilerstrip.titles import read_title

PAGE = """<html lang="en"><head><title>Rain in June | The Gazette</title>
<meta property="og:site_name" content="The Gazette"><meta property="og:title" content="Rain in June">
<meta name="author" content="Ada Lovelace"><meta name="description" content="It rained.">
<meta property="article:published_time" content="2024-06-03T10:00:00Z">
<meta property="article:tag" content="rain"><meta property="og:image" content="https://example.org/rain.jpg">
<link rel="canonical" href="https://example.org/rain"></head>
<body><article><h1>Rain in June</h1><p>It rained all day, and nobody in the town minded it at all.</p></article></body>
</html>"""


@pytest.mark.parametrize(
    ("head", "headings", "title"),
    [
        (Head(title="Rain | Gazette", social_title="Rain"), ["Rain"], "Rain"),
        (Head(title="Rain in June - The Gazette", site_name="The Gazette"), [], "Rain in June"),
        (Head(title="The Gazette: Rain in June", site_name="The Gazette"), [], "Rain in June"),
        (Head(title="Rain in June – Example", url="https://www.example.org/rain"), [], "Rain in June"),
        (Head(title="Rain in June | Example News", url="https://example.co.uk/"), [], "Rain in June"),
        (Head(title="Rain: a history | Gazette", site_name="Gazette"), [], "Rain: a history"),
        (Head(title="Rain in June | Weather"), [], "Rain in June | Weather"),
        (Head(title="The Gazette", site_name="The Gazette"), [], "The Gazette"),
        (Head(title="Rain in June | Gazette"), ["The Gazette", "Rain in June"], "Rain in June"),
        (Head(title="Rain in June - Gazette", site_name="Gazette"), ["Gazette", "Menu"], "Rain in June"),
        (Head(title="Rain in June: the story"), ["Rain in June, and what it did"], "Rain in June, and what it did"),
        (Head(social_title="Rain in June", title="Gazette"), ["Contact us"], "Rain in June"),
        (Head(), ["Rain\nin June"], "Rain in June"),
        (Head(), [], None),
        (Head(title="  ", url="https://["), ["", " "], None),
        (Head(title="雨の日｜例新聞", site_name="例新聞"), [], "雨の日"),
        (Head(title="|", social_title="-"), [], "-"),
        (Head(title="| Gazette", site_name="Gazette"), ["Rain"], "Rain"),
        (Head(title="Rain in June"), ["Rain in June – 3 May 2024"], "Rain in June"),
        (Head(title="Rain in June | X"), ["Rain in June (x.test) 12"], "Rain in June (x.test) 12"),
        (Head(social_title="Rain in June"), ["Rain in June: a history"], "Rain in June: a history"),
        (Head(title="Free Weather Maps for Schools | Gazette", site_name="Gazette"), ["Weather Maps"],
         "Free Weather Maps for Schools"),
        (Head(title="Free Weather Maps", social_title="Weather Maps"), ["Weather Maps"], "Weather Maps"),
        (Head(title="Weather | Maps of Rain"), ["Weather"], "Weather"),
        (Head(title="Gazette Weather Maps", url="https://gazette.example/maps"), ["Maps"], "Maps"),
        (Head(title="All of the Rain | Gazette"), ["WeatherAll of the Rain"], "All of the Rain"),
        (Head(title="Weather: Rain in June"), ["WeatherRain in June"], "Weather: Rain in June"),
        (Head(title="Rain in June"), ["Rain in JuneComments"], "Rain in June"),
        (Head(title="Rain in West Boston"), ["Rain in West Bostonville"], "Rain in West Bostonville"),
        (Head(title="What Donald of June did"), ["What McDonald of June did"], "What McDonald of June did"),
        (Head(title="Gazette: All the Rain", url="https://gazette.example/"), [], "Gazette: All the Rain"),
        (Head(title="Gazette – All the Rain", url="https://gazette.example"), [], "Gazette – All the Rain"),
        (Head(title="Gazette | All the Rain", url="https://gazette.example/"), [], "All the Rain"),
        (Head(title="Gazette: All the Rain", url="https://gazette.example/rain"), [], "All the Rain"),
    ],
)  # fmt: skip
def test_the_title_is_without_the_site(head: Head, headings: list[str], title: str | None) -> None:
    assert read_title(head, headings) == title


def test_the_address_the_caller_knows_names_the_site() -> None:
    assert read_title(Head(title="Rain in June – Gazette"), [], "https://gazette.example/") == "Rain in June"


def test_the_address_reaches_the_title() -> None:
    page = "<title>Rain in June – Gazette</title><p>It rained all day, and nobody in the town minded it at all.</p>"
    assert clean(page, url="https://gazette.example/rain").title == "Rain in June"


def test_a_heading_above_the_story_that_names_the_site_is_no_title() -> None:
    story = "<p>It rained all day, and nobody in the town minded it at all.</p>"
    page = f"<article><h1>It will rain for all of the summer</h1>{story}</article>"
    head = "<title>Rain again | The Gazette</title>"
    assert clean(f"{head}<header><h1>The Gazette</h1></header>{page}").title == "Rain again | The Gazette"
    assert clean(f"<title>Gazette | Rain</title><body><header><h1>Rain</h1></header>{story}").title == "Rain"
    assert clean(f"<title>Gazette | Rain</title><body><article><header><h1>Rain</h1></header>{page}").title == "Rain"


def test_everything_is_read() -> None:
    metadata = read_metadata(PAGE, "https://example.org/rain?from=feed")
    assert metadata.title == "Rain in June"
    assert (metadata.author, metadata.date, metadata.site_name) == ("Ada Lovelace", "2024-06-03", "The Gazette")
    assert (metadata.description, metadata.tags, metadata.language) == ("It rained.", ("rain",), "en")
    assert (metadata.url, metadata.image) == ("https://example.org/rain", "https://example.org/rain.jpg")


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ("<html lang='de-AT'>", "de"),
        ("<html xml:lang='FR'>", "fr"),
        ("<html lang='english'>", None),
        ("<html lang=''><meta http-equiv='Content-Language' content='pt_BR, en'>", "pt"),
        ("<html>", None),
    ],
)
def test_the_declared_language_is_read(page: str, language: str | None) -> None:
    assert read_metadata(f"{page}<body><p>one</p><p>two</p></body></html>").language == language


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ("<link rel=canonical href='/rain'>", "https://example.org/rain"),
        ("<link rel=Canonical href='rain?page=2'>", "https://example.org/news/rain?page=2"),
        ("<link rel=canonical href='//example.com/rain'>", "https://example.com/rain"),
        ("<base href='/en/'><link rel=canonical href='rain'>", "https://example.org/en/rain"),
        ("<base href='https://example.com/'>", "https://example.org/news/1"),
        ("<meta property='og:url' content='https://example.org/preview'><link rel=canonical href='/rain'>",
         "https://example.org/rain"),
        ("<meta property='og:url' content='/preview'>", "https://example.org/preview"),
        ("<link rel=canonical href=''><meta property='og:url' content='/preview'>", "https://example.org/preview"),
        ("<link rel=canonical href='javascript:x'>", "https://example.org/news/1"),
        ("<link rel=canonical href='https://[x'>", "https://example.org/news/1"),
    ],
)  # fmt: skip
def test_the_canonical_address_is_whole(head: str, address: str) -> None:
    page = f"<html><head><title>Rain</title>{head}</head><body><p>one</p></body></html>"
    assert read_metadata(page, "https://example.org/news/1").url == address


def test_a_canonical_address_starts_from_that_for_previews_where_nobody_knows_better() -> None:
    page = (
        "<meta property='og:url' content='https://example.org/a?b'><link rel=canonical href='/a'><p>one</p><p>two</p>"
    )
    assert read_metadata(page).url == "https://example.org/a"
    assert read_metadata("<link rel=canonical href='/a'><p>one</p><p>two</p>").url is None


def test_what_is_no_page_has_no_metadata() -> None:
    assert read_metadata("just words", "https://example.org/") == Metadata(url="https://example.org/")


def test_the_document_reads_them_when_asked_for() -> None:
    document = clean(PAGE)
    assert document.title == "Rain in June"
    assert document.lazy_metadata.known is None
    assert (document.author, document.date, document.site_name) == ("Ada Lovelace", "2024-06-03", "The Gazette")
    assert document.lazy_metadata.known is not None


def test_cleaning_does_not_load_trafilatura(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura.metadata", None)
    assert clean(PAGE).title == "Rain in June"


def test_plain_text_has_no_metadata() -> None:
    document = clean("It rained all day, and nobody in the town minded it at all.")
    assert document.metadata == Metadata()
    assert (document.author, document.notes) == (None, ())


def test_a_failure_is_a_note_and_no_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(html: str, url: str | None) -> Metadata:
        raise RecursionError("too deep")

    monkeypatch.setattr(boilerstrip.metadata, "read_metadata", fail)
    document, untouched = clean(PAGE), clean(PAGE)
    text = document.text
    assert document.metadata is None
    assert (document.author, document.text) == (None, text)
    assert document.notes == ("metadata: could not be read (RecursionError: too deep)",)
    assert document == untouched
    assert pickle.loads(pickle.dumps(document)).metadata is None


def test_metadata_is_read_once_by_whichever_thread_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    started = threading.Barrier(8)

    def read(html: str, url: str | None) -> Metadata:
        calls.append(html)
        return Metadata(author="Ada Lovelace")

    def ask(document: Document, authors: list[Any]) -> None:
        started.wait()
        authors.append(document.author)

    monkeypatch.setattr(boilerstrip.metadata, "read_metadata", read)
    document = clean(PAGE)
    authors: list[Any] = []
    threads = [threading.Thread(target=ask, args=(document, authors)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(calls), authors) == (1, ["Ada Lovelace"] * 8)


def test_what_was_read_survives_pickling(monkeypatch: pytest.MonkeyPatch) -> None:
    document = clean(PAGE)
    metadata = document.metadata
    read = pickle.loads(pickle.dumps(document))
    monkeypatch.setattr(boilerstrip.metadata, "read_metadata", None)
    assert read.metadata == metadata
    assert isinstance(pickle.loads(pickle.dumps(LazyMetadata())), LazyMetadata)
