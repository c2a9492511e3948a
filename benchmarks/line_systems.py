"""Systems that clean plain text line by line, under one signature: a text in, the text they keep out."""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Final

from benchmarks.languages import detect_language
from benchmarks.peers import MissingSystemError

TextSystem = Callable[[str], str]

_STOP_LISTS: Final = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "hi": "Hindi", "is": "Icelandic", "it": "Italian", "ko": "Korean", "lt": "Lithuanian",
    "nl": "Dutch", "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish",
    "tr": "Turkish", "vi": "Vietnamese",
}  # fmt: skip
"""jusText's lists; Chinese and Japanese have none."""

_C4_ENDS: Final = (".", "!", "?", '"', "”", "。", "！", "？")
_C4_LEAST_WORDS: Final = 5
_C4_BANNED: Final = re.compile(r"javascript|lorem ipsum|\{", re.IGNORECASE)


def make_text_system(name: str) -> TextSystem:
    """The system of that name, ready to be called.

    :raises ValueError: when the name is unknown.
    :raises MissingSystemError: when its package is not installed.
    """
    if name not in TEXT_SYSTEMS:
        raise ValueError(f"system {name!r} is not known here; use one of {', '.join(TEXT_SYSTEMS)}")
    try:
        return TEXT_SYSTEMS[name]()
    except ImportError as error:
        raise MissingSystemError(f"system {name!r} needs a package that is not installed: {error}") from error


def keep_lines(text: str, is_kept: Callable[[str], bool]) -> str:
    """The lines of a text for which the rule holds."""
    return "\n".join(line for line in text.splitlines() if is_kept(line.strip()))


def passes_c4_rules(line: str) -> bool:
    """C4's line rules: five words or more, terminal punctuation, no javascript, no filler text, no curly bracket.

    Source: Raffel et al. 2020, section 2.2. CJK end marks are added, a CJK line counts as long enough.

    >>> passes_c4_rules("This line ends as a sentence does."), passes_c4_rules("Read more")
    (True, False)
    """
    long_enough = len(line.split()) >= _C4_LEAST_WORDS or (not line.isascii() and " " not in line)
    return long_enough and line.endswith(_C4_ENDS) and not _C4_BANNED.search(line)


def filter_by_language(text: str) -> str:
    """Only the lines that py3langid gives the language of the whole text; lines without a letter go."""
    language = detect_language(text)[0]
    has_letter = re.compile(r"[^\W\d_]")
    return keep_lines(text, lambda line: bool(has_letter.search(line)) and detect_language(line)[0] == language)


def _make_boilerstrip() -> TextSystem:
    from boilerstrip import Cleaner

    cleaner = Cleaner(kind="text")
    return lambda text: str(cleaner.clean(text).text)


def _make_justext(english_only: bool) -> TextSystem:
    from justext import get_stoplist, justext

    lists = {code: get_stoplist(name) for code, name in _STOP_LISTS.items()}

    def clean(text: str) -> str:
        language = "en" if english_only else detect_language(text)[0]
        page = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
        return "\n".join(_justext_story(justext(page, lists.get(language, frozenset()), **_thresholds(language))))

    return clean


def _thresholds(language: str) -> dict[str, float]:
    """jusText's own switch for languages without a list: no stop words wanted."""
    return {} if language in _STOP_LISTS else {"stopwords_low": 0.0, "stopwords_high": 0.0}


def _justext_story(paragraphs: Iterable[object]) -> list[str]:
    return [str(paragraph.text) for paragraph in paragraphs if not paragraph.is_boilerplate]  # type: ignore[attr-defined]


TEXT_SYSTEMS: Final[dict[str, Callable[[], TextSystem]]] = {
    "boilerstrip": _make_boilerstrip,
    "keep-everything": lambda: lambda text: text,
    "c4": lambda: lambda text: keep_lines(text, passes_c4_rules),
    "justext": lambda: _make_justext(english_only=False),
    "justext-english": lambda: _make_justext(english_only=True),
    "language-filter": lambda: filter_by_language,
}
"""How to make each system."""
