"""What a page's author says of an element in its attributes that changes how it is read: hidden, a formula, a line
number."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.patterns import compile_later
from boilerstrip.segment.deeds import holds_block, is_block

UNSEEN, FORMULA, LINE_NUMBER, EDIT_LINK, EMOJI = 1, 2, 4, 8, 16
"""What a class says of its element; several add up."""

DELIMITED = 128
"""That LaTeX stands in the element between delimiters, for a script to draw."""

CONCEALED, UNSAID = 32, 64
"""What other attributes say: hidden by style or attribute; kept from screen readers."""

OWN_LINE, KEPT_BREAKS, COLLAPSED = 256, 512, 1024
"""What a style says of the layout: an inline element has its lines to itself, as a block has; line breaks of the source
are line breaks; they are not."""

ICON = 2048
"""That the text of the element may be the name of a picture, which a font draws."""

LAYOUT = CONCEALED | OWN_LINE
"""What a class says of the layout of an inline element."""

_UTILITY = 4096
"""That a class is one of those that set ``display``."""

_FAR: Final = r"-(?:9{3,}|[1-9]\d*000)(?:\.\d+)?(?:px|r?em|ex|pt|%|v[wh])"
"""A way off the screen, by the numbers that are written for it; slides wait nearer, and not at round numbers."""
_NOTHING: Final = r"\s*:\s*[01](?:px)?\s*(?:;|!|$)"
_STYLES: Final = (
    (CONCEALED, compile_later(r".*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE | re.DOTALL)),
    (UNSEEN, compile_later(
        rf"(?=.*position\s*:\s*(?:absolute|fixed|relative)).*(?<![-\w])(?:left|top|right|bottom)\s*:\s*{_FAR}"
        rf"|(?=.*(?<![-\w])width{_NOTHING})(?=.*(?<![-\w])height{_NOTHING}).*overflow\s*:\s*hidden"
        rf"|.*text-indent\s*:\s*{_FAR}"
        r"|.*(?<!-)clip\s*:\s*rect\(\s*([01])(?:px|em)?(?:[\s,]+\1(?:px|em)?){3}\s*\)"
        r"|.*clip-path\s*:\s*inset\(\s*(?:50|100)%\s*\)", re.IGNORECASE | re.DOTALL
    )),
    (OWN_LINE, compile_later(
        r"(?!.*(?:float\s*:\s*(?:left|right)|position\s*:\s*(?:absolute|fixed)))(?:.*[;\s])?"
        r"display\s*:\s*(?:block|flex|grid|flow-root|table(?:-row)?|list-item)\s*(?:;|!|$)", re.IGNORECASE | re.DOTALL
    )),
    (KEPT_BREAKS, compile_later(
        r"(?:.*[;\s])?white-space\s*:\s*(?:pre(?:-line|-wrap)?|break-spaces)\s*(?:;|!|$)", re.IGNORECASE | re.DOTALL
    )),
    (COLLAPSED, compile_later(
        r"(?:.*[;\s])?white-space\s*:\s*(?:normal|nowrap|initial)\s*(?:;|!|$)", re.IGNORECASE | re.DOTALL
    )),
    (LINE_NUMBER, compile_later(r"(?:.*[;\s])?(?:-\w+-)?user-select\s*:\s*none", re.IGNORECASE | re.DOTALL)),
)  # fmt: skip
"""What a ``style`` says of its element: what a script may show again; what is moved or cut off the screen, which is
there for screen readers or for nobody; a line of its own; a number that nobody copies. Transparent text is none of
these, as stories fade in."""
HIDING_PIECES: Final = (
    "none", "hidden", "rect(", "inset(", "999", "000p", "000e", "000r", "000%", "000v", "000."
)  # fmt: skip
"""What every style that hides has one of."""
BREAKING_PIECES: Final = ("white-space",)
LAYOUT_PIECES: Final = ("display", "user-select", *BREAKING_PIECES)
"""What every style has one of that says something of line breaks, or of how an inline element is laid out."""

_BREAKPOINTS: Final = (None, "sm", "md", "lg", "xl")
"""Widths of the screen, up to a desktop's, from which on a utility class may hold."""
_DISPLAY: Final = compile_later(
    r"^(?:d-(?:(sm|md|lg|xl)-)?|(?:(sm|md|lg|xl):)?(?!none))"
    r"(hidden|none|block|flex|grid|inline(?:-\w+)?|contents|table(?:-\w+)*|revert)$"
)
"""A class of Bootstrap or Tailwind that sets ``display``, from some width on or at all."""
_UTILITY_BESIDE: Final = compile_later(
    r"(?:sm|md|lg|xl|2xl|print|dark|(?:group-)?(?:hover|focus)):|-?(?:[mp][xytrblse]?|gap|space-[xy]|[whz])-(?:\d|px|auto|full)"
    r"|(?:text|font|items|justify)-(?:xs|sm|base|lg|\d?xl|[a-z]+-\d00|center|start|between|medium|(?:semi)?bold)(?!\S)"
)
"""A class of theirs beside which a word of the language, such as ``hidden``, is one of theirs, too."""
_COLUMN: Final = compile_later(r"flex-(?:\w+-)?col(?:umn)?(?:-reverse)?(?!\S)")
_OUT_OF_LINE: Final = frozenset(
    {"absolute", "fixed", "position-absolute", "float-left", "float-right", "float-start", "float-end"}
)
_LAYOUT_OF_DISPLAY: Final = {
    **dict.fromkeys(("hidden", "none"), CONCEALED), **dict.fromkeys(("block", "flex", "grid"), OWN_LINE)
}  # fmt: skip

