"""What stands in a memory's tables, and how one page is added to it.

A memory is a set of pages for each site and, for the sampled ones (see :mod:`boilerstrip.memory.sampling`), the set of
fingerprints on each. Adding a page unites sets and keeps the smallest hashes; so is merging, which adds the other
memory's pages one by one. That is why neither order nor repetition matters: both are joins of a semilattice. Counts
that an engine made elsewhere stand beside it and join by their maximum.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from boilerstrip.memory.sampling import SAMPLED_PAGES, unite

_VARIABLES: Final = 900
"""Below the 999 variables a statement may have in every SQLite (https://sqlite.org/limits.html, 9)."""


class Site(NamedTuple):
    """A row of the table of sites."""

    id: int
    name: str
    pages: int
    """Distinct pages learnt, sampled or not."""
    counted_pages: int
    """Pages behind the imported counts."""
    changes: int
    """How often its sample has changed."""
    folded: int
    """How often it had when its stored fold was made; 0 for none."""

    @property
    def sampled(self) -> int:
        """Pages whose fingerprints are kept."""
        return min(self.pages, SAMPLED_PAGES)

    @property
    def has_fold(self) -> bool:
        """Whether the stored fold says what the sample says."""
        return 0 < self.changes == self.folded

    @property
    def is_counted(self) -> bool:
        """Whether the imported counts saw more pages than were learnt here; then they answer."""
        return self.counted_pages > self.pages

    @property
    def places(self) -> tuple[int, int]:
        """First and last place of its sampled pages."""
        return self.id * SAMPLED_PAGES, (self.id + 1) * SAMPLED_PAGES - 1


class SiteContent(NamedTuple):
    """All that is known about a site, free of the numbers a file gives it."""

    name: str
    pages: list[tuple[int, bytes | None]]
    """Hash of the page, ascending, and its fingerprints, or ``None`` for pages beyond the sample."""
    counted_pages: int
    counts: list[tuple[int, int]]
    """Fingerprint and number of pages, as imported."""


_COLUMNS: Final = "id, name, pages, counted_pages, changes, folded"


def find_site(connection: sqlite3.Connection, name: str) -> Site | None:
    """The site of this name, if it is known."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM sites WHERE name = ?", (name,)).fetchone()
    return Site(*row) if row else None


def list_sites(connection: sqlite3.Connection) -> list[Site]:
    """All sites by name, in the order of code points."""
    return [Site(*row) for row in connection.execute(f"SELECT {_COLUMNS} FROM sites ORDER BY name")]


def get_site(connection: sqlite3.Connection, name: str) -> Site:
    """The site of this name; a new one if need be."""
    known = find_site(connection, name)
    if known is not None:
        return known
    identifier = connection.execute("INSERT INTO sites (name) VALUES (?)", (name,)).lastrowid
    return Site(int(identifier or 0), name, pages=0, counted_pages=0, changes=0, folded=0)


def add_page(connection: sqlite3.Connection, name: str, page: int, fingerprints: bytes | None) -> bool:
    """Add a page to a site; whether it was new. A known page takes the fingerprints on beside those it has."""
    site = get_site(connection, name)
    row = connection.execute("SELECT slot FROM pages WHERE site = ? AND page = ?", (site.id, page)).fetchone()
    if row is not None:
        if row[0] is not None and fingerprints is not None:
            _extend_sampled(connection, site, site.places[0] + row[0], fingerprints)
        return False
    slot = None if fingerprints is None else _find_slot(connection, site, page)
    connection.execute("INSERT INTO pages VALUES (?, ?, ?)", (site.id, page, slot))
    is_sampled = slot is not None
    connection.execute("UPDATE sites SET pages = pages + 1, changes = changes + ? WHERE id = ?", (is_sampled, site.id))
    if slot is not None:
        connection.execute("REPLACE INTO samples VALUES (?, ?)", (site.places[0] + slot, fingerprints))
    return True


def _find_slot(connection: sqlite3.Connection, site: Site, page: int) -> int | None:
    """A slot of the sample: a free one, or that of the page with the largest hash unless this one is larger still."""
    if site.pages < SAMPLED_PAGES:
        return site.pages
    largest, slot = connection.execute(
        "SELECT page, slot FROM pages WHERE site = ? ORDER BY page LIMIT 1 OFFSET ?", (site.id, SAMPLED_PAGES - 1)
    ).fetchone()
    if page > largest:
        return None
    connection.execute("UPDATE pages SET slot = NULL WHERE site = ? AND page = ?", (site.id, largest))
    return int(slot)


def _extend_sampled(connection: sqlite3.Connection, site: Site, place: int, fingerprints: bytes) -> None:
    known = read_place(connection, place)
    united = unite(known, fingerprints)
    if united != known:
        connection.execute("UPDATE samples SET fingerprints = ? WHERE place = ?", (united, place))
        _note_change(connection, site)


def _note_change(connection: sqlite3.Connection, site: Site) -> None:
    connection.execute("UPDATE sites SET changes = changes + 1 WHERE id = ?", (site.id,))


def read_sample(connection: sqlite3.Connection, site: Site, without: int | None = None) -> list[bytes]:
    """The fingerprints of each sampled page, without the page at one place."""
    rows = connection.execute(
        "SELECT fingerprints FROM samples WHERE place BETWEEN ? AND ? AND place IS NOT ? ORDER BY place",
        (*site.places, without),
    )
    return [row[0] for row in rows]


def read_place(connection: sqlite3.Connection, place: int) -> bytes:
    """The fingerprints of one sampled page."""
    return bytes(connection.execute("SELECT fingerprints FROM samples WHERE place = ?", (place,)).fetchone()[0])


def find_place(connection: sqlite3.Connection, site: Site, page: int) -> int | None:
    """Where a page stands in the sample; ``None`` for a page that is unknown or beyond it."""
    row = connection.execute("SELECT slot FROM pages WHERE site = ? AND page = ?", (site.id, page)).fetchone()
    return None if row is None or row[0] is None else site.places[0] + int(row[0])


def write_sample(connection: sqlite3.Connection, site: Site, rows: Iterable[bytes]) -> None:
    """Put other fingerprints in the places of a site, in the order of :func:`read_sample`."""
    places = connection.execute(
        "SELECT place FROM samples WHERE place BETWEEN ? AND ? ORDER BY place", site.places
    ).fetchall()
    connection.executemany(
        "UPDATE samples SET fingerprints = ? WHERE place = ?",
        [(row, place) for row, (place,) in zip(rows, places, strict=True)],
    )
    _note_change(connection, site)


def list_unfolded(connection: sqlite3.Connection, least_pages: int) -> list[str]:
    """Names of the sites with so many pages at least whose fold is missing or out of date."""
    rows = connection.execute("SELECT name FROM sites WHERE changes != folded AND pages >= ?", (least_pages,))
    return [name for (name,) in rows]


def write_fold(connection: sqlite3.Connection, site: Site, repeated: bytes, singles: bytes) -> None:
    """Store what a site's sample folds to, as :func:`boilerstrip.memory.sampling.pack_fold` gives it."""
    connection.execute("REPLACE INTO folds VALUES (?, ?, ?)", (site.id, repeated, singles))
    connection.execute("UPDATE sites SET folded = changes WHERE id = ?", (site.id,))


def read_repeated(connection: sqlite3.Connection, site: Site) -> bytes:
    """The repeated part of a site's stored fold."""
    return bytes(connection.execute("SELECT repeated FROM folds WHERE site = ?", (site.id,)).fetchone()[0])


def read_singles(connection: sqlite3.Connection, site: Site) -> bytes:
    """The other part."""
    return bytes(connection.execute("SELECT singles FROM folds WHERE site = ?", (site.id,)).fetchone()[0])


def add_counts(connection: sqlite3.Connection, name: str, counts: Iterable[tuple[int, int]]) -> None:
    """Join imported counts to a site: of every fingerprint the larger number of pages stands."""
    site = get_site(connection, name)
    connection.executemany(
        """INSERT INTO counts VALUES (?, ?, ?)
        ON CONFLICT (site, fingerprint) DO UPDATE SET pages = max(pages, excluded.pages)""",
        [(site.id, fingerprint, pages) for fingerprint, pages in counts],
    )


def add_counted_pages(connection: sqlite3.Connection, name: str, pages: int) -> None:
    """Join the number of pages behind imported counts to a site: the larger one stands."""
    site = get_site(connection, name)
    connection.execute("UPDATE sites SET counted_pages = max(counted_pages, ?) WHERE id = ?", (pages, site.id))


def drop_counts(connection: sqlite3.Connection, site: Site, minimum: int) -> int:
    """Drop what was imported with fewer pages than that; the number of rows."""
    return connection.execute("DELETE FROM counts WHERE site = ? AND pages < ?", (site.id, minimum)).rowcount


def read_counts(connection: sqlite3.Connection, site: Site) -> list[tuple[int, int]]:
    """The imported fingerprints of a site, ascending, each with its number of pages."""
    return connection.execute(
        "SELECT fingerprint, pages FROM counts WHERE site = ? ORDER BY fingerprint", (site.id,)
    ).fetchall()


def find_counts(connection: sqlite3.Connection, site: Site, wanted: list[int]) -> dict[int, int]:
    """The imported numbers of pages of some fingerprints; those that are missing were not imported."""
    found: dict[int, int] = {}
    for start in range(0, len(wanted), _VARIABLES):
        some = wanted[start : start + _VARIABLES]
        marks = ",".join("?" * len(some))
        found.update(
            connection.execute(
                f"SELECT fingerprint, pages FROM counts WHERE site = ? AND fingerprint IN ({marks})", (site.id, *some)
            )
        )
    return found


def read_content(connection: sqlite3.Connection, site: Site) -> SiteContent:
    """All that is known about a site."""
    pages = connection.execute(
        "SELECT page, fingerprints FROM pages LEFT JOIN samples ON place = ? + slot WHERE site = ? ORDER BY page",
        (site.places[0], site.id),
    ).fetchall()
    return SiteContent(site.name, pages, site.counted_pages, read_counts(connection, site))


def add_content(connection: sqlite3.Connection, content: SiteContent) -> None:
    """Join what another memory knows about a site.

    Its pages come by ascending hash, the sampled ones first: a page beyond its sample is beyond the sample of both,
    because the pages that displaced it are in both.
    """
    for page, fingerprints in content.pages:
        add_page(connection, content.name, page, fingerprints)
    add_counts(connection, content.name, content.counts)
    add_counted_pages(connection, content.name, content.counted_pages)
