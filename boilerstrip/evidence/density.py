"""Density: how much of a block is text, link, punctuation (Kohlschütter, Fankhauser, Nejdl 2010; Pomikálek 2011)."""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
from boilerstrip.evidence.characters import Class
from boilerstrip.evidence.tokens import Tokens, divide, measure_link_density
from boilerstrip.page import Page

Vector = NDArray[np.float64]

_WRAP_WIDTH: Final = 80
"""Characters a line, for text density (Kohlschütter et al. 2010, 3.2)."""
_ADDRESS: Final = re.compile(r"https?://|www\.|\.(?:com|org|net)\b")
_DATE: Final = re.compile(r"\d(?<!\w\d)(?:(?:(?<=1)9|(?<=2)0)\d\d|\d?[:.h/]\d\d)\b")
"""A year or a time of the day. It begins with the digit, not with ``\\b``: a search leaps from digit to digit."""
_DATE_REACH: Final = 200
"""Characters of a block that are searched for a date: bylines open with one."""
_LETTERS: Final = (Class.LOWER, Class.UPPER, Class.LETTER)

_MARK_COLUMNS: Final = {
    "link": "link_count",
    "strong": "strong_share",
    "emphasis": "emphasis_share",
    "code": "code_share",
}

_SIGN_COLUMNS: Final = {
    "commas": (Class.COMMA, True, 1.0, 5.0),
    "stops": (Class.STOP, True, 1.0, 5.0),
    "colons": (Class.COLON, True, 1.0, 3.0),
    "quotes": (Class.QUOTE, True, 1.0, 3.0),
    "brackets": (Class.BRACKET, True, 1.0, 3.0),
    "dividers": (Class.DIVIDER, True, 2.0, 1.0),
    "currency": (Class.CURRENCY, False, 2.0, 1.0),
    "legal_sign": (Class.LEGAL, False, 2.0, 1.0),
    "at_sign": (Class.AT, False, 2.0, 1.0),
}
"""For each column the class that is counted, whether it is counted a word, the most that counts, and its scale."""
_SIGNS: Final = [sign for sign, _, _, _ in _SIGN_COLUMNS.values()]
_PER_WORD: Final = np.array([[per_word] for _, per_word, _, _ in _SIGN_COLUMNS.values()])
_MOST_SIGNS: Final = np.array([[most] for _, _, most, _ in _SIGN_COLUMNS.values()])
_SIGN_SCALES: Final = np.array([[scale] for _, _, _, scale in _SIGN_COLUMNS.values()])

COLUMNS: Final = (
    "words", "characters", "word_length", "sentence_length", "text_density", "link_density", "link_count",
    "uppercase", "digits",
    "commas", "stops", "colons", "quotes", "brackets", "dividers", "currency", "legal_sign", "at_sign",
    "capitalised_words",
    "no_letters", "line_breaks", "ends_with_stop", "ends_with_colon", "ends_with_letter", "ends_with_ellipsis",
    "starts_upper", "starts_lower",
    "starts_digit", "starts_divider", "starts_quote", "address", "date", "strong_share", "emphasis_share",
    "code_share", "images", "controls",
)  # fmt: skip


def measure_density(page: Page, tokens: Tokens) -> Mapping[str, Vector] | Vector:
    """The density columns, each of shape (n,): by name, or from the compiled core as one array in their order."""
    if module := load_part("density").module:
        measured: Vector = module.measure(page, tokens)
        return measured
    return measure_interpreted(page, tokens)


def measure_interpreted(page: Page, tokens: Tokens) -> dict[str, Vector]:
    """The same in Python: the reference."""
    words, lengths, classes = tokens.word_counts, tokens.lengths.astype(np.float64), tokens.classes
    breaks = np.array([text.count("\n") for text in page.texts], dtype=np.float64)
    lines = np.maximum(np.ceil(lengths / _WRAP_WIDTH), 1.0)
    full_lines = np.maximum(lines - 1.0, 1.0)
    return {
        "words": np.log1p(words),
        "characters": np.log1p(lengths),
        "word_length": np.minimum(divide(lengths, words), 30.0) / 10.0,
        "text_density": np.where(lines > 1, words * (lines - 1) / lines / full_lines, words) / 10.0,
        "link_density": measure_link_density(page, tokens.lengths),
        "line_breaks": np.log1p(breaks),
        "address": _find_in_blocks(_ADDRESS, tokens),
        "date": _find_in_blocks(_DATE, tokens, within=_DATE_REACH),
        "images": np.log1p(_at_blocks(page.images, len(page))),
        "controls": np.log1p(_at_blocks(page.controls, len(page))),
        **_measure_characters(tokens, classes),
        **_measure_ends(page, tokens, classes),
        **_measure_marks(page, lengths),
    }


