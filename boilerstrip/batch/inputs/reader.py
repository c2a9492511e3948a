"""A row of any table to an item, and what every reader of a format is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from boilerstrip.batch.items import Failure, Item


@dataclass(frozen=True, slots=True)
class Found:
    """A file among the inputs."""

    path: str
    id: str
    """Its path below the inputs' common folder, as text."""
    name: str
    """Relative path of its output, without the output's suffix."""
    size: int


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the columns that hold a page in JSONL, Parquet and Arrow."""

    html: str = "html"
    url: str = "url"
    id: str | None = None
    """The column that names the row; by default the first of :data:`_ID_COLUMNS` that is there, else file and row
    number."""

    def find_id(self, names: Collection[str]) -> str | None:
        """Return the column among ``names`` that names the row.

        >>> Fields().find_id(["html", "_id"]), Fields(id="key").find_id(["id"])
        ('_id', 'key')
        """
        return self.id or next((name for name in _ID_COLUMNS if name in names), None)

    def is_carried(self, name: str, names: Collection[str]) -> bool:
        """Tell whether a column goes through to the output as it is."""
        return name not in (self.html, self.url, self.find_id(names))


class RowError(ValueError):
    """A row holds no page; the message says what is missing."""


class ColumnError(RowError):
    """A table has no column of pages by the name that was asked for."""


_ID_COLUMNS: Final = ("id", "doc_id", "document_id", "_id", "uuid")
"""Where rows are usually named; ``_id`` is MongoDB's and Elasticsearch's."""


def make_item(row: Mapping[str, Any], found: Found, fields: Fields, number: int, position: int = 0) -> Item:
    """Return the item of a row.

    :raises RowError: if its page is missing or neither text nor bytes.
    """
    if fields.html not in row:
        names = ", ".join(map(str, row)) or "nothing"
        raise ColumnError(f"no field {fields.html!r}; the row has {names}: name one with --field")
    page = row[fields.html]
    if not isinstance(page, (str, bytes)):
        raise RowError(f"field {fields.html!r} holds {type(page).__name__}, not a page")
    url, id_column = row.get(fields.url), fields.find_id(row)
    name = row.get(id_column) if id_column else None
    return Item(
        id=f"{found.id}#{number}" if name is None else str(name),
        name=f"{found.name}/{number:08d}",
        content=page,
        url=url if isinstance(url, str) and url else None,
        folder=found.path,
        columns={key: value for key, value in row.items() if fields.is_carried(key, row)},
        position=position,
    )


def fail_row(found: Found, number: int, error: Exception, position: int = 0) -> Item:
    """Return the item of a row that holds no page."""
    failure = Failure("read", str(error), isinstance(error, ColumnError))
    return Item(f"{found.id}#{number}", position=position, failure=failure)
