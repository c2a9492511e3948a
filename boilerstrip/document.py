"""The result of cleaning: the story, every block with its verdict, and what is known about the page.

The writers of formats are imported where they are asked for: most programs ask for none or for one of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from textwrap import shorten
from typing import Any, Final, Literal

from boilerstrip.blocks import Block
from boilerstrip.errors import SchemaError
from boilerstrip.metadata import LazyMetadata, Metadata, Outcome, metadata_from_dict
from boilerstrip.page import Kind

Status = Literal["ok", "empty", "no_story", "other_language", "binary", "error"]
STATUSES: Final[Mapping[str, str]] = {
    "ok": "the page has a story",
    "empty": "the page has no text",
    "no_story": "the page has no story: all of its text looks like boilerplate",
    "other_language": "the page is in none of the languages that were asked for",
    "binary": "the input is no text: it looks like a binary file",
    "error": "the page could not be cleaned",
}
"""The only table of statuses, each in a sentence; ``error`` is the status of pages that a run over many could not
clean, and their notes say why."""


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A cleaned page. Equal documents have equal blocks and verdicts; the reasons follow from them.

    >>> document = Document(text="One.", status="ok")
    >>> Document.from_dict(document.to_dict()) == document
    True
    """

    text: str = ""
    blocks: Sequence[Block] = ()
    """All of them, in document order; made when first looked at."""
    kind: Kind = "text"
    status: Status = "empty"
    language: str | None = None
    confidence: float = 0.0
    """Calibrated estimate, 0 to 1, of the text's word F1."""
    encoding: str | None = None
    """WHATWG name of the encoding the bytes were read in; ``None`` for str and trees."""
    encoding_source: str | None = None
    truncated: bool = False
    """Whether part of the page was left out or not judged, because a limit was reached; the notes say which."""
    page_type: str | None = None
    page_type_probability: float = 0.0
    title: str | None = None
    url: str | None = None
    bias: float = 0.0
    """The score of a block about which nothing is known: bias + the weights of a block's reasons = its score."""
    threshold: float = 1.0
    """The score from which on a block of this page is kept, unless a rule decides otherwise; 1 where no block is."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """What went wrong or was left out, in sentences; a failure in the metadata appears once they were asked for."""
    source: str = field(default="", repr=False, compare=False)
    """The page as text, for metadata that is read when first asked for."""
    with_title: bool = False
    """Whether ``text`` begins with the title, so that every format does."""
    links: bool = False
    """Whether the formats that can hold links do so where they are not asked otherwise."""
    images: bool = False
    """The same for images."""
    lazy_metadata: LazyMetadata = field(default_factory=LazyMetadata, repr=False, compare=False)

    def __repr__(self) -> str:
        title = f" {shorten(self.title, 60, placeholder=' …')!r}" if self.title else ""
        return (
            f"<Document {self.status}{title}: {len(self.text):,} characters of text, {len(self.blocks):,} blocks, "
            f"language {self.language or 'unknown'}>"
        )

    @property
    def metadata(self) -> Metadata | None:
        """Title, author, date and the like through trafilatura: about 30 ms when first asked for, nothing after.

        ``None`` where it could not be read; :attr:`notes` then says why. Plain text has none: every field is empty.
        """
        if self.kind == "text":
            return Metadata()
        metadata, note = self.lazy_metadata.read(self.source, self.url)
        if note:
            object.__setattr__(self, "notes", (*self.notes, note))
        return metadata

    @property
    def author(self) -> str | None:
        """Names, separated by ``"; "``; reads the :attr:`metadata`."""
        return (self.metadata or Metadata()).author

    @property
    def date(self) -> str | None:
        """Day of publication, ``YYYY-MM-DD``; reads the :attr:`metadata`."""
        return (self.metadata or Metadata()).date

    @property
    def site_name(self) -> str | None:
        """Name of the site; reads the :attr:`metadata`."""
        return (self.metadata or Metadata()).site_name

    def to_html(self, *, links: bool | None = None, images: bool | None = None) -> str:
        """The story as clean HTML, safe to put into a page as it is.

        :param links: keep links (http, https, mailto), relative ones resolved against the page's ``<base>`` and
            :attr:`url`; by default as the cleaner was told.
        :param images: keep images (http, https), likewise.
        """
        from boilerstrip.render.html import render_html

        return self._render(render_html, links, images)

    def to_markdown(self, *, links: bool | None = None, images: bool | None = None) -> str:
        """The story as CommonMark with GitHub's tables; options as in :meth:`to_html`."""
        from boilerstrip.render.markdown import render_markdown

        return self._render(render_markdown, links, images)

    def to_xml(self, *, metadata: bool = False, links: bool | None = None, images: bool | None = None) -> str:
        """The story as plain XML, in the shape of ``docs/document.rng``; links and images as in :meth:`to_html`.

        :param metadata: as in :meth:`to_dict`; without it, the header holds what is known already.
        """
        from boilerstrip.render.xml import render_body, render_xml

        return render_xml(self._render(render_body, links, images), self._list_header(read=metadata))

    def to_tei(self, *, metadata: bool = False, links: bool | None = None, images: bool | None = None) -> str:
        """The story in TEI P5, for corpora; options as in :meth:`to_xml`."""
        from boilerstrip.render.xml import render_body, render_tei

        return render_tei(self._render(render_body, links, images), self._list_header(read=metadata))

    def to_csv(self) -> str:
        """Every block, kept and dropped, as a row of CSV: for those who label them."""
        from boilerstrip.render.data import render_csv

        return render_csv(self.blocks)

    def _list_header(self, *, read: bool) -> dict[str, Any]:
        """What is known of the page, by name; what the page itself says of title, address and language comes last."""
        known = (self.metadata if read else self.lazy_metadata.known) or Metadata()
        own = {"title": self.title, "url": self.url, "language": self.language}
        return {name: own.get(name) or value for name, value in asdict(known).items()}

    def _render(self, write: Callable[..., str], links: bool | None, images: bool | None) -> str:
        """What a format's writer makes of the blocks, with the title where the text has it."""
        return write(
            self.blocks,
            title=self.title if self.with_title and self.text else None,
            url=self.url,
            links=self.links if links is None else links,
            images=self.images if images is None else images,
        )

    def to_dict(self, *, metadata: bool = False, reasons: bool = True, source: bool = False) -> dict[str, Any]:
        """Everything as plain values, in the shape of ``docs/schema.json``.

        :param metadata: read the metadata if that has not happened yet (about 30 ms); without it ``metadata`` is
            ``None`` until somebody asked for it.
        :param reasons: with the reasons of every block.
        :param source: with the page itself, from which metadata can still be read after :meth:`from_dict`.
        """
        from boilerstrip.render.data import document_to_dict

        if metadata:
            _ = self.metadata
        return document_to_dict(self, reasons=reasons, source=source)

    def to_json(
        self, *, metadata: bool = False, reasons: bool = True, source: bool = False, indent: int | None = None
    ) -> str:
        """:meth:`to_dict` as JSON; ``indent`` spreads it over lines."""
        from boilerstrip.render.data import write_json

        return write_json(self.to_dict(metadata=metadata, reasons=reasons, source=source), indent=indent)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Document":
        """The document that :meth:`to_dict` was called on.

        :raises boilerstrip.errors.SchemaError: if ``plain`` is not what :meth:`to_dict` writes.
        """
        from boilerstrip.render.data import check_fields, document_from_dict

        arguments = document_from_dict(plain)
        known = arguments.pop("metadata", None)
        try:
            metadata = None if known is None else metadata_from_dict(known)
            if metadata is not None:
                check_fields(Metadata, asdict(metadata))
            check_fields(cls, arguments)
            return cls(**arguments, lazy_metadata=LazyMetadata(Outcome(metadata) if metadata else None))
        except SchemaError:
            raise
        except (AttributeError, TypeError, ValueError) as error:
            raise SchemaError(f"this is no document as to_dict() writes it: {error}") from error
