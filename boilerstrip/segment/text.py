r"""Plain text to blocks: a line each, or a paragraph where lines are hard-wrapped, with its offsets in the source.

Whether lines are wrapped is told from each run of lines by itself and from the lines without their indentation, so that
the story of a cleaned text falls into the same blocks again.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice, pairwise, takewhile
from typing import Final, NamedTuple

from boilerstrip._core import load_part
from boilerstrip.limits import MOST_LINES, UNLIMITED, Limits
from boilerstrip.page import Page
from boilerstrip.patterns import compile_later
from boilerstrip.segment.indentation import LINE_ENDS, count_columns, move_left, read_indentation

MIN_WRAP_COLUMN: Final = 50
MAX_WRAP_COLUMN: Final = 100
"""Texts are wrapped at 60 to 99 columns (mail, RFC 2646, Project Gutenberg, editors); verse and menus are narrower."""
RAGGED_SHARE: Final = 0.1
"""How much of the wrap column may stay empty though the next word fits: ``fmt`` aims at 93 % of the width."""
WRAPPED_SHARE: Final = 0.95
"""Share of lines within the wrap column; the rest are long addresses and slips."""

_SINGLE_LINE_ENDS: Final = frozenset({"\r\n", *LINE_ENDS})
_PLAIN_GAPS: Final = frozenset({"\n", "\n\n"})
_AFTER_MARK: Final = compile_later(r"[^\s\ufeff]")
_LINE: Final = compile_later(rf"[^{LINE_ENDS}]+")
_BLANK_LINE: Final = compile_later(rf"(?:\r\n|\r(?!\n)|[\n\v\f\u2028\u2029])[^\S{LINE_ENDS}]*[{LINE_ENDS}]")

_SEPARATOR: Final = compile_later(
    r"[\s_\-–—―=*•·∙●○◦▪■□◆◇★☆~#+|/\\<>«»‹›.…:^・･＊＝＿－～\u2500-\u257f\u00ad\u200b-\u200f\u2060\ufeff]+"
)
_ORNAMENT_STARTS: Final = frozenset({"o ", "O ", "x ", "X "})
_ORNAMENT: Final = compile_later(r"[oOxX](?: [oOxX]){2,}|[§¶†‡❧❦☙⁂※→←↑↓×✕✖✗\[\]](?:\s*[§¶†‡❧❦☙⁂※→←↑↓×✕✖✗\[\]])*")
"""Ornaments: ``o o o``, or printers' flowers, arrows and crosses without a letter or a digit."""
_HEADING: Final = compile_later(r"#{1,6}\s+\S")
_UNDERLINE: Final = compile_later(r"={3,}")
_LIST_ITEM: Final = compile_later(r"(?:[-*+•‣▪◦·●○■]|\d{1,3}[.)])\s+\S")
_QUOTE: Final = compile_later(r"(?:>\s*)+")
_CELLS: Final = compile_later(r"\s\|\s")
_FENCE: Final = compile_later(r"```[^`]*")
_FENCE_END: Final = compile_later(r"```+")
_HANGING: Final = 2
"""Columns from which on a line is set in from another one: the text of an item stands two behind its bullet."""
_ADDRESS: Final = compile_later(r"(?:https?://|www\.)[^\s<>\"]+")

_WIDE: Final = r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
_SENTENCE_ENDS: Final = frozenset(".!?:;…。！？：；؟।")
_AFTER_SENTENCE: Final = "\"'”’»)]」』"
_OPEN_END: Final = compile_later(r"(?:[-–(\[/]|(?:\A|\s)[^\W\d_A-Z]{1,2})\Z")
"""What neither a headline nor a verse ends with: a hyphen, an opening bracket or a word as short as "of"."""
_OPEN_END_LENGTH: Final = 3

_LINES_SHARE: Final = 0.3
"""Of a text's time, what reading its lines may take: a quarter of that is needed to join them, the rest to measure."""

_CONTINUATIONS: Final = frozenset({("paragraph", "paragraph"), ("list_item", "paragraph"), ("quote", "quote")})


