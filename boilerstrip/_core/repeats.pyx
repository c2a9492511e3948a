"""What comes again in a page: the columns of ``boilerstrip.evidence.repetition`` and ``boilerstrip.evidence.cohesion``."""

import cython
import numpy as np

from libc.math cimport log2
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free

include "strings.pxi"
include "measures.pxi"
include "numbers.pxi"

cdef enum:  # rows of what is measured of repetition
    COPIES, LATER, EARLIER, PATTERNS, BEFORE, AFTER, TITLE_SHARE, TITLE_COVER, TITLE_AROUND, DESCRIPTION, REPETITION

cdef enum:  # and of cohesion
    NEXT_AFTER, NEAR_AFTER, NEXT_BEFORE, NEAR_BEFORE, PAGE, PROSE, THEME, COHESION

cdef enum:
    IN_TITLE = 1
    IN_DESCRIPTION = 2

cdef uint64_t seed = <uint64_t> <int64_t> hash("another order in every process")
keep_logarithms()


cdef inline uint64_t add(uint64_t code, uint64_t value) noexcept nogil:
    """The next value of a long run: quicker than ``mix``, which spreads what little there is in a short one."""
    return (code ^ value) * <uint64_t> 0x100000001B3


cdef inline uint64_t mix(uint64_t code, uint64_t value) noexcept nogil:
    code = (code ^ value) * MULTIPLIER
    return code ^ code >> 29


@cython.final
cdef class Folding:
    """How texts are made alike whose copies are counted; immutable."""

    cdef const uint16_t[::1] folded
    cdef object fold

    def __init__(self, folded, fold):
        """
        :param folded: what becomes of each character of the Basic Multilingual Plane, whatever stands beside it, 0
            where that is more than one or depends on its neighbours.
        :param fold: what makes all of a text alike.
        """
        self.folded, self.fold = folded, fold
        if self.folded.shape[0] != PLANE:
            raise ValueError("the table has an entry for each character of the plane")

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef bint hash_collapsed(self, str text, uint64_t *exact_code, uint64_t *pattern_code) except -1:
        """Hash a text with its white space collapsed, and the same folded and with each run of digits as one; whether
        all of its characters could be folded."""
        cdef int kind = PyUnicode_KIND(text)
        cdef void *data = PyUnicode_DATA(text)
        cdef int64_t place
        cdef uint64_t exact = seed, pattern = seed
        cdef uint32_t point, folded, last = 0
        cdef bint is_blank = False, is_folded = True
        for place in range(PyUnicode_GET_LENGTH(text)):
            point = PyUnicode_READ(kind, data, place)
            if (point <= 32 or point >= 0x80) and Py_UNICODE_ISSPACE(point):
                is_blank = last > 0
                continue
            if is_blank:
                exact, pattern, last, is_blank = add(exact, 32), add(pattern, 32), 32, False
            exact = add(exact, point)
            folded = self.folded[point] if point < PLANE else 0
            if not folded:
                is_folded, folded = False, point
            if 48 <= folded < 58 or (folded >= 0x80 and Py_UNICODE_ISDECIMAL(folded)):
                folded = 48
            if folded != 48 or last != 48:
                pattern = add(pattern, folded)
            last = folded
        exact_code[0], pattern_code[0] = exact, pattern
        return is_folded


@cython.boundscheck(False)
@cython.wraparound(False)
def measure_repetition(
    texts, Folding folding not None, list vocabulary not None, const int32_t[::1] words, const int64_t[::1] starts, set title not None,
    set description not None, int64_t columns, int64_t shingle_words, int64_t around,
):
    """The first of the columns, of ``columns`` in all that are made, shape (columns, n).

    :param title: words of the page's title,
    :param description: and of its description.
    :param shingle_words: words of a shingle.
    :param around: neighbours on either side that are asked for the title's words.
    """
    measured = np.zeros((columns, len(texts)))
    cdef double[:, ::1] values = measured
    if columns < REPETITION or starts.shape[0] != values.shape[1] + 1 or starts[values.shape[1]] != words.shape[0]:
        raise ValueError("the words are not those of the texts")
    if values.shape[1]:
        measure_copies(texts, folding, values)
        measure_shingles(words, starts, shingle_words, values)
        if title or description:
            measure_claims(vocabulary, words, starts, title, description, values)
            measure_title(starts, len(title), around, values)
    return measured


