"""Which blocks of a page are its story: labels from an alignment of the page's words with the labelled text."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from boilerstrip.evidence.tokens import split_words

CERTAIN: Final = 0.5
"""Share of a block's words that must align for the block to take part in the second alignment."""
MOVED_CERTAIN: Final = 0.8
MOVED_WORDS: Final = 3
MOVED_ROUNDS: Final = 3
"""Blocks that stand elsewhere in the story than in the page: aligned to this share, of this length, in so many
more rounds."""
WORD_LIMIT: Final = 60_000
"""Words of a page that are aligned; the few longer pages are left out."""


def align_blocks(texts: Sequence[str], story: str) -> NDArray[np.float64]:
    """Share of each block's words that the story holds at the place where it holds them, shape (len(texts),).

    Aligned twice: the second time without the blocks that only lent single words, so that the story's words go to its
    own blocks. What the story holds in another order than the page is aligned in further rounds, against the words
    still unaccounted for.

    >>> align_blocks(["Menu", "A short story.", "About us"], "A short story.")
    array([0., 1., 0.])
    >>> align_blocks(["The second part is here.", "The first part of the story stands here."],
    ...              "The first part of the story stands here. The second part is here.")
    array([1., 1.])
    """
    words = [split_words(text) for text in texts]
    gold = split_words(story)
    if not gold or sum(map(len, words)) > WORD_LIMIT:
        return np.zeros(len(texts))
    first, _ = _align(words, gold, np.ones(len(texts), dtype=bool))
    labels, rest = _align(words, gold, first >= CERTAIN)
    long_enough = np.array([len(own) >= MOVED_WORDS for own in words])
    for _ in range(MOVED_ROUNDS):
        moved, _ = _align(words, rest, (labels < CERTAIN) & long_enough)
        found = moved >= MOVED_CERTAIN
        if not found.any():
            break
        again, rest = _align(words, rest, found)
        labels = np.where(found, again, labels)
    return labels


def _align(
    words: list[list[str]], gold: list[str], taking_part: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], list[str]]:
    """Aligned share of each block, and the story's words that found no place."""
    numbers: dict[str, int] = {}
    target = [numbers.setdefault(word, len(numbers)) for word in gold]
    owners = [block for block, own in enumerate(words) if taking_part[block] for _ in own]
    source = [numbers.get(word, -1) for block, own in enumerate(words) if taking_part[block] for word in own]
    known = [position for position, number in enumerate(source) if number >= 0]
    aligned, placed = np.zeros(len(words)), np.zeros(len(gold), dtype=bool)
    for tag, start, end, gold_start, gold_end in LCSseq.opcodes([source[position] for position in known], target):
        if tag == "equal":
            placed[gold_start:gold_end] = True
            for position in known[start:end]:
                aligned[owners[position]] += 1
    rest = [word for word, is_placed in zip(gold, placed, strict=True) if not is_placed]
    return aligned / np.maximum([len(own) for own in words], 1), rest


def label_segments(
    texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Labels of the blocks that hold a labelled segment, and which blocks those are.

    >>> label_segments(["good story", "menu", "other"], ["story"], ["menu"])
    (array([1., 0., 0.]), array([ True,  True, False]))
    """
    labels, known = np.zeros(len(texts)), np.zeros(len(texts), dtype=bool)
    normalised = [" ".join(text.split()) for text in texts]
    for segments, label in ((wanted, 1.0), (unwanted, 0.0)):
        for segment in segments:
            holders = [block for block, text in enumerate(normalised) if " ".join(segment.split()) in text]
            for block in holders if label == 0.0 else holders[:1]:
                labels[block], known[block] = label, True
    return labels, known
