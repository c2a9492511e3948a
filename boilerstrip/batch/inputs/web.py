"""Addresses as inputs: downloaded one at a time, by the downloader that trafilatura brings and with its time-outs."""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from ipaddress import ip_address
from time import monotonic, sleep
from typing import Any, Final, NamedTuple, NoReturn
from urllib.parse import urlsplit

from boilerstrip.batch.inputs.files import name_outputs
from boilerstrip.batch.inputs.streams import ReadError
from boilerstrip.batch.items import Failure, Item
from boilerstrip.decode import decode
from boilerstrip.errors import OptionError

PAUSE: Final = 5.0
"""Seconds between two requests to one host: trafilatura's ``SLEEP_TIME``."""
_SCHEMES: Final = ("http://", "https://")
_LONGEST_STEM: Final = 80
_ANY_SUFFIX: Final = ".html"
_LOGGER: Final = "trafilatura.downloads"


class Fetched(NamedTuple):
    """A page that was downloaded."""

    content: bytes
    url: str
    """Where it was found, after redirections."""
    encoding: str | None
    """What the server said, if that is a known encoding."""


def is_address(path: str) -> bool:
    """Whether an input is to be downloaded.

    >>> is_address("https://example.org/story"), is_address("story.html")
    (True, False)
    """
    return path.lower().startswith(_SCHEMES)


def refuse_fetching(address: str) -> NoReturn:
    """
    :raises OptionError: where downloading is forbidden.
    """
    raise OptionError(f"{address} is an address, and --no-fetch forbids downloading; save the page and name its file")


def download(url: str) -> Fetched:
    """A page from an address; certificates must be valid, and only an address that names this network leads into it.

    :raises ReadError: when there is no page to be had; the message says why.
    """
    from trafilatura.downloads import fetch_response

    with _heard() as told:
        try:
            response = fetch_response(url, config=_configure(url))
        except ValueError as error:  # an address that cannot be parsed
            raise ReadError(f"{url} cannot be downloaded: {error}") from error
    if response is None:
        raise ReadError(f"{url} cannot be downloaded: {told[-1] if told else 'the server gives no page'}")
    if response.status != 200:
        raise ReadError(f"{url} cannot be downloaded: the server answers {response.status}")
    return Fetched(response.data, response.url or url, _find_encoding(response.headers))


def list_addresses(urls: Sequence[str]) -> Iterator[Item]:
    """Yield an item for each address; what it holds is downloaded when its turn comes, in the process that asks."""
    asked: dict[str, float] = {}
    names = name_outputs([_name_address(url) + _ANY_SUFFIX for url in urls], "")
    for url, name in zip(urls, names, strict=True):
        yield Item(url, name, url=url, folder=urlsplit(url).netloc, load=partial(_load, asked))


def _load(asked: dict[str, float], item: Item) -> Item:
    """The item of an address with its page, or with why there is none."""
    _wait(urlsplit(item.id).netloc.lower(), asked)
    try:
        fetched = download(item.id)
    except ReadError as error:
        return replace(item, load=None, failure=Failure("read", str(error)))
    return replace(item, load=None, content=fetched.content, url=fetched.url, encoding=fetched.encoding)


def _wait(host: str, asked: dict[str, float]) -> None:
    """Sleep until a host may be asked again; ``asked`` says when each was asked last."""
    left = asked[host] + PAUSE - monotonic() if host in asked else 0.0
    if left > 0:
        sleep(left)
    asked[host] = monotonic()


def _configure(url: str) -> Any:
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "INSECURE_SSL_FALLBACK", "off")
    if _is_private(urlsplit(url).hostname or ""):
        config.set("DEFAULT", "SSRF_PROTECTION", "off")
    return config


def _is_private(host: str) -> bool:
    """Whether a host's name says by itself that it is in this network.

    >>> _is_private("localhost"), _is_private("127.0.0.1"), _is_private("example.org")
    (True, True, False)
    """
    try:
        return host == "localhost" or not ip_address(host).is_global
    except ValueError:
        return False


def _find_encoding(headers: Any) -> str | None:
    kinds = [value for name, value in (headers or {}).items() if name.lower() == "content-type"]
    found = re.search(r"charset=[\"']?([\w.:-]+)", kinds[0], re.IGNORECASE) if kinds else None
    try:
        decode(b"", found and found[1])
    except OptionError:
        return None
    return found[1] if found else None


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What the downloader logs meanwhile, which says why it gave no page; otherwise it would go to standard error."""
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(_shorten_cause(record))  # type: ignore[method-assign]
    logger = logging.getLogger(_LOGGER)
    was_passed_on, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield told
    finally:
        logger.removeHandler(handler)
        logger.propagate = was_passed_on


def _shorten_cause(record: logging.LogRecord) -> str:
    """The error that was logged without the address, which the user knows."""
    cause = record.args[-1] if isinstance(record.args, tuple) and record.args else record.getMessage()
    return str(getattr(cause, "reason", None) or cause).split("\n")[0]


def _name_address(url: str) -> str:
    """A relative path for the output of an address, without a suffix.

    >>> _name_address("https://example.org/news/story.html"), _name_address("http://example.org")
    ('example.org/news_story', 'example.org/index')
    >>> _name_address("https://example.org/?p=12") == _name_address("https://example.org/?p=13")
    False
    """
    parts = urlsplit(url)
    path = re.sub(r"\.[a-z]{3,5}$", "", parts.path.strip("/"), flags=re.IGNORECASE)
    stem = re.sub(r"[^\w.-]+", "_", path)[:_LONGEST_STEM].strip("._") or "index"
    mark = "~" + blake2b(url.encode(), digest_size=4).hexdigest() if parts.query or len(path) > _LONGEST_STEM else ""
    host = re.sub(r"[^\w.-]+", "_", parts.netloc.rpartition("@")[2].lower()).strip(".") or "host"
    return f"{host}/{stem}{mark}"
