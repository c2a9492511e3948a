"""Inline markup: the marks of a block as a tree over its text, with addresses that are safe to follow."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urljoin

from boilerstrip import tags
from boilerstrip.blocks import Block
from boilerstrip.page import Mark

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_STRIPPED: Final = "".join(map(chr, range(33)))
"""Control characters and blanks, which browsers remove around an address."""
_IGNORED: Final = str.maketrans("", "", "\t\n\r")
"""What browsers remove inside one."""

_LIVE: Final = re.compile(r"<(?=[A-Za-z/!?])|\](?=[(\[:])")
"""What in a formula would begin an element or a link to a reader of Markdown that knows none; with a blank behind it,
it says the same in LaTeX."""
GIVES_ATTRIBUTES: Final = r"\{[^{}\n]*\b(?:on[a-z]+|style|href|src)\s*="
"""What gives an element attributes in Python-Markdown; no formula. No brace is looked for from another one."""
_ATTRIBUTES: Final = re.compile(GIVES_ATTRIBUTES, re.IGNORECASE)

_AROUND_BLOCKS: Final = re.compile(r"/(b|strong|i|em|del|s|strike)(?=[\[/])")


@dataclass(slots=True)
class Span:
    """A run of text, or inline markup around such runs."""

    kind: str
    """``text`` or a kind of :class:`boilerstrip.page.Mark`."""
    text: str = ""
    """Of a ``text`` span; of an image its description."""
    target: str = ""
    """Address of a link or an image; the note that a mark leads to."""
    children: list["Span"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which inline markup is shown, and the address that relative ones are resolved against."""

    url: str | None = None
    links: bool = False
    images: bool = False
    notes: frozenset[str] = frozenset()
    """Notes that are shown, by the names that their marks lead to."""


def keep_rules(blocks: Iterable[Block]) -> Iterator[Block]:
    """Kept blocks, with the rules above those alone that follow right behind another one."""
    last = -1
    for block in blocks:
        if last + 1 != block.index and any(mark.kind == "rule" for mark in block.marks):
            block = replace(block, marks=tuple(mark for mark in block.marks if mark.kind != "rule"))
        yield block
        last = block.index


def mark_whole(block: Block) -> Block:
    """The block, marked as a whole where the elements around it that draw a mark stand around blocks.

    A parser closes ``b`` and ``i`` before a ``p``, so that those are seen around other boxes alone.

    >>> block = Block("no", True, 1.0, None, "paragraph", "p", "/body[1]/del[1]/p[2]", None, (), 0, ())
    >>> mark_whole(block).marks
    (Mark(start=0, end=2, kind='deleted', target='', label=''),)
    """
    drawn = {tags.INLINE_MARKS[tag] for tag in _AROUND_BLOCKS.findall(block.path or "")}
    if not drawn or block.role in ("heading", "code"):
        return block
    return replace(block, marks=(*block.marks, *(Mark(0, len(block.text), kind) for kind in sorted(drawn))))


def build_leaf(block: Block, shown: Shown) -> tuple[list[Span], list[Span]]:
    """The images in front of a block's text, as those of a figure without text are, and the text with its markup."""
    images, others = list[Mark](), list[Mark]()
    for mark in block.marks:
        (images if mark.kind == "image" and mark.end == 0 else others).append(mark)
    return build_spans("", images, shown), build_spans(block.text, others, shown)


def build_spans(text: str, marks: Sequence[Mark], shown: Shown) -> list[Span]:
    """The text with its markup as a tree: properly nested, no markup twice inside itself, none around blanks.

    >>> [span.kind for span in build_spans("so it is", (Mark(3, 5, "strong"),), Shown())]
    ['text', 'strong', 'text']
    """
    text, marks = show_marks(text, marks)
    root = Span("")
    open_spans = [(len(text), root)]
    position = 0
    for mark, target in _select_marks(text, marks, shown):
        position = _close_spans(text, position, mark.start, open_spans)
        end, parent = open_spans[-1]
        _add_text(parent, text[position : mark.start])
        position = max(position, mark.start)
        if mark.kind == "image":
            # The text has one space where the page has one on either side of the image, and none at its end.
            is_apart = mark.start > 0 and (mark.start >= len(text) or text[mark.start].isspace())
            _add_text(parent, " " if is_apart else "")
            parent.children.append(Span("image", mark.label, target))
        elif mark.kind not in {span.kind for _, span in open_spans} or _is_raised_again(mark, parent):
            open_spans.append((min(end, mark.end), _add_span(parent, Span(mark.kind, target=target))))
    position = _close_spans(text, position, len(text) + 1, open_spans)
    _add_text(root, text[position:])
    return root.children


def _is_raised_again(mark: Mark, parent: Span) -> bool:
    """Whether a superscript is that of one: the exponent of an exponent."""
    return mark.kind == parent.kind == "superscript" and bool(parent.children)


