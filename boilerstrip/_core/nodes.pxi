# libxml2's nodes as they lie in memory, and what is read of them.

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

cdef element_factory make_element = NULL


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


cdef const char *view_value(tree_node *attribute) noexcept nogil:
    """Value of an attribute in UTF-8, nothing where there is no attribute; ``NULL`` where it is more than one text."""
    cdef tree_node *value = attribute.children if attribute != NULL else NULL
    if value == NULL:
        return b""
    return NULL if value.next != NULL or value.type != TEXT else value.content


cdef object read_value(tree_node *attribute, tree_node *node, object document):
    """Value of an attribute of an element."""
    cdef const char *value = view_value(attribute)
    if value == NULL:
        return make_element(document, node).get(attribute.name.decode())
    return PyUnicode_DecodeUTF8(value, strlen(value), NULL)


cdef tree_node *find_attribute(tree_node *node, const char *name) noexcept nogil:
    cdef tree_node *attribute = node.properties
    while attribute != NULL:
        if attribute.name_space == NULL and strcmp(attribute.name, name) == 0:
            return attribute
        attribute = attribute.next
    return NULL


cdef object read_attribute(tree_node *node, const char *name, object document):
    """The value of an attribute; ``None`` where the element has none of that name."""
    cdef tree_node *attribute = find_attribute(node, name)
    return None if attribute == NULL else read_value(attribute, node, document)


@cython.final
cdef class Words:
    """Short words of ASCII that a text may hold, in capitals or not."""

    cdef list words
    cdef const char *pointers[64]
    cdef unsigned char firsts[256]

    def __init__(self, words):
        self.words = [word.encode("ascii") for word in sorted(words)]
        memset(self.firsts, 0, sizeof(self.firsts))
        for number, word in enumerate(self.words[:63]):
            self.pointers[number] = word
            if not self.firsts[word[0]]:
                self.firsts[word[0]] = number + 1
        self.pointers[len(self.words)] = NULL

    cdef bint may_occur_in(self, const char *text) noexcept nogil:
        """Whether a text holds one of the words, or a sign that is none of ASCII: case is another matter there."""
        cdef int number
        cdef unsigned char sign, first
        if text == NULL:
            return True
        while text[0]:
            sign = lower(text[0])
            if sign >= 128:
                return True
            number = self.firsts[sign]
            if number:
                number -= 1
                while self.pointers[number] != NULL and <unsigned char> self.pointers[number][0] == sign:
                    if begins_with(text, self.pointers[number]):
                        return True
                    number += 1
            text += 1
        return False


cdef inline unsigned char lower(unsigned char sign) noexcept nogil:
    return sign + 32 if 65 <= sign <= 90 else sign


cdef inline bint is_alphanumeric(unsigned char sign) noexcept nogil:
    return 97 <= lower(sign) <= 122 or 48 <= sign <= 57


cdef bint begins_with(const char *text, const char *word) noexcept nogil:
    while word[0]:
        if lower(text[0]) != <unsigned char> word[0]:
            return False
        text += 1
        word += 1
    return True
