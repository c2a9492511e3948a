"""Tables to items, a row a page: JSON Lines, Parquet and Arrow; every other column is carried through."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, Final

from boilerstrip.batch.inputs.streams import ReadError, Stream, check_size, open_stream
from boilerstrip.batch.items import Failure, Fields, Found, Item
from boilerstrip.errors import MissingExtra, OptionError

_LONGEST_ESCAPE: Final = 6
"""Bytes that JSON may need for one byte of a page: ``\\u0041``."""
_ROOM_FOR_COLUMNS: Final = 1 << 20
_SKIPPED_BYTES: Final = 1 << 20
"""What is read at once of a line that nobody wants."""
_ROWS_A_BATCH: Final = 4
"""Few, because a batch of rows is in memory at once, and a row can be a page of many megabytes."""
_ARROW_FILE_MAGIC: Final = b"ARROW1"


class _RowError(ValueError):
    """A row holds no page; the message says what is missing."""


class _ColumnError(_RowError):
    """A table has no column of pages by the name that was asked for."""


def _make_item(read: Callable[[], Mapping[str, Any]], found: Found, fields: Fields, number: int, at: int = 0) -> Item:
    """The item of the row that ``read`` gives, or why it holds no page.

    :param at: how far the file is read by then.
    """
    try:
        row = read()
        page = _find_page(row, fields)
    except (_RowError, ReadError) as error:
        failure = Failure("read", str(error), isinstance(error, _ColumnError))
        return Item(f"{found.id}#{number}", position=at, failure=failure)
    url, id_column = row.get(fields.url), fields.find_id(row)
    name = row.get(id_column) if id_column else None
    return Item(
        id=f"{found.id}#{number}" if name is None else str(name),
        name=f"{found.name}/{number:08d}",
        content=page,
        url=url if isinstance(url, str) and url else None,
        folder=found.path,
        columns={key: value for key, value in row.items() if fields.is_carried(key, row)},
        position=at,
    )


def _find_page(row: Mapping[str, Any], fields: Fields) -> str | bytes:
    if fields.html not in row:
        names = ", ".join(map(str, row)) or "nothing"
        raise _ColumnError(f"no field {fields.html!r}; the row has {names}: name one with --field")
    page = row[fields.html]
    if not isinstance(page, (str, bytes)):
        raise _RowError(f"field {fields.html!r} holds {type(page).__name__}, not a page")
    return page


def read_json_lines(stream: Stream, found: Found, fields: Fields, max_bytes: int) -> Iterator[Item]:
    """Yield an item for each line that is not blank (https://jsonlines.org)."""
    limit = max_bytes * _LONGEST_ESCAPE + _ROOM_FOR_COLUMNS
    for number, line in enumerate(_read_lines(stream.decompress(), limit), start=1):
        if len(line) > limit or line.strip():
            yield _make_item(partial(_parse_row, line, limit, max_bytes), found, fields, number)


def _read_lines(stream: BinaryIO, limit: int) -> Iterator[bytes]:
    """Lines of a stream; of one that is longer than ``limit`` the beginning, which is a byte longer."""
    while line := stream.readline(limit + 1):
        rest = line if len(line) > limit else b"\n"
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(_SKIPPED_BYTES)
        yield line


def _parse_row(line: bytes, limit: int, max_bytes: int) -> dict[str, Any]:
    if len(line) > limit:
        check_size(len(line), max_bytes)
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _RowError(f"no valid JSON: {error}") from error
    if not isinstance(row, dict):
        raise _RowError(f"a JSON object is needed, this is a {type(row).__name__}")
    return row


def require_pyarrow(feature: str) -> Any:
    """The package ``pyarrow``.

    :raises MissingExtra: when it is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra(feature, "parquet") from error
    return pyarrow


def read_parquet(stream: Stream, found: Found, fields: Fields, max_bytes: int) -> Iterator[Item]:
    """Yield an item for each row, row group by row group (https://parquet.apache.org/docs/file-format/)."""
    require_pyarrow("Reading Parquet")
    from pyarrow import parquet

    with stream.open_seekable() as raw:
        file = parquet.ParquetFile(raw)
        _refuse_duplicates(file.schema_arrow)
        rows = max(1, file.metadata.num_rows)
        batches = file.iter_batches(batch_size=1 if _largest_chunk(file.metadata) > max_bytes else _ROWS_A_BATCH)
        yield from _read_batches(batches, found, fields, max_bytes, lambda number: found.size * number // rows)


def read_arrow(stream: Stream, found: Found, fields: Fields, max_bytes: int) -> Iterator[Item]:
    """Yield the same for Arrow's file format (Feather) and stream format."""
    require_pyarrow("Reading Arrow files")
    with stream.open_seekable() as raw:
        yield from _read_batches(_open_arrow(raw), found, fields, max_bytes, lambda _: min(raw.tell(), found.size))


def check_columns(tables: Iterable[tuple[Found, str]], fields: Fields, *, unite: bool) -> Any:
    """The schema of the columns that all tables carry through together; ``None`` where there is none.

    :param tables: files and their formats.
    :param unite: whether columns of one name must be of one type.
    :raises OptionError: when a table has two columns of one name, or two tables have columns that cannot be one.
    """
    united: Any = None
    for found, kind in tables:
        schema = _read_schema(found, kind)
        if schema is None:
            continue
        try:
            _refuse_duplicates(schema)
            united = _unite(united, schema, fields) if unite else None
        except (ReadError, TypeError, ValueError) as error:
            reason = str(error).split("\n")[0].rstrip(".")
            raise OptionError(
                f"the columns of {found.id} cannot be carried through: {reason}. "
                "Rename them, or clean the tables in runs of their own"
            ) from error
    return united


def _read_schema(found: Found, kind: str) -> Any:
    """The schema of a table; ``None`` where it cannot be read, which reading the rows will report."""
    try:
        require_pyarrow("Reading tables")
        from pyarrow import parquet

        with open_stream(found.path) as stream, stream.open_seekable() as raw:
            return parquet.ParquetFile(raw).schema_arrow if kind == "parquet" else _open_reader(raw).schema
    except Exception:
        return None


def _unite(united: Any, schema: Any, fields: Fields) -> Any:
    import pyarrow

    carried = pyarrow.schema([field for field in schema if fields.is_carried(field.name, schema.names)])
    return carried if united is None else pyarrow.unify_schemas([united, carried], promote_options="permissive")


def _refuse_duplicates(schema: Any) -> None:
    twice = [name for name, times in Counter(schema.names).items() if times > 1]
    if twice:
        raise ReadError(f"more than one column is called {twice[0]!r}")


def _largest_chunk(metadata: Any) -> int:
    """Bytes of the largest column of a row group: each of its rows may stand for nearly all of them, from 2 kB of file,
    where they refer to a dictionary."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    return max(
        (group.column(n).total_uncompressed_size for group in groups for n in range(group.num_columns)), default=0
    )


def _open_arrow(raw: BinaryIO) -> Iterator[Any]:
    from pyarrow import ipc

    reader = _open_reader(raw)
    _refuse_duplicates(reader.schema)
    is_file = isinstance(reader, ipc.RecordBatchFileReader)
    for batch in map(reader.get_batch, range(reader.num_record_batches)) if is_file else reader:
        _check_offsets(batch)
        yield batch


def _open_reader(raw: BinaryIO) -> Any:
    from pyarrow import ipc

    magic = raw.read(len(_ARROW_FILE_MAGIC))
    raw.seek(0)
    return ipc.open_file(raw) if magic == _ARROW_FILE_MAGIC else ipc.open_stream(raw)


def _check_offsets(batch: Any) -> None:
    """Refuse offsets that lead out of the batch, which Arrow would follow; text that is no UTF-8 may pass."""
    import pyarrow
    from pyarrow import types

    try:
        batch.validate(full=True)
    except ValueError as error:
        if "UTF8" not in str(error):
            raise
        for column in batch.columns:
            plain = {types.is_string: pyarrow.binary(), types.is_large_string: pyarrow.large_binary()}
            kind = next((kind for is_kind, kind in plain.items() if is_kind(column.type)), column.type)
            column.view(kind).validate(full=True)


def _read_batches(
    batches: Iterable[Any], found: Found, fields: Fields, max_bytes: int, tell: Callable[[int], int]
) -> Iterator[Item]:
    number = 0
    for batch in batches:
        columns = list(zip(batch.schema.names, batch.columns, strict=True))
        for row in range(batch.num_rows):
            number += 1
            yield _make_item(partial(_read_values, columns, row, max_bytes), found, fields, number, tell(number))


def _read_values(columns: Iterable[tuple[str, Any]], row: int, max_bytes: int) -> dict[str, Any]:
    return {name: _read_value(name, column[row], max_bytes) for name, column in columns}


def _read_value(name: str, scalar: Any, max_bytes: int) -> Any:
    """A cell as Python knows it; what Python has no value for, such as nanoseconds, is text."""

    value = scalar.value if hasattr(scalar, "dictionary") else scalar
    buffer = value.as_buffer() if hasattr(value, "as_buffer") else None
    check_size(buffer.size if buffer is not None else 0, max_bytes)
    try:
        return value.as_py()
    except UnicodeDecodeError:
        return bytes(buffer).decode("utf-8", "replace") if buffer is not None else None
    except Exception as error:
        import pyarrow

        try:
            return str(value.cast(pyarrow.string()).as_py())
        except Exception:
            raise _RowError(f"column {name!r} cannot be read: {error}") from error
