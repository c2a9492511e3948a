"""What flows through a run: an item for each input, and what became of it."""

import errno
import os
from collections.abc import Callable, Mapping
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

    @property
    def key(self) -> str:
        """Return what tells it from all other inputs of a run."""
        return self.name or f"?{self.id}"


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


def display_path(path: str) -> str:
    """Return a path as text that any encoding can hold: bytes that are no UTF-8 become escapes.

    >>> display_path("caf\\udce9.html")
    'caf\\\\xe9.html'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def explain_os_error(error: OSError) -> str:
    """Return the cause without number and path: "Permission denied"."""
    return error.strerror or str(error) or type(error).__name__


_FATAL: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENODEV}
)
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_fatal(error: OSError) -> bool:
    """Tell whether the disk or the system fails, so that the next page would meet the same."""
    return error.errno in _FATAL


def is_disk_full(error: OSError) -> bool:
    """Tell whether there is no room left, on the disk or in the user's share of it."""
    return error.errno in _FULL