class Line(NamedTuple):
    """A line that is not blank, without the white space around it."""

    text: str
    start: int
    end: int
    role: str
    after_blank: bool
    column: int
    """Of its first character."""


class TextBlock(NamedTuple):
    """``source[start:end]`` and its role."""

    start: int
    end: int
    role: str


def segment_text(text: str, limits: Limits = UNLIMITED) -> Page:
    r"""Cut a plain text into blocks, as far as the limits allow.

    A block is a line, stripped; or several where a paragraph is hard-wrapped; or code between fences. Roles are those
    of Markdown: heading, list item, quote, code, separator (a line of ``_``, ``----``, ``* * *``, ``•`` …), paragraph.

    >>> page = segment_text("____\n\n# News\r\n  The story.\n- one\n- two\n")
    >>> list(zip(page.texts, page.roles, page.spans))
    [('____', 'separator', (0, 4)), ('# News', 'heading', (6, 12)), ('The story.', 'paragraph', (16, 26)),
     ('- one', 'list_item', (27, 32)), ('- two', 'list_item', (33, 38))]
    """
    compiled, most = load_part("lines").module, limits.most_blocks
    cut = compiled.cut if compiled else cut_interpreted
    texts, roles, spans, is_cut = cut(text, limits.part(_LINES_SHARE), most + 1)
    if is_cut and len(texts) > 1:
        most = min(most, len(texts) - 1)  # more lines may belong to the last
    count = min(len(texts), most)
    return Page(
        kind="text",
        texts=texts[:count],
        tags=[""] * count,
        roles=roles[:count],
        link_characters=_count_address_characters(text, texts[:count]),
        spans=spans[:count],
        marks=[()] * count,
        truncated=is_cut or count < len(texts),
    )


def cut_interpreted(text: str, limits: Limits, most: int) -> tuple[list[str], list[str], list[tuple[int, int]], bool]:
    """Texts, roles and spans of the first ``most`` blocks, and whether there are more lines than the limits allow."""
    lines, is_cut = _read_lines(text, limits)
    blocks = list(islice(_find_blocks(_mark_underlined(lines)), most))
    texts = [text[block.start : block.end] for block in blocks]
    return texts, [block.role for block in blocks], [(block.start, block.end) for block in blocks], is_cut


def join_text_blocks(source: str, spans: Sequence[tuple[int, int]]) -> str:
    r"""The blocks of a text with ``\n`` between them, or a blank line where the source has one between them.

    A line that is indented below its neighbour stays so, as in code and verse; a whole stretch is moved to the left.

    >>> join_text_blocks("one\r\ntwo\n \nthree\n\n____\nfour", [(0, 3), (5, 8), (11, 16), (23, 27)])
    'one\ntwo\n\nthree\n\nfour'
    >>> join_text_blocks("  if it:\n    go", [(2, 8), (13, 15)])
    'if it:\n  go'
    """
    gaps = [source[end:start].lstrip(" ") for (_, end), (start, _) in pairwise(spans)]
    if _PLAIN_GAPS.issuperset(gaps):  # as nearly always
        texts = [source[start:end] for start, end in spans]
        return "".join(chain.from_iterable(zip(texts, (*gaps, ""), strict=False)))
    parts: list[str] = []
    previous, margin = 0, ""
    for start, end in spans:
        indentation = read_indentation(source, start)
        is_apart = _BLANK_LINE.search(source, previous, start) is not None
        is_first = not parts or is_apart or source[previous:start].strip() != ""
        lines = source[start:end].split("\n")
        inner = [line[: len(line) - len(line.lstrip())] for line in lines[1:] if line]
        margin = indentation if is_first else margin
        # What is set in from the lines of a paragraph stays so, and what does not hang from a bullet.
        if is_first or not _LIST_ITEM.match(parts[-1]):
            margin = min([margin, *inner], key=count_columns)
        if parts:
            parts.append("\n\n" if is_apart else "\n" + move_left(indentation, margin))
        parts.append(source[start:end])
        margin, previous = min([margin, indentation, *inner], key=count_columns), end
    return "".join(parts)


