"""Items through a pool of workers: results in the order of the items, whatever is finished first."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from boilerstrip.batch.actions import Action, Result
from boilerstrip.batch.items import Failure, Item
from boilerstrip.errors import PoolError, TaskError, TaskTimeout
from boilerstrip.limits import add_grace
from boilerstrip.pool import ITEMS_A_WORKER, WorkerPool, wait_in_order

Key = TypeVar("Key")
Pool = WorkerPool[Item, Result]


@contextmanager
def open_pool(action: Action, workers: int, max_seconds: float) -> Iterator[Pool]:
    """Workers that carry out an action; they end with the context, at once where it ends by an exception."""
    pool = Pool(action.start, workers, max_seconds=add_grace(max_seconds), preload=[Action.__module__])
    try:
        yield pool
    except BaseException:
        pool.close(at_once=True)
        raise
    pool.close()


def submit(pool: Pool, item: Item) -> "Future[Result]":
    """Return what becomes of an item; one without a page needs no worker."""
    if item.load:
        item = item.load(item)
    if item.failure:
        return settled(item.failure)
    return pool.submit(replace(item, columns={}) if item.columns else item)


def settled(result: Result) -> "Future[Result]":
    """Return a future that is done."""
    future: Future[Result] = Future()
    future.set_result(result)
    return future


def process_in_order(
    started: "Iterator[tuple[Key, Future[Result]]]", workers: int
) -> Iterator[tuple[Key, Result] | None]:
    """Yield what was started with its result, in order; ``None`` while time passes."""
    for pair in wait_in_order(started, workers * ITEMS_A_WORKER):
        yield pair and (pair[0], _take_result(pair[1]))


def _take_result(future: "Future[Result]") -> Result:
    try:
        return future.result()
    except TaskTimeout as error:
        return Failure("clean", f"{error}; see --max-seconds")
    except TaskError as error:
        return Failure("clean", str(error))
    except (PoolError, OSError):
        raise
    except Exception as error:
        return Failure("clean", f"unexpected {type(error).__name__}: {error}; please report it")
