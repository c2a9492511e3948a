"""Why words were dropped, for summaries: one cheap reason a block, read off the block itself.

The reasons of :mod:`boilerstrip.judge.reasons` are exact and cost more than cleaning; these cost next to nothing and
use the same codes where they mean the same.
"""

from collections import Counter
from typing import Final

from boilerstrip.blocks import Block
from boilerstrip.document import Document

_LINKED_SHARE: Final = 0.3
"""The share of linked text from which :mod:`boilerstrip.judge.reasons` speaks of link density."""
_SHORT_WORDS: Final = 12
_ROLES_AS_REASONS: Final = {"separator": "separator", "form": "inside_form", "button": "inside_button"}


def count_dropped_words(document: Document, *, exact: bool = False) -> dict[str, int]:
    """Words of the dropped blocks by reason, in the order in which the reasons appear.

    :param exact: ask for each block's main reason, which takes about 30 ms a page.
    """
    counts: Counter[str] = Counter()
    copies = Counter(block.text for block in document.blocks)
    for block in document.blocks:
        if not block.kept and (words := block.word_count):
            main = block.main_reason if exact else None
            counts[main.code if main else _name_reason(block, document, copies[block.text])] += words
    return dict(counts)


def _name_reason(block: Block, document: Document, copies: int = 1) -> str:
    """The first reason that holds.

    In order: a separator, form or button; no letters; the page's title; another language; links; a line that stands
    several times; few words. Otherwise ``low_score``.

    :param copies: how often the block's text stands on the page.
    """
    if block.role in _ROLES_AS_REASONS:
        return _ROLES_AS_REASONS[block.role]
    if not any(character.isalpha() for character in block.text):
        return "no_letters"
    if block.text == document.title:
        return "title"
    if _is_foreign(block.language, document.language):
        return "foreign_language"
    if _measure_linked_share(block) >= _LINKED_SHARE:
        return "link_density"
    if copies > 1:
        return "repeated_line"
    return "short" if block.word_count < _SHORT_WORDS else "low_score"


def _is_foreign(language: str | None, own: str | None) -> bool:
    return bool(language and own) and str(language).split("-")[0] != str(own).split("-")[0]


def _measure_linked_share(block: Block) -> float:
    """The share of a block's characters that are inside a link, 0 to 1."""
    linked = sum(mark.end - mark.start for mark in block.marks if mark.kind == "link")
    return min(1.0, linked / max(1, len(block.text)))
