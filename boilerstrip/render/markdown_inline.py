"""Inline Markdown: escapes, emphasis, code, links and images (CommonMark 0.31.2, chapters 2.4 and 6)."""

import re
import unicodedata
from collections.abc import Sequence
from html.entities import html5
from typing import Final, NamedTuple

from boilerstrip import tags
from boilerstrip.render.inline import Span

_DELIMITERS: Final = {"emphasis": "*", "strong": "**", "deleted": "~~"}
_DELIMITER: Final = "*"
"""Stands for a neighbouring delimiter where the neighbours of one are judged."""
_SPECIAL: Final = re.compile(r"[\\`*\[\]~|{]|\$(?!\d)|(?<![^\W_])_|_(?![^\W_])")
"""Characters that may mean something wherever they stand, a brace as the attributes of an element; an underscore inside
a word does not, and a dollar sign in front of a digit ends no formula."""
_SIGN_OF_MONEY: Final = re.compile(r"\$(?=\d)")
"""The dollar sign that is left, which begins a formula where the line has another that is one."""
_BARE_NAMES: Final = "|".join(sorted((name for name in html5 if not name.endswith(";")), reverse=True))
_MARKUP: Final = re.compile(rf"<(?![\s\d=-])|&(?=#?\w+;|#[\dxX]|(?:{_BARE_NAMES}))")
"""What may begin an element or a character reference, in HTML and in readers that know those without a semicolon. It is
written as a reference: a backslash is text in an address that GitHub makes a link, and everywhere in Python-Markdown.
"""
_LINE_START: Final = re.compile(r"(\d{1,9})[.)](?:\s|$)|#{1,6}(?:\s|$)|[-+](?:\s|$)|>|[-=:][-=:\s]*$")
"""What would turn a line into a list, a heading, a quotation, a rule or the second line of a table."""
_BACKTICKS: Final = re.compile(r"`+")
_UNSAFE_IN_TARGET: Final = re.compile(r"[\x00-\x20<>()\\|\x7f]")


def escape_text(text: str, *, beside_formula: bool = False) -> str:
    """Text with every character escaped that Markdown could read as markup inside a line.

    :param beside_formula: where a formula stands between dollar signs in the same line.

    >>> print(escape_text("2*3 snake_case [1] <b> 1 < 2 &amp; AT&T"))
    2\\*3 snake_case \\[1\\] &lt;b> 1 < 2 &amp;amp; AT&T
    """
    escaped = _MARKUP.sub(_refer, _SPECIAL.sub(r"\\\g<0>", text))
    return _SIGN_OF_MONEY.sub(r"\\$", escaped) if beside_formula else escaped


def _refer(match: re.Match[str]) -> str:
    return "&lt;" if match[0] == "<" else "&amp;"


def escape_line_start(line: str) -> str:
    """A line whose start is escaped where it would be read as something else.

    >>> print(escape_line_start("1. Januar"), escape_line_start("- no"), escape_line_start("-5"))
    1\\. Januar \\- no -5
    """
    match = _LINE_START.match(line)
    if match is None:
        return line
    digits = match.end(1) if match[1] else 0
    return f"{line[:digits]}\\{line[digits:]}"


class _Place(NamedTuple):
    """Where spans stand, which decides what has to be escaped."""

    in_cell: bool
    """Inside a table, where a pipe in code needs an escape."""
    beside_formula: bool


def write_inline(spans: Sequence[Span], *, in_cell: bool = False) -> str:
    """Spans as inline Markdown (CommonMark, 2.4 and 6); a line break in the text stays one."""
    return _write_spans(spans, _Place(in_cell, _hold_formula(spans)))


def _hold_formula(spans: Sequence[Span]) -> bool:
    return any(span.kind == "formula" or _hold_formula(span.children) for span in spans)


