"""The file below a memory: SQLite, opened with care, one transaction at a time, every failure one clear error.

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

IN_MEMORY: Final = ":memory:"

APPLICATION_ID: Final = 0x42535452
"""``BSTR`` in the file's header says that it is a site memory (https://sqlite.org/fileformat.html, offset 68)."""
FORMAT_VERSION: Final = 2
"""The file format, in the header's user version (offset 60)."""

_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_PAGE_BYTES: Final = 8192
"""The smallest file of 4, 8, 16 and 32 KiB for rows of 200 fingerprints (2,000 generated pages)."""
_CACHE_KIBIBYTES: Final = 16_000

_SCHEMA: Final = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT_VERSION}",
    """CREATE TABLE sites (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        pages INTEGER NOT NULL DEFAULT 0,
        counted_pages INTEGER NOT NULL DEFAULT 0,
        changes INTEGER NOT NULL DEFAULT 0,
        folded INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE pages (
        site INTEGER NOT NULL, page INTEGER NOT NULL, slot INTEGER, PRIMARY KEY (site, page)) WITHOUT ROWID""",
    "CREATE TABLE samples (place INTEGER PRIMARY KEY, fingerprints BLOB NOT NULL)",
    "CREATE TABLE folds (site INTEGER PRIMARY KEY, repeated BLOB NOT NULL, singles BLOB NOT NULL)",
    """CREATE TABLE counts (
        site INTEGER NOT NULL, fingerprint INTEGER NOT NULL, pages INTEGER NOT NULL,
        PRIMARY KEY (site, fingerprint)) WITHOUT ROWID""",
)

_FULL: Final = "the disk is full; nothing of this step was written, free some space and repeat it"
_FULL_BELOW_BYTES: Final = 1 << 20
_READ_ONLY: Final = (
    "the file or its folder is read-only; open it with SiteMemory(path, read_only=True) or change its permissions"
)
_EXPLANATIONS: Final = (
    ("disk is full", _FULL),
    ("readonly", _READ_ONLY),
    ("not a database", "the file is no site memory or is damaged; name another path"),
    ("malformed", "the file is damaged; restore it from a copy or learn anew"),
    ("no such table", "there is nothing in it yet; learn something first, or open it without read_only=True"),
    ("locked", "another process holds the file for longer than the timeout; try again or give a larger timeout="),
    ("unable to open", "it cannot be opened; its folder must exist and be writable, and so must what stands beside it"),
)


class Database:
    """One SQLite connection, shared by threads under a lock, let go before a fork and opened anew at the next use."""

    def __init__(self, path: str, *, read_only: bool, timeout: float) -> None:
        self.path = path if path == IN_MEMORY else os.path.abspath(path)
        self.read_only = read_only
        self.lock = RLock()
        self._timeout = timeout
        self._openings = 0
        self._is_closed = False
        self._connection: sqlite3.Connection | None = self._open()
        _FORK_GUARD.watch(self)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the memory throughout."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that alone writes; an exception inside undoes it."""
        if self.read_only:
            raise MemoryFileError(
                f"{self.path}: opened with read_only=True; open it without to learn, merge, prune or import"
            )
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @property
    def openings(self) -> int:
        """How often the file was opened: what was read before the last time may be of another file."""
        return self._openings

    def compact(self) -> None:
        """Give back the space of what was deleted, if nobody else uses the file and the disk has room for a copy."""
        with self._use() as connection, suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")

    def let_go(self) -> None:
        """Close the connection to a file until the next use."""
        if self.path != IN_MEMORY and self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Close for good; further use raises."""
        with self.lock:
            self._is_closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __del__(self) -> None:
        if getattr(self, "_connection", None) is not None:
            self.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._use() as connection:
            connection.execute(begin)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise

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
        with _explain_errors(self.path):
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
    would take locks for its own that only the parent holds.
    """

    def __init__(self) -> None:
        self._databases: WeakSet[Database] = WeakSet()
        self._held: list[Database] = []
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._hold, after_in_parent=self._release, after_in_child=self._release)

    def watch(self, database: Database) -> None:
        self._databases.add(database)

    def _hold(self) -> None:
        self._held = list(self._databases)
        for database in self._held:
            database.lock.acquire()
            database.let_go()

    def _release(self) -> None:
        while self._held:
            self._held.pop().lock.release()


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
    if not _has_tables(connection):
        _create_tables(connection)
    # Several processes may switch at once; whoever comes second finds it done or does without.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sites'").fetchone() is not None


def _create_tables(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not _has_tables(connection):
            for statement in _SCHEMA:
                connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: sqlite3.Connection) -> None:
    """Undo what was begun; a full disk may have made SQLite do so already."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


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
    if not header.startswith(_MAGIC) or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise MemoryFileError(f"{path}: this is no site memory; it was left as it is, name another path")
    version = int.from_bytes(header[60:64], "big")
    if version > FORMAT_VERSION:
        raise MemoryFileError(
            f"{path}: a memory of format {version}, this boilerstrip reads {FORMAT_VERSION}; update boilerstrip"
        )
    if version < FORMAT_VERSION:
        raise MemoryFileError(
            f"{path}: a memory of format {version}, this boilerstrip reads {FORMAT_VERSION}; learn anew into a new file"
        )


def _check_writable(path: str) -> None:
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise MemoryFileError(f"{path}: its folder does not exist; create it first")
    if not os.access(folder, os.W_OK) or (os.path.exists(path) and not os.access(path, os.W_OK)):
        raise MemoryFileError(f"{path}: {_READ_ONLY}")


@contextmanager
def _explain_errors(path: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise MemoryFileError(f"{path}: {_explain(path, str(error))}") from error


def _explain(path: str, message: str) -> str:
    """What SQLite's message means to a caller; a disk without room for the companions is full, whatever it says."""
    if "disk I/O" in message and shutil.disk_usage(os.path.dirname(path)).free < _FULL_BELOW_BYTES:
        return _FULL
    return next((explanation for part, explanation in _EXPLANATIONS if part in message), message)
