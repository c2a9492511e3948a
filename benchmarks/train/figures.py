"""The figures of the model card, from held-out predictions: scores, focus, ablations, errors by cause, languages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from statistics import fmean
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import word_f1
from benchmarks.train.calibrate import Curve, calibrate
from benchmarks.train.dataset import PAGE_TYPES, Example
from benchmarks.train.fit import DOCUMENTS
from benchmarks.train.held_out import HeldOut, Prediction, as_evidence
from benchmarks.train.scores import Keep, is_scored, score_corpus, score_lines, score_page_types, score_segments
from boilerstrip.evidence import claims, cohesion, density, language, position, repetition, structure
from boilerstrip.evidence.matrix import COLUMNS
from boilerstrip.judge.select import select
from boilerstrip.judge.tagger import to_probabilities
from boilerstrip.judge.threshold import FOCUS_BETA, choose_blocks
from boilerstrip.judge.units import find_units
from boilerstrip.options import Focus, Options

ABLATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "language": language.COLUMNS,
    "density": density.COLUMNS,
    "repetition": repetition.COLUMNS,
    "cohesion": cohesion.COLUMNS,
    "structure: class and id words": tuple(name for name in structure.COLUMNS if name.startswith(("near_", "above_"))),
    "structure: tags and roles": tuple(
        name for name in structure.COLUMNS if name.startswith(("tag_", "role_", "inside_"))
    ),
    "structure: boxes around the block": tuple(name for name in structure.COLUMNS if name.startswith("box_")),
    "structure: branches and shapes": tuple(
        name for name in structure.COLUMNS if name.startswith(("half_", "quarter_", "branch_", "shape_", "loose_"))
    ),
    "claims": claims.COLUMNS,
    "position": position.COLUMNS,
}
"""Groups of columns that are set to their mean, one at a time; the hashed words are the ninth."""

MIXED_NAMES: Final = {
    "mixed": "mixed",
    "unseen": "mixed, unseen languages",
    "own": "mixed, the story's own language",
    "abroad": "mixed, on sites in another language",
    "forms": "mixed, stories of short lines",
    "framed": "mixed, in frames of other sites",
}
"""Corpora of mixed documents, and what the model card calls them."""

_CAUSES: Final = (
    ("reader comments", ("near_comment", "above_comment")),
    ("related stories and teasers", ("near_related", "above_related")),
    ("author and byline", ("near_author",)),
    ("captions, credits and media", ("near_caption", "inside_figure", "role_caption")),
    ("forms, buttons and filters", ("near_form", "inside_form", "inside_button", "role_form", "role_button")),
    (
        "navigation, header and footer",
        ("inside_nav", "inside_footer", "near_navigation", "near_footer", "inside_header"),
    ),
    ("products, prices and reviews", ("near_product", "above_product")),
    ("side columns", ("inside_aside", "near_sidebar", "above_sidebar")),
    ("subscription and consent", ("near_subscribe", "near_consent", "near_modal")),
    ("cards and repeated items", ("near_list",)),
    ("table cells", ("role_table_cell",)),
    ("list items", ("role_list_item",)),
    ("headings", ("role_heading",)),
)
"""Kinds of block by the first column that is set, for the table of errors."""


Key = tuple[str, str, str]
"""Corpus, identifier and kind of an example."""
Vector = NDArray[np.float64]
Reviewed = Mapping[Key, Vector]
"""Probabilities of the blocks of each page."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Examples and what the package, with all its rules, would keep of them."""

    examples: list[Example]
    kept: list[NDArray[np.bool_]]
    probabilities: list[NDArray[np.float64]]
    page_types: list[NDArray[np.float32]]


