# The text of the block that is being built, in UTF-8.

cdef enum:
    NO_BREAK, PENDING_SPACE, PENDING_LINE


cdef inline bint is_space(uint32_t point) noexcept nogil:
    """Whether ``str.split`` takes a character for white space."""
    if point < 128:
        return point == 32 or 9 <= point <= 13 or 28 <= point <= 31
    return (
        point == 0xA0 or point == 0x85 or 0x2000 <= point <= 0x200A or point == 0x3000 or point == 0x2028
        or point == 0x2029 or point == 0x202F or point == 0x205F or point == 0x1680
    )


cdef inline bint is_wide(uint32_t point) noexcept nogil:
    """Whether a sign is of a script that sets no spaces, as ``boilerstrip.patterns`` knows them."""
    return 0x2E80 <= point <= 0x9FFF and point != 0x3000 or 0xF900 <= point <= 0xFAFF or 0xFF01 <= point <= 0xFF60 or (
        0x20000 <= point <= 0x3FFFF
    )


cdef inline int read_point(const unsigned char *text, uint32_t *point) noexcept nogil:
    """Bytes of the character that a text begins with, which is written to ``point``."""
    if text[0] < 0x80:
        point[0] = text[0]
        return 1
    if text[0] < 0xE0:
        point[0] = (text[0] & 0x1F) << 6 | (text[1] & 0x3F)
        return 2
    if text[0] < 0xF0:
        point[0] = (text[0] & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F)
        return 3
    point[0] = (text[0] & 0x07) << 18 | (text[1] & 0x3F) << 12 | (text[2] & 0x3F) << 6 | (text[3] & 0x3F)
    return 4


cdef bint has_word(str text) noexcept:
    """Whether a text is neither invisible nor a line of signs or ornaments, told from its first characters."""
    cdef uint32_t point
    cdef Py_ssize_t place
    for place in range(min(PyUnicode_GET_LENGTH(text), 64)):
        point = PyUnicode_READ_CHAR(text, place)
        if Py_UNICODE_ISALNUM(point) and point not in (c"o", c"O", c"x", c"X"):
            return True
    return False


@cython.final
cdef class RunningText:
    """What ``boilerstrip.segment.builder`` keeps of the block that is being built."""

    cdef unsigned char *text
    cdef Py_ssize_t size, room
    cdef int64_t position, linked
    cdef int pending
    cdef bint has_piece

    def __dealloc__(self):
        free(self.text)

    cdef int make_room(self, Py_ssize_t more) except -1:
        if self.size + more > self.room:
            self.room = 2 * self.room + more + 256
            self.text = <unsigned char *> realloc(self.text, self.room)
            if self.text == NULL:
                raise MemoryError
        return 0

    cdef int append(self, const unsigned char *text, bint in_link) except -1:
        """Append a text as it is, on a line of its own where that is pending."""
        cdef Py_ssize_t length = strlen(<const char *> text), place
        cdef int64_t count = 0
        self.make_room(length + 1)
        if self.pending and text[0] != c"\n" and text[0] != c"\r":
            self.text[self.size] = c"\n"
            self.size += 1
            self.position += 1
        self.pending = NO_BREAK
        memcpy(self.text + self.size, text, length)
        for place in range(length):
            count += (text[place] & 0xC0) != 0x80
        self.size += length
        self.position += count
        self.linked += count if in_link else 0
        self.has_piece = self.size > 0
        return 0

    cdef int append_collapsed(self, const unsigned char *text, bint in_link) except -1:
        """Append a text, its white space collapsed, and soft breaks of words left out."""
        cdef bint has_begun = False, is_behind_space = False, is_behind_break = False, starts_with_space
        cdef uint32_t point, last = 0
        cdef int width
        cdef int64_t before = self.position, count = 0
        cdef unsigned char *end
        self.make_room(strlen(<const char *> text) + 1)
        end = self.text + self.size
        read_point(text, &point)
        starts_with_space = is_space(point)
        while text[0]:
            width = read_point(text, &point)
            if is_space(point):
                is_behind_space = True
                is_behind_break = is_behind_break or point == c"\n"
                text += width
                continue
            if not has_begun:
                has_begun = True
                if before and (self.pending or starts_with_space):
                    end[0] = c"\n" if self.pending == PENDING_LINE else c" "
                    end += 1
                    count += 1
            elif is_behind_space and not (is_behind_break and is_wide(last) and is_wide(point)):
                end[0] = c" "
                end += 1
                count += 1
            is_behind_space, is_behind_break, last = False, False, point
            if point != 0xAD and point != 0x200B and point != 0xFEFF:
                memcpy(end, text, width)
                end += width
                count += 1
            text += width
        if not has_begun:
            self.pending = self.pending or PENDING_SPACE
            return 0
        self.size = end - self.text
        self.position += count
        self.linked += count if in_link else 0
        self.pending = PENDING_SPACE if is_behind_space else NO_BREAK
        self.has_piece = self.size > 0
        return 0

    cdef str take(self):
        """The text so far, which is forgotten here."""
        cdef str text = PyUnicode_DecodeUTF8(<const char *> self.text, self.size, NULL) if self.size else ""
        self.size, self.has_piece = 0, False
        return text
