"""The pass over a page's characters and words: what ``boilerstrip.evidence.tokens`` reads, and what is hashed from it."""

import cython
import numpy as np

from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp, memset

include "strings.pxi"
include "numbers.pxi"

cdef enum:
    MANY = 16  # columns of the table of classes
    MOST_SCRIPTS = 64

cdef enum:
    NO_WORD, PART_OF_WORD, WORD_ALONE

cdef uint32_t crc_table[256]


cdef void fill_crc_table() noexcept:
    cdef uint32_t value
    cdef int number, bit
    for number in range(256):
        value = number
        for bit in range(8):
            value = (value >> 1) ^ (<uint32_t> 0xEDB88320 if value & 1 else 0)
        crc_table[number] = value


fill_crc_table()


@cython.final
cdef class Vocabulary:
    """Distinct words as code points, numbered in order of first appearance."""

    cdef uint32_t *letters
    cdef int64_t room, end  # letters that fit, and those of the words so far
    cdef int64_t *starts
    cdef uint64_t *hashes
    cdef int32_t *slots
    cdef int64_t size, count, limit
    cdef uint64_t seed

    def __cinit__(self, int64_t characters):
        self.room = characters + 1
        self.size, self.limit = 1024, 512
        self.letters = <uint32_t *> PyMem_Malloc(self.room * sizeof(uint32_t))
        self.slots = <int32_t *> PyMem_Malloc(self.size * sizeof(int32_t))
        self.starts = <int64_t *> PyMem_Malloc((self.limit + 1) * sizeof(int64_t))
        self.hashes = <uint64_t *> PyMem_Malloc(self.limit * sizeof(uint64_t))
        if self.letters == NULL or self.slots == NULL or self.starts == NULL or self.hashes == NULL:
            raise MemoryError
        memset(self.slots, 0, self.size * sizeof(int32_t))
        self.starts[0] = 0
        self.seed = <uint64_t> <int64_t> hash("another order in every process, so that no page can be made slow")

    def __dealloc__(self):
        PyMem_Free(self.letters)
        PyMem_Free(self.slots)
        PyMem_Free(self.starts)
        PyMem_Free(self.hashes)

    cdef int grow(self) except -1:
        """Room for as many words again."""
        cdef int64_t number
        cdef uint64_t place
        self.size, self.limit = 2 * self.size, 2 * self.limit
        cdef void *slots = PyMem_Realloc(self.slots, self.size * sizeof(int32_t))
        if slots != NULL:
            self.slots = <int32_t *> slots
        cdef void *starts = PyMem_Realloc(self.starts, (self.limit + 1) * sizeof(int64_t))
        if starts != NULL:
            self.starts = <int64_t *> starts
        cdef void *hashes = PyMem_Realloc(self.hashes, self.limit * sizeof(uint64_t))
        if hashes != NULL:
            self.hashes = <uint64_t *> hashes
        if slots == NULL or starts == NULL or hashes == NULL:
            raise MemoryError
        memset(self.slots, 0, self.size * sizeof(int32_t))
        for number in range(self.count):
            place = self.hashes[number] & (self.size - 1)
            while self.slots[place]:
                place = (place + 1) & (self.size - 1)
            self.slots[place] = <int32_t> number + 1
        return 0

    cdef int32_t number(self, int64_t length, uint64_t code) except -1:
        """Number of the word that stands in the next ``length`` letters after the vocabulary's last."""
        cdef const uint32_t *word = self.letters + self.end
        cdef uint64_t place
        cdef int64_t known
        code = (code ^ self.seed) * MULTIPLIER
        code ^= code >> 32
        place = code & (self.size - 1)
        while self.slots[place]:
            known = self.slots[place] - 1
            if (
                self.hashes[known] == code
                and self.starts[known + 1] - self.starts[known] == length
                and memcmp(self.letters + self.starts[known], word, length * sizeof(uint32_t)) == 0
            ):
                return <int32_t> known
            place = (place + 1) & (self.size - 1)
        self.slots[place] = <int32_t> self.count + 1
        self.hashes[self.count] = code
        self.count += 1
        self.end += length
        self.starts[self.count] = self.end
        if self.count == self.limit:
            self.grow()
        return <int32_t> self.count - 1

    cdef list spell(self):
        """All words."""
        cdef int64_t number
        return [
            PyUnicode_FromKindAndData(4, self.letters + self.starts[number], self.starts[number + 1] - self.starts[number])
            for number in range(self.count)
        ]


