"""Numbers, powers and marks of notes above the line, and the links that lead to notes."""

import re
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree

from boilerstrip.patterns import compile_later

_MARK: Final = r"(?:\d{1,3}[*†‡§]?|[a-z]|[*†‡§])"
_NUMBER: Final = compile_later(
    r"[\[(]?\s*([+\-−–]?\d{1,3}(?:\s*[,–-]\s*\d{1,3}){0,4}"
    rf"|{_MARK}(?:\s*,\s*{_MARK}){{0,4}})(?::\d{{1,2}})?\s*[\])]?"
)
"""A number, the mark of a note or several; behind a colon, which time a note is marked."""
_NOTE_LABEL: Final = compile_later(r"\s*[\[(]\s*(\d{1,4}|[a-z]|[ivx]{1,5})\s*[\])]\s*")
_NOTE_NAME: Final = compile_later(r"_?(?:fn|ftn|edn|cite|note|foot|endnote|sdfootnote)", re.IGNORECASE)
"""Beginning of the names of notes, in a link that gives the page's whole address."""
_LEADS_BACK: Final = compile_later(r"ref|anchor|back|return", re.IGNORECASE)
"""What names the place that a note was marked at."""
_LONGEST_NUMBER: Final = 4
_BEFORE_EXPONENT: Final = compile_later(r"(?:\d|[)\]}]|(?<![^\W\d_])[^\W\d_]{1,2})$")
"""A digit, a closing bracket, or one or two letters: the base of a power, or a unit."""
_POWER: Final = compile_later(r"[+\-−–]?\d{0,2}[a-z]")
_TERM: Final = r"(?:\d{1,3}|\d{0,2}[a-zα-ωA-Z])"
_COMPOUND: Final = compile_later(rf"(?=.*[a-zα-ωA-Z/])[+\-−–]?{_TERM}(?:\s?[/+\-−–·*]\s?{_TERM})+")
"""An exponent of several terms."""
_FRACTION: Final = compile_later(r"\d{1,3}[/⁄]\d{1,3}")
_FRACTION_BARS: Final = ("/", "⁄")
_NO_POWERS: Final = frozenset("aeordhst")
"""Letters above the line that end an ordinal or an abbreviation behind a figure or a letter: nᵒ, 1ᵉʳ, Dʳ, 4ᵗʰ."""
_BASE: Final = compile_later(r"(?:\d|[)\]}]|(?<![^\W\d_])[^\W\d_])$")
_VERSE_ENDS: Final = ".;:!?”\"'’)"
_SENTENCE_ENDS: Final = f",{_VERSE_ENDS}"
_PRICE: Final = compile_later(r"[$€£¥₹]\s?\d[\d.,]*$")
_PRICE_AHEAD: Final = compile_later(r"(?:\d[.,]|(?<!(?<!\d)10)(?<=\d))$")
"""A whole number, but for 10, as a power of it may be of money, too."""
_CURRENCY: Final = compile_later(r"\s?(?:[$€£¥₹](?!\d)|(?:EUR|USD|GBP|CHF|Fr|kr|zł|Kč|Ft|lei)\b)")
_WORD_OF_VERSE: Final = compile_later(
    r"(?!(?:[B-HJ-NP-Z]|[AIO](?!\s[a-z])"
    r"|A[cglmrstu]|B[aehikr]|C[adeflmorsu]|D[by]|E[rsu]|F[emr]|G[ade]|H[efgo]|I[nr]|Kr|L[airu]|M[dgno]|N[abdeip]|Os"
    r"|P[abdmortu]|R[abehnu]|S[bceimnr]|T[abcehilm]|Xe|Yb|Z[nr])\b)[^\W\d_]"
)
"""The beginning of a word that is not the symbol of an element."""
_LABEL_LIMIT: Final = 12
_LABEL_ELEMENTS: Final = 6
"""Elements inside a label: the brackets of a note's mark may have one each."""
_LINKS_LIMIT: Final = 16
"""Children of a superscript that are looked at, as counting them all takes longer with each."""


