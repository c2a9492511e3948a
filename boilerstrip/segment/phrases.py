"""Elements within a line that stand for more than their text: formulas, images, quotations, readings."""

from typing import Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.page import Mark
from boilerstrip.segment import inline, looks, mathematics, raised
from boilerstrip.segment.builder import BlockBuilder
from boilerstrip.segment.delimited import mark_formulas
from boilerstrip.segment.mathematics import Formula
from boilerstrip.segment.surroundings import UNREAD, Entered, OpenLink, Surroundings

_SENTENCE_SIGNS: Final = ".,;:?!)…"
_OPENING: Final = "([{«“„‘\"'¿¡"
_LABEL_WIDTH: Final = 40
"""Characters of a running block from which on it is more than a label, to which a pointer shows an explanation."""
_ROLES_OF_PROSE: Final = frozenset({"paragraph", "list_item", "table_cell", "quote"})
_ICON_TEXTS: Final = frozenset({"", "i", "?", "ℹ", "ⓘ"})
"""What a button says that shows an icon: nothing, or that there is more to know."""
_START_LENGTH: Final = 24
_BLOCKS_OF_LINK: Final = 32
"""Blocks that a link may stand around; one around more was never closed."""
_BOXES_OF_TASK: Final = 3
"""Boxes, the item's among them, that a control may begin."""
_MARKS_OF_ROW: Final = 5