@cython.final
cdef class Alphabet:
    """What each character of the Basic Multilingual Plane is; immutable."""

    cdef const uint8_t[::1] classes, scripts, words
    cdef const uint32_t[::1] lower
    cdef int scripts_known, fewer_known
    cdef int[MOST_SCRIPTS] fewer_scripts
    cdef double[MOST_SCRIPTS] fewer_words

    def __init__(self, classes, scripts, words, lower, scripts_known, fewer):
        """``words`` says of each character whether it is part of a word (1), a word by itself (2) or none (0);
        ``lower`` is its lower case, or 0 where that depends on more than the character; ``fewer`` are the scripts whose
        characters stand for fewer words, and how much of a word each is too many."""
        self.classes, self.scripts, self.words, self.lower = classes, scripts, words, lower
        self.scripts_known, self.fewer_known = scripts_known, len(fewer)
        if not len(classes) == len(scripts) == len(words) == len(lower) == PLANE:
            raise ValueError("each table has an entry for each character of the plane")
        if not self.fewer_known <= self.scripts_known <= MOST_SCRIPTS:
            raise ValueError(f"at most {MOST_SCRIPTS} scripts are counted")
        for number, (script, part) in enumerate(fewer):
            self.fewer_scripts[number], self.fewer_words[number] = script, part

    def read(self, str text, int64_t count):
        """Vocabulary, number of each word, words before each block and in all, words of each block, its characters,
        those of each class, letters of each script and in all; ``text`` holds all blocks with a NUL after each."""
        cdef int64_t size = PyUnicode_GET_LENGTH(text), found = 0
        words, starts = np.empty(size, dtype=np.int32), np.zeros(count + 1, dtype=np.int64)
        lengths, word_counts, letters = np.empty(count, dtype=np.int64), np.empty(count), np.empty(count)
        class_counts, script_counts = np.empty((count, MANY)), np.zeros((count, self.scripts_known))
        lowered = text.lower() if self._needs_context(text) else text
        cdef Vocabulary vocabulary = Vocabulary(PyUnicode_GET_LENGTH(lowered))
        if PyUnicode_GET_LENGTH(lowered) > size:
            words = np.empty(PyUnicode_GET_LENGTH(lowered), dtype=np.int32)
        if size or count:
            found = self._split(lowered, vocabulary, words, starts)
            self._count(text, lengths, class_counts, script_counts, letters)
            self._count_words(starts, script_counts, word_counts)
        return (
            vocabulary.spell(), words[:found].copy(), starts, word_counts, lengths, class_counts, script_counts, letters
        )

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _count(
        self, str text, int64_t[::1] lengths, double[:, ::1] class_counts, double[:, ::1] script_counts,
        double[::1] letters,
    ) except -1:
        cdef int kind = PyUnicode_KIND(text)
        cdef const void *data = PyUnicode_DATA(text)
        cdef int64_t block, place = 0, start, one, script
        cdef int64_t[MANY] of_class
        cdef int64_t[MOST_SCRIPTS] of_script
        cdef const uint8_t *classes = &self.classes[0]
        cdef const uint8_t *scripts = &self.scripts[0]
        cdef uint32_t point
        for block in range(lengths.shape[0]):
            memset(of_class, 0, sizeof(of_class))
            memset(of_script, 0, sizeof(of_script))
            start = place
            while True:
                point = PyUnicode_READ(kind, data, place)
                if point == 0:
                    break
                point = stand_in(point)
                of_class[classes[point] & (MANY - 1)] += 1
                of_script[scripts[point] & (MOST_SCRIPTS - 1)] += 1
                place += 1
            lengths[block], letters[block] = place - start, 0.0
            place += 1
            for one in range(MANY):
                class_counts[block, one] = <double> of_class[one]
            for script in range(1, self.scripts_known):
                script_counts[block, script] = <double> of_script[script]
                letters[block] += script_counts[block, script]
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _count_words(
        self, const int64_t[::1] starts, const double[:, ::1] script_counts, double[::1] word_counts
    ) except -1:
        cdef int64_t block
        cdef int number
        for block in range(word_counts.shape[0]):
            word_counts[block] = <double> (starts[block + 1] - starts[block])
            for number in range(self.fewer_known):
                word_counts[block] -= script_counts[block, self.fewer_scripts[number]] * self.fewer_words[number]
            word_counts[block] = max(word_counts[block], 0.0)
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef bint _needs_context(self, str text) noexcept:
        cdef int kind = PyUnicode_KIND(text)
        cdef void *data = PyUnicode_DATA(text)
        cdef int64_t place
        cdef uint32_t point
        if kind == 1:
            return False
        for place in range(PyUnicode_GET_LENGTH(text)):
            point = PyUnicode_READ(kind, data, place)
            if 0 < point < PLANE and not self.lower[point]:
                return True
        return False

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int64_t _split(self, str text, Vocabulary vocabulary, int32_t[::1] words, int64_t[::1] starts) except -1:
        cdef int kind = PyUnicode_KIND(text)
        cdef void *data = PyUnicode_DATA(text)
        cdef int64_t place, block = 0, found = 0, length = 0
        cdef uint64_t code = 0
        cdef uint32_t point
        cdef uint8_t part
        cdef const uint8_t *parts = &self.words[0]
        cdef const uint32_t *lower = &self.lower[0]
        cdef uint32_t *word = vocabulary.letters
        for place in range(PyUnicode_GET_LENGTH(text)):
            point = PyUnicode_READ(kind, data, place)
            if point < PLANE:
                part = parts[point]
                point = lower[point] or point
            else:
                part = WORD_ALONE if 0x20000 <= point < 0x40000 else Py_UNICODE_ISALNUM(point) != 0
                point = Py_UNICODE_TOLOWER(point)
            if length and part != PART_OF_WORD:
                words[found] = vocabulary.number(length, code)
                found += 1
                length, code, word = 0, 0, vocabulary.letters + vocabulary.end
            if part:
                word[length] = point
                code = (code ^ point) * <uint64_t> 0x100000001B3
                length += 1
                if part == WORD_ALONE:
                    words[found] = vocabulary.number(length, code)
                    found += 1
                    length, code, word = 0, 0, vocabulary.letters + vocabulary.end
            elif point == 0:
                block += 1
                if block < starts.shape[0]:
                    starts[block] = found
        if block != starts.shape[0] - 1:
            raise ValueError(f"the text has {block} blocks instead of {starts.shape[0] - 1}")
        return found


