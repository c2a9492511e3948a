"""SiteMemory: which blocks were seen on how many distinct pages of a site."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from sqlite3 import Connection
from types import TracebackType
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from boilerstrip.errors import OptionError
from boilerstrip.memory import tables
from boilerstrip.memory.names import FingerprintArray, distinct_fingerprints, fingerprint_blocks
from boilerstrip.memory.store import IN_MEMORY, Store
from boilerstrip.page import SiteCounts

_Item = TypeVar("_Item")

_PAGES_A_BATCH: Final = 256
"""Pages that one transaction learns: enough to make its commit cheap, few enough for others to wait for it."""
_ROWS_A_BATCH: Final = 10_000
_CACHE_BYTES: Final = 16 << 20
"""Samples are held until they are more: those of 40 sites with 256 sampled pages of 200 blocks. Looking one up costs
0.4 ms instead of 0.8 ms then."""


class SiteMemory:
    """Which blocks stand on how many distinct pages of a site, in one SQLite file or in memory.

    It is explicit and deterministic: what it holds depends on which pages were learnt, never on their order, on how
    often, or on how many processes did it. A page counts once. Learning a page again that has changed adds its new
    blocks to what the page is known to hold, as merging two memories that saw it at different times does.

    Of a site with more than 256 pages the blocks of 256 are kept, a uniform sample that every memory of the same pages
    shares (:mod:`boilerstrip.memory.tables`), so that a site costs a bounded amount of space and counts stay
    comparable.

    ``path`` names the file, created if need be; ``":memory:"`` (the default) keeps everything in memory. ``read_only``
    opens an existing file and changes nothing. ``timeout`` is how many seconds to wait for other processes that are
    writing.

    A memory may be used from several threads and from forked processes. A file's memory is pickled as its path and
    opened read-only where it is unpickled; one in memory is pickled with its content.

    Raises :class:`boilerstrip.errors.MemoryFileError` for a file that is no memory, damaged, of a newer version,
    read-only or on a full disk, and leaves it as it was.

    >>> memory = SiteMemory()
    >>> for number in range(3):
    ...     new = memory.learn_blocks("example.com", f"/{number}", ["Subscribe now!", f"Story {'abc'[number]}"])
    >>> memory.lookup("example.com", ["SUBSCRIBE NOW!", "Another story"])
    SiteCounts(site='example.com', pages_of_site=3, pages_with_block=[3, 0])
    """

    def __init__(
        self, path: str | os.PathLike[str] = IN_MEMORY, *, read_only: bool = False, timeout: float = 60.0
    ) -> None:
        self._store = Store(os.fspath(path), read_only=read_only, timeout=timeout)
        self._samples: dict[int, FingerprintArray] = {}
        self._sample_bytes = 0
        self._state: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        """The file's absolute path, or ``":memory:"``."""
        return self._store.path

    @property
    def read_only(self) -> bool:
        """Whether learning, merging, pruning and importing are refused."""
        return self._store.read_only

    def learn_blocks(self, site: str, page: str, texts: Sequence[str]) -> bool:
        """Whether the page was new, after learning the texts of its blocks; ``page`` is whatever tells it from others.

        It is written by then. A page without blocks is not learnt.
        """
        return self.learn_many_blocks([(site, page, texts)]) == 1

    def learn_many_blocks(self, pages: Iterable[tuple[str, str, Sequence[str]]]) -> int:
        """The number of new pages, after learning all that are given as (site, page, texts of its blocks).

        They are written in batches of 256; a batch that was cut short by an exception or the end of the process is not
        learnt.
        """
        rows = (
            (_check_site(site), tables.hash_page(page), distinct_fingerprints(texts).tobytes())
            for site, page, texts in pages
        )
        new = 0
        for batch in _batches(rows, _PAGES_A_BATCH):
            with self._store.writing() as connection:
                new += sum(tables.add_page(connection, *row) for row in batch if row[-1])
        return new

    def lookup(self, site: str, texts: Sequence[str], *, page: str | None = None) -> SiteCounts:
        """How many pages of the site hold each of these blocks: of all that are known, or of a sample of 256 of them.

        With ``page`` (as :func:`boilerstrip.memory.locate` or the caller names it) that page itself is left out of the
        counts, so that they are the same whether it was learnt before or not. Imported counts know no pages and leave
        none out.
        """
        wanted, positions = np.unique(fingerprint_blocks(texts), return_inverse=True)
        name, page_hash = _check_site(site), None if page is None else tables.hash_page(page)
        with self._store.reading() as connection:
            pages, counts = self._count_pages(connection, name, wanted, page_hash)
        return SiteCounts(site, pages, [counts[position] for position in positions.tolist()])

    def _count_pages(
        self, connection: Connection, name: str, wanted: FingerprintArray, page: int | None
    ) -> tuple[int, list[int]]:
        """The pages known of a site and how many of them hold each fingerprint, without the page of that hash."""
        site = tables.find_site(connection, name)
        if site is None:
            return 0, [0] * len(wanted)
        if site.is_counted:
            return site.counted_pages, tables.find_counts(connection, site, wanted.tolist())
        sample = self._read_sample(connection, site)
        own = None if page is None else tables.read_sampled_page(connection, site, page)
        counts = _count_in_sample(sample, wanted)
        if own is not None:
            counts -= np.isin(wanted, own, assume_unique=True)
        return site.sampled - (own is not None), counts.tolist()

    def _read_sample(self, connection: Connection, site: tables.Site) -> FingerprintArray:
        """The fingerprints of a site's sampled pages; what was read is at hand until something changes."""
        state = self._store.read_state(connection)
        if state != self._state or self._sample_bytes > _CACHE_BYTES:
            self._samples, self._sample_bytes, self._state = {}, 0, state
        if site.id not in self._samples:
            self._samples[site.id] = tables.read_sample(connection, site)
            self._sample_bytes += self._samples[site.id].nbytes
        return self._samples[site.id]

    def merge(self, other: "SiteMemory") -> None:
        """Take on all that another memory knows, as if both had learnt in one.

        Commutative, associative and idempotent; pages that both know count once. One transaction a site: a merge that
        was interrupted is completed by repeating it.
        """
        if other is not self:
            self._join(other._contents())

    def _join(self, contents: Iterable[tables.SiteContent]) -> None:
        for content in contents:
            with self._store.writing() as connection:
                tables.add_content(connection, content)

    def prune(self, min_pages: int = 2) -> int:
        """The number of blocks forgotten, which are those that stand on fewer than ``min_pages`` pages of their site.

        Pages stay known. Sightings that are forgotten no longer add up with later ones: prune when learning is over.
        """
        if min_pages < 1:
            raise OptionError(f"min_pages={min_pages!r} is not allowed; use 1 or more")
        forgotten = 0
        for site in self._sites():
            with self._store.writing() as connection:
                forgotten += tables.keep_repeated(connection, site, min_pages)
        self._store.compact()
        return forgotten

    def export_rows(self) -> Iterator[tuple[str, int, int]]:
        """Every block of every site, by site and fingerprint: (site, fingerprint, pages that hold it)."""
        for site in self._sites():
            with self._store.reading() as connection:
                counts = _read_site_counts(connection, site)
            yield from ((site.name, fingerprint, pages) for fingerprint, pages in counts)

    def export_totals(self) -> Iterator[tuple[str, int]]:
        """The number of pages behind each site's rows, by site: all of them, or the 256 of the sample."""
        for site in self._sites():
            yield site.name, site.counted_pages if site.is_counted else site.sampled

    def import_rows(
        self, rows: Iterable[tuple[str, int, int]], totals: Mapping[str, int] | Iterable[tuple[str, int]]
    ) -> None:
        """Take on counts made elsewhere: rows of (site, fingerprint, pages), and the number of pages of each site.

        They stand beside what is learnt here, because they do not say which pages they counted: of a site, whichever of
        the two saw more pages answers :meth:`lookup`. Of two imports the larger numbers stand, so that importing twice
        changes nothing; add up the counts of crawls that share no page before importing. Rows of a single page may be
        left out.
        """
        pages_of = {_check_site(site): _check_pages(site, pages) for site, pages in dict(totals).items()}
        for batch in _batches((_check_row(row, pages_of) for row in rows), _ROWS_A_BATCH):
            with self._store.writing() as connection:
                for site, some in groupby(batch, key=itemgetter(0)):
                    tables.add_counts(connection, site, [(fingerprint, pages) for _, fingerprint, pages in some])
        with self._store.writing() as connection:
            for site, pages in pages_of.items():
                tables.add_counts(connection, site, (), pages)

    def close(self) -> None:
        """Close the file: all that was learnt is in it, its companions go unless somebody else has it open."""
        self._store.close()

    def __enter__(self) -> "SiteMemory":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"SiteMemory({self.path!r}{', read_only=True' if self.read_only else ''})"

    def __reduce__(self) -> tuple[object, ...]:
        if self.path == IN_MEMORY:
            return _restore, (list(self._contents()),)
        return partial(SiteMemory, read_only=True), (self.path,)

    def _sites(self) -> list[tables.Site]:
        with self._store.reading() as connection:
            return tables.list_sites(connection)

    def _contents(self) -> Iterator[tables.SiteContent]:
        for site in self._sites():
            with self._store.reading() as connection:
                content = tables.read_content(connection, site)
            yield content


