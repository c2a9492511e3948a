"""Hugging Face datasets: pages in, stories out, found in the cache again."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from boilerstrip import SiteMemory
from boilerstrip.errors import MissingExtra, OptionError
from tests.pipelines import (
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

datasets = require_library("datasets", "datasets")
pytestmark = pytest.mark.pipelines

from boilerstrip.pipelines.datasets import clean  # noqa: E402


def as_lists(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with reasons as a dataset holds them."""
    return [{**row, "reasons": [{"key": key, "value": value} for key, value in row["reasons"].items()]} for row in rows]


def test_rows_are_what_the_library_gives() -> None:
    rows = fixture_rows()
    expected = [{**row, "depth": number} for number, row in enumerate(as_lists(expected_rows(rows)))]
    dataset = datasets.Dataset.from_list(rows)
    assert clean(dataset).to_list() == expected
    assert clean(dataset, num_proc=2).to_list() == expected


def test_a_stream_is_cleaned_row_by_row() -> None:
    rows = fixture_rows(6)
    stream = datasets.IterableDataset.from_generator(lambda: iter(rows))
    expected = [{**row, "depth": number} for number, row in enumerate(as_lists(expected_rows(rows)))]
    assert list(clean(stream)) == expected
    assert list(clean(datasets.Dataset.from_list(rows).to_iterable_dataset())) == expected


def test_poison_is_an_error_in_its_row() -> None:
    dataset = datasets.Dataset.from_dict({"html": POISON})
    assert clean(dataset, **POISONED).to_list() == expected_of_poison()
    wrong = clean(datasets.Dataset.from_dict({"html": [7, 8]}), columns=("error",))["error"]
    assert list(wrong) == [WRONG_TYPE] * 2
    large = clean(datasets.Dataset.from_dict({"html": LARGE_ROWS}), columns=("status", "error"))
    assert large.to_list() == expected_of_large()


def test_the_fingerprint_is_the_same_in_every_process_and_another_for_other_settings(tmp_path: Path) -> None:
    program = (
        "import datasets; from boilerstrip.pipelines.datasets import clean; "
        "dataset = datasets.Dataset.from_dict({'html': ['<p>It rained.']}); "
        "print(clean(dataset, options={'focus': 'recall', 'languages': ('en', 'es')})._fingerprint, "
        "clean(dataset, options={'focus': 'precision'})._fingerprint)"
    )
    found = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "HF_HOME": str(tmp_path)}
        done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found.add(done.stdout)
    assert len(found) == 1
    assert len(set(found.pop().split())) == 2


def test_a_memory_that_has_learnt_more_is_another_memory(tmp_path: Path) -> None:
    dataset = datasets.Dataset.from_dict({"html": ["<p>It rained."], "url": ["https://example.com/a"]})
    prints = []
    for number in range(2):
        with SiteMemory(tmp_path / "memory.sqlite") as memory:
            memory.learn_many_blocks(
                ("example.com", f"/{number}-{page}", [f"Block {'x' * page}"]) for page in range(50)
            )
        prints.append(clean(dataset, memory=SiteMemory(tmp_path / "memory.sqlite", read_only=True))._fingerprint)
    assert prints[0] != prints[1]


def test_misuse_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OptionError, match="html='page' is no column"):
        clean(datasets.Dataset.from_dict({"html": ["a"]}), html="page")
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtra, match=r"boilerstrip\[datasets\]"):
        clean(None)
