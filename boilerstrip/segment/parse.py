"""Text to an lxml tree that misses nothing, however deep the page nests."""

import re
from html.parser import HTMLParser as Tokenizer
from typing import Final

from lxml import etree

from boilerstrip import tags

LIBXML2_DEPTH_LIMIT: Final = 2048
"""libxml2 (``xmlParserMaxDepth`` with ``XML_PARSE_HUGE``) stops reading the page at this depth, without an error."""

PARAGRAPH_END: Final = "paragraph-end"
"""Name of the empty element that marks where a ``</p>`` stood; no element of the page's own."""

FLATTENED_DEPTH: Final = 1000
"""Elements nested deeper than this are left out of a flattened tree; their text is not."""

_END_TAG: Final = re.compile(
    rf"</(?:([pP])\s*>(?!\s*<(?:{'|'.join(tags.BLOCK_OPENERS)})\b)"
    r"|([bB][rR])\s*/?>|(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*/?>)"
)
"""The end tags to mend; a ``</p>`` right before an element that begins a block ends nothing that it would not end."""
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ANY_TEXT: Final = re.compile(r"[^\s\x00-\x1f]")


def parse_html(text: str) -> etree._Element | None:
    """Parse a page; ``None`` when it holds no element and no text.

    >>> parse_html("<p>one<p>two").xpath("string()")
    'onetwo'
    """
    root = _parse_with_libxml2(mend_end_tags(text))
    if root is None:
        return parse_html("<p>" + text) if _ANY_TEXT.search(text) and not text.startswith("<p>") else None
    if _is_cut_off(root):
        return _parse_flattened(text)
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


def _parse_with_libxml2(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(_encode(text), parser)
    except etree.XMLSyntaxError:
        return None


def _encode(text: str) -> bytes:
    """UTF-8 without NUL bytes and lone surrogates, which libxml2 would stop at."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _NOT_XML.sub("\ufffd", text).encode()


def _is_cut_off(root: etree._Element) -> bool:
    """Whether some branch reaches the depth at which libxml2 gives up."""
    depth, element = 0, root
    while len(element):
        element = element[-1]
        depth += 1
    return depth >= LIBXML2_DEPTH_LIMIT - 8


class _FlatTreeBuilder(Tokenizer):
    """Builds a tree from the standard library's tokenizer and leaves out elements nested too deep."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = etree.Element("html")
        self.open: list[etree._Element] = [self.root]
        self.left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.open) >= FLATTENED_DEPTH:
            self.left_out += tag not in tags.VOID
            self._mark_boundary(tag)
            return
        try:
            element = etree.SubElement(self.open[-1], tag)
        except ValueError:
            return
        _copy_attributes(element, attrs)
        if tag not in tags.VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= 1
            self._mark_boundary(tag)
        elif len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def _mark_boundary(self, tag: str) -> None:
        """Keep apart what stands before and after the edge of a block-level element that was left out."""
        if tag not in tags.INLINE:
            etree.SubElement(self.open[-1], PARAGRAPH_END)

    def handle_data(self, data: str) -> None:
        if self.left_out and self.cdata_elem in tags.SKIPPED:
            return
        parent, data = self.open[-1], _NOT_XML.sub("\ufffd", data)
        last = next(parent.iterchildren(reversed=True), None)
        if last is not None:
            last.tail = (last.tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def _copy_attributes(element: etree._Element, attributes: list[tuple[str, str | None]]) -> None:
    for name, value in attributes:
        try:
            element.set(name, _NOT_XML.sub("", value or ""))
        except ValueError:
            continue


def _parse_flattened(text: str) -> etree._Element:
    builder = _FlatTreeBuilder()
    builder.feed(mend_end_tags(text))
    builder.close()
    return builder.root
