"""The kept blocks as XML: sections, lists, tables, quotations and figures by the names that TEI P5 gives them.

The body is the same for plain XML and for TEI (https://www.tei-c.org/release/doc/tei-p5-doc/en/html/), whose content
models decide what may stand in what; only what stands around it differs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final
from urllib.parse import quote, urlsplit

from boilerstrip import tags
from boilerstrip.blocks import Block
from boilerstrip.render.inline import Shown, Span, build_spans
from boilerstrip.render.outline import Node, align_rows, build_outline, iterate, read_code_language, split_images

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold, not even escaped (XML 1.0, 2.2)."""
_URI_CHARACTERS: Final = ":/?#@!$&'()*+,;=%-._~"
"""What may stand in a URI as it is, beside letters and digits (RFC 3986, 2)."""
_LOOSE_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_SEGMENT_END: Final = re.compile("[/?#]")
_SCHEME: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_LIST_TYPES: Final = {"ul": "bulleted", "ol": "ordered"}
_RENDERED: Final = {"emphasis": "italic", "strong": "bold", "subscript": "subscript", "superscript": "superscript"}
"""Kinds of marks that are a ``hi``, and how each is drawn."""


def write_element(name: str, content: str = "", attributes: Mapping[str, str | None] | None = None) -> str:
    """An element with content that is XML already; attributes are escaped, those without a value left out.

    >>> write_element("ref", "here", {"target": "/?a=1&b=2", "type": None})
    '<ref target="/?a=1&amp;b=2">here</ref>'
    """
    written = "".join(
        f' {attribute}="{escape_xml(value, quote=True)}"' for attribute, value in (attributes or {}).items() if value
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def escape_xml(text: str, *, quote: bool = False) -> str:
    """Text as XML can hold it: what it cannot is a replacement character.

    >>> escape_xml("1 < 2\\x00")
    '1 &lt; 2\\ufffd'
    """
    return _NO_XML.sub("\ufffd", escape(text, quote=quote)).replace("\r", "&#13;")


def write_address(address: str) -> str:
    """An address as a URI, which grammars ask for; ``""`` where it cannot be one.

    >>> write_address("https://example.org/a b?c=[é]&d=5%#e#f"), write_address("http://example.org:port/")
    ('https://example.org/a%20b?c=%5B%C3%A9%5D&d=5%25#e%23f', '')
    """
    before, sign, fragment = quote(address.strip(), safe=_URI_CHARACTERS, errors="replace").partition("#")
    address = _LOOSE_PERCENT.sub("%25", before + sign + fragment.replace("#", "%23"))
    first = _SEGMENT_END.split(address, maxsplit=1)[0]
    if ":" in first and not _SCHEME.match(first):  # a colon in the first segment would end a scheme
        address = first.replace(":", "%3A") + address[len(first) :]
    try:
        _ = urlsplit(address).port
    except ValueError:
        return ""
    return address


def _write_lines(text: str) -> str:
    """Text escaped for element content; a line break as ``lb``."""
    return escape_xml(text).replace("\n", "<lb/>\n")


def render_body(
    blocks: Sequence[Block],
    *,
    title: str | None = None,
    url: str | None = None,
    links: bool = False,
    images: bool = False,
) -> str:
    """The element ``body``: a ``div``, in which each heading opens another below that of the heading above it.

    :param title: the head of the outer ``div``; the other options are those of :func:`render_html`.

    >>> block = Block("1 < 2", True, 1.0, None, "paragraph", "p", "/html/body/p", None, (), 0, ())
    >>> print(render_body([block], title="Sums"))
    <body>
    <div>
    <head>Sums</head>
    <p>1 &lt; 2</p>
    </div>
    </body>
    """
    shown = Shown(url, links, images)
    lines = [write_element("head", _write_lines(title))] if title else []
    lines += _write_sections(build_outline(blocks).children, shown)
    return "\n".join(["<body>", "<div>", *lines, "</div>", "</body>"])


def _write_sections(children: Sequence[Node], shown: Shown) -> Iterator[str]:
    """The outermost blocks; a heading closes the sections of its level and of those below it."""
    open_levels: list[int] = []
    for child in children:
        level = tags.HEADINGS.get(child.tag) if child.block else None
        if level is None:
            yield from _write_node(child, shown)
            continue
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
            yield "</div>"
        open_levels.append(level)
        yield "<div>"
        yield write_element("head", "".join(_write_leaf_content(child.block, shown)))
    yield from ("</div>" for _ in open_levels)


def _write_node(node: Node, shown: Shown) -> Iterator[str]:
    if node.block is not None:
        yield from _write_leaf(node, shown)
    elif node.tag == "table":
        yield _write_table(node, shown)
    elif node.tag == "dl":
        yield write_element("list", "".join(_write_glosses(node, shown)), {"type": "gloss"})
    elif node.tag in _LIST_TYPES:
        items = (_write_item(item, shown) for item in node.children)
        yield write_element("list", _join(items), {"type": _LIST_TYPES[node.tag]})
    elif node.tag == "figure":
        yield write_element("figure", _join(_write_figure(node, shown)))
    elif node.tag == "blockquote":
        yield write_element("quote", _write_content(node, shown))
    else:
        for child in node.children:
            yield from _write_node(child, shown)


def _join(lines: Iterable[str]) -> str:
    return "\n" + "\n".join(lines) + "\n"


def _write_leaf(node: Node, shown: Shown) -> Iterator[str]:
    """A paragraph, or code in one; a heading that opens no section is a paragraph that is drawn as one."""
    if node.block is None:
        return
    if node.tag != "pre":
        rend = "head" if node.tag in tags.HEADINGS else None
        yield write_element("p", "".join(_write_leaf_content(node.block, shown)), {"rend": rend})
        return
    images, _ = split_images(node.block)
    pictures = "".join(map(_write_span, build_spans("", images, shown)))
    if pictures:
        yield write_element("p", pictures)
    attributes = {"lang": read_code_language(node.block), "xml:space": "preserve"}
    yield write_element("p", write_element("code", escape_xml(node.block.text), attributes))


def _write_leaf_content(block: Block | None, shown: Shown) -> Iterator[str]:
    if block is not None:
        images, marks = split_images(block)
        pictures = "".join(map(_write_span, build_spans("", images, shown)))
        yield pictures + ("\n" if pictures else "")
        yield from map(_write_span, build_spans(block.text, marks, shown))


def _write_content(node: Node, shown: Shown) -> str:
    """What is in an item, a cell or a quotation: a lone paragraph is written without its ``p``."""
    if len(node.children) == 1 and node.children[0].tag == "p":
        return "".join(_write_leaf_content(node.children[0].block, shown))
    return _join(line for child in node.children for line in _write_node(child, shown)) if node.children else ""


def _write_item(item: Node, shown: Shown) -> str:
    return write_element("item", _write_content(item, shown), {"n": str(item.number) if item.is_numbered else None})


def _write_glosses(node: Node, shown: Shown) -> Iterator[str]:
    """Terms and descriptions, which TEI has in pairs: one without the other gets an empty one beside it."""
    has_label = False
    for child in node.children:
        if child.tag == "dt":
            yield "<item/>" if has_label else ""
            yield "\n" + write_element("label", _write_phrases(child, shown))
        else:
            yield "" if has_label else "\n<label/>"
            yield write_element("item", _write_content(child, shown))
        has_label = child.tag == "dt"
    yield "<item/>\n" if has_label else "\n"


def _write_phrases(node: Node, shown: Shown) -> str:
    """What is in a box as lines of text alone."""
    leaves = (leaf.block for leaf in iterate(node) if leaf.block is not None)
    return "<lb/>\n".join("".join(_write_leaf_content(block, shown)) for block in leaves)


def _write_table(table: Node, shown: Shown) -> str:
    captions = [child for child in table.children if child.tag == "caption"]
    lines = [write_element("head", _write_phrases(caption, shown)) for caption in captions]
    for row in align_rows(table):
        cells = (_write_cell(cell, shown) for cell in row)
        lines.append(write_element("row", "".join(cells), {"role": "label" if _is_header(row) else None}))
    return write_element("table", _join(lines))


def _is_header(row: Sequence[Node]) -> bool:
    return all(cell.tag == "th" for cell in row)


def _write_cell(cell: Node, shown: Shown) -> str:
    return write_element("cell", _write_content(cell, shown), {"role": "label" if cell.tag == "th" else None})


def _write_figure(figure: Node, shown: Shown) -> Iterator[str]:
    """A caption is the figure's head; images in front of it stand beside it."""
    for child in figure.children:
        if child.tag != "figcaption":
            yield from _write_node(child, shown)
            continue
        blocks = [leaf.block for leaf in iterate(child) if leaf.block is not None]
        for block in blocks:
            yield from map(_write_span, build_spans("", split_images(block)[0], shown))
        texts = ("".join(map(_write_span, build_spans(block.text, split_images(block)[1], shown))) for block in blocks)
        yield write_element("head", "<lb/>\n".join(texts))


def _write_span(span: Span) -> str:
    if span.kind == "text":
        return _write_lines(span.text)
    if span.kind == "image":
        return write_element(
            "graphic", write_element("desc", escape_xml(span.text)), {"url": write_address(span.target) or "#"}
        )
    if span.kind == "code":
        return write_element("code", escape_xml(_read_text(span)))
    if span.kind == "formula":
        return write_element("formula", escape_xml(_read_text(span)), {"notation": "TeX"})
    inner = "".join(map(_write_span, span.children))
    if span.kind == "link":
        return write_element("ref", inner, {"target": write_address(span.target) or "#"})
    if span.kind == "deleted":
        return write_element("del", inner)
    return write_element("hi", inner, {"rend": _RENDERED[span.kind]})


def _read_text(span: Span) -> str:
    """The text in a span, without the markup in it, which code and formulas cannot have."""
    return span.text if span.kind == "text" else "".join(map(_read_text, span.children))


def render_xml(body: str, header: Mapping[str, Any]) -> str:
    """A document of plain XML, which ``docs/document.rng`` describes: a header of the values that are known, the body.

    >>> print(render_xml("<body/>", {"title": "Sums", "author": None}))
    <?xml version="1.0" encoding="UTF-8"?>
    <document>
    <header>
    <title>Sums</title>
    </header>
    <body/>
    </document>
    """
    values = ((name, value) for name, value in header.items() if value not in (None, "", ()))
    lines = [write_element(name, escape_xml(one)) for name, value in values for one in _as_list(value)]
    return '<?xml version="1.0" encoding="UTF-8"?>\n<document>\n' + (
        f"{write_element('header', _join(lines) if lines else '')}\n{body}\n</document>\n"
    )


def _as_list(value: Any) -> Sequence[str]:
    return value if isinstance(value, tuple) else (str(value),)
