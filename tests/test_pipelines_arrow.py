"""Record batches of pages to record batches of stories."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from boilerstrip import Cleaner, SiteMemory, clean, learn
from boilerstrip.errors import MissingExtra, OptionError
from boilerstrip.page import SiteCounts
from boilerstrip.pipelines.arrow import ROWS_A_BATCH, clean_batches
from tests.batches import run_command
from tests.pipelines import (
    ALL_COLUMNS,
    LARGE,
    POISON,
    POISONED,
    STORY,
    expected_of_poison,
    expected_rows,
    expected_texts,
    fixture_rows,
)


def clean_rows(rows: list[dict[str, Any]], **settings: Any) -> list[dict[str, Any]]:
    return read_back(clean_batches(pyarrow.Table.from_pylist(rows), **settings))


def read_back(batches: Any) -> list[dict[str, Any]]:
    return pyarrow.Table.from_batches(list(batches)).to_pylist(maps_as_pydicts="strict")


def clean_values(values: pyarrow.Array, **settings: Any) -> list[dict[str, Any]]:
    return read_back(clean_batches([pyarrow.record_batch([values], names=["html"])], **settings))


def test_rows_are_what_the_library_gives_in_the_order_of_the_input() -> None:
    rows = fixture_rows()
    cleaned = clean_rows(rows)
    assert [row["text"] for row in cleaned] == expected_texts(rows)
    assert [{**row} for row in cleaned] == [{**row, "depth": number} for number, row in enumerate(expected_rows(rows))]


def test_the_schema_is_that_of_the_batch_command(tmp_path: Path) -> None:
    rows = fixture_rows(6)
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "pages.parquet")
    done = run_command(
        "clean", tmp_path / "pages.parquet", "-o", tmp_path / "out", "--format", "parquet", "--id-field", "id"
    )
    assert done.returncode == 0, done.stderr
    written = parquet.read_table(tmp_path / "out" / "pages.parquet")
    cleaned = pyarrow.Table.from_batches(list(clean_batches(pyarrow.Table.from_pylist(rows))))
    assert cleaned.schema.equals(written.schema)
    assert cleaned.to_pylist() == written.to_pylist()


def test_blocks_markdown_and_html_come_on_request() -> None:
    rows = fixture_rows(8)
    for row, cleaned in zip(rows, clean_rows(rows, columns=ALL_COLUMNS), strict=True):
        document = clean(row["html"], url=row["url"])
        assert (cleaned["markdown"], cleaned["html"]) == (document.to_markdown(), document.to_html())
        assert [(block["text"], block["kept"]) for block in cleaned["blocks"]] == [
            (block.text, block.kept) for block in document.blocks
        ]
        assert [(block["start"], block["end"]) for block in cleaned["blocks"]] == [
            block.span or (None, None) for block in document.blocks
        ]


def test_columns_of_the_input_stay_and_never_hide_ours() -> None:
    row = {"page": "<p>It rained.", "text": "old", "input_text": "older", "fetched": 7}
    (cleaned,) = clean_rows([row], html="page", columns=("text",))
    assert cleaned == {"text": "It rained.", "input_input_text": "old", "input_text": "older", "fetched": 7}


def test_metadata_is_read_when_asked_for() -> None:
    page = f'<html><head><meta name="author" content="Ann Lee"></head><body><article><p>{STORY * 4}'
    assert clean_rows([{"html": page}])[0]["author"] is None
    assert clean_rows([{"html": page}], metadata=True)[0]["author"] == "Ann Lee"


@pytest.mark.parametrize("kind", [pyarrow.string(), pyarrow.large_string(), pyarrow.binary(), pyarrow.large_binary()])
def test_pages_of_every_type_of_text_are_read(kind: pyarrow.DataType) -> None:
    page = f"<p>{STORY * 3} Größe."
    values = pyarrow.array([page.encode(), None], pyarrow.large_binary()).cast(kind)
    for array in (values, values.dictionary_encode()):
        cleaned = clean_values(array, columns=("text", "error"))
        assert cleaned[0] == {"text": clean(page).text, "error": None}
        assert cleaned[1] == {"text": None, "error": "no page: the value is null"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (pyarrow.array([7]), "no page: the value is of type int, not text or bytes"),
        (pyarrow.array([["<p>One."]]), "no page: the value is of type list, not text or bytes"),
        (pyarrow.array([True]), "no page: the value is of type bool, not text or bytes"),
        (pyarrow.nulls(1), "no page: the value is null"),
        (pyarrow.array([1 << 62], pyarrow.timestamp("s")), "no page: the value is null"),
    ],
    ids=["number", "list", "boolean", "null", "date"],
)
def test_a_page_of_a_wrong_type_is_an_error_in_its_row(values: pyarrow.Array, message: str) -> None:
    (cleaned,) = clean_values(values)
    assert (cleaned["status"], cleaned["error"], cleaned["text"]) == ("failed", message, None)


def test_a_page_of_a_hundred_megabytes_is_an_error_in_its_row() -> None:
    page = f"<p>{STORY * 3}"
    values = pyarrow.array([page, "<p>word " * (LARGE // 8), page], pyarrow.large_string())
    for array in (values, values.dictionary_encode()):
        first, large, last = clean_values(array, columns=("text", "status", "error"))
        assert large == {
            "text": None,
            "status": "failed",
            "error": "larger than 20,000,000 bytes; max_bytes= allows more",
        }
        assert first == last == {"text": clean(page).text, "status": "ok", "error": None}


def test_poison_is_an_error_in_its_row() -> None:
    assert clean_rows([{"html": page} for page in POISON], **POISONED) == expected_of_poison()


def test_text_that_is_no_utf_8_is_read_as_bytes() -> None:
    broken = pyarrow.array([f"<p>{STORY * 3} Größe.".encode("cp1252")], pyarrow.binary())
    column = pyarrow.Array.from_buffers(pyarrow.string(), 1, broken.buffers())
    (cleaned,) = clean_values(column)
    assert cleaned["text"].endswith("Größe.")


def test_a_row_that_failed_before_keeps_its_reason_and_an_unknown_charset_is_no_fault() -> None:
    rows = [
        {"html": None, "error": "damaged record", "charset": None},
        {"html": f"<p>{STORY * 3}".encode(), "error": None, "charset": "klingon-8"},
        {"html": f"<p>{STORY * 3} Größe.".encode("cp850"), "error": None, "charset": "ibm850"},
    ]
    cleaned = clean_rows(rows[:2], error="error", encoding="charset", columns=("status", "error"))
    assert cleaned == [{"status": "failed", "error": "damaged record"}, {"status": "ok", "error": None}]


def test_large_batches_come_in_pieces_and_empty_ones_keep_the_schema() -> None:
    table = pyarrow.table({"html": ["<p>It rained."] * (ROWS_A_BATCH + 3), "number": range(ROWS_A_BATCH + 3)})
    batches = list(clean_batches(table.combine_chunks(), columns=("status",)))
    assert [batch.num_rows for batch in batches] == [ROWS_A_BATCH, 3]
    (empty,) = clean_batches(
        table.slice(0, 0).to_batches()
        or [table.schema.empty_table().to_batches() or 0][0]
        or [pyarrow.RecordBatch.from_pylist([], schema=table.schema)]
    )
    assert (empty.num_rows, empty.schema.names[-1]) == (0, "number")


def test_a_memory_speaks_in_rows_too() -> None:
    frame = "Sign up for our weekly letter and never miss a story again."
    pages = [f"{frame}\n\n{STORY}{word} was there.\n\n{STORY}" for word in ("Ann", "Ben", "Cem", "Dan", "Eve")]
    memory = SiteMemory()
    for page in pages:
        learn(memory, [page], site="s")
    rows = clean_rows([{"html": page, "site": "s"} for page in pages], memory=memory, site="site")
    cleaner = Cleaner(memory=memory, site="s")
    assert [row["text"] for row in rows] == [cleaner.clean(page).text for page in pages]


def test_whoever_looks_up_is_a_memory() -> None:
    class Counts:
        def lookup(self, site: str, texts: Any, *, page: str | None = None) -> SiteCounts:
            asked.append((site, page))
            return SiteCounts(site, 0, [0] * len(texts))

    asked: list[tuple[str, str | None]] = []
    clean_rows([{"html": "<p>It rained.", "url": "http://www.example.com/a"}], memory=Counts())
    assert asked == [("example.com", "//www.example.com/a")]
    with pytest.raises(OptionError, match="SiteMemory"):
        Cleaner(memory=Counts(), learn=True)


def test_misuse_is_told_before_anything_is_cleaned() -> None:
    table = pyarrow.table({"page": ["<p>It rained."]})
    with pytest.raises(OptionError, match="columns='texts' is not allowed; use one of id, url"):
        clean_batches(table, columns=("texts",))
    with pytest.raises(OptionError, match="focus='strict'"):
        clean_batches(table, options={"focus": "strict"})
    with pytest.raises(TypeError, match="column"):
        clean_batches(table, column="text")
    with pytest.raises(OptionError, match="html='html' is no column of the table, which has page"):
        list(clean_batches(table))


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"boilerstrip\[arrow\]"):
        clean_batches([])


def test_a_pickled_cleaner_is_small() -> None:
    cleaner = Cleaner(focus="precision", languages=("en", "es"))
    cleaner.clean(f"<p>{STORY * 3}")
    assert len(pickle.dumps(cleaner)) < 10_000


def test_importing_the_adapters_loads_no_engine() -> None:
    program = (
        "import sys, boilerstrip.pipelines.arrow, boilerstrip.pipelines.pages; "
        "sys.exit(any(name in sys.modules for name in ('pyarrow', 'pandas', 'polars', 'ray', 'pyspark', 'datasets')))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
