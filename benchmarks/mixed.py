"""Mixed-language text as a careless scraper leaves it, made of real lines whose labels are known.

A document is the story of one page, cut to a run of its lines, among that page's own boilerplate, boilerplate of pages
in other languages, separators and repeated trailers; some stories quote a sentence in its original language, which
stays. All parts of a document come from pages of the same folds, so training and test share no page.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final, Literal

from benchmarks.corpora import corpora_folder
from benchmarks.parts import (
    BoilerplateLine,
    LineKind,
    PageParts,
    can_end_story,
    is_prose,
    kind_of_line,
    languages_of,
    length_in_words,
    load_parts,
)
from benchmarks.phrases import QUOTATION_INTRODUCTIONS, QUOTATION_MARKS, READ_ALSO, SEPARATORS
from benchmarks.quotations import choose_sentence

Origin = Literal["headline", "story", "short", "introduction", "quotation", "own", "foreign", "separator", "related"]

HELD_OUT_LANGUAGES: Final = ("fr", "pl")
"""Left out of training, so that notices in a language never seen can be measured."""


@dataclass(frozen=True)
class MixedLine:
    """One line, whether it belongs to the story, its language, and what part of the document it is."""

    text: str
    keep: bool
    language: str
    """ISO 639-1 code of the page it comes from; ``""`` for separators."""
    origin: Origin


@dataclass(frozen=True)
class MixedDocument:
    """Lines in order, and the same as one text."""

    lines: tuple[MixedLine, ...]
    language: str
    """Of the story."""
    group: str
    """Registrable domain of the story's page."""
    text: str
    """The lines joined by newlines, in most documents with a blank line between some or all of them."""


@dataclass(frozen=True)
class Pool:
    """The parts a document may be made of."""

    stories: dict[str, list[PageParts]]
    notices: dict[str, list[PageParts]]


def generate(
    folds: Collection[int],
    count: int,
    seed: int,
    story_language: str | None = None,
    notice_languages: Collection[str] | None = None,
    excluded_languages: Collection[str] = (),
    english_share: float = 0.5,
) -> list[MixedDocument]:
    """``count`` documents of pages whose group is in ``folds`` (numbers 0 to 4); the same for the same arguments.

    Without ``story_language`` the share of English stories is ``english_share``, 0 to 1, and the others are in all
    languages there are. ``notice_languages`` limits the languages of notices and quotations; ``excluded_languages``
    keeps languages out of the documents altogether.

    :raises ValueError: when the folds hold no story in that language.
    """
    pool = build_pool(load_parts(frozenset(folds), corpora_folder()), notice_languages, frozenset(excluded_languages))
    if not pool.stories or (story_language and story_language not in pool.stories):
        known = ", ".join(sorted(pool.stories)) or "none"
        raise ValueError(f"folds {sorted(folds)} hold no story in {story_language!r}; languages there: {known}")
    randoms = (Random(f"{seed}/{number}") for number in range(count))
    return [
        _compose(random, pool, story_language or choose_language(random, pool.stories, english_share))
        for random in randoms
    ]


def build_pool(parts: Sequence[PageParts], notice_languages: Collection[str] | None, excluded: frozenset[str]) -> Pool:
    stories = {code: pages for code, pages in languages_of(parts).items() if code in READ_ALSO and code not in excluded}
    notices: dict[str, list[PageParts]] = {}
    for part in parts:
        allowed = notice_languages is None or part.language in notice_languages
        if allowed and part.language not in excluded and any(line.kind == "notice" for line in part.foreign):
            notices.setdefault(part.language, []).append(part)
    return Pool(stories, notices)


def _compose(random: Random, pool: Pool, language: str) -> MixedDocument:
    page = random.choice(pool.stories[language])
    body = story_run(random, page)
    body = _quote(random, body, pool, language)
    foreign = _ForeignLines(random, pool, language, story_words=sum(length_in_words(line.text) for line in body))
    inside = _interrupt(random, body, page, foreign)
    before = [*make_separators(random, 0.3, 4), *foreign.block(0.25, 6), *own_block(random, page.head, 0.6, 8, page)]
    lines = [*before, *inside, *_trailers(random, page, foreign)]
    unique = drop_contradictions(lines)
    return MixedDocument(tuple(unique), language, page.group, join_lines(random, unique))


