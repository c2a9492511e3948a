"""pandas: a column of pages in, a frame of columns out."""

from typing import Any

from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.pages import PageCleaner, Settings, import_extra


def clean(pages: Any, *, url: Any = None, memory: SiteLookup | None = None, **settings: Any) -> Any:
    """A frame of cleaned pages with the index of their series, so that it can be joined to where they came from.

    :param url: a series of their addresses.
    :param settings: ``columns=``, ``options=`` and the other fields of :class:`boilerstrip.pipelines.pages.Settings`
        but for the names of columns.
    :raises MissingExtra: when pandas is not installed.
    """
    pandas = import_extra("pandas", "Cleaning a pandas series", "pandas")
    cleaner = PageCleaner(Settings(**settings), memory)
    # What pandas writes for a page that is missing is a number of its own kind, or ``NA``: both become null.
    values = (page if hasattr(page, "__len__") or not pandas.isna(page) else None for page in pages)
    rows = cleaner.clean_all(values, url)
    return pandas.DataFrame(rows, index=pages.index, columns=list(cleaner.settings.columns))
