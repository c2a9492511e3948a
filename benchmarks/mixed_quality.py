"""Mixed-language text: line by line, what of the story stays and what of the rest goes."""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Final

from benchmarks.line_systems import TEXT_SYSTEMS, TextSystem, make_text_system
from benchmarks.metrics import Counts, Score, mean_score, score_counts, words_of
from benchmarks.mixed import HELD_OUT_LANGUAGES, MixedDocument, generate
from benchmarks.tables import format_table


@dataclass(frozen=True)
class MixedResult:
    """One system on one document."""

    score: Score
    """Of its lines, each weighing as many words as it has, at least one."""
    wrong_lines: tuple[int, ...]
    """Numbers of the lines kept or dropped against their label."""
    seconds: float
    is_settled: bool
    """Whether cleaning the output once more gives the same text."""


def decide_lines(document: MixedDocument, output: str) -> list[bool]:
    """Whether each line was kept: its text is a line of the output, as often as the output has it, first ones first.

    >>> from benchmarks.mixed import MixedLine
    >>> lines = tuple(MixedLine(text, False, "en", "own") for text in ("More", "A story.", "More"))
    >>> decide_lines(MixedDocument(lines, "en", "example.com", ""), "A story.\\n\\nMore")
    [True, True, False]
    """
    left = Counter(_normalise(line) for line in output.splitlines())
    decisions = []
    for line in document.lines:
        text = _normalise(line.text)
        decisions.append(left[text] > 0)
        left[text] -= 1
    return decisions


def _normalise(line: str) -> str:
    return " ".join(line.split())


def score_document(document: MixedDocument, decisions: Sequence[bool]) -> tuple[Score, tuple[int, ...]]:
    """Word-weighted score of the kept lines, and the numbers of the wrong ones."""
    weights = [max(1, len(words_of(line.text, "characters"))) for line in document.lines]
    labelled = list(zip(weights, decisions, (line.keep for line in document.lines), strict=True))
    counts = Counts(
        sum(weight for weight, kept, keep in labelled if kept and keep),
        sum(weight for weight, kept, keep in labelled if kept and not keep),
        sum(weight for weight, kept, keep in labelled if keep and not kept),
    )
    wrong = tuple(number for number, (_, kept, keep) in enumerate(labelled) if kept != keep)
    return score_counts(counts), wrong


def measure_documents(system: TextSystem, documents: Sequence[MixedDocument]) -> list[MixedResult]:
    """A system on every document."""
    results = []
    for document in documents:
        start = perf_counter()
        output = system(document.text)
        seconds = perf_counter() - start
        score, wrong = score_document(document, decide_lines(document, output))
        is_settled = not output.strip() or system(output).strip() == output.strip()
        results.append(MixedResult(score, wrong, seconds, is_settled))
    return results


def format_results(title: str, results_of: dict[str, list[MixedResult]]) -> str:
    """A table: line precision, recall and F1, the share of documents without one wrong line, and of those whose output
    stays as it is when it is cleaned again."""
    rows = []
    for name, results in results_of.items():
        score = mean_score([result.score for result in results])
        exact = fmean(not result.wrong_lines for result in results)
        speed = 1000 * fmean(result.seconds for result in results)
        settled = fmean(result.is_settled for result in results)
        shares = (f"{100 * share:.1f} %" for share in (exact, settled))
        rows.append([name, *(f"{value:.3f}" for value in score), *shares, f"{speed:.2f}"])
    count = len(next(iter(results_of.values())))
    header = ["system", "precision", "recall", "line F1", "no wrong line", "same when cleaned again", "ms"]
    return f"## {title}: {count} documents\n\n{format_table(header, rows)}"


_DEFAULT_SYSTEMS: Final = tuple(TEXT_SYSTEMS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks mixed``."""
    parser.add_argument("--system", action="append", help=f"one of {', '.join(TEXT_SYSTEMS)} (default: all)")
    parser.add_argument("--documents", type=int, default=300, help="in each of the three groups (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="of the generator (default 1)")
    parser.add_argument("--folds", type=int, nargs="+", default=[4], choices=range(5), help="page folds (default 4)")
    parser.add_argument("--held-out", nargs="+", default=HELD_OUT_LANGUAGES, help="languages of the third group")
    parser.add_argument("--wrong", type=int, default=0, help="print the wrong lines of the first N wrong documents")
    parser.add_argument("--show", type=int, default=0, help="print the first N documents of each group, and no scores")
    parser.add_argument("--json", type=Path, help="write every document's result to this file")


def run(arguments: argparse.Namespace) -> int:
    """Generate three groups of documents, and print a table for each."""
    systems = {name: make_text_system(name) for name in arguments.system or _DEFAULT_SYSTEMS}
    records = {}
    for title, documents in _generate_groups(arguments):
        if arguments.show:
            print("\n\n".join(_format_document(document) for document in documents[: arguments.show]))
            continue
        results_of = {name: measure_documents(system, documents) for name, system in systems.items()}
        print(format_results(title, results_of), end="\n\n", flush=True)
        for name, results in results_of.items():
            _print_wrong_lines(name, documents, results, arguments.wrong)
        records[title] = {name: [asdict(result) for result in results] for name, results in results_of.items()}
    if arguments.json:
        arguments.json.write_text(json.dumps(records), encoding="utf-8")
    return 0


def _generate_groups(arguments: argparse.Namespace) -> list[tuple[str, list[MixedDocument]]]:
    """Stories in English, in other languages, and both with notices in the held-out languages."""
    folds, count, seed = arguments.folds, arguments.documents, arguments.seed
    held_out = tuple(arguments.held_out)
    return [
        ("story in English", generate(folds, count, seed, "en", excluded_languages=held_out)),
        ("story in another language", generate(folds, count, seed, excluded_languages=held_out, english_share=0.0)),
        (f"notices in {', '.join(held_out)}", generate(folds, count, seed, notice_languages=held_out)),
    ]


def _format_document(document: MixedDocument) -> str:
    lines = (
        f"{'keep' if line.keep else '    '} {line.language:2} {line.origin:12} {line.text}" for line in document.lines
    )
    return "\n".join([f"# {document.group}, {document.language}", *lines])


def _print_wrong_lines(
    name: str, documents: Sequence[MixedDocument], results: Sequence[MixedResult], most: int
) -> None:
    wrong = [(document, result) for document, result in zip(documents, results, strict=True) if result.wrong_lines]
    for document, result in wrong[:most]:
        print(f"{name}: {document.group} ({document.language})")
        for number in result.wrong_lines:
            line = document.lines[number]
            print(f"  {'lost' if line.keep else 'kept'} {line.origin:12} {line.language:2} {line.text[:150]}")