def choose_language(random: Random, stories: dict[str, list[PageParts]], english_share: float) -> str:
    """English or another; others by the square root of their pages, so that small ones occur."""
    others = sorted(stories.keys() - {"en"})
    if "en" in stories and (not others or random.random() < english_share):
        return "en"
    return random.choices(others, [len(stories[code]) ** 0.5 for code in others])[0]


def story_run(random: Random, page: PageParts, least: int = 5, most: int = 30) -> list[MixedLine]:
    """Neighbouring lines of the story, so many where it has them, from its first line or a later one."""
    ends = [number + 1 for number, line in enumerate(page.story) if can_end_story(line)]
    length = random.randint(least, most)
    first = 0 if random.random() < 0.5 else random.randint(0, max(0, ends[-1] - length))
    within = [end for end in ends if first < end <= first + length]
    run = page.story[first : within[-1] if within else min(end for end in ends if end > first)]
    return [MixedLine(text, True, page.language, "story") for text in run]


def _quote(random: Random, body: list[MixedLine], pool: Pool, language: str) -> list[MixedLine]:
    """Now and then a foreign sentence in quotation marks, introduced by the story, on a line of its own or in line."""
    others = sorted((pool.stories.keys() & pool.notices.keys()) - {language})
    if not others or random.random() > 0.2:
        return body
    foreign = random.choice(others)
    sentence = choose_sentence(random, random.choice(pool.stories[foreign]).story, foreign)
    places = [number for number in range(1, len(body)) if is_prose(body[number - 1].text)]
    if sentence is None or not places:
        return body
    place = random.choice(places)
    opening, closing = QUOTATION_MARKS.get(language, ("“", "”"))
    introduction = random.choice(QUOTATION_INTRODUCTIONS[language])
    quotation = MixedLine(f"{opening}{sentence}{closing}", True, foreign, "quotation")
    lead = MixedLine(introduction, True, language, "introduction")
    if random.random() < 0.3:
        quoted = [replace(lead, text=f"{introduction} {quotation.text}")]
    elif random.random() < 0.5:
        quoted = [lead, quotation]
    else:
        before = body[place - 1]
        return [*body[: place - 1], replace(before, text=f"{before.text} {introduction}"), quotation, *body[place:]]
    return [*body[:place], *quoted, *body[place:]]


class _ForeignLines:
    """Boilerplate of one or two other languages for one document."""

    def __init__(self, random: Random, pool: Pool, language: str, story_words: float) -> None:
        self._random = random
        others = sorted(pool.notices.keys() - {language})
        weights = [len(pool.notices[code]) ** 0.5 for code in others]
        chosen = random.choices(others, weights, k=1 if random.random() < 0.8 else 2) if others else []
        self._languages = chosen if random.random() < 0.85 else []
        self._pool = pool
        self._prose_left = 0.3 * story_words

    def block(self, chance: float, most: int) -> list[MixedLine]:
        """Neighbouring lines around a notice; their prose is never more than a third of the story's."""
        if not self._languages or self._random.random() > chance:
            return []
        language = self._random.choice(self._languages)
        page = self._random.choice(self._pool.notices[language])
        lines = _window_around_notice(self._random, page.foreign, most)
        return [MixedLine(line.text, False, language, "foreign") for line in lines if self._fits(line)]

    def interruption(self) -> list[MixedLine]:
        """One to three lines that are notices themselves, for the middle of a story."""
        return [line for line in self.block(1.0, 3) if kind_of_line(line.text) == "notice" and is_long(line.text)]

    def _fits(self, line: BoilerplateLine) -> bool:
        if line.kind != "prose":
            return True
        self._prose_left -= length_in_words(line.text)
        return self._prose_left > 0


def is_long(text: str) -> bool:
    return length_in_words(text) >= 3


