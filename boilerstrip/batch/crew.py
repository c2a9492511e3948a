"""Worker processes that may die: each has its own pipe, so that a death costs one page and never the run.

A page whose worker died is tried once more, with nothing else given to that worker; a page that takes too long is given
up with its worker. Nothing here blocks: what is sent to a worker waits in a thread of its own.
"""

import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import connection, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread, current_thread, main_thread
from time import monotonic
from typing import Any, Final, NamedTuple

from boilerstrip.batch.clock import PageClock
from boilerstrip.batch.labour import READY, labour
from boilerstrip.batch.pages import Job
from boilerstrip.batch.records import Failed, Record, Result
from boilerstrip.errors import BoilerstripError

_DEPTH: Final = 4
"""Pages a worker holds, the one it works on included: enough that it never waits while results are stored."""
_ATTEMPTS: Final = 2
_FAILED_STARTS: Final = 3
"""Workers in a row that may die before they are ready."""
_LINGER_SECONDS: Final = 2.0

_THREAD_VARIABLES: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""A page's matrices are small: threads inside a worker would only take the other workers' cores, and as sums depend on
their number in the last digit, so would scores."""


class CrewError(BoilerstripError):
    """Workers cannot be started."""


@dataclass(slots=True)
class Task:
    """A page on its way through a worker."""

    number: int
    record: Record
    attempts: int = 0


class Done(NamedTuple):
    """A page that a worker is through with."""

    number: int
    result: Result


class _Worker:
    """A process, its pipe and the pages it holds, the one it works on first."""

    def __init__(self, context: Any, job: Job) -> None:
        self.pipe, far_end = context.Pipe()
        self.process = context.Process(target=labour, args=(far_end, job), daemon=True)
        _start(self.process, context.get_start_method())
        far_end.close()
        self.tasks: deque[Task] = deque()
        self.is_ready = False
        self.clock = PageClock(self.process.pid)
        """Runs since it began the page it works on."""
        self._outbox: SimpleQueue[Task | None] = SimpleQueue()
        self._sender = Thread(target=_send_all, args=(self._outbox, self.pipe), daemon=True)
        self._sender.start()

    @property
    def room(self) -> int:
        """Pages it can still take; none while it tries a page again."""
        return 0 if self.tasks and self.tasks[0].attempts else _DEPTH - len(self.tasks)

    def give(self, task: Task) -> None:
        if not self.tasks:
            self.clock.start()
        self.tasks.append(task)
        self._outbox.put(task)

    def take_answer(self, answer: Any) -> Done | None:
        self.clock.start()
        if answer == READY:
            self.is_ready = True
            return None
        task = self.tasks.popleft()
        return Done(task.number, answer)

    def dismiss(self) -> None:
        """Let it end on its own, which it does when its pipe closes; it must have nothing to do."""
        self._close_pipe()

    def kill(self) -> str:
        """End it; how it ended."""
        self.process.kill()
        self.process.join()
        self._close_pipe()
        return _describe_exit(self.process.exitcode)

    def _close_pipe(self) -> None:
        # The thread goes first: a closed pipe's number may belong to another file a moment later.
        self._outbox.put(None)
        self._sender.join()
        self.pipe.close()


def _send_all(outbox: "SimpleQueue[Task | None]", pipe: "Connection[Any, Any]") -> None:
    """Send what is put into the box; a dead worker's pipe breaks, which the receiving side notices."""
    with suppress(OSError, ValueError):
        while (task := outbox.get()) is not None:
            pipe.send(replace(task.record, columns={}))


def _describe_exit(code: int | None) -> str:
    return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"


