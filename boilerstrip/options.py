"""The options of a cleaner: one frozen value, checked once, passed down unchanged."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal, TypedDict, get_args

from boilerstrip.errors import OptionError
from boilerstrip.language_codes import LANGUAGE_CODES, suggest_language_code

Focus = Literal["precision", "balanced", "recall"]
KindOption = Literal["auto", "html", "text"]

Detector = Callable[[str], tuple[str, float]]
"""A language detector: text in, (ISO 639-1 code, probability in 0 to 1) out."""

_DETECTOR_NAMES = ("py3langid", "langdetect")
ANY_LANGUAGE = "any"
_SWITCHES = ("comments", "with_title", "tables", "captions", "code", "links", "images")
"""The options that are on or off."""


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
    target_languages: tuple[str, ...] = ()
    """Languages a page may be in; of one in another nothing is kept. All by default (as trafilatura's
    ``target_language``); excludes ``language`` and ``languages``, which say what a page is in."""
    tables: bool = True
    """Whether tables are kept where they are story (trafilatura's default)."""
    captions: bool = True
    """Whether captions of pictures and tables are."""
    code: bool = True
    """Whether blocks of code are."""
    links: bool = False
    """Whether HTML, Markdown and XML have links where the format is not asked otherwise (trafilatura's default)."""
    images: bool = False
    """The same for images."""
    detector: str | Detector = "py3langid"
    """Asked about blocks that look foreign: fastest of the accurate ones (design notes, 21 languages)."""
    max_bytes: int = 20_000_000
    """Bytes of the source that are read; the longest of the development pages has 6 million."""
    max_seconds: float | None = None
    """Processor time that a page may take, counted in the thread that cleans it; ``None`` is no limit, because a page
    of 20 MB needs less than a minute."""
    strict: bool = False
    """Whether a fault of this package is raised. Otherwise it is logged, and the page's plain text is the story."""

    def __post_init__(self) -> None:
        _require_one_of("kind", self.kind, get_args(KindOption))
        _require_one_of("focus", self.focus, get_args(Focus))
        for name in (*_SWITCHES, "strict"):
            require_bool(name, getattr(self, name))
        _require_size("max_bytes", self.max_bytes)
        require_seconds("max_seconds", self.max_seconds)
        if not callable(self.detector):
            _require_one_of("detector", self.detector, _DETECTOR_NAMES)
        for name in ("languages", "target_languages"):
            object.__setattr__(self, name, _check_languages(name, getattr(self, name)))
        if self.language is not None and self.languages:
            raise OptionError("give either language= or languages=, not both")
        if self.language not in (None, ANY_LANGUAGE):
            _check_language("language", self.language)
        if self.target_languages and (self.language or self.languages):
            raise OptionError(
                "target_languages= chooses pages by the language they are found to be in, and language= or languages= "
                "say what they are in; give one of them"
            )


class CleaningOptions(TypedDict, total=False):
    """The fields of :class:`Options` as arguments, each of which may be left out."""

    kind: KindOption
    language: str | None
    languages: Sequence[str]
    focus: Focus
    comments: bool
    with_title: bool
    target_languages: Sequence[str]
    tables: bool
    captions: bool
    code: bool
    links: bool
    images: bool
    detector: str | Detector
    max_bytes: int
    max_seconds: float | None
    strict: bool


COMMAND_NAMES = tuple(name for name in CleaningOptions.__annotations__ if name not in ("max_bytes", "max_seconds"))
"""The options that the command passes on; its limits are those of a run, which heeds them itself."""


def require_bool(name: str, value: object) -> None:
    """
    :raises OptionError: if the option is neither true nor false.
    """
    if not isinstance(value, bool):
        raise OptionError(f"{name}={value!r} is not allowed; use True or False")


def _require_size(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise OptionError(f"{name}={value!r} is not allowed; use a number of bytes from 1 on")


def require_seconds(name: str, value: object) -> None:
    """
    :raises OptionError: if the option is neither a time nor ``None``.
    """
    if value is None:
        return
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not isfinite(value) or value <= 0:
        raise OptionError(f"{name}={value!r} is not allowed; use a number of seconds above 0, or None")


def _check_languages(name: str, languages: object) -> tuple[str, ...]:
    if isinstance(languages, str) or not isinstance(languages, Iterable):
        raise OptionError(f"{name}={languages!r} is not allowed; use a tuple of codes such as ('en', 'es')")
    codes = tuple(languages)
    for code in codes:
        _check_language(name, code)
    return codes


def _check_language(option: str, code: object) -> None:
    """A code may carry a region or a script, as ``de-AT``."""
    if isinstance(code, str) and code.split("-")[0].lower() in LANGUAGE_CODES:
        return
    meant = suggest_language_code(code) if isinstance(code, str) else None
    raise OptionError(
        f"{option}: {code!r} is not allowed; use an ISO 639-1 code such as 'en'"
        + (", or language='any' for no evidence from languages" if meant is None else f" (did you mean {meant!r}?)")
    )
