"""What each character is: one table over the Basic Multilingual Plane, made once from the Unicode database."""

import unicodedata
from collections import defaultdict
from enum import IntEnum
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

PLANE: Final = 0x10000


class Class(IntEnum):
    """What a character does in a text. Counted per block, a column each."""

    OTHER = 0
    SPACE = 1
    LOWER = 2
    UPPER = 3
    LETTER = 4
    """Letters without case: Arabic, Hebrew, Han, Thai and so on, and their combining marks."""
    DIGIT = 5
    COMMA = 6
    STOP = 7
    """Ends a sentence: full stop, question mark, exclamation mark and their likes in other scripts."""
    COLON = 8
    QUOTE = 9
    BRACKET = 10
    DIVIDER = 11
    """Bars, bullets, arrows and single angle quotes, which separate links more often than they punctuate prose."""
    CURRENCY = 12
    LEGAL = 13
    """Copyright, registered and trade mark signs."""
    AT = 14
    PUNCTUATION = 15


class Script(IntEnum):
    """Writing systems told apart by code point."""

    NONE = 0
    LATIN = 1
    CYRILLIC = 2
    GREEK = 3
    ARABIC = 4
    HEBREW = 5
    DEVANAGARI = 6
    BENGALI = 7
    HAN = 8
    KANA = 9
    HANGUL = 10
    THAI = 11
    ARMENIAN = 12
    GEORGIAN = 13
    TAMIL = 14
    TELUGU = 15
    KANNADA = 16
    MALAYALAM = 17
    GUJARATI = 18
    GURMUKHI = 19
    SINHALA = 20
    LAO = 21
    KHMER = 22
    MYANMAR = 23
    ETHIOPIC = 24
    TIBETAN = 25


_SCRIPT_RANGES: Final = (
    (0x0041, 0x024F, Script.LATIN), (0x0370, 0x03FF, Script.GREEK), (0x0400, 0x052F, Script.CYRILLIC),
    (0x0530, 0x058F, Script.ARMENIAN), (0x0590, 0x05FF, Script.HEBREW), (0x0600, 0x077F, Script.ARABIC),
    (0x0900, 0x097F, Script.DEVANAGARI), (0x0980, 0x09FF, Script.BENGALI), (0x0A00, 0x0A7F, Script.GURMUKHI),
    (0x0A80, 0x0AFF, Script.GUJARATI), (0x0B80, 0x0BFF, Script.TAMIL), (0x0C00, 0x0C7F, Script.TELUGU),
    (0x0C80, 0x0CFF, Script.KANNADA), (0x0D00, 0x0D7F, Script.MALAYALAM), (0x0D80, 0x0DFF, Script.SINHALA),
    (0x0E00, 0x0E7F, Script.THAI), (0x0E80, 0x0EFF, Script.LAO), (0x0F00, 0x0FFF, Script.TIBETAN),
    (0x1000, 0x109F, Script.MYANMAR), (0x10A0, 0x10FF, Script.GEORGIAN), (0x1100, 0x11FF, Script.HANGUL),
    (0x1200, 0x139F, Script.ETHIOPIC), (0x1780, 0x17FF, Script.KHMER), (0x1E00, 0x1EFF, Script.LATIN),
    (0x1F00, 0x1FFF, Script.GREEK), (0x3005, 0x3007, Script.HAN), (0x3040, 0x30FF, Script.KANA), (0x3130, 0x318F,
    Script.HANGUL),
    (0x3400, 0x9FFF, Script.HAN), (0xAC00, 0xD7AF, Script.HANGUL), (0xF900, 0xFAFF, Script.HAN),
    (0xFB1D, 0xFB4F, Script.HEBREW), (0xFB50, 0xFDFF, Script.ARABIC), (0xFE70, 0xFEFE, Script.ARABIC),
)  # fmt: skip
"""Unicode blocks, rounded to what matters for telling languages apart (Unicode 16, Blocks.txt)."""

_SPECIAL: Final = {
    Class.COMMA: ",،、，;؛；",
    Class.STOP: ".!?。！？।…؟။።៖｡‼⁉",
    Class.COLON: ":：",
    Class.QUOTE: "\"'“”‘’„‚«»「」『』`",
    Class.BRACKET: "()[]{}（）【】",
    Class.DIVIDER: "|/\\•·–—→←↑↓›‹▸►▼▲✓✔★☆■□◆●>_=~*+#─═│-",
    Class.LEGAL: "©®™",
    Class.AT: "@",
}
_CATEGORY_CLASS: Final = {
    "Ll": Class.LOWER, "Lu": Class.UPPER, "Lt": Class.UPPER, "Lo": Class.LETTER, "Lm": Class.LETTER, "Mn": Class.LETTER,
    "Mc": Class.LETTER, "Nd": Class.DIGIT, "Nl": Class.DIGIT, "No": Class.DIGIT, "Zs": Class.SPACE, "Zl": Class.SPACE,
    "Zp": Class.SPACE,
    "Sc": Class.CURRENCY, "Po": Class.PUNCTUATION, "Pd": Class.PUNCTUATION, "Ps": Class.BRACKET, "Pe": Class.BRACKET,
}  # fmt: skip

_UNIFORM: Final = ((0x3400, 0x4DB0), (0x4E00, 0x9FE0), (0xAC00, 0xD7A0), (0xD800, 0xF900))
"""Han, Hangul, and what is no character: within each all code points are of one class, in every version of Unicode."""

UNSPACED: Final = (Script.HAN, Script.KANA, Script.THAI, Script.LAO, Script.KHMER, Script.MYANMAR, Script.TIBETAN)
"""Scripts written without spaces between words."""


@cache
def class_table() -> NDArray[np.uint8]:
    """Class of each code point of the plane, shape (65536,)."""
    numbers = defaultdict(int, {name: int(number) for name, number in _CATEGORY_CLASS.items()})
    table, looked_up = np.zeros(PLANE, dtype=np.uint8), 0
    for first, end in (*_UNIFORM, (PLANE, PLANE)):
        categories = map(unicodedata.category, map(chr, range(looked_up, first)))
        table[looked_up:first] = np.fromiter(map(numbers.__getitem__, categories), np.uint8, first - looked_up)
        if first < end:
            table[first:end] = numbers[unicodedata.category(chr(first))]
        looked_up = end
    table[[9, 10, 11, 12, 13, 0x85]] = Class.SPACE
    for number, characters in _SPECIAL.items():
        table[[ord(character) for character in characters]] = number
    return table


@cache
def script_table() -> NDArray[np.uint8]:
    """Script of each code point of the plane, shape (65536,); digits and punctuation have none."""
    table = np.zeros(PLANE, dtype=np.uint8)
    for first, last, script in _SCRIPT_RANGES:
        table[first : last + 1] = script
    letters = np.isin(class_table(), (Class.LOWER, Class.UPPER, Class.LETTER))
    return np.where(letters, table, 0).astype(np.uint8)


def code_points(text: str) -> NDArray[np.uint32]:
    """The text's code points, shape (len(text),); those above the plane are replaced by U+20000 folded to a Han
    sign."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    beyond = points >= PLANE
    if beyond.any():
        ideographs = (points >= 0x20000) & (points < 0x40000)
        points = np.where(beyond, np.where(ideographs, 0x4E00, 0x2603), points).astype(np.uint32)
    return points
