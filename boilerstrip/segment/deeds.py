"""What the walk does at an element, looked up by its tag."""

from itertools import islice
from typing import Any, Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.segment.simplify import PARAGRAPH_END as PARAGRAPH_END_TAG

BOUNDARY, INLINE, MARK, LINE_BREAK, SPECIAL, UNKNOWN, SKIPPED, PARAGRAPH_END, NO_ELEMENT = range(9)
DEEDS: Final[dict[Any, int]] = {
    **dict.fromkeys(tags.BLOCK, BOUNDARY),
    **dict.fromkeys(tags.INLINE, INLINE),
    **dict.fromkeys(tags.INLINE_MARKS, MARK),
    **dict.fromkeys(tags.SPECIAL, SPECIAL),
    **dict.fromkeys(tags.SKIPPED, SKIPPED),
    "br": LINE_BREAK,
    PARAGRAPH_END_TAG: PARAGRAPH_END,
}
_ELEMENTS_INSIDE: Final = 64


def classify(tag: Any) -> tuple[str, int]:
    """Tag without its namespace, lower-cased, so that XHTML trees read like HTML ones, and what to do at it."""
    if not isinstance(tag, str):
        return "", NO_ELEMENT
    tag = tag.rpartition("}")[2].lower()
    return tag, SPECIAL if tag.endswith(":math") else DEEDS.get(tag, UNKNOWN)


def is_counted(tag: Any) -> bool:
    return classify(tag)[1] < PARAGRAPH_END


def is_block(tag: Any) -> bool:
    return classify(tag)[1] == BOUNDARY


def holds_block(element: etree._Element) -> bool:
    """Whether one of the first elements inside an element is a block-level element."""
    return any(is_block(child.tag) for child in islice(element.iterdescendants(), _ELEMENTS_INSIDE))
