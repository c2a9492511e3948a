"""Inputs to records, one at a time: what a file is shows in its name, and each kind has its reader."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final, cast

from boilerstrip.batch.finding import Finder, Found
from boilerstrip.batch.jsonl import read_json_lines
from boilerstrip.batch.names import FileKind, avoid_own_names, tell_kind_of_name
from boilerstrip.batch.reading import (
    LARGEST_PAGE,
    CountedStream,
    decompress,
    decompress_by_content,
    explain_damage,
    is_gzip,
    open_regular,
)
from boilerstrip.batch.records import Failure, Input, Record
from boilerstrip.batch.tables import read_arrow, read_parquet
from boilerstrip.batch.warc import read_warc
from boilerstrip.errors import MissingExtra

STANDARD_INPUT: Final = "-"
STANDARD_INPUT_NAME: Final = "stdin"


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the columns that hold a page in JSONL, Parquet and Arrow."""

    html: str = "html"
    url: str = "url"
    id: str | None = None
    """The column that names the row; by default file and row number do."""


@dataclass(frozen=True)
class Source:
    """All inputs of a run. Iterating it twice gives the same records, standard input excepted."""

    finder: Finder
    fields: Fields = field(default_factory=Fields)
    max_bytes: int = LARGEST_PAGE
    kind: FileKind | None = None
    """What every input is; ``None`` tells from their names."""

    def __iter__(self) -> Iterator[Input]:
        if self.finder.paths == (STANDARD_INPUT,):
            yield from self._read_standard_input()
            return
        before = 0
        for found in self.finder:
            if isinstance(found, Failure):
                yield Failure(found.id, found.stage, found.message, before)
                continue
            yield from self._read(found, before)
            before += found.size

    def kind_of(self, name: str) -> FileKind:
        """What a file of this name holds.

        >>> source = Source(Finder(("crawl",), ".txt"))
        >>> source.kind_of("a.html"), source.kind_of("CC-MAIN.warc.wet.gz"), source.kind_of("rows.jsonl.zst")
        ('page', 'warc', 'jsonl')
        """
        return self.kind or tell_kind_of_name(name)

    def _read(self, found: Found, before: int) -> Iterator[Input]:
        kind = self.kind_of(found.path)
        if kind == "page":
            name, folder = avoid_own_names(found.name, self.finder.root), os.path.dirname(found.path)
            yield Record(found.id, name, path=found.path, folder=folder, position=before + found.size)
        else:
            yield from self._read_container(found, kind, before)

    def _read_container(self, found: Found, kind: FileKind, before: int) -> Iterator[Input]:
        """The records of a file that holds many; what cannot be read is one failure after those that could.

        Their outputs stand in a folder of the file's whole name, which nothing else there has.
        """
        position = before
        whole_name = os.path.join(os.path.dirname(found.name), os.path.basename(found.path))
        found = replace(found, name=avoid_own_names(whole_name, self.finder.root))
        try:
            for record in self._open_container(found, kind, before):
                position = record.position
                yield record
        except (OSError, MissingExtra) as error:
            yield Failure(found.id, "read", str(error), position)

    def _open_container(self, found: Found, kind: FileKind, before: int) -> Iterator[Input]:
        if kind == "warc":
            yield from self._read_warc_file(found, before)
        elif kind == "jsonl":
            with explain_damage(), open_regular(found.path) as raw:
                stream = decompress(raw, _suffix_of(found.path))
                yield from read_json_lines(stream, found, self.fields, self.max_bytes, lambda: before + raw.tell())
        else:
            reader = read_parquet if kind == "parquet" else read_arrow
            with explain_damage():
                yield from reader(found, self.fields, before)

    def _read_warc_file(self, found: Found, before: int) -> Iterator[Input]:
        with explain_damage(), open_regular(found.path) as raw:
            if _suffix_of(found.path) == ".zst":
                stream = cast(BinaryIO, CountedStream(decompress(raw, ".zst")))
                yield from read_warc(stream, found, self.max_bytes, lambda: before + raw.tell(), can_seek=False)
            else:
                yield from read_warc(raw, found, self.max_bytes, lambda: before + raw.tell())

    def _read_standard_input(self) -> Iterator[Input]:
        """One page, or many if ``kind`` says so; whatever comes is decompressed by its first bytes."""
        found = Found(STANDARD_INPUT, STANDARD_INPUT_NAME, STANDARD_INPUT_NAME, 0)
        try:
            with explain_damage():
                raw = cast(io.BufferedReader, sys.stdin.buffer)
                # Of a compressed archive each record is compressed on its own: damage in one leaves those before it.
                stream = raw if self.kind == "warc" and is_gzip(raw) else decompress_by_content(raw)
                yield from self._read_stream(stream, found)
        except (OSError, MissingExtra) as error:
            yield Failure(found.id, "read", str(error))

    def _read_stream(self, stream: BinaryIO, found: Found) -> Iterator[Input]:
        if self.kind == "jsonl":
            yield from read_json_lines(stream, found, self.fields, self.max_bytes, lambda: 0)
        elif self.kind == "warc":
            counted = cast(BinaryIO, CountedStream(stream))
            yield from read_warc(counted, found, self.max_bytes, lambda: 0, can_seek=False)
        elif self.kind in ("parquet", "arrow"):
            reader: Callable[..., Iterator[Input]] = read_parquet if self.kind == "parquet" else read_arrow
            yield from reader(found, self.fields, 0, stream)
        else:
            yield Record(found.id, found.name, content=stream.read(self.max_bytes + 1))


def _suffix_of(name: str) -> str:
    return os.path.splitext(name)[1].lower()
