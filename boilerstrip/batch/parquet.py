"""Rows to one Parquet file: one-row Arrow batches in the state, put together when all are there."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from boilerstrip.batch.inputs.tables import require_pyarrow
from boilerstrip.batch.items import Cleaned, Item
from boilerstrip.batch.outputs import Stored, fail_row, move_into_place
from boilerstrip.rows import COLUMNS, arrow_type, carry, carry_names

_ROWS_A_GROUP: Final = 1000
"""Rows of a Parquet row group; readers hold one in memory at a time."""


def build_schema(*, markdown: bool, carried: Any = None) -> Any:
    """Return the Arrow schema of ``pages.parquet``.

    :param carried: the schema of the columns that tables among the inputs bring along.
    """
    pyarrow = require_pyarrow("Writing Parquet")
    own = {"markdown" if markdown and name == "text" else name: arrow_type(kind) for name, kind in COLUMNS.items()}
    brought = carry_names(carried.names, own) if carried is not None else []
    kinds = map(_plain_type, carried.types if carried is not None else ())
    return pyarrow.schema([*own.items(), *zip(brought, kinds, strict=True)])


def _plain_type(kind: Any) -> Any:
    """A type whose values can be written row by row: dictionary-encoded ones become what they stand for."""
    from pyarrow import types

    return kind.value_type if types.is_dictionary(kind) else kind


class ParquetOutputs:
    """One row for each page in one file. Columns of other inputs than tables are left out: they have no fixed type."""

    def __init__(self, target: str, aside: str, schema: Any) -> None:
        self._target, self._aside, self._schema = target, aside, schema

    def store(self, pages: Sequence[tuple[Item, Cleaned]]) -> list[Stored]:
        """See :class:`boilerstrip.batch.outputs.Outputs`."""
        return [self._build_row(item, page) for item, page in pages]

    def finish(self, rows: Iterator[bytes]) -> None:
        """See :class:`boilerstrip.batch.outputs.Outputs`; row groups have 1,000 rows, whatever the commits were."""
        import pyarrow
        from pyarrow import ipc, parquet

        with parquet.ParquetWriter(self._aside, self._schema) as writer:
            while group := list(islice(rows, _ROWS_A_GROUP)):
                batches = [ipc.read_record_batch(pyarrow.py_buffer(row), self._schema) for row in group]
                writer.write_table(pyarrow.Table.from_batches(batches, self._schema), row_group_size=_ROWS_A_GROUP)
        move_into_place(self._aside, self._target)

    def _build_row(self, item: Item, page: Cleaned) -> Stored:
        import pyarrow

        row = carry(page.row, item.columns)
        row["reasons"] = list(row["reasons"].items())
        try:
            arrays = [_build_array(row.get(field.name), field.type) for field in self._schema]
            return bytes(pyarrow.record_batch(arrays, schema=self._schema).serialize())
        except Exception as error:
            return fail_row(error)


def _build_array(value: Any, kind: Any) -> Any:
    import pyarrow

    try:
        return pyarrow.array([_fit(value, kind)], kind)
    except (TypeError, ValueError):  # Arrow's own errors among them
        if not isinstance(value, str):
            raise
        return pyarrow.array([value]).cast(kind)  # such as a time of nanoseconds, which Python has as text only


def _fit(value: Any, kind: Any) -> Any:
    """Text that UTF-8 can hold, whatever half of a surrogate pair it came with."""
    from pyarrow import types

    if isinstance(value, str) and (types.is_string(kind) or types.is_large_string(kind)):
        return value.encode("utf-8", "replace").decode()
    return value
