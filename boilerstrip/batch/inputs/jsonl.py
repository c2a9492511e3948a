"""JSON Lines to items (https://jsonlines.org): one object a line, one page an object."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from boilerstrip.batch.inputs.reader import Fields, Found, RowError, fail_row, make_item
from boilerstrip.batch.inputs.streams import Stream, check_size
from boilerstrip.batch.items import Item

_LONGEST_ESCAPE: Final = 6
"""Bytes that JSON may need for one byte of a page: ``\\u0041``."""
_ROOM_FOR_COLUMNS: Final = 1 << 20
_SKIPPED_BYTES: Final = 1 << 20
"""What is read at once of a line that nobody wants."""


def read_json_lines(stream: Stream, found: Found, fields: Fields, max_bytes: int) -> Iterator[Item]:
    """Yield an item for each line that is not blank."""
    limit = max_bytes * _LONGEST_ESCAPE + _ROOM_FOR_COLUMNS
    for number, line in enumerate(_read_lines(stream.decompress(), limit), start=1):
        if line is not None and not line.strip():
            continue
        try:
            if line is None:
                check_size(limit + 1, max_bytes)
            yield make_item(_parse_row(line or b""), found, fields, number)
        except (OSError, RowError) as error:
            yield fail_row(found, number, error)


def _read_lines(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """Lines of a stream; one that is longer than ``limit`` is passed over and given as ``None``."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_SKIPPED_BYTES)
        yield None


def _parse_row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError(f"no valid JSON: {error}") from error
    if not isinstance(row, dict):
        raise RowError(f"a JSON object is needed, this is a {type(row).__name__}")
    return row
