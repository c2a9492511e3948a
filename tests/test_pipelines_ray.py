"""Ray Data: pages in, stories out, in Ray's worker processes."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from boilerstrip.errors import MissingExtra, OptionError
from tests.pipelines import (
    GOOD,
    LARGE_ROWS,
    POISON,
    POISONED,
    WRONG_TYPE,
    expected_of_large,
    expected_of_poison,
    expected_rows,
    fixture_rows,
    require_library,
)

ray = require_library("ray", "ray")
require_library("ray.data", "ray")
pytestmark = pytest.mark.pipelines

from boilerstrip.pipelines.ray import clean  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def engine() -> Iterator[None]:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


def read_rows(dataset: Any) -> list[dict[str, Any]]:
    import pyarrow

    tables = [ray.get(reference) for reference in dataset.to_arrow_refs()]
    return pyarrow.concat_tables(tables).to_pylist(maps_as_pydicts="strict")


def test_rows_are_what_the_library_gives() -> None:
    import pyarrow

    rows = fixture_rows()
    dataset = ray.data.from_arrow(pyarrow.Table.from_pylist(rows)).repartition(4)
    cleaned = sorted(read_rows(clean(dataset, batch_size=5)), key=lambda row: row["depth"])
    assert cleaned == [{**row, "depth": number} for number, row in enumerate(expected_rows(rows))]


def test_a_large_block_is_the_work_of_several_tasks() -> None:
    dataset = ray.data.from_items([{"html": GOOD}] * 24, override_num_blocks=1)
    assert clean(dataset, batch_size=8, columns=("status",)).materialize().num_blocks() == 3


def test_poison_is_an_error_in_its_row() -> None:
    dataset = ray.data.from_items([{"html": page, "number": number} for number, page in enumerate(POISON)])
    cleaned = sorted(read_rows(clean(dataset, **POISONED)), key=lambda row: row["number"])
    assert cleaned == [{**row, "number": number} for number, row in enumerate(expected_of_poison())]
    wrong = read_rows(clean(ray.data.from_items([{"html": 7}]), columns=("error",)))
    assert wrong == [{"error": WRONG_TYPE}]


def test_a_page_of_a_hundred_megabytes_is_an_error_in_its_row() -> None:
    import pyarrow

    dataset = ray.data.from_arrow(pyarrow.table({"html": LARGE_ROWS}))
    assert read_rows(clean(dataset, columns=("status", "error"))) == expected_of_large()


def test_misuse_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OptionError, match="focus='strict'"):
        clean(ray.data.range(1), options={"focus": "strict"})
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(MissingExtra, match=r"boilerstrip\[ray\]"):
        clean(None)
