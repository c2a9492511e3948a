"""The day of publication: where a page's markup names it, and how pages write it."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from boilerstrip.linked_data import OTHER_WORKS
from boilerstrip.patterns import compile_later
from boilerstrip.tags import CLASS_VOCABULARY

_DAY: Final = compile_later(r"\s*((?:1[89]|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_WRITTEN_DAY: Final = compile_later(
    rf"\s*(?:{_MONTH}\s+(\d\d?)(?:st|nd|rd|th)?,?|(\d\d?)(?:st|nd|rd|th)?\s+{_MONTH},?)\s+((?:1[89]|20)\d\d)\b",
    re.IGNORECASE,
)
_CHINESE_DAY: Final = compile_later(r"\s*((?:1[89]|20)\d\d)\s?[年년]\s?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]")
"""How Chinese, Japanese and Korean write a day."""
_DOTTED_DAY: Final = compile_later(r"\s*(\d\d?)\.\s?(\d\d?)\.\s?((?:19|20)\d\d)(?!\d)")
"""Who writes dots sets the day first."""
_SLASHED_DAY: Final = compile_later(r"(\d\d?)/(\d\d?)/((?:19|20)\d\d)(?!\d)")
_WEEKDAY: Final = compile_later(
    r"(?:(mon)|(tue)s?|(wed)(?:nes)?|(thu)(?:rs?)?|(fri)|(sat)(?:ur)?|(sun))(?:day)?", re.IGNORECASE
)
_NEW_YEARS_DAY: Final = (
    r"{year}[-/.]0?1[-/.]0?1(?!\d)|(?<!\d)0?1[-/.]0?1[-/.]{year}|[^\W\d_]{{3,20}}\.? 0?1(?:st)?,? {year}"
    r"|(?<!\d)0?1\.? (?:de )?[^\W\d_]{{3,20}}\.?,? (?:de )?{year}|{year}年0?1月0?1日"
)
"""The first of January, or of any month that is named by a word, as pages write it."""
_MARKED_DAYS: Final = (
    "//*[@itemprop = 'datePublished']",
    "//*[@itemprop = 'dateCreated']",
    "//time[@pubdate or contains(@class, 'published')]",
    "(//article | //main)//time[@datetime and not(contains(@class, 'updated') or contains(@class, 'modified'))]",
)
_DATED: Final = (
    "(//article | //main)//*[not(self::time) and (contains(@class, 'date') or contains(@class, 'Date')"
    " or contains(@class, 'publish') or contains(@class, 'posted') or contains(@class, 'submitted')"
    " or contains(@class, 'byline'))]"
)
_DATE_WORDS: Final = frozenset(
    {"date", "pubdate", "publishdate", "published", "posted", "submitted", "datetime", "byline"}
)
_LONGEST_LINE: Final = 60
"""Characters of an element that is a date, with the words before it."""
_LOOKED_AT: Final = 100
"""Elements of each kind that are looked at: a page of more is a list."""
_PROSE: Final = 12
"""Words around a day that is told of in a sentence; a line of author, day and time to read has fewer."""
_WORD: Final = compile_later(r"\d+|[^\W\d_]+")
_AMERICAN: Final = compile_later(r"en[-_]US\b", re.IGNORECASE)
"""Who writes the month before the day."""
_CHANGED: Final = compile_later(
    r"updat|modif|edit|revis|a[ck]tuali|atuali|aggiorn|bijgewerkt|o?ppdater|opdater|(?:jour|stand)\b", re.IGNORECASE
)
"""What was done to a page before the day behind it, in the larger languages of Europe."""
_CLASS_WORD: Final = compile_later(r"[A-Z]?[a-z]+")
_OTHERS: Final = frozenset(f"{CLASS_VOCABULARY['comment']} {CLASS_VOCABULARY['related']}".split())
"""Words in the classes of boxes whose days are those of something else."""


def read_marked_day(tree: Any) -> str | None:
    """The day that the markup names: microdata before microformats before the first ``time`` of the story.

    What stands in a sentence, a comment, an aside or a list of other stories is no day of the page's.
    """
    above = find_title_boxes(tree)
    for path in _MARKED_DAYS:
        for element in tree.xpath(path)[:_LOOKED_AT]:
            if is_elsewhere(element, above) or (element.tag == "time" and _is_in_prose(element)):
                continue
            texts = (element.text or "", element.get("datetime") or element.get("content") or "")
            if day := next(filter(None, map(read_written_day, texts)), None):
                return day
    return _read_dated_line(tree, above)


def _read_dated_line(tree: Any, above: set[Any]) -> str | None:
    """The day in the first element of the story whose class says that it is one, and of no other: several of a kind
    with days of their own are a list of stories."""
    lines = tree.xpath(_DATED)[:_LOOKED_AT]
    is_american = any(_AMERICAN.match(language) for language in tree.xpath("/html/@lang"))
    days = [_find_day(read_line(line, _LONGEST_LINE), is_american=is_american) for line in lines]
    days_of_kind: dict[str, set[str]] = {}
    for line, day in zip(lines, days, strict=True):
        days_of_kind.setdefault(line.get("class"), set()).update([day] if day else [])
    for line, day in zip(lines, days, strict=True):
        is_date = not _DATE_WORDS.isdisjoint(_list_class_words(line)) and len(days_of_kind[line.get("class")]) == 1
        if day and is_date and not is_elsewhere(line, above):
            return day
    return None


def _find_day(text: str, *, is_american: bool = False) -> str | None:
    """The first day in a line that is not that of a change.

    >>> _find_day("By Ada | 3/7/2025", is_american=True), _find_day("By Ada | 3/7/2025")
    ('2025-03-07', None)
    >>> _find_day("Posted on March 7, 2025"), _find_day("Updated 2025-03-07")
    ('2025-03-07', None)
    >>> _find_day("Stand: 07.03.2024, veröffentlicht: 05.03.2024"), _find_day("Ada, journalist, 5 March 2024")
    ('2024-03-05', '2024-03-05')
    >>> _find_day("Submitted by Ada on Tue, 03/05/2024 - 10:12"), _find_day("Ada, 25/03/2024")
    ('2024-03-05', '2024-03-25')
    >>> _find_day("By Sun Li, 05/06/2024", is_american=True), _find_day("The Sun, 05/06/2024", is_american=True)
    ('2024-05-06', '2024-05-06')
    """
    is_of_change, weekday = False, -1
    for word in _WORD.finditer(text):
        if _CHANGED.match(word[0]):
            is_of_change = True
            continue
        match = _SLASHED_DAY.match(text, word.start())
        if match:
            day = _read_slashed_day(match[1], match[2], match[3], weekday, is_american=is_american)
        else:
            day = read_written_day(text[word.start() :])
        if day and not is_of_change:
            return day
        is_of_change = is_of_change and not day
        named = _WEEKDAY.fullmatch(word[0])
        weekday = (named.lastindex or 0) - 1 if named else -1
    return None


def _read_slashed_day(first: str, second: str, year: str, weekday: int, *, is_american: bool) -> str | None:
    """The day of two numbers and a year: the one that the calendar has, that falls on the weekday (-1: none is named)
    or that an American means; ``None`` where it may be either."""
    days = [*dict.fromkeys(filter(None, (_write_day(year, first, second), _write_day(year, second, first))))]
    either = [day for day in days if date.fromisoformat(day).weekday() == weekday] or days
    return either[0] if len(either) == 1 or (either and is_american) else None


def find_title_boxes(tree: Any) -> set[Any]:
    """The elements above the headings of the first level."""
    return {box for heading in tree.xpath("//h1")[:_LOOKED_AT] for box in heading.iterancestors()}


def is_elsewhere(element: Any, above: set[Any], beside: Collection[str] = ("aside", "nav", "footer")) -> bool:
    """Whether an element stands in a box that is not the story's, ``above`` being the elements above a title and
    ``beside`` the tags of boxes beside the story."""
    is_article = False
    for box in element.iterancestors():
        if box in above:
            return False
        if box.tag in beside or (box.tag == "article" and is_article) or _is_teaser(box):
            return True
        is_article = is_article or box.tag == "article"
        if not OTHER_WORKS.isdisjoint((box.get("itemprop") or "").split()):
            return True
        if box.tag != "body" and not _OTHERS.isdisjoint(_list_class_words(box)):
            return True
    return False


def _is_teaser(box: Any) -> bool:
    """Whether a box is one of several items of a list that have a day and lead to a page each."""
    if box.tag != "li" or box.find(".//a") is None:
        return False
    beside = (box.getprevious(), box.getnext())
    return any(
        item is not None and item.find(".//a") is not None and item.find(".//time") is not None for item in beside
    )


def _is_in_prose(element: Any) -> bool:
    """Whether the paragraph around an element says more than who wrote the page and when."""
    paragraph = next(element.iterancestors("p", "blockquote"), None)
    if paragraph is None:
        return False
    return len(" ".join(paragraph.itertext()).split()) - len(" ".join(element.itertext()).split()) > _PROSE


def read_line(element: Any, longest: int) -> str:
    """The text of an element, white space collapsed; ``""`` if it is longer, without reading on."""
    words, room = list[str](), longest
    for piece in element.itertext():
        room -= len(piece.strip())
        if room < 0:
            return ""
        words += piece.split()
    return " ".join(words)


def _list_class_words(element: Any) -> Iterator[str]:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (word.lower() for word in _CLASS_WORD.findall(names))


def read_day(text: str) -> str | None:
    """The day that a text begins with as programs write it, ``YYYY-MM-DD``."""
    match = _DAY.match(text)
    return _write_day(*match.groups()) if match else None


def read_written_day(text: str) -> str | None:
    """The day that a text begins with as programs, or readers of English or of Chinese signs, write it.

    >>> read_written_day("2024年3月12日"), read_written_day("2024년 3월 12일")
    ('2024-03-12', '2024-03-12')
    >>> read_written_day("June 3rd, 2024"), read_written_day("3 Jun 2024, 10:00"), read_written_day("2024-06-03")
    ('2024-06-03', '2024-06-03', '2024-06-03')
    """
    if match := _CHINESE_DAY.match(text):
        return _write_day(*match.groups())
    if match := _DOTTED_DAY.match(text):
        return _write_day(match[3], match[2], match[1])
    match = _WRITTEN_DAY.match(text)
    if match is None:
        return read_day(text)
    month = _MONTHS.index((match[1] or match[4]).lower()) + 1
    return _write_day(match[5], month, match[2] or match[3])


def _write_day(year: str, month: str | int, day: str) -> str | None:
    """A day as ``YYYY-MM-DD``; ``None`` where the calendar has none such.

    >>> _write_day("2024", 2, "29"), _write_day("2023", 2, "29")
    ('2024-02-29', None)
    """
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def is_copyright_year(day: str | None, html: str) -> bool:
    """Whether a day is but the first of a year that no date of the page's is written for.

    >>> is_copyright_year("2014-01-01", "<p>© 2014"), is_copyright_year("2014-01-01", "<p>January 1, 2014")
    (True, False)
    """
    if not day or not day.endswith("-01-01"):
        return False
    return re.search(_NEW_YEARS_DAY.format(year=day[:4]), html) is None
