"""Scores to verdicts: the only place that decides. Each rule has a name, and says so where it overrules a score."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip import tags
from boilerstrip.evidence.matrix import Evidence
from boilerstrip.evidence.tokens import PROSE_WORDS
from boilerstrip.judge import neighbours
from boilerstrip.judge.threshold import FOCUS_BETA, NO_STORY, find_threshold
from boilerstrip.judge.units import Units
from boilerstrip.judge.wanted import find_unwanted
from boilerstrip.limits import UNLIMITED, Limits
from boilerstrip.options import Options
from boilerstrip.page import Page
from boilerstrip.patterns import compile_later

RULES: Final = MappingProxyType(
    {
        "title": "it is the page's title, which has a place of its own",
        "separator": "it is a separator",
        "structured": "the page's structured data alone hold its story",
        "no_structured": "the page has its story outside of its structured data",
        "note": "a kept paragraph refers to this note",
        "invisible": "nobody sees it on the page",
        "menu": "it is a menu, and the page has nothing else",
        "later_copy": "the same text was kept above",
        "foreign_notice": "it is in another language, and nothing in the story quotes or introduces it",
        "outside": "it stands below the element that holds the story",
        "footer": "it stands in a footer, and the story does not",
        "teaser": "below a dropped heading, it is a link to another page with its first words",
        "table": "it is a table between kept blocks",
        "kept_table": "most of its table is kept",
        "dropped_table": "most of its table is dropped",
        "term": "the description below it is kept",
        "facts": "other terms of its list are kept, or nearly are",
        "list": "a kept line introduces this list",
        "formula": "it is a formula between kept blocks",
        "enclosed_code": "it is code between kept blocks",
        "code_below": "it is code right below a kept block, and the page is no article",
        "caption": "it is a caption that is printed twice, once with its credit",
        "dateline": "it is the place that the report was sent from",
        "subheading": "it is a short line between kept paragraphs",
        "markdown": "it is Markdown between kept parts of a text that is written in it",
        "reader_comment": "it is a reader's comment, which was asked for",
        "other_language": "the page is in none of the languages that were asked for",
        "no_tables": "tables were not asked for",
        "no_captions": "captions were not asked for",
        "no_code": "code was not asked for",
    }
)
"""Rules that overrule a score, and the sentence each says."""

_SURELY_FOREIGN: Final = 0.75
"""From here on a language is sure; from 0.6 up to here six dropped blocks in seven were story (`wcxb-dev`)."""
_SURELY_STORY: Final = 0.95
"""From here on a block is a quotation without marks rather than a notice: held out, three segments of
`segments-dev` more are right, and two mixed documents in a thousand fewer."""
_BILINGUAL_SHARE: Final = 0.45
"""Share of a page's words in other languages from which on it may be a bilingual page, and the rule leaves it alone."""
_QUOTATION: Final = compile_later(r"[\"“”„«»「」『』]|(?:^|\s)['‘]")
"""Quotation marks; an apostrophe inside a word is none."""
_COMMENT_WORDS: Final = 2.0
_OTHER_STORY: Final = 0.5
"""Words kept outside of structured data from which on these hold no story of their own, as a share of theirs."""
_MARKDOWN_HEADINGS: Final = 2
_NOTES_SHARE: Final = 0.25
"""Words of notes, as a share of the story's, up to which they are its own; beyond they are a bibliography or terms."""
_PARAGRAPHS: Final = frozenset({"p", *tags.HEADINGS})
"""Elements that no reader opens by themselves where they are hidden, unlike boxes of text."""
_ITEMS: Final = frozenset({"li", *tags.CELLS})
"""Elements of which none is opened that holds no sentence; one with a sentence may be an answer."""
_ONE_SIGN: Final = compile_later(r"([^\w\s]|_)(?:\s*\1){2,}")
_MENU_LINKS: Final = 0.5
"""Share of the words of what is kept that are links, from which on it is a menu."""
_COPY_WORDS: Final = 8
"""Words from which on a second copy of a kept block is dropped; shorter ones repeat in lists, tables and refrains."""
_REFRAIN_TIMES: Final = 3
"""Times from which on a text that stands between others is a refrain."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Selection:
    """Verdicts, the page's threshold, and the rules that overruled the bare score."""

    kept: NDArray[np.bool_]
    """Shape (n,)."""
    overruled: Mapping[int, str]
    """Name of the rule, by block."""
    threshold: float = NO_STORY
    """Probability from which on a block of this page is kept; :data:`NO_STORY` where it has no story."""


