# The characters of Python's strings.

cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    void *PyUnicode_DATA(object)
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    bint PyUnicode_IS_ASCII(object)
    uint32_t PyUnicode_READ(int, const void *, Py_ssize_t) nogil
    uint32_t PyUnicode_READ_CHAR(object, Py_ssize_t)
    object PyUnicode_FromKindAndData(int, const void *, Py_ssize_t)
    str PyUnicode_DecodeUTF8(const char *, Py_ssize_t, const char *)
    int Py_UNICODE_ISALNUM(uint32_t) nogil
    int Py_UNICODE_ISDECIMAL(uint32_t) nogil
    int Py_UNICODE_ISSPACE(uint32_t) nogil
    uint32_t Py_UNICODE_TOLOWER(uint32_t) nogil

cdef enum:
    PLANE = 0x10000
    IDEOGRAPH = 0x4E00
    SNOWMAN = 0x2603


cdef inline uint32_t stand_in(uint32_t point) noexcept nogil:
    """A character, or what stands for it in the tables of the plane: as ``boilerstrip.evidence.characters`` has it."""
    if point < PLANE:
        return point
    return IDEOGRAPH if 0x20000 <= point < 0x40000 else SNOWMAN