def compute_figures(
    pages: Mapping[Key, Example],
    held_out: HeldOut,
    reviewed: Reviewed,
    languages: Mapping[str, tuple[HeldOut, Reviewed]],
) -> tuple[Curve, dict[str, object]]:
    """The calibration curve of the confidence, and everything the model card prints.

    :param reviewed: the scores of the pages as trees correct them that have not seen the page.
    :param languages: predictions of the nets that have not seen a language, and their corrected scores.
    """
    decided = decide_all(pages, held_out.pages, reviewed)
    curve, calibration = calibrate(decided.examples, decided.probabilities, decided.kept)
    focuses = {
        focus: decided if focus == "balanced" else decide_all(pages, held_out.pages, reviewed, focus)
        for focus in FOCUS_BETA
    }
    figures: dict[str, object] = {
        "calibration": calibration,
        "page type accuracy": {kind: score_types(_of_kind(decided, kind)) for kind in ("html", "text")},
        "without": {name: _score_ablated(pages, rows) for name, rows in held_out.ablated.items()},
        "languages left out": compare_languages(pages, decided, languages),
    }
    for kind in ("html", "text"):
        own = _of_kind(decided, kind)
        figures[kind] = {
            "errors": count_errors(own.examples, own.kept),
            "languages": score_languages(own.examples, own.kept),
            "focus": {
                focus: {"beta": FOCUS_BETA[focus], **summarise(_of_kind(choice, kind))}
                for focus, choice in focuses.items()
            },
        }
    return curve, figures


def decide_all(
    pages: Mapping[Key, Example], predictions: Sequence[Prediction], reviewed: Reviewed, focus: Focus = "balanced"
) -> Decided:
    """What the package would keep of the pages that nets and trees have not seen."""
    decided = Decided([], [], [], [])
    for prediction in predictions:
        example = pages.get(prediction[:3])
        if example is not None:
            probabilities = reviewed[prediction[:3]]
            kept = decide(example, probabilities, prediction.page_types, focus)
            decided.examples.append(example)
            decided.kept.append(kept)
            decided.probabilities.append(probabilities)
            decided.page_types.append(prediction.page_types)
    return decided


def decide(
    example: Example, probabilities: Vector, page_types: NDArray[np.float32], focus: Focus = "balanced"
) -> NDArray[np.bool_]:
    """Which blocks of a page the package would keep, with the rules of ``select.py``."""
    if example.page is None:
        raise ValueError(f"{example.identifier} is an augmentation and is not scored")
    is_article = PAGE_TYPES[int(page_types.argmax())] == "article"
    options, units = Options(focus=focus), find_units(example.page)
    return select(example.page, as_evidence(example), probabilities, options, is_article=is_article, units=units).kept


def _of_kind(decided: Decided, kind: str) -> Decided:
    rows = [number for number, example in enumerate(decided.examples) if example.kind == kind]
    return Decided(*([getattr(decided, field.name)[row] for row in rows] for field in fields(decided)))


def summarise(decided: Decided) -> dict[str, object]:
    """All scores of one choice of blocks."""
    examples, kept = decided.examples, decided.kept
    return {
        **{corpus: score_corpus(examples, kept, corpus) for corpus in ("wcxb-dev", "news-dev", "readability")},
        "segments-dev": score_segments(examples, kept),
        "page types": score_page_types(examples, kept),
        **{name: score_lines(examples, kept, corpus) for corpus, name in MIXED_NAMES.items()},
    }


def score_types(decided: Decided) -> float:
    """Share of the pages of ``wcxb-dev`` whose page type is right."""
    pairs = zip(decided.examples, decided.page_types, strict=True)
    return fmean(float(types.argmax() == example.page_type) for example, types in pairs if example.page_type >= 0)


