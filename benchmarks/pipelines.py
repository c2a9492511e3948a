"""Pipelines: the same pages through every engine, whether stories and verdicts are the same, and pages a second."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from benchmarks.corpora import load_corpus
from benchmarks.tables import format_table

_CORPORA = ("wcxb-dev", "news-dev", "segments-dev", "readability")
_COLUMNS = ("id", "text", "blocks")
_WARM_UP_PAGES = 64
_ROWS_A_GROUP = 250


class Outcome(NamedTuple):
    """What an engine made of the pages."""

    verdicts: dict[str, tuple[str, tuple[bool, ...]]]
    """The story and which blocks were kept, by identifier."""
    seconds: float
    """Of the timed run, start-up left out."""


def write_pages(path: Path, count: int) -> None:
    """A Parquet file of so many pages, repeated under other names where the corpora have fewer."""
    import pyarrow
    from pyarrow import parquet

    pages = [page for corpus in _CORPORA for page in load_corpus(corpus)]
    schema = pyarrow.schema([("id", pyarrow.string()), ("url", pyarrow.string()), ("html", pyarrow.binary())])
    with parquet.ParquetWriter(path, schema) as writer:
        rows = ({"id": str(number), "url": page.url, "html": page.html} for number, page in enumerate(cycle(pages)))
        limited = islice(rows, count)
        while group := list(islice(limited, _ROWS_A_GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))


def _read_table(path: Path) -> Any:
    from pyarrow import parquet

    return parquet.read_table(path)


def _describe(rows: list[dict[str, Any]]) -> dict[str, tuple[str, tuple[bool, ...]]]:
    return {row["id"]: (row["text"], tuple(block["kept"] for block in row["blocks"] or ())) for row in rows}


def run_library(path: Path, columns: tuple[str, ...]) -> Outcome:
    """``Cleaner.clean``, page by page."""
    from boilerstrip import Cleaner

    rows, cleaner = _read_table(path).to_pylist(), Cleaner()
    cleaner.clean(rows[0]["html"])
    start = perf_counter()
    found = {row["id"]: cleaner.clean(row["html"], url=row["url"]) for row in rows}
    seconds = perf_counter() - start
    verdicts = {name: (one.text, tuple(block.kept for block in one.blocks)) for name, one in found.items()}
    return Outcome(verdicts if "blocks" in columns else {}, seconds)


def run_arrow(path: Path, columns: tuple[str, ...]) -> Outcome:
    """``clean_batches``, in this process."""
    import pyarrow

    from boilerstrip.pipelines.arrow import clean_batches

    table = _read_table(path)
    list(clean_batches(table.slice(0, 1)))
    start = perf_counter()
    cleaned = pyarrow.Table.from_batches(list(clean_batches(table, columns=columns)))
    seconds = perf_counter() - start
    return Outcome(_describe(cleaned.to_pylist()) if "blocks" in columns else {}, seconds)


def run_batch(path: Path, columns: tuple[str, ...]) -> Outcome:
    """The command, two workers, rows; or a file of JSON a page where the blocks are wanted."""
    with tempfile.TemporaryDirectory() as folder:
        shape = "json" if "blocks" in columns else "jsonl"
        arguments = ["clean", str(path), "-o", f"{folder}/out", "--format", shape, "--workers", "2", "--json"]
        done = subprocess.run([sys.executable, "-m", "boilerstrip", *arguments], stdout=subprocess.PIPE, check=True)
        summary = json.loads(done.stdout)
        verdicts = _read_documents(Path(folder) / "out") if shape == "json" else {}
    return Outcome(verdicts, summary["pages"] / summary["pages_a_second"])


def _read_documents(folder: Path) -> dict[str, tuple[str, tuple[bool, ...]]]:
    """Files are numbered from 1 in the order of the rows."""
    found = {}
    for file in folder.rglob("*.json"):
        if file.stem.isdigit():
            plain = json.loads(file.read_text(encoding="utf-8"))
            found[str(int(file.stem) - 1)] = (plain["text"], tuple(block["kept"] for block in plain["blocks"]))
    return found


@contextmanager
def _spark_session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {"spark.ui.enabled": "false", "spark.sql.execution.arrow.maxRecordsPerBatch": "64"}
    settings |= {"spark.driver.memory": "4g", "spark.sql.files.maxPartitionBytes": "16m"}
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def run_spark(path: Path, columns: tuple[str, ...]) -> Outcome:
    """Spark on ``local[2]``."""
    from boilerstrip.pipelines.spark import clean

    with _spark_session() as session:
        pages = session.read.parquet(str(path))
        clean(pages.limit(_WARM_UP_PAGES).repartition(2)).write.format("noop").mode("overwrite").save()
        start = perf_counter()
        cleaned = clean(pages, columns=columns)
        if "blocks" not in columns:
            cleaned.write.format("noop").mode("overwrite").save()
        verdicts = _describe([row.asDict(recursive=True) for row in cleaned.collect()]) if "blocks" in columns else {}
        return Outcome(verdicts, perf_counter() - start)


def run_ray(path: Path, columns: tuple[str, ...]) -> Outcome:
    """Ray Data on two cores."""
    import ray

    from boilerstrip.pipelines.ray import clean

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        table = _read_table(path)
        clean(ray.data.from_arrow(table.slice(0, _WARM_UP_PAGES)).repartition(2)).materialize()
        pages = ray.data.from_arrow(table).repartition(max(2, table.num_rows // _ROWS_A_GROUP)).materialize()
        start = perf_counter()
        cleaned = clean(pages, columns=columns).materialize()
        seconds = perf_counter() - start
        return Outcome(_describe(cleaned.take_all()) if "blocks" in columns else {}, seconds)
    finally:
        ray.shutdown()


def run_datasets(path: Path, columns: tuple[str, ...]) -> Outcome:
    """Hugging Face datasets, two processes."""
    from datasets import Dataset, disable_caching, disable_progress_bars

    from boilerstrip.pipelines.datasets import clean

    disable_caching()
    disable_progress_bars()
    pages = Dataset.from_parquet(str(path))
    start = perf_counter()
    cleaned = clean(pages, num_proc=2, columns=columns)
    seconds = perf_counter() - start
    return Outcome(_describe(cleaned.to_list()) if "blocks" in columns else {}, seconds)


def run_datatrove(path: Path, columns: tuple[str, ...]) -> Outcome:
    """datatrove's step, in this process."""
    from datatrove.data import Document

    from boilerstrip.pipelines.datatrove import StoryExtractor

    rows = _read_table(path).to_pylist()
    documents = [Document(row["html"], row["id"], metadata={"url": row["url"]}) for row in rows]
    step = StoryExtractor(columns=tuple(name for name in columns if name != "id"))
    start = perf_counter()
    found = list(step.run(documents))
    seconds = perf_counter() - start
    described = [{"id": one.id, "text": one.text, "blocks": one.metadata.get("blocks")} for one in found]
    return Outcome(_describe(described) if "blocks" in columns else {}, seconds)


