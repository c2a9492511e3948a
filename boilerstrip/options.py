"""The options of a cleaner: one frozen value, checked once, passed down unchanged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from boilerstrip.errors import OptionError

Focus = Literal["precision", "balanced", "recall"]
KindOption = Literal["auto", "html", "text"]

Detector = Callable[[str], tuple[str, float]]
"""A language detector: text in, (ISO 639-1 code, probability in 0 to 1) out."""

DETECTOR_NAMES = ("py3langid", "langdetect")
ANY_LANGUAGE = "any"


def _require_one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise OptionError(f"{name}={value!r} is not allowed; use one of {', '.join(allowed)}")


@dataclass(frozen=True, slots=True)
class Options:
    """How to clean. Every default says where it comes from.

    >>> Options(focus="strict")
    Traceback (most recent call last):
    ...
    boilerstrip.errors.OptionError: focus='strict' is not allowed; use one of precision, balanced, recall
    """

    kind: KindOption = "auto"
    """Whether the source is HTML or plain text; ``auto`` tells from the content."""
    language: str | None = None
    """ISO 639-1 code of the story; ``None`` finds it, ``"any"`` switches the language evidence off."""
    languages: tuple[str, ...] = ()
    """Several languages that all may be the story's; excludes ``language``."""
    focus: Focus = "balanced"
    """Which threshold decides; the model card gives precision and recall of each (sweep on held-out folds)."""
    comments: bool = False
    """Whether reader comments below an article are kept. Forum posts are story either way."""
    with_title: bool = False
    """Whether the title is put on top of the text."""
    detector: str | Detector = "py3langid"
    """Asked about blocks that look foreign: fastest of the accurate ones (design notes, 21 languages)."""

    def __post_init__(self) -> None:
        _require_one_of("kind", self.kind, get_args(KindOption))
        _require_one_of("focus", self.focus, get_args(Focus))
        if not callable(self.detector):
            _require_one_of("detector", self.detector, DETECTOR_NAMES)
        if self.language is not None and self.languages:
            raise OptionError("give either language= or languages=, not both")
        if isinstance(cast(object, self.languages), str):
            raise OptionError(f"languages={self.languages!r} must be a tuple of codes such as ('en', 'es')")
        object.__setattr__(self, "languages", tuple(self.languages))
        for code in (self.language, *self.languages):
            _check_language(code)


def _check_language(code: object) -> None:
    if code is None or code == ANY_LANGUAGE:
        return
    if not isinstance(code, str) or not 2 <= len(code.split("-")[0]) <= 3 or not code.isascii():
        raise OptionError(f"language={code!r} is not allowed; use an ISO 639-1 code such as 'en', or 'any'")
