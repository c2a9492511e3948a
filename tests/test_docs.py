"""What the documents say of the code is there: paths, names, and the list of benchmarks."""

import ast
import re
from pathlib import Path

import pytest

from benchmarks.__main__ import _COMMANDS

ROOT = Path(__file__).parent.parent
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
BENCHMARKS = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", ARCHITECTURE, flags=re.DOTALL))
PATHS = sorted({code for code in CODE if code.startswith(("boilerstrip/", "tests/", "benchmarks/"))})
CLASSES = sorted({code.split(".")[0] for code in CODE if re.fullmatch(r"[A-Z][a-z]\w+(\.\w+)?", code)})
BUILT_IN = {"KeyError"}


def list_names(source: str) -> set[str]:
    """Return the names that a module defines at its top and in its classes."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


@pytest.mark.parametrize("place", PATHS)
def test_the_architecture_speaks_of_what_is_there(place: str) -> None:
    path, _, name = place.partition("::")
    assert (ROOT / path).exists()
    assert not name or name in list_names((ROOT / path).read_text(encoding="utf-8"))


def test_the_architecture_names_classes_that_are_there() -> None:
    known = {name for path in (ROOT / "boilerstrip").rglob("*.py") for name in list_names(path.read_text("utf-8"))}
    assert CLASSES
    assert set(CLASSES) <= known | BUILT_IN


def test_the_architecture_has_every_room() -> None:
    rooms = {path.name for path in (ROOT / "boilerstrip").iterdir() if (path / "__init__.py").exists()}
    assert rooms <= {place.split("/")[1] for place in PATHS if place.startswith("boilerstrip/")}


def test_the_benchmarks_are_all_in_their_list() -> None:
    listed = re.findall(r"^\| `([\w-]+)", BENCHMARKS.partition("## Corpora")[0], flags=re.MULTILINE)
    assert set(listed) == set(_COMMANDS)


def test_programs_beside_the_benchmarks_are_in_their_list() -> None:
    programs = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
        for path in (ROOT / "benchmarks").rglob("*.py")
        if re.search(r'^if __name__ == "__main__"', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    assert {program for program in programs if f"python -m {program}" not in BENCHMARKS} == set()
