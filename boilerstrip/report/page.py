"""One document as a self-contained HTML page: every block with its verdict and its reasons."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import Any, Final

from boilerstrip.blocks import Block, Reason
from boilerstrip.document import STATUSES, Document
from boilerstrip.language_codes import name_language
from boilerstrip.report.compare import Comparison, compare_texts, read_other_text
from boilerstrip.report.parts import (
    fill_template,
    format_share,
    is_web_address,
    name_code,
    name_document,
    write_bar,
    write_data,
    write_entry,
    write_figures,
)

_ROWS_SHOWN: Final = 6
"""Reasons shown before "more"."""
BLOCKS_AT_ONCE: Final = 1500
"""Blocks that a browser reads before it shows the page; it adds the others in pieces of this size afterwards."""
_MAP_LIMIT: Final = 1200
"""Pieces of the map, which is about as many pixels wide."""
_THEIR_LINES_LIMIT: Final = 200

_ROLE_CLASSES: Final = {"heading": "h", "list_item": "l", "code": "c", "quote": "q"}


def report(document: Document, *, against: str | None = None, against_name: str = "the other extractor") -> str:
    """Every block with its verdict and its reasons, as the text of an HTML page to be written to a file as UTF-8.

    It makes no request, and nothing in it runs but its own script.

    :param against: what another extractor kept of the same page, shown beside our verdicts.
    :param against_name: its name.
    """
    blocks = document.blocks
    comparison = None if against is None else compare_texts(blocks, against)
    mains = [block.main_reason for block in blocks]
    codes = [main.code if main else "" for main in mains]
    items = list(_write_blocks(blocks, mains, comparison, escape(against_name)))
    values = {
        "title": escape(name_document(document) or document.url or "A page without a title"),
        "entry": write_entry(document),
        "address": _write_address(document),
        "notes": _write_notes(document),
        "figures": write_figures(_describe(document, comparison)),
        "map": _write_map(blocks),
        "why": _write_reason_tables(blocks, codes),
        "choices": _write_choices(comparison is not None),
        "reasons": "".join(
            f'<option value="{escape(code)}">{escape(name_code(code))} ({number})</option>'
            for code, number in sorted(Counter(codes).items())
        ),
        "count": f"{len(blocks)} blocks",
        "blocks": "\n".join(items[:BLOCKS_AT_ONCE]),
        "later": "\n".join(_write_later(items)),
        "theirs": _write_theirs(comparison, against_name) if comparison else "",
        "data": write_data(_collect_data(document, codes)),
    }
    return fill_template("page.html", values)


def render_report_against(document: Document, extractor: str) -> str:
    """The report beside what another extractor keeps of the same page; where that fails, a note in it says why.

    :param extractor: one of :data:`boilerstrip.report.EXTRACTORS`.
    :raises OptionError: if it is none of them.
    """
    other = read_other_text(document, extractor)
    if other.note:
        document = replace(document, notes=(*document.notes, other.note))
    return report(document, against=other.text, against_name=extractor)


def _write_address(document: Document) -> str:
    """The page's address, a link where it is one that a browser may follow, and how its bytes were read."""
    url = escape(document.url or "")
    if is_web_address(document.url or ""):
        url = f'<a href="{url}" rel="noreferrer">{url}</a>'
    encoding, source = document.encoding or "", name_code(document.encoding_source or "").lower()
    if source not in ("", encoding):
        encoding += f" ({source})"
    return " · ".join(filter(None, (url, escape(encoding))))


def _write_notes(document: Document) -> str:
    sentence = STATUSES[document.status]
    notes = [f"{sentence[0].upper()}{sentence[1:]}."] if document.status != "ok" else []
    if document.truncated:
        notes.append("Part of the page was left out.")
    notes += document.notes
    return f'<ul class="notes">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>' if notes else ""


