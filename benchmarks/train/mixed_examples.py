"""Mixed documents as training examples: as text, as HTML, and in the frame of another site."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final, Literal
from zlib import crc32

import numpy as np

from benchmarks.corpora import LabelledPage
from benchmarks.mixed import HELD_OUT_LANGUAGES, MixedDocument, generate
from benchmarks.mixed_html import label_blocks, write_page
from benchmarks.mixed_own import generate_own
from benchmarks.train.dataset import Example, Source, borrow_frame, make_example, measure_words
from benchmarks.train.splice import LabelledBlocks
from boilerstrip.segment.html import segment_html
from boilerstrip.segment.text import segment_text

Corpus = Literal["mixed", "unseen", "own", "world", "abroad", "forms"]

DOCUMENTS: Final[dict[Corpus, int]] = {
    "mixed": 2400, "unseen": 240, "own": 800, "world": 800, "abroad": 800, "forms": 1200
}  # fmt: skip
"""Documents a fold of each kind: notices in other languages; the same in languages that those never have, only scored;
notices in the story's own language; notices of open-source software in 58 languages; stories on sites in another
language; stories of short lines."""
FRAMED: Final = "framed"
"""Corpus of the documents in frames of other sites."""
_CHUNK: Final = 80
_FRAMED_EVERY: Final = 4
_ALONE_EVERY: Final = 8


def list_chunks(folds: int) -> list[tuple[int, Corpus, int]]:
    """What to build: a fold, a corpus and the number of a chunk of its documents."""
    return [
        (fold, corpus, chunk)
        for corpus, count in DOCUMENTS.items()
        for fold in range(folds)
        for chunk in range(count // _CHUNK)
    ]


def build_chunk(fold: int, corpus: Corpus, chunk: int, frames: Sequence[Source]) -> list[Example]:
    """The examples of some documents, the parts of each from pages of one fold."""
    seed = 1000 * fold + chunk
    documents = _generate(fold, corpus, seed)
    return [
        example
        for number, document in enumerate(documents)
        for example in _build_document(document, f"{document.group}/{chunk}-{number}", corpus, number, frames)
    ]


def _generate(fold: int, corpus: Corpus, seed: int) -> list[MixedDocument]:
    if corpus == "mixed":
        return generate({fold}, _CHUNK, seed, excluded_languages=HELD_OUT_LANGUAGES)
    if corpus == "unseen":
        return generate({fold}, _CHUNK, seed, notice_languages=HELD_OUT_LANGUAGES)
    return generate_own({fold}, _CHUNK, seed, corpus, HELD_OUT_LANGUAGES)


def _build_document(
    document: MixedDocument, identifier: str, corpus: Corpus, number: int, frames: Sequence[Source]
) -> Iterator[Example]:
    yield build_text_example(document, identifier, corpus)
    if corpus != "unseen" and number % _ALONE_EVERY == 0:
        yield build_story_alone(document, identifier, corpus, number)
    random = Random(identifier)
    html, above = write_page(document, random)
    page = segment_html(html)
    labels = label_blocks(page.texts, document, above)
    if labels is None:
        return
    headlines = {line.text for line in document.lines if line.origin == "headline"}
    known = np.array([text not in headlines for text in page.texts], dtype=bool)  # labels of pages differ about them
    source = _as_source(document, identifier, corpus, LabelledBlocks(page, np.array(labels), known))
    yield _make_scored(source, document)
    if corpus != "unseen" and number % _FRAMED_EVERY == 1:
        framed = borrow_frame(source, frames, np.random.default_rng(crc32(identifier.encode())))
        if framed is not None:
            yield _make_scored(_as_source(document, f"{corpus}/{identifier}", FRAMED, framed), document)


def build_story_alone(document: MixedDocument, identifier: str, corpus: str, number: int) -> Example:
    """The story without the rest, all of which stays: what was cleaned once is not to be cut again."""
    lines = tuple(line for line in document.lines if line.keep)
    text = ("\n", "\n\n")[number // _ALONE_EVERY % 2].join(line.text for line in lines)
    return build_text_example(replace(document, lines=lines, text=text), identifier, corpus, variant=1)


def build_text_example(document: MixedDocument, identifier: str, corpus: str, variant: int = 0) -> Example:
    """A mixed document as a text: a block is story as far as its lines are."""
    page = segment_text(document.text)
    kept = np.zeros(len(document.text) + 1)
    position = 0
    for line in document.lines:
        position = document.text.index(line.text, position)
        kept[position : position + len(line.text)] = float(line.keep)
        position += len(line.text)
    sums = np.concatenate(([0.0], np.cumsum(kept)))
    labels = np.array([(sums[end] - sums[start]) / (end - start) for start, end in page.spans])
    source = _as_source(document, identifier, corpus, LabelledBlocks(page, labels, np.ones(len(page), dtype=bool)))
    return make_example(source, source.blocks, variant) if variant else _make_scored(source, document)


def _as_source(document: MixedDocument, identifier: str, corpus: str, blocks: LabelledBlocks) -> Source:
    labelled = LabelledPage(corpus, identifier, Path(), document.group, language=document.language)
    return Source(labelled, blocks, 1.0, document.language)


def _make_scored(source: Source, document: MixedDocument) -> Example:
    example = make_example(source, source.blocks, 0)
    story = "\n".join(line.text for line in document.lines if line.keep)
    example.score_words, example.score_starts, example.gold_counts = measure_words(source.blocks.page.texts, story)
    return example
