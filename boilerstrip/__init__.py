"""Strip boilerplate from web pages and scraped text; the story stays, and every block says why."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boilerstrip.blocks import Block, Reason
    from boilerstrip.cleaner import Cleaner, clean
    from boilerstrip.document import Document
    from boilerstrip.memory import SiteMemory

__version__ = "0.1.0"

__all__ = ["Block", "Cleaner", "Document", "Reason", "SiteMemory", "__version__", "clean"]

_HOMES = {
    "Block": "blocks",
    "Cleaner": "cleaner",
    "Document": "document",
    "Reason": "blocks",
    "SiteMemory": "memory",
    "clean": "cleaner",
}
"""Where each public name lives; its module is imported when the name is first asked for (PEP 562), so that
``boilerstrip --help`` loads no NumPy."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
