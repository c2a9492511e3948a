"""The compiled core: what of it is there and agrees with the Python code, which is its reference.

Each module of the core stands for itself. It is built where the package is installed, if there is a compiler, and is
proved by a small example before it is used for the first time: where it is missing or disagrees, the Python code does
the same work, and ``boilerstrip --version`` says so. ``BOILERSTRIP_CORE=off`` in the environment leaves it out.
"""

import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Final, NamedTuple

from boilerstrip._core.proofs import PROOFS

SWITCH: Final = "BOILERSTRIP_CORE"
"""Environment variable; ``off`` leaves the compiled core out."""


class Part(NamedTuple):
    """One module of the core as it was found."""

    module: ModuleType | None
    """``None`` where the Python code is used."""
    note: str
    """Why it is not used, or nothing."""


@cache
def load_part(name: str) -> Part:
    """One module of the core, looked for and proved once in a process."""
    if os.environ.get(SWITCH, "").lower() in ("off", "0", "no", "false"):
        return Part(None, f"switched off by {SWITCH}")
    try:
        module = import_module(f"boilerstrip._core.{name}")
    except ImportError as error:
        return Part(None, "not built" if isinstance(error, ModuleNotFoundError) else f"cannot be loaded: {error}")
    return prove(module, PROOFS[name])


def prove(module: ModuleType, proof: Callable[[ModuleType], str]) -> Part:
    """The module, if its proof finds nothing wrong.

    >>> prove(ModuleType("worse"), lambda module: "it counts 2 words where there is 1").note
    'it disagrees with the Python code: it counts 2 words where there is 1'
    """
    try:
        difference = proof(module)
    except Exception as error:  # whatever a module built for another machine does: the Python code is there
        difference = f"{type(error).__name__}: {error}"
    return Part(None, f"it disagrees with the Python code: {difference}") if difference else Part(module, "")


def describe_core() -> str:
    """One line: which parts of the compiled core are used, and why the others are not.

    >>> describe_core().startswith("compiled core: ")
    True
    """
    parts = {name: load_part(name) for name in PROOFS}
    used = [name for name, part in parts.items() if part.module]
    notes = [f"{name} ({part.note})" for name, part in parts.items() if not part.module]
    sentence = f"compiled core: {', '.join(used) or 'none'}"
    return f"{sentence}; in Python: {', '.join(notes)}" if notes else sentence
