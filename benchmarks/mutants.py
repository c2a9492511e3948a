"""Mutation testing of selection, decoding and the walk: ``make mutants``.

The faults are mutmut's. They are put in by swapping the code of a function in a fork of one process, which has
collected and timed the tests, so that a mutant costs only the tests that run its statement, quickest first. A test that
takes over a second is left out. What no test notices is printed, and the documentation says which of it is alike.
"""

import argparse
import ast
import inspect
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from itertools import chain
from pathlib import Path
from types import CodeType
from typing import Any, Final, NamedTuple

from benchmarks.tables import format_table

_ROOT: Final = Path(__file__).parents[1]
_SLOW_TEST: Final = 1.0
_PATIENCE: Final = 5.0
"""Seconds of the processor, besides twice what its tests take, after which a mutant is one that never ends."""


class Room(NamedTuple):
    """What is mutated together, and the tests that belong to it."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS: Final = {
    "select": Room(
        ("judge/select.py", "judge/neighbours.py", "judge/threshold.py", "judge/opinions.py"),
        ("select", "select_rules", "select_edges", "trees"),
    ),
    "decode": Room(("decode.py", "encodings.py"), ("decode", "decode_edges")),
    "walk": Room(
        ("segment/html.py",),
        ("walk", "blocks", "cdata", "forms", "head", "reading", "structure"),
    ),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module's source with one fault."""

    file: Path
    source: str
    line: int
    diff: str


@dataclass(slots=True)
class Testing:
    """A plugin of pytest that runs the collected tests once for each mutant instead of once."""

    room: Room
    share: float
    seed: int
    killed: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    _tests: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    _seconds: list[float] = field(default_factory=list)

    def pytest_runtestloop(self, session: Any) -> bool:
        """Run all tests once, then those of each mutant in a fork."""
        files = [_ROOT / "boilerstrip" / source for source in self.room.sources]
        self._run_all(session, files)
        if session.testsfailed:
            raise session.Failed("the tests fail without a mutant")
        dice = random.Random(self.seed)
        for mutant in chain.from_iterable(make_mutants(file, self.share, dice) for file in files):
            if self._is_noticed(session, mutant):
                self.killed += 1
            else:
                self.survivors.append(mutant)
                print(f"\nsurvived: {mutant.file.name}\n{mutant.diff}", flush=True)
        return True

    def _run_all(self, session: Any, files: list[Path]) -> None:
        """Run all tests, and note which lines of the mutated files each runs and how long it takes."""
        from coverage import Coverage

        watch = Coverage(data_file=None, include=list(map(str, files)))
        watch.start()
        for number, item in enumerate(session.items):
            watch.switch_context(str(number))
            started = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            self._seconds.append(time.process_time() - started)
        watch.stop()
        for file in files:
            for line, contexts in watch.get_data().contexts_by_lineno(str(file)).items():
                self._tests[str(file), line] = set(map(int, filter(None, contexts)))

    def _is_noticed(self, session: Any, mutant: Mutant) -> bool:
        lines = find_statement(mutant.file.read_text(encoding="utf-8"), mutant.line)
        numbers = set().union(*(self._tests.get((str(mutant.file), line), ()) for line in lines))
        chosen = sorted((self._seconds[number], number) for number in numbers if self._seconds[number] < _SLOW_TEST)
        child = os.fork()
        if child:
            return os.waitpid(child, 0)[1] != 0
        _be_quiet()
        signal.setitimer(signal.ITIMER_PROF, _PATIENCE + 2 * sum(seconds for seconds, _ in chosen))
        try:
            swap_code(mutant)
            for _, number in chosen:
                item = session.items[number]
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                if session.testsfailed:
                    break
        finally:
            os._exit(int(session.testsfailed > 0))


