"""SiteMemory: which blocks were seen on how many distinct pages of a site."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import Final, NamedTuple, TypeVar

import numpy as np

from boilerstrip.errors import MemoryFileError, OptionError
from boilerstrip.memory import tables
from boilerstrip.memory.counting import FOLDED_FROM, count_pages, store_fold
from boilerstrip.memory.database import IN_MEMORY, Database
from boilerstrip.memory.fingerprint import FINGERPRINT_TYPE, FingerprintArray, fingerprint_blocks, hash_name
from boilerstrip.memory.lesson import Lesson, pack_blocks, prepare_lesson
from boilerstrip.memory.rows import SitePages, SiteRow, check_pages, check_row, check_site, read_rows
from boilerstrip.memory.sampling import FoldShelf, keep_repeated
from boilerstrip.page import SiteCounts

_Item = TypeVar("_Item")

_PAGES_A_BATCH: Final = 256
"""Pages that one transaction learns: enough to make its commit cheap, few enough for others to wait for it."""
_ROWS_A_BATCH: Final = 10_000
_FOLDS_A_BATCH: Final = 32


class MemoryStats(NamedTuple):
    """How much a memory holds."""

    sites: int
    pages: int
    """Distinct pages, all sites together; where imported counts saw more of a site than was learnt, theirs."""
    blocks: int
    """Distinct blocks of each site, summed over the sites."""
    bytes: int
    """Size of the database, without its companions."""


class SiteMemory:
    """Which blocks stand on how many distinct pages of a site, in one SQLite file or in memory.

    It is explicit and deterministic: what it holds depends on which pages were learnt, never on their order, on how
    often, or on how many processes did it. A page counts once. Learning a page again that has changed adds its new
    blocks to what the page is known to hold, as merging two memories that saw it at different times does.

    Of a site with more than 256 pages the blocks of 256 are kept, a uniform sample that every memory of the same pages
    shares (:mod:`boilerstrip.memory.sampling`), so that a site costs a bounded amount of space and counts stay
    comparable.

    ``path`` names the file, created if need be; ``":memory:"`` (the default) keeps everything in memory. ``read_only``
    opens an existing file and changes nothing. ``timeout`` is how many seconds to wait for other processes that are
    writing.

    A memory may be used from several threads and from forked processes. A file's memory is pickled as its path and
    opened read-only where it is unpickled; one in memory is pickled with its content.

    Raises :class:`boilerstrip.errors.MemoryFileError` for a file that is no memory, of a newer version, read-only or on
    a full disk, and leaves it as it was.

    >>> memory = SiteMemory()
    >>> for number in range(3):
    ...     new = memory.learn_blocks("example.com", f"/{number}", ["Subscribe now!", f"Story {'abc'[number]}"])
    >>> memory.lookup("example.com", ["SUBSCRIBE NOW!", "Another story"])
    SiteCounts(site='example.com', pages_of_site=3, pages_with_block=[3, 0])
    """

    def __init__(
        self, path: str | os.PathLike[str] = IN_MEMORY, *, read_only: bool = False, timeout: float = 60.0
    ) -> None:
        self._database = Database(os.fspath(path), read_only=read_only, timeout=timeout)
        self._shelf = FoldShelf()

    @property
    def path(self) -> str:
        """The file's absolute path, or ``":memory:"``."""
        return self._database.path

    @property
    def read_only(self) -> bool:
        """Whether learning, merging, pruning and importing are refused."""
        return self._database.read_only

    def learn(
        self,
        source: object,
        *,
        url: str | None = None,
        site: str | None = None,
        page: str | None = None,
        folder: str = "",
        encoding: str | None = None,
    ) -> bool:
        """Learn a page: bytes, str, an lxml tree or a segmented :class:`boilerstrip.page.Page`.

        Returns whether the page was new; it is written by then. The site is ``site``, or the registrable domain of
        ``url`` or of the canonical link in the page, or the name of ``folder``; ``page`` names the page where no
        address does, and its content does otherwise (:func:`boilerstrip.memory.locate`). A page without blocks teaches
        nothing. ``encoding`` is that of the bytes, if it is known.

        Raises :class:`boilerstrip.errors.OptionError` if nothing says which site the page belongs to.
        """
        lesson = prepare_lesson(source, url, site, page, folder, encoding)
        return self._learn_batch([lesson]) == 1

    def learn_many(
        self, pages: Iterable[object], *, site: str | None = None, folder: str = "", encoding: str | None = None
    ) -> int:
        """Learn pages, each a source as :meth:`learn` takes it or a pair of source and address; the number of new ones.

        They are written in batches of 256; a batch that was cut short by an exception or the end of the process is not
        learnt.
        """
        pairs = (page if isinstance(page, tuple) else (page, None) for page in pages)
        lessons = (prepare_lesson(source, url, site, None, folder, encoding) for source, url in pairs)
        return sum(self._learn_batch(batch) for batch in _batches(lessons, _PAGES_A_BATCH))

    def learn_blocks(self, site: str, page: str, texts: Sequence[str]) -> bool:
        """Learn the texts of a page's blocks; ``page`` is whatever tells it from others. Whether it was new."""
        return self.learn_many_blocks([(site, page, texts)]) == 1

    def learn_many_blocks(self, lessons: Iterable[tuple[str, str, Sequence[str]]]) -> int:
        """Learn pages given as (site, page, texts), in batches as :meth:`learn_many` does; the number of new ones."""
        prepared = (Lesson(check_site(site), hash_name(page), pack_blocks(texts)) for site, page, texts in lessons)
        return sum(self._learn_batch(batch) for batch in _batches(prepared, _PAGES_A_BATCH))

    def lookup(self, site: str, texts: Sequence[str], *, page: str | None = None) -> SiteCounts:
        """How many pages of the site hold each of these blocks: of all that are known, or of a sample of 256 of them.

        With ``page`` (as :func:`boilerstrip.memory.locate` or the caller names it) that page itself is left out of the
        counts, so that they are the same whether it was learnt before or not. Imported counts know no pages and leave
        none out.
        """
        return self.lookup_fingerprints(site, fingerprint_blocks(texts), page=page)

    def lookup_fingerprints(self, site: str, fingerprints: FingerprintArray, *, page: str | None = None) -> SiteCounts:
        """The same for fingerprints that are already known."""
        wanted, positions = np.unique(fingerprints.astype(FINGERPRINT_TYPE, copy=False), return_inverse=True)
        with self._database.reading() as connection:
            pages, holders = count_pages(connection, self._shelf, self._database.openings, site, wanted, page)
        return SiteCounts(site, pages, holders[positions].tolist())

    def stats(self) -> MemoryStats:
        """How many sites, pages and blocks there are, and in how many bytes. Reads the whole memory."""
        with self._database.reading() as connection:
            sites = tables.list_sites(connection)
            page_count, page_bytes = (
                connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
            )
        pages = sum(max(site.pages, site.counted_pages) for site in sites)
        return MemoryStats(len(sites), pages, sum(1 for _ in self.export_rows()), page_count * page_bytes)

    def merge(self, other: "SiteMemory") -> None:
        """Take on all that another memory knows, as if both had learnt in one.

        Commutative, associative and idempotent; pages that both know count once. One transaction a site: a merge that
        was interrupted is completed by repeating it.
        """
        if other is self:
            return
        for content in other._contents():
            with self._database.writing() as connection:
                tables.add_content(connection, content)

    def prune(self, min_pages: int = 2) -> int:
        """Forget the blocks that stand on fewer than ``min_pages`` pages of their site; the number of blocks forgotten.

        Pages stay known. Sightings that are forgotten no longer add up with later ones: prune when learning is over.
        """
        if min_pages < 1:
            raise OptionError(
                f"min_pages={min_pages!r} is not allowed; use 1 or more (2 forgets what stands on a single page)"
            )
        forgotten = sum(self._prune_site(site, min_pages) for site in self._sites())
        self._store_folds()
        self._database.compact()
        return forgotten

    def export_rows(self) -> Iterator[SiteRow]:
        """Every block of every site with its number of pages, by site and fingerprint."""
        for site in self._sites():
            with self._database.reading() as connection:
                rows = read_rows(connection, site)
            yield from rows

    def export_totals(self) -> Iterator[SitePages]:
        """The number of pages behind each site's rows: all of them, or the 256 of the sample."""
        for site in self._sites():
            yield SitePages(site.name, site.counted_pages if site.is_counted else site.sampled)

    def import_rows(
        self, rows: Iterable[tuple[str, int, int]], totals: Mapping[str, int] | Iterable[tuple[str, int]]
    ) -> None:
        """Take on counts made elsewhere: rows of (site, fingerprint, pages), and the number of pages of each site.

        They stand beside what is learnt here, because they do not say which pages they counted: of a site, whichever of
        the two saw more pages answers :meth:`lookup`. Of two imports the larger numbers stand, so that importing twice
        changes nothing; add up the counts of crawls that share no page before importing. Rows of a single page may be
        left out.
        """
        pages_of = {check_site(site): check_pages(site, pages) for site, pages in dict(totals).items()}
        for batch in _batches(rows, _ROWS_A_BATCH):
            self._import_batch(batch, pages_of)
        with self._database.writing() as connection:
            for site, pages in pages_of.items():
                tables.add_counted_pages(connection, site, pages)

    def close(self, *, at_once: bool = False) -> None:
        """Close the file: all that was learnt is in it, its companions go unless somebody else has it open.

        What makes later lookups quick is brought up to date before: about 1.5 ms for each site that has changed.
        ``at_once`` leaves that to whoever learns and closes next.
        """
        if not at_once and not self.read_only and self.path != IN_MEMORY:
            # Only a convenience: where it cannot be stored, lookups read the sample instead.
            with suppress(MemoryFileError):
                self._store_folds()
        self._database.close()

    def __enter__(self) -> "SiteMemory":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close(at_once=kind is not None)

    def __repr__(self) -> str:
        return f"SiteMemory({self.path!r}{', read_only=True' if self.read_only else ''})"

    def __reduce__(self) -> tuple[object, ...]:
        if self.path == IN_MEMORY:
            return _restore, (list(self._contents()),)
        return _open_read_only, (self.path,)

    def _learn_batch(self, lessons: Sequence[Lesson]) -> int:
        with self._database.writing() as connection:
            return sum(tables.add_page(connection, *lesson) for lesson in lessons if lesson.fingerprints)

    def _store_folds(self) -> None:
        with self._database.reading() as connection:
            names = tables.list_unfolded(connection, FOLDED_FROM)
        for some in _batches(names, _FOLDS_A_BATCH):
            with self._database.writing() as connection:
                for name in some:
                    store_fold(connection, name)

    def _prune_site(self, site: tables.Site, min_pages: int) -> int:
        with self._database.writing() as connection:
            kept, forgotten = keep_repeated(tables.read_sample(connection, site), min_pages)
            tables.write_sample(connection, site, kept)
            return forgotten + tables.drop_counts(connection, site, min_pages)

    def _import_batch(self, rows: Iterable[tuple[str, int, int]], pages_of: Mapping[str, int]) -> None:
        counts: dict[str, list[tuple[int, int]]] = {}
        for row in rows:
            site, *count = check_row(row, pages_of)
            counts.setdefault(site, []).append((count[0], count[1]))
        with self._database.writing() as connection:
            for site, some in counts.items():
                tables.add_counts(connection, site, some)

    def _sites(self) -> list[tables.Site]:
        with self._database.reading() as connection:
            return tables.list_sites(connection)

    def _contents(self) -> Iterator[tables.SiteContent]:
        for site in self._sites():
            with self._database.reading() as connection:
                content = tables.read_content(connection, site)
            yield content


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Lists of up to ``size`` items; an item is made before anything is locked."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _open_read_only(path: str) -> SiteMemory:
    return SiteMemory(path, read_only=True)


def _restore(contents: Iterable[tables.SiteContent]) -> SiteMemory:
    memory = SiteMemory()
    with memory._database.writing() as connection:
        for content in contents:
            tables.add_content(connection, content)
    return memory
