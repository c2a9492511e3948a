"""Parquet and Arrow files to records, a few rows at a time; every other column is carried through."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from boilerstrip.batch.jsonl import RowError, make_record
from boilerstrip.batch.reading import COMPRESSION_SUFFIXES, ReadError, open_input, open_regular
from boilerstrip.batch.records import Failure, Input
from boilerstrip.errors import MissingExtra

if TYPE_CHECKING:
    from boilerstrip.batch.finding import Found
    from boilerstrip.batch.sources import Fields

_ROWS_A_BATCH: Final = 32
"""Few, because a batch of rows is in memory at once, and a row can be a page of many megabytes."""
_ARROW_FILE_MAGIC: Final = b"ARROW1"
_COPY_BYTES: Final = 1 << 20


def require_pyarrow(feature: str) -> Any:
    """The package ``pyarrow``.

    :raises MissingExtra: when it is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra(feature, "parquet") from error
    return pyarrow


def read_parquet(found: "Found", fields: "Fields", before: int, stream: BinaryIO | None = None) -> Iterator[Input]:
    """A record or a failure for each row, row group by row group (https://parquet.apache.org/docs/file-format/)."""
    require_pyarrow("Reading Parquet")
    from pyarrow import parquet

    with ExitStack() as stack, explain_arrow_errors():
        file = parquet.ParquetFile(_open_seekable(found, stream, stack))
        rows = max(1, file.metadata.num_rows)
        batches = file.iter_batches(batch_size=_ROWS_A_BATCH)
        yield from _read_batches(batches, found, fields, lambda number: before + found.size * number // rows)


def read_arrow(found: "Found", fields: "Fields", before: int, stream: BinaryIO | None = None) -> Iterator[Input]:
    """The same for Arrow's file format (Feather) and stream format."""
    require_pyarrow("Reading Arrow files")
    with ExitStack() as stack, explain_arrow_errors():
        raw = _open_seekable(found, stream, stack)
        batches = _open_arrow(raw)
        yield from _read_batches(batches, found, fields, lambda _: before + min(raw.tell(), found.size))


def _open_arrow(raw: BinaryIO) -> Iterator[Any]:
    from pyarrow import ipc

    magic = raw.read(len(_ARROW_FILE_MAGIC))
    raw.seek(0)
    if magic != _ARROW_FILE_MAGIC:
        yield from ipc.open_stream(raw)
        return
    reader = ipc.open_file(raw)
    for number in range(reader.num_record_batches):
        yield reader.get_batch(number)


def _read_batches(batches: Iterable[Any], found: "Found", fields: "Fields", tell: Any) -> Iterator[Input]:
    number = 0
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS_A_BATCH):
            for row in batch.slice(start, _ROWS_A_BATCH).to_pylist():
                number += 1
                position = int(tell(number))
                try:
                    yield make_record(row, found, fields, number, position)
                except RowError as error:
                    yield Failure(f"{found.id}#{number}", "read", str(error), position)


def _open_seekable(found: "Found", stream: BinaryIO | None, stack: ExitStack) -> BinaryIO:
    """A stream that can seek: the file itself, or a temporary copy of what is compressed or came through a pipe."""
    if stream is None and not found.path.lower().endswith(COMPRESSION_SUFFIXES):
        return stack.enter_context(open_regular(found.path))
    if stream is None:
        stream = stack.enter_context(open_input(found.path))
    copy = tempfile.TemporaryFile()  # noqa: SIM115 (the stack closes it)
    stack.callback(copy.close)
    while chunk := stream.read(_COPY_BYTES):
        copy.write(chunk)
    copy.seek(0)
    return cast(BinaryIO, copy)


class explain_arrow_errors:  # noqa: N801
    """A context in which Arrow's errors become :class:`ReadError`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        if error is not None and (kind or type(error)).__module__.startswith("pyarrow"):
            raise ReadError(str(error).split("\n")[0]) from error


def read_carried_schema(source: Iterable[tuple["Found", str]], fields: "Fields") -> Any:
    """The columns of all tables among the inputs that are carried through, united; ``None`` without tables.

    :param source: files and their kinds.
    """
    schemas = [_read_schema(found, kind) for found, kind in source if kind in ("parquet", "arrow")]
    if not schemas:
        return None
    pyarrow = require_pyarrow("Writing Parquet")
    united = pyarrow.unify_schemas([schema for schema in schemas if schema is not None], promote_options="permissive")
    taken = {fields.html, fields.url, fields.id}
    return pyarrow.schema([field for field in united if field.name not in taken])


def _read_schema(found: "Found", kind: str) -> Any:
    """The schema of a table; ``None`` where it cannot be read, which reading the rows will report."""
    from pyarrow import ipc, parquet

    try:
        with ExitStack() as stack, explain_arrow_errors():
            raw = _open_seekable(found, None, stack)
            if kind == "parquet":
                return parquet.ParquetFile(raw).schema_arrow
            is_file = raw.read(len(_ARROW_FILE_MAGIC)) == _ARROW_FILE_MAGIC
            raw.seek(0)
            return ipc.open_file(raw).schema if is_file else ipc.open_stream(raw).schema
    except OSError:
        return None
