"""An lxml tree to blocks: one pass in document order, no recursion, no text lost and none twice.

A block is a run of inline content between two boundaries of block-level elements, or between two consecutive ``<br>``.
"""

import re
from typing import Final, NamedTuple

from lxml import etree

from boilerstrip import tags
from boilerstrip.page import Mark, Page
from boilerstrip.segment.head import HEAD_TAGS, HeadReader
from boilerstrip.segment.parse import PARAGRAPH_END, parse_html

_NO_BREAK, _SPACE, _LINE_BREAK = "", " ", "\n"
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\xad"
_HIDING_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NAMING_ATTRIBUTES: Final = frozenset({"class", "id", "role", "itemprop"})
_NAMES_LIMIT: Final = 400
_CONTROLS: Final = frozenset({"input", "select", "textarea", "button"})


class _Context(NamedTuple):
    """What an open element passes on to the text and elements inside it."""

    element: etree._Element | None
    box: int
    role: str
    tag: str
    in_link: bool
    preformatted: bool
    skipped: bool
    is_box: bool
    mark: tuple[str, str, str, int] | None
    """Kind, target, label and start of the inline mark this element draws."""
    steps: str
    """Path of inline elements from the box down to this element."""
    ordinals: dict[str, int]


class _BlockBuilder:
    """Collects text into blocks, and blocks and boxes into the columns of a page."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.roles: list[str] = []
        self.link_characters: list[int] = []
        self.boxes: list[int] = []
        self.marks: list[tuple[Mark, ...]] = []
        self.inline_names: list[str] = []
        self.images: list[int] = [0]
        self.controls: list[int] = [0]
        self.box_parents: list[int] = []
        self.box_tags: list[str] = []
        self.box_steps: list[str] = []
        self.box_elements: list[int] = []
        self.box_depths: list[int] = []
        self.box_names: list[str] = []
        self.box_hidden: list[bool] = []
        self.box_first: list[int] = []
        self.box_last: list[int] = []
        self._pieces: list[str] = []
        self._length = 0
        self._pending = _NO_BREAK
        self._linked = 0
        self._marks: list[Mark] = []
        self._names: list[str] = []

    def add_text(self, text: str, context: _Context) -> None:
        """Append inline text, white space collapsed unless preformatted."""
        if context.preformatted:
            self._append(text, context.in_link)
            return
        collapsed = " ".join(text.split())
        if not collapsed:
            self._pending = self._pending or _SPACE
            return
        if text[0].isspace():
            self._pending = self._pending or _SPACE
        if self._pending:
            if self._length:
                collapsed = self._pending + collapsed
            self._pending = _NO_BREAK
        self._append(collapsed, context.in_link)
        if text[-1].isspace():
            self._pending = _SPACE

    def _append(self, text: str, in_link: bool) -> None:
        self._pieces.append(text)
        self._length += len(text)
        if in_link:
            self._linked += len(text)

    def break_line(self, context: _Context) -> None:
        """A ``<br>``: a line break, and with the next one the end of the block."""
        if context.preformatted:
            self._append("\n", context.in_link)
        elif self._pending == _LINE_BREAK:
            self.end_block(context)
        else:
            self._pending = _LINE_BREAK

    def break_preformatted_line(self) -> None:
        """A block-level boundary inside ``pre``: the next text starts on a line of its own."""
        if self._pieces and not self._pieces[-1].endswith("\n"):
            self._append("\n", False)

    @property
    def position(self) -> int:
        """Where the next text goes in the block being built."""
        return self._length

    def add_mark(self, kind: str, target: str, label: str, start: int) -> None:
        """Close an inline mark that was opened at ``start``."""
        self._marks.append(Mark(start, self._length, kind, target, label))

    def add_inline_name(self, name: str) -> None:
        """Remember how the page's author called an inline element of this block."""
        self._names.append(name)

    def end_block(self, context: _Context) -> None:
        """Make a block of the text collected so far, if there is any."""
        self._pending = _NO_BREAK
        if not self._pieces:
            return
        text = "".join(self._pieces)
        if text.strip().strip(_INVISIBLE):
            self._add_block(text, context)
        self._pieces, self._length, self._linked = [], 0, 0
        self._marks, self._names = [], []

    def _add_block(self, text: str, context: _Context) -> None:
        if context.preformatted and text.startswith("\n"):
            text = text[1:]
        self.texts.append(text)
        self.tags.append(context.tag)
        self.roles.append(context.role)
        self.link_characters.append(self._linked)
        self.boxes.append(context.box)
        self.marks.append(_trim_marks(self._marks, text) if self._marks else ())
        self.inline_names.append(" ".join(self._names)[:_NAMES_LIMIT] if self._names else "")
        self.images.append(0)
        self.controls.append(0)

    def open_box(self, element: etree._Element, tag: str, step: str, parent: int, number: int) -> int:
        """Add a box; returns its number."""
        names, hidden = _read_names(element)
        self.box_parents.append(parent)
        self.box_tags.append(tag)
        self.box_steps.append(step)
        self.box_elements.append(number)
        self.box_depths.append(self.box_depths[parent] + 1 if parent >= 0 else 0)
        self.box_names.append(names)
        self.box_hidden.append(hidden)
        self.box_first.append(len(self.texts))
        self.box_last.append(len(self.texts))
        return len(self.box_tags) - 1


def _trim_marks(marks: list[Mark], text: str) -> tuple[Mark, ...]:
    """Move each mark's start past the space that was still pending when it was opened."""
    trimmed = []
    for mark in marks:
        start = mark.start
        if start < mark.end and text[start].isspace():
            start += 1
        if start < mark.end or mark.kind == "image":
            trimmed.append(mark._replace(start=start))
    return tuple(trimmed)


