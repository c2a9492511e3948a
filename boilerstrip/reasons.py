"""Why a block has its score: the share of each kind of evidence, computed from the tagger itself, and a sentence
for it."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from boilerstrip.blocks import Reason
from boilerstrip.evidence.matrix import COLUMNS, KINDS, Evidence
from boilerstrip.evidence.structure import PROSE_LINK_DENSITY
from boilerstrip.page import Page, SiteCounts
from boilerstrip.select import RULES, Selection
from boilerstrip.tagger import Tagger

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

_GROUP_WORDS: Final = {
    "navigation": "navigation", "footer": "a footer", "sidebar": "a sidebar", "comment": "comments",
    "related": "related stories", "share": "sharing", "advert": "advertising", "subscribe": "a subscription",
    "consent": "consent", "modal": "a pop-up", "author": "about the author",
    "tag": "tags", "form": "a form", "header": "a header", "caption": "a caption", "date": "a date",
}  # fmt: skip
"""Groups of the class vocabulary that speak against a block, in words."""

_FEW_WORDS_SHARED: Final = 0.2
"""Share of a block's words, rare ones weighing more, below which it hardly belongs to the prose around it."""
_NUMBER_OF_COLUMN: Final = {name: number for number, name in enumerate(COLUMNS)}


class Explanation(Sequence[tuple[Reason, ...]]):
    """The reasons of every block of a page, computed together when the first is asked for.

    The weight of a kind of evidence is its Shapley value (Shapley 1953; Lundberg and Lee 2017): the mean change of
    the score when that kind is added, over all orders of adding the five. Left-out kinds are set to their mean over
    the training pages. So bias + weights = score, exactly, and the same page always gets the same reasons.
    """

    def __init__(
        self, tagger: Tagger, evidence: Evidence, page: Page, selection: Selection, site: SiteCounts | None
    ) -> None:
        self.tagger = tagger
        self.site = site
        self._evidence = evidence
        self._facts = _Facts(page, evidence, site)
        self._selection = selection
        self._reasons: tuple[tuple[Reason, ...], ...] | None = None

    def __len__(self) -> int:
        return len(self._evidence)

    @overload
    def __getitem__(self, index: int) -> tuple[Reason, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Reason, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[Reason, ...] | Sequence[tuple[Reason, ...]]:
        if self._reasons is None:
            self._reasons = self._explain()
        return self._reasons[index]

    def _explain(self) -> tuple[tuple[Reason, ...], ...]:
        weights = share_out(self.tagger, self._evidence)
        return tuple(self._explain_block(block, weights[block].tolist()) for block in range(len(self)))

    def _explain_block(self, block: int, weights: list[float]) -> tuple[Reason, ...]:
        reasons = [self._facts.describe(kind, block, weight) for kind, weight in zip(KINDS, weights, strict=True)]
        reasons.sort(key=lambda reason: -abs(reason.weight))
        rule = self._selection.overruled.get(block)
        return (Reason(rule, "selection", 0.0, RULES[rule]), *reasons) if rule else tuple(reasons)


class DeferredExplanation(Sequence[tuple[Reason, ...]]):
    """The reasons of a page that crossed to another process without its evidence: asked for, they are found again."""

    def __init__(self, explain: Callable[[], Explanation], count: int) -> None:
        """
        :param explain: judges the page again; picklable.
        :param count: blocks of the page.
        """
        self._explain, self._count = explain, count
        self._explanation: Explanation | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> tuple[Reason, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Reason, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[Reason, ...] | Sequence[tuple[Reason, ...]]:
        if self._explanation is None:
            self._explanation = self._explain()
        return self._explanation[index]

    def __reduce__(self) -> tuple[object, ...]:
        return (DeferredExplanation, (self._explain, self._count))


def share_out(tagger: Tagger, evidence: Evidence) -> NDArray[np.float64]:
    """Shapley value of each kind of evidence for each block's score, shape (n, len(KINDS)).

    Each row sums to the block's score minus the tagger's bias. What a block scores without any evidence, for its
    place in a page of this length alone, counts as structure.
    """
    scores = {
        frozenset(kinds): tagger.score(evidence, frozenset(kinds)).blocks
        for size in range(len(KINDS) + 1)
        for kinds in combinations(KINDS, size)
    }
    shares = np.zeros((len(evidence), len(KINDS)))
    for known, score in scores.items():
        for column, kind in enumerate(KINDS):
            if kind not in known:
                weight = factorial(len(known)) * factorial(len(KINDS) - len(known) - 1) / factorial(len(KINDS))
                shares[:, column] += weight * (scores[known | {kind}] - score)
    shares[:, KINDS.index("structure")] += scores[frozenset()] - tagger.bias
    return shares


class _Facts:
    """What can be said of a block in words. The sentence follows the sign of the weight it explains."""

    def __init__(self, page: Page, evidence: Evidence, site: SiteCounts | None) -> None:
        self._page = page
        self._evidence = evidence
        self._site = site

    def describe(self, kind: str, block: int, weight: float) -> Reason:
        """The reason of one kind of evidence."""
        describers = {
            "language": self._describe_language,
            "density": self._describe_density,
            "repetition": self._describe_repetition,
            "structure": self._describe_structure,
            "words": self._describe_words,
        }
        code, sentence = describers[kind](block, weight < 0)
        return Reason(code, kind, weight, sentence)

    def _value(self, column: str, block: int) -> float:
        return float(self._evidence.columns[block, _NUMBER_OF_COLUMN[column]])

    def _count(self, column: str, block: int) -> int:
        """The number behind a column that holds its binary logarithm."""
        return round(float(2.0 ** self._value(column, block)))

    def _describe_language(self, block: int, against: bool) -> tuple[str, str]:
        language, own = self._evidence.block_languages[block], self._evidence.language
        page_name = name_language(own)
        if self._value("is_foreign", block):
            if against:
                return "foreign_language", f"{name_language(language)}, while the page is {page_name}"
            return "quoted_language", f"{name_language(language)}, but the story around it introduces it"
        if self._value("is_own", block):
            return (
                ("page_language", f"{page_name} like the page, with few function words")
                if against
                else ("story_language", f"{page_name}, like the story")
            )
        if own is None:
            return "no_language", "the page's language is unknown or was not asked for"
        return "unknown_language", "too few function words to tell its language"

    def _describe_density(self, block: int, against: bool) -> tuple[str, str]:
        words, linked = round(float(self._evidence.word_counts[block])), self._value("link_density", block)
        count = f"{words} word{'' if words == 1 else 's'}"
        if self._value("no_letters", block):
            return "no_letters", "it has no letters, only signs or digits"
        if linked >= PROSE_LINK_DENSITY:
            share = f"{_write_percent(linked)} of it is links"
            return ("link_density", share) if against else ("linked_text", f"{count}, though {share}")
        if against:
            return (
                ("short", f"only {count}") if words < 12 else ("loose_text", f"{count}, but not built like sentences")
            )
        if self._value("ends_with_stop", block) and words >= 8:
            return "prose", f"{count} in full sentences"
        return "text", f"{count}, few of them links"

    def _describe_repetition(self, block: int, against: bool) -> tuple[str, str]:
        if self._site and against and self._value("site_share", block):
            pages, total = self._site.pages_with_block[block], self._site.pages_of_site
            return "site_repetition", f"stands on {pages} of {total} other pages of {self._site.site}"
        copies, alike = self._count("copies", block), self._count("pattern_copies", block)
        if copies > 1:
            return "repeated_line", f"the same line stands {copies} times"
        if alike > 1:
            return "repeated_pattern", f"the same line, but for digits and case, stands {alike} times"
        if self._value("shingles_before", block) > 0.5:
            return "said_before", "most of it was said further up"
        if self._value("shingles_after", block) > 0.5:
            return "said_again", "most of it is said again further down"
        if self._value("structured_share", block):
            return "structured_text", "the page's structured data call it the article's text"
        if self._value("title_cover", block) > 0.6:
            return "repeats_title", "it repeats the page's title"
        shared = self._value("cohesion_prose", block)
        if against and shared < _FEW_WORDS_SHARED:
            return "stray_words", f"the rest of the page's prose has {'few' if shared else 'none'} of its words"
        if not against and shared >= _FEW_WORDS_SHARED:
            return "shared_words", "the rest of the page's prose has words of it"
        return "unique", "it stands once"

    def _describe_structure(self, block: int, against: bool) -> tuple[str, str]:
        if self._page.kind == "text" or not self._page.box_tags:
            return "position", self._describe_position(block, against)
        if against and self._value("hidden", block):
            return "hidden", "it is marked as hidden"
        place = self._find_place(block, _PLACES_AGAINST if against else _PLACES_FOR)
        if place:
            return place
        if self._value("is_title", block):
            return "title", "it is the page's title"
        share = max(self._value(f"box_prose_share_{level}", block) for level in range(3))
        if not against and share > 0.3:
            return "main_box", f"its box holds {_write_percent(share)} of the page's prose"
        return "position", self._describe_position(block, against)

    def _find_place(self, block: int, places: tuple[tuple[str, str, str], ...]) -> tuple[str, str] | None:
        for column, code, sentence in places:
            if self._value(column, block):
                return code, sentence
        return None

    def _describe_position(self, block: int, against: bool) -> str:
        role = self._page.roles[block].replace("_", " ")
        where = "among the story's blocks" if not against else "apart from the story's blocks"
        return f"a {role} {where}, {_write_percent(self._value('index_share', block))} down the page"

    def _describe_words(self, block: int, against: bool) -> tuple[str, str]:
        if self._value("no_letters", block):
            return "no_words", "it has no words, only signs or digits"
        return (
            ("boilerplate_words", "its words are those of boilerplate")
            if against
            else ("story_words", "its words are those of stories")
        )


_PLACES_AGAINST: Final = (
    *(
        (f"inside_{tag}", f"inside_{tag}", f"it stands inside <{tag}>")
        for tag in ("nav", "footer", "aside", "form", "dialog", "button", "header", "figure")
    ),
    *((f"near_{name}", f"called_{name}", f"its box is called {word}") for name, word in _GROUP_WORDS.items()),
    *((f"above_{name}", f"called_{name}", f"a box around it is called {word}") for name, word in _GROUP_WORDS.items()),
)
_PLACES_FOR: Final = (
    ("inside_article", "inside_article", "it stands inside <article>"),
    ("near_content", "called_content", "its box is called content"),
    ("inside_main", "inside_main", "it stands inside <main>"),
    ("above_content", "called_content", "a box around it is called content"),
    ("above_article", "called_article", "a box around it is called article"),
)


def _write_percent(share: float) -> str:
    """A share as a person reads it, with the blank that the percent sign takes (ISO 80000-1).

    >>> _write_percent(0.914)
    '91 %'
    """
    return f"{share:.0%}".replace("%", " %")


def name_language(code: str | None) -> str:
    """English name of a language, its code where there is none here.

    >>> name_language("es"), name_language("tlh"), name_language(None)
    ('Spanish', 'tlh', 'unknown')
    """
    return "unknown" if code is None else LANGUAGE_NAMES.get(code.split("-")[0].lower(), code)
