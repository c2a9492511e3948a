"""Where pages go: a tree of files, or one file of rows. Nothing is half there, and nothing is replaced unasked."""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import Any, Final, NamedTuple

from boilerstrip.batch.inputs.tables import require_pyarrow
from boilerstrip.batch.items import Cleaned, Failure, Item, fail_to_write
from boilerstrip.rows import COLUMNS, arrow_type, carry, carry_names, write_json_line

_SYNCING_THREADS: Final = 4
"""Files that are flushed at once: a journaling file system then commits them together."""

_ROWS_A_GROUP: Final = 1000
"""Rows of a Parquet row group, whatever the commits were; readers hold one in memory at a time."""

Stored = bytes | Failure
"""What the state is to keep of a page's output, which is nothing where the page has a file of its own."""


class Outputs(ABC):
    """Takes cleaned pages in the order of the inputs."""

    @abstractmethod
    def store(self, pages: Sequence[tuple[Item, Cleaned]]) -> list[Stored]:
        """Bring pages to the disk, as far as they are not rows that the state keeps.

        :raises OSError: when the disk or the system fails.
        """

    @abstractmethod
    def finish(self, rows: Iterator[bytes]) -> None:
        """Make of all rows of the run what the user looks for; may be repeated."""


class FileOutputs(Outputs):
    """One file for each page, below ``out``, at the path of its input.

    Files are written aside first and renamed when they are on the disk. A page whose file cannot be written is a
    failure.
    """

    def __init__(self, out: str, aside: str, suffix: str, *, replace: bool = False) -> None:
        """:param replace: whether files that exist may be replaced by others."""
        self._out, self._aside, self._suffix, self._replace = out, aside, suffix, replace
        shutil.rmtree(aside, ignore_errors=True)
        os.makedirs(aside)

    def store(self, pages: Sequence[tuple[Item, Cleaned]]) -> list[Stored]:
        places = [self._write_aside(number, item, page) for number, (item, page) in enumerate(pages)]
        written = [place for place in places if isinstance(place, _Place)]
        with ThreadPoolExecutor(_SYNCING_THREADS) as threads:
            list(threads.map(_sync_file, [place.aside for place in written]))
        stored = [_put_in_place(*place) if isinstance(place, _Place) else place for place in places]
        _sync_folders(os.path.dirname(place.target) for place in written)
        return stored

    def finish(self, rows: Iterator[bytes]) -> None:
        shutil.rmtree(self._aside, ignore_errors=True)

    def _write_aside(self, number: int, item: Item, page: Cleaned) -> "_Place | Stored":
        """Where a page's file is written aside and where it belongs; nothing where it is there already."""
        target, aside = os.path.join(self._out, item.name + self._suffix), os.path.join(self._aside, str(number))
        try:
            _make_folder_inside(self._out, os.path.dirname(target))
            if os.path.isdir(target) and not os.path.islink(target):
                raise IsADirectoryError(None, "there is a folder of its name")
            if os.path.lexists(target) and not self._replace:
                if _holds(target, page.content):  # a run that was stopped had come so far
                    return b""
                raise FileExistsError(None, f"{os.path.basename(target)} exists; --overwrite replaces it")
            with open(aside, "wb") as file:
                file.write(page.content)
        except OSError as error:
            return fail_to_write(error)
        return _Place(aside, target)


class _Place(NamedTuple):
    aside: str
    target: str


def _make_folder_inside(top: str, folder: str) -> None:
    """Make a folder, unless a link in its path leads out of ``top``.

    :raises PermissionError: when one does.
    """
    true_top = os.path.realpath(top)
    if os.path.commonpath([true_top, os.path.realpath(folder)]) != true_top:
        raise PermissionError(None, "a link in the output leads out of it, and nothing is written there")
    os.makedirs(folder, exist_ok=True)


def _holds(path: str, content: bytes) -> bool:
    if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) != len(content):
        return False
    with open(path, "rb") as file:
        return file.read() == content


def _put_in_place(aside: str, target: str) -> Stored:
    try:
        os.replace(aside, target)
    except OSError as error:
        return fail_to_write(error)
    return b""


