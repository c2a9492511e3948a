"""Documents in TEI P5: the header that says what a text is and where it is from, around the body of all XML."""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any, Final

from boilerstrip.render.xml import escape_xml, write_address, write_element

_NAMESPACE: Final = "http://www.tei-c.org/ns/1.0"
_DAY: Final = re.compile(r"\d{4}(?:-\d\d){0,2}")


def render_tei(body: str, header: Mapping[str, Any]) -> str:
    """A TEI document of a body and the values of its header that are known.

    :param header: ``title``, ``author``, ``date``, ``site_name``, ``url``, ``language``, ``description``,
        ``categories``, ``tags`` and ``license``, each of which may be missing.
    """
    content = _write_file_description(header) + _write_encoding() + _write_profile(header)
    language = header.get("language")
    text = write_element("text", f"\n{body}\n", {"xml:lang": language})
    root = write_element("TEI", f"\n{write_element('teiHeader', content)}\n{text}\n", {"xmlns": _NAMESPACE})
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'


def _write_file_description(header: Mapping[str, Any]) -> str:
    """What the file is, and in ``sourceDesc`` the page that it was taken from."""
    authors = [write_element("author", escape_xml(name)) for name in _split_authors(header.get("author"))]
    title = write_element("title", escape_xml(header.get("title") or ""))
    rights = header.get("license")
    publication = write_element("p", "The text of a web page without its boilerplate.")
    if rights:
        publication += write_element("p", "License of the page: " + escape_xml(rights))
    source = write_element("bibl", "".join([title, *authors, *_write_source(header)]))
    return "\n" + write_element(
        "fileDesc",
        write_element("titleStmt", "".join([title, *authors]))
        + write_element("publicationStmt", publication)
        + write_element("sourceDesc", source),
    )


def _write_source(header: Mapping[str, Any]) -> Iterable[str]:
    site, date, url = (header.get(name) for name in ("site_name", "date", "url"))
    if site:
        yield write_element("publisher", escape_xml(site))
    if date:
        yield write_element("date", escape_xml(date), {"when": date if _DAY.fullmatch(date) else None})
    if url:
        yield write_element("ptr", "", {"target": write_address(url) or "#"})


def _split_authors(author: str | None) -> list[str]:
    """The names of an author's line.

    >>> _split_authors("Ada Lovelace; Charles Babbage"), _split_authors(None)
    (['Ada Lovelace', 'Charles Babbage'], [])
    """
    return [name.strip() for name in (author or "").split(";") if name.strip()]


def _write_encoding() -> str:
    label = write_element("label", "boilerstrip")
    program = write_element("application", label, {"ident": "boilerstrip", "version": version("boilerstrip")})
    return "\n" + write_element("encodingDesc", write_element("appInfo", program))


def _write_profile(header: Mapping[str, Any]) -> str:
    parts = []
    if header.get("description"):
        parts.append(write_element("abstract", write_element("p", escape_xml(header["description"]))))
    if header.get("language"):
        language = write_element("language", "", {"ident": header["language"]})
        parts.append(write_element("langUsage", language))
    terms = [
        write_element("term", escape_xml(name)) for name in (*header.get("categories", ()), *header.get("tags", ()))
    ]
    if terms:
        parts.append(write_element("textClass", write_element("keywords", "".join(terms))))
    return "\n" + write_element("profileDesc", "".join(parts)) + "\n" if parts else "\n"
