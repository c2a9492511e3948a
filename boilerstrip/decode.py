"""Bytes to text, and which encoding it was: byte-order mark, caller, declaration, UTF-8, detection, in this order.

Labels mean what the WHATWG Encoding Standard says (https://encoding.spec.whatwg.org), so ``latin1`` is windows-1252.
Content never raises: what cannot be decoded becomes U+FFFD.
"""

import codecs
import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from boilerstrip.encodings import (
    BREAKABLE_CODECS,
    DETECTABLE_CODECS,
    JAPANESE_ESCAPE,
    MULTIBYTE_CODECS,
    NAMES,
    decode_as,
    decode_nearly,
    decode_utf8_nearly,
    is_decodable,
    mend_euro,
    resolve_codec,
    resolve_label,
)
from boilerstrip.errors import OptionError
from boilerstrip.limits import LARGEST_PAGE
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
_GZIP: Final = b"\x1f\x8b"
_MAGIC_NUMBERS: Final = (
    b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00",
    b"PK\x03\x04", b"PK\x05\x06", _GZIP, b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd", b"OggS\x00", b"ID3\x02", b"ID3\x03", b"ID3\x04", b"\x1a\x45\xdf\xa3", b"\x7fELF",
    b"\xca\xfe\xba\xbe", b"\xd0\xcf\x11\xe0", b"SQLite format 3\x00", b"ARROW1\x00", b"\x00asm", b"\x00\x01\x00\x00",
)  # fmt: skip
"""How documents, images, archives, media, databases and programs begin, unless a word could begin like that."""
_LATER_MAGIC_NUMBERS: Final = ((4, b"ftyp"), (8, b"WEBPVP8"), (8, b"WAVEfmt"), (8, b"AVI LIST"), (257, b"ustar"))
_CONTROLS: Final = bytes({*range(1, 32), 127} - set(b"\t\n\v\f\r\x0e\x0f\x1b"))
"""Control characters that no text encoding uses; ISO-2022 needs the escape and the two shifts."""

