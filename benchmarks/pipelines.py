"""Pipelines: the same pages through every engine, whether stories and verdicts are the same, and what each costs.

A run takes long, so that each engine's outcome is kept where ``--folder`` says: the next run goes on from there. On a
machine that is busy otherwise the time on the clock says little; processor time a page, of all processes of an engine,
is measured beside it.
"""

import argparse
import ctypes
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any, NamedTuple

from benchmarks.corpora import load_corpus
from benchmarks.tables import format_table

_CORPORA = ("wcxb-dev", "news-dev", "segments-dev", "readability")
_COLUMNS = ("id", "text", "blocks")
_WARM_UP_PAGES = 64
_ROWS_A_GROUP = 128
_STORE_BYTES = 4_000_000_000


class Outcome(NamedTuple):
    """What an engine made of the pages."""

    verdicts: dict[str, str]
    """A digest of each page's story and of which blocks were kept, by identifier; see :func:`digest`."""
    seconds: float
    """Of the timed run, start-up left out."""
    processor_seconds: float
    """The same of all processes that the engine runs in."""


class Watch:
    """Time on the clock and processor time of this process and all below it, from when it is made."""

    def __init__(self) -> None:
        self._processor, self._start = read_processor_seconds(), perf_counter()

    def read(self) -> tuple[float, float]:
        """Both, in seconds."""
        return perf_counter() - self._start, read_processor_seconds() - self._processor


def read_processor_seconds() -> float:
    """What this process and all below it have used, the ended ones among them included (Linux, ``proc(5)``)."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        number = int(path.parent.name)
        parents[number], ticks[number] = int(fields[1]), sum(map(int, fields[11:15]))
    return sum(ticks[one] for one in ticks if _is_below(one, os.getpid(), parents)) / os.sysconf("SC_CLK_TCK")


def adopt_orphans() -> None:
    """Let what a child leaves running, as the server of a pool's workers, become a child of this process, so that its
    time is counted when it ends (Linux, ``PR_SET_CHILD_SUBREAPER``)."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def _is_below(process: int, top: int, parents: dict[int, int]) -> bool:
    while process != top and process in parents:
        process = parents[process]
    return process == top


def digest(text: str | None, kept: Iterable[bool]) -> str:
    """What stands for a page's story and verdicts; it begins with a hyphen where there is no story.

    >>> digest("", [False])[:1], digest("a", [True]) == digest("a", [False])
    ('-', False)
    """
    written = json.dumps([text or "", [bool(one) for one in kept]])
    return ("" if text else "-") + hashlib.sha256(written.encode()).hexdigest()[:32]


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


def _iterate_batches(path: Path) -> Iterator[Any]:
    """The pages by and by: those of a large run would fill the memory."""
    from pyarrow import parquet

    return parquet.ParquetFile(path).iter_batches(batch_size=_WARM_UP_PAGES)


def _iterate_rows(path: Path) -> Iterator[dict[str, Any]]:
    return (row for batch in _iterate_batches(path) for row in batch.to_pylist())