class Crew:
    """As many workers as asked for, replaced as they die."""

    def __init__(self, job: Job, workers: int, max_seconds: float) -> None:
        """:param max_seconds: how long a page may take; see :class:`boilerstrip.batch.clock.PageClock`."""
        self._job, self._max_seconds = job, max_seconds
        self._context = _make_context()
        self._again: deque[Task] = deque()
        self._waiting: deque[Task] = deque()
        self._failed_starts = 0
        self._workers = [_Worker(self._context, job) for _ in range(workers)]

    @property
    def has_room(self) -> bool:
        """Whether another page can be given without piling up."""
        return len(self._waiting) == 0 and any(worker.room > 0 for worker in self._workers)

    def give(self, number: int, record: Record) -> None:
        """Have a page worked on."""
        self._waiting.append(Task(number, record))
        self._hand_out()

    def wait(self, seconds: float) -> list[Done]:
        """The pages that are done by now, after waiting for at most so long.

        :raises CrewError: when workers die before they can do anything.
        """
        pipes: dict[Any, _Worker] = {worker.pipe: worker for worker in self._workers}
        ready = connection.wait(list(pipes), timeout=seconds)
        done = [answer for pipe in ready for answer in self._hear(pipes[pipe])]
        late = [worker for worker in self._workers if self._is_late(worker) and not worker.pipe.poll()]
        done += [answer for worker in late for answer in self._give_up(worker)]
        self._hand_out()
        return done

    def close(self, *, at_once: bool = False) -> None:
        """End all workers.

        :param at_once: do not let them come to an end of their own.
        """
        deadline = monotonic() + _LINGER_SECONDS
        for worker in self._workers:
            if at_once or worker.tasks:
                worker.kill()
            else:
                worker.dismiss()
        for worker in self._workers:
            worker.process.join(max(0.0, deadline - monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def process_ids(self) -> list[int]:
        """The workers' process ids."""
        return [int(worker.process.pid or 0) for worker in self._workers]

    def _hear(self, worker: _Worker) -> Iterable[Done]:
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._bury(worker)
        self._failed_starts = 0
        done = worker.take_answer(answer)
        return [done] if done else []

    def _bury(self, worker: _Worker) -> Iterable[Done]:
        """Replace a worker that died; the page it worked on is tried again, or has failed if it was."""
        how = worker.kill()
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _FAILED_STARTS:
                self._workers.remove(worker)
                raise CrewError(f"worker processes die before they can begin ({how}); try fewer --workers")
            self._waiting.extendleft(reversed(worker.tasks))
            self._replace(worker)
            return []
        lost = worker.tasks.popleft() if worker.tasks else None
        self._waiting.extendleft(reversed(worker.tasks))
        self._replace(worker)
        if lost is None:
            return []
        lost.attempts += 1
        if lost.attempts < _ATTEMPTS:
            self._again.append(lost)
            return []
        return [Done(lost.number, Failed("clean", f"its worker process died twice ({how})"))]

    def _give_up(self, worker: _Worker) -> Iterable[Done]:
        worker.kill()
        late = worker.tasks.popleft()
        self._waiting.extendleft(reversed(worker.tasks))
        self._replace(worker)
        return [Done(late.number, Failed("clean", f"took longer than {self._max_seconds:g} s; see --max-seconds"))]

    def _replace(self, worker: _Worker) -> None:
        self._workers[self._workers.index(worker)] = _Worker(self._context, self._job)

    def _hand_out(self) -> None:
        for worker in self._workers:
            if self._again and not worker.tasks:
                worker.give(self._again.popleft())
        # Round by round, so that no worker hoards pages while another has none.
        for held in range(_DEPTH):
            for worker in self._workers:
                if self._waiting and len(worker.tasks) == held and worker.room > 0:
                    worker.give(self._waiting.popleft())

    def _is_late(self, worker: _Worker) -> bool:
        return worker.is_ready and bool(worker.tasks) and worker.clock.is_over(self._max_seconds)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """What is started inside computes on one thread."""
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started inside does not hear Ctrl-C, which a terminal sends to all: the parent ends it."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)


def _make_context() -> Any:
    """Processes that share nothing with this one; a server that forks them makes a replacement quick."""
    if "forkserver" not in get_all_start_methods() or sys.platform == "darwin":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["boilerstrip.batch.labour"])
    return context


def _start(process: Any, method: str) -> None:
    if method == "spawn":
        with _single_threaded(), _deaf_to_interrupts():
            process.start()
        return
    from multiprocessing import forkserver

    with _single_threaded():
        with _deaf_to_interrupts():
            forkserver.ensure_running()
        # Now this process waits for the server, so Ctrl-C must be heard.
        process.start()
