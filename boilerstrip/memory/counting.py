"""On how many pages of a site blocks stand: read from whatever is the least to read and says the same."""

from functools import partial
from sqlite3 import Connection
from typing import Final

import numpy as np

from boilerstrip.memory import tables
from boilerstrip.memory.fingerprint import FingerprintArray, hash_name
from boilerstrip.memory.sampling import (
    Counts,
    Fold,
    FoldShelf,
    count_in_fold,
    count_in_rows,
    count_others,
    fold_sample,
    pack_fold,
    unpack,
    unpack_repeated,
)

FOLDED_FROM: Final = 8
"""Pages of a site from which on its fold is stored: below, its sample is as quick to read."""


def count_pages(
    connection: Connection, shelf: FoldShelf, opening: int, name: str, wanted: FingerprintArray, page: str | None
) -> tuple[int, Counts]:
    """The pages known of a site and how many of them hold each fingerprint, without the page of that name.

    :param shelf: folds of earlier lookups.
    :param opening: tells the file that they are of from one that has taken its place.
    :param wanted: ascending and distinct.
    """
    site = tables.find_site(connection, name)
    if site is None:
        return 0, np.zeros(len(wanted), np.intp)
    if site.is_counted:
        found = tables.find_counts(connection, site, wanted.tolist())
        return site.counted_pages, np.array([found.get(number, 0) for number in wanted.tolist()], np.intp)
    own_place = None if page is None else tables.find_place(connection, site, hash_name(page))
    counts = _count_sampled(connection, shelf, opening, site, wanted, own_place)
    return site.sampled - (own_place is not None), counts


def _count_sampled(
    connection: Connection,
    shelf: FoldShelf,
    opening: int,
    site: tables.Site,
    wanted: FingerprintArray,
    own_place: int | None,
) -> Counts:
    """From the fold at hand, the stored fold, or the sample itself."""
    own = unpack([] if own_place is None else [tables.read_place(connection, own_place)])
    state = (opening, site.id, site.changes)
    fold = shelf.get(state)
    if fold is None and shelf.is_due(state):
        fold = read_fold(connection, site)
        shelf.put(state, fold)
    if fold is not None:
        return count_in_fold(fold, own, wanted)
    if site.has_fold:
        repeated = unpack_repeated(tables.read_repeated(connection, site))
        return count_others(repeated, partial(_read_singles, connection, site), own, wanted)
    return count_in_rows(tables.read_sample(connection, site, without=own_place), wanted)


def read_fold(connection: Connection, site: tables.Site) -> Fold:
    """A site's fold, from the stored one if that is up to date."""
    if not site.has_fold:
        return fold_sample(tables.read_sample(connection, site))
    return Fold(unpack_repeated(tables.read_repeated(connection, site)), _read_singles(connection, site))


def store_fold(connection: Connection, name: str) -> None:
    """Bring a site's stored fold up to date."""
    site = tables.get_site(connection, name)
    repeated, singles = pack_fold(fold_sample(tables.read_sample(connection, site)))
    tables.write_fold(connection, site, repeated, singles)


def _read_singles(connection: Connection, site: tables.Site) -> FingerprintArray:
    return unpack([tables.read_singles(connection, site)])
