"""The lines of a plain text, and which of them are one block: the steps of ``boilerstrip.segment.text``, which is asked
itself about lines that begin or break in an unusual way."""

import cython

from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.stdlib cimport free, realloc
from libc.string cimport memchr

from boilerstrip.limits import MOST_LINES, STRIDE
from boilerstrip.segment import text as reference

include "strings.pxi"

cdef extern from "Python.h":
    int Py_UNICODE_ISALPHA(uint32_t) nogil
    int Py_UNICODE_ISLOWER(uint32_t) nogil
    int Py_UNICODE_ISUPPER(uint32_t) nogil

cdef enum:
    PARAGRAPH, LIST_ITEM, QUOTE, SEPARATOR, HEADING, CODE

cdef enum:
    MARK = 0xFEFF  # of the byte order

cdef enum:
    UNKNOWN = -1

cdef struct Line:
    int64_t start, end, width, column
    int role
    int tabular  # or unknown
    bint is_after_blank

cdef tuple ROLES = ("paragraph", "list_item", "quote", "separator", "heading", "code")
cdef str AFTER_SENTENCE = reference._AFTER_SENTENCE, SENTENCE_ENDS = "".join(reference._SENTENCE_ENDS)
cdef int64_t MOST_COLUMNS = reference.MAX_WRAP_COLUMN, FEWEST_COLUMNS = reference.MIN_WRAP_COLUMN
cdef int64_t HANGING = reference._HANGING
cdef double WRAPPED = reference.WRAPPED_SHARE, RAGGED = reference.RAGGED_SHARE


cdef inline bint ends_line(uint32_t point) noexcept nogil:
    return 10 <= point <= 13 or point == 0x2028 or point == 0x2029


cdef inline bint is_wide(uint32_t point) noexcept nogil:
    return point >= 0x1100 and (
        point < 0x1160 or 0x2E80 <= point < 0xA4D0 or 0xAC00 <= point < 0xD7A4 or 0xF900 <= point < 0xFB00
        or 0xFE30 <= point < 0xFE70 or 0xFF00 <= point < 0xFF61 or 0xFFE0 <= point < 0xFFE7
    )


cdef inline bint is_short_word(uint32_t point) noexcept nogil:
    """Whether a character may be part of a word as short as "of"."""
    return Py_UNICODE_ISALNUM(point) and not Py_UNICODE_ISDECIMAL(point) and not 65 <= point <= 90


cdef bint has_four_blanks(const char *line, int64_t size) noexcept nogil:
    """Whether four blanks stand one behind the other, of which one is at every fourth place."""
    cdef int64_t place, first, end
    for place in range(3, size, 4):
        if line[place] == 32:
            first, end = place, place + 1
            while first > 0 and line[first - 1] == 32:
                first -= 1
            while end < size and line[end] == 32:
                end += 1
            if end - first >= 4:
                return True
    return False


