"""The three published measures: bag of words, shingles, segments.

Sources: WCXB's ``evaluate.py`` (words), the article-extraction benchmark's ``evaluate.py`` (shingles), Trafilatura's
``tests/evaluate.py`` (segments).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Literal, NamedTuple

CountWords = Literal["words", "characters"]

UNSPACED = (
    "\u0e00-\u0e7f"  # Thai
    "\u0e80-\u0eff"  # Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
)
"""Character ranges of the scripts that are written without blanks between words."""

_WORD = re.compile(r"\w+")
_WORD_OR_CHARACTER = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")


class Score(NamedTuple):
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float
    f1: float


class Counts(NamedTuple):
    """What was rightly found, wrongly found and missed; counts, or shares where normalised."""

    true_positives: float
    false_positives: float
    false_negatives: float


def score_counts(counts: Counts) -> Score:
    """Precision, recall and F1; 0 where nothing was found that should have been.

    >>> score_counts(Counts(6, 2, 2))
    Score(precision=0.75, recall=0.75, f1=0.75)
    """
    found = counts.true_positives + counts.false_positives
    wanted = counts.true_positives + counts.false_negatives
    precision = counts.true_positives / found if found else 0.0
    recall = counts.true_positives / wanted if wanted else 0.0
    return Score(precision, recall, harmonic_mean(precision, recall))


def harmonic_mean(precision: float, recall: float) -> float:
    """F1 of a precision and a recall.

    >>> harmonic_mean(1.0, 0.5), harmonic_mean(0.0, 0.0)
    (0.6666666666666666, 0.0)
    """
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def words_of(text: str, count_words: CountWords = "words") -> list[str]:
    r"""Lower-cased ``\w+`` tokens; with ``"characters"`` each character of an unspaced script is one.

    >>> words_of("Tokyo 東京都です!"), words_of("Tokyo 東京都です!", "characters")
    (['tokyo', '東京都です'], ['tokyo', '東', '京', '都', 'で', 'す'])
    """
    pattern = _WORD if count_words == "words" else _WORD_OR_CHARACTER
    return pattern.findall(text.lower())


def word_f1(predicted: str, reference: str, count_words: CountWords = "words") -> Score:
    """Bag-of-words score of one page; two empty texts agree perfectly.

    >>> word_f1("the story and more", "The story.")
    Score(precision=0.5, recall=1.0, f1=0.6666666666666666)
    >>> word_f1("", "").f1, word_f1("spam", "").f1
    (1.0, 0.0)
    """
    found, wanted = Counter(words_of(predicted, count_words)), Counter(words_of(reference, count_words))
    if not found and not wanted:
        return Score(1.0, 1.0, 1.0)
    return score_counts(_overlap(found, wanted))


def _overlap(found: Counter[str] | Counter[tuple[str, ...]], wanted: Counter[str] | Counter[tuple[str, ...]]) -> Counts:
    common = sum((found & wanted).values())  # type: ignore[operator]
    return Counts(common, found.total() - common, wanted.total() - common)


def mean_score(scores: Sequence[Score]) -> Score:
    """Mean over pages of precision, of recall and of F1 (the mean F1, not the F1 of the means).

    >>> mean_score([Score(1.0, 1.0, 1.0), Score(0.0, 0.0, 0.0)])
    Score(precision=0.5, recall=0.5, f1=0.5)
    """
    if not scores:
        return Score(0.0, 0.0, 0.0)
    return Score(*(fmean(column) for column in zip(*scores, strict=True)))


def shingle_counts(predicted: str, reference: str, size: int = 4) -> Counts:
    """Shingles of ``size`` tokens found, too many and missed, as shares that sum to 1: every page weighs the same.

    Tokens keep their case, as in the article-extraction benchmark.

    >>> shingle_counts("a b c d e", "a b c d")
    Counts(true_positives=0.5, false_positives=0.5, false_negatives=0.0)
    """
    counts = _overlap(shingles_of(predicted, size), shingles_of(reference, size))
    total = sum(counts)
    return Counts(*(count / total for count in counts)) if total else counts


def shingles_of(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """How often each run of ``size`` tokens occurs; a shorter text is one shingle."""
    tokens = _WORD.findall(text)
    starts = range(max(1, len(tokens) - size + 1))
    return Counter(shingle for start in starts if (shingle := tuple(tokens[start : start + size])))


def shingle_f1(pages: Iterable[Counts]) -> Score:
    """The article-extraction benchmark's figure: mean precision, mean recall, and the F1 of the two means.

    Pages without output do not count for precision, pages without a reference do not count for recall.

    >>> shingle_f1([shingle_counts("a b c d e", "a b c d"), shingle_counts("", "a b c d")])
    Score(precision=0.5, recall=0.5, f1=0.5)
    """
    pages = list(pages)
    precisions = [score_counts(page).precision for page in pages if page.true_positives + page.false_positives > 0]
    recalls = [score_counts(page).recall for page in pages if page.true_positives + page.false_negatives > 0]
    precision = fmean(precisions) if precisions else 0.0
    recall = fmean(recalls) if recalls else 0.0
    return Score(precision, recall, harmonic_mean(precision, recall))


def segment_counts(predicted: str, with_segments: Iterable[str], without_segments: Iterable[str]) -> Counts:
    """Trafilatura's rule: a segment is found when the string is in the output as it is.

    >>> segment_counts("A good story. Share", ["good story", "its end"], ["Share", "Log in"])
    Counts(true_positives=1, false_positives=1, false_negatives=1)
    """
    wanted = [segment in predicted for segment in with_segments]
    unwanted = sum(segment in predicted for segment in without_segments)
    return Counts(sum(wanted), unwanted, len(wanted) - sum(wanted))


def micro_f1(pages: Iterable[Counts]) -> Score:
    """Score of the counts summed over pages.

    >>> micro_f1([Counts(1, 0, 1), Counts(2, 1, 0)])
    Score(precision=0.75, recall=0.75, f1=0.75)
    """
    columns = zip(Counts(0, 0, 0), *pages, strict=True)
    return score_counts(Counts(*(sum(column) for column in columns)))
