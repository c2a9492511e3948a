"""The evidence of a page as one matrix. The only list of column names, for training and for use."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
from boilerstrip.evidence import claims, cohesion, density, language, position, repetition, structure
from boilerstrip.evidence.function_words import compare_as
from boilerstrip.evidence.tokens import tokenize
from boilerstrip.limits import UNLIMITED, Limits
from boilerstrip.options import Options
from boilerstrip.page import Page, SiteCounts

KINDS: Final = ("language", "density", "repetition", "structure", "words")
"""The kinds of evidence. The first four are columns, the last the hashed words of the block."""

COLUMNS: Final = (
    *language.COLUMNS,
    *density.COLUMNS,
    *repetition.COLUMNS,
    *cohesion.COLUMNS,
    *structure.COLUMNS,
    *claims.COLUMNS,
    *position.COLUMNS,
)
"""Names of the matrix's columns, in order."""

_SIZES: Final = (
    len(language.COLUMNS),
    len(density.COLUMNS),
    len(repetition.COLUMNS) + len(cohesion.COLUMNS),
    len(structure.COLUMNS) + len(claims.COLUMNS) + len(position.COLUMNS),
)
KIND_OF_COLUMN: Final = tuple(kind for kind, size in zip(KINDS, _SIZES, strict=False) for _ in range(size))
"""The kind of evidence of each column."""
Measured = Mapping[str, NDArray[Any]] | NDArray[Any]
"""Columns as a room hands them over."""
_NUMBER_OF_COLUMN: Final = {name: number for number, name in enumerate(COLUMNS)}

WORD_BUCKETS: Final = 4096
OPENING_WORDS: Final = 2
"""First words that are looked at in their place: "Read also", "Sign up", "Photo"."""
READ_LANGUAGES: Final = frozenset({"de", "en", "es", "fr", "ja", "pl", "pt"})
"""Languages of which the tagger has read stories enough to know their words. Of the others it has seen notices and few
stories or none, so that any word speaks for boilerplate: blocks in the language of such a page are read without theirs.
Held out, 0.01 to 0.12 more of the mixed documents in Arabic, Chinese, Danish, Lithuanian, Norwegian, Turkish and
Vietnamese have no wrong line, Korean has 0.02 more as text and 0.04 fewer as HTML; Japanese would have 0.1 fewer."""
NO_WORD: Final = 0
"""Bucket that stands for the missing words of a short block."""
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Evidence:
    """All that is measured about a page's ``n`` blocks."""

    columns: NDArray[np.float32]
    """Shape (n, len(COLUMNS)), in the columns' natural scales (shares, logarithms, flags)."""
    word_buckets: NDArray[np.int32]
    """Hash bucket of each word that is asked, below WORD_BUCKETS, block after block."""
    word_starts: NDArray[np.int64]
    """Such words before each block and in all, shape (n + 1,)."""
    opening_buckets: NDArray[np.int32]
    """Hash buckets of the first words of each block, shape (n, OPENING_WORDS)."""
    word_counts: NDArray[np.float64]
    language: str | None
    block_languages: tuple[str | None, ...]
    title: int | None
    """The block that is the page's title."""

    def __len__(self) -> int:
        return len(self.columns)

    def column(self, name: str) -> NDArray[np.float32]:
        """One column by its name, shape (n,)."""
        return self.columns[:, _NUMBER_OF_COLUMN[name]]


