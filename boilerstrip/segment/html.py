"""An lxml tree to blocks: one pass in document order, no recursion, no text lost and none twice.

A block is a run of inline content between two boundaries of block-level elements, or between two consecutive ``<br>``.
"""

from typing import Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.page import Page
from boilerstrip.segment.builder import BlockBuilder, Context
from boilerstrip.segment.head import HEAD_TAGS, HeadReader
from boilerstrip.segment.parse import PARAGRAPH_END, parse_html

_CONTROLS: Final = frozenset({"input", "select", "textarea", "button"})
_XML_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_OUTSIDE: Final = Context(-1, "paragraph", "", False, False, False, False, None, "", {})
_SKIPPED: Final = _OUTSIDE._replace(skipped=True)


def _local_name(tag: str) -> str:
    """Tag without its namespace, lower-cased, so that XHTML trees read like HTML ones."""
    return tag.rpartition("}")[2].lower()


class _Walk:
    """One pass over a tree, with a stack of open elements and one of their contexts."""

    def __init__(self, root: etree._Element) -> None:
        self.builder = BlockBuilder()
        self.head = HeadReader(root.get("lang") or root.get(_XML_LANGUAGE) or "")
        self.contexts = [_OUTSIDE._replace(ordinals={})]
        self.elements = 0
        open_elements: list[etree._Element] = []
        for element in root.iter():
            parent = element.getparent()
            while open_elements and open_elements[-1] is not parent:
                self.close(open_elements.pop())
            open_elements.append(element)
            self.contexts.append(self.open(element))
        while open_elements:
            self.close(open_elements.pop())

    def open(self, element: etree._Element) -> Context:
        """Enter an element: end the running block if it is a boundary, then take its leading text."""
        outer, tag = self.contexts[-1], element.tag
        if not isinstance(tag, str):
            return _SKIPPED
        if tag == PARAGRAPH_END:
            self.end_running_text(outer)
            return _SKIPPED
        self.elements += 1
        if not tag.islower() or "}" in tag:
            tag = _local_name(tag)
        if tag in HEAD_TAGS:
            self.head.read(element, tag)
        if outer.skipped or tag in tags.SKIPPED:
            return _SKIPPED
        number = outer.ordinals[tag] = outer.ordinals.get(tag, 0) + 1
        text, step = element.text, f"{outer.steps}/{tag}[{number}]"
        if tag == "a" and text in tags.PERMALINK_SIGNS and not len(element):
            return _SKIPPED
        is_inline = tag in tags.INLINE and len(self.contexts) > 1
        opened = self.open_inline(element, tag, step) if is_inline else self.open_boundary(element, tag, step)
        if text:
            self.builder.add_text(text, opened)
        return opened

    def end_running_text(self, outer: Context) -> None:
        """A boundary that is no box of its own."""
        if outer.preformatted:
            self.builder.break_preformatted_line()
        elif not outer.skipped:
            self.builder.end_block(outer)

    def open_inline(self, element: etree._Element, tag: str, step: str) -> Context:
        """The context inside an inline element."""
        box, role, block_tag, in_link, preformatted, *_ = self.contexts[-1]
        builder, mark = self.builder, None
        if tag in tags.INLINE_MARKS:
            kind, target, label = tags.INLINE_MARKS[tag], "", ""
            if kind == "link":
                target = element.get("href") or ""
                in_link = in_link or bool(target)
            elif kind == "image":
                target, label = element.get("src") or "", element.get("alt") or ""
                builder.images[-1] += 1
            mark = (kind, target, label, builder.position)
        elif tag in _CONTROLS:
            builder.controls[-1] += 1
        name = element.get("class")
        if name:
            builder.add_inline_name(name)
        return Context(box, role, block_tag, in_link, preformatted, False, False, mark, step, {})

    def open_boundary(self, element: etree._Element, tag: str, step: str) -> Context:
        """The context inside a block-level element, or after a ``<br>``."""
        outer, builder = self.contexts[-1], self.builder
        if tag == "br" or outer.preformatted:
            if tag == "br":
                builder.break_line(outer)
            else:
                builder.break_preformatted_line()
            return outer._replace(is_box=False, mark=None, steps=step, ordinals={})
        builder.end_block(outer)
        if tag in _CONTROLS:
            builder.controls[-1] += 1
        role = tags.ROLE_OF_TAG.get(tag)
        if role is None or (outer.role in tags.STICKY_ROLES and role in ("paragraph", "list_item")):
            role = outer.role
        box = builder.open_box(element, tag, step, outer.box, self.elements)
        return Context(box, role, tag, outer.in_link, tag in tags.PREFORMATTED, False, True, None, "", {})

    def close(self, element: etree._Element) -> None:
        """Leave the innermost element: end its block if it is a boundary, then take the text after it."""
        inner = self.contexts.pop()
        outer = self.contexts[-1]
        if inner.is_box:
            self.builder.close_box(inner.box, inner)
        elif inner.mark:
            self.builder.add_mark(*inner.mark)
        if not outer.skipped and len(self.contexts) > 1:
            tail = element.tail
            if tail:
                self.builder.add_text(tail, outer)


def segment_tree(root: etree._Element) -> Page:
    """Cut a parsed page into blocks. The tree is not changed.

    >>> from lxml import html
    >>> list(segment_tree(html.fromstring("<div>foo<b>bar</b> <i>x</i><p>one</p>two</div>")).texts)
    ['foobar x', 'one', 'two']
    """
    walk = _Walk(root)
    return walk.builder.build_page(walk.head.finish())


def segment_html(text: str) -> Page:
    """Cut a page's source into blocks; a page without any content gives a page without blocks.

    >>> list(segment_html("<p>one<br>two<br><br>three").texts)
    ['one\\ntwo', 'three']
    """
    root = parse_html(text)
    return Page(kind="html") if root is None else segment_tree(root)
