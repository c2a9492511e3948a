"""The boxes around each block: the columns of ``boilerstrip.evidence.structure``, in one pass over boxes and blocks."""

import cython
import numpy as np

from libc.stdint cimport int64_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memset

include "strings.pxi"
include "measures.pxi"
include "numbers.pxi"

cdef enum:
    LEVELS = 4  # innermost boxes that are measured one by one
    MEASURES = 7
    BRANCH = 7
    SHAPE = 6
    GROUPS = 1024  # places for the words of the class vocabulary

cdef enum:  # what is known of each box
    PARENT, FIRST, LAST, DEPTH, TAG, NAME, TAG_MASK, NAME_MASK, SIBLINGS, STRICT, LOOSE, KNOWN

cdef enum:  # sorts of what boxes are numbered by: both its own, or what it is and its parent, or its path
    OF_KIND, OF_SIBLINGS, OF_STRICT, OF_LOOSE, SORTS

cdef enum:  # what is added up over the blocks of each box
    WORDS, BLOCKS, CHARACTERS, LINKED, PROSE, STOPS, IMAGES, SUMS

keep_logarithms()


cdef inline bint is_lower(unsigned int point) noexcept nogil:
    return 97 <= point <= 122


cdef inline bint is_upper(unsigned int point) noexcept nogil:
    return 65 <= point <= 90


