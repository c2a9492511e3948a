"""Which encoding bytes without a declaration are in: told by what gives some away, or else by chardet's models."""

import codecs
from typing import Final

from boilerstrip.decoders import JAPANESE_ESCAPE, decode_nearly, decode_utf8_nearly, is_decodable, mend_euro
from boilerstrip.encodings_table import BREAKABLE_CODECS, DETECTABLE_CODECS, MULTIBYTE_CODECS, resolve_codec
from boilerstrip.patterns import compile_later

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
UTF16: Final = ("utf-16le", "utf-16be")
_CONTROLS: Final = compile_later(rb"[\x01-\x08\x10-\x1a\x1c-\x1f]")
_KANA: Final = 0x30
"""High byte of hiragana, katakana, 、 and 。"""


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
    high = _measure_low(sample, 7)
    for name, here, there in zip(UTF16, reversed(high), high, strict=True):
        if here > 0.6 and there < 0.1:
            return name
    names = [name for name in UTF16 if _is_writing(name, sample)]
    if len(names) != 1:
        return None
    is_text = decode_utf8_nearly(sample, declared=False) is not None and max(_measure_low(sample, 16)) < 0.7
    return None if is_text else names[0]


def _guess_kana(sample: bytes) -> str | None:
    """Japanese in UTF-16 without one ASCII character: many bytes are the high byte of kana, all on one side, and 、 and
    。 bring control characters, which no other text has."""
    if not _CONTROLS.search(sample) or len(_NON_ASCII.findall(sample)) * 10 < len(sample):
        return None
    kana = [sample[parity::2].count(_KANA) * 2 / len(sample) for parity in (0, 1)]
    for name, here, there in zip(UTF16, reversed(kana), kana, strict=True):
        if here > 0.2 and there < 0.1 and _is_writing(name, sample):
            return name
    return None


def _measure_low(sample: bytes, bound: int) -> tuple[float, float]:
    """The share of bytes below a bound among those at even and those at odd places."""
    counts = [sum(sample[parity::2].count(byte) for byte in range(bound)) * 2 / len(sample) for parity in (0, 1)]
    return counts[0], counts[1]


def _is_writing(name: str, sample: bytes) -> bool:
    """Whether a sample is, in UTF-16, all characters and nearly all of living scripts."""
    codec = MULTIBYTE_CODECS[name][0]
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return False
    return len(_NO_WRITING.findall(text)) * 50 <= len(text)


def ask_chardet(source: bytes) -> str | None:
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
