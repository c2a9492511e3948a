"""Elements within a line that stand for more than their text: formulas, images, quotations, readings."""

from lxml import etree

from boilerstrip.page import Mark
from boilerstrip.segment import inline, looks, mathematics
from boilerstrip.segment.builder import BlockBuilder
from boilerstrip.segment.mathematics import Formula
from boilerstrip.segment.surroundings import UNREAD, Entered, Surroundings


class PhraseBuilder(BlockBuilder):
    """A builder of blocks that is given such elements, too."""

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

    def enter_image(self, element: etree._Element, outer: Surroundings) -> Entered:
        """An image: a formula or an emoji is text, any other a mark, with a space to the words around it."""
        self.images[-1] += 1
        name, label = element.get("class"), element.get("alt") or ""
        if name:
            self.inline_names_here.append(name)
        if formula := mathematics.read_image(element):
            self.write_formula(formula, outer)
        elif inline.is_emoji(label, looks.read_class(name) if name else 0):
            self.add_text(label, outer)
        else:
            self.add_image(inline.find_address(element), label, outer.box, is_twin=inline.is_in_noscript(element))
            self.set_apart(element.tail, outer)
        return outer, None

    def enter_quotation(self, element: etree._Element, outer: Surroundings) -> Entered:
        """A ``q``, in quotation marks if it brings none of its own."""
        if inline.has_quotation_marks(element):
            return outer, None
        opening, closing = inline.choose_quotation_marks(element, self.quotation_marks)
        self.add_text(opening, outer)
        return outer, (self.position, "closing", closing, "")

    def enter_reading(self, element: etree._Element, outer: Surroundings) -> Entered:
        """The reading of a word (``rt``), in parentheses if the page has not put them there."""
        before = element.getprevious()
        if (before is not None and before.tag == "rp") or not inline.is_reading(element):
            return outer, None
        self.add_text("(", outer)
        return outer, (self.position, "closing", ")", "")