@cython.final
cdef class Structure:
    """What the tags and names of a page are looked up in; immutable."""

    cdef dict own_tags, roles, headings, ancestor_bits
    cdef uint64_t[GROUPS] group_codes
    cdef int64_t[GROUPS] group_masks
    cdef int64_t name_bits, chain_limit, near, outer_depth, width
    cdef double prose_words, prose_links
    cdef uint64_t seed

    def __init__(self, own_tags, roles, headings, ancestor_bits, groups, limits):
        """
        :param own_tags: number of each tag that has a column,
        :param roles: and of each role.
        :param headings: level of each heading's tag.
        :param ancestor_bits: bit of each tag that is looked for above a block.
        :param groups: bit mask of each word of the class vocabulary.
        :param limits: levels of a chain of boxes that are looked at, those that are near, depth from which on names
            count, words of prose, and its share of links.
        """
        self.own_tags, self.roles, self.headings, self.ancestor_bits = own_tags, roles, headings, ancestor_bits
        self._read_groups(groups)
        self.name_bits = max([mask.bit_length() for mask in groups.values()])
        self.chain_limit, self.near, self.outer_depth, self.prose_words, self.prose_links = limits
        self.width = LEVELS * MEASURES + len(own_tags) + len(roles) + self.ancestors() + 1 + BRANCH + SHAPE
        self.seed = <uint64_t> <int64_t> hash("another order in every process")

    cdef int _read_groups(self, dict groups) except -1:
        cdef uint64_t code, place
        if 2 * len(groups) > GROUPS:
            raise ValueError("the class vocabulary is too large")
        memset(self.group_masks, 0, sizeof(self.group_masks))
        for word, mask in groups.items():
            code = hash_letters(PyUnicode_KIND(word), PyUnicode_DATA(word), 0, len(word))
            place = code & (GROUPS - 1)
            while self.group_masks[place]:
                place = (place + 1) & (GROUPS - 1)
            self.group_codes[place], self.group_masks[place] = code, mask
        return 0

    cdef int64_t ancestors(self):
        """Columns of what is above a block: tags, names near and further above, whether it is hidden, its depth."""
        return len(self.ancestor_bits) + 2 * self.name_bits + 2

    def measure(
        self, page, const double[::1] words, const int64_t[::1] lengths, const double[::1] stops,
        float[:, ::1] values, int64_t first,
    ):
        """Write all columns into those of a matrix of zeros, shape (n, any), from ``first`` on.

        :raises IndexError: when boxes and blocks do not fit together, or the columns the matrix.
        """
        cdef int64_t count = words.shape[0], boxes = len(page.box_tags), kinds
        if not (values.shape[0] == count and 0 <= first <= first + self.width <= values.shape[1]):
            raise IndexError("the matrix has no room for the columns")
        if not len(page.tags) == len(page.roles) == lengths.shape[0] == stops.shape[0] == count:
            raise IndexError("each block has all of its figures")
        if boxes and not len(page.boxes) == len(page.inline_names) == len(page.link_characters) == count:
            raise IndexError("each block has its box, names and links")
        if count:
            self._measure_own(page, values, first + LEVELS * MEASURES)
        if not count or not boxes:
            return
        cdef int64_t[:, ::1] known = np.empty((KNOWN, boxes), dtype=np.int64)
        cdef int64_t[::1] of_block = np.array(page.boxes, dtype=np.int64)
        cdef double[:, ::1] of_blocks = np.empty((SUMS, count)), sums = np.empty((SUMS, boxes))
        self._read_boxes(page, known)
        check_order(known, of_block)
        kinds = number_boxes(known, self.seed)
        self._read_blocks(page, words, lengths, stops, of_blocks)
        sum_boxes(known, of_blocks, sums)
        measure_levels(known, of_block, sums, values, first)
        first += LEVELS * MEASURES + len(self.own_tags) + len(self.roles)
        self._measure_ancestors(page, known, of_block, values, first)
        first += self.ancestors() + 1
        measure_branches(known, of_block, sums, values, first, self.chain_limit)
        measure_shapes(known, of_block, of_blocks, kinds, values, first + BRANCH)

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _measure_own(self, page, float[:, ::1] values, int64_t tags) except -1:
        """The block's own tag, role and level; the columns of the tags begin at ``tags``."""
        cdef int64_t roles = tags + len(self.own_tags), block, number
        cdef int64_t level = roles + len(self.roles) + self.ancestors()
        for block, (tag, role) in enumerate(zip(page.tags, page.roles)):
            number = self.own_tags.get(tag, -1)
            if number >= 0:
                values[block, tags + number] = 1
            number = self.roles.get(role, -1)
            if number >= 0:
                values[block, roles + number] = 1
            values[block, level] = (7 - <int64_t> self.headings.get(tag, 7)) / 6.0
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _read_boxes(self, page, int64_t[:, ::1] known) except -1:
        cdef int64_t box, number, seen = 0, hidden = 1 << len(self.ancestor_bits)
        cdef dict tag_numbers = {}, name_numbers = {}
        cdef int64_t[::1] masks = np.zeros(known.shape[1], dtype=np.int64)
        cdef list parents = list(page.box_parents), first = list(page.box_first), last = list(page.box_last)
        cdef list depths = list(page.box_depths), tags = list(page.box_tags), names = list(page.box_names)
        cdef list is_hidden = list(page.box_hidden)
        if not len(parents) == len(first) == len(last) == len(depths) == len(names) == len(is_hidden) == len(tags):
            raise IndexError("each box has all of its figures")
        for box in range(known.shape[1]):
            known[PARENT, box], known[DEPTH, box] = parents[box], depths[box]
            known[FIRST, box], known[LAST, box] = first[box], last[box]
            known[TAG, box] = tag_numbers.setdefault(tags[box], len(tag_numbers))
            number = known[NAME, box] = name_numbers.setdefault(names[box], seen)
            if number == seen:
                masks[number] = self._mask_name(names[box])
                seen += 1
            known[TAG_MASK, box] = <int64_t> self.ancestor_bits.get(tags[box], 0) | (hidden if is_hidden[box] else 0)
        for box in range(known.shape[1]):
            known[NAME_MASK, box] = masks[known[NAME, box]] if known[DEPTH, box] >= self.outer_depth else 0
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int64_t _mask_name(self, str name) except -1:
        """Bit mask of the vocabulary groups that the words of a class or id name belong to."""
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
                mask |= self._look_up(kind, data, place, end)
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
                mask |= self._look_up(kind, data, place, end)
                place = end
            else:
                place += 1
        return mask

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int64_t _look_up(self, int kind, void *data, int64_t start, int64_t end) noexcept:
        cdef uint64_t code = hash_letters(kind, data, start, end), place = code & (GROUPS - 1)
        while self.group_masks[place]:
            if self.group_codes[place] == code:
                return self.group_masks[place]
            place = (place + 1) & (GROUPS - 1)
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _measure_ancestors(
        self, page, int64_t[:, ::1] known, int64_t[::1] of_block, float[:, ::1] values, int64_t first
    ) except -1:
        """The tags above each block, the names near and further above, whether it is hidden, and its depth."""
        cdef int64_t tag_bits = len(self.ancestor_bits), name_bits = self.name_bits
        cdef int64_t block, box, level, bit, tags, near, above
        for block, name in enumerate(page.inline_names):
            box, tags, near, above = of_block[block], 0, self._mask_name(name) if name else 0, 0
            for level in range(self.chain_limit):
                if box < 0:
                    break
                tags |= known[TAG_MASK, box]
                if level < self.near:
                    near |= known[NAME_MASK, box]
                else:
                    above |= known[NAME_MASK, box]
                box = known[PARENT, box]
            for bit in range(tag_bits):
                values[block, first + bit] = tags >> bit & 1
            for bit in range(name_bits):
                values[block, first + tag_bits + bit] = near >> bit & 1
                values[block, first + tag_bits + name_bits + bit] = above >> bit & 1
            values[block, first + tag_bits + 2 * name_bits] = tags >> tag_bits & 1
            values[block, first + tag_bits + 2 * name_bits + 1] = log_up(known[DEPTH, of_block[block]])
        return 0

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef int _read_blocks(
        self, page, const double[::1] words, const int64_t[::1] lengths, const double[::1] stops, double[:, ::1] read
    ) except -1:
        cdef int64_t block
        cdef double links
        for block, (linked, images) in enumerate(zip(page.link_characters, page.images)):
            read[WORDS, block], read[BLOCKS, block], read[CHARACTERS, block] = words[block], 1, lengths[block]
            read[LINKED, block], read[STOPS, block], read[IMAGES, block] = linked, stops[block], images
            links = min(divide(read[LINKED, block], read[CHARACTERS, block]), 1.0)
            read[PROSE, block] = words[block] if words[block] >= self.prose_words and links < self.prose_links else 0
        return 0


