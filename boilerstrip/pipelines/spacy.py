"""spaCy: a reader that makes a ``Doc`` of a page's story and knows where in the page every word stands.

``doc._.page`` holds what is known of the page; ``doc.spans["blocks"]`` its kept blocks, each with ``span._.block``
(role, score, language, path and more); ``token._.source_start`` is the token's place in a plain text, ``None`` in HTML,
where the block's path says it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.pages import PageCleaner, Settings, import_extra

BLOCKS: Final = "blocks"
_OF_PAGE: Final = ("url", "status", "language", "confidence", "title", "page_type", "error")


class StoryReader:
    """Pages to spaCy's documents: ``nlp.pipe(StoryReader(nlp).pipe(pages))``."""

    def __init__(self, nlp: Any, *, memory: SiteLookup | None = None, **settings: Any) -> None:
        """See :class:`boilerstrip.pipelines.pages.Settings`; the columns are those of ``doc._.page``."""
        chosen = Settings(**{"columns": _OF_PAGE, **settings})
        columns = tuple(dict.fromkeys((*chosen.columns, "text", BLOCKS)))
        self._nlp, self._cleaner = nlp, PageCleaner(replace(chosen, columns=columns), memory)

    def __call__(self, page: Any, *, url: str | None = None) -> Any:
        """The story of a page as a ``Doc``, empty with ``doc._.page["error"]`` where the page cannot be cleaned."""
        row = self._cleaner.clean(page, url=url)
        story, blocks, place = row.pop("text") or "", row.pop(BLOCKS) or (), 0
        doc = self._nlp.make_doc(story)
        doc._.page, doc.spans[BLOCKS] = row, []
        for block in (block for block in blocks if block["kept"] and block["text"]):
            place = story.index(block["text"], place)
            span = doc.char_span(place, place + len(block["text"]), alignment_mode="expand")
            span._.block = {**block, "story_start": place}
            doc.spans[BLOCKS].append(span)
            place += len(block["text"])
        return doc

    def pipe(self, pages: Iterable[Any]) -> Iterator[Any]:
        """The documents of many pages, each a source or a pair of source and address."""
        return (self(page[0], url=page[1]) if isinstance(page, tuple) else self(page) for page in pages)


def _find_source_start(token: Any) -> int | None:
    blocks = (span._.block for span in token.doc.spans.get(BLOCKS, ()) if span.start <= token.i < span.end)
    starts = (int(block["start"] + token.idx - block["story_start"]) for block in blocks if block["start"] is not None)
    return next(starts, None)


_tokens: Any = import_extra("spacy.tokens", "StoryReader", "spacy")
_tokens.Doc.set_extension("page", default=None, force=True)
_tokens.Span.set_extension("block", default=None, force=True)
_tokens.Token.set_extension("source_start", getter=_find_source_start, force=True)
