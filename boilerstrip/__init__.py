"""Strip boilerplate from web pages and scraped text; the story stays, and every block says why.

What happens inside is logged under the name ``boilerstrip``, and nowhere until the program that uses it says where
(:func:`boilerstrip.errors.find_logger`).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boilerstrip.blocks import Block, Reason
    from boilerstrip.cleaner import Cleaner, clean, extract
    from boilerstrip.document import Document
    from boilerstrip.errors import (
        BoilerstripError,
        MemoryFileError,
        MissingExtra,
        OptionError,
        SchemaError,
        SourceError,
        WeightsError,
    )
    from boilerstrip.learning import learn
    from boilerstrip.memory import SiteMemory
    from boilerstrip.metadata import Metadata

__version__ = "0.1.0"

__all__ = [
    "Block",
    "BoilerstripError",
    "Cleaner",
    "Document",
    "MemoryFileError",
    "Metadata",
    "MissingExtra",
    "OptionError",
    "Reason",
    "SchemaError",
    "SiteMemory",
    "SourceError",
    "WeightsError",
    "__version__",
    "clean",
    "extract",
    "learn",
]

_HOMES = {
    "blocks": ("Block", "Reason"),
    "cleaner": ("Cleaner", "clean", "extract"),
    "document": ("Document",),
    "learning": ("learn",),
    "memory": ("SiteMemory",),
    "metadata": ("Metadata",),
}
"""Modules by the public names that live in them, those of ``errors`` apart; a module is imported when one of its names
is first asked for (PEP 562), so that ``boilerstrip --help`` loads no NumPy."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next((module for module, names in _HOMES.items() if name in names), "errors")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
