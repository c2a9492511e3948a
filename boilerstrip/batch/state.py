"""What a run has done: one SQLite file that holds, for each input, its outcome and its row in one transaction.

A page's own file is on the disk before the transaction that names it. So whenever the run dies, the state names inputs
whose outputs are there, and a run that goes on does the others.
"""

import errno
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any, Final, NamedTuple

from boilerstrip.batch.items import Facts, Failure, Item, Outcome
from boilerstrip.errors import OptionError

_VERSION: Final = 1
_TABLES: Final = f"""
    CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE inputs (key BLOB PRIMARY KEY, number INTEGER NOT NULL, outcome TEXT NOT NULL, row BLOB NOT NULL);
    CREATE INDEX inputs_by_number ON inputs (number);
    PRAGMA user_version = {_VERSION};
"""
"""``number`` is the place among the inputs; of an input that was not met since the run went on, -1 less that."""
_ROW_COMPRESSION: Final = 1
_DONE_BEFORE: Final = Failure("find", "")
"""Of the item of an input that is done already, so that no worker looks at it; its claim holds what became of it."""


class Claim(NamedTuple):
    """An input's place in the state."""

    item: Item
    key: bytes
    number: int
    done: Outcome | None
    """What became of it in an earlier part of the run."""


class State:
    """The open state of a run."""

    def __init__(self, path: str) -> None:
        """Open a state, or begin one.

        :raises OptionError: when the file is no state that this version can read.
        """
        self._path = path
        self._claimed: set[bytes] = set()
        self.is_changed = False
        """Whether inputs were added or moved since the rows were last put together."""
        self._connection = sqlite3.connect(path, timeout=60.0, isolation_level=None)
        try:
            self._connection.execute("PRAGMA journal_mode = TRUNCATE")
            [version] = self._connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._connection.executescript(f"BEGIN; {_TABLES} COMMIT;")
        except sqlite3.OperationalError as error:
            raise _explain(error, path) from error
        except sqlite3.DatabaseError:
            version = None
        if version not in (0, _VERSION):
            self._connection.close()
            raise OptionError(f"{path} is no state of a run that this version can read; start anew with --overwrite")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def read(self, name: str) -> Any:
        """What is known of the run as a whole by this name; ``None`` if nothing is."""
        found = next(self._select("SELECT value FROM run WHERE name = ?", name), None)
        return json.loads(found[0]) if found else None

    def write(self, **values: Any) -> None:
        """Remember values of the run as a whole, all or none of them."""
        with self._transaction():
            rows = [(name, json.dumps(value)) for name, value in values.items()]
            self._connection.executemany("INSERT OR REPLACE INTO run VALUES (?, ?)", rows)

    def forget_places(self) -> None:
        """Make ready to meet the inputs again, of which some may be new and some gone."""
        with self._transaction():
            self._connection.execute("UPDATE inputs SET number = -1 - number WHERE number >= 0")

    def claim(self, item: Item, number: int) -> Claim:
        """The place of the input that stands at ``number``, done before or not."""
        name = item.name or f"?{item.id}"
        key, copies = _encode(name), 1
        while True:
            found = next(self._select("SELECT number, outcome FROM inputs WHERE key = ?", key), None)
            if key not in self._claimed and (found is None or found[0] < 0):
                break
            copies += 1
            key = _encode(f"{name}?{copies}")
        self._claimed.add(key)
        if found is None:
            return Claim(item, key, number, None)
        self.is_changed |= found[0] != -1 - number
        # Many of these may wait for a commit, and none is looked into again.
        item = Item(item.id, position=item.position, failure=_DONE_BEFORE)
        return Claim(item, key, number, _read_outcome(found[1]))

    def commit(self, done: Iterable[tuple[Claim, Outcome, bytes]]) -> None:
        """Remember what became of inputs, and their rows.

        :raises OSError: when that cannot be written; the state is as before then.
        """
        done = list(done)
        added = [
            (claim.key, claim.number, _write_outcome(claim.item.id, outcome), _pack(row))
            for claim, outcome, row in done
            if claim.done is None
        ]
        met = [(claim.number, claim.key) for claim, _, _ in done if claim.done is not None]
        with self._transaction():
            self._connection.executemany("INSERT INTO inputs VALUES (?, ?, ?, ?)", added)
            self._connection.executemany("UPDATE inputs SET number = ? WHERE key = ?", met)
        self.is_changed |= bool(added)
        self._claimed.difference_update(claim.key for claim, _, _ in done)

    def count_missing(self) -> int:
        """How many pages of earlier parts of the run were not met again."""
        [[count]] = self._select("SELECT count(*) FROM inputs WHERE number < 0 AND outcome NOT LIKE '{%'")
        return int(count)

    def read_rows(self) -> Iterator[bytes]:
        """Yield the rows of all pages in the order of the inputs."""
        for [row] in self._select("SELECT row FROM inputs WHERE number >= 0 ORDER BY number"):
            if row:
                yield zlib.decompress(row)

    def read_failures(self, *, is_over: bool) -> Iterator[bytes]:
        """Yield a line of ``errors.jsonl`` for each failure, in the order of the inputs.

        :param is_over: leave out inputs that were not met again, as all that are left were.
        """
        place = "number" if is_over else "max(number, -1 - number)"
        select = f"SELECT outcome FROM inputs WHERE {place} >= 0 AND outcome LIKE '{{%' ORDER BY {place}"
        for [outcome] in self._select(select):
            yield outcome.encode() + b"\n"

    def _select(self, select: str, *values: Any) -> Iterator[Any]:
        try:
            yield from self._connection.execute(select, values)
        except sqlite3.Error as error:
            raise _explain(error, self._path) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _explain(error, self._path) from error


def check_options(before: Mapping[str, Any], options: Mapping[str, Any]) -> None:
    """
    :raises OptionError: when a run was begun with other options; the message names each difference.
    """
    now = json.loads(json.dumps(dict(options)))
    differences = [
        f"{name} was {_show(before.get(name))} and is {_show(now.get(name))} now"
        for name in dict.fromkeys([*before, *now])
        if before.get(name) != now.get(name)
    ]
    if differences:
        raise OptionError(
            f"this is another run than the one to resume: {'; '.join(differences)}. "
            "Give the same options, or start anew with --overwrite"
        )


def _show(value: Any) -> str:
    if value in (None, [], ""):
        return "not given"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _pack(row: bytes) -> bytes:
    return zlib.compress(row, _ROW_COMPRESSION) if row else b""


def _encode(key: str) -> bytes:
    """A key as bytes, for names may hold bytes that are no text."""
    return key.encode("utf-8", "surrogatepass")


def _write_outcome(identifier: str, outcome: Outcome) -> str:
    if isinstance(outcome, Failure):
        return json.dumps({"id": identifier, "stage": outcome.stage, "message": outcome.message})
    return json.dumps(astuple(outcome))


def _read_outcome(text: str) -> Outcome:
    plain = json.loads(text)
    return Failure(plain["stage"], plain["message"]) if isinstance(plain, dict) else Facts(*plain)


def _explain(error: sqlite3.Error, path: str) -> OSError:
    """What SQLite says about the disk, as the system would say it."""
    number = errno.ENOSPC if "full" in str(error) else errno.EIO
    return OSError(number, f"the state of the run cannot be read or written: {error}", path)
