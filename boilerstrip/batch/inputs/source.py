"""All inputs of a run as items, one at a time: what a file holds shows in its name, and each format has its reader."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from boilerstrip.batch.inputs.files import Finder, avoid_own_names
from boilerstrip.batch.inputs.streams import Stream, open_standard_input, open_stream, strip_compression
from boilerstrip.batch.inputs.tables import read_arrow, read_json_lines, read_parquet
from boilerstrip.batch.inputs.warc import read_warc
from boilerstrip.batch.inputs.web import list_addresses
from boilerstrip.batch.items import Failure, Fields, Found, Item
from boilerstrip.errors import MissingExtra
from boilerstrip.limits import LARGEST_PAGE

PAGE: Final = "page"
"""What a file holds that is in none of the formats: one page."""
STANDARD_INPUT: Final = "-"

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
    """What a file of this name holds.

    >>> tell_format("a.html"), tell_format("CC-MAIN.warc.wet.gz"), tell_format("rows.JSONL.zst")
    ('page', 'warc', 'jsonl')
    """
    return _FORMAT_OF_SUFFIX.get(os.path.splitext(strip_compression(name))[1].lower(), PAGE)


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
            known = INPUT_FORMATS.get(self.input_format or PAGE)
            named = Found(STANDARD_INPUT, "stdin", "stdin", 0)
            yield from self._read(open_standard_input(), named, known.read if known else _read_one_page)
            return
        before = 0
        for found in self.finder:
            if isinstance(found, Item):
                yield replace(found, position=before)
                continue
            for item in self._read_file(found):
                yield replace(item, position=before + item.position)
            before += found.size
        for item in list_addresses(self.addresses):
            yield replace(item, position=before)

    def survey(self) -> tuple[int, list[tuple[Found, str]]]:
        """Bytes of all files, and the files with columns of their own types, with their formats.

        Nothing is known of standard input before it is read.
        """
        size, tables = 0, []
        for found in () if self._is_standard_input else self.finder:
            if isinstance(found, Found):
                size += found.size
                kind = self._format_of(found.path)
                if kind in ("parquet", "arrow"):
                    tables.append((found, kind))
        return size, tables

    @property
    def _is_standard_input(self) -> bool:
        return self.finder.paths == (STANDARD_INPUT,)

    def _format_of(self, path: str) -> str:
        return self.input_format or tell_format(path)

    def _read_file(self, found: Found) -> Iterator[Item]:
        """A page for the worker to read, or the pages of a file that holds many."""
        kind = self._format_of(found.path)
        if kind == PAGE:
            name, folder = avoid_own_names(found.name, self.finder.root), os.path.dirname(found.path)
            yield Item(found.id, name, path=found.path, folder=folder, position=found.size)
            return
        # The outputs of many pages stand in a folder of their file's whole name, which nothing else there has.
        whole_name = os.path.join(os.path.dirname(found.name), os.path.basename(found.path))
        named = replace(found, name=avoid_own_names(whole_name, self.finder.root))
        yield from self._read(open_stream(found.path), named, INPUT_FORMATS[kind].read)

    def _read(self, opening: AbstractContextManager[Stream], found: Found, read: Reader) -> Iterator[Item]:
        """The items of an input; what cannot be read is one failure after those that could."""
        position = 0
        try:
            with opening as stream:
                for item in read(stream, found, self.fields, self.max_bytes):
                    position = item.position or stream.position()
                    yield replace(item, position=position)
        except Exception as error:
            failure = Failure("read", _explain(error), isinstance(error, MissingExtra))
            yield Item(found.id, position=position, failure=failure)


def _read_one_page(stream: Stream, found: Found, _: Fields, max_bytes: int) -> Iterator[Item]:
    """Standard input where no format is named."""
    yield Item(found.id, found.name, content=stream.decompress().read(max_bytes + 1))


def _explain(error: Exception) -> str:
    if isinstance(error, (OSError, MissingExtra)):
        return str(error)
    told = str(error).split("\n")[0]
    return told if type(error).__module__.startswith("pyarrow") else f"damaged: {type(error).__name__}: {told}"
