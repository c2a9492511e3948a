"""Ray Data: a dataset of pages in, a dataset of stories out."""

from typing import Any

from boilerstrip.errors import MissingExtra
from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.arrow import ROWS_A_BATCH, clean_table
from boilerstrip.pipelines.pages import Settings


def clean(dataset: Any, *, memory: SiteLookup | None = None, batch_size: int = ROWS_A_BATCH, **settings: Any) -> Any:
    """Clean a ``ray.data.Dataset``, lazily as all its methods work; see
    :func:`boilerstrip.pipelines.arrow.clean_batches` for the columns and the settings.

    :param batch_size: pages a call; Ray gives a block of the dataset to each task, so :meth:`repartition` spreads them.
    :raises MissingExtra: when Ray Data is not installed.
    """
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise MissingExtra("Cleaning a Ray dataset", "ray") from error
    return dataset.map_batches(
        clean_table,
        batch_format="pyarrow",
        batch_size=batch_size,
        fn_kwargs={"settings": Settings(**settings), "memory": memory},
    )