def weigh(page: Page, options: Options, site: SiteCounts | None = None, limits: Limits = UNLIMITED) -> Evidence:
    """Measure every block of a page. Context-free but for sums over the page: no block is judged here.

    :raises TimeUpError: when the time is over.

    >>> weigh(Page(kind="text"), Options()).columns.shape == (0, len(COLUMNS))
    True
    """
    tokens = tokenize(page.texts)
    limits.check()
    languages = language.measure_languages(page, tokens, options, limits)
    limits.check()
    columns = np.zeros((len(page), len(COLUMNS)), dtype=np.float32)
    _fill(columns, language.COLUMNS, languages.columns)
    repetitions = repetition.measure_repetition(page, tokens, site)
    _fill(columns, repetition.COLUMNS, repetitions)
    title = position.find_title(page, *repetitions[repetition.TITLE])
    del repetitions  # of very many blocks it is much, and so is what is measured next
    measures: tuple[tuple[Sequence[str], Callable[[], Measured]], ...] = (
        (density.COLUMNS, lambda: density.measure_density(page, tokens)),
        (cohesion.COLUMNS, lambda: cohesion.measure_cohesion(tokens)),
        (claims.COLUMNS, lambda: claims.measure_claims(page)),
        (position.COLUMNS, lambda: position.measure_position(page, tokens, title)),
    )
    for names, measure in measures:
        limits.check()
        _fill(columns, names, measure())
    limits.check()
    if not structure.write_structure(page, tokens, columns, _NUMBER_OF_COLUMN[structure.COLUMNS[0]]):
        _fill(columns, structure.COLUMNS, structure.measure_structure(page, tokens))
    limits.check()
    words, starts = hash_words(tokens.vocabulary)[tokens.words], tokens.starts
    if languages.language is not None and compare_as(languages.language) not in READ_LANGUAGES:
        words, starts = _leave_out(words, starts, columns[:, _NUMBER_OF_COLUMN["is_own"]] > 0)
    return Evidence(
        columns=columns,
        word_buckets=words,
        opening_buckets=_find_openings(words, starts),
        word_starts=starts,
        word_counts=tokens.word_counts,
        language=languages.language,
        block_languages=languages.block_languages,
        title=title,
    )


def _leave_out(
    words: NDArray[np.int32], starts: NDArray[np.int64], left_out: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The words of the other blocks, and where each block's start.

    >>> words, starts = _leave_out(np.arange(5, dtype=np.int32), np.array([0, 2, 3, 5]), np.array([False, True, False]))
    >>> words.tolist(), starts.tolist()
    ([0, 1, 3, 4], [0, 2, 2, 4])
    """
    sizes = np.diff(starts)
    kept_sizes = np.where(left_out, 0, sizes)
    return words[np.repeat(~left_out, sizes)], np.concatenate(([0], np.cumsum(kept_sizes)))


def _fill(columns: NDArray[np.float32], names: Sequence[str], measured: Measured) -> None:
    """Write what was measured under some names that stand together into its columns, at once, as it may be twice as
    large: all of them, shape (len(names), n), or a mapping that leaves out what stays zero, as boxes in plain text."""
    if isinstance(measured, np.ndarray):
        first = _NUMBER_OF_COLUMN[names[0]]
        columns[:, first : first + len(names)] = measured.T
        return
    for name, values in measured.items():
        columns[:, _NUMBER_OF_COLUMN[name]] = values


def hash_words(words: Iterable[str]) -> NDArray[np.int32]:
    """Bucket of each word (CRC-32); digits are one class, so that every year is the same word.

    >>> hash_words(["1999", "2026"]).tolist()
    [1138, 1138]
    """
    if module := load_part("words").module:
        hashed: NDArray[np.int32] = module.hash_words(list(words), WORD_BUCKETS)
        return hashed
    encoded = _DIGIT.sub("0", "\n".join(words)).encode("utf-8", "surrogatepass").split(b"\n")
    return (np.fromiter(map(crc32, encoded), dtype=np.uint32, count=len(encoded)) % WORD_BUCKETS).astype(np.int32)


def _find_openings(words: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    if module := load_part("words").module:
        found: NDArray[np.int32] = module.find_openings(words, starts, OPENING_WORDS, NO_WORD)
        return found
    places = starts[:-1, None] + np.arange(OPENING_WORDS)
    places[places >= starts[1:, None]] = len(words)
    openings: NDArray[np.int32] = np.append(words, np.int32(NO_WORD))[places]
    return openings