def _count_in_sample(sample: FingerprintArray, wanted: FingerprintArray) -> NDArray[np.intp]:
    """How often each wanted fingerprint stands in a sample, that is on how many pages; ``wanted`` is ascending.

    The lowest 16 bits tell nearly all of the sample from what is wanted, so that only the hits have to be sorted: 0.1
    ms for 256 pages of 200 blocks.

    >>> _count_in_sample(np.array([1, 2, 2, 3]), np.array([2, 3, 9])).tolist()
    [2, 1, 0]
    """
    possible = np.zeros(1 << 16, np.bool_)
    possible[_lowest_bits(wanted)] = True
    hits = np.sort(sample.compress(possible.take(_lowest_bits(sample))))
    return hits.searchsorted(wanted, "right") - hits.searchsorted(wanted, "left")


def _lowest_bits(fingerprints: FingerprintArray) -> NDArray[np.uint16]:
    return fingerprints.view("<u2")[::4]


def _read_site_counts(connection: Connection, site: tables.Site) -> Iterable[tuple[int, int]]:
    """The blocks of a site by fingerprint, from whichever saw more of its pages: what was learnt or was imported."""
    if site.is_counted:
        return tables.read_counts(connection, site)
    fingerprints, holders = np.unique(tables.read_sample(connection, site), return_counts=True)
    return zip(fingerprints.tolist(), holders.tolist(), strict=True)