def _describe(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> dict[str, str]:
    if "blocks" not in columns:
        return {}
    return {row["id"]: digest(row["text"], (block["kept"] for block in row["blocks"] or ())) for row in rows}


def run_library(path: Path, columns: tuple[str, ...]) -> Outcome:
    """``Cleaner.clean``, page by page."""
    from boilerstrip import Cleaner

    cleaner = Cleaner()
    cleaner.clean(next(_iterate_rows(path))["html"])
    watch, verdicts = Watch(), {}
    for row in _iterate_rows(path):
        document = cleaner.clean(row["html"], url=row["url"])
        if "blocks" in columns:
            verdicts[row["id"]] = digest(document.text, (block.kept for block in document.blocks))
    return Outcome(verdicts, *watch.read())


def run_arrow(path: Path, columns: tuple[str, ...]) -> Outcome:
    """``clean_batches``, in this process."""
    import pyarrow

    from boilerstrip.pipelines.arrow import clean_batches

    list(clean_batches([next(_iterate_batches(path)).slice(0, 1)]))
    watch = Watch()
    cleaned = pyarrow.Table.from_batches(list(clean_batches(_iterate_batches(path), columns=columns)))
    taken = watch.read()
    return Outcome(_describe(cleaned.to_pylist(), columns), *taken)


def run_batch(path: Path, columns: tuple[str, ...]) -> Outcome:
    """The command, two workers, rows; or a file of JSON a page where the blocks are wanted. What it takes to start is
    left out."""
    shape = "json" if "blocks" in columns else "jsonl"
    with tempfile.TemporaryDirectory() as folder:
        adopt_orphans()
        _, taken = _time_without_start(path, lambda pages: _run_command(pages, f"{folder}/{pages.stem}", shape))
        return Outcome(_read_documents(Path(folder) / path.stem) if shape == "json" else {}, *taken)


def _time_without_start(path: Path, run: Callable[[Path], Any], *, is_warm: bool = False) -> tuple[Any, list[float]]:
    """What a run over the pages gives, and its seconds and processor seconds less those of a run over one page.

    :param is_warm: whether what the first run loads is there for the next; then another one comes before.
    """
    import pyarrow
    from pyarrow import parquet

    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first.parquet"
        parquet.write_table(pyarrow.Table.from_batches([next(_iterate_batches(path)).slice(0, 1)]), first)
        if is_warm:
            run(first)
        watch = Watch()
        run(first)
        start, watch = watch.read(), Watch()
        result = run(path)
        return result, [whole - begun for whole, begun in zip(watch.read(), start, strict=True)]


def _run_command(path: Path, out: str, shape: str) -> None:
    arguments = ["clean", str(path), "-o", out, "--format", shape, "--workers", "2", "--json"]
    subprocess.run([sys.executable, "-m", "boilerstrip", *arguments], stdout=subprocess.DEVNULL, check=True)
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _read_documents(folder: Path) -> dict[str, str]:
    """Files are numbered from 1 in the order of the rows."""
    found = {}
    for file in folder.rglob("*.json"):
        if file.stem.isdigit():
            plain = json.loads(file.read_text(encoding="utf-8"))
            found[str(int(file.stem) - 1)] = digest(plain["text"], (block["kept"] for block in plain["blocks"]))
    return found


@contextmanager
def open_spark_session(more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Any]:
    """Spark on two local cores, with more settings than those it needs."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {"spark.ui.enabled": "false", "spark.sql.execution.arrow.maxRecordsPerBatch": "64"}
    settings |= {"spark.driver.memory": "2g", "spark.sql.files.maxPartitionBytes": "16m"}
    settings |= {"spark.sql.shuffle.partitions": "4", "spark.driver.host": "127.0.0.1", **more}
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def run_spark(path: Path, columns: tuple[str, ...]) -> Outcome:
    """Spark on ``local[2]``."""
    from boilerstrip.pipelines.spark import clean

    with open_spark_session() as session:
        pages = session.read.parquet(str(path))
        clean(pages.limit(_WARM_UP_PAGES).repartition(2)).write.format("noop").mode("overwrite").save()
        watch = Watch()
        cleaned = clean(pages, columns=columns)
        if "blocks" not in columns:
            cleaned.write.format("noop").mode("overwrite").save()
            return Outcome({}, *watch.read())
        rows = [row.asDict(recursive=True) for row in cleaned.collect()]
        return Outcome(_describe(rows, columns), *watch.read())


def run_ray(path: Path, columns: tuple[str, ...]) -> Outcome:
    """Ray Data on two cores, warm; what it takes to list and open a file is left out, as for the command.

    Ray keeps a core for each step of a dataset, here one of two for the reading, unless it is told not to.
    """
    import pyarrow
    import ray

    from boilerstrip.pipelines.ray import clean

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=_STORE_BYTES)
    ray.data.DataContext.get_current().enable_progress_bars = False
    ray.data.DataContext.get_current().op_resource_reservation_enabled = False
    try:
        first = pyarrow.Table.from_batches([next(_iterate_batches(path))])
        clean(ray.data.from_arrow(first), batch_size=8).materialize()
        cleaned, taken = _time_without_start(
            path, lambda pages: clean(ray.data.read_parquet(str(pages)), columns=columns).materialize(), is_warm=True
        )
        return Outcome(_describe(cleaned.take_all() if "blocks" in columns else [], columns), *taken)
    finally:
        ray.shutdown()


def run_datasets(path: Path, columns: tuple[str, ...]) -> Outcome:
    """Hugging Face datasets, two processes."""
    from datasets import Dataset, disable_caching, disable_progress_bars

    from boilerstrip.pipelines.datasets import clean

    disable_caching()
    disable_progress_bars()
    pages = Dataset.from_parquet(str(path))
    watch = Watch()
    cleaned = clean(pages, num_proc=2, columns=columns)
    taken = watch.read()
    return Outcome(_describe(cleaned.to_list() if "blocks" in columns else [], columns), *taken)


def run_datatrove(path: Path, columns: tuple[str, ...]) -> Outcome:
    """datatrove's step, in this process."""
    from datatrove.data import Document

    from boilerstrip.pipelines.datatrove import StoryExtractor

    documents = (Document(row["html"], row["id"], metadata={"url": row["url"]}) for row in _iterate_rows(path))
    step = StoryExtractor(columns=tuple(name for name in columns if name != "id"))
    watch = Watch()
    found = step.run(documents)
    described = [{"id": one.id, "text": one.text, "blocks": one.metadata.get("blocks")} for one in found]
    taken = watch.read()
    return Outcome(_describe(described, columns), *taken)


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
    parser.add_argument("--folder", type=Path, help="where outcomes are kept, so that another run goes on from there")


def run(arguments: argparse.Namespace) -> int:
    """Measure or compare, and print one table; comparing fails where an engine differs."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"pages-{arguments.pages}.parquet"
        if not path.exists():
            write_pages(path.with_suffix(".part"), arguments.pages)
            path.with_suffix(".part").rename(path)
        return compare(path, arguments) if arguments.same else measure(path, arguments)


def find_outcome(path: Path, name: str, columns: tuple[str, ...], number: int = 0) -> Outcome:
    """What an engine made of the pages: of an earlier run if that has kept it."""
    kind = "same" if "blocks" in columns else f"speed-{number}"
    kept = path.parent / f"{path.stem}-{kind}-{name.strip('()')}.json"
    if not kept.exists():
        outcome = ENGINES[name][0](path, columns)
        kept.write_text(json.dumps(outcome), encoding="utf-8")
        print(f"{name}: {outcome.seconds:.0f} s, of a processor {outcome.processor_seconds:.0f} s", flush=True)
    return Outcome(*json.loads(kept.read_text(encoding="utf-8")))


def measure(path: Path, arguments: argparse.Namespace) -> int:
    """Pages a second, beside the engine of as many processes that has no engine around it."""
    from boilerstrip.rows import COLUMNS

    best: dict[str, tuple[float, float]] = {}
    for number in range(arguments.repeat):
        for name in arguments.engine:
            taken = find_outcome(path, name, tuple(COLUMNS), number)[1:]
            best[name] = tuple(map(min, taken, best.get(name, taken)))  # type: ignore[assignment]
    rows = []
    for name, (seconds, processor) in best.items():
        base, base_processor = best.get("clean()" if ENGINES[name][1] == 1 else "batch", (seconds, processor))
        rates = [f"{arguments.pages / seconds:.1f}", f"{base / seconds:.2f}"]
        rates += [f"{1000 * processor / arguments.pages:.1f}", f"{base_processor / processor:.2f}"]
        rows.append([name, str(ENGINES[name][1]), *rates])
    print(format_table(["engine", "processes", "pages/s", "ratio", "processor ms/page", "ratio "], rows))
    return 0


def compare(path: Path, arguments: argparse.Namespace) -> int:
    """Pages whose story or verdicts differ from those of ``clean()``; a story that is empty may be left out."""
    expected = find_outcome(path, "clean()", _COLUMNS).verdicts
    rows, wrong = [], 0
    for name in arguments.engine:
        found = find_outcome(path, name, _COLUMNS).verdicts
        differing = [one for one, verdict in expected.items() if found.get(one, verdict[:1]) not in (verdict, "-")]
        wrong += len(differing)
        rows.append([name, str(len(found)), str(len(differing))])
    print(format_table(["engine", "pages", "differing"], rows))
    return 1 if wrong else 0
