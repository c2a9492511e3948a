"""What the user holds: the blocks of a page, and the reasons of each verdict. Frozen, slotted, picklable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import eq
from typing import Final, NamedTuple, overload

from boilerstrip.evidence.tokens import count_words, count_words_of_all
from boilerstrip.page import Mark, Page, Paths


class Reason(NamedTuple):
    """Why a block's score is what it is: one part of a sum.

    The model's bias (``document.bias``) plus the weights of a block's reasons is the block's score. A reason of kind
    ``selection`` has weight 0: it says that a rule looked at the neighbours and decided against the bare score.
    """

    code: str
    """Stable name, such as ``link_density`` or ``foreign_language``."""
    evidence: str
    """The kind of evidence: language, density, repetition, structure, words or selection."""
    weight: float
    """What this adds to the score; below zero it speaks against the block."""
    sentence: str
    """The same for a person: "91 % of it is links"."""


_NEARLY: Final = 0.75
"""Share of the strongest reason's weight from which another one may stand for it."""
VAGUE_CODES: Final = frozenset({"page_language", "no_language", "unknown_language", "unique", "position"})
"""Codes of reasons that are true and tell a reader little."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the page, kept or dropped."""

    text: str
    kept: bool
    score: float
    """Probability, 0 to 1, that the block is part of the story: the tagger's, corrected by the trees."""
    language: str | None
    """ISO 639-1 code, or ``None`` where the block is too short to tell."""
    role: str
    """One of :data:`boilerstrip.tags.ROLES`."""
    tag: str
    """The nearest block-level element; ``""`` in plain text."""
    path: str | None
    """An XPath that finds the element again; ``None`` in plain text."""
    span: tuple[int, int] | None
    """Plain text: ``source[start:end]`` is the block. ``None`` in HTML."""
    marks: tuple[Mark, ...]
    """Inline markup: links, emphasis, images."""
    index: int
    """Number of the block in its document."""
    explanation: Sequence[tuple[Reason, ...]] = field(repr=False, compare=False)
    """The reasons of every block of the document; computed when first asked for."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the block was kept or dropped, strongest first."""
        return self.explanation[self.index]

    @property
    def main_reason(self) -> Reason | None:
        """The reason that explains the verdict best; ``None`` where there are no reasons.

        That is the rule which overruled the score, or else the strongest reason that speaks for the verdict. Words
        that are those of boilerplate explain little: another reason of nearly the same weight is named before them.
        """
        rules = [reason for reason in self.reasons if reason.evidence == "selection"]
        speaking = [reason for reason in self.reasons if (reason.weight > 0) == self.kept]
        telling = [reason for reason in speaking if reason.evidence != "words" and reason.code not in VAGUE_CODES]
        if telling and abs(telling[0].weight) >= _NEARLY * abs(speaking[0].weight):
            speaking = telling
        return next(iter([*rules, *speaking, *self.reasons]), None)

    @property
    def word_count(self) -> int:
        """Words; where a script writes no spaces, an estimate from its characters."""
        return count_words(self.text)


class Blocks(Sequence[Block]):
    """The blocks of a page in document order, equal to a tuple of them.

    Each is made when it is looked at: who wants the text of a million pages does not pay for them, and a page of very
    many blocks never holds all of their paths.
    """

    __slots__ = ("_explanation", "_kept", "_languages", "_page", "_paths", "_scores")

    def __init__(
        self,
        page: Page,
        kept: Sequence[bool],
        scores: Sequence[float],
        languages: Sequence[str | None],
        explanation: Sequence[tuple[Reason, ...]],
    ) -> None:
        """All but the explanation have one entry a block."""
        self._page = page
        self._kept = kept
        self._scores = scores
        self._languages = languages
        self._explanation = explanation
        self._paths: Paths | None = None

    @property
    def explanation(self) -> Sequence[tuple[Reason, ...]]:
        """Return the reasons of every block."""
        return self._explanation

    def count_words(self) -> list[int]:
        """Return :attr:`Block.word_count` of every block, in one pass over all texts."""
        return count_words_of_all(self._page.texts)

    @property
    def kept(self) -> Sequence[bool]:
        """Return the verdict on every block."""
        return self._kept

    @property
    def page(self) -> Page:
        """Return the page as it was read."""
        return self._page

    @property
    def scores(self) -> Sequence[float]:
        """Return the score of every block."""
        return self._scores

    @property
    def languages(self) -> Sequence[str | None]:
        """Return the language of every block."""
        return self._languages

    def _make(self, index: int) -> Block:
        page = self._page
        if self._paths is None:
            self._paths = Paths(page)
        return Block(
            text=page.texts[index],
            kept=self._kept[index],
            score=self._scores[index],
            language=self._languages[index],
            role=page.roles[index],
            tag=page.tags[index],
            path=self._paths[index],
            span=page.spans[index] if page.spans else None,
            marks=page.marks[index],
            index=index,
            explanation=self._explanation,
        )

    def __len__(self) -> int:
        return len(self._page)

    @overload
    def __getitem__(self, index: int) -> Block: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Block, ...]: ...
    def __getitem__(self, index: int | slice) -> Block | tuple[Block, ...]:
        numbers = range(len(self))[index]
        return self._make(numbers) if isinstance(numbers, int) else tuple(map(self._make, numbers))

    def __iter__(self) -> Iterator[Block]:
        return map(self._make, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Blocks | tuple):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
