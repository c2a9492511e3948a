"""Language: which language the story is in, and which blocks are in another.

Function words and scripts settle most blocks; a detector is asked only about runs of blocks that look foreign, and
about the page when function words cannot decide. ``n`` blocks, ``k`` known languages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.characters import Class
from boilerstrip.evidence.detectors import resolve_detector
from boilerstrip.evidence.function_words import (
    Matrix,
    compare_as,
    comparison_names,
    count_hits,
    load_function_words,
)
from boilerstrip.evidence.tokens import PROSE_WORDS, Tokens, divide, measure_link_density
from boilerstrip.limits import UNLIMITED, Limits
from boilerstrip.options import ANY_LANGUAGE, Detector, Options
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
_EXPECTED_HITS: Final = 2.0
"""Function words a block of this length would have in the page's language; with none at all it looks foreign."""
_ASK_LETTERS: Final = 24
"""Letters below which a detector guesses (its accuracy on 4 to 8 words is 0.95)."""
_ASK_SURE: Final = 0.8
_ASK_LIMIT: Final = 4
"""Runs of blocks a page may ask about, longest first."""
_ASK_SHARE: Final = 0.02
"""Share of the letters of a page without foreign blocks below which a doubtful run is not worth a question: on
`wcxb-dev` such answers, 1.5 a page, changed the verdict of 6 words in 100,000."""
_LAST_BARE_LETTER: Final = ord("z")
_LETTER_RATE: Final = 0.0008
"""Share of a prose's letters up to which a marked letter is no letter of its language: French has 0.005 of è."""
_SAMPLE_LETTERS: Final = 600
_PAGE_MARGIN: Final = 0.8
"""A second language this close to the first makes the page ask the detector."""
_PAGE_RATE: Final = 0.12
"""Weighted function words per word from which the best language is believed (prose of a known language has 0.18 or
more, of a language without a list up to 0.1)."""
_CLAIMED_RATE: Final = 0.04
"""The same where the page itself claims that language."""


@dataclass(frozen=True, slots=True)
class LanguageEvidence:
    """The page's language, each block's, and the columns."""

    language: str | None
    block_languages: tuple[str | None, ...]
    columns: dict[str, Matrix]


def measure_languages(page: Page, tokens: Tokens, options: Options, limits: Limits = UNLIMITED) -> LanguageEvidence:
    """Decide the page's language and measure every block against it.

    :raises TimeUpError: when the time is over.
    """
    count = len(page)
    if options.language == ANY_LANGUAGE or not count:
        return LanguageEvidence(None, (None,) * count, _neutral_columns(count))
    ask = resolve_detector(options.detector)

    def detect(text: str) -> tuple[str, float]:
        limits.check()
        return ask(text)

    hits = count_hits(tokens)
    allowed = options.languages or ((options.language,) if options.language else ())
    language = allowed[0] if allowed else _decide_page_language(page, tokens, hits, detect)
    if language is None:
        return LanguageEvidence(None, (None,) * count, _neutral_columns(count))
    if len(allowed) > 1:
        language = _best_allowed(hits.sum(axis=0), allowed)
    own, foreign, best_foreign = _own_and_foreign(hits, allowed or (language,))
    own_languages = [_best_allowed(row, allowed) for row in hits] if len(allowed) > 1 else [language] * count
    judgement = _judge_blocks(page, tokens, own, foreign, best_foreign, own_languages, detect, allowed)
    return LanguageEvidence(language, judgement.languages, _build_columns(tokens, own, foreign, judgement))


def _decide_page_language(page: Page, tokens: Tokens, hits: Matrix, detect: Detector) -> str | None:
    """The language of what looks most like prose; a claim in ``<html lang>`` breaks a tie only."""
    weights = _prose_weights(page, tokens)
    if not weights.any():
        return None
    rates = divide(hits, tokens.word_counts[:, None] + 0.0)
    codes = load_function_words().codes
    names = comparison_names()
    votes, totals = weights @ _cast_votes(rates), weights @ rates / weights.sum()
    best = int(np.argmax(votes))
    others = np.where([name == names[best] for name in names], 0.0, votes)
    claim = compare_as(page.head.language) if page.head.language else ""
    second = int(np.argmax(others))
    if totals[best] >= _PAGE_RATE and others[second] < _PAGE_MARGIN * votes[best]:
        return codes[best]
    if totals[best] >= _CLAIMED_RATE and claim in (compare_as(codes[best]), compare_as(codes[second])):
        return codes[best] if claim == compare_as(codes[best]) else codes[second]
    sample = " ".join(page.texts[block] for block in np.sort(np.argsort(-weights, kind="stable")[:6]))[:_SAMPLE_LETTERS]
    if sum(character.isalpha() for character in sample) < _ASK_LETTERS:
        return codes[best] if totals[best] >= _PAGE_RATE else None
    code, probability = detect(sample)
    return code if probability >= 0.5 else codes[best] if totals[best] >= _PAGE_RATE else None


def _cast_votes(rates: Matrix) -> Matrix:
    """Each block's vote for each language, 0 to 1: a language of many short function words has no louder voice."""
    highest = np.maximum(rates.max(axis=1, keepdims=True), 1e-9)
    return np.asarray(rates / highest * np.minimum(highest / _PAGE_RATE, 1.0))


def _prose_weights(page: Page, tokens: Tokens) -> Matrix:
    """How much each block speaks for the page's language: long, unlinked, distinct blocks most."""
    words = np.minimum(tokens.word_counts, 120.0)
    linked = measure_link_density(page, tokens.lengths)
    weights = np.where(words >= 6, words, words * 0.05) ** 1.5 * np.maximum(1.0 - linked, 0.0)
    seen: set[str] = set()
    for block in np.flatnonzero(words >= 6).tolist():
        text = page.texts[block]
        if text in seen:
            weights[block] = 0.0
        seen.add(text)
    return np.asarray(weights)


def _best_allowed(hits: Matrix, allowed: Sequence[str]) -> str:
    """The allowed language with the most hits, in whatever written form; the first where none has any."""
    totals = dict.fromkeys(map(compare_as, allowed), 0.0)
    for name, total in zip(comparison_names(), hits.tolist(), strict=True):
        if name in totals:
            totals[name] = max(totals[name], total)
    return max(allowed, key=lambda code: totals[compare_as(code)])


def _own_and_foreign(hits: Matrix, own_languages: Sequence[str]) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    """Hits of the page's own languages, of the best other one, and which that is; shape (n,) each."""
    names = {compare_as(code) for code in own_languages}
    if "ja" in names:
        names.add("zh")  # a list of places or names on a Japanese page needs no kana
    is_own = np.array([name in names for name in comparison_names()])
    own = hits[:, is_own].max(axis=1) if is_own.any() else np.zeros(len(hits))
    others = np.where(is_own, -1.0, hits)
    best = others.argmax(axis=1)
    return own, np.maximum(others[np.arange(len(hits)), best], 0.0), best


@dataclass(frozen=True, slots=True)
class _Judgement:
    languages: tuple[str | None, ...]
    is_own: NDArray[np.bool_]
    is_foreign: NDArray[np.bool_]
    sureness: Matrix
    other_script: Matrix
    other_letters: Matrix


def _judge_blocks(
    page: Page,
    tokens: Tokens,
    own: Matrix,
    foreign: Matrix,
    best_foreign: NDArray[np.int64],
    own_languages: Sequence[str],
    detect: Detector,
    allowed: Sequence[str],
) -> _Judgement:
    """Each block's language: from its function words, its script, or, in doubt, from the detector."""
    codes = load_function_words().codes
    words = tokens.word_counts
    page_rate = divide(np.array([own.sum()]), np.array([words.sum()]))[0]
    is_own = (own >= _OWN_LEAST) & (own >= _OWN_ENOUGH * foreign)
    is_foreign = ~is_own & (foreign - own >= _CLEAR_HITS) & (foreign >= 2.5 * own)
    expected_hits = words * max(page_rate, 0.12)
    doubtful = ~is_own & ~is_foreign & ((foreign > own) | (expected_hits >= _EXPECTED_HITS))
    languages: list[str | None] = [
        code if mine else None for code, mine in zip(own_languages, is_own.tolist(), strict=True)
    ]
    sureness = np.where(is_foreign, np.minimum(0.6 + 0.05 * (foreign - own), 1.0), 0.0)
    for block in np.flatnonzero(is_foreign).tolist():
        languages[block] = codes[best_foreign[block]]
    own_codes = {compare_as(code): code for code in dict.fromkeys((*allowed, *own_languages))}
    least_letters = 0.0 if is_foreign.any() else _ASK_SHARE * float(tokens.lengths.sum())
    for run in _find_runs(doubtful, best_foreign, tokens.lengths, least_letters):
        code, probability = detect(" ".join(page.texts[block] for block in run)[:_SAMPLE_LETTERS])
        if probability < _ASK_SURE:
            continue
        own_code = own_codes.get(compare_as(code))
        for asked in run:
            languages[asked] = own_code or code
        (is_own if own_code else is_foreign)[run] = True
        sureness[run] = 0.0 if own_code else probability
    other_script, other_letters = _other_script(tokens, is_own), _other_letters(tokens, is_own)
    return _Judgement(tuple(languages), is_own, is_foreign, sureness, other_script, other_letters)


def _find_runs(
    doubtful: NDArray[np.bool_], best_foreign: NDArray[np.int64], lengths: NDArray[np.int64], least_letters: float
) -> list[list[int]]:
    """Runs of neighbouring doubtful blocks that look alike, the longest few that are long enough to ask about."""
    runs: list[list[int]] = []
    for block in np.flatnonzero(doubtful).tolist():
        if runs and runs[-1][-1] == block - 1 and best_foreign[block] == best_foreign[block - 1]:
            runs[-1].append(block)
        else:
            runs.append([block])
    ends = np.cumsum(lengths).tolist()
    sizes = [ends[run[-1]] - ends[run[0]] + int(lengths[run[0]]) for run in runs]
    order = sorted(range(len(runs)), key=lambda number: (-sizes[number], number))[:_ASK_LIMIT]
    enough = max(_ASK_LETTERS, least_letters)
    return [runs[number] for number in sorted(order) if sizes[number] >= enough]


def _other_script(tokens: Tokens, is_own: NDArray[np.bool_]) -> Matrix:
    """Share of each block's letters in scripts that the page's own blocks do not use."""
    scripts = tokens.script_counts
    own_letters = is_own @ scripts if is_own.any() else scripts.sum(axis=0)
    is_other = own_letters <= 0.05 * max(float(own_letters.sum()), 1.0)
    return divide(scripts @ is_other, tokens.letters)


def _other_letters(tokens: Tokens, is_own: NDArray[np.bool_]) -> Matrix:
    """Share of each block's letters that are marked, as é or ł, and that the page's own prose hardly uses."""
    marked = np.flatnonzero((tokens.classes == Class.LOWER) & (tokens.points > _LAST_BARE_LETTER))
    if not len(marked):
        return np.zeros(len(tokens))
    points = tokens.points[marked]
    blocks = np.searchsorted(tokens.character_starts, marked, side="right") - 1
    is_own_prose = is_own & (tokens.word_counts >= PROSE_WORDS)
    uses = np.bincount(points[is_own_prose[blocks]], minlength=int(points.max()) + 1)
    is_other = uses <= _LETTER_RATE * tokens.letters[is_own_prose].sum()
    return divide(np.bincount(blocks[is_other[points]], minlength=len(tokens)).astype(np.float64), tokens.letters)


def _build_columns(tokens: Tokens, own: Matrix, foreign: Matrix, judgement: _Judgement) -> dict[str, Matrix]:
    words = np.maximum(tokens.word_counts, 1.0)
    count = len(tokens)
    own_rate, foreign_rate = np.minimum(own / words, 1.0), np.minimum(foreign / words, 1.0)
    page_rate = float(own.sum() / max(words.sum(), 1.0))
    foreign_words = np.where(judgement.is_foreign, tokens.word_counts, 0.0)
    total = max(float(tokens.word_counts.sum()), 1.0)
    before = np.cumsum(foreign_words) - foreign_words
    return {
        "own_rate": own_rate * 3.0,
        "own_relative": np.minimum(own_rate / max(page_rate, 0.02), 3.0),
        "own_hits": np.log1p(own),
        "foreign_rate": foreign_rate * 3.0,
        "foreign_hits": np.log1p(foreign),
        "rate_margin": (own_rate - foreign_rate) * 3.0,
        "is_own": judgement.is_own.astype(np.float64),
        "is_foreign": judgement.is_foreign.astype(np.float64),
        "is_unknown": (~judgement.is_own & ~judgement.is_foreign).astype(np.float64),
        "foreign_sureness": judgement.sureness,
        "other_script": judgement.other_script,
        "other_letters": np.minimum(judgement.other_letters * 5.0, 1.0),
        "page_foreign_share": np.full(count, float(foreign_words.sum()) / total),
        "foreign_before": before / total,
        "foreign_after": (foreign_words.sum() - before - foreign_words) / total,
        "page_own_rate": np.full(count, page_rate * 3.0),
        "language_known": np.ones(count),
    }


def _neutral_columns(count: int) -> dict[str, Matrix]:
    """What the columns hold when nothing is known or the evidence is switched off: no block has a language."""
    columns = {name: np.zeros(count) for name in COLUMNS}
    columns["is_unknown"] = np.ones(count)
    return columns
