"""A folder of reports: one file a page, and an index that is made of the reports themselves.

Since every report carries its own entry, the index needs no other record of a run: it can be written again at any time,
after an interrupted run went on, or by hand after reports were removed.
"""

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final

from boilerstrip.document import Document
from boilerstrip.errors import OptionError
from boilerstrip.report.index import ReportEntry, read_entry, render_index
from boilerstrip.report.page import report

_REPORT_SUFFIX: Final = ".report.html"
"""Tells the reports from every other file, the index among them."""
INDEX_NAME: Final = "index.html"

_HEAD_CHARACTERS: Final = 20_000
"""A report's entry stands before this: it is short, whatever the page."""
_LONGEST_NAME: Final = 255
"""Bytes of a file's name on common file systems."""
_UNFINISHED: Final = ".new"


def write_report(document: Document, folder: str | os.PathLike[str], name: str) -> Path:
    """Write a page's report below a folder, as a whole or not at all; its path.

    :param name: the page's relative path; folders in it are made.
    :raises OptionError: if the name leads out of the folder.
    :raises OSError: when it cannot be written.
    """
    path = Path(folder, *_read_parts(name))
    top = os.path.realpath(folder)
    if os.path.commonpath([top, os.path.realpath(path.parent)]) != top:
        raise PermissionError(None, "a link in the reports' folder leads out of it, and nothing is written there")
    path.parent.mkdir(parents=True, exist_ok=True)
    path = path.with_name(_fit_name(path.name) + _REPORT_SUFFIX)
    _write_whole(path, report(document))
    return path


def write_index(folder: str | os.PathLike[str], *, title: str = "Cleaned pages") -> Path:
    """Write the index of all reports in a folder; its path."""
    path = Path(folder, INDEX_NAME)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(path, render_index(_read_entries(Path(folder)), title=title))
    return path


def list_reports(folder: str | os.PathLike[str]) -> Iterator[Path]:
    """The reports in a folder and the folders below it, in an order of their own."""
    return (path for path in Path(folder).rglob(f"*{_REPORT_SUFFIX}") if path.is_file())


def clear_reports(folder: str | os.PathLike[str]) -> None:
    """Remove the reports and the index of a folder, and nothing else."""
    for path in [*list_reports(folder), Path(folder, INDEX_NAME)]:
        path.unlink(missing_ok=True)


def _read_entries(folder: Path) -> Iterator[ReportEntry]:
    for path in list_reports(folder):
        with path.open(encoding="utf-8", errors="replace") as file:
            head = file.read(_HEAD_CHARACTERS)
        place = path.relative_to(folder).as_posix()
        entry = read_entry(head, name=place.removesuffix(_REPORT_SUFFIX), href=place)
        if entry is not None:
            yield entry


def _read_parts(name: str) -> tuple[str, ...]:
    parts = Path(name).parts
    if not parts or Path(name).is_absolute() or ".." in parts:
        raise OptionError(f"name={name!r} leads out of the reports' folder; use a relative path without '..'")
    return parts


def _fit_name(name: str) -> str:
    """A file's name that leaves room for the suffixes; what is cut off is told apart by its hash.

    >>> _fit_name("page"), len(_fit_name("é" * 200).encode())
    ('page', 239)
    """
    encoded, room = os.fsencode(name), _LONGEST_NAME - len(_REPORT_SUFFIX + _UNFINISHED)
    if len(encoded) <= room:
        return name
    mark = "~" + blake2b(encoded, digest_size=4).hexdigest()
    return encoded[: room - len(mark)].decode("utf-8", "ignore") + mark


def _write_whole(path: Path, content: str) -> None:
    unfinished = path.with_name(path.name + _UNFINISHED)
    unfinished.unlink(missing_ok=True)  # a link in its place would be followed
    unfinished.write_text(content, encoding="utf-8")
    os.replace(unfinished, path)
