"""Collects the text of a page into blocks, and blocks and boxes into the columns of a page."""

import re
from typing import Any, Final, NamedTuple

from lxml import etree

from boilerstrip.page import Head, Mark, Page

_NO_BREAK, _SPACE, _LINE_BREAK = "", " ", "\n"
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\xad"
_HIDING_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NAMING_ATTRIBUTES: Final = frozenset({"class", "id", "role", "itemprop"})
_NAMES_LIMIT: Final = 400


class Context(NamedTuple):
    """What an open element passes on to the text and elements inside it."""

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
    """Elements of each tag opened so far directly inside this one."""


class BoxRow(NamedTuple):
    """A box as it is opened: the ``box_*`` columns of a page."""

    parents: int
    tags: str
    steps: str
    elements: int
    depths: int
    names: str
    hidden: bool
    first: int


class BlockBuilder:
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
        self.box_rows: list[BoxRow] = []
        self.box_last: list[int] = []
        self._pieces: list[str] = []
        self._length = 0
        self._pending = _NO_BREAK
        self._linked = 0
        self._marks: list[Mark] = []
        self._names: list[str] = []

    def add_text(self, text: str, context: Context) -> None:
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

    def break_line(self, context: Context) -> None:
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

    def end_block(self, context: Context) -> None:
        """Make a block of the text collected so far, if there is any."""
        self._pending = _NO_BREAK
        if not self._pieces:
            return
        text = "".join(self._pieces)
        if text.strip().strip(_INVISIBLE):
            self._add_block(text, context)
        self._pieces, self._length, self._linked = [], 0, 0
        self._marks, self._names = [], []

    def _add_block(self, text: str, context: Context) -> None:
        if context.preformatted and text.startswith("\n"):
            text = text[1:]
            self._marks = [
                mark._replace(start=max(mark.start - 1, 0), end=max(mark.end - 1, 0)) for mark in self._marks
            ]
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
        depth = self.box_rows[parent].depths + 1 if parent >= 0 else 0
        box = len(self.box_rows)
        self.box_rows.append(BoxRow(parent, tag, step, number, depth, names, hidden, len(self.texts)))
        self.box_last.append(-1)
        return box

    def close_box(self, box: int, context: Context) -> None:
        """End the block that runs up to the end of a box, and the box."""
        self.end_block(context)
        self.box_last[box] = len(self.texts)

    def build_page(self, head: Head) -> Page:
        """The page as collected so far."""
        columns = list(zip(*self.box_rows, strict=True)) or [()] * len(BoxRow._fields)
        boxes: dict[str, Any] = dict(zip((f"box_{name}" for name in BoxRow._fields), columns, strict=True))
        return Page(
            kind="html",
            texts=self.texts,
            tags=self.tags,
            roles=self.roles,
            link_characters=self.link_characters,
            boxes=self.boxes,
            marks=self.marks,
            inline_names=self.inline_names,
            images=self.images,
            controls=self.controls,
            **boxes,
            box_last=self.box_last,
            head=head,
        )


def _trim_marks(marks: list[Mark], text: str) -> tuple[Mark, ...]:
    """Move each mark's start past the space that was still pending when it was opened."""
    trimmed = []
    for mark in marks:
        start, end, kind, target, label = mark
        if start < end and text[start].isspace():
            mark = Mark(start + 1, end, kind, target, label)
        if mark.start < end or kind == "image":
            trimmed.append(mark)
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
