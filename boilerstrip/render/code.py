"""Code among the kept blocks: its language, and which lines are those of one piece."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final

from boilerstrip.blocks import Block
from boilerstrip.page import Mark

_LANGUAGE: Final = re.compile(r"[\w+#.-]{1,30}")
_FEWEST_LINES: Final = 3
"""Elements of one line of code side by side from which on they are the lines of one piece."""


def join_code(blocks: Iterable[Block]) -> Iterator[Block]:
    """The kept blocks; where editors make each line an element of its own, the lines of code as one block."""
    for place, group in groupby(blocks, _find_place):
        lines = list(group)
        if place and len(lines) >= _FEWEST_LINES:
            yield replace(lines[-1], text="\n".join(line.text for line in lines), marks=tuple(_join_marks(lines)))
        else:
            yield from lines


def _join_marks(lines: Iterable[Block]) -> Iterator[Mark]:
    """The marks of lines where those stand in their joined text."""
    start = 0
    for line in lines:
        yield from (mark._replace(start=start + mark.start, end=start + mark.end) for mark in line.marks)
        start += len(line.text) + 1


def _find_place(block: Block) -> str:
    """What holds a line of code beside its neighbours; ``""`` of any other block, and of a piece that has a language or
    a ``code`` element to itself."""
    path = block.path or ""
    is_line = block.tag == "pre" and path.startswith("/") and "\n" not in block.text
    is_piece = is_line and any(mark.kind in ("code", "language") for mark in block.marks)
    return path.rpartition("/")[0] if is_line and not is_piece else ""


def is_lines_of_code(block: Block) -> bool:
    """Whether a block is several lines of code and nothing else."""
    return "\n" in block.text and any(
        mark.kind == "code" and mark.start == 0 and mark.end >= len(block.text.rstrip()) for mark in block.marks
    )


def read_code_language(block: Block) -> str:
    """The programming language of a piece of code, which a mark of kind ``language`` carries as its label.

    >>> from boilerstrip.page import Mark
    >>> marks = (Mark(0, 1, "language", "", "c++"),)
    >>> read_code_language(Block("x", True, 1.0, None, "code", "pre", "/html/body/pre", None, marks, 0, ()))
    'c++'
    """
    label = next((mark.label for mark in block.marks if mark.kind == "language"), "")
    return label if _LANGUAGE.fullmatch(label) else ""
