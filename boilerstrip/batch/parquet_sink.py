"""Rows to one Parquet file: spooled as an Arrow stream that can be cut after any row, rewritten when all are there."""

import os
from typing import Any, Final

from boilerstrip.batch.durable import Spool
from boilerstrip.batch.records import Cleaned, Record
from boilerstrip.batch.rows import carried_name, carry
from boilerstrip.batch.sinks import put_in_place
from boilerstrip.batch.tables import require_pyarrow

_ROWS_A_GROUP: Final = 1000
"""Rows of a Parquet row group; readers hold one in memory at a time."""


def build_schema(*, markdown: bool, carried: Any = None) -> Any:
    """The Arrow schema of ``pages.parquet``.

    :param carried: the schema of the columns that tables among the inputs bring along.
    """
    pyarrow = require_pyarrow("Writing Parquet")
    text, number = pyarrow.string(), pyarrow.int64()
    own = [
        ("id", text), ("url", text), ("status", text), ("language", text), ("confidence", pyarrow.float64()),
        ("page_type", text), ("title", text), ("author", text), ("date", text),
        ("markdown" if markdown else "text", text), ("words_kept", number), ("words_dropped", number),
        ("reasons", pyarrow.map_(text, number)), ("error", text),
    ]  # fmt: skip
    names = [name for name, _ in own]
    brought = [(carried_name(field.name, names), _plain_type(field.type)) for field in carried or ()]
    return pyarrow.schema([*own, *brought])


def _plain_type(kind: Any) -> Any:
    """A type whose values can be written row by row: dictionary-encoded ones become what they stand for."""
    from pyarrow import types

    return kind.value_type if types.is_dictionary(kind) else kind


class ParquetSink:
    """One row for each page in one file. Columns of other inputs than tables are left out: they have no fixed type."""

    def __init__(self, target: str, spool: Spool, schema: Any) -> None:
        self._target, self._spool, self._schema = target, spool, schema
        if spool.length == 0:
            spool.append(schema.serialize().to_pybytes())
        self.length = spool.length
        self._is_finished = False

    def write(self, record: Record, page: Cleaned) -> None:
        """See :class:`boilerstrip.batch.sinks.Sink`."""
        row = carry(page.row, record.columns)
        row["reasons"] = list(row["reasons"].items())
        self.length = self._spool.append(_build_batch(row, self._schema).serialize().to_pybytes())

    def commit(self) -> None:
        """See :class:`boilerstrip.batch.sinks.Sink`."""
        self._spool.flush()

    def finish(self) -> None:
        """Rewrite the spool as Parquet with row groups of 1,000 rows, whatever the commits were."""
        self._spool.close()
        written = self._spool.path + ".parquet"
        _rewrite(self._spool.path, written, self._schema)
        put_in_place(written, self._target)
        self._is_finished = True

    def close(self) -> None:
        """See :class:`boilerstrip.batch.sinks.Sink`. Only now is the spool not needed to begin again."""
        self._spool.close()
        if self._is_finished:
            os.remove(self._spool.path)


def _build_batch(row: dict[str, Any], schema: Any) -> Any:
    import pyarrow

    arrays = [pyarrow.array([_fit(row.get(field.name), field.type)], field.type) for field in schema]
    return pyarrow.record_batch(arrays, schema=schema)


def _fit(value: Any, kind: Any) -> Any:
    """Text that UTF-8 can hold, whatever half of a surrogate pair it came with."""
    from pyarrow import types

    if isinstance(value, str) and (types.is_string(kind) or types.is_large_string(kind)):
        return value.encode("utf-8", "replace").decode()
    return value


def _rewrite(spooled: str, target: str, schema: Any) -> None:
    import pyarrow
    from pyarrow import ipc, parquet

    with open(spooled, "rb") as stream, parquet.ParquetWriter(target, schema) as writer:
        pending: list[Any] = []
        for batch in ipc.open_stream(stream):
            pending.append(batch)
            if len(pending) == _ROWS_A_GROUP:
                writer.write_table(pyarrow.Table.from_batches(pending, schema), row_group_size=_ROWS_A_GROUP)
                pending.clear()
        if pending:
            writer.write_table(pyarrow.Table.from_batches(pending, schema), row_group_size=_ROWS_A_GROUP)
