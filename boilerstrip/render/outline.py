"""The nesting of the kept blocks – lists, tables, quotations, figures – rebuilt from their paths.

Every format with markup is written from this one tree, so that all hold the same words in the same order.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from typing import Final

from boilerstrip import tags
from boilerstrip.blocks import Block
from boilerstrip.page import Mark
from boilerstrip.patterns import join_wide
from boilerstrip.render.code import is_lines_of_code, join_code
from boilerstrip.render.inline import keep_rules, mark_whole

_NESTING_LIMIT: Final = 18
"""Boxes around one block that are rebuilt; deeper ones are left out, their text is not. Readers of Markdown may stop at
20 levels (markdown-it, ``maxNesting``), and the text of a block is one."""

_STEP: Final = re.compile(r"/([^/\[]+)(?:\[(\d+)\])?")
_HEADING_STEP: Final = re.compile(r"/(h[1-6])(?=[/\[]|$)")
_TABLE_PARTS: Final = ("tr", *tags.CELLS, "caption")
_SIMPLE_CELL_CONTENT: Final = frozenset({"p", "pre", *tags.HEADINGS, "ul", "ol", "dl", "li", "dt", "dd"})
_LED_BY_IMAGES: Final = frozenset({"paragraph", "heading", "code"})
"""Roles of blocks that an image may stand above."""
_RULED: Final = frozenset({"", "blockquote"})
"""Boxes in which a rule may stand between two blocks: the root and a quotation."""
_NEAR: Final = 3
"""Dropped blocks, its caption among them, that may stand between an image and the block that it leads."""
_CELL_BLOCKS_LIMIT: Final = 12
"""A cell with more blocks, or lines of code, than this is a column of a page's layout."""


@dataclass(slots=True)
class Node:
    """An element of the tree: a box with children, or a leaf with a block's text."""

    tag: str
    """Of a box, one of :data:`boilerstrip.tags.CONTAINER_TAGS` (``menu`` and ``dir`` are ``ul``); of a leaf ``p``,
    ``pre`` or ``h1`` to ``h6``."""
    children: list["Node"] = field(default_factory=list)
    block: Block | None = None
    path: str = ""
    """Of a box of the page, which shares it with no other."""
    ordinal: int = 1
    """One-based position among the siblings of the same tag in the page, dropped ones included."""
    number: int = 1
    """Of an item, the number in front of it; of a cell, its column."""
    is_numbered: bool = False
    """Whether the page gives the item or the cell another number than its position."""
    is_done: bool | None = None
    """Of an item that is a task."""
    note: str = ""
    """Label of the note that an item or a leaf is."""


def build_outline(blocks: Sequence[Block]) -> Node:
    """The kept blocks as a tree below a root node.

    >>> def item(text, path):
    ...     return Block(text, True, 1.0, None, "list_item", "li", path, None, (), 0, ())
    >>> outline = build_outline([item("one", "/ul/li[1]"), item("two", "/ul/li[2]/ol/li")])
    >>> [child.tag for child in outline.children[0].children[1].children]
    ['ol']
    """
    root = Node("")
    opened = [root]
    in_heading = Counter(_find_heading(block)[0] for block in blocks if block.kept)
    for block in map(mark_whole, join_code(keep_rules(_keep_pictures(blocks)))):
        is_ruled = any(mark.kind == "rule" for mark in block.marks)
        _enter(opened, _read_boxes(block), is_ruled=is_ruled)
        path, tag = _find_heading(block)
        leaf = _make_leaf(block, tag if in_heading[path] == 1 or block.role in ("heading", "button") else "")
        _describe(block, leaf, opened)
        _place(opened[-1], leaf)
    _dissolve_layout(root)
    _limit_nesting(root)
    return root


def _keep_pictures(blocks: Sequence[Block]) -> Iterator[Block]:
    """The kept blocks, with the images that stand between them.

    One in front of a dropped block goes with it, as that of a teaser does, unless the dropped one is but its caption or
    it stands apart from that. Then it follows the block right above, and else leads the next one, as far as that is
    near; a caption's leads the next paragraph in any case.
    """
    last: Block | None = None
    leading: tuple[Mark, ...] = ()
    gap = 0
    for block, below in zip_longest(blocks, blocks[1:]):
        pictures = tuple(mark for mark in block.marks if mark.kind in ("picture", "image") and mark.end == 0)
        gap += not block.kept
        if block.kept:
            leading = leading if gap <= _NEAR else ()
            if block.role not in _LED_BY_IMAGES:
                last, leading = _append_images(last, leading), ()
            if last is not None:
                yield last
            last = replace(block, marks=(*leading, *map(_as_image, block.marks))) if pictures or leading else block
            leading, gap = (), 0
            continue
        is_caption = block.role == "caption"
        own = pictures if is_caption else tuple(mark for mark in pictures if mark.kind == "picture")
        is_above = is_caption and below is not None and below.kept and below.role in _LED_BY_IMAGES
        if last is not None and last.index == block.index - 1 and not is_above:
            last = _append_images(last, own)
        elif own:
            leading, gap = (*leading, *map(_as_image, own)), 1
    if last is not None:
        yield last


