"""Why a block has its score: the share of each kind of evidence, computed from the tagger itself, and a sentence
for it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from boilerstrip.blocks import VAGUE_CODES, Reason
from boilerstrip.evidence.matrix import KINDS, Evidence
from boilerstrip.judge.facts import GROUPS, Facts, Group
from boilerstrip.judge.opinions import Opinions
from boilerstrip.judge.select import RULES, Selection
from boilerstrip.judge.tagger import Tagger
from boilerstrip.page import Page, SiteCounts

_UNIT_SENTENCES: Final = ("the rest of its table speaks for it", "the rest of its table speaks against it")
"""What is said of the part of a score that comes from the other cells and rows, for a block and against one."""
_CONTEXT_SENTENCES: Final = (
    "what is said of the blocks around it speaks for it",
    "what is said of the blocks around it speaks against it",
)
"""What is said of the part that comes from the context."""
_NOTHING: Final = 1e-9
_TELLING: Final = (Facts.language_of_block, Facts.letters, Facts.copies, Facts.links, Facts.markup, Facts.length)
"""What is said against a block where nobody asked the tagger, in this order."""


class Explanation(Sequence[tuple[Reason, ...]]):
    """The reasons of every block of a page, computed together when the first is asked for.

    The weight of a kind of evidence is its Shapley value (Shapley 1953; Lundberg and Lee 2017): the mean change of
    the score when that kind is added, over all orders of adding the five. Left-out kinds are set to their mean over
    the training pages. What the rest of its row and table adds is what it changed, and so is what its context adds. So
    bias + weights = score, exactly, and the same page always gets the same reasons. The sentence of a kind is that of
    the group of columns that moved the block's score most in the direction of the weight, when the group alone is taken
    away.
    """

    def __init__(
        self,
        tagger: Tagger,
        evidence: Evidence,
        page: Page,
        selection: Selection,
        site: SiteCounts | None,
        opinions: Opinions,
    ) -> None:
        self.tagger = tagger
        self._evidence = evidence
        self._facts = Facts(page, evidence, site)
        self.site = site
        self._selection = selection
        self._opinions = opinions
        self._reasons: tuple[tuple[Reason, ...], ...] | None = None

    def __len__(self) -> int:
        return len(self._evidence)

    @overload
    def __getitem__(self, index: int) -> tuple[Reason, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Reason, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[Reason, ...] | Sequence[tuple[Reason, ...]]:
        if self._reasons is None:
            self._reasons = self._explain()
        return self._reasons[index]

    def _explain(self) -> tuple[tuple[Reason, ...], ...]:
        shares = share_out(self.tagger, self._evidence)
        effects = measure_groups(self.tagger, self._evidence, self._opinions.own, self._facts.find_speaking())
        orders = [_order(kind, share, effects) for kind, share in zip(KINDS, shares.T, strict=True)]
        return tuple(
            self._explain_block(block, weights, order)
            for block, (weights, *order) in enumerate(zip(shares.tolist(), *orders, strict=True))
        )

    def _explain_block(self, block: int, weights: list[float], groups: Sequence[list[Group]]) -> tuple[Reason, ...]:
        reasons = [self._describe(*of_kind, block) for of_kind in zip(KINDS, weights, groups, strict=True)]
        own, together, final = (float(scores[block]) for scores in self._opinions[:3])
        changes = ("unit", together - own, _UNIT_SENTENCES), ("context", final - together, _CONTEXT_SENTENCES)
        reasons += [
            Reason(code, "structure", change, sentences[change < 0])
            for code, change, sentences in changes
            if abs(change) > _NOTHING
        ]
        reasons.sort(key=lambda reason: -abs(reason.weight))
        rule = self._selection.overruled.get(block)
        return (Reason(rule, "selection", 0.0, RULES[rule]), *reasons) if rule else tuple(reasons)

    def name_cause(self, block: int) -> str:
        """Return the code of what tells most against a block, as far as the evidence shows it by itself.

        That is the rule which dropped it, or else the first of language, letters, copies, links, markup and length
        that has something to say. The tagger is not asked, so that it costs next to nothing.
        """
        said = (describe(self._facts, block, True) for describe in _TELLING)
        codes = (found[0] for found in said if found and found[0] not in VAGUE_CODES)
        return self._selection.overruled.get(block) or next(codes, "low_score")

    def _describe(self, kind: str, weight: float, groups: Sequence[Group], block: int) -> Reason:
        """A kind's reason, in the words of the first group with something to say."""
        for group in groups:
            if said := group.describe(self._facts, block, weight < 0):
                return Reason(said[0], kind, weight, said[1])
        return Reason("", kind, weight, "")