_CLASSES: Final = (
    (UNSEEN, compile_later(
        r"(?<!not-)(?:sr[-_]only|visually-?hidden|hidden-visually|hid(?:e|den)-accessible|show-for-sr|element-invisible"
        r"|screen-?reader(?:-(?:text|only))?(?=[\s_]|$)|off-?screen|a11y-hidden|assistive-text)"
        r"|(?:^|\s)(?:(?:mobile-)?tooltip[-_]*(?:text|content|inner|bubble)|pagenum)(?=\s|$)"
    )),
    (FORMULA, compile_later(
        r"(?:^|\s)(?:katex(?:-display)?|mathjax(?:_\w+)?|mjx-chtml|mwe-math-element|math-tex|ql-formula)(?=\s|$)"
    )),
    (LINE_NUMBER, compile_later(
        r"(?:^|[\s_-])(?:line-?no|line-?nos|line-?num|line-?numbers?|line-numbers-rows|blob-num|ln-num|lnt?|gutter)(?=[\s_-]|$)"
    )),
    (EDIT_LINK, compile_later(r"(?:^|[\s-])(?:editsection|cite-backlink)(?=\s|$)")),
    (EMOJI, compile_later(r"emoji|smiley|emoticon")),
    (ICON, compile_later(r"^(?:mat-icon|material-(?:icons|symbols)(?:-\w+)*)$")),
    (CONCEALED, compile_later(r"^(?:print-only|visible-(?:print|xs)(?:-\w+)*)$")),
    (_UTILITY, _DISPLAY),
    (DELIMITED, compile_later(r"(?:^|\s)(?:math(?:-container|-inline|-display|jax-tex)?|arithmatex)(?=\s|$)")),
)  # fmt: skip
CLASS_PIECES: Final = (
    "sr-only", "sr_only", "accessible", "hidden", "screen", "-sr", "invisible", "a11y", "assist", "tooltip", "katex",
    "math", "mjx", "mwe-", "arithmatex", "ql-f", "linen", "line-n", "num", "ln", "gutter", "editsection", "cite-b",
    "emoji", "smiley", "emoticon", "-none", "print", "visible-xs", "block", "flex", "grid", "mat-icon", "material-",
)  # fmt: skip
"""A piece of every word that one of these patterns finds; nearly no word has one."""
_ANY_CLASS: Final = compile_later("|".join(CLASS_PIECES))


@lru_cache(maxsize=16_384)
def read_class(name: str) -> int:
    """What a ``class`` says that changes how its element is read; 0 for nothing.

    >>> read_class("btn sr-only") == UNSEEN, read_class("katex-display") == FORMULA, read_class("story")
    (True, True, 0)
    >>> read_class("d-none d-md-inline"), read_class("block md:hidden") == CONCEALED, read_class("flex p-2") == OWN_LINE
    (0, True, True)
    >>> read_class("story hidden"), read_class("hidden md:contents")
    (0, 0)
    """
    look, words = 0, name.lower().split()
    for word in words:
        look |= _read_word(word)
    return (look & ~_UTILITY) | _read_display(words) if look & _UTILITY else look


def _read_display(words: list[str]) -> int:
    """What utility classes say of an inline element's layout on a desktop: the one for the widest screen holds."""
    is_utility = any(map(_UTILITY_BESIDE.match, words))
    matches = [match for match in map(_DISPLAY.match, words) if match and (is_utility or match[3] != match[0])]
    if not matches:
        return 0
    matches.sort(key=lambda match: _BREAKPOINTS.index(match[1] or match[2]))
    look = _LAYOUT_OF_DISPLAY.get(matches[-1][3], 0)
    return look if look != OWN_LINE or _OUT_OF_LINE.isdisjoint(words) else 0


@lru_cache(maxsize=16_384)
def _read_word(word: str) -> int:
    """What one of a class's words says; a page has far fewer words than classes."""
    return sum(look for look, pattern in _CLASSES if pattern.search(word)) if _ANY_CLASS.search(word) else 0


def read_style(style: str) -> int:
    """What a ``style`` says that changes how its element is read; 0 for nothing.

    >>> read_style("display: none") == CONCEALED, read_style("position:absolute; left:-9999px") == UNSEEN
    (True, True)
    >>> read_style("text-indent: -18pt; overflow: hidden")
    0
    """
    return _read_short_style(style) if len(style) <= _SHORT_STYLE else _read_any_style(style)


def _read_any_style(style: str) -> int:
    return sum(look for look, pattern in _STYLES if pattern.match(style))


