"""What flows through a run: the files that were found, an item for each page, and what became of it."""

import errno
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

Stage = Literal["find", "read", "clean", "write"]
"""Where an input failed: it is no page, its bytes cannot be had, it cannot be cleaned, it cannot be stored."""


class Failure(NamedTuple):
    """Why an input has no output; a line of ``errors.jsonl``."""

    stage: Stage
    message: str
    is_for_all: bool = False
    """Whether the rest of the run will meet the same until its user changes something: said once, at its end."""


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
        """The column among ``names`` that names the row.

        >>> Fields().find_id(["html", "_id"]), Fields(id="key").find_id(["id"])
        ('_id', 'key')
        """
        return self.id or next((name for name in _ID_COLUMNS if name in names), None)

    def is_carried(self, name: str, names: Collection[str]) -> bool:
        """Whether a column goes through to the output as it is."""
        return name not in (self.html, self.url, self.find_id(names))


_ID_COLUMNS: Final = ("id", "doc_id", "document_id", "_id", "uuid")
"""Where rows are usually named; ``_id`` is MongoDB's and Elasticsearch's."""


@dataclass(frozen=True, slots=True)
class Item:
    """One input: a file that a worker reads, content that was read already, or why there is no page."""

    id: str
    """The path below the inputs' common folder, or what names the page in its archive or table."""
    name: str = ""
    """Relative path of its output in a tree of files, without the format's suffix; unique in a run."""
    path: str | None = None
    content: bytes | str | None = None
    url: str | None = None
    encoding: str | None = None
    folder: str = ""
    """Names the site of a page without an address."""
    columns: Mapping[str, Any] = field(default_factory=dict)
    """What else the row held, carried through to the output."""
    position: int = 0
    """Bytes of the inputs up to and including this one, for the progress bar."""
    failure: Failure | None = None
    load: "Callable[[Item], Item] | None" = None
    """Gets the content when its turn comes, one at a time, in the process that gives items to workers."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the summary counts of one page."""

    status: str = "ok"
    language: str | None = None
    words_kept: int = 0
    words_dropped: Mapping[str, int] = field(default_factory=dict)
    """Words by the reason they were dropped for."""


Outcome = Facts | Failure
"""What is remembered of an input that is done."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned page, ready to be stored: the bytes of its file, or the values of its row."""

    facts: Facts
    content: bytes = b""
    row: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Learnable:
    """What a memory learns from a page."""

    facts: Facts
    site: str = ""
    """Empty where nothing says which site the page belongs to."""
    page: str = ""
    texts: tuple[str, ...] = ()


def explain_os_error(error: OSError) -> str:
    """The cause without number and path: "Permission denied"."""
    return error.strerror or str(error) or type(error).__name__


_FATAL: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENODEV}
)


def is_fatal(error: Exception) -> bool:
    """Whether the disk or the system fails, so that the next page would meet the same."""
    return isinstance(error, OSError) and error.errno in _FATAL


def fail_to_write(error: OSError) -> Failure:
    """The failure of a page that cannot be stored.

    :raises OSError: what the next page would meet as well.
    """
    if is_fatal(error):
        raise error
    return Failure("write", explain_os_error(error))
