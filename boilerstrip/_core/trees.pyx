"""The way of each block through the trees of ``boilerstrip.judge.trees``."""

import cython
import numpy as np

cdef enum:
    TILE = 16  # blocks that go through a tree one after the other, so that it stays in the cache


cdef struct node:
    int feature
    float border
    int[2] below


cdef find_depths(const int[:, ::1] children, const int[::1] roots):
    """Steps from the root of each tree to its deepest leaf; what is below a node stands behind it."""
    cdef int[::1] heights = np.zeros(children.shape[0], dtype=np.int32)
    cdef Py_ssize_t place
    for place in reversed(range(children.shape[0])):
        if children[place, 0] != place:
            heights[place] = 1 + max(heights[children[place, 0]], heights[children[place, 1]])
    return np.asarray(heights)[np.asarray(roots)]


@cython.final
cdef class Forest:
    """All nodes of all trees, each with what is asked of it side by side."""

    cdef node[::1] nodes
    cdef int[::1] roots, depths
    cdef float[::1] values
    cdef int width

    def __init__(self, roots, features, borders, left, right, values):
        count = len(values)
        children = np.stack([left, right], axis=1).astype(np.int32)
        is_ahead = (children >= np.arange(count)[:, None]).all()
        if not is_ahead or min(roots.min(), features.min()) < 0 or max(roots.max(), children.max()) >= count:
            raise ValueError("a tree leads to none of the nodes")
        packed = np.zeros(count, dtype=[("feature", np.int32), ("border", np.float32), ("below", np.int32, (2,))])
        packed["feature"], packed["border"], packed["below"] = features, borders, children
        self.nodes, self.values = packed, np.ascontiguousarray(values, dtype=np.float32)
        self.roots, self.width = np.ascontiguousarray(roots, dtype=np.int32), features.max() + 1
        self.depths = find_depths(children, self.roots)

    def add_up(self, const float[:, ::1] context not None, const float[:, ::1] columns not None, double[::1] logits):
        """Write the sum of the leaves that each block comes to into ``logits``.

        A node asks for a column of the context, or, counted on from those, for one of the evidence.
        """
        cdef Py_ssize_t count = logits.shape[0], first = 0, last
        if min(context.shape[0], columns.shape[0]) < count or context.shape[1] + columns.shape[1] < self.width:
            raise ValueError("there are fewer rows or columns than are asked for")
        logits[:] = 0.0
        with nogil:
            while first < count:
                last = min(first + TILE, count)
                self._add_up(context, columns, logits, first, last)
                first = last

    @cython.boundscheck(False)
    @cython.wraparound(False)
    cdef void _add_up(
        self, const float[:, ::1] context, const float[:, ::1] columns, double[::1] logits, Py_ssize_t first,
        Py_ssize_t last
    ) noexcept nogil:
        cdef Py_ssize_t tree, row, rows = last - first
        cdef int level, width = <int> context.shape[1]
        cdef int places[TILE]
        cdef const float *of_context[TILE]
        cdef const float *of_evidence[TILE]
        cdef node *asked
        cdef const float *source
        for row in range(rows):
            of_context[row], of_evidence[row] = &context[first + row, 0], &columns[first + row, 0] - width
        for tree in range(self.roots.shape[0]):
            for row in range(rows):
                places[row] = self.roots[tree]
            for level in range(self.depths[tree]):
                for row in range(rows):  # which do not wait for each other
                    asked = &self.nodes[places[row]]
                    source = of_context[row] if asked.feature < width else of_evidence[row]
                    places[row] = asked.below[source[asked.feature] > asked.border]
            for row in range(rows):
                logits[first + row] += self.values[places[row]]
