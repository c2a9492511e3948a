"""Where each block stands in the page's order: the columns of ``boilerstrip.evidence.position``."""

import cython
import numpy as np

from libc.math cimport log1p
from libc.stdint cimport int64_t

include "measures.pxi"

cdef enum:
    INDEX, WORDS_BEFORE, WORDS_AFTER, BLOCKS_BEFORE, BLOCKS_AFTER, IS_TITLE, TITLE_KNOWN, AFTER_TITLE, TITLE_DISTANCE
    SINCE_BLOCKS, SINCE_WORDS, LAST_LEVEL, FIRST_OF_PAGE
    PARAGRAPH_RUN = 19
    GAP_BEFORE, GAP_AFTER, COLUMNS

keep_logarithms()


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def measure_position(
    page, const double[::1] words, const int64_t[::1] lengths, dict headings not None, int64_t title
):
    """All columns, shape (columns, n).

    :param headings: level of each heading's tag.
    :param title: the block that is the page's title, -1 where there is none.
    """
    cdef int64_t count = words.shape[0], block, column
    if lengths.shape[0] != count or not -1 <= title < count:
        raise ValueError("the blocks are not those of the page")
    measured = np.zeros((count, COLUMNS))
    cdef double[:, ::1] values = measured
    cdef double[::1] figures = np.empty(PARAGRAPH_RUN - FIRST_OF_PAGE)
    cdef double before = 0, all_words = 0, total
    measure_page(page, words, lengths, headings, values, figures)
    for block in range(count):
        all_words += words[block]
    total = max(all_words, 1.0)
    for block in range(count):
        values[block, INDEX] = <double> block / count
        values[block, WORDS_BEFORE] = before / total
        values[block, WORDS_AFTER] = (total - before - words[block]) / total
        values[block, BLOCKS_BEFORE] = log_up(block) / 3.0
        values[block, BLOCKS_AFTER] = log_up(count - 1 - block) / 3.0
        before += words[block]
        if title >= 0:
            values[block, IS_TITLE], values[block, TITLE_KNOWN] = block == title, 1
            values[block, AFTER_TITLE] = block > title
            values[block, TITLE_DISTANCE] = (-1 if block < title else 1) * log_up(abs(block - title)) / 3.0
        for column in range(FIRST_OF_PAGE, PARAGRAPH_RUN):
            values[block, column] = figures[column - FIRST_OF_PAGE]
    if page.spans and count:
        measure_gaps(page.spans, values)
    return measured.T


@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
cdef int measure_page(
    page, const double[::1] words, const int64_t[::1] lengths, dict headings, double[:, ::1] values,
    double[::1] figures,
) except -1:
    """How far above each block the nearest heading stands, and figures of the whole page."""
    cdef int64_t block, last = -1, count = words.shape[0], linked = 0, characters = 0, heading_count = 0
    cdef double before = 0, before_last = 0, last_level = 0, paragraphs = 0
    for block, (tag, role, links) in enumerate(zip(page.tags, page.roles, page.link_characters)):
        if role == "heading":
            heading_count, last, before_last = heading_count + 1, block, before
            last_level = (7.0 - <int64_t> headings.get(tag, 7)) / 6.0
        elif role == "paragraph" and tag == "p":
            paragraphs += words[block]
        values[block, SINCE_BLOCKS] = (log_up(block - last) if last >= 0 else 5.0) / 3.0
        values[block, SINCE_WORDS] = (log_up(max(before - before_last, 0.0)) if last >= 0 else 8.0) / 5.0
        values[block, LAST_LEVEL] = last_level
        before += words[block]
        linked += <int64_t> links
        characters += lengths[block]
    figures[0], figures[1] = log1p(count) / 3.0, log1p(before) / 3.0
    figures[2], figures[3] = <double> linked / max(characters, 1), log1p(before / max(count, 1))
    figures[4], figures[5] = page.kind == "text", paragraphs / max(before, 1.0)
    figures[6] = log1p(heading_count) / 3.0
    return 0


@cython.boundscheck(False)
@cython.wraparound(False)
cdef int measure_gaps(spans, double[:, ::1] values) except -1:
    """In plain text: characters between a block and its neighbours."""
    cdef int64_t block, start, end, last_end = 0
    cdef double gap = 1.5
    for block, (start, end) in enumerate(spans):
        if block:
            gap = min(<double> (start - last_end), 4.0) / 2.0
            values[block - 1, GAP_AFTER] = gap
        values[block, GAP_BEFORE] = gap
        last_end = end
    values[values.shape[0] - 1, GAP_AFTER] = 1.5
    for block in range(values.shape[0]):
        values[block, PARAGRAPH_RUN] = values[block, GAP_BEFORE] > 0.5 and not values[block, GAP_AFTER] > 0.5
    return 0
