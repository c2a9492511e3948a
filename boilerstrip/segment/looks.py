"""What a page's author says of an element in its attributes that changes how it is read: hidden, a formula, a line
number."""

import re
from functools import lru_cache
from typing import Final

from lxml import etree

from boilerstrip.patterns import compile_later

HIDING_STYLE: Final = compile_later(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
HIDING_PIECES: Final = ("none", "hidden")
"""What every hiding style has one of."""

UNSEEN, FORMULA, LINE_NUMBER, EDIT_LINK, EMOJI = 1, 2, 4, 8, 16
"""What a class says of its element; several add up."""

DELIMITED = 128
"""That LaTeX stands in the element between delimiters, for a script to draw."""

CONCEALED, UNSAID = 32, 64
"""What other attributes say: hidden by style or attribute; kept from screen readers."""

_CLASSES: Final = (
    (UNSEEN, compile_later(
        r"(?<!not-)(?:sr[-_]only|visually-?hidden|hidden-visually|hid(?:e|den)-accessible|show-for-sr|element-invisible"
        r"|screen-?reader(?:-(?:text|only))?(?=[\s_]|$)|off-?screen|a11y-hidden|assistive-text)"
        r"|(?:^|\s)(?:mobile-)?tooltip-?text(?=\s|$)"
    )),
    (FORMULA, compile_later(
        r"(?:^|\s)(?:katex(?:-display)?|mathjax(?:_\w+)?|mjx-chtml|mwe-math-element|math-tex|ql-formula)(?=\s|$)"
    )),
    (LINE_NUMBER, compile_later(
        r"(?:^|[\s_-])(?:line-?no|line-?nos|line-?num|line-?numbers?|line-numbers-rows|blob-num|ln-num|lnt?|gutter)(?=[\s_-]|$)"
    )),
    (EDIT_LINK, compile_later(r"(?:^|[\s-])editsection(?=\s|$)")),
    (EMOJI, compile_later(r"emoji|smiley|emoticon")),
    (DELIMITED, compile_later(r"(?:^|\s)(?:math(?:-container|-inline|-display|jax-tex)?|arithmatex)(?=\s|$)")),
)  # fmt: skip
CLASS_PIECES: Final = (
    "sr-only", "sr_only", "accessible", "hidden", "screen", "-sr", "invisible", "a11y", "assist", "tooltip", "katex",
    "math", "mjx", "mwe-", "arithmatex", "ql-f", "linen", "line-n", "num", "ln", "gutter", "editsection", "emoji",
    "smiley", "emoticon",
)  # fmt: skip
"""A piece of every word that one of these patterns finds; nearly no word has one."""
_ANY_CLASS: Final = compile_later("|".join(CLASS_PIECES))


@lru_cache(maxsize=16_384)
def read_class(name: str) -> int:
    """What a ``class`` says that changes how its element is read; 0 for nothing.

    >>> read_class("btn sr-only") == UNSEEN, read_class("katex-display") == FORMULA, read_class("story")
    (True, True, 0)
    """
    look = 0
    for word in name.lower().split():
        look |= _read_word(word)
    return look


@lru_cache(maxsize=16_384)
def _read_word(word: str) -> int:
    """What one of a class's words says; a page has far fewer words than classes."""
    return sum(look for look, pattern in _CLASSES if pattern.search(word)) if _ANY_CLASS.search(word) else 0


def is_unseen(element: etree._Element) -> bool:
    """Whether its style or attribute hides an inline element from everybody."""
    style = element.get("style")
    if style and HIDING_STYLE.search(style):
        return True
    return element.get("hidden", "until-found") != "until-found"


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
        elif name == "hidden" or (name == "style" and HIDING_STYLE.search(element.get(name) or "")):
            hidden = True
            look |= CONCEALED if element.get(name) != "until-found" else 0
        elif name == "aria-hidden" and element.get(name) == "true":
            hidden = True
            look |= UNSAID
    return names[:NAMES_LIMIT], hidden, look
