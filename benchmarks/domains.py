"""The site a page belongs to, so that no site is on both sides of a split."""

import re
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from urllib.parse import urlsplit

_LINK_TO_ITSELF = (
    re.compile(rb"""<link[^>]{0,200}?rel=["']?canonical["']?[^>]{0,200}?href=["']?([^"'\s>]+)""", re.IGNORECASE),
    re.compile(rb"""<meta[^>]{0,200}?og:url["']?[^>]{0,200}?content=["']?([^"'\s>]+)""", re.IGNORECASE),
    re.compile(rb"""<link[^>]{0,200}?href=["']?([^"'\s>]+)[^>]{0,200}?rel=["']?canonical""", re.IGNORECASE),
)
_HEAD_WINDOW = 400_000


def registrable_domain(url: str) -> str:
    """What somebody registered, by the public suffix list; the last two labels of the host where tldextract is missing.

    >>> registrable_domain("https://news.bbc.co.uk/1/hi"), registrable_domain("http://blog.example.com:8080/")
    ('bbc.co.uk', 'example.com')
    """
    host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    return _domain_of_host()(host) or host


@cache
def _domain_of_host() -> Callable[[str], str]:
    try:
        import tldextract
    except ImportError:
        return _last_labels
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    return lambda host: ".".join(part for part in (extract(host).domain, extract(host).suffix) if part)


def _last_labels(host: str) -> str:
    """Without the list: two labels, three where the last but one is short, as in ``co.uk``.

    >>> _last_labels("news.bbc.co.uk"), _last_labels("blog.example.com")
    ('bbc.co.uk', 'example.com')
    """
    labels = host.split(".")
    count = 3 if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2 else 2
    return ".".join(labels[-count:])


def find_own_url(html: bytes) -> str | None:
    """The address a page gives for itself: ``<link rel=canonical>`` or ``og:url``.

    >>> find_own_url(b'<link rel="canonical" href="https://example.com/story">')
    'https://example.com/story'
    """
    head = html[:_HEAD_WINDOW]
    matches = (pattern.search(head) for pattern in _LINK_TO_ITSELF)
    addresses = (match.group(1).decode("utf-8", "replace") for match in matches if match)
    return next((address for address in addresses if address.startswith("http")), None)


def fold_of(group: str, folds: int = 5) -> int:
    """A stable number from 0 to ``folds - 1`` for a group, the same in every process and under every hash seed.

    >>> fold_of("example.com") == fold_of("example.com"), 0 <= fold_of("example.com") < 5
    (True, True)
    """
    return int.from_bytes(blake2b(group.encode("utf-8"), digest_size=8).digest(), "big") % folds
