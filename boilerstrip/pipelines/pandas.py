"""pandas: a column of pages in, a frame of columns out."""

from typing import Any

from boilerstrip.errors import MissingExtra
from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.pages import PageCleaner, Settings


def clean(pages: Any, *, url: Any = None, memory: SiteLookup | None = None, **settings: Any) -> Any:
    """A frame of cleaned pages with the index of their series, so that it can be joined to where they came from.

    :param url: a series of their addresses.
    :param settings: ``columns=``, ``options=`` and the other fields of :class:`boilerstrip.pipelines.pages.Settings`
        but for the names of columns.
    :raises MissingExtra: when pandas is not installed.
    """
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise MissingExtra("Cleaning a pandas series", "pandas") from error
    cleaner = PageCleaner(Settings(**settings), memory)
    rows = cleaner.clean_all(map(_without_nan, pages), None if url is None else url)
    return DataFrame(rows, index=pages.index, columns=list(cleaner.settings.columns))


def _without_nan(page: Any) -> Any:
    """What pandas writes for a page that is missing is a number of its own kind, or ``NA``: both become null."""
    return None if page is not None and not isinstance(page, (str, bytes)) and _is_missing(page) else page


def _is_missing(value: Any) -> bool:
    from pandas import isna

    return bool(isna(value)) if not hasattr(value, "__len__") else False
