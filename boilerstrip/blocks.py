"""What the user holds: documents, their blocks, and the reasons of each verdict. Frozen, slotted, picklable."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from boilerstrip.page import Mark


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


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the page, kept or dropped."""

    text: str
    kept: bool
    score: float
    """The tagger's probability, 0 to 1, that the block is part of the story."""
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
    def word_count(self) -> int:
        """Words, split at white space."""
        return len(self.text.split())
