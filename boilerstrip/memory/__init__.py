"""What a site prints on every page: an explicit, persistent, mergeable memory of the blocks seen on its pages."""

from boilerstrip.memory.fingerprint import distinct_fingerprints, fingerprint, fingerprint_blocks
from boilerstrip.memory.site import Location, locate, page_identity, site_of
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
