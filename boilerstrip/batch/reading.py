"""Bytes from files: plain, gzip or Zstandard, never more than asked for, never from anything but a regular file."""

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, Final, cast

from boilerstrip.errors import MissingExtra

COMPRESSION_SUFFIXES: Final = (".gz", ".zst")
LARGEST_PAGE: Final = 20_000_000
"""Bytes; what trafilatura reads at most as well (``MAX_FILE_SIZE``). Larger files are no pages."""
_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTANDARD_MAGIC: Final = b"\x28\xb5\x2f\xfd"


class ReadError(OSError):
    """An input cannot be read; the message says why, without its name."""


def strip_compression(name: str) -> str:
    """The name of what is inside.

    >>> strip_compression("crawl.warc.gz"), strip_compression("page.html")
    ('crawl.warc', 'page.html')
    """
    stem, suffix = os.path.splitext(name)
    return stem if suffix.lower() in COMPRESSION_SUFFIXES else name


def read_page(path: str, max_bytes: int) -> bytes:
    """The bytes of a page's file, decompressed where its name ends in ``.gz`` or ``.zst``.

    :raises ReadError: when it cannot be opened, is no regular file, is damaged, or holds more than ``max_bytes``.
    """
    with open_input(path) as stream:
        content = stream.read(max_bytes + 1)
    check_size(len(content), max_bytes)
    return content


def check_size(size: int, max_bytes: int) -> None:
    """
    :raises ReadError: when a page is larger than allowed.
    """
    if size > max_bytes:
        raise ReadError(f"larger than {max_bytes:,} bytes; --max-bytes allows more")


@contextmanager
def open_input(path: str) -> Iterator[BinaryIO]:
    """A stream of a file's decompressed bytes; whatever goes wrong while it is read is a :class:`ReadError`."""
    with explain_damage(), open_regular(path) as raw:
        yield decompress(raw, os.path.splitext(path)[1].lower())


@contextmanager
def explain_damage() -> Iterator[None]:
    """Turn what decompressors and the system raise into :class:`ReadError`."""
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


def open_regular(path: str) -> BinaryIO:
    """Open a regular file; a pipe or device is refused without waiting for it."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ReadError("not a regular file")
    return open(descriptor, "rb")


def decompress(raw: BinaryIO, suffix: str) -> BinaryIO:
    """The stream behind a compressed one; any other suffix leaves it as it is."""
    if suffix == ".gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="rb"))
    return _open_zstandard(raw) if suffix == ".zst" else raw


def decompress_by_content(raw: io.BufferedReader) -> BinaryIO:
    """The same for a stream without a name, such as standard input: its first bytes tell."""
    is_zstandard = raw.peek(4)[:4] == _ZSTANDARD_MAGIC
    return decompress(raw, ".gz" if is_gzip(raw) else ".zst" if is_zstandard else "")


class CountedStream(io.RawIOBase):
    """A stream that knows how far it was read, also where the system cannot tell, as of a pipe."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._position = stream, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; the number of bytes."""
        content = self._stream.read(len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)

    def tell(self) -> int:
        """Bytes read so far."""
        return self._position


def is_gzip(raw: io.BufferedReader) -> bool:
    """Whether the next bytes of a stream are the beginning of gzip data.

    >>> is_gzip(io.BufferedReader(io.BytesIO(gzip.compress(b"One."))))
    True
    """
    return raw.peek(2)[:2] == _GZIP_MAGIC


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
