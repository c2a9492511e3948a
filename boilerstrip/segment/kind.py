"""Tells HTML from plain text by its content: a page, or a text that may well speak of tags."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from boilerstrip.page import Kind
from boilerstrip.tags import INLINE, ROLE_OF_TAG, SKIPPED

SAMPLE_CHARACTERS: Final = 65_536
"""How much is looked at; a page shows within its first lines that it is one."""
PAGE_SHARE: Final = 0.25
"""Share of lines with an element's edge that makes a page: pieces of the development pages have 0.54 at the median,
texts with tags in them 0.17 at the 99th percentile."""
SURE_SHARE: Final = 0.6
"""The same for a source whose first and last lines have no such edge: 0.54 is a tutorial of tables."""

_BLOCK_TAGS: Final = frozenset(
    {
        *ROLE_OF_TAG, "address", "article", "aside", "body", "br", "center", "details", "dialog", "dir", "div", "dl",
        "fieldset", "figure", "footer", "form", "head", "header", "hr", "html", "main", "menu", "nav", "ol", "section",
        "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
    }
)  # fmt: skip

_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCED_CODE: Final = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", re.DOTALL | re.MULTILINE)
_DOCUMENT: Final = re.compile(
    r"<(?:\?xml\s|!doctype\s+html\b|html\b|head\s*>|body\b|(?:script|style|meta|link)\b[^<>]*>(?! \w))", re.IGNORECASE
)
_ELEMENT: Final = re.compile(r"<([a-z][\w:.-]*)(?:\s[^<>]*)?>", re.IGNORECASE)
_JSON: Final = re.compile(r"[\[{]\s*[\[{\"]")


def tell_kind(text: str) -> Kind:
    """Whether a source is HTML (or XML, which is read the same way) or plain text, whatever it is about.

    >>> tell_kind("<p>one</p><p>two</p>"), tell_kind("<!doctype html>story")
    ('html', 'html')
    >>> tell_kind("Use <p> to open a paragraph, </p> to close it."), tell_kind("a < b > c, List<String>, <me@a.org>")
    ('text', 'text')
    """
    if "<" not in text:
        return "text"
    source = text.removeprefix("\ufeff").strip()
    sample = _COMMENT.sub("", source[:SAMPLE_CHARACTERS]).strip()
    if not sample or _DOCUMENT.match(sample) or _is_one_element(sample, source):
        return "html"
    if _JSON.match(sample):
        return "text"
    return "html" if _has_lines_of_a_page(_FENCED_CODE.sub("", sample)) else "text"


class _Edges(NamedTuple):
    """What a page's lines begin and end with."""

    tag: re.Pattern[str]
    first: re.Pattern[str]
    """An element begins the line. A text that explains tags has a blank after them: "<p> is a paragraph"."""
    other: re.Pattern[str]
    """An element ends the line, or a block or line break comes right after a word."""


@cache
def _compile_edges() -> _Edges:
    """The patterns with the names of all tags in them, which few sources need and which take long to compile."""
    block = rf"(?=[a-z])(?:{_alternate(_BLOCK_TAGS | SKIPPED)})"
    any_tag = rf"(?=[a-z])(?:{_alternate(_BLOCK_TAGS | SKIPPED | INLINE)})"
    first = rf"<(?:/{any_tag}\s*>|{block}(?:\s[^<>]*)?/?>(?:\S|\Z)|{any_tag}\s[^<>=]*=[^<>]*(?:>|\Z))"
    other = rf"</{any_tag}\s*>\Z|(?:\A|[\s>])<{block}(?:\s[^<>]*)?/?>\Z|[^\s`'\"“‘(\[<](?:</{block}\s*>|<br\s*/?>)"
    return _Edges(*(re.compile(pattern, re.IGNORECASE) for pattern in (rf"<{any_tag}\s[^<>]*>", first, other)))


def _alternate(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), reverse=True))


def _is_one_element(sample: str, source: str) -> bool:
    """Whether the source begins with a tag of any name and ends with the end of that element."""
    opened = _ELEMENT.match(sample)
    return opened is not None and source[-200:].lower().endswith(f"</{opened[1].lower()}>")


def _has_lines_of_a_page(sample: str) -> bool:
    edge = _compile_edges()
    tags_on_one_line = edge.tag.sub(lambda tag: " ".join(tag[0].split()), sample)
    lines = [line for line in map(str.strip, tags_on_one_line.splitlines()) if line]
    edges = [edge.first.match(line) is not None or edge.other.search(line) is not None for line in lines]
    if not any(edges):
        return False
    return sum(edges) >= len(edges) * (PAGE_SHARE if edges[0] or edges[-1] else SURE_SHARE)
