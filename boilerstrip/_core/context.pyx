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
    cdef int64_t count = logits.shape[0], block, number, place, level, last_kept = 0, first_kept = 0
    cdef int64_t[::1] around = np.array(page.boxes, dtype=np.int64)
    cdef double[:, ::1] sums = np.zeros((3, count + 1))
    cdef double story_words, page_words
    cdef bint kept, any_kept = False
    cdef story stories[SHARES]
    cdef float *row
    if min(scores.shape[0], words.shape[0], around.shape[0], columns.shape[0]) < count:
        raise ValueError("the scores are not those of the page")
    if columns.shape[1] != OF_BLOCK + types.shape[0]:
        raise ValueError("there is not one column for each thing that is said")
    for block in range(count):
        kept = scores[block] >= threshold
        if kept:
            last_kept = block
            if not any_kept:
                first_kept, any_kept = block, True
        sums[0, block + 1] = sums[0, block] + words[block]
        sums[1, block + 1] = sums[1, block] + words[block] * kept
        sums[2, block + 1] = sums[2, block] + words[block] * scores[block]
    page_words, story_words = sums[0, count], sums[1, count]
    boxes = np.empty(len(page.box_first), dtype=np.dtype("i8,i8,i8,i8,f8,f8,f8,f8"))
    cdef box[::1] found = boxes
    measure_boxes(page, sums, count, found)
    for number in range(SHARES):
        stories[number] = find_story(found, shares[number])
    for block in range(count):
        row, number = &columns[block, 0], around[block]
        row[0], row[1], row[2] = logits[block], threshold, logits[block] - border
        row[3] = scores[block] >= threshold
        row += 4
        for place in range(NEIGHBOURS):
            level = block + neighbours[place]
            row[place] = logits[level] if 0 <= level < count else -sure
        row += NEIGHBOURS
        if not 0 <= number < found.shape[0]:
            raise ValueError("a block stands in a box that is not there")
        for level in range(LEVELS):
            row[0], row[1], row[2] = found[number].kept, found[number].mean, found[number].of_story
            row[3] = found[number].blocks
            row += 4
            number = found[number].parent if found[number].parent >= 0 else number
        for number in range(SHARES):
            write_story(row, &stories[number], block)
            row += 3
        row[0], row[1], row[2] = block - first_kept, block - last_kept, log1p(story_words)
        row[3], row[4], row[5] = story_words / max(page_words, 1.0), log1p(words[block]), log1p(page_words)
        for number in range(types.shape[0]):
            row[6 + number] = types[number]


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
