"""A row of any table to an item, and what every reader of a format is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    """The column that names the row; by default file and row number do."""


class RowError(ValueError):
    """A row holds no page; the message says what is missing."""


def make_item(row: Mapping[str, Any], found: Found, fields: Fields, number: int, position: int = 0) -> Item:
    """Return the item of a row.

    :raises RowError: if its page is missing or neither text nor bytes.
    """
    if fields.html not in row:
        names = ", ".join(map(str, row)) or "nothing"
        raise RowError(f"no field {fields.html!r}; the row has {names}: name one with --field")
    page = row[fields.html]
    if not isinstance(page, (str, bytes)):
        raise RowError(f"field {fields.html!r} holds {type(page).__name__}, not a page")
    url, name = row.get(fields.url), row.get(fields.id) if fields.id else None
    return Item(
        id=f"{found.id}#{number}" if name is None else str(name),
        name=f"{found.name}/{number:08d}",
        content=page,
        url=url if isinstance(url, str) and url else None,
        folder=found.path,
        columns={key: value for key, value in row.items() if key not in (fields.html, fields.url, fields.id)},
        position=position,
    )


def fail_row(found: Found, number: int, error: Exception, position: int = 0) -> Item:
    """Return the item of a row that holds no page."""
    return Item(f"{found.id}#{number}", position=position, failure=Failure("read", str(error)))
