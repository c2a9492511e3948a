"""The books of a run: every input becomes an output or a line of ``errors.jsonl``, and the journal says which."""

import json
from time import monotonic
from typing import Final

from boilerstrip.batch.durable import FATAL_ERRORS, Spool
from boilerstrip.batch.journal import Entry, Journal
from boilerstrip.batch.records import Cleaned, Facts, Failed, Input, Record, Result, explain_os_error
from boilerstrip.batch.sinks import Sink
from boilerstrip.batch.summary import Summary
from boilerstrip.errors import BoilerstripError

_INPUTS_A_COMMIT: Final = 32
_SECONDS_A_COMMIT: Final = 0.5
"""A kill costs at most the work of this long, and of this many inputs."""


class AccountingError(BoilerstripError):
    """The counts at the end of a run do not match; its output must not be trusted."""


class Ledger:
    """Takes inputs in order with what became of them, and makes that last."""

    def __init__(self, journal: Journal, sink: Sink, errors: Spool, summary: Summary) -> None:
        self.summary = summary
        self._journal, self._sink, self._errors = journal, sink, errors
        self._pending = 0
        self._committed = monotonic()

    def enter(self, item: Input, result: Result) -> None:
        """Store a page, or why there is none.

        :raises OSError: when the disk is full or failing.
        """
        outcome = self._store(item, result)
        if isinstance(outcome, Failed):
            self._errors.append(write_error(item.id, outcome))
        self._journal.append(Entry(item.id, (self._errors.length, self._sink.length), outcome))
        self.summary.count(outcome)
        self._pending += 1

    def commit_when_due(self) -> None:
        """Bring everything to the disk every now and then."""
        is_old = monotonic() - self._committed > _SECONDS_A_COMMIT
        if self._pending >= _INPUTS_A_COMMIT or (self._pending and is_old):
            self.commit()

    def commit(self) -> None:
        """Bring everything to the disk, outputs before the journal's word on them."""
        self._sink.commit()
        self._errors.flush()
        self._journal.commit()
        self._pending, self._committed = 0, monotonic()

    def finish(self, inputs: int) -> None:
        """Close the books.

        :param inputs: how many there were.
        :raises AccountingError: when an input is missing.
        """
        self.commit()
        lines = count_lines(self._errors.path) if self._errors.length else 0
        if self.summary.inputs != inputs or lines != self.summary.failures:
            raise AccountingError(
                f"{inputs} inputs, but {self.summary.pages} outputs and {lines} lines in errors.jsonl; please report it"
            )
        self._sink.finish()
        self._journal.finish()

    def close(self) -> None:
        """Let go of all files; what was not committed is lost."""
        self._sink.close()
        self._errors.close()
        self._journal.close()

    def _store(self, item: Input, result: Result) -> Facts | Failed:
        if not isinstance(result, Cleaned) or not isinstance(item, Record):
            return result if isinstance(result, Failed) else Failed("clean", "there is no page")
        try:
            self._sink.write(item, result)
        except OSError as error:
            if error.errno in FATAL_ERRORS:
                raise
            return Failed("write", explain_os_error(error))
        return result.facts


def write_error(identifier: str, failed: Failed) -> bytes:
    """A line of ``errors.jsonl``.

    >>> write_error("a.html", Failed("read", "Permission denied"))
    b'{"id": "a.html", "stage": "read", "message": "Permission denied"}\\n'
    """
    return json.dumps({"id": identifier, "stage": failed.stage, "message": failed.message}).encode() + b"\n"


def count_lines(path: str) -> int:
    """Lines of a file."""
    with open(path, "rb") as file:
        return sum(1 for _ in file)
