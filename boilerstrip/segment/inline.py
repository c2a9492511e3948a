"""Inline elements that do not stand for their text alone: quotations, readings, emoji, images."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Final

from lxml import etree

from boilerstrip import tags
from boilerstrip.patterns import compile_later
from boilerstrip.segment import looks
from boilerstrip.segment.text import ends_sentence, measure_width

_QUOTATION_MARKS: Final = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "bg", "lt", "et", "is", "ka"), ("„", "“")),
    **dict.fromkeys(("pl", "ro", "hu", "hr", "sr", "nl"), ("„", "”")),
    **dict.fromkeys(("fr", "es", "pt", "it", "ru", "uk", "be", "el", "no", "nb", "nn", "ca", "ar", "fa"), ("«", "»")),
    **dict.fromkeys(("sv", "fi"), ("”", "”")),
    **dict.fromkeys(("ja", "zh"), ("「", "」")),
}
"""What browsers write around a ``q``, by the page's language (CLDR, delimiters)."""
_INNER_MARKS: Final = {"„“": ("‚", "‘"), "„”": ("‚", "’"), "«»": ("“", "”"), "””": ("’", "’"), "「」": ("『", "』")}
_ANY_QUOTATION_MARK: Final = "\"'“”„‚‘’«»‹›「」『』"

_ANCHOR: Final = compile_later(
    r"(?:^|\s)(?:(?:header|heading|section|perma|hash)[-_]?(?:link|anchor)|anchor(?:[-_]?link)?)(?=\s|$)", re.I
)
_OF_ADDRESS: Final = compile_later(
    r"\W*(?:(?:direct |permanent )?link|permalink|permanent|anchor|copy|lien|ancre|enlace|anker)\b", re.I
)
"""Words that say that a link gives an address."""
_LEADS_BACK: Final = compile_later(
    r"\W*(?:go |jump )?(?:back|return|top|up|zurück|hoch|retour|remonter|volver|voltar|torna|terug|tillbaka|назад)\b",
    re.I,
)
_LINE_NUMBER: Final = compile_later(r"\s*\d{1,6}[.:]?\s*")
_ICON_NAME: Final = compile_later(r"\s*[a-z0-9_]+\s*")

_EMOJI_CATEGORIES: Final = frozenset({"So", "Sk", "Sm", "Cf", "Mn", "Me"})
_EMOJI_LIMIT: Final = 16

_IMAGES_LIMIT: Final = 8
LAZY_ATTRIBUTES: Final = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-lazyload", "nitro-lazy-src", "data-original-src",
    "data-full-src", "data-url", "data-image", "data-orig-file",
)  # fmt: skip
_MANY_MEANINGS: Final = frozenset({"data-url", "data-image"})
_PICTURE: Final = compile_later(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?![a-z])", re.I)
_SOURCES_LIMIT: Final = 16
_PIXEL: Final = ("0", "1")
_SETS: Final = ("data-srcset", "data-lazy-srcset", "srcset")
_NO_ADDRESS: Final = compile_later(r"data:|about:", re.I)
_DRAWN: Final = compile_later(r"\.(?:gif|png|svg)", re.I)
_EMPTY_NAMES: Final = ("blank", "spacer", "placeholder", "pixel", "transparent", "lazy", "loading")
_PLACEHOLDER: Final = compile_later(rf"(?:{'|'.join(_EMPTY_NAMES)})\w*\.(?:gif|png|svg)", re.I)
PLACEHOLDER_PIECES: Final = ("data:", "about:", *_EMPTY_NAMES)
"""What every address of such a picture has one of."""
_CANDIDATE: Final = compile_later(r"\s*([^\s,]\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)")


_OPENED_WIDTH: Final = 80
"""Columns from which on a hidden text is more than a label or what a pointer shows."""
_OPENED_LIMIT: Final = 64
"""Elements in which the text of one is looked for that is hidden or short."""


