"""The journal of a run: which inputs are done, in order, and how long the run's files were then.

A line is written after what it speaks of is on the disk. So whenever the run dies, the journal names a beginning of the
inputs whose outputs are there, and cutting the files at the lengths in its last line undoes the rest.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple
from typing import Any, BinaryIO, Final, NamedTuple

from boilerstrip.batch.durable import Spool, write_at_once
from boilerstrip.batch.records import Facts, Failed
from boilerstrip.errors import OptionError

VERSION: Final = 1
_ABSENT: Final = "not given"


class Entry(NamedTuple):
    """An input that is done."""

    id: str
    ends: tuple[int, int]
    """Bytes of ``errors.jsonl`` and of the sink's spool with it."""
    outcome: Facts | Failed


class Position(NamedTuple):
    """How far a journal goes."""

    done: int
    length: int
    """Bytes of the journal up to its last whole line."""
    ends: tuple[int, int]
    is_finished: bool


class Journal:
    """An open journal that entries are added to."""

    def __init__(self, path: str, position: Position) -> None:
        self._spool = Spool(path, position.length)
        self._pending: list[Entry] = []

    def append(self, entry: Entry) -> None:
        """Note an input; it counts after :meth:`commit`."""
        self._pending.append(entry)

    def commit(self) -> None:
        """Write what was noted; all of it must be on the disk already."""
        if self._pending:
            self._spool.append(b"".join(map(_write_entry, self._pending)))
            self._spool.flush()
            self._pending.clear()

    def finish(self) -> None:
        """Say that the run is over."""
        self.commit()
        self._spool.append(b'{"finished": true}\n')
        self._spool.flush()

    def close(self) -> None:
        """Close the file; what was noted and not committed is forgotten."""
        self._spool.close()


def create_journal(path: str, options: Mapping[str, Any]) -> Position:
    """Begin a journal; it is there with its first line or not at all."""
    write_at_once(path, _write_line({"journal": VERSION, "options": dict(options)}))
    return read_position(path)


def read_position(path: str) -> Position:
    """How far a journal goes; half a line at its end, from a run that was killed, does not count."""
    done, ends, finished, length = 0, (0, 0), False, 0
    with open(path, "rb") as file:
        length = len(file.readline())
        for line, entry in _read_lines(file):
            length += len(line)
            if entry is None:
                finished = True
                break
            done, ends = done + 1, entry.ends
    return Position(done, length, ends, finished)


def read_entries(path: str) -> Iterator[Entry]:
    """The inputs that are done, in order."""
    with open(path, "rb") as file:
        file.readline()
        for _, entry in _read_lines(file):
            if entry is not None:
                yield entry


def check_options(path: str, options: Mapping[str, Any]) -> None:
    """
    :raises OptionError: when a journal was begun with other options; the message names each difference.
    """
    before = _read_header(path)
    now = json.loads(json.dumps(dict(options)))
    differences = [
        f"{name} was {_show(before, name)} and is {_show(now, name)} now"
        for name in dict.fromkeys([*before, *now])
        if before.get(name) != now.get(name)
    ]
    if differences:
        raise OptionError(
            f"this is another run than the one to resume: {'; '.join(differences)}. "
            "Give the same options, or start anew with --overwrite"
        )


def _read_header(path: str) -> dict[str, Any]:
    with open(path, "rb") as file, suppress(ValueError):
        header = json.loads(file.readline())
        if isinstance(header, dict) and header.get("journal") == VERSION:
            return dict(header["options"])
    raise OptionError(f"{path} is no journal that this version can read; start anew with --overwrite")


def _show(options: Mapping[str, Any], name: str) -> str:
    value = options.get(name)
    if value in (None, [], ""):
        return _ABSENT
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _read_lines(file: BinaryIO) -> Iterator[tuple[bytes, Entry | None]]:
    """Whole lines and their entries; ``None`` for the line that ends a run."""
    for line in file:
        if not line.endswith(b"\n"):
            return
        try:
            yield line, _parse_entry(json.loads(line))
        except (ValueError, KeyError, TypeError):
            return


def _parse_entry(plain: Mapping[str, Any]) -> Entry | None:
    if "finished" in plain:
        return None
    errors, spool = plain["ends"]
    outcome = Failed(*plain["failed"]) if "failed" in plain else Facts(*plain["facts"])
    return Entry(plain["id"], (errors, spool), outcome)


def _write_entry(entry: Entry) -> bytes:
    outcome = entry.outcome
    told = {"failed": list(outcome)} if isinstance(outcome, Failed) else {"facts": list(astuple(outcome))}
    return _write_line({"id": entry.id, "ends": list(entry.ends), **told})


def _write_line(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain).encode() + b"\n"
