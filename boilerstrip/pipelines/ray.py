"""Ray Data: a dataset of pages in, a dataset of stories out."""

from typing import Any, Final

from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.arrow import clean_table
from boilerstrip.pipelines.pages import Settings, import_extra

_ROWS_A_TASK: Final = 64
"""Ray's own blocks are of 128 MB, which is a single task's work for minutes while other cores wait."""


def clean(dataset: Any, *, memory: SiteLookup | None = None, batch_size: int = _ROWS_A_TASK, **settings: Any) -> Any:
    """Clean a ``ray.data.Dataset``, lazily as all its methods work; see
    :func:`boilerstrip.pipelines.arrow.clean_batches` for the columns and the settings.

    :param batch_size: pages a task; larger blocks of the dataset are cut.
    :raises MissingExtra: when Ray Data is not installed.
    """
    import_extra("ray.data", "Cleaning a Ray dataset", "ray")
    return dataset.repartition(target_num_rows_per_block=batch_size).map_batches(
        clean_table,
        batch_format="pyarrow",
        batch_size=batch_size,
        fn_kwargs={"settings": Settings(**settings), "memory": memory},
    )
