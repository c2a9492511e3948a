"""How far a run is, on standard error: a bar in a terminal, a line every 30 seconds elsewhere, or nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final, Protocol, TextIO

from boilerstrip.batch.summary import Summary, count_nouns

_LINE_SECONDS: Final = 30.0
_BAR_SECONDS: Final = 0.1


class Progress(Protocol):
    """Shows how far a run is."""

    def show(self, summary: Summary, position: int) -> None:
        """
        :param position: bytes of the inputs done so far.
        """


class Quiet:
    """Shows nothing."""

    def show(self, summary: Summary, position: int) -> None:
        """See :class:`Progress`."""


class _Pace:
    """How fast a run is, from where it began in this part of it."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._began, self._start = monotonic(), 0

    def describe(self, summary: Summary, position: int) -> str:
        left = estimate_seconds_left(monotonic() - self._began, position - self._start, self._total - self._start)
        return describe_pace(summary) + (f", {format_seconds(left)} left" if left is not None else "")

    def pass_over(self, position: int) -> None:
        """What was done before says nothing about the pace."""
        self._began, self._start = monotonic(), position


class Lines:
    """A line every 30 seconds."""

    def __init__(self, total: int, title: str, stream: TextIO | None = None, every: float = _LINE_SECONDS) -> None:
        """
        :param total: bytes of all inputs; 0 if nobody knows.
        :param title: what is being done.
        """
        self._pace, self._title, self._every = _Pace(total), title, every
        self._stream = stream if stream is not None else sys.stderr
        self._shown = monotonic()

    def show(self, summary: Summary, position: int) -> None:
        """See :class:`Progress`."""
        if summary.inputs == summary.resumed:
            self._pace.pass_over(position)
        if monotonic() - self._shown >= self._every:
            self._shown = monotonic()
            told = self._pace.describe(summary, position)
            print(f"boilerstrip: {self._title}: {told}", file=self._stream, flush=True)


class Bar:
    """A bar that rich draws."""

    def __init__(self, bar: Any, task: Any, total: int) -> None:
        self._bar, self._task, self._pace = bar, task, _Pace(total)
        self._shown = 0.0

    def show(self, summary: Summary, position: int) -> None:
        """See :class:`Progress`."""
        if summary.inputs == summary.resumed:
            self._pace.pass_over(position)
        if monotonic() - self._shown >= _BAR_SECONDS:
            self._shown = monotonic()
            self._bar.update(self._task, completed=position, description=self._pace.describe(summary, position))


def describe_pace(summary: Summary) -> str:
    """Pages, failures and pages a second."""
    pages, failures = count_nouns(summary.pages, "page"), count_nouns(summary.failures, "failure")
    return f"{pages}, {failures}, {summary.pages_a_second:,.1f} pages a second"


def estimate_seconds_left(seconds: float, position: int, total: int) -> float | None:
    """Seconds until the end, if it goes on as before; ``None`` where that cannot be said.

    >>> estimate_seconds_left(10.0, 25, 100)
    30.0
    """
    return seconds * (total - position) / position if 0 < position <= total else None


def format_seconds(seconds: float) -> str:
    """
    >>> format_seconds(4000), format_seconds(62)
    ('1:06:40', '1:02')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def show_progress(total: int, title: str, *, quiet: bool) -> Iterator[Progress]:
    """What standard error allows."""
    if quiet:
        yield Quiet()
    elif not sys.stderr.isatty():
        yield Lines(total, title)
    else:
        with _draw_bar(total, title) as bar:
            yield bar


@contextmanager
def _draw_bar(total: int, title: str) -> Iterator[Progress]:
    from rich import progress
    from rich.console import Console

    columns = (progress.TextColumn(title), progress.BarColumn(), progress.TextColumn("{task.description}"))
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar, bar.add_task("", total=total or None), total)