def select(
    page: Page,
    evidence: Evidence,
    probabilities: NDArray[np.float64],
    options: Options,
    *,
    is_article: bool,
    units: Units,
    limits: Limits = UNLIMITED,
) -> Selection:
    """Choose the blocks with the best expected F-measure, then apply the rules in order; rows of tables stay whole.

    :raises TimeUpError: when the time is over.
    """
    threshold = find_threshold(probabilities, evidence.word_counts, FOCUS_BETA[options.focus])
    kept = probabilities >= threshold
    overruled: dict[int, str] = {}
    comments = _find_reader_comments(evidence) if options.comments else np.zeros(len(page), dtype=bool)
    _apply(comments & ~kept, True, "reader_comment", kept, overruled)
    if (is_article or options.with_title) and evidence.title is not None:
        _apply(kept & (np.arange(len(page)) == evidence.title), False, "title", kept, overruled)
    is_free = units.rows < 0
    _apply(_find_separators(page, kept) & is_free, False, "separator", kept, overruled)
    unseen = np.zeros(len(page), dtype=bool)
    if page.kind == "html":
        unseen = _select_by_reading(page, evidence, kept, overruled)
    limits.check()
    _apply(_find_later_copies(page, evidence, kept) & is_free, False, "later_copy", kept, overruled)
    foreign = _find_foreign_notices(page, evidence) & (probabilities < _SURELY_STORY)
    _apply(foreign & is_free & kept, False, "foreign_notice", kept, overruled)
    limits.check()
    _apply(neighbours.find_captions(page, evidence, kept) & is_free, False, "caption", kept, overruled)
    _apply(neighbours.find_datelines(page, evidence, kept) & is_free, False, "dateline", kept, overruled)
    if page.kind == "html":
        _select_by_place(page, evidence, kept, overruled, is_article, comments)
    if units.rows_or_tables:
        _select_tables(page, evidence, probabilities, kept, overruled, units, unseen)
    limits.check()
    if page.kind == "html":
        _apply(neighbours.find_introduced_lists(page, evidence, kept) & ~unseen, True, "list", kept, overruled)
        _apply(neighbours.find_terms(page, kept), True, "term", kept, overruled)
        for rule, is_wanted in (("formula", neighbours.is_formula), ("enclosed_code", neighbours.is_code)):
            _apply(neighbours.find_enclosed(page, kept, is_wanted), True, rule, kept, overruled)
        if is_article:
            facts = neighbours.find_facts(page, evidence, probabilities, kept) & ~unseen
            facts[list(overruled)] = False
            _apply(facts, True, "facts", kept, overruled)
        else:
            _apply(neighbours.find_code_below(page, kept), True, "code_below", kept, overruled)
    subheadings = neighbours.find_subheadings(page, evidence, probabilities, kept) & is_free
    subheadings[list(overruled)] = False
    if page.kind == "text":
        _apply(_find_markdown(page, evidence, kept), True, "markdown", kept, overruled)
    _apply(subheadings, True, "subheading", kept, overruled)
    for rule, hit in find_unwanted(page, evidence.language, options, units):
        _apply(hit & kept, False, rule, kept, overruled)
    return Selection(kept, overruled, threshold)


def _select_tables(
    page: Page,
    evidence: Evidence,
    probabilities: NDArray[np.float64],
    kept: NDArray[np.bool_],
    overruled: dict[int, str],
    units: Units,
    unseen: NDArray[np.bool_],
) -> None:
    """Tables of data are whole, but for what nobody sees of them, and those between kept blocks stay."""
    torn = neighbours.complete_tables(evidence, kept, units)
    missing, left = torn & ~kept & ~unseen, torn & kept
    _apply(missing, True, "kept_table", kept, overruled)
    _apply(left, False, "dropped_table", kept, overruled)
    tables = neighbours.find_tables(page, evidence, probabilities, kept, units)
    _apply(tables & ~unseen, True, "table", kept, overruled)


def _select_by_reading(
    page: Page, evidence: Evidence, kept: NDArray[np.bool_], overruled: dict[int, str]
) -> NDArray[np.bool_]:
    """The blocks that nobody sees. What a browser shows decides: structured data, notes, and these."""
    if tags.STRUCTURED_ROLE in page.roles:
        structured = np.array([role == tags.STRUCTURED_ROLE for role in page.roles], dtype=bool)
        words = evidence.word_counts
        is_story = words[kept & ~structured].sum() < _OTHER_STORY * words[structured].sum()
        rule = "structured" if is_story else "no_structured"
        _apply(structured & (kept != is_story), is_story, rule, kept, overruled)
    notes = find_notes(page, kept) & ~kept
    if evidence.word_counts[notes].sum() <= _NOTES_SHARE * evidence.word_counts[kept].sum():
        _apply(notes, True, "note", kept, overruled)
    unseen = _find_invisible(page, evidence, kept)
    _apply(unseen & kept, False, "invisible", kept, overruled)
    if _is_menu(evidence, kept):
        _apply(kept.copy(), False, "menu", kept, overruled)
    return unseen


