"""``python -m benchmarks.train.card``: the model card, written from the figures of the last training."""

import json
from pathlib import Path
from typing import Any, Final

from benchmarks.tables import format_table
from benchmarks.train.export import WEIGHTS_FOLDER

FIGURES: Final = Path(__file__).parent / "figures.json"
CARD: Final = WEIGHTS_FOLDER / "README.md"

TARGETS: Final = {
    "wcxb-dev": 0.90, "article": 0.955, "forum": 0.86, "product": 0.80, "collection": 0.80, "listing": 0.76,
    "documentation": 0.94, "service": 0.86, "segments-dev": 0.945, "news-dev": 0.96,
}  # fmt: skip

_INTRODUCTION: Final = """# The taggers' model card

`html.npz` scores the blocks of web pages, `text.npz` those of plain text. Both are the same small net: a dense layer
over the evidence columns, the mean embedding of the block's hashed words and the embeddings of its first two words;
five residual dilated convolutions over the sequence of blocks; running maxima from above and below; a page vector; a
two-layer head. Half-precision arrays, read with `allow_pickle=False`. `make train` makes them anew from the corpora
and writes this card.

## Data

| corpus | pages | licence, source |
| --- | --- | --- |
| `wcxb-dev` | 1,497 | CC-BY-4.0, WCXB: Web Content eXtraction Benchmark (Foley 2026), development split |
| `news-dev` | 92 | MIT, test data of the Fundus news scraper |
| `readability` | 130 | Apache-2.0, test pages of Mozilla Readability |
| `segments-dev` | 485 (only some blocks labelled, the others masked) | Apache-2.0, evaluation data of Trafilatura |

Labels come from an alignment of the page's words with the labelled text (`benchmarks/train/labels.py`). Augmentation:
class and id names dropped or swapped, boxes wrapped, branches of the page removed, the story in the frame of another
site, a second story below it, notices and consent dialogues inserted, the page as plain text, the story alone, an
imagined memory of the site, language evidence off, all words exchanged for others as in a language nobody knows; for
the text tagger also 12,000 mixed-language documents made of the same pages (`benchmarks/mixed.py`), two fifths of them
a pass, of which every line counts alike. What is borrowed comes from pages of the same fold. The test splits of these
corpora were neither trained on nor looked at.

All figures are from five-fold cross-validation grouped by registrable domain: each page was scored by a net that had
not seen its site. They are the bare choice's, before the rules of `select.py`."""


def write_card(figures: dict[str, Any]) -> str:
    """The whole card as Markdown."""
    parts = [_INTRODUCTION]
    for kind, title in (("html", "HTML"), ("text", "Plain text (the same pages' text lines, and mixed documents)")):
        if kind in figures and "focus" in figures[kind]:
            parts.append(_write_kind(title, figures[kind]))
    return "\n".join(parts)


def _write_kind(title: str, figures: dict[str, Any]) -> str:
    balanced = figures["focus"]["balanced"]
    sections = [
        f"## {title}\n",
        _write_scores(balanced, with_targets=title == "HTML"),
        f"Page type right on {figures['page type accuracy']:.1%} of the pages of `wcxb-dev`.\n",
        _write_mixed(balanced),
        "### Focus\n\nThe blocks with the best expected F-beta of the page are kept; on `wcxb-dev`:\n",
        _write_focus(figures["focus"]),
        "### Confidence\n\n" + _write_calibration(figures["calibration"]),
        "### Without one kind of evidence\n\nWord F1 on every second page of `wcxb-dev`, columns at their mean:\n",
        _write_ablations(figures),
        "### Errors by cause\n\nWords per 1,000 words of story, largest first:\n",
        _write_errors(figures["errors"]),
        "### Languages with three pages or more\n",
        format_table(
            ["corpus and language", "pages", "F1"],
            [[name, str(pages), f"{score:.3f}"] for name, (pages, score) in figures["languages"].items()],
        )
        + "\n",
    ]
    return "\n".join(section for section in sections if section)


def _write_scores(balanced: dict[str, Any], *, with_targets: bool) -> str:
    rows = [
        [corpus, *(f"{value:.3f}" for value in balanced[corpus])] for corpus in ("wcxb-dev", "news-dev", "readability")
    ]
    rows += [[f"– {name}", "", "", f"{score:.3f}"] for name, score in balanced["page types"].items()]
    rows.append(["segments-dev (micro F1)", "", "", f"{balanced['segments-dev']:.3f}"])
    headings = ["pages", "precision", "recall", "word F1"]
    if with_targets:
        headings.append("aim")
        for row in rows:
            aim = TARGETS.get(row[0].removeprefix("– ").split(" (")[0])
            row.append(f"{aim:.3f}" if aim else "")
    return format_table(headings, rows) + "\n"


def _write_mixed(balanced: dict[str, Any]) -> str:
    rows = [
        [f"{name}, story in {language}", f"{f1:.4f}", f"{exact:.3f}"]
        for name in ("mixed", "mixed, unseen languages")
        for language, (f1, exact) in balanced.get(name, {}).items()
    ]
    return format_table(["mixed documents", "line F1", "without one wrong line"], rows) + "\n" if rows else ""


def _write_focus(focuses: dict[str, Any]) -> str:
    rows = [
        [focus, f"{scores['beta']:.1f}", *(f"{value:.3f}" for value in scores["wcxb-dev"])]
        for focus, scores in focuses.items()
    ]
    return format_table(["focus", "beta", "precision", "recall", "word F1"], rows) + "\n"


def _write_calibration(calibration: dict[str, Any]) -> str:
    pairs = zip(calibration["expected"], calibration["measured"], strict=True)
    table = format_table(["expected F1", "measured F1"], [[f"{a:.3f}", f"{b:.3f}"] for a, b in pairs])
    return (
        "The word F1 that the probabilities promise, and what pages of that promise had; `document.confidence` reads "
        f"the second column. Correlation with the true F1 {calibration['correlation']}, mean absolute error "
        f"{calibration['mean absolute error']}.\n\n{table}\n"
    )


def _write_ablations(figures: dict[str, Any]) -> str:
    ordered = sorted(figures["without"].items(), key=lambda item: item[1])
    whole = figures["without"]["(all evidence)"]
    rows = [[name, f"{score:.4f}", f"{score - whole:+.4f}"] for name, score in ordered]
    return format_table(["without", "word F1", "difference"], rows) + "\n"


def _write_errors(errors: dict[str, tuple[float, float]]) -> str:
    rows = [[cause, f"{wrong:.1f}", f"{lost:.1f}"] for cause, (wrong, lost) in _by_size(errors)]
    return format_table(["kind of block", "wrongly kept", "lost"], rows) + "\n"


def _by_size(errors: dict[str, tuple[float, float]]) -> list[tuple[str, tuple[float, float]]]:
    return sorted(errors.items(), key=lambda item: -sum(item[1]))


def main() -> None:
    CARD.write_text(write_card(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")
    print(f"{CARD} written")


if __name__ == "__main__":
    main()
