"""The white space that lines of plain text begin with, a tab of which is as wide as four blanks."""

from typing import Final

LINE_ENDS: Final = "\n\r\v\f\u2028\u2029"


def read_indentation(source: str, start: int) -> str:
    """The white space of a line before its first character."""
    first = start
    while first > 0 and source[first - 1].isspace() and source[first - 1] not in LINE_ENDS:
        first -= 1
    return source[first:start]


def count_columns(indentation: str) -> int:
    """How wide an indentation is.

    >>> count_columns(" \\t ")
    6
    """
    return len(indentation.replace("\t", "    "))


def move_left(indentation: str, margin: str) -> str:
    """What is left of an indentation without a margin.

    >>> move_left("\\t\\t", "\\t"), move_left("     ", "\\t"), move_left(" ", "\\t")
    ('\\t', ' ', '')
    """
    if indentation.startswith(margin):
        return indentation[len(margin) :]
    return " " * (count_columns(indentation) - count_columns(margin))
