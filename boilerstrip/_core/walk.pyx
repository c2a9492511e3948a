"""The walk over a page's tree on libxml2's own nodes, which an lxml element is made of only where a rule asks for one,
and the end tags that are mended before there is a tree.

It does what ``boilerstrip.segment.html`` does, in the same builder: here stand the loop and the few things that are
done at nearly every element; all else, from images to formulas, is done by the methods of the Python code.
"""

import cython

from lxml import etree

from boilerstrip import tags
from boilerstrip.limits import STRIDE
from boilerstrip.page import Mark
from boilerstrip.segment import deeds as table_of_deeds
from boilerstrip.segment import html as reference
from boilerstrip.segment import inline as images_and_notes
from boilerstrip.segment import delimited, looks, mathematics

from cpython.object cimport PyObject
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdlib cimport free, realloc
from libc.string cimport memcpy, memset, strcmp, strlen, strncmp
from libc.stdint cimport int64_t, uint32_t, uint64_t

include "strings.pxi"
include "nodes.pxi"
include "running.pxi"
include "mending.pxi"

cdef enum:
    BOUNDARY, INLINE, MARK, LINE_BREAK, SPECIAL, UNKNOWN, SKIPPED, PARAGRAPH_END, NO_ELEMENT

cdef enum:
    IS_CONTROL = 1
    IS_HEAD = 2
    IS_PASSED_BY = 4
    IS_OPENED_WITH_CARE = 8
    IS_IMAGE = 16
    IS_BUTTON = 32

cdef enum:
    CACHED_TAGS = 1024
    SHORT_BYTES = 16  # of four characters
    EMOJI_BYTES = 64  # of sixteen characters

_TESTED_VERSIONS = (5, 6)
cdef object new_tuple = tuple.__new__, unread_by_reference = reference.UNREAD
cdef dict role_of_tag = tags.ROLE_OF_TAG, inline_marks = tags.INLINE_MARKS
cdef object sticky_roles = tags.STICKY_ROLES, preformatted_tags = tags.PREFORMATTED
cdef object read_class = looks.read_class, read_style = looks.read_style
cdef int UNSEEN = looks.UNSEEN, CONCEALED = looks.CONCEALED, UNSAID = looks.UNSAID
cdef int names_limit = looks.NAMES_LIMIT, stride = STRIDE
cdef Words remarkable_classes = Words(looks.CLASS_PIECES), hiding_styles = Words(looks.HIDING_PIECES)
cdef Words breaking_styles = Words(looks.BREAKING_PIECES)
cdef Words laying_styles = Words(looks.HIDING_PIECES + looks.LAYOUT_PIECES)
cdef Words formula_classes = Words(("tex", "math"))
cdef Words stand_ins = Words(images_and_notes.PLACEHOLDER_PIECES + mathematics.LATEX_SOURCE_PIECES)
cdef Words canonical = Words(("canonical",)), read_scripts = Words(("m", "ld+json"))
cdef Words drawing_scripts = Words(delimited.DRAWING_PIECES)
cdef frozenset lazy_attributes = frozenset(name.encode() for name in images_and_notes.LAZY_ATTRIBUTES)
cdef tuple pending_signs = ("", " ", "\n")
cdef str formula_signs = mathematics.FORMULA_SIGNS
cdef bytes text_signs = b"([{\"'"


def _find_factory():
    """Why the nodes of this lxml cannot be read, or nothing."""
    global make_element
    if etree.LXML_VERSION[0] not in _TESTED_VERSIONS:
        return f"lxml {etree.__version__} is not known"
    if etree._Element.__basicsize__ != sizeof(tree_element):
        return "elements of this lxml lie otherwise"
    signature = b"struct LxmlElement *(struct LxmlDocument *, xmlNode *)"
    make_element = <element_factory> PyCapsule_GetPointer(etree.__pyx_capi__["elementFactory"], signature)
    return ""


OBJECTION = _find_factory()
"""Why this module is of no use, or nothing."""


