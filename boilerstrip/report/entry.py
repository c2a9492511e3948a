"""What the index of a folder needs to know of a page; every report carries its own."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from boilerstrip.document import Document
from boilerstrip.report.template import write_data

_CARRIED: Final = re.compile(r'<script type="application/json" id="page">(.*?)</script>', re.DOTALL)
_PLACE_FIELDS: Final = ("name", "href")
"""Given by where a report lies, and not carried in it."""
_TITLE_LENGTH: Final = 300


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


def describe_document(document: Document, *, name: str, href: str) -> ReportEntry:
    """What the index needs to know of a document.

    >>> describe_document(Document(status="empty"), name="a.html", href="a.html.report.html").words_kept
    0
    """
    dropped = Counter[str]()
    for block in document.blocks:
        main = None if block.kept else block.main_reason
        if main is not None:
            dropped[main.code] += block.word_count
    return ReportEntry(
        name=name,
        href=href,
        title=document.title or "",
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
