"""Mixed-language documents as training examples."""

from dataclasses import replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from benchmarks.corpora import LabelledPage
from benchmarks.mixed import HELD_OUT_LANGUAGES, MixedDocument, generate
from benchmarks.train.dataset import FOLDS, Example, Source, make_example, measure_words
from benchmarks.train.splice import LabelledBlocks
from boilerstrip.segment.text import segment_text


def build_mixed_examples(per_fold: int, seed: int, *, processes: int = 2) -> list[Example]:
    """Mixed documents of every fold, the parts of each from pages of its fold alone.

    The corpus ``unseen`` has notices in languages that those of the corpus ``mixed`` never have; it is only scored.
    """
    with Pool(processes) as pool:
        parts = pool.map(_build_fold, [(fold, per_fold, seed) for fold in range(FOLDS)], chunksize=1)
    return [example for part in parts for example in part]


def _build_fold(arguments: tuple[int, int, int]) -> list[Example]:
    fold, count, seed = arguments
    seen = generate({fold}, count, seed + fold, excluded_languages=HELD_OUT_LANGUAGES)
    unseen = generate({fold}, count // 10, seed + fold, notice_languages=HELD_OUT_LANGUAGES)
    return [
        *(build_mixed_example(document, number, "mixed") for number, document in enumerate(seen)),
        *(build_story_alone(document, number) for number, document in enumerate(seen) if number % 8 == 0),
        *(build_mixed_example(document, number, "unseen") for number, document in enumerate(unseen)),
    ]


def build_story_alone(document: MixedDocument, number: int) -> Example:
    """The story without the rest, all of which stays: what was cleaned once is not to be cut again."""
    lines = tuple(line for line in document.lines if line.keep)
    text = ("\n", "\n\n")[number // 8 % 2].join(line.text for line in lines)
    return build_mixed_example(replace(document, lines=lines, text=text), number, "mixed", variant=1)


def build_mixed_example(document: MixedDocument, number: int, corpus: str, variant: int = 0) -> Example:
    """A mixed document as a training example: a block is story as far as its lines are."""
    page = segment_text(document.text)
    kept = np.zeros(len(document.text) + 1)
    position = 0
    for line in document.lines:
        position = document.text.index(line.text, position)
        kept[position : position + len(line.text)] = float(line.keep)
        position += len(line.text)
    sums = np.concatenate(([0.0], np.cumsum(kept)))
    labels = np.array([(sums[end] - sums[start]) / (end - start) for start, end in page.spans])
    labelled = LabelledPage(corpus, f"{document.group}/{number}", Path(), document.group, language=document.language)
    story = "\n".join(line.text for line in document.lines if line.keep)
    blocks = LabelledBlocks(page, labels, np.ones(len(page), dtype=bool))
    example = make_example(Source(labelled, blocks, 1.0, document.language), blocks, variant)
    if variant:
        return example
    example.score_words, example.score_starts, example.gold_counts = measure_words(page.texts, story)
    return example
