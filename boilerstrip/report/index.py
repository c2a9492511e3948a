"""The index of a folder's reports: every page, the least sure first, and two charts; and what it needs to know of a
page, which every report carries with it."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any, Final
from urllib.parse import quote

from boilerstrip.document import Document
from boilerstrip.language_codes import name_language
from boilerstrip.report.template import (
    fill_template,
    format_share,
    name_code,
    write_bar,
    write_credit,
    write_data,
    write_figures,
)

_CARRIED: Final = re.compile(r'<script type="application/json" id="page">(.*?)</script>', re.DOTALL)
_PLACE_FIELDS: Final = ("name", "href")
"""Given by where a report lies, and not carried in it."""
_TITLE_LENGTH: Final = 300
_LINE_LENGTH: Final = 120
"""Characters of a first line that stands for a title."""


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One page of a folder as the index shows it; small, so that all pages of a run fit into memory."""

    name: str
    """What the page is called in the folder, such as its path."""
    href: str
    """Path of its report, relative to the index."""
    title: str = ""
    confidence: float = 0.0
    status: str = "ok"
    page_type: str = ""
    language: str = ""
    words_kept: int = 0
    words_dropped: Mapping[str, int] = field(default_factory=dict)
    """Dropped words by the code of the main reason."""


def name_document(document: Document) -> str:
    """What a page is called: its title, else its first line that was kept, else its first line; empty without text.

    >>> from boilerstrip import clean
    >>> name_document(clean("It rained on the mill for three days.\\nNobody came by to ask why it stood still."))
    'It rained on the mill for three days.'
    """
    if document.title:
        return document.title
    first = next((block for block in document.blocks if block.kept), next(iter(document.blocks), None))
    lines = first.text.split("\n") if first else [""]
    return lines[0] if len(lines[0]) <= _LINE_LENGTH else lines[0][:_LINE_LENGTH].rsplit(" ", 1)[0] + " …"


def describe_document(document: Document, *, name: str, href: str) -> ReportEntry:
    """What the index needs to know of a document.

    >>> describe_document(Document(status="empty"), name="a.html", href="a.html.report.html").words_kept
    0
    """
    dropped = Counter[str]()
    for block in document.blocks:
        main = None if block.kept else block.main_reason
        if not block.kept:
            dropped[main.code if main else ""] += block.word_count
    return ReportEntry(
        name=name,
        href=href,
        title=name_document(document),
        confidence=document.confidence,
        status=document.status,
        page_type=document.page_type or "",
        language=document.language or "",
        words_kept=sum(block.word_count for block in document.blocks if block.kept),
        words_dropped=dict(dropped),
    )


def write_entry(document: Document) -> str:
    """The entry as a report carries it."""
    entry = asdict(describe_document(document, name="", href=""))
    carried = {name: value for name, value in entry.items() if name not in _PLACE_FIELDS}
    return write_data(carried | {"title": entry["title"][:_TITLE_LENGTH]})


def read_entry(report: str, *, name: str, href: str) -> ReportEntry | None:
    """The entry that a report carries; ``None`` if the text is no report.

    >>> from boilerstrip.report import report
    >>> read_entry(report(Document(status="empty")), name="a", href="a.report.html").status
    'empty'
    """
    match = _CARRIED.search(report)
    try:
        carried: dict[str, Any] = json.loads(match[1]) if match else {}
        return ReportEntry(name=name, href=href, **carried) if carried else None
    except (TypeError, ValueError):
        return None


_BINS: Final = 20
"""Columns of the histogram: steps of 0.05."""
_LOW_CONFIDENCE: Final = 0.5
"""Below this the expected text is wrong in more words than it is right in; drawn in the other colour."""
_REASONS_SHOWN: Final = 12
ROWS_SHOWN: Final = 5000
"""Pages listed: a browser lays out so many rows in a moment, and nobody reads beyond them."""

_WIDTH: Final = 480
_COLUMN_ROOM: Final = 170
_ROW_HEIGHT: Final = 24
_LABEL_WIDTH: Final = 164
_VALUE_WIDTH: Final = 60


def render_index(entries: Iterable[ReportEntry], *, title: str = "Cleaned pages") -> str:
    """The index as HTML text: self-contained like the reports, and without any script.

    >>> "a.html" in render_index([ReportEntry("a.html", "a.report.html")])
    True
    """
    ordered = sorted(entries, key=lambda entry: (entry.confidence, entry.name))
    dropped = Counter[str]()
    for entry in ordered:
        dropped.update(entry.words_dropped)
    values = {
        "title": escape(title),
        "figures": write_figures(_describe(ordered, dropped)),
        "charts": _write_histogram(ordered) + "\n" + _write_reason_chart(dropped),
        "rows": "\n".join(map(_write_row, ordered[:ROWS_SHOWN])),
        "rest": _write_rest(len(ordered) - ROWS_SHOWN),
        "credit": write_credit(),
    }
    return fill_template("index.html", values)


def _describe(entries: Sequence[ReportEntry], dropped: Counter[str]) -> dict[str, str]:
    kept = sum(entry.words_kept for entry in entries)
    words = kept + dropped.total()
    figures = {
        "Pages": f"{len(entries):,}",
        "Words kept": f"{kept:,} <small>of {words:,}, {format_share(kept / words if words else 0.0)}</small>",
    }
    if entries:
        figures["Median confidence"] = f"{entries[len(entries) // 2].confidence:.2f}"
    without = sum(entry.status != "ok" for entry in entries)
    if without:
        figures["Without a story"] = f"{without:,}"
    return figures


