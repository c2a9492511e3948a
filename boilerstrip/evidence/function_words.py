"""Function words: how many of each language every block has. ``n`` blocks, ``k`` known languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from itertools import count as count_from
from pkgutil import get_data
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.characters import Script
from boilerstrip.evidence.tokens import Tokens, divide

Matrix = NDArray[np.float64]

LANGUAGE_OF_SCRIPT: Final = {
    Script.KANA: "ja", Script.HAN: "zh", Script.HANGUL: "ko", Script.THAI: "th", Script.GREEK: "el", Script.HEBREW:
    "he",
    Script.ARMENIAN: "hy", Script.GEORGIAN: "ka", Script.TAMIL: "ta", Script.TELUGU: "te", Script.KANNADA: "kn",
    Script.MALAYALAM: "ml", Script.GUJARATI: "gu", Script.GURMUKHI: "pa", Script.SINHALA: "si", Script.LAO: "lo",
    Script.KHMER: "km",
    Script.MYANMAR: "my", Script.ETHIOPIC: "am", Script.TIBETAN: "bo", Script.BENGALI: "bn",
}  # fmt: skip
"""Scripts that, on the web, nearly always mean one language. Kana decides against Han."""

_SAME_LANGUAGE: Final = {
    "nb": "no", "nn": "no", "bs": "hr", "sr": "hr", "sh": "hr", "ms": "id", "iw": "he", "in": "id", "fil": "tl",
}  # fmt: skip
"""Written forms that a reader would not call foreign to each other; the value is the name both compare under."""

SCRIPT_RATE: Final = 0.5
"""Rate a block in a one-language script gets: what function words give a typical prose block."""
JAPANESE_KANA: Final = 0.08
"""Share of kana among kana and Han from which on Han is Japanese."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FunctionWords:
    """Function words of many languages as one sparse table."""

    codes: tuple[str, ...]
    rows: dict[str, int]
    starts: NDArray[np.int64]
    languages: NDArray[np.int64]
    weights: Matrix
    """One value a (word, language) pair: rarer among languages weighs more, 0 to 1."""


@cache
def load_function_words() -> FunctionWords:
    """Read the table that ships with the package (68 languages; jusText's and stopwords-iso's lists)."""
    text = (get_data(__package__, "function_words.txt") or b"").decode()
    lists = {line.split(" ", 1)[0]: line.split(" ")[1:] for line in text.splitlines()}
    script_only = sorted(set(LANGUAGE_OF_SCRIPT.values()) - set(lists))
    codes = (*lists, *script_only)
    words = list(chain.from_iterable(lists.values()))
    rows = dict(zip(dict.fromkeys(words), count_from(), strict=False))
    row_of_word = np.fromiter(map(rows.__getitem__, words), dtype=np.int64, count=len(words))
    language_of_word = np.repeat(np.arange(len(lists)), [len(own) for own in lists.values()])
    sizes = np.bincount(row_of_word)
    idf = 1.0 - np.log(np.maximum(sizes, 1)) / np.log(12.0)
    return FunctionWords(
        codes=codes,
        rows=rows,
        starts=np.concatenate(([0], np.cumsum(sizes))),
        languages=language_of_word[np.argsort(row_of_word, kind="stable")],
        weights=np.repeat(np.maximum(idf, 0.1), sizes),
    )


def compare_as(code: str) -> str:
    """The name under which a language is compared.

    >>> compare_as("nn") == compare_as("nb-NO")
    True
    """
    code = code.lower()
    return _SAME_LANGUAGE.get(code) or _SAME_LANGUAGE.get(code.split("-")[0], code.split("-")[0])


@cache
def comparison_names() -> tuple[str, ...]:
    """What each known language is compared as, length k."""
    return tuple(map(compare_as, load_function_words().codes))


def count_hits(tokens: Tokens) -> Matrix:
    """Weighted function words of each language in each block, shape (n, k)."""
    table = load_function_words()
    count, width = len(tokens), len(table.codes)
    numbers = map(table.rows.get, tokens.vocabulary, repeat(-1))
    rows = np.fromiter(numbers, dtype=np.int64, count=len(tokens.vocabulary))[tokens.words]
    known = rows >= 0
    rows, blocks = rows[known], tokens.block_of_word[known]
    sizes = table.starts[rows + 1] - table.starts[rows]
    offsets = np.repeat(table.starts[rows] - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    entries = np.arange(int(sizes.sum())) + offsets.astype(np.int64)
    cells = np.repeat(blocks, sizes) * width + table.languages[entries]
    hits = np.bincount(cells, table.weights[entries], minlength=count * width).astype(np.float64)
    hits = hits.reshape(count, width)
    _add_script_hits(hits, tokens, table.codes)
    return hits


def _add_script_hits(hits: Matrix, tokens: Tokens, codes: Sequence[str]) -> None:
    """What scripts of one language add: a typical rate times the words written in them."""
    kana = tokens.script_counts[:, Script.KANA]
    japanese = divide(kana, kana + tokens.script_counts[:, Script.HAN]) > JAPANESE_KANA
    used = tokens.script_counts.sum(axis=0) > 0
    for script, code in LANGUAGE_OF_SCRIPT.items():
        if not used[script]:
            continue
        words = tokens.word_counts * divide(tokens.script_counts[:, script], tokens.letters) * SCRIPT_RATE
        column = codes.index(code)
        if script == Script.HAN:
            hits[:, codes.index("ja")] += np.where(japanese, words, 0.0)
            words = np.where(japanese, 0.0, words)
        hits[:, column] += words
