"""An lxml tree to blocks: one pass in document order, no text lost and none twice.

A block is a run of inline content between two boundaries of block-level elements, or two consecutive ``<br>``. What the
walk does at an element is looked up by its tag; those with a rule of their own have a method (:data:`_SPECIAL_DEEDS`).
"""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any, Final

from lxml import etree

from boilerstrip import tags
from boilerstrip._core import load_part
from boilerstrip.limits import STRIDE, UNLIMITED, Limits
from boilerstrip.page import Mark, Page
from boilerstrip.segment import deeds, inline, looks, mathematics, raised
from boilerstrip.segment.code import find_language, find_lines_of_table
from boilerstrip.segment.deeds import BOUNDARY, INLINE, LINE_BREAK, MARK, PARAGRAPH_END, SKIPPED, UNKNOWN
from boilerstrip.segment.feeds import find_markup, is_feed
from boilerstrip.segment.head import HeadReader
from boilerstrip.segment.initials import InitialBuilder
from boilerstrip.segment.parse import parse_html
from boilerstrip.segment.structured import add_structured_story
from boilerstrip.segment.surroundings import UNREAD, Ending, Entered, Line, OpenLink, OpenMark, Surroundings
from boilerstrip.segment.unknown import Lookahead

_CLAIMING: Final = frozenset({*tags.CONTROLS, *tags.HEAD})
"""Inline elements that say something of the page by standing there."""
_XML_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_FRAME_LIMIT: Final = 1_000_000
"""Characters of an ``iframe``'s own document that are read."""
_FRAMES_LIMIT: Final = 4
"""Frames and tables of code inside each other that are read as such."""
WALK_SHARE: Final = 0.4
"""Of the time that is left after parsing, what the walk may take: measuring takes twice as long as walking."""


