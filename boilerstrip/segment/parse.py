"""Text to an lxml tree that misses nothing, however deep the page nests."""

import re
from functools import cache
from typing import Any, Final

from lxml import etree

from boilerstrip import tags
from boilerstrip._core import load_part
from boilerstrip.patterns import compile_later
from boilerstrip.segment.cdata import SECTION_START, open_sections
from boilerstrip.segment.simplify import PARAGRAPH_END, has_many_attributes, simplify

LIBXML2_DEPTH_LIMIT: Final = 2048
"""libxml2 (``xmlParserMaxDepth`` with ``XML_PARSE_HUGE``) stops reading the page at this depth, without an error."""

_END_TAG: Final = compile_later(
    rf"</(?:([pP])\s*>(?!\s*<(?:{'|'.join(tags.BLOCK_OPENERS)})\b)"
    r"|([bB][rR])\s*/?>|(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*/?>)"
)
"""The end tags to mend; a ``</p>`` right before an element that begins a block ends nothing that it would not end."""
_NOT_XML: Final = compile_later("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ANY_TEXT: Final = compile_later(r"[^\s\x00-\x1f]")


def parse_html(text: str, encoded: bytes | None = None) -> etree._Element | None:
    """Parse a page; ``None`` when it holds no element and no text.

    :param encoded: the text in UTF-8, where it is at hand.

    >>> parse_html("<p>one<p>two").xpath("string()")
    'onetwo'
    """
    source, mended = text, _mend_and_encode(text, encoded)
    if mended is None:
        source = open_sections(text)
        mended = _mend_and_encode(source, are_opened=True)
    if has_many_attributes(source):
        mended = _encode(simplify(mend_end_tags(source)))
    root = None if mended is None else _parse_with_libxml2(mended)
    if root is None:
        return parse_html("<p>" + text) if _ANY_TEXT.search(text) and not text.startswith("<p>") else None
    for by_pairs in (False, True):
        if _is_cut_off(root):
            flattened = _parse_with_libxml2(_encode(simplify(mend_end_tags(source), by_pairs=by_pairs)))
            root = root if flattened is None else flattened
    return root


def mend_end_tags(text: str) -> str:
    """Say the end tags that libxml2 reads otherwise than HTML Living Standard 13.2.6.4.7 in words that it reads alike.

    It drops whatever follows ``</body>`` or ``</html>``, ignores ``</br>``, which is a line break, and a stray
    ``</p>``, which ends the running text.

    >>> mend_end_tags("one</br>two</p>three</body>four")
    'one<br>two</p><paragraph-end></paragraph-end>three four'
    """
    return _END_TAG.sub(_mend_end_tag, text)


def _mend_end_tag(match: re.Match[str]) -> str:
    if match[1]:
        return f"</p><{PARAGRAPH_END}></{PARAGRAPH_END}>"
    return "<br>" if match[2] else " "


def _parse_with_libxml2(source: bytes) -> etree._Element | None:
    # A table of the elements by their id is a sixth of the work, and nothing here looks into it.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        return etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        return None


def _mend_and_encode(text: str, encoded: bytes | None = None, *, are_opened: bool = False) -> bytes | None:
    """The page in UTF-8, its end tags mended; ``None`` where CDATA sections are to be opened first."""
    mending = _load_mending()
    if mending is None:
        return _encode(mend_end_tags(text)) if are_opened or SECTION_START not in text else None
    mended: bytes | None = mending.mend(_encode(text) if encoded is None else _replace_nul(encoded), are_opened)
    return mended


@cache
def _load_mending() -> Any:
    """The compiled search for the end tags to mend, or ``None`` where there is none."""
    module = load_part("walk").module
    return None if module is None else module.EndTags(tags.BLOCK_OPENERS, PARAGRAPH_END)


def _encode(text: str) -> bytes:
    """UTF-8 without NUL bytes and lone surrogates, which libxml2 would stop at."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return _NOT_XML.sub("\ufffd", text).encode()
    return _replace_nul(encoded)


def _replace_nul(encoded: bytes) -> bytes:
    # Looked for in the bytes, where one byte is found several times faster than one character.
    return encoded.replace(b"\x00", b"\xef\xbf\xbd") if b"\x00" in encoded else encoded


def _is_cut_off(root: etree._Element) -> bool:
    """Whether some branch reaches the depth at which libxml2 gives up."""
    depth, element = 0, root
    while len(element):
        element = element[-1]
        depth += 1
    return depth >= LIBXML2_DEPTH_LIMIT - 8
