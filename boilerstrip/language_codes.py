"""The language codes that options may name."""

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
