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
from boilerstrip.render.code import read_code_language
from boilerstrip.render.inline import Shown, Span, build_leaf
from boilerstrip.render.outline import Node, align_rows, build_outline, list_blocks

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TEI_NAMESPACE: Final = "http://www.tei-c.org/ns/1.0"
_DAY: Final = re.compile(r"\d{4}(?:-\d\d){0,2}")
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
    lines = [
        _write_text_element(name, str(one))
        for name, value in header.items()
        if value not in (None, "", ())
        for one in (value if isinstance(value, tuple) else (value,))
    ]
    written = _write_element("header", _join(lines) if lines else "")
    return f"{_DECLARATION}<document>\n{written}\n{body}\n</document>\n"


def render_tei(body: str, header: Mapping[str, Any]) -> str:
    """A document in TEI P5: the header that says what the text is and where it is from, and the body.

    :param header: ``title``, ``author``, ``date``, ``site_name``, ``url``, ``language``, ``description``,
        ``categories``, ``tags`` and ``license``, each of which may be missing.
    """
    about = "\n".join(("", _write_file_description(header), _write_encoding(), *_write_profile(header), ""))
    text = _write_element("text", f"\n{body}\n", {"xml:lang": header.get("language")})
    root = _write_element("TEI", f"\n{_write_element('teiHeader', about)}\n{text}\n", {"xmlns": _TEI_NAMESPACE})
    return f"{_DECLARATION}{root}\n"


def _write_file_description(header: Mapping[str, Any]) -> str:
    """What the file is, and in ``sourceDesc`` the page that it was taken from."""
    authors = (name.strip() for name in (header.get("author") or "").split(";"))
    title = _write_text_element("title", header.get("title") or "")
    title += "".join(_write_text_element("author", name) for name in authors if name)
    publication = _write_element("p", "The text of a web page without its boilerplate.")
    if rights := header.get("license"):
        publication += _write_text_element("p", f"License of the page: {rights}")
    source = title
    if site := header.get("site_name"):
        source += _write_text_element("publisher", site)
    if date := header.get("date"):
        source += _write_text_element("date", date, {"when": date if _DAY.fullmatch(date) else None})
    if url := header.get("url"):
        source += _write_element("ptr", "", {"target": write_address(url) or "#"})
    return _write_element(
        "fileDesc",
        _write_element("titleStmt", title)
        + _write_element("publicationStmt", publication)
        + _write_element("sourceDesc", _write_element("bibl", source)),
    )


def _write_encoding() -> str:
    from importlib.metadata import version  # only now: it takes longer to load than everything here

    label = _write_element("label", "boilerstrip")
    program = _write_element("application", label, {"ident": "boilerstrip", "version": version("boilerstrip")})
    return _write_element("encodingDesc", _write_element("appInfo", program))


def _write_profile(header: Mapping[str, Any]) -> Iterator[str]:
    """What the text is about, if anything is known of that."""
    parts = ""
    if description := header.get("description"):
        parts += _write_element("abstract", _write_text_element("p", description))
    if language := header.get("language"):
        parts += _write_element("langUsage", _write_element("language", "", {"ident": language}))
    if names := (*header.get("categories", ()), *header.get("tags", ())):
        terms = "".join(_write_text_element("term", name) for name in names)
        parts += _write_element("textClass", _write_element("keywords", terms))
    if parts:
        yield _write_element("profileDesc", parts)


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
    head = [_write_element("head", _write_lines(title))] if title else []
    sections = _write_sections(build_outline(blocks).children, Shown(url, links, images))
    return "\n".join(["<body>", "<div>", *head, *sections, "</div>", "</body>"])


def _write_sections(children: Sequence[Node], shown: Shown) -> Iterator[str]:
    """The outermost blocks; a heading closes the sections of its level and of those below it."""
    open_levels: list[int] = []
    for child in children:
        level = tags.HEADINGS.get(child.tag)
        if level is None or child.block is None:
            yield from _write_node(child, shown)
            continue
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
            yield "</div>"
        open_levels.append(level)
        yield "<div>"
        yield _write_element("head", _write_phrase(child.block, shown))
    yield from ("</div>" for _ in open_levels)


def _write_node(node: Node, shown: Shown) -> Iterator[str]:
    if node.block is not None:
        yield from _write_leaf(node.tag, node.block, shown)
    elif node.tag == "table":
        yield _write_table(node, shown)
    elif node.tag == "dl":
        yield _write_element("list", "".join(_write_glosses(node, shown)), {"type": "gloss"})
    elif node.tag in _LIST_TYPES:
        items = (_write_item(item, shown) for item in node.children)
        yield _write_element("list", _join(items), {"type": _LIST_TYPES[node.tag]})
    elif node.tag == "figure":
        yield _write_element("figure", _join(_write_figure(node, shown)))
    elif node.tag == "blockquote":
        yield _write_element("quote", _write_content(node, shown))
    else:
        for child in node.children:
            yield from _write_node(child, shown)


