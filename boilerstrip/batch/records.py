"""What flows through a batch run: inputs, tasks for workers, and what became of a page."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Stage = Literal["find", "read", "clean", "write"]
"""Where an input failed: it is no page, its bytes cannot be had, it cannot be cleaned, it cannot be stored."""


@dataclass(frozen=True, slots=True)
class Record:
    """One page of an input: a file that a worker reads, or content that the source has read already."""

    id: str
    """The path below the inputs' common folder, or what names the page in its archive or table."""
    name: str
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


@dataclass(frozen=True, slots=True)
class Failure:
    """An input without an output; a line of ``errors.jsonl``."""

    id: str
    stage: Stage
    message: str
    position: int = 0


Input = Record | Failure


@dataclass(frozen=True, slots=True)
class Facts:
    """What the summary counts of one page."""

    status: str = "ok"
    language: str | None = None
    words_kept: int = 0
    words_dropped: Mapping[str, int] = field(default_factory=dict)
    """Words by the reason they were dropped for."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned page, ready for a sink: the bytes of its file, or the values of its row, or what a memory learns."""

    facts: Facts
    content: bytes = b""
    row: Mapping[str, Any] = field(default_factory=dict)
    lesson: tuple[str, str, tuple[str, ...]] | None = None
    """Site, page and the texts of its blocks; ``None`` where nothing says which site it belongs to."""


class Failed(NamedTuple):
    """Why a page has no output."""

    stage: Stage
    message: str


Result = Cleaned | Failed


def display_path(path: str) -> str:
    """A path as text that any encoding can hold: bytes that are no UTF-8 become escapes.

    >>> display_path("caf\\udce9.html")
    'caf\\\\xe9.html'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def explain_os_error(error: OSError) -> str:
    """The cause without number and path: "Permission denied"."""
    return error.strerror or str(error) or type(error).__name__
