"""Workers: what happens to a task whose worker dies, hangs or never starts, and to the tasks beside it."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from threading import Event, Lock, Thread

import pytest

from boilerstrip.errors import PoolError, TaskError, TaskTimeout
from boilerstrip.pool import WorkerPool, _deaf_to_interrupts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="workers are killed by signals, which Windows does not have")


def start(folder: str) -> Callable[[str], object]:
    if folder == "missing":
        os._exit(3)
    return partial(obey, folder)


def obey(folder: str, word: str) -> object:
    """Do what the task says."""
    if word == "die" or (word.startswith("die once") and is_first_time(folder, word)):
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "spin":
        while True:
            pass
    if word == "sleep":
        time.sleep(3600)
    if word == "slow":
        time.sleep(0.3)
    if word == "refuse":
        raise ValueError("no")
    return Lock() if word == "lock" else word


def is_first_time(folder: str, word: str) -> bool:
    mark = Path(folder, word)
    is_first = not mark.exists()
    mark.touch()
    return is_first


def run(words: list[str], folder: object = "", workers: int = 2, seconds: float = 30.0) -> list[object]:
    """What became of each task, in the order in which it came back."""
    pool: WorkerPool[str, object] = WorkerPool(partial(start, str(folder)), workers, max_seconds=seconds)
    pairs = list(pool.map(iter(words)))
    assert [word for word, _ in pairs] == words
    return [result for _, result in pairs]


def test_results_come_in_the_order_of_the_tasks() -> None:
    words = ["slow", *(str(number) for number in range(40)), "slow", "end"]
    assert run(words) == words


def test_an_error_is_the_tasks_own() -> None:
    outcomes = run(["a", "refuse", "lock", "b"], workers=1)
    assert (outcomes[0], outcomes[3]) == ("a", "b")
    assert isinstance(outcomes[1], ValueError)
    assert isinstance(outcomes[2], TaskError) and "cannot be sent" in str(outcomes[2])


def test_a_task_that_cannot_be_sent_costs_nothing_but_itself() -> None:
    pool: WorkerPool[object, object] = WorkerPool(partial(start, ""), 1)
    outcomes = [outcome for _, outcome in pool.map(iter(["a", Lock(), "b", Lock(), Lock(), "c"]))]
    assert [outcomes[place] for place in (0, 2, 5)] == ["a", "b", "c"]
    assert all("pickle" in str(outcomes[place]) for place in (1, 3, 4))


def test_long_tasks_do_not_wait_for_long_results() -> None:
    # Longer than what a pipe holds: neither side may wait until the other has read.
    words = [str(number) * 2_000_000 for number in range(9)]
    assert run(words) == words


def test_a_task_whose_worker_died_once_is_tried_again(tmp_path: Path) -> None:
    words = [f"die once {number}" if number % 5 == 0 else str(number) for number in range(20)]
    assert run(words, tmp_path) == words


def test_a_task_that_kills_every_worker_costs_nothing_but_itself() -> None:
    words = [str(number) for number in range(12)]
    words[4] = words[5] = "die"
    outcomes = run(words)
    assert ["died twice (killed by signal 9)" in str(outcome) for outcome in outcomes[4:6]] == [True, True]
    assert outcomes[:4] + outcomes[6:] == words[:4] + words[6:]


@pytest.mark.parametrize("word", ["spin", "sleep"])
def test_a_task_that_takes_too_long_is_given_up(word: str) -> None:
    outcomes = run(["a", word, "b", "c"], workers=1, seconds=0.3)
    assert isinstance(outcomes[1], TaskTimeout) and str(outcomes[1]) == "took longer than 0.3 s"
    assert [outcomes[0], *outcomes[2:]] == ["a", "b", "c"]


def test_a_task_that_waits_is_not_given_up_for_what_others_do() -> None:
    assert run(["slow"], seconds=0.1) == ["slow"]


def test_workers_that_cannot_start_are_said_so() -> None:
    [outcome] = run(["a"], "missing", workers=1)
    assert isinstance(outcome, PoolError) and "exit code 3" in str(outcome)


def test_tasks_are_not_taken_far_ahead_of_the_slowest() -> None:
    taken: list[int] = []

    def give() -> Iterator[str]:
        for number in range(200):
            taken.append(number)
            yield "slow" if number == 0 else "x"

    pool: WorkerPool[str, object] = WorkerPool(partial(start, ""), 2)
    for place, _ in enumerate(pool.map(give())):
        assert len(taken) <= place + 32 + 1


def test_a_pool_that_is_left_in_the_middle_ends_its_workers() -> None:
    pool: WorkerPool[str, object] = WorkerPool(partial(start, ""), 2)
    results = pool.map(iter(["a", "sleep", "sleep", "sleep"]))
    assert next(results) == ("a", "a")
    identifiers = [int(process.pid or 0) for process in active_children()]
    results.close()
    assert identifiers and not active_children()
    for identifier in identifiers:
        with pytest.raises(ProcessLookupError):
            os.kill(identifier, 0)


@pytest.mark.parametrize("threads", [0, 1])
def test_an_interrupt_while_the_server_starts_is_heard_afterwards(threads: int) -> None:
    # A second thread does not block the signal, and takes it.
    done = Event()
    others = [Thread(target=done.wait) for _ in range(threads)]
    for other in others:
        other.start()
    # Whoever starts the tests in the background may have had them ignore interrupts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    left = False
    try:
        with pytest.raises(KeyboardInterrupt):
            with _deaf_to_interrupts():
                os.kill(os.getpid(), signal.SIGINT)
                left = True
            time.sleep(10)
        assert left
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    finally:
        signal.signal(signal.SIGINT, before)
        done.set()
        for other in others:
            other.join()