ENGINES: dict[str, tuple[Callable[[Path, tuple[str, ...]], Outcome], int]] = {
    "clean()": (run_library, 1),
    "arrow": (run_arrow, 1),
    "datatrove": (run_datatrove, 1),
    "batch": (run_batch, 2),
    "spark": (run_spark, 2),
    "ray": (run_ray, 2),
    "datasets": (run_datasets, 2),
}
"""Each engine with the processes that it cleans in."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks pipelines``."""
    parser.add_argument("--pages", type=int, default=2000, help="pages of the corpora (default 2000)")
    parser.add_argument("--engine", nargs="+", choices=list(ENGINES), default=list(ENGINES), help="default: all")
    parser.add_argument("--repeat", type=int, default=1, help="timed runs, engines in turn; the fastest counts")
    parser.add_argument("--same", action="store_true", help="compare stories and verdicts with clean() instead")


def run(arguments: argparse.Namespace) -> int:
    """Measure or compare, and print one table; comparing fails where an engine differs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.parquet"
        write_pages(path, arguments.pages)
        return compare(path, arguments) if arguments.same else measure(path, arguments)


def measure(path: Path, arguments: argparse.Namespace) -> int:
    """Pages a second, beside the engine of as many processes that has no engine around it."""
    from boilerstrip.rows import COLUMNS

    seconds: dict[str, float] = {}
    for _ in range(arguments.repeat):
        for name in arguments.engine:
            taken = ENGINES[name][0](path, tuple(COLUMNS)).seconds
            seconds[name] = min(taken, seconds.get(name, taken))
    rows = []
    for name, taken in seconds.items():
        base = seconds.get("clean()" if ENGINES[name][1] == 1 else "batch", taken)
        rows.append([name, str(ENGINES[name][1]), f"{arguments.pages / taken:.1f}", f"{base / taken:.2f}"])
    print(format_table(["engine", "processes", "pages/s", "ratio"], rows))
    return 0


def compare(path: Path, arguments: argparse.Namespace) -> int:
    """Pages whose story or verdicts differ from those of ``clean()``; a story that is empty may be left out."""
    expected = run_library(path, _COLUMNS).verdicts
    rows, wrong = [], 0
    for name in arguments.engine:
        found = ENGINES[name][0](path, _COLUMNS).verdicts
        differing = [one for one, verdict in expected.items() if found.get(one, ("",)) not in (verdict, verdict[:1])]
        wrong += len(differing)
        rows.append([name, str(len(found)), str(len(differing))])
    print(format_table(["engine", "pages", "differing"], rows))
    return 1 if wrong else 0
