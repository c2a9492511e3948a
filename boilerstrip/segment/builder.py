"""Collects the text of a page into blocks, and blocks and boxes into the columns of a page."""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

from lxml import etree

from boilerstrip.page import Head, Mark, Page
from boilerstrip.segment.text import ends_sentence, is_separator, measure_width

_NO_BREAK, _SPACE, _LINE_BREAK = "", " ", "\n"
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\xad"
_HIDING_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NAMING_ATTRIBUTES: Final = frozenset({"class", "id", "role", "itemprop"})
_NAMES_LIMIT: Final = 400
_ORNAMENTED: Final = frozenset({"paragraph", "list_item"})
"""Roles of blocks that may be a separator; a sign in a table's cell or in code says something."""
_LEAST_PROSE_LINES: Final = 3
_PROSE_LINE_WIDTH: Final = 80
"""Columns of a line that is a paragraph by itself: verse, addresses and lines of a narrow column are shorter."""
_ENDED_SHARE: Final = 0.75
"""Share of the long lines that end a sentence: fewer, and the lines are those of one wrapped paragraph."""

OpenMark = tuple[int, str, str, str]
"""Start, kind, target and label of an inline mark whose end is not reached yet."""


class Surroundings:
    """What an open element passes on to the text and elements inside it. Shared by inline elements, never changed."""

    __slots__ = ("_linked", "box", "in_link", "is_read", "preformatted", "role", "tag")

    def __init__(
        self, box: int, role: str, tag: str, in_link: bool = False, preformatted: bool = False, is_read: bool = True
    ) -> None:
        self.box = box
        self.role = role
        self.tag = tag
        self.in_link = in_link
        self.preformatted = preformatted
        self.is_read = is_read
        """Whether text here is text of the page."""
        self._linked: Surroundings | None = None

    def linked(self) -> "Surroundings":
        """The same inside a link."""
        if self.in_link:
            return self
        if self._linked is None:
            self._linked = Surroundings(self.box, self.role, self.tag, True, self.preformatted)
        return self._linked


class BlockBuilder:
    """Collects text into blocks, and blocks and boxes into the columns of a page."""

    def __init__(self) -> None:
        self.images: list[int] = [0]
        self.controls: list[int] = [0]
        self.element_tags: list[str] = []
        self.element_depths: list[int] = []
        self.box_parents: list[int] = []
        self.box_tags: list[str] = []
        self.box_elements: list[int] = []
        self.box_depths: list[int] = []
        self.box_names: list[str] = []
        self.box_hidden: list[bool] = []
        self.box_first: list[int] = []
        self.box_last: list[int] = []
        self.block_count = 0
        self._block_rows: list[tuple[Any, ...]] = []
        self._pieces: list[str] = []
        self._pending = _NO_BREAK
        self._linked = 0
        self.position = 0
        """Where the next text goes in the block being built."""
        self.marks_here: list[Mark] = []
        self.inline_names_here: list[str] = []
        """Marks and names of inline elements of the block being built."""

    def add_text(self, text: str, surroundings: Surroundings) -> None:
        """Append inline text, white space collapsed unless preformatted."""
        if surroundings.preformatted:
            self._append(text, surroundings.in_link)
            return
        if text.isspace():
            self._pending = self._pending or _SPACE
            return
        collapsed = " ".join(text.split())
        if self.position and (self._pending or text[0].isspace()):
            collapsed = (self._pending or _SPACE) + collapsed
        self._append(collapsed, surroundings.in_link)
        self._pending = _SPACE if text[-1].isspace() else _NO_BREAK

    def _append(self, text: str, in_link: bool) -> None:
        self._pieces.append(text)
        self.position += len(text)
        if in_link:
            self._linked += len(text)

    def break_line(self, surroundings: Surroundings) -> None:
        """A ``<br>``: a line break, and with the next one the end of the block."""
        if surroundings.preformatted:
            self._append("\n", surroundings.in_link)
        elif self._pending == _LINE_BREAK:
            self.end_block(surroundings)
        else:
            self._pending = _LINE_BREAK

    def end_running_text(self, surroundings: Surroundings) -> None:
        """A boundary of block-level elements; in preformatted text the next text starts on a line of its own."""
        if not surroundings.preformatted:
            self.end_block(surroundings)
        elif self._pieces and not self._pieces[-1].endswith("\n"):
            self._append("\n", False)

    def end_block(self, surroundings: Surroundings) -> None:
        """Make a block of the text collected so far, if there is any."""
        self._pending = _NO_BREAK
        if not self._pieces:
            return
        text = "".join(self._pieces)
        if text.strip().strip(_INVISIBLE):
            self._add_block(text, surroundings)
        self._pieces, self.position, self._linked = [], 0, 0
        self.marks_here, self.inline_names_here = [], []

    def _add_block(self, text: str, surroundings: Surroundings) -> None:
        first = 0
        if surroundings.preformatted:
            # HTML does not count the line break after the start tag, and those before the end tag show nothing.
            first = int(text.startswith("\n"))
            text = text[first:].rstrip("\n")
        names = " ".join(self.inline_names_here)[:_NAMES_LIMIT] if self.inline_names_here else ""
        marks = _trim_marks(self.marks_here, text, first) if self.marks_here else ()
        role = surroundings.role
        if role in _ORNAMENTED and is_separator(text.strip()):
            role = "separator"
        lines = () if surroundings.preformatted or "\n" not in text else find_prose_lines(text)
        if lines:
            for start, end in lines:
                own = cut_marks(marks, start, end)
                linked = sum(mark.end - mark.start for mark in own if mark.kind == "link")
                self._add_row((text[start:end], surroundings.tag, role, linked, surroundings.box, own, names))
        else:
            self._add_row((text, surroundings.tag, role, self._linked, surroundings.box, marks, names))

    def _add_row(self, row: tuple[Any, ...]) -> None:
        self._block_rows.append(row)
        self.block_count += 1
        self.images.append(0)
        self.controls.append(0)

    def open_box(self, element: etree._Element, tag: str, parent: int) -> int:
        """Add a box for the element that was entered last; returns its number."""
        names, hidden = _read_names(element)
        self.box_parents.append(parent)
        self.box_tags.append(tag)
        self.box_elements.append(len(self.element_tags))
        self.box_depths.append(self.box_depths[parent] + 1 if parent >= 0 else 0)
        self.box_names.append(names)
        self.box_hidden.append(hidden)
        self.box_first.append(self.block_count)
        self.box_last.append(-1)
        return len(self.box_last) - 1

    def build_page(self, head: Head) -> Page:
        """The page as collected so far."""
        blocks = list(zip(*self._block_rows, strict=True)) or [()] * 7
        texts, block_tags, roles, link_characters, block_boxes, marks, inline_names = blocks
        return Page(
            kind="html",
            texts=texts,
            tags=block_tags,
            roles=roles,
            link_characters=link_characters,
            boxes=block_boxes,
            marks=marks,
            inline_names=inline_names,
            images=self.images,
            controls=self.controls,
            box_parents=self.box_parents,
            box_tags=self.box_tags,
            box_elements=self.box_elements,
            box_depths=self.box_depths,
            box_names=self.box_names,
            box_hidden=self.box_hidden,
            box_first=self.box_first,
            box_last=self.box_last,
            element_tags=self.element_tags,
            element_depths=self.element_depths,
            head=head,
        )