_SAMPLE_BYTES: Final = 65_536
"""How much the detector gets to see; its models converge at 16 KiB (chardet 7, ADR-0006)."""
_NO_WRITING: Final = compile_later(
    "[^\t\n\r -~\xa0-\u109f\u1780-\u17ff\u1e00-\u206f\u20a0-\u27bf\u3000-\u312f\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
"""What text in the living scripts has one of in fifty characters at most."""
_FEW_BYTES: Final = 4
"""Non-ASCII bytes that tell little by themselves."""
_BEGINNING_BYTES: Final = 2048

_TEXT_RUN: Final = compile_later(rb"[^<>\n]+")
_NON_ASCII: Final = compile_later(rb"[\x80-\xff]")
_HZ_RUN: Final = compile_later(rb"~\{((?:[!-w][!-~]){1,400})~\}")
_COMMON_HANZI: Final = bytes(range(0x21, 0x58))
"""First bytes of signs and of the more common half of GB 2312."""
_UTF16: Final = ("utf-16le", "utf-16be")
_CONTROL: Final = compile_later(rb"[\x01-\x08\x10-\x1a\x1c-\x1f]")
_KANA: Final = 0x30
"""High byte of hiragana, katakana, 、 and 。"""


class Decoded(NamedTuple):
    """Text, the WHATWG name of the encoding it was read in, and what named that encoding."""

    text: str
    encoding: str
    source: EncodingSource


def decode(source: bytes, encoding: str | None = None) -> Decoded:
    r"""Decode a page. The first of these that can decode it wins:

    1. a byte-order mark;
    2. ``encoding``, the caller's: an HTTP charset, a WHATWG label or a Python codec name;
    3. ``<meta>`` or the XML declaration within the first 1,024 bytes, unless it is older than the page;
    4. UTF-8, if the bytes are valid;
    5. what chardet finds.

    A page that is UTF-8 but for a few bytes is UTF-8 with U+FFFD in their place. A caller is obeyed: what the page
    declares or looks like does not count where the caller's encoding can read the bytes. Latin-1 alone, which HTTP
    libraries name where the header names nothing, gives way to valid UTF-8: its bytes for "ä" would be "Ã¤".

    :raises OptionError: for an ``encoding`` that nobody knows.

    >>> decode("<meta charset=latin1><p>Müllers Café".encode("windows-1252"))
    Decoded(text='<meta charset=latin1><p>Müllers Café', encoding='windows-1252', source='declared')
    """
    claimed = _resolve_caller(encoding)
    if mark := _read_bom(source):
        name, length = mark
        return Decoded(decode_as(name, source[length:], "replace"), name, "bom")
    is_default = claimed == "windows-1252" and _is_outdated(claimed, source)
    if claimed and not is_default and (text := decode_nearly(claimed, source)) is not None:
        return Decoded(text, claimed, "caller")
    declared = find_declared(source)
    if declared and not _is_outdated(declared, source) and (text := decode_nearly(declared, source)) is not None:
        return Decoded(text, declared, "declared")
    guessed = guess_by_pattern(source)
    if not guessed and (text := decode_utf8_nearly(source, declared=False)) is not None:
        return Decoded(text, "utf-8", "utf-8")
    name = guessed or _ask_chardet(source) or "windows-1252"
    return Decoded(decode_as(name, source, "replace").removeprefix("\ufeff"), name, "detected")


def _read_bom(source: bytes) -> tuple[str, int] | None:
    """The encoding and the length of the byte-order mark."""
    return next(((name, len(mark)) for mark, name in _BYTE_ORDER_MARKS if source.startswith(mark)), None)


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


def inflate(source: bytes, most: int | None = None) -> bytes:
    r"""What gzip packed, all members of it, up to one byte more than ``most`` (without it, of :data:`LARGEST_PAGE` at
    most); a source that is no gzip, damaged or too large, as it is.

    >>> import gzip
    >>> inflate(gzip.compress(b"A story.")), inflate(gzip.compress(b"A story."), 2), inflate(b"A story.")
    (b'A story.', b'A s', b'A story.')
    """
    if not source.startswith(_GZIP):
        return source
    import gzip  # only now, as hardly any page comes packed
    import zlib
    from io import BytesIO

    bound = LARGEST_PAGE if most is None else most
    try:
        content = gzip.GzipFile(fileobj=BytesIO(source)).read(bound + 1)
    except (OSError, EOFError, zlib.error):
        return source
    return content if content and (most is not None or len(content) <= bound) else source


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
    return encoding not in _UTF16 and guess_utf16(source) is None


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


def _read_meta_charset(attributes: bytes) -> bytes | None:
    values = {match[1].lower(): match[2] or match[3] or match[4] or b"" for match in _ATTRIBUTE.finditer(attributes)}
    if b"charset" in values:
        return values[b"charset"]
    if values.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return None
    content = _CONTENT_CHARSET.search(values.get(b"content", b""))
    return content[1] if content else None


def _is_outdated(declared: str, source: bytes) -> bool:
    """Whether a page that declares a legacy encoding was saved again as UTF-8 after its declaration was written."""
    if declared == "utf-8":
        return False
    try:
        continuation_bytes = len(source) - len(source.decode("utf-8"))
    except UnicodeDecodeError:
        return False
    return continuation_bytes >= (1 if declared == "windows-1252" else _SURE_UTF8_BYTES)


def guess_by_pattern(source: bytes) -> str | None:
    """UTF-16 without a mark, and the encodings of seven bits: bytes that are valid UTF-8 by accident."""
    sample = source[:_SAMPLE_BYTES]
    if b"~{" in sample and _is_hz(sample):
        return "hz-gb-2312"
    if b"\x1b$" in sample:
        if b"\x1b$)C" in sample and b"\x0e" in sample and is_decodable("iso-2022-kr", sample):
            return "iso-2022-kr"
        if JAPANESE_ESCAPE.search(sample) and decode_nearly("iso-2022-jp", sample) is not None:
            return "iso-2022-jp"
    return guess_utf16(source)


def _is_hz(sample: bytes) -> bool:
    """Whether most of what stands between ``~{`` and ``~}`` are the more common characters of Chinese."""
    leads = b"".join(run[::2] for run in _HZ_RUN.findall(sample))
    common = len(leads) - len(leads.translate(None, _COMMON_HANZI))
    return len(leads) >= 4 and common * 10 >= len(leads) * 9 and is_decodable("hz-gb-2312", sample)


def guess_utf16(source: bytes) -> str | None:
    """Whether every other byte, and no byte between, is the high byte of the scripts from Latin to Arabic; or whether
    the bytes are text of other scripts if read so, and none, or one full of control characters, in UTF-8."""
    sample = source[:4096]
    if len(sample) < 8 or b"\x00" not in sample:
        return _guess_kana(sample)
    if name := _find_side(sample, range(7), 0.6):
        return name
    names = [name for name in _UTF16 if _is_writing(name, sample)]
    if len(names) != 1:
        return None
    is_text = decode_utf8_nearly(sample, declared=False) is not None and max(_measure_sides(sample, range(16))) < 0.7
    return None if is_text else names[0]


def _guess_kana(sample: bytes) -> str | None:
    """Japanese in UTF-16 without one ASCII character: many bytes are the high byte of kana, all on one side, and 、 and
    。 bring control characters, which no other text has."""
    if not _CONTROL.search(sample) or len(_NON_ASCII.findall(sample)) * 10 < len(sample):
        return None
    name = _find_side(sample, (_KANA,), 0.2)
    return name if name and _is_writing(name, sample) else None


def _find_side(sample: bytes, high_bytes: Sequence[int], least: float) -> str | None:
    """The encoding in whose high bytes some have at least a share, and hardly any in the low ones."""
    even, odd = _measure_sides(sample, high_bytes)
    sides = (("utf-16le", odd, even), ("utf-16be", even, odd))
    return next((name for name, high, low in sides if high > least and low < 0.1), None)


def _measure_sides(sample: bytes, wanted: Sequence[int]) -> list[float]:
    """The share of some bytes among those at even and those at odd places."""
    return [sum(map(sample[parity::2].count, wanted)) * 2 / len(sample) for parity in (0, 1)]


def _is_writing(name: str, sample: bytes) -> bool:
    """Whether a sample is, in UTF-16, all characters and nearly all of living scripts."""
    codec = MULTIBYTE_CODECS[name][0]
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return False
    return len(_NO_WRITING.findall(text)) * 50 <= len(text)


def _ask_chardet(source: bytes) -> str | None:
    """The encoding that chardet's models find, told by the letters."""
    import chardet  # takes 30 ms to load, and few pages need it

    sample = _take_sample(source)
    mended = mend_euro(sample)
    if mended != sample and is_decodable("gb18030", mended):
        sample = mended

    def ask(sample: bytes) -> str | None:
        # What chardet prefers as supersets are relatives with other letters, such as windows-1250 for ISO-8859-2.
        found = chardet.detect(sample, prefer_superset=False, compat_names=False, include_encodings=DETECTABLE_CODECS)
        return resolve_codec(found["encoding"]) if found["encoding"] else None

    found = ask(sample)
    if found in MULTIBYTE_CODECS:
        return found
    # For chardet a text with one byte that an encoding lacks is in another one, however little sense it makes there.
    whole = ((resolve_codec(codec), _leave_damage_out(codec, sample)) for codec in BREAKABLE_CODECS)
    return next((name for name, part in whole if part and ask(part) == name), found)


def _leave_damage_out(codec: str, sample: bytes) -> bytes | None:
    """A sample without what an encoding cannot read, if that is something, but at most one in fifty of its letters."""
    whole = sample.decode(codec, "ignore").encode(codec, "ignore")
    return whole if 0 < (len(sample) - len(whole)) * 50 <= len(_NON_ASCII.findall(sample)) else None


def _take_sample(source: bytes) -> bytes:
    """The text runs that are not plain ASCII, without markup, which says nothing about the encoding; where they have
    but a few letters, the page's beginning too, which tells the language."""
    runs: list[bytes] = []
    size = 0
    for match in _TEXT_RUN.finditer(source):
        first = _NON_ASCII.search(source, match.start(), match.end())
        if first is None:
            continue
        runs.append(source[max(match.start(), first.start() - 256) : match.end()])
        size += len(runs[-1])
        if size >= _SAMPLE_BYTES:
            break
    if sum(len(_NON_ASCII.findall(run)) for run in runs[:_FEW_BYTES]) < _FEW_BYTES:
        runs.append(source[:_BEGINNING_BYTES])
    return b"\n".join(runs)[:_SAMPLE_BYTES]
