"""The life of a worker process: pages in, results out, until the pipe closes."""

import os
import signal
from contextlib import suppress
from multiprocessing import connection, parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, Final

from boilerstrip.batch.pages import Job
from boilerstrip.batch.records import Record

READY: Final = "ready"
_WARMING_PAGES: Final = (
    "<p>It rained on the old mill for three days.</p>",
    "It rained on the old mill for three days.",
)
"""Whatever is loaded for a first page is loaded before any page is timed."""


def labour(pipe: "Connection[Any, Any]", job: Job) -> None:
    """Do a job until the pipe closes. An interrupt from the keyboard is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_leave_with_parent, daemon=True).start()
    worker = job.start()
    for page in _WARMING_PAGES:
        worker(Record("", "", content=page))
    # The pipe breaks when the parent has no more work and is gone: then nobody wants the answer.
    with suppress(BrokenPipeError):
        pipe.send(READY)
        while (record := _receive(pipe)) is not None:
            pipe.send(worker(record))


def _receive(pipe: "Connection[Any, Any]") -> Record | None:
    try:
        record: Record = pipe.recv()
    except (EOFError, OSError):
        return None
    return record


def _leave_with_parent() -> None:
    """A parent that was killed cannot say goodbye: nobody is left who would take the result."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
