"""Documents as JSON: what is written is what the schema says, and reads back as the same document."""

import json
import pickle
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from benchmarks.fixtures import Fixture
from boilerstrip import Document, clean, tags
from boilerstrip.document import Status
from boilerstrip.errors import SchemaError
from boilerstrip.metadata import Metadata
from boilerstrip.page import Kind
from boilerstrip.render.data import SCHEMA_VERSION
from tests.pages import PAGES

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
PAGE = (
    "<html><head><title>Rain</title></head><body><article><h1>Rain</h1>"
    "<p>It <a href='/x'>rained</a> all day, and nobody minded.</p></article></body></html>"
)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["version"]["const"] == SCHEMA_VERSION


def test_the_schema_knows_every_name_that_the_package_knows() -> None:
    written = {field.name for field in fields(Document)} - {"lazy_metadata"} | {"version", "metadata"}
    assert set(SCHEMA["properties"]) == written
    assert set(SCHEMA["$defs"]["metadata"]["properties"]) == set(asdict(Metadata()))
    assert set(SCHEMA["properties"]["kind"]["enum"]) == set(get_args(Kind))
    assert set(SCHEMA["properties"]["status"]["enum"]) == set(get_args(Status))
    assert set(SCHEMA["$defs"]["block"]["properties"]["role"]["enum"]) == {*tags.ROLES, tags.STRUCTURED_ROLE}
    assert set(SCHEMA["$defs"]["mark"]["properties"]["kind"]["enum"]) == {
        *tags.INLINE_MARKS.values(),
        *tags.OTHER_MARKS,
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_fixtures_are_written_as_the_schema_says_and_read_back(page: Fixture) -> None:
    document = clean(page.source, url=page.about.get("url"))
    plain = document.to_dict()
    VALIDATOR.validate(plain)
    read = Document.from_dict(json.loads(document.to_json()))
    assert read == document
    assert [block.reasons for block in read.blocks] == [block.reasons for block in document.blocks]
    assert read.to_dict() == plain
    assert (read.to_html(), read.to_markdown()) == (document.to_html(), document.to_markdown())


@pytest.mark.parametrize(
    "options", [{}, {"metadata": True}, {"source": True}, {"reasons": False}, {"metadata": True, "source": True}]
)
def test_every_choice_of_parts_is_valid_and_reads_back(options: dict[str, bool]) -> None:
    document = clean(PAGE, url="https://example.org/rain")
    plain = document.to_dict(**options)
    VALIDATOR.validate(plain)
    assert Document.from_dict(plain) == document
    assert (plain["metadata"] is not None) == options.get("metadata", False)
    assert ("source" in plain) == options.get("source", False)


def test_metadata_comes_back_with_the_document_or_with_its_source() -> None:
    document = clean(PAGE, url="https://example.org/rain")
    assert Document.from_dict(document.to_dict(source=True)).metadata == document.metadata
    assert Document.from_dict(json.loads(document.to_json(metadata=True))).metadata == document.metadata


def test_metadata_that_is_not_there_is_said_to_be_missing() -> None:
    document = Document.from_dict(clean(PAGE).to_dict())
    assert document.metadata is None
    assert any("does not carry its source" in note for note in document.notes)


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"version": 3},
        {"version": "1"},
        {"version": 1},
        {"version": 1, "blocks": [{}]},
        {"version": 1, "blocks": [1]},
        {"version": 1, "blocks": 7},
        {"version": 1, "blocks": [], "text": 7},
        {"version": 1, "blocks": [], "status": "fine"},
        {"version": 1, "blocks": [], "notes": "A note."},
        {"version": 1, "blocks": [], "metadata": "Ada"},
        {"version": 1, "blocks": [], "metadata": {"title": 7}},
        None,
        "a document",
        [["version", 1]],
        7,
    ],
)
def test_what_is_no_document_is_refused(plain: Any) -> None:
    with pytest.raises(SchemaError):
        Document.from_dict(plain)


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", None), ("kept", "yes"), ("score", "0.5"), ("span", [1]), ("marks", [{"start": 0}]), ("reasons", [7])],
)
def test_a_block_with_a_field_of_another_kind_is_refused(field: str, value: Any) -> None:
    plain = clean(PAGE).to_dict()
    plain["blocks"][0][field] = value
    with pytest.raises(SchemaError):
        Document.from_dict(plain)


def test_a_field_that_is_unknown_is_refused() -> None:
    with pytest.raises(SchemaError, match="colour"):
        Document.from_dict(clean(PAGE).to_dict() | {"colour": "red"})


def test_a_document_of_the_version_before_is_read() -> None:
    document = clean(PAGE)
    plain = document.to_dict() | {"version": 1}
    assert Document.from_dict({name: plain[name] for name in plain if name not in ("links", "images")}) == document


def test_documents_survive_pickling() -> None:
    document = clean(PAGE)
    read = pickle.loads(pickle.dumps(document))
    assert read == document
    assert read.blocks[-1].reasons == document.blocks[-1].reasons
    assert hash(read) == hash(document)


def test_documents_do_not_change() -> None:
    with pytest.raises(AttributeError):
        clean(PAGE).text = "other"  # type: ignore[misc]


def test_half_a_surrogate_pair_does_not_stop_the_json() -> None:
    document = Document(text="a\ud800b", status="ok")
    assert Document.from_dict(json.loads(document.to_json().encode())) == document
