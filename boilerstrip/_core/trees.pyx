"""The way of each block through the trees of ``boilerstrip.judge.trees``."""

import cython


def add_up(
    const float[:, ::1] context not None, const float[:, ::1] columns not None, const int[::1] roots not None,
    const int[::1] features not None, const float[::1] borders not None, const int[::1] left not None,
    const int[::1] right not None, const float[::1] values not None, double[::1] logits not None,
):
    """Write the sum of the leaves that each block comes to into ``logits``.

    ``features`` counts the columns of the context first, then those of the evidence.
    """
    cdef Py_ssize_t count = logits.shape[0], trees = roots.shape[0], width = context.shape[1], row, tree
    cdef int node, below, feature
    cdef double total
    cdef float value
    if context.shape[0] < count or columns.shape[0] < count:
        raise ValueError("there are fewer rows than logits")
    check(roots, roots.shape[0], features.shape[0])
    with nogil:
        for row in range(count):
            total = 0.0
            for tree in range(trees):
                node = roots[tree]
                while True:
                    feature = features[node]
                    value = context[row, feature] if feature < width else columns[row, feature - width]
                    below = left[node] if value <= borders[node] else right[node]
                    if below == node:
                        break
                    node = below
                total += values[node]
            logits[row] = total


cdef int check(const int[::1] roots, Py_ssize_t count, Py_ssize_t nodes) except -1:
    cdef Py_ssize_t tree
    for tree in range(count):
        if not 0 <= roots[tree] < nodes:
            raise ValueError("a tree begins at none of the nodes")
    return 0
