"""Every block of a page as a table: in colour in a terminal, one line a block elsewhere."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from boilerstrip.batch.terminal import one_line
from boilerstrip.cli.one_page import write_text

if TYPE_CHECKING:
    from rich.table import Table

    from boilerstrip.blocks import Block
    from boilerstrip.document import Document

_EXCERPT_LENGTH = 72
"""Characters of a block that the explanation shows."""
_HEADINGS = ("", "score", "role", "lang", "reason", "text")
_SHORT_COLUMNS_WIDTH = 36
"""Columns of the terminal that the first four columns and the gaps need."""
_PLAIN_WIDTH = 10_000
"""Columns of the explanation where no terminal sets them: wide enough for every row."""


class Row(NamedTuple):
    """A block as the explanation shows it: every cell is one line of printable text."""

    verdict: str
    score: str
    role: str
    language: str
    reason: str
    text: str


def shorten(text: str, length: int) -> str:
    """``text`` cut to ``length`` characters, the last of them an ellipsis where something was cut.

    >>> shorten("The mill stands still.", 9)
    'The mill…'
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def describe(block: "Block") -> Row:
    """The cells of a block's row."""
    return Row(
        verdict="+" if block.kept else "-",
        score=f"{block.score:.2f}",
        role=block.role,
        language=block.language or "",
        reason=one_line(block.main_reason.sentence if block.main_reason else ""),
        text=shorten(one_line(block.text), _EXCERPT_LENGTH),
    )


def summarise(document: "Document") -> str:
    """The line below the table: how much was kept, and what is known about the page."""
    kept = [block for block in document.blocks if block.kept]
    words, kept_words = (sum(block.word_count for block in blocks) for blocks in (document.blocks, kept))
    return (
        f"kept {len(kept)} of {len(document.blocks)} blocks and {kept_words} of {words} words"
        f"; language {document.language or 'unknown'}, confidence {document.confidence:.2f}"
        f", kept from {document.threshold:.2f} on"
    )


def print_table(blocks: "Sequence[Block]") -> None:
    """Print a row for each block."""
    from rich.console import Console

    console = Console(highlight=False)
    rows = [describe(block) for block in blocks]
    if console.is_terminal:
        console.print(_build_table(rows, console.width))
        return
    # As wide as its content: one line a block, for grep and for people who pipe into a pager.
    console = Console(highlight=False, width=_PLAIN_WIDTH)
    with console.capture() as capture:
        console.print(_build_table(rows))
    write_text("".join(line.rstrip() + "\n" for line in capture.get().splitlines()), None)


def _build_table(rows: Sequence[Row], terminal_width: int | None = None) -> "Table":
    """A table that never wraps; in a terminal, one that shares between reason and text what the short columns leave."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None if terminal_width is None else box.SIMPLE_HEAD, pad_edge=False)
    reason: dict[str, Any] = {"no_wrap": True}
    text: dict[str, Any] = {"no_wrap": True}
    if terminal_width is not None:
        left = terminal_width - _SHORT_COLUMNS_WIDTH
        reason = {"width": max(16, min(44, left // 2))}
        text |= {"width": max(8, min(_EXCERPT_LENGTH, left - reason["width"])), "overflow": "ellipsis"}
    for heading, form in zip(_HEADINGS, (*[{"no_wrap": True}] * 4, reason, text), strict=True):
        table.add_column(heading, **form)
    for row in rows:
        style = "green" if row.verdict == "+" else "red"
        table.add_row(*(Text(cell, style=style) for cell in row[:2]), *map(Text, row[2:5]), Text(row.text, style=style))
    return table
