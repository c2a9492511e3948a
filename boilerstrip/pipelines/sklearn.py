"""scikit-learn: a transformer without state, so that a pipeline can begin with pages."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from boilerstrip.pipelines.pages import PageCleaner, Settings, import_extra

_base: Any = import_extra("sklearn.base", "StoryTransformer", "sklearn")


class StoryTransformer(_base.TransformerMixin, _base.BaseEstimator):  # type: ignore[misc]
    """Pages to stories. With the name of one column it gives a list of texts, which a vectorizer takes; with several,
    an array or, after ``set_output``, a frame of them.

    A page that fails gives an empty text; ask for the column ``error`` to see why.

    >>> StoryTransformer().fit_transform(["<p>It rained."]).tolist()
    ['It rained.']
    """

    def __init__(
        self, columns: str | Sequence[str] = "text", *, options: Any = None, max_bytes: int = 20_000_000
    ) -> None:
        """See :class:`boilerstrip.pipelines.pages.Settings`; they are checked when there is something to do."""
        self.columns, self.options, self.max_bytes = columns, options, max_bytes

    def fit(self, pages: Any, y: Any = None) -> "StoryTransformer":
        """Check the settings; there is nothing to learn."""
        self._make_cleaner()
        return self

    def transform(self, pages: Any) -> Any:
        """The column or columns of a list, a series or a frame of one column of pages."""
        values = pages.squeeze(axis=1) if getattr(pages, "ndim", 1) == 2 else pages
        rows = self._make_cleaner().clean_all(values, None)
        if isinstance(self.columns, str):
            return np.array([row[self.columns] or "" for row in rows], dtype=object)
        return np.array([list(row.values()) for row in rows], dtype=object).reshape(len(rows), len(self.columns))

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """The names of the columns."""
        return np.array([self.columns] if isinstance(self.columns, str) else list(self.columns), dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit, tags.input_tags.string, tags.no_validation = False, True, True
        return tags

    def _make_cleaner(self) -> PageCleaner:
        columns = tuple(self.get_feature_names_out())
        return PageCleaner(Settings(columns=columns, options=self.options or {}, max_bytes=self.max_bytes))