cdef uint64_t hash_letters(int kind, void *data, int64_t start, int64_t end) noexcept nogil:
    """Hash of letters from A to Z, large or small."""
    cdef uint64_t code = 0
    cdef int64_t place
    for place in range(start, end):
        code = (code ^ (PyUnicode_READ(kind, data, place) | 32)) * <uint64_t> 0x100000001B3
    return code ^ code >> 32


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int check_order(int64_t[:, ::1] known, int64_t[::1] of_block) except -1:
    """What all below relies on: parents stand before their boxes, and every number points to something."""
    cdef int64_t box, block, count = of_block.shape[0]
    for box in range(known.shape[1]):
        if not -1 <= known[PARENT, box] < box:
            raise IndexError("a box stands in one that comes after it")
        if not 0 <= known[FIRST, box] <= known[LAST, box] <= count:
            raise IndexError("a box holds blocks that are not there")
    for block in range(count):
        if not 0 <= of_block[block] < known.shape[1]:
            raise IndexError("a block stands in no box")
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int64_t number_boxes(int64_t[:, ::1] known, uint64_t seed) except -1:
    """Number the path down to each box, of tags and names (strict) or of tags alone (loose), and count the boxes with
    the same parent, tag and names; returns the number behind the highest."""
    cdef int64_t box, parent, kind, count = known.shape[1]
    cdef int64_t[::1] siblings = np.zeros(SORTS * count, dtype=np.int64)
    cdef numbers found = open_numbers(SORTS * count, seed)
    if found.slots == NULL:
        raise MemoryError
    for box in range(count):
        parent = known[PARENT, box]
        kind = number_key(&found, join_numbers(OF_KIND, known[TAG, box], known[NAME, box]))
        known[SIBLINGS, box] = number_key(&found, join_numbers(OF_SIBLINGS, parent + 1, kind))
        siblings[known[SIBLINGS, box]] += 1
        known[STRICT, box] = number_key(
            &found, join_numbers(OF_STRICT, known[STRICT, parent] + 1 if parent >= 0 else 0, kind)
        )
        known[LOOSE, box] = number_key(
            &found, join_numbers(OF_LOOSE, known[LOOSE, parent] + 1 if parent >= 0 else 0, known[TAG, box])
        )
    free(found.slots)
    for box in range(count):
        known[SIBLINGS, box] = siblings[known[SIBLINGS, box]]
    return found.used


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int sum_boxes(int64_t[:, ::1] known, double[:, ::1] of_blocks, double[:, ::1] sums) except -1:
    """Sum over the blocks of each box, as the difference of two running sums."""
    cdef double[::1] running = np.zeros(of_blocks.shape[1] + 1)
    cdef int64_t sort, number
    for sort in range(SUMS):
        for number in range(of_blocks.shape[1]):
            running[number + 1] = running[number] + of_blocks[sort, number]
        for number in range(known.shape[1]):
            sums[sort, number] = running[known[LAST, number]] - running[known[FIRST, number]]
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
cdef int measure_levels(
    int64_t[:, ::1] known, int64_t[::1] of_block, double[:, ::1] sums, float[:, ::1] values, int64_t first
) except -1:
    """The innermost boxes around each block, one by one."""
    cdef float[:, ::1] table = np.empty((known.shape[1], MEASURES), dtype=np.float32)
    cdef int64_t box, block, level, measure
    cdef double page_prose = max(sums[PROSE, 0], 1.0)
    for box in range(known.shape[1]):
        table[box, 0] = log_up(sums[WORDS, box])
        table[box, 1] = divide(sums[LINKED, box], sums[CHARACTERS, box])
        table[box, 2] = log_up(divide(sums[WORDS, box], sums[BLOCKS, box]))
        table[box, 3] = sums[PROSE, box] / page_prose
        table[box, 4] = min(divide(sums[STOPS, box], sums[WORDS, box]), 1.0) * 5.0
        table[box, 5] = log_up(sums[IMAGES, box])
        table[box, 6] = log_up(known[SIBLINGS, box])
    for block in range(of_block.shape[0]):
        box = of_block[block]
        for level in range(LEVELS):
            if box < 0:
                break
            for measure in range(MEASURES):
                values[block, first + measure * LEVELS + level] = table[box, measure]
            box = known[PARENT, box]
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
cdef int measure_branches(
    int64_t[:, ::1] known, int64_t[::1] of_block, double[:, ::1] sums, float[:, ::1] values, int64_t first,
    int64_t limit,
) except -1:
    """How far each block is from the box that holds half of the page's prose, and its branch below that box."""
    cdef int64_t block, box, level, levels = 0, half, quarter, meeting, branch
    cdef double most = max(sums[PROSE, 0], 1.0), share
    for block in range(of_block.shape[0]):
        box, level = of_block[block], 0
        while box >= 0 and level < limit:
            box, level = known[PARENT, box], level + 1
        levels = max(levels, level)
    levels = min(limit, levels + 1)
    for block in range(of_block.shape[0]):
        box, half, quarter = of_block[block], levels, levels
        meeting, branch = 0, box
        for level in range(levels):
            if box < 0:
                break
            share = sums[PROSE, box] / most
            if quarter == levels and share >= 0.25:
                quarter = level
            if share >= 0.5:
                half, meeting = level, box
                break
            branch = box
            box = known[PARENT, box]
        values[block, first] = log_up(half)
        values[block, first + 1] = log_up(known[DEPTH, meeting])
        values[block, first + 2] = log_up(quarter)
        values[block, first + 3] = divide(sums[LINKED, branch], sums[CHARACTERS, branch])
        values[block, first + 4] = sums[PROSE, branch] / most
        values[block, first + 5] = log_up(sums[WORDS, branch])
        values[block, first + 6] = divide(<double> (known[FIRST, branch] - known[FIRST, meeting]), sums[BLOCKS, meeting])
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
cdef int measure_shapes(
    int64_t[:, ::1] known, int64_t[::1] of_block, double[:, ::1] of_blocks, int64_t kinds, float[:, ::1] values,
    int64_t first,
) except -1:
    """The blocks of the same shape; the numbers of shapes are below ``kinds``."""
    cdef double[:, ::1] sums = np.zeros((kinds, SUMS))
    cdef int64_t block, sort, box, shape
    cdef double total = 0
    for block in range(of_block.shape[0]):
        box = of_block[block]
        for sort in range(SUMS):
            sums[known[STRICT, box], sort] += of_blocks[sort, block]
        sums[known[LOOSE, box], BLOCKS] += 1
        sums[known[LOOSE, box], WORDS] += of_blocks[WORDS, block]
        total += of_blocks[WORDS, block]
    for block in range(of_block.shape[0]):
        shape = known[STRICT, of_block[block]]
        values[block, first] = log_up(sums[shape, BLOCKS])
        values[block, first + 1] = log_up(sums[shape, WORDS])
        values[block, first + 2] = divide(sums[shape, LINKED], sums[shape, CHARACTERS])
        values[block, first + 3] = log_up(divide(sums[shape, WORDS], sums[shape, BLOCKS]))
        shape = known[LOOSE, of_block[block]]
        values[block, first + 4] = log_up(sums[shape, BLOCKS])
        values[block, first + 5] = sums[shape, WORDS] / max(total, 1.0)
    return 0
