"""Worker processes that may die: each has its own pipe and one task at a time, so that a death costs one task.

A shared queue or pipe, as the pools of the standard library and of others have, is locked or half written for good
when a worker is killed at the wrong moment; here nothing is shared.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_all_start_methods, get_context, parent_process
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread, main_thread
from typing import Any, Final, Generic, TypeVar

from boilerstrip.errors import PoolError, TaskError, TaskTimeout

Key = TypeVar("Key")
Task = TypeVar("Task")
Result = TypeVar("Result")

ITEMS_A_WORKER: Final = 16
"""How far results may be ahead of the slowest task, for each worker."""
_TICK_SECONDS: Final = 0.25
_STARTS: Final = 3
"""Workers in a row that may die before they are ready."""
_LINGER_SECONDS: Final = 2.0
_PATIENCE: Final = 10
"""Seconds on the wall for each second of a processor: what waits that long for a core or a disk is stuck."""
_COUNTS_WORK: Final = hasattr(signal, "setitimer")
"""Whether the system stops a process by the processor time it used (setitimer(2)); Windows does not."""
_THREAD_VARIABLES: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""A page's matrices are small: threads inside a worker would only take the other workers' cores, and as sums depend on
their number in the last digit, so would scores."""


class WorkerPool(Generic[Task, Result]):
    """As many worker processes as asked for, started when there is work and replaced as they die.

    A task whose worker died is tried once more; one that takes too long is given up with its worker.
    """

    def __init__(
        self,
        start: Callable[[], Callable[[Task], Result]],
        workers: int,
        *,
        max_seconds: float | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        """
        :param start: called in each worker, gives the function that does a task; picklable, as tasks and results are.
        :param max_seconds: processor time that a task may take, or ten times as long on the wall; where the system
            does not count a process's work, time on the wall.
        :param preload: modules that the workers share.
        """
        self._start, self._max_seconds = start, max_seconds
        self._context = _make_context(preload)
        self._tasks: SimpleQueue[tuple[Task, Future[Result]] | None] = SimpleQueue()
        self._lock = Lock()
        self._is_closing = False
        self._workers: set[_Worker] = set()
        self._threads = [Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task) -> "Future[Result]":
        """The future result of a task.

        It raises :class:`TaskError` where the task was lost, :class:`PoolError` where workers cannot be started, and
        what the task itself raised.
        """
        future: Future[Result] = Future()
        self._tasks.put((task, future))
        return future

    def map(self, tasks: Iterator[Task]) -> Generator[tuple[Task, Result | Exception]]:
        """Yield tasks in order with their results or errors, then end all workers; few are taken before their turn."""
        try:
            started = ((task, self.submit(task)) for task in tasks)
            for done in wait_in_order(started, len(self._threads) * ITEMS_A_WORKER):
                if done is not None:
                    task, future = done
                    error = future.exception()
                    yield task, error if isinstance(error, Exception) else future.result()
        finally:
            self.close(at_once=True)

    def close(self, *, at_once: bool = False) -> None:
        """End all workers: when they are through with all tasks, or at once."""
        if at_once:
            with suppress(Empty):
                while True:
                    self._tasks.get_nowait()
            with self._lock:
                self._is_closing = True
                for worker in self._workers:
                    worker.process.kill()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        """Take tasks, one at a time, to a worker of this thread's own."""
        worker: _Worker | None = None
        while (entry := self._tasks.get()) is not None:
            worker = self._settle(worker, *entry)
        if worker is not None:
            self._release(worker, _LINGER_SECONDS)

    def _settle(self, worker: "_Worker | None", task: Task, future: "Future[Result]") -> "_Worker | None":
        """The worker if it is still there, after giving a task its result or its error."""
        is_last = False
        while True:
            try:
                worker = worker or self._start_worker()
                future.set_result(worker.do(task))
                return worker
            except _DeathError:
                assert worker is not None
                lost, worker = self._explain_loss(worker), None
                if is_last or self._is_closing or isinstance(lost, TaskTimeout):
                    future.set_exception(lost)
                    return None
                is_last = True
            except Exception as error:
                future.set_exception(error)
                return worker

    def _start_worker(self) -> "_Worker":
        how = ""
        for _ in range(_STARTS):
            with self._lock:
                if self._is_closing:
                    break
                worker = _Worker(self._context, self._start, self._max_seconds)
                self._workers.add(worker)
            if worker.is_ready():
                return worker
            how = self._release(worker)
        raise PoolError(f"worker processes die before they can begin ({how}); try fewer workers")

    def _explain_loss(self, worker: "_Worker") -> TaskError:
        how, code = self._release(worker), worker.process.exitcode
        if worker.is_late or (_COUNTS_WORK and code == -signal.SIGPROF):
            return TaskTimeout(f"took longer than {self._max_seconds:g} s")
        return TaskError(f"its worker process died twice ({how})")

    def _release(self, worker: "_Worker", seconds: float = 0.0) -> str:
        with self._lock:
            self._workers.discard(worker)
        return worker.end(seconds)


def wait_in_order(
    started: "Iterator[tuple[Key, Future[Result]]]", ahead: int
) -> "Iterator[tuple[Key, Future[Result]] | None]":
    """Yield futures in the order in which they were started, once they are done; ``None`` while time passes.

    :param started: is asked for more as futures are done.
    :param ahead: futures that are held at once, which bounds what is held in memory.
    """
    held: deque[tuple[Key, Future[Result]]] = deque()
    is_exhausted = False
    while True:
        while not is_exhausted and len(held) < ahead:
            pair = next(started, None)
            if pair is None:
                is_exhausted = True
            else:
                held.append(pair)
        if not held:
            return
        if held[0][1].done() or wait([held[0][1]], _TICK_SECONDS).done:
            yield held.popleft()
        else:
            yield None


class _DeathError(Exception):
    """A worker is gone."""


class _Worker:
    """A process and the pipe to it, used by one thread."""

    def __init__(self, context: Any, start: Callable[[], Any], max_seconds: float | None) -> None:
        self.is_late = False
        self._max_seconds = max_seconds
        self._pipe, far_end = context.Pipe()
        self.process = context.Process(target=_work, args=(far_end, start, max_seconds), daemon=True)
        self.process.start()
        far_end.close()

    def is_ready(self) -> bool:
        """Whether it has begun, after waiting until it did or died."""
        try:
            self._pipe.recv()
        except (EOFError, OSError):
            return False
        return True

    def do(self, task: Any) -> Any:
        """
        :raises _DeathError: when the process died, or is to be ended because it takes too long.
        """
        limit = None if self._max_seconds is None else self._max_seconds * (_PATIENCE if _COUNTS_WORK else 1)
        try:
            self._pipe.send(task)
            if not self._pipe.poll(limit):
                self.is_late = True
                raise _DeathError
            is_done, answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise _DeathError from error
        if is_done:
            return answer
        raise answer

    def end(self, seconds: float) -> str:
        """End it, letting it come to an end of its own for so long; how it ended."""
        if seconds:
            self._pipe.close()
            self.process.join(seconds)
        self.process.kill()
        self.process.join()
        self._pipe.close()
        code = self.process.exitcode
        return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _work(pipe: "Connection[Any, Any]", start: Callable[[], Callable[[Any], Any]], max_seconds: float | None) -> None:
    """Do tasks until the pipe closes. An interrupt from the keyboard is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    Thread(target=_leave_with_parent, daemon=True).start()
    function = start()
    # The pipe breaks when the parent has no more work and is gone: then nobody wants the answer.
    with suppress(EOFError, ConnectionError):
        pipe.send(None)
        while True:
            task = pipe.recv()
            _limit_work(max_seconds or 0.0)
            answer: tuple[bool, Any]
            try:
                answer = True, function(task)
            except Exception as error:
                answer = False, error
            _limit_work(0.0)
            try:
                pipe.send(answer)
            except (AttributeError, TypeError, ValueError) as error:  # as pickle says that it cannot
                pipe.send((False, TaskError(f"its result cannot be sent: {error}")))


def _limit_work(seconds: float) -> None:
    """End this process once it used a processor for so long, which not even a loop in C can put off; 0 lifts that."""
    if _COUNTS_WORK:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _leave_with_parent() -> None:
    """A parent that was killed cannot say goodbye: nobody is left who would take the result."""
    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)


def _make_context(preload: Sequence[str]) -> Any:
    """A context whose processes share nothing with this one; a server that forks them makes starting quick."""
    if "forkserver" not in get_all_start_methods() or sys.platform == "darwin":
        return get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    # Started by itself: it would let interrupts through while the server starts.
    resource_tracker.ensure_running()
    with _single_threaded(), _deaf_to_interrupts():
        forkserver.ensure_running()
    return context


@contextmanager
def _single_threaded() -> Iterator[None]:
    """What is started inside computes on one thread."""
    before = {name: os.environ.pop(name) for name in _THREAD_VARIABLES if name in os.environ}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name in _THREAD_VARIABLES:
            os.environ.pop(name, None)
        os.environ.update(before)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started inside does not hear Ctrl-C, which a terminal sends to all: the parent ends it, and hears the
    signal afterwards. A started process inherits which signals are blocked; here another thread may take a blocked
    one, so that it is noted and sent again."""
    if current_thread() is not main_thread():
        yield
        return
    heard: list[int] = []
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if heard:
            signal.raise_signal(signal.SIGINT)
