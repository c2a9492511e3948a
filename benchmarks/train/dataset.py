"""Labelled pages as training examples: the package's own evidence, labels, and what the metrics need."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import LabelledPage, corpora_folder
from benchmarks.domains import fold_of
from benchmarks.languages import page_language
from benchmarks.parts import load_parts
from benchmarks.train.augment import (
    choose_branches,
    drop_names,
    imagine_site,
    insert_notices,
    insert_second_story,
    select_blocks,
    swap_names,
    to_plain_text,
)
from benchmarks.train.graft import graft
from benchmarks.train.labels import align_blocks, label_segments
from benchmarks.train.scraped import to_markdown_text
from benchmarks.train.splice import LabelledBlocks, add_wrappers, find_story_box, put_into_frame
from boilerstrip.decode import decode
from boilerstrip.evidence.matrix import weigh
from boilerstrip.options import ANY_LANGUAGE, Options
from boilerstrip.page import Head, Page
from boilerstrip.segment.html import segment_html

CORPORA: Final = ("wcxb-dev", "news-dev", "readability", "segments-dev")
PAGE_TYPES: Final = ("article", "forum", "product", "collection", "listing", "documentation", "service")
FOLDS: Final = 5
LOWEST_CEILING: Final = 0.6
"""A page whose labelled blocks reach less than this word F1 has a gold text that is not on the page; it is not
trained on."""
SHARE_WITH_SITE: Final = 0.3
"""Augmented pages that pretend other pages of their site are known."""
SHARE_WITHOUT_LANGUAGE: Final = 0.1
"""Augmented pages whose language evidence is switched off."""
SHARE_WITH_SECOND_STORY: Final = 0.1
"""Augmented articles with another story below."""
SHARE_OF_LONG_NOTICES: Final = 0.15
"""Inserted notices that are as long as consent dialogues are."""
SHARE_WITHOUT_CLAIMS: Final = 0.15
"""Augmented pages that say nothing about what they are."""
MOST_GRAFTS: Final = 3
SHARE_OF_SECOND_STORIES: Final = 0.3
"""Grafts into an article that are the whole story of another page."""
BLOCK_LIMIT: Final = 4000
PROCESSES: Final = os.cpu_count() or 2
_WORD: Final = re.compile(r"\w+")


@dataclass(slots=True)
class Example:
    """One page, or one variant of it, as arrays over its ``n`` blocks."""

    identifier: str
    corpus: str
    group: str
    kind: str
    variant: int
    """0 is the page as it is; the others are augmentations and never scored."""
    page_type: int
    """Index into PAGE_TYPES, -1 where unknown."""
    language: str | None
    columns: NDArray[np.float16]
    word_buckets: NDArray[np.int32]
    word_starts: NDArray[np.int64]
    openings: NDArray[np.int32]
    labels: NDArray[np.float32]
    """Share of each block that is story, 0 to 1."""
    known: NDArray[np.bool_]
    """Which blocks are labelled."""
    words: NDArray[np.float32]
    ceiling: float
    score_words: NDArray[np.int32]
    """Word numbers of all blocks, for word F1; empty for augmentations."""
    score_starts: NDArray[np.int64]
    gold_counts: NDArray[np.int32]
    labelled: LabelledPage | None = None
    title: int = -1
    """The block that is the page's title, -1 where there is none."""
    page: Page | None = None
    """What selection looks at, for examples that are scored."""

    @property
    def texts(self) -> Sequence[str]:
        """Texts of the blocks of an example that is scored."""
        return self.page.texts if self.page else ()


def read_page(labelled: LabelledPage) -> Page:
    """Decode and segment a labelled page as the package does."""
    return segment_html(decode(labelled.html).text)


def label_page(page: Page, labelled: LabelledPage) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Labels of a page's blocks and which of them are known."""
    if labelled.story is None:
        return label_segments(page.texts, labelled.with_segments, labelled.without_segments)
    return align_blocks(page.texts, labelled.story), np.ones(len(page), dtype=bool)


@dataclass(frozen=True, slots=True)
class Source:
    """A labelled page, read."""

    labelled: LabelledPage
    blocks: LabelledBlocks
    ceiling: float
    language: str | None


def read_source(labelled: LabelledPage) -> Source | None:
    """Read and label a page; ``None`` where it has no label or no blocks, or too many."""
    page = read_page(labelled)
    if not 0 < len(page) <= BLOCK_LIMIT or (labelled.story is None and not labelled.with_segments):
        return None
    labels, known = label_page(page, labelled)
    ceiling = _ceiling(page.texts, labels, labelled.story) if labelled.story else 1.0
    return Source(labelled, LabelledBlocks(page, labels, known), ceiling, page_language(labelled))


