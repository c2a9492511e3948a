"""Documents whose notices are in the story's own language, those whose notices come from open-source software in any
language, those on a site in another language, and those whose story is shorter than what stands around it.

Made as :mod:`benchmarks.mixed` makes its documents: of real lines of pages of the same folds, and of notices whose text
falls into those folds.
"""

from collections.abc import Collection, Iterator, Sequence
from random import Random
from typing import Final, Literal
from zlib import crc32

from benchmarks.corpora import corpora_folder
from benchmarks.mixed import (
    MixedDocument,
    MixedLine,
    Pool,
    build_pool,
    choose_language,
    drop_contradictions,
    join_lines,
    make_separators,
    own_block,
    story_run,
)
from benchmarks.mixed_forms import write_form
from benchmarks.notices import load_notices
from benchmarks.parts import PageParts, ends_story, length_in_words, load_parts
from benchmarks.phrases import ADVERTISEMENTS, PLEAS, READ_ALSO

Style = Literal["own", "world", "abroad", "forms"]
"""own: notices in the story's language. world: notices in one of 58 other languages. abroad: everything but the story
is in another language, that of the site. forms: verses, letters, lists and other stories of short lines, with notices
of the first two kinds. In all but the first, the story often has its headline above it."""

_SHORT_SHARE: Final = 0.25
"""Documents whose story has one to four lines."""
_PAGES_SHARE: Final = 0.7
"""Documents on sites in another language of which there are pages; the others have notices of software alone."""
_HEADLINE_SHARE: Final = 0.6
_FORMS_IN_OWN_LANGUAGE: Final = 0.6
"""Stories of short lines among notices in their own language."""
_LAST_WORDS: Final = 4
"""Words of a sentence with which a story may end where nothing else is in its language."""


class _Lines:
    """Where a document's notices come from: runs of lines of other pages and of software, pleas and advertisements."""

    def __init__(
        self, random: Random, pool: Pool, language: str, style: Style, folds: Collection[int], excluded: Collection[str]
    ) -> None:
        self._random = random
        if style == "own":
            self.language = language
        elif style == "abroad" and random.random() < _PAGES_SHARE:
            codes = sorted(pool.notices.keys() - {language})
            self.language = random.choices(codes, [len(pool.notices[code]) ** 0.5 for code in codes])[0]
        else:
            codes = sorted(code for code in load_notices() if code != language and code not in excluded)
            self.language = random.choice(codes)
        self._messages = [text for fold in folds for text in load_notices(fold).get(self.language, ())]
        self._pages: Sequence[PageParts] = pool.notices.get(self.language, ()) if style != "world" else ()
        phrases = (*PLEAS.get(self.language, ()), *ADVERTISEMENTS.get(self.language, ()))
        self._phrases = [text for text in phrases if crc32(text.encode()) % 5 in folds]

    def run(self, most: int) -> list[MixedLine]:
        """Neighbouring notices."""
        length = self._random.randint(1, most)
        source = self._random.random()
        if self._pages and source < 0.5:
            lines = [line.text for line in self._random.choice(self._pages).foreign if line.kind != "prose"]
            first = self._random.randint(0, max(0, len(lines) - length))
            texts = lines[first : first + length]
        elif self._messages and (source < 0.8 or not self._phrases):
            first = self._random.randint(0, len(self._messages) - 1)
            texts = self._messages[first : first + length]
        else:
            texts = self._random.sample(self._phrases, min(length, len(self._phrases)))
        return [MixedLine(text, False, self.language, "foreign") for text in texts]

    def interruption(self) -> list[MixedLine]:
        """An advertisement's label, a plea, or a line or two of notices, for the middle of a story."""
        if self._phrases and self._random.random() < 0.6:
            return [MixedLine(self._random.choice(self._phrases), False, self.language, "foreign")]
        return self.run(2)


def generate_own(
    folds: Collection[int], count: int, seed: int, style: Style, excluded_languages: Collection[str] = ()
) -> list[MixedDocument]:
    """``count`` documents of one style, made of pages and notices of the folds; the same for the same arguments."""
    excluded = frozenset(excluded_languages)
    pool = build_pool(load_parts(frozenset(folds), corpora_folder()), None, excluded)
    randoms = (Random(f"{style}/{seed}/{number}") for number in range(count))
    return [_compose(random, pool, style, folds, excluded) for random in randoms]


