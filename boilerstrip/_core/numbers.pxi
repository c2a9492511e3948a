cdef extern from "numbers.h" nogil:
    ctypedef struct numbers:
        void *slots
        int64_t used
    numbers open_numbers(int64_t, uint64_t)
    int64_t number_key(numbers *, uint64_t)
    uint64_t join_numbers(int, int64_t, int64_t)
    const uint64_t MULTIPLIER
