"""An lxml tree to blocks: one pass in document order, no recursion, no text lost and none twice.

A block is a run of inline content between two boundaries of block-level elements, or between two consecutive ``<br>``.
"""

from itertools import chain
from typing import Any, Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.page import Mark, Page
from boilerstrip.segment.builder import BlockBuilder, OpenMark, Surroundings
from boilerstrip.segment.head import HeadReader
from boilerstrip.segment.parse import parse_html
from boilerstrip.segment.simplify import PARAGRAPH_END

_BOUNDARY, _INLINE, _MARK, _LINE_BREAK, _SKIPPED, _PARAGRAPH_END, _NO_ELEMENT = range(7)
"""What the walk does at an element; at any that is not in this table it ends the running block."""
_DEEDS: Final[dict[Any, int]] = {
    **dict.fromkeys(tags.ANCESTOR_TAGS, _BOUNDARY),
    **dict.fromkeys(tags.ROLE_OF_TAG, _BOUNDARY),
    "div": _BOUNDARY,
    **dict.fromkeys(tags.INLINE, _INLINE),
    **dict.fromkeys(tags.INLINE_MARKS, _MARK),
    **dict.fromkeys(tags.SKIPPED, _SKIPPED),
    "br": _LINE_BREAK,
    PARAGRAPH_END: _PARAGRAPH_END,
}
_XML_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_OUTSIDE: Final = Surroundings(-1, "paragraph", "", is_read=False)
_UNREAD: Final = Surroundings(-1, "paragraph", "", is_read=False)
"""Inside an element whose text is none of the page's."""


def _classify(tag: Any) -> tuple[str, int]:
    """Tag without its namespace, lower-cased, so that XHTML trees read like HTML ones, and what to do at it."""
    if not isinstance(tag, str):
        return "", _NO_ELEMENT
    tag = tag.rpartition("}")[2].lower()
    return tag, _DEEDS.get(tag, _BOUNDARY)


class _Walk(BlockBuilder):
    """One pass over a tree: a builder that feeds itself."""

    def __init__(self, root: etree._Element) -> None:
        super().__init__()
        self.head = HeadReader(root.get("lang") or root.get(_XML_LANGUAGE) or "")
        self.walk(root)

    def walk(self, root: etree._Element) -> None:
        """Enter and leave every element, with stacks of the open ones, of what surrounds their text, and of the box or
        mark that each ends."""
        opened: list[etree._Element] = []
        inside, endings = [_OUTSIDE], list[OpenMark | int | None]()
        end = etree.Element("end")
        count_tag, count_depth, deed_of = self.element_tags.append, self.element_depths.append, _DEEDS.get
        for element in chain(root.iter(), (end,)):
            parent = element.getparent()
            while opened and opened[-1] is not parent:
                tail, inner, ending = opened.pop().tail, inside.pop(), endings.pop()
                if ending is not None:
                    self.leave(ending, inner)
                if tail and inside[-1].is_read:
                    self.add_text(tail, inside[-1])
            if element is end:
                break
            outer, ending = inside[-1], None
            tag: Any = element.tag
            deed = deed_of(tag)
            if deed is None:
                tag, deed = _classify(tag)
            if deed < _PARAGRAPH_END:
                count_tag(tag)
                count_depth(len(opened))
            if outer is _UNREAD or deed >= _SKIPPED or (tag == "a" and _is_permalink(element)):
                inner = _UNREAD
                if tag in tags.HEAD:
                    self.head.read(element, tag)
                elif deed == _PARAGRAPH_END and outer is not _UNREAD:
                    self.end_running_text(outer)
            else:
                inner = outer
                if deed == _BOUNDARY or not opened:
                    inner = self.enter_boundary(element, tag, outer)
                    ending = inner.box if inner is not outer else None
                elif deed == _LINE_BREAK:
                    self.break_line(outer)
                elif (ending := self.enter_inline(element, tag, deed)) and ending[1] == "link" and ending[2]:
                    inner = outer.linked()
                text = element.text
                if text:
                    self.add_text(text, inner)
            opened.append(element)
            inside.append(inner)
            endings.append(ending)

    def enter_boundary(self, element: etree._Element, tag: str, outer: Surroundings) -> Surroundings:
        """End the running block and start a box. Inside preformatted text a boundary is but a line break."""
        self.end_running_text(outer)
        if outer.preformatted:
            return outer
        if tag in tags.CONTROLS:
            self.controls[-1] += 1
        elif tag in tags.HEAD:
            self.head.read(element, tag)
        role = tags.ROLE_OF_TAG.get(tag)
        if role is None or (outer.role in tags.STICKY_ROLES and role in ("paragraph", "list_item")):
            role = outer.role
        box = self.open_box(element, tag, outer.box)
        return Surroundings(box, role, tag, outer.in_link, tag in tags.PREFORMATTED)

    def enter_inline(self, element: etree._Element, tag: str, deed: int) -> OpenMark | None:
        """Go on with the running block; returns the mark that the element draws."""
        name = element.get("class")
        if name:
            self.inline_names_here.append(name)
        if deed == _MARK:
            kind = tags.INLINE_MARKS[tag]
            if kind == "link":
                return (self.position, kind, element.get("href") or "", "")
            if kind == "image":
                self.images[-1] += 1
                return (self.position, kind, element.get("src") or "", element.get("alt") or "")
            return (self.position, kind, "", "")
        if tag in tags.CONTROLS:
            self.controls[-1] += 1
        elif tag in tags.HEAD:
            self.head.read(element, tag)
        return None

    def leave(self, ending: OpenMark | int, inner: Surroundings) -> None:
        """End a box, and the block that runs up to its end, or a mark."""
        if isinstance(ending, int):
            self.end_block(inner)
            self.box_last[ending] = self.block_count
        else:
            start, kind, target, label = ending
            self.marks_here.append(Mark(start, self.position, kind, target, label))


def _is_permalink(element: etree._Element) -> bool:
    """Whether a link holds nothing but a sign to point at."""
    return element.text in tags.PERMALINK_SIGNS and not len(element)


def segment_tree(root: etree._Element) -> Page:
    """Cut a parsed page into blocks. The tree is not changed.

    >>> from lxml import html
    >>> list(segment_tree(html.fromstring("<div>foo<b>bar</b> <i>x</i><p>one</p>two</div>")).texts)
    ['foobar x', 'one', 'two']
    """
    walk = _Walk(root)
    return walk.build_page(walk.head.finish())


def segment_html(text: str) -> Page:
    """Cut a page's source into blocks; a page without any content gives a page without blocks.

    >>> list(segment_html("<p>one<br>two<br><br>three").texts)
    ['one\\ntwo', 'three']
    """
    root = parse_html(text)
    return Page(kind="html") if root is None else segment_tree(root)
