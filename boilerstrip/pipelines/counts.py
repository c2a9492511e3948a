"""The repetition counts of a crawl as tables: what each page adds, how a site's pages add up, and who looks them up.

Counts are those of a :class:`boilerstrip.SiteMemory` that learnt the same pages: of a site with more than 256 pages
those of the 256 whose hashed addresses are the smallest, so that a site costs every engine a bounded amount of work.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from boilerstrip.errors import OptionError
from boilerstrip.memory import fingerprint_blocks, locate, site_of
from boilerstrip.memory.names import FingerprintArray, hash_name
from boilerstrip.page import Page, SiteCounts
from boilerstrip.pipelines.arrow import build_schema, read_row, require_pyarrow
from boilerstrip.pipelines.pages import Settings, check_page
from boilerstrip.sources import read_source

SAMPLED_PAGES: Final = 256
"""Pages of a site that are counted at most, as in a :class:`boilerstrip.SiteMemory`."""

PAGE_BLOCKS: Final = "site string, page bigint, fingerprints array<bigint>"
"""Columns of the table of pages: hashes of each page's address and of its blocks."""
SITE_COUNTS: Final = "site string, sample array<bigint>, blocks array<struct<fingerprint:bigint,pages:int>>"
"""Columns of the table of counts, one row a site: the pages that were counted, and on how many each block stands."""


class _Counts(NamedTuple):
    sample: FingerprintArray
    fingerprints: FingerprintArray
    """Ascending, as the sample is."""
    pages: FingerprintArray


class CountedSites:
    """Counts by site, to be looked up like a site memory's. Blocks that stand on one page only may be left out.

    >>> sites = CountedSites([{"site": "s", "sample": [1, 2, 3], "blocks": []}])
    >>> sites.lookup("s", ["Home"])
    SiteCounts(site='s', pages_of_site=3, pages_with_block=[0])
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """
        :param rows: as :func:`count_site` gives them.
        """
        self._sites = {row["site"]: _read_counts(row) for row in rows}

    def lookup(self, site: str, texts: Sequence[str], *, page: str | None = None) -> SiteCounts:
        """See :class:`boilerstrip.page.SiteLookup`. A page that was counted is left out with the blocks it has now."""
        counts = self._sites.get(site)
        if counts is None:
            return SiteCounts(site, 0, [0] * len(texts))
        is_counted = page is not None and bool(np.isin(hash_name(page), counts.sample))
        pages = len(counts.sample) - is_counted
        if not len(counts.fingerprints):
            return SiteCounts(site, pages, [0] * len(texts))
        wanted = fingerprint_blocks(texts)
        places = np.minimum(counts.fingerprints.searchsorted(wanted), len(counts.fingerprints) - 1)
        found = np.where(counts.fingerprints[places] == wanted, counts.pages[places] - is_counted, 0)
        return SiteCounts(site, pages, found.tolist())


def _read_counts(row: Mapping[str, Any]) -> _Counts:
    blocks = sorted((block["fingerprint"], block["pages"]) for block in row["blocks"])
    pairs = np.array(blocks, np.int64).reshape(len(blocks), 2)
    return _Counts(np.array(row["sample"], np.int64), pairs[:, 0].copy(), pairs[:, 1].copy())


def list_page_blocks(batches: Iterable[Any], settings: Settings) -> Iterator[Any]:
    """What each row adds to the counts: batches with the columns :data:`PAGE_BLOCKS`.

    A row without a page, without blocks or without a site adds nothing.
    """
    for batch in batches:
        build_schema(batch.schema, settings)
        found = (_describe_page(batch, row, settings) for row in range(batch.num_rows))
        yield _build_batch([page for page in found if page])


def name_sites(batches: Iterable[Any], settings: Settings, name: str) -> Iterator[Any]:
    """The batches with one more column: each row's site, or null where nothing says it."""
    pyarrow = require_pyarrow()
    for batch in batches:
        sites = [_find_site(batch, row, settings) for row in range(batch.num_rows)]
        yield batch.append_column(name, pyarrow.array(sites, pyarrow.string()))


def _find_site(batch: Any, row: int, settings: Settings) -> str | None:
    """As :func:`locate` finds it; a page is looked into only where its row does not say."""
    values = read_row(batch, row, settings, with_page=False)
    site = values.site or site_of(values.url if isinstance(values.url, str) else None)
    if site is None:
        page = _describe_page(batch, row, settings)
        site = page["site"] if page else None
    return site


def _describe_page(batch: Any, row: int, settings: Settings) -> dict[str, Any] | None:
    try:
        values = read_row(batch, row, settings)
        check_page(values.page, settings.max_bytes)
        page = _read_page(values.page, settings, values.encoding)
    except Exception:  # cleaning the page says what is wrong with it
        return None
    location = locate(page, url=values.url if isinstance(values.url, str) else None, site=values.site)
    if location is None or not page.texts:
        return None
    distinct = np.unique(fingerprint_blocks(page.texts))
    return {"site": location.site, "page": hash_name(location.page), "fingerprints": distinct}


def _read_page(source: Any, settings: Settings, encoding: Any) -> Page:
    kind = settings.options.get("kind", "auto")
    try:
        return read_source(source, kind, encoding).page
    except OptionError:
        return read_source(source, kind).page


def _build_batch(pages: list[dict[str, Any]]) -> Any:
    pyarrow = require_pyarrow()
    schema = pyarrow.schema(
        [("site", pyarrow.string()), ("page", pyarrow.int64()), ("fingerprints", pyarrow.list_(pyarrow.int64()))]
    )
    return pyarrow.RecordBatch.from_pylist(pages, schema=schema)


def count_site(pages: Any) -> Any:
    """The counts of one site, as a table of one row with the columns :data:`SITE_COUNTS`; of none if nothing repeats.

    :param pages: a table with the columns :data:`PAGE_BLOCKS`; a page may stand in it more than once.
    """
    pyarrow = require_pyarrow()
    block = pyarrow.struct([("fingerprint", pyarrow.int64()), ("pages", pyarrow.int32())])
    schema = pyarrow.schema(
        [("site", pyarrow.string()), ("sample", pyarrow.list_(pyarrow.int64())), ("blocks", pyarrow.list_(block))]
    )
    names = pages.column("page").to_numpy()
    sample = np.unique(names)[:SAMPLED_PAGES]
    counted = pages.filter(pyarrow.array(np.isin(names, sample)))
    fingerprints, holders = _count_holders(counted.column("page").to_numpy(), counted.column("fingerprints"))
    repeats = holders > 1
    blocks = [
        {"fingerprint": fingerprint, "pages": count}
        for fingerprint, count in zip(fingerprints[repeats].tolist(), holders[repeats].tolist(), strict=True)
    ]
    row = {"site": pages.column("site")[0].as_py(), "sample": sample.tolist(), "blocks": blocks}
    return pyarrow.Table.from_pylist([row] if blocks else [], schema=schema)


def _count_holders(names: FingerprintArray, lists: Any) -> tuple[FingerprintArray, FingerprintArray]:
    """Every distinct fingerprint, ascending, and how many distinct pages hold it.

    :param lists: an Arrow column with the fingerprints of each page.
    """
    from pyarrow import compute

    lengths = compute.list_value_length(lists).to_numpy()
    flat = compute.list_flatten(lists).to_numpy()
    pairs = np.unique(np.stack([flat, np.repeat(names, lengths)]), axis=1)
    return np.unique(pairs[0], return_counts=True)
