"""The walk over a page's tree on libxml2's own nodes, which an lxml element is made of only where a rule asks for one.

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
from boilerstrip.segment import looks
from boilerstrip.segment.surroundings import Surroundings

from cpython.object cimport PyObject
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memset, strcmp, strlen
from libc.stdint cimport int64_t, uint32_t, uint64_t


cdef extern from "Python.h":
    str PyUnicode_DecodeUTF8(const char *, Py_ssize_t, const char *)
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    uint32_t PyUnicode_READ_CHAR(object, Py_ssize_t)
    int Py_UNICODE_ISALNUM(uint32_t)
    int Py_UNICODE_ISSPACE(uint32_t)

cdef extern from "tree.h":
    ctypedef struct tree_node:
        int type
        const char *name
        tree_node *children
        tree_node *next
        tree_node *parent
        tree_node *document
        void *name_space
        const char *content
        tree_node *properties
    ctypedef struct tree_element:
        PyObject *document
        tree_node *node
    ctypedef object (*element_factory)(object, tree_node *)

cdef enum:
    ELEMENT = 1
    TEXT = 3
    CHARACTER_DATA = 4
    ENTITY = 5
    INSTRUCTION = 7
    COMMENT = 8
    HTML_DOCUMENT = 13
    INCLUDE_START = 19
    INCLUDE_END = 20

cdef enum:
    BOUNDARY, INLINE, MARK, LINE_BREAK, SPECIAL, UNKNOWN, SKIPPED, PARAGRAPH_END, NO_ELEMENT

cdef enum:
    IS_CONTROL = 1
    IS_HEAD = 2
    IS_PASSED_BY = 4
    IS_OPENED_WITH_CARE = 8

cdef enum:
    CACHED_TAGS = 1024
    SHORT_BYTES = 16  # of four characters

_TESTED_VERSIONS = (5, 6)
cdef element_factory make_element = NULL
cdef object unread = reference._UNREAD
cdef object new_tuple = tuple.__new__
cdef dict role_of_tag = tags.ROLE_OF_TAG, inline_marks = tags.INLINE_MARKS
cdef object sticky_roles = tags.STICKY_ROLES, preformatted_tags = tags.PREFORMATTED
cdef object read_class = looks.read_class, search_hiding = looks.HIDING_STYLE.search
cdef int UNSEEN = looks.UNSEEN, CONCEALED = looks.CONCEALED, UNSAID = looks.UNSAID
cdef int names_limit = looks.NAMES_LIMIT, stride = STRIDE


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
            | (IS_OPENED_WITH_CARE if tag in ("ol", "dialog", "noscript") else 0)
        )
        return 0


cdef inline bint is_node_of_tree(int kind) noexcept nogil:
    return kind == ELEMENT or kind == COMMENT or kind == INSTRUCTION or kind == ENTITY


cdef tree_node *skip_texts(tree_node *node) noexcept nogil:
    """The next node that is an element, a comment or the like."""
    while node != NULL and not is_node_of_tree(node.type):
        node = node.next
    return node


cdef bint goes_on(tree_node *node, tree_node *root) noexcept nogil:
    """Whether a tree has a node behind this one."""
    if node.type == ELEMENT and skip_texts(node.children) != NULL:
        return True
    while node != root:
        if skip_texts(node.next) != NULL:
            return True
        node = node.parent
    return False


cdef tree_node *find_text(tree_node *node) noexcept nogil:
    """The node, if it is text."""
    while node != NULL and (node.type == INCLUDE_START or node.type == INCLUDE_END):
        node = node.next
    return node if node != NULL and (node.type == TEXT or node.type == CHARACTER_DATA) else NULL


cdef str read_text(tree_node *node):
    """The text that begins with a node."""
    cdef str text = ""
    node = find_text(node)
    while node != NULL:
        if node.content != NULL and node.content[0]:
            piece = PyUnicode_DecodeUTF8(node.content, strlen(node.content), NULL)
            text = text + piece if text else piece
        node = find_text(node.next)
    return text


cdef bint is_blank(const char *content) noexcept nogil:
    cdef unsigned char sign
    while content[0]:
        sign = content[0]
        if not (sign == 32 or 9 <= sign <= 13 or 28 <= sign <= 31):
            return False
        content += 1
    return True


cdef object read_value(tree_node *attribute):
    """Value of an attribute; ``None`` where it is more than one text."""
    cdef tree_node *value = attribute.children
    if value == NULL:
        return ""
    if value.next != NULL or value.type != TEXT or value.content == NULL:
        return None
    return PyUnicode_DecodeUTF8(value.content, strlen(value.content), NULL)


cdef object read_attribute(tree_node *node, const char *name, object document):
    """The value of an attribute; ``None`` where the element has none of that name."""
    cdef tree_node *attribute = node.properties
    while attribute != NULL:
        if attribute.name_space == NULL and strcmp(attribute.name, name) == 0:
            value = read_value(attribute)
            return make_element(document, node).get(name.decode()) if value is None else value
        attribute = attribute.next
    return None


cdef inline object make_mark(object start, object end, object kind, object target, object label):
    return new_tuple(Mark, (start, end, kind, target, label))


cdef bint begins_with_word(str text) noexcept:
    """Whether a text is neither invisible nor a line of signs or ornaments, told from its first characters."""
    cdef uint32_t first = PyUnicode_READ_CHAR(text, 0)
    if not Py_UNICODE_ISALNUM(first):
        return False
    return not (first in (c"o", c"O", c"x", c"X") and PyUnicode_GET_LENGTH(text) > 1 and
                PyUnicode_READ_CHAR(text, 1) == c" ")


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
    """Whether a link holds so little that it may be a sign to point at."""
    cdef tree_node *text = node.children
    if text == NULL or skip_texts(text) != NULL:
        return False
    return text.next != NULL or text.content == NULL or strlen(text.content) <= SHORT_BYTES


@cython.final
cdef class Walker:
    """One pass over a tree, into a builder."""

    cdef object builder, document
    cdef list images, controls, element_tags, box_parents, box_tags, box_elements, box_depths, box_names, box_hidden
    cdef list box_first, box_last, pieces, marks, names, rows, block_notes

    def __init__(self, builder, document):
        self.builder, self.document = builder, document
        self.images, self.controls, self.element_tags = builder.images, builder.controls, builder.element_tags
        self.box_parents, self.box_tags, self.box_elements = builder.box_parents, builder.box_tags, builder.box_elements
        self.box_depths, self.box_names, self.box_hidden = builder.box_depths, builder.box_names, builder.box_hidden
        self.box_first, self.box_last = builder.box_first, builder.box_last
        self.pieces, self.marks, self.names = builder._pieces, builder.marks_here, builder.inline_names_here
        self.rows, self.block_notes = builder._block_rows, builder.block_notes

    cdef object element(self, tree_node *node):
        return make_element(self.document, node)

    cdef int add_text(self, tree_node *node, object around) except -1:
        """Append the text that begins with a node, white space collapsed unless preformatted."""
        cdef str text, collapsed
        node = find_text(node)
        if node == NULL:
            return 0
        builder = self.builder
        if find_text(node.next) == NULL and node.content != NULL and is_blank(node.content):
            if not node.content[0]:
                return 0
            if not around.preformatted:
                if not builder._pending:
                    builder._pending = " "
                return 0
        text = read_text(node)
        if not text:
            return 0
        if around.preformatted or not text.isascii():
            builder.add_text(text, around)
            return 0
        pending = builder._pending
        if text.isspace():
            builder._pending = pending or " "
            return 0
        collapsed = " ".join(text.split())
        position = builder.position
        if position and (pending or text[0].isspace()):
            collapsed = (pending or " ") + collapsed
        self.pieces.append(collapsed)
        builder.position = position + len(collapsed)
        if around.in_link:
            builder._linked += len(collapsed)
        builder._pending = " " if text[-1].isspace() else ""
        return 0

    cdef int end_block(self, object around) except -1:
        """Make a block of the text collected so far; one that is more than words and marks the builder makes."""
        cdef str text
        builder = self.builder
        if not self.pieces:
            builder._pending = ""
            return 0
        text = self.pieces[0] if len(self.pieces) == 1 else "".join(self.pieces)
        if (
            around.preformatted or builder._image_boxes or builder.languages or builder._notes_of_boxes
            or builder._numbers_of_boxes or not text or not begins_with_word(text) or "\n" in text
        ):
            builder.end_block(around)
            return 0
        names = " ".join(self.names)[:names_limit] if self.names else ""
        marks = trim_marks(self.marks, text) if self.marks else ()
        self.rows.append((text, around.tag, around.role, builder._linked, around.box, marks, names))
        self.block_notes.append("")
        builder.block_count += 1
        self.images.append(0)
        self.controls.append(0)
        builder._pending = ""
        builder.position = builder._linked = 0
        del self.pieces[:], self.marks[:], self.names[:]
        return 0

    cdef object enter_boundary(self, tree_node *node, str tag, int flags, object outer):
        builder = self.builder
        if outer.preformatted or flags & IS_OPENED_WITH_CARE or tag in preformatted_tags:
            return builder.enter_boundary(self.element(node), tag, outer)
        self.end_block(outer)
        if flags & IS_CONTROL:
            self.controls[-1] += 1
        elif flags & IS_HEAD:
            builder.head.read(self.element(node), tag, len(self.element_tags))
        role = role_of_tag.get(tag)
        if role is None or (outer.role in sticky_roles and (role == "paragraph" or role == "list_item")):
            role = outer.role
        box = self.open_box(node, tag, outer.box)
        return Surroundings(box, role, tag, outer.in_link)

    cdef object open_box(self, tree_node *node, str tag, object parent):
        """Add a box for the element that was entered last."""
        cdef str names = ""
        cdef bint hidden = False
        cdef int look = 0
        cdef tree_node *attribute = node.properties
        cdef const char *name
        note = None
        while attribute != NULL:
            name = attribute.name
            if attribute.name_space != NULL:
                pass
            elif (
                strcmp(name, "class") == 0 or strcmp(name, "id") == 0 or strcmp(name, "role") == 0
                or strcmp(name, "itemprop") == 0
            ):
                value = read_attribute(node, name, self.document)
                names = f"{names} {value}" if names else value
                if strcmp(name, "class") == 0:
                    look |= read_class(value) & UNSEEN
                elif strcmp(name, "id") == 0:
                    note = value
            elif strcmp(name, "hidden") == 0 or strcmp(name, "style") == 0:
                value = read_attribute(node, name, self.document)
                if strcmp(name, "hidden") == 0 or search_hiding(value) is not None:
                    hidden = True
                    look |= CONCEALED if value != "until-found" else 0
            elif strcmp(name, "aria-hidden") == 0 and read_attribute(node, name, self.document) == "true":
                hidden = True
                look |= UNSAID
            attribute = attribute.next
        box = len(self.box_last)
        self.box_parents.append(parent)
        self.box_tags.append(tag)
        self.box_elements.append(len(self.element_tags))
        self.box_depths.append(self.box_depths[parent] + 1 if parent >= 0 else 0)
        self.box_names.append(names[:names_limit])
        self.box_hidden.append(hidden)
        self.box_first.append(self.builder.block_count)
        self.box_last.append(-1)
        if look:
            self.builder._note_look(self.element(node), tag, box, look)
        if tag == "li" and self.builder._numbers_of_items:
            self.builder._number_box(self.element(node), box)
        if note and note in self.builder.notes:
            self.builder._notes_of_boxes[box] = note
        return box

    cdef bint is_unseen(self, tree_node *node) except -1:
        """Whether its style or attribute hides an inline element from everybody."""
        cdef tree_node *attribute = node.properties
        if attribute == NULL:
            return False
        style = read_attribute(node, "style", self.document)
        if style and search_hiding(style) is not None:
            return True
        shown = read_attribute(node, "hidden", self.document)
        return shown is not None and shown != "until-found"

    cdef tuple enter_inline(self, tree_node *node, str tag, int deed, int flags, object outer):
        builder = self.builder
        name = read_attribute(node, "class", self.document) if node.properties != NULL else None
        if name and read_class(name):
            return builder.enter_inline(self.element(node), tag, deed, outer)
        kind = inline_marks[tag] if deed == MARK else None
        if kind == "link":
            target = read_attribute(node, "href", self.document) or ""
            if target.startswith("#") or may_be_permalink(node):
                return builder.enter_inline(self.element(node), tag, deed, outer)
            if name:
                self.names.append(name)
            return outer.linked() if target else outer, (builder.position, "link", target, "")
        if name:
            self.names.append(name)
        if self.is_unseen(node):
            return unread, None
        if kind is not None:
            return outer, (builder.position, kind, "", "")
        if flags & IS_CONTROL:
            self.controls[-1] += 1
        elif flags & IS_HEAD:
            builder.head.read(self.element(node), tag, len(self.element_tags))
        return outer, None

    cdef int leave(self, object ending, object inner) except -1:
        builder = self.builder
        if isinstance(ending, int):
            self.end_block(inner)
            self.box_last[ending] = builder.block_count
            return 0
        start, kind, target, label = ending
        if kind == "closing" or kind == "superscript" or kind == "bracketed":
            builder.leave(ending, inner)
        else:
            self.marks.append(make_mark(start, builder.position, kind, target, label))
        return 0

    cdef int walk(self, tree_node *root, object around, list entered, list depths) except -1:
        cdef tree_node *node = root
        cdef tree_node *following
        cdef list inside = [around], endings = []
        cdef int deed, flags, place, depth = 0
        cdef int64_t passed = 0
        cdef str tag
        cdef Tags known = Tags()
        builder, outer = self.builder, around
        builder.stop_at_limit()  # the clock is looked at as often as in the Python code
        while True:
            inner, ending, flags = outer, None, 0
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
                    builder.head.read(self.element(node), tag, len(self.element_tags))
            elif deed == BOUNDARY or (not depth and deed < SKIPPED):
                inner = self.enter_boundary(node, tag, flags, outer)
                ending = inner.box if inner is not outer else None
            elif deed <= MARK:
                if deed == MARK or flags & (IS_CONTROL | IS_HEAD) or node.properties != NULL:
                    inner, ending = self.enter_inline(node, tag, deed, flags, outer)
            elif deed == LINE_BREAK:
                builder.break_line(outer)
            elif deed <= UNKNOWN:
                inner, ending = builder.enter_special(self.element(node), tag, outer)
            else:
                inner = unread
                if deed == PARAGRAPH_END or flags & IS_PASSED_BY:
                    builder.pass_by(self.element(node), tag, deed, outer)
            if inner is not unread:
                self.add_text(node.children, inner)
            passed += 1
            if passed % stride == 0 and goes_on(node, root) and builder.stop_at_limit():
                if ending is not None:
                    self.leave(ending, inner)
                while endings:
                    inner, ending = inside.pop(), endings.pop()
                    if ending is not None:
                        self.leave(ending, inner)
                return 0
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
                    return 0
                if outer is not unread:
                    self.add_text(node.next, outer)
                following = skip_texts(node.next)
                if following != NULL:
                    node = following
                    break
                node = node.parent
                inner, ending = inside.pop(), endings.pop()
                outer, depth = inside[-1], depth - 1


def walk(builder, root not None, around, list entered not None, list depths not None):
    """Feed the builder with a tree of HTML; returns whether the tree is one that this module reads.

    ``entered`` and ``depths`` grow by each element's tag and depth.
    """
    if not isinstance(root, etree._Element) or make_element is NULL:
        return False
    cdef tree_element *element = <tree_element *> <void *> root
    if element.node == NULL or element.node.type != ELEMENT or element.node.document.type != HTML_DOCUMENT:
        return False
    Walker(builder, <object> element.document).walk(element.node, around, entered, depths)
    return True
