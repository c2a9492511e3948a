"""The words of every block, read once and shared by all measurements."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from itertools import count as count_from
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
from boilerstrip.evidence.characters import PLANE, UNSPACED, Class, Script, class_table, code_points, script_table
from boilerstrip.page import Page

_UNSPACED_CHARACTER: Final = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f\u0e80-\u0eff"
    "\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
    "\U00020000-\U0003ffff"
)
_INDIC_CHARACTER: Final = "\u0900-\u0963\u0966-\u0dff"
"""Devanagari to Sinhala, whose vowel signs are no ``\\w`` though they stand inside words, without the danda."""
_UNSPACED_OR_INDIC: Final = f"[{_UNSPACED_CHARACTER}{_INDIC_CHARACTER}]"
_WORD_OR_BREAK: Final = re.compile(r"\w+|\x00")
_WORD_CHARACTER_OR_BREAK: Final = f"[{_UNSPACED_CHARACTER}]|(?:[^\\W{_UNSPACED_CHARACTER}]|[{_INDIC_CHARACTER}])+|\x00"
_LOWERED_IN_CONTEXT: Final = "Σİ"
"""The letters whose lower case is no single character that depends on nothing else."""
BETWEEN_BLOCKS: Final = "\x00"
"""Stands after every block where all are read as one text; no word character, and no character of a text."""
PROSE_WORDS: Final = 10
"""Words from which on a block with few links counts as prose (jusText's short/medium boundary is of this size)."""
_CHARACTERS_PER_WORD: Final = {
    Script.HAN: 2.0, Script.KANA: 2.5, Script.THAI: 5.0, Script.LAO: 5.0, Script.KHMER: 5.0, Script.MYANMAR: 5.0,
    Script.TIBETAN: 4.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tokens:
    """Lower-cased words of a page's blocks and the classes of their characters.

    ``n`` blocks, ``w`` words in all, ``v`` distinct words, ``c`` characters, with one :data:`BETWEEN_BLOCKS`
    after each block.
    """

    text: str
    """All blocks, length c."""

    vocabulary: list[str]
    """The distinct words, in order of first appearance, length v."""
    words: NDArray[np.int32]
    """Vocabulary number of each word, shape (w,)."""
    starts: NDArray[np.int64]
    """Words before each block and in all, shape (n + 1,)."""
    word_counts: NDArray[np.float64]
    """Words of each block, shape (n,); where a script writes no spaces, what stands for words."""
    lengths: NDArray[np.int64]
    """Characters of each block, shape (n,)."""
    class_counts: NDArray[np.float64]
    """Characters of each class in each block, shape (n, 16)."""
    script_counts: NDArray[np.float64]
    """Letters of each script in each block, shape (n, number of scripts)."""
    letters: NDArray[np.float64]
    """Letters of each block, shape (n,)."""

    def __len__(self) -> int:
        return len(self.word_counts)

    @property
    def block_of_word(self) -> NDArray[np.int64]:
        """The block each word stands in, shape (w,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    @property
    def character_starts(self) -> NDArray[np.int64]:
        """Where each block's characters start, shape (n,)."""
        return np.cumsum(self.lengths + 1) - (self.lengths + 1)

    @property
    def points(self) -> NDArray[np.uint32]:
        """Code point of each character, shape (c,)."""
        return code_points(self.text)

    @property
    def classes(self) -> NDArray[np.uint8]:
        """Class of each character, shape (c,)."""
        return class_table()[self.points]


def divide(numerator: NDArray[Any], denominator: NDArray[Any]) -> NDArray[np.float64]:
    """Element-wise quotient, 0 where the denominator is not positive.

    >>> divide(np.array([1.0, 2.0]), np.array([2.0, 0.0]))
    array([0.5, 0. ])
    """
    quotient: NDArray[np.float64] = np.where(denominator > 0, numerator / np.maximum(denominator, 1e-9), 0.0)
    return quotient


def measure_link_density(page: Page, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of each block's characters that are inside links, 0 to 1, shape (n,)."""
    linked = np.array(page.link_characters, dtype=np.float64)
    return np.minimum(divide(linked, lengths.astype(np.float64)), 1.0)


def split_words(text: str) -> list[str]:
    """Lower-cased words; each character of a script without spaces counts as one.

    >>> split_words("The Quick fox")
    ['the', 'quick', 'fox']
    >>> split_words("日本 rocks")
    ['日', '本', 'rocks']
    >>> split_words("रात हुई थी 中文")
    ['रात', 'हुई', 'थी', '中', '文']
    """
    return _choose_pattern(text).findall(text.lower().replace(BETWEEN_BLOCKS, " "))


def count_words(text: str) -> int:
    """The number of words of a text; where a script writes no spaces, what stands for words.

    >>> count_words("It rained – again."), count_words("昨夜港口下了一场大雨"), count_words("雨")
    (3, 5, 1)
    """
    pattern = _choose_pattern(text)
    tokens = len(pattern.findall(text)) - text.count(BETWEEN_BLOCKS)
    if pattern is _WORD_OR_BREAK or not tokens:
        return tokens
    scripts = np.bincount(script_table()[code_points(text)], minlength=len(Script)).astype(np.float64)
    return max(1, round(float(_count_words(np.array([float(tokens)]), scripts[None, :])[0])))


def count_words_of_all(texts: Sequence[str]) -> list[int]:
    """The number of words of each text, as :func:`count_words` counts them, in one pass over all.

    >>> count_words_of_all(["It rained – again.", "", "昨夜港口下了一场大雨", "İstanbul"])
    [3, 0, 5, 1]
    """
    # The lower case of this letter alone is two characters, of which the second is none of a word.
    tokens = tokenize([text.replace("İ", "I") for text in texts])
    counts = np.where(np.diff(tokens.starts) > 0, np.maximum(np.rint(tokens.word_counts), 1.0), 0.0)
    found: list[int] = counts.astype(np.int64).tolist()
    return found


def tokenize(texts: Sequence[str]) -> Tokens:
    """Read all blocks of a page once.

    All of them as one text, because one search through a page is several times cheaper than one a block.
    """
    text = _join_blocks(texts)
    if alphabet := _load_alphabet():
        return Tokens(text, *alphabet.read(text, len(texts)))
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    vocabulary, words, starts = _split_blocks(text, len(texts))
    class_counts, script_counts = _count_characters(text, lengths)
    return Tokens(
        text=text,
        vocabulary=vocabulary,
        words=words,
        starts=starts,
        word_counts=_count_words(np.diff(starts).astype(np.float64), script_counts),
        lengths=lengths,
        class_counts=class_counts,
        script_counts=script_counts,
        letters=script_counts.sum(axis=1),
    )


def _split_blocks(text: str, count: int) -> tuple[list[str], NDArray[np.int32], NDArray[np.int64]]:
    """Vocabulary, number of each word, and words before each of ``count`` blocks and in all."""
    matches = _choose_pattern(text).findall(text.lower())
    vocabulary = list(dict.fromkeys(chain((BETWEEN_BLOCKS,), matches)))
    number_of = dict(zip(vocabulary, count_from(-1), strict=False)).__getitem__
    words = np.fromiter(map(number_of, matches), dtype=np.int32, count=len(matches))
    starts = np.concatenate(([0], np.flatnonzero(words < 0) - np.arange(count)))
    return vocabulary[1:], words[words >= 0], starts


@cache
def _load_alphabet() -> Any:
    """The compiled pass over characters and words with its tables, or ``None`` where there is none."""
    module = load_part("words").module
    if module is None:
        return None
    plane = np.arange(PLANE, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    words = np.zeros(PLANE, dtype=np.uint8)
    for match in re.finditer(
        rf"(?:[^\W{_UNSPACED_CHARACTER}]|[{_INDIC_CHARACTER}])+|([{_UNSPACED_CHARACTER}]+)", plane
    ):
        words[match.start() : match.end()] = 2 if match[1] else 1
    for letter in _LOWERED_IN_CONTEXT:
        plane = plane.replace(letter, BETWEEN_BLOCKS)
    lower = np.frombuffer(plane.lower().encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    fewer = [(script, 1.0 - 1.0 / _CHARACTERS_PER_WORD[script]) for script in UNSPACED]
    return module.Alphabet(class_table(), script_table(), words, lower, len(Script), fewer)


def _choose_pattern(text: str) -> re.Pattern[str]:
    """What finds the words of a page, and the breaks between its blocks, in the scripts it is written in."""
    has_other_words = not text.isascii() and _compile(_UNSPACED_OR_INDIC).search(text) is not None
    return _compile(_WORD_CHARACTER_OR_BREAK) if has_other_words else _WORD_OR_BREAK


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    """A pattern of thousands of characters, when a page needs it: that takes longer than a page."""
    return re.compile(pattern)


def _join_blocks(texts: Sequence[str]) -> str:
    """All blocks with :data:`BETWEEN_BLOCKS` after each; a page's own such characters become blanks."""
    text = BETWEEN_BLOCKS.join(texts) + BETWEEN_BLOCKS if texts else ""
    if text.count(BETWEEN_BLOCKS) > len(texts):
        return _join_blocks([block.replace(BETWEEN_BLOCKS, " ") for block in texts])
    return text


def _count_words(tokens: NDArray[np.float64], script_counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tokens, with the characters of unspaced scripts divided by the usual length of a word."""
    for script in UNSPACED:
        characters = script_counts[:, script]
        if characters.any():
            tokens = tokens - characters * (1.0 - 1.0 / _CHARACTERS_PER_WORD[script])
    return np.maximum(tokens, 0.0)


def _count_characters(text: str, lengths: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Characters of each class, and letters of each script, in each block."""
    count, points = len(lengths), code_points(text)
    blocks = np.repeat(np.arange(count), lengths + 1)
    class_counts = _count_by_block(blocks, class_table()[points], count, len(Class))
    class_counts[:, Class.OTHER] -= 1
    script_counts = _count_by_block(blocks, script_table()[points], count, len(Script))
    script_counts[:, Script.NONE] = 0
    return class_counts, script_counts


def _count_by_block(
    blocks: NDArray[np.int64], values: NDArray[np.uint8], block_count: int, value_count: int
) -> NDArray[np.float64]:
    counts = np.bincount(blocks * value_count + values, minlength=block_count * value_count)
    return counts.reshape(block_count, value_count).astype(np.float64)
