"""Hugging Face ``datasets``: a dataset of pages in, a dataset of stories out, cached under a fingerprint that lasts."""

import os
from typing import Any

from boilerstrip import __version__
from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.arrow import ROWS_A_BATCH, build_schema, clean_table, require_pyarrow
from boilerstrip.pipelines.pages import Settings, import_extra


def clean(dataset: Any, *, memory: SiteLookup | None = None, num_proc: int | None = None, **settings: Any) -> Any:
    """Clean a ``Dataset`` or a streamed ``IterableDataset``; the columns are as in
    :func:`boilerstrip.pipelines.arrow.clean_batches`, but that ``reasons`` is a list of keys and values.

    The same dataset, settings, memory and version of boilerstrip give the same fingerprint in every process, so that a
    result is found in the cache again.

    :param num_proc: processes, for a ``Dataset``.
    :raises MissingExtra: when ``datasets`` is not installed.
    """
    datasets = import_extra("datasets", "Cleaning a dataset", "datasets")
    chosen = Settings(**settings)
    if dataset.features is None:  # a stream does not know its columns before its first rows
        dataset = dataset._resolve_features()
    schema = _without_maps(build_schema(dataset.features.arrow_schema, chosen))
    arguments = {
        "batched": True,
        "batch_size": ROWS_A_BATCH,
        "remove_columns": [name for name in dataset.column_names if name not in schema.names],
        "features": datasets.Features.from_arrow_schema(schema),
        "fn_kwargs": {"settings": chosen, "memory": memory, "state": (__version__, _state_of(memory))},
    }
    processes = {} if isinstance(dataset, datasets.IterableDataset) else {"num_proc": num_proc}
    return dataset.with_format("arrow").map(_clean, **processes, **arguments).with_format(None)


def _clean(table: Any, settings: Settings, memory: SiteLookup | None, state: object) -> Any:
    cleaned = clean_table(table, settings, memory)
    return cleaned.cast(_without_maps(cleaned.schema))


def _without_maps(schema: Any) -> Any:
    """The schema with lists of keys and values where it has maps, which ``datasets`` does not know."""
    pyarrow = require_pyarrow()
    for number, field in enumerate(schema):
        if pyarrow.types.is_map(field.type):
            pair = pyarrow.struct([("key", field.type.key_type), ("value", field.type.item_type)])
            schema = schema.set(number, field.with_type(pyarrow.list_(pair)))
    return schema


def _state_of(memory: Any) -> tuple[int, ...]:
    """What tells a memory's file from a later state of it."""
    path = getattr(memory, "path", None) or ""
    return (os.stat(path).st_mtime_ns, os.stat(path).st_size) if os.path.exists(path) else ()