def _append_images(block: Block | None, images: Sequence[Mark]) -> Block | None:
    """The block with images at its end."""
    if block is None or not images:
        return block
    end = len(block.text)
    return replace(block, marks=(*block.marks, *(_as_image(mark)._replace(start=end, end=end) for mark in images)))


def _as_image(mark: Mark) -> Mark:
    return mark._replace(kind="image") if mark.kind == "picture" else mark


def _describe(block: Block, leaf: Node, opened: Sequence[Node]) -> None:
    """Give the item or the cell that a block begins its number, and the note that it is its label."""
    for mark in block.marks:
        if mark.kind in ("number", "column"):
            wanted = tags.CELLS if mark.kind == "column" else ("li",)
            for box in [box for box in opened if box.tag in wanted][-1:]:
                if box.tag == "li" and _find_list(opened) == "ul":
                    box.is_done = mark.label == "1"
                else:
                    box.number, box.is_numbered = int(mark.label), True
        elif mark.kind == "note" and mark.label.isalnum():
            [leaf, *(box for box in opened if box.tag == "li")][-1].note = mark.label


def _find_list(opened: Sequence[Node]) -> str:
    """The tag of the innermost list that is open."""
    return next((box.tag for box in reversed(opened) if box.tag in ("ul", "ol")), "")


def find_notes(blocks: Sequence[Block]) -> frozenset[str]:
    """The notes among the kept blocks, by the names that their marks lead to."""
    marks = (mark for block in blocks if block.kept for mark in block.marks)
    return frozenset(mark.target for mark in marks if mark.kind == "note" and mark.label.isalnum())


def _read_boxes(block: Block) -> list[Node]:
    """The boxes around a block whose nesting is rebuilt, outermost first.

    A path by number, as ``(//*)[1234]``, says nothing about them: then the block's role has to do.
    """
    path = block.path or ""
    if path.startswith("("):
        tag = {"list_item": "li", "quote": "blockquote"}.get(block.role)
        return [Node(tag, path=path)] if tag else []
    steps = [match for match in _STEP.finditer(path) if match[1] in tags.CONTAINER_TAGS]
    return [_make_box(path[: step.end()], step[1], int(step[2] or 1)) for step in steps[:_NESTING_LIMIT]]


def _make_box(path: str, tag: str, ordinal: int) -> Node:
    return Node(tags.LIST_TAGS.get(tag, tag), path=path, ordinal=ordinal, number=ordinal)


def _enter(opened: list[Node], boxes: Sequence[Node], *, is_ruled: bool) -> None:
    """Close the open boxes below the root that the next block is not in, write the rule, and open those it is in."""
    shared = 0
    while shared < min(len(opened) - 1, len(boxes)) and opened[shared + 1].path == boxes[shared].path:
        shared += 1
    del opened[shared + 1 :]
    if is_ruled and opened[-1].tag in _RULED:
        opened[-1].children.append(Node("hr"))
    for box in boxes[shared:]:
        _place(opened[-1], box)
        opened.append(box)


def _place(parent: Node, node: Node) -> None:
    """Add a child, with the box between that HTML requires: items stand in lists, and lists hold nothing but items."""
    wanted = tags.LIST_ITEM_TAGS.get(node.tag)
    if wanted:
        allowed = ("ul", "ol") if wanted == "ul" else ("dl",)
        if parent.tag not in allowed:
            parent = _reuse(parent, allowed, wanted)
    elif parent.tag in ("ul", "ol", "dl"):
        parent = _reuse(parent, ("li", "dd") if node.block is None else (), "dd" if parent.tag == "dl" else "li")
    parent.children.append(node)


def _reuse(parent: Node, allowed: Sequence[str], wanted: str) -> Node:
    """The last child if it is a box of an allowed kind, or else a new one."""
    if parent.children and parent.children[-1].tag in allowed:
        return parent.children[-1]
    box = Node(wanted)
    _place(parent, box)
    return box


def _find_heading(block: Block) -> tuple[str, str]:
    """The path and the tag of the innermost heading that a block stands in; empty where there is none."""
    path = block.path or ""
    steps = list(_HEADING_STEP.finditer(path))
    return (path[: steps[-1].end()], steps[-1][1]) if steps else ("", "")


def _make_leaf(block: Block, heading: str) -> Node:
    """A block as a leaf; ``heading`` is the tag of the one that it is all of, or the button of, that opens its section.

    The lines that a paragraph of plain text was wrapped at are joined again.
    """
    if block.role == "code" or is_lines_of_code(block):
        return Node("pre", block=block)
    if block.path is None:
        return Node("p", block=replace(block, text=_join_lines(block.text)))
    if heading:
        return Node(heading, block=block)
    return Node(block.tag if block.tag in tags.HEADINGS else "p", block=block)


