"""Spark: pages in, stories out, and a crawl cleaned in two passes, on two local cores."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corpora import corpora_folder
from boilerstrip import Cleaner, SiteMemory
from boilerstrip.cleaner import read_source
from boilerstrip.errors import MissingExtra, OptionError
from boilerstrip.memory import locate
from boilerstrip.pipelines.counts import SAMPLED_PAGES, CountedSites
from tests.batches import write_archive, write_story
from tests.pipelines import (
    ASKS_DETECTOR,
    GOOD,
    LARGE,
    POISON,
    POISONED,
    STORY,
    WRONG_TYPE,
    expected_of_large,
    expected_of_poison,
    expected_rows,
    fixture_rows,
    require_java,
    require_library,
)

require_library("pyspark", "spark")
require_java()
pytestmark = [pytest.mark.pipelines, pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")]

from boilerstrip.pipelines.spark import clean, site_counts  # noqa: E402
from boilerstrip.pipelines.spark.job import main  # noqa: E402

FRAME = (
    "The ferry leaves from the old quay at noon, and the baker waves to everybody who is on board.",
    "People in the village remember the year in which the mill stood still and nobody had any bread.",
    "Nobody who lives near the bridge has ever asked why the lamps are lit before it is dark.",
)
"""It reads like a story, so that only what a crawl repeats speaks against it."""
Page = tuple[str, str | None, str]
"""Site, address and text."""


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "64",
        "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def read_rows(frame: Any) -> list[dict[str, Any]]:
    return [row.asDict(recursive=True) for row in frame.collect()]


def make_frame(session: Any, pages: Iterable[Page]) -> Any:
    return session.createDataFrame(list(pages), "site string, url string, html string")


def build_crawl() -> list[Page]:
    """Sites of several sizes with a frame each: one larger than what is counted of it, one of pages without address,
    one whose pages were fetched twice in different states, and one of two pages."""
    sizes = {"large.example": SAMPLED_PAGES + 40, "small.example": 12, "two.example": 2, "folder": 9}
    crawl = []
    for site, size in sizes.items():
        frame = [f"{line} {site}" for line in FRAME]
        for number in range(size):
            text = "\n\n".join([frame[0], write_story(number).split("\n\n")[0], *frame[1:]])
            crawl.append((site, None if site == "folder" else f"http://{site}/{number}", text))
            if site == "small.example" and number % 3 == 0:
                crawl.append(
                    (site, f"https://{site}/{number}#again", text + f"\n\nUpdated by the desk of {site} tonight.")
                )
    return crawl


def learn(pages: Iterable[Page]) -> SiteMemory:
    """What a memory knows after the same pages."""
    memory = SiteMemory()
    for site, url, text in pages:
        page = read_source(text, "auto").page
        place = locate(page, url=url, site=site)
        assert place is not None
        memory.learn_blocks(place.site, place.page, page.texts)
    return memory


def clean_with(memory: SiteMemory, pages: Iterable[Page]) -> list[tuple[str, str | None, str]]:
    """Site, address and story of every page, sorted."""
    found = [(site, url, Cleaner(memory=memory, site=site).clean(text, url=url).text) for site, url, text in pages]
    return sorted(found, key=lambda row: (row[0], row[1] or "", row[2]))


def clean_in_two_passes(session: Any, pages: Iterable[Page], **settings: Any) -> list[tuple[str, str | None, str]]:
    frame = make_frame(session, pages)
    frame = frame.withColumn("name", frame.site).withColumn("address", frame.url)
    counts = site_counts(frame, site="site").persist()
    rows = clean(frame, memory=counts, site="site", columns=("text",), **settings).collect()
    counts.unpersist()
    return sorted(((row.name, row.address, row.text) for row in rows), key=lambda row: (row[0], row[1] or "", row[2]))


def test_rows_and_types_are_those_of_the_arrow_function(session: Any) -> None:
    from pyspark.sql.types import MapType

    rows = fixture_rows()
    frame = session.createDataFrame(
        [(row["id"], row["url"], bytearray(row["html"]), row["depth"]) for row in rows],
        "id string, url string, html binary, depth int",
    )
    cleaned = clean(frame)
    assert read_rows(cleaned) == [{**row, "depth": number} for number, row in enumerate(expected_rows(rows))]
    assert isinstance(cleaned.schema["reasons"].dataType, MapType)
    blocks = clean(frame, columns=("blocks",)).collect()
    assert [block["text"] for block in blocks[0].blocks] == list(read_source(rows[0]["html"], "auto").page.texts)


def test_poison_is_an_error_in_its_row(session: Any) -> None:
    frame = session.createDataFrame([(page,) for page in POISON], "html string").coalesce(1)
    assert read_rows(clean(frame, **POISONED)) == expected_of_poison()
    wrong = clean(session.createDataFrame([(7,)], "html int"), columns=("error",))
    assert read_rows(wrong) == [{"error": WRONG_TYPE}]
    assert site_counts(frame, **{**POISONED, "site": None}).count() == 0


def test_a_page_of_a_hundred_megabytes_is_an_error_in_its_row(session: Any) -> None:
    from pyspark.sql import functions

    large = functions.repeat(functions.lit("<p>word "), LARGE // 8)
    page = functions.when(functions.col("id") == 1, large).otherwise(functions.lit(GOOD))
    frame = session.range(3, numPartitions=1).select(page.alias("html"))
    assert read_rows(clean(frame, columns=("status", "error"))) == expected_of_large()


def test_counts_are_those_of_a_memory_of_the_same_pages(session: Any) -> None:
    crawl = build_crawl()
    memory = learn(crawl)
    rows = read_rows(site_counts(make_frame(session, crawl).repartition(5), site="site"))
    found = {(row["site"], block["fingerprint"], block["pages"]) for row in rows for block in row["blocks"]}
    assert found == {tuple(row) for row in memory.export_rows() if row[2] > 1}
    totals = dict(memory.export_totals())
    assert {row["site"]: len(row["sample"]) for row in rows} == {row["site"]: totals[row["site"]] for row in rows}
    imported = SiteMemory()
    imported.import_rows(found, {row["site"]: len(row["sample"]) for row in rows})
    assert imported.lookup("small.example", [FRAME[0] + " small.example"]).pages_with_block == [12]


@pytest.mark.parametrize("broadcast_sites", [20_000, 0], ids=["broadcast", "joined"])
def test_two_passes_give_what_a_memory_gives_row_for_row(session: Any, broadcast_sites: int) -> None:
    crawl = build_crawl()
    without = sorted(Cleaner().clean(text, url=url).text for _, url, text in crawl)
    expected = clean_with(learn(crawl), crawl)
    assert clean_in_two_passes(session, crawl, broadcast_sites=broadcast_sites) == expected
    assert sorted(text for _, _, text in expected) != without


def test_counted_sites_answer_as_a_memory_does(session: Any) -> None:
    crawl = build_crawl()
    memory = learn(crawl)
    sites = CountedSites(read_rows(site_counts(make_frame(session, crawl), site="site")))
    for site, url, text in crawl:
        page = read_source(text, "auto").page
        place = locate(page, url=url, site=site)
        assert place is not None
        ours, theirs = (whom.lookup(site, page.texts, page=place.page) for whom in (sites, memory))
        if ours.pages_of_site:
            assert ours.pages_of_site == theirs.pages_of_site
            several = [pages if pages > 1 else 0 for pages in theirs.pages_with_block]
            assert [pages if pages > 1 else 0 for pages in ours.pages_with_block] == several


def test_built_sites_come_out_as_with_a_memory(session: Any) -> None:
    if not corpora_folder().is_dir():
        pytest.skip("sites are built of the development corpora, which are not here")
    from benchmarks.sites import build_sites

    built = build_sites(4, 12, 1)
    crawl = [(page.site, None, str(page.source)) for pages in built.values() for page in pages]
    assert clean_in_two_passes(session, crawl) == clean_with(learn(crawl), crawl)


def test_the_largest_site_is_the_work_of_many_tasks(session: Any) -> None:
    texts = [f"{FRAME[0]}\n\n{STORY}{'abcdefghij'[number % 10] * (number + 1)}" for number in range(900)]
    crawl = [("huge.example", f"http://huge.example/{number}", text) for number, text in enumerate(texts)]
    crawl += [(f"s{number}.example", f"http://s{number}.example/", STORY) for number in range(100)]
    frame = make_frame(session, crawl).repartition(8)
    counts = site_counts(frame)
    assert "WindowGroupLimit" in counts._jdf.queryExecution().toString()
    adaptive = session.conf.get("spark.sql.adaptive.enabled")
    session.conf.set("spark.sql.adaptive.enabled", "false")
    session.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1")
    try:
        joined = clean(frame, memory=counts, broadcast_sites=0, columns=("id", "status"))
        tasks = Counter(row.task for row in joined.selectExpr("spark_partition_id() as task").collect())
    finally:
        session.conf.set("spark.sql.adaptive.enabled", adaptive)
        session.conf.unset("spark.sql.autoBroadcastJoinThreshold")
    assert sum(tasks.values()) == 1000
    assert len(tasks) == 4
    assert max(tasks.values()) < 400


def read_loads(batches: Any, settings: Any) -> Iterator[Any]:
    """Clean, and say how often this process has read weights and a language detector."""
    import pyarrow

    from boilerstrip.pipelines.arrow import clean_record_batches

    cleaned = sum(batch.num_rows for batch in clean_record_batches(batches, settings))
    from boilerstrip.evidence.detectors import _load_py3langid
    from boilerstrip.judge.tagger import load_tagger

    loads = (load_tagger.cache_info().misses, _load_py3langid.cache_info().misses)
    yield pyarrow.RecordBatch.from_pydict(
        {"process": [os.getpid()], "weights": [loads[0]], "detectors": [loads[1]], "cleaned": [cleaned]}
    )


def test_weights_and_detectors_are_loaded_once_a_worker(session: Any) -> None:
    from boilerstrip.pipelines.pages import Settings

    frame = session.createDataFrame([(ASKS_DETECTOR,)] * 80, "html string").repartition(8)
    schema = "process bigint, weights bigint, detectors bigint, cleaned bigint"
    rows = frame.mapInArrow(partial(read_loads, settings=Settings()), schema).collect()
    assert sum(row.cleaned for row in rows) == 80
    assert {(row.weights, row.detectors) for row in rows} == {(1, 1)}


def test_misuse_is_told_at_once(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = make_frame(session, [])
    with pytest.raises(OptionError, match="html='page' is no column of the table, which has site, url, html"):
        clean(frame, html="page")
    assert clean(frame).count() == 0
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingExtra, match=r"boilerstrip\[spark\]"):
        clean(frame)


def test_the_job_reads_tables(session: Any, tmp_path: Path) -> None:
    crawl = build_crawl()[-20:]
    make_frame(session, crawl).write.parquet(str(tmp_path / "in.parquet"))
    make_frame(session, crawl).write.json(str(tmp_path / "in"))
    for number, source in enumerate((tmp_path / "in.parquet", f"{tmp_path}/in/*.json")):
        out = str(tmp_path / f"out{number}")
        assert main(["--input", str(source), "--output", out, "--columns", "text,error"]) == 0
        rows = session.read.parquet(out).collect()
        assert sorted(row.text for row in rows) == sorted(Cleaner().clean(text, url=url).text for _, url, text in crawl)


def test_the_job_is_submitted_with_archives(tmp_path: Path) -> None:
    import pyarrow.parquet

    import boilerstrip.pipelines.spark

    (tmp_path / "a.warc.gz").write_bytes(write_archive())
    submit = Path(sys.executable).with_name("spark-submit")
    script = Path(boilerstrip.pipelines.spark.__file__).with_name("__main__.py")
    arguments = ["--input", f"{tmp_path}/*.warc.gz", "--output", str(tmp_path / "out.parquet"), "--two-pass"]
    environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [str(submit), "--master", "local[2]", "--conf", "spark.ui.enabled=false", str(script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    slugs = ("blog-comments", "forum-thread", "recipe", "service-page", "sidebar-class-story", "thai-article")
    pages = {row["id"]: row["html"] for row in fixture_rows()}
    expected = {f"https://{slug}.example/": Cleaner().clean(pages[slug]).text for slug in slugs}
    assert {row["url"]: row["text"] for row in rows if row["url"]} == expected
    (failed,) = (row for row in rows if not row["url"])
    assert (failed["status"], "damaged record" in failed["error"]) == ("failed", True)


def test_misuse_of_the_job_is_one_line(capsys: pytest.CaptureFixture[str], session: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"html": "<p>It rained."}\n')
    with pytest.raises(SystemExit) as stopped:
        main(["--input", str(tmp_path / "a.jsonl"), "--output", str(tmp_path / "out"), "--columns", "story"])
    assert stopped.value.code == 2
    assert "columns='story' is not allowed; use one of" in capsys.readouterr().err.splitlines()[-1]