def find_quotation_marks(language: str) -> tuple[str, str]:
    """What a browser writes around a quotation in a page of this language.

    >>> find_quotation_marks("de-AT"), find_quotation_marks("en")
    (('„', '“'), ('“', '”'))
    """
    return _QUOTATION_MARKS.get(language[:2].lower(), ("“", "”"))


def choose_quotation_marks(element: etree._Element, outer: tuple[str, str]) -> tuple[str, str]:
    """What stands around a ``q``: the page's marks, or inside another one those of the second rank (CLDR)."""
    if next(element.iterancestors("q"), None) is None:
        return outer
    return _INNER_MARKS.get("".join(outer), ("‘", "’"))


def has_quotation_marks(element: etree._Element) -> bool:
    """Whether a ``q`` begins with a quotation mark of its own, or stands right behind one."""
    before = element.getprevious()
    parent = element.getparent()
    outside = before.tail if before is not None else parent.text if parent is not None else None
    inside = (element.text or "").lstrip()
    return (inside[:1] in _ANY_QUOTATION_MARK and inside != "") or (
        (outside or "")[-1:] in _ANY_QUOTATION_MARK and bool(outside)
    )


def is_reading(element: etree._Element) -> bool:
    """Whether an ``rt`` has a text of its own."""
    return bool(element.text and element.text.strip())


def is_permalink(element: etree._Element) -> bool:
    """Whether a link holds nothing but a sign to point at."""
    text = element.text
    return text is not None and len(text) <= 4 and not len(element) and text.strip() in tags.PERMALINK_SIGNS


def is_anchor(element: etree._Element) -> bool:
    """Whether a link's class says that it is there to give a heading's address, and its text is no part of that."""
    if not _ANCHOR.search(element.get("class") or ""):
        return False
    text = read_text(element)
    return not any(map(str.isalnum, text)) or _OF_ADDRESS.match(text) is not None


def leads_back(text: str, label: str) -> bool:
    """Whether the text of a link in a note with this label says no more than that it leads back to the note's mark.

    >>> leads_back("Return to the text", "1"), leads_back("↩2", "1"), leads_back("a", "1"), leads_back("1", "1")
    (True, True, True, True)
    >>> leads_back("the fifth paragraph", "1"), leads_back("[2]", "1")
    (False, False)
    """
    sign = text.strip("[]().: \xa0")
    is_word = len(sign) > 1 and any(map(str.isalpha, sign))
    return sign == label or _LEADS_BACK.match(text) is not None or not (is_word or sign.isdecimal())


def is_number(element: etree._Element) -> bool:
    """Whether an element holds a line's number and nothing else, or draws it by style."""
    text = element.text or ""
    return not len(element) and (not text.strip() or _LINE_NUMBER.fullmatch(text) is not None)


def is_icon_name(element: etree._Element) -> bool:
    """Whether an element holds the name of an icon, as fonts draw it, and nothing else."""
    return not len(element) and _ICON_NAME.fullmatch(element.text or "") is not None


def is_emoji(label: str, look: int) -> bool:
    """Whether an image with this description stands for the description.

    >>> is_emoji("🎉", 0), is_emoji(":)", looks.EMOJI), is_emoji("lion", 0)
    (True, True, False)
    """
    if not label or len(label) > _EMOJI_LIMIT:
        return False
    return bool(look & looks.EMOJI) or (
        not label.isascii() and all(unicodedata.category(character) in _EMOJI_CATEGORIES for character in label)
    )


def begins_word(letter: str, rest: str) -> bool:
    """Whether a capital letter is the first one of the word that a text begins with.

    An entry of an index begins with the letter that it stands under.

    >>> begins_word("T", "he pier"), begins_word("A", "abacus"), begins_word("T", "The pier")
    (True, False, False)
    """
    return len(letter) == 1 and letter.isupper() and rest[:1].islower() and rest[0] != letter.lower()


def stands_alone(element: etree._Element, tag: str) -> bool:
    """Whether an element of the author's own (HTML Living Standard, 4.13.3) has no text beside it, so that it is laid
    out as a part of the page and not as a part of a line."""
    if "-" not in tag or (element.tail and not element.tail.isspace()):
        return False
    before, parent = element.getprevious(), element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else None
    return not text or text.isspace()


