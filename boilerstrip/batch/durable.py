"""Files that survive a kill and a power cut: appended to and flushed, or written aside and renamed."""

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

FATAL_ERRORS: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENODEV}
)
"""Errors of the disk or the system, which the next page would meet as well."""


def write_aside(path: str, content: bytes) -> None:
    """Write a file that nobody reads yet; it is on the disk after :func:`sync_file`."""
    with open(path, "wb") as file:
        file.write(content)


def write_at_once(path: str, content: bytes) -> None:
    """Write a file that is there as a whole or not at all."""
    write_aside(path + ".new", content)
    sync_file(path + ".new")
    os.replace(path + ".new", path)
    sync_folders([os.path.dirname(path)])


def sync_file(path: str) -> None:
    """Wait until a file's content is on the disk."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folders(folders: Iterable[str]) -> None:
    """Wait until the names in folders are on the disk, where the system can say so (Windows cannot)."""
    for folder in sorted(set(folders)):
        with suppress(PermissionError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


class Spool:
    """A file that only grows; what lies beyond the length it is opened with was never finished and is cut off.

    The file appears with the first bytes and is removed when it is opened with length 0.
    """

    def __init__(self, path: str, length: int = 0) -> None:
        self.path = path
        self.length = length
        if length == 0:
            with suppress(FileNotFoundError):
                os.remove(path)
            self._descriptor = -1
            return
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))
        if os.fstat(self._descriptor).st_size < length:
            os.close(self._descriptor)
            raise OSError(errno.EINVAL, f"{os.path.basename(path)} is shorter than the journal says", path)
        os.ftruncate(self._descriptor, length)

    def append(self, content: bytes) -> int:
        """Add bytes; the length with them."""
        if self._descriptor < 0 and content:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(self.path, flags, 0o666)
        view = memoryview(content)
        while view:
            view = view[os.write(self._descriptor, view) :]
        self.length += len(content)
        return self.length

    def flush(self) -> None:
        """Wait until all that was appended is on the disk."""
        if self._descriptor >= 0:
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Close the file; nothing is written by that."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