def _join_lines(text: str) -> str:
    """The lines of a wrapped paragraph as one, without their indentation and, below the first, the signs of a mail.

    >>> _join_lines("> I called\\n> the council"), _join_lines("* The first\\n  of many")
    ('> I called the council', '* The first of many')
    """
    first, *others = text.splitlines() or [""]
    is_quoted = first.startswith(">") and all(line.startswith(">") for line in others)
    stripped = (line.lstrip("> " if is_quoted else None) for line in others)
    return " ".join(join_wide("\n".join([first, *stripped])).split("\n"))


def _dissolve_layout(node: Node) -> None:
    """Replace tables that only lay out the page, and rows and captions without a table, by what they hold."""
    children: list[Node] = []
    for child in node.children:
        _dissolve_layout(child)
        misplaced = child.tag in _TABLE_PARTS and node.tag not in ("table", "tr")
        if misplaced or (child.tag == "figcaption" and node.tag != "figure"):
            children.extend(child.children)
        elif child.tag == "table" and not _is_data_table(_add_rows(child)):
            children.extend(_unwrap_cells(child))
        else:
            children.append(child)
    node.children = children


def _add_rows(table: Node) -> Node:
    """The table with rows around cells that have none, each as long as the row above them all."""
    rows = [child for child in table.children if child.tag == "tr"]
    width = max((cell.ordinal for cell in rows[0].children), default=0) if rows else 0
    children: list[Node] = []
    last = -1
    for child in table.children:
        if child.tag in tags.CELLS and width > 1:
            row, place = divmod(child.ordinal - 1, width)
            child.ordinal = place + 1
            if row != last:
                children.append(Node("tr"))
            children[-1].children.append(child)
            last = row
        else:
            children.append(child)
    table.children = children
    return table


def _limit_nesting(node: Node, depth: int = 0) -> None:
    """Replace the boxes that would stand too deep by the leaves they hold."""
    children: list[Node] = []
    for child in node.children:
        if child.block is None and depth + 1 + (child.tag in tags.LIST_TAGS) > _NESTING_LIMIT:
            children.extend(leaf for leaf in _iterate(child) if leaf.block is not None)
        else:
            children.append(child)
            if child.tag != "table":
                _limit_nesting(child, depth + 1)
    node.children = children


def _unwrap_cells(node: Node) -> Iterator[Node]:
    """What stands in the cells and the caption of a table."""
    for child in node.children:
        if child.tag in _TABLE_PARTS:
            yield from _unwrap_cells(child)
        else:
            yield child


def _is_data_table(table: Node) -> bool:
    """Whether a table holds data: rows of small cells, two of them side by side in at least one row of several."""
    kinds = [child.tag for child in table.children]
    rows = [child for child in table.children if child.tag == "tr"]
    if kinds not in (["tr"] * len(rows), ["caption"] + ["tr"] * len(rows)):
        return False
    cells = [cell for row in rows for cell in row.children]
    if not all(cell.tag in tags.CELLS and _is_simple_cell(cell) for cell in cells):
        return False
    # Beside code without a header stand the numbers of its lines.
    has_code = any(node.tag == "pre" for cell in cells for node in _iterate(cell))
    if has_code and all(cell.tag == "td" for cell in cells):
        return False
    widest = max((len(row.children) for row in rows), default=0)
    return widest >= 2 and (len(rows) >= 2 or all(cell.tag == "th" for cell in cells))


def _is_simple_cell(cell: Node) -> bool:
    inside = list(_iterate(cell))
    leaves = sum(1 + (node.tag == "pre") * node.block.text.count("\n") for node in inside if node.block)
    return leaves <= _CELL_BLOCKS_LIMIT and all(node.tag in _SIMPLE_CELL_CONTENT for node in inside)


def _iterate(node: Node) -> Iterator[Node]:
    """All nodes below one, in document order."""
    for child in node.children:
        yield child
        yield from _iterate(child)


def list_blocks(node: Node) -> list[Block]:
    """The blocks in a box, whatever holds them there."""
    return [inner.block for inner in _iterate(node) if inner.block is not None]


def align_rows(table: Node) -> list[list[Node]]:
    """The cells of a data table, all rows as wide as the widest, with an empty cell where the page has an empty or
    dropped one.
    """
    rows = [row.children for row in table.children if row.tag == "tr"]
    placed = [dict(zip(_number_columns(row), row, strict=True)) for row in rows]
    columns = sorted(set[int]().union(*placed))
    return [
        [cells.get(column) or Node(row[0].tag) for column in columns] for row, cells in zip(rows, placed, strict=True)
    ]


def _number_columns(row: Sequence[Node]) -> list[int]:
    """The column of each cell of a row, from its position among the cells of its own tag.

    Header cells are taken to stand before the data cells, or after them where the first kept cell is a data cell; if
    that does not give a rising sequence, the cells are counted as they come. Where cells of the table take several rows
    or columns, or a row of both kinds has an empty cell, reading has counted them.
    """
    if any(cell.is_numbered for cell in row):
        return [cell.number for cell in row]
    first = row[0].tag
    offset = max(cell.ordinal for cell in row if cell.tag == first)
    numbers = [cell.ordinal if cell.tag == first else cell.ordinal + offset for cell in row]
    rising = all(before < after for before, after in pairwise(numbers))
    return numbers if rising else list(range(1, len(numbers) + 1))
