"""The encodings of the WHATWG Encoding Standard: their labels, and bytes in one of them to text with Python's codecs.

Source: https://encoding.spec.whatwg.org/#names-and-labels, as the package ``webencodings`` has them. Names are lower
case, as ``TextDecoder.encoding`` has them. Where we depart from the standard is in :data:`DEPARTURES`.
"""

import codecs
import re
from typing import Final

from webencodings.labels import LABELS

from boilerstrip.patterns import compile_later

DEPARTURES: Final = {
    "gbk": "gb18030",
    "x-user-defined": "windows-1252",
    "replacement": None,
}
"""Names of the standard that mean something else here: ``gbk`` goes by the name of its decoder, ``x-user-defined`` is
windows-1252 as in HTML, and what a browser refuses to read is unknown."""
READ_ALL_THE_SAME: Final = {"hz-gb-2312": "hz-gb-2312", "iso-2022-kr": "iso-2022-kr", "csiso2022kr": "iso-2022-kr"}
"""Labels that a browser refuses to read, lest scripts be smuggled in, which hurts nobody who reads text."""

_NAME_OF_LABEL: Final = {
    **{label: name for label, standard in LABELS.items() if (name := DEPARTURES.get(standard, standard))},
    **READ_ALL_THE_SAME,
}

NAMES: Final = tuple(dict.fromkeys(_NAME_OF_LABEL.values()))
"""Every encoding that can be asked for, by its WHATWG name."""

MULTIBYTE_CODECS: Final = {
    "utf-8": ("utf-8",),
    "utf-16le": ("utf-16-le",),
    "utf-16be": ("utf-16-be",),
    "utf-32le": ("utf-32-le",),
    "utf-32be": ("utf-32-be",),
    "gb18030": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "euc-kr": ("cp949",),
    "hz-gb-2312": ("hz",),
    "iso-2022-kr": ("iso2022_kr",),
}
"""The Python codecs that cover the standard's index, the closest first. ``iso-2022-jp`` is read as ``euc-jp``."""

_SINGLE_BYTE_CODECS: Final = {
    "ibm866": "cp866",
    "iso-8859-8-i": "iso-8859-8",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    **{name: name.replace("windows-", "cp") for name in NAMES if name.startswith("windows-")},
}
"""Where Python's name differs from the standard's."""

_SINGLE_BYTE_DIFFERENCES: Final = {"koi8-u": {0xAE: "ў", 0xBE: "Ў"}, "windows-1255": {0xCA: "\u05ba"}}
"""Where the standard's index differs from Python's, besides the control characters at 0x80 to 0x9F."""

_NAME_OF_CODEC: Final = {
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16le",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "big5hkscs": "big5",
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "cp950": "big5",
    "euc_jis_2004": "euc-jp",
    "euc_jp": "euc-jp",
    "euc_kr": "euc-kr",
    "hz": "hz-gb-2312",
    "iso2022_jp": "iso-2022-jp",
    "iso2022_jp_2": "iso-2022-jp",
    "iso2022_jp_ext": "iso-2022-jp",
    "iso2022_kr": "iso-2022-kr",
    "mac-cyrillic": "x-mac-cyrillic",
    "mac-roman": "macintosh",
}

DETECTABLE_CODECS: Final = (
    "ascii", "utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "cp932", "euc_jis_2004", "iso2022_jp_2",
    "iso2022_jp_ext", "cp949", "euc_kr", "cp874", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1257", "cp1258", "koi8-r", "koi8-u", "cp866", "mac-cyrillic", "mac-roman", "iso8859-1", "iso8859-2", "iso8859-3",
    "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-13", "iso8859-14",
    "iso8859-15",
)  # fmt: skip
"""What chardet may answer: what pages without a declaration were written in, and no mainframe or DOS code page."""
BREAKABLE_CODECS: Final = (
    "cp874", "iso8859-7", "cp1253", "cp1255", "euc_jis_2004", "cp932", "big5hkscs", "cp949", "gb18030",
)  # fmt: skip
"""Those in which some bytes mean nothing, those of the fewest letters first."""

_REPLACEMENT: Final = "\ufffd"
JAPANESE_ESCAPE: Final = compile_later(rb"\x1b(\$[@B]|\([BJI])")
_GBK_CHARACTERS: Final = compile_later(
    rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9])+|\x80", re.DOTALL
)
_GBK_EURO: Final = b"\xa2\xe3"
_SHIFT_TO_EUC: Final = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))


def resolve_label(label: str) -> str | None:
    """The WHATWG name of the encoding that a page's label means, ``None`` for an unknown label.

    >>> resolve_label(" Latin1 "), resolve_label("gb2312"), resolve_label("klingon")
    ('windows-1252', 'gb18030', None)
    """
    return _NAME_OF_LABEL.get(label.strip("\t\n\f\r ").lower())


def resolve_codec(codec: str) -> str | None:
    """The WHATWG name of a Python codec, ``None`` where the standard has no such encoding.

    >>> resolve_codec("latin-1"), resolve_codec("cp932"), resolve_codec("rot13"), resolve_codec("klingon")
    ('windows-1252', 'shift_jis', None, None)
    """
    try:
        name = codecs.lookup(codec).name
    except (LookupError, ValueError):
        return None
    return _NAME_OF_CODEC.get(name) or resolve_label(name)


def decode_as(name: str, source: bytes, errors: str) -> str:
    """The text of bytes in an encoding, with Python's ``errors`` for what it cannot read."""
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
    characters = list(bytes(range(256)).decode(_SINGLE_BYTE_CODECS.get(name, name), "replace"))
    for byte, character in enumerate(characters):
        if character == _REPLACEMENT:
            characters[byte] = chr(byte) if byte < 0xA0 else "\ufffe"
    for byte, character in _SINGLE_BYTE_DIFFERENCES.get(name, {}).items():
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
    if cut:  # half a character rather than a letter: a windows-1252 text ends in é, but not in Ã
        return text if declared or whole or len(cut) > 1 or cut[0] < 0xE0 else None
    return text if _is_tolerable(broken, whole, len(source) if declared else 0) else None


def _is_tolerable(broken: int, whole: int, declared_bytes: int) -> bool:
    """Whether ``broken`` sequences are damage in UTF-8; in legacy text the ``whole`` ones are the accident."""
    if broken <= 2 and (broken * 2 <= whole or broken * 1000 <= declared_bytes):
        return True
    return broken * 10 <= whole


def _count_non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def is_decodable(name: str, source: bytes) -> bool:
    """Whether the encoding reads all of the bytes."""
    try:
        decode_as(name, source, "strict")
    except UnicodeDecodeError:
        return False
    return True
