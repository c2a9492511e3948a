cdef extern from "measures.h" nogil:
    void keep_logarithms()
    double log_up(double)
    double divide(double, double)
