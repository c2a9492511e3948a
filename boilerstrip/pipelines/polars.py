"""Polars: a column of pages in, a frame of columns out."""

from typing import Any

from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.arrow import build_arrays, require_pyarrow
from boilerstrip.pipelines.pages import PageCleaner, Settings, import_extra


def clean(pages: Any, *, url: Any = None, memory: SiteLookup | None = None, **settings: Any) -> Any:
    """A frame of cleaned pages in the order of their series; ``frame.hstack`` puts it beside where they came from.

    :param url: a series of their addresses.
    :param settings: ``columns=``, ``options=`` and the other fields of :class:`boilerstrip.pipelines.pages.Settings`
        but for the names of columns.
    :raises MissingExtra: when Polars is not installed.
    """
    polars = import_extra("polars", "Cleaning a Polars series", "polars")
    cleaner = PageCleaner(Settings(**settings), memory)
    rows = cleaner.clean_all(pages.to_list(), None if url is None else url.to_list())
    arrays = build_arrays(rows, cleaner.settings)
    return polars.from_arrow(require_pyarrow().table(arrays, names=list(cleaner.settings.columns)))
