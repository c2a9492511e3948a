"""The boxes around each block: the columns of ``boilerstrip.evidence.structure``, in one pass over boxes and blocks."""

import cython
import numpy as np

from libc.math cimport log1p
from libc.stdint cimport int64_t, uint8_t


cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    void *PyUnicode_DATA(object)
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    unsigned int PyUnicode_READ(int, void *, Py_ssize_t) nogil
    object PyUnicode_FromKindAndData(int, const void *, Py_ssize_t)

cdef enum:
    LEVELS = 4  # innermost boxes that are measured one by one
    MEASURES = 7
    LONGEST_NAME = 32  # no word of the class vocabulary is longer


cdef inline double divide(double numerator, double denominator) noexcept nogil:
    return numerator / max(denominator, 1e-9) if denominator > 0 else 0.0


cdef inline bint is_lower(unsigned int point) noexcept nogil:
    return 97 <= point <= 122


cdef inline bint is_upper(unsigned int point) noexcept nogil:
    return 65 <= point <= 90


def mask_name(str name not None, dict groups not None):
    """Bit mask of the vocabulary groups that the words of a class or id name belong to.

    >>> mask_name("post-content SiteNAV", {"content": 1, "nav": 2, "conten": 4})
    3
    """
    cdef int kind = PyUnicode_KIND(name)
    cdef void *data = PyUnicode_DATA(name)
    cdef int64_t size = PyUnicode_GET_LENGTH(name), place = 0, end, mask = 0
    cdef unsigned int point
    while place < size:
        point = PyUnicode_READ(kind, data, place)
        end = place + 1 if is_upper(point) else place
        while end < size and is_lower(PyUnicode_READ(kind, data, end)):
            end += 1
        if end - place >= 2 + is_upper(point):
            mask |= look_up(kind, data, place, end, groups)
            place = end
            continue
        if not is_upper(point):
            place = end if end > place else place + 1
            continue
        end = place + 1
        while end < size and is_upper(PyUnicode_READ(kind, data, end)):
            end += 1
        if end < size and is_lower(PyUnicode_READ(kind, data, end)):
            end -= 1
        if end - place >= 2:
            mask |= look_up(kind, data, place, end, groups)
            place = end
        else:
            place += 1
    return mask


cdef int64_t look_up(int kind, void *data, int64_t start, int64_t end, dict groups) except -1:
    cdef uint8_t[LONGEST_NAME] letters
    cdef int64_t place
    cdef unsigned int point
    if end - start > LONGEST_NAME:
        return 0
    for place in range(start, end):
        point = PyUnicode_READ(kind, data, place)
        letters[place - start] = point + 32 if point < 97 else point
    return groups.get(PyUnicode_FromKindAndData(1, letters, end - start), 0)


cdef int64_t[::1] number_groups(int64_t[::1] above, int64_t[::1] kinds, int64_t[::1] parents):
    """Number of the path of kinds down to each box."""
    cdef int64_t box, parent
    cdef dict numbers = {}
    cdef int64_t width = kinds.shape[0] + 1
    for box in range(kinds.shape[0]):
        parent = parents[box]
        key = (above[parent] + 1 if parent >= 0 else 0) * width + kinds[box]
        above[box] = numbers.setdefault(key, len(numbers))
    return above


