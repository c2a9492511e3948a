"""The job: archives or tables of pages in, one Parquet folder of stories out."""

import argparse
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from boilerstrip.batch.inputs.files import Finder
from boilerstrip.batch.inputs.source import Source
from boilerstrip.batch.items import Item
from boilerstrip.errors import BoilerstripError
from boilerstrip.options import Focus
from boilerstrip.pipelines.arrow import require_pyarrow
from boilerstrip.pipelines.spark import clean, require_spark, site_counts
from boilerstrip.rows import COLUMNS, COLUMNS_ON_REQUEST

_ARCHIVE_ROWS: Final = "id string, url string, html binary, charset string, read_error string"
_ROWS_A_BATCH: Final = 64
_COPY_BYTES: Final = 1 << 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job with these command-line arguments; misuse is one line on standard error and exit code 2."""
    parser = _build_parser()
    chosen = parser.parse_args(arguments)
    try:
        require_spark()
        run(chosen)
    except BoilerstripError as error:
        parser.error(str(error))
    return 0


def run(chosen: argparse.Namespace) -> None:
    """Read, count if asked to, clean, and write."""
    session = _start_session(chosen.master)
    pages, columns = _read_input(session, chosen.input)
    fields = {"html": chosen.field, "url": chosen.url_field, "id": chosen.id_field, **columns}
    options = {name: getattr(chosen, name) for name in ("focus", "language", "kind") if getattr(chosen, name)}
    settings = {**fields, "options": options, "max_bytes": chosen.max_bytes}
    counts = site_counts(pages, **settings).persist() if chosen.two_pass else None
    cleaned = clean(
        pages, memory=counts, columns=tuple(chosen.columns.split(",")), metadata=chosen.metadata, **settings
    )
    cleaned.write.mode("overwrite" if chosen.overwrite else "errorifexists").parquet(chosen.output)


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m boilerstrip.pipelines.spark", description=__doc__)
    parser.add_argument(
        "--input", required=True, help="a path or glob of WARC, WET, Parquet or JSONL, as Spark reads it"
    )
    parser.add_argument("--output", required=True, help="the Parquet folder to write")
    parser.add_argument("--overwrite", action="store_true", help="replace an output that is there")
    parser.add_argument("--two-pass", action="store_true", help="count what the sites repeat first, and clean with it")
    names = ", ".join((*COLUMNS, *COLUMNS_ON_REQUEST))
    parser.add_argument("--columns", default=",".join(COLUMNS), help=f"what comes out, of {names}")
    parser.add_argument("--metadata", action="store_true", help="read author and date (30 ms a page)")
    parser.add_argument("--field", default="html", help="column of the page in tables")
    parser.add_argument("--url-field", default="url", help="column of its address")
    parser.add_argument("--id-field", default="id", help="column that names it")
    parser.add_argument("--focus", choices=get_args(Focus), help="which threshold decides")
    parser.add_argument("--language", help="ISO 639-1 code of the stories")
    parser.add_argument("--kind", choices=("auto", "html", "text"), help="what the pages are")
    parser.add_argument("--max-bytes", type=int, default=20_000_000, help="a larger page is an error")
    parser.add_argument("--master", help="Spark's master where spark-submit does not say it, such as 'local[2]'")
    return parser


def _start_session(master: str | None) -> Any:
    """A session whose batches are small enough for pages, unless whoever submits the job says otherwise."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("boilerstrip")
    session = (builder.master(master) if master else builder).getOrCreate()
    if session.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch") == "10000":
        session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "256")
    return session


def _read_input(session: Any, pattern: str) -> tuple[Any, dict[str, str]]:
    """The data frame behind a path or glob, told by its suffix, and the settings that it needs."""
    name = pattern.lower().removesuffix(".gz").removesuffix(".zst")
    if name.endswith((".warc", ".wet")):
        # Without their content, which one task could not hold: each task opens its archives itself.
        paths = session.read.format("binaryFile").load(pattern).select("path")
        columns = {"html": "html", "url": "url", "id": "id", "encoding": "charset", "error": "read_error"}
        return paths.mapInArrow(_read_archives, _ARCHIVE_ROWS), columns
    reader = session.read.json if name.endswith((".jsonl", ".ndjson", ".json")) else session.read.parquet
    return reader(pattern), {}


def _read_archives(batches: Iterable[Any]) -> Iterator[Any]:
    """The pages of the archives that a column of paths names; what cannot be read is a row with its error."""
    for batch in batches:
        for path in batch.column("path").to_pylist():
            yield from _read_archive(path)


def _read_archive(path: str) -> Iterator[Any]:
    pyarrow = require_pyarrow()
    kinds = {"string": pyarrow.string(), "binary": pyarrow.binary()}
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in map(str.split, _ARCHIVE_ROWS.split(", "))])
    rows: list[dict[str, Any]] = []
    with _open_locally(path) as local:
        for item in Source(Finder((local,), ".txt"), input_format="warc"):
            rows.append(_describe_item(item))
            if len(rows) == _ROWS_A_BATCH:
                yield pyarrow.RecordBatch.from_pylist(rows, schema=schema)
                rows = []
    yield pyarrow.RecordBatch.from_pylist(rows, schema=schema)


def _describe_item(item: Item) -> dict[str, Any]:
    if item.failure is not None:
        return {"id": item.id, "read_error": item.failure.message}
    return {"id": item.id, "url": item.url, "html": item.content, "charset": item.encoding}


@contextmanager
def _open_locally(path: str) -> Iterator[str]:
    """The path of a file on this machine: itself, or a copy of what is elsewhere for as long as it is read."""
    if urlsplit(path).scheme in ("", "file"):
        yield "/" + path.removeprefix("file:").lstrip("/")
        return
    from pyarrow import fs

    system, inner = fs.FileSystem.from_uri(path.replace("s3a://", "s3://", 1))
    with tempfile.TemporaryDirectory() as folder:
        local = os.path.join(folder, os.path.basename(inner))
        with system.open_input_stream(inner, compression=None) as source, open(local, "wb") as copy:
            while chunk := source.read(_COPY_BYTES):
                copy.write(chunk)
        yield local
