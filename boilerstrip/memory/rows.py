"""Plain rows: a memory as two tables that any engine can make or read."""

from collections.abc import Mapping
from sqlite3 import Connection
from typing import NamedTuple

from boilerstrip.errors import OptionError
from boilerstrip.memory import tables
from boilerstrip.memory.sampling import count_sample


class SiteRow(NamedTuple):
    """One line of an export: a block of a site."""

    site: str
    fingerprint: int
    """Signed 64-bit, see :func:`boilerstrip.memory.fingerprint`."""
    pages: int
    """Pages of the site that hold the block."""


class SitePages(NamedTuple):
    """The other table of an export: the pages behind a site's rows."""

    site: str
    pages: int


def read_rows(connection: Connection, site: tables.Site) -> list[SiteRow]:
    """The rows of one site by fingerprint, from whichever saw more of its pages: what was learnt or was imported."""
    if site.is_counted:
        return [SiteRow(site.name, *count) for count in tables.read_counts(connection, site)]
    fingerprints, holders = count_sample(tables.read_sample(connection, site))
    pairs = zip(fingerprints.tolist(), holders.tolist(), strict=True)
    return [SiteRow(site.name, fingerprint, pages) for fingerprint, pages in pairs]


def check_site(site: object) -> str:
    """The name of a site, or an :class:`OptionError`."""
    if not isinstance(site, str) or not site:
        raise OptionError(f"site={site!r} is not allowed; use the site's name, such as 'example.com'")
    return site


def check_pages(site: str, pages: int) -> int:
    """The number of pages of a site as a plain int (engines give their own kinds), or an :class:`OptionError`."""
    if pages < 0:
        raise OptionError(f"{pages} pages of {site!r} are not allowed; use 0 or more")
    return int(pages)


def check_row(row: tuple[str, int, int], pages_of: Mapping[str, int]) -> tuple[str, int, int]:
    """A row to be imported, in plain ints, or an :class:`OptionError`."""
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
