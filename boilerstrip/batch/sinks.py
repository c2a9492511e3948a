"""Where pages go: a tree of files, or one file of rows. Nothing is half there, and nothing is written twice."""

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, Protocol

from boilerstrip.batch.durable import Spool, sync_file, sync_folders, write_aside
from boilerstrip.batch.records import Cleaned, Record
from boilerstrip.batch.rows import carry, write_json_line

_SYNCING_THREADS: Final = 4
"""Files that are flushed at once: a journaling file system then commits them together."""


class Sink(Protocol):
    """Takes pages in order. What was written counts after :meth:`commit`, what was not committed may be lost."""

    length: int
    """Bytes of the sink's spool so far; 0 for a sink without one."""

    def write(self, record: Record, page: Cleaned) -> None:
        """Take a page.

        :raises OSError: when it cannot be stored.
        """

    def commit(self) -> None:
        """Bring all pages so far to the disk."""

    def finish(self) -> None:
        """Put what the run made in its place; may be repeated after it was interrupted."""

    def close(self) -> None:
        """Let go of open files; what was not committed is lost."""


class TreeSink:
    """One file for each page, below ``out``, at the path of its input.

    Files are written in ``aside`` first and renamed when they are on the disk.
    """

    def __init__(self, out: str, aside: str, suffix: str, *, replace: bool = False) -> None:
        """:param replace: whether files that exist may be replaced."""
        self.length = 0
        self._out, self._aside, self._suffix, self._replace = out, aside, suffix, replace
        self._true_out = os.path.realpath(out)
        self._pending: list[tuple[str, str]] = []
        self._checked_folder = ""
        self._threads = ThreadPoolExecutor(_SYNCING_THREADS)
        shutil.rmtree(aside, ignore_errors=True)
        os.makedirs(aside)

    def write(self, record: Record, page: Cleaned) -> None:
        """See :class:`Sink`; an existing file is a :class:`FileExistsError` unless it may be replaced."""
        target = os.path.join(self._out, record.name + self._suffix)
        self._make_folder(os.path.dirname(target))
        if os.path.lexists(target):
            if os.path.isdir(target) and not os.path.islink(target):
                raise IsADirectoryError(None, "there is a folder of its name")
            if not self._replace:
                raise FileExistsError(None, f"{os.path.basename(target)} exists; --overwrite replaces it")
        temporary = os.path.join(self._aside, str(len(self._pending)))
        write_aside(temporary, page.content)
        self._pending.append((temporary, target))

    def commit(self) -> None:
        """See :class:`Sink`."""
        for _ in self._threads.map(sync_file, [temporary for temporary, _ in self._pending]):
            pass
        for temporary, target in self._pending:
            os.replace(temporary, target)
        sync_folders(os.path.dirname(target) for _, target in self._pending)
        self._pending.clear()

    def finish(self) -> None:
        """See :class:`Sink`."""
        shutil.rmtree(self._aside, ignore_errors=True)

    def close(self) -> None:
        """See :class:`Sink`."""
        self._threads.shutdown(wait=True)

    def _make_folder(self, folder: str) -> None:
        if folder == self._checked_folder:
            return
        os.makedirs(folder, exist_ok=True)
        if os.path.commonpath([self._true_out, os.path.realpath(folder)]) != self._true_out:
            raise PermissionError(None, "a link in the output leads out of it, and nothing is written there")
        self._checked_folder = folder


class JsonLinesSink:
    """One line for each page in one file."""

    def __init__(self, target: str, spool: Spool) -> None:
        self._target, self._spool = target, spool
        self.length = spool.length

    def write(self, record: Record, page: Cleaned) -> None:
        """See :class:`Sink`."""
        self.length = self._spool.append(write_json_line(carry(page.row, record.columns)))

    def commit(self) -> None:
        """See :class:`Sink`."""
        self._spool.flush()

    def finish(self) -> None:
        """See :class:`Sink`; without pages the file is empty."""
        self._spool.close()
        put_in_place(self._spool.path, self._target)

    def close(self) -> None:
        """See :class:`Sink`."""
        self._spool.close()


def put_in_place(spooled: str, target: str) -> None:
    """Move what the run made to where the user looks for it."""
    if not os.path.exists(spooled):
        with open(spooled, "wb"):
            pass
    with suppress(PermissionError):
        sync_file(spooled)
    os.replace(spooled, target)
    sync_folders([os.path.dirname(target)])


class LessonSink:
    """What pages teach a site memory, learnt at every commit. Learning a page again changes nothing."""

    def __init__(self, memory: Any) -> None:
        """:param memory: a :class:`boilerstrip.SiteMemory` that may be written."""
        self.length = 0
        self._memory = memory
        self._lessons: list[tuple[str, str, Sequence[str]]] = []

    def write(self, record: Record, page: Cleaned) -> None:
        """See :class:`Sink`."""
        if page.lesson is not None:
            self._lessons.append(page.lesson)

    def commit(self) -> None:
        """See :class:`Sink`."""
        if self._lessons:
            self._memory.learn_many_blocks(self._lessons)
            self._lessons.clear()

    def finish(self) -> None:
        """See :class:`Sink`."""
        self._memory.close()

    def close(self) -> None:
        """See :class:`Sink`."""
        self._memory.close()
