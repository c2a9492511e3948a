"""Stories in forms of short lines, which a plain story has none of: verses, conversations, numbered places, lists of
items and steps, letters, and terms with what they mean.

The labelled corpora have few of them, so that a tagger takes short lines inside a story for a menu. The words are a
page's own: sentences of its story, cut short.
"""

import re
from collections.abc import Callable, Collection, Sequence
from random import Random
from typing import Final, Literal
from zlib import crc32

from benchmarks.mixed import MixedLine, story_run
from benchmarks.parts import PageParts, is_prose
from benchmarks.phrases import CLOSINGS, FIRST_NAMES, GREETINGS
from benchmarks.quotations import split_sentences

Form = Literal["verses", "conversation", "places", "steps", "letter", "terms"]

FORMS: Final[tuple[Form, ...]] = ("verses", "conversation", "places", "steps", "letter", "terms")
_WITHOUT_BLANKS: Final = frozenset({"ja", "zh", "th"})
"""Languages whose sentences cannot be cut between blanks."""
_MARKS: Final = " ,;:.!?…–—-\"'“”„»«‘’()[]"
_LEAST_SENTENCES: Final = 6
_TELLING_LETTERS: Final = 4
"""Letters of a word that a fragment may begin and end with: fewer have "of", "the", "and"."""
_CLAUSE_END: Final = re.compile(r"[,;:–—]\s|\s[–—-]\s")
_CLAUSES_SHARE: Final = 0.6
_MEASURES: Final = ("", "", "", "150 g ", "2 ", "1/2 ", "3 × ", "1.5 l ", "20 cm ")
_OWN_MARKS: Final = ("", "", "– ", "• ", "* ", "[ ] ")


def write_form(random: Random, page: PageParts, folds: Collection[int], form: Form | None = None) -> list[MixedLine]:
    """The page's story in a form of short lines, by default in any; as it is where its language has no blanks or it is
    too short."""
    sentences = [text for line in page.story if is_prose(line) for text in split_sentences(line)]
    sentences = [text for text in sentences if len(text.split()) >= 4]
    if page.language in _WITHOUT_BLANKS or len(sentences) < _LEAST_SENTENCES:
        return story_run(random, page)
    return _Writer(random, page, sentences, folds).write(form or random.choice(FORMS))