@cython.final
@cython.boundscheck(False)
cdef class Lines:
    """The lines of one text that are not blank, and the blocks found of them so far."""

    cdef str text
    cdef int kind
    cdef const void *data
    cdef int64_t count, room
    cdef Line *lines
    cdef list texts, roles, spans

    def __init__(self, str text not None):
        self.text, self.kind, self.data = text, PyUnicode_KIND(text), PyUnicode_DATA(text)
        self.texts, self.roles, self.spans = [], [], []

    def __dealloc__(self):
        free(self.lines)

    cdef inline uint32_t at(self, int64_t place) noexcept nogil:
        return PyUnicode_READ(self.kind, self.data, place)

    cdef bint read(self, limits) except -1:
        """Find the lines, and tell whether there are more than the limits allow."""
        cdef int64_t place = 0, size = PyUnicode_GET_LENGTH(self.text), begin, end, previous = 0, stop
        cdef int64_t most = MOST_LINES, stride = STRIDE
        while place < size and (Py_UNICODE_ISSPACE(self.at(place)) or self.at(place) == MARK):
            place += 1
        while place < size:
            if ends_line(self.at(place)):
                place += 1
                continue
            begin = place
            place = self.find_line_end(place, size)
            stop, end = place, place
            while begin < end and Py_UNICODE_ISSPACE(self.at(end - 1)):
                end -= 1
            if begin == end:
                continue
            if self.count and self.count % stride == 0 and limits.stops(self.count, most):
                return True
            self.append(begin, end, previous)
            previous = stop
        return False

    cdef int64_t find_line_end(self, int64_t place, int64_t size) noexcept nogil:
        cdef const uint8_t *bytes = <const uint8_t *> self.data
        if self.kind == 1:
            while place < size and (bytes[place] > 13 or bytes[place] < 10):
                place += 1
        else:
            while place < size and not ends_line(self.at(place)):
                place += 1
        return place

    cdef int append(self, int64_t begin, int64_t end, int64_t previous) except -1:
        """Add the line that begins at ``begin``, blanks included, where the line above it ends at ``previous``."""
        cdef Line *line
        if self.count == self.room:
            self.room = 2 * self.room + 64
            line = <Line *> realloc(self.lines, self.room * sizeof(Line))
            if line == NULL:
                raise MemoryError
            self.lines = line
        line = &self.lines[self.count]
        line.is_after_blank = not self.count or not (
            begin - previous == 1
            or begin - previous == 2 and self.at(previous) == 13 and self.at(previous + 1) == 10
        )
        while not self.count and begin and Py_UNICODE_ISSPACE(self.at(begin - 1)) and not ends_line(self.at(begin - 1)):
            begin -= 1
        line.column = 0
        while Py_UNICODE_ISSPACE(self.at(begin)):
            line.column += 4 if self.at(begin) == 9 else 1
            begin += 1
        line.start, line.end, line.tabular = begin, end, UNKNOWN
        self.count += 1
        line.role = self.find_role(begin, end)
        return 0

    cdef int find_role(self, int64_t start, int64_t end) except -1:
        cdef int64_t place = start
        if Py_UNICODE_ISALPHA(self.at(start)) and (start + 1 >= end or self.at(start + 1) != 32):
            return PARAGRAPH
        while place < end and 48 <= self.at(place) < 58:
            place += 1
        if place > start and place < end and self.at(place) not in (41, 46) and self.at(place) < 128:
            return PARAGRAPH
        return <int> ROLES.index(reference._find_role(self.text[start:end]))

    cdef void mark_underlined(self) noexcept:
        cdef int64_t number, place
        cdef Line *line
        cdef Line *below
        for number in range(self.count - 1):
            line, below = &self.lines[number], &self.lines[number + 1]
            if below.role != SEPARATOR or below.is_after_blank or below.end - below.start < 3 or line.role != PARAGRAPH:
                continue
            place = below.start
            while place < below.end and self.at(place) == 61:
                place += 1
            is_alone = line.is_after_blank or self.lines[number - 1].role != PARAGRAPH
            if place == below.end and is_alone and line.end - line.start <= MOST_COLUMNS:
                line.role = HEADING

    cdef int64_t count_ticks(self, int64_t number) noexcept nogil:
        """Backticks that a line begins with."""
        cdef int64_t place = self.lines[number].start
        while place < self.lines[number].end and self.at(place) == 96:
            place += 1
        return place - self.lines[number].start

    cdef bint opens_fence(self, int64_t number) noexcept nogil:
        cdef int64_t place
        if self.count_ticks(number) != 3:
            return False
        for place in range(self.lines[number].start + 3, self.lines[number].end):
            if self.at(place) == 96:
                return False
        return True

    cdef bint ends_fence(self, int64_t number) noexcept nogil:
        return self.count_ticks(number) >= max(3, self.lines[number].end - self.lines[number].start)

    cdef int find_blocks(self, int64_t most) except -1:
        """Find blocks until there are ``most``."""
        cdef int64_t number, done = 0, end = self.count - 1, following = -1
        while end >= 0 and not self.ends_fence(end):
            end -= 1
        number = 0
        while number < end:
            if not self.opens_fence(number):
                number += 1
                continue
            following = number + 1
            while not self.ends_fence(following):
                following += 1
            self.find_paragraphs(done, number, most)
            self.add(number, following, CODE, most)
            done = number = following + 1
        self.find_paragraphs(done, self.count, most)
        return 0

    cdef int add(self, int64_t first, int64_t last, int role, int64_t most) except -1:
        cdef int64_t start = self.lines[first].start, end = self.lines[last].end
        if len(self.texts) < most:
            self.texts.append(self.text[start:end])
            self.roles.append(ROLES[role])
            self.spans.append((start, end))
        return 0

    cdef int find_paragraphs(self, int64_t first, int64_t end, int64_t most) except -1:
        cdef int64_t number
        while first < end and len(self.texts) < most:
            number = first + 1
            while number < end and self.may_continue(&self.lines[number - 1], &self.lines[number]):
                number += 1
            first = self.add_item(first, number, most)
            if first < number:
                self.unwrap(first, number, most)
            first = number
        return 0

    cdef int64_t add_item(self, int64_t first, int64_t end, int64_t most) except -1:
        """Add an item with the lines that hang from its bullet, if there are any, and return where the rest begins."""
        cdef int64_t number = first + 1
        if self.lines[first].role == LIST_ITEM:
            while number < end and self.lines[number].column >= self.lines[first].column + HANGING:
                number += 1
        if number == first + 1:
            return first
        self.add(first, number - 1, LIST_ITEM, most)
        return number

    cdef bint may_continue(self, Line *above, Line *line) noexcept nogil:
        if line.is_after_blank:
            return False
        if above.role > QUOTE or line.role != (QUOTE if above.role == QUOTE else PARAGRAPH):
            return False
        return not self.is_tabular(above) and not self.is_tabular(line)

    cdef bint is_tabular(self, Line *line) noexcept nogil:
        if line.tabular == UNKNOWN:
            line.tabular = self.sets_parts_apart(line.start, line.end)
        return line.tabular

    cdef bint sets_parts_apart(self, int64_t start, int64_t end) noexcept nogil:
        cdef int64_t place, blanks = 0
        cdef uint32_t point
        cdef const char *line = <const char *> self.data + start
        if self.kind == 1 and not (memchr(line, c"\t", end - start) or memchr(line, c"|", end - start)):
            return has_four_blanks(line, end - start)
        for place in range(start, end):
            point = self.at(place)
            if point == 32:
                blanks += 1
                if blanks == 4:
                    return True
                continue
            blanks = 0
            if point == 9:
                return True
            if (
                point == 124
                and start < place < end - 1
                and Py_UNICODE_ISSPACE(self.at(place - 1))
                and Py_UNICODE_ISSPACE(self.at(place + 1))
            ):
                return True
        return False

    cdef void measure_width(self, Line *line) noexcept nogil:
        cdef int64_t place
        line.width = line.end - line.start
        if line.width <= MOST_COLUMNS and self.kind > 1:
            for place in range(line.start, line.end):
                line.width += is_wide(self.at(place))

    cdef int unwrap(self, int64_t first, int64_t end, int64_t most) except -1:
        """Add the blocks of lines that may continue each other."""
        cdef int64_t number, column = 0, narrow = 0, top = first
        if end == first + 1:
            return self.add(first, first, self.lines[first].role, most)
        for number in range(first, end):
            self.measure_width(&self.lines[number])
            if self.lines[number].width <= MOST_COLUMNS:
                narrow += 1
                column = max(column, self.lines[number].width)
        if column < FEWEST_COLUMNS or narrow < <double> (end - first) * WRAPPED:
            column = -1
        while first < end:
            number = first + 1
            while (
                number < end
                and not self.is_set_in(number, top)
                and self.was_broken(&self.lines[number - 1], &self.lines[number], column)
            ):
                number += 1
            if number > first + 1 and self.reads_on(first, number):
                self.add(first, number - 1, self.lines[first].role, most)
            else:
                for first in range(first, number):
                    self.add(first, first, self.lines[first].role, most)
            first = number
        return 0

    cdef bint is_set_in(self, int64_t number, int64_t top) except -1:
        """Whether a line of the stretch that begins at ``top`` begins a paragraph by being set in."""
        cdef int64_t column
        if number < top + 3:
            return False
        column = self.lines[number - 1].column
        if self.lines[number - 2].column != column or self.lines[number].column < column + HANGING:
            return False
        return self.ends_sentence(&self.lines[number - 1])

    cdef bint was_broken(self, const Line *above, const Line *line, int64_t column) except -1:
        if max(above.width, line.width) > column:
            return False
        begins_anew = self.ends_sentence(above) and not Py_UNICODE_ISLOWER(self.at(line.start))
        return self.measure_first_word(line) > column - above.width - 1 - (0.0 if begins_anew else column * RAGGED)

    cdef int64_t after_quote(self, const Line *line) noexcept nogil:
        """Where the text of a line begins behind the signs of a quote."""
        cdef int64_t place = line.start
        if self.at(place) == 62:
            while place < line.end and (self.at(place) == 62 or Py_UNICODE_ISSPACE(self.at(place))):
                place += 1
        return place

    cdef int64_t measure_first_word(self, const Line *line) noexcept nogil:
        cdef int64_t start = self.after_quote(line), place
        place = start
        if place < line.end and is_wide(self.at(place)):
            return 2
        while place < line.end and not Py_UNICODE_ISSPACE(self.at(place)):
            place += 1
        return place - start

    cdef bint ends_sentence(self, const Line *line) except -1:
        cdef int64_t place = line.end - 1
        while place >= line.start and <Py_UCS4> self.at(place) in AFTER_SENTENCE:
            place -= 1
        return place >= line.start and <Py_UCS4> self.at(place) in SENTENCE_ENDS

    cdef bint reads_on(self, int64_t first, int64_t end) except -1:
        cdef int64_t number, ended = 0, continued = 0, breaks = end - first - 1
        for number in range(first, end - 1):
            ended += self.ends_sentence(&self.lines[number])
            continued += self.continues(&self.lines[number], &self.lines[number + 1], breaks)
        return ended * 2 <= breaks <= continued * min(breaks + 1, 4)

    cdef bint continues(self, const Line *above, const Line *line, int64_t breaks) except -1:
        cdef int64_t start = self.after_quote(line)
        cdef uint32_t first = self.at(start) if start < line.end else 32
        if first in (104, 119) and reference._ADDRESS.match(self.text[start : line.end]):
            return False
        if Py_UNICODE_ISLOWER(first) or self.has_open_end(above):
            return True
        return breaks > 1 and Py_UNICODE_ISALPHA(first) and not Py_UNICODE_ISUPPER(first)

    cdef bint has_open_end(self, const Line *line) noexcept nogil:
        cdef int64_t place = line.end - 1
        if self.at(place) in (45, 0x2013, 40, 91, 47):
            return True
        while place >= line.start and line.end - place <= 2 and is_short_word(self.at(place)):
            place -= 1
        return place < line.end - 1 and (place < line.start or Py_UNICODE_ISSPACE(self.at(place)))


def cut(str text not None, limits, int64_t most):
    """Texts, roles and spans of the first ``most`` blocks, and whether there are more lines than the limits allow."""
    lines = Lines(text)
    is_cut = lines.read(limits)
    lines.mark_underlined()
    lines.find_blocks(most)
    return lines.texts, lines.roles, lines.spans, is_cut