def _compose(
    random: Random, pool: Pool, style: Style, folds: Collection[int], excluded: frozenset[str]
) -> MixedDocument:
    language = choose_language(random, pool.stories, 0.3 if style == "abroad" else 0.5)
    page = random.choice(pool.stories[language])
    kind = style
    if style == "forms":
        kind = "own" if random.random() < _FORMS_IN_OWN_LANGUAGE else "world"
    notices = _Lines(random, pool, language, kind, folds, excluded)
    if style == "abroad":
        lines = _surround_abroad(random, page, notices)
    else:
        lines = _surround(random, page, notices, style, folds)
    unique = drop_contradictions(lines)
    return MixedDocument(tuple(unique), language, page.group, join_lines(random, unique))


def _surround(
    random: Random, page: PageParts, notices: _Lines, style: Style, folds: Collection[int]
) -> list[MixedLine]:
    """A story among notices and boilerplate of its own page."""
    is_short = random.random() < _SHORT_SHARE
    if style == "forms":
        body = write_form(random, page, folds)
    else:
        body = story_run(random, page, 1, 4) if is_short else story_run(random, page)
    return [
        *(make_separators(random, 0.2, 3)),
        *(notices.run(8) if random.random() < 0.5 else ()),
        *own_block(random, page.head, 0.4, 8, page),
        *(_headline(random, page) if style != "own" else ()),
        *_interrupt(random, body, page, notices),
        *(notices.run(random.choice((4, 12, 30))) if is_short or random.random() < 0.8 else ()),
        *own_block(random, page.tail, 0.5, 10, page, at_end=False),
        *make_separators(random, 0.2, 2),
    ]


def _surround_abroad(random: Random, page: PageParts, notices: _Lines) -> list[MixedLine]:
    """A story among notices alone."""
    body = _end_soon(random, page, story_run(random, page, 2, random.choice((4, 8, 20))))
    chance, inside = random.choice((0.0, 0.1, 0.3, 0.6)), list[MixedLine]()
    for number, line in enumerate(body):
        inside += notices.interruption() if number and random.random() < chance else ()
        inside.append(line)
    return [
        *make_separators(random, 0.2, 3),
        *(notices.run(8) if random.random() < 0.8 else ()),
        *_headline(random, page),
        *inside,
        *(notices.run(random.choice((3, 8, 20))) if random.random() < 0.9 else ()),
        *make_separators(random, 0.2, 2),
    ]


def _end_soon(random: Random, page: PageParts, body: list[MixedLine]) -> list[MixedLine]:
    """The lines of a story, now and then cut off behind its next short sentence."""
    further = page.story[page.story.index(body[-1].text) + 1 :]
    short = (text for text in further if _LAST_WORDS <= length_in_words(text) <= 3 * _LAST_WORDS)
    end = next(filter(ends_story, short), "")
    return [*body, MixedLine(end, True, page.language, "story")] if end and random.random() < 0.5 else body


def _headline(random: Random, page: PageParts) -> list[MixedLine]:
    """The headline of the story's page, often."""
    is_shown = page.headline and random.random() < _HEADLINE_SHARE
    return [MixedLine(page.headline, True, page.language, "headline")] if is_shown else []


def _interrupt(random: Random, body: Sequence[MixedLine], page: PageParts, notices: _Lines) -> Iterator[MixedLine]:
    chance = random.choice((0.0, 0.05, 0.1, 0.2))
    teasers = [line.text for line in page.tail if line.kind == "teaser"]
    for number, line in enumerate(body):
        if number and line.origin != "short" and random.random() < chance:
            if teasers and random.random() < 0.2:
                opening = random.choice(READ_ALSO[page.language])
                text = (opening.upper() if random.random() < 0.3 else opening) + random.choice(teasers)
                yield MixedLine(text, False, page.language, "related")
            else:
                yield from notices.interruption()
        yield line
