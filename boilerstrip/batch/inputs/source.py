"""All inputs of a run as items, one at a time: what a file holds shows in its name, and each format has its reader."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from boilerstrip.batch.inputs.files import Finder
from boilerstrip.batch.inputs.jsonl import read_json_lines
from boilerstrip.batch.inputs.names import avoid_own_names
from boilerstrip.batch.inputs.reader import Fields, Found
from boilerstrip.batch.inputs.streams import (
    LARGEST_PAGE,
    Stream,
    open_standard_input,
    open_stream,
    strip_compression,
)
from boilerstrip.batch.inputs.tables import read_arrow, read_parquet
from boilerstrip.batch.inputs.warc import read_warc
from boilerstrip.batch.inputs.web import list_addresses
from boilerstrip.batch.items import Failure, Item
from boilerstrip.errors import MissingExtra

PAGE: Final = "page"
"""What a file holds that is in none of the formats: one page."""
STANDARD_INPUT: Final = "-"
_STANDARD_INPUT_NAME: Final = "stdin"

Reader = Callable[[Stream, Found, Fields, int], Iterator[Item]]
"""Takes an open file, where it was found, the names of columns and the largest page's size, and yields items."""


class InputFormat(NamedTuple):
    """A kind of file that holds many pages."""

    suffixes: tuple[str, ...]
    read: Reader


INPUT_FORMATS: Final[Mapping[str, InputFormat]] = {
    "jsonl": InputFormat((".jsonl", ".ndjson"), read_json_lines),
    "parquet": InputFormat((".parquet",), read_parquet),
    "arrow": InputFormat((".arrow", ".feather"), read_arrow),
    "warc": InputFormat((".warc", ".wet"), read_warc),
}
"""The only table of input formats."""

_FORMAT_OF_SUFFIX: Final = {suffix: name for name, known in INPUT_FORMATS.items() for suffix in known.suffixes}


def tell_format(name: str) -> str:
    """Return what a file of this name holds.

    >>> tell_format("a.html"), tell_format("CC-MAIN.warc.wet.gz"), tell_format("rows.JSONL.zst")
    ('page', 'warc', 'jsonl')
    """
    return _FORMAT_OF_SUFFIX.get(os.path.splitext(strip_compression(name))[1].lower(), PAGE)


class Survey(NamedTuple):
    """What is known of the inputs before they are read."""

    size: int
    """Bytes of all files."""
    tables: Sequence[tuple[Found, str]]
    """Files with columns of their own types, and their formats."""


@dataclass(frozen=True)
class Source:
    """All inputs of a run. Iterating it twice gives the same items, standard input excepted."""

    finder: Finder
    fields: Fields = field(default_factory=Fields)
    max_bytes: int = LARGEST_PAGE
    input_format: str | None = None
    """What every input holds; ``None`` tells from their names."""
    addresses: tuple[str, ...] = ()
    """Pages that are downloaded, after the files."""

    def __iter__(self) -> Iterator[Item]:
        if self._is_standard_input:
            yield from self._read_standard_input()
            return
        before = 0
        for found in self.finder:
            if isinstance(found, Item):
                yield replace(found, position=before)
                continue
            yield from self._read(found, before)
            before += found.size
        for item in list_addresses(self.addresses):
            yield replace(item, position=before)

    def survey(self) -> Survey:
        """Return what is known of the inputs before they are read; nothing of standard input."""
        size, tables = 0, []
        for found in () if self._is_standard_input else self.finder:
            if isinstance(found, Found):
                size += found.size
                if self._format_of(found.path) in ("parquet", "arrow"):
                    tables.append((found, self._format_of(found.path)))
        return Survey(size, tables)

    @property
    def _is_standard_input(self) -> bool:
        return self.finder.paths == (STANDARD_INPUT,)

    def _format_of(self, path: str) -> str:
        return self.input_format or tell_format(path)

    def _read(self, found: Found, before: int) -> Iterator[Item]:
        file_format = self._format_of(found.path)
        if file_format == PAGE:
            name, folder = avoid_own_names(found.name, self.finder.root), os.path.dirname(found.path)
            yield Item(found.id, name, path=found.path, folder=folder, position=before + found.size)
            return
        # The outputs of many pages stand in a folder of their file's whole name, which nothing else there has.
        whole_name = os.path.join(os.path.dirname(found.name), os.path.basename(found.path))
        named = replace(found, name=avoid_own_names(whole_name, self.finder.root))
        for item in self._read_file(named, INPUT_FORMATS[file_format].read):
            yield replace(item, position=before + item.position)

    def _read_file(self, found: Found, read: Reader) -> Iterator[Item]:
        """The items of a file that holds many; what cannot be read is one failure after those that could."""
        position = 0
        try:
            with open_stream(found.path) as stream:
                for item in read(stream, found, self.fields, self.max_bytes):
                    position = item.position or stream.position()
                    yield replace(item, position=position)
        except Exception as error:
            yield Item(found.id, position=position, failure=_fail(error))

    def _read_standard_input(self) -> Iterator[Item]:
        """One page, or many if the format says so."""
        found = Found(STANDARD_INPUT, _STANDARD_INPUT_NAME, _STANDARD_INPUT_NAME, 0)
        try:
            with open_standard_input() as stream:
                if self.input_format in INPUT_FORMATS:
                    yield from INPUT_FORMATS[str(self.input_format)].read(stream, found, self.fields, self.max_bytes)
                else:
                    yield Item(found.id, found.name, content=stream.decompress().read(self.max_bytes + 1))
        except Exception as error:
            yield Item(found.id, failure=_fail(error))


def _fail(error: Exception) -> Failure:
    return Failure("read", _explain(error), isinstance(error, MissingExtra))


def _explain(error: Exception) -> str:
    if isinstance(error, (OSError, MissingExtra)):
        return str(error)
    told = str(error).split("\n")[0]
    return told if type(error).__module__.startswith("pyarrow") else f"damaged: {type(error).__name__}: {told}"