def _find_in_blocks(pattern: re.Pattern[str], tokens: Tokens, within: int | None = None) -> Vector:
    """1 where a block holds a match, among its first ``within`` characters if that is given."""
    found, starts = np.zeros(len(tokens)), tokens.character_starts
    ends = np.array([match.end() for match in pattern.finditer(tokens.text)], dtype=np.int64)
    blocks = np.searchsorted(starts, ends - 1, side="right") - 1
    if within is not None:
        blocks = blocks[ends - starts[blocks] <= within]
    found[blocks] = 1.0
    return found


def _at_blocks(counts: object, size: int) -> Vector:
    values = np.array(counts, dtype=np.float64)[:size]
    return values if len(values) == size else np.zeros(size)


def _measure_characters(tokens: Tokens, classes: NDArray[np.uint8]) -> dict[str, Vector]:
    """What the characters are, per letter or per word."""
    counts, words = tokens.class_counts, np.maximum(tokens.word_counts, 1.0)
    letters = counts[:, list(_LETTERS)].sum(axis=1)
    visible = np.maximum(tokens.lengths - counts[:, Class.SPACE], 1.0)
    capitals = _count_capitalised(tokens, classes)
    signs = np.minimum(counts[:, _SIGNS].T / np.where(_PER_WORD, words, 1.0), _MOST_SIGNS) * _SIGN_SCALES
    return {
        "sentence_length": np.log1p(tokens.word_counts / np.maximum(counts[:, Class.STOP], 1.0)),
        "uppercase": divide(counts[:, Class.UPPER], letters),
        "digits": counts[:, Class.DIGIT] / visible,
        **dict(zip(_SIGN_COLUMNS, signs, strict=True)),
        "capitalised_words": np.minimum(capitals / words, 1.0),
        "no_letters": (letters == 0).astype(np.float64),
    }


def _count_capitalised(tokens: Tokens, classes: NDArray[np.uint8]) -> Vector:
    """Words that start with an upper-case letter, per block."""
    starts = classes == Class.UPPER
    before = classes[:-1]
    starts[1:] &= (before < min(_LETTERS)) | (before > max(_LETTERS))
    totals = np.concatenate(([0], np.cumsum(starts)))
    first = tokens.character_starts
    return np.asarray(totals[first + tokens.lengths] - totals[first], dtype=np.float64)


def _measure_ends(page: Page, tokens: Tokens, classes: NDArray[np.uint8]) -> dict[str, Vector]:
    """The first and last visible characters of each block."""
    starts = tokens.character_starts
    first, last = classes[starts], _closing_class(classes, starts, starts + tokens.lengths - 1)
    columns = {
        "ends_with_stop": last == Class.STOP,
        "ends_with_colon": last == Class.COLON,
        "ends_with_letter": (last >= min(_LETTERS)) & (last <= max(_LETTERS)),
        "ends_with_ellipsis": np.array([text.endswith(("…", "...")) for text in page.texts], dtype=bool),
        "starts_upper": (first == Class.UPPER) | (first == Class.LETTER),
        "starts_lower": first == Class.LOWER,
        "starts_digit": first == Class.DIGIT,
        "starts_divider": first == Class.DIVIDER,
        "starts_quote": first == Class.QUOTE,
    }
    return {name: values.astype(np.float64) for name, values in columns.items()}


def _closing_class(classes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Class of the last character, or of the one before it where quotes or brackets close the sentence."""
    last, before = classes[ends], classes[np.maximum(ends - 1, starts)]
    closing = ((last == Class.QUOTE) | (last == Class.BRACKET)) & (before == Class.STOP)
    return np.asarray(np.where(closing, before, last))


def _measure_marks(page: Page, lengths: Vector) -> dict[str, Vector]:
    """Links counted; strong, emphasised and code text as a share of the block."""
    columns = {column: np.zeros(len(page)) for column in _MARK_COLUMNS.values()}
    for number, marks in enumerate(page.marks):
        for start, end, kind, _, _ in marks:
            column = _MARK_COLUMNS.get(kind)
            if column:
                columns[column][number] += 1 if kind == "link" else end - start
    columns["link_count"] = np.log1p(columns["link_count"])
    for column in ("strong_share", "emphasis_share", "code_share"):
        columns[column] = np.minimum(divide(columns[column], lengths), 1.0)
    return columns
