"""Bylines: who wrote a page and on which day, as its JSON-LD, its metas and its markup say for programs."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, Final, NamedTuple

from boilerstrip.linked_data import PARTS_OF_PAGE, list_nodes, parse_linked_data
from boilerstrip.patterns import compile_later

_STORY_TYPES: Final = compile_later(
    r"Article|Posting|Report|Recipe|Question|Review|WebPage|HowTo|CreativeWork|Book|Chapter|Course|VideoObject"
)
"""Types of schema.org that have an author and are a page's subject."""
_FIRST_TYPES: Final = compile_later(r"Article|Posting|Recipe|Question")
_AUTHOR_METAS: Final = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "citation_author",
    "byl", "article.author",
)  # fmt: skip
_DAY_METAS: Final = (
    "article:published_time", "datepublished", "date", "dc.date", "dcterms.date", "dcterms.created", "dc.date.issued",
    "parsely-pub-date", "sailthru.date", "citation_publication_date", "og:published_time", "publish-date", "pubdate",
    "publication_date", "article.published",
)  # fmt: skip
_DAY: Final = compile_later(r"\s*((?:1[89]|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_WRITTEN_DAY: Final = compile_later(
    rf"\s*(?:{_MONTH}\s+(\d\d?)(?:st|nd|rd|th)?,?|(\d\d?)(?:st|nd|rd|th)?\s+{_MONTH},?)\s+((?:1[89]|20)\d\d)\b",
    re.IGNORECASE,
)
_NEW_YEARS_DAY: Final = (
    r"{year}[-/.]0?1[-/.]0?1(?!\d)|(?<!\d)0?1[-/.]0?1[-/.]{year}|[^\W\d_]{{3,}}\.? 0?1(?:st)?,? {year}"
    r"|(?<!\d)0?1\.? (?:de )?[^\W\d_]{{3,}}\.?,? (?:de )?{year}|{year}年0?1月0?1日"
)
"""The first of January, or of any month that is named by a word, as pages write it."""
_BEFORE_NAMES: Final = compile_later(r"^(?:read more about|via|by|written by|posted by)\s+", re.IGNORECASE)
_BEHIND_NAMES: Final = compile_later(
    r"[\s;,]+(?:last updated|updated|published|posted|(?:medically |fact[- ])?reviewed by|edited by"
    r"|(?:contributing |senior |staff )?(?:writer|editor|reporter|contributor|correspondent)"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)(?:\s+\d+|$))(?:\W|$)",
    re.IGNORECASE,
)
_DAY_IN_URL: Final = compile_later(r"/((?:19|20)\d\d)[/-]([01]\d)[/-]([0-3]\d)(?=[/-]|$)")
_MARKED_DAYS: Final = (
    "//*[@itemprop = 'datePublished']",
    "//*[@itemprop = 'dateCreated']",
    "//time[@pubdate or contains(@class, 'published')]",
    "(//article | //main)//time[@datetime and not(contains(@class, 'updated') or contains(@class, 'modified'))]",
)
_ADDRESS: Final = compile_later(r"^\w+(?:\.\w+){2,}$|https?:|www\.|^/|@|^\s*$|[<>{}\[\]]")
_LONGEST_NAME: Final = 80


class Byline(NamedTuple):
    """What the page says, ``None`` where it says nothing."""

    author: str | None = None
    date: str | None = None


def read_byline(tree: Any, url: str | None = None) -> Byline:
    """The author and the day of publication that a page names for programs.

    The day in its address comes first, because it is that of where the page was written, and not Greenwich's. What the
    page's JSON-LD says of other works is taken out of the tree.

    >>> from lxml.html import document_fromstring
    >>> ld = '{"@type": "NewsArticle", "author": {"name": "Ada Lovelace"}, "datePublished": "1843-09-01T08:00"}'
    >>> read_byline(document_fromstring(f"<script type='application/ld+json'>{ld}</script><p>Notes"))
    Byline(author='Ada Lovelace', date='1843-09-01')
    """
    data = parse_linked_data(tree)
    known = {node["@id"]: node for node in list_nodes(data) if isinstance(node.get("@id"), str) and "name" in node}
    stories = [node for node in list_nodes(data, PARTS_OF_PAGE) if _STORY_TYPES.search(_read_type(node))]
    stories.sort(key=lambda node: not _FIRST_TYPES.search(_read_type(node)))
    metas = _read_metas(tree)
    authors = ("; ".join(_read_names(node.get("author") or node.get("creator"), known)) for node in stories)
    names = ("; ".join(dict.fromkeys(metas.get(name, ()))) for name in _AUTHOR_METAS)
    in_url = _DAY_IN_URL.search(url or "")
    days = ("-".join(in_url.groups()) if in_url else "", *(str(node.get("datePublished") or "") for node in stories))
    written_days = (*(day for name in _DAY_METAS for day in metas.get(name, ())), *_read_marked_days(tree))
    return Byline(
        next((name for name in (*authors, *names, _read_marked_author(tree)) if name), None),
        next(filter(None, (*map(_read_day, days), *map(_read_written_day, written_days))), None),
    )


