"""Rules of neighbourhood: what stands among kept blocks belongs to them, and pointers to other pages do not."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip.evidence.matrix import Evidence
from boilerstrip.judge.units import Units, find_around, group_blocks
from boilerstrip.page import Page

_Hit = NDArray[np.bool_]

_SUBHEADING_PROBABILITY: Final = 0.3
"""From here on a short line between kept paragraphs is kept (sweep over 0.02 to 0.4 on held-out documents)."""
_OWN_SUBHEADING_PROBABILITY: Final = 0.1
"""The same for a line in the story's language, where other lines of the page are not."""
_FOREIGN_SHARE: Final = 0.05
"""Share of the words of a page that are in other languages than its story, from which on that tells something."""
_SUBHEADING_WORDS: Final = (2, 9)
_PARAGRAPH_WORDS: Final = 8
_CAPITALS: Final = 0.7
"""Share of capitals among the letters of a line from which on it is a label."""
_COLON: Final = re.compile(r"[:：]\s|[:：]\Z")
_DATELINE_WORDS: Final = 6
_FIRST_PARAGRAPHS: Final = 3
"""A headline that is kept, a summary, and the paragraph that a dateline may stand above."""
_CREDIT_WORDS: Final = 8
_CAPTION_WORDS: Final = 40
"""Words up to which a sentence may be a caption."""
_TABLE_LINKS: Final = 0.3
"""Share of the words of a table that may be links for it to be data."""
_TABLE_PROBABILITY: Final = 0.3
"""From here on a table right below a kept block is kept (on development pages nothing that the labels leave out)."""
_TERM_WORDS: Final = 20.0
"""Mean words of the terms and descriptions of a list up to which they stand or fall together."""
_TERMS_KEPT: Final = 0.25
"""Share of their words from which on the rest is kept, too."""
_INTRODUCTION_WORDS: Final = 4
"""Words from which on a line that ends in a colon introduces what follows; shorter ones are labels."""
_LINKED: Final = 0.9
_TEASER_WORDS: Final = 30
_STORY_SHARE: Final = 0.7
"""Share of the words of what is kept from which on it is the story (0.6 and 0.7 are alike on held-out pages)."""
_QUESTION: Final = re.compile(r"[?？؟]\s*\Z")


def find_terms(page: Page, kept: _Hit) -> _Hit:
    """Dropped terms right above their kept descriptions, which would else describe the term before."""
    hit = np.zeros(len(page), dtype=bool)
    if "dt" not in page.tags:
        return hit
    for block, (tag, below) in enumerate(pairwise(page.tags)):
        hit[block] = tag == "dt" and below == "dd" and kept[block + 1]
    return hit & ~kept


def find_facts(page: Page, evidence: Evidence, probabilities: NDArray[np.float64], kept: _Hit) -> _Hit:
    """The rest of an article's lists of terms of which part is kept or nearly is: facts without their values, questions
    without their answers. On pages of other types such lists are of users, goods and links as often as not."""
    hit = np.zeros(len(page), dtype=bool)
    if "dt" not in page.tags:
        return hit
    words, linked = evidence.word_counts, evidence.word_counts * evidence.column("link_density")
    for box, own in group_blocks(find_around(page, ("dl",))):
        is_short = len(own) > 2 and words[own].sum() <= _TERM_WORDS * len(own)
        if not is_short or linked[own].sum() > _TABLE_LINKS * words[own].sum():
            continue
        above = int(own[0]) - 1
        is_below = above >= 0 and kept[above] and _shares_box(page, above, box)
        is_likely = is_below and probabilities[own].mean() >= _TABLE_PROBABILITY
        hit[own] = is_likely or words[own] @ kept[own] >= _TERMS_KEPT * words[own].sum() > 0
    return hit & ~kept


def complete_tables(evidence: Evidence, kept: _Hit, units: Units) -> _Hit:
    """Blocks of tables of data that are kept in part, each to be what most words of its table are."""
    hit = np.zeros(len(kept), dtype=bool)
    for _, own in group_blocks(units.tables):
        words = evidence.word_counts[own]
        hit[own] = kept[own] != (2 * words @ kept[own] >= words.sum())
    return hit