class JsonLinesOutputs(Outputs):
    """One line for each page in one file, which is there when the run is over; without pages it is empty."""

    def __init__(self, target: str, aside: str) -> None:
        self._target, self._aside = target, aside

    def store(self, pages: Sequence[tuple[Item, Cleaned]]) -> list[Stored]:
        return [write_line(item, page) for item, page in pages]

    def finish(self, rows: Iterator[bytes]) -> None:
        write_whole(self._target, self._aside, rows)


def write_line(item: Item, page: Cleaned) -> Stored:
    """The line of a page."""
    try:
        return write_json_line(carry(page.row, item.columns))
    except Exception as error:
        return _fail_row(error)


def _fail_row(error: Exception) -> Failure:
    return Failure("write", f"its row cannot be written: {str(error).splitlines()[0] if str(error) else error!r}")


class ParquetOutputs(Outputs):
    """One row for each page in one file. Columns of other inputs than tables are left out: they have no fixed type."""

    def __init__(self, target: str, aside: str, schema: Any) -> None:
        self._target, self._aside, self._schema = target, aside, schema

    def store(self, pages: Sequence[tuple[Item, Cleaned]]) -> list[Stored]:
        return [self._build_row(item, page) for item, page in pages]

    def finish(self, rows: Iterator[bytes]) -> None:
        import pyarrow
        from pyarrow import ipc, parquet

        with parquet.ParquetWriter(self._aside, self._schema) as writer:
            while group := list(islice(rows, _ROWS_A_GROUP)):
                batches = [ipc.read_record_batch(pyarrow.py_buffer(row), self._schema) for row in group]
                writer.write_table(pyarrow.Table.from_batches(batches, self._schema), row_group_size=_ROWS_A_GROUP)
        _move_into_place(self._aside, self._target)

    def _build_row(self, item: Item, page: Cleaned) -> Stored:
        import pyarrow

        row = carry(page.row, item.columns)
        row["reasons"] = list(row["reasons"].items())
        try:
            arrays = [_build_array(row.get(field.name), field.type) for field in self._schema]
            return bytes(pyarrow.record_batch(arrays, schema=self._schema).serialize())
        except Exception as error:
            return _fail_row(error)


def _build_array(value: Any, kind: Any) -> Any:
    import pyarrow
    from pyarrow import types

    if isinstance(value, str) and (types.is_string(kind) or types.is_large_string(kind)):
        value = value.encode("utf-8", "replace").decode()  # half a surrogate pair is a question mark
    try:
        return pyarrow.array([value], kind)
    except (TypeError, ValueError):  # Arrow's own errors among them
        if not isinstance(value, str):
            raise
        return pyarrow.array([value]).cast(kind)  # such as a time of nanoseconds, which Python has as text only


def build_schema(*, markdown: bool, carried: Any = None) -> Any:
    """The Arrow schema of ``pages.parquet``.

    :param carried: the schema of the columns that tables among the inputs bring along.
    """
    pyarrow = require_pyarrow("Writing Parquet")
    own = {"markdown" if markdown and name == "text" else name: arrow_type(kind) for name, kind in COLUMNS.items()}
    if carried is None:
        return pyarrow.schema(own.items())
    kinds = map(_plain_type, carried.types)
    return pyarrow.schema([*own.items(), *zip(carry_names(carried.names, own), kinds, strict=True)])


def _plain_type(kind: Any) -> Any:
    """A type whose values can be written row by row: dictionary-encoded ones become what they stand for."""
    from pyarrow import types

    return kind.value_type if types.is_dictionary(kind) else kind


def write_whole(path: str, aside: str, chunks: Iterable[bytes]) -> None:
    """Write a file that is there as a whole or not at all, by way of another on the same disk."""
    with open(aside, "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    _move_into_place(aside, path)


def _move_into_place(aside: str, target: str) -> None:
    _sync_file(aside)
    os.replace(aside, target)
    _sync_folders([os.path.dirname(target)])


def _sync_file(path: str) -> None:
    """Wait until a file's content is on the disk."""
    _sync(path, os.O_RDWR | getattr(os, "O_BINARY", 0))


def _sync_folders(folders: Iterable[str]) -> None:
    """Wait until the names in folders are on the disk, where the system can say so (Windows cannot)."""
    for folder in sorted(set(folders)):
        with suppress(PermissionError):
            _sync(folder, os.O_RDONLY)


def _sync(path: str, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