def make_mutants(file: Path, share: float, dice: random.Random) -> Iterator[Mutant]:
    """The faults that mutmut makes in the functions of a module and that change what they do, or a share of them."""
    from libcst import CSTNode, MetadataWrapper
    from libcst.metadata import ByteSpanPositionProvider
    from mutmut.mutation.file_mutation import create_mutations

    original = file.read_text(encoding="utf-8")
    codes = _find_code(compile(original, str(file), "exec"))
    module, mutations, *_ = create_mutations(str(file), original)
    spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)

    def replace(old: CSTNode, new: CSTNode) -> str:
        before, after, text = module.code_for_node(old), module.code_for_node(new), original.encode()
        start = spans[old].start if old in spans else -1
        if start < 0 or not text.startswith(before.encode(), start):
            return module.deep_replace(old, new).code
        return (text[:start] + after.encode() + text[start + len(before.encode()) :]).decode()

    for mutation in mutations:
        if mutation.contained_by_top_level_function is None or dice.random() >= share:
            continue
        source = replace(mutation.original_node, mutation.mutated_node)
        if _find_code(compile(source, str(file), "exec")) != codes:
            before, after = original.splitlines(), source.splitlines()
            line = next(number for number, pair in enumerate(zip(before, after, strict=False), 1) if len(set(pair)) > 1)
            yield Mutant(file, source, line, "\n".join([*unified_diff(before, after, n=0, lineterm="")][2:]))


def find_statement(source: str, line: int) -> range:
    """The lines of the innermost statement that a line is part of, those of its own blocks left out.

    >>> find_statement("if one:\\n    two(\\n        three)\\n", 3), find_statement("if one:\\n    two()", 1)
    (range(2, 4), range(1, 2))
    """
    lines = range(line, line + 1)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            body: list[ast.stmt] = getattr(node, "body", [])
            lines = range(node.lineno, body[0].lineno if body else (node.end_lineno or 0) + 1)
    return lines


def swap_code(mutant: Mutant) -> None:
    """Give the functions of a module that is loaded the code of a mutant; everybody who imported them has it then."""
    name = ".".join(mutant.file.relative_to(_ROOT).with_suffix("").parts)
    module = sys.modules[name]
    for path, code in _find_code(compile(mutant.source, str(mutant.file), "exec")).items():
        function: Any = module
        for part in path:
            function = inspect.getattr_static(function, part)
        function = inspect.unwrap(getattr(function, "__func__", function))
        if inspect.isfunction(function):
            function.__code__ = code
    for value in vars(module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def _find_code(code: CodeType, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], CodeType]:
    """The code of the functions and methods of a module, by their names."""
    found: dict[tuple[str, ...], CodeType] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and not constant.co_name.startswith("<"):
            own = (*path, constant.co_name)
            found |= {own: constant} if constant.co_flags & inspect.CO_NEWLOCALS else _find_code(constant, own)
    return found


def _be_quiet() -> None:
    """What a child prints is nobody's."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks mutants``."""
    parser.add_argument("--rooms", nargs="+", choices=list(ROOMS), default=list(ROOMS))
    parser.add_argument("--share", type=float, default=1.0, help="of all mutants, chosen by chance; default: 1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=0.8, help="share that must be noticed; default: 0.8")


def run(arguments: argparse.Namespace) -> int:
    """Print the mutants that no test noticed, and how many did; 1 if too few were noticed."""
    os.environ["BOILERSTRIP_CORE"] = "off"
    rows, shares = [], []
    for name in arguments.rooms:
        testing = Testing(ROOMS[name], arguments.share, arguments.seed)
        tests = [f"tests/test_{test}.py" for test in testing.room.tests]
        doctests = [f"boilerstrip/{source}" for source in testing.room.sources]
        # Without the settings of the project, of which long summaries of what is skipped are one.
        import pytest

        pytest.main(["-q", "-s", "-o", "addopts=", "--doctest-modules", *tests, *doctests], plugins=[testing])
        count = testing.killed + len(testing.survivors)
        shares.append(testing.killed / count if count else 0.0)
        rows.append([name, f"{count:,}", f"{testing.killed:,}", f"{shares[-1]:.1%}"])
    print(format_table(["room", "mutants", "noticed", "share"], rows))
    return int(min(shares) < arguments.least)
