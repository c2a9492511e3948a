"""Bytes to text, and which encoding it was: byte-order mark, caller, declaration, UTF-8, detection, in this order.

Labels mean what the WHATWG Encoding Standard says (https://encoding.spec.whatwg.org), so ``latin1`` is windows-1252.
Content never raises: what cannot be decoded becomes U+FFFD.
"""

import codecs
import re
from typing import Final, Literal, NamedTuple

from boilerstrip.encodings_table import (
    DETECTABLE_CODECS,
    MULTIBYTE_CODECS,
    NAMES,
    SINGLE_BYTE_CODECS,
    SINGLE_BYTE_DIFFERENCES,
    resolve_codec,
    resolve_label,
)
from boilerstrip.errors import OptionError

EncodingSource = Literal["bom", "caller", "declared", "utf-8", "detected"]

PRESCAN_BYTES: Final = 1024
"""How far a declaration is looked for (HTML Living Standard, 13.2.3.2)."""
SAMPLE_BYTES: Final = 65_536
"""How much the detector gets to see; its models converge at 16 KiB (chardet 7, ADR-0006)."""
SURE_UTF8_BYTES: Final = 8
"""Continuation bytes from which valid UTF-8 outweighs a declared legacy encoding: an accident in 1 of 10,000 texts.
One is enough where Latin-1 is declared, whose bytes for UTF-8's ``ä`` are ``Ã¤``: no word is spelt so."""

REPLACEMENT: Final = "\ufffd"

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
"""UTF-32 is not in the standard; it stands before UTF-16 because its little-endian mark begins with UTF-16's."""

_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META: Final = re.compile(rb"<meta[\s/]([^>]*)", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(rb"""([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_CONTENT_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?\s*([^\s"';]+)""", re.IGNORECASE)
_XML_DECLARATION: Final = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']\s*([^\s"']+)""")
_TEXT_RUN: Final = re.compile(rb"[^<>\n]+")
_NON_ASCII: Final = re.compile(rb"[\x80-\xff]")
_JAPANESE_ESCAPE: Final = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_GBK_CHARACTERS: Final = re.compile(
    rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9])+|\x80", re.DOTALL
)
_GBK_EURO: Final = "€".encode("gb18030")
_HZ_RUN: Final = re.compile(rb"~\{((?:[!-~][!-~])+)~\}")
_COMMON_HANZI: Final = bytes(range(0x21, 0x58))
"""First bytes of signs and of the more common half of GB 2312."""
_UTF16: Final = ("utf-16le", "utf-16be")
_NO_WRITING: Final = re.compile(
    "[^\t\n\r -~\xa0-\u109f\u1780-\u17ff\u1e00-\u206f\u20a0-\u27bf\u3000-\u312f\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
"""What text in the living scripts has one of in fifty characters at most."""
_SHIFT_TO_EUC: Final = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))

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


def read_bom(source: bytes) -> tuple[str, int] | None:
    r"""The encoding and the length of the byte-order mark.

    >>> read_bom(b"\xef\xbb\xbfstory"), read_bom(b"story")
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
    if read_bom(source):
        return False
    if source.startswith(_MAGIC_NUMBERS) or any(source.startswith(magic, at) for at, magic in _LATER_MAGIC_NUMBERS):
        return True
    sample = source[:8192]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * 40 <= len(sample) and sample.count(0) * 4 <= len(sample):
        return False
    return encoding not in _UTF16 and _guess_utf16(source) is None


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
    found = read_bom(source)
    if found is None:
        return None
    name, length = found
    return Decoded(_decode_as(name, source[length:], "replace"), name, "bom")


def _decode_claimed(source: bytes, claimed: str | None) -> Decoded | None:
    text = None if claimed is None else _decode_nearly(claimed, source)
    return None if text is None or claimed is None else Decoded(text, claimed, "caller")


def _decode_declared(source: bytes) -> Decoded | None:
    name = find_declared(source)
    if name is None or (name != "utf-8" and _is_surely_utf8(source, 1 if name == "windows-1252" else SURE_UTF8_BYTES)):
        return None
    text = _decode_nearly(name, source)
    return None if text is None else Decoded(text, name, "declared")


def _decode_utf8(source: bytes) -> Decoded | None:
    if _guess_by_pattern(source):
        return None
    text = _decode_utf8_nearly(source, declared=False)
    return None if text is None else Decoded(text, "utf-8", "utf-8")


def _decode_detected(source: bytes) -> Decoded:
    name = _guess_by_pattern(source) or _ask_chardet(source) or "windows-1252"
    return Decoded(_decode_as(name, source, "replace").removeprefix("\ufeff"), name, "detected")


def _read_meta_charset(attributes: bytes) -> bytes | None:
    values = {match[1].lower(): match[2] or match[3] or match[4] or b"" for match in _ATTRIBUTE.finditer(attributes)}
    if b"charset" in values:
        return values[b"charset"]
    if values.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return None
    content = _CONTENT_CHARSET.search(values.get(b"content", b""))
    return content[1] if content else None


