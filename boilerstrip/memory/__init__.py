"""What a site prints on every page: an explicit, persistent, mergeable memory of the blocks seen on its pages."""

from boilerstrip.memory.fingerprint import fingerprint, fingerprint_blocks
from boilerstrip.memory.rows import SitePages, SiteRow
from boilerstrip.memory.site import Location, locate, page_identity, site_of
from boilerstrip.memory.site_memory import MemoryStats, SiteMemory

__all__ = [
    "Location",
    "MemoryStats",
    "SiteMemory",
    "SitePages",
    "SiteRow",
    "fingerprint",
    "fingerprint_blocks",
    "locate",
    "page_identity",
    "site_of",
]
