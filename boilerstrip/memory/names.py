"""What a memory knows a block, a page and a site by.

A block's fingerprint are 64 bits that stay the same when case, white space, width or a number in it change. The normal
form is Unicode's (NFKC, case folded: Unicode Standard Annex 15 and section 3.13) with every number written as ``0`` and
white space collapsed, so that "Read 5 comments" and "Read 1,017 Comments" are one line. Its hash is BLAKE2b (RFC 7693)
cut to 8 bytes, read as a signed integer in little-endian order: what SQLite, Arrow and Spark call a 64-bit integer. It
depends on nothing else, so fingerprints from other processes, machines and Python versions can be compared.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from boilerstrip.page import Page
from boilerstrip.patterns import compile_later

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

FingerprintArray = NDArray[np.int64]
"""One signed 64-bit fingerprint an entry, little-endian in memory (``FINGERPRINT_TYPE``)."""

FINGERPRINT_TYPE: Final = np.dtype("<i8")
_FINGERPRINT_BYTES: Final = 8

_SEPARATOR: Final = "\0"
_ASCII_CLASSES: Final = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\t\n\v\f\r\x1c\x1d\x1e\x1f",
    b"abcdefghijklmnopqrstuvwxyz0000000000         ",
)
_NUMBER: Final = compile_later(rb"0+(?:[.,:]0+)*")
_SPACES: Final = compile_later(rb"  +")
_DIGIT: Final = compile_later(r"\d")

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_TRACKING: Final = compile_later(r"(?:utm_\w+|fbclid|gclid|msclkid|mc_cid|mc_eid)(?:=|$)", re.IGNORECASE)
"""Query parameters that say where a reader came from, never which page this is."""


def fingerprint(text: str) -> int:
    """The fingerprint of one block, from -2**63 to 2**63 - 1.

    >>> fingerprint("Read 5 comments") == fingerprint("READ  1,017\\ncomments ")
    True
    >>> fingerprint("Read 5 comments") == fingerprint("Read no comments")
    False
    >>> fingerprint("Ｒead ５ ﬁles") == fingerprint("read 5 files")
    True
    >>> fingerprint("Read 5 comments")
    4508776669744296377
    """
    return int(fingerprint_blocks((text,))[0])


def fingerprint_blocks(texts: Sequence[str]) -> FingerprintArray:
    """The fingerprints of a page's blocks, in their order.

    >>> fingerprint_blocks(["Home", "Page 1 of 9", "Page 2 of 12"]).tolist()[1:] == [fingerprint("page 0 of 0")] * 2
    True
    """
    digests = _digest([text.strip() for text in _normalise(texts)])
    return np.frombuffer(b"".join(digests), FINGERPRINT_TYPE)


def distinct_fingerprints(texts: Sequence[str]) -> FingerprintArray:
    """What a page counts for: the fingerprints of its blocks, each once, ascending.

    On how many pages of a site a block stands is the number of its pages, told apart by
    :func:`boilerstrip.memory.locate`, with the block's fingerprint among these; a page without any counts as no page.
    An engine that groups by site and fingerprint and counts distinct pages comes to the numbers that
    :meth:`boilerstrip.SiteMemory.import_rows` takes.

    >>> len(distinct_fingerprints(["Home", "Page 1", "Page 2", "HOME"]))
    2
    """
    return np.unique(fingerprint_blocks(texts))


def hash_name(name: str) -> int:
    """64 bits of a name that is to be told from others exactly, such as a page's address."""
    [digest] = _digest([name.encode("utf-8", "surrogatepass")])
    return int.from_bytes(digest, "little", signed=True)


def _digest(sources: Iterable[bytes]) -> list[bytes]:
    from hashlib import blake2b  # loads OpenSSL, which cleaning without a memory does without

    return [blake2b(source, digest_size=_FINGERPRINT_BYTES).digest() for source in sources]


def _normalise(texts: Sequence[str]) -> list[bytes]:
    """The normal forms, save for white space at the ends.

    The blocks go through the byte-wise steps as one string: five times as fast as one by one (0.04 ms for 200 blocks).
    """
    if not texts:
        return []
    folded = [text if text.isascii() else _fold(text) for text in texts]
    joined = _SEPARATOR.join(folded)
    if joined.count(_SEPARATOR) != len(texts) - 1:
        joined = _SEPARATOR.join([text.replace(_SEPARATOR, " ") for text in folded])
    data = joined.encode("utf-8", "surrogatepass").translate(_ASCII_CLASSES)
    if b"0" in data:
        data = _NUMBER.sub(b"0", data)
    if b"  " in data:
        data = _SPACES.sub(b" ", data)
    return data.split(_SEPARATOR.encode())


def _fold(text: str) -> str:
    """What the byte-wise steps cannot do: compatibility forms, case, digits and white space beyond ASCII."""
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return " ".join(_DIGIT.sub("0", folded).split())


class Location(NamedTuple):
    """Where a page stands: what a memory counts it as."""

    site: str
    page: str
    """What tells the page from others of the site."""


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
    identity = page_id or page_identity(url) or page_identity(page.head.url)
    return Location(name, identity or "content:" + fingerprint_blocks(page.texts).tobytes().hex())


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
    with suppress(ValueError):
        ip_address(host)
        return host
    return _public_suffixes().privatesuffix(host) or host


@cache
def _public_suffixes() -> "PublicSuffixList":
    """Read at the first address only: it takes 0.05 s."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
