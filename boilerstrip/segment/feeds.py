"""Feeds (Atom, RSS): elements of their own, and stories as markup that is written as text."""

import re
from itertools import islice
from typing import Final

from lxml import etree

from boilerstrip.patterns import compile_later
from boilerstrip.segment.deeds import classify

_ROOTS: Final = frozenset({"feed", "rss", "rdf:rdf", "rdf"})
_CONTENTS: Final = frozenset({"content", "content:encoded", "encoded", "description", "summary"})
"""Elements whose text may be markup."""
_MARKUP: Final = compile_later(r"<(?:p|div|br|img|ul|ol|h[1-6]|table|blockquote)\b[^<>]*>|</[a-z]+>", re.IGNORECASE)
_LEVELS: Final = 3
"""Elements in which a parser for HTML may wrap the root."""


def is_feed(root: etree._Element) -> bool:
    """Whether the outermost element that a page has written is a feed's.

    >>> is_feed(etree.fromstring("<html><body><rss/></body></html>")), is_feed(etree.fromstring("<html/>"))
    (True, False)
    """
    outermost = islice(root.iter(), _LEVELS)
    return any(classify(element.tag)[0] in _ROOTS for element in outermost)


def find_markup(element: etree._Element, tag: str) -> str:
    """The markup that an element of a feed has as its text; ``""`` if it has none."""
    text = element.text or ""
    return text if tag in _CONTENTS and not len(element) and _MARKUP.search(text) else ""
