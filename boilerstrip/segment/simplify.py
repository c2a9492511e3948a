"""Markup that no tree can hold, nested too deep or with too many attributes, taken out of a page's source.

One pass over the tags, each looked at once, which mirrors what libxml2 does with them as far as depth goes.
"""

import re
from collections import defaultdict
from typing import Final

from boilerstrip import tags
from boilerstrip.patterns import compile_later

PARAGRAPH_END: Final = "paragraph-end"
"""Name of the empty element that marks where a ``</p>`` stood; no element of the page's own."""

FLATTENED_DEPTH: Final = 1000
"""Elements nested as deep as this are left out of a flattened page; their text is not."""
_DEPTH_WRITTEN: Final = FLATTENED_DEPTH - 4
"""Elements that the page itself may nest, beside those that reading adds around and inside them."""

ATTRIBUTE_LIMIT: Final = 500
"""Attributes of one element that are read where a page has elements with very many."""

_LONG_TAG: Final = 16_384
"""Characters of a tag from which on it may have so many attributes that they are counted."""
_MANY: Final = 2048
"""Attributes from which on the time they take shows."""
_SAMPLE: Final = 2048
"""Characters of every other :data:`_LONG_TAG` that are looked at for ends of tags in quotation marks."""

_SPACE: Final = r"[ \t\n\f\r]"
_MARKUP: Final = compile_later(r"<(?:(!--)|([!?]|/[^A-Za-z])|(/?)([A-Za-z][^ \t\n\f\r/>]*))")
_COMMENT_END: Final = compile_later(r"--!?>")
_ATTRIBUTE: Final = compile_later(
    rf"""(?:{_SPACE}|/)*([^ \t\n\f\r/>][^ \t\n\f\r/>=]*)"""
    rf"""(?:{_SPACE}*={_SPACE}*(?:"[^"]*"|'[^']*'|[^ \t\n\f\r"'>][^ \t\n\f\r>]*|(?=>)))?"""
)
_TAG_END: Final = compile_later(rf"(?:{_SPACE}|/)*>")
_TAG_START: Final = compile_later(r"<[A-Za-z]")
_BETWEEN_ATTRIBUTES: Final = " \t\n\f\r/"
_END_INSIDE_VALUE: Final = compile_later(r"""=\s*(?:"[^">]*>|'[^'>]*>)""")

_RAW_TEXT: Final = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
"""Elements that hold text alone (HTML Living Standard, 13.1.2)."""
_RAW_END: Final = {name: compile_later(rf"</{name}(?=[ \t\n\f\r/>])[^>]*>", re.IGNORECASE) for name in _RAW_TEXT}
_CLOSED_BY_ITSELF: Final = frozenset({"a", "p", "li", "dt", "dd", "td", "th", "tr", "option"})
_PRIORITIES: Final = {"div": 1, "td": 2, "th": 2, "tr": 3, "thead": 4, "tbody": 4, "tfoot": 4, "table": 5, "body": 6}
"""An end tag closes nothing across an open element of a higher rank (libxml2, ``htmlEndPriority``)."""


def has_many_attributes(text: str) -> bool:
    """Whether some element may have thousands of attributes, for which libxml2 takes time that grows with the square.

    Told from a long tag without an end, or from ends one after another that stand in quotation marks. This looks at a
    small part of the page, as nearly all pages have no such element.

    >>> has_many_attributes("<p class=story>"), has_many_attributes("<p " + "a b " * 5000 + ">")
    (False, True)
    """
    return len(text) > _LONG_TAG and (_has_long_tag(text) or _has_hidden_ends(text))


def _has_long_tag(text: str) -> bool:
    place = 0
    while place + _LONG_TAG < len(text):
        end = text.rfind(">", place, place + _LONG_TAG)
        if end < 0:
            end = text.find(">", place + _LONG_TAG)
            end = end if end >= 0 else len(text)
            start = _TAG_START.search(text, place, end)
            many = start and sum(text.count(sign, start.start(), end) for sign in _BETWEEN_ATTRIBUTES) >= _MANY
            if many and _has_many_in_tag(text, place, end):
                return True
        place = end + 1
    return False


def _has_many_in_tag(text: str, place: int, end: int) -> bool:
    """Whether the tag before a place, should a value of it go on to there, or one behind it has many attributes, each
    value in quotation marks passed over: a page's data may be one value of thousands of words."""
    start = text.rfind("<", 0, place)
    position = start + 1 if start >= 0 else place
    while True:
        count = 0
        while count < _MANY and (match := _ATTRIBUTE.match(text, position)):
            position = match.end()
            count += 1
        following = _TAG_START.search(text, position, end)
        if count == _MANY or following is None:
            return count == _MANY
        position = following.end()


