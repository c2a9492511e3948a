"""What a source may be beside bytes, text and trees: a path, or a file that is open. Read at once, as bytes."""

import os
from typing import Any, Final, Protocol, TypeAlias

from boilerstrip.errors import SourceError

_LONGEST_NAME: Final = 1_000
"""Characters of a text that may be an address or the name of a file; pages are longer."""


class BinaryFile(Protocol):
    """A file that is open for reading, such as ``open(path, "rb")``, a response's body or ``sys.stdin.buffer``."""

    def read(self) -> bytes: ...


ReadableSource: TypeAlias = os.PathLike[str] | BinaryFile


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
