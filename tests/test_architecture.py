"""Imports point one way, the public surface is what it says, and importing the package stays light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import boilerstrip

ROOT = Path(boilerstrip.__file__).parent

GROUND = {"_core", "blocks", "errors", "language_codes", "limits", "options", "page", "patterns", "pool", "tags"}
"""Imported by everybody; they import each other only."""

STAGES = {
    "decode": {"decode", "encodings"},
    "segment": {"segment"},
    "evidence": {"evidence"},
    "judge": {"judge"},
    "memory": {"memory"},
    "metadata": {"bylines", "days", "linked_data", "metadata", "titles"},
    "render": {"render"},
}
"""One stage or measurement each, with the rooms it lives in."""

STAGE_OF_ROOM = {room: stage for stage, rooms in STAGES.items() for room in rooms}

ALLOWED = {
    "blocks": {"evidence"},
    "sources": {"decode", "segment"},
    "judge": {"evidence"},
    "document": {"render", "metadata"},
    "outcome": {"document", "evidence", "judge", "render", "segment", "sources", "titles"},
    "rows": {"document", "judge"},
    "transport": {"document"},
    "cleaner": {*STAGE_OF_ROOM, "document", "outcome", "sources", "transport"},
    "boilerstrip": {"cleaner", "document", "learning", "memory", "metadata"},
}
"""What a room may import beside the ground floor and itself."""

AROUND = {"batch", "cli", "learning", "report", "pipelines", "__main__"}
"""The rooms around the spine may import everything below; ``cli`` also all its neighbours."""

NEIGHBOURS = {("__main__", "cli"), ("batch", "report"), ("pipelines", "batch")}
"""Arrows between the rooms around the spine, beside those of ``cli``."""


HEAVY = ("trafilatura", "langdetect", "py3langid", "pyarrow", "pyspark", "torch", "rich", "click")


def list_modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Return the first name below the package, or the package itself."""
    return module.split(".")[1] if "." in module else module


def read_imports(path: Path) -> Iterator[str]:
    """Yield every module of ours that the source at ``path`` imports: at its top, in a function, for its types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        yield from _imported_modules(node)


def _imported_modules(node: ast.AST) -> Iterator[str]:
    """``from boilerstrip.render import text`` imports a module, ``from boilerstrip.page import Page`` a name of one."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "boilerstrip")
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        source = node.module or ""
        if source.split(".")[0] == "boilerstrip":
            yield from (f"{source}.{alias.name}" if _is_module(source, alias.name) else source for alias in node.names)


def _is_module(package: str, name: str) -> bool:
    path = ROOT.parent.joinpath(*package.split("."), name)
    return path.is_dir() or path.with_suffix(".py").is_file()


def is_allowed(importer: str, imported: str) -> bool:
    """Tell whether one room may import another."""
    if importer == imported or imported in GROUND:
        return True
    if importer in GROUND:
        return imported in ALLOWED.get(importer, set())
    if importer in STAGE_OF_ROOM and STAGE_OF_ROOM.get(imported) == STAGE_OF_ROOM[importer]:
        return True
    if importer in AROUND:
        return imported not in AROUND or importer == "cli" or (importer, imported) in NEIGHBOURS
    return imported in ALLOWED.get(importer, set())


@pytest.mark.parametrize("path", list_modules(), ids=module_name)
def test_imports_point_downwards(path: Path) -> None:
    importer = room_of(module_name(path))
    wrong = {module for module in read_imports(path) if not is_allowed(importer, room_of(module))}
    assert not wrong, f"{module_name(path)} must not import {', '.join(sorted(wrong))}"


def test_no_module_imports_itself_through_others() -> None:
    arrows = {(module_name(path), imported) for path in list_modules() for imported in read_imports(path)}
    graph: dict[str, set[str]] = {}
    for importer, imported in arrows:
        graph.setdefault(importer, set()).add(imported)
    assert list(TopologicalSorter(graph).static_order())


def test_modules_and_functions_stay_small() -> None:
    for path in list_modules():
        source = path.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= 360, f"{module_name(path)} is too long; split it"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno <= 60, f"{module_name(path)}.{node.name} is too long"


def test_public_names_are_listed_documented_and_there() -> None:
    assert list(boilerstrip.__all__) == sorted(boilerstrip.__all__)
    for name in boilerstrip.__all__:
        assert getattr(boilerstrip, name).__doc__, f"{name} has no docstring"


def test_every_module_says_what_it_is() -> None:
    for path in list_modules():
        source = path.read_text(encoding="utf-8")
        assert not source.strip() or ast.get_docstring(ast.parse(source)), f"{module_name(path)} has no docstring"


@pytest.mark.parametrize("heavy", HEAVY)
def test_importing_what_cleans_does_not_load(heavy: str) -> None:
    program = f"import sys; from boilerstrip import clean; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


WITHOUT_SOCKETS = """
import sys
sys.addaudithook(lambda event, arguments: print(event, arguments) if event.startswith("socket.") else None)
import boilerstrip.metadata
from boilerstrip import clean
assert clean("<title>Rain</title><h1>Rain</h1><p>It rained for three days in the hills above the town.").title == "Rain"
"""


def test_importing_and_cleaning_open_no_socket() -> None:
    result = subprocess.run([sys.executable, "-c", WITHOUT_SOCKETS], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("", "")


LOGGING = """
import sys
from boilerstrip import metadata
def fail(html, url):
    raise ValueError("no metadata today")
metadata.read_metadata = fail
if len(sys.argv) > 1:
    import logging
    logging.basicConfig(format="%(name)s %(levelname)s")
metadata.try_metadata("<p>A page", None)
"""


def test_what_happens_inside_is_logged_and_silent_by_default() -> None:
    silent, loud = (
        subprocess.run([sys.executable, "-c", LOGGING, *arguments], capture_output=True, text=True).stderr
        for arguments in ((), ("loud",))
    )
    assert silent == ""
    assert loud.startswith("boilerstrip.metadata WARNING\nTraceback")


@pytest.mark.parametrize("arguments", [["--help"], ["clean", "--help"], ["learn", "--help"]])
def test_the_help_of_the_command_loads_nothing_that_cleans(arguments: list[str]) -> None:
    program = (
        f"import sys; from boilerstrip.cli import run; run({arguments}); "
        "sys.exit(any(name in sys.modules for name in ('numpy', 'lxml', 'chardet', 'rich', 'multiprocessing')))"
    )
    assert subprocess.run([sys.executable, "-c", program], stdout=subprocess.DEVNULL).returncode == 0


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(boilerstrip, "Scrubber")
    assert set(boilerstrip.__all__) <= set(dir(boilerstrip))
