"""The story that a page holds in its structured data alone, because a script would draw it."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from boilerstrip import tags
from boilerstrip.segment.builder import BlockBuilder
from boilerstrip.segment.head import HeadReader
from boilerstrip.segment.kind import tell_kind
from boilerstrip.segment.surroundings import Surroundings
from boilerstrip.segment.text import segment_text

ReadHtml: TypeAlias = Callable[[str], Sequence[str]]
"""The texts of the blocks of a piece of HTML."""

LEAST_WORDS: Final = 60
"""Words from which on an ``articleBody`` is a story, and no description of one."""
_MOST_ELSEWHERE: Final = 0.5
"""Words outside links that a page without its story may have, as a share of the story's."""


def add_structured_story(builder: BlockBuilder, head: HeadReader, read_html: ReadHtml) -> None:
    """Add the ``articleBody`` of the page's JSON-LD as blocks with a role of their own, where the page's text is so
    short that the story cannot be in it. They stand in a box for the ``script``.

    :param read_html: for a body that is HTML itself.
    """
    body = head.longest_body
    words = len(body.split())
    if words < LEAST_WORDS or builder.count_words(int(words * _MOST_ELSEWHERE)) > words * _MOST_ELSEWHERE:
        return
    box = builder.open_box_at(head.body_element, "script", 0)
    surroundings = Surroundings(box, tags.STRUCTURED_ROLE, "script")
    for paragraph in _read_paragraphs(body, read_html):
        builder.add_text(paragraph, surroundings)
        builder.end_block(surroundings)
    builder.box_last[box] = builder.box_last[0] = builder.block_count


def _read_paragraphs(body: str, read_html: ReadHtml) -> Sequence[str]:
    return read_html(body) if tell_kind(body) == "html" else segment_text(body).texts
