"""Bytes to text, and which encoding it was: byte-order mark, caller, declaration, UTF-8, detection, in this order.

Labels mean what the WHATWG Encoding Standard says (https://encoding.spec.whatwg.org), so ``latin1`` is windows-1252.
Content never raises: what cannot be decoded becomes U+FFFD.
"""

import codecs
import re
from typing import Final, Literal, NamedTuple

from boilerstrip.decoders import decode_as, decode_nearly, decode_utf8_nearly
from boilerstrip.detect import UTF16, ask_chardet, guess_by_pattern, guess_utf16
from boilerstrip.encodings_table import NAMES, resolve_codec, resolve_label
from boilerstrip.errors import OptionError
from boilerstrip.patterns import compile_later

EncodingSource = Literal["bom", "caller", "declared", "utf-8", "detected"]

PRESCAN_BYTES: Final = 1024
"""How far a declaration is looked for (HTML Living Standard, 13.2.3.2)."""
_SURE_UTF8_BYTES: Final = 8
"""Continuation bytes from which valid UTF-8 outweighs a declared legacy encoding: an accident in 1 of 10,000 texts.
One is enough where Latin-1 is declared, whose bytes for UTF-8's ``ä`` are ``Ã¤``: no word is spelt so."""

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
"""UTF-32 is not in the standard; it stands before UTF-16 because its little-endian mark begins with UTF-16's."""

