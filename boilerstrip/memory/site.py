"""Which site a page belongs to, and which page of it this is."""

import re
from functools import cache
from ipaddress import ip_address
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from boilerstrip.memory.fingerprint import fingerprint_blocks
from boilerstrip.page import Page
from boilerstrip.patterns import compile_later

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_TRACKING: Final = compile_later(r"(?:utm_\w+|fbclid|gclid|msclkid|mc_cid|mc_eid)(?:=|$)", re.IGNORECASE)
"""Query parameters that say where a reader came from, never which page this is."""


class Location(NamedTuple):
    """Where a page stands: what a memory counts it as."""

    site: str
    page: str
    """What tells the page from others of the site."""


def site_of(url: str | None, *, canonical: str = "", folder: str = "") -> str | None:
    """The site of a page: the registrable domain of its address, else of its canonical link, else its folder's name.

    The registrable domain is one label more than the public suffix (https://publicsuffix.org, the list that ships with
    the package ``publicsuffixlist``; nothing is ever downloaded), in lower case, other scripts in their ASCII form. A
    host without one, such as an IP address, ``localhost`` or a public suffix itself, is its own site. ``None`` where
    nothing tells.

    >>> site_of("https://www.Example.co.uk:8080/story?id=1"), site_of("http://blog.github.io/"), site_of("http://bücher.de/")
    ('example.co.uk', 'blog.github.io', 'xn--bcher-kva.de')
    >>> site_of("http://192.168.0.1/a"), site_of("http://[2001:db8::1]/"), site_of("http://localhost:8000/a")
    ('192.168.0.1', '2001:db8::1', 'localhost')
    >>> site_of(None, canonical="https://news.example.org/a"), site_of(None, folder="crawls/elpais"), site_of("a.html")
    ('example.org', 'elpais', None)
    """
    address = _read_address(url) or _read_address(canonical)
    return _registrable_domain(address.host) if address else PurePath(folder).name or None


def page_identity(url: str | None) -> str | None:
    """An address without what does not tell pages apart.

    Dropped are the scheme, the case of the host, the default port, the fragment and tracking parameters. ``None`` for
    what has no host, such as a relative link or a file.

    >>> page_identity("HTTPS://Example.com:443/a?utm_source=mail&id=7#comments")
    '//example.com/a?id=7'
    >>> page_identity("http://example.com") == page_identity("https://example.com/#top")
    True
    >>> page_identity("/a?id=7") is None
    True
    """
    address = _read_address(url)
    if address is None:
        return None
    query = "&".join(field for field in address.query.split("&") if field and not _TRACKING.match(field))
    return f"//{address.host}{address.port}{address.path or '/'}{'?' if query else ''}{query}"


def locate(
    page: Page, *, url: str | None = None, site: str | None = None, page_id: str | None = None, folder: str = ""
) -> Location | None:
    """Where a page stands, or ``None`` if nothing says which site it belongs to.

    The site is ``site``, else what :func:`site_of` finds in ``url``, in the page's canonical link (or ``og:url``) and
    in ``folder``. The page is ``page_id``, else its ``url``, else its canonical link, else its content: the
    fingerprints of all its blocks.

    >>> from boilerstrip.page import Head
    >>> page = Page("text", texts=["Home", "It rained."], head=Head(url="https://example.com/rain"))
    >>> locate(page)
    Location(site='example.com', page='//example.com/rain')
    >>> locate(Page("text", texts=["Home"])) is None
    True
    """
    name = site or site_of(url, canonical=page.head.url, folder=folder)
    if not name:
        return None
    identity = page_id or page_identity(url) or page_identity(page.head.url) or _content_identity(page)
    return Location(name, identity)


def _content_identity(page: Page) -> str:
    return "content:" + fingerprint_blocks(page.texts).tobytes().hex()


class _Address(NamedTuple):
    host: str
    port: str
    """``:8080``, empty for the scheme's default."""
    path: str
    query: str


def _read_address(url: str | None) -> _Address | None:
    """The parts of an absolute address; anything else, such as a relative link or a broken port, is ``None``."""
    try:
        parts = urlsplit((url or "").strip())
        host, port = _read_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if not host:
        return None
    shown_port = f":{port}" if port and port != _DEFAULT_PORTS.get(parts.scheme) else ""
    return _Address(host, shown_port, parts.path, parts.query)


def _read_host(host: str) -> str:
    """The host in lower case and ASCII; one that no encoding fits (RFC 3490) stays as it is."""
    host = host.rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def _registrable_domain(host: str) -> str:
    if _is_ip_address(host):
        return host
    return _public_suffixes().privatesuffix(host) or host


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _public_suffixes() -> "PublicSuffixList":
    """Read at the first address only: it takes 0.05 s."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
