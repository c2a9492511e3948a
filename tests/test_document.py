"""What a user holds after cleaning: documents, statuses, and exceptions for misuse only."""

import dataclasses
import json
from typing import Any

import pytest
from lxml import etree, html

from boilerstrip import Block, Cleaner, Document, Reason, clean
from boilerstrip.errors import BoilerstripError, OptionError, SourceError
from tests.hostile import build_hostile_inputs
from tests.pages import PAGES, pages_of_kind

STATUSES = {"ok", "empty", "no_story", "binary"}
HOSTILE = build_hostile_inputs()

NAVIGATION = (
    "<nav><ul>"
    + "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("home", "news", "sport"))
    + "</ul></nav>"
)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_content_never_raises(name: str) -> None:
    document = clean(HOSTILE[name])
    assert document.status in STATUSES
    assert bool(document.text.strip()) == (document.status == "ok")
    assert 0.0 <= document.confidence <= 1.0
    assert json.loads(document.to_json(reasons=False))["status"] == document.status


@pytest.mark.parametrize(
    "source", ["", b"", " \n\t ", b"\n\n", "<html><body></body></html>", "<!-- nothing -->", "\ufeff"]
)
def test_no_text_is_empty(source: str | bytes) -> None:
    document = clean(source)
    assert (document.status, document.text, document.confidence) == ("empty", "", 0.0)


@pytest.mark.parametrize(
    "source",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(256)) * 4,
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4,
        b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 4,
        b"\x7fELF\x02\x01\x01" + bytes(600),
    ],
    ids=["pdf", "jpeg", "png", "zip", "elf"],
)
def test_binary_input_is_said_to_be_binary(source: bytes) -> None:
    document = clean(source)
    assert (document.status, document.text, document.blocks) == ("binary", "", ())


def test_a_page_of_links_has_no_story() -> None:
    document = clean(f"<html><body>{NAVIGATION}</body></html>")
    assert (document.status, document.text) == ("no_story", "")
    assert [block.text for block in document.blocks] == ["home", "news", "sport"]
    assert not any(block.kept for block in document.blocks)


def test_a_text_of_one_line_gives_a_document() -> None:
    line = "The ferry that had not run since the war left the harbour on Sunday with forty passengers and one goat."
    assert clean(line).text in (line, "")


@pytest.mark.parametrize(
    "source", [None, 42, 4.2, ["<p>one</p>"], {"html": "<p>"}, object()], ids=lambda value: type(value).__name__
)
def test_a_source_of_another_type_is_refused(source: Any) -> None:
    with pytest.raises(SourceError, match=r"bytes.*str.*lxml"):
        clean(source)


@pytest.mark.parametrize(
    ("options", "allowed"),
    [
        ({"kind": "pdf"}, "auto, html, text"),
        ({"focus": "strict"}, "precision, balanced, recall"),
        ({"language": "english"}, "ISO 639-1"),
        ({"language": 7}, "ISO 639-1"),
        ({"languages": "en"}, r"tuple"),
        ({"language": "en", "languages": ("en", "es")}, "not both"),
        ({"detector": "guess"}, "py3langid, langdetect"),
    ],
)
def test_a_wrong_option_is_refused_and_the_message_says_what_is_allowed(options: dict[str, Any], allowed: str) -> None:
    with pytest.raises(OptionError, match=allowed):
        Cleaner(**options)
    with pytest.raises(OptionError, match=allowed):
        clean("A story.", **options)


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(OptionError, match="klingon"):
        clean(b"A story.", encoding="klingon")


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TypeError, match="focuss"):
        Cleaner(focuss="recall")  # type: ignore[call-arg]


def test_exceptions_of_misuse_share_one_base_and_are_the_usual_ones() -> None:
    assert issubclass(OptionError, (BoilerstripError, ValueError))
    assert issubclass(SourceError, (BoilerstripError, TypeError))


def test_bytes_text_and_trees_are_all_sources() -> None:
    for page in pages_of_kind("html"):
        text = page.source.decode()
        expected = clean(text).text
        assert clean(page.source).text == clean(bytearray(page.source)).text == expected


def test_a_tree_is_cleaned_and_not_changed() -> None:
    page = next(page for page in PAGES if page.slug == "blog-comments")
    tree = html.document_fromstring(page.source)
    before = etree.tostring(tree)
    assert clean(tree).text == clean(tree.getroottree()).text == clean(page.source).text
    assert etree.tostring(tree) == before


def test_documents_and_blocks_are_frozen() -> None:
    document = clean(PAGES[0].source)
    for value, name in ((document, "text"), (document.blocks[0], "kept")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, "other")
    with pytest.raises(TypeError):
        document.blocks[0] = document.blocks[1]  # type: ignore[index]
    assert isinstance(document.blocks[0], Block)
    assert isinstance(document.blocks[0].reasons[0], Reason)


def test_blocks_are_numbered_in_order() -> None:
    for page in PAGES:
        assert [block.index for block in clean(page.source).blocks] == list(range(len(clean(page.source).blocks)))


@pytest.mark.parametrize("page", pages_of_kind("html"), ids=lambda page: page.slug)
def test_a_path_finds_the_element_of_its_block_again(page: Any) -> None:
    tree = html.document_fromstring(page.source.decode())
    for block in clean(page.source).blocks:
        assert block.span is None
        found = tree.xpath(block.path)
        assert len(found) == 1, block.path
        assert set(block.text.split()) <= set(" ".join(found[0].itertext()).split()) | set(
            found[0].xpath("string()").split()
        )


def test_text_blocks_have_spans_and_no_path() -> None:
    for page in pages_of_kind("text"):
        for block in clean(page.source).blocks:
            assert block.path is None
            assert block.span is not None


def test_the_title_goes_on_top_only_when_asked_for() -> None:
    page = next(page for page in PAGES if page.slug == "article-related-biography")
    document, titled = clean(page.source), clean(page.source, with_title=True)
    assert document.title == page.about["title"]
    assert titled.text == f"{document.title}\n\n{document.text}"


def test_comments_are_kept_when_asked_for() -> None:
    page = next(page for page in PAGES if page.slug == "blog-comments")
    comment = "They used it for chestnuts."
    assert comment not in clean(page.source).text
    assert comment in clean(page.source, comments=True).text


def test_a_wider_focus_never_keeps_less() -> None:
    for page in PAGES:
        precision, balanced, recall = (
            len(clean(page.source, focus=focus).text) for focus in ("precision", "balanced", "recall")
        )
        assert precision <= balanced <= recall, page.slug


def test_the_address_is_remembered() -> None:
    assert clean("<p>A story.</p>", url="https://example.org/a").url == "https://example.org/a"


def test_an_empty_document_is_a_document() -> None:
    assert Document().to_dict()["status"] == "empty"