def build_examples(source: Source, others: Sequence[Source], html_variants: int, text_variants: int) -> list[Example]:
    """The examples of one page: as it is, as plain text, and their augmentations.

    :param others: pages of the same fold whose frames and stories are borrowed.
    """
    random = np.random.default_rng(crc32(f"{source.labelled.corpus}/{source.labelled.identifier}".encode()))
    examples = []
    for variant in range(html_variants):
        blocks = source.blocks if variant == 0 else vary(source, others, variant, random)
        examples.append(make_example(source, blocks, variant))
    for variant in range(text_variants):
        if variant == text_variants - 1 and variant > 0 and source.blocks.known.all():
            blocks = _keep(source.blocks, source.blocks.labels >= 0.5)
        else:
            blocks = source.blocks if variant == 0 else vary(source, others, variant, random)
        if len(blocks.page):
            write = to_markdown_text if variant % 3 == 2 else to_plain_text
            plain, owners = write(blocks.page, random)
            examples.append(
                make_example(source, LabelledBlocks(plain, blocks.labels[owners], blocks.known[owners]), variant)
            )
    return examples


def vary(source: Source, others: Sequence[Source], variant: int, random: np.random.Generator) -> LabelledBlocks:
    """The page as it might also have been: in every other variant, in the frame of another site."""
    blocks = source.blocks
    if variant % 2 == 0:
        blocks = borrow_frame(source, others, random) or blocks
    blocks = _keep(blocks, choose_branches(blocks.page, blocks.labels, 0.5, random))
    if variant % 3 != 0 and blocks.known.all():
        blocks = _graft_branches(source, blocks, others, random)
    page, labels = blocks.page, blocks.labels
    if random.random() < SHARE_WITHOUT_CLAIMS:
        page = replace(page, head=replace(page.head, claims=frozenset()))
    page = swap_names(page, random.choice([0.0, 0.0, 0.1]), random)
    page = drop_names(page, random.choice([0.0, 0.0, 0.5, 1.0]), random)
    page = add_wrappers(page, random.choice([0.0, 0.0, 0.1, 0.4]), random)
    if not blocks.known.all():
        return LabelledBlocks(page, labels, blocks.known)
    if source.labelled.page_type in (None, "article") and random.random() < SHARE_WITH_SECOND_STORY:
        page, labels = _add_second_story(page, labels, source, others, random)
    for _ in range(int(random.integers(3))):
        page, labels = insert_notices(page, labels, choose_notices(source, random), random)
    return LabelledBlocks(page, labels, np.ones(len(page), dtype=bool))


def _keep(blocks: LabelledBlocks, kept: NDArray[np.bool_]) -> LabelledBlocks:
    return LabelledBlocks(select_blocks(blocks.page, kept), blocks.labels[kept], blocks.known[kept])


def borrow_frame(source: Source, others: Sequence[Source], random: np.random.Generator) -> LabelledBlocks | None:
    """The page's story in the frame of a page of another site in the same language; ``None`` after a few misses."""
    for _ in range(8):
        other = others[int(random.integers(len(others)))]
        if other.labelled.group != source.labelled.group and other.language == source.language:
            found = put_into_frame(source.blocks, other.blocks)
            if found is not None and len(found.page) <= BLOCK_LIMIT:
                return found
    return None


def _graft_branches(
    source: Source, blocks: LabelledBlocks, others: Sequence[Source], random: np.random.Generator
) -> LabelledBlocks:
    """The page with one to three branches of pages of other sites in the same language."""
    is_article = source.labelled.page_type in (None, "article")
    for _ in range(int(random.integers(1, MOST_GRAFTS + 1))):
        for _ in range(8):
            other = others[int(random.integers(len(others)))]
            if other.labelled.group == source.labelled.group or other.language != source.language:
                continue
            second_story = is_article and bool(random.random() < SHARE_OF_SECOND_STORIES)
            grafted = graft(blocks, other.blocks, random, second_story=second_story)
            if grafted is not None and len(grafted.page) <= BLOCK_LIMIT:
                blocks = grafted
                break
    return blocks


def _add_second_story(
    page: Page, labels: NDArray[np.float64], source: Source, others: Sequence[Source], random: np.random.Generator
) -> tuple[Page, NDArray[np.float64]]:
    other = others[int(random.integers(len(others)))]
    box = find_story_box(LabelledBlocks(page, labels, np.ones(len(page), dtype=bool)))
    if box is None or other.language != source.language or other.labelled.group == source.labelled.group:
        return page, labels
    story = [text for text, label in zip(other.blocks.page.texts, other.blocks.labels, strict=True) if label >= 0.5]
    title = other.blocks.page.head.title
    lines = [*([title] if title else []), *story[: int(random.integers(3, 40))]]
    return insert_second_story(page, labels, box, lines, random)