def _read_lines(text: str, limits: Limits) -> tuple[list[Line], bool]:
    """The lines, and whether there are more than the limits allow."""
    lines: list[Line] = []
    previous = 0
    first = _AFTER_MARK.search(text)
    for match in _LINE.finditer(text, first.start() if first else len(text)):
        line, (begin, end) = match[0], match.span()
        stripped = line.strip()
        if not stripped:
            continue
        if limits.stops(len(lines), MOST_LINES):
            return lines, True
        start = begin + line.index(stripped[0])
        after_blank = not lines or text[previous:begin] not in _SINGLE_LINE_ENDS
        column = count_columns(read_indentation(text, start))
        lines.append(Line(stripped, start, start + len(stripped), _find_role(stripped), after_blank, column))
        previous = end
    return lines, False


def is_separator(text: str) -> bool:
    """Whether a block is a line of signs that only sets other blocks apart.

    >>> [is_separator(text) for text in ("_____", "* * *", "o o o", "❧ ❧", "Oh.", "1,200 %")]
    [True, True, True, True, False, False]
    """
    return _SEPARATOR.fullmatch(text) is not None or _ORNAMENT.fullmatch(text) is not None


def _find_role(line: str) -> str:
    if line[0].isalpha() and line[:2] not in _ORNAMENT_STARTS:
        return "paragraph"
    if not line[0].isdigit() and is_separator(line):
        return "separator"
    if line[0] == "#" and _HEADING.match(line):
        return "heading"
    if _LIST_ITEM.match(line):
        return "list_item"
    return "quote" if line.startswith(">") else "paragraph"


def _mark_underlined(lines: list[Line]) -> list[Line]:
    """Lines with the role of headings where a line of ``===`` follows and no paragraph runs into them."""
    for number, (line, below) in enumerate(pairwise(lines)):
        is_underlined = _UNDERLINE.fullmatch(below.text) is not None and not below.after_blank
        is_alone = line.after_blank or lines[number - 1].role != "paragraph"
        if is_underlined and is_alone and line.role == "paragraph" and len(line.text) <= MAX_WRAP_COLUMN:
            lines[number] = line._replace(role="heading")
    return lines


def _find_blocks(lines: Sequence[Line]) -> Iterator[TextBlock]:
    done = 0
    for first, last in _find_fences(lines):
        yield from _find_paragraphs(lines[done:first])
        yield TextBlock(lines[first].start, lines[last].end, "code")
        done = last + 1
    yield from _find_paragraphs(lines[done:])


