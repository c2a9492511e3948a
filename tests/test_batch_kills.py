"""Kills: whenever the runner or a worker dies, resuming ends with the output of a run that nobody disturbed."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from boilerstrip.batch.crew import Crew
from boilerstrip.batch.durable import Spool
from boilerstrip.batch.journal import Journal, create_journal
from boilerstrip.batch.ledger import Ledger
from boilerstrip.batch.pages import Job
from boilerstrip.batch.runner import run_inputs, window_of
from boilerstrip.batch.sinks import JsonLinesSink
from boilerstrip.batch.sources import Finder, Source
from boilerstrip.batch.summary import Summary
from boilerstrip.cli import run
from tests.batches import read_lines, read_outputs, write_crawl

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that kills"),
]

KILLS = 20
WORKERS = 2
PAGES_A_KILL = 70
"""More than a run stores from its first commit until it is killed, so that every kill meets a run that is at work."""


@pytest.mark.parametrize("output_format", ["txt", "jsonl", "parquet"])
def test_killing_the_runner_loses_nothing(output_format: str, tmp_path: Path) -> None:
    if output_format == "parquet":
        pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    kills = KILLS if output_format == "txt" else KILLS // 2
    crawl = write_crawl(tmp_path / "in", kills * PAGES_A_KILL)
    (crawl / "00" / "missing.txt").symlink_to("nowhere.txt")
    arguments = [str(crawl), "--format", output_format, "--quiet", "--workers", str(WORKERS)]
    assert run(["clean", *arguments, "-o", str(tmp_path / "expected")]) == 1
    out, dice = tmp_path / "out", random.Random(output_format)
    killed = sum(_run_and_kill([*arguments, "-o", str(out), "--resume"], out, dice) for _ in range(kills))
    assert killed == kills, "a run came to its end before it was killed"
    assert run(["clean", *arguments, "-o", str(out), "--resume"]) == 1
    assert read_outputs(out) == read_outputs(tmp_path / "expected")


def _run_and_kill(arguments: list[str], out: Path, dice: random.Random) -> bool:
    """Start a run and kill it at a random moment: while it starts, or soon after it has stored something."""
    command = [sys.executable, "-m", "boilerstrip", "clean", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        if dice.random() < 0.8:
            _wait_for_more(out / ".boilerstrip" / "clean.jsonl", process)
        time.sleep(dice.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


def _wait_for_more(journal: Path, process: "subprocess.Popen[bytes]") -> None:
    def measure() -> int:
        return journal.stat().st_size if journal.exists() else 0

    before = measure()
    while process.poll() is None and measure() <= before:
        time.sleep(0.002)


class Killer:
    """Kills a worker each time so many pages have come back, at a moment of its own choosing."""

    def __init__(self, crew: Crew, every: int) -> None:
        self.kills = 0
        self._crew, self._every, self._dice = crew, every, random.Random(7)

    def show(self, summary: Summary, position: int) -> None:
        if self.kills < KILLS and summary.inputs == (self.kills + 1) * self._every:
            self.kills += 1
            time.sleep(self._dice.random() * 0.01)
            os.kill(self._dice.choice(self._crew.process_ids()), signal.SIGKILL)


def test_killing_workers_loses_nothing(tmp_path: Path) -> None:
    # A page may lose its worker once. As no page is held for longer than a window, none can meet two of these kills.
    every = window_of(WORKERS) + 1
    pages = every * (KILLS + 1)
    crawl = write_crawl(tmp_path / "in", pages)
    source: Any = Source(Finder((str(crawl),), ".jsonl"))
    journal = Journal(str(tmp_path / "journal"), create_journal(str(tmp_path / "journal"), {}))
    sink = JsonLinesSink(str(tmp_path / "pages.jsonl"), Spool(str(tmp_path / "rows")))
    ledger = Ledger(journal, sink, Spool(str(tmp_path / "errors.jsonl")), Summary())
    crew = Crew(Job(output_format="jsonl"), WORKERS, 60.0)
    killer = Killer(crew, every)
    try:
        summary = run_inputs(iter(source), crew, WORKERS, ledger, (), killer)
    finally:
        crew.close(at_once=True)
        ledger.close()
    assert (killer.kills, summary.pages, summary.failures) == (KILLS, pages, 0)
    assert run(["clean", str(crawl), "--format", "jsonl", "-o", str(tmp_path / "expected"), "--quiet"]) == 0
    assert (tmp_path / "pages.jsonl").read_bytes() == (tmp_path / "expected" / "pages.jsonl").read_bytes()
    identifiers = [row["id"] for row in read_lines(tmp_path / "pages.jsonl")]
    assert len(set(identifiers)) == pages


def test_a_stop_just_before_the_last_line_of_the_journal_is_made_good(tmp_path: Path) -> None:
    crawl, out = write_crawl(tmp_path / "in", 40), tmp_path / "out"
    arguments = ["clean", str(crawl), "--format", "jsonl", "-o", str(out), "--quiet", "--workers", "1"]
    assert run(arguments) == 0
    before = read_outputs(out)
    journal = out / ".boilerstrip" / "clean.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    assert run([*arguments, "--resume"]) == 0
    assert read_outputs(out) == before
