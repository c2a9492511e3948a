"""Blocks to text, clean HTML, Markdown, XML and data, from ``document.blocks`` alone: no page is parsed again.

Here is the only table of the output formats, which the command and the batch read.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

FORMATS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "txt": lambda document: document.text,
        "md": lambda document: document.to_markdown(),
        "html": lambda document: document.to_html(),
        "json": lambda document: document.to_json(),
        "xml": lambda document: document.to_xml(),
        "tei": lambda document: document.to_tei(),
        "csv": lambda document: document.to_csv(),
    }
)
"""What a document is as the content of a file; the name of a format is the suffix of its files."""

ROW_FORMATS: Final = ("jsonl", "parquet")
"""Formats in which one file holds a row for each page; :mod:`boilerstrip.batch.run` opens each."""


def render_file(document: Any, output_format: str) -> bytes:
    """The content of a document's file in UTF-8, where half a surrogate pair is a question mark.

    >>> from boilerstrip.document import Document
    >>> render_file(Document(text="One."), "txt")
    b'One.\\n'
    """
    text = FORMATS[output_format](document)
    return (text + "\n" if text and not text.endswith("\n") else text).encode("utf-8", "replace")