def _check_site(site: object) -> str:
    """The name of a site; half a surrogate pair, which no file can hold, is written as an escape."""
    if not isinstance(site, str) or not site:
        raise OptionError(f"site={site!r} is not allowed; use the site's name, such as 'example.com'")
    return site.encode("utf-8", "backslashreplace").decode("utf-8")


def _check_pages(site: str, pages: int) -> int:
    """The number of pages of a site as a plain int, because engines give their own kinds."""
    if not 0 <= pages < 1 << 63:
        raise OptionError(f"{pages} pages of {site!r} are not allowed; use 0 or more")
    return int(pages)


def _check_row(row: tuple[str, int, int], pages_of: Mapping[str, int]) -> tuple[str, int, int]:
    """A row to be imported, in plain ints."""
    site, fingerprint, pages = row
    if site not in pages_of:
        raise OptionError(f"totals has no entry for {site!r}; give the number of pages of every site in the rows")
    if not 0 <= pages <= pages_of[site]:
        raise OptionError(
            f"a block on {pages} of {pages_of[site]} pages of {site!r} is not allowed; rows and totals do not fit"
        )
    if not -(1 << 63) <= fingerprint < 1 << 63:
        raise OptionError(
            f"fingerprint {fingerprint} is not allowed; use signed 64-bit numbers as fingerprint() gives them"
        )
    return site, int(fingerprint), int(pages)


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Lists of up to ``size`` items; an item is made before anything is locked."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _restore(contents: Iterable[tables.SiteContent]) -> SiteMemory:
    memory = SiteMemory()
    memory._join(contents)
    return memory
