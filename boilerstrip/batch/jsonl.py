"""JSON Lines to records (https://jsonlines.org): one object a line, one page an object."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from boilerstrip.batch.reading import check_size
from boilerstrip.batch.records import Failure, Input, Record

if TYPE_CHECKING:
    from boilerstrip.batch.finding import Found
    from boilerstrip.batch.sources import Fields

_LONGEST_ESCAPE: Final = 6
"""Bytes that JSON may need for one byte of a page: ``\\u0041``."""
_ROOM_FOR_COLUMNS: Final = 1 << 20
_SKIPPED_BYTES: Final = 1 << 20
"""What is read at once of a line that nobody wants."""


class RowError(ValueError):
    """A row holds no page; the message says what is missing."""


def read_json_lines(
    stream: BinaryIO, found: "Found", fields: "Fields", max_bytes: int, tell: Callable[[], int]
) -> Iterator[Input]:
    """A record or a failure for each line that is not blank.

    :param tell: how many bytes of the inputs were read so far.
    """
    limit = max_bytes * _LONGEST_ESCAPE + _ROOM_FOR_COLUMNS
    for number, line in enumerate(_read_lines(stream, limit), start=1):
        if line is not None and not line.strip():
            continue
        try:
            if line is None:
                check_size(limit + 1, max_bytes)
            row = parse_row(line or b"")
            yield make_record(row, found, fields, number, tell())
        except (OSError, RowError) as error:
            yield Failure(f"{found.id}#{number}", "read", str(error), tell())


def _read_lines(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """Lines of a stream; one that is longer than ``limit`` is passed over and given as ``None``."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_SKIPPED_BYTES)
        yield None


def parse_row(line: bytes) -> dict[str, Any]:
    """The object on a line.

    :raises RowError: if there is none.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError(f"no valid JSON: {error}") from error
    if not isinstance(row, dict):
        raise RowError(f"a JSON object is needed, this is a {type(row).__name__}")
    return row


def make_record(row: Mapping[str, Any], found: "Found", fields: "Fields", number: int, position: int) -> Record:
    """The record of a row of any table.

    :raises RowError: if its page is missing or neither text nor bytes.
    """
    if fields.html not in row:
        names = ", ".join(map(str, row)) or "nothing"
        raise RowError(f"no field {fields.html!r}; the row has {names}: name one with --field")
    page = row[fields.html]
    if not isinstance(page, (str, bytes)):
        raise RowError(f"field {fields.html!r} holds {type(page).__name__}, not a page")
    url, name = row.get(fields.url), row.get(fields.id) if fields.id else None
    return Record(
        id=f"{found.id}#{number}" if name is None else str(name),
        name=f"{found.name}/{number:08d}",
        content=page,
        url=url if isinstance(url, str) and url else None,
        folder=found.path,
        columns={key: value for key, value in row.items() if key not in (fields.html, fields.url, fields.id)},
        position=position,
    )
