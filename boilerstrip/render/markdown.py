"""The kept blocks as CommonMark with GitHub's tables.

This is a writer of its own, not a converter from HTML: the outline is simple and known, and what converters leave to
chance – escapes at the start of a line, emphasis beside punctuation, pipes and line breaks in cells – decides whether
the words read back are the words kept. Sources: CommonMark 0.31.2; GitHub Flavored Markdown 0.29, 4.10 (tables).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import Final

from boilerstrip import tags
from boilerstrip.blocks import Block
from boilerstrip.page import Mark
from boilerstrip.render.code import read_code_language
from boilerstrip.render.inline import GIVES_ATTRIBUTES, Shown, build_leaf, build_spans
from boilerstrip.render.markdown_inline import escape_line_start, escape_text, write_code, write_fence, write_inline
from boilerstrip.render.outline import Node, align_rows, build_outline, find_notes, list_blocks

_LISTS: Final = ("ul", "ol")
_HARD_BREAK: Final = "\\\n"
_CLOSING_NUMBER_SIGNS: Final = re.compile(r"(?:^|(?<=\s))#(?=#*$)")
_OWN_MARKER: Final = re.compile(r"(?:[•·‣▪◦●○■–]|\\[-*+]|(\d{1,9})\\[.)])\s+(?=\S)(?![-−\\]*\d)")
"""What authors write in front of the words of an item, escaped; before a number it may be a sign, and a long dash
begins what somebody says."""
_LIVE: Final = re.compile(rf"<[A-Za-z/!?]|\](?=[(\[:])|{GIVES_ATTRIBUTES}", re.IGNORECASE)
"""What begins an element or a link, or gives one attributes."""
_REFERENCES: Final = {ord(sign): f"&#{ord(sign)};" for sign in "[{*_`"}


def render_markdown(
    blocks: Sequence[Block],
    *,
    title: str | None = None,
    url: str | None = None,
    links: bool = False,
    images: bool = False,
) -> str:
    """The kept blocks as Markdown; the options are those of :func:`boilerstrip.render.html.render_html`.

    >>> block = Block("1. May", True, 1.0, None, "paragraph", "p", "/html/body/p", None, (), 0, ())
    >>> print(render_markdown([block], title="Dates"))
    # Dates
    <BLANKLINE>
    1\\. May
    <BLANKLINE>
    """
    heading = [_write_heading(1, escape_text(title))] if title else []
    body = _write_nodes(build_outline(blocks).children, Shown(url, links, images, find_notes(blocks)))
    lines = [*heading, "", *body] if heading and body else heading + body
    return "\n".join(lines) + "\n" if lines else ""


def _write_nodes(nodes: Iterable[Node], shown: Shown, *, nested: bool = False) -> list[str]:
    """Blocks with an empty line between them, as lines; ``nested`` in an item or a quotation."""
    lines: list[str] = []
    lists_in_a_row = 0
    for node in nodes:
        lines += [""] if lines else []
        lines += _write_node(node, shown, lists_in_a_row % 2, nested=nested)
        lists_in_a_row = lists_in_a_row + 1 if node.tag in _LISTS else 0
    return lines


def _write_node(node: Node, shown: Shown, alternate: int = 0, *, nested: bool = False) -> list[str]:
    """One block as lines; ``alternate`` gives a list other markers than the list right before it."""
    if node.block is not None:
        return _write_note(node, shown) if node.note else _write_leaf(node.tag, node.block, shown, nested=nested)
    if node.tag in _LISTS:
        has_notes = any(item.note for item in node.children)
        return _write_notes(node, shown) if has_notes else _write_list(node, shown, alternate)
    if node.tag == "dl":
        return _write_nodes(_name_terms(node), shown, nested=nested)
    if node.tag == "table":
        return _write_table(node, shown)
    if node.tag == "hr":
        return ["---"]
    if node.tag == "blockquote":
        return [f"> {line}".rstrip(" ") for line in _write_nodes(node.children, shown, nested=True)]
    return _write_nodes(node.children, shown, nested=nested)


def _write_leaf(tag: str, block: Block, shown: Shown, *, nested: bool = False) -> list[str]:
    images, spans = build_leaf(block, shown)
    lines = [write_inline(images), ""] if images else []
    if tag == "pre":
        return lines + _write_code_block(block.text, read_code_language(block), nested=nested)
    text = write_inline(spans)
    if tag in tags.HEADINGS:
        return [*lines, _write_heading(tags.HEADINGS[tag], text)]
    return lines + _HARD_BREAK.join(map(escape_line_start, _split_lines(text))).split("\n")


def _write_heading(level: int, text: str) -> str:
    """A heading is one line, and number signs at its end are text."""
    return f"{'#' * level} {_CLOSING_NUMBER_SIGNS.sub(chr(92) + '#', ' '.join(_split_lines(text)))}"


def _split_lines(text: str) -> list[str]:
    return [line for line in (line.strip(" \t") for line in text.split("\n")) if line]


def _write_code_block(text: str, language: str, *, nested: bool) -> list[str]:
    """Code to the byte, between fences.

    Python-Markdown knows no fences in items and quotations, so that elements and links in such code would be live:
    there it is written as the element, which every reader lets stand.
    """
    if nested and _LIVE.search(text):
        name = f' class="language-{language}"' if language else ""
        return f"<pre><code{name}>{escape(text, quote=False).translate(_REFERENCES)}</code></pre>".split("\n")
    fence = write_fence(text, 3)
    return [fence + language, *text.removesuffix("\n").split("\n"), fence]


def _write_notes(node: Node, shown: Shown) -> list[str]:
    """The notes of a list one by one, and the other items between them as lists."""
    parts: list[list[str]] = []
    for is_note, items in groupby(node.children, lambda item: item.note != ""):
        if is_note:
            parts += [_write_note(item, shown) for item in items]
        else:
            parts.append(_write_list(replace(node, children=list(items)), shown))
    return [line for part in parts for line in ("", *part)][1:]


def _write_note(node: Node, shown: Shown) -> list[str]:
    """A note, which other writers of Markdown than CommonMark's know: its label, and its blocks indented below it."""
    lines = _write_leaf(node.tag, node.block, shown) if node.block else _write_nodes(node.children, shown)
    return _indent(lines, f"[^{node.note}]: ", "    ")