def _select_by_place(
    page: Page,
    evidence: Evidence,
    kept: NDArray[np.bool_],
    overruled: dict[int, str],
    is_article: bool,
    comments: NDArray[np.bool_],
) -> None:
    """What stands apart from the story goes: in a footer, below its element, below the heading of teasers. Notes and
    the comments that were asked for are the story's, wherever they stand."""
    is_free = ~comments & ~find_notes(page, kept)
    _apply(neighbours.find_in_footer(evidence, kept) & is_free, False, "footer", kept, overruled)
    if is_article:
        _apply(neighbours.find_outside(page, evidence, kept) & is_free, False, "outside", kept, overruled)
        _apply(neighbours.find_teasers(page, evidence, kept), False, "teaser", kept, overruled)


def _is_menu(evidence: Evidence, kept: NDArray[np.bool_]) -> bool:
    """Whether all that is kept stands in navigation, most of its words are links and none of it is prose; a page whose
    navigation is never closed, or that is one by its author's mistake, has its story in it."""
    words, links = evidence.word_counts[kept], evidence.column("link_density")[kept]
    is_prose = (words >= PROSE_WORDS) & (links < _MENU_LINKS)
    all_inside = evidence.column("inside_nav")[kept].all()
    return bool(all_inside and words @ links >= _MENU_LINKS * words.sum() and not is_prose.any())


