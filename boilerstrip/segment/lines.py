"""Lines that single ``<br>`` set apart, and the marks of a block's text."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from boilerstrip.page import Mark
from boilerstrip.segment.text import ends_sentence, is_separator, measure_width

_LEAST_PROSE_LINES: Final = 3
_PROSE_LINE_WIDTH: Final = 80
"""Columns of a line that is a paragraph by itself: verse, addresses and lines of a narrow column are shorter."""
_ENDED_SHARE: Final = 0.75
"""Share of the long lines that end a sentence: fewer, and the lines are those of one wrapped paragraph."""

_ORNAMENTED: Final = frozenset({"paragraph", "list_item"})
"""Roles of blocks that may be a separator; a sign in a table's cell or in code says something."""


def find_prose_lines(text: str) -> list[tuple[int, int]]:
    """Start and end of each line where the lines of a block are paragraphs that single ``<br>`` set apart; none where
    they are verse, an address or a wrapped paragraph.

    >>> find_prose_lines("Not all that glitters\\nOften have you heard that told\\nMany a man his life hath sold")
    []
    """
    lines = text.split("\n")
    if len(lines) < _LEAST_PROSE_LINES:
        return []
    long = [line for line in lines if measure_width(line) >= _PROSE_LINE_WIDTH]
    ended = sum(ends_sentence(line) for line in long)
    if 2 * sum(map(len, long)) < len(text) or ended < _ENDED_SHARE * len(long):
        return []
    ends = list(accumulate(len(line) + 1 for line in lines))
    return [(end - 1 - len(line), end - 1) for end, line in zip(ends, lines, strict=True) if line]


def cut_marks(marks: Sequence[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """The marks of ``text[start:end]``, counted from its first character."""
    return tuple(
        mark._replace(start=max(mark.start, start) - start, end=min(mark.end, end) - start)
        for mark in marks
        if max(mark.start, start) < min(mark.end, end) or (mark.kind == "image" and start <= mark.start < end)
    )


def mark_rules(
    marks: Sequence[tuple[Mark, ...]], box_tags: Sequence[str], box_first: Sequence[int]
) -> list[tuple[Mark, ...]]:
    """The marks of each block of a page, with one of each rule that stands above a block."""
    below = {first for tag, first in zip(box_tags, box_first, strict=True) if tag == "hr"} if "hr" in box_tags else ()
    marked = list(marks)
    for block in below:
        if 0 < block < len(marked):
            marked[block] = (*marked[block], Mark(0, 0, "rule"))
    return marked


def trim_marks(marks: list[Mark], text: str, first: int) -> tuple[Mark, ...]:
    """Count the marks from the text's ``first`` character, end them with the text, and move each start past the space
    that was still pending when it was opened."""
    trimmed = []
    for mark in marks:
        start, end = max(mark.start - first, 0), min(mark.end - first, len(text))
        start += start < end and text[start].isspace()
        if start < end or mark.kind == "image":
            start, end = min(start, len(text)), max(end, 0)
            trimmed.append(mark if (start, end) == mark[:2] else mark._replace(start=start, end=end))
    return tuple(trimmed)


def find_role(text: str, role: str) -> str:
    """The role of a block or of one of its lines, whose surroundings have a role.

    >>> find_role("* * *", "paragraph"), find_role("–", "table_cell")
    ('separator', 'table_cell')
    """
    return "separator" if role in _ORNAMENTED and is_separator(text.strip()) else role
