"""What a run has done, counted page by page, in words and as plain values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from boilerstrip.batch.items import Failure, Outcome

_SHOWN: Final = 8
"""Reasons and languages that the summary names; the rest is counted together."""


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
    seconds: float = 0.0

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
    >>> summary = Summary(seconds=2.0)
    >>> summary.count(Facts("ok", "en", 120, {"link_density": 30}))
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