class _Walk(InitialBuilder):
    """One pass over a tree: a builder that is fed by :meth:`walk`."""

    def __init__(self, root: etree._Element, limits: Limits = UNLIMITED) -> None:
        language = root.get("lang") or root.get(_XML_LANGUAGE) or ""
        super().__init__(inline.find_quotation_marks(language))
        self.head = HeadReader(language)
        self.frames = 0
        self.is_cut = False
        self.is_feed = is_feed(root)
        self._limits = limits

    def walk(self, root: etree._Element, around: Surroundings = UNREAD) -> None:
        """Enter and leave every element, with stacks of the open ones, of what surrounds their text, of their ends."""
        opened: list[etree._Element] = []
        inside, endings = [around], list[Ending]()
        end = etree.Element("end")
        # The elements of a frame are none of the page's: all of them are found at the frame.
        entered, depths = ([], []) if self.frames else (self.element_tags, self.element_depths)
        count_tag, count_depth, deed_of = entered.append, depths.append, deeds.DEEDS.get
        self.lookahead = Lookahead(entered, deeds.is_counted, deeds.is_block)
        if (module := load_part("walk").module) and module.walk(self, root, around, entered, depths):
            return
        for element in chain(chain.from_iterable(self._pace(root)), (end,)):
            parent = element.getparent()
            while opened and opened[-1] is not parent:
                tail, inner, ending = opened.pop().tail, inside.pop(), endings.pop()
                if ending is not None:
                    self.leave(ending, inner)
                if tail and inside[-1].is_read and opened and not self.is_cut:
                    self.add_text(tail, inside[-1])
            if element is end:
                break
            outer = inside[-1]
            tag: Any = element.tag
            deed = deed_of(tag)
            if deed is None:
                tag, deed = deeds.classify(tag)
            if deed < PARAGRAPH_END:
                count_tag(tag)
                count_depth(len(opened))
            inner, ending = outer, None
            if outer is UNREAD and opened:
                if tag in tags.HEAD:
                    self.head.read(element, tag, len(self.element_tags))
            elif deed == BOUNDARY or (not opened and deed < SKIPPED):
                inner, ending = self.enter_block(element, tag, outer)
            elif deed <= MARK:
                # An element without attributes that draws no mark is but its text.
                if deed == MARK or tag in _CLAIMING or element.keys():
                    inner, ending = self.enter_inline(element, tag, deed, outer)
            elif deed == LINE_BREAK:
                self.break_line(outer)
            elif deed <= UNKNOWN:
                inner, ending = self.enter_special(element, tag, outer)
            else:
                inner = UNREAD
                self.pass_by(element, tag, deed, outer)
            text = element.text
            if text and inner is not UNREAD:
                self.add_text(text, inner)
            opened.append(element)
            inside.append(inner)
            endings.append(ending)

    def _pace(self, root: etree._Element) -> Iterator[list[etree._Element]]:
        """The elements of a tree, the first in any case, as far as the limits allow; a frame is never cut."""
        rest = root.iter()
        while (elements := list(islice(rest, STRIDE))) and not self.stop_at_limit():
            yield elements

    def stop_at_limit(self) -> bool:
        """Whether a limit is reached, and the text that runs there is dropped."""
        is_over = self.block_count >= self._limits.most_blocks or self._limits.is_over()
        if is_over and self.element_tags and not self.frames:
            self.is_cut = True
            self.drop_running_text()
        return self.is_cut

    def enter_block(self, element: etree._Element, tag: str, outer: Surroundings) -> Entered:
        """A boundary, and the box that ends with it; inside preformatted text the lines that it has to itself."""
        inner = self.enter_boundary(element, tag, outer)
        if inner is outer:
            return inner, Line()
        if self.is_feed and (source := find_markup(element, tag)) and self.read_document(source, inner):
            self.leave(inner.box, inner)
            return UNREAD, None
        return inner, inner.box if inner.is_read else None

    def enter_boundary(self, element: etree._Element, tag: str, outer: Surroundings) -> Surroundings:
        """End the running block and start a box. Inside preformatted text a boundary is but a line break."""
        self.end_running_text(outer)
        if tag == "table" and self.frames < _FRAMES_LIMIT and (lines := find_lines_of_table(element)):
            return self.read_lines_of_code(element, lines, outer)
        if outer.preformatted:
            return outer
        if tag in tags.CONTROLS:
            self.controls[-1] += 1
        elif tag in tags.HEAD:
            self.head.read(element, tag, len(self.element_tags))
        role = tags.ROLE_OF_TAG.get(tag)
        if role is None or (outer.role in tags.STICKY_ROLES and role in ("paragraph", "list_item")):
            role = outer.role
        box = self.open_box(element, tag, outer.box)
        if tag in tags.PREFORMATTED:
            self.languages[box] = find_language(element)
            return Surroundings(box, role, tag, outer.in_link, preformatted=True)
        style = element.get("style")
        keeps_breaks = looks.keeps_breaks(style, outer.keeps_breaks) if style else outer.keeps_breaks
        return Surroundings(box, role, tag, outer.in_link, keeps_breaks=keeps_breaks)

    def read_lines_of_code(
        self, table: etree._Element, lines: list[etree._Element], outer: Surroundings
    ) -> Surroundings:
        """A table of code as one block, so that nothing of the table is left to read."""
        inner = outer
        if not outer.preformatted:
            inner = Surroundings(self.open_box(table, "table", outer.box), "code", "table", outer.in_link, True)
            self.languages[inner.box] = find_language(lines[0]) or find_language(table)
        for line in lines:
            self.end_running_text(inner)
            start = self.position
            self.walk_apart(line, inner)
            if self.position == start:
                self.append_sign("\n")
            if self._limits.is_over():
                break
        if inner is not outer:
            self.leave(inner.box, inner)
        return UNREAD

    def enter_inline(self, element: etree._Element, tag: str, deed: int, outer: Surroundings) -> Entered:
        """Go on with the running block, with the mark that the element draws."""
        if self.notes and not self.position:
            self.begin_note(element.get("id") or element.get("name") or "", outer.box)
        name = element.get("class")
        look = looks.read_class(name) if name else 0
        if name:
            if look and (passed := self.enter_look(element, look, outer)):
                return passed
            self.inline_names_here.append(name)
        if not (layout := looks.read_layout(element) | looks.read_class_layout(element, look, outer.preformatted)):
            return self.enter_text(element, tag, deed, outer)
        if layout & looks.LINE_NUMBER and outer.preformatted and inline.is_number(element):
            return UNREAD, None
        if layout & looks.UNSEEN or (layout & looks.CONCEALED and not self.go_on_hidden(element, outer)):
            return UNREAD, None
        if layout & looks.CONCEALED and (not self.position or deeds.holds_block(element)):
            return self.enter_block(element, tag, outer)
        if layout & (looks.KEPT_BREAKS | looks.COLLAPSED) and outer.keeps_breaks != bool(layout & looks.KEPT_BREAKS):
            outer = outer.copy(outer.in_link, not outer.keeps_breaks)
        if not layout & looks.OWN_LINE:
            return self.enter_text(element, tag, deed, outer)
        self.start_line(outer)
        inner, ending = self.enter_text(element, tag, deed, outer)
        return inner, ending if inner is UNREAD else Line(ending)

    def enter_text(self, element: etree._Element, tag: str, deed: int, outer: Surroundings) -> Entered:
        """Text of the running block, with the mark that the element draws."""
        if deed == MARK:
            kind = tags.INLINE_MARKS[tag]
            return self.enter_link(element, outer) if kind == "link" else (outer, (self.position, kind, "", ""))
        if tag in tags.CONTROLS:
            self.count_control(element, outer.box)
        elif tag in tags.HEAD:
            self.head.read(element, tag, len(self.element_tags))
        return outer, None

    def enter_special(self, element: etree._Element, tag: str, outer: Surroundings) -> Entered:
        """An element with a rule of its own, or one that HTML does not know, which is drawn within its line."""
        method = _SPECIAL_DEEDS.get(tag)
        if method is not None:
            return method(self, element, outer)
        if tag.endswith(":math"):
            return self.add_formula(element, outer)
        if (
            self.is_feed
            or self.lookahead.holds_block(element)
            or (outer.tag != "p" and inline.stands_alone(element, tag))
        ):
            return self.enter_block(element, tag, outer)
        return self.enter_inline(element, tag, INLINE, outer)

    def enter_title(self, element: etree._Element, outer: Surroundings) -> Entered:
        """The title of a page, which stands nowhere on it; of a feed's entry, its headline."""
        if self.is_feed:
            return self.enter_block(element, "title", outer)
        self.end_running_text(outer)
        self.head.read(element, "title", len(self.element_tags))
        return UNREAD, None

    def enter_template(self, element: etree._Element, outer: Surroundings) -> Entered:
        """A template shows nothing, unless it is the shadow tree that its parent shows."""
        if element.get("shadowrootmode") is None and element.get("shadowroot") is None:
            return UNREAD, None
        return self.enter_block(element, "template", outer)

    def enter_noscript(self, element: etree._Element, outer: Surroundings) -> Entered:
        """What stands for a script; one that holds images alone is no boundary, as it is but a lazy image's twin."""
        if inline.holds_images_alone(element):
            return outer, None
        return self.enter_block(element, "noscript", outer)

    def enter_superscript(self, element: etree._Element, outer: Surroundings) -> Entered:
        """A number above the line is set apart from the word: an exponent by ``^``, the mark of a note by brackets."""
        is_numerator = raised.is_numerator(element)
        number = None if is_numerator else raised.read_superscript(element)
        before = self.text_before()
        if is_numerator or (number is not None and number.choose_sign(before) == " "):
            return self.enter_fraction(outer)
        if number is None:
            return self.enter_inline(element, "sup", MARK, outer)
        return self.begin_superscript(element, number, number.choose_sign(before), outer)

    def enter_button(self, element: etree._Element, outer: Surroundings) -> Entered:
        """A button in a heading or in a sentence is text, in code it is none, elsewhere it is a control."""
        if outer.preformatted:
            return UNREAD, None
        if outer.role == "heading" or outer.tag in ("dt", "summary"):
            self.controls[-1] += 1
            return outer, None
        return self.enter_button_in_line(element, outer) or self.enter_block(element, "button", outer)

    def pass_by(self, element: etree._Element, tag: str, deed: int, outer: Surroundings) -> None:
        """What an element whose content is no text leaves on the page."""
        if deed == PARAGRAPH_END:
            self.end_running_text(outer)
        elif tag == "iframe" and element.get("srcdoc"):
            self.read_document(element.get("srcdoc") or "", outer)
        elif tag in tags.MEDIA:
            self.set_apart(element.tail, outer)
        elif tag == "script":
            if formula := mathematics.read_script(element):
                self.write_formula(formula, outer)
            else:
                self.head.read(element, tag, len(self.element_tags))

    def read_document(self, source: str, outer: Surroundings) -> bool:
        """The document that an ``iframe`` carries in its attribute, or a feed as text; whether there is one."""
        root = parse_html(source) if len(source) <= _FRAME_LIMIT and self.frames < _FRAMES_LIMIT else None
        if root is None:
            return False
        self.end_running_text(outer)
        self.walk_apart(root, outer)
        return True

    def walk_apart(self, root: etree._Element, around: Surroundings) -> None:
        """Walk over a tree whose elements are none of the page's, or are counted elsewhere."""
        left = self.head, self.lookahead, self.is_feed
        self.frames, self.head, self.is_feed = self.frames + 1, HeadReader(), False
        self.walk(root, around)
        self.frames, (self.head, self.lookahead, self.is_feed) = self.frames - 1, left

    def leave(self, ending: OpenMark | OpenLink | int | Line, inner: Surroundings) -> None:
        """End a box, and the block that runs up to its end, or a line, or a mark."""
        if isinstance(ending, Line):
            if ending.ending is not None:
                self.leave(ending.ending, inner)
            self.start_line(inner)
            return
        if isinstance(ending, int):
            self.end_block(inner)
            self.box_last[ending] = self.block_count
            return
        if isinstance(ending, OpenLink):
            self.close_link(ending)
            return
        start, kind, target, label = ending
        if kind == "closing":
            self.close_with(target)
            return
        if kind == "superscript" and (len(label) > 1 or label == " "):
            self.close_with(label[-1])
            label = label.strip()
        elif kind == "bracketed":
            kind = "superscript"
        elif kind == "reference":
            self.marks_here.append(Mark(start, self.position, kind, target[1:]))
            kind, label = "link", ""
        self.marks_here.append(Mark(start, self.position, kind, target, label))