@cython.final
cdef class Boxes:
    """What is known of a page's boxes, and the boxes above each block."""

    cdef int64_t count, levels
    cdef int64_t[::1] of_block, parents, first, last, kinds, tag_kinds, tag_masks, name_masks, near_masks
    cdef double[::1] depths, same_siblings
    cdef double[::1] words, blocks, characters, linked, prose, stops, images

    def __init__(self, page, dict ancestor_bits, dict groups, names_of_name, int64_t chain_limit, double outer_depth):
        self.count = len(page.box_parents)
        self.of_block = np.array(page.boxes, dtype=np.int64)
        self.parents = np.array(page.box_parents, dtype=np.int64)
        self.first, self.last = np.array(page.box_first, dtype=np.int64), np.array(page.box_last, dtype=np.int64)
        self.depths = np.array(page.box_depths, dtype=np.float64)
        self.kinds, self.tag_kinds = np.empty(self.count, dtype=np.int64), np.empty(self.count, dtype=np.int64)
        self.tag_masks, self.name_masks = np.empty(self.count, dtype=np.int64), np.zeros(self.count, dtype=np.int64)
        self._read_boxes(page, ancestor_bits, groups, names_of_name, outer_depth)
        self.near_masks = np.array([mask_name(name, groups) if name else 0 for name in page.inline_names], dtype=np.int64)
        self._count_siblings()
        self._count_levels(chain_limit)

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _read_boxes(self, page, dict ancestor_bits, dict groups, dict known, double outer_depth) except -1:
        cdef dict kinds = {}, tag_kinds = {}
        cdef int64_t box, hidden_bit = 1 << len(ancestor_bits)
        cdef object tag, name
        for box, (tag, name, hidden) in enumerate(zip(page.box_tags, page.box_names, page.box_hidden)):
            self.tag_kinds[box] = tag_kinds.setdefault(tag, len(tag_kinds))
            self.kinds[box] = kinds.setdefault((tag, name), len(kinds))
            self.tag_masks[box] = ancestor_bits.get(tag, 0) | (hidden_bit if hidden else 0)
            if name and self.depths[box] >= outer_depth:
                mask = known.get(name)
                if mask is None:
                    mask = known[name] = mask_name(name, groups)
                self.name_masks[box] = mask
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _count_siblings(self) except -1:
        """Boxes with the same parent, tag and names."""
        cdef dict numbers = {}
        cdef int64_t box, width = self.count + 1
        cdef int64_t[::1] group = np.empty(self.count, dtype=np.int64), sizes = np.zeros(self.count, dtype=np.int64)
        self.same_siblings = np.empty(self.count)
        for box in range(self.count):
            group[box] = numbers.setdefault((self.parents[box] + 1) * width + self.kinds[box], len(numbers))
            sizes[group[box]] += 1
        for box in range(self.count):
            self.same_siblings[box] = sizes[group[box]]
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _count_levels(self, int64_t limit) except -1:
        """Levels of the chains above all blocks, up to the first at which no block has a box."""
        cdef int64_t block, box, level, longest = 0
        for block in range(self.of_block.shape[0]):
            box, level = self.of_block[block], 0
            if not 0 <= box < self.count:
                raise IndexError("a block stands in no box")
            while box >= 0 and level < limit:
                if self.parents[box] >= box:
                    raise IndexError("a box stands in one that comes after it")
                box, level = self.parents[box], level + 1
            longest = max(longest, level)
        for box in range(self.count):
            if not 0 <= self.first[box] <= self.last[box] <= self.of_block.shape[0]:
                raise IndexError("a box holds blocks that are not there")
        self.levels = min(limit, longest + 1)
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef double[::1] _total(self, const double[::1] values):
        """Sum over the blocks of each box."""
        cdef double[::1] sums = np.zeros(values.shape[0] + 1), totals = np.empty(self.count)
        cdef int64_t number
        for number in range(values.shape[0]):
            sums[number + 1] = sums[number] + values[number]
        for number in range(self.count):
            totals[number] = sums[self.last[number]] - sums[self.first[number]]
        return totals

    def sum(self, words, characters, linked, prose, stops, images):
        """Sums over the blocks below each box of what is given for each block."""
        self.words, self.blocks = self._total(words), self._total(np.ones(len(words)))
        self.characters, self.linked = self._total(characters), self._total(linked)
        self.prose, self.stops, self.images = self._total(prose), self._total(stops), self._total(images)

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def measure_levels(self):
        """The measures of the innermost boxes, shape (LEVELS, MEASURES, n)."""
        cdef double[:, ::1] table = np.empty((MEASURES, self.count))
        cdef int64_t box, block, level, measure, count = self.of_block.shape[0]
        cdef double page_prose = max(self.prose[0], 1.0)
        measured = np.zeros((LEVELS, MEASURES, count))
        cdef double[:, :, ::1] values = measured
        for box in range(self.count):
            table[0, box] = log1p(self.words[box])
            table[1, box] = divide(self.linked[box], self.characters[box])
            table[2, box] = log1p(divide(self.words[box], self.blocks[box]))
            table[3, box] = self.prose[box] / page_prose
            table[4, box] = min(divide(self.stops[box], self.words[box]), 1.0) * 5.0
            table[5, box] = log1p(self.images[box])
            table[6, box] = log1p(self.same_siblings[box])
        for block in range(count):
            box = self.of_block[block]
            for level in range(LEVELS):
                if box < 0:
                    break
                for measure in range(MEASURES):
                    values[level, measure, block] = table[measure, box]
                box = self.parents[box]
        return measured

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def measure_ancestors(self, int64_t near_levels, int64_t tag_bits, int64_t name_bits):
        """One column for each bit of the tags above, the names near, and the names further above; then the depth."""
        cdef int64_t count = self.of_block.shape[0], block, box, level, bit, tag_mask, near, above
        measured = np.empty((tag_bits + 2 * name_bits + 1, count))
        cdef double[:, ::1] values = measured
        for block in range(count):
            box, tag_mask, near, above = self.of_block[block], 0, self.near_masks[block], 0
            for level in range(self.levels):
                if box < 0:
                    break
                tag_mask |= self.tag_masks[box]
                if level < near_levels:
                    near |= self.name_masks[box]
                else:
                    above |= self.name_masks[box]
                box = self.parents[box]
            for bit in range(tag_bits):
                values[bit, block] = tag_mask >> bit & 1
            for bit in range(name_bits):
                values[tag_bits + bit, block] = near >> bit & 1
                values[tag_bits + name_bits + bit, block] = above >> bit & 1
            values[tag_bits + 2 * name_bits, block] = log1p(self.depths[self.of_block[block]])
        return measured

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def measure_branches(self):
        """The seven columns of the branch that each block stands in."""
        cdef int64_t count = self.of_block.shape[0], block, box, level, half, quarter, meeting, branch
        cdef double most = max(self.prose[0], 1.0), share
        measured = np.empty((7, count))
        cdef double[:, ::1] values = measured
        for block in range(count):
            box, half, quarter = self.of_block[block], self.levels, self.levels
            meeting, branch = 0, box
            for level in range(self.levels):
                if box < 0:
                    break
                share = self.prose[box] / most
                if quarter == self.levels and share >= 0.25:
                    quarter = level
                if share >= 0.5:
                    half, meeting = level, box
                    break
                branch = box
                box = self.parents[box]
            if half == 0:
                branch = self.of_block[block]
            values[0, block] = log1p(<double> half)
            values[1, block] = log1p(self.depths[meeting])
            values[2, block] = log1p(<double> quarter)
            values[3, block] = divide(self.linked[branch], self.characters[branch])
            values[4, block] = self.prose[branch] / most
            values[5, block] = log1p(self.words[branch])
            values[6, block] = divide(<double> (self.first[branch] - self.first[meeting]), self.blocks[meeting])
        return measured

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def measure_shapes(self, const double[::1] words, const double[::1] lengths, const double[::1] linked):
        """The six columns of the blocks of the same shape."""
        cdef int64_t[::1] shapes = number_groups(np.empty(self.count, dtype=np.int64), self.kinds, self.parents)
        cdef int64_t[::1] loose = number_groups(np.empty(self.count, dtype=np.int64), self.tag_kinds, self.parents)
        cdef double[:, ::1] sums = np.zeros((4, self.count)), loose_sums = np.zeros((2, self.count))
        cdef int64_t count = self.of_block.shape[0], block, shape
        cdef double total = 0
        measured = np.empty((6, count))
        cdef double[:, ::1] values = measured
        for block in range(count):
            shape = shapes[self.of_block[block]]
            sums[0, shape] += 1
            sums[1, shape] += words[block]
            sums[2, shape] += linked[block]
            sums[3, shape] += lengths[block]
            shape = loose[self.of_block[block]]
            loose_sums[0, shape] += 1
            loose_sums[1, shape] += words[block]
            total += words[block]
        for block in range(count):
            shape = shapes[self.of_block[block]]
            values[0, block] = log1p(sums[0, shape])
            values[1, block] = log1p(sums[1, shape])
            values[2, block] = divide(sums[2, shape], sums[3, shape])
            values[3, block] = log1p(divide(sums[1, shape], sums[0, shape]))
            shape = loose[self.of_block[block]]
            values[4, block] = log1p(loose_sums[0, shape])
            values[5, block] = loose_sums[1, shape] / max(total, 1.0)
        return measured
