"""The cleaner takes a page in any form, says what is wrong with anything else, and keeps the order of many."""

import os
import pickle
from multiprocessing import active_children
from typing import Any

import pytest
from lxml import etree, html

from boilerstrip import Cleaner, Document, clean
from boilerstrip.errors import OptionError, SourceError
from boilerstrip.sources import read_source, segment_source
from tests.samples import PROSE, STORY

PAGE = (
    "<html><head><title>A new bridge - News</title></head><body><nav><a href='/'>Home</a></nav><article>"
    f"<h1>A new bridge</h1>{''.join(f'<p>{line}</p>' for line in STORY)}</article><footer>Imprint</footer></body>"
)
TEXT = "\n\n".join(STORY)


def outline(document: Document) -> list[tuple[str, bool, float]]:
    """Text, verdict and score of each block."""
    return [(block.text, block.kept, block.score) for block in document.blocks]


@pytest.mark.parametrize(
    "source",
    [
        PAGE.encode(),
        bytearray(PAGE.encode()),
        memoryview(PAGE.encode()),
        "\ufeff" + PAGE,
        b"\xef\xbb\xbf" + PAGE.encode(),
    ],
    ids=["bytes", "bytearray", "memoryview", "text with a mark", "bytes with a mark"],
)
def test_a_page_is_the_same_in_every_form(source: bytes | bytearray | memoryview | str) -> None:
    assert outline(clean(source)) == outline(clean(PAGE))
    assert clean(source).text == clean(PAGE).text


@pytest.mark.parametrize("build", [html.fromstring, lambda page: etree.ElementTree(html.fromstring(page))])
def test_a_tree_is_cleaned_and_not_changed(build: object) -> None:
    assert callable(build)
    tree = build(PAGE)
    before = etree.tostring(tree)
    document = clean(tree)
    assert outline(document) == outline(clean(PAGE))
    assert (document.kind, document.encoding) == ("html", None)
    assert etree.tostring(tree) == before


def test_part_of_a_tree_is_cleaned_alone() -> None:
    root = html.fromstring(PAGE)
    article = root.find(".//article")
    article.tail = "a tail that is not part of it"
    blocks = clean(article).blocks
    assert [block.text for block in blocks] == ["A new bridge", *STORY]


@pytest.mark.parametrize(
    "source", [etree.Comment("x"), etree.fromstring("<a/>"), etree.fromstring("<!DOCTYPE a><a><!--b--></a>")]
)
def test_trees_without_text_are_empty(source: etree._Element) -> None:
    assert clean(source).status == "empty"


def test_a_tree_may_begin_with_an_inline_element() -> None:
    assert [block.text for block in clean(html.fromstring(f"<span>{STORY[0]}</span>")).blocks] == [STORY[0]]


def test_a_tree_without_a_root_is_empty() -> None:
    assert clean(etree.ElementTree()).status == "empty"


def test_bytes_say_their_encoding_and_text_has_none() -> None:
    document = clean("<p>Größe und Maß der Brücke</p>".encode("latin-1"), encoding="latin1")
    assert document.blocks[0].text == "Größe und Maß der Brücke"
    assert (document.encoding, document.encoding_source) == ("windows-1252", "caller")
    assert clean(TEXT).encoding is None


def test_the_kind_may_be_forced() -> None:
    assert (clean(TEXT).kind, clean(PAGE).kind) == ("text", "html")
    assert clean(TEXT, kind="html").kind == "html"
    assert clean(PAGE, kind="text").blocks[0].text.startswith("<html>")