class Superscript(NamedTuple):
    """A number, a power or the mark of a note above the line."""

    label: str
    note: str
    """The note it leads to; ``""`` if to none."""
    bracketed: bool
    behind: str = ""
    """The text right behind it."""
    is_counted: bool = False
    """Whether it says, too, which mark of the note it is."""

    def choose_sign(self, before: str) -> str:
        """What sets it apart from the text before: ``^``, the point of a price, two brackets, which it may have
        already, or nothing. An exponent of several terms has ``^(`` and ``)``; a fraction behind a number a blank.

        >>> Superscript("6", "", False).choose_sign("10"), Superscript("1", "", False).choose_sign("Suction")
        ('^', '[]')
        >>> Superscript("-x/2", "", False).choose_sign("e"), Superscript("1/2", "", False).choose_sign("2")
        ('^()', ' ')
        >>> Superscript("99", "", False).choose_sign("€4"), Superscript("99", "", False, " €").choose_sign("4")
        ('.', ',')
        """
        if not self.note and _FRACTION.fullmatch(self.label) and before[-1:].isdigit():
            return " "
        if not self.note and _COMPOUND.fullmatch(self.label):
            return "^()" if _BASE.search(before) else ""
        if self.bracketed:
            return "[]" if self.note else ""
        if not self.label[-1].isdigit() and not self.note:
            is_list = not _POWER.fullmatch(self.label) and before[-1:].isalnum()
            return "^" if _BASE.search(before) else "[]" if is_list else ""
        if len(self.label) == 2 and self.label.isdigit() and not self.note:
            is_ahead = _CURRENCY.match(self.behind) is not None
            if (_PRICE_AHEAD if is_ahead else _PRICE).search(before):
                return "" if before[-1] in ".," else "," if is_ahead else "."
        if not self.note and _BEFORE_EXPONENT.search(before):
            return "^"
        return "[]" if self.note or ((before[-1:].isalnum() or before[-1:] in _SENTENCE_ENDS) and before) else ""

    def begins_sentence(self, end: str) -> bool:
        """Whether it is the number of the sentence or the verse that begins right behind it; none of an isotope.

        >>> verse = Superscript("2", "", False, "Then the wind")
        >>> verse.begins_sentence(""), verse.begins_sentence("sing."), verse.begins_sentence("the")
        (True, True, False)
        """
        is_word = self.label.isdigit() and not self.note and _WORD_OF_VERSE.match(self.behind) is not None
        return is_word and (not end or end[-1] in _VERSE_ENDS or self.behind[:2].islower())


def _read_short(element: etree._Element) -> str | None:
    """The text of an element and of the few inside it, if that is short; of links, one or those in a superscript."""
    links = 0
    for number, child in enumerate(element.iter()):
        links += child.tag == "a"
        if number > _LABEL_ELEMENTS or not isinstance(child.tag, str) or (links > 1 and element.tag != "sup"):
            return None
    text = "".join(element.itertext())
    return text if len(text) <= _LABEL_LIMIT else None


def read_superscript(element: etree._Element) -> Superscript | None:
    """A ``sup`` that is a number or the mark of a note; ``None`` for any other, such as that of an ordinal."""
    is_tower = len(element) == 1 and element[0].tag == "sup" and not (element[0].tail or "").strip()
    text = ((element.text if is_tower else _read_short(element)) or "").strip()
    note = _find_note_target(element)
    match = _NUMBER.fullmatch(text)
    if match is not None and (note or ((len(match[1]) > 1 or match[1].isdigit()) and ":" not in text)):
        return Superscript(match[1], note, text[0] in "[(", element.tail or "", ":" in text)
    is_power = not note and text not in _NO_POWERS and (_POWER.fullmatch(text) or _COMPOUND.fullmatch(text))
    return Superscript(text, "", bracketed=False) if is_power else None


def is_numerator(element: etree._Element) -> bool:
    """Whether a ``sup`` and the ``sub`` right behind it are the two numbers of a fraction.

    >>> is_numerator(etree.fromstring("<p><sup>1</sup>/<sub>2</sub></p>")[0])
    True
    """
    below = element.getnext()
    if below is None or below.tag != "sub" or (element.tail or "").strip() not in _FRACTION_BARS:
        return False
    return all(not len(part) and (part.text or "").strip().isdecimal() for part in (element, below))


def has_several_links(element: etree._Element) -> bool:
    """Whether two or more links stand right in an element."""
    return sum(child.tag == "a" for child in islice(element, _LINKS_LIMIT)) > 1


def _find_note_target(element: etree._Element) -> str:
    """The name that a link in or around a ``sup`` leads to, if it may be that of a note."""
    if has_several_links(element):
        return ""
    parent = element.getparent()
    # Counting the children of what is around it would take longer with each superscript there.
    is_alone = element.getprevious() is None and element.getnext() is None
    link = element[0] if len(element) else parent if is_alone else None
    target = (link.get("href") or "") if link is not None and link.tag == "a" else ""
    _, _, name = target.partition("#")
    if not (target.startswith("#") or _NOTE_NAME.match(name)):
        return ""
    if "%" not in name:
        return name
    from urllib.parse import unquote  # only now: it takes longer to load than a page to clean

    return unquote(name)


def read_bare_mark(element: etree._Element) -> Superscript | None:
    """The mark of a note that a link of nothing but a number is; ``None`` for any other link, as that back."""
    name = (element.get("href") or "").partition("#")[2]
    is_declared = bool(name) and (
        "noteref" in (element.get("role") or element.get("epub:type") or "")
        or "footnote-ref" in (element.get("class") or "")
    )
    text = (_read_short(element) or "").strip() if is_declared or _NOTE_NAME.match(name) else ""
    is_mark = text.isdecimal() and len(text) <= _LONGEST_NUMBER
    is_mark = is_mark and (is_declared or (text in name and not _LEADS_BACK.search(name)))
    is_mark = is_mark and element.find("sup") is None and next(element.iterancestors("sup"), None) is None
    return Superscript(text, name, bracketed=False) if is_mark else None


def read_note_label(element: etree._Element) -> str:
    """The label of the note that a link such as ``[1]``, or one of several numbers above the line, leads to; ``""`` for
    any other link."""
    match = _NOTE_LABEL.fullmatch(_read_short(element) or "")
    if match:
        return match[1]
    text, parent = (element.text or "").strip(), element.getparent()
    if parent is None or parent.tag != "sup" or not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        return ""
    return text if has_several_links(parent) else ""