def _read_names(element: etree._Element) -> tuple[str, bool]:
    """The element's class, id, role and itemprop, and whether it is marked hidden."""
    names, hidden = "", False
    for name, value in element.items():
        if name in _NAMING_ATTRIBUTES:
            names = f"{names} {value}" if names else value
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and _HIDING_STYLE.search(value))
        ):
            hidden = True
    return names[:_NAMES_LIMIT], hidden


def _local_name(tag: str) -> str:
    """Tag without its namespace, lower-cased, so that XHTML trees read like HTML ones."""
    return tag.rpartition("}")[2].lower()


class _Walk:
    """One pass over a tree, with a stack of open elements."""

    def __init__(self, root: etree._Element) -> None:
        self.builder = _BlockBuilder()
        self.head = HeadReader(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
        self.stack = [_Context(None, -1, "paragraph", "", False, False, False, False, None, "", {})]
        self.elements = 0
        for element in root.iter():
            parent = element.getparent() if element is not root else None
            while self.stack[-1].element is not parent:
                self.close()
            self.open(element)
        while len(self.stack) > 1:
            self.close()

    def open(self, element: etree._Element) -> None:
        """Enter an element: end the running block if it is a boundary, then take its leading text."""
        outer = self.stack[-1]
        tag = element.tag
        if not isinstance(tag, str):
            self.stack.append(outer._replace(element=element, is_box=False, mark=None, skipped=True))
            return
        if tag == PARAGRAPH_END:
            if outer.preformatted:
                self.builder.break_preformatted_line()
            else:
                self.builder.end_block(outer)
            self.stack.append(outer._replace(element=element, is_box=False, mark=None))
            return
        self.elements += 1
        if not tag.islower() or "}" in tag:
            tag = _local_name(tag)
        if tag in HEAD_TAGS:
            self.head.read(element, tag)
        if outer.skipped or tag in tags.SKIPPED:
            self.stack.append(outer._replace(element=element, is_box=False, mark=None, skipped=True))
            return
        if tag == "a" and element.text in tags.PERMALINK_SIGNS and not len(element):
            self.stack.append(outer._replace(element=element, is_box=False, mark=None, skipped=True))
            return
        number = outer.ordinals[tag] = outer.ordinals.get(tag, 0) + 1
        step = f"{outer.steps}/{tag}[{number}]"
        context = self.open_inline(element, tag, step) if tag in tags.INLINE else self.open_boundary(element, tag, step)
        self.stack.append(context)
        if element.text:
            self.builder.add_text(element.text, context)

    def open_inline(self, element: etree._Element, tag: str, step: str) -> _Context:
        """The context inside an inline element."""
        outer, builder = self.stack[-1], self.builder
        in_link, mark = outer.in_link, None
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
        return _Context(
            element, outer.box, outer.role, outer.tag, in_link, outer.preformatted, False, False, mark, step, {}
        )

    def open_boundary(self, element: etree._Element, tag: str, step: str) -> _Context:
        """The context inside a block-level element, or after a ``<br>``."""
        outer, builder = self.stack[-1], self.builder
        if tag == "br":
            builder.break_line(outer)
            return outer._replace(element=element, is_box=False, mark=None, steps=step, ordinals={})
        if outer.preformatted:
            builder.break_preformatted_line()
            return outer._replace(element=element, is_box=False, mark=None, steps=step, ordinals={})
        builder.end_block(outer)
        if tag in _CONTROLS:
            builder.controls[-1] += 1
        role = tags.ROLE_OF_TAG.get(tag)
        if role is None or (outer.role in tags.STICKY_ROLES and role in ("paragraph", "list_item")):
            role = outer.role
        box = builder.open_box(element, tag, step, outer.box, self.elements)
        preformatted = tag in tags.PREFORMATTED
        return _Context(element, box, role, tag, outer.in_link, preformatted, False, True, None, "", {})

    def close(self) -> None:
        """Leave the innermost element: end its block if it is a boundary, then take the text after it."""
        inner = self.stack.pop()
        outer, builder = self.stack[-1], self.builder
        if inner.is_box:
            builder.end_block(inner)
            builder.box_last[inner.box] = len(builder.texts)
        elif inner.mark:
            builder.add_mark(*inner.mark)
        tail = inner.element.tail if inner.element is not None and outer.element is not None else None
        if tail and not outer.skipped:
            builder.add_text(tail, outer)


def segment_tree(root: etree._Element) -> Page:
    """Cut a parsed page into blocks. The tree is not changed.

    >>> from lxml import html
    >>> list(segment_tree(html.fromstring("<div>foo<b>bar</b> <i>x</i><p>one</p>two</div>")).texts)
    ['foobar x', 'one', 'two']
    """
    walk = _Walk(root)
    builder = walk.builder
    return Page(
        kind="html",
        texts=builder.texts,
        tags=builder.tags,
        roles=builder.roles,
        link_characters=builder.link_characters,
        boxes=builder.boxes,
        marks=builder.marks,
        inline_names=builder.inline_names,
        images=builder.images,
        controls=builder.controls,
        box_parents=builder.box_parents,
        box_tags=builder.box_tags,
        box_steps=builder.box_steps,
        box_elements=builder.box_elements,
        box_depths=builder.box_depths,
        box_names=builder.box_names,
        box_hidden=builder.box_hidden,
        box_first=builder.box_first,
        box_last=builder.box_last,
        head=walk.head.finish(),
    )


def segment_html(text: str) -> Page:
    """Cut a page's source into blocks; a page without any content gives a page without blocks.

    >>> list(segment_html("<p>one<br>two<br><br>three").texts)
    ['one\\ntwo', 'three']
    """
    root = parse_html(text)
    return Page(kind="html") if root is None else segment_tree(root)
