"""The columns of ``boilerstrip.judge.context``, a block at a time."""

import cython
import numpy as np

from libc.math cimport log1p
from libc.stdint cimport int64_t

from boilerstrip.judge import context as reference


cdef struct box:
    int64_t first, last, parent, depth
    double kept, mean, of_story, blocks


cdef struct story:  # the box that holds a share of the story, if there is one
    bint is_there
    int64_t first, last
    double kept


cdef enum:
    NEIGHBOURS = 4, LEVELS = 3, SHARES = 3, OF_BLOCK = 35  # columns besides the page types

if (len(reference._NEIGHBOURS), reference._LEVELS, len(reference._STORY_SHARES)) != (NEIGHBOURS, LEVELS, SHARES):
    raise ImportError("other boxes and neighbours are looked at here")
cdef int64_t[NEIGHBOURS] neighbours = reference._NEIGHBOURS
cdef double[SHARES] shares = reference._STORY_SHARES
cdef double nowhere = reference._NOWHERE, sure = reference._SURE


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def measure(
    page, const double[::1] logits, const double[::1] scores, const double[::1] words, double threshold, double border,
    const double[::1] types, float[:, ::1] columns,
):
    """Write what the scores say around each block, shape (n, columns).

    :param logits: of the scores.
    :param border: the logit of the threshold.
    """
    cdef int64_t count = logits.shape[0], block, number, first_kept = -1, last_kept = 0
    cdef int64_t[::1] around = np.array(page.boxes, dtype=np.int64)
    cdef double[:, ::1] sums = np.zeros((3, count + 1))
    cdef box[::1] found = np.empty(len(page.box_first), dtype=np.dtype("i8,i8,i8,i8,f8,f8,f8,f8"))
    cdef story stories[SHARES]
    cdef float *row
    if min(scores.shape[0], words.shape[0], around.shape[0], columns.shape[0]) < count:
        raise ValueError("the scores are not those of the page")
    if columns.shape[1] != OF_BLOCK + types.shape[0]:
        raise ValueError("there is not one column for each thing that is said")
    for block in range(count):
        if scores[block] >= threshold:
            first_kept, last_kept = block if first_kept < 0 else first_kept, block
        sums[0, block + 1] = sums[0, block] + words[block]
        sums[1, block + 1] = sums[1, block] + words[block] * (scores[block] >= threshold)
        sums[2, block + 1] = sums[2, block] + words[block] * scores[block]
    measure_boxes(page, sums, count, found)
    for number in range(SHARES):
        stories[number] = find_story(found, shares[number])
    for block in range(count):
        row = &columns[block, 0]
        row[0], row[1], row[2] = logits[block], threshold, logits[block] - border
        row[3] = scores[block] >= threshold
        row = write_neighbours(row + 4, logits, block)
        if not 0 <= around[block] < found.shape[0]:
            raise ValueError("a block stands in a box that is not there")
        row = write_boxes(row, found, around[block])
        for number in range(SHARES):
            write_story(row + 3 * number, &stories[number], block)
        row += 3 * SHARES
        row[0], row[1], row[2] = block - max(first_kept, 0), block - last_kept, log1p(sums[1, count])
        row[3], row[4] = sums[1, count] / max(sums[0, count], 1.0), log1p(words[block])
        row[5] = log1p(sums[0, count])
        for number in range(types.shape[0]):
            row[6 + number] = types[number]


@cython.boundscheck(False)
@cython.wraparound(False)
cdef float *write_neighbours(float *row, const double[::1] logits, int64_t block) noexcept:
    """The logits of the neighbours."""
    cdef int64_t number, place
    for number in range(NEIGHBOURS):
        place = block + neighbours[number]
        row[number] = logits[place] if 0 <= place < logits.shape[0] else -sure
    return row + NEIGHBOURS


@cython.boundscheck(False)
@cython.wraparound(False)
cdef float *write_boxes(float *row, const box[::1] found, int64_t number) noexcept:
    """What is kept of a box and of those around it."""
    cdef int64_t level
    for level in range(LEVELS):
        row[0], row[1], row[2] = found[number].kept, found[number].mean, found[number].of_story
        row[3] = found[number].blocks
        row += 4
        number = found[number].parent if found[number].parent >= 0 else number
    return row


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
cdef int measure_boxes(page, const double[:, ::1] sums, int64_t count, box[::1] found) except -1:
    """What is kept of each box."""
    cdef int64_t number, first, last, parent, depth
    cdef double per_word, kept, story_words = max(sums[1, count], 1.0)
    for number, (first, last, parent, depth) in enumerate(
        zip(page.box_first, page.box_last, page.box_parents, page.box_depths, strict=True)
    ):
        if not 0 <= first <= last <= count or not -1 <= parent < found.shape[0]:
            raise ValueError("a box holds blocks that are not there")
        per_word, kept = 1.0 / max(sums[0, last] - sums[0, first], 1.0), sums[1, last] - sums[1, first]
        found[number].first, found[number].last = first, last
        found[number].parent, found[number].depth = parent, depth
        found[number].kept, found[number].mean = kept * per_word, (sums[2, last] - sums[2, first]) * per_word
        found[number].of_story, found[number].blocks = kept / story_words, log1p(last - first)
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
cdef story find_story(const box[::1] found, double share) noexcept:
    """The innermost box that holds a share of the story, the first of several."""
    cdef int64_t number, best = -1
    cdef story holder
    for number in range(found.shape[0]):
        if found[number].of_story >= share and (best < 0 or found[number].depth > found[best].depth):
            best = number
    holder.is_there, holder.first, holder.last, holder.kept = best >= 0, 0, 0, nowhere
    if best >= 0:
        holder.first, holder.last, holder.kept = found[best].first, found[best].last, found[best].kept
    return holder


cdef void write_story(float *row, const story *holder, int64_t block) noexcept:
    """On which side of the story a block stands, and how far away."""
    if not holder.is_there:
        row[0] = row[1] = nowhere
    elif block < holder.first:
        row[0], row[1] = -1.0, holder.first - block
    elif block >= holder.last:
        row[0], row[1] = 1.0, block - holder.last + 1
    else:
        row[0] = row[1] = 0.0
    row[2] = holder.kept
