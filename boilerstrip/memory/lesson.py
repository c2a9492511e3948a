"""A page made ready to be learnt: where it stands, and the fingerprints of its blocks."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from boilerstrip.errors import OptionError
from boilerstrip.memory.fingerprint import fingerprint_blocks, hash_name
from boilerstrip.memory.site import locate
from boilerstrip.page import Page


class Lesson(NamedTuple):
    """What a memory needs of a page."""

    site: str
    page: int
    """Hash of what tells the page from the site's others."""
    fingerprints: bytes
    """Ascending and distinct."""


def prepare_lesson(
    source: object, url: str | None, site: str | None, page_id: str | None, folder: str, encoding: str | None
) -> Lesson:
    """Segment a source and find out where it stands; see :meth:`SiteMemory.learn` for what the arguments say."""
    page = _segment(source, encoding)
    location = locate(page, url=url, site=site, page_id=page_id, folder=folder)
    if location is None:
        raise OptionError("nothing says which site this page belongs to; give an absolute url=, or site=, or folder=")
    return Lesson(location.site, hash_name(location.page), pack_blocks(page.texts))


def _segment(source: Any, encoding: str | None) -> Page:
    """The blocks of a source. Only the cleaner knows the stages that cut it, and it imports this: so, a late import."""
    if isinstance(source, Page):
        return source
    from boilerstrip.cleaner import segment_source

    return segment_source(source, encoding=encoding)


def pack_blocks(texts: Sequence[str]) -> bytes:
    """The distinct fingerprints of a page's blocks, ascending, as they stand in the file."""
    return np.unique(fingerprint_blocks(texts)).tobytes()
