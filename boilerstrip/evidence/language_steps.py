"""The steps of the language evidence that look at every block, in Python; the compiled core has the same."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
from boilerstrip.evidence.characters import PLANE, Class, class_table
from boilerstrip.evidence.function_words import Matrix, comparison_names, count_hits
from boilerstrip.evidence.tokens import PROSE_WORDS, Tokens, divide, measure_link_density
from boilerstrip.page import Page

COLUMNS: Final = (
    "own_rate", "own_relative", "own_hits", "foreign_rate", "foreign_hits", "rate_margin", "is_own", "is_foreign",
    "is_unknown",
    "foreign_sureness", "other_script", "other_letters", "page_foreign_share", "foreign_before", "foreign_after",
    "page_own_rate", "language_known",
)  # fmt: skip

_OWN_ENOUGH: Final = 0.6
"""Own rate, as a share of the best foreign one, from which a block counts as the page's language."""
_OWN_LEAST: Final = 0.3
"""Weighted function words below which a block says nothing of its language: "de" alone is a word of twenty."""
_CLEAR_HITS: Final = 1.6
"""Weighted function words by which a foreign language must lead to be believed without a detector."""
_CLEAR_RATIO: Final = 2.5
"""How many times as many it must have."""
_EXPECTED_HITS: Final = 2.0
"""Function words a block of this length would have in the page's language; with none at all it looks foreign."""
_LAST_BARE_LETTER: Final = ord("z")
_LETTER_RATE: Final = 0.0008
"""Share of a prose's letters up to which a marked letter is no letter of its language: French has 0.005 of è."""
_SCRIPT_SHARE: Final = 0.05
"""Share of the letters of a page's own blocks up to which a script is not the page's."""
_MOST_VOICE: Final = 120.0
"""Words from which on a longer block speaks no louder for the page's language."""
_VOICE_WORDS: Final = 6
_LOW_VOICE: Final = 0.05
"""What each word of a block with fewer words counts."""
_PAGE_MARGIN: Final = 0.8
"""A second language this close to the first makes the page ask the detector."""
PAGE_RATE: Final = 0.12
"""Weighted function words per word from which the best language is believed (prose of a known language has 0.18 or
more, of a language without a list up to 0.1)."""

UNKNOWN, OWN, FOREIGN, DOUBTFUL = range(4)
"""What a block is by its function words and its script; a doubtful one is worth a question to the detector."""
Verdicts = NDArray[np.uint8]


class Poll(NamedTuple):
    """What the blocks of a page say of its language; languages are numbers in the table of function words."""

    weights: Matrix
    """How much each block speaks, shape (n,)."""
    first: int
    second: int
    rate: float
    """Function words of the first per word."""
    is_clear: bool
    """Whether the second is far behind the first."""


class Comparison(NamedTuple):
    """Each block against the page's languages, shape (n,) each."""

    own: Matrix
    """Weighted function words in the page's language."""
    foreign: Matrix
    """Those in the best other language, and which that is."""
    best_foreign: NDArray[np.int64]
    verdicts: Verdicts
    sureness: Matrix
    """How sure it is that the block is foreign."""


class Steps(NamedTuple):
    """The steps that look at every block; the compiled core has the same."""

    count_hits: Callable[[Tokens], Matrix]
    poll: Callable[[Page, Tokens, Matrix], tuple[Any, ...] | None]
    compare: Callable[[Tokens, Matrix, NDArray[np.uint8]], tuple[Any, ...]]
    build_columns: Callable[[Tokens, Matrix, Matrix, Verdicts, Matrix], Matrix]


@cache
def load_steps() -> Steps:
    """The steps in the compiled core, or in Python where it has none."""
    module = load_part("languages").module
    if module is None:
        return INTERPRETED
    compiled: Steps = module.Languages()
    return compiled


def _poll(page: Page, tokens: Tokens, hits: Matrix) -> Poll | None:
    """What the blocks say of the page's language; nothing where none of them has a say."""
    weights = _prose_weights(page, tokens)
    if not weights.any():
        return None
    rates = divide(hits, tokens.word_counts[:, None])
    votes, names = (weights[:, None] * _cast_votes(rates)).sum(axis=0), comparison_names()
    first = int(votes.argmax())
    others = np.where([name == names[first] for name in names], 0.0, votes)
    second = int(others.argmax())
    rate = float((weights * rates[:, first]).sum() / weights.sum())
    return Poll(weights, first, second, rate, bool(others[second] < _PAGE_MARGIN * votes[first]))


def _cast_votes(rates: Matrix) -> Matrix:
    """Each block's vote for each language, 0 to 1: a language of many short function words has no louder voice."""
    highest = np.maximum(rates.max(axis=1, keepdims=True), 1e-9)
    return np.asarray(rates / highest * np.minimum(highest / PAGE_RATE, 1.0))


