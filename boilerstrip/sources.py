"""What a source may be, and how it becomes a page: bytes, text, a tree, a path or a file that is open."""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from lxml import etree

from boilerstrip.decode import decode, inflate, is_binary, mend_surrogates
from boilerstrip.errors import SourceError
from boilerstrip.limits import UNLIMITED, Limits
from boilerstrip.options import KindOption
from boilerstrip.page import Page
from boilerstrip.patterns import compile_later
from boilerstrip.segment.cut import cut_bytes, cut_string, end_with_block
from boilerstrip.segment.html import WALK_SHARE, segment_html, segment_tree
from boilerstrip.segment.kind import tell_kind
from boilerstrip.segment.text import segment_text

_LONGEST_NAME: Final = 1_000
"""Characters of a text that may be an address or the name of a file; pages are longer."""
_TAG: Final = compile_later(r"<(/?[A-Za-z!][^<>]*)>")
_ESCAPE: Final = compile_later(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""What sets the colours of a terminal (ECMA-48, 5.4). A text that is passed keeps it, as its characters are counted."""
_UNREAD: Final = ("script", "style")

_BYTE_ORDER_MARK: Final = "\ufeff"


class BinaryFile(Protocol):
    """A file that is open for reading, such as ``open(path, "rb")``, a response's body or ``sys.stdin.buffer``."""

    def read(self) -> bytes: ...


Source: TypeAlias = (
    bytes | bytearray | memoryview | str | etree._Element | etree._ElementTree | os.PathLike[str] | BinaryFile
)


class Read(NamedTuple):
    """A source as text and as blocks."""

    page: Page
    text: str
    encoding: str | None = None
    encoding_source: str | None = None
    is_binary: bool = False
    notes: tuple[str, ...] = ()


def read_source(source: Source, kind: KindOption, encoding: str | None = None, limits: Limits = UNLIMITED) -> Read:
    """Decode and segment a source of any allowed type, as far as the limits allow.

    :raises SourceError: when it is of another type.
    """
    source = read_content(source, limits)
    if isinstance(source, (etree._Element, etree._ElementTree)):
        return _read_tree(source.getroot() if isinstance(source, etree._ElementTree) else source, limits)
    if isinstance(source, str):
        note = _note_source(source)
        text = source.removeprefix(_BYTE_ORDER_MARK)
        part = text if limits.max_bytes is None else cut_string(text, limits.max_bytes)
        read = _read_text(mend_surrogates(part), kind, limits, is_part=len(part) < len(text))
        if len(text) < len(source) and read.page.kind == "text":
            read = _count_mark(read)
        return read._replace(notes=(note, *read.notes)) if note else read
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _read_bytes(bytes(source), kind, encoding, limits)
    raise SourceError(
        f"source must be bytes, str, a pathlib.Path, an open binary file or an lxml tree, not {type(source).__name__}"
    )


def _count_mark(read: Read) -> Read:
    """A text as whoever holds it counts its characters: the byte order mark in front of it is one."""
    spans = [(start + 1, end + 1) for start, end in read.page.spans]
    return read._replace(page=replace(read.page, spans=spans), text=_BYTE_ORDER_MARK + read.text)


def _read_tree(root: etree._Element | None, limits: Limits) -> Read:
    """A tree, which is in memory already and counts no bytes."""
    if root is None:
        return Read(Page(kind="html"), "")
    page = segment_tree(root, limits.part(WALK_SHARE))
    text = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    return Read(page, text, notes=_describe_cut(page, limits))


def _read_bytes(source: bytes, kind: KindOption, encoding: str | None, limits: Limits) -> Read:
    source = inflate(source, limits.max_bytes)
    part = source if limits.max_bytes is None else cut_bytes(source, limits.max_bytes)
    decoded = decode(part, encoding)
    if is_binary(part, decoded.encoding):
        return Read(Page(kind="text"), "", decoded.encoding, decoded.source, is_binary=True)
    text = _ESCAPE.sub("", decoded.text) if "\x1b[" in decoded.text else decoded.text
    is_same = decoded.encoding == "utf-8" and decoded.source != "bom" and "\ufffd" not in text
    encoded = part if is_same and text is decoded.text else None
    read = _read_text(text, kind, limits, is_part=len(part) < len(source), encoded=encoded)
    return read._replace(encoding=decoded.encoding, encoding_source=decoded.source)


def _read_text(text: str, kind: KindOption, limits: Limits, *, is_part: bool, encoded: bytes | None = None) -> Read:
    """Blocks of a text, told apart by content unless ``kind`` forces it; of a part, those that are whole."""
    kind = tell_kind(text) if kind == "auto" else kind
    if is_part:
        text = end_with_block(text, kind)
    limits = limits.of_size(len(text))
    page = segment_html(text, limits, None if is_part else encoded) if kind == "html" else segment_text(text, limits)
    notes = _describe_cut(page, limits)
    if not is_part:
        return Read(page, text, notes=notes)
    return Read(replace(page, truncated=True), text, notes=(limits.describe_bytes(), *notes))


def _describe_cut(page: Page, limits: Limits) -> tuple[str, ...]:
    """What is told of a page that was cut while it was read."""
    if not page.truncated:
        return ()
    return (limits.describe_blocks() if len(page) >= limits.most_blocks else limits.describe_time(),)


def segment_source(source: Source, *, encoding: str | None = None) -> Page:
    """The blocks of a source, as cleaning would cut it."""
    return read_source(source, "auto", encoding).page


def read_content(source: Any, limits: Limits = UNLIMITED) -> Any:
    """The bytes of a path, up to one more than the limit allows, or of an open binary file; any other source as it is.

    :raises OSError: if the file cannot be read.
    :raises SourceError: if the file is open for text.

    >>> import io
    >>> read_content(io.BytesIO(b"A story.")), read_content("story.html")
    (b'A story.', 'story.html')
    """
    if isinstance(source, os.PathLike):
        with open(source, "rb") as file:
            return file.read() if limits.max_bytes is None else file.read(limits.max_bytes + 1)
    if not callable(getattr(source, "read", None)):
        return source
    content = source.read()
    if not isinstance(content, bytes):
        raise SourceError(
            f"the file gives {type(content).__name__} and not bytes; open it with 'rb': its encoding is found here"
        )
    return content


def _note_source(source: str) -> str | None:
    """What a user is told whose text looks like the place of a page and not like the page.

    >>> _note_source("https://example.com/story")
    'The source is a URL and was taken as text; download the page and pass its bytes.'
    """
    if len(source) > _LONGEST_NAME:
        return None
    text = source.strip()
    if len(text.split()) == 1 and text.lower().startswith(("http://", "https://")):
        return "The source is a URL and was taken as text; download the page and pass its bytes."
    if "\n" not in text and _is_file(text):
        return "The source is the name of a file and was taken as text; pass pathlib.Path(name) to read it."
    return None


def _is_file(name: str) -> bool:
    try:
        return os.path.isfile(name)
    except ValueError:  # a NUL in it
        return False


def read_plainly(content: Any) -> Read:
    """A source as lines of text, by nothing that could fail: for one that met a fault of this package.

    >>> read_plainly(b"<style>p {}</style><p>Rain &amp; wind.<p>Sun.").page.texts
    ['Rain & wind.', 'Sun.']
    """
    if isinstance(content, (etree._Element, etree._ElementTree)):
        text = etree.tostring(content, encoding="unicode", method="html", with_tail=False)
    else:
        text = content if isinstance(content, str) else bytes(content).decode("utf-8", "replace")
    lines = list(filter(None, map(str.strip, _strip_tags(text).splitlines())))
    ends = accumulate(len(line) + 1 for line in lines)
    page = Page(
        kind="text",
        texts=lines,
        tags=[""] * len(lines),
        roles=["paragraph"] * len(lines),
        link_characters=[0] * len(lines),
        spans=[(end - 1 - len(line), end - 1) for line, end in zip(lines, ends, strict=True)],
        marks=[()] * len(lines),
    )
    return Read(page, "\n".join(lines))


def _strip_tags(text: str) -> str:
    from html import unescape  # only now, as hardly any page comes here

    return unescape("\n".join(_read_between_tags(text))) if _TAG.search(text) else text


def _read_between_tags(text: str) -> Iterator[str]:
    """What stands between the tags, without scripts and styles."""
    unread = ""
    parts = [*_TAG.split(text), "no tag"]  # none follows the last text
    for content, tag in zip(parts[::2], parts[1::2], strict=True):
        if not unread:
            yield content
        name = tag.split(None, 1)[0].lower()
        if name == f"/{unread}":
            unread = ""
        elif not unread and name in _UNREAD:
            unread = name
