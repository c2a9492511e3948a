"""Learning from many pages, and cleaning them with what was learnt."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from boilerstrip import Cleaner, clean
from boilerstrip.cli import run
from boilerstrip.memory import SiteMemory
from tests.batches import forget_done, read_outputs, run_command, write_story

SITE = "gazette"
TWO_PASSES = ("--learn", "--quiet")


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site without addresses: its folder names it."""
    folder = tmp_path_factory.mktemp("inputs") / SITE
    folder.mkdir()
    for number in range(25):
        notice = "This paper is printed on the oldest working press of the county, which visitors may see on Fridays.\n"
        (folder / f"{number:02d}.txt").write_text(write_story(number) + "\n" + notice)
    return folder


def test_learning_fills_a_memory(crawl: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sites.sqlite"
    for _ in range(2):
        assert run(["learn", str(crawl), "--memory", str(path), "--workers", "1"]) == 0
        assert "learnt 25 pages" in capfd.readouterr().err
        with SiteMemory(path, read_only=True) as memory:
            assert list(memory.export_totals()) == [(SITE, 25)]


def test_learning_says_what_it_could_not_read(crawl: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = [str(crawl), str(tmp_path / "missing.html"), "--memory", str(tmp_path / "sites.sqlite"), "--json"]
    assert run(["learn", *arguments]) == 1
    captured = capfd.readouterr()
    assert json.loads(captured.out)["failures"] == 1
    assert "missing.html" in captured.err and captured.err.count("\n") == 1


def test_workers_without_work_go_quietly(tmp_path: Path) -> None:
    finished = run_command("learn", tmp_path / "missing.html", "--memory", tmp_path / "sites.sqlite", "--workers", 2)
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[0] == "boilerstrip: 'missing.html': No such file or directory"
    assert finished.stderr.splitlines()[1].startswith("boilerstrip: learnt no pages, 1 failure, ")
    assert finished.stderr.count("\n") == 2


def test_two_passes_are_learning_and_then_cleaning(crawl: Path, tmp_path: Path) -> None:
    path, out, after = tmp_path / "sites.sqlite", tmp_path / "out", tmp_path / "after"
    arguments = ["clean", str(crawl), "--memory", str(path), "--quiet", "--workers", "2", "-o"]
    assert run([*arguments, str(out), "--learn"]) == 0
    assert run([*arguments, str(after)]) == 0
    assert read_outputs(out) == read_outputs(after)
    with SiteMemory(path, read_only=True) as memory:
        cleaner = Cleaner(memory=memory, site=SITE)
        for name, content in read_outputs(out).items():
            assert content.decode() == cleaner.clean((crawl / name).read_bytes()).text + "\n"


def test_both_passes_can_be_resumed(crawl: Path, tmp_path: Path) -> None:
    def arguments(name: str) -> list[str]:
        return ["clean", str(crawl), "-o", str(tmp_path / name), "--memory", str(memory), "--learn", "--quiet"]

    memory = tmp_path / "sites.sqlite"
    assert run(arguments("expected")) == 0
    assert run(arguments("out")) == 0
    shutil.rmtree(tmp_path / "out" / ".boilerstrip")
    os.remove(memory)
    assert run([*arguments("out"), "--resume"]) == 0  # nothing is known: both passes again, over equal files
    forget_done(tmp_path / "out", 10)
    for path in sorted((tmp_path / "out").glob("*.txt"))[10:]:
        path.unlink()
    assert run([*arguments("out"), "--resume"]) == 0
    assert read_outputs(tmp_path / "out") == read_outputs(tmp_path / "expected")


def test_pages_that_are_added_are_learnt_before_they_are_cleaned(crawl: Path, tmp_path: Path) -> None:
    more, memory = tmp_path / SITE, tmp_path / "sites.sqlite"
    shutil.copytree(crawl, more)
    (more / "24.txt").unlink()
    arguments = ["clean", str(more), "-o", str(tmp_path / "out"), "--memory", str(memory), *TWO_PASSES]
    assert run(arguments) == 0
    shutil.copy(crawl / "24.txt", more)
    assert run([*arguments, "--resume"]) == 0
    with SiteMemory(memory, read_only=True) as known:
        assert list(known.export_totals()) == [(SITE, 25)]
    assert len(read_outputs(tmp_path / "out")) == 25


def test_one_page_is_cleaned_with_a_memory_too(crawl: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path, page = tmp_path / "sites.sqlite", crawl / "07.txt"
    assert run(["learn", str(crawl), "--memory", str(path), "--quiet"]) == 0
    assert run(["clean", str(page), "--memory", str(path), "--site", SITE]) == 0
    with SiteMemory(path, read_only=True) as memory:
        expected = Cleaner(memory=memory, site=SITE).clean(page.read_bytes()).text
    assert capfd.readouterr().out == expected + "\n"


def test_a_memory_that_is_not_there_is_one_line(crawl: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", str(crawl), "-o", str(tmp_path / "out"), "--memory", str(tmp_path / "no.sqlite")]) == 1
    error = capfd.readouterr().err
    assert "no.sqlite" in error and error.count("\n") == 1


def test_a_compressed_page_is_one_page(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.txt.gz").write_bytes(gzip.compress(write_story(3).encode()))
    assert run(["clean", str(tmp_path / "page.txt.gz")]) == 0
    assert capfd.readouterr().out == clean(write_story(3)).text + "\n"


def test_a_pipe_of_json_lines_is_many_pages(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"html": write_story(number)}) + "\n" for number in range(5))
    command = [sys.executable, "-m", "boilerstrip", "clean", "-", "--input", "jsonl", "-o", str(tmp_path / "out")]
    finished = subprocess.run(command, input=gzip.compress(lines.encode()), capture_output=True, timeout=300)
    assert finished.returncode == 0, finished.stderr
    names = {os.path.join("stdin", f"0000000{number}.txt") for number in range(1, 6)}
    assert set(read_outputs(tmp_path / "out")) == names


def test_the_help_names_the_batch(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["learn", "--help"]) == 0
    assert run(["clean", "--help"]) == 0
    text = capfd.readouterr().out
    for option in ("--include", "--resume", "--overwrite", "--max-seconds", "--memory"):
        assert option in text
