"""The kept blocks as plain text."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from boilerstrip.blocks import Block

BETWEEN_PARAGRAPHS: Final = "\n\n"
BETWEEN_LINES: Final = "\n"
BETWEEN_CELLS: Final = "\t"

_LIST: Final = re.compile(r"/(?:ul|ol|dl|menu|dir)(?:\[\d+\])?/")
_TABLE: Final = re.compile(r"/table(?:\[\d+\])?/")
_ROW: Final = re.compile(r".*/tr(?:\[\d+\])?/")


def render_text(blocks: Sequence[Block]) -> str:
    """Join the kept blocks of an HTML page.

    An empty line stands between two blocks, a line break between two items of one list and two rows of one table,
    and a tab between two cells of one row.

    >>> def item(text, path):
    ...     return Block(text, True, 1.0, None, "list_item", "li", path, None, (), 0, ())
    >>> render_text([item("one", "/html/body/ul/li[1]"), item("two", "/html/body/ul/li[2]")])
    'one\\ntwo'
    """
    kept = [block for block in blocks if block.kept]
    pieces = [kept[0].text] if kept else []
    for before, after in pairwise(kept):
        pieces += (find_separator(before, after), after.text)
    return "".join(pieces)


def find_separator(before: Block, after: Block) -> str:
    """What stands between two neighbouring kept blocks.

    >>> def cell(text, path):
    ...     return Block(text, True, 1.0, None, "table_cell", "td", path, None, (), 0, ())
    >>> find_separator(cell("a", "/table/tr[1]/td[1]"), cell("b", "/table/tr[1]/td[2]"))
    '\\t'
    """
    role = before.role
    if role != after.role or role not in ("list_item", "table_cell") or before.path is None or after.path is None:
        return BETWEEN_PARAGRAPHS
    if before.path == after.path:
        return BETWEEN_LINES
    shared = _read_shared_path(before.path, after.path)
    if role == "list_item":
        return BETWEEN_LINES if _LIST.search(shared) else BETWEEN_PARAGRAPHS
    if not _TABLE.search(shared):
        return BETWEEN_PARAGRAPHS
    return BETWEEN_CELLS if _share_row(before.path, after.path) else BETWEEN_LINES


def _read_shared_path(before: str, after: str) -> str:
    """The path down to the innermost box that both blocks stand in, with a slash at its end."""
    length = 0
    for step, other in zip(before.split("/"), after.split("/"), strict=False):
        if step != other:
            break
        length += len(step) + 1
    return (before + "/")[:length]


def _share_row(before: str, after: str) -> bool:
    """Whether both innermost table rows are one and the same."""
    row = _ROW.match(before + "/")
    return row is not None and (other := _ROW.match(after + "/")) is not None and row[0] == other[0]
