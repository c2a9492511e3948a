"""A page of any table to the values of its row: what all adapters do, whatever their engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from boilerstrip.cleaner import Cleaner
from boilerstrip.document import Document
from boilerstrip.errors import MissingExtra, OptionError
from boilerstrip.page import SiteLookup
from boilerstrip.rows import COLUMNS, COLUMNS_ON_REQUEST, build_row

FAILED: Final = "failed"
"""Status of a row whose page could not be cleaned; its error says why."""


class PageError(ValueError):
    """A row holds no page that could be cleaned; the message says why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a row holds its page, how that is cleaned, and which columns come out. Picklable: workers get a copy.

    >>> Settings(columns=("text", "words"))
    Traceback (most recent call last):
    ...
    boilerstrip.errors.OptionError: columns='words' is not allowed; use one of id, url, status, ...
    """

    html: str = "html"
    """Column of the page, HTML or plain text, as text or bytes."""
    url: str | None = "url"
    """Column of its address. This and the next may be missing."""
    id: str | None = "id"
    """Column that names the row."""
    site: str | None = None
    """Column of the page's site; by default its address says."""
    encoding: str | None = None
    """Column of the charset of the HTTP header."""
    error: str | None = None
    """Column that says why a row has no page, where reading it has failed already."""
    columns: tuple[str, ...] = tuple(COLUMNS)
    """What comes out: names of :data:`boilerstrip.rows.COLUMNS` and, on request, ``markdown``, ``html``, ``blocks``."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of :class:`boilerstrip.Cleaner`."""
    metadata: bool = False
    """Whether author and date are read, which takes about 30 ms a page; otherwise they are null."""
    max_bytes: int = 20_000_000
    """A larger page is an error, as it is for the batch command."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        allowed = (*COLUMNS, *COLUMNS_ON_REQUEST)
        for name in self.columns:
            if name not in allowed:
                raise OptionError(f"columns={name!r} is not allowed; use one of {', '.join(allowed)}")
        self.make_cleaner()

    @property
    def read_columns(self) -> tuple[str, ...]:
        """The columns that are read and not carried through, the page's first."""
        names = (self.html, self.url, self.id, self.site, self.encoding, self.error)
        return tuple(dict.fromkeys(name for name in names if name))

    def make_cleaner(self, memory: SiteLookup | None = None, *, learn: bool = False) -> Cleaner:
        """A cleaner with these options."""
        limits = {"max_bytes": self.max_bytes, "strict": True}  # a fault is the row's error, and no text unjudged
        return Cleaner(**{**limits, **self.options}, memory=memory, learn=learn)


class PageCleaner:
    """Cleans pages as rows hold them. Whatever a page is, it gives a row and never an exception.

    >>> cleaner = PageCleaner(Settings(columns=("status", "error")))
    >>> cleaner.clean("")
    {'status': 'empty', 'error': None}
    >>> cleaner.clean(None)
    {'status': 'failed', 'error': 'no page: the value is null'}
    """

    def __init__(self, settings: Settings, memory: SiteLookup | None = None, *, learn: bool = False) -> None:
        """
        :param memory: what is known of the blocks of the pages' sites.
        :param learn: learn each page after it was cleaned.
        """
        self.settings = settings
        self._cleaner = settings.make_cleaner(memory, learn=learn)

    def clean(
        self,
        page: Any,
        url: Any = None,
        identifier: Any = None,
        site: Any = None,
        encoding: Any = None,
        error: Any = None,
    ) -> dict[str, Any]:
        """The columns asked for; of another value than text only the page and the identifier may be.

        :param error: why there is no page.
        """
        settings, name = self.settings, None if identifier is None else str(identifier)
        address, place, charset = (
            given if isinstance(given, str) and given else None for given in (url, site, encoding)
        )
        try:
            if error is not None:
                raise PageError(str(error))
            check_page(page, settings.max_bytes)
            document = self._clean(page, address, place, charset)
            return build_row(document, settings.columns, identifier=name, url=address, metadata=settings.metadata)
        except Exception as failure:  # a defect of ours costs its page, not the job
            row = {"id": name, "url": address, "status": FAILED, "error": _explain(failure)}
            return {column: row.get(column) for column in settings.columns}

    def clean_all(self, pages: Iterable[Any], urls: Iterable[Any] | None) -> list[dict[str, Any]]:
        """The rows of a column of pages and, if there is one, that of their addresses."""
        pairs = ((page, None) for page in pages) if urls is None else zip(pages, urls, strict=True)
        return [self.clean(page, url=url) for page, url in pairs]

    def _clean(self, page: str | bytes, url: str | None, site: str | None, encoding: str | None) -> Document:
        try:
            return self._cleaner.clean(page, url=url, site=site, encoding=encoding)
        except OptionError:  # no encoding has this name: what a server claims is content, not misuse
            return self._cleaner.clean(page, url=url, site=site)


def _explain(failure: Exception) -> str:
    if isinstance(failure, PageError):
        return str(failure)
    if isinstance(failure, MemoryError):
        return "not enough memory for this page"
    return f"unexpected {type(failure).__name__}: {failure}; please report it"


def check_page(page: Any, max_bytes: int) -> None:
    """
    :raises PageError: when a value is no page or larger than that in UTF-8.
    """
    if page is None:
        raise PageError("no page: the value is null")
    if not isinstance(page, (str, bytes, bytearray, memoryview)):
        raise PageError(f"no page: the value is of type {type(page).__name__}, not text or bytes")
    size = page.nbytes if isinstance(page, memoryview) else len(page)
    if isinstance(page, str) and size <= max_bytes < 4 * size:
        size = len(page.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise PageError(describe_size(max_bytes))


def describe_size(max_bytes: int) -> str:
    """Why a page is refused for its size."""
    return f"larger than {max_bytes:,} bytes; max_bytes= allows more"


def import_extra(module: str, feature: str, extra: str) -> Any:
    """A module that an extra brings.

    :raises MissingExtra: when it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(feature, extra) from error
