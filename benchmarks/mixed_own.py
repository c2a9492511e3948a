"""Documents whose notices are in the story's own language, those whose notices come from open-source software in any
language, and those whose story is shorter than what stands around it.

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
from benchmarks.notices import load_notices
from benchmarks.parts import PageParts, load_parts
from benchmarks.phrases import ADVERTISEMENTS, PLEAS, READ_ALSO

Style = Literal["own", "world"]
"""own: notices in the story's language. world: notices in one of 58 other languages."""

_SHORT_SHARE: Final = 0.25
"""Documents whose story has one to four lines."""


class _Lines:
    """Where a document's notices come from: runs of lines of other pages and of software, pleas and advertisements."""

    def __init__(
        self, random: Random, pool: Pool, language: str, style: Style, folds: Collection[int], excluded: Collection[str]
    ) -> None:
        self._random = random
        if style == "own":
            self.language = language
        else:
            codes = sorted(code for code in load_notices() if code != language and code not in excluded)
            self.language = random.choice(codes)
        self._messages = [text for fold in folds for text in load_notices(fold).get(self.language, ())]
        self._pages: Sequence[PageParts] = pool.notices.get(self.language, ()) if style == "own" else ()
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
    language = choose_language(random, pool.stories, 0.5)
    page = random.choice(pool.stories[language])
    notices = _Lines(random, pool, language, style, folds, excluded)
    is_short = random.random() < _SHORT_SHARE
    body = story_run(random, page, 1, 4) if is_short else story_run(random, page)
    lines = [
        *(make_separators(random, 0.2, 3)),
        *(notices.run(8) if random.random() < 0.5 else ()),
        *own_block(random, page.head, 0.4, 8, page),
        *_interrupt(random, body, page, notices),
        *(notices.run(random.choice((4, 12, 30))) if is_short or random.random() < 0.8 else ()),
        *own_block(random, page.tail, 0.5, 10, page, at_end=False),
        *make_separators(random, 0.2, 2),
    ]
    unique = drop_contradictions(lines)
    return MixedDocument(tuple(unique), language, page.group, join_lines(random, unique))


def _interrupt(random: Random, body: Sequence[MixedLine], page: PageParts, notices: _Lines) -> Iterator[MixedLine]:
    chance = random.choice((0.0, 0.05, 0.1, 0.2))
    teasers = [line.text for line in page.tail if line.kind == "teaser"]
    for number, line in enumerate(body):
        if number and random.random() < chance:
            if teasers and random.random() < 0.2:
                opening = random.choice(READ_ALSO[page.language])
                text = (opening.upper() if random.random() < 0.3 else opening) + random.choice(teasers)
                yield MixedLine(text, False, page.language, "related")
            else:
                yield from notices.interruption()
        yield line