def _find_fences(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """First and last line of each fenced piece of code; a fence that is never closed is none."""
    ends = [number for number, line in enumerate(lines) if _FENCE_END.fullmatch(line.text)]
    last = -1
    for number, line in enumerate(lines):
        following = bisect_right(ends, number)
        if following == len(ends):
            return
        if number > last and _FENCE.fullmatch(line.text):
            last = ends[following]
            yield number, last


def _find_paragraphs(lines: Sequence[Line]) -> Iterator[TextBlock]:
    for stretch in _split(lines, _may_continue):
        own = _count_item_lines(stretch)
        for paragraph in (stretch[:own], *_unwrap(stretch[own:])) if own else _unwrap(stretch):
            yield TextBlock(paragraph[0].start, paragraph[-1].end, paragraph[0].role)


def _split(lines: Iterable[Line], belong_together: Callable[[Line, Line], bool]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and not belong_together(group[-1], line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _may_continue(above: Line, line: Line) -> bool:
    """Whether two lines could be parts of one paragraph, list item or quote, by their form."""
    if line.after_blank or (above.role, line.role) not in _CONTINUATIONS:
        return False
    return not _is_tabular(above.text) and not _is_tabular(line.text)


def _is_tabular(text: str) -> bool:
    """Whether a line sets its parts apart as a table does."""
    return "\t" in text or "    " in text or ("|" in text and _CELLS.search(text) is not None)


def _count_item_lines(stretch: Sequence[Line]) -> int:
    """Lines of the item that a stretch begins with, if those below its bullet hang from it; else none."""
    item, *others = stretch
    hanging = list(takewhile(lambda line: line.column >= item.column + _HANGING, others))
    return 1 + len(hanging) if hanging and item.role == "list_item" else 0


def _find_set_in(stretch: Sequence[Line]) -> set[int]:
    """Starts of the lines that begin a paragraph by being set in from two lines, neither of them the first, at the end
    of a sentence. What hangs from the first line of an entry is set in from that alone."""
    return {
        line.start
        for upper, above, line in zip(stretch[1:], stretch[2:], stretch[3:], strict=False)
        if upper.column == above.column <= line.column - _HANGING and ends_sentence(above.text)
    }


def _unwrap(stretch: list[Line]) -> list[list[Line]]:
    """Join the lines that were broken because the next word did not fit; what was not is left as it is."""
    widths = {line.start: measure_width(line.text) for line in stretch}
    narrow = [width for width in widths.values() if width <= MAX_WRAP_COLUMN]
    column = max(narrow, default=0)
    if column < MIN_WRAP_COLUMN or len(narrow) < len(stretch) * WRAPPED_SHARE:
        return [[line] for line in stretch]
    set_in = _find_set_in(stretch)

    def was_broken(above: Line, line: Line) -> bool:
        if line.start in set_in or max(widths[above.start], widths[line.start]) > column:
            return False
        # After a full stop a new paragraph may begin, so that a line which had room for the next word was its end.
        begins_anew = ends_sentence(above.text) and not line.text[:1].islower()
        free = column - widths[above.start] - 1
        return _measure_first_word(line) > free - (0 if begins_anew else column * RAGGED_SHARE)

    groups = list(_split(stretch, was_broken))
    return [part for group in groups for part in ([group] if _reads_on(group) else [[line] for line in group])]


def _reads_on(group: Sequence[Line]) -> bool:
    """Whether the lines continue sentences. Verse and headlines begin anew, list items end in full stops.

    The more lines break where the next word did not fit, the fewer need to say so in words: names begin lines too.
    """
    breaks = len(group) - 1
    ended = sum(ends_sentence(line.text) for line in group[:-1])
    continued = sum(_continues(above, line, breaks) for above, line in pairwise(group))
    return ended * 2 <= breaks <= continued * min(breaks + 1, 4)


def _continues(above: Line, line: Line, breaks: int) -> bool:
    text = _strip_quote(line.text)
    if _ADDRESS.match(text):
        return False
    if text[:1].islower() or _OPEN_END.search(above.text, max(len(above.text) - _OPEN_END_LENGTH, 0)):
        return True
    return breaks > 1 and text[:1].isalpha() and not text[:1].isupper()


def _strip_quote(line: str) -> str:
    return _QUOTE.sub("", line, count=1) if line.startswith(">") else line


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does, quotation marks and brackets aside."""
    return text.rstrip(_AFTER_SENTENCE)[-1:] in _SENTENCE_ENDS


def measure_width(text: str) -> int:
    """Columns in a fixed-width font, where a Chinese, Japanese or Korean character takes two.

    >>> measure_width("story"), measure_width("物語")
    (5, 4)
    """
    if text.isascii() or len(text) > MAX_WRAP_COLUMN:
        return len(text)
    return len(text) + len(_compile(_WIDE).findall(text))


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    """A pattern of thousands of characters, when a text needs it: that takes longer than a text."""
    return re.compile(pattern)


def _measure_first_word(line: Line) -> int:
    """What would have had to fit on the line above: a word, or one character where words are not spaced."""
    text = _strip_quote(line.text)
    return 2 if not text.isascii() and _compile(_WIDE).match(text) else len(text.split(maxsplit=1)[0]) if text else 0


def _count_address_characters(source: str, texts: Sequence[str]) -> list[int]:
    """Characters of web addresses in each block, which plain text has instead of links."""
    if "://" not in source and "www." not in source:
        return [0] * len(texts)
    return [sum(match.end() - match.start() for match in _ADDRESS.finditer(text)) for text in texts]