@pytest.mark.parametrize("source", [None, 5, ["<p>x</p>"], {"html": "x"}, open])
def test_other_sources_are_misuse(source: object) -> None:
    with pytest.raises(SourceError, match=r"bytes, str, a pathlib.Path, an open binary file or an lxml tree"):
        clean(source)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"focus": "strict"}, "precision, balanced, recall"),
        ({"kind": "xml"}, "auto, html, text"),
        ({"detector": "cld2"}, "py3langid, langdetect"),
        ({"language": "english"}, "ISO 639-1"),
        ({"language": "en", "languages": ("de",)}, "not both"),
        ({"languages": "en"}, "tuple"),
        ({"learn": True}, "memory"),
    ],
)
def test_wrong_options_say_what_is_allowed(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Cleaner(**options)  # type: ignore[arg-type]


def test_an_unknown_option_is_misuse() -> None:
    with pytest.raises(TypeError):
        clean(TEXT, speed="fast")  # type: ignore[call-arg]


def test_an_unknown_encoding_is_misuse() -> None:
    with pytest.raises(OptionError, match="klingon"):
        clean(b"text", encoding="klingon")


@pytest.mark.parametrize(
    ("source", "status"),
    [("", "empty"), (" \n\t", "empty"), (b"", "empty"), (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" * 50, "binary")],
)
def test_pages_without_text_say_so(source: str | bytes, status: str) -> None:
    document = clean(source)
    assert (document.status, document.text, document.blocks, document.confidence) == (status, "", (), 0.0)


def test_blocks_point_back_to_the_page() -> None:
    root = html.fromstring(PAGE)
    for block in clean(root).blocks:
        [element] = root.getroottree().xpath(block.path)
        assert element.text_content() == block.text
    for block in clean(TEXT).blocks:
        assert block.span is not None
        assert TEXT[slice(*block.span)] == block.text


def test_the_title_is_put_on_top_when_asked_for() -> None:
    document = clean(PAGE, with_title=True, focus="recall")
    assert document.title == "A new bridge"
    assert not document.text or document.text.startswith("A new bridge\n\n")
    assert clean(TEXT).title is None


def test_the_address_given_wins_over_the_page_s_own() -> None:
    page = f'<link rel=canonical href="https://x.test/a">{PAGE}'
    assert clean(page).url == "https://x.test/a"
    assert clean(page, url="https://y.test/b").url == "https://y.test/b"


@pytest.mark.parametrize("workers", [0, -1])
def test_fewer_workers_than_one_are_refused_at_once(workers: int) -> None:
    with pytest.raises(OptionError, match="use 1 or more"):
        Cleaner().clean_many([], workers=workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_many_pages_come_back_in_order(workers: int) -> None:
    sources = [PAGE.replace("new bridge", f"bridge {number}") for number in range(40)]
    pairs = [(source, f"https://x.test/{number}") for number, source in enumerate(sources)]
    documents = list(Cleaner().clean_many(pairs, workers=workers))
    assert [document.url for document in documents] == [url for _, url in pairs]
    assert documents[7] == clean(sources[7], url=pairs[7][1])
    assert documents[7].blocks[0].reasons == clean(sources[7]).blocks[0].reasons


class Deadly:
    """An item that is the end of whatever process receives it, as a crash in a C library would be."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (9,)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("errors", ["keep", "skip"])
def test_a_bad_item_costs_itself(errors: Any, workers: int) -> None:
    sources: list[Any] = [TEXT, None, (PAGE, "https://x.test/"), object, TEXT]
    documents = list(Cleaner().clean_many(sources, workers=workers, errors=errors))
    if errors == "skip":
        assert [document.kind for document in documents] == ["text", "html", "text"]
    else:
        assert [document.status for document in documents] == ["ok", "error", "ok", "error", "ok"]
        assert "an open binary file or an lxml tree" in documents[1].notes[0]
    with pytest.raises(SourceError):
        list(Cleaner().clean_many(sources, workers=workers))
    assert not active_children()


def test_a_crash_costs_its_page() -> None:
    sources: list[Any] = [(Deadly() if number == 3 else TEXT, str(number)) for number in range(40)]
    documents = list(Cleaner().clean_many(sources, workers=2, errors="keep"))
    assert [document.url for document in documents] == [str(number) for number in range(40)]
    assert [number for number, document in enumerate(documents) if document.status == "error"] == [3]
    assert "died twice (exit code 9)" in documents[3].notes[0]


def test_documents_of_other_processes_leave_their_evidence_there() -> None:
    [document] = Cleaner().clean_many([PAGE * 3], workers=2)
    again: Document = pickle.loads(pickle.dumps(document))
    assert len(pickle.dumps(document)) < len(pickle.dumps(clean(PAGE * 3))) / 3
    for block, expected in zip(again.blocks, clean(PAGE * 3).blocks, strict=True):
        assert (block.reasons, block.main_reason) == (expected.reasons, expected.main_reason)


@pytest.mark.parametrize(
    "sources", [[PAGE, TEXT], [PAGE.encode(), PAGE.encode("utf-16"), "\ufeff" + PAGE, b"%PDF-1.7", b""]]
)
def test_documents_of_other_processes_are_those_of_this_one(sources: list[Any]) -> None:
    for document, source in zip(Cleaner().clean_many(sources, workers=2), sources, strict=True):
        expected = clean(source)
        assert document == expected
        assert (document.source, document.blocks.kept) == (expected.source, expected.blocks.kept)  # type: ignore[attr-defined]
        again = pickle.loads(pickle.dumps(document))
        assert (again, again.source) == (expected, expected.source)


def test_other_ways_with_errors_are_refused_at_once() -> None:
    with pytest.raises(OptionError, match="raise, keep, skip"):
        Cleaner().clean_many([], errors="ignore")  # type: ignore[arg-type]


def test_many_pages_are_read_as_they_are_asked_for() -> None:
    taken = []

    def pages() -> object:
        for number in range(1000):
            taken.append(number)
            yield TEXT

    first = next(iter(Cleaner().clean_many(pages())))  # type: ignore[arg-type]
    assert first == clean(TEXT)
    assert len(taken) == 1


def test_sources_and_pairs_may_be_mixed() -> None:
    documents = list(Cleaner().clean_many([TEXT, (PAGE.encode(), "https://x.test/"), html.fromstring(PAGE)]))
    assert [document.kind for document in documents] == ["text", "html", "html"]


def test_a_cleaner_can_be_pickled_with_its_options() -> None:
    cleaner = Cleaner(focus="precision", languages=("en", "es"), comments=True)
    again = pickle.loads(pickle.dumps(cleaner))
    assert again.options == cleaner.options
    assert again.clean(PAGE) == cleaner.clean(PAGE)


def test_a_document_can_be_pickled() -> None:
    document = clean(PAGE)
    again = pickle.loads(pickle.dumps(document))
    assert again == document
    assert again.to_dict() == document.to_dict()


def test_the_shortcut_is_the_cleaner() -> None:
    source = "\n\n".join([*STORY, PROSE["es"]])
    assert clean(source, focus="recall", language="es") == Cleaner(focus="recall", language="es").clean(source)


def test_reading_a_source_gives_its_blocks() -> None:
    assert list(segment_source(TEXT.encode()).texts) == list(read_source(TEXT, "text").page.texts) == list(STORY)


@pytest.mark.parametrize("sign", ["\v", "\f", "\x1c", "\x85", "\u2028"])
@pytest.mark.parametrize(
    "line", ["``` Copyright x<y 12:30 | é _it_ *bold* # h the story ]:", "> - 1. ___", "| a | b |"]
)
def test_cleaning_a_cleaned_text_again_changes_nothing(sign: str, line: str) -> None:
    sentence = "The mayor opened the new bridge on Saturday, and everybody who could walk came to see it. "
    text = clean(f"{sentence}{sign}{line}{sign}{sentence}").text
    assert sentence.strip() in text
    assert clean(text).text == text


@pytest.mark.parametrize("page", ["<p>A story.</p>", b"<p>A story.</p>"])
def test_one_page_is_not_taken_for_many(page: str | bytes) -> None:
    with pytest.raises(SourceError, match="such as a list"):
        Cleaner().clean_many(page)  # type: ignore[arg-type]
