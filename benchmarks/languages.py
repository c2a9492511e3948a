"""What language a text is in, for grouping results: py3langid on the long lines."""

from functools import cache
from typing import Any

from benchmarks.corpora import LabelledPage
from benchmarks.textlines import page_text_lines

_LONG_LINE = 60
_ENOUGH_CHARACTERS = 4000


def detect_language(text: str) -> tuple[str, float]:
    """ISO 639-1 code and probability, 0 to 1.

    >>> detect_language("Das ist ein ganz gewöhnlicher Satz in deutscher Sprache.")[0]
    'de'
    """
    language, probability = _identifier().classify(text)
    return str(language), float(probability)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def page_language(page: LabelledPage) -> str:
    """The labelled language, or the one detected on the labelled story, or on the page's long lines."""
    return page.language or detect_language(page.story or _long_lines(page.html))[0]


def _long_lines(html: bytes) -> str:
    text = page_text_lines(html)
    long_lines = [line for line in text.split("\n") if len(line) >= _LONG_LINE]
    return "\n".join(long_lines or [text])[:_ENOUGH_CHARACTERS]
