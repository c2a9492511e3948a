"""Real lines for mixed documents: the story lines of a page, and lines of it that are boilerplate beyond doubt."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from benchmarks.corpora import CORPORA, LabelledPage, load_corpus
from benchmarks.domains import fold_of
from benchmarks.languages import detect_language, page_language
from benchmarks.metrics import shingles_of, words_of
from benchmarks.phrases import CONTROL, CREDIT, DATED, NOTICE, READ_ALSO
from benchmarks.textlines import page_text_lines

LineKind = Literal["notice", "control", "credit", "short", "teaser", "prose"]
"""notice, control, credit: see :mod:`benchmarks.phrases`. short: a few words, no sentence, such as a menu entry.
teaser: longer and no sentence, such as another story's headline. prose: the rest."""

_ENDS_SENTENCE: Final = re.compile(r"""[.!?…。！？।؟:）]["'”’“»«)）」』】\]]*$""")
_ENDS_STORY: Final = re.compile(r"""[.!…。！।]["'”’“»«)」』\]]*$""")
_MARKUP: Final = re.compile(r"</?[a-z]+[\s>]", re.IGNORECASE)
_TITLE: Final = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_MOST_WORDS: Final = {"short": 4, "control": 5, "credit": 40, "notice": 60, "teaser": 18}
_LEAST_PROSE_WORDS: Final = 8
_HEADLINE_WORDS: Final = (3, 25)
_HEADLINE_IN_TITLE: Final = 0.8
"""Share of the words of a line that the page's title has too, from which on it is its headline."""
_LEAST_STORY_LINES: Final = 5
_MOST_STORY_LINES: Final = 60
_ENOUGH_TO_DETECT: Final = 200


class BoilerplateLine(NamedTuple):
    """A line that is no story, and what kind of line it is."""

    text: str
    kind: LineKind


@dataclass(frozen=True)
class PageParts:
    """What one page gives to mixed documents, in page order."""

    group: str
    language: str
    story: tuple[str, ...] = ()
    """Lines of the story; empty where the page has no full label."""
    head: tuple[BoilerplateLine, ...] = ()
    """Boilerplate above the story; all of it where there is no full label."""
    tail: tuple[BoilerplateLine, ...] = ()
    """Boilerplate below the story."""
    headline: str = ""
    """The line that the page's title says; nothing where there is none."""
    foreign: tuple[BoilerplateLine, ...] = ()
    """Boilerplate inside a story of another language: head and tail, and the prose of the tail."""

    @property
    def own(self) -> tuple[BoilerplateLine, ...]:
        """Boilerplate inside the page's own story."""
        return self.head + self.tail


def length_in_words(line: str) -> float:
    """Words; a character of a script without blanks between words counts for half a word.

    >>> length_in_words("two words"), length_in_words("四个汉字")
    (2.0, 2.0)
    """
    words = words_of(line)
    tokens = words_of(line, "characters")
    return len(tokens) / 2 if len(tokens) > 2 * len(words) else float(len(words))


def kind_of_line(line: str) -> LineKind:
    """What a boilerplate line is, by its length, its end and the words that give it away.

    >>> [kind_of_line(line) for line in ("Share", "Politics", "Photo: AFP", "Subscribe now and read on for free.")]
    ['control', 'short', 'credit', 'notice']
    """
    length = length_in_words(line)
    if length <= _MOST_WORDS["notice"] and NOTICE.search(line):
        return "notice"
    if length <= _MOST_WORDS["control"] and CONTROL.search(line):
        return "control"
    if length <= _MOST_WORDS["credit"] and CREDIT.search(line):
        return "credit"
    if _ENDS_SENTENCE.search(line) or length > _MOST_WORDS["teaser"]:
        return "prose"
    return "short" if length <= _MOST_WORDS["short"] else "teaser"


def is_prose(line: str) -> bool:
    """Whether a line is long enough and ends as a sentence does."""
    return length_in_words(line) >= _LEAST_PROSE_WORDS and bool(_ENDS_SENTENCE.search(line))


def can_end_story(line: str) -> bool:
    """Whether a story may be cut off after the line: prose, but no question and nothing that announces a list."""
    return is_prose(line) and ends_story(line)


def ends_story(line: str) -> bool:
    """Whether a line ends as a sentence does that asks nothing."""
    return bool(_ENDS_STORY.search(line))


@cache
def load_parts(folds: frozenset[int], folder: Path) -> tuple[PageParts, ...]:
    """The parts of every page below a folder of corpora that is in some of the five folds.

    News, articles, pages with segments, and Readability's pages that are neither English nor filler text. Takes about
    25 ms a page, once for each set of folds.
    """
    pages = (page for corpus in CORPORA for page in load_corpus(corpus, folder) if fold_of(page.group) in folds)
    parts = (read_parts(page) for page in pages if page.page_type in ("article", None) and not _is_in_doubt(page))
    return tuple(part for part in parts if part.head or part.tail or part.story)


def _is_in_doubt(page: LabelledPage) -> bool:
    if page.story is None:
        return not page.with_segments
    language = page_language(page) if page.corpus == "readability" else "de"
    return language == "en" or language not in READ_ALSO


