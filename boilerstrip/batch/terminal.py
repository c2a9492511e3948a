"""What a person sees on standard error: lines that no text of a page can make do anything, how far a run is, and what
it has done."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any, Final

import click

from boilerstrip.batch.items import Failure, Outcome

COMMAND = "boilerstrip"
_LINE_SECONDS: Final = 30.0
_BAR_SECONDS: Final = 0.1
_SHOWN: Final = 8
"""Reasons and languages that the summary names; the rest is counted together."""


def say(line: str) -> None:
    """Print a line on standard error."""
    click.echo(f"{COMMAND}: {show_controls(line)}", err=True)


def one_line(text: str) -> str:
    """``text`` safe to show on one line: what cannot be printed is a blank, and runs of blanks are one.

    >>> one_line("two\\n lines \\x1b[31m")
    'two lines [31m'
    """
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def show_controls(text: str) -> str:
    """``text`` with control characters, which a terminal would obey, as pictures; line breaks and tabs stay.

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


@dataclass(slots=True)
class Summary:
    """Counts over all pages of a run, those of its earlier, interrupted parts included."""

    pages: int = 0
    """Inputs with an output."""
    failures: int = 0
    failed_stages: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    words_kept: int = 0
    words_dropped: Counter[str] = field(default_factory=Counter)
    resumed: int = 0
    """Inputs that an earlier part of the run had done."""
    hints: dict[str, int] = field(default_factory=dict)
    """What stands in the way of more than one input, and of how many."""
    missing: int = 0
    """Pages that an earlier part of the run had done and that are no longer among the inputs."""
    began: float = field(default_factory=monotonic)
    seconds: float = 0.0
    """From the beginning of this part of the run to the last input."""

    @property
    def inputs(self) -> int:
        """All inputs: pages and failures."""
        return self.pages + self.failures

    @property
    def pages_a_second(self) -> float:
        """Inputs a second in this part of the run."""
        return (self.inputs - self.resumed) / self.seconds if self.seconds > 0 else 0.0

    def count(self, outcome: Outcome) -> None:
        """Add an input."""
        self.seconds = monotonic() - self.began
        if isinstance(outcome, Failure):
            self.failures += 1
            self.failed_stages[outcome.stage] += 1
            if outcome.is_for_all:
                self.hints[outcome.message] = self.hints.get(outcome.message, 0) + 1
            return
        self.pages += 1
        self.statuses[outcome.status] += 1
        self.languages[outcome.language or "unknown"] += 1
        self.words_kept += outcome.words_kept
        self.words_dropped.update(outcome.words_dropped)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {
            "inputs": self.inputs,
            "pages": self.pages,
            "failures": self.failures,
            "failed_stages": _ranked(self.failed_stages),
            "statuses": _ranked(self.statuses),
            "languages": _ranked(self.languages),
            "words_kept": self.words_kept,
            "words_dropped": sum(self.words_dropped.values()),
            "dropped_by_reason": _ranked(self.words_dropped),
            "resumed": self.resumed,
            "seconds": round(self.seconds, 3),
            "pages_a_second": round(self.pages_a_second, 1),
        }


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts, the largest first, equal ones by name: the same whatever came first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def describe(summary: Summary) -> list[str]:
    """The lines of the summary for a person.

    >>> from boilerstrip.batch.items import Facts
    >>> summary = Summary()
    >>> summary.count(Facts("ok", "en", 120, {"link_density": 30}))
    >>> summary.seconds = 2.0
    >>> describe(summary)
    ['1 page, no failures, 0.5 pages a second',
     'words: 120 kept, 30 dropped (link_density 30)', 'languages: en 1']
    """
    dropped = sum(summary.words_dropped.values())
    lines = [
        f"{count_nouns(summary.pages, 'page')}, {count_nouns(summary.failures, 'failure')}{_describe_work(summary)}"
    ]
    if summary.pages:
        lines.append(f"words: {summary.words_kept:,} kept, {dropped:,} dropped{_list(summary.words_dropped, True)}")
        lines.append("languages: " + _list(summary.languages))
    if set(summary.statuses) - {"ok"}:
        lines.append("status: " + _list(summary.statuses))
    if summary.missing:
        gone = count_nouns(summary.missing, "page")
        lines.append(f"{gone} done before and no longer among the inputs: not in the rows, files are left")
    return lines


def count_nouns(count: int, noun: str) -> str:
    """
    >>> count_nouns(0, "failure"), count_nouns(1, "failure"), count_nouns(2000, "failure")
    ('no failures', '1 failure', '2,000 failures')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else f"no {noun}s"


def _describe_work(summary: Summary) -> str:
    """What was done before, and how fast the rest went, if there was one."""
    if 0 < summary.resumed == summary.inputs:
        return ", all of it done before"
    before = f" ({summary.resumed:,} done before)" if summary.resumed else ""
    return f"{before}, {summary.pages_a_second:,.1f} pages a second"


def _list(counts: Mapping[str, int], in_brackets: bool = False) -> str:
    ranked = list(_ranked(counts).items())
    shown = [f"{name} {count:,}" for name, count in ranked[:_SHOWN]]
    rest = sum(count for _, count in ranked[_SHOWN:])
    text = ", ".join(shown + [f"others {rest:,}"] * bool(rest))
    return f" ({text})" if in_brackets and text else text


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
            told = f", {_format_seconds(left)} left" if left is not None else ""
            self._write(describe_pace(summary) + told, position)


def describe_pace(summary: Summary) -> str:
    """Pages, failures and pages a second in words."""
    pages, failures = count_nouns(summary.pages, "page"), count_nouns(summary.failures, "failure")
    return f"{pages}, {failures}, {summary.pages_a_second:,.1f} pages a second"


def _estimate_seconds_left(seconds: float, position: int, total: int) -> float | None:
    """The seconds until the end, if it goes on as before; ``None`` where that cannot be said.

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
