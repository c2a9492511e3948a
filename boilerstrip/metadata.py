"""Title, author, date and the like: a cheap title of our own, and all else through trafilatura when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from boilerstrip.page import Head


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself, as trafilatura reads it. ``None`` and ``()`` where the page says nothing."""

    title: str | None = None
    author: str | None = None
    """Names, separated by ``"; "`` where there are several."""
    date: str | None = None
    """Day of publication, ``YYYY-MM-DD``."""
    site_name: str | None = None
    description: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    url: str | None = None
    """The page's canonical address."""
    image: str | None = None
    """Address of the picture the page names for previews."""
    license: str | None = None


def metadata_from_dict(plain: Mapping[str, Any]) -> Metadata:
    """The metadata that ``dataclasses.asdict`` made ``plain`` of, whatever JSON did to its tuples."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
    return Metadata(**values)


def read_metadata(html: str, url: str | None = None) -> Metadata:
    """Read a page's metadata with trafilatura, which takes about 30 ms a page.

    Raises what trafilatura raises; :class:`LazyMetadata` turns that into a note.

    >>> read_metadata("<html><head><meta name='author' content='Ada Lovelace'></head></html>").author
    'Ada Lovelace'
    """
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(html, default_url=url)
    return Metadata(
        title=found.title or None,
        author=found.author or None,
        date=found.date or None,
        site_name=found.sitename or None,
        description=found.description or None,
        language=found.language or None,
        categories=tuple(found.categories or ()),
        tags=tuple(found.tags or ()),
        url=found.url or url,
        image=found.image or None,
        license=found.license or None,
    )


class Outcome(NamedTuple):
    """Metadata as far as it could be read, and what went wrong (``""``: nothing)."""

    metadata: Metadata | None
    note: str = ""


def try_metadata(html: str, url: str | None) -> Outcome:
    """Like :func:`read_metadata`, with a failure as a sentence instead of an exception."""
    if not html:
        return Outcome(None, "metadata: not read, because the document does not carry its source")
    try:
        return Outcome(read_metadata(html, url))
    except Exception as error:
        return Outcome(None, f"metadata: could not be read ({type(error).__name__}: {error})")


class LazyMetadata:
    """Metadata that is read when first asked for, and only once, whichever thread asks first."""

    __slots__ = ("_lock", "_outcome")

    def __init__(self, outcome: Outcome | None = None) -> None:
        self._lock = Lock()
        self._outcome = outcome

    def __reduce__(self) -> tuple[type["LazyMetadata"], tuple[Outcome | None]]:
        return (type(self), (self._outcome,))

    @property
    def known(self) -> Metadata | None:
        """The metadata if it has been read before."""
        return self._outcome.metadata if self._outcome else None

    def read(self, html: str, url: str | None) -> Outcome:
        """The metadata; the note is given to the first who asks and to nobody after."""
        with self._lock:
            if self._outcome is None:
                outcome = try_metadata(html, url)
                self._outcome = Outcome(outcome.metadata)
                return outcome
            return self._outcome


def read_title(head: Head, headings: Sequence[str]) -> str | None:
    """The page's title without the site's name, from what segmentation has read anyway.

    :param headings: the page's headings of the first level, the likeliest title first.

    >>> read_title(Head(title="Rain in June | The Gazette", site_name="The Gazette"), [])
    'Rain in June'
    """
    return (headings[0] if headings else head.social_title or head.title) or None
