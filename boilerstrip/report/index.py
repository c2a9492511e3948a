"""A folder of reports: one file a page, and an index with every page, the least sure first, and two charts.

Since every report carries its own entry, the index needs no other record of a run: it can be written again at any time,
after an interrupted run went on, or by hand after reports were removed.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from boilerstrip.document import Document
from boilerstrip.errors import OptionError
from boilerstrip.language_codes import name_language
from boilerstrip.report.page import report
from boilerstrip.report.parts import (
    ReportEntry,
    fill_template,
    format_share,
    name_code,
    read_entry,
    write_bar,
    write_figures,
)

_REPORT_SUFFIX: Final = ".report.html"
"""Tells the reports from every other file, the index among them."""
INDEX_NAME: Final = "index.html"

_HEAD_CHARACTERS: Final = 20_000
"""A report's entry stands before this: it is short, whatever the page."""
_LONGEST_NAME: Final = 255
"""Bytes of a file's name on common file systems."""
_UNFINISHED: Final = ".new"

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


def write_report(document: Document, folder: str | os.PathLike[str], name: str) -> Path:
    """Write a page's report below a folder, as a whole or not at all; its path.

    :param name: the page's relative path; folders in it are made.
    :raises OptionError: if the name leads out of the folder.
    :raises OSError: when it cannot be written.
    """
    path = Path(folder, *_read_parts(name))
    top = os.path.realpath(folder)
    if os.path.commonpath([top, os.path.realpath(path.parent)]) != top:
        raise PermissionError(None, "a link in the reports' folder leads out of it, and nothing is written there")
    path.parent.mkdir(parents=True, exist_ok=True)
    path = path.with_name(_fit_name(path.name) + _REPORT_SUFFIX)
    _write_whole(path, report(document))
    return path


def write_index(folder: str | os.PathLike[str], *, title: str = "Cleaned pages") -> Path:
    """Write the index of all reports in a folder; its path."""
    path = Path(folder, INDEX_NAME)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(path, render_index(_read_entries(Path(folder)), title=title))
    return path


def list_reports(folder: str | os.PathLike[str]) -> Iterator[Path]:
    """The reports in a folder and the folders below it, in an order of their own."""
    return (path for path in Path(folder).rglob(f"*{_REPORT_SUFFIX}") if path.is_file())


def clear_reports(folder: str | os.PathLike[str]) -> None:
    """Remove the reports and the index of a folder, and nothing else."""
    for path in [*list_reports(folder), Path(folder, INDEX_NAME)]:
        path.unlink(missing_ok=True)


def _read_entries(folder: Path) -> Iterator[ReportEntry]:
    for path in list_reports(folder):
        with path.open(encoding="utf-8", errors="replace") as file:
            head = file.read(_HEAD_CHARACTERS)
        place = path.relative_to(folder).as_posix()
        entry = read_entry(head, name=place.removesuffix(_REPORT_SUFFIX), href=place)
        if entry is not None:
            yield entry


def _read_parts(name: str) -> tuple[str, ...]:
    parts = Path(name).parts
    if not parts or Path(name).is_absolute() or ".." in parts:
        raise OptionError(f"name={name!r} leads out of the reports' folder; use a relative path without '..'")
    return parts


def _fit_name(name: str) -> str:
    """A file's name that leaves room for the suffixes; what is cut off is told apart by its hash.

    >>> _fit_name("page"), len(_fit_name("é" * 200).encode())
    ('page', 239)
    """
    encoded, room = os.fsencode(name), _LONGEST_NAME - len(_REPORT_SUFFIX + _UNFINISHED)
    if len(encoded) <= room:
        return name
    mark = "~" + blake2b(encoded, digest_size=4).hexdigest()
    return encoded[: room - len(mark)].decode("utf-8", "ignore") + mark


def _write_whole(path: Path, content: str) -> None:
    unfinished = path.with_name(path.name + _UNFINISHED)
    unfinished.unlink(missing_ok=True)  # a link in its place would be followed
    unfinished.write_text(content, encoding="utf-8")
    os.replace(unfinished, path)


def render_index(entries: Iterable[ReportEntry], *, title: str = "Cleaned pages") -> str:
    """The index as HTML text: self-contained like the reports, and without any script."""
    ordered = sorted(entries, key=lambda entry: (entry.confidence, entry.name))
    dropped = Counter[str]()
    for entry in ordered:
        dropped.update(entry.words_dropped)
    rest = len(ordered) - ROWS_SHOWN
    values = {
        "title": escape(title),
        "figures": write_figures(_describe(ordered, dropped)),
        "charts": _write_histogram(ordered) + "\n" + _write_reason_chart(dropped),
        "rows": "\n".join(map(_write_row, ordered[:ROWS_SHOWN])),
        "rest": f'<p class="rest">{_count_pages(rest)} more, surer than these, are not listed.</p>' if rest > 0 else "",
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
