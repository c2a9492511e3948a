"""The labels of the WHATWG Encoding Standard and the Python codecs that decode them.

Source: https://encoding.spec.whatwg.org/#names-and-labels, as the package ``webencodings`` has them. Names are lower
case, as ``TextDecoder.encoding`` has them. Where we depart from the standard is in :data:`DEPARTURES`.
"""

import codecs
from typing import Final

from webencodings.labels import LABELS

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

SINGLE_BYTE_CODECS: Final = {
    "ibm866": "cp866",
    "iso-8859-8-i": "iso-8859-8",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    **{name: name.replace("windows-", "cp") for name in NAMES if name.startswith("windows-")},
}
"""Where Python's name differs from the standard's."""

SINGLE_BYTE_DIFFERENCES: Final = {"koi8-u": {0xAE: "ў", 0xBE: "Ў"}, "windows-1255": {0xCA: "\u05ba"}}
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