def trim_author(text: str | None) -> str | None:
    """An author's line without what is no name: what was done to the page, the author's post, a day.

    >>> trim_author("Ada Lovelace Contributing Writer; Engines"), trim_author("Ada Lovelace Reviewed by C. Babbage")
    ('Ada Lovelace', 'Ada Lovelace')
    """
    name = _BEFORE_NAMES.sub("", text or "")
    return _BEHIND_NAMES.split(name, maxsplit=1)[0].strip(" ;,") or None


def is_copyright_year(day: str | None, html: str) -> bool:
    """Whether a day is but the first of a year that no date of the page's is written for.

    >>> is_copyright_year("2014-01-01", "<p>© 2014"), is_copyright_year("2014-01-01", "<p>January 1, 2014")
    (True, False)
    """
    if not day or not day.endswith("-01-01"):
        return False
    return re.search(_NEW_YEARS_DAY.format(year=day[:4]), html) is None


def _read_marked_author(tree: Any) -> str:
    """The first author that the page's microdata names (HTML Living Standard, 5)."""
    for element in tree.xpath("//*[@itemprop = 'author']"):
        names = element.xpath(".//*[@itemprop = 'name']") or [element]
        if name := _clean_name(names[0].get("content") or " ".join(names[0].itertext())):
            return name
    return ""


def _read_marked_days(tree: Any) -> Iterator[str]:
    """The days that the markup names: microdata before microformats before the first ``time`` of the story."""
    for path in _MARKED_DAYS:
        for element in tree.xpath(f"({path})[1]"):
            yield from (element.text or "", element.get("datetime") or element.get("content") or "")


def _read_day(text: str) -> str | None:
    """The day that a text begins with as programs write it, ``YYYY-MM-DD``."""
    match = _DAY.match(text)
    return "-".join(match.groups()) if match and "00" not in match.groups() else None


def _read_written_day(text: str) -> str | None:
    """The day that a text begins with as programs or readers of English write it.

    >>> _read_written_day("June 3rd, 2024"), _read_written_day("3 Jun 2024, 10:00"), _read_written_day("2024-06-03")
    ('2024-06-03', '2024-06-03', '2024-06-03')
    """
    match = _WRITTEN_DAY.match(text)
    if match is None:
        return _read_day(text)
    month = _MONTHS.index((match[1] or match[4]).lower()) + 1
    return f"{match[5]}-{month:02}-{int(match[2] or match[3]):02}"


def _read_type(node: Mapping[str, Any]) -> str:
    kind = node.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


def _read_names(value: Any, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The names of persons, each once; an organisation is rather the site than who wrote the page."""
    names: dict[str, None] = {}
    for person in value if isinstance(value, list) else [value]:
        if isinstance(person, Mapping):
            if "Organization" in _read_type(person):
                continue
            named = person if "name" in person else known.get(str(person.get("@id")), person)
            person = named.get("name")
        if isinstance(person, str) and (name := _clean_name(person)):
            names[name] = None
    return list(names)


def _clean_name(text: str) -> str:
    """A name without the word before it; ``""`` for what is none, such as an address.

    >>> _clean_name(" By  Ada Lovelace "), _clean_name("https://example.org/ada")
    ('Ada Lovelace', '')
    """
    name = re.sub(r"^(?:[Bb]y|BY|[Vv]on|[Pp]or)\s+", "", " ".join(unescape(text).split())).strip(" ,;|")
    return "" if len(name) > _LONGEST_NAME or name.isdigit() or _ADDRESS.search(name) else name


def _read_metas(tree: Any) -> dict[str, list[str]]:
    """The content of the page's meta elements by their names in small letters."""
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = meta.get("content") or ""
        if name in _AUTHOR_METAS:
            content = _clean_name(content)
        if name and content:
            metas.setdefault(name, []).append(content)
    return metas
