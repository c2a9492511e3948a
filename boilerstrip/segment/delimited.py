r"""Formulas that stand in the text between delimiters, on a page that loads a script which draws them there."""

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from boilerstrip.page import Mark
from boilerstrip.patterns import compile_later
from boilerstrip.segment.mathematics import read_delimited

_FORMULA: Final = compile_later(
    r"\\\((?:[^\\]|\\[^()]){1,2000}?\\\)|\\\[(?:[^\\]|\\[^\[\]]){1,2000}?\\\]|\$\$[^$]{1,2000}\$\$"
)
_DRAWING_SCRIPT: Final = compile_later(r"mathjax|tex-(?:mml-)?(?:chtml|svg)|katex.*auto-render", re.IGNORECASE)
DRAWING_PIECES: Final = ("mathjax", "tex-", "auto-render")
"""What every address of such a script has one of."""
_ADDRESS_LIMIT: Final = 2_000
_MARKS_IN_ROW: Final = 5
_ROLE_IN_ROW: Final = 2


def draws_formulas(script: etree._Element) -> bool:
    """Whether a script is one that draws the formulas of a page.

    >>> draws_formulas(etree.fromstring('<script src="/npm/mathjax@3/es5/tex-mml-chtml.js"/>'))
    True
    """
    return _DRAWING_SCRIPT.search((script.get("src") or "")[:_ADDRESS_LIMIT]) is not None


def mark_formulas(rows: list[tuple[Any, ...]]) -> None:
    """Add a mark for each formula between delimiters to the blocks of a page with such a script; their text stays."""
    for number, row in enumerate(rows):
        if "\\" not in row[0] and "$$" not in row[0]:
            continue
        if row[_ROLE_IN_ROW] != "code" and (found := tuple(_find_formulas(row[0], row[_MARKS_IN_ROW]))):
            rows[number] = (*row[:_MARKS_IN_ROW], row[_MARKS_IN_ROW] + found, *row[_MARKS_IN_ROW + 1 :])


def _find_formulas(text: str, marks: tuple[Mark, ...]) -> Iterator[Mark]:
    """The formulas of a text outside of its code and of those that are known."""
    taken = sorted((mark.end, mark.start) for mark in marks if mark.kind in ("code", "formula"))
    number = 0
    for match in _FORMULA.finditer(text):
        start, end = match.span()
        while number < len(taken) and taken[number][0] <= start:
            number += 1
        is_taken = number < len(taken) and taken[number][1] < end
        if not is_taken and (formula := read_delimited(match[0])) is not None:
            yield Mark(start, end, "formula", "", formula.write())
