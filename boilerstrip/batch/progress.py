"""How far a run is, on standard error: a bar in a terminal, a line every 30 seconds elsewhere, or nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic
from typing import Final

from boilerstrip.batch.summary import Summary, count_nouns
from boilerstrip.batch.terminal import say

_LINE_SECONDS: Final = 30.0
_BAR_SECONDS: Final = 0.1


class Progress:
    """Shows how far a run is, every now and then."""

    def __init__(self, total: int, write: Callable[[str, int], None], every: float) -> None:
        """
        :param total: bytes of all inputs; 0 if nobody knows.
        :param write: takes how far it is in words and in bytes.
        :param every: seconds.
        """
        self._total, self._write, self._every = total, write, every
        self._began = self._shown = monotonic()
        self._start = 0

    def show(self, summary: Summary, position: int) -> None:
        """Say that so many bytes of the inputs are done."""
        now = monotonic()
        if summary.inputs == summary.resumed:  # what was done before says nothing about the pace
            self._began, self._start = now, position
        if now - self._shown >= self._every:
            self._shown = now
            left = _estimate_seconds_left(now - self._began, position - self._start, self._total - self._start)
            self._write(
                describe_pace(summary) + (f", {_format_seconds(left)} left" if left is not None else ""), position
            )


def describe_pace(summary: Summary) -> str:
    """Return pages, failures and pages a second in words."""
    pages, failures = count_nouns(summary.pages, "page"), count_nouns(summary.failures, "failure")
    return f"{pages}, {failures}, {summary.pages_a_second:,.1f} pages a second"


def _estimate_seconds_left(seconds: float, position: int, total: int) -> float | None:
    """Return the seconds until the end, if it goes on as before; ``None`` where that cannot be said.

    >>> _estimate_seconds_left(10.0, 25, 100)
    30.0
    """
    return seconds * (total - position) / position if 0 < position <= total else None


def _format_seconds(seconds: float) -> str:
    """
    >>> _format_seconds(4000), _format_seconds(62)
    ('1:06:40', '1:02')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def show_progress(total: int, title: str, *, quiet: bool) -> Iterator[Progress]:
    """What standard error allows."""
    if quiet:
        yield Progress(total, lambda told, position: None, inf)
    elif not sys.stderr.isatty():
        yield Progress(total, lambda told, position: say(f"{title}: {told}"), _LINE_SECONDS)
    else:
        from rich import progress
        from rich.console import Console

        columns = (progress.TextColumn(title), progress.BarColumn(), progress.TextColumn("{task.description}"))
        with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=total or None)
            yield Progress(total, lambda told, at: bar.update(task, completed=at, description=told), _BAR_SECONDS)
