"""What stands in a memory's tables: sites, their pages with the fingerprints of a sample, and imported counts.

Of each site the blocks of at most ``SAMPLED_PAGES`` pages are kept: those whose hashed addresses are the smallest. This
is Broder's bottom-k sketch ("On the resemblance and containment of documents", 1997): a uniform sample without
replacement that depends on which pages were seen and not on their order, and whose union over several memories is again
the sample of the union. Shares over the sample are unbiased with a standard error of at most 0.5 / sqrt(256), 3
percentage points; up to 256 pages they are exact.

Adding a page unites sets and keeps the smallest hashes; so is merging, which adds the other memory's pages one by one.
That is why neither order nor repetition matters: both are joins of a semilattice. Counts that an engine made elsewhere
stand beside it and join by their maximum.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from boilerstrip.memory.names import FINGERPRINT_TYPE, FingerprintArray, hash_name

SAMPLED_PAGES: Final = 256
"""Pages of a site whose blocks are kept; part of the file format."""

SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS sites (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        pages INTEGER NOT NULL DEFAULT 0,
        counted_pages INTEGER NOT NULL DEFAULT 0)""",
    "CREATE TABLE IF NOT EXISTS pages (place INTEGER PRIMARY KEY, fingerprints BLOB)",
    """CREATE TABLE IF NOT EXISTS counts (
        site INTEGER NOT NULL, fingerprint INTEGER NOT NULL, pages INTEGER NOT NULL,
        PRIMARY KEY (site, fingerprint)) WITHOUT ROWID""",
)

_PAGE_BITS: Final = 40
"""Of the hash of a page, in the lower part of its place: the pages of a site stand side by side, by their hashes.

Of a million pages of one site two are taken for one with a probability of 0.4; there is room for 8 million sites."""
_VARIABLES: Final = 900
"""Below the 999 variables a statement may have in every SQLite (https://sqlite.org/limits.html, 9)."""
_COLUMNS: Final = "id, name, pages, counted_pages"


class Site(NamedTuple):
    """A row of the table of sites."""

    id: int
    name: str
    pages: int = 0
    """Distinct pages learnt, sampled or not."""
    counted_pages: int = 0
    """Pages behind the imported counts."""

    @property
    def is_counted(self) -> bool:
        """Whether the imported counts saw more pages than were learnt here; then they answer."""
        return self.counted_pages > self.pages

    @property
    def sampled(self) -> int:
        """Pages whose fingerprints are kept."""
        return min(self.pages, SAMPLED_PAGES)

    @property
    def places(self) -> tuple[int, int]:
        """First and last place of its pages."""
        return self.id << _PAGE_BITS, (self.id + 1 << _PAGE_BITS) - 1


class SiteContent(NamedTuple):
    """All that is known about a site, free of the numbers a file gives it."""

    name: str
    pages: list[tuple[int, bytes | None]]
    """Hash of the page, ascending, and its fingerprints, or ``None`` for pages beyond the sample."""
    counted_pages: int
    counts: list[tuple[int, int]]
    """Fingerprint and number of pages, as imported."""


def hash_page(page: str) -> int:
    """What a memory knows a page by: the upper bits of its hash.

    >>> 0 <= hash_page("//example.com/story") < 2**40
    True
    """
    return (hash_name(page) >> 64 - _PAGE_BITS) + (1 << _PAGE_BITS - 1)


def find_site(connection: sqlite3.Connection, name: str) -> Site | None:
    """The site of this name, if it is known."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM sites WHERE name = ?", (name,)).fetchone()
    return Site(*row) if row else None


def list_sites(connection: sqlite3.Connection) -> list[Site]:
    """All sites by name, in the order of code points."""
    return [Site(*row) for row in connection.execute(f"SELECT {_COLUMNS} FROM sites ORDER BY name")]


def _get_site(connection: sqlite3.Connection, name: str) -> Site:
    """The site of this name; a new one if need be."""
    known = find_site(connection, name)
    if known is not None:
        return known
    identifier = connection.execute("INSERT INTO sites (name) VALUES (?)", (name,)).lastrowid
    return Site(int(identifier or 0), name)


def add_page(connection: sqlite3.Connection, name: str, page: int, fingerprints: bytes | None) -> bool:
    """Add a page to a site; whether it was new. A known page takes the fingerprints on beside those it has."""
    site = _get_site(connection, name)
    place = site.places[0] + page
    row = connection.execute("SELECT fingerprints FROM pages WHERE place = ?", (place,)).fetchone()
    if row is not None:
        [known] = row
        if known is not None and fingerprints is not None and known != fingerprints:
            united = np.unique(unpack([known, fingerprints])).tobytes()
            connection.execute("UPDATE pages SET fingerprints = ? WHERE place = ?", (united, place))
        return False
    if fingerprints is not None and site.pages >= SAMPLED_PAGES and not _make_room(connection, site, place):
        fingerprints = None
    connection.execute("INSERT INTO pages VALUES (?, ?)", (place, fingerprints))
    connection.execute("UPDATE sites SET pages = pages + 1 WHERE id = ?", (site.id,))
    return True


def _make_room(connection: sqlite3.Connection, site: Site, place: int) -> bool:
    """Take the page with the largest hash out of the sample of a site, unless that of the new page is larger still."""
    [largest] = connection.execute(
        "SELECT place FROM pages WHERE place BETWEEN ? AND ? ORDER BY place LIMIT 1 OFFSET ?",
        (*site.places, SAMPLED_PAGES - 1),
    ).fetchone()
    if place > largest:
        return False
    connection.execute("UPDATE pages SET fingerprints = NULL WHERE place = ?", (largest,))
    return True


def unpack(rows: Sequence[bytes]) -> FingerprintArray:
    """The fingerprints of several pages, one after the other."""
    return np.frombuffer(b"".join(rows), FINGERPRINT_TYPE)


def read_sample(connection: sqlite3.Connection, site: Site) -> FingerprintArray:
    """The fingerprints of all sampled pages: each as often as there are pages that hold it."""
    return unpack([fingerprints for _, fingerprints in _read_pages(connection, site, SAMPLED_PAGES)])


def _read_pages(connection: sqlite3.Connection, site: Site, most: int = -1) -> list[tuple[int, Any]]:
    """Place and fingerprints of a site's pages, those of the sample first and distinct and ascending; all for -1."""
    return connection.execute(
        "SELECT place, fingerprints FROM pages WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?",
        (*site.places, most),
    ).fetchall()


