"""The figures of the model card, from held-out predictions: scores, focus, ablations, errors by cause, languages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import word_f1
from benchmarks.train.calibrate import Curve, calibrate
from benchmarks.train.dataset import Example
from benchmarks.train.held_out import HeldOut
from benchmarks.train.scores import Keep, is_scored, score_corpus, score_lines, score_page_types, score_segments
from boilerstrip.evidence import cohesion, density, language, position, repetition, structure
from boilerstrip.evidence.matrix import COLUMNS
from boilerstrip.select import FOCUS_BETA, choose_blocks

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
    "position": position.COLUMNS,
}
"""Groups of columns that are set to their mean, one at a time; the hashed words are the ninth."""

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


def compute_figures(pages: Mapping[tuple[str, str], Example], held_out: HeldOut) -> tuple[Curve, dict[str, object]]:
    """The calibration curve of the confidence, and everything the model card prints."""
    known = [row for row in held_out.pages if row[:2] in pages]
    examples = [pages[row[:2]] for row in known]
    kept = choose_all(examples, [row[2] for row in known], FOCUS_BETA["balanced"])
    curve, calibration = calibrate(examples, [row[2] for row in known], kept)
    figures: dict[str, object] = {
        "calibration": calibration,
        "errors": count_errors(examples, kept),
        "languages": score_languages(examples, kept),
        "page type accuracy": score_types(examples, [row[3] for row in known]),
        "without": {name: _score_ablated(pages, rows) for name, rows in held_out.ablated.items()},
        "focus": {
            focus: {"beta": beta, **summarise(examples, choose_all(examples, [row[2] for row in known], beta))}
            for focus, beta in FOCUS_BETA.items()
        },
    }
    return curve, figures


def choose_all(examples: Sequence[Example], probabilities: Sequence[NDArray[np.float32]], beta: float) -> Keep:
    """What selection would keep of each page, before its rules."""
    return [
        choose_blocks(chances.astype(np.float64), example.words.astype(np.float64), beta)
        for example, chances in zip(examples, probabilities, strict=True)
    ]


def summarise(examples: Sequence[Example], kept: Keep) -> dict[str, object]:
    """All scores of one choice of blocks."""
    return {
        **{corpus: score_corpus(examples, kept, corpus) for corpus in ("wcxb-dev", "news-dev", "readability")},
        "segments-dev": score_segments(examples, kept),
        "page types": score_page_types(examples, kept),
        "mixed": score_lines(examples, kept),
        "mixed, unseen languages": score_lines(examples, kept, "unseen"),
    }


def score_types(examples: Sequence[Example], page_types: Sequence[NDArray[np.float32]]) -> float:
    """Share of the pages of ``wcxb-dev`` whose page type is right."""
    pairs = zip(examples, page_types, strict=True)
    return fmean(float(types.argmax() == example.page_type) for example, types in pairs if example.page_type >= 0)


def _score_ablated(
    pages: Mapping[tuple[str, str], Example], rows: Sequence[tuple[str, str, NDArray[np.float32]]]
) -> float:
    known = [row for row in rows if row[:2] in pages]
    examples = [pages[row[:2]] for row in known]
    kept = choose_all(examples, [row[2] for row in known], FOCUS_BETA["balanced"])
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
        if not is_scored(example) or example.corpus in ("mixed", "unseen"):
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
    story = example.page.story if example.page and example.page.story else ""
    return word_f1(text, story, "characters").f1
