"""One bad row, record or place costs itself: the run comes to its end, and nothing is written where nobody asked."""

import errno
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from boilerstrip.batch.inputs.files import Finder
from boilerstrip.batch.inputs.source import Source
from boilerstrip.cli import run
from tests.batches import read_errors, read_lines, read_outputs, write_crawl, write_story
from tests.test_batch_warc import make_record, make_response

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such links and limits")


def clean_rows(path: Path, out: Path, *options: str) -> list[dict[str, Any]]:
    """The rows of a run over one file, which each of its pages is in or has a line of errors for."""
    run(["clean", str(path), "-o", str(out), "--format", "jsonl", "--workers", "1", "--quiet", *options])
    rows = read_lines(out / "pages.jsonl")
    assert run(["clean", str(path), "-o", str(out), "--format", "jsonl", "--quiet", "--resume", *options]) in (0, 1)
    assert read_lines(out / "pages.jsonl") == rows
    return rows


@pytest.mark.parametrize("length", [10**23, 10**17, -1, 20])
def test_a_false_length_costs_its_record(length: int, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc", reason="the extra warc is not installed")
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>" + write_story(2).encode()
    records = [make_response(number, write_story(number).encode()) for number in range(4)]
    records[2] = make_record("response", 2, block, length=length)
    for name, pack in (("a.warc", bytes), ("b.warc.gz", gzip.compress)):
        (tmp_path / name).write_bytes(b"".join(map(pack, records)))
        rows = clean_rows(tmp_path / name, tmp_path / f"{name}-out")
        found = {int(row["id"].removeprefix("<urn:uuid:").rstrip(">")) for row in rows}
        assert found >= {0, 1, 3}
        assert len(found) + len(read_errors(tmp_path / f"{name}-out")) == 4


def write_table(path: Path, columns: dict[str, Any]) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet

    stories = [write_story(number) for number in range(3)]
    parquet.write_table(pyarrow.table({"html": stories, **columns}), path)


def test_values_that_python_does_not_know_are_text(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet

    nanoseconds = pyarrow.array([1, 2_000, None], pyarrow.timestamp("ns"))
    far = pyarrow.array([0, 10**18, -(10**18)], pyarrow.timestamp("us"))
    write_table(tmp_path / "a.parquet", {"ns": nanoseconds, "far": far})
    rows = clean_rows(tmp_path / "a.parquet", tmp_path / "out")
    assert [row["ns"] for row in rows] == ["1970-01-01 00:00:00.000000001", "1970-01-01T00:00:00.000002", None]
    assert rows[0]["far"] == datetime(1970, 1, 1).isoformat() and rows[2]["far"].startswith("-29719-04-05")
    arguments = ["clean", str(tmp_path / "a.parquet"), "--format", "parquet", "--quiet", "-o", str(tmp_path / "table")]
    assert run(arguments) == 1
    written = parquet.read_table(tmp_path / "table" / "pages.parquet")
    lines = len(read_errors(tmp_path / "table"))
    assert written.num_rows + lines == 3
    assert written["ns"].cast(pyarrow.int64()).to_pylist()[0] == 1


def test_text_that_is_no_utf8_is_read_all_the_same(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import ipc

    pages = [write_story(number).encode() for number in range(3)]
    pages[1] = pages[1].replace(b"year", b"y\x83ar", 1)
    column = pyarrow.array(pages, pyarrow.binary()).view(pyarrow.string())
    table = pyarrow.table({"html": column})
    with ipc.new_file(tmp_path / "a.arrow", table.schema) as writer:
        writer.write_table(table)
    rows = clean_rows(tmp_path / "a.arrow", tmp_path / "out")
    assert "y\ufffdar" in rows[1]["text"] and len(rows) == 3


def test_a_column_that_is_nested_too_deeply_costs_its_row(tmp_path: Path) -> None:
    lines = [json.dumps({"html": write_story(number)}) for number in range(3)]
    lines[1] = f'{{"html": {json.dumps(write_story(1))}, "deep": {"[" * 900}{"]" * 900}}}'
    (tmp_path / "rows.jsonl").write_text("\n".join(lines))
    rows = clean_rows(tmp_path / "rows.jsonl", tmp_path / "out")
    assert {row["id"] for row in rows} | set(read_errors(tmp_path / "out")) == {f"rows.jsonl#{n}" for n in (1, 2, 3)}
    assert len(rows) >= 2


@pytest.mark.parametrize("output_format", ["txt", "jsonl", "parquet"])
def test_columns_of_one_name_are_told_before_anything_is_written(
    output_format: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet

    table = pyarrow.table([["<p>One."], ["x"], ["y"]], names=["html", "twice", "twice"])
    parquet.write_table(table, tmp_path / "a.parquet")
    arguments = [str(tmp_path / "a.parquet"), "-o", str(tmp_path / "out"), "--format", output_format]
    assert run(["clean", *arguments]) == 2
    error = capfd.readouterr().err
    assert "'twice'" in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_columns_of_two_types_are_told_before_anything_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    write_table(tmp_path / "in" / "a.parquet", {"year": [1, 2, 3]})
    write_table(tmp_path / "in" / "b.parquet", {"year": ["one", "two", "three"]})
    arguments = ["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--format"]
    assert run([*arguments, "parquet"]) == 2
    assert "b.parquet" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run([*arguments, "jsonl", "--quiet"]) == 0


@POSIX
def test_a_dictionary_is_not_expanded_before_its_size_is_known(tmp_path: Path) -> None:
    """Each of 64 rows refers to one page of 30 MB: as rows they would be 1.9 GB."""
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet

    page = "x " * 15_000_000
    column = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 64, pyarrow.int32()), [page])
    parquet.write_table(pyarrow.table({"html": column}), tmp_path / "a.parquet", compression="zstd")
    resource = pytest.importorskip("resource", reason="this system does not tell what a process has used")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    items = list(Source(Finder((str(tmp_path / "a.parquet"),), ".txt")))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / (1000 if sys.platform == "linux" else 1e6)
    assert len(items) == 64 and all(item.failure and "--max-bytes" in item.failure.message for item in items)
    assert grown < 600


def test_many_folders_of_one_file_are_found_with_work_that_grows_as_they_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0
    split: Callable[[str], str] = os.path.dirname

    def count(path: str) -> str:
        nonlocal calls
        calls += 1
        return split(path)

    monkeypatch.setattr(os.path, "dirname", count)
    counts = []
    for folders in (50, 500):
        places = tuple(str(tmp_path / str(folders) / str(number) / "index.html") for number in range(folders))
        for place in places:
            os.makedirs(split(place))
            Path(place).touch()
        calls = 0
        assert len(list(Finder(places, ".txt"))) == folders
        counts.append(calls)
    assert counts[1] <= 12 * counts[0]


def test_reports_and_output_stay_apart(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_crawl(tmp_path / "in", 1)
    for reports in ("out", "out/reports", "."):
        arguments = [str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--report", str(tmp_path / reports)]
        assert run(["clean", *arguments]) == 2
        assert "contain one another" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


@POSIX
def test_links_in_the_output_lead_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    crawl, victim, out, reports = (tmp_path / name for name in ("in", "victim", "out", "reports"))
    write_crawl(crawl, 1)
    for folder in (victim, out, reports):
        folder.mkdir()
    (victim / "precious.txt").write_text("Precious.")
    (out / ".boilerstrip").symlink_to(victim)
    arguments = ["clean", str(crawl), "-o", str(out), "--report", str(reports), "--workers", "1", "--overwrite"]
    assert run(arguments) == 2
    assert "is a link" in capfd.readouterr().err
    (out / ".boilerstrip").unlink()
    for folder in (out, reports):
        (folder / "00").symlink_to(victim)
    assert run(arguments) == 1
    assert list(read_errors(out)) == ["00/00000.txt"]
    assert [path.name for path in victim.iterdir()] == ["precious.txt"]


def test_an_explanation_replaces_nothing_unasked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    page, report = tmp_path / "page.html", tmp_path / "report.html"
    page.write_text("<p>It rained on the old mill for three days.</p>")
    report.write_text("Mine.")
    assert run(["explain", "--html", str(page), str(page), "--overwrite"]) == 2
    assert run(["explain", "--html", str(report), str(page)]) == 2
    assert "--overwrite" in capfd.readouterr().err
    assert (page.read_text()[:3], report.read_text()) == ("<p>", "Mine.")
    assert run(["explain", "--html", str(report), str(page), "--overwrite"]) == 0


def test_a_page_cannot_write_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.jsonl").write_text('{"\\u001b]0;owned\\u0007": 1}\n')
    assert run(["learn", str(tmp_path / "rows.jsonl"), "--memory", str(tmp_path / "sites.sqlite")]) == 1
    error = capfd.readouterr().err
    assert "owned" in error and "\x1b" not in error and "\x07" not in error


def test_a_traceback_is_shown_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("boilerstrip.batch.run._lock", fail)
    write_crawl(tmp_path / "in", 1)
    arguments = ["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    assert run(arguments) == 1
    assert capfd.readouterr().err.count("\n") == 1
    assert run([*arguments, "--traceback"]) == 1
    assert "in carry_out" in capfd.readouterr().err


def test_what_stops_a_run_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An error of something else than the output does not say that the output cannot be written."""

    def fail(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files", "/tmp/socket")

    monkeypatch.setattr("boilerstrip.batch.run.process", fail)
    write_crawl(tmp_path / "in", 1)
    assert run(["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 1
    error = capfd.readouterr().err
    assert "stopped: /tmp/socket: Too many open files" in error and "--resume" in error


@POSIX
def test_a_file_that_may_not_grow_is_never_half_there(tmp_path: Path) -> None:
    """``RLIMIT_FSIZE`` makes writing fail in the middle, as a file system with small files does."""
    resource = pytest.importorskip("resource", reason="this system has no limits")
    write_crawl(tmp_path / "in", 150)
    expected, out = tmp_path / "expected", tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "boilerstrip",
        "clean",
        str(tmp_path / "in"),
        "--format",
        "jsonl",
        "--workers",
        "1",
        "--quiet",
    ]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))

    stopped = subprocess.run([*command, "-o", str(out)], preexec_fn=limit, capture_output=True, text=True)
    assert stopped.returncode == 1 and stopped.stderr.count("\n") == 1, stopped.stderr
    assert not (out / "pages.jsonl").exists()
    assert subprocess.run([*command, "-o", str(out), "--resume"], capture_output=True).returncode == 0
    assert subprocess.run([*command, "-o", str(expected)], capture_output=True).returncode == 0
    assert read_outputs(out) == read_outputs(expected)