_SPECIAL_DEEDS: Final[dict[str, Callable[[_Walk, etree._Element, Surroundings], Entered]]] = {
    "math": _Walk.add_formula,
    "mjx-container": _Walk.add_formula,
    "title": _Walk.enter_title,
    "template": _Walk.enter_template,
    "noscript": _Walk.enter_noscript,
    **dict.fromkeys(tags.IMAGES, _Walk.enter_image),
    "q": _Walk.enter_quotation,
    "rt": _Walk.enter_reading,
    "sup": _Walk.enter_superscript,
    "button": _Walk.enter_button,
}


def segment_tree(root: etree._Element, limits: Limits = UNLIMITED) -> Page:
    """Cut a parsed page into blocks, as far as the limits allow. The tree is not changed.

    >>> from lxml import html
    >>> list(segment_tree(html.fromstring("<div>foo<b>bar</b> <i>x</i><p>one</p>two</div>")).texts)
    ['foobar x', 'one', 'two']
    """
    walk = _Walk(root, limits)
    walk.walk(root)
    if not walk.is_cut:
        add_structured_story(walk, walk.head, lambda source: segment_html(source).texts)
    if walk.head.draws_formulas:
        walk.mark_formulas()
    return walk.build_page(walk.head.finish(), is_cut=walk.is_cut)


def segment_html(text: str, limits: Limits = UNLIMITED, encoded: bytes | None = None) -> Page:
    """Cut a page's source into blocks; a page without any content gives a page without blocks.

    :param encoded: the source in UTF-8, where it is at hand.

    >>> list(segment_html("<p>one<br>two<br><br>three").texts)
    ['one\\ntwo', 'three']
    """
    root = parse_html(text, encoded)
    return Page(kind="html") if root is None else segment_tree(root, limits.part(WALK_SHARE))
