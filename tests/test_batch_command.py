"""The command over many pages: what stands in the output folder, on standard error and in the exit code."""

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from boilerstrip import clean
from boilerstrip.cli import run
from boilerstrip.rows import COLUMNS
from tests.batches import (
    count_done,
    forget_done,
    read_errors,
    read_lines,
    read_outputs,
    run_command,
    write_crawl,
    write_fixtures,
    write_story,
)
from tests.test_batch_warc import make_response

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files and signals")


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fixtures(tmp_path_factory.mktemp("inputs") / "crawl")


def run_batch(*arguments: object) -> int:
    return run(["clean", *map(str, arguments), "--workers", "1"])


def test_a_folder_becomes_a_tree(crawl: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run_batch(crawl, "-o", out) == 0
    outputs = read_outputs(out)
    pages = sorted(crawl.iterdir())
    assert len(outputs) == len(pages)
    for page in pages:
        document = clean(page.read_bytes())
        assert outputs[page.stem + ".txt"].decode() == (document.text + "\n" if document.text else "")
    error = capfd.readouterr().err
    assert f"{len(pages)} pages, no failures" in error
    assert "words: " in error and "languages: en " in error


def test_the_output_is_the_same_for_any_number_of_workers(crawl: Path, tmp_path: Path) -> None:
    for output_format in ("md", "jsonl"):
        for workers in (1, 3):
            out = tmp_path / f"{output_format}{workers}"
            assert run(["clean", str(crawl), "-o", str(out), "--format", output_format, "--workers", str(workers)]) == 0
        assert read_outputs(tmp_path / f"{output_format}1") == read_outputs(tmp_path / f"{output_format}3")


def test_rows_have_the_documented_columns(crawl: Path, tmp_path: Path) -> None:
    assert run_batch(crawl, "-o", tmp_path / "out", "--format", "jsonl") == 0
    rows = read_lines(tmp_path / "out" / "pages.jsonl")
    assert [row["id"] for row in rows] == sorted(path.name for path in crawl.iterdir())
    for row in rows:
        assert tuple(row) == tuple(COLUMNS)
        assert row["text"] == clean((crawl / row["id"]).read_bytes()).text
        assert sum(row["reasons"].values()) == row["words_dropped"]


def test_parquet_carries_other_columns_through(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet

    table = pyarrow.table(
        {
            "html": [write_story(number) for number in range(70)],
            "text": [f"old {number}" for number in range(70)],
            "crawl": pyarrow.array([number % 3 for number in range(70)], pyarrow.int16()),
            "label": pyarrow.array(["a", "b"] * 35).dictionary_encode(),
        }
    )
    parquet.write_table(table, tmp_path / "in.parquet", row_group_size=16)
    assert run_batch(tmp_path / "in.parquet", "-o", tmp_path / "out", "--format", "parquet") == 0
    written = parquet.read_table(tmp_path / "out" / "pages.parquet")
    assert written.column_names == [*COLUMNS, "input_text", "crawl", "label"]
    assert written.schema.field("crawl").type == pyarrow.int16()
    rows = written.to_pylist()
    assert [row["crawl"] for row in rows] == table["crawl"].to_pylist()
    assert [row["input_text"] for row in rows] == table["text"].to_pylist()
    assert rows[3]["text"] == clean(write_story(3)).text
    assert sum(dict(rows[3]["reasons"]).values()) == rows[3]["words_dropped"]


def test_an_archive_becomes_rows_with_its_addresses(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc", reason="the extra warc is not installed")
    records = [make_response(number, write_story(number).encode()) for number in range(5)]
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    assert run_batch(tmp_path / "crawl.warc.gz", "-o", tmp_path / "out", "--format", "jsonl") == 0
    rows = read_lines(tmp_path / "out" / "pages.jsonl")
    assert [(row["id"], row["url"]) for row in rows] == [
        (f"<urn:uuid:{number}>", f"https://example.org/{number}") for number in range(5)
    ]


def test_rows_of_json_lines_keep_their_fields(tmp_path: Path) -> None:
    lines = [{"body": write_story(number), "url": f"https://e.org/{number}", "seen": [number]} for number in range(3)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run_batch(tmp_path / "in.jsonl", "-o", tmp_path / "out", "--format", "jsonl", "--field", "body") == 0
    rows = read_lines(tmp_path / "out" / "pages.jsonl")
    assert [(row["url"], row["seen"]) for row in rows] == [(line["url"], line["seen"]) for line in lines]
    assert run_batch(tmp_path / "in.jsonl", "-o", tmp_path / "tree", "--field", "body") == 0
    assert set(read_outputs(tmp_path / "tree")) == {
        os.path.join("in.jsonl", f"0000000{number}.txt") for number in (1, 2, 3)
    }


def test_the_summary_can_be_read_by_programs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_crawl(tmp_path / "in", 3)
    assert run_batch(tmp_path / "in", tmp_path / "missing.html", "-o", tmp_path / "out", "--json") == 1
    captured = capfd.readouterr()
    summary = json.loads(captured.out)
    assert (summary["inputs"], summary["pages"], summary["failures"]) == (4, 3, 1)
    assert summary["words_dropped"] == sum(summary["dropped_by_reason"].values())
    assert captured.err == ""


def test_quiet_is_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_crawl(tmp_path / "in", 2)
    assert run_batch(tmp_path / "in", "-o", tmp_path / "out", "--quiet") == 0
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_run_is_not_repeated_over_another_unasked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_crawl(tmp_path / "in", 3)
    arguments = (tmp_path / "in", "-o", tmp_path / "out")
    assert run_batch(*arguments) == 0
    before = read_outputs(tmp_path / "out")
    assert run_batch(*arguments) == 2
    assert "--resume" in capfd.readouterr().err.splitlines()[-1]
    assert run_batch(*arguments, "--resume", "--focus", "recall") == 2
    assert "focus was balanced and is recall now" in capfd.readouterr().err
    assert run_batch(*arguments, "--resume") == 0
    assert "all of it done before" in capfd.readouterr().err
    (tmp_path / "in" / "00" / "00001.txt").write_text(write_story(77))
    assert run_batch(*arguments, "--overwrite") == 0
    after = read_outputs(tmp_path / "out")
    assert [name for name in before if before[name] != after[name]] == [os.path.join("00", "00001.txt")]


@pytest.mark.parametrize("output_format", ["txt", "jsonl"])
@pytest.mark.parametrize("is_finished", [True, False])
def test_a_run_that_goes_on_takes_new_inputs(is_finished: bool, output_format: str, tmp_path: Path) -> None:
    write_crawl(tmp_path / "in", 5)
    arguments = (tmp_path / "in", "--format", output_format, "--quiet", "-o")
    assert run_batch(*arguments, tmp_path / "out") == 0
    if not is_finished:
        forget_done(tmp_path / "out", 3)
    (tmp_path / "in" / "00" / "00000a.txt").write_text(write_story(70))
    (tmp_path / "in" / "missing.txt").symlink_to("nowhere")
    assert run_batch(*arguments, tmp_path / "out", "--resume") == 1
    assert run_batch(*arguments, tmp_path / "expected") == 1
    assert read_outputs(tmp_path / "out") == read_outputs(tmp_path / "expected")


def test_pages_that_are_gone_are_left_and_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_crawl(tmp_path / "in", 3)
    arguments = (tmp_path / "in", "-o", tmp_path / "out", "--format", "jsonl")
    assert run_batch(*arguments) == 0
    (tmp_path / "in" / "00" / "00001.txt").unlink()
    assert run_batch(*arguments, "--resume") == 0
    assert "1 page done before and no longer among the inputs" in capfd.readouterr().err
    assert [row["id"] for row in read_lines(tmp_path / "out" / "pages.jsonl")] == ["00/00000.txt", "00/00002.txt"]


def test_inputs_named_like_the_runs_own_files_are_inputs_all_the_same(tmp_path: Path) -> None:
    write_crawl(tmp_path / "in", 1)
    for name in ("errors.jsonl", "errors.jsonl~2/page.txt"):
        (tmp_path / "in" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text(json.dumps({"html": write_story(1)}) + "\n")
    assert run_batch(tmp_path / "in", tmp_path / "missing.txt", "-o", tmp_path / "out") == 1
    assert list(read_errors(tmp_path / "out")) == ["missing.txt"]
    outputs = {name.replace(os.sep, "/") for name in read_outputs(tmp_path / "out")}
    assert outputs == {"errors.jsonl", "in/00/00000.txt", "in/errors.jsonl/00000001.txt", "in/errors.jsonl~2/page.txt"}
    assert run_batch(tmp_path / "in", "-o", tmp_path / "alone") == 0
    outputs = {name.replace(os.sep, "/") for name in read_outputs(tmp_path / "alone")}
    assert outputs == {"00/00000.txt", "errors.jsonl~3/00000001.txt", "errors.jsonl~2/page.txt"}


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    write_crawl(tmp_path / "in", 3)
    (tmp_path / "out" / "00").mkdir(parents=True)
    (tmp_path / "out" / "00" / "00001.txt").write_text("Mine.")
    assert run_batch(tmp_path / "in", "-o", tmp_path / "out") == 1
    assert (tmp_path / "out" / "00" / "00001.txt").read_text() == "Mine."
    assert list(read_errors(tmp_path / "out")) == ["00/00001.txt"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["{in}"], "name a folder for the stories with -o"),
        (["{in}", "-o", "{in}/out"], "contain one another"),
        (["{in}/00", "-o", "{in}"], "contain one another"),
        (["{in}", "-o", "{tmp}/rows.jsonl"], "--format jsonl"),
        (["{in}", "-o", "{in}/00/00000.txt"], "contain one another"),
        (["{in}", "-o", "{tmp}/out", "--resume", "--overwrite"], "one of them"),
        (["{in}", "-o", "{tmp}/out", "--learn"], "--memory"),
        (["{in}", "-o", "{tmp}/out", "--url", "https://example.org"], "--url-field"),
        (["{in}", "-o", "{tmp}/out", "--markdown"], "--format jsonl"),
        (["{in}", "-o", "{tmp}/out", "--language", "english"], "ISO 639-1"),
        (["{in}", "-o", "{tmp}/out", "--encoding", "klingon"], "klingon"),
        (["{in}", "-o", "{tmp}/out", "--workers", "0"], "0 is not in the range"),
        (["{in}", "-o", "{tmp}/out", "--max-seconds", "0"], "0.0 is not in the range"),
        (["{in}", "-o", "{tmp}/out", "--max-seconds", "nan"], "nan is not in the range"),
        (["{in}", "-o", "{tmp}/out", "--max-bytes", "0"], "0 is not in the range"),
        (["{tmp}/nothing*.html", "-o", "{tmp}/out"], "nothing matches"),
        (["-", "{in}", "-o", "{tmp}/out"], "standard input"),
    ],
)
def test_wrong_usage_is_one_line_and_two(
    arguments: list[str], part: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_crawl(tmp_path / "in", 1)
    places = {"in": str(tmp_path / "in"), "tmp": str(tmp_path)}
    assert run(["clean", *(argument.format(**places) for argument in arguments)]) == 2
    error = capfd.readouterr().err
    assert part in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_one_run_at_a_time_writes_into_a_folder(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_crawl(tmp_path / "in", 1)
    state = tmp_path / "out" / ".boilerstrip"
    state.mkdir(parents=True)
    with closing(sqlite3.connect(state / "lock")) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        assert run_batch(tmp_path / "in", "-o", tmp_path / "out") == 1
    assert "another run" in capfd.readouterr().err
    assert run_batch(tmp_path / "in", "-o", tmp_path / "out") == 0


def make_hostile_folder(folder: Path) -> set[str]:
    """A folder with everything that goes wrong; the ids of the inputs that cannot be cleaned."""
    write_crawl(folder, 3)
    (folder / "dangling.html").symlink_to("nowhere.html")
    (folder / "unreadable.html").write_text(write_story(4))
    (folder / "unreadable.html").chmod(0)
    (folder / "empty.html").touch()
    with open(folder / "huge.html", "wb") as huge:
        huge.truncate(300_000_000)
    for name in (b"caf\xe9.txt", b"two\nlines.txt", b"Page.txt", b"page.txt"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(write_story(len(name)))
    (folder / "00" / "loop").symlink_to("..")
    os.mkfifo(folder / "pipe.html")
    (folder / "corrupt.txt.gz").write_bytes(gzip.compress(write_story(5).encode())[:-9] + b"broken!!!")
    records = [gzip.compress(make_response(number, write_story(number).encode())) for number in range(5)]
    (folder / "truncated.warc.gz").write_bytes(b"".join(records)[:-40])
    (folder / "broken.warc.gz").write_bytes(b"".join([*records[:2], gzip.compress(b"no record"), *records[3:]]))
    return {"dangling.html", "unreadable.html", "huge.html", "00/loop", "pipe.html", "corrupt.txt.gz"}


@POSIX
def test_everything_that_can_be_read_is_cleaned(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc", reason="the extra warc is not installed")
    lost = make_hostile_folder(tmp_path / "in")
    finished = run_command("clean", tmp_path / "in", "-o", tmp_path / "out", "--json", prefix=_without_privileges())
    assert finished.returncode == 1, finished.stderr
    errors = read_errors(tmp_path / "out")
    archives = {name for name in errors if ".warc.gz@" in name}
    assert set(errors) - archives == lost
    assert sorted(name.split("@")[0] for name in archives) == ["broken.warc.gz", "truncated.warc.gz"]
    outputs = set(read_outputs(tmp_path / "out")) - {"errors.jsonl"}
    pages = {"caf\udce9.txt", "two\nlines.txt", "Page.txt.txt", "page.txt~2.txt", "empty.txt"}
    pages |= {f"00/0000{number}.txt" for number in range(3)}
    pages |= {f"{name}.warc.gz/0000000{number}.txt" for name in ("broken", "truncated") for number in (1, 2, 3, 4)}
    assert outputs == pages
    summary = json.loads(finished.stdout)
    assert (summary["pages"], summary["failures"]) == (len(pages), len(errors))


def _without_privileges() -> tuple[str, ...]:
    """What makes root read no more than others do."""
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        pytest.skip("root can read everything, and setpriv, which would take that away, is not installed")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")


def heed_interrupts() -> None:
    """A suite that runs in the background hands an ignored SIGINT down to its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@POSIX
def test_an_interrupt_says_how_to_go_on(tmp_path: Path) -> None:
    write_crawl(tmp_path / "in", 2000)
    command = [sys.executable, "-m", "boilerstrip", "clean", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    with subprocess.Popen(
        [*command, "--workers", "1"], stderr=subprocess.PIPE, text=True, preexec_fn=heed_interrupts
    ) as process:
        wait_for(lambda: count_done(tmp_path / "out") > 20)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in error
    assert error.rstrip().endswith(f"-o {tmp_path / 'out'} --workers 1 --resume")


@POSIX
@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3, 0.6])
def test_an_interrupt_while_workers_start_is_no_traceback(delay: float, tmp_path: Path) -> None:
    write_crawl(tmp_path / "in", 2000)
    command = [sys.executable, "-m", "boilerstrip", "clean", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=heed_interrupts, start_new_session=True
    ) as process:
        wait_for((tmp_path / "out" / ".boilerstrip" / "state.sqlite").exists)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error.startswith("boilerstrip: stopped; what is done is kept.") and error.count("\n") == 2, error


def wait_for(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.005)


@POSIX
def test_a_full_disk_stops_the_run_and_resuming_completes_it(tmp_path: Path) -> None:
    write_crawl(tmp_path / "in", 150)
    assert run_batch(tmp_path / "in", "-o", tmp_path / "expected", "--quiet") == 0
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here: it needs root")
    try:
        (disk / "ballast").write_bytes(bytes(700_000))
        arguments = ("clean", tmp_path / "in", "-o", disk / "out", "--workers", "1")
        stopped = run_command(*arguments)
        assert stopped.returncode == 1
        assert stopped.stderr.count("\n") == 1 and "the disk is full" in stopped.stderr
        (disk / "ballast").unlink()
        resumed = run_command(*arguments, "--resume")
        assert resumed.returncode == 0, resumed.stderr
        assert read_outputs(disk / "out") == read_outputs(tmp_path / "expected")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
