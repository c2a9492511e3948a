"""Tells HTML from plain text by its content: a page, or a text that may well speak of tags."""

import re
from typing import Final

from boilerstrip.page import Kind
from boilerstrip.patterns import compile_later
from boilerstrip.tags import INLINE, ROLE_OF_TAG, SKIPPED

_SAMPLE_CHARACTERS: Final = 65_536
"""How much is looked at; a page shows within its first lines that it is one."""
_PAGE_SHARE: Final = 0.25
"""Share of lines with an element's edge that makes a page: pieces of the development pages have 0.54 at the median,
texts with tags in them 0.17 at the 99th percentile."""
_SURE_SHARE: Final = 0.6
"""The same for a source whose first and last lines have no such edge: 0.54 is a tutorial of tables."""

_BLOCK_TAGS: Final = frozenset(
    {
        *ROLE_OF_TAG, "address", "article", "aside", "body", "br", "center", "details", "dialog", "dir", "div", "dl",
        "fieldset", "figure", "footer", "form", "head", "header", "hr", "html", "main", "menu", "nav", "ol", "section",
        "table", "tbody", "tfoot", "thead", "title", "tr", "ul", *SKIPPED,
    }
)  # fmt: skip
_TAGS: Final = _BLOCK_TAGS | INLINE

_COMMENT: Final = compile_later(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCED_CODE: Final = compile_later(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", re.DOTALL | re.MULTILINE)
_PAGE: Final = compile_later(r"\ufeff?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
"""As nearly all pages begin; what else begins a page is looked for without comments."""
_DOCUMENT: Final = compile_later(
    r"<(?:\?xml\s|!doctype\s+html\b|html\b|head\s*>|body\b|(?:script|style|meta|link)\b[^<>]*>(?! \w))", re.IGNORECASE
)
_ELEMENT: Final = compile_later(r"<([a-z][\w:.-]*)(?:\s[^<>]*)?>", re.IGNORECASE)
_NAME: Final = r"([a-z][a-z0-9:-]*)"
_TAG: Final = compile_later(rf"<{_NAME}\s[^<>]*>", re.IGNORECASE)
_CLOSED_FIRST: Final = compile_later(rf"</{_NAME}\s*>", re.IGNORECASE)
_OPENED_FIRST: Final = compile_later(rf"<{_NAME}(?:\s[^<>]*)?/?>(?:\S|\Z)", re.IGNORECASE)
_DESCRIBED_FIRST: Final = compile_later(rf"<{_NAME}\s[^<>=]*=[^<>]*(?:>|\Z)", re.IGNORECASE)
_CLOSED_LAST: Final = compile_later(rf"</{_NAME}\s*>\Z", re.IGNORECASE)
_OPENED_LAST: Final = compile_later(rf"(?:\A|[\s>])<{_NAME}(?:\s[^<>]*)?/?>\Z", re.IGNORECASE)
_AFTER_WORD: Final = compile_later(rf"(?<=[^\s`'\"“‘(\[<])(?:<br\s*/?>|</{_NAME}\s*>)", re.IGNORECASE)
"""Edges of elements of any name. The names are looked up behind: a pattern with all of them takes longer to compile
than a page to clean."""
_JSON: Final = compile_later(r"[\[{]\s*[\[{\"]")


def tell_kind(text: str) -> Kind:
    """Whether a source is HTML (or XML, which is read the same way) or plain text, whatever it is about.

    >>> tell_kind("<p>one</p><p>two</p>"), tell_kind("<!doctype html>story")
    ('html', 'html')
    >>> tell_kind("Use <p> to open a paragraph, </p> to close it."), tell_kind("a < b > c, List<String>, <me@a.org>")
    ('text', 'text')
    """
    if "<" not in text:
        return "text"
    if _PAGE.match(text):
        return "html"
    source = text.removeprefix("\ufeff").strip()
    sample = _COMMENT.sub("", source[:_SAMPLE_CHARACTERS]).strip()
    if not sample or _DOCUMENT.match(sample) or _is_one_element(sample, source):
        return "html"
    if _JSON.match(sample):
        return "text"
    return "html" if _has_lines_of_a_page(_FENCED_CODE.sub("", sample)) else "text"


def _is_one_element(sample: str, source: str) -> bool:
    """Whether the source begins with a tag of any name and ends with the end of that element."""
    opened = _ELEMENT.match(sample)
    return opened is not None and source[-200:].lower().endswith(f"</{opened[1].lower()}>")


def _has_lines_of_a_page(sample: str) -> bool:
    tags_on_one_line = _TAG.sub(lambda tag: " ".join(tag[0].split()) if _is_tag(tag[1]) else tag[0], sample)
    lines = [line for line in map(str.strip, tags_on_one_line.splitlines()) if line]
    edges = [_begins_with_element(line) or _ends_element(line) for line in lines]
    if not any(edges):
        return False
    return sum(edges) >= len(edges) * (_PAGE_SHARE if edges[0] or edges[-1] else _SURE_SHARE)


def _begins_with_element(line: str) -> bool:
    """Whether an element begins the line. A text that explains tags has a blank after them: "<p> is a paragraph"."""
    if (found := _CLOSED_FIRST.match(line) or _DESCRIBED_FIRST.match(line)) and _is_tag(found[1]):
        return True
    found = _OPENED_FIRST.match(line)
    return found is not None and _is_block(found[1])


def _ends_element(line: str) -> bool:
    """Whether an element ends the line, or a block or line break comes right after a word."""
    if (found := _CLOSED_LAST.search(line)) and _is_tag(found[1]):
        return True
    if (found := _OPENED_LAST.search(line)) and _is_block(found[1]):
        return True
    return any(found[1] is None or _is_block(found[1]) for found in _AFTER_WORD.finditer(line))


def _is_block(name: str) -> bool:
    return name.lower() in _BLOCK_TAGS


def _is_tag(name: str) -> bool:
    return name.lower() in _TAGS