def _indent(lines: Sequence[str], marker: str, blank: str) -> list[str]:
    return [marker + lines[0], *(blank + line if line else "" for line in lines[1:])]


def _write_list(node: Node, shown: Shown, alternate: int = 0) -> list[str]:
    """A list, without empty lines between its items if each is a line of text and lists below it."""
    tight = all(map(_is_tight, node.children))
    lines, written = list[str](), list[tuple[str, list[str]]]()
    number = node.children[0].number - 1
    for item in node.children:
        number = max(item.number, 0) if item.is_numbered else number + 1
        marker = f"{number}{'.)'[alternate]} " if node.tag == "ol" else f"{'-*'[alternate]} "
        item_lines = _write_tightly(item, shown) if tight else _write_nodes(item.children, shown, nested=True)
        written.append((marker, item_lines))
    doubled = [_measure_own_marker(marker, item_lines[0]) for marker, item_lines in written]
    for item, (marker, item_lines), length in zip(node.children, written, doubled, strict=True):
        if all(doubled) and len(doubled) > 1:
            item_lines[0] = escape_line_start(item_lines[0][length:])
        if item.is_done is not None and item.children[0].tag == "p":
            item_lines[0] = f"[{'x' if item.is_done else ' '}] {item_lines[0]}"
        lines += [""] if lines and not tight else []
        lines += _indent(item_lines, marker, " " * len(marker))
    return lines


def _measure_own_marker(marker: str, line: str) -> int:
    r"""Characters of the bullet or the number that the text of an item brings, if its list gives it the same.

    >>> _measure_own_marker("- ", "• Oats"), _measure_own_marker("2. ", r"2\. Oats"), _measure_own_marker("2. ", "2 ha")
    (2, 4, 0)
    """
    match = _OWN_MARKER.match(line)
    return match.end() if match and (match[1] or "") == marker[:-2] else 0


def _is_tight(item: Node) -> bool:
    """Whether an item is a line of text and lists below it, or lists alone."""
    below = item.children[1:] if item.children[0].tag == "p" else item.children
    return all(child.tag in _LISTS for child in below)


def _write_tightly(item: Node, shown: Shown) -> list[str]:
    """The lines of an item of a tight list: an empty one stands only where a list could not follow text without it."""
    lines: list[str] = []
    for child in item.children:
        if lines and child.tag == "ol" and child.children[0].number != 1:
            lines.append("")
        lines += _write_node(child, shown, nested=True)
    return lines


def _name_terms(node: Node) -> Iterator[Node]:
    """What a list of terms holds, one below the other with the terms in bold: Markdown has no such lists."""
    for item in node.children:
        for child in item.children:
            if item.tag == "dt" and child.tag == "p" and child.block:
                bold = Mark(0, len(child.block.text), "strong")
                child = replace(child, block=replace(child.block, marks=(bold, *child.block.marks)))
            yield child


def _write_table(table: Node, shown: Shown) -> list[str]:
    """A table; its first row is the header, which the syntax requires."""
    captions = [block for child in table.children if child.tag == "caption" for block in list_blocks(child)]
    lines = [line for block in captions for line in (*_write_leaf("p", block, shown), "")]
    rows = [[_write_cell(cell, shown) for cell in row] for row in align_rows(table)]
    rules = ["---"] * len(rows[0])
    return lines + [f"| {' | '.join(row)} |" for row in (rows[0], rules, *rows[1:])]


def _write_lines_of_cell(tag: str, block: Block, shown: Shown) -> list[str]:
    if tag == "pre":
        return [write_code(line, in_cell=True) for line in block.text.split("\n") if line.strip()]
    return _split_lines(write_inline(build_spans(block.text, block.marks, shown), in_cell=True))


def _write_cell(cell: Node, shown: Shown) -> str:
    """What is in a cell, or in an item of a list in one, on one line: the list is an element, as cells may hold."""
    written = ""
    for before, child in zip([None, *cell.children], cell.children, strict=False):
        if before is not None:
            written += "<br> " if before.block and child.block else " "
        if child.block is not None:
            written += "<br> ".join(_write_lines_of_cell(child.tag, child.block, shown))
        else:
            items = (f"<{item.tag}>{_write_cell(item, shown)}</{item.tag}>" for item in child.children)
            written += f"<{child.tag}> {' '.join(items)} </{child.tag}>"
    return written