@cython.final
cdef class Tags:
    """What is known of each tag of a tree, by the address of its name, which libxml2 keeps once in a document."""

    cdef const char *names[CACHED_TAGS]
    cdef int deeds[CACHED_TAGS]
    cdef int flags[CACHED_TAGS]
    cdef list tags
    cdef int count

    def __cinit__(self):
        memset(self.names, 0, sizeof(self.names))
        self.tags = [None] * CACHED_TAGS
        self.count = 0

    cdef int find(self, const char *name) except -1:
        """Where the tag stands; where there are too many, the last place is used again."""
        cdef uint64_t place = (<uint64_t> name >> 3) * <uint64_t> 0x9E3779B97F4A7C15 >> 54
        while self.names[place] != NULL and self.names[place] != name:
            place = (place + 1) & (CACHED_TAGS - 1)
        if self.names[place] == name:
            return <int> place
        if self.count < CACHED_TAGS // 2:
            self.count += 1
            self.names[place] = name
        tag = PyUnicode_DecodeUTF8(name, strlen(name), NULL)
        self.describe(<int> place, tag)
        return <int> place

    cdef int describe(self, int place, object tag) except -1:
        deed = table_of_deeds.DEEDS.get(tag)
        if deed is None:
            tag, deed = table_of_deeds.classify(tag)
        self.tags[place], self.deeds[place] = tag, deed
        self.flags[place] = (
            (IS_CONTROL if tag in tags.CONTROLS else 0)
            | (IS_HEAD if tag in tags.HEAD else 0)
            | (IS_PASSED_BY if tag in ("iframe", "script") or tag in tags.MEDIA else 0)
            | (IS_OPENED_WITH_CARE if tag in ("ol", "table", "dialog", "noscript", "summary") else 0)
            | (IS_IMAGE if tag == "img" else IS_BUTTON if tag == "button" else 0)
        )
        return 0


cdef inline object make_mark(object start, object end, object kind, object target, object label):
    return new_tuple(Mark, (start, end, kind, target, label))


cdef tuple trim_marks(list marks, str text):
    """The marks as ``boilerstrip.segment.lines.trim_marks`` counts them from a text's beginning."""
    cdef Py_ssize_t start, end, length = PyUnicode_GET_LENGTH(text)
    cdef list trimmed = []
    cdef object mark
    for mark in marks:
        start, end = mark[0], min(<Py_ssize_t> mark[1], length)
        if start < end:
            start += Py_UNICODE_ISSPACE(PyUnicode_READ_CHAR(text, start)) != 0
        if start < end or mark[2] == "image":
            start = min(start, length)
            same = start == <Py_ssize_t> mark[0] and end == <Py_ssize_t> mark[1]
            trimmed.append(mark if same else make_mark(start, end, mark[2], mark[3], mark[4]))
    return tuple(trimmed)


cdef bint may_be_permalink(tree_node *node) noexcept nogil:
    """Whether an element holds so little that it may be a sign to point at, or the mark of a note."""
    cdef tree_node *text = node.children
    cdef const unsigned char *content
    if text == NULL or skip_texts(text) != NULL:
        return False
    content = <const unsigned char *> text.content
    if text.next != NULL or content == NULL:
        return True
    while 0 < content[0] < 128 and is_space(content[0]):
        content += 1
    return not is_alphanumeric(content[0]) and strlen(<const char *> content) <= SHORT_BYTES


@cython.final
cdef class Around:
    """What ``boilerstrip.segment.surroundings.Surroundings`` holds, made in a tenth of the time."""

    cdef readonly object box
    cdef readonly str role, tag
    cdef readonly bint in_link, preformatted, is_read, keeps_breaks
    cdef Around _linked

    cpdef Around linked(self):
        if self.in_link:
            return self
        if self._linked is None:
            self._linked = self.copy(True, self.keeps_breaks)
        return self._linked

    cpdef Around copy(self, bint in_link, bint keeps_breaks):
        return make_around(self.box, self.role, self.tag, in_link, self.preformatted, True, keeps_breaks)


cdef Around make_around(
    object box, str role, str tag, bint in_link, bint preformatted, bint is_read=True, bint keeps_breaks=False
):
    cdef Around around = Around.__new__(Around)
    around.keeps_breaks = keeps_breaks
    around.box, around.role, around.tag = box, role, tag
    around.in_link, around.preformatted, around.is_read = in_link, preformatted, is_read
    return around


cdef Around unread = make_around(-1, "paragraph", "", False, False, False)


