"""The text of a page as lines, one for each block-level element: what a plain scraper leaves of it.

Independent of the package's own segmentation, so that text-only systems are measured on input
that the package did not choose.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import defs

_NEW_INLINE = frozenset({"bdi", "data", "label", "mark", "ruby", "rt", "rp", "time", "wbr"})
_INLINE = (defs.phrase_tags | defs.font_style_tags | defs.special_inline_tags | _NEW_INLINE) - {"br"}
"""HTML 4's inline elements as lxml lists them, and HTML 5's; every other element starts a line."""

_SKIPPED = frozenset({"head", "script", "style", "template", "svg", "iframe", "object", "embed", "noframes", "canvas"})
_PREFORMATTED = frozenset({"pre", "textarea"})

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]+)""", re.IGNORECASE)
_DECLARATION_WINDOW = 4096


def decode_page(html: bytes) -> str:
    """The page as text: UTF-8 where the bytes are valid UTF-8, else as declared, else as chardet guesses; never raises.

    >>> decode_page(b"caf\\xc3\\xa9"), decode_page(b"<meta charset=windows-1252>caf\\xe9")
    ('café', '<meta charset=windows-1252>café')
    """
    for encoding in ("utf-8-sig", *_declared_encodings(html)):
        try:
            return html.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return html.decode(_guess_encoding(html), "replace")


def _declared_encodings(html: bytes) -> list[str]:
    found = _DECLARED.search(html[:_DECLARATION_WINDOW])
    return [found.group(1).decode("ascii")] if found else []


def _guess_encoding(html: bytes) -> str:
    import chardet

    return chardet.detect(html[:200_000])["encoding"] or "windows-1252"


def parse_page(html: bytes) -> Any:
    """The page's root element, comments removed, or ``None`` where there is none."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    text = decode_page(html).replace("\x00", "")
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def page_text_lines(html: bytes) -> str:
    """The page's visible text, one line for each block-level element; scripts and styles dropped.

    >>> page_text_lines(b"<p>One <b>two</b><br>three</p><script>x</script><ul><li>four<li>five</ul>six")
    'One two\\nthree\\nfour\\nfive\\nsix'
    """
    root = parse_page(html)
    return "" if root is None else "\n".join(_lines_below(root))


def _lines_below(root: Any) -> Iterator[str]:
    """Lines of the text below an element; runs of white space are one blank except inside ``pre``."""
    for text, preformatted in _block_texts(root):
        lines = text.splitlines() if preformatted else [" ".join(text.split())]
        yield from (line.rstrip() for line in lines if line.strip())


def _block_texts(root: Any) -> Iterator[tuple[str, bool]]:
    """The raw text between one block boundary and the next, and whether it stood in a preformatted element."""
    parts: list[str] = []
    depth = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        opens = event == "start"
        if element.tag not in _INLINE:
            yield "".join(parts), depth > 0
            parts = []
        if element.tag in _PREFORMATTED:
            depth += 1 if opens else -1
        if opens and element.tag in _SKIPPED:
            walker.skip_subtree()
        else:
            parts.append((element.text if opens else element.tail) or "")
    yield "".join(parts), depth > 0