def read_hidden(element: etree._Element) -> str:
    """The sentences of a hidden inline element which may go on where the text before it stops, for a reader to open;
    ``""`` if it has none. What explains a word stands inside a sentence, and labels are short."""
    if element.tag == "a" or (element.tail or "").lstrip()[:1].islower():
        return ""
    sentences = " ".join(read_text(element).split())
    is_long = measure_width(sentences) >= _OPENED_WIDTH
    return sentences if is_long and any(map(ends_sentence, sentences.split())) else ""


def read_text(element: etree._Element) -> str:
    """The text of the first elements in an element."""
    children = islice(element.iter(), _OPENED_LIMIT)
    return "".join(piece for child in children for piece in _read_pieces(child, element))


def holds_image(element: etree._Element) -> bool:
    """Whether one of the first elements in an element is an image."""
    return any(child.tag in tags.IMAGES for child in islice(element.iter(), _OPENED_LIMIT))


def _read_pieces(child: etree._Element, element: etree._Element) -> Iterator[str]:
    """The text right in a child and right behind it."""
    if isinstance(child.tag, str) and child.tag not in tags.SKIPPED:
        yield child.text or ""
    if child is not element:
        yield child.tail or ""


def holds_images_alone(element: etree._Element) -> bool:
    """Whether an element holds one or more images and nothing else."""
    if not len(element) or len(element) > _IMAGES_LIMIT or (element.text or "").strip():
        return False
    return all(child.tag == "img" and not (child.tail or "").strip() for child in element)


def is_in_noscript(element: etree._Element) -> bool:
    """Whether an element stands right in a ``noscript``."""
    parent = element.getparent()
    return parent is not None and parent.tag == "noscript"


def _is_placeholder(address: str) -> bool:
    """Whether an address is that of a picture that only keeps the place of another.

    >>> _is_placeholder("data:image/gif;base64,R0"), _is_placeholder("/img/blank.GIF"), _is_placeholder("/img/lion.png")
    (True, True, False)
    """
    if _NO_ADDRESS.match(address):
        return True
    address = address.partition("\n")[0]
    return _DRAWN.search(address) is not None and _PLACEHOLDER.search(address) is not None


def find_address(element: etree._Element) -> str:
    """The address of the picture that an image shows once it is loaded: lazy images name it in other attributes. None
    of an image of one pixel, which counts visits."""
    if element.get("width") in _PIXEL and element.get("height") in _PIXEL:
        return ""
    source = element.get("src") or ""
    for name in LAZY_ATTRIBUTES:
        address = element.get(name)
        if not address or "{" in address or _is_placeholder(address):
            continue
        if name not in _MANY_MEANINGS or _PICTURE.search(address):
            return address
    if source and not _is_placeholder(source):
        return source
    sets = [element.get(name) for name in _SETS]
    # libxml2 takes what stands behind a source for a part of it.
    around = takewhile(lambda ancestor: ancestor.tag in ("source", "picture"), element.iterancestors())
    for picture in list(islice(around, _SOURCES_LIMIT))[-1:]:
        sets += [source.get(name) for source in islice(picture.iter("source"), _SOURCES_LIMIT) for name in _SETS]
    return next(filter(None, map(_choose_candidate, filter(None, sets))), source)


def _choose_candidate(source_set: str) -> str:
    """The largest picture of a ``srcset``; ``""`` if there is none.

    >>> _choose_candidate("a.jpg 300w, b.jpg 900w, c.jpg 600w"), _choose_candidate("a.jpg")
    ('b.jpg', 'a.jpg')
    """
    candidates = [
        (float(size or 1), address) for address, size in _CANDIDATE.findall(source_set[:8192]) if size.count(".") < 2
    ]
    candidates = [pair for pair in candidates if not _is_placeholder(pair[1])]
    return max(candidates, key=lambda pair: pair[0])[1] if candidates else ""
