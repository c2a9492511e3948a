"""What a page says about itself: title, language, address, structured data."""

from typing import Any, Final, NamedTuple

from lxml import etree

from boilerstrip.page import Head
from boilerstrip.segment.claims import read_meta_claims, read_type_claims
from boilerstrip.segment.delimited import draws_formulas

_META_FIELDS: Final = {
    "og:title": "social_title",
    "twitter:title": "social_title",
    "description": "description",
    "og:description": "description",
    "og:url": "url",
    "og:site_name": "site_name",
}
_BODY_PROPERTIES: Final = ("articleBody", "text")
_DESCRIPTION_PROPERTIES: Final = ("description", "abstract")
_STRUCTURED_TEXT_LIMIT: Final = 1_000_000
_CLAIM_LIMIT: Final = 200
"""Characters of a ``meta`` element that are looked at for a claim."""


class HeadReader:
    """Collects the claims of a page's ``head`` elements as the walk meets them; the first of each kind counts."""

    def __init__(self, language: str = "") -> None:
        self._fields: dict[str, str] = {"language": language} if language else {}
        self._bodies: list[str] = []
        self._descriptions: list[str] = []
        self._claims: set[str] = set()
        self.draws_formulas = False
        """Whether one of the scripts draws the formulas that stand between delimiters."""
        self.longest_body, self.body_element = "", 0
        """The longest of the texts in structured data, and the number of its element."""

    def read(self, element: etree._Element, tag: str, number: int = 0) -> None:
        """Take what one of :data:`boilerstrip.tags.HEAD` says, the element with this number."""
        if tag == "meta":
            name = (element.get("property") or element.get("name") or "").lower()
            if name in _META_FIELDS:
                self._keep(_META_FIELDS[name], element.get("content"))
            self._claims.update(read_meta_claims(name, (element.get("content") or "")[:_CLAIM_LIMIT].lower()))
        elif tag == "title":
            if next(element.iterancestors("svg"), None) is None:
                self._keep("title", element.text)
        elif tag == "link":
            if (element.get("rel") or "").lower() == "canonical":
                self._keep("url", element.get("href"))
        elif tag == "base":
            self._keep("base", element.get("href"))
        elif draws_formulas(element):
            self.draws_formulas = True
        elif (element.get("type") or "").lower() == "application/ld+json":
            structured = read_structured_text(element.text or "")
            if len(max(structured.bodies, key=len, default="")) > len(self.longest_body):
                self.longest_body, self.body_element = max(structured.bodies, key=len), number
            self._bodies += structured.bodies
            self._descriptions += structured.descriptions
            self._claims.update(structured.claims)

    def _keep(self, field: str, value: str | None) -> None:
        if value and (text := " ".join(value.split())):
            self._fields.setdefault(field, text)

    def finish(self) -> Head:
        """The head as read so far."""
        return Head(
            structured_text="\n".join(self._bodies),
            structured_description="\n".join(self._descriptions),
            claims=frozenset(self._claims),
            **self._fields,
        )


class StructuredText(NamedTuple):
    """What a JSON-LD script says a page's text is (schema.org ``articleBody``, ``text``) and what it is about
    (``description``)."""

    bodies: list[str]
    descriptions: list[str]
    claims: frozenset[str] = frozenset()
    """What its types say the page is."""


def read_structured_text(source: str) -> StructuredText:
    """The texts in a JSON-LD script, broken JSON giving none.

    >>> read_structured_text('{"@graph": [{"articleBody": "One. Two.", "description": "Numbers"}]}')
    StructuredText(bodies=['One. Two.'], descriptions=['Numbers'], claims=frozenset())
    """
    found = StructuredText([], [])
    if len(source) > _STRUCTURED_TEXT_LIMIT:
        return found
    import json  # only now, as for the rest: few of the pages of some crawls have any

    try:
        value = json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return found
    found = found._replace(claims=frozenset(read_type_claims(value)))
    pending: list[Any] = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            found.bodies.extend(_read_strings(value, _BODY_PROPERTIES))
            found.descriptions.extend(_read_strings(value, _DESCRIPTION_PROPERTIES))
            pending.extend(value.values())
    return found


def _read_strings(record: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    from html import unescape

    return [unescape(record[name]) for name in names if isinstance(record.get(name), str)]