def _window_around_notice(random: Random, lines: Sequence[BoilerplateLine], most: int) -> Sequence[BoilerplateLine]:
    anchor = random.choice([number for number, line in enumerate(lines) if line.kind == "notice"])
    length = random.randint(1, most)
    first = max(0, anchor - random.randint(0, length - 1))
    return lines[first : first + length]


def own_block(
    random: Random, lines: Sequence[BoilerplateLine], chance: float, most: int, page: PageParts, at_end: bool = True
) -> list[MixedLine]:
    """Neighbouring boilerplate lines of the story's own page: the last ones above it, or the first ones below."""
    if not lines or random.random() > chance:
        return []
    length = random.randint(1, most)
    run = lines[-length:] if at_end else lines[:length]
    return [MixedLine(line.text, False, page.language, "own") for line in run]


def make_separators(random: Random, chance: float, most: int) -> list[MixedLine]:
    if random.random() > chance:
        return []
    separator = MixedLine(random.choice(SEPARATORS), False, "", "separator")
    return [separator] * random.randint(1, most)


def _interrupt(
    random: Random, body: Sequence[MixedLine], page: PageParts, foreign: _ForeignLines
) -> Iterator[MixedLine]:
    """The story with something else between some of its lines, never between a quotation and what leads to it."""
    chance = random.choice((0.0, 0.0, 0.05, 0.12, 0.25))
    repeated = _own_line(random, page, "control")
    makers: list[Callable[[], list[MixedLine]]] = [
        lambda: repeated,
        lambda: _related(random, page),
        lambda: _own_line(random, page, "credit"),
        lambda: _own_line(random, page, "notice"),
        foreign.interruption,
        foreign.interruption,
        lambda: make_separators(random, 1.0, 1),
    ]
    for number, line in enumerate(body):
        if number and line.origin != "quotation" and random.random() < chance:
            yield from random.choice(makers)()
        yield line


def _own_line(random: Random, page: PageParts, kind: LineKind) -> list[MixedLine]:
    """One of the page's own lines of a kind, or none."""
    lines = [line.text for line in page.own if line.kind == kind and (kind == "control" or is_long(line.text))]
    return [MixedLine(random.choice(lines), False, page.language, "own")] if lines else []


def _related(random: Random, page: PageParts) -> list[MixedLine]:
    """A line such as "Read also: " before one of the page's own teasers."""
    teasers = [line.text for line in page.tail if line.kind == "teaser"]
    if not teasers:
        return []
    opening = random.choice(READ_ALSO[page.language])
    return [MixedLine(opening + random.choice(teasers), False, page.language, "related")]


def _trailers(random: Random, page: PageParts, foreign: _ForeignLines) -> list[MixedLine]:
    """What stands below a story: foreign notices, the page's own boilerplate, a repeated line, separators."""
    blocks = [
        foreign.block(0.85, random.choice((4, 12, 30))),
        own_block(random, page.tail, 0.7, 12, page, at_end=False),
    ]
    random.shuffle(blocks)
    lines = [line for block in blocks for line in (*make_separators(random, 0.1, 2), *block)]
    headings = [line for line in lines if kind_of_line(line.text) in ("short", "teaser")]
    if headings and random.random() < 0.4:
        lines += [random.choice(headings)] * random.randint(1, 3)
    return [*lines, *make_separators(random, 0.3, 3)]


def drop_contradictions(lines: Sequence[MixedLine]) -> list[MixedLine]:
    """Without boilerplate lines that stand in the story too, word for word."""
    kept = {line.text.casefold() for line in lines if line.keep}
    return [line for line in lines if line.keep or line.text.casefold() not in kept]


def join_lines(random: Random, lines: Sequence[MixedLine]) -> str:
    """One text: blank lines between all lines, between none, or between some."""
    chance_of_blank = random.choice((1.0, 1.0, 0.0, 0.0, 0.7))
    joints = ["\n\n" if random.random() < chance_of_blank else "\n" for _ in lines[1:]]
    return "".join(part for line, joint in zip(lines, [*joints, "\n"], strict=True) for part in (line.text, joint))
