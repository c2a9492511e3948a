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
