"""Record batches of pages to record batches of stories: the function behind every engine that speaks Arrow."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from boilerstrip.errors import OptionError
from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.pages import PageCleaner, Settings, describe_size, import_extra
from boilerstrip.rows import COLUMNS, COLUMNS_ON_REQUEST, arrow_type, carry_names

_TYPES: Final = {**COLUMNS, **COLUMNS_ON_REQUEST}
ROWS_A_BATCH: Final = 256
"""Rows of a batch that comes out: pages are large, and engines give ten thousand of them at once."""


def clean_batches(batches: Iterable[Any], *, memory: SiteLookup | None = None, **settings: Any) -> Iterator[Any]:
    """Clean every row of an iterable of record batches, of a reader, or of a table.

    Gives batches of at most 256 rows: the columns that :func:`build_schema` describes, row by row in the same order.
    A row that fails has ``status`` "failed" and its ``error``, and null in every other column of ours.

    :param memory: what is known of the blocks of the pages' sites, such as a :class:`boilerstrip.SiteMemory`.
    :param settings: the fields of :class:`boilerstrip.pipelines.pages.Settings`: ``html="html"``, ``url="url"``,
        ``columns=``, ``options=`` and so on.
    :raises OptionError: for a setting that is not allowed and, at the first batch, for a page's column that is missing.
    """
    require_pyarrow()
    chosen = Settings(**settings)
    return clean_record_batches(batches.to_batches() if hasattr(batches, "to_batches") else batches, chosen, memory)


def clean_record_batches(batches: Iterable[Any], settings: Settings, memory: SiteLookup | None = None) -> Iterator[Any]:
    """The same with settings that were checked before: what engines call in their workers."""
    cleaner = PageCleaner(settings, memory)
    for batch in batches:
        for start in range(0, max(1, batch.num_rows), ROWS_A_BATCH):
            yield _clean_batch(batch.slice(start, ROWS_A_BATCH), cleaner)


def clean_table(table: Any, settings: Settings, memory: SiteLookup | None = None) -> Any:
    """The same for a table."""
    batches = list(clean_record_batches(table.to_batches(), settings, memory))
    return require_pyarrow().Table.from_batches(batches, build_schema(table.schema, settings))


def build_schema(schema: Any, settings: Settings) -> Any:
    """The Arrow schema of what comes out: our columns, then the input's own but for those that are read.

    A column of the input that is called as one of ours gets ``input_`` before its name.

    :raises OptionError: when the input has no column for the page.
    """
    pyarrow = require_pyarrow()
    if settings.html not in schema.names:
        raise OptionError(
            f"html={settings.html!r} is no column of the table, which has {', '.join(schema.names) or 'none'}"
        )
    own = [pyarrow.field(name, arrow_type(_TYPES[name])) for name in settings.columns]
    carried = _carried(schema, settings)
    names = carry_names([field.name for field in carried], settings.columns)
    return pyarrow.schema([*own, *(field.with_name(name) for field, name in zip(carried, names, strict=True))])


def build_arrays(rows: Sequence[Mapping[str, Any]], settings: Settings) -> list[Any]:
    """The columns of ours as Arrow arrays, in their order."""
    return [_build_array([row[name] for row in rows], arrow_type(_TYPES[name])) for name in settings.columns]


def require_pyarrow() -> Any:
    """The package ``pyarrow``.

    :raises MissingExtra: when it is not installed.
    """
    return import_extra("pyarrow", "Cleaning Arrow batches", "arrow")


def _carried(schema: Any, settings: Settings) -> list[Any]:
    return [field for field in schema if field.name not in settings.read_columns]


def _clean_batch(batch: Any, cleaner: PageCleaner) -> Any:
    settings = cleaner.settings
    schema = build_schema(batch.schema, settings)
    own = build_arrays([cleaner.clean(*read_row(batch, row, settings)) for row in range(batch.num_rows)], settings)
    carried = [batch.column(field.name) for field in _carried(batch.schema, settings)]
    return require_pyarrow().RecordBatch.from_arrays([*own, *carried], schema=schema)


class Row(NamedTuple):
    """What is read of a row."""

    page: Any
    url: Any
    identifier: Any
    site: Any
    encoding: Any
    error: Any


def read_row(batch: Any, row: int, settings: Settings, *, with_page: bool = True) -> Row:
    """The values of one row, so that no more than one page is a value of Python at a time; a page that is too large,
    or was not read, is an error and never copied.

    :param with_page: whether the page is wanted at all.
    """
    names = frozenset(batch.schema.names)
    url, identifier, site, encoding, error = (
        _read_value(batch.column(name)[row]) if name in names else None
        for name in (settings.url, settings.id, settings.site, settings.encoding, settings.error)
    )
    page = batch.column(settings.html)[row]
    if error is None and _measure(page) > settings.max_bytes:
        error = describe_size(settings.max_bytes)
    return Row(_read_value(page) if with_page and error is None else None, url, identifier, site, encoding, error)


def _measure(scalar: Any) -> int:
    """Bytes of a text or binary value, which is not copied for it; 0 for anything else."""
    value: Any = scalar.value if hasattr(scalar, "dictionary") else scalar
    buffer = value.as_buffer() if hasattr(value, "as_buffer") else None
    return 0 if buffer is None else int(buffer.size)


def _read_value(scalar: Any) -> Any:
    """The value for Python; text that is no UTF-8 as bytes, which are then decoded like a page's."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.as_buffer().to_pybytes()
    except (ValueError, OverflowError):  # such as a date that Python has no room for
        return None


def _build_array(values: list[Any], kind: Any) -> Any:
    """An array of one column; half a surrogate pair becomes a question mark."""
    pyarrow = require_pyarrow()
    if pyarrow.types.is_map(kind):
        values = [None if value is None else list(value.items()) for value in values]
    try:
        return pyarrow.array(values, kind)
    except UnicodeEncodeError:
        return pyarrow.array([_mend(value) for value in values], kind)


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _mend(item) for key, item in value.items()}
    return [_mend(item) for item in value] if isinstance(value, (list, tuple)) else value
