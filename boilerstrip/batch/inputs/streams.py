"""Bytes from files: plain, gzip or Zstandard, never more than asked for, never from anything but a regular file."""

import gzip
import io
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast

from boilerstrip.errors import MissingExtra

COMPRESSION_SUFFIXES: Final = (".gz", ".zst")
_MAGIC: Final = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst"}
_COPY_BYTES: Final = 1 << 20


class ReadError(OSError):
    """An input cannot be read; the message says why, without its name."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An input that holds many pages, as it is stored."""

    raw: io.BufferedReader
    compression: str = ""
    """``.gz``, ``.zst`` or nothing."""
    is_file: bool = True
    """Whether reading can go back; a pipe cannot."""

    def position(self) -> int:
        """How many bytes were read; 0 for a pipe, of which nobody knows the end."""
        return self.raw.tell() if self.is_file else 0

    def decompress(self) -> BinaryIO:
        """The decompressed bytes, to be read in turn."""
        if self.compression == ".gz":
            return cast(BinaryIO, gzip.GzipFile(fileobj=self.raw, mode="rb"))
        return _open_zstandard(self.raw) if self.compression == ".zst" else self.raw

    @contextmanager
    def open_seekable(self) -> Iterator[BinaryIO]:
        """A stream that can seek: the file itself, or a temporary copy of what is compressed or came through a pipe."""
        if self.is_file and not self.compression:
            yield self.raw
            return
        with tempfile.TemporaryFile() as copy:
            stream = self.decompress()
            while chunk := stream.read(_COPY_BYTES):
                copy.write(chunk)
            copy.seek(0)
            yield cast(BinaryIO, copy)


@contextmanager
def open_stream(path: str) -> Iterator[Stream]:
    """Open a file; whatever goes wrong while it is read is a :class:`ReadError`."""
    with _explain_damage(), _open_regular(path) as raw:
        yield Stream(raw, _suffix_of(path) or (".gz" if _tell_compression(raw) == ".gz" else ""))


@contextmanager
def open_standard_input() -> Iterator[Stream]:
    """Open standard input, whose first bytes tell how it is compressed; errors as in :func:`open_stream`."""
    with _explain_damage():
        raw = cast(io.BufferedReader, sys.stdin.buffer)
        yield Stream(raw, _tell_compression(raw), is_file=False)


def _tell_compression(raw: io.BufferedReader) -> str:
    """What the first bytes say."""
    start = raw.peek(4)[:4]
    return next((suffix for magic, suffix in _MAGIC.items() if start.startswith(magic)), "")


def read_page(path: str, max_bytes: int) -> bytes:
    """The bytes of a page's file, decompressed where its name says that it is gzip or
    Zstandard, or its beginning that it is gzip.

    :raises ReadError: when it cannot be opened, is no regular file, is damaged, or holds more than ``max_bytes``.
    """
    with open_stream(path) as stream:
        content = stream.decompress().read(max_bytes + 1)
    check_size(len(content), max_bytes)
    return content


def check_size(size: int, max_bytes: int) -> None:
    """
    :raises ReadError: when a page is larger than allowed.
    """
    if size > max_bytes:
        raise ReadError(f"larger than {max_bytes:,} bytes; --max-bytes allows more")


def strip_compression(name: str) -> str:
    """The name of what is inside.

    >>> strip_compression("crawl.warc.gz"), strip_compression("page.html")
    ('crawl.warc', 'page.html')
    """
    return os.path.splitext(name)[0] if _suffix_of(name) else name


def _suffix_of(path: str) -> str:
    suffix = os.path.splitext(path)[1].lower()
    return suffix if suffix in COMPRESSION_SUFFIXES else ""


@contextmanager
def _explain_damage() -> Iterator[None]:

    try:
        yield
    except (ReadError, MissingExtra):
        raise
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(f"damaged gzip data: {error}") from error
    except OSError as error:
        raise ReadError(error.strerror or str(error)) from error
    except Exception as error:
        if "zstd" not in type(error).__name__.lower():
            raise
        raise ReadError(f"damaged Zstandard data: {error}") from error


def _open_regular(path: str) -> io.BufferedReader:
    """A pipe or device is refused without waiting for it."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ReadError("not a regular file")
    return open(descriptor, "rb")


def _open_zstandard(raw: BinaryIO) -> BinaryIO:
    """Python has Zstandard from 3.14 on (PEP 784); before, the package ``zstandard`` reads it."""
    module: Any
    with suppress(ImportError):
        from compression import zstd as module  # type: ignore[import-not-found,no-redef,unused-ignore]

        return cast(BinaryIO, module.ZstdFile(raw, mode="rb"))
    try:
        import zstandard as module
    except ImportError as error:
        raise MissingExtra("Reading .zst files", "zst") from error
    return cast(BinaryIO, io.BufferedReader(module.ZstdDecompressor().stream_reader(raw, read_across_frames=True)))
