"""The tagger's forward pass in one thread: the same sums as ``boilerstrip.judge.tagger``'s, without BLAS."""

import cython
import numpy as np

from libc.string cimport memcpy, memset


cdef extern from "kernels.h" nogil:
    enum: PANEL, GROUP
    enum store:
        STORE_SUM
        STORE_POSITIVE
        ADD_POSITIVE
    ctypedef struct rows_read:
        const float *first_row[3]
        long taps
        long stride
        long width
    ctypedef struct rows_written:
        float *first_row
        long stride
        long count
        store store
    void multiply_rows(const rows_read *, const rows_written *, const float *, const float *, long)
    ctypedef struct scales:
        const float *mean
        const float *deviation
        const float *kept
        long width
    void normalise_rows(const float *, float *, long, long, long, float)
    void standardise_row(const float *, const scales *, float, float *)
    void add_rows(const float *, long, const int *, long, float *)


cdef enum:
    TILE = 16 * GROUP  # blocks whose rows are widened at once, so that they stay in the cache


cdef long round_up(long number, long step) noexcept nogil:
    return (number + step - 1) // step * step


@cython.final
cdef class Layer:
    """A product with weights that lie as the kernels read them; inputs may come from several places in turn."""

    cdef float[::1] packed, bias
    cdef long taps, width, panels

    def __init__(self, taps, bias):
        """``taps`` has shape (taps, inputs, outputs)."""
        count, self.width, outputs = taps.shape
        self.taps = count
        padded = round_up(outputs, PANEL)
        self.panels = padded // PANEL
        weights = np.zeros((count, self.width, padded), dtype=np.float32)
        weights[:, :, :outputs] = taps
        panels = weights.reshape(count, self.width, self.panels, PANEL).transpose(2, 0, 1, 3)
        self.packed = np.ascontiguousarray(panels).ravel()
        self.bias = np.concatenate([bias, np.zeros(padded - outputs)]).astype(np.float32)

    cdef long stride(self) noexcept nogil:
        return self.panels * PANEL

    cdef void run(
        self, const float *values, long stride, long reach, float *out, long rows, store mode, const float *bias
    ) noexcept nogil:
        """``rows`` rows of the product; the taps read ``reach`` rows apart, the middle one at ``values``. Without a
        ``bias`` the layer's own."""
        cdef rows_read read
        cdef rows_written written
        cdef long tap
        for tap in range(self.taps):
            read.first_row[tap] = values + (tap - self.taps // 2) * reach * stride
        read.taps, read.stride, read.width = self.taps, stride, self.width
        written.first_row, written.stride, written.count, written.store = out, self.stride(), rows, mode
        if bias == NULL:
            bias = &self.bias[0]
        multiply_rows(&read, &written, &self.packed[0], bias, self.panels)


@cython.final
cdef class Forward:
    """The pass with one set of weights. Immutable; safe to share between threads."""

    cdef float[::1] mean, deviation
    cdef float[:, ::1] word_table, opening_table, page_weight, page_type_weight, head_page_weight
    cdef float[::1] page_bias, page_type_bias, score_weight
    cdef Layer enter, scan, head
    cdef list convolutions
    cdef tuple dilations
    cdef long channels, scanned
    cdef float score_bias, clip, epsilon

    def __init__(self, weights, dilations, clip, epsilon):
        def dense(name):
            return Layer(weights[f"{name}.weight"].T[None], weights[f"{name}.bias"])

        def array(name):
            return np.array(weights[name], dtype=np.float32, order="C")

        self.mean, self.deviation = array("mean"), array("deviation")
        self.word_table, self.opening_table = array("word_table"), array("opening_table")
        self.page_weight, self.page_bias = array("page.weight"), array("page.bias")
        self.page_type_weight, self.page_type_bias = array("page_type.weight"), array("page_type.bias")
        self.enter, self.scan = dense("enter"), dense("scan")
        self.convolutions = [
            Layer(weights[f"convolutions.{number}.weight"], weights[f"convolutions.{number}.bias"])
            for number in range(len(dilations))
        ]
        self.dilations, self.clip, self.epsilon = tuple(dilations), clip, epsilon
        self.channels, self.scanned = len(weights["enter.bias"]), len(weights["scan.bias"])
        head, scanned = array("head.weight"), self.scanned
        self.head = Layer(self._spread_head(head.T[: self.channels + scanned])[None], weights["head.bias"])
        self.head_page_weight = np.ascontiguousarray(head[:, self.channels + scanned :])
        self.score_weight, self.score_bias = array("score.weight")[0].copy(), weights["score.bias"][0]

    def _spread_head(self, weights):
        """The rows of the head's weights where the channels of a padded buffer stand."""
        stride = self.enter.stride()
        spread = np.zeros((stride + self.scan.stride(), weights.shape[1]), dtype=np.float32)
        spread[: self.channels] = weights[: self.channels]
        spread[stride : stride + self.scanned] = weights[self.channels :]
        return spread

    def run(
        self, const float[:, ::1] columns, const int[::1] word_buckets, const long long[::1] word_starts,
        const int[:, ::1] openings, const float[::1] kept, bint with_words, double[::1] logits, double[::1] types,
    ):
        """Write each block's logit and each page type's; ``kept`` is 1 or 0 for each column.

        :raises ValueError: when the arrays do not fit each other or the weights.
        """
        self._check_shapes(columns, word_starts, openings, kept, logits, types)
        if not self._holds(word_buckets, word_starts, openings):
            raise ValueError("a bucket or a start of the evidence points to nothing")
        cdef long rows = round_up(columns.shape[0], GROUP)
        cdef float[:, ::1] hidden = np.empty((rows, self.enter.stride()), dtype=np.float32)
        cdef float[:, ::1] entered = np.zeros((TILE, self.enter.width), dtype=np.float32)
        with nogil:
            self._enter(columns, word_buckets, word_starts, openings, kept, with_words, entered, hidden)
        self._go_on(hidden, columns.shape[0], logits, types)

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def go_on(self, list parts not None, double[::1] logits, double[::1] types):
        """The same for a dense layer of which ``parts`` are given, each what some inputs add to it, shape (n, channels).

        :raises ValueError: when the arrays do not fit each other or the weights.
        """
        cdef long count = logits.shape[0], row, k
        cdef const float[:, ::1] part
        cdef float *target
        if not count or len(types) != len(self.page_type_bias):
            raise ValueError("what is to be written does not fit the weights")
        cdef float[:, ::1] hidden = np.zeros((round_up(count, GROUP), self.enter.stride()), dtype=np.float32)
        for part in parts:
            if part.shape[0] != count or part.shape[1] != self.channels:
                raise ValueError("a part of what is entered does not fit the weights")
            for row in range(count):
                target = &hidden[row, 0]
                for k in range(self.channels):
                    target[k] += part[row, k]
        for row in range(count):
            target = &hidden[row, 0]
            for k in range(self.channels):
                target[k] = max(target[k], <float> 0)
        self._go_on(hidden, count, logits, types)

    cdef int _go_on(self, float[:, ::1] hidden, long count, double[::1] logits, double[::1] types) except -1:
        """The pass behind the dense layer; ``hidden`` has whole groups of rows and is used up."""
        cdef long rows = hidden.shape[0], stride = self.enter.stride(), scan_stride = self.scan.stride()
        cdef long reach = max(self.dilations), number, dilation, size
        cdef Layer convolution
        cdef float[:, ::1] margined = np.zeros((rows + 2 * reach, stride), dtype=np.float32)
        cdef float[:, ::1] scanned = np.empty((rows, scan_stride), dtype=np.float32)
        cdef float[:, ::1] seen = np.zeros((TILE, stride + scan_stride), dtype=np.float32)
        cdef float[:, ::1] heads = np.empty((TILE, self.head.stride()), dtype=np.float32)
        cdef float[::1] around = np.array(self.head.bias)
        cdef float[::1] summary = np.zeros(2 * self.channels, dtype=np.float32)
        cdef float[::1] page = np.empty(self.page_bias.shape[0], dtype=np.float32)
        cdef float *normal = &margined[reach, 0]
        for number in range(len(self.dilations)):
            convolution, dilation = self.convolutions[number], self.dilations[number]
            with nogil:
                normalise_rows(&hidden[0, 0], normal, count, self.channels, stride, self.epsilon)
                convolution.run(normal, stride, dilation, &hidden[0, 0], rows, ADD_POSITIVE, NULL)
        with nogil:
            normalise_rows(&hidden[0, 0], normal, count, self.channels, stride, self.epsilon)
            self._see_page(normal, count, summary, page, types, around)
            self.scan.run(normal, stride, 0, &scanned[0, 0], rows, STORE_POSITIVE, NULL)
            self._accumulate(scanned, count)
            number = 0
            while number < rows:
                size = min(seen.shape[0], rows - number)
                self._gather(normal, scanned, number, size, seen)
                self.head.run(&seen[0, 0], seen.shape[1], 0, &heads[0, 0], size, STORE_POSITIVE, &around[0])
                self._score(heads, number, min(size, count - number), logits)
                number += size
        return 0

    def _check_shapes(self, columns, word_starts, openings, kept, logits, types):
        count, width = columns.shape[0], columns.shape[1]
        inputs = width + self.word_table.shape[1] + openings.shape[1] * self.opening_table.shape[1]
        if not (
            count > 0
            and len(word_starts) == count + 1
            and len(openings) == len(logits) == count
            and width == len(kept) == len(self.mean)
            and inputs == self.enter.width
            and len(types) == len(self.page_type_bias)
        ):
            raise ValueError("the evidence does not fit the weights")

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef bint _holds(
        self, const int[::1] word_buckets, const long long[::1] word_starts, const int[:, ::1] openings
    ) noexcept nogil:
        """Whether every bucket and every start points to something."""
        cdef long row, place
        if word_starts[0] != 0 or word_starts[openings.shape[0]] != word_buckets.shape[0]:
            return False
        for row in range(openings.shape[0]):
            if word_starts[row] > word_starts[row + 1]:
                return False
            for place in range(openings.shape[1]):
                if not 0 <= openings[row, place] < self.opening_table.shape[0]:
                    return False
        for place in range(word_buckets.shape[0]):
            if not 0 <= word_buckets[place] < self.word_table.shape[0]:
                return False
        return True

    @cython.boundscheck(False)
    @cython.wraparound(False)
    @cython.cdivision(True)
    cdef void _enter(
        self, const float[:, ::1] columns, const int[::1] word_buckets, const long long[::1] word_starts,
        const int[:, ::1] openings, const float[::1] kept, bint with_words, float[:, ::1] entered,
        float[:, ::1] hidden,
    ) noexcept nogil:
        """The dense layer, a tile of blocks at a time, so that what it reads stays in the cache."""
        cdef long count = columns.shape[0], width = columns.shape[1], tile = entered.shape[0]
        cdef long words = self.word_table.shape[1], wide = self.opening_table.shape[1]
        cdef long first = 0, row, k, place, size
        cdef scales of_columns
        cdef float *target
        cdef const float *source
        of_columns.mean, of_columns.deviation, of_columns.kept = &self.mean[0], &self.deviation[0], &kept[0]
        of_columns.width = width
        while first < count:
            for row in range(first, min(first + tile, count)):
                target = &entered[row - first, 0]
                standardise_row(&columns[row, 0], &of_columns, self.clip, target)
                target += width
                memset(target, 0, (self.enter.width - width) * sizeof(float))
                if not with_words:
                    continue
                size = word_starts[row + 1] - word_starts[row]
                if size:
                    add_rows(&self.word_table[0, 0], words, &word_buckets[word_starts[row]], size, target)
                for k in range(words):
                    target[k] /= <float>max(size, 1)
                target += words
                for place in range(openings.shape[1]):
                    source = &self.opening_table[openings[row, place], 0]
                    for k in range(wide):
                        target[place * wide + k] = source[k]
            row = min(tile, round_up(count - first, GROUP))
            self.enter.run(&entered[0, 0], self.enter.width, 0, &hidden[first, 0], row, STORE_POSITIVE, NULL)
            first += tile

    @cython.boundscheck(False)
    @cython.wraparound(False)
    @cython.cdivision(True)
    cdef void _see_page(
        self, const float *normal, long count, float[::1] summary, float[::1] page, double[::1] types,
        float[::1] around,
    ) noexcept nogil:
        """The page vector from the means and the maxima: the page's types, and what it adds to every block's head."""
        cdef long stride = self.enter.stride(), channels = self.channels, row, k, output
        cdef float total, value
        for k in range(channels):
            summary[channels + k] = normal[k]
        for row in range(count):
            for k in range(channels):
                value = normal[row * stride + k]
                summary[k] += value
                summary[channels + k] = value if value > summary[channels + k] else summary[channels + k]
        for k in range(channels):
            summary[k] /= <float>count
        for output in range(page.shape[0]):
            total = self.page_bias[output]
            for k in range(2 * channels):
                total += self.page_weight[output, k] * summary[k]
            page[output] = total if total > 0 else 0
        for output in range(types.shape[0]):
            total = self.page_type_bias[output]
            for k in range(page.shape[0]):
                total += self.page_type_weight[output, k] * page[k]
            types[output] = total
        for output in range(self.head_page_weight.shape[0]):
            for k in range(page.shape[0]):
                around[output] += self.head_page_weight[output, k] * page[k]

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef void _accumulate(self, float[:, ::1] scanned, long count) noexcept nogil:
        """Turn what the scan says of each block into its maxima from above, and those from below."""
        cdef long half = self.scanned // 2, row, k
        for row in range(1, count):
            for k in range(half):
                scanned[row, k] = max(scanned[row, k], scanned[row - 1, k])
        for row in range(count - 2, -1, -1):
            for k in range(half, 2 * half):
                scanned[row, k] = max(scanned[row, k], scanned[row + 1, k])

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef void _gather(
        self, const float *normal, float[:, ::1] scanned, long first, long count, float[:, ::1] seen
    ) noexcept nogil:
        """What the head reads of a tile of blocks: the channels of each, and the maxima from above and below."""
        cdef long stride = self.enter.stride(), row
        for row in range(count):
            memcpy(&seen[row, 0], normal + (first + row) * stride, stride * sizeof(float))
            memcpy(&seen[row, stride], &scanned[first + row, 0], scanned.shape[1] * sizeof(float))

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef void _score(self, float[:, ::1] heads, long first, long count, double[::1] logits) noexcept nogil:
        cdef long row, k
        cdef float total
        for row in range(count):
            total = self.score_bias
            for k in range(self.score_weight.shape[0]):
                total += heads[row, k] * self.score_weight[k]
            logits[first + row] = total