def choose_notices(source: Source, random: np.random.Generator) -> list[str]:
    """Lines of notices of pages of the same fold: a few neighbouring ones in any language, or a whole screen of consent
    in the page's own."""
    fold = frozenset({fold_of(source.labelled.group)})
    parts = [part for part in load_parts(fold, corpora_folder()) if part.foreign]
    if random.random() < SHARE_OF_LONG_NOTICES:
        own = [
            line.text
            for part in parts
            if part.language == source.language
            for line in part.foreign
            if line.kind == "notice"
        ]
        first = int(random.integers(max(len(own), 1)))
        return own[first : first + int(random.integers(5, 16))]
    part = parts[int(random.integers(len(parts)))]
    notices = [number for number, line in enumerate(part.foreign) if line.kind in ("notice", "credit")]
    if not notices:
        return []
    first = notices[int(random.integers(len(notices)))]
    return [line.text for line in part.foreign[first : first + int(random.integers(1, 7))]]


def make_example(source: Source, blocks: LabelledBlocks, variant: int) -> Example:
    """Measure labelled blocks as the package does; a variant other than 0 now and then with an imagined memory of its
    site, or without language evidence."""
    labelled, page, labels = source.labelled, blocks.page, blocks.labels
    random = np.random.default_rng(crc32(f"{labelled.identifier}/{page.kind}/{variant}".encode()))
    is_plain = variant == 0
    site = None if is_plain or random.random() > SHARE_WITH_SITE else imagine_site(page, labels, random)
    language = ANY_LANGUAGE if not is_plain and random.random() < SHARE_WITHOUT_LANGUAGE else None
    evidence = weigh(page, Options(language=language), site)
    words, starts, gold = measure_words(page.texts, labelled.story if variant == 0 else None)
    return Example(
        identifier=labelled.identifier,
        corpus=labelled.corpus,
        group=labelled.group,
        kind=page.kind,
        variant=variant,
        page_type=PAGE_TYPES.index(labelled.page_type) if labelled.corpus == "wcxb-dev" and labelled.page_type else -1,
        language=labelled.language or evidence.language,
        columns=evidence.columns.astype(np.float16),
        word_buckets=evidence.word_buckets,
        word_starts=evidence.word_starts,
        openings=evidence.opening_buckets,
        labels=labels.astype(np.float32),
        known=blocks.known,
        words=evidence.word_counts.astype(np.float32),
        ceiling=source.ceiling,
        score_words=words,
        score_starts=starts,
        gold_counts=gold,
        labelled=labelled if variant == 0 else None,
        title=-1 if evidence.title is None else evidence.title,
        page=replace(page, element_tags=(), element_depths=(), head=Head()) if variant == 0 else None,
    )


def measure_words(
    texts: Sequence[str], story: str | None
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
    """Words of all blocks as numbers, where each block's start, and how often the story has each number."""
    if story is None:
        return np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int32)
    numbers: dict[str, int] = {}
    gold = [numbers.setdefault(word, len(numbers)) for word in _WORD.findall(story.lower())]
    words, starts = [], [0]
    for text in texts:
        words.extend(numbers.setdefault(word, len(numbers)) for word in _WORD.findall(text.lower()))
        starts.append(len(words))
    return np.array(words, np.int32), np.array(starts), np.bincount(gold, minlength=len(numbers)).astype(np.int32)


def fold_of_example(example: Example, folds: int = 5) -> int:
    """Fold of a page's site: all its pages, of every corpus, are on one side."""
    return fold_of(example.group, folds)


def score_page(example: Example, kept: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Word precision, recall and F1 of a choice of blocks, as the published metric counts."""
    chosen = np.repeat(kept, np.diff(example.score_starts))
    counts = np.bincount(example.score_words[chosen], minlength=len(example.gold_counts))
    common = float(np.minimum(counts, example.gold_counts).sum())
    found, wanted = float(counts.sum()), float(example.gold_counts.sum())
    if found == 0 and wanted == 0:
        return 1.0, 1.0, 1.0
    precision, recall = common / max(found, 1.0), common / max(wanted, 1.0)
    return precision, recall, 2 * common / max(found + wanted, 1.0)


def _ceiling(texts: Sequence[str], labels: NDArray[np.float64], story: str) -> float:
    words, starts, gold = measure_words(texts, story)
    chosen = np.bincount(words[np.repeat(labels >= 0.5, np.diff(starts))], minlength=len(gold))
    return float(2 * np.minimum(chosen, gold).sum() / max(chosen.sum() + gold.sum(), 1))


def cache_folder() -> Path:
    """``BOILERSTRIP_CACHE``, or ``~/.cache/boilerstrip/train``."""
    return Path(os.environ.get("BOILERSTRIP_CACHE") or "~/.cache/boilerstrip/train").expanduser()
