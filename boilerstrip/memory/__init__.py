"""What a site prints on every page: an explicit, persistent, mergeable memory of the blocks seen on its pages.

Where a page belongs is told without the memory itself, which loads SQLite and is imported when asked for.
"""

from typing import TYPE_CHECKING

from boilerstrip.memory.names import (
    Location,
    distinct_fingerprints,
    fingerprint,
    fingerprint_blocks,
    locate,
    page_identity,
    site_of,
)

if TYPE_CHECKING:
    from boilerstrip.memory.site_memory import SiteMemory

__all__ = [
    "Location",
    "SiteMemory",
    "distinct_fingerprints",
    "fingerprint",
    "fingerprint_blocks",
    "locate",
    "page_identity",
    "site_of",
]


def __getattr__(name: str) -> object:
    if name != "SiteMemory":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from boilerstrip.memory.site_memory import SiteMemory

    return SiteMemory
