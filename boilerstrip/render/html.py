"""The kept blocks as clean HTML: a fixed set of elements, escaped text, addresses of allowed schemes, no more."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from boilerstrip import tags
from boilerstrip.blocks import Block
from boilerstrip.render.code import read_code_language
from boilerstrip.render.inline import Shown, Span, build_leaf, build_spans
from boilerstrip.render.outline import Node, align_rows, build_outline

_UNSAFE_CHARACTERS: Final = {0: "\ufffd", 13: "&#13;"}
"""NUL is not allowed in HTML; a carriage return would be read as a line feed."""
_PHRASE_BOXES: Final = frozenset({"li", "dt", "dd", "td", "th", "caption", "figcaption"})
"""Boxes that hold a lone paragraph without its ``p``."""


def render_html(
    blocks: Sequence[Block],
    *,
    title: str | None = None,
    url: str | None = None,
    links: bool = False,
    images: bool = False,
) -> str:
    """The kept blocks as a piece of HTML that is safe to put into a page as it is.

    :param title: put on top as ``h1``.
    :param url: where the page is, for its relative addresses.
    :param links: keep links to http, https and mailto.
    :param images: keep images from http and https.

    >>> block = Block("1 < 2", True, 1.0, None, "paragraph", "p", "/html/body/p", None, (), 0, ())
    >>> render_html([block], title="Sums")
    '<h1>Sums</h1>\\n<p>1 &lt; 2</p>\\n'
    """
    heading = f"<h1>{_write_lines(title)}</h1>\n" if title else ""
    return heading + "".join(_write_nodes(build_outline(blocks).children, Shown(url, links, images)))


def _write_lines(text: str) -> str:
    """Text escaped for element content; a line break as ``<br>``."""
    return _escape(text).replace("\n", "<br>\n")


def _escape(text: str) -> str:
    return escape(text).translate(_UNSAFE_CHARACTERS)


def _write_nodes(nodes: Iterable[Node], shown: Shown) -> Iterator[str]:
    for node in nodes:
        if node.block is not None:
            yield from _write_leaf(node.tag, node.block, shown)
        elif node.tag == "table":
            yield from _write_table(node, shown)
        elif node.tag == "hr":
            yield "<hr>\n"
        else:
            yield from _write_box(node, shown, _write_number(node))


def _write_number(node: Node) -> str:
    """The number that a list starts with, or that an item has by its author, as an attribute."""
    if node.tag == "ol" and node.children[0].number != 1:
        return f' start="{node.children[0].number}"'
    return f' value="{node.number}"' if node.is_numbered else ""


def _write_box(node: Node, shown: Shown, attribute: str = "") -> Iterator[str]:
    """An element with children; the only paragraph of an item, a cell or a caption is written without its ``p``."""
    first, below = node.children[:1], node.children[1:]
    is_phrase = node.tag in _PHRASE_BOXES and all(child.tag in tags.LIST_TAGS for child in below)
    yield f"<{node.tag}{attribute}>"
    if first and first[0].tag == "p" and first[0].block is not None and is_phrase:
        yield _write_spans(build_spans(first[0].block.text, first[0].block.marks, shown))
        first = []
    yield "\n" if first or below else ""
    yield from _write_nodes([*first, *below], shown)
    yield f"</{node.tag}>\n"


def _write_table(table: Node, shown: Shown) -> Iterator[str]:
    yield "<table>\n"
    for child in table.children:
        if child.tag == "caption":
            yield from _write_box(child, shown)
    for row in align_rows(table):
        yield "<tr>\n"
        for cell in row:
            yield from _write_box(cell, shown)
        yield "</tr>\n"
    yield "</table>\n"


def _write_leaf(tag: str, block: Block, shown: Shown) -> Iterator[str]:
    """A paragraph, a heading or a piece of code; images in front of it stand in a paragraph of their own."""
    images, spans = build_leaf(block, shown)
    if images:
        yield f"<p>{_write_spans(images)}</p>\n"
    if tag == "pre":
        language = read_code_language(block)
        name = f' class="language-{_escape(language)}"' if language else ""
        # The code element keeps a parser from dropping a line feed right after <pre>.
        yield f"<pre><code{name}>{_escape(block.text)}</code></pre>\n"
    else:
        yield f"<{tag}>{_write_spans(spans)}</{tag}>\n"


def _write_spans(spans: Iterable[Span]) -> str:
    return "".join(map(_write_span, spans))


def _write_span(span: Span) -> str:
    if span.kind == "text":
        return _write_lines(span.text)
    if span.kind == "image":
        return f'<img src="{_escape(span.target)}" alt="{_escape(span.text)}">'
    inner = _write_spans(span.children)
    if span.kind == "formula":
        return inner
    if span.kind == "link":
        return f'<a href="{_escape(span.target)}">{inner}</a>'
    element = tags.MARK_ELEMENTS[span.kind]
    return f"<{element}>{inner}</{element}>"
