"""Sentences that a story of another language may quote in the original."""

import re
from collections.abc import Sequence
from random import Random
from typing import Final

from benchmarks.languages import detect_language
from benchmarks.parts import length_in_words

_SENTENCE_END: Final = re.compile(r"(?<=[.!?。！？।؟])\s+|(?<=[。！？])")
_QUOTATION_MARKS: Final = re.compile('["“”„«»「」『』‘’]')
_LEAST_WORDS, _MOST_WORDS = 9, 40


def choose_sentence(random: Random, lines: Sequence[str], language: str) -> str | None:
    """A whole sentence without quotation marks that a detector is sure about; ``None`` where there is none."""
    candidates = [sentence for line in lines for sentence in split_sentences(line) if _is_quotable(sentence)]
    random.shuffle(candidates)
    return next((sentence for sentence in candidates if _is_certain(sentence, language)), None)


def split_sentences(paragraph: str) -> list[str]:
    """Sentences of a paragraph, by their end marks.

    >>> split_sentences("One came. Two left! Why?")
    ['One came.', 'Two left!', 'Why?']
    """
    return [sentence.strip() for sentence in _SENTENCE_END.split(paragraph) if sentence.strip()]


def _is_quotable(sentence: str) -> bool:
    return (
        _LEAST_WORDS <= length_in_words(sentence) <= _MOST_WORDS
        and not _QUOTATION_MARKS.search(sentence)
        and sentence[0].isalpha()
        and not sentence[0].islower()
        and sentence[-1] in ".!?。！？।"
    )


def _is_certain(sentence: str, language: str) -> bool:
    detected, probability = detect_language(sentence)
    return detected == language and probability > 0.9