def _describe(document: Document, comparison: Comparison | None) -> dict[str, str]:
    """The figures of the summary, by name."""
    words = sum(block.word_count for block in document.blocks)
    kept = [block for block in document.blocks if block.kept]
    kept_words = sum(block.word_count for block in kept)
    share = format_share(kept_words / words if words else 0.0)
    figures = {
        "Words kept": f"{kept_words:,} <small>of {words:,}, {share}</small>",
        "Blocks kept": f"{len(kept):,} <small>of {len(document.blocks):,}</small>",
    }
    if comparison is not None:
        figures["Same verdict"] = f"{format_share(comparison.agreement)} <small>of the words</small>"
    figures["Confidence"] = f"{document.confidence:.2f}"
    figures["Kept from"] = f"{document.threshold:.2f}"
    figures["Language"] = escape(name_language(document.language).capitalize())
    if document.page_type:
        share = format_share(document.page_type_probability)
        figures["Page type"] = f"{escape(name_code(document.page_type))} <small>{share}</small>"
    return figures


def _write_map(blocks: Sequence[Block]) -> str:
    """The page from top to bottom as a strip: tall where it was kept, low where it was dropped."""
    total = sum(block.word_count for block in blocks)
    if not total:
        return ""
    pieces, position = [], 0
    for kept, words in _merge_runs(blocks, total):
        width, start = 1000 * words / total, 1000 * position / total
        box = 'class="k" y="0" height="40"' if kept else 'class="d" y="28" height="12"'
        pieces.append(f'<rect {box} x="{start:.2f}" width="{width:.2f}"/>')
        position += words
    return (
        '<svg class="map" viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" '
        f'aria-label="Where in the page the kept words stand">{"".join(pieces)}</svg>\n'
        '<p class="legend"><span>kept</span><span class="d">dropped</span>from top to end of the page, by words</p>'
    )


def _merge_runs(blocks: Sequence[Block], total: int) -> list[tuple[bool, int]]:
    """Verdict and words of each run of equal verdicts; runs too short to be seen count with the run before."""
    runs: list[tuple[bool, int]] = []
    for kept, run in groupby(blocks, key=lambda block: block.kept):
        words = sum(block.word_count for block in run)
        if runs and (kept == runs[-1][0] or words * _MAP_LIMIT < total):
            runs[-1] = (runs[-1][0], runs[-1][1] + words)
        else:
            runs.append((kept, words))
    return runs


def _write_reason_tables(blocks: Sequence[Block], codes: Sequence[str]) -> str:
    """Words kept and dropped by main reason; each row filters the blocks."""
    tables = []
    for kept, heading, css_class in ((True, "Kept", "k"), (False, "Dropped", "d")):
        words, number = Counter[str](), Counter[str]()
        for block, code in zip(blocks, codes, strict=True):
            if block.kept == kept:
                words[code] += block.word_count
                number[code] += 1
        if number:
            tables.append(_write_reason_table(f"{heading} <span>words by reason</span>", css_class, words, number))
    return "\n".join(tables)


def _write_reason_table(heading: str, css_class: str, words: Counter[str], number: Counter[str]) -> str:
    ordered = sorted(number, key=lambda code: (-words[code], code))
    most = max(1, *words.values())
    rows = [_write_reason_row(code, words[code], number[code], most, css_class) for code in ordered]
    more = ""
    if len(rows) > _ROWS_SHOWN:
        hidden = "\n".join(rows[_ROWS_SHOWN:])
        more = f'<details class="more"><summary>{len(rows) - _ROWS_SHOWN} more reasons</summary>{hidden}</details>'
    return f"<div><h2>{heading}</h2>\n" + "\n".join(rows[:_ROWS_SHOWN]) + f"{more}</div>"


def _write_reason_row(code: str, words: int, number: int, most: int, css_class: str) -> str:
    return (
        f'<button type="button" class="reason" value="{escape(code)}" aria-pressed="false" '
        f'title="{number:,} block{"" if number == 1 else "s"}: show only these">'
        f"<span>{escape(name_code(code))}</span>{write_bar(words / most, css_class)}"
        f'<span class="number">{words:,}</span></button>'
    )


def _write_choices(compared: bool) -> str:
    choices = [("all", "All"), ("kept", "Kept"), ("dropped", "Dropped")]
    if compared:
        choices.append(("differs", "Differences"))
    return "\n".join(
        f'<button type="button" value="{value}" aria-pressed="{str(value == "all").lower()}">{name}</button>'
        for value, name in choices
    )


