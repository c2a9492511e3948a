"""What a source may be, and how it becomes a page: bytes, text, a tree, a path or a file that is open."""

import os
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from lxml import etree

from boilerstrip.decode import decode, is_binary, mend_surrogates
from boilerstrip.errors import SourceError
from boilerstrip.options import KindOption
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html, segment_tree
from boilerstrip.segment.kind import tell_kind
from boilerstrip.segment.text import segment_text

_LONGEST_NAME: Final = 1_000
"""Characters of a text that may be an address or the name of a file; pages are longer."""


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
    note: str | None = None


def read_source(source: Source, kind: KindOption, encoding: str | None = None) -> Read:
    """Decode and segment a source of any allowed type.

    :raises SourceError: when it is of another type.
    """
    source = read_content(source)
    if isinstance(source, (etree._Element, etree._ElementTree)):
        root = source.getroot() if isinstance(source, etree._ElementTree) else source
        if root is None:
            return Read(Page(kind="html"), "")
        return Read(segment_tree(root), etree.tostring(root, encoding="unicode", method="html", with_tail=False))
    if isinstance(source, str):
        text = mend_surrogates(source.removeprefix("\ufeff"))
        return Read(segment_source_text(text, kind), text, note=note_source(source))
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _read_bytes(bytes(source), kind, encoding)
    raise SourceError(
        f"source must be bytes, str, a pathlib.Path, an open binary file or an lxml tree, not {type(source).__name__}"
    )


def _read_bytes(source: bytes, kind: KindOption, encoding: str | None) -> Read:
    decoded = decode(source, encoding)
    if is_binary(source, decoded.encoding):
        return Read(Page(kind="text"), "", decoded.encoding, decoded.source, is_binary=True)
    return Read(segment_source_text(decoded.text, kind), decoded.text, decoded.encoding, decoded.source)


def segment_source_text(text: str, kind: KindOption) -> Page:
    """Blocks of a text, told apart by content unless ``kind`` forces it."""
    return segment_html(text) if (tell_kind(text) if kind == "auto" else kind) == "html" else segment_text(text)


def segment_source(source: Source, *, encoding: str | None = None) -> Page:
    """The blocks of a source, as cleaning would cut it."""
    return read_source(source, "auto", encoding).page


def read_content(source: Any) -> Any:
    """The bytes of a path or of an open binary file; any other source as it is.

    :raises OSError: if the file cannot be read.
    :raises SourceError: if the file is open for text.

    >>> import io
    >>> read_content(io.BytesIO(b"A story.")), read_content("story.html")
    (b'A story.', 'story.html')
    """
    if isinstance(source, os.PathLike):
        with open(source, "rb") as file:
            return file.read()
    if not callable(getattr(source, "read", None)):
        return source
    content = source.read()
    if not isinstance(content, bytes):
        raise SourceError(
            f"the file gives {type(content).__name__} and not bytes; open it with 'rb': its encoding is found here"
        )
    return content


def note_source(source: object) -> str | None:
    """What a user is told whose text looks like the place of a page and not like the page.

    >>> note_source("https://example.com/story")
    'The source is a URL and was taken as text; download the page and pass its bytes.'
    >>> note_source("A story.") is None
    True
    """
    if not isinstance(source, str) or not 0 < len(source) <= _LONGEST_NAME:
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
