"""What a user holds after cleaning: documents, statuses, and exceptions for misuse only."""

import dataclasses
import gzip
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from boilerstrip import Block, Cleaner, Document, Reason, SiteMemory, clean
from boilerstrip.errors import BoilerstripError, OptionError, SourceError
from boilerstrip.evidence.function_words import load_function_words
from boilerstrip.language_codes import LANGUAGE_CODES
from tests.hostile import build_hostile_inputs
from tests.pages import PAGES, pages_of_kind
from tests.samples import STORY

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


def test_a_page_inside_gzip_is_unpacked_as_far_as_is_allowed() -> None:
    page = f"<html><body>{''.join(f'<p>{number}: {STORY}</p>' for number in range(40))}</body></html>".encode()
    packed = gzip.compress(page)
    assert clean(packed).text == clean(page).text != ""
    part = clean(packed, max_bytes=len(page) // 2)
    assert part.truncated and 0 < len(part.text) < len(page) // 2
    for damaged in (gzip.compress(bytes(30_000_000)), packed[:10], packed[:-9], b"\x1f\x8b" + packed):
        assert clean(damaged).status == "binary"


@pytest.mark.parametrize("page", ["\n\n".join(STORY), "".join(f"<p>{line}</p>" for line in STORY)])
def test_the_colours_of_a_terminal_are_no_text(page: str) -> None:
    coloured = page.replace("bridge", "\x1b[1;31mbridge\x1b[0m")
    assert coloured != page and clean(coloured.encode()) == clean(page.encode())


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
        ({"detector": 7}, "py3langid, langdetect"),
        ({"language": "eng"}, r"ISO 639-1.*did you mean 'en'"),
        ({"language": "jp"}, "did you mean 'ja'"),
        ({"language": "xx"}, "'any'"),
        ({"language": ""}, "ISO 639-1"),
        ({"languages": ("en", "spa")}, "'spa'.*did you mean 'es'"),
        ({"languages": 7}, "tuple"),
        ({"languages": [["en"]]}, "ISO 639-1"),
        ({"kind": []}, "auto, html, text"),
        ({"comments": "yes"}, "True or False"),
        ({"with_title": 1}, "True or False"),
    ],
)
def test_a_wrong_option_is_refused_and_the_message_says_what_is_allowed(options: dict[str, Any], allowed: str) -> None:
    with pytest.raises(OptionError, match=allowed):
        Cleaner(**options)
    with pytest.raises(OptionError, match=allowed):
        clean("A story.", **options)


@pytest.mark.parametrize(
    ("options", "allowed"),
    [
        ({"memory": "sites.sqlite"}, r"SiteMemory\(path\)"),
        ({"memory": SiteMemory(), "site": 7}, "example.com"),
        ({"memory": SiteMemory(), "learn": "yes"}, "True or False"),
    ],
)
def test_a_wrong_option_of_a_cleaner_is_refused(options: dict[str, Any], allowed: str) -> None:
    with pytest.raises(OptionError, match=allowed):
        Cleaner(**options)


@pytest.mark.parametrize("workers", [0, -1, "2", 1.5])
def test_a_number_of_workers_is_a_number(workers: Any) -> None:
    with pytest.raises(OptionError, match="1 or more"):
        Cleaner().clean_many([], workers=workers)


@pytest.mark.parametrize("language", ["en", "EN", "de-AT", "zh-tw", "zh-cn", "yue", "nn"])
def test_languages_that_there_are_pass(language: str) -> None:
    assert Cleaner(language=language).options.language == language
    assert Cleaner(languages=[language, "fr"]).options.languages == (language, "fr")


def test_every_language_that_a_detector_or_a_word_list_knows_passes() -> None:
    from langdetect.detector_factory import PROFILES_DIRECTORY
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detected = {*LanguageIdentifier.from_model_file(MODEL_FILE).nb_classes, *os.listdir(PROFILES_DIRECTORY)}
    known = {code for code in detected if re.fullmatch("[a-z]{2,3}(-[a-z]+)?", code)} - {"zxx"}
    assert len(known) > 100
    assert {*known, *load_function_words().codes} <= LANGUAGE_CODES


# Sources, counting, showing


