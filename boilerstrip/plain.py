"""The plain text of a source that could not be read, because of a fault of this package."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

from lxml import etree

from boilerstrip.page import Page
from boilerstrip.patterns import compile_later
from boilerstrip.sources import Read

_TAG: Final = compile_later(r"<(/?[A-Za-z!][^<>]*)>")
_UNREAD: Final = ("script", "style")


def read_plainly(content: Any) -> Read:
    """A source as lines of text, by nothing that could fail.

    >>> read_plainly(b"<style>p {}</style><p>Rain &amp; wind.<p>Sun.").page.texts
    ['Rain & wind.', 'Sun.']
    """
    lines = list(filter(None, map(str.strip, _strip_tags(_write(content)).splitlines())))
    ends = list(accumulate(len(line) + 1 for line in lines))
    page = Page(
        kind="text",
        texts=lines,
        tags=[""] * len(lines),
        roles=["paragraph"] * len(lines),
        link_characters=[0] * len(lines),
        spans=[(end - 1 - len(line), end - 1) for line, end in zip(lines, ends, strict=True)],
        marks=[()] * len(lines),
    )
    return Read(page, "\n".join(lines))


def _write(content: Any) -> str:
    if isinstance(content, (etree._Element, etree._ElementTree)):
        return etree.tostring(content, encoding="unicode", method="html", with_tail=False)
    return content if isinstance(content, str) else bytes(content).decode("utf-8", "replace")


def _strip_tags(text: str) -> str:
    from html import unescape  # only now, as hardly any page comes here

    return unescape("\n".join(_read_between_tags(text))) if _TAG.search(text) else text


def _read_between_tags(text: str) -> Iterator[str]:
    """What stands between the tags, without scripts and styles."""
    unread = ""
    for number, part in enumerate(_TAG.split(text)):
        name = part.split(None, 1)[0].lower() if number % 2 and part else ""
        if number % 2 == 0:
            if not unread:
                yield part
        elif not unread and name in _UNREAD:
            unread = name
        elif name == f"/{unread}":
            unread = ""