class _Writer:
    """Writes one story; every line is its, and stays."""

    def __init__(self, random: Random, page: PageParts, sentences: Sequence[str], folds: Collection[int]) -> None:
        self._random, self._page, self._sentences, self._folds = random, page, sentences, folds
        parts = (part.strip(_MARKS) for sentence in sentences for part in _CLAUSE_END.split(sentence))
        self._clauses = [part for part in parts if " " in part]

    def write(self, form: Form) -> list[MixedLine]:
        """The lines of a story in one form."""
        writers: dict[Form, Callable[[], list[MixedLine]]] = {
            "verses": self._write_verses,
            "conversation": self._write_conversation,
            "places": self._write_places,
            "steps": self._write_steps,
            "letter": self._write_letter,
            "terms": self._write_terms,
        }
        return writers[form]()

    def _write_verses(self) -> list[MixedLine]:
        size = self._random.randint(2, 5)
        stanzas = [[self._cut(3, 8) for _ in range(size)] for _ in range(self._random.randint(1, 5))]
        if len(stanzas) > 1 and self._random.random() < 0.6:
            stanzas = [stanza for other in stanzas[1:] for stanza in (stanzas[0], other)]
        mark = self._random.choice(("", ",", ","))
        verses = [
            line + (mark if number < size - 1 else ".") for stanza in stanzas for number, line in enumerate(stanza)
        ]
        return [*self._prose(0, 3), *self._short(verses), *self._prose(0, 2)]

    def _write_conversation(self) -> list[MixedLine]:
        lines = list[MixedLine]()
        for _ in range(self._random.randint(3, 12)):
            lines += self._short([self._fragment(3, 10) + "?"])
            is_short = self._random.random() < 0.4
            lines += self._short([self._fragment(1, 4) + "."]) if is_short else self._told(1, 3)
        return [*self._prose(0, 2), *lines, *self._prose(0, 2)]

    def _write_places(self) -> list[MixedLine]:
        form = self._random.choice(("{0}. {1}", "{0}) {1}", "#{0} {1}", "{1}", "{0}. {1}, {2}"))
        lines = list[MixedLine]()
        for number in range(1, self._random.randint(3, 10)):
            heading = form.format(number, self._fragment(1, 6), self._fragment(1, 1))
            is_short = self._random.random() < 0.3
            body = self._short([self._fragment(2, 6) + "."]) if is_short else self._told(1, 3)
            lines += [MixedLine(heading, True, self._page.language, "story"), *body]
        return [*self._prose(0, 2), *lines, *self._prose(0, 1)]

    def _write_steps(self) -> list[MixedLine]:
        items = [self._random.choice(_MEASURES) + self._cut(1, 5) for _ in range(self._random.randint(3, 12))]
        mark = self._random.choice(_OWN_MARKS)
        steps = self._random.sample(self._sentences, self._random.randint(2, 6))
        return [
            *self._prose(0, 2),
            *self._short([self._fragment(1, 2)]),
            *self._short([mark + item for item in items]),
            *self._short([self._fragment(1, 2)]),
            *(MixedLine(step, True, self._page.language, "story") for step in steps),
            *self._prose(0, 1),
        ]

    def _write_letter(self) -> list[MixedLine]:
        greeting, closing = self._phrase(GREETINGS), self._phrase(CLOSINGS)
        name = self._choose(FIRST_NAMES)
        above = [greeting.format(self._choose(FIRST_NAMES))] if greeting else []
        below = [closing, name] if closing and self._random.random() < 0.8 else [name]
        return [*self._short(above), *self._prose(2, 8), *self._short(below)]

    def _write_terms(self) -> list[MixedLine]:
        lines = list[str]()
        for _ in range(self._random.randint(3, 10)):
            lines += [self._cut(1, 2), self._fragment(3, 12) + "."]
        further = [self._fragment(1, 2), *(self._cut(1, 2) for _ in range(self._random.randint(2, 5)))]
        return [*self._prose(1, 2), *self._short(lines), *(self._short(further) if self._random.random() < 0.4 else ())]

    def _prose(self, least: int, most: int) -> list[MixedLine]:
        """Neighbouring paragraphs, none or some."""
        count = self._random.randint(least, most)
        return story_run(self._random, self._page, count, count) if count else []

    def _told(self, least: int, most: int) -> list[MixedLine]:
        """One line of some neighbouring sentences."""
        first = self._random.randrange(len(self._sentences))
        told = " ".join(self._sentences[first : first + self._random.randint(least, most)])
        return [MixedLine(told, True, self._page.language, "story")]

    def _short(self, texts: Sequence[str]) -> list[MixedLine]:
        return [MixedLine(text, True, self._page.language, "short") for text in texts]

    def _cut(self, least: int, most: int) -> str:
        """So many neighbouring words of the story: a clause where one has as many, or words between two that tell
        something."""
        clauses = [text for text in self._clauses if least <= len(text.split()) <= most]
        if clauses and self._random.random() < _CLAUSES_SHARE:
            return self._random.choice(clauses)
        words = self._random.choice(self._sentences).split()
        length = self._random.randint(least, most)
        first = self._random.randint(0, max(0, len(words) - length))
        while first < len(words) - 1 and len(words[first]) < _TELLING_LETTERS:
            first += 1
        end = min(first + length, len(words))
        while end < len(words) and len(words[end - 1]) < _TELLING_LETTERS:
            end += 1
        return " ".join(words[first:end]).strip(_MARKS) or words[first]

    def _fragment(self, least: int, most: int) -> str:
        """The same, as a sentence begins."""
        text = self._cut(least, most)
        return text[0].upper() + text[1:]

    def _phrase(self, phrases: dict[str, tuple[str, ...]]) -> str:
        return self._choose(phrases.get(self._page.language, ()))

    def _choose(self, texts: Sequence[str]) -> str:
        """One of those that fall into the document's folds; nothing where none does."""
        allowed = [text for text in texts if crc32(text.encode()) % 5 in self._folds]
        return self._random.choice(allowed) if allowed else ""
