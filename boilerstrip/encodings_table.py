"""The labels of the WHATWG Encoding Standard and the Python codecs that decode them.

Source: https://encoding.spec.whatwg.org/#names-and-labels. Names are lower case, as ``TextDecoder.encoding`` has them.
Three departures: ``gbk`` is called by the name of its decoder, ``gb18030``; two labels that a browser refuses to read,
lest scripts be smuggled in, are decoded (``hz-gb-2312``, ``iso-2022-kr``); ``x-user-defined`` is windows-1252 as in
HTML.
"""

import codecs
from typing import Final

_LABELS: Final = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8",
    "ibm866": "866 cp866 csibm866",
    "iso-8859-2": "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    "iso-8859-3": "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    "iso-8859-4": "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    "iso-8859-5": "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
    "iso-8859-6": (
        "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 "
        "iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"
    ),
    "iso-8859-7": (
        "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 "
        "sun_eu_greek"
    ),
    "iso-8859-8": (
        "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 "
        "visual"
    ),
    "iso-8859-8-i": "csiso88598i logical",
    "iso-8859-10": "csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "iso-8859-13": "iso8859-13 iso885913",
    "iso-8859-14": "iso8859-14 iso885914",
    "iso-8859-15": "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9",
    "iso-8859-16": "",
    "koi8-r": "cskoi8r koi koi8 koi8_r",
    "koi8-u": "koi8-ru",
    "macintosh": "csmacintosh mac x-mac-roman",
    "windows-874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620",
    "windows-1250": "cp1250 x-cp1250",
    "windows-1251": "cp1251 x-cp1251",
    "windows-1252": (
        "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
        "iso_8859-1:1987 l1 latin1 us-ascii x-cp1252 x-user-defined"
    ),
    "windows-1253": "cp1253 x-cp1253",
    "windows-1254": (
        "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254"
    ),
    "windows-1255": "cp1255 x-cp1255",
    "windows-1256": "cp1256 x-cp1256",
    "windows-1257": "cp1257 x-cp1257",
    "windows-1258": "cp1258 x-cp1258",
    "x-mac-cyrillic": "x-mac-ukrainian",
    "gb18030": "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk",
    "big5": "big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc-jp": "cseucpkdfmtjapanese x-euc-jp",
    "iso-2022-jp": "csiso2022jp",
    "shift_jis": "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis",
    "euc-kr": ("cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"),
    "hz-gb-2312": "",
    "iso-2022-kr": "csiso2022kr",
    "utf-16be": "unicodefffe",
    "utf-16le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16",
}

NAMES: Final = tuple(_LABELS)
"""Every encoding that can be asked for, by its WHATWG name."""

_NAME_OF_LABEL: Final = {label: name for name, labels in _LABELS.items() for label in (name, *labels.split())}

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
    "ascii", "utf-8", "utf-16-le", "utf-16-be", "gb18030", "hz", "big5hkscs", "cp932", "euc_jis_2004", "iso2022_jp_2",
    "iso2022_jp_ext", "cp949", "euc_kr", "iso2022_kr", "cp874", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp1257", "cp1258", "koi8-r", "koi8-u", "cp866", "mac-cyrillic", "iso8859-1", "iso8859-2",
    "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-13", "iso8859-15",
)  # fmt: skip
"""What chardet may answer: what pages without a declaration were written in, and no mainframe or DOS code page."""


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