def show_marks(text: str, marks: Sequence[Mark]) -> tuple[str, Sequence[Mark]]:
    r"""Text and marks as formats with markup have them: without the signs that set superscripts apart in plain text,
    with the LaTeX that marks of formulas say.

    >>> show_marks("10^6 m", (Mark(2, 4, "superscript", "", "^"),))
    ('106 m', (Mark(start=2, end=3, kind='superscript', target='', label='^'),))
    >>> show_marks("so a/b", (Mark(3, 6, "formula", "", r"$\frac{a}{b}$"),))[0]
    'so $\\frac{a}{b}$'
    """
    marks = [mark for mark in marks if mark.kind != "formula" or not _ATTRIBUTES.search(_read_formula(text, mark))]
    changes = sorted({change for mark in marks for change in _find_changes(text, mark)})
    if not changes:
        return text, marks
    pieces, ends, moves, last = list[str](), list[int](), [0], 0
    for start, end, shown in changes:
        if start >= last:
            pieces += text[last:start], shown
            ends.append(end)
            moves.append(moves[-1] + len(shown) - (end - start))
            last = end

    def move(place: int) -> int:
        return place + moves[bisect_right(ends, place)]

    moved = tuple(mark._replace(start=move(mark.start), end=move(mark.end)) for mark in marks)
    return "".join(pieces) + text[last:], moved


def _find_changes(text: str, mark: Mark) -> Iterator[tuple[int, int, str]]:
    """Start, end and new text of what a mark shows otherwise than plain text has it."""
    if mark.kind == "superscript":
        opening = mark.label[: max(len(mark.label) - 1, 1)]
        for place, sign in ((mark.start, opening), (mark.end - 1, mark.label[len(opening) :])):
            if sign and text.startswith(sign, place):
                yield place, place + len(sign), ""
    elif mark.kind == "formula":
        shown = _LIVE.sub(r"\g<0> ", _read_formula(text, mark).replace("`", "'"))
        if shown != text[mark.start : mark.end]:
            yield mark.start, mark.end, shown


def _read_formula(text: str, mark: Mark) -> str:
    return mark.label or text[mark.start : mark.end]


def _select_marks(text: str, marks: Sequence[Mark], shown: Shown) -> list[tuple[Mark, str]]:
    """The marks to be shown, outer before inner, each with the address it gets."""
    selected = []
    for mark in (_trim(text, mark) for mark in marks):
        if mark.start == mark.end and mark.kind != "image":
            continue
        target = _find_target(mark, shown)
        if target or mark.kind in tags.MARK_ELEMENTS or mark.kind == "formula":
            selected.append((mark, target))
    return sorted(selected, key=lambda pair: (pair[0].start, -pair[0].end))


def _find_target(mark: Mark, shown: Shown) -> str:
    """Where a link, an image or the mark of a note leads; ``""`` if that is not shown, as a note's links back are not.

    >>> _find_target(Mark(0, 1, "link", "/about"), Shown("https://example.org/news/1", links=True))
    'https://example.org/about'
    """
    if mark.kind == "link" and mark.target and shown.links and mark.target.partition("#")[2] not in shown.notes:
        return _resolve(mark.target, shown.url, tags.LINK_SCHEMES)
    if mark.kind == "image" and shown.images and mark.target:  # an empty address is the page's own, which is no picture
        return _resolve(mark.target, shown.url, tags.IMAGE_SCHEMES)
    return mark.target if mark.kind in ("superscript", "reference") and mark.target in shown.notes else ""


def _resolve(target: str, url: str | None, schemes: frozenset[str]) -> str:
    """The address as clean output may have it; ``""`` if its scheme is not allowed.

    Follows what browsers do with an address before they read its scheme (URL Living Standard, 4.4).

    >>> _resolve(" java\\nscript:alert(1)", None, tags.LINK_SCHEMES)
    ''
    """
    address = target.strip(_STRIPPED).translate(_IGNORED)
    if url and not _SCHEME.match(address):
        try:
            address = urljoin(url, address)
        except ValueError:
            return ""
    # A colon before the first slash, question or number sign makes a scheme; relative addresses have none.
    scheme, colon, _ = re.split(r"[/?#\\]", address, maxsplit=1)[0].partition(":")
    return address if not colon or scheme.lower() in schemes else ""


def _trim(text: str, mark: Mark) -> Mark:
    """The mark within the text, without the white space at its edges."""
    start, end = max(0, min(mark.start, len(text))), max(0, min(mark.end, len(text)))
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return mark._replace(start=start, end=max(start, end))


def _close_spans(text: str, position: int, until: int, open_spans: list[tuple[int, Span]]) -> int:
    """Close the spans that end at or before ``until``, with the text they still get; returns where the text stands."""
    while len(open_spans) > 1 and open_spans[-1][0] <= until:
        end, span = open_spans.pop()
        _add_text(span, text[position:end])
        position = max(position, end)
    return position


def _add_text(parent: Span, text: str) -> None:
    if not text:
        return
    if parent.children and parent.children[-1].kind == "text":
        parent.children[-1].text += text
    else:
        parent.children.append(Span("text", text))


def _add_span(parent: Span, span: Span) -> Span:
    """Add markup, or go on with the one just closed if it is the same: ``<b>a</b><b>b</b>`` is one."""
    last = parent.children[-1] if parent.children else None
    if last is not None and last.kind == span.kind and last.target == span.target:
        return last
    parent.children.append(span)
    return span
