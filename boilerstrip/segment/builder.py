"""Collects the text of a page into blocks, and blocks and boxes into the columns of a page."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.page import Head, Mark, Page
from boilerstrip.patterns import join_wide
from boilerstrip.segment import looks
from boilerstrip.segment.code import is_gutter
from boilerstrip.segment.lines import cut_marks, find_prose_lines, find_role, mark_rules, trim_marks
from boilerstrip.segment.mathematics import FORMULA_SIGNS, read_delimited
from boilerstrip.segment.numbering import number_cells, number_items
from boilerstrip.segment.surroundings import Surroundings
from boilerstrip.segment.unseen import cover, find_concealed, find_invisible

_NO_BREAK, _SPACE, _LINE_BREAK = "", " ", "\n"
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\xad"
_IN_WORDS: Final = {0xAD: None, 0x200B: None, 0xFEFF: None}
"""Where a word may be broken, or must not; what is read and searched is the word."""
_REMARKABLE: Final = frozenset({"noscript", "dialog", "ol", "table"})
"""Elements whose boxes may be more than boxes."""
_LEVELS_ABOVE: Final = 6
"""Boxes above a block that may be the note or the list item which it begins."""
BOX_OF_ROW: Final = 4
_END_LENGTH: Final = 8
"""Characters before an element that tell what it is, such as an exponent."""


class BlockBuilder:
    """Collects text into blocks, and blocks and boxes into the columns of a page."""

    def __init__(self, quotation_marks: tuple[str, str] = ("“", "”")) -> None:
        self.quotation_marks = quotation_marks
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
        self._image_boxes: list[int] = []
        """The box of each image in front of the running block."""
        self.position = 0
        """Where the next text goes in the block being built."""
        self.marks_here: list[Mark] = []
        self.inline_names_here: list[str] = []
        """Marks and names of inline elements of the block being built."""
        self.languages: dict[int, str] = {}
        """Programming language of each box of code."""
        self.notes: dict[str, str] = {}
        self.marks_of_notes: set[str] = set()
        """Label of each note that a mark in the text leads to, by the note's name, and the names of those marks."""
        self.block_notes: list[str] = []
        self._unseen_boxes: list[int] = []
        self._concealed_boxes: list[int] = []
        self._unsaid_boxes: list[int] = []
        self._notes_of_boxes: dict[int, str] = {}
        self._numbers_of_boxes: dict[int, int] = {}
        self._numbers_of_items: dict[etree._Element, int] = {}

    def add_text(self, text: str, surroundings: Surroundings) -> None:
        """Append inline text, white space collapsed unless preformatted."""
        if surroundings.preformatted:
            if self._pending and text[0] not in "\r\n":
                self._append(_LINE_BREAK, False)
            self._pending = _NO_BREAK
            self._append(text, surroundings.in_link)
            return
        if surroundings.keeps_breaks and "\n" in text:
            self._add_lines(text, surroundings)
            return
        if text.isspace():
            self._pending = self._pending or _SPACE
            return
        collapsed = " ".join((join_wide(text) if "\n" in text else text).split())
        if not collapsed.isascii() and any(sign in collapsed for sign in "\xad\u200b\ufeff"):
            collapsed = collapsed.translate(_IN_WORDS)
        if self.position and (self._pending or text[0].isspace()):
            collapsed = (self._pending or _SPACE) + collapsed
        self._append(collapsed, surroundings.in_link)
        self._pending = _SPACE if text[-1].isspace() else _NO_BREAK

    def _add_lines(self, text: str, surroundings: Surroundings) -> None:
        """Append the lines of a text whose style keeps its line breaks; an empty one between two ends the block."""
        for number, line in enumerate(text.split("\n")):
            if number and self.position:
                self.break_line(surroundings)
            if line:
                self.add_text(line, surroundings)

    def append_sign(self, sign: str) -> None:
        """Append a sign that closes what stands before it, in front of the white space that is pending."""
        self._append(sign, False)

    def text_before(self) -> str:
        """The end of the running block, as far as the next word stands right behind it."""
        return "" if self._pending else self._find_end()

    def _find_end(self) -> str:
        """The last characters of the running block, of however many pieces they are."""
        end = ""
        for piece in reversed(self._pieces):
            end = piece[-_END_LENGTH:] + end
            if len(end) >= _END_LENGTH:
                break
        return end

    def count_words(self, most: int) -> int:
        """Words of all blocks so far that are not links, counted until there are more than ``most``."""
        count = 0
        for text, _, _, linked, *_ in self._block_rows:
            if linked * 2 < len(text):
                count += len(text.split())
            if count > most:
                break
        return count

    def _append(self, text: str, in_link: bool) -> None:
        if not text:  # soft breaks of words alone
            return
        self._pieces.append(text)
        self.position += len(text)
        if in_link:
            self._linked += len(text)

    def break_line(self, surroundings: Surroundings) -> None:
        """A ``<br>``: a line break, and with the next one the end of the block."""
        if surroundings.preformatted:
            self._pending = _NO_BREAK
            self._append("\n", surroundings.in_link)
        elif self._pending == _LINE_BREAK:
            self.end_block(surroundings)
        else:
            self._pending = _LINE_BREAK

    def end_running_text(self, surroundings: Surroundings) -> None:
        """A boundary of block-level elements; in preformatted text the next text starts on a line of its own."""
        if not surroundings.preformatted:
            self.end_block(surroundings)
        else:
            self._pending = _NO_BREAK
            if self._pieces and not self._find_end().endswith("\n"):
                self._append("\n", False)

    def start_line(self, surroundings: Surroundings) -> None:
        """The edge of an element that has its lines to itself: what comes next stands on another line, unless nothing
        but white space is on this one of a code."""
        if self.position and not (surroundings.preformatted and not self._find_end().rpartition("\n")[2].strip()):
            self._pending = _LINE_BREAK

    def end_block(self, surroundings: Surroundings) -> None:
        """Make a block of the text collected so far, if there is any."""
        self._pending = _NO_BREAK
        if not self._pieces:
            return
        text = "".join(self._pieces)
        if text.strip().strip(_INVISIBLE):
            self._add_block(text, surroundings)
        self._clear()

    def drop_running_text(self) -> None:
        """Forget the block being built where there are others, so that a page which is cut ends with a whole one."""
        if self.block_count:
            self._clear()

    def _clear(self) -> None:
        self.position = self._linked = 0
        for collected in (self._pieces, self.marks_here, self.inline_names_here):
            collected.clear()

    def _add_block(self, text: str, surroundings: Surroundings) -> None:
        first = 0
        if surroundings.preformatted:
            # HTML does not count the line break after the start tag, and those before the end tag show nothing.
            first = int(text.startswith("\n"))
            text = text[first:].rstrip("\n")
            if is_gutter(text):
                return
        names = " ".join(self.inline_names_here)[: looks.NAMES_LIMIT] if self.inline_names_here else ""
        marks = trim_marks(self.marks_here, text, first) if self.marks_here else ()
        if text[0] in FORMULA_SIGNS and not marks and not surroundings.preformatted and (found := read_delimited(text)):
            text = found.write()
            marks = (Mark(0, len(text), "formula"),)
        if self.languages or self._notes_of_boxes or self._numbers_of_boxes:
            marks += tuple(self._describe_place(len(text), surroundings.box))
        marks = self._place_images(marks, surroundings.box)
        lines = () if surroundings.preformatted or "\n" not in text else find_prose_lines(text)
        if lines:
            for start, end in lines:
                own = cut_marks(marks, start, end)
                linked = sum(mark.end - mark.start for mark in own if mark.kind == "link")
                role = find_role(text[start:end], surroundings.role)
                self._add_row((text[start:end], surroundings.tag, role, linked, surroundings.box, own, names))
        else:
            role = find_role(text, surroundings.role)
            self._add_row((text, surroundings.tag, role, self._linked, surroundings.box, marks, names))

    def _add_row(self, row: tuple[Any, ...]) -> None:
        self._block_rows.append(row)
        self.block_notes.append(self._find_note(row[BOX_OF_ROW]) if self._notes_of_boxes else "")
        self.block_count += 1
        self.images.append(0)
        self.controls.append(0)

    def _place_images(self, marks: tuple[Mark, ...], box: int) -> tuple[Mark, ...]:
        """The marks of the next block, the images in front of it placed: with the block before where they share a box
        with that alone, as pictures of their own where they stand no closer to one of the two."""
        boxes, self._image_boxes = self._image_boxes, []
        if not boxes or not self._block_rows:
            return marks
        leading = [mark for mark in marks if mark.kind == "image" and mark.end == 0]
        others = [mark for mark in marks if not (mark.kind == "image" and mark.end == 0)]
        placed, before = list[Mark](), list[Mark]()
        text, *_, last_box, last_marks, _ = self._block_rows[-1]
        for mark, image_box in zip(leading, boxes, strict=False):
            above, below = self._measure_shared(image_box, last_box), self._measure_shared(image_box, box)
            if above > below:
                before.append(mark._replace(start=len(text), end=len(text)))
            else:
                placed.append(mark._replace(kind="picture") if above == below else mark)
        if before:
            row = self._block_rows[-1]
            self._block_rows[-1] = (*row[:5], last_marks + tuple(before), *row[6:])
        return (*placed, *others)

    def _measure_shared(self, box: int, other: int) -> int:
        """Depth of the innermost box that holds both."""
        while box != other:
            if box > other:
                box = self.box_parents[box]
            else:
                other = self.box_parents[other]
        return self.box_depths[box]

    def begin_note(self, name: str, box: int) -> None:
        """Make a box a note, if that is what an element at its beginning is called."""
        if name in self.notes:
            self._notes_of_boxes.setdefault(box, name)

    def _find_note(self, box: int) -> str:
        """The name of the note that a box is part of; ``""`` if of none."""
        return next(
            (self._notes_of_boxes[above] for above in self._boxes_above(box) if above in self._notes_of_boxes), ""
        )

    def _boxes_above(self, box: int) -> Iterator[int]:
        """A box and the few around it, innermost first."""
        for _ in range(_LEVELS_ABOVE):
            if box < 0:
                break
            yield box
            box = self.box_parents[box]

    def _describe_place(self, length: int, box: int) -> Iterator[Mark]:
        """What the page says of the code, the note or the list item that the next block begins."""
        language = self.languages.get(box)
        if language:
            yield Mark(0, length, "language", "", language)
        for above in self._boxes_above(box):
            if self.box_first[above] != self.block_count:
                break
            if above in self._notes_of_boxes:
                name = self._notes_of_boxes[above]
                yield Mark(0, length, "note", name, self.notes[name])
            if above in self._numbers_of_boxes:
                kind = "column" if self.box_tags[above] in tags.CELLS else "number"
                yield Mark(0, length, kind, "", str(self._numbers_of_boxes[above]))

    def open_box(self, element: etree._Element, tag: str, parent: int) -> int:
        """Add a box for the element that was entered last; returns its number."""
        names, hidden, look = looks.read_names(element)
        box = self.open_box_at(len(self.element_tags), tag, parent, names, hidden)
        if look or tag in _REMARKABLE:
            self._note_look(element, tag, box, look)
        if self._numbers_of_items:
            self._number_box(element, box)
        if self.notes and (name := element.get("id") or "") in self.notes:
            self._notes_of_boxes[box] = name
        return box

    def open_box_at(self, element: int, tag: str, parent: int, names: str = "", hidden: bool = False) -> int:
        """Add a box for the element with a number; returns the number of the box."""
        self.box_parents.append(parent)
        self.box_tags.append(tag)
        self.box_elements.append(element)
        self.box_depths.append(self.box_depths[parent] + 1 if parent >= 0 else 0)
        self.box_names.append(names)
        self.box_hidden.append(hidden)
        self.box_first.append(self.block_count)
        self.box_last.append(-1)
        return len(self.box_last) - 1

    def _note_look(self, element: etree._Element, tag: str, box: int, look: int) -> None:
        """Keep what a box is besides a box: unseen, hidden, kept from screen readers, or a list with numbers."""
        if look & looks.UNSEEN or tag == "noscript" or (tag == "dialog" and element.get("open") is None):
            self._unseen_boxes.append(box)
        if look & looks.CONCEALED:
            self._concealed_boxes.append(box)
        if look & looks.UNSAID:
            self._unsaid_boxes.append(box)
        if tag == "ol":
            self._numbers_of_items.update(number_items(element))
        elif tag == "table":
            self._numbers_of_items.update(number_cells(element))

    def _number_box(self, element: etree._Element, box: int) -> None:
        """Keep the number of a list's item that has another one than its place."""
        if element in self._numbers_of_items:
            self._numbers_of_boxes[box] = self._numbers_of_items[element]

    def build_page(self, head: Head, *, is_cut: bool = False) -> Page:
        """The page as collected so far."""
        covered = partial(cover, first=self.box_first, last=self.box_last)
        blocks = list(zip(*self._block_rows, strict=True)) or [()] * 7
        texts, block_tags, roles, link_characters, block_boxes, marks, inline_names = blocks
        return Page(
            kind="html",
            texts=texts,
            tags=block_tags,
            roles=roles,
            link_characters=link_characters,
            boxes=block_boxes,
            marks=mark_rules(marks, self.box_tags, self.box_first),
            inline_names=inline_names,
            invisible=find_invisible(texts, covered(self._unseen_boxes), covered(self._unsaid_boxes)),
            concealed=find_concealed(self.block_count, covered(self._concealed_boxes)),
            notes=self.block_notes,
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
            truncated=is_cut,
        )
