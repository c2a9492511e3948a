"""WARC and WET archives to items, past whatever is broken in them.

The format is ISO 28500 (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/). A record that
is damaged is one failure; reading goes on at the next place that holds a record's beginning.
"""

import io
import re
import zlib
from collections.abc import Iterator
from itertools import count
from typing import Any, BinaryIO, Final, cast

from boilerstrip.batch.inputs.streams import ReadError, Stream
from boilerstrip.batch.items import Failure, Fields, Found, Item
from boilerstrip.errors import MissingExtra

_Page = tuple[bytes, str | None]
"""Content and charset."""
_PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_GZIP_MAGIC: Final = b"\x1f\x8b\x08"
_GZIP_WINDOW: Final = 31
"""zlib's window size that expects a gzip header."""
_PANIC: Final = "PanicException"
"""What fastwarc raises where it gives up; it has no name that could be imported, and is no ``Exception``."""
_BEGINNING: Final = re.compile(rb"\x1f\x8b\x08|WARC/\d\.\d\r?\n[A-Za-z-]+:")
_LONGEST_BEGINNING: Final = 64
_CONTENT_LENGTH: Final = re.compile(rb"^Content-Length:\s*(\d{1,18})\s*$", re.IGNORECASE | re.MULTILINE)
"""A length of more digits than a file can have is none."""
_LONGEST_HEADER: Final = 1 << 15
"""Bytes of a record's header that fastwarc reads."""
_ROOM_FOR_HEADERS: Final = 1 << 16
_SCAN_BYTES: Final = 1 << 20
_PROBE_BYTES: Final = 512


def _require_fastwarc() -> Any:
    try:
        from fastwarc import warc
    except ImportError as error:
        raise MissingExtra("Reading WARC files", "warc") from error
    return warc


def read_warc(stream: Stream, found: Found, fields: Fields, max_bytes: int) -> Iterator[Item]:
    """Yield an item for each response with status 2xx and each conversion that holds HTML or plain text."""
    archive, can_seek = _open_archive(stream)
    archive_iterator = _require_fastwarc().ArchiveIterator
    pages, start, told = count(1), 0, -1
    while start >= 0:
        position, is_whole = start, False
        try:
            for record in archive_iterator(archive, parse_http=False):
                position, is_whole = record.stream_pos, False
                yield from _read_record(record, found, max_bytes, pages)
                is_whole = True
            return
        except BaseException as error:
            if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
                raise
            reason = f"damaged record: {error}"
        damage, search = position, position + 1
        if is_whole:  # behind it the next one may begin at once
            damage = search = _find_end(archive, position) if can_seek else position
        if damage != told:
            yield Item(f"{found.id}@{damage}", failure=Failure("read", reason))
        told = damage
        start = _find_record(archive, search) if can_seek else -1


def _open_archive(stream: Stream) -> tuple[BinaryIO, bool]:
    """The archive as fastwarc reads it, and whether reading can go on behind damage.

    Of an archive in gzip each record is compressed on its own, which fastwarc undoes: damage in one leaves the others.
    """
    if stream.is_file and stream.compression != ".zst":
        return stream.raw, True
    source = cast(BinaryIO, stream.raw) if stream.compression == ".gz" else stream.decompress()
    return cast(BinaryIO, _CountedStream(source)), False


