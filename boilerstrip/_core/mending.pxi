# The end tags that libxml2 reads otherwise than a browser, in a page's source.

cdef extern from "string.h":
    const void *memchr(const void *, int, size_t) nogil


cdef Py_ssize_t skip_spaces(const unsigned char *source, Py_ssize_t place) noexcept nogil:
    """The place behind white space; a source ends with a NUL, which is none."""
    cdef uint32_t point
    cdef int width
    while True:
        width = read_point(source + place, &point)
        if not is_space(point):
            return place
        place += width


cdef class EndTags:
    """Mends end tags as ``boilerstrip.segment.parse.mend_end_tags`` does."""

    cdef list openers
    cdef bytes paragraph_end

    def __init__(self, openers, str paragraph_end):
        self.openers = [opener.encode() for opener in openers]
        self.paragraph_end = f"<{paragraph_end}></{paragraph_end}>".encode()

    cdef bint opens_block(self, const unsigned char *source, Py_ssize_t place):
        """Whether an element that begins a block follows, after white space."""
        cdef uint32_t point
        cdef bytes opener
        place = skip_spaces(source, place)
        if source[place] != c"<":
            return False
        for opener in self.openers:
            if strncmp(<const char *> source + place + 1, opener, len(opener)) == 0:
                read_point(source + place + 1 + len(opener), &point)
                if not Py_UNICODE_ISALNUM(point) and point != c"_":
                    return True
        return False

    def mend(self, bytes text not None, bint are_opened=True):
        """The source, mended; nothing where it has a CDATA section, unless those are opened."""
        cdef const unsigned char *source = text
        cdef Py_ssize_t size = len(text), place = 0, done = 0, end
        cdef const void *found
        cdef list pieces = []
        cdef unsigned char first
        while True:
            found = memchr(source + place, c"<", size - place)
            if found == NULL:
                break
            place = <const unsigned char *> found - source
            if source[place + 1] == c"!" and not are_opened and strncmp(<const char *> found, "<![CDATA[", 9) == 0:
                return None
            first = lower(source[place + 1 + (source[place + 1] == c"/")])
            if source[place + 1] != c"/" or (first != c"p" and first != c"b" and first != c"h"):
                place += 1
                continue
            name = b"p" if first == c"p" else b"br"
            end = place + 3
            if first != c"p" and not begins_with(<const char *> source + place + 2, b"br"):
                name = b"body" if first == c"b" else b"html"
                if not begins_with(<const char *> source + place + 2, name):
                    place += 1
                    continue
            end = skip_spaces(source, place + 2 + len(name))
            if first != c"p" and source[end] == c"/":
                end += 1
            if source[end] != c">" or (first == c"p" and self.opens_block(source, end + 1)):
                place += 1
                continue
            end += 1
            if first == c"p":
                pieces += (text[done:place], b"</p>", self.paragraph_end)
            else:
                pieces += (text[done:place], b"<br>" if len(name) == 2 else b" ")
            place = done = end
        if not pieces:
            return text
        pieces.append(text[done:])
        return b"".join(pieces)