def _has_hidden_ends(text: str) -> bool:
    """Whether two samples in a row are full of them."""
    for place in range(2 * _LONG_TAG, len(text), 4 * _LONG_TAG):  # one of any two in a row
        if _is_full(text, place) and (_is_full(text, place - 2 * _LONG_TAG) or _is_full(text, place + 2 * _LONG_TAG)):
            return True
    return False


def _is_full(text: str, place: int) -> bool:
    return len(_END_INSIDE_VALUE.findall(text, place, place + _SAMPLE)) >= 8


def simplify(text: str, *, by_pairs: bool = False) -> str:
    """The page without elements nested as deep as :data:`FLATTENED_DEPTH` and attributes behind the first
    :data:`ATTRIBUTE_LIMIT` of one element. Where the edge of a block-level element is taken out, running text ends.

    :param by_pairs: trust an end tag only where it ends the last open element, which never takes a page to be flatter
        than it is.

    >>> simplify("<b>" * 1001 + "x").count("<b>")
    996
    """
    simplifier = _Simplifier(text, by_pairs)
    simplifier.run()
    return "".join(simplifier.pieces)


class _Simplifier:
    """One pass over a page's source: the pieces that stay, and the elements that are open."""

    def __init__(self, text: str, by_pairs: bool) -> None:
        self.text = text
        self.by_pairs = by_pairs
        self.pieces: list[str] = []
        self.copied = 0
        """How far the source is in the pieces, or left out."""
        self.open: list[str] = []
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        """Where in ``open`` each name stands."""

    def run(self) -> None:
        """Copy the page tag by tag. What is never ended – a comment, a tag, a script – goes on to the end."""
        position: int | None = 0
        while position is not None and (match := _MARKUP.search(self.text, position)):
            position = self._pass_markup(match)
        self.pieces.append(self.text[self.copied :])

    def _pass_markup(self, match: re.Match[str]) -> int | None:
        """Read a tag or comment; returns where the next may begin."""
        comment, odd, slash, name = match.groups()
        if comment:
            end = _COMMENT_END.search(self.text, match.start() + 2)
            return end.end() if end else None
        if odd:
            place = self.text.find(">", match.start() + 2)
            return place + 1 if place >= 0 else None
        after = self._pass_attributes(match.end())
        name = name.lower()
        if after is None or (name == "plaintext" and not slash):
            return None
        if name in _RAW_TEXT and not slash:
            raw_end = _RAW_END[name].search(self.text, after)
            return raw_end.end() if raw_end else None
        if name not in tags.VOID and not (self._close(name) if slash else self._open(name)):
            self._leave_out(match.start(), after, "" if name in tags.INLINE else f"<{PARAGRAPH_END}></{PARAGRAPH_END}>")
        return after

    def _pass_attributes(self, position: int) -> int | None:
        """Where the tag ends; attributes beyond the limit are left out."""
        count, limit = 0, position
        while match := _ATTRIBUTE.match(self.text, position):
            position = match.end()
            count += 1
            if count == ATTRIBUTE_LIMIT:
                limit = position
        end = _TAG_END.match(self.text, position)
        if count > ATTRIBUTE_LIMIT:
            self._leave_out(limit, position, "")
        return end.end() if end else None

    def _leave_out(self, start: int, end: int, instead: str) -> None:
        self.pieces += (self.text[self.copied : max(start, self.copied)], instead)
        self.copied = end

    def _open(self, name: str) -> bool:
        """Enter an element; whether it is to stay."""
        if not self.by_pairs and self.open:
            last = self.open[-1]
            if (last == name and name in _CLOSED_BY_ITSELF) or (last == "p" and name not in tags.INLINE):
                self._pop(len(self.open) - 1)
        self.places[name].append(len(self.open))
        self.open.append(name)
        return len(self.open) <= _DEPTH_WRITTEN

    def _close(self, name: str) -> bool:
        """Leave an element; whether the end tag is to stay."""
        places = self.places[name]
        if not places or (self.by_pairs and places[-1] != len(self.open) - 1) or self._is_barred(name, places[-1]):
            return len(self.open) <= _DEPTH_WRITTEN
        place = places[-1]
        self._pop(place)
        return place < _DEPTH_WRITTEN

    def _is_barred(self, name: str, place: int) -> bool:
        rank = _PRIORITIES.get(name, 0)
        return any(
            priority > rank and self.places[other] and self.places[other][-1] > place
            for other, priority in _PRIORITIES.items()
        )

    def _pop(self, place: int) -> None:
        while len(self.open) > place:
            self.places[self.open.pop()].pop()