def _write_blocks(
    blocks: Sequence[Block], mains: Sequence[Reason | None], comparison: Comparison | None, against_name: str
) -> Iterator[str]:
    """A list item each, as little markup as will do: there may be tens of thousands."""
    for position, (block, main) in enumerate(zip(blocks, mains, strict=True)):
        css_classes = ["k" if block.kept else "d"]
        if block.role in _ROLE_CLASSES:
            css_classes.append(_ROLE_CLASSES[block.role])
        theirs = ""
        if comparison is not None:
            share = comparison.shares[position]
            theirs = f'<u title="{against_name}">{_name_share(share)}</u>'
            if comparison.differs(position, block.kept):
                css_classes.append("x")
        language = f' lang="{escape(block.language)}"' if block.language else ""
        yield (
            f'<li class="{" ".join(css_classes)}" tabindex="-1"><i>{block.index + 1}</i>'
            f'<p dir="auto"{language}>{escape(block.text)}</p>'
            f"<em>{escape(main.sentence) if main else ''}{theirs}</em></li>"
        )


def _write_later(items: Sequence[str]) -> Iterator[str]:
    """The blocks of a long page that are added after it is shown, as data that the browser does not read by itself."""
    for start in range(BLOCKS_AT_ONCE, len(items), BLOCKS_AT_ONCE):
        yield f'<script type="text/plain" class="later">{"".join(items[start : start + BLOCKS_AT_ONCE])}</script>'


def _name_share(share: float) -> str:
    if share >= 0.95:
        return "kept"
    return "dropped" if share <= 0.05 else f"kept {format_share(share)}"


def _write_theirs(comparison: Comparison, against_name: str) -> str:
    """What the other text has and no block of the page, such as a title or a date read from elsewhere."""
    lines = comparison.lines_elsewhere
    if not lines:
        return ""
    paragraphs = "".join(f'<p dir="auto">{escape(line)}</p>' for line in lines[:_THEIR_LINES_LIMIT])
    rest = len(lines) - _THEIR_LINES_LIMIT
    more = f"<p>… and {rest:,} lines more</p>" if rest > 0 else ""
    return f'<section class="theirs"><h2>Only in the text of {escape(against_name)}</h2>{paragraphs}{more}</section>'


def _collect_data(document: Document, codes: Sequence[str]) -> dict[str, Any]:
    """What the page's script shows on demand; texts that repeat stand once and are referred to by number."""
    kinds, sentences, places, names, joins = (dict[str, int]() for _ in range(5))
    rows: list[list[Any]] = []
    for block, code in zip(document.blocks, codes, strict=True):
        span = f"characters {block.span[0]:,} to {block.span[1]:,}" if block.span else ""
        place = f"{name_code(block.role).lower()} · {block.path or span}"
        reasons = [
            [_number(reason.evidence, kinds), round(float(reason.weight), 4), _number(reason.sentence, sentences)]
            for reason in block.reasons
        ]
        rows.append([_number(code, names), round(float(block.score), 4), _number(place, places), *reasons])
    return {
        "bias": round(float(document.bias), 4),
        "threshold": round(float(document.threshold), 4),
        "about": _describe_fixture(document),
        "joints": [_number(join, joins) for join in join_story(document)],
        "joins": list(joins),
        "blocks": rows,
        "codes": list(names),
        "kinds": list(kinds),
        "places": list(places),
        "sentences": list(sentences),
    }


def _number(text: str, numbers: dict[str, int]) -> int:
    """The number of a text, in the order in which texts are first asked for."""
    return numbers.setdefault(text, len(numbers))


def join_story(document: Document) -> list[str]:
    """What stands in the story before each block that was kept, so that joins and blocks make up the text.

    >>> from boilerstrip import clean
    >>> join_story(clean("The mill has stood still since Monday.\\n\\nNobody came by to ask why it did so."))
    ['', '\\n\\n']
    """
    joins, at = list[str](), 0
    for block in document.blocks:
        if not block.kept:
            continue
        start = document.text.find(block.text, at)
        if start < 0 or (joins and document.text[at:start].strip()):
            joins.append("\n\n" if joins else "")
            continue
        joins.append(document.text[at:start])
        at = start + len(block.text)
    return joins


def _describe_fixture(document: Document) -> dict[str, Any]:
    """What ``about.json`` of a fixture holds; its purpose is left to whoever makes one."""
    return {
        "kind": document.kind,
        "language": document.language,
        "page_type": document.page_type,
        "title": document.title,
        "url": document.url,
        "purpose": "",
        "optional": [],
    }
