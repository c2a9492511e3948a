"""What a person at the terminal sees on standard error: lines that no text of a page can make do anything, and how far
a run is: a bar in a terminal, a line every 30 seconds elsewhere, or nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic
from typing import Final

import click

from boilerstrip.batch.summary import Summary, count_nouns

COMMAND = "boilerstrip"
_LINE_SECONDS: Final = 30.0
_BAR_SECONDS: Final = 0.1


def say(line: str) -> None:
    """Print a line on standard error."""
    click.echo(f"{COMMAND}: {show_controls(line)}", err=True)


def one_line(text: str) -> str:
    """Return ``text`` safe to show on one line: what cannot be printed is a blank, and runs of blanks are one.

    >>> one_line("two\\n lines \\x1b[31m")
    'two lines [31m'
    """
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def show_controls(text: str) -> str:
    """Return ``text`` with control characters, which a terminal would obey, as pictures; line breaks and tabs stay.

    >>> show_controls("a\\x1b]0;owned\\x07b\\x9b\\n")
    'a␛]0;owned␇b\\ufffd\\n'
    """
    return text.translate(_PICTURES)


_PICTURES = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
}
"""Control Pictures (Unicode block U+2400) for C0; C1 and the marks that turn the direction of a line have none."""


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
