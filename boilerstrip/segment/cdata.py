"""CDATA sections, which libxml2's reader of HTML loses up to their first ``>``, as text or as markup."""

import re
from typing import Final

from boilerstrip.patterns import compile_later

SECTION_START: Final = "<![CDATA["
_END: Final = "]]>"
_RAW_TAG: Final = compile_later(r"<(/?)(script|style|xmp|iframe|noembed|noframes)\b([^>]*)", re.IGNORECASE)
"""Edges of elements in whose text a section is a matter of their own language."""
_DECLARATION: Final = compile_later(r"[\s\ufeff]*<\?xml\s")
_FIRST_ELEMENT: Final = compile_later(r"<[a-z][\w:.-]*", re.IGNORECASE)
_MARKUP: Final = compile_later(r"</?[a-z][\w:-]*(?:\s[^<>]*)?/?>|&(?:#?\w+);", re.IGNORECASE)


def open_sections(text: str) -> str:
    """The page's source without CDATA sections, with all that they hold.

    XHTML that says it is XML has text in them, to the letter, as browsers read it (XML 1.0, 2.7). For ``text/html`` a
    browser takes a section's start for a comment up to the first ``>`` (HTML Living Standard, 13.2.5.42) and reads on:
    so markup in a section, as feeds have it, is markup; but a section without any is text, of which nothing is lost.

    >>> open_sections("<pre><![CDATA[if (a < b && c > d)]]></pre>")
    '<pre>if (a &lt; b &amp;&amp; c &gt; d)</pre>'
    >>> open_sections("<description><![CDATA[<p>Story</p>]]></description>")
    '<description><p>Story</p></description>'
    """
    if SECTION_START not in text:
        return text
    is_xhtml = _is_xhtml(text)
    before, *others = text.split(SECTION_START)
    pieces, raw = [before], _find_raw(before, "", is_xhtml)
    for other in others:
        section, end, rest = other.partition(_END)
        if raw:
            pieces += (SECTION_START, other)
            raw = _find_raw(other, raw, is_xhtml)
        elif end:
            pieces += (_write(section, is_xhtml), rest)
            raw = _find_raw(rest, "", is_xhtml)
        else:
            pieces.append(other)
    return "".join(pieces)


def _is_xhtml(text: str) -> bool:
    first = _FIRST_ELEMENT.search(text) if _DECLARATION.match(text) else None
    return first is not None and first[0].lower() == "<html"


def _write(section: str, is_xhtml: bool) -> str:
    from html import escape  # only now, as few pages have any

    is_text = is_xhtml or _MARKUP.search(section) is None
    return escape(section, quote=False) if is_text else section


def _find_raw(text: str, raw: str, is_xhtml: bool) -> str:
    """The element of raw text that is open behind a piece of the page, if one is; ``raw`` is open before it."""
    for slash, name, rest in _RAW_TAG.findall(text):
        if slash and name.lower() == raw:
            raw = ""
        elif not (slash or raw or (is_xhtml and rest.endswith("/"))):
            raw = name.lower()
    return raw