def test_paths_and_open_files_are_sources(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    for page in pages_of_kind("html")[:3]:
        path.write_bytes(page.source)
        with path.open("rb") as file:
            assert clean(path) == clean(file) == clean(io.BytesIO(page.source)) == clean(page.source)


def test_a_file_that_is_not_there_or_open_for_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        clean(tmp_path / "missing.html")
    with pytest.raises(SourceError, match="'rb'"):
        clean(io.StringIO("A story."))  # type: ignore[arg-type]


def test_a_text_that_names_a_page_is_text_and_a_note_says_so(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>A story.</p>", encoding="utf-8")
    assert [note for note in clean(str(path)).notes if "pathlib.Path" in note]
    assert [note for note in clean(" https://example.org/story?id=1\n").notes if "URL" in note]
    for text in ("A story.", "", "See https://example.org for more.", "a\0b", f"{path}\nA story.", "x" * 5000, "."):
        assert clean(text).notes == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [("It rained for days.", 4), ("昨夜の雨", 2), ("天气 fine", 2), ("रात हुई थी", 3), ("–", 0), ("", 0)],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    block = Block(text, True, 0.5, None, "text", "", None, None, (), 0, ())
    assert block.word_count == words


def test_a_chinese_page_has_more_than_one_word() -> None:
    document = clean("昨夜港口下了一场大雨，渡轮停航三个小时，四十名乘客和一只山羊在码头等候。" * 3)
    assert sum(block.word_count for block in document.blocks) > 40


def test_documents_and_cleaners_are_shown_in_a_line() -> None:
    for page in PAGES:
        shown = repr(clean(page.source))
        assert shown.startswith("<Document ok")
        assert len(shown) < 200
    assert repr(Document()) == "<Document empty: 0 characters of text, 0 blocks, language unknown>"
    assert repr(Cleaner()) == "Cleaner()"
    assert repr(Cleaner(focus="recall", languages=["en", "es"])) == "Cleaner(languages=('en', 'es'), focus='recall')"
    assert repr(Cleaner(memory=SiteMemory(), learn=True)) == "Cleaner(memory=SiteMemory(':memory:'), learn=True)"


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


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_spans_are_counted_in_the_text_as_it_was_passed(mark: str) -> None:
    for page in pages_of_kind("text"):
        text = page.source if isinstance(page.source, str) else page.source.decode()
        document, plain = clean(mark + text), clean(text)
        assert all((mark + text)[slice(*block.span)] == block.text for block in document.blocks if block.span)
        assert (document.text, document.source) == (plain.text, mark + text)
        assert [block.score for block in document.blocks] == [block.score for block in plain.blocks]


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


def test_a_front_page_without_any_title_is_judged_like_others() -> None:
    document = clean(f"<nav><a href=a>Home</a></nav><p>{STORY[0]}</p><p>{STORY[1]}</p>", url="https://example.org/")
    assert document.title is None
    assert document.notes == ()
    assert "Home" not in document.text


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://cdn.example/base/", "https://cdn.example/base/piers.html"),
        ("//cdn.example/base/x", "https://cdn.example/base/piers.html"),
        ("/base/", "https://example.org/base/piers.html"),
        ("base/", "https://example.org/news/base/piers.html"),
        ("..", "https://example.org/piers.html"),
        ("", "https://example.org/news/piers.html"),
        ("javascript:alert(1)//", "https://example.org/news/piers.html"),
        ("https://[x", "https://example.org/news/piers.html"),
    ],
)
def test_addresses_start_from_the_base(base: str, address: str) -> None:
    link = (
        "See <a href='piers.html'>the piers</a> or <a href='https://example.net/a'>others</a>, <img src='piers.html'>."
    )
    story = "".join(f"<p>{paragraph} {link}</p>" for paragraph in STORY)
    document = clean(f"<head><base href='{base}'></head><article>{story}</article>", url="https://example.org/news/1")
    for text in (document.to_markdown(links=True), document.to_html(links=True), document.to_xml(links=True)):
        assert address in text
        assert "https://example.net/a" in text
    assert f'src="{address}"' in document.to_html(images=True)


def test_addresses_within_the_page_do_not_start_from_the_base() -> None:
    page = f"<article><p>{STORY[0]} <a href='#below'>Look below</a> for more.</p></article>"
    document = clean(f"<head><base href='https://example.net/'></head>{page}")
    assert [mark.target for block in document.blocks for mark in block.marks] == ["#below"]