def find_notes(page: Page, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Blocks of notes that a mark in a kept block leads to."""
    hit = np.zeros(len(page), dtype=bool)
    if not any(page.notes):
        return hit
    targets = {mark.target.removeprefix("#") for block in np.flatnonzero(kept).tolist() for mark in page.marks[block]}
    for block, note in enumerate(page.notes):
        hit[block] = note != "" and note in targets
    return hit


def _find_invisible(page: Page, evidence: Evidence, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Blocks that nobody sees, hidden paragraphs, items and cells, and those in a hidden box that is dropped but for
    little; none where most of the story is hidden, as that is a page which a script shows.

    A hidden box whose text is kept is a part of the story that a reader opens, as the answers behind questions are: on
    held-out pages four kept words in five of hidden boxes are story, and none where three quarters of the box are
    dropped.
    """
    if not any(page.invisible) and max(page.concealed, default=-1) < 0:
        return np.zeros(len(page), dtype=bool)
    words, concealed = evidence.word_counts, np.array(page.concealed, dtype=np.int64)
    invisible = np.array(page.invisible, dtype=bool)
    all_words, kept_words = (np.bincount(concealed + 1, words * chosen) for chosen in (1.0, kept))
    mostly_dropped = (kept_words * 4 < all_words)[concealed + 1] & (concealed >= 0)
    alone = np.array([box >= 0 and page.box_tags[box] in _PARAGRAPHS for box in page.concealed])
    is_item = np.array([box >= 0 and page.box_tags[box] in _ITEMS for box in page.concealed])
    alone |= is_item & (evidence.column("ends_with_stop") == 0)
    parents = np.array([page.box_parents[box] if box >= 0 else -1 for box in page.concealed])
    beside = alone[1:] & alone[:-1] & (parents[1:] == parents[:-1])  # a run of them is opened as a box is
    alone[1:] &= ~beside
    alone[:-1] &= ~beside
    hit = invisible | mostly_dropped | alone
    seen = kept & ~invisible & (concealed < 0)
    return hit if words[seen].sum() > words[kept & ~seen].sum() else np.zeros(len(page), dtype=bool)


def _apply(
    hit: NDArray[np.bool_], verdict: bool, rule: str, kept: NDArray[np.bool_], overruled: dict[int, str]
) -> None:
    blocks = hit.nonzero()[0].tolist()
    if blocks:
        kept[hit] = verdict
        overruled.update(dict.fromkeys(blocks, rule))


def _find_separators(page: Page, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Kept separators, and kept cells of one sign several times; a single one may say something."""
    hit = np.zeros(len(page), dtype=bool)
    for block in kept.nonzero()[0].tolist():
        role = page.roles[block]
        is_of_sign = role == "table_cell" and _ONE_SIGN.fullmatch(page.texts[block]) is not None
        hit[block] = is_of_sign or role == "separator"
    return hit


def _find_later_copies(page: Page, evidence: Evidence, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Kept blocks whose text was kept before, where more than the block itself is repeated.

    That is a run of blocks of some length which stands a second time in another box, as a page printed twice has it, a
    quotation of what stands above, or a hidden copy. A single answer, decision or refrain may be true of two things and
    stays, and so does a run that a box itself repeats.
    """
    hit, repeated = np.zeros(len(page), dtype=bool), kept & (evidence.column("copies") > 0)
    if not repeated.any():
        return hit
    is_hidden = evidence.column("hidden")
    texts = {block: " ".join(page.texts[block].split()) for block in repeated.nonzero()[0].tolist()}
    times, new_before = Counter(texts.values()), np.cumsum(kept & ~repeated)
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for block, text in texts.items():
        original, above = first.setdefault(text, block), last.get(text, block)
        last[text] = block
        if original == block or page.roles[block] in ("code", "table_cell"):
            continue
        neighbour = _find_same_neighbour(page.texts, original, block)
        is_often = min(times[text], times[texts.get(neighbour, "")]) >= _REFRAIN_TIMES
        is_refrain = is_often and new_before[above] < new_before[block]
        is_long = evidence.word_counts[block] >= _COPY_WORDS
        is_run = neighbour >= 0 and is_long and not is_refrain and not _are_siblings(page, original, block)
        hit[block] = is_run or page.roles[block] == "quote" or bool(is_hidden[block] > 0)
    return hit


def _are_siblings(page: Page, block: int, other: int) -> bool:
    """Whether two blocks stand in boxes of one box."""
    return page.kind == "html" and page.box_parents[page.boxes[block]] == page.box_parents[page.boxes[other]]


def _find_same_neighbour(texts: Sequence[str], original: int, copy: int) -> int:
    """The block before or behind a copy, if it is that of its original too; else -1."""
    if original > 0 and copy - 1 > original and _is_same(texts[original - 1], texts[copy - 1]):
        return copy - 1
    is_below = original + 1 < copy and copy + 1 < len(texts) and _is_same(texts[original + 1], texts[copy + 1])
    return copy + 1 if is_below else -1


def _is_same(text: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space."""
    return text == other or text.split() == other.split()


def _find_foreign_notices(page: Page, evidence: Evidence) -> NDArray[np.bool_]:
    """Blocks surely in another language than the story's, without quotation marks and not after a colon."""
    foreign = (evidence.column("is_foreign") > 0) & (evidence.column("foreign_sureness") >= _SURELY_FOREIGN)
    blocks = foreign.nonzero()[0].tolist()
    if blocks and evidence.column("page_foreign_share")[0] > _BILINGUAL_SHARE:
        return np.zeros(len(evidence), dtype=bool)
    for block in blocks:
        is_quoted = _QUOTATION.search(page.texts[block]) is not None
        is_introduced = block > 0 and page.texts[block - 1].rstrip().endswith((":", "："))
        foreign[block] = not is_quoted and not is_introduced
    return foreign


def _find_markdown(page: Page, evidence: Evidence, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Dropped headings, code and rows of tables between kept blocks of a text that has several headings of Markdown."""
    hit = np.zeros(len(page), dtype=bool)
    headings = [text for role, text in zip(page.roles, page.texts, strict=True) if role == "heading"]
    chosen = kept.nonzero()[0]
    if sum(text.startswith("#") for text in headings) < _MARKDOWN_HEADINGS:
        return hit
    if len(chosen):
        for block in range(int(chosen[0]), int(chosen[-1])):
            hit[block] = page.roles[block] in ("heading", "code") or page.texts[block].startswith("|")
        hit[: int(chosen[0])] = [text.startswith("# ") for text in page.texts[: int(chosen[0])]]
    return np.asarray(hit & ~kept & (evidence.column("is_foreign") == 0))


def _find_reader_comments(evidence: Evidence) -> NDArray[np.bool_]:
    """Blocks of text inside boxes that their author called comments."""
    named = (evidence.column("near_comment") > 0) | (evidence.column("above_comment") > 0)
    text = (evidence.word_counts >= _COMMENT_WORDS) & (evidence.column("link_density") < 0.3)
    return np.asarray(named & text & (evidence.column("inside_form") == 0))
