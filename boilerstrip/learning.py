"""Pages into a memory of their sites, cut into blocks as cleaning cuts them."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from boilerstrip.errors import OptionError, find_logger
from boilerstrip.memory import SiteMemory, locate
from boilerstrip.page import Page
from boilerstrip.sources import Source, segment_source

LearntSource: TypeAlias = Source | Page


def learn(
    memory: SiteMemory,
    pages: Iterable[LearntSource | tuple[LearntSource, str | None]],
    *,
    site: str | None = None,
    folder: str = "",
    encoding: str | None = None,
) -> int:
    """The number of pages that were new to the memory, after learning all of them.

    They are written in batches of 256; a batch that was cut short by an exception or the end of the process is not
    learnt. A page without blocks is not learnt, and one that is known counts once.

    :param pages: each a source as :func:`boilerstrip.clean` takes it, a segmented :class:`boilerstrip.page.Page`, or a
        pair of one of these and its URL.
    :param site: the site of all pages; by default the registrable domain of each page's URL, of the canonical link in
        it, or else the name of ``folder`` (:func:`boilerstrip.memory.locate`).
    :param encoding: of all pages that are bytes, if it is known.
    :raises OptionError: if nothing says which site a page belongs to.

    >>> memory = SiteMemory()
    >>> learn(memory, [("Subscribe now!", "https://example.com/a"), ("Subscribe now!", "https://example.com/b")])
    2
    >>> memory.lookup("example.com", ["Subscribe now!"]).pages_with_block
    [2]
    """
    if isinstance(pages, str | bytes | bytearray | memoryview | Page):
        raise OptionError(f"pages must be a list of pages, not a single {type(pages).__name__}; use [page]")
    learnt = memory.learn_many_blocks(_locate_blocks(pages, site, folder, encoding))
    find_logger(__name__).debug("%d new pages in %s", learnt, memory.path)
    return learnt


def _locate_blocks(
    pages: Iterable[LearntSource | tuple[LearntSource, str | None]], site: str | None, folder: str, encoding: str | None
) -> Iterator[tuple[str, str, list[str]]]:
    for item in pages:
        source, url = item if isinstance(item, tuple) else (item, None)
        page = source if isinstance(source, Page) else segment_source(source, encoding=encoding)
        location = locate(page, url=url, site=site, folder=folder)
        if location is None:
            raise OptionError(
                "nothing says which site this page belongs to; pass (page, url) with a full URL, or site=, or folder="
            )
        yield location.site, location.page, list(page.texts)