def compare_languages(
    pages: Mapping[Key, Example], decided: Decided, languages: Mapping[str, tuple[HeldOut, Reviewed]]
) -> dict[str, dict[str, tuple[float, float]]]:
    """For each language and corpus, the score of nets that have seen the language on other sites, and of one that has
    not seen it at all."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    seen = _of_kind(decided, "html")
    for code, (held_out, reviewed) in languages.items():
        without = _of_kind(decide_all(pages, held_out.pages, reviewed), "html")
        scores = score_languages(seen.examples, seen.kept), score_languages(without.examples, without.kept)
        names = [name for name in scores[1] if name.endswith(f" {code}")]
        found[code] = {name.removesuffix(f" {code}"): (scores[0][name][1], scores[1][name][1]) for name in names}
    return found


def _score_ablated(pages: Mapping[Key, Example], rows: Sequence[tuple[str, str, NDArray[np.float32]]]) -> float:
    examples = [pages[corpus, identifier, "html"] for corpus, identifier, _ in rows]
    kept = [
        choose_blocks(
            to_probabilities(logits.astype(np.float64)), example.words.astype(np.float64), FOCUS_BETA["balanced"]
        )
        for example, (_, _, logits) in zip(examples, rows, strict=True)
    ]
    return score_corpus(examples, kept, "wcxb-dev")[2]


def drop_columns(example: Example, names: Sequence[str], mean: NDArray[np.float32]) -> Example:
    """The example with some columns at their mean, or without words for ``("words",)``."""
    if tuple(names) == ("words",):
        empty = np.zeros(len(example.labels) + 1, dtype=np.int64)
        return replace(
            example,
            word_buckets=np.zeros(0, dtype=np.int32),
            word_starts=empty,
            openings=np.zeros_like(example.openings),
        )
    if not names:
        return example
    columns = example.columns.copy()
    numbers = [COLUMNS.index(name) for name in names]
    columns[:, numbers] = mean[numbers].astype(np.float16)
    return replace(example, columns=columns)


def count_errors(examples: Sequence[Example], kept: Keep) -> dict[str, tuple[float, float]]:
    """Words wrongly kept and words lost, per 1,000 words of story, by what kind of block they stand in."""
    wrong: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    story = 0.0
    for example, keep in zip(examples, kept, strict=True):
        if not is_scored(example) or example.corpus in DOCUMENTS:
            continue
        wanted = example.labels >= 0.5
        story += float(example.words[wanted].sum())
        for block in np.flatnonzero(keep != wanted):
            (wrong if keep[block] else lost)[name_cause(example, int(block))] += float(example.words[block])
    causes = sorted(wrong.keys() | lost.keys(), key=lambda cause: -(wrong[cause] + lost[cause]))
    return {cause: (1000 * wrong[cause] / story, 1000 * lost[cause] / story) for cause in causes}


def name_cause(example: Example, block: int) -> str:
    """What kind of block this is, for the table of errors."""
    row = example.columns[block]
    for cause, names in _CAUSES:
        if any(row[COLUMNS.index(name)] > 0 for name in names):
            return cause
    return "paragraphs without a telling place" if example.words[block] >= 10 else "short lines without a telling place"


def score_languages(examples: Sequence[Example], kept: Keep, least_pages: int = 3) -> dict[str, tuple[int, float]]:
    """Pages and score of each language: word F1 on ``news-dev``, segments' F1 on ``segments-dev``."""
    scores: dict[str, tuple[int, float]] = {}
    pairs = list(zip(examples, kept, strict=True))
    for code in sorted({example.language for example in examples if example.language}):
        news = [(example, keep) for example, keep in pairs if example.language == code and example.corpus == "news-dev"]
        if len(news) >= least_pages:
            scores[f"news-dev {code}"] = (len(news), fmean(_score_characters(example, keep) for example, keep in news))
        parts = [
            (example, keep) for example, keep in pairs if example.language == code and example.corpus == "segments-dev"
        ]
        if len(parts) >= least_pages:
            scores[f"segments-dev {code}"] = (len(parts), score_segments(*zip(*parts, strict=True)))
    return scores


def _score_characters(example: Example, keep: NDArray[np.bool_]) -> float:
    """Word F1 in which each character of a script without spaces counts as a word."""
    text = "\n".join(block for block, is_kept in zip(example.texts, keep, strict=True) if is_kept)
    story = example.labelled.story if example.labelled and example.labelled.story else ""
    return word_f1(text, story, "characters").f1