def find_tables(page: Page, evidence: Evidence, probabilities: NDArray[np.float64], kept: _Hit, units: Units) -> _Hit:
    """Dropped tables of data without links among kept blocks: what they say is part of the story around them."""
    hit = np.zeros(len(page), dtype=bool)
    linked = evidence.word_counts * evidence.column("link_density")
    for table, own in group_blocks(units.tables):
        above, below = int(own[0]) - 1, int(own[-1]) + 1
        while above >= 0 and page.roles[above] in ("heading", "caption"):
            above -= 1
        if above < 0 or not kept[above] or kept[own].any():
            continue
        is_between = (below < len(page) and kept[below]) or _shares_box(page, above, table)
        few_links = linked[own].sum() <= _TABLE_LINKS * evidence.word_counts[own].sum()
        hit[own] = few_links and (is_between or probabilities[own].mean() >= _TABLE_PROBABILITY)
    return hit


def _shares_box(page: Page, block: int, table: int) -> bool:
    """Whether a block stands in the box that a table stands in."""
    return page.kind == "html" and page.box_parents[page.boxes[block]] == page.box_parents[table]


def find_captions(page: Page, evidence: Evidence, kept: _Hit) -> _Hit:
    """Sentences that the next line repeats from its first word on and adds a credit to, and that line, where kept.

    So a scraped page prints a caption: once for the picture, and once with its credit.
    """
    hit, is_sentence = np.zeros(len(page), dtype=bool), evidence.column("ends_with_stop") > 0
    for block, (caption, below) in enumerate(pairwise(page.texts)):
        if not (below.startswith(caption) and is_sentence[block] and len(below) > len(caption)):
            continue
        if evidence.word_counts[block] <= _CAPTION_WORDS:
            is_credit = len(below[len(caption) :].split()) <= _CREDIT_WORDS and not is_sentence[block + 1]
            hit[block] = hit[block + 1] = is_credit or not kept[block + 1]
    return hit & kept


def find_datelines(page: Page, evidence: Evidence, kept: _Hit) -> _Hit:
    """Kept short lines that end in a name and a dash, right above one of the first kept paragraphs: the place that a
    report was sent from. Speech breaks off further below, in quotation marks, or after another word."""
    hit = np.zeros(len(page), dtype=bool)
    paragraphs = np.flatnonzero(kept & (evidence.word_counts > _DATELINE_WORDS))[:_FIRST_PARAGRAPHS]
    for line in (paragraphs[paragraphs > 0] - 1).tolist():
        text = page.texts[line].strip()
        if text[0].isalpha() and text.endswith(("-", "–", "—")) and page.roles[line] in ("paragraph", "list_item"):
            words = text.rstrip("-–— ").split()
            hit[line] = len(words) <= _DATELINE_WORDS and not words[-1][0].islower()
    return hit & kept


def find_subheadings(page: Page, evidence: Evidence, probabilities: NDArray[np.float64], kept: _Hit) -> _Hit:
    """Dropped short lines that are not quite improbable and stand between kept blocks, above a paragraph.

    Single words, lines in capitals and such as "Read more: …" are labels and pointers, and no subheadings.
    """
    hit = np.zeros(len(evidence), dtype=bool)
    if kept.all():
        return hit
    words, ends_with_stop = evidence.word_counts, evidence.column("ends_with_stop") > 0
    least, most = _SUBHEADING_WORDS
    begins = (evidence.column("starts_upper") > 0) | (evidence.column("starts_digit") > 0)
    other = (evidence.column("is_foreign") > 0) | (evidence.column("uppercase") > _CAPITALS)
    is_own = (evidence.column("is_own") > 0) & (evidence.column("page_foreign_share") > _FOREIGN_SHARE)
    is_likely = probabilities >= np.where(is_own, _OWN_SUBHEADING_PROBABILITY, _SUBHEADING_PROBABILITY)
    line = ~kept & is_likely & (words >= least) & (words <= most) & begins & ~other
    paragraph = kept & (words >= _PARAGRAPH_WORDS) & ends_with_stop
    hit[1:-1] = line[1:-1] & kept[:-2] & paragraph[2:]
    for block in np.flatnonzero(hit).tolist():
        is_line = not ends_with_stop[block] or _is_question(page, block)
        hit[block] = is_line and _COLON.search(page.texts[block]) is None
    return hit


def _is_question(page: Page, block: int) -> bool:
    """Whether a block asks what the blocks below it answer, as its element says."""
    is_above = page.roles[block] == "heading" or page.tags[block] == "summary"
    return is_above and _QUESTION.search(page.texts[block]) is not None


