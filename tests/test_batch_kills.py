"""Kills: whenever the runner or a worker dies, resuming ends with the output of a run that nobody disturbed."""

import os
import random
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from boilerstrip.batch.terminal import Progress, Summary
from boilerstrip.cli import run
from boilerstrip.pool import ITEMS_A_WORKER
from boilerstrip.render import FORMATS, ROW_FORMATS
from tests.batches import count_done, forget_done, read_outputs, write_crawl
from tests.scale import SCALE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that kills"),
]

KILLS = 10 if SCALE == 1 else 2 * SCALE
"""Kills of workers in one run."""
WORKERS = 2
PAGES_A_KILL = 70
"""More than a run stores from its first commit until it is killed, so that every kill meets a run that is at work."""


@pytest.mark.parametrize("output_format", [*FORMATS, *ROW_FORMATS])
def test_killing_the_runner_loses_nothing(output_format: str, tmp_path: Path) -> None:
    if output_format == "parquet":
        pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    kills = 2 * SCALE
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
            _wait_for_more(out, process)
        time.sleep(dice.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


def _wait_for_more(out: Path, process: "subprocess.Popen[bytes]") -> None:
    before = count_done(out)
    while process.poll() is None and count_done(out) <= before:
        time.sleep(0.002)


@pytest.mark.parametrize("output_format", [*FORMATS, *ROW_FORMATS] if SCALE > 1 else ["txt", "jsonl"])
def test_killing_workers_loses_nothing(output_format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may lose its worker once. As none is held for longer than a window, none can meet two of these kills: a
    worker that had nothing to do is missed only when the next window hands it a page."""
    every = 2 * WORKERS * ITEMS_A_WORKER + 1
    crawl = write_crawl(tmp_path / "in", every * (KILLS + 1))
    dice, kills = random.Random(7), 0

    def show(self: Progress, summary: Summary, position: int) -> None:
        nonlocal kills
        if kills < KILLS and summary.inputs == (kills + 1) * every:
            kills += 1
            time.sleep(dice.random() * 0.01)
            os.kill(dice.choice(active_children()).pid or 0, signal.SIGKILL)

    arguments = ["clean", str(crawl), "--format", output_format, "--quiet", "--workers", str(WORKERS), "-o"]
    assert run([*arguments, str(tmp_path / "expected")]) == 0
    monkeypatch.setattr(Progress, "show", show)
    assert run([*arguments, str(tmp_path / "out")]) == 0
    assert kills == KILLS
    assert read_outputs(tmp_path / "out") == read_outputs(tmp_path / "expected")


def test_a_stop_just_before_the_end_is_made_good(tmp_path: Path) -> None:
    crawl, out = write_crawl(tmp_path / "in", 40), tmp_path / "out"
    arguments = ["clean", str(crawl), "--format", "jsonl", "-o", str(out), "--quiet", "--workers", "1"]
    assert run(arguments) == 0
    before = read_outputs(out)
    for inputs in (40, 39):
        forget_done(out, inputs)
        assert run([*arguments, "--resume"]) == 0
        assert read_outputs(out) == before
    (out / "pages.jsonl").unlink()
    assert run([*arguments, "--resume"]) == 0
    assert read_outputs(out) == before
