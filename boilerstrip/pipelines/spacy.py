"""spaCy: a reader that makes a ``Doc`` of a page's story and knows where in the page every word stands.

``doc._.page`` holds what is known of the page; ``doc.spans["blocks"]`` its kept blocks, each with ``span._.block``
(role, score, language, path and more); ``token._.source_start`` is the token's place in a plain text, ``None`` in HTML,
where the block's path says it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from boilerstrip.document import Document
from boilerstrip.errors import MissingExtra
from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.pages import FAILED, PageCleaner, PageError, Settings

try:
    from spacy.tokens import Doc, Span, Token
except ImportError as error:
    raise MissingExtra("StoryReader", "spacy") from error

BLOCKS: Final = "blocks"
_STARTS: Final = "boilerstrip_source_starts"
_OF_PAGE: Final = ("url", "status", "language", "confidence", "title", "page_type", "kind")
_OF_BLOCK: Final = ("role", "score", "language", "tag", "path", "span")


class StoryReader:
    """Pages to spaCy's documents: ``nlp.pipe(StoryReader(nlp).pipe(pages))``."""

    def __init__(self, nlp: Any, *, memory: SiteLookup | None = None, **settings: Any) -> None:
        """See :class:`boilerstrip.pipelines.pages.Settings`; only options and limits matter here."""
        self._nlp, self._cleaner = nlp, PageCleaner(Settings(**settings), memory)

    def __call__(self, page: Any, *, url: str | None = None) -> Any:
        """The story of a page as a ``Doc``, empty with ``doc._.page["error"]`` where the page cannot be cleaned."""
        try:
            return self._build_doc(self._cleaner.read(page, url=url))
        except PageError as error:
            doc = self._nlp.make_doc("")
            doc._.page = {"url": url, "status": FAILED, "error": str(error)}
            return doc

    def pipe(self, pages: Iterable[Any]) -> Iterator[Any]:
        """The documents of many pages, each a source or a pair of source and address."""
        return (self(page[0], url=page[1]) if isinstance(page, tuple) else self(page) for page in pages)

    def _build_doc(self, document: Document) -> Any:
        doc = self._nlp.make_doc(document.text)
        values = {name: getattr(document, name) for name in _OF_PAGE}
        doc._.page = {**values, "error": "; ".join(document.notes) or None}
        place, starts = 0, doc.user_data.setdefault(_STARTS, [])
        doc.spans[BLOCKS] = []
        for block in (block for block in document.blocks if block.kept and block.text):
            place = document.text.index(block.text, place)
            span = doc.char_span(place, place + len(block.text), alignment_mode="expand")
            span._.block = {name: getattr(block, name) for name in _OF_BLOCK}
            doc.spans[BLOCKS].append(span)
            starts.append((place, block.span[0] if block.span else None))
            place += len(block.text)
        return doc


def _find_source_start(token: Any) -> int | None:
    before = [pair for pair in token.doc.user_data.get(_STARTS, ()) if pair[0] <= token.idx]
    return None if not before or before[-1][1] is None else int(before[-1][1]) + int(token.idx) - int(before[-1][0])


Doc.set_extension("page", default=None, force=True)
Span.set_extension("block", default=None, force=True)
Token.set_extension("source_start", getter=_find_source_start, force=True)
