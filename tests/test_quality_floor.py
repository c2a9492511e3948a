"""The fixtures that ship reach their floors, and only an explicit flag lowers a floor."""

import json
from pathlib import Path

from benchmarks.fixtures import load_fixtures
from benchmarks.gate import Floors, find_shortfalls, measure_fixtures, raise_floors, read_floors, write_floors


def test_no_fixture_is_below_its_floor() -> None:
    measured = measure_fixtures(load_fixtures())
    assert measured.fixtures, "no fixtures found"
    assert find_shortfalls(measured, read_floors()) == []


def test_an_update_never_lowers_a_floor() -> None:
    raised = raise_floors(Floors(0.5, {"page": 0.5}), Floors(0.9, {"page": 0.9}))
    assert raised == Floors(0.9, {"page": 0.9})


def test_a_fixture_without_floor_and_a_floor_without_fixture_both_fail() -> None:
    shortfalls = find_shortfalls(Floors(1.0, {"new": 1.0}), Floors(1.0, {"gone": 1.0}))
    assert [line.split(":")[0] for line in shortfalls] == ["gone", "new"]


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    floors = Floors(0.9, {"b": 0.8, "a": 1.0})
    write_floors(floors, tmp_path / "floors.json")
    assert read_floors(tmp_path / "floors.json") == floors
    assert list(json.loads((tmp_path / "floors.json").read_text())["fixtures"]) == ["a", "b"]