_COMMENT: Final = compile_later(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META: Final = compile_later(rb"<meta[\s/]([^>]*)", re.IGNORECASE)
_ATTRIBUTE: Final = compile_later(rb"""([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_CONTENT_CHARSET: Final = compile_later(rb"""charset\s*=\s*["']?\s*([^\s"';]+)""", re.IGNORECASE)
_XML_DECLARATION: Final = compile_later(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']\s*([^\s"']+)""")
_MAGIC_NUMBERS: Final = (
    b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00",
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd", b"OggS\x00", b"ID3\x02", b"ID3\x03", b"ID3\x04", b"\x1a\x45\xdf\xa3", b"\x7fELF",
    b"\xca\xfe\xba\xbe", b"\xd0\xcf\x11\xe0", b"SQLite format 3\x00", b"ARROW1\x00", b"\x00asm", b"\x00\x01\x00\x00",
)  # fmt: skip
"""How documents, images, archives, media, databases and programs begin, unless a word could begin like that."""
_LATER_MAGIC_NUMBERS: Final = ((4, b"ftyp"), (8, b"WEBPVP8"), (8, b"WAVEfmt"), (8, b"AVI LIST"), (257, b"ustar"))
_CONTROLS: Final = bytes({*range(1, 32), 127} - set(b"\t\n\v\f\r\x0e\x0f\x1b"))
"""Control characters that no text encoding uses; ISO-2022 needs the escape and the two shifts."""


class Decoded(NamedTuple):
    """Text, the WHATWG name of the encoding it was read in, and what named that encoding."""

    text: str
    encoding: str
    source: EncodingSource


def decode(source: bytes, encoding: str | None = None) -> Decoded:
    r"""Decode a page. The first of these that can decode it wins:

    1. a byte-order mark;
    2. ``encoding``, the caller's: an HTTP charset, a WHATWG label or a Python codec name;
    3. ``<meta>`` or the XML declaration within the first 1,024 bytes;
    4. UTF-8, if the bytes are valid;
    5. what chardet finds.

    A page that is UTF-8 but for a few bytes is UTF-8 with U+FFFD in their place. A page that declares a legacy encoding
    and is valid UTF-8 all the same was saved again after its declaration was written: it is UTF-8. A caller is obeyed:
    what the page declares or looks like does not count where the caller's encoding can read the bytes.

    Raises :class:`boilerstrip.errors.OptionError` for an ``encoding`` that nobody knows.

    >>> decode("<meta charset=latin1><p>Müllers Café".encode("windows-1252"))
    Decoded(text='<meta charset=latin1><p>Müllers Café', encoding='windows-1252', source='declared')
    >>> decode("na\u00efve".encode("utf-8"))
    Decoded(text='naïve', encoding='utf-8', source='utf-8')
    """
    claimed = _resolve_caller(encoding)
    return (
        _decode_marked(source)
        or _decode_claimed(source, claimed)
        or _decode_declared(source)
        or _decode_utf8(source)
        or _decode_detected(source)
    )


def _read_bom(source: bytes) -> tuple[str, int] | None:
    r"""The encoding and the length of the byte-order mark.

    >>> _read_bom(b"\xef\xbb\xbfstory"), _read_bom(b"story")
    (('utf-8', 3), None)
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if source.startswith(mark):
            return name, len(mark)
    return None


def find_declared(source: bytes) -> str | None:
    """The encoding that ``<meta>`` or else the XML declaration names; an unknown label counts as none.

    ``utf-16`` means utf-8 here: the declaration could not have been read otherwise (HTML Living Standard, 13.2.3.2).

    >>> find_declared(b"<meta http-equiv=content-type content='text/html; charset=koi8-r'>")
    'koi8-r'
    """
    head = _COMMENT.sub(b"", source[:PRESCAN_BYTES])
    labels = [label for meta in _META.finditer(head) if (label := _read_meta_charset(meta[1]))]
    if xml := _XML_DECLARATION.match(head):
        labels.append(xml[1])
    names = (resolve_label(label.decode("ascii", "replace")) for label in labels)
    name = next((name for name in names if name), None)
    return "utf-8" if name in ("utf-16le", "utf-16be") else name


def is_binary(source: bytes, encoding: str | None = None) -> bool:
    r"""Whether the bytes are no text: a known file format, or too many control characters in the first 8 KiB.

    :param encoding: the encoding they were read in, where it is known; UTF-16 has NUL bytes.

    The bounds are 2.5 % (compressed data has 10 %, text has none) and 25 % for NUL, which some pages are strewn with.
    UTF-16 is text, with or without a byte-order mark.

    >>> is_binary(b"%PDF-1.7"), is_binary(b"\x1f\x8b\x08\x00"), is_binary(b"one\x00two")
    (True, True, False)
    """
    if _read_bom(source):
        return False
    if source.startswith(_MAGIC_NUMBERS) or any(source.startswith(magic, at) for at, magic in _LATER_MAGIC_NUMBERS):
        return True
    sample = source[:8192]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * 40 <= len(sample) and sample.count(0) * 4 <= len(sample):
        return False
    return encoding not in UTF16 and guess_utf16(source) is None


def mend_surrogates(text: str) -> str:
    r"""Join surrogate pairs and replace lone surrogates, so that the text can be encoded.

    >>> mend_surrogates("\ud83d\ude00 \ud800")
    '😀 �'
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _resolve_caller(encoding: str | None) -> str | None:
    if encoding is None:
        return None
    name = resolve_label(encoding) or resolve_codec(encoding) if isinstance(encoding, str) else None
    if name is None:
        raise OptionError(
            f"encoding={encoding!r} is not allowed; use one of {', '.join(NAMES)} or another label of the WHATWG "
            "Encoding Standard, or leave it out and let the page tell"
        )
    return name


def _decode_marked(source: bytes) -> Decoded | None:
    found = _read_bom(source)
    if found is None:
        return None
    name, length = found
    return Decoded(decode_as(name, source[length:], "replace"), name, "bom")


def _decode_claimed(source: bytes, claimed: str | None) -> Decoded | None:
    text = None if claimed is None else decode_nearly(claimed, source)
    return None if text is None or claimed is None else Decoded(text, claimed, "caller")


def _decode_declared(source: bytes) -> Decoded | None:
    name = find_declared(source)
    if name is None or (name != "utf-8" and _is_surely_utf8(source, 1 if name == "windows-1252" else _SURE_UTF8_BYTES)):
        return None
    text = decode_nearly(name, source)
    return None if text is None else Decoded(text, name, "declared")


def _decode_utf8(source: bytes) -> Decoded | None:
    if guess_by_pattern(source):
        return None
    text = decode_utf8_nearly(source, declared=False)
    return None if text is None else Decoded(text, "utf-8", "utf-8")


def _decode_detected(source: bytes) -> Decoded:
    name = guess_by_pattern(source) or ask_chardet(source) or "windows-1252"
    return Decoded(decode_as(name, source, "replace").removeprefix("\ufeff"), name, "detected")


def _read_meta_charset(attributes: bytes) -> bytes | None:
    values = {match[1].lower(): match[2] or match[3] or match[4] or b"" for match in _ATTRIBUTE.finditer(attributes)}
    if b"charset" in values:
        return values[b"charset"]
    if values.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return None
    content = _CONTENT_CHARSET.search(values.get(b"content", b""))
    return content[1] if content else None


def _is_surely_utf8(source: bytes, least: int) -> bool:
    try:
        return len(source) - len(source.decode("utf-8")) >= least
    except UnicodeDecodeError:
        return False
