"""Author, date and the like, which are read through trafilatura when they are first asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, NamedTuple

from boilerstrip.errors import find_logger

_LANGUAGE_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself, as its JSON-LD has it or trafilatura reads it.

    ``None`` and ``()`` where the page says nothing.
    """

    title: str | None = None
    author: str | None = None
    """Names, separated by ``"; "`` where there are several."""
    date: str | None = None
    """Day of publication, ``YYYY-MM-DD``."""
    site_name: str | None = None
    description: str | None = None
    language: str | None = None
    """ISO 639 code that the page declares, which trafilatura does not read; ``Document.language`` is what was found."""
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
    """A page's metadata, read with trafilatura, which parses it once more: about 30 ms a page.

    What the page says of its author and day for programs goes before what trafilatura finds by looking around; on
    ``wcxb-dev`` that is right where the other is wrong eight times as often as the other way round.

    :raises Exception: what trafilatura raises.

    >>> read_metadata("<html><head><meta name='author' content='Ada Lovelace'></head></html>").author
    'Ada Lovelace'
    """
    from trafilatura.metadata import extract_metadata
    from trafilatura.utils import load_html

    from boilerstrip.bylines import is_account, read_byline, trim_author
    from boilerstrip.days import is_copyright_year

    tree = load_html(html)
    if tree is None:
        return Metadata(url=url)
    language = _read_declared_language(tree)
    byline = read_byline(tree, url)
    address = _read_address(tree, url)
    found = extract_metadata(tree, default_url=url)
    return Metadata(
        title=found.title or None,
        author=(None if is_account(byline.author) else byline.author) or trim_author(found.author) or byline.author,
        date=byline.date or (None if is_copyright_year(found.date, html) else found.date or None),
        site_name=found.sitename or None,
        description=found.description or None,
        language=language,
        categories=tuple(found.categories or ()),
        tags=tuple(found.tags or ()),
        url=address or found.url or url,
        image=found.image or None,
        license=found.license or None,
    )


def _read_address(tree: Any, url: str | None) -> str | None:
    """The address that a page gives itself, the canonical one before that for previews, whole; ``None``: none.

    What relative addresses start from is taken out of the tree, as trafilatura takes it for the page's own.
    """
    from urllib.parse import urljoin, urlsplit

    canonical = tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil') = 'canonical']/@href")
    social = tree.xpath("//meta[@property = 'og:url' or @name = 'og:url']/@content")
    bases = tree.xpath("//base[@href]")
    try:
        start = urljoin(url or next(iter(social), ""), bases[0].get("href").strip() if bases else "")
        for claim in filter(None, map(str.strip, (*canonical[:1], *social[:1]))):
            address = urlsplit(urljoin(start, claim))
            if address.scheme in ("http", "https") and address.hostname:
                return str(address.geturl())
    except ValueError:
        return None
    finally:
        for base in bases:
            del base.attrib["href"]
    return None


def _read_declared_language(tree: Any) -> str | None:
    """The language that a page declares for itself, without its region (HTML Living Standard, 3.2.6.2)."""
    pragma = "//meta[translate(@http-equiv, 'CONTEALGU', 'contealgu') = 'content-language']/@content"
    claims = (*tree.xpath("/html/@lang | /html/@*[name() = 'xml:lang']"), *tree.xpath(pragma))
    matches = (_LANGUAGE_TAG.match(claim.strip()) for claim in claims)
    return next((match[1].lower() for match in matches if match), None)


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
        find_logger(__name__).warning(
            "the metadata of %s could not be read", url or "a page without URL", exc_info=True
        )
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
            outcome = self._outcome or try_metadata(html, url)
            self._outcome = Outcome(outcome.metadata)
            return outcome