def _write_spans(spans: Sequence[Span], place: _Place, before: str = " ", after: str = " ") -> str:
    """Spans between the character in front of the first one and the one behind the last, which decide whether emphasis
    works there."""
    written: list[str] = []
    for index, span in enumerate(spans):
        left = _last_character(spans[index - 1], written[-1]) if index else before
        right = _first_character(spans[index + 1]) if index + 1 < len(spans) else after
        if span.kind == "link" and written and written[-1].endswith("!"):
            written[-1] = written[-1][:-1] + "\\!"
        written.append(_write_span(span, place, left, right))
    return "".join(written)


def _last_character(span: Span, written: str) -> str:
    return _DELIMITER if span.kind in _DELIMITERS else written[-1]


def _first_character(span: Span) -> str:
    """What follows a delimiter if this span comes next; all markup but text begins with punctuation."""
    if span.kind in _DELIMITERS:
        return _DELIMITER
    return escape_text(span.text)[0] if span.kind == "text" else "<"


def _write_span(span: Span, place: _Place, before: str, after: str) -> str:
    if span.kind == "text":
        return escape_text(span.text, beside_formula=place.beside_formula)
    if span.kind == "code":
        return write_code(_read_text(span), in_cell=place.in_cell)
    if span.kind == "formula":
        formula = _read_text(span)
        return formula.replace("|", "\\|") if place.in_cell else formula
    if span.kind in ("superscript", "reference") and span.target:
        return f"[^{_read_text(span).strip('[]()')}]"
    if span.kind == "image":
        return f"![{escape_text(' '.join(span.text.split()))}]({_write_target(span.target)})"
    if span.kind == "link":
        return f"[{_write_spans(span.children, place, '[', ']')}]({_write_target(span.target)})"
    return _write_emphasis(span, place, before, after)


def _write_emphasis(span: Span, place: _Place, before: str, after: str) -> str:
    """Delimiters where they work, or else the element itself, which CommonMark lets stand inside a line."""
    delimiter = _DELIMITERS.get(span.kind)
    if delimiter:
        inner = _write_spans(span.children, place, _DELIMITER, _DELIMITER)
        if _flanks(before, inner[0]) and _flanks(after, inner[-1]):
            return f"{delimiter}{inner}{delimiter}"
    element = tags.MARK_ELEMENTS[span.kind]
    return f"<{element}>{_write_spans(span.children, place, '>', '<')}</{element}>"


def _flanks(outside: str, inside: str) -> bool:
    """Whether a delimiter between the two opens or closes emphasis, in every version of the specification.

    Beside a word character it does; beside punctuation only if there is white space or punctuation on the other side.
    One delimiter right beside another is left to nobody's reading.

    >>> _flanks("a", "b"), _flanks("a", '"'), _flanks(" ", '"')
    (True, False, True)
    """
    if outside == _DELIMITER or inside.isspace():
        return False
    return unicodedata.category(inside)[0] in "LNM" or outside.isspace() or unicodedata.category(outside)[0] == "P"


def _read_text(span: Span) -> str:
    return span.text + "".join(_read_text(child) for child in span.children if child.kind != "image")


def write_fence(text: str, least: int) -> str:
    """More backticks in a row than the text contains."""
    return "`" * max([least, *(len(run) + 1 for run in _BACKTICKS.findall(text))])


def write_code(text: str, *, in_cell: bool = False) -> str:
    """A code span.

    A bracket and a colon in the code of a link's text would end the label of a link reference definition, which is read
    before code spans are: then it is the element.

    >>> write_code("a`b"), write_code("`"), write_code("a|b", in_cell=True)
    ('``a`b``', '`` ` ``', '`a\\\\|b`')
    """
    text = text.replace("\n", " ")
    if "]:" in text:
        return f"<code>{escape_text(text)}</code>"
    fence = write_fence(text, 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text.replace('|', chr(92) + '|') if in_cell else text}{padding}{fence}"


def _write_target(target: str) -> str:
    """An address as a link's destination, characters that would end it percent-encoded.

    >>> _write_target("https://example.org/a_(b)?c=1&d=2")
    'https://example.org/a_%28b%29?c=1&d=2'
    """
    encoded = _UNSAFE_IN_TARGET.sub(lambda match: f"%{ord(match[0]):02X}", target)
    return _MARKUP.sub(_refer, encoded)