def _write_leaf(tag: str, block: Block, shown: Shown) -> Iterator[str]:
    """A paragraph, or code in one; a heading that opens no section is a paragraph that is drawn as one."""
    if tag != "pre":
        yield _write_element("p", _write_phrase(block, shown), {"rend": "head" if tag in tags.HEADINGS else None})
        return
    images, _ = build_leaf(block, shown)
    if images:
        yield _write_element("p", _write_spans(images))
    attributes = {"lang": read_code_language(block), "xml:space": "preserve"}
    yield _write_element("p", _write_text_element("code", block.text, attributes))


def _write_phrase(block: Block, shown: Shown) -> str:
    """A block without an element around it, the images in front of it on a line of their own."""
    images, spans = build_leaf(block, shown)
    return _write_spans(images) + ("\n" if images else "") + _write_spans(spans)


def _write_phrases(node: Node, shown: Shown) -> str:
    """What is in a box as lines of text alone."""
    return "<lb/>\n".join(_write_phrase(block, shown) for block in list_blocks(node))


def _write_content(node: Node, shown: Shown) -> str:
    """What is in an item, a cell or a quotation: a lone paragraph is written without its ``p``."""
    if len(node.children) == 1 and node.children[0].tag == "p":
        return _write_phrases(node, shown)
    return _join(line for child in node.children for line in _write_node(child, shown)) if node.children else ""


def _write_item(item: Node, shown: Shown) -> str:
    return _write_element("item", _write_content(item, shown), {"n": str(item.number) if item.is_numbered else None})


def _write_glosses(node: Node, shown: Shown) -> Iterator[str]:
    """Terms and descriptions, which TEI has in pairs: one without the other gets an empty one beside it."""
    has_label = False
    for child in node.children:
        if child.tag == "dt":
            yield "<item/>" if has_label else ""
            yield "\n" + _write_element("label", _write_phrases(child, shown))
        else:
            yield "" if has_label else "\n<label/>"
            yield _write_element("item", _write_content(child, shown))
        has_label = child.tag == "dt"
    yield "<item/>\n" if has_label else "\n"


def _write_table(table: Node, shown: Shown) -> str:
    captions = (child for child in table.children if child.tag == "caption")
    heads = [_write_element("head", _write_phrases(caption, shown)) for caption in captions]
    return _write_element("table", _join([*heads, *(_write_row(row, shown) for row in align_rows(table))]))


def _write_row(row: Sequence[Node], shown: Shown) -> str:
    """A row; one of header cells alone is a label, as each of its cells is."""
    roles = ["label" if cell.tag == "th" else None for cell in row]
    cells = (
        _write_element("cell", _write_content(cell, shown), {"role": role})
        for cell, role in zip(row, roles, strict=True)
    )
    return _write_element("row", "".join(cells), {"role": "label" if all(roles) else None})


def _write_figure(figure: Node, shown: Shown) -> Iterator[str]:
    """A caption is the figure's head; images in front of it stand beside it."""
    for child in figure.children:
        if child.tag != "figcaption":
            yield from _write_node(child, shown)
            continue
        leaves = [build_leaf(block, shown) for block in list_blocks(child)]
        yield from (_write_span(image) for images, _ in leaves for image in images)
        yield _write_element("head", "<lb/>\n".join(_write_spans(spans) for _, spans in leaves))


def _write_spans(spans: Iterable[Span]) -> str:
    return "".join(map(_write_span, spans))


def _write_span(span: Span) -> str:
    if span.kind == "text":
        return _write_lines(span.text)
    if span.kind == "image":
        description = _write_text_element("desc", span.text)
        return _write_element("graphic", description, {"url": write_address(span.target) or "#"})
    if span.kind == "code":
        return _write_text_element("code", _read_text(span))
    if span.kind == "formula":
        return _write_text_element("formula", _read_text(span), {"notation": "TeX"})
    inner = _write_spans(span.children)
    if span.kind == "link":
        return _write_element("ref", inner, {"target": write_address(span.target) or "#"})
    if span.kind == "deleted":
        return _write_element("del", inner)
    return _write_element("hi", inner, {"rend": _RENDERED[span.kind]})


def _read_text(span: Span) -> str:
    """The text in a span, without the markup in it, which code and formulas cannot have."""
    return span.text if span.kind == "text" else "".join(map(_read_text, span.children))


def _join(lines: Iterable[str]) -> str:
    return "\n" + "\n".join(lines) + "\n"


def _write_text_element(name: str, text: str, attributes: Mapping[str, str | None] | None = None) -> str:
    return _write_element(name, _escape(text), attributes)


def _write_element(name: str, content: str = "", attributes: Mapping[str, str | None] | None = None) -> str:
    """An element with content that is XML already; attributes are escaped, those without a value left out.

    >>> _write_element("ref", "here", {"target": "/?a=1&b=2", "type": None})
    '<ref target="/?a=1&amp;b=2">here</ref>'
    """
    written = "".join(f' {key}="{_escape(value, quote=True)}"' for key, value in (attributes or {}).items() if value)
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _escape(text: str, *, quote: bool = False) -> str:
    """Text as XML can hold it: what it cannot is a replacement character.

    >>> _escape("1 < 2\\x00")
    '1 &lt; 2\\ufffd'
    """
    return _NO_XML.sub("\ufffd", escape(text, quote=quote)).replace("\r", "&#13;")


def _write_lines(text: str) -> str:
    """Text escaped for element content; a line break as ``lb``."""
    return _escape(text).replace("\n", "<lb/>\n")


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