cdef Around convert(object around):
    """Surroundings, whoever made them."""
    if type(around) is Around:
        return around
    if around is unread_by_reference:
        return unread
    return make_around(
        around.box, around.role, around.tag, around.in_link, around.preformatted, around.is_read, around.keeps_breaks
    )


cdef inline bint is_short(const char *text) noexcept nogil:
    """Whether a text has one character, as the width of an image that counts visits has."""
    return text == NULL or not text[0] or not text[1]


@cython.final
cdef class Walker:
    """One pass over a tree, into a builder, which holds the running block only while a method of its own works."""

    cdef object builder, document
    cdef list images, controls, element_tags, box_parents, box_tags, box_elements, box_depths, box_names, box_hidden
    cdef list box_first, box_last, pieces, marks, names, rows, block_notes
    cdef RunningText running
    cdef int64_t block_count
    cdef bint is_plain, has_images
    cdef tree_node *style  # of the element whose box was opened last
    cdef object ending  # of the element that was entered last: its box, its mark, or nothing

    def __init__(self, builder, document):
        self.builder, self.document = builder, document
        self.images, self.controls, self.element_tags = builder.images, builder.controls, builder.element_tags
        self.box_parents, self.box_tags, self.box_elements = builder.box_parents, builder.box_tags, builder.box_elements
        self.box_depths, self.box_names, self.box_hidden = builder.box_depths, builder.box_names, builder.box_hidden
        self.box_first, self.box_last = builder.box_first, builder.box_last
        self.pieces, self.marks, self.names = builder._pieces, builder.marks_here, builder.inline_names_here
        self.rows, self.block_notes = builder._block_rows, builder.block_notes
        self.running = RunningText()
        self.take_back()

    cdef object element(self, tree_node *node):
        return make_element(self.document, node)

    cdef int hand_over(self) except -1:
        """Let the builder have the running block."""
        builder, running = self.builder, self.running
        if running.has_piece:
            self.pieces.append(running.take())
        builder.position, builder._linked = running.position, running.linked
        builder._pending, builder.block_count = pending_signs[running.pending], self.block_count
        return 0

    cdef int take_back(self) except -1:
        """Go on with the running block as the builder left it."""
        builder, running = self.builder, self.running
        running.position, running.linked, self.block_count = builder.position, builder._linked, builder.block_count
        pending = builder._pending
        running.pending = PENDING_SPACE if pending == " " else PENDING_LINE if pending == "\n" else NO_BREAK
        self.has_images = bool(builder._image_boxes)
        return self.look_for_places()

    cdef int look_for_places(self) except -1:
        """Keep whether blocks other than preformatted ones may have a place to be described."""
        self.is_plain = not (self.builder._notes_of_boxes or self.builder._numbers_of_boxes)
        return 0

    cdef int add_text(self, tree_node *node, Around around) except -1:
        """Append the text that begins with a node, white space collapsed unless preformatted."""
        cdef const char *content
        cdef bytes encoded
        node = find_text(node)
        if node == NULL:
            return 0
        content = node.content
        if find_text(node.next) != NULL:
            encoded = read_text(node).encode()
            content = encoded
        if content == NULL or not content[0]:
            return 0
        if around.preformatted:
            return self.running.append(<const unsigned char *> content, around.in_link)
        if around.keeps_breaks:
            self.hand_over()
            self.builder.add_text(PyUnicode_DecodeUTF8(content, strlen(content), NULL), around)
            return self.take_back()
        return self.running.append_collapsed(<const unsigned char *> content, around.in_link)

    cdef int end_block(self, Around around) except -1:
        """Make a block of the text collected so far; one that is more than words and marks the builder makes."""
        cdef str text
        cdef RunningText running = self.running
        if not running.has_piece and not self.pieces:
            running.pending = NO_BREAK
            return 0
        text = ""
        if self.is_plain and not around.preformatted and not self.follows_letter():
            if running.has_piece:
                self.pieces.append(running.take())
            text = self.pieces[0] if len(self.pieces) == 1 else "".join(self.pieces)
        if not text or not has_word(text) or "\n" in text or text[0] in formula_signs:
            self.hand_over()
            self.builder.end_block(around)
            return self.take_back()
        names = " ".join(self.names)[:names_limit] if self.names else ""
        marks = trim_marks(self.marks, text) if self.marks else ()
        if self.has_images:
            marks, self.has_images = self.builder._place_images(marks, around.box), False
        self.rows.append((text, around.tag, around.role, running.linked, around.box, marks, names))
        self.block_notes.append("")
        self.block_count += 1
        self.images.append(0)
        self.controls.append(0)
        running.pending, running.position, running.linked = NO_BREAK, 0, 0
        del self.pieces[:], self.marks[:], self.names[:]
        return 0

    cdef bint follows_letter(self) except -1:
        """Whether the last block is a single capital letter, which may be the first one of the next block."""
        cdef str text
        if not self.block_count:
            return False
        text = (<tuple> self.rows[-1])[0]
        return PyUnicode_GET_LENGTH(text) == 1 and text.isupper()

    cdef int read_head(self, tree_node *node, str tag) except -1:
        """Let the reader of heads see what may say something of the page; most links and scripts do not."""
        cdef tree_node *attribute
        if tag == "script":
            if not is_read_script(node):
                return 0
        elif tag == "link":
            attribute = find_attribute(node, b"rel")
            if attribute == NULL or not canonical.may_occur_in(view_value(attribute)):
                return 0
        self.builder.head.read(self.element(node), tag, len(self.element_tags))
        return 0

    cdef Around enter_boundary(self, tree_node *node, str tag, int flags, Around outer):
        cdef bint keeps_breaks
        if outer.preformatted or flags & IS_OPENED_WITH_CARE or tag in preformatted_tags:
            self.hand_over()
            return self.enter_by_reference(self.builder.enter_block(self.element(node), tag, outer), outer)
        self.end_block(outer)
        if flags & IS_CONTROL:
            self.controls[-1] += 1
        elif flags & IS_HEAD:
            self.read_head(node, tag)
        role = role_of_tag.get(tag)
        if role is None or (outer.role in sticky_roles and (role == "paragraph" or role == "list_item")):
            role = outer.role
        self.ending = self.open_box(node, tag, outer.box)
        keeps_breaks = outer.keeps_breaks if self.style == NULL else self.keeps_breaks(node, outer.keeps_breaks)
        return make_around(self.ending, role, tag, outer.in_link, False, True, keeps_breaks)

    cdef bint keeps_breaks(self, tree_node *node, bint outer) except -1:
        """Whether line breaks of the source count in the last box's element, if they do or do not around it."""
        if not breaking_styles.may_occur_in(view_value(self.style)):
            return outer
        return looks.keeps_breaks(read_value(self.style, node, self.document), outer)

    cdef object open_box(self, tree_node *node, str tag, object parent):
        """Add a box for the element that was entered last."""
        cdef str names = ""
        cdef bint hidden = False
        cdef int style, look = 0
        cdef tree_node *attribute = node.properties
        cdef const char *name
        note, self.style = None, NULL
        while attribute != NULL:
            name = attribute.name
            if attribute.name_space != NULL:
                pass
            elif (
                strcmp(name, "class") == 0 or strcmp(name, "id") == 0 or strcmp(name, "role") == 0
                or strcmp(name, "itemprop") == 0
            ):
                value = read_value(attribute, node, self.document)
                names = f"{names} {value}" if names else value
                if name[0] == c"c":
                    if remarkable_classes.may_occur_in(view_value(attribute)):
                        look |= read_class(value) & UNSEEN
                elif strcmp(name, "id") == 0:
                    note = value
            elif strcmp(name, "style") == 0:
                self.style = attribute
                if hiding_styles.may_occur_in(view_value(attribute)):
                    style = read_style(read_value(attribute, node, self.document))
                    hidden = hidden or style & CONCEALED
                    look |= style
            elif strcmp(name, "hidden") == 0:
                hidden = True
                look |= CONCEALED if read_value(attribute, node, self.document) != "until-found" else 0
            elif strcmp(name, "aria-hidden") == 0 and read_value(attribute, node, self.document) == "true":
                hidden = True
                look |= UNSAID
            attribute = attribute.next
        box = len(self.box_last)
        self.box_parents.append(parent)
        self.box_tags.append(tag)
        self.box_elements.append(len(self.element_tags))
        self.box_depths.append(self.box_depths[parent] + 1 if parent >= 0 else 0)
        self.box_names.append(names if len(names) <= names_limit else names[:names_limit])
        self.box_hidden.append(hidden)
        self.box_first.append(self.block_count)
        self.box_last.append(-1)
        if look:
            self.builder._note_look(self.element(node), tag, box, look)
        if (tag == "li" or tag == "td" or tag == "th") and self.builder._numbers_of_items:
            self.builder._number_box(self.element(node), box)
            self.look_for_places()
        if note and note in self.builder.notes:
            self.builder._notes_of_boxes[box] = note
            self.is_plain = False
        return box

    cdef bint is_laid_out(self, tree_node *node) except -1:
        """Whether its attributes may say that an inline element is hidden, or more than a part of its line."""
        cdef tree_node *attribute = node.properties
        cdef const char *name
        cdef const char *value
        while attribute != NULL:
            name, value = attribute.name, view_value(attribute)
            if attribute.name_space != NULL:
                pass
            elif strcmp(name, "style") == 0:
                if laying_styles.may_occur_in(value):
                    return True
            elif strcmp(name, "hidden") == 0 or strcmp(name, "popover") == 0:
                return True
            elif strcmp(name, "role") == 0:
                if value == NULL or strcmp(value, "tooltip") == 0:
                    return True
            elif strcmp(name, "aria-hidden") == 0 and may_be_permalink(node):
                return True
            attribute = attribute.next
        return False

    cdef Around enter_by_reference(self, entered, Around outer):
        """What a method of the builder says of an element."""
        self.take_back()
        inner, self.ending = entered
        return outer if inner is outer else convert(inner)

    cdef Around enter_inline(self, tree_node *node, str tag, int deed, int flags, Around outer):
        cdef tree_node *attribute = find_attribute(node, b"class")
        cdef bint is_remarkable = attribute != NULL and remarkable_classes.may_occur_in(view_value(attribute))
        name = read_value(attribute, node, self.document) if attribute != NULL else None
        kind = inline_marks[tag] if deed == MARK else None
        target = (read_attribute(node, b"href", self.document) or "") if kind == "link" else None
        if (
            (node.properties != NULL and self.is_laid_out(node))
            or (is_remarkable and read_class(name))
            or (target is not None and (may_be_permalink(node) or target.startswith("#")))
            or (
                (find_attribute(node, b"id") != NULL or find_attribute(node, b"name") != NULL) and self.builder.notes
            )
            or flags & IS_CONTROL
        ):
            self.hand_over()
            return self.enter_by_reference(self.builder.enter_inline(self.element(node), tag, deed, outer), outer)
        if name:
            self.names.append(name)
        if target is not None:
            self.ending = (self.block_count, self.running.position, target)
            return outer.linked() if target else outer
        if kind is not None:
            self.ending = (self.running.position, kind, "", "")
        elif flags & IS_HEAD:
            self.read_head(node, tag)
        return outer

    cdef Around enter_special(self, tree_node *node, str tag, int flags, Around outer):
        if flags & IS_IMAGE and self.enter_image(node, outer):
            return outer
        if flags & IS_BUTTON and self.is_control_alone(node, outer):
            return self.enter_boundary(node, tag, flags, outer)
        self.hand_over()
        return self.enter_by_reference(self.builder.enter_special(self.element(node), tag, outer), outer)

    cdef bint enter_image(self, tree_node *node, Around outer) except -1:
        """Mark an image that is neither a formula nor an emoji and names its address plainly; whether it is such."""
        cdef tree_node *attribute = node.properties
        cdef tree_node *source = NULL
        cdef tree_node *label = NULL
        cdef tree_node *look = NULL
        cdef const char *text
        while attribute != NULL:
            if attribute.name_space == NULL:
                if strcmp(attribute.name, "src") == 0:
                    source = attribute
                elif strcmp(attribute.name, "alt") == 0:
                    label = attribute
                elif strcmp(attribute.name, "class") == 0:
                    look = attribute
                elif attribute.name[0] == c"d" and <bytes> attribute.name in lazy_attributes:
                    return False
                elif strcmp(attribute.name, "width") == 0 and is_short(view_value(attribute)):
                    return False
            attribute = attribute.next
        text = view_value(source)
        if text == NULL or not text[0] or stand_ins.may_occur_in(text):
            return False
        text = view_value(label)
        if text == NULL or (text[0] and not self.is_description(text, look)) or is_child_of(node, b"noscript"):
            return False
        self.images[-1] += 1
        if look != NULL and (name := read_value(look, node, self.document)):
            self.names.append(name)
        position = self.running.position
        address = read_value(source, node, self.document)
        self.marks.append(make_mark(position, position, "image", address, PyUnicode_DecodeUTF8(text, strlen(text), NULL)))
        if not position:
            self.builder._image_boxes.append(outer.box)
            self.has_images = True
        self.set_apart(node, outer)
        return True

    cdef bint is_description(self, const char *label, tree_node *look) except -1:
        """Whether an image's label is surely but a label."""
        cdef const char *name = view_value(look)
        cdef Py_ssize_t place, length = strlen(label)
        if length == 1:  # which may be a letter of the text
            return False
        if name == NULL or formula_classes.may_occur_in(name) or remarkable_classes.may_occur_in(name):
            return False
        for place in range(length):
            if label[place] == c"\\" or (length <= EMOJI_BYTES and <unsigned char> label[place] >= 128):
                return False
        return True

    cdef int set_apart(self, tree_node *node, Around outer) except -1:
        """Keep the words around an image or a video apart, as the builder does."""
        cdef const char *content
        cdef unsigned char first = 0
        if outer.preformatted or self.running.pending:
            return 0
        node = find_text(node.next)
        while node != NULL and (node.content == NULL or not node.content[0]):
            node = find_text(node.next)
        if node != NULL:
            content = node.content
            first = content[0]
        if first >= 128:
            self.hand_over()
            self.builder.set_apart(read_text(node), outer)
            return self.take_back()
        if not first or Py_UNICODE_ISALNUM(first) or first in text_signs:
            self.running.pending = PENDING_SPACE
        return 0

    cdef bint is_control_alone(self, tree_node *node, Around outer) except -1:
        """Whether a button surely stands in no heading, in no sentence and not above the line, as nothing but white
        space follows it."""
        cdef const unsigned char *content
        if outer.preformatted or outer.role == "heading" or outer.tag == "dt" or outer.tag == "summary":
            return False
        if is_child_of(node, b"sup") or ((outer.tag == "p" or outer.tag == "li") and skip_texts(node.next) != NULL):
            return False
        node = find_text(node.next)
        while node != NULL:
            content = <const unsigned char *> node.content
            while content != NULL and content[0]:
                if content[0] >= 128 or not is_space(content[0]):
                    return False
                content += 1
            node = find_text(node.next)
        return True

    cdef int pass_by(self, tree_node *node, str tag, int deed, Around outer) except -1:
        if deed == PARAGRAPH_END and not outer.preformatted:
            return self.end_block(outer)
        if tag == "script":
            if not is_read_script(node):
                return 0
        elif deed != PARAGRAPH_END and (tag != "iframe" or find_attribute(node, b"srcdoc") == NULL):
            return self.set_apart(node, outer)
        self.hand_over()
        self.builder.pass_by(self.element(node), tag, deed, outer)
        return self.take_back()

    cdef int break_line(self, Around outer) except -1:
        if outer.preformatted:
            self.running.pending = NO_BREAK
            return self.running.append(b"\n", outer.in_link)
        if self.running.pending == PENDING_LINE:
            return self.end_block(outer)
        self.running.pending = PENDING_LINE
        return 0

    cdef int leave(self, object ending, Around inner) except -1:
        if isinstance(ending, int):
            self.end_block(inner)
            self.box_last[ending] = self.block_count
            return 0
        if len(ending) == 3:
            return self.close_link(ending)
        kind = ending[1] if len(ending) > 1 else "line"
        if kind == "line" or kind == "closing" or kind == "superscript" or kind == "bracketed" or kind == "reference":
            self.hand_over()
            self.builder.leave(ending, inner)
            return self.take_back()
        self.marks.append(make_mark(ending[0], self.running.position, kind, ending[2], ending[3]))
        return 0

    cdef int close_link(self, object link) except -1:
        if link[0] >= self.block_count:
            self.marks.append(make_mark(link[1], self.running.position, "link", link[2], ""))
            return 0
        self.hand_over()
        self.builder.close_link(link)
        return self.take_back()

    cdef bint stops_at_limit(self) except -1:
        self.hand_over()
        stops = self.builder.stop_at_limit()
        self.take_back()
        return stops

    cdef int walk(self, tree_node *root, Around around, list entered, list depths) except -1:
        cdef tree_node *node = root
        cdef tree_node *following
        cdef list inside = [around], endings = []
        cdef int deed, flags, place, depth = 0
        cdef int64_t passed = 0
        cdef str tag
        cdef Tags known = Tags()
        cdef Around outer = around, inner
        self.stops_at_limit()  # the clock is looked at as often as in the Python code
        while True:
            inner, self.ending, flags = outer, None, 0
            if node.type == ELEMENT:
                place = known.find(node.name)
                if node.name_space != NULL:
                    known.describe(place, self.element(node).tag)
                tag, deed, flags = known.tags[place], known.deeds[place], known.flags[place]
                if node.name_space != NULL:
                    known.describe(place, PyUnicode_DecodeUTF8(node.name, strlen(node.name), NULL))
            else:
                tag, deed = "", NO_ELEMENT
            if deed < PARAGRAPH_END:
                entered.append(tag)
                depths.append(depth)
            if outer is unread and depth:
                if flags & IS_HEAD:
                    self.read_head(node, tag)
            elif deed == BOUNDARY or (not depth and deed < SKIPPED):
                inner = self.enter_boundary(node, tag, flags, outer)
            elif deed <= MARK:
                if deed == MARK or flags & (IS_CONTROL | IS_HEAD) or node.properties != NULL:
                    inner = self.enter_inline(node, tag, deed, flags, outer)
            elif deed == LINE_BREAK:
                self.break_line(outer)
            elif deed <= UNKNOWN:
                inner = self.enter_special(node, tag, flags, outer)
            else:
                inner = unread
                if deed == PARAGRAPH_END or flags & IS_PASSED_BY:
                    self.pass_by(node, tag, deed, outer)
            ending = self.ending
            if inner is not unread:
                self.add_text(node.children, inner)
            passed += 1
            if passed % stride == 0 and goes_on(node, root) and self.stops_at_limit():
                if ending is not None:
                    self.leave(ending, inner)
                while endings:
                    inner, ending = inside.pop(), endings.pop()
                    if ending is not None:
                        self.leave(ending, inner)
                break
            following = skip_texts(node.children) if node.type == ELEMENT else NULL
            if following != NULL:
                inside.append(inner)
                endings.append(ending)
                outer, depth, node = inner, depth + 1, following
                continue
            while True:
                if ending is not None:
                    self.leave(ending, inner)
                if not depth:
                    return self.hand_over()
                if outer is not unread:
                    self.add_text(node.next, outer)
                following = skip_texts(node.next)
                if following != NULL:
                    node = following
                    break
                node = node.parent
                inner, ending = inside.pop(), endings.pop()
                outer, depth = inside[-1], depth - 1
        return self.hand_over()


cdef bint is_read_script(tree_node *node) noexcept nogil:
    """Whether a script may say something of the page, be a formula, or draw those that stand in the text."""
    cdef tree_node *kind = find_attribute(node, b"type")
    cdef tree_node *source = find_attribute(node, b"src")
    return (kind != NULL and read_scripts.may_occur_in(view_value(kind))) or (
        source != NULL and drawing_scripts.may_occur_in(view_value(source))
    )


cdef bint is_child_of(tree_node *node, const char *tag) noexcept nogil:
    return node.parent != NULL and node.parent.type == ELEMENT and strcmp(node.parent.name, tag) == 0


def walk(builder, root not None, around, list entered not None, list depths not None):
    """Feed the builder with a tree of HTML; returns whether the tree is one that this module reads.

    ``entered`` and ``depths`` grow by each element's tag and depth.
    """
    if not isinstance(root, etree._Element) or make_element is NULL:
        return False
    cdef tree_element *element = <tree_element *> <void *> root
    if element.node == NULL or element.node.type != ELEMENT or element.node.document.type != HTML_DOCUMENT:
        return False
    Walker(builder, <object> element.document).walk(element.node, convert(around), entered, depths)
    return True