def _write_histogram(entries: Sequence[ReportEntry]) -> str:
    """Pages by confidence."""
    counts = Counter(min(int(entry.confidence * _BINS), _BINS - 1) for entry in entries)
    most = max(counts.values(), default=1)
    step = _WIDTH / _BINS
    pieces = []
    for number in range(_BINS):
        height = _COLUMN_ROOM * counts[number] / most
        low, high = number / _BINS, (number + 1) / _BINS
        css_class = "low" if high <= _LOW_CONFIDENCE else "column"
        box = (
            f'x="{number * step + 1:g}" y="{20 + _COLUMN_ROOM - height:.1f}" width="{step - 2:g}" height="{height:.1f}"'
        )
        label = f"{low:.2f} to {high:.2f}: {_count_pages(counts[number])}"
        pieces.append(f'<rect class="{css_class}" {box}><title>{label}</title></rect>')
        if counts[number]:
            x, y = (number + 0.5) * step, 14 + _COLUMN_ROOM - height
            value = _shorten_count(counts[number])
            pieces.append(f'<text class="value" x="{x:g}" y="{y:.1f}" text-anchor="middle">{value}</text>')
    floor = 20 + _COLUMN_ROOM
    pieces.append(f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{floor}" y2="{floor}"/>')
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        anchor = {0.0: "start", 1.0: "end"}.get(tick, "middle")
        pieces.append(f'<text x="{tick * _WIDTH:g}" y="{floor + 18}" text-anchor="{anchor}">{tick:g}</text>')
    return _write_chart("Confidence", "of each page, 1 is sure", floor + 24, pieces)


def _shorten_count(number: int) -> str:
    """A count in at most four characters, as wide as a column.

    >>> [_shorten_count(number) for number in (7, 1234, 45_678, 2_000_000)]
    ['7', '1.2k', '46k', '2.0M']
    """
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if number >= size:
            digits = 1 if number < 10 * size else 0
            return f"{number / size:.{digits}f}{unit}"
    return str(number)


def _count_pages(number: int) -> str:
    return f"{number:,} page{'' if number == 1 else 's'}"


def _write_reason_chart(dropped: Counter[str]) -> str:
    """Dropped words by main reason, the most first."""
    rows = dropped.most_common(_REASONS_SHOWN)
    rest = dropped.total() - sum(words for _, words in rows)
    if rest:
        rows.append((f"{len(dropped) - _REASONS_SHOWN} other reasons", rest))
    most = max((words for _, words in rows), default=1) or 1
    room = _WIDTH - _LABEL_WIDTH - _VALUE_WIDTH
    pieces = []
    for number, (code, words) in enumerate(rows):
        y, width = number * _ROW_HEIGHT, room * words / most
        pieces.append(
            f'<text x="0" y="{y + 16}">{escape(name_code(code))}</text>'
            f'<rect class="row" x="{_LABEL_WIDTH}" y="{y + 5}" width="{width:.1f}" height="14" rx="2"/>'
            f'<text class="value" x="{_LABEL_WIDTH + width + 8:.1f}" y="{y + 16}">{words:,}</text>'
        )
    return _write_chart("Dropped words", "by main reason", max(1, len(rows)) * _ROW_HEIGHT, pieces)


def _write_chart(heading: str, unit: str, height: int, pieces: Sequence[str]) -> str:
    box = f'viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{heading}, {unit}"'
    return f"<div><h2>{heading} <span>{unit}</span></h2><svg {box}>{''.join(pieces)}</svg></div>"


def _write_row(entry: ReportEntry) -> str:
    bar = write_bar(entry.confidence, "k" if entry.confidence >= _LOW_CONFIDENCE else "d", track=True)
    link = f'<a href="{escape(quote(os.fsencode(entry.href)))}">{escape(entry.title or entry.name)}</a>'
    cells = [
        f'<td class="sure">{bar}{entry.confidence:.2f}</td>',
        f'<td class="page"><span dir="auto">{link}</span><small>{" · ".join(_describe_entry(entry))}</small></td>',
        f'<td class="n">{entry.words_kept:,}<small> kept</small></td>',
        f'<td class="n">{sum(entry.words_dropped.values()):,}<small> dropped</small></td>',
        f'<td class="most">{" ".join(_name_most(entry.words_dropped))}</td>',
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _describe_entry(entry: ReportEntry) -> Iterator[str]:
    """Where the page is and what it is, as HTML."""
    yield escape(entry.name)
    if entry.status != "ok":
        yield f"<b>{escape(name_code(entry.status))}</b>"
    elif entry.page_type:
        yield escape(name_code(entry.page_type))
    if entry.language:
        yield escape(name_language(entry.language).capitalize())


def _name_most(words_dropped: Mapping[str, int]) -> Iterator[str]:
    """The two reasons that dropped the most words, as HTML."""
    for code, words in Counter(words_dropped).most_common(2):
        yield f"<span>{escape(name_code(code) or 'No reason')} {words:,}</span>"


def _write_rest(number: int) -> str:
    return f'<p class="rest">{_count_pages(number)} more, surer than these, are not listed.</p>' if number > 0 else ""