def read_sampled_page(connection: sqlite3.Connection, site: Site, page: int) -> FingerprintArray | None:
    """The fingerprints of one page; ``None`` for a page that is unknown or beyond the sample."""
    place = site.places[0] + page
    row = connection.execute("SELECT fingerprints FROM pages WHERE place = ?", (place,)).fetchone()
    return None if row is None or row[0] is None else unpack(row)


def keep_repeated(connection: sqlite3.Connection, site: Site, minimum: int) -> int:
    """Forget what stands on fewer than ``minimum`` pages of a site; how many distinct fingerprints that was."""
    fingerprints, holders = np.unique(read_sample(connection, site), return_counts=True)
    repeated = fingerprints[holders >= minimum]
    kept = [
        (np.intersect1d(unpack([row]), repeated, assume_unique=True).tobytes(), place)
        for place, row in _read_pages(connection, site, SAMPLED_PAGES)
    ]
    connection.executemany("UPDATE pages SET fingerprints = ? WHERE place = ?", kept)
    dropped = connection.execute("DELETE FROM counts WHERE site = ? AND pages < ?", (site.id, minimum)).rowcount
    return len(fingerprints) - len(repeated) + dropped


def add_counts(connection: sqlite3.Connection, name: str, counts: Iterable[tuple[int, int]], pages: int = 0) -> None:
    """Join imported counts to a site, and the number of pages behind them: of each number the larger one stands."""
    site = _get_site(connection, name)
    connection.executemany(
        """INSERT INTO counts VALUES (?, ?, ?)
        ON CONFLICT (site, fingerprint) DO UPDATE SET pages = max(pages, excluded.pages)""",
        [(site.id, fingerprint, pages_with_block) for fingerprint, pages_with_block in counts],
    )
    connection.execute("UPDATE sites SET counted_pages = max(counted_pages, ?) WHERE id = ?", (pages, site.id))


def find_counts(connection: sqlite3.Connection, site: Site, wanted: list[int]) -> list[int]:
    """The imported numbers of pages of some fingerprints; 0 for those that were not imported."""
    found: dict[int, int] = {}
    for start in range(0, len(wanted), _VARIABLES):
        some = wanted[start : start + _VARIABLES]
        marks = ",".join("?" * len(some))
        query = f"SELECT fingerprint, pages FROM counts WHERE site = ? AND fingerprint IN ({marks})"
        found.update(connection.execute(query, (site.id, *some)))
    return [int(found.get(fingerprint, 0)) for fingerprint in wanted]


def read_counts(connection: sqlite3.Connection, site: Site) -> list[tuple[int, int]]:
    """The imported fingerprints of a site, ascending, each with its number of pages."""
    return connection.execute(
        "SELECT fingerprint, pages FROM counts WHERE site = ? ORDER BY fingerprint", (site.id,)
    ).fetchall()


def read_content(connection: sqlite3.Connection, site: Site) -> SiteContent:
    """All that is known about a site."""
    pages = [(place - site.places[0], fingerprints) for place, fingerprints in _read_pages(connection, site)]
    return SiteContent(site.name, pages, site.counted_pages, read_counts(connection, site))


def add_content(connection: sqlite3.Connection, content: SiteContent) -> None:
    """Join what another memory knows about a site.

    Its pages come by ascending hash, the sampled ones first: a page beyond its sample is beyond the sample of both,
    because the pages that displaced it are in both.
    """
    for page, fingerprints in content.pages:
        add_page(connection, content.name, page, fingerprints)
    add_counts(connection, content.name, content.counts, content.counted_pages)