cdef numbers open_table(int64_t expected) except *:
    cdef numbers known = open_numbers(expected, seed)
    if known.slots == NULL:
        raise MemoryError
    return known


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int measure_copies(texts, Folding folding, double[:, ::1] values) except -1:
    """How often each text stands in the page, white space aside, and whether before or after; and digits aside."""
    cdef int64_t block, count = values.shape[1]
    cdef int64_t[:, ::1] found = np.empty((2, count), dtype=np.int64), counts = np.zeros((2, count), dtype=np.int64)
    cdef numbers exact = open_table(count), patterns = open_table(count)
    cdef uint64_t exact_code, pattern_code, unused
    try:
        for block, text in enumerate(texts):
            if not folding.hash_collapsed(text, &exact_code, &pattern_code):
                folding.hash_collapsed(folding.fold(text), &unused, &pattern_code)
            found[0, block], found[1, block] = number_key(&exact, exact_code), number_key(&patterns, pattern_code)
            values[EARLIER, block] = counts[0, found[0, block]] > 0
            values[COPIES, block] = counts[0, found[0, block]] + 1
            counts[0, found[0, block]] += 1
            counts[1, found[1, block]] += 1
    finally:
        free(exact.slots)
        free(patterns.slots)
    for block in range(count):
        values[LATER, block] = values[COPIES, block] < counts[0, found[0, block]]
        values[COPIES, block] = log2(counts[0, found[0, block]])
        values[PATTERNS, block] = log2(counts[1, found[1, block]])
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int measure_shingles(
    const int32_t[::1] words, const int64_t[::1] starts, int64_t length, double[:, ::1] values
) except -1:
    """Share of each block's runs of ``length`` words that an earlier block holds, and that a later one holds."""
    cdef int64_t[:, ::1] known = np.empty((3, words.shape[0] + 1), dtype=np.int64)
    cdef int64_t block, place, offset, number, seen, total
    cdef numbers shingles = open_table(words.shape[0])
    cdef uint64_t code
    for block in range(values.shape[1]):
        for place in range(starts[block], starts[block + 1] - length + 1):
            code = 0
            for offset in range(length):
                code = mix(code, <uint64_t> words[place + offset] + 1)
            seen = shingles.used
            number = known[0, place] = number_key(&shingles, code)
            if number == seen:
                known[1, number] = block  # the first that holds it, and the last
            elif known[1, number] < block:
                values[BEFORE, block] += 1
            known[2, number] = block
    free(shingles.slots)
    for block in range(values.shape[1]):
        total = starts[block + 1] - length + 1 - starts[block]
        for place in range(starts[block], starts[block + 1] - length + 1):
            values[AFTER, block] += known[2, known[0, place]] > block
        values[BEFORE, block] = divide(values[BEFORE, block], total)
        values[AFTER, block] = divide(values[AFTER, block], total)
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int measure_claims(
    list vocabulary, const int32_t[::1] words, const int64_t[::1] starts, set title, set description,
    double[:, ::1] values,
) except -1:
    """Share of each block's words that the page's title holds, and its description."""
    cdef uint8_t[::1] claims = np.zeros(len(vocabulary) + 1, dtype=np.uint8)
    cdef int64_t block, place, number
    for number, word in enumerate(vocabulary):
        claims[number] = (IN_TITLE if word in title else 0) | (IN_DESCRIPTION if word in description else 0)
    for block in range(values.shape[1]):
        for place in range(starts[block], starts[block + 1]):
            values[TITLE_SHARE, block] += claims[words[place]] & IN_TITLE
            values[DESCRIPTION, block] += claims[words[place]] >> 1
        values[TITLE_SHARE, block] = divide(values[TITLE_SHARE, block], starts[block + 1] - starts[block])
        values[DESCRIPTION, block] = divide(values[DESCRIPTION, block], starts[block + 1] - starts[block])
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int measure_title(const int64_t[::1] starts, int64_t size, int64_t around, double[:, ::1] values) except -1:
    """How much of the title each block holds, and how much of the blocks around it is of the title's words."""
    cdef int64_t block, first, last, count = values.shape[1]
    cdef double[::1] hits = np.zeros(count + 1)
    for block in range(count):
        hits[block + 1] = values[TITLE_SHARE, block] * <double> (starts[block + 1] - starts[block])
        values[TITLE_COVER, block] = min(divide(hits[block + 1], size), 1.0)
        hits[block + 1] += hits[block]
    for block in range(count):
        first, last = max(block - around, 0), min(block + around + 1, count)
        values[TITLE_AROUND, block] = min(divide(hits[last] - hits[first], starts[last] - starts[first]) * 4.0, 1.0)
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
def measure_cohesion(
    list vocabulary not None, const int32_t[::1] words, const int64_t[::1] starts, const double[::1] word_counts,
    int64_t letters, double prose_words, int64_t next, int64_t near,
):
    """All columns, shape (columns, n).

    :param letters: letters of a word that are its stem.
    :param prose_words: words from which on a block is prose.
    :param next: blocks up to which one is next to another, and
    :param near: near it.
    """
    cdef int64_t count = word_counts.shape[0]
    if starts.shape[0] != count + 1 or starts[count] != words.shape[0]:
        raise ValueError("the words are not those of the blocks")
    measured = np.zeros((COHESION, count))
    cdef double[:, ::1] values = measured
    cdef int32_t[::1] stems = number_stems(vocabulary, letters)
    cdef int64_t[:, ::1] pairs = np.empty((3, words.shape[0] + 1), dtype=np.int64)  # stem, gap before, gap after
    cdef int64_t[::1] ends = np.empty(count + 1, dtype=np.int64)
    cdef double[:, ::1] holders = np.zeros((3, len(vocabulary) + 1))  # blocks that hold each stem, of prose, its weight
    cdef int64_t block, stem, prose = 0
    find_pairs(words, starts, stems, word_counts, prose_words, pairs, ends, holders)
    for stem in range(len(vocabulary)):
        if holders[0, stem]:
            holders[2, stem] = log_up(count / holders[0, stem])
    for block in range(count):
        prose += word_counts[block] >= prose_words
    for block in range(count):
        add_pairs(block, pairs, ends, holders, word_counts[block] >= prose_words, log_up(max(prose, 1)), next, near, values)
    return measured


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int32_t[::1] number_stems(list vocabulary, int64_t letters):
    """The number of each word's stem, its first letters."""
    cdef int32_t[::1] stems = np.empty(len(vocabulary) + 1, dtype=np.int32)
    cdef numbers known = open_table(len(vocabulary))
    cdef int64_t number, place
    cdef uint64_t code
    cdef int kind
    cdef void *data
    for number, word in enumerate(vocabulary):
        kind, data, code = PyUnicode_KIND(word), PyUnicode_DATA(word), 0
        for place in range(min(PyUnicode_GET_LENGTH(word), letters)):
            code = mix(code, PyUnicode_READ(kind, data, place))
        stems[number] = <int32_t> number_key(&known, code)
    free(known.slots)
    return stems


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int find_pairs(
    const int32_t[::1] words, const int64_t[::1] starts, int32_t[::1] stems, const double[::1] word_counts,
    double prose_words, int64_t[:, ::1] pairs, int64_t[::1] ends, double[:, ::1] holders,
) except -1:
    """Each stem of each block once, with the blocks to the last and to the next one that holds it; 0 for none."""
    cdef int64_t[::1] seen = np.zeros(stems.shape[0], dtype=np.int64)  # one more than the last pair that has the stem
    cdef int64_t[::1] blocks = np.empty(words.shape[0] + 1, dtype=np.int64)
    cdef int64_t block, place, pair = 0, stem, last
    for block in range(word_counts.shape[0]):
        for place in range(starts[block], starts[block + 1]):
            stem = stems[words[place]]
            last = seen[stem] - 1
            if last >= 0 and blocks[last] == block:
                continue
            pairs[0, pair], pairs[1, pair], pairs[2, pair], blocks[pair] = stem, 0, 0, block
            if last >= 0:
                pairs[1, pair] = pairs[2, last] = block - blocks[last]
            holders[0, stem] += 1
            holders[1, stem] += word_counts[block] >= prose_words
            pair += 1
            seen[stem] = pair
        ends[block + 1] = pair
    ends[0] = 0
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
cdef int add_pairs(
    int64_t block, int64_t[:, ::1] pairs, int64_t[::1] ends, double[:, ::1] holders, bint is_prose, double most,
    int64_t next, int64_t near, double[:, ::1] values,
) except -1:
    """The shares of a block's stems that are held elsewhere, rare ones weighing more."""
    cdef int64_t pair, stem, before, after, column
    cdef double weight, total = 0, others
    for pair in range(ends[block], ends[block + 1]):
        stem, before, after = pairs[0, pair], pairs[1, pair], pairs[2, pair]
        weight, others = holders[2, stem], holders[1, stem] - is_prose
        total += weight
        values[NEXT_AFTER, block] += weight if 0 < after <= next else 0
        values[NEAR_AFTER, block] += weight if 0 < after <= near else 0
        values[NEXT_BEFORE, block] += weight if 0 < before <= next else 0
        values[NEAR_BEFORE, block] += weight if 0 < before <= near else 0
        values[PAGE, block] += weight if holders[0, stem] > 1 else 0
        values[PROSE, block] += weight if others > 0 else 0
        values[THEME, block] += weight * (log_up(others) / most)
    for column in range(COHESION):
        values[column, block] = divide(values[column, block], total)
    return 0