def _prose_weights(page: Page, tokens: Tokens) -> Matrix:
    """How much each block speaks for the page's language: long, unlinked, distinct blocks most."""
    words = np.minimum(tokens.word_counts, _MOST_VOICE)
    linked = measure_link_density(page, tokens.lengths)
    weights = np.where(words >= _VOICE_WORDS, words, words * _LOW_VOICE) ** 1.5 * np.maximum(1.0 - linked, 0.0)
    seen: set[str] = set()
    for block in np.flatnonzero(words >= _VOICE_WORDS).tolist():
        text = page.texts[block]
        if text in seen:
            weights[block] = 0.0
        seen.add(text)
    return np.asarray(weights)


def _compare(tokens: Tokens, hits: Matrix, is_own_language: NDArray[np.uint8]) -> Comparison:
    """Each block's function words against those of other languages."""
    others = np.where(is_own_language, -1.0, hits)
    best = others.argmax(axis=1)
    foreign = np.maximum(others[np.arange(len(hits)), best], 0.0)
    own = np.where(is_own_language, hits, 0.0).max(axis=1)
    page_rate = divide(np.array([own.sum()]), np.array([tokens.word_counts.sum()]))[0]
    is_own = (own >= _OWN_LEAST) & (own >= _OWN_ENOUGH * foreign)
    is_foreign = ~is_own & (foreign - own >= _CLEAR_HITS) & (foreign >= _CLEAR_RATIO * own)
    is_doubtful = (foreign > own) | (tokens.word_counts * max(page_rate, PAGE_RATE) >= _EXPECTED_HITS)
    verdicts = np.select([is_own, is_foreign, is_doubtful], [OWN, FOREIGN, DOUBTFUL], UNKNOWN).astype(np.uint8)
    sureness = np.where(is_foreign, np.minimum(0.6 + 0.05 * (foreign - own), 1.0), 0.0)
    return Comparison(own, foreign, best, verdicts, sureness)


def _other_script(tokens: Tokens, is_own: NDArray[np.bool_]) -> Matrix:
    """Share of each block's letters in scripts that the page's own blocks do not use."""
    scripts = tokens.script_counts
    own_letters = is_own @ scripts if is_own.any() else scripts.sum(axis=0)
    is_other = own_letters <= _SCRIPT_SHARE * max(float(own_letters.sum()), 1.0)
    return divide(scripts @ is_other, tokens.letters)


def _other_letters(tokens: Tokens, is_own: NDArray[np.bool_]) -> Matrix:
    """Share of each block's letters that are marked, as é or ł, and that the page's own prose hardly uses."""
    if tokens.text.isascii():
        return np.zeros(len(tokens))
    points = tokens.points
    marked = np.flatnonzero((points > _LAST_BARE_LETTER) & (class_table()[points] == Class.LOWER))
    points = points[marked]
    blocks = np.searchsorted(tokens.character_starts, marked, side="right") - 1
    is_own_prose = is_own & (tokens.word_counts >= PROSE_WORDS)
    uses = np.bincount(points[is_own_prose[blocks]], minlength=PLANE)
    is_other = uses <= _LETTER_RATE * tokens.letters[is_own_prose].sum()
    return divide(np.bincount(blocks[is_other[points]], minlength=len(tokens)).astype(np.float64), tokens.letters)


def _build_columns(tokens: Tokens, own: Matrix, foreign: Matrix, verdicts: Verdicts, sureness: Matrix) -> Matrix:
    words, is_own, is_foreign = np.maximum(tokens.word_counts, 1.0), verdicts == OWN, verdicts == FOREIGN
    own_rate, foreign_rate = np.minimum(own / words, 1.0), np.minimum(foreign / words, 1.0)
    page_rate = float(own.sum() / max(words.sum(), 1.0))
    foreign_words = np.where(is_foreign, tokens.word_counts, 0.0)
    total = max(float(tokens.word_counts.sum()), 1.0)
    before = np.cumsum(foreign_words) - foreign_words
    return stack(
        {
            "own_rate": own_rate * 3.0,
            "own_relative": np.minimum(own_rate / max(page_rate, 0.02), 3.0),
            "own_hits": np.log1p(own),
            "foreign_rate": foreign_rate * 3.0,
            "foreign_hits": np.log1p(foreign),
            "rate_margin": (own_rate - foreign_rate) * 3.0,
            "is_own": is_own,
            "is_foreign": is_foreign,
            "is_unknown": ~is_own & ~is_foreign,
            "foreign_sureness": sureness,
            "other_script": _other_script(tokens, is_own),
            "other_letters": np.minimum(_other_letters(tokens, is_own) * 5.0, 1.0),
            "page_foreign_share": float(foreign_words.sum()) / total,
            "foreign_before": before / total,
            "foreign_after": (foreign_words.sum() - before - foreign_words) / total,
            "page_own_rate": page_rate * 3.0,
            "language_known": 1.0,
        },
        len(tokens),
    )


def stack(columns: Mapping[str, Any], count: int) -> Matrix:
    """Named columns in the order of :data:`COLUMNS`; those that are not named are zero."""
    stacked = np.zeros((len(COLUMNS), count))
    for number, name in enumerate(COLUMNS):
        stacked[number] = columns.get(name, 0.0)
    return stacked


INTERPRETED: Final = Steps(count_hits, _poll, _compare, _build_columns)
"""The steps in Python, which are the compiled core's reference."""
