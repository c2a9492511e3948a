"""Bylines: who wrote a page and on which day, as its JSON-LD, its metas and its markup say for programs."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from html import unescape
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from boilerstrip.days import find_title_boxes, is_elsewhere, read_day, read_line, read_marked_day, read_written_day
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
_BEFORE_NAMES: Final = compile_later(
    r"^(?:(?:read more about|via|interview|text"
    r"|(?:this \w+ (?:was )?)?(?:(?:written|(?:guest )?post(?:ed)?|story|words|text|reporting|recipe|article"
    r"|view all posts) )?by"
    r"|author|автор|autor(?:in|a|es)?|auteur|autore|författare|forfatter|szerző|كتب):?\s+"
    r"|(?:作者|撰文|文|記者|记者|글)\s*[:：＝]\s*)",
    re.IGNORECASE,
)
_BEHIND_NAMES: Final = compile_later(
    r"[\s;,]+(?:last updated|updated|published|posted|follow|photo(?:graph)?s by"
    r"|(?:medically |fact[- ])?reviewed by|edited by"
    r"|(?:contributing |senior |staff )?(?:writer|editor|reporter|contributor|correspondent)"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+\d+"
    r"|(?:january|february|march|july|september|october|november|december)$)(?:\W|$)",
    re.IGNORECASE,
)
_DAY_IN_URL: Final = compile_later(r"/((?:19|20)\d\d)[/-]([01]\d)[/-]([0-3]\d)(?=[/-]|$)")
_ADDRESS: Final = compile_later(r"^\w+(?:\.\w+){2,}$|https?:|www\.|^/|@|^\s*$|[<>{}\[\]]")
_NO_NAME: Final = compile_later(
    r"(?:january|feb(?:ruary)?|march|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mon|tue|wed"
    r"|thu|fri|sat|sun|updated|(?:the )?author|written by|view|more|posts|\d+|\W+)(?:\s|$)",
    re.IGNORECASE,
)
"""Words of lines that trafilatura takes for an author's."""
_EMPTY: Final = frozenset({"null", "undefined", "none"})
"""What a template writes that nobody has filled in."""
_POST: Final = compile_later(
    r"\b(?:director|editor|attorney|expert|founder|officer|manager|reporter|writer|team|ceo)\b", re.IGNORECASE
)
_DEGREES: Final = frozenset(["md", "phd", "dvm", "rn", "rd", "dds", "do", "mph", "mba", "jd", "esq", "jr", "sr"])
_AROUND_NAMES: Final = " ;,·•|–-"
_LONGEST_NAME: Final = 80
_PROSE_WORDS: Final = 20
"""Words from which on a paragraph is the story's, below whose first one no line names its author."""
_NO_LINES: Final = (
    "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "figure", "figcaption", "cite", "blockquote", "button",
)  # fmt: skip
_LOOKED_AT: Final = 100
"""Elements that name an author and are looked at: a page of more is a list."""
_ACCOUNTS: Final = frozenset({"admin", "administrator", "webmaster", "root", "user", "superuser", "guest", "wordpress"})
_AUTHOR_CLASS: Final = compile_later(
    r"(?<![a-z])(?:authors?|byline|writer|auteure?s?|autor(?:in|a|es|en|e|i|zy)?|verfasser(?:in)?|forfatter"
    r"|f[öo]rfattare)(?![a-z])",
    re.IGNORECASE,
)
_CAPITAL: Final = r"[^\W\d_a-zà-ÿ][\w.'’-]*"
_PARTICLE: Final = "(?:de|del|della|di|da|do|dos|du|la|le|van|von|der|den|ten|af|bin|al)"
_NAME: Final = rf"{_CAPITAL}(?: (?:{_PARTICLE} )*{_CAPITAL}){{1,3}}"
_BETWEEN_NAMES: Final = compile_later(r"(?:,| and| und| et| y| e| en| og| och| i|,? &) ")
_AND: Final = compile_later(" (?:and|und|et|y|en|og|och) ")
_NAMES: Final = rf"{_NAME}(?:{_BETWEEN_NAMES.pattern}{_NAME})*"
_NAMES_ALONE: Final = compile_later(_NAMES)
_WRITTEN_BY: Final = compile_later(
    r"(?:(?:[Ww]ritten|[Pp]osted|[Aa]rticle|[Ww]ords|[Ss]tory) )?"
    rf"(?:[Bb]y|BY|[Pp]ar|PAR|[Pp]or|POR|[Vv]on|VON|[Dd]i|DI|[Dd]oor|DOOR|[Aa]v|AV|[Aa]f|AF|[Tt]ekst):? "
    rf"({_NAMES})(?:(?:,| on| [|·•–—-]) .*\d{{4}}.*)?"
)
"""Names of two words or more, behind what the languages of Europe set before them, and now and then before a day."""
_BEGINS_BYLINE: Final = compile_later(
    r"\s*(?:(?:written|posted|article|words|story) )?(?:by|par|por|von|door|av)\b", re.IGNORECASE
)


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
    is_for_sale = any("Product" in _read_type(node) for node in list_nodes(data, PARTS_OF_PAGE))
    read_others = (_read_marked_author, partial(_read_written_author, only_named=is_for_sale))
    sites = {name.casefold() for name in metas.get("og:site_name", ())}
    written_days = (day for name in _DAY_METAS for day in metas.get(name, ()))
    return Byline(
        _choose_author(chain(authors, names, (read(tree) for read in read_others)), sites),
        next(filter(None, (*map(read_day, days), *map(read_written_day, written_days))), None) or read_marked_day(tree),
    )


