"""The language codes that options may name, and the English names of languages, for sentences."""

from typing import Final

_ISO_639_1: Final = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et
eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk
kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny
oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
"""The two-letter codes (https://www.loc.gov/standards/iso639-2/php/code_list.php)."""

_OF_DETECTORS: Final = """
ace ary arz bcl crh ext fuv gcf gcr gom grc gug guw hbo kab kik lij ltg nso pcm sdh uzs vec wuu yue zh-cn zh-tw
"""
"""What py3langid and langdetect call languages that have no code of two letters, or two written forms."""

LANGUAGE_CODES: Final = frozenset((_ISO_639_1 + _OF_DETECTORS).split())

_MISTAKEN_PAIRS: Final = """
cn:zh cz:cs dk:da gb:en gr:el iw:he jp:ja rs:sr ua:uk us:en vn:vi
ara:ar chi:zh ces:cs cze:cs dan:da deu:de dut:nl ell:el eng:en fas:fa fin:fi fra:fr fre:fr ger:de gre:el heb:he hin:hi
hun:hu ind:id ita:it jpn:ja kor:ko nld:nl nor:no per:fa pol:pl por:pt ron:ro rum:ro rus:ru spa:es swe:sv tha:th tur:tr
ukr:uk vie:vi zho:zh
chinese:zh english:en french:fr german:de italian:it japanese:ja portuguese:pt russian:ru spanish:es
"""
_MISTAKEN: Final = dict(pair.split(":") for pair in _MISTAKEN_PAIRS.split())
"""Codes of countries, codes of three letters and names that are often written for a language's code."""


def suggest_language_code(wrong: str) -> str | None:
    """The code that was probably meant.

    >>> suggest_language_code("jp"), suggest_language_code("eng"), suggest_language_code("en_US")
    ('ja', 'en', 'en')
    >>> suggest_language_code("xx") is None
    True
    """
    lowered = wrong.strip().lower().replace("_", "-")
    primary = lowered.split("-")[0]
    return next(
        (code for code in (lowered, primary, _MISTAKEN.get(primary)) if code in LANGUAGE_CODES),
        None,
    )


LANGUAGE_NAMES: Final = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian",
    "bn": "Bengali", "bo": "Tibetan", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician",
    "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh",
    "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ky": "Kyrgyz", "la": "Latin", "lb": "Luxembourgish",
    "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi",
    "ms": "Malay", "mt": "Maltese", "my": "Burmese", "nb": "Norwegian", "ne": "Nepali", "nl": "Dutch",
    "nn": "Norwegian", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""English names of the languages that function words or a script tell apart."""


def name_language(code: str | None) -> str:
    """English name of a language, its code where there is none here.

    >>> name_language("es"), name_language("tlh"), name_language(None)
    ('Spanish', 'tlh', 'unknown')
    """
    return "unknown" if code is None else LANGUAGE_NAMES.get(code.split("-")[0].lower(), code)
