"""The SQLite file below a memory: opened with care, one transaction at a time, every failure one clear error.

What SQLite promises is what this relies on (https://sqlite.org/transactional.html, https://sqlite.org/wal.html): a
transaction is there as a whole or not at all, several processes may write in turn, and a process that is killed leaves
a file that opens. The file is in write-ahead mode; while it is open for writing two companions (``-wal``, ``-shm``)
stand beside it and belong to it.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Final
from weakref import WeakSet

from boilerstrip.errors import MemoryFileError
from boilerstrip.memory.tables import SCHEMA

IN_MEMORY: Final = ":memory:"

_APPLICATION_ID: Final = 0x42535452
"""``BSTR`` in the file's header says that it is a site memory (https://sqlite.org/fileformat.html, offset 68)."""
FORMAT_VERSION: Final = 3
"""The file format, in the header's user version (offset 60)."""

_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_PAGE_BYTES: Final = 8192
"""The smallest file of 4, 8, 16 and 32 KiB for rows of 200 fingerprints (2,000 generated pages)."""
_CACHE_KIBIBYTES: Final = 16_000

_CREATE: Final = (f"PRAGMA application_id = {_APPLICATION_ID}", f"PRAGMA user_version = {FORMAT_VERSION}", *SCHEMA)

_DAMAGED: Final = "the file is damaged; restore it from a copy or learn anew into a new file"
_FULL: Final = "the disk is full; nothing of this step was written, free some space and repeat it"
_FULL_BELOW_BYTES: Final = 1 << 20
_READ_ONLY: Final = (
    "the file or its folder is read-only; open it with SiteMemory(path, read_only=True) or change its permissions"
)
_EXPLANATIONS: Final = (
    ("disk is full", _FULL),
    ("readonly", _READ_ONLY),
    ("not a database", "the file is no site memory or is damaged; name another path"),
    ("malformed", _DAMAGED),
    ("Could not decode", _DAMAGED),
    ("no such column", _DAMAGED),
    ("constraint failed", _DAMAGED),
    ("no such table", "there is nothing in it yet; learn something first, or open it without read_only=True"),
    ("locked", "another process holds the file for longer than the timeout; try again or give a larger timeout="),
    ("unable to open", "it cannot be opened; its folder must exist and be writable, and so must what stands beside it"),
)


class Store:
    """One SQLite connection, shared by threads under a lock, let go before a fork and opened anew at the next use."""

    def __init__(self, path: str, *, read_only: bool, timeout: float) -> None:
        self.path = path if path == IN_MEMORY else os.path.abspath(path)
        self.read_only = read_only
        self.lock = RLock()
        self._timeout = timeout
        self._openings = 0
        self._is_closed = False
        self._connection: sqlite3.Connection | None = None
        _FORK_GUARD.watch(self)
        with self._use():
            pass

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the memory throughout."""
        with self._use() as connection, _transaction(connection, "BEGIN"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that alone writes; an exception inside undoes it."""
        if self.read_only:
            raise MemoryFileError(
                f"{self.path}: opened with read_only=True; open it without to learn, merge, prune or import"
            )
        with self._use() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    def read_state(self, connection: sqlite3.Connection) -> tuple[int, ...]:
        """What differs whenever the content may differ: openings of the file, commits of others, changes of our own."""
        return self._openings, connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes

    def compact(self) -> None:
        """Give back the space of what was deleted, if nobody else uses the file and the disk has room for a copy."""
        with self._use() as connection, suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")

    def let_go(self) -> None:
        """Close the connection, until the next use if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Close for good; further use raises."""
        with self.lock:
            self._is_closed = True
            self.let_go()

    def __del__(self) -> None:
        if getattr(self, "_connection", None) is not None:
            self.close()

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        with self.lock, _explain_errors(self.path):
            if self._is_closed:
                raise MemoryFileError(f"{self.path}: the memory is closed; open it again with SiteMemory(path)")
            if self._connection is None:
                self._connection = self._open()
            yield self._connection

    def _open(self) -> sqlite3.Connection:
        if self.path != IN_MEMORY:
            _check_file(self.path, self.read_only)
        self._openings += 1
        connection = _connect(self.path, self.read_only, self._timeout)
        try:
            _prepare(connection, self.read_only)
        except BaseException:
            connection.close()
            raise
        return connection