def find_prose_lines(text: str) -> list[tuple[int, int]]:
    """Start and end of each line where the lines of a block are paragraphs that single ``<br>`` set apart; none where
    they are verse, an address or a wrapped paragraph.

    >>> find_prose_lines("Not all that glitters\\nOften have you heard that told\\nMany a man his life hath sold")
    []
    """
    lines = text.split("\n")
    if len(lines) < _LEAST_PROSE_LINES:
        return []
    long = [line for line in lines if measure_width(line) >= _PROSE_LINE_WIDTH]
    ended = sum(ends_sentence(line) for line in long)
    if 2 * sum(map(len, long)) < len(text) or ended < _ENDED_SHARE * len(long):
        return []
    ends = list(accumulate(len(line) + 1 for line in lines))
    return [(end - 1 - len(line), end - 1) for end, line in zip(ends, lines, strict=True) if line]


def cut_marks(marks: Sequence[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """The marks of ``text[start:end]``, counted from its first character."""
    return tuple(
        mark._replace(start=max(mark.start, start) - start, end=min(mark.end, end) - start)
        for mark in marks
        if max(mark.start, start) < min(mark.end, end) or (mark.kind == "image" and start <= mark.start < end)
    )


def _trim_marks(marks: list[Mark], text: str, first: int) -> tuple[Mark, ...]:
    """Count the marks from the text's ``first`` character, end them with the text, and move each start past the space
    that was still pending when it was opened."""
    trimmed = []
    for mark in marks:
        start, end = max(mark.start - first, 0), min(mark.end - first, len(text))
        start += start < end and text[start].isspace()
        if start < end or mark.kind == "image":
            trimmed.append(mark._replace(start=min(start, len(text)), end=max(end, 0)))
    return tuple(trimmed)


def _read_names(element: etree._Element) -> tuple[str, bool]:
    """The element's class, id, role and itemprop, and whether it is marked hidden."""
    names, hidden = "", False
    present = element.keys()  # not items(), which takes time that grows with the square of their number
    for name in present:
        if name in _NAMING_ATTRIBUTES:
            value = element.get(name) or ""
            names = f"{names} {value}" if names else value
        elif (
            name == "hidden"
            or (name == "aria-hidden" and element.get(name) == "true")
            or (name == "style" and _HIDING_STYLE.search(element.get(name) or ""))
        ):
            hidden = True
    return names[:_NAMES_LIMIT], hidden
