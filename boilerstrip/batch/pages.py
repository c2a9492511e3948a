"""What a worker does with a page: read it, clean it, and make of it what the sink stores."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from boilerstrip.batch.dropping import count_dropped_words
from boilerstrip.batch.reading import LARGEST_PAGE, check_size, read_page
from boilerstrip.batch.records import Cleaned, Facts, Failed, Record, Result, explain_os_error
from boilerstrip.batch.rows import build_row
from boilerstrip.cleaner import Cleaner, read_source
from boilerstrip.decode import decode
from boilerstrip.document import Document
from boilerstrip.errors import MissingExtra, OptionError
from boilerstrip.memory import SiteMemory, locate, site_of
from boilerstrip.report import write_report

FileFormat = Literal["txt", "md", "html", "json"]
RowFormat = Literal["jsonl", "parquet"]
OutputFormat = FileFormat | RowFormat

_RENDERERS: Final[Mapping[str, Callable[[Document], str]]] = MappingProxyType(
    {
        "txt": lambda document: document.text,
        "md": lambda document: document.to_markdown(),
        "html": lambda document: document.to_html(),
        "json": lambda document: document.to_json(),
    }
)


@dataclass(frozen=True, slots=True)
class Job:
    """What workers are to do with every page. Picklable, because they are processes of their own."""

    output_format: OutputFormat = "txt"
    options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of :class:`boilerstrip.Cleaner`."""
    encoding: str | None = None
    """Of pages that come without one."""
    max_bytes: int = LARGEST_PAGE
    markdown: bool = False
    """Whether rows hold Markdown instead of plain text."""
    metadata: bool = False
    """Whether rows hold author and date."""
    reasons: bool = False
    """Whether dropped words are counted by each block's strongest reason instead of a cheap one."""
    reports: str | None = None
    """Folder for a page's report, which shows every block; ``None`` for no reports."""
    memory: str | None = None
    """Path of the site memory to clean with."""
    site: str | None = None
    """The site of every page; by default address, canonical link and folder say."""
    learn: bool = False
    """Whether pages are made into lessons for a memory instead of cleaned."""

    def start(self) -> "PageWorker":
        """Whoever does the job; called in the worker's process."""
        return PageWorker(self)


class PageWorker:
    """Does a job page by page. Whatever a page holds, it gives a result and never an exception."""

    def __init__(self, job: Job) -> None:
        self.job = job
        memory = SiteMemory(job.memory, read_only=True) if job.memory and not job.learn else None
        self.cleaner = Cleaner(**job.options, memory=memory, site=job.site)

    def __call__(self, record: Record) -> Result:
        try:
            content = self._read(record)
        except (OSError, MissingExtra) as error:
            return Failed("read", explain_os_error(error) if isinstance(error, OSError) else str(error))
        try:
            return self._learn(record, content) if self.job.learn else self._clean(record, content)
        except MemoryError:
            return Failed("clean", "not enough memory for this page")
        except Exception as error:  # a defect of ours costs its page, not the run
            return Failed("clean", f"unexpected {type(error).__name__}: {error}; please report it")

    def _read(self, record: Record) -> bytes | str:
        if record.path is not None:
            return read_page(record.path, self.job.max_bytes)
        content = record.content or b""
        check_size(len(content), self.job.max_bytes)
        return content

    def _encoding_of(self, record: Record) -> str | None:
        """The record's encoding, if there is one of that name, else the job's."""
        try:
            decode(b"", record.encoding)
        except OptionError:
            return self.job.encoding
        return record.encoding or self.job.encoding

    def _clean(self, record: Record, content: bytes | str) -> Result:
        encoding = self._encoding_of(record)
        if self.cleaner.memory is not None and not self.job.site:
            self.cleaner.site = self._find_site(record, content, encoding)
        document = self.cleaner.clean(content, url=record.url, encoding=encoding)
        if self.job.reports:
            try:
                write_report(document, self.job.reports, record.name)
            except OSError as error:
                return Failed("write", explain_os_error(error))
        facts = state_facts(document, exact=self.job.reasons)
        if self.job.output_format in _RENDERERS:
            return Cleaned(facts, content=render_page(document, self.job.output_format))
        job = self.job
        row = build_row(document, facts, record.id, record.url, markdown=job.markdown, metadata=job.metadata)
        return Cleaned(facts, row=row)

    def _find_site(self, record: Record, content: bytes | str, encoding: str | None) -> str | None:
        """The site that an address or, costing a look into the page, its canonical link or its folder names."""
        if site_of(record.url):
            return site_of(record.url)
        head = read_source(content, self.cleaner.options.kind, encoding).page.head
        return site_of(None, canonical=head.url, folder=record.folder)

    def _learn(self, record: Record, content: bytes | str) -> Cleaned:
        page = read_source(content, self.cleaner.options.kind, self._encoding_of(record)).page
        place = locate(page, url=record.url, site=self.job.site, folder=record.folder)
        if place is None or not page.texts:
            return Cleaned(Facts("empty"))
        return Cleaned(Facts("ok"), lesson=(place.site, place.page, tuple(page.texts)))


def state_facts(document: Document, *, exact: bool = False) -> Facts:
    """What the summary counts of a document."""
    kept = sum(block.word_count for block in document.blocks if block.kept)
    return Facts(document.status, document.language, kept, count_dropped_words(document, exact=exact))


def render_page(document: Document, output_format: str) -> bytes:
    """The content of a page's file in UTF-8: a lone surrogate, which that cannot hold, becomes a question mark."""
    text = _RENDERERS[output_format](document)
    return (text + "\n" if text and not text.endswith("\n") else text).encode("utf-8", "replace")
