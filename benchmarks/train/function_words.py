"""Write ``boilerstrip/evidence/function_words.txt``: one line a language, its ISO 639-1 code and its function words.

Sources: the frequency-ordered stop lists of jusText 3.0.2 (BSD-2-Clause, first 150 words of each) and, for the
pronouns and particles
an encyclopedia rarely uses, the words of at most six letters in stopwords-iso 0.7.1 (MIT). Run ``python -m
benchmarks.train.function_words``.
"""

from pathlib import Path
from typing import Final

TARGET: Final = Path(__file__).parents[2] / "boilerstrip" / "evidence" / "function_words.txt"
MOST_FREQUENT: Final = 150
SHORT: Final = 6

JUSTEXT_NAMES: Final = {
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "bs": "Bosnian",
    "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto",
    "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga":
    "Irish", "gl": "Galician",
    "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id":
    "Indonesian",
    "is": "Icelandic", "it": "Italian", "ka": "Georgian", "kk": "Kazakh", "kn": "Kannada", "ko": "Korean", "ky":
    "Kyrgyz", "la": "Latin",
    "lb": "Luxembourgish", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr":
    "Marathi", "ms": "Malay",
    "mt": "Maltese", "nb": "Norwegian_Bokmal", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian_Nynorsk", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr":
    "Serbian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tl": "Tagalog", "tr": "Turkish", "uk":
    "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese",
}  # fmt: skip
STOPWORDS_ISO_CODES: Final = {"nb": "no"}


def read_function_words(code: str) -> list[str]:
    """Function words of a language, most frequent first, then the short ones of the second source."""
    import stopwordsiso  # type: ignore[import-untyped]

    folder = Path(__import__("justext").__file__).parent / "stoplists"
    frequent = (folder / f"{JUSTEXT_NAMES[code]}.txt").read_text(encoding="utf-8").split("\n")
    words = list(dict.fromkeys(clean_word(word) for word in frequent if clean_word(word)))[:MOST_FREQUENT]
    iso = STOPWORDS_ISO_CODES.get(code, code)
    others = sorted(stopwordsiso.stopwords(iso)) if iso in stopwordsiso.langs() else []
    return list(dict.fromkeys([*words, *(word.lower() for word in others if len(word) <= SHORT and word.isalpha())]))


def clean_word(word: str) -> str:
    """Lower-cased, without the punctuation some lists carry; empty for what is no word."""
    word = word.strip().strip(".,;:!?।،؛\"'()").lower()
    return word if word and not any(character.isdigit() or character.isspace() for character in word) else ""


def main() -> None:
    lines = [f"{code} {' '.join(read_function_words(code))}\n" for code in sorted(JUSTEXT_NAMES)]
    TARGET.write_text("".join(lines), encoding="utf-8")
    print(f"{TARGET}: {len(lines)} languages, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