class _CountedStream(io.RawIOBase):
    """A stream that knows how far it was read, also where the system cannot tell, as of a pipe."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._position = stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._stream.read(len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)

    def tell(self) -> int:
        return self._position


def _read_record(record: Any, found: Found, max_bytes: int, pages: Iterator[int]) -> Iterator[Item]:
    """Nothing where the record is no page, a failure where it cannot be decoded.

    :raises ReadError: when it is cut off: then reading must look for the next one.
    """
    position = record.stream_pos
    try:
        page = _read_page(record, max_bytes)
    except _UndecodableError as error:
        yield Item(f"{found.id}@{position}", failure=Failure("read", str(error)))
        return
    if page is not None:
        [content, charset], number = page, next(pages)
        yield Item(
            id=record.headers.get("WARC-Record-ID") or f"{found.id}#{number}",
            name=f"{found.name}/{number:08d}",
            content=content,
            url=(record.headers.get("WARC-Target-URI") or "").strip("<>") or None,
            encoding=charset,
            folder=found.path,
        )


class _UndecodableError(ValueError):
    """A record is whole, but its content is not what its headers say, or is too large."""


def _read_page(record: Any, max_bytes: int) -> _Page | None:
    kind = (record.headers.get("WARC-Type") or "").lower()
    if kind not in ("response", "conversion", ""):
        return None
    if record.headers.get("Content-Length") is None:
        raise ReadError("its header is cut off")
    most = max_bytes + _ROOM_FOR_HEADERS
    block = record.reader.read(most)
    if len(block) < min(record.content_length, most):
        raise ReadError(f"{len(block):,} of its {record.content_length:,} bytes are there")
    if record.content_length > most:
        raise _UndecodableError(f"larger than {max_bytes:,} bytes; --max-bytes allows more")
    if kind == "conversion":
        return (block, "utf-8") if _is_page(record.headers.get("Content-Type")) else None
    return _read_response(block, max_bytes)


def _read_response(block: bytes, max_bytes: int) -> _Page | None:
    """The body of an HTTP response with its transfer and content encodings undone (RFC 9110, 8.4; RFC 9112, 7)."""
    response = _parse_http(block, "none")
    if response.http_headers is None or not 200 <= (response.http_headers.status_code or 0) < 300:
        return None
    if not _is_page(response.http_content_type):
        return None
    charset = (response.http_charset or "").strip("\"' ") or None
    try:
        content = _parse_http(block, "all").reader.read(max_bytes + 1)
    except OSError as error:
        content = response.reader.read(max_bytes + 1)
        # Crawlers that store the decoded body often keep the header that says how it was encoded.
        if b"<" not in content[:_PROBE_BYTES] or b"\0" in content[:_PROBE_BYTES]:
            raise _UndecodableError(f"its content cannot be decoded: {error}") from error
    return content, charset


def _parse_http(block: bytes, auto_decode: str) -> Any:
    warc = _require_fastwarc()
    record = warc.WarcRecord()
    record.init_headers(warc.WarcRecordType.response, content_length=len(block))
    record.set_bytes_content(block)
    record.is_http = True
    record.parse_http(auto_decode=auto_decode, strict_mode=False)
    return record


def _is_page(content_type: str | None) -> bool:
    return (content_type or "").split(";")[0].strip().lower() in _PAGE_TYPES


def _find_record(stream: BinaryIO, start: int) -> int:
    """Where the next record begins, plain or as a gzip member, and seek there; -1 if there is none."""
    while True:
        stream.seek(start)
        window = stream.read(_SCAN_BYTES)
        for match in _BEGINNING.finditer(window):
            if match.group() != _GZIP_MAGIC or _is_gzipped_record(stream, start + match.start()):
                stream.seek(start + match.start())
                return start + match.start()
        if len(window) < _SCAN_BYTES:
            return -1
        start += len(window) - _LONGEST_BEGINNING


def _find_end(stream: BinaryIO, position: int) -> int:
    """The first byte behind the record at ``position``; where that cannot be told, the byte after its first."""
    stream.seek(position)
    start = stream.read(_LONGEST_HEADER)
    if start.startswith(_GZIP_MAGIC):
        return _find_end_of_member(stream, position)
    head, separator, _ = start.partition(b"\r\n\r\n")
    length = _CONTENT_LENGTH.search(head)
    if not separator or not length:
        return position + 1
    end = position + len(head) + len(separator) + int(length[1])
    stream.seek(end)
    # A record ends in two line breaks; one that does not has lied about its length.
    return end + 4 if stream.read(4) == b"\r\n\r\n" else position + 1


def _find_end_of_member(stream: BinaryIO, position: int) -> int:
    stream.seek(position)
    member, read = zlib.decompressobj(_GZIP_WINDOW), 0
    try:
        while not member.eof and (chunk := stream.read(_LONGEST_HEADER)):
            read += len(chunk)
            while chunk and not member.eof:
                member.decompress(chunk, _SCAN_BYTES)
                chunk = member.unconsumed_tail
    except zlib.error:
        return position + 1
    return position + read - len(member.unused_data) if member.eof else position + 1


def _is_gzipped_record(stream: BinaryIO, position: int) -> bool:
    stream.seek(position)
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(stream.read(_PROBE_BYTES), 16).startswith(b"WARC/")
    except zlib.error:
        return False
