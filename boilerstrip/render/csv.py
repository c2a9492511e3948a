"""The blocks as a table for those who label or look at them in a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from boilerstrip.blocks import Block

COLUMNS: Final = ("index", "kept", "score", "role", "language", "reason", "tag", "path", "start", "end", "text")
"""``reason`` is the main reason's code; ``start`` and ``end`` say where the block stands in a plain text."""


def render_csv(blocks: Iterable[Block]) -> str:
    """Every block in a row of its own, kept and dropped, below the names of the columns (RFC 4180).

    >>> block = Block("So, yes", True, 0.5, "en", "paragraph", "p", "/html/body/p", None, (), 0, ((),))
    >>> print(render_csv([block]))
    index,kept,score,role,language,reason,tag,path,start,end,text
    0,1,0.5000,paragraph,en,,p,/html/body/p,,,"So, yes"
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_list_values, blocks))
    return table.getvalue()


def _list_values(block: Block) -> tuple[object, ...]:
    reason, (start, end) = block.main_reason, block.span or ("", "")
    return (
        block.index,
        int(block.kept),
        f"{block.score:.4f}",
        block.role,
        block.language or "",
        reason.code if reason else "",
        block.tag,
        block.path or "",
        start,
        end,
        block.text.replace("\0", "\ufffd"),  # which readers of CSV stop at
    )