class PhraseBuilder(BlockBuilder):
    """A builder of blocks that is given such elements, too."""

    def set_apart(self, following: str | None, surroundings: Surroundings) -> None:
        """Keep the words around an image or a video apart; a comma behind it stays at its word."""
        if not surroundings.preformatted and (not following or following[0].isalnum() or following[0] in _OPENING):
            self._pending = self._pending or " "

    def enter_button_in_line(self, element: etree._Element, outer: Surroundings) -> Entered | None:
        """A button above the line or in a sentence, of which an icon is no text; ``None`` for any other."""
        above = element.getparent()
        is_above = above is not None and above.tag == "sup"
        is_icon = inline.read_text(element).strip() in _ICON_TEXTS and not inline.holds_image(element)
        if not is_above and not self.is_in_sentence(element, outer, is_icon=is_icon):
            return None
        self.controls[-1] += 1
        if is_icon:
            if not is_above:
                self.set_apart(element.tail, outer)
            return UNREAD, None
        if is_above:
            return outer, None
        if self.text_before()[-1:].isalnum():
            self._pending = " "
        return outer, (self.position, "closing", " ", "") if (element.tail or "")[:1].isalnum() else None

    def is_in_sentence(self, element: etree._Element, surroundings: Surroundings, *, is_icon: bool) -> bool:
        """Whether an element stands among the words of a sentence: apart from them by white space or a sign, or without
        a text of its own, or in a paragraph, with words behind it, or with words before it and the sentence's end
        behind."""
        tail = element.tail or ""
        has_words_before = self.position > 0 and self._pending != "\n"
        is_glued = tail[:1].isalnum() or self.text_before()[-1:].isalnum()
        is_in_text = surroundings.tag in ("p", "li")
        if is_glued and not (is_icon or (is_in_text and has_words_before)):
            return False
        behind = element.getnext()
        if is_icon and is_in_text and not tail.strip() and behind is not None and behind.tag in tags.INLINE:
            tail = inline.read_text(behind)
        if any(character.isalpha() for character in tail[:40]):
            return has_words_before or surroundings.tag == "p"
        return has_words_before and tail[:1] in _SENTENCE_SIGNS and tail != ""

    def go_on_hidden(self, element: etree._Element, outer: Surroundings) -> bool:
        """Whether a hidden element goes on with the text of its box, which is more than a label and is not said again
        by it; set apart from that where a sentence begins."""
        has_text_before = self.block_count > self.box_first[outer.box] or self.position >= _LABEL_WIDTH
        if not has_text_before or outer.preformatted or outer.role not in _ROLES_OF_PROSE:
            return False
        sentences = inline.read_hidden(element)
        if not sentences or (self.position and sentences.startswith(self._find_start())):
            return False
        if self.position and sentences[0].isupper():
            self._pending = self._pending or " "
        return True

    def _find_start(self) -> str:
        """The first characters of the running block."""
        start = ""
        for piece in self._pieces:
            start += piece[:_START_LENGTH]
            if len(start) >= _START_LENGTH:
                break
        return start[:_START_LENGTH]

    def add_formula(self, element: etree._Element, outer: Surroundings) -> Entered:
        """A formula instead of all that an element holds; none where a script right behind it will give it."""
        if mathematics.is_source_of_preview(element):
            return UNREAD, None
        return self.write_formula(mathematics.read_formula(element), outer)

    def write_formula(self, formula: Formula, outer: Surroundings) -> Entered:
        """A formula as text and, if it is LaTeX or MathML, as a mark."""
        text = formula.write()
        if text:
            start = self.position
            self.add_text(text, outer)
            label = formula.write_label()
            if formula.is_latex or label:
                self.marks_here.append(Mark(start, self.position, "formula", "", label))
        return UNREAD, None

    def mark_formulas(self) -> None:
        """Mark the formulas between delimiters in all blocks."""
        mark_formulas(self._block_rows)

    def enter_look(self, element: etree._Element, look: int, outer: Surroundings) -> Entered | None:
        """What an inline element is by its class, if that makes it more than text."""
        if look & looks.FORMULA:
            return self.add_formula(element, outer)
        if look & looks.DELIMITED and not len(element) and (formula := mathematics.read_delimited(element.text or "")):
            return self.write_formula(formula, outer)
        if look & looks.LINE_NUMBER and outer.preformatted and inline.is_number(element):
            return UNREAD, None
        is_sign = outer.role == "table_cell" and not self.position and not (element.tail or "").strip()
        if look & looks.ICON and not is_sign and inline.is_icon_name(element):
            if element.tail:
                self.set_apart(element.tail, outer)
            return UNREAD, None
        return (UNREAD, None) if look & (looks.UNSEEN | looks.EDIT_LINK) else None

    def enter_fraction(self, outer: Surroundings) -> Entered:
        """A fraction, or the number above its bar, apart from a whole number in front of it."""
        if self.text_before()[-1:].isdecimal():
            self._pending = " "
        return outer, (self.position, "superscript", "", "")

    def enter_image(self, element: etree._Element, outer: Surroundings) -> Entered:
        """An image: a formula or an emoji is text, any other a mark, with a space to the words around it."""
        self.images[-1] += 1
        name, label = element.get("class"), element.get("alt") or ""
        if name:
            self.inline_names_here.append(name)
        if formula := mathematics.read_image(element):
            self.write_formula(formula, outer)
        elif inline.begins_word(label, element.tail or "") or inline.is_emoji(
            label, looks.read_class(name) if name else 0
        ):
            self.add_text(label, outer)
        else:
            self.add_image(inline.find_address(element), label, outer.box, is_twin=inline.is_in_noscript(element))
            self.set_apart(element.tail, outer)
        return outer, None

    def add_image(self, address: str, label: str, box: int, *, is_twin: bool) -> None:
        """Mark an image here; a twin stands for the one right before it where that has an address."""
        last = self.marks_here[-1] if self.marks_here else None
        mark = Mark(self.position, self.position, "image", address, label)
        if is_twin and last is not None and last.kind == "image" and last.end == self.position:
            if not last.target or last.target.startswith("data:"):
                self.marks_here[-1] = mark
            return
        self.marks_here.append(mark)
        if not self.position:
            self._image_boxes.append(box)

    def enter_link(self, element: etree._Element, outer: Surroundings) -> Entered:
        """A link; a sign to point at is none of the text, a sign that leads to a note names it."""
        target = element.get("href") or ""
        is_local = target.startswith("#")
        if inline.is_permalink(element) or (is_local and self._is_for_mouse(element, target[1:], outer)):
            return UNREAD, None
        if is_local and (label := raised.read_note_label(element)):
            self._name_note(target[1:], label, element)
            return outer.linked(), (self.position, "reference", target, label)
        if number := raised.read_bare_mark(element):
            return self.begin_superscript(element, number, number.choose_sign(self.text_before()), outer.linked())
        return outer.linked() if target else outer, self.open_link(target)

    def _is_for_mouse(self, element: etree._Element, name: str, outer: Surroundings) -> bool:
        """Whether a link only gives the address of the heading beside it, or leads from a note back to its mark."""
        tail = element.tail or ""
        if outer.role == "heading":
            return inline.is_anchor(element) and any(map(str.isalpha, self._find_end() + tail))
        if name not in self.marks_of_notes or any(map(str.isalpha, tail)) or not (note := self._find_note(outer.box)):
            return False
        text, label = inline.read_text(element), self.notes[note]
        is_label = text.strip("[]().: \xa0") == label and not self._find_end().strip("[( ")
        return not is_label and inline.leads_back(text, label)

    def _name_note(self, note: str, label: str, element: etree._Element) -> None:
        """Keep the label of a note and the names of its mark, which a link, a number above the line or both draw."""
        self.notes[note] = label
        for place in (element.getparent(), element, *element[:1]):
            if place is not None and place.tag in tags.INLINE and (name := place.get("id") or place.get("name")):
                self.marks_of_notes.add(name)

    def begin_superscript(
        self, element: etree._Element, number: raised.Superscript, sign: str, outer: Surroundings
    ) -> Entered:
        """A number above the line, with the sign that sets it apart in plain text."""
        if number.note:
            self._name_note(number.note, number.label, element)
        start = self.position
        if number.is_counted:
            self.add_text(f"[{number.label}]", outer)
            return UNREAD, (start, "bracketed", number.note, "[]")
        if number.bracketed:
            return outer, (start, "bracketed", number.note, sign)
        if not sign and number.begins_sentence(self._find_end()):
            sign = " "
        elif sign:
            self.add_text(sign[: max(len(sign) - 1, 1)], outer)
        return outer, (start, "superscript", number.note, sign)

    def open_link(self, target: str) -> OpenLink:
        """A link that begins here."""
        return OpenLink(self.block_count, self.position, target)

    def close_link(self, link: OpenLink) -> None:
        """Mark the text of a link; one that stands around several blocks is a link in each of them."""
        block, start, target = link
        if self.block_count - block > _BLOCKS_OF_LINK:
            return
        for inside in range(block, self.block_count):
            if target:
                self._link_block(inside, start, target)
            start = 0
        self.marks_here.append(Mark(start, self.position, "link", target))

    def _link_block(self, block: int, start: int, target: str) -> None:
        """Mark a block from a place on as a link, unless it holds one."""
        row = self._block_rows[block]
        text, marks = row[0], row[_MARKS_OF_ROW]
        if start < len(text) and not any(mark.kind == "link" for mark in marks):
            mark = Mark(start, len(text), "link", target)
            self._block_rows[block] = (*row[:_MARKS_OF_ROW], (*marks, mark), *row[_MARKS_OF_ROW + 1 :])

    def count_control(self, element: etree._Element, box: int) -> None:
        """Count a form's control; one to tick that a list of tasks begins an item with says whether that is done."""
        self.controls[-1] += 1
        if self.position or (element.get("type") or "").lower() != "checkbox":
            return
        for _ in range(_BOXES_OF_TASK):
            parent = self.box_parents[box] if box >= 0 else -1
            if parent < 0 or self.box_first[box] != self.block_count:
                return
            if self.box_tags[box] == "li":
                if self.box_tags[parent] == "ul" and "task" in f"{self.box_names[parent]} {self.box_names[box]}":
                    self._numbers_of_boxes[box] = int(element.get("checked") is not None)
                return
            box = parent

    def enter_quotation(self, element: etree._Element, outer: Surroundings) -> Entered:
        """A ``q``, in quotation marks if it brings none of its own."""
        if inline.has_quotation_marks(element):
            return outer, None
        opening, closing = inline.choose_quotation_marks(element, self.quotation_marks)
        self.add_text(opening, outer)
        return outer, (self.position, "closing", closing, "")

    def close_with(self, sign: str) -> None:
        """Append a sign that closes what stands before it, or a blank if there is none."""
        if sign == " ":
            self._pending = self._pending or " "
        else:
            self.append_sign(sign)

    def enter_reading(self, element: etree._Element, outer: Surroundings) -> Entered:
        """The reading of a word (``rt``), in parentheses if the page has not put them there."""
        before = element.getprevious()
        if (before is not None and before.tag == "rp") or not inline.is_reading(element):
            return outer, None
        self.add_text("(", outer)
        return outer, (self.position, "closing", ")", "")
