"""Code: its programming language, and the numbers of its lines, which are none of it."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.language_codes import LANGUAGE_CODES
from boilerstrip.patterns import compile_later
from boilerstrip.segment import looks
from boilerstrip.segment.numbering import iterate_rows

_CLASS: Final = compile_later(tags.CODE_LANGUAGE_CLASS, re.IGNORECASE)
_BARE_CLASS: Final = compile_later(r"(?:^|\s)(?:hljs|sourcecode|codehilite|prettyprint)(?=\s|$)", re.IGNORECASE)
_BARE_BOX: Final = compile_later(r"figure highlight |\w+ (?:.*\s)?syntaxhighlighter(?=\s|$)", re.IGNORECASE)
"""Boxes that name the language by a bare word, by tag and class."""
_LANGUAGE: Final = compile_later(r"[A-Za-z][\w+#.-]{0,19}")
_NO_LANGUAGES: Final = frozenset(
    {"none", "plain", "plaintext", "text", "default", "auto", "nohighlight", "notranslate", "wrapper", "container",
     "output", "console-output", "highlight", "hljs", "sourcecode", "codehilite", "prettyprint", "prettyprinted",
     "block", "linenums", "literal-block", "code", "copy", "source", "pre",
     "syntaxhighlighter", "nogutter", "collapsed"}
)  # fmt: skip
_ATTRIBUTES: Final = ("data-lang", "data-language", "data-code-language", "data-enlighter-language", "syntax")
_PARAMETERS: Final = "data-syntaxhighlighter-params"
_BOXES_ABOVE: Final = 3
_CODE_CELL: Final = compile_later(
    r"(?:^|[\s_-])(?:blob-(?:code|line)|code(?:-?line)?|line-?(?:code|content)|lntd|line)(?=[\s_-]|$)", re.IGNORECASE
)
"""Classes of the cells that hold the code beside the numbers of its lines."""
_NUMBER_TEXTS: Final = 12
"""Pieces of text from which on a cell is no number."""
_LINES: Final = compile_later(r"(?:\s*\d{1,6}[ \t]*(?:\n|\Z))+")


def find_language(element: etree._Element) -> str:
    """The programming language that a ``pre``, its ``code`` or a box around it names; ``""`` if none does.

    >>> find_language(etree.fromstring('<pre><code class="language-rust">x</code></pre>'))
    'rust'
    """
    inside = list(islice(element.iterchildren("code", "samp"), 1))
    around = islice(element.iterancestors(), _BOXES_ABOVE)
    for candidate in (*inside, element, *around):
        for language in _read_languages(candidate, candidate is element or candidate in inside):
            if _LANGUAGE.fullmatch(language) and language.lower() not in _NO_LANGUAGES:
                return language
    return ""


def _read_languages(element: etree._Element, is_code: bool) -> Iterator[str]:
    """What may be the language's name, in an element's attributes."""
    yield from filter(None, map(element.get, _ATTRIBUTES))
    if element.tag == "pre" and (language := element.get("lang")) and language.partition("-")[0] not in LANGUAGE_CODES:
        yield language
    name = element.get("class") or ""
    for text in filter(None, (name, element.get(_PARAMETERS))):
        yield from (match[1] for match in _CLASS.finditer(text))
    if _BARE_CLASS.search(name) if is_code else _BARE_BOX.match(f"{element.tag!s} {name}"):
        yield from name.split()


def find_lines_of_table(table: etree._Element) -> list[etree._Element]:
    """The elements that hold the lines of a table of code, none of any other table: they stand in the last cell of each
    row, with nothing but the numbers of lines before it.

    >>> rows = '<tr><td class="blob-num">1</td><td class="blob-code">x = 1</td></tr>'
    >>> [line.text for line in find_lines_of_table(etree.fromstring(f"<table>{rows}</table>"))]
    ['x = 1']
    """
    if next(table.iterchildren("caption"), None) is not None:
        return []
    cells: list[etree._Element] = []
    for row in iterate_rows(table):
        *numbers, cell = [*row.iterchildren(*tags.CELLS)] or [row]
        if cell is not row:
            if not (cells or any(map(_is_named_number, numbers))) or not all(map(_is_number, numbers)):
                return []
            cells.append(cell)
    found = [_find_code(cell) for cell in cells]
    return list(chain.from_iterable(found)) if all(found) else []


def _is_named_number(cell: etree._Element) -> bool:
    """Whether a cell says that it is the number of a line."""
    name = cell.get("class")
    return cell.get("data-line-number") is not None or bool(name and looks.read_class(name) & looks.LINE_NUMBER)


def _is_number(cell: etree._Element) -> bool:
    texts = list(islice(cell.itertext(), _NUMBER_TEXTS))
    is_number = len(texts) < _NUMBER_TEXTS and not "".join(map(str, texts)).strip(" \t\n\xa0\u200b.:+-0123456789")
    return is_number or _is_named_number(cell)


def _find_code(cell: etree._Element) -> list[etree._Element]:
    """What holds the code of a cell that is called a line of code, or holds nothing but code."""
    is_sole = len(cell) == 1 and not f"{cell.text or ''}{cell[0].tail or ''}".strip()
    if is_sole and cell[0].tag in ("code", "pre"):
        return [cell[0]]
    return (list(cell.iter("pre")) or [cell]) if _CODE_CELL.search(cell.get("class") or "") else []


def is_gutter(text: str) -> bool:
    r"""Whether preformatted text is but the numbers of lines, one below the other.

    >>> is_gutter("1\n2\n3\n"), is_gutter("1\n2\n5")
    (True, False)
    """
    if not text[:8].strip()[:1].isdigit() or not _LINES.fullmatch(text):
        return False
    numbers = [int(number) for number in text.split()]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
