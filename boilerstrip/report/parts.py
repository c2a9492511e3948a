"""What the report of a page and the index share: templates, a few shapes, and the entry that a report carries."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from importlib import resources
from typing import Any, Final
from urllib.parse import urlsplit

from boilerstrip.document import Document

_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")
_UNSAFE_IN_SCRIPT: Final = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
_CARRIED: Final = re.compile(r'<script type="application/json" id="page">(.*?)</script>', re.DOTALL)
_PLACE_FIELDS: Final = ("name", "href")
"""Given by where a report lies, and not carried in it."""
_TITLE_LENGTH: Final = 300
_LINE_LENGTH: Final = 120
"""Characters of a first line that stands for a title."""


def fill_template(name: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled in one pass, so that a value is never read for placeholders.

    The page's style and script are the only ones that its content security policy allows: each by its hash.
    """
    from boilerstrip import __version__

    style, script = _read_asset("style.css"), _read_asset("page.js") if "data" in values else ""
    filled = {
        **values,
        "style": style,
        "script": script,
        "policy": _build_policy(style, script),
        "credit": f"Made by boilerstrip {escape(__version__)}. This file loads nothing and sends nothing.",
    }
    page = _PLACEHOLDER.sub(lambda match: filled[match[1]], _read_asset(name))
    return page.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _read_asset(name: str) -> str:
    return resources.files("boilerstrip.report").joinpath("assets", name).read_text(encoding="utf-8")


def _build_policy(style: str, script: str) -> str:
    """A content security policy under which nothing is loaded, and nothing runs but these (CSP Level 3, 6.7.3).

    >>> _build_policy("", "")[:39]
    "default-src 'none'; style-src 'sha256-4"
    """
    allowed = f"script-src '{_hash(script)}'; " if script else ""
    return f"default-src 'none'; style-src '{_hash(style)}'; {allowed}base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def write_data(value: Any) -> str:
    """JSON that can stand in a ``script`` element, whatever text is in it.

    >>> write_data("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE_IN_SCRIPT)


def write_figures(figures: Mapping[str, str]) -> str:
    """Names and values, the values as HTML."""
    items = figures.items()
    return "\n".join(f'<div class="figure"><dt>{escape(name)}</dt><dd>{value}</dd></div>' for name, value in items)


def write_bar(share: float, css_class: str, track: bool = False) -> str:
    """A bar of a share, 0 to 1, of its box.

    >>> write_bar(0.5, "k")
    '<svg class="bar" aria-hidden="true"><rect class="k" width="50%" height="100%" rx="2"/></svg>'
    """
    ground = '<rect class="track" width="100%" height="100%" rx="2"/>' if track else ""
    width = round(100 * min(max(share, 0.0), 1.0), 1)
    bar = f'<rect class="{css_class}" width="{width:g}%" height="100%" rx="2"/>'
    return f'<svg class="bar" aria-hidden="true">{ground}{bar}</svg>'


def is_web_address(url: str) -> bool:
    """Whether a browser may follow an address.

    >>> is_web_address("https://example.org"), is_web_address("javascript:alert(1)"), is_web_address("https://[")
    (True, False, False)
    """
    try:
        return urlsplit(url).scheme.lower() in ("http", "https")
    except ValueError:
        return False


def name_code(code: str) -> str:
    """A reason's or a role's stable name as words.

    >>> name_code("link_density")
    'Link density'
    """
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def format_share(share: float) -> str:
    """A share in per cent, with a space that does not break.

    >>> format_share(0.914)
    '91\\xa0%'
    """
    return f"{share:.0%}".replace("%", "\xa0%")


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
    """What the index needs to know of a document."""
    dropped = Counter[str]()
    for block in document.blocks:
        if not block.kept:
            main = block.main_reason
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
    """The entry that a report carries; ``None`` if the text is no report."""
    match = _CARRIED.search(report)
    try:
        carried: dict[str, Any] = json.loads(match[1]) if match else {}
        return ReportEntry(name=name, href=href, **carried) if carried else None
    except (TypeError, ValueError):
        return None
