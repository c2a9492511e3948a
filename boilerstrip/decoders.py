"""Bytes in a known encoding to text, as the WHATWG Encoding Standard says, and as far as the encoding reads them."""

import codecs
import re
from typing import Final

from boilerstrip.encodings_table import MULTIBYTE_CODECS, SINGLE_BYTE_CODECS, SINGLE_BYTE_DIFFERENCES
from boilerstrip.patterns import compile_later

_REPLACEMENT: Final = "\ufffd"

JAPANESE_ESCAPE: Final = compile_later(rb"\x1b(\$[@B]|\([BJI])")
_GBK_CHARACTERS: Final = compile_later(
    rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9])+|\x80", re.DOTALL
)
_GBK_EURO: Final = b"\xa2\xe3"
_SHIFT_TO_EUC: Final = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))


def decode_as(name: str, source: bytes, errors: str) -> str:
    if name == "iso-2022-jp":
        return decode_as("euc-jp", _shift_japanese(source), errors)
    if name == "gb18030":
        source = mend_euro(source)
    for codec in MULTIBYTE_CODECS.get(name, ()):
        try:
            return source.decode(codec)
        except UnicodeDecodeError:
            continue
    if name in MULTIBYTE_CODECS:
        return source.decode(MULTIBYTE_CODECS[name][0], errors)
    return codecs.charmap_decode(source, errors, _build_single_byte_table(name))[0]


def _build_single_byte_table(name: str) -> str:
    """The 256 characters of a single-byte encoding. What Python leaves undefined below 0xA0 is a control character."""
    characters = list(bytes(range(256)).decode(SINGLE_BYTE_CODECS.get(name, name), "replace"))
    for byte, character in enumerate(characters):
        if character == _REPLACEMENT:
            characters[byte] = chr(byte) if byte < 0xA0 else "\ufffe"
    for byte, character in SINGLE_BYTE_DIFFERENCES.get(name, {}).items():
        characters[byte] = character
    return "".join(characters)


def mend_euro(source: bytes) -> bytes:
    r"""GBK with the euro sign that the standard knows and Python does not: the byte 0x80 where a character begins.

    >>> mend_euro(b"\x80 5, \xd6\x80").decode("gb18030")
    '€ 5, 謤'
    """
    if b"\x80" not in source:
        return source
    return _GBK_CHARACTERS.sub(lambda match: _GBK_EURO if match[0] == b"\x80" else match[0], source)


def _shift_japanese(source: bytes) -> bytes:
    """ISO-2022-JP as EUC-JP, whose codecs know more characters: escape sequences become high bits."""
    parts = JAPANESE_ESCAPE.split(source)
    shifted = [parts[0]]
    for escape, part in zip(parts[1::2], parts[2::2], strict=True):
        if escape.startswith(b"$"):
            part = part.translate(_SHIFT_TO_EUC)
        elif escape == b"(I":
            part = b"".join(b"\x8e" + bytes((byte | 0x80,)) for byte in part)
        shifted.append(part)
    return b"".join(shifted)


def decode_nearly(name: str, source: bytes) -> str | None:
    """The text if the encoding decodes all of it, or all but one in 50 of its non-ASCII characters."""
    if name == "utf-8":
        return decode_utf8_nearly(source, declared=True)
    try:
        return decode_as(name, source, "strict").removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = decode_as(name, source, "replace")
    broken = text.count(_REPLACEMENT)
    return text if broken * 50 <= _count_non_ascii(text) - broken else None


def decode_utf8_nearly(source: bytes, declared: bool) -> str | None:
    """The text if the bytes are UTF-8, or were before a few of them broke or the end was cut off."""
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = source[error.start :] if error.reason == "unexpected end of data" else b""
    text = source.decode("utf-8", "replace")
    broken = text.count(_REPLACEMENT) - source.count(_REPLACEMENT.encode())
    whole = _count_non_ascii(text) - broken
    if cut:
        return text if declared or whole or _is_cut_character(cut) else None
    return text if _is_tolerable(broken, whole, len(source) if declared else 0) else None


def _is_cut_character(cut: bytes) -> bool:
    """Whether the end is half a UTF-8 character rather than a letter: a windows-1252 text ends in é, but not in Ã."""
    return len(cut) > 1 or cut[0] < 0xE0


def _is_tolerable(broken: int, whole: int, declared_bytes: int) -> bool:
    """Whether ``broken`` sequences are damage in UTF-8; in legacy text the ``whole`` ones are the accident."""
    if broken <= 2 and (broken * 2 <= whole or broken * 1000 <= declared_bytes):
        return True
    return broken * 10 <= whole


def _count_non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def is_decodable(name: str, source: bytes) -> bool:
    try:
        decode_as(name, source, "strict")
    except UnicodeDecodeError:
        return False
    return True
