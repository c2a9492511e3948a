"""Spark's two passes over a crawl: whether rows are those of a memory, and how a crawl of one large site is dealt.

Tasks are read from Spark's own log of events: what each of them read from files and from other tasks.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from benchmarks.pipelines import open_spark_session
from benchmarks.sites import build_sites
from benchmarks.tables import format_table

_LARGE_SHARE = 0.9
_ROWS_A_GROUP = 250
_FEW_ROWS = 1000


class CrawledPage(NamedTuple):
    """A row of the crawl."""

    site: str
    url: str
    html: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks two-pass``."""
    parser.add_argument("--sites", type=int, default=12, help="built sites (default 12)")
    parser.add_argument("--pages", type=int, default=24, help="pages of each (default 24)")
    parser.add_argument("--skewed", type=int, default=5000, help="pages of the skewed crawl (default 5000)")


def run(arguments: argparse.Namespace) -> int:
    """Compare, then show how the skewed crawl is dealt; comparing fails where a row differs."""
    built = build_sites(arguments.sites, arguments.pages, 1)
    pages = [
        CrawledPage(page.site, f"https://{page.site}/{number}", str(page.source))
        for members in built.values()
        for number, page in enumerate(members)
    ]
    differing = compare(pages)
    if arguments.skewed:
        show_skew(pages, arguments.skewed)
    return 1 if differing else 0


def compare(pages: Sequence[CrawledPage]) -> int:
    """Rows that Spark's two passes clean otherwise than a memory that learnt the same pages, whole rows compared."""
    from boilerstrip.pipelines.spark import clean, site_counts

    with open_spark_session() as session:
        frame = session.createDataFrame(pages, "site string, url string, html string").repartition(4)
        counts = site_counts(frame, site="site").persist()
        found = {
            name: {row.url: row.asDict(recursive=True) for row in cleaned.collect()}
            for name, cleaned in (
                ("alone", clean(frame, site="site")),
                ("broadcast", clean(frame, memory=counts, site="site")),
                ("joined", clean(frame, memory=counts, site="site", broadcast_sites=0)),
            )
        }
    expected = clean_with_memory(pages)
    differing = {name: sum(rows.get(url) != row for url, row in expected.items()) for name, rows in found.items()}
    print(
        f"{len(pages)} pages of {len({page.site for page in pages})} built sites: {differing['broadcast']} rows of"
        f" Spark's two passes differ from the memory's with the counts broadcast, {differing['joined']} with the"
        f" counts joined; {differing['alone']} differ without them",
        flush=True,
    )
    return differing["broadcast"] + differing["joined"]


def clean_with_memory(pages: Sequence[CrawledPage]) -> dict[str, dict[str, Any]]:
    """The rows by address, after a memory in SQLite has learnt all pages."""
    from boilerstrip import SiteMemory
    from boilerstrip.memory import locate
    from boilerstrip.pipelines.pages import PageCleaner, Settings
    from boilerstrip.sources import read_source

    with tempfile.TemporaryDirectory() as folder, SiteMemory(f"{folder}/memory.sqlite") as memory:
        for site, url, text in pages:
            page = read_source(text, "auto").page
            place = locate(page, url=url, site=site)
            assert place is not None
            memory.learn_blocks(place.site, place.page, page.texts)
        cleaner = PageCleaner(Settings(), memory)
        return {url: cleaner.clean(text, url, site=site) for site, url, text in pages}


def show_skew(pages: Sequence[CrawledPage], count: int) -> None:
    """Clean a crawl of which one site has nine tenths, its counts joined as those of a million sites would be, and
    print what the largest task of each stage has read."""
    from boilerstrip.pipelines.spark import clean, site_counts

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crawl.parquet"
        write_skewed_crawl(path, pages, count)
        log = Path(folder) / "events"
        log.mkdir()
        settings = {"spark.eventLog.enabled": "true", "spark.eventLog.dir": log.as_uri()}
        settings |= {"spark.eventLog.compress": "false", "spark.eventLog.rolling.enabled": "false"}
        settings |= {"spark.sql.files.maxPartitionBytes": "2m", "spark.sql.shuffle.partitions": "16"}
        settings |= {"spark.sql.autoBroadcastJoinThreshold": "-1"}  # counts of a million sites are too large for it
        with open_spark_session(settings) as session:
            frame, start = session.read.parquet(str(path)), perf_counter()
            counts = site_counts(frame, site="site").persist()
            cleaned = clean(frame, memory=counts, site="site", broadcast_sites=0)
            cleaned.write.format("noop").mode("overwrite").save()
            seconds = perf_counter() - start
        stages = read_tasks(next(log.iterdir()))
    print(f"{count} pages, {_LARGE_SHARE:.0%} of one site, two passes on two cores: {seconds:.0f} s")
    rows = [
        [str(stage), str(len(tasks)), str(sum(tasks)), str(max(tasks)), f"{max(tasks) / sum(tasks):.0%}"]
        for stage, tasks in sorted(stages.items())
        if sum(tasks) >= _FEW_ROWS
    ]
    print(format_table(["stage", "tasks", "rows read", "by the largest", "share"], rows))


def write_skewed_crawl(path: Path, pages: Sequence[CrawledPage], count: int) -> None:
    """Nine tenths of the rows are pages of the first site, each at an address of its own with a line of its own."""
    import pyarrow
    from pyarrow import parquet

    large = pages[0].site
    own, others = (cycle([page.html for page in pages if (page.site == large) is is_own]) for is_own in (True, False))
    rows = []
    for number in range(count):
        site, html = (large, next(own)) if number < _LARGE_SHARE * count else (f"{number}.example", next(others))
        text = f"{html}\n\nNumber {number} of the archive"
        rows.append({"site": site, "url": f"https://{site}/{number}", "html": text})
    parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=_ROWS_A_GROUP)


def read_tasks(path: Path) -> dict[int, list[int]]:
    """Of each stage how many rows each of its tasks has read, from files and from other tasks."""
    stages: dict[int, list[int]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["Event"] == "SparkListenerTaskEnd" and (metrics := event.get("Task Metrics")):
            read = metrics["Input Metrics"]["Records Read"] + metrics["Shuffle Read Metrics"]["Total Records Read"]
            stages[event["Stage ID"]].append(read)
    return stages
