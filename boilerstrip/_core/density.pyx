"""The columns of ``boilerstrip.evidence.density`` in one pass over the characters of a page."""

import cython
import numpy as np

from libc.math cimport ceil
from libc.stdint cimport int64_t, uint8_t, uint32_t

from boilerstrip.evidence import density as reference
from boilerstrip.evidence.characters import Class, class_table
from boilerstrip.evidence.tokens import tokenize

include "strings.pxi"
include "measures.pxi"

cdef enum:
    ELLIPSIS = 0x2026
    MOST_SIGNS = 16

cdef struct Row:
    double words, characters, word_length, sentence_length, text_density, link_density, link_count, uppercase, digits
    double commas, stops, colons, quotes, brackets, dividers, currency, legal_sign, at_sign
    double capitalised_words, no_letters, line_breaks
    double ends_with_stop, ends_with_colon, ends_with_letter, ends_with_ellipsis
    double starts_upper, starts_lower, starts_digit, starts_divider, starts_quote
    double address, date, strong_share, emphasis_share, code_share, images, controls

cdef Row empty_row
COLUMNS = tuple(<object> empty_row)
"""The fields of a row, which are the reference's columns."""

keep_logarithms()

cdef uint8_t OTHER = Class.OTHER, SPACE = Class.SPACE, LOWER = Class.LOWER, UPPER = Class.UPPER, LETTER = Class.LETTER
cdef uint8_t DIGIT = Class.DIGIT, STOP = Class.STOP, COLON = Class.COLON, QUOTE = Class.QUOTE
cdef uint8_t BRACKET = Class.BRACKET, DIVIDER = Class.DIVIDER
cdef double WRAP_WIDTH = reference._WRAP_WIDTH
cdef int64_t DATE_REACH = reference._DATE_REACH
cdef const uint8_t[::1] TABLE = class_table()
cdef const uint8_t *CLASSES = &TABLE[0]
cdef dict MARKS = {kind: COLUMNS.index(column) for kind, column in reference._MARK_COLUMNS.items()}

cdef struct Sign:
    uint8_t number
    bint per_word
    double most, scale

cdef Sign[MOST_SIGNS] SIGNS
cdef int FIRST_SIGN = COLUMNS.index(next(iter(reference._SIGN_COLUMNS))), SIGNS_KNOWN = len(reference._SIGN_COLUMNS)
for place, sign in enumerate(reference._SIGN_COLUMNS.values()):
    SIGNS[place].number, SIGNS[place].per_word, SIGNS[place].most, SIGNS[place].scale = sign

ctypedef struct Text:
    int kind
    const void *data


cdef inline uint32_t read(Text text, int64_t place) noexcept nogil:
    return PyUnicode_READ(text.kind, text.data, place)


cdef inline uint8_t classify(uint32_t point) noexcept nogil:
    point = stand_in(point)
    return CLASSES[point]


cdef inline bint is_digit(uint32_t point) noexcept nogil:
    return 48 <= point < 58 or (point >= 128 and Py_UNICODE_ISDECIMAL(point))


cdef inline bint is_word(uint32_t point) noexcept nogil:
    return point == c"_" or Py_UNICODE_ISALNUM(point)


cdef inline bint is_letter(uint8_t found) noexcept nogil:
    return LOWER <= found <= LETTER


cdef bint goes_on(Text text, int64_t place, const char *word) noexcept nogil:
    """Whether this stands there. What stands after each block ends every comparison, here and below."""
    while word[0]:
        if read(text, place) != <uint32_t> word[0]:
            return False
        place, word = place + 1, word + 1
    return True


cdef inline bint is_address(Text text, int64_t place, uint32_t point) noexcept nogil:
    """Whether an address of the reference's begins here, or the end of one."""
    if point == c".":
        return (
            goes_on(text, place, ".com") or goes_on(text, place, ".org") or goes_on(text, place, ".net")
        ) and not is_word(read(text, place + 4))
    if point == c"h":
        return goes_on(text, place, "http://") or goes_on(text, place, "https://")
    return point == c"w" and goes_on(text, place, "www.")


cdef int64_t end_date(Text text, int64_t place, uint32_t point) noexcept nogil:
    """Where the reference's date or time of the day ends that begins with the digit here; -1 where none does."""
    cdef uint32_t after = read(text, place + 1)
    if (point == c"1" and after == c"9") or (point == c"2" and after == c"0"):
        if is_digit(read(text, place + 2)) and is_digit(read(text, place + 3)) and not is_word(read(text, place + 4)):
            return place + 4
    if is_digit(after):
        place, after = place + 1, read(text, place + 2)
    if after != c":" and after != c"." and after != c"h" and after != c"/":
        return -1
    if is_digit(read(text, place + 2)) and is_digit(read(text, place + 3)) and not is_word(read(text, place + 4)):
        return place + 4
    return -1


