"""Language detectors behind one small protocol: text in, (ISO 639-1 code, probability) out. Loaded when first asked."""

from functools import cache

from boilerstrip.options import Detector


def resolve_detector(detector: str | Detector) -> Detector:
    """The callable behind a name, or the user's own callable as it is."""
    if callable(detector):
        return detector
    return {"py3langid": ask_py3langid, "langdetect": ask_langdetect}[detector]


def ask_py3langid(text: str) -> tuple[str, float]:
    """py3langid: a naive Bayes classifier over byte n-grams (Lui and Baldwin 2012), 97 languages."""
    code, probability = _load_py3langid()(text)
    return str(code), float(probability)


def ask_langdetect(text: str) -> tuple[str, float]:
    """langdetect, seeded anew for every question, so that the same text gets the same answer."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _load_langdetect().create()
    detector.seed = 0
    detector.append(text)
    try:
        guesses = detector.get_probabilities()
    except LangDetectException:
        return "", 0.0
    return (guesses[0].lang, float(guesses[0].prob)) if guesses else ("", 0.0)


@cache
def _load_py3langid():  # type: ignore[no-untyped-def]
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).classify


@cache
def _load_langdetect():  # type: ignore[no-untyped-def]
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory
