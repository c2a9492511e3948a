"""Language: which language the story is in, and which blocks are in another.

Function words and scripts settle most blocks; a detector is asked only about runs of blocks that look foreign, and
about the page when function words cannot decide. ``n`` blocks, ``k`` known languages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.detectors import resolve_detector
from boilerstrip.evidence.function_words import Matrix, compare_as, comparison_names, load_function_words
from boilerstrip.evidence.language_steps import COLUMNS as COLUMNS
from boilerstrip.evidence.language_steps import (
    DOUBTFUL,
    FOREIGN,
    OWN,
    PAGE_RATE,
    Comparison,
    Poll,
    load_steps,
    stack,
)
from boilerstrip.evidence.tokens import Tokens
from boilerstrip.limits import UNLIMITED, Limits
from boilerstrip.options import ANY_LANGUAGE, Detector, Options
from boilerstrip.page import Page

_ASK_LETTERS: Final = 24
"""Letters below which a detector guesses (its accuracy on 4 to 8 words is 0.95)."""
_ASK_SURE: Final = 0.8
_ASK_LIMIT: Final = 4
"""Runs of blocks a page may ask about, longest first."""
_ASK_SHARE: Final = 0.02
"""Share of the letters of a page without foreign blocks below which a doubtful run is not worth a question: on
`wcxb-dev` such answers, 1.5 a page, changed the verdict of 6 words in 100,000."""
_SAMPLE_LETTERS: Final = 600
_CLAIMED_RATE: Final = 0.04
"""Weighted function words per word from which a language is believed that the page itself claims."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LanguageEvidence:
    """The page's language, each block's, and the columns."""

    language: str | None
    block_languages: tuple[str | None, ...]
    columns: Matrix
    """Shape (len(COLUMNS), n)."""


def measure_languages(page: Page, tokens: Tokens, options: Options, limits: Limits = UNLIMITED) -> LanguageEvidence:
    """Decide the page's language and measure every block against it.

    :raises TimeUpError: when the time is over.
    """
    count = len(page)
    if options.language == ANY_LANGUAGE or not count:
        return LanguageEvidence(None, (None,) * count, stack({"is_unknown": 1.0}, count))
    ask = resolve_detector(options.detector)

    def detect(text: str) -> tuple[str, float]:
        limits.check()
        return ask(text)

    steps = load_steps()
    hits = steps.count_hits(tokens)
    allowed = options.languages or ((options.language,) if options.language else ())
    language = allowed[0] if allowed else _decide_page_language(page, steps.poll(page, tokens, hits), detect)
    if language is None:
        return LanguageEvidence(None, (None,) * count, stack({"is_unknown": 1.0}, count))
    if len(allowed) > 1:
        language = _best_allowed(hits.sum(axis=0), allowed)
    found = Comparison(*steps.compare(tokens, hits, _mark_own(allowed or (language,))))
    own_languages = [_best_allowed(row, allowed) for row in hits] if len(allowed) > 1 else [language] * count
    languages = _judge_blocks(page, tokens, found, own_languages, detect, allowed)
    columns = steps.build_columns(tokens, found.own, found.foreign, found.verdicts, found.sureness)
    return LanguageEvidence(language, tuple(languages), columns)


def _decide_page_language(page: Page, found: tuple[Any, ...] | None, detect: Detector) -> str | None:
    """The language of what looks most like prose; a claim in ``<html lang>`` breaks a tie only."""
    if found is None:
        return None
    poll, codes = Poll(*found), load_function_words().codes
    first, second = codes[poll.first], codes[poll.second]
    claim = compare_as(page.head.language) if page.head.language else ""
    if poll.rate >= PAGE_RATE and poll.is_clear:
        return first
    if poll.rate >= _CLAIMED_RATE and claim in (compare_as(first), compare_as(second)):
        return first if claim == compare_as(first) else second
    blocks = np.sort(np.argsort(-poll.weights, kind="stable")[:6])
    sample = " ".join(page.texts[block] for block in blocks)[:_SAMPLE_LETTERS]
    if sum(character.isalpha() for character in sample) < _ASK_LETTERS:
        return first if poll.rate >= PAGE_RATE else None
    code, probability = detect(sample)
    return code if probability >= 0.5 else first if poll.rate >= PAGE_RATE else None


def _best_allowed(hits: Matrix, allowed: Sequence[str]) -> str:
    """The allowed language with the most hits, in whatever written form; the first where none has any."""
    totals = dict.fromkeys(map(compare_as, allowed), 0.0)
    for name, total in zip(comparison_names(), hits.tolist(), strict=True):
        if name in totals:
            totals[name] = max(totals[name], total)
    return max(allowed, key=lambda code: totals[compare_as(code)])


@lru_cache
def _mark_own(own_languages: tuple[str, ...]) -> NDArray[np.uint8]:
    """1 for each known language that is one of these or a written form of it, shape (k,)."""
    names = {compare_as(code) for code in own_languages}
    if "ja" in names:
        names.add("zh")  # a list of places or names on a Japanese page needs no kana
    marks = np.array([name in names for name in comparison_names()], dtype=np.uint8)
    marks.flags.writeable = False
    return marks


def _judge_blocks(
    page: Page,
    tokens: Tokens,
    found: Comparison,
    own_languages: Sequence[str],
    detect: Detector,
    allowed: Sequence[str],
) -> list[str | None]:
    """Each block's language: from its function words, its script, or, in doubt, from the detector, whose answers are
    written into the verdicts."""
    codes, verdicts, best_foreign = load_function_words().codes, found.verdicts.tolist(), found.best_foreign.tolist()
    languages = [
        own if verdict == OWN else codes[best] if verdict == FOREIGN else None
        for own, verdict, best in zip(own_languages, verdicts, best_foreign, strict=True)
    ]
    if DOUBTFUL not in verdicts:
        return languages
    doubtful = [block for block, verdict in enumerate(verdicts) if verdict == DOUBTFUL]
    least_letters = 0.0 if FOREIGN in verdicts else _ASK_SHARE * float(tokens.lengths.sum())
    runs = _find_runs(doubtful, best_foreign, tokens.lengths, least_letters)
    own_codes = {compare_as(code): code for code in dict.fromkeys((*allowed, *own_languages))} if runs else {}
    for run in runs:
        code, probability = detect(" ".join(page.texts[block] for block in run)[:_SAMPLE_LETTERS])
        if probability < _ASK_SURE:
            continue
        own_code = own_codes.get(compare_as(code))
        for asked in run:
            languages[asked] = own_code or code
        found.verdicts[run] = OWN if own_code else FOREIGN
        found.sureness[run] = 0.0 if own_code else probability
    return languages


def _find_runs(
    doubtful: Sequence[int], best_foreign: Sequence[int], lengths: NDArray[np.int64], least_letters: float
) -> list[list[int]]:
    """Runs of neighbouring doubtful blocks that look alike, the longest few that are long enough to ask about."""
    runs: list[list[int]] = []
    for block in doubtful:
        if runs and runs[-1][-1] == block - 1 and best_foreign[block] == best_foreign[block - 1]:
            runs[-1].append(block)
        else:
            runs.append([block])
    ends = np.cumsum(lengths).tolist()
    sizes = [ends[run[-1]] - ends[run[0]] + int(lengths[run[0]]) for run in runs]
    order = sorted(range(len(runs)), key=lambda number: (-sizes[number], number))[:_ASK_LIMIT]
    enough = max(_ASK_LETTERS, least_letters)
    return [runs[number] for number in sorted(order) if sizes[number] >= enough]