cdef void measure_text(Text text, int64_t start, int64_t length, Row *row) noexcept nogil:
    """What stands where: capitals and line breaks counted, addresses, dates, and both ends."""
    cdef uint8_t first, last, found = OTHER, before = OTHER
    cdef uint32_t point = 0, previous = 0
    cdef int64_t place, end, reached = start + length
    first = classify(read(text, start))
    for place in range(start, reached):
        before, previous = found, point
        point = read(text, place)
        found = classify(point)
        if found == UPPER and not is_letter(before):
            row.capitalised_words += 1
        elif point == c"\n":
            row.line_breaks += 1
        elif not row.address and is_address(text, place, point):
            row.address = 1
        elif place < start + DATE_REACH and not row.date and is_digit(point) and not is_word(previous):
            end = end_date(text, place, point)
            row.date = 0 <= end <= start + DATE_REACH
    last = before if before == STOP and (found == QUOTE or found == BRACKET) else found
    row.ends_with_stop, row.ends_with_colon, row.ends_with_letter = last == STOP, last == COLON, is_letter(last)
    row.ends_with_ellipsis = point == ELLIPSIS or (length >= 3 and goes_on(text, reached - 3, "..."))
    row.starts_upper, row.starts_lower = first == UPPER or first == LETTER, first == LOWER
    row.starts_digit, row.starts_divider, row.starts_quote = first == DIGIT, first == DIVIDER, first == QUOTE


@cython.cdivision(True)
cdef void measure_counts(const double *counts, double words, double length, Row *row) noexcept nogil:
    """What the characters are, a letter, a word or a line."""
    cdef double letters = counts[LOWER] + counts[UPPER] + counts[LETTER], least = max(words, 1.0)
    cdef double lines = max(ceil(length / WRAP_WIDTH), 1.0)
    cdef double *signs = <double *> row + FIRST_SIGN
    cdef Sign *sign
    cdef int number
    row.words, row.characters = log_up(words), log_up(length)
    row.word_length = min(divide(length, words), 30.0) / 10.0
    row.sentence_length = log_up(words / max(counts[STOP], 1.0))
    row.text_density = (words * (lines - 1) / lines / max(lines - 1.0, 1.0) if lines > 1 else words) / 10.0
    row.uppercase = divide(counts[UPPER], letters)
    row.digits = counts[DIGIT] / max(length - counts[SPACE], 1.0)
    row.capitalised_words = min(row.capitalised_words / least, 1.0)
    row.line_breaks = log_up(row.line_breaks)
    row.no_letters = letters == 0
    for number in range(SIGNS_KNOWN):
        sign = &SIGNS[number]
        signs[number] = min(counts[sign.number] / (least if sign.per_word else 1.0), sign.most) * sign.scale


cdef int measure_marks(object marks, Row *row) except -1:
    """Links counted, and the characters of other marks."""
    for start, end, kind, _, _ in marks:
        column = MARKS.get(kind)
        if column is not None:
            (<double *> row)[<int> column] += 1.0 if kind == "link" else <double> (end - start)
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
def measure(page, tokens):
    """The columns, shape (37, n)."""
    cdef str joined = tokens.text
    cdef Text text
    text.kind, text.data = PyUnicode_KIND(joined), PyUnicode_DATA(joined)
    cdef const double[::1] word_counts = tokens.word_counts
    cdef const double[:, ::1] counts = tokens.class_counts
    cdef const int64_t[::1] lengths = tokens.lengths
    cdef int64_t block, start = 0, size = word_counts.shape[0], marked = min(len(page.marks), size)
    links, marks, images, controls = page.link_characters, page.marks, page.images, page.controls
    cdef bint has_images = len(images) >= size, has_controls = len(controls) >= size
    result = np.zeros((size, sizeof(Row) // sizeof(double)))
    cdef double[:, ::1] rows = result
    cdef double length
    cdef Row *row
    for block in range(size):
        row, length = <Row *> &rows[block, 0], <double> lengths[block]
        measure_text(text, start, lengths[block], row)
        measure_counts(&counts[block, 0], word_counts[block], length, row)
        if block < marked:
            measure_marks(marks[block], row)
        row.link_count = log_up(row.link_count)
        row.strong_share = min(divide(row.strong_share, length), 1.0)
        row.emphasis_share = min(divide(row.emphasis_share, length), 1.0)
        row.code_share = min(divide(row.code_share, length), 1.0)
        row.link_density = min(divide(<double> links[block], length), 1.0)
        row.images = log_up(<double> images[block]) if has_images else 0.0
        row.controls = log_up(<double> controls[block]) if has_controls else 0.0
        start += lengths[block] + 1
    return result.T