def _decode_as(name: str, source: bytes, errors: str) -> str:
    if name == "iso-2022-jp":
        return _decode_as("euc-jp", _shift_japanese(source), errors)
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
        if character == REPLACEMENT:
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
    parts = _JAPANESE_ESCAPE.split(source)
    shifted = [parts[0]]
    for escape, part in zip(parts[1::2], parts[2::2], strict=True):
        if escape.startswith(b"$"):
            part = part.translate(_SHIFT_TO_EUC)
        elif escape == b"(I":
            part = b"".join(b"\x8e" + bytes((byte | 0x80,)) for byte in part)
        shifted.append(part)
    return b"".join(shifted)


def _decode_nearly(name: str, source: bytes) -> str | None:
    """The text if the encoding decodes all of it, or all but one in 50 of its non-ASCII characters."""
    if name == "utf-8":
        return _decode_utf8_nearly(source, declared=True)
    try:
        return _decode_as(name, source, "strict").removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = _decode_as(name, source, "replace")
    broken = text.count(REPLACEMENT)
    return text if broken * 50 <= _count_non_ascii(text) - broken else None


def _decode_utf8_nearly(source: bytes, declared: bool) -> str | None:
    """The text if the bytes are UTF-8, or were before a few of them broke or the end was cut off."""
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = source[error.start :] if error.reason == "unexpected end of data" else b""
    text = source.decode("utf-8", "replace")
    broken = text.count(REPLACEMENT) - source.count(REPLACEMENT.encode())
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


def _is_surely_utf8(source: bytes, least: int) -> bool:
    try:
        return len(source) - len(source.decode("utf-8")) >= least
    except UnicodeDecodeError:
        return False


def _guess_by_pattern(source: bytes) -> str | None:
    """UTF-16 without a mark, and the encodings of seven bits: bytes that are valid UTF-8 by accident."""
    name = _guess_utf16(source)
    sample = source[:SAMPLE_BYTES]
    if name is None and b"\x1b$)C" in sample and b"\x0e" in sample and _is_decodable("iso-2022-kr", sample):
        return "iso-2022-kr"
    if name is None and b"\x1b$" in sample and _decode_nearly("iso-2022-jp", sample) is not None:
        return "iso-2022-jp"
    if name is None and b"~{" in sample and _is_hz(sample):
        return "hz-gb-2312"
    return name


def _is_decodable(name: str, source: bytes) -> bool:
    try:
        _decode_as(name, source, "strict")
    except UnicodeDecodeError:
        return False
    return True


def _is_hz(sample: bytes) -> bool:
    """Whether most of what stands between ``~{`` and ``~}`` are the more common characters of Chinese."""
    leads = b"".join(run[::2] for run in _HZ_RUN.findall(sample))
    common = len(leads) - len(leads.translate(None, _COMMON_HANZI))
    return len(leads) >= 4 and common * 10 >= len(leads) * 9 and _is_decodable("hz-gb-2312", sample)


def _guess_utf16(source: bytes) -> str | None:
    """Whether every other byte, and no byte between, is the high byte of the scripts from Latin to Arabic; or whether
    bytes that are no UTF-8 are, read so, text with some white space or markup in it."""
    sample = source[:4096]
    if len(sample) < 8 or b"\x00" not in sample:
        return None
    high = [sum(sample[parity::2].count(byte) for byte in range(7)) * 2 for parity in (0, 1)]
    if high[1] > len(sample) * 0.6 and high[0] < len(sample) * 0.1:
        return "utf-16le"
    if high[0] > len(sample) * 0.6 and high[1] < len(sample) * 0.1:
        return "utf-16be"
    if _decode_utf8_nearly(sample, declared=False) is not None:
        return None
    zeros = sample[::2].count(0), sample[1::2].count(0)
    name = _UTF16[zeros[0] > zeros[1]]
    return name if min(zeros) * 4 <= max(zeros) and _is_writing(name, sample) else None


def _is_writing(name: str, sample: bytes) -> bool:
    """Whether a sample is, in UTF-16, all characters and nearly all of living scripts."""
    codec = MULTIBYTE_CODECS[name][0]
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return False
    return len(_NO_WRITING.findall(text)) * 50 <= len(text)


def _ask_chardet(source: bytes) -> str | None:
    import chardet  # takes 30 ms to load, and few pages need it

    sample = _take_sample(source)
    mended = mend_euro(sample)
    if mended != sample and _is_decodable("gb18030", mended):
        sample = mended
    # What chardet prefers as supersets are relatives with other letters, such as windows-1250 for ISO-8859-2.
    found = chardet.detect(sample, prefer_superset=False, compat_names=False, include_encodings=DETECTABLE_CODECS)
    return resolve_codec(found["encoding"]) if found["encoding"] else None


def _take_sample(source: bytes) -> bytes:
    """The text runs that are not plain ASCII, without markup, which says nothing about the encoding."""
    runs: list[bytes] = []
    size = 0
    for match in _TEXT_RUN.finditer(source):
        first = _NON_ASCII.search(source, match.start(), match.end())
        if first is None:
            continue
        runs.append(source[max(match.start(), first.start() - 256) : match.end()])
        size += len(runs[-1])
        if size >= SAMPLE_BYTES:
            break
    return b"\n".join(runs)[:SAMPLE_BYTES]