def find_introduced_lists(page: Page, evidence: Evidence, kept: _Hit) -> _Hit:
    """Dropped lists between kept blocks, of which the one above introduces the list and stands in the same box."""
    hit = np.zeros(len(page), dtype=bool)
    introductions = (evidence.word_counts >= _INTRODUCTION_WORDS) & (evidence.column("ends_with_colon") > 0) & kept
    for block in np.flatnonzero(introductions[:-1] & ~kept[1:]).tolist():
        box = page.boxes[block + 1]
        while box >= 0 and page.box_tags[box] not in ("ul", "ol"):
            box = page.box_parents[box]
        if box < 0 or page.box_first[box] != block + 1:
            continue
        own, below = slice(page.box_first[box], page.box_last[box]), page.box_last[box]
        is_beside = page.box_parents[box] in (page.boxes[block], page.box_parents[page.boxes[block]])
        hit[own] = is_beside and below < len(page) and kept[below] and not kept[own].any()
    return hit


def find_enclosed(page: Page, kept: _Hit, is_wanted: Callable[[Page, int], bool]) -> _Hit:
    """Dropped blocks of a kind, one or several of them between kept ones."""
    hit = np.zeros(len(page), dtype=bool)
    for above in (kept[:-1] & ~kept[1:]).nonzero()[0].tolist():
        below = above + 1
        while below < len(page) and not kept[below] and is_wanted(page, below):
            below += 1
        hit[above + 1 : below] = below < len(page) and kept[below]
    return hit


def find_code_below(page: Page, kept: _Hit) -> _Hit:
    """Dropped code right below a kept block, and the code below that."""
    hit = np.zeros(len(page), dtype=bool)
    if "code" in page.roles:
        for block in range(1, len(page)):
            is_below = kept[block - 1] or hit[block - 1]
            hit[block] = is_below and not kept[block] and page.roles[block] == "code"
    return hit


def find_outside(page: Page, evidence: Evidence, kept: _Hit) -> _Hit:
    """Kept blocks of an article below the ``article`` or ``main`` that holds most of what is kept: other pages'."""
    end, sums = len(page), np.concatenate(([0.0], np.cumsum(evidence.word_counts * kept))).tolist()
    for box, tag in enumerate(page.box_tags):
        first, last = page.box_first[box], page.box_last[box]
        if tag in ("article", "main") and sums[last] - sums[first] >= _STORY_SHARE * sums[-1] > 0:
            end = last
    return np.asarray(kept & (np.arange(len(page)) >= end))


def find_in_footer(evidence: Evidence, kept: _Hit) -> _Hit:
    """Kept blocks in a footer, where most of what is kept stands outside of it; a quotation's says whose it is."""
    inside = (evidence.column("inside_footer") > 0) & (evidence.column("inside_blockquote") == 0)
    words = evidence.word_counts
    is_elsewhere = words[kept & ~inside].sum() >= _STORY_SHARE * words[kept].sum()
    return np.asarray(inside & kept & is_elsewhere)


def is_code(page: Page, block: int) -> bool:
    """Whether a block is code, and nothing else."""
    return page.roles[block] == "code" or _is_all(page, block, "code")


def is_formula(page: Page, block: int) -> bool:
    """Whether a block's text is one formula."""
    return _is_all(page, block, "formula")


def _is_all(page: Page, block: int, kind: str) -> bool:
    """Whether one mark of a kind covers all of a block's text."""
    length = len(page.texts[block].strip())
    return any(mark.kind == kind and mark.end - mark.start >= length for mark in page.marks[block])


def find_teasers(page: Page, evidence: Evidence, kept: _Hit) -> _Hit:
    """Kept entries of a list below a dropped heading, each a heading that is a link, and a few words."""
    hit = np.zeros(len(page), dtype=bool)
    entries: dict[int, list[int]] = {}
    for block in np.flatnonzero(evidence.column("link_density") >= _LINKED).tolist():
        if page.roles[block] == "heading":
            box = page.boxes[block]
            while box and page.box_first[box] == block:
                entries.setdefault(page.box_parents[box], []).append(box)
                box = page.box_parents[box]
    for boxes in entries.values():
        runs = [slice(page.box_first[box], page.box_last[box]) for box in boxes]
        above, last = runs[0].start - 1, runs[-1].stop
        is_list = len(runs) > 1 and all(run.stop == later.start for run, later in pairwise(runs))
        is_short = all(evidence.word_counts[run].sum() <= _TEASER_WORDS for run in runs)
        if is_list and is_short and above >= 0 and page.roles[above] == "heading" and not kept[above]:
            hit[above + 1 : last] = True
    return hit & kept