_read_short_style: Final = lru_cache(maxsize=4096)(_read_any_style)
_SHORT_STYLE: Final = 400
"""Characters of a style that is remembered, as most elements of a page have one of a few."""


def read_layout(element: etree._Element) -> int:
    """What the style and the other attributes of an inline element say; 0 for nothing."""
    look, present = 0, element.keys()  # as in read_names
    for name in present:
        if name == "style":
            look |= read_style(element.get(name) or "")
        elif name == "hidden":
            look |= CONCEALED if element.get(name) != "until-found" else 0
        elif (
            name == "popover"
            or (name == "role" and element.get(name) == "tooltip")
            or (name == "aria-hidden" and element.get(name) == "true" and _is_pointer(element))
        ):
            look |= UNSEEN
    return look


def read_class_layout(element: etree._Element, look: int, is_code: bool) -> int:
    """What the class of an inline element says of its layout: nothing where it stands in a row, as items do, or hides
    paragraphs or code, which a reader opens."""
    if not look & LAYOUT:
        return 0
    parent = element.getparent()
    row = (parent.get("class") or "") if parent is not None and look & OWN_LINE else ""
    is_row = "flex" in row and not _COLUMN.search(row)
    return 0 if is_row or (look & CONCEALED and (is_code or holds_block(element))) else look & LAYOUT


def _is_pointer(element: etree._Element) -> bool:
    """Whether an element holds nothing but an arrow or the like, and does not stand between words."""
    text = (element.text or "").lstrip(" \t\n")
    if len(element) or len(text) > _POINTERS_LIMIT or text.isspace() or not _POINTERS.fullmatch(text):
        return False
    return not (_has_word_beside(element, is_behind=False) and _has_word_beside(element, is_behind=True))


def _has_word_beside(element: etree._Element, *, is_behind: bool) -> bool:
    """Whether there is a word before or behind an element in its link, or in its line of a block."""
    for around in islice(element.iterancestors(), _LEVELS_AROUND):
        if any(map(str.isalnum, chain.from_iterable(_read_beside(element, around, is_behind)))):
            return True
        is_alone = (element.getnext() if is_behind else element.getprevious()) is None
        if not is_alone or around.tag == "a" or around.tag not in tags.INLINE:
            break
        element = around
    return False


def _read_beside(element: etree._Element, around: etree._Element, is_behind: bool) -> Iterator[str]:
    """The texts before or behind an element in the one around it, nearest first, as far as its line goes."""
    if is_behind:
        yield element.tail or ""
    siblings = list(islice(element.itersiblings(preceding=not is_behind), _SIBLINGS_BESIDE))
    for sibling in siblings:
        if not is_behind:
            yield sibling.tail or ""
        if sibling.tag == "br" or is_block(sibling.tag):
            return
        if sibling.tag in tags.INLINE and not read_class(sibling.get("class") or "") & UNSEEN:
            inside = islice(sibling.iter(), _SIBLINGS_BESIDE)
            yield from (child.text or "" for child in inside if isinstance(child.tag, str))
        if is_behind:
            yield sibling.tail or ""
    if not is_behind and len(siblings) < _SIBLINGS_BESIDE:
        yield around.text or ""


def keeps_breaks(style: str, outer: bool) -> bool:
    """Whether line breaks of the source count in an element with this style, if they do or do not around it.

    >>> keeps_breaks("white-space: pre-line", False), keeps_breaks("color: red", True)
    (True, True)
    """
    look = read_style(style)
    return look & KEPT_BREAKS != 0 or (outer and not look & COLLAPSED)


_POINTERS: Final = compile_later(
    r"[\s\ufe0e\ufe0f\u2190-\u21ff\u2300-\u23ff\u25a0-\u25ff\u2794-\u27be\u27f0-\u27ff\u2900-\u297f\u29c9\u2b00-\u2b1f›»❯]+"
)
"""Arrows, triangles and other signs of what can be pressed."""
_POINTERS_LIMIT: Final = 4
_LEVELS_AROUND: Final = 6
_SIBLINGS_BESIDE: Final = 4
"""Elements around one, and beside it, in which words are looked for."""
_NAMING_ATTRIBUTES: Final = frozenset({"class", "id", "role", "itemprop"})
NAMES_LIMIT: Final = 400


def read_names(element: etree._Element) -> tuple[str, bool, int]:
    """The element's class, id, role and itemprop, whether it is marked hidden, and how, as this module names it."""
    names, hidden, look = "", False, 0
    present = element.keys()  # not items(), which takes time that grows with the square of their number
    for name in present:
        if name in _NAMING_ATTRIBUTES:
            value = element.get(name) or ""
            names = f"{names} {value}" if names else value
            if name == "class":
                look |= read_class(value) & UNSEEN
        elif name == "style":
            style = read_style(element.get(name) or "")
            hidden = hidden or style & CONCEALED != 0
            look |= style
        elif name == "hidden":
            hidden = True
            look |= CONCEALED if element.get(name) != "until-found" else 0
        elif name == "aria-hidden" and element.get(name) == "true":
            hidden = True
            look |= UNSAID
    return names[:NAMES_LIMIT], hidden, look