def trim_author(text: str | None) -> str | None:
    """An author's line without what is no name: what was done to the page, the author's post, a day.

    >>> trim_author("Ada Lovelace Contributing Writer; Engines"), trim_author("Ada Lovelace Reviewed by C. Babbage")
    ('Ada Lovelace', 'Ada Lovelace')
    >>> trim_author("Story by Ada Lovelace"), trim_author("作者：王小明")
    ('Ada Lovelace', '王小明')
    >>> trim_author("Ada Lovelace; MD; Gazette; Chief Editor"), trim_author("Updated Dec")
    ('Ada Lovelace, MD', None)
    """
    name = _BEFORE_NAMES.sub("", text or "")
    names = _drop_others(_BEHIND_NAMES.split(name, maxsplit=1)[0].split("; "))
    return "; ".join(names).strip(_AROUND_NAMES) or None


def _drop_others(names: Sequence[str]) -> list[str]:
    """Names without what is none: posts, days, and the place or agency behind a name of two words or more."""
    people = list[str]()
    for name in (name.strip(_AROUND_NAMES) for name in names):
        if people and name.casefold().replace(".", "") in _DEGREES:
            people[-1] += f", {name}"
        elif _NO_NAME.sub("", name) and not (people and _POST.search(name)):
            people.append(name)
    is_full = any(" " in name for name in people)
    return [name for number, name in enumerate(people) if not number or not is_full or " " in name]


def is_account(name: str | None) -> bool:
    """Whether an author is but the account that a site was set up with."""
    return (name or "").casefold() in _ACCOUNTS


def _choose_author(names: Iterable[str], sites: Collection[str] = ()) -> str | None:
    """The first that is no account and not the site itself, or else the first."""
    accounts = []
    for name in filter(None, names):
        if not is_account(name) and name.casefold() not in sites:
            is_several = _AND.search(name) and _NAMES_ALONE.fullmatch(name)
            return "; ".join(_BETWEEN_NAMES.split(name)) if is_several else name
        accounts.append(name)
    return next(iter(accounts), None)


def _read_marked_author(tree: Any) -> str:
    """The authors that the page's microdata names first, side by side and of one thing (HTML Living Standard, 5)."""
    names: dict[str, None] = {}
    above, places = find_title_boxes(tree), None
    for element in tree.xpath("//*[@itemprop = 'author']")[:_LOOKED_AT]:
        named = element.xpath(".//*[@itemprop = 'name']") or [element]
        name = _clean_name(named[0].get("content") or read_line(named[0], _LONGEST_NAME))
        # A box about the author stands in an aside as often as not.
        if name and not is_elsewhere(element, above, beside=("nav",)):
            owner = next((box for box in element.iterancestors() if box.get("itemscope") is not None), None)
            around = (owner, element.getparent())
            places = places or around
            if around == places:
                names[name] = None
    return "; ".join(names)


