"""The first part of a source that is longer than it may be, up to where a block ends."""

import re
from typing import Final

from boilerstrip import tags
from boilerstrip.page import Kind
from boilerstrip.patterns import compile_later

_REACH: Final = 1_000_000
"""Characters before the limit in which the end of a block is looked for."""
_SAMPLE: Final = 1000
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_BLOCK_TAG: Final = compile_later(rf"</?(?:{'|'.join(sorted(tags.BLOCK_OPENERS))})\b", re.IGNORECASE)
_BLANK_LINE: Final = compile_later(r"\n\s*\n")


def cut_bytes(source: bytes, most: int) -> bytes:
    """At most so many bytes, up to a ``<`` or a line's end: in no encoding of the web they are the second half of a
    character. Where there is none, up to a whole character of UTF-8 and of UTF-16.

    >>> cut_bytes(b"<p>one<p>two", 11), cut_bytes("Fähre".encode(), 2)
    (b'<p>one', b'F')
    """
    if len(source) <= most:
        return source
    end = max(source.rfind(b"<", 1, most), source.rfind(b"\n", 1, most))
    if end < 1:
        end = most
        while end > max(most - 3, 0) and source[end] & 0xC0 == 0x80:
            end -= 1
    is_wide = source.startswith(_WIDE_MARKS) or b"\0" in source[:_SAMPLE]
    return source[: end - end % 2 if is_wide else end]


def cut_string(text: str, most: int) -> str:
    """At most so many bytes of UTF-8.

    >>> cut_string("Fähre", 3), cut_string("Fähre", 2)
    ('Fä', 'F')
    """
    if len(text) * 4 <= most or (text.isascii() and len(text) <= most):
        return text
    encoded = text[:most].encode("utf-8", "surrogatepass")
    if len(encoded) <= most:
        return text[:most]
    return encoded[:most].decode("utf-8", "ignore")


def end_with_block(text: str, kind: Kind) -> str:
    """A text that was cut anywhere, up to where a block ends: at a tag of a block-level element or a blank line, else
    at a line's end, else at white space.

    >>> end_with_block("<p>one</p><p>two thr", "html"), end_with_block("one two thr", "text")
    ('<p>one</p>', 'one two ')
    """
    start = max(len(text) - _REACH, 0)
    pattern = _BLOCK_TAG if kind == "html" else _BLANK_LINE
    ends = [match.start() for match in pattern.finditer(text, start)]
    end = next(filter(None, (max(ends, default=0), text.rfind("\n", start) + 1, text.rfind(" ", start) + 1)), len(text))
    return text[:end]
