"""Workers: what happens to a page whose worker dies, hangs or never starts, and to the pages beside it."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from boilerstrip.batch.clock import PageClock, read_processor_seconds
from boilerstrip.batch.crew import Crew, CrewError
from boilerstrip.batch.records import Cleaned, Facts, Failed, Failure, Input, Record, Result
from boilerstrip.batch.runner import process_in_order

pytestmark = pytest.mark.skipif(os.name == "nt", reason="workers are killed by signals, which Windows does not have")


@dataclass(frozen=True)
class Obedient:
    """A job whose pages say what the worker is to do."""

    folder: str = ""

    def start(self) -> Any:
        if self.folder == "missing":
            os._exit(3)
        return self.do

    def do(self, record: Record) -> Result:
        word = str(record.content)
        if word == "die" or (word.startswith("die once") and self._is_first_time(word)):
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "spin":
            while True:
                pass
        if word == "sleep":
            time.sleep(3600)
        if word == "slow":
            time.sleep(0.3)
        return Cleaned(Facts(), content=word.encode())

    def _is_first_time(self, word: str) -> bool:
        mark = Path(self.folder, word)
        is_first = not mark.exists()
        mark.touch()
        return is_first


def run(words: list[str], folder: object = "", workers: int = 2, seconds: float = 30.0) -> list[str]:
    """What became of each page, in the order in which it came back."""
    inputs: list[Input] = [
        Failure(str(number), "find", "gone") if word == "gone" else Record(str(number), "", content=word)
        for number, word in enumerate(words)
    ]
    crew = Crew(Obedient(str(folder)), workers, seconds)  # type: ignore[arg-type]
    try:
        pairs = [pair for pair in process_in_order(iter(inputs), crew, 32) if pair is not None]
    finally:
        crew.close(at_once=True)
    assert [item.id for item, _ in pairs] == [str(number) for number in range(len(words))]
    return [result.message if isinstance(result, Failed) else result.content.decode() for _, result in pairs]  # type: ignore[union-attr]


def test_results_come_in_the_order_of_the_inputs() -> None:
    words = ["slow", *(str(number) for number in range(40)), "gone", "slow", "gone", "gone", "end"]
    assert run(words) == words


def test_failures_alone_need_no_worker() -> None:
    assert run(["gone"] * 100, workers=1) == ["gone"] * 100


def test_a_page_whose_worker_died_once_is_tried_again(tmp_path: Path) -> None:
    words = [f"die once {number}" if number % 5 == 0 else str(number) for number in range(20)]
    assert run(words, tmp_path) == words


def test_a_page_that_kills_every_worker_costs_nothing_but_itself() -> None:
    words = [str(number) for number in range(12)]
    words[4] = words[5] = "die"
    outcomes = run(words)
    assert [outcome for outcome in outcomes if "died twice (killed by signal 9)" in outcome] == outcomes[4:6]
    assert outcomes[:4] + outcomes[6:] == words[:4] + words[6:]


@pytest.mark.parametrize("word", ["spin", "sleep"])
def test_a_page_that_takes_too_long_is_given_up(word: str) -> None:
    outcomes = run(["a", word, "b", "c"], workers=1, seconds=0.4)
    assert outcomes == ["a", "took longer than 0.4 s; see --max-seconds", "b", "c"]


def test_workers_that_cannot_start_end_the_run() -> None:
    with pytest.raises(CrewError, match="exit code 3"):
        run(["a"], "missing", workers=1)


def test_a_source_is_not_read_far_ahead_of_its_slowest_page() -> None:
    taken: list[int] = []

    def give() -> Iterator[Input]:
        for number in range(200):
            taken.append(number)
            yield Record(str(number), "", content="slow" if number == 0 else "x")

    crew = Crew(Obedient(), 2, 30.0)  # type: ignore[arg-type]
    try:
        for pair in process_in_order(give(), crew, 8):
            if pair is not None:
                assert len(taken) <= int(pair[0].id) + 9
    finally:
        crew.close(at_once=True)


def test_the_clock_counts_work_and_not_waiting_for_a_core() -> None:
    clock = PageClock(os.getpid())
    if read_processor_seconds(os.getpid()) is None:
        pytest.skip("this system does not tell what a process has used")
    time.sleep(0.2)
    assert not clock.is_over(0.15)
    time.sleep(0.3)
    assert clock.is_over(0.04)