def _read_written_author(tree: Any, *, only_named: bool = False) -> str:
    """The authors in the first line that is but names behind a word such as "by", and perhaps before a day.

    :param only_named: whether the line's class has to say that it names an author; goods are "by" their maker.

    >>> from lxml.html import document_fromstring
    >>> _read_written_author(document_fromstring("<p class=auteur>Par Ada Lovelace et Charles Babbage</p>"))
    'Ada Lovelace; Charles Babbage'
    """
    above = find_title_boxes(tree)
    for line, is_named in islice(_list_bylines(tree, only_named), _LOOKED_AT):
        # The word before the names may have an element of its own.
        texts = (read_line(box, _LONGEST_NAME) for box in (line, line.getparent()) if box is not None)
        match = next(filter(None, map(_WRITTEN_BY.fullmatch, texts)), None)
        is_name = match is not None and (is_named or not (match[1].isupper() or match[1].startswith("The ")))
        if match and is_name and not is_elsewhere(line, above):
            return "; ".join(filter(None, map(trim_author, _BETWEEN_NAMES.split(match[1]))))
    return ""


def _list_bylines(tree: Any, only_named: bool) -> Iterator[tuple[Any, bool]]:
    """The elements whose class says that they name an author (true), and between the title and the first paragraph of
    prose the lines that begin as if they did (false)."""
    is_below, is_above = not tree.xpath("boolean(//h1)"), not only_named
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        name, text = element.get("class"), element.text
        is_below = is_below or element.tag == "h1"
        if name and _AUTHOR_CLASS.search(name):
            yield element, True
        elif is_below and is_above and text and _BEGINS_BYLINE.match(text) and _is_line(element):
            yield element, False
        elif is_below and is_above and element.tag == "p":
            is_above = len(" ".join(element.itertext()).split()) < _PROSE_WORDS


def _is_line(element: Any) -> bool:
    """Whether an element is a line of its own, and no heading, item, cell, caption or quotation."""
    parent, before = element.getparent(), element.getprevious()
    if element.tag in _NO_LINES or parent is None or next(element.iterancestors(*_NO_LINES), None) is not None:
        return False
    beside = (element.tail, parent.text if before is None else before.tail)
    return not any(text and any(map(str.isalnum, text)) for text in beside)


def _read_type(node: Mapping[str, Any]) -> str:
    kind = node.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


def _read_names(value: Any, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The names of persons, each once; an organisation is rather the site than who wrote the page."""
    names: dict[str, str] = {}
    for person in value if isinstance(value, list) else [value]:
        if isinstance(person, Mapping):
            if "Organization" in _read_type(person):
                continue
            named = person if "name" in person else known.get(str(person.get("@id")), person)
            person = named.get("name")
        if isinstance(person, str) and (name := _drop_post(_clean_name(person))):
            names.setdefault(name.casefold(), name)
    return list(names.values())


def _clean_name(text: str) -> str:
    """A name without the word before it; ``""`` for what is none, such as an address.

    >>> _clean_name(" By  Ada Lovelace "), _clean_name("https://example.org/ada")
    ('Ada Lovelace', '')
    """
    name = re.sub(r"^(?:[Bb]y|BY|[Vv]on|[Pp]or)\s+", "", " ".join(unescape(text).split())).strip(" ,;|")
    is_none = len(name) > _LONGEST_NAME or name.isdigit() or _ADDRESS.search(name) or name.lower() in _EMPTY
    return "" if is_none else name


def _drop_post(author: str) -> str:
    """An author without the post that follows behind a comma.

    >>> _drop_post("Ada Lovelace, Staff Writer"), _drop_post("Ada, Charles"), _drop_post("Community Editor")
    ('Ada Lovelace', 'Ada, Charles', 'Community Editor')
    """
    name, comma, rest = author.partition(",")
    return name if comma and _BEHIND_NAMES.match(f",{rest}") else author


def _read_metas(tree: Any) -> dict[str, list[str]]:
    """The content of the page's meta elements by their names in small letters."""
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = meta.get("content") or ""
        if name in _AUTHOR_METAS:
            content = _drop_post(_clean_name(content))
        if name and content:
            metas.setdefault(name, []).append(content)
    return metas