class DeferredExplanation(Sequence[tuple[Reason, ...]]):
    """The reasons of a page that crossed to another process without its evidence: asked for, they are found again."""

    def __init__(self, explain: Callable[[], Explanation], count: int) -> None:
        """
        :param explain: judges the page again; picklable.
        :param count: blocks of the page.
        """
        self._explain, self._count = explain, count
        self._explanation: Explanation | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> tuple[Reason, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Reason, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[Reason, ...] | Sequence[tuple[Reason, ...]]:
        if self._explanation is None:
            self._explanation = self._explain()
        return self._explanation[index]

    def __reduce__(self) -> tuple[object, ...]:
        return (DeferredExplanation, (self._explain, self._count))


def name_cause(explanation: Sequence[tuple[Reason, ...]], block: int) -> str:
    """Return a code of :meth:`Explanation.name_cause` for a block whose document was cleaned in this process."""
    return explanation.name_cause(block) if isinstance(explanation, Explanation) else "low_score"


def share_out(tagger: Tagger, evidence: Evidence) -> NDArray[np.float64]:
    """Shapley value of each kind of evidence for each block's score, shape (n, len(KINDS)).

    Each row sums to the tagger's own score of the block minus its bias. What a block scores without any evidence, for
    its place in a page of this length alone, counts as structure.
    """
    subsets = [frozenset(kinds) for size in range(len(KINDS)) for kinds in combinations(KINDS, size)]
    scores = dict(zip(subsets, tagger.score_views(evidence, [(known, ()) for known in subsets]), strict=True))
    scores[frozenset(KINDS)] = tagger.score(evidence).blocks
    shares = np.zeros((len(evidence), len(KINDS)))
    for known, score in scores.items():
        for column, kind in enumerate(KINDS):
            if kind not in known:
                weight = factorial(len(known)) * factorial(len(KINDS) - len(known) - 1) / factorial(len(KINDS))
                shares[:, column] += weight * (scores[known | {kind}] - score)
    shares[:, KINDS.index("structure")] += scores[frozenset()] - tagger.bias
    return shares


def measure_groups(
    tagger: Tagger, evidence: Evidence, own: NDArray[np.float64], groups: Sequence[Group] = GROUPS
) -> dict[Group, NDArray[np.float64]]:
    """How much each group of columns moves the score of each block: the score less the one without the group, (n,).

    Where a group is alone with its kind, nobody asks.
    """
    kinds = Counter(group.kind for group in groups)
    asked = [group for group in groups if group.columns and kinds[group.kind] > 1]
    views = [(frozenset(KINDS), group.columns) for group in asked]
    effects = dict.fromkeys(groups, np.zeros(len(evidence)))
    return effects | dict(zip(asked, own - tagger.score_views(evidence, views), strict=True))


def _order(kind: str, shares: NDArray[np.float64], effects: Mapping[Group, NDArray[np.float64]]) -> list[list[Group]]:
    """The groups of a kind for each block, first the one that moved its score most in the direction of the share."""
    groups = [group for group in effects if group.kind == kind]
    moved = np.array([effects[group] for group in groups]).T * np.where(shares < 0, -1.0, 1.0)[:, None]
    return [[groups[number] for number in order] for order in np.argsort(-moved, axis=1, kind="stable").tolist()]