class _ForkGuard:
    """Lets go of every file before the process forks.

    SQLite connections must not cross a fork, not even unused (https://sqlite.org/howtocorrupt.html, 2.6): the child
    would take locks for its own that only the parent holds. Threads fork one after the other: each holds the lock of
    the guard from before its fork until after it, and so no two of them wait for each other's stores.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._stores: WeakSet[Store] = WeakSet()
        self._held: list[Store] = []
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._hold, after_in_parent=self._release, after_in_child=self._release)

    def watch(self, store: Store) -> None:
        with self._lock:
            self._stores.add(store)

    def _hold(self) -> None:
        self._lock.acquire()
        for store in list(self._stores):
            store.lock.acquire()
            self._held.append(store)
            if store.path != IN_MEMORY:
                store.let_go()

    def _release(self) -> None:
        while self._held:
            self._held.pop().lock.release()
        self._lock.release()


_FORK_GUARD: Final = _ForkGuard()


def _connect(path: str, read_only: bool, timeout: float) -> sqlite3.Connection:
    name = path if path == IN_MEMORY else f"{Path(path).as_uri()}?mode={_open_mode(path, read_only)}"
    return sqlite3.connect(name, timeout=timeout, isolation_level=None, check_same_thread=False, uri=path != IN_MEMORY)


def _open_mode(path: str, read_only: bool) -> str:
    """How to open a file (https://sqlite.org/uri.html).

    Reading in write-ahead mode needs companions, and only a connection that may write removes them again; where the
    folder is not writable, nobody else writes either, and the file can be read without them.
    """
    if not read_only:
        return "rwc"
    unwritable = not os.access(os.path.dirname(path), os.W_OK)
    return "ro&immutable=1" if unwritable and not os.path.exists(path + "-wal") else "rw"


def _prepare(connection: sqlite3.Connection, read_only: bool) -> None:
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")
    if read_only:
        connection.execute("PRAGMA query_only = 1")
        connection.execute("SELECT 1 FROM sites LIMIT 1")
        return
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sites'").fetchone() is None:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        with _transaction(connection, "BEGIN IMMEDIATE"):
            for statement in _CREATE:
                connection.execute(statement)
    # Several processes may switch at once; whoever comes second finds it done or does without.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have made SQLite roll back already.
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


def _check_file(path: str, read_only: bool) -> None:
    """Refuse what is no memory before SQLite touches it, so that it stays as it is, byte for byte."""
    try:
        with open(path, "rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        header = b""
        if read_only:
            raise MemoryFileError(
                f"{path}: there is no such file; learn something first, or open it without read_only=True"
            ) from None
    except OSError as error:
        raise MemoryFileError(f"{path}: it cannot be read: {error.strerror}") from error
    if header:
        _check_header(path, header)
    if not read_only:
        _check_writable(path)


def _check_header(path: str, header: bytes) -> None:
    """Application id and version stand at fixed places of the header (https://sqlite.org/fileformat.html, 1.3)."""
    if not header.startswith(_MAGIC) or int.from_bytes(header[68:72], "big") != _APPLICATION_ID:
        raise MemoryFileError(f"{path}: this is no site memory; it was left as it is, name another path")
    version = int.from_bytes(header[60:64], "big")
    if version != FORMAT_VERSION:
        remedy = "update boilerstrip" if version > FORMAT_VERSION else "learn anew into a new file"
        raise MemoryFileError(
            f"{path}: a memory of format {version}, this boilerstrip reads {FORMAT_VERSION}; {remedy}"
        )


def _check_writable(path: str) -> None:
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise MemoryFileError(f"{path}: its folder does not exist; create it first")
    if not os.access(folder, os.W_OK) or (os.path.exists(path) and not os.access(path, os.W_OK)):
        raise MemoryFileError(f"{path}: {_READ_ONLY}")


@contextmanager
def _explain_errors(path: str) -> Iterator[None]:
    """Whatever fails while rows are read or written is an error of the file.

    Arguments were checked before. SQLite lets any kind of value stand in any column, and a damaged file has them: text
    for a number, half a fingerprint, a page without its row.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise MemoryFileError(f"{path}: {_explain(path, str(error))}") from error
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        raise MemoryFileError(f"{path}: {_DAMAGED}") from error


def _explain(path: str, message: str) -> str:
    """What SQLite's message means to a caller; a disk without room for the companions is full, whatever it says."""
    if "disk I/O" in message and shutil.disk_usage(os.path.dirname(path)).free < _FULL_BELOW_BYTES:
        return _FULL
    return next((explanation for part, explanation in _EXPLANATIONS if part in message), message)