@cython.boundscheck(False)
@cython.wraparound(False)
def hash_words(list words not None, uint32_t buckets):
    """CRC-32 of each word's UTF-8, digits as one class, below ``buckets``."""
    cdef int64_t number, count = len(words), place
    cdef int32_t[::1] hashed
    cdef uint32_t point, value
    cdef int kind
    cdef void *data
    cdef str word
    result = np.empty(count, dtype=np.int32)
    hashed = result
    for number in range(count):
        word = words[number]
        kind, data, value = PyUnicode_KIND(word), PyUnicode_DATA(word), <uint32_t> 0xFFFFFFFF
        for place in range(PyUnicode_GET_LENGTH(word)):
            point = PyUnicode_READ(kind, data, place)
            if point < 0x80:
                value = add_byte(value, 48 if 48 <= point < 58 else point)
            elif Py_UNICODE_ISDECIMAL(point):
                value = add_byte(value, 48)
            elif point < 0x800:
                value = add_byte(add_byte(value, 0xC0 | point >> 6), 0x80 | point & 0x3F)
            elif point < 0x10000:
                value = add_byte(add_byte(value, 0xE0 | point >> 12), 0x80 | point >> 6 & 0x3F)
                value = add_byte(value, 0x80 | point & 0x3F)
            else:
                value = add_byte(add_byte(value, 0xF0 | point >> 18), 0x80 | point >> 12 & 0x3F)
                value = add_byte(add_byte(value, 0x80 | point >> 6 & 0x3F), 0x80 | point & 0x3F)
        hashed[number] = <int32_t> ((value ^ <uint32_t> 0xFFFFFFFF) % buckets)
    return result


cdef inline uint32_t add_byte(uint32_t value, uint32_t byte) noexcept:
    return value >> 8 ^ crc_table[(value ^ byte) & 0xFF]


@cython.boundscheck(False)
@cython.wraparound(False)
def find_openings(const int32_t[::1] words not None, const int64_t[::1] starts not None, int64_t count, int32_t no_word):
    """The buckets of the first ``count`` words of each block, shape (n, count)."""
    cdef int64_t block, place
    cdef int32_t[:, ::1] openings
    result = np.full((starts.shape[0] - 1, count), no_word, dtype=np.int32)
    openings = result
    for block in range(openings.shape[0]):
        if not 0 <= starts[block] <= starts[block + 1] <= words.shape[0]:
            raise ValueError("a start points to no word")
        for place in range(min(count, starts[block + 1] - starts[block])):
            openings[block, place] = words[starts[block] + place]
    return result