def read_parts(page: LabelledPage) -> PageParts:
    """Cut one page into story and boilerplate lines; whatever is in doubt is in neither."""
    html = page.html
    lines, language = page_text_lines(html).split("\n"), page_language(page)
    if page.story is None:
        unlabelled = tuple(line for line in map(_classify, lines) if _is_safe_without_label(line))
        return PageParts(page.group, language, head=unlabelled, foreign=unlabelled)
    title = f"{_title_of(html)} {page.title or ''}"
    own = _OwnLines(page.story, title)
    start, end = own.story_range(lines)
    above, below = ([_classify(line) for line in part if own.holds(line)] for part in (lines[:start], lines[end:]))
    head = tuple(line for line in above if line.kind not in ("prose", "teaser"))
    return PageParts(
        group=page.group,
        language=language,
        story=tuple(_story_lines(page, language, title)),
        head=head,
        tail=tuple(line for line in below if line.kind != "prose"),
        headline=_find_headline(lines[:start], title),
        foreign=(*head, *below),
    )


def _find_headline(lines: Sequence[str], title: str) -> str:
    """The last of some lines that says what the title says; nothing where there is none."""
    least, most = _HEADLINE_WORDS
    known = set(words_of(title))
    for line in reversed(lines):
        words = words_of(line)
        is_said = sum(word in known for word in words) >= _HEADLINE_IN_TITLE * len(words)
        if least <= len(words) <= most and is_said and _has_letter(line):
            return line
    return ""


def _classify(line: str) -> BoilerplateLine:
    return BoilerplateLine(line, kind_of_line(line))


def _is_safe_without_label(line: BoilerplateLine) -> bool:
    return _has_letter(line.text) and line.kind in ("notice", "control", "short")


def _has_letter(text: str) -> bool:
    return any(character.isalpha() for character in text)


class _OwnLines:
    """Tells a page's own boilerplate lines from its story, by words and not by markup."""

    def __init__(self, story: str, title: str) -> None:
        self._squeezed = _squeeze(story)
        self._shingles = shingles_of(story.lower(), 3)
        self._title_words = set(words_of(title))

    def story_range(self, lines: list[str]) -> tuple[int, int]:
        """Number of the story's first line and of the one after its last; ``(0, len(lines))`` if it is not found."""
        found = [number for number, line in enumerate(lines) if is_prose(line) and _squeeze(line) in self._squeezed]
        return (found[0], found[-1] + 1) if found else (0, len(lines))

    def holds(self, line: str) -> bool:
        """Whether the line has words, and neither the story nor the title has them."""
        words = words_of(line)
        if not _has_letter(line) or _MARKUP.search(line) or _squeeze(line) in self._squeezed:
            return False
        shingles = shingles_of(line.lower(), 3)
        in_story = (shingles & self._shingles).total() / max(1, shingles.total())
        in_title = sum(word in self._title_words for word in words) / max(1, len(words))
        return in_story < 0.3 and not (len(words) > 2 and in_title > 0.5)


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _title_of(html: bytes) -> str:
    found = _TITLE.search(html[:400_000])
    return found.group(1).decode("utf-8", "replace") if found else ""


def _story_lines(page: LabelledPage, language: str, title: str) -> list[str]:
    """Lines a reader would keep: prose, and headings between prose; none if the page has too few of them."""
    headings = _heading_lines(page)
    lines = (" ".join(line.split()) for line in page.paragraphs or (page.story or "").split("\n"))
    unique = dict.fromkeys(line for line in lines if line and line.casefold() not in title.casefold())
    wanted = [line for line in list(unique)[:_MOST_STORY_LINES] if _is_story_line(line, language, headings)]
    story = _drop_loose_ends(wanted)
    return story if sum(map(can_end_story, story)) >= _LEAST_STORY_LINES else []


def _is_dateline(line: str) -> bool:
    return length_in_words(line) <= _MOST_WORDS["teaser"] and bool(DATED.search(line))


def _heading_lines(page: LabelledPage) -> frozenset[str] | None:
    """Headings by the page's Markdown; ``None`` where a paragraph label already says that a short line is one."""
    if page.paragraphs:
        return None
    headings = (line.lstrip("#") for line in (page.markdown or "").split("\n") if line.startswith("#"))
    return frozenset(" ".join(heading.replace("*", "").split()) for heading in headings)


def _is_story_line(line: str, language: str, headings: frozenset[str] | None) -> bool:
    """Prose in the story's language, or a heading; never a line that reads like a notice, a credit or a button."""
    kind = kind_of_line(line)
    if kind in ("notice", "control", "credit") or _is_dateline(line):
        return False
    if not is_prose(line):
        is_heading = headings is None or line in headings
        return is_heading and kind in ("short", "teaser") and length_in_words(line) >= 2
    detected, probability = detect_language(line[:_ENOUGH_TO_DETECT])
    return detected == language or probability < 0.9


def _drop_loose_ends(lines: list[str]) -> list[str]:
    """Without headings that no prose follows at once: a reader of the bare text cannot tell those from a menu."""
    followed = [*lines, ""][1:]
    return [line for line, after in zip(lines, followed, strict=True) if is_prose(line) or is_prose(after)]


def languages_of(parts: Collection[PageParts]) -> dict[str, list[PageParts]]:
    """The pages that have a story, by its language."""
    by_language: dict[str, list[PageParts]] = {}
    for part in parts:
        if part.story:
            by_language.setdefault(part.language, []).append(part)
    return by_language
