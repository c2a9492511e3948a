"""What can be said of a block in words, one sentence for each group of columns of the evidence."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from boilerstrip.evidence import claims, cohesion, density, language, position, repetition, structure
from boilerstrip.evidence.matrix import COLUMNS, Evidence
from boilerstrip.evidence.structure import PROSE_LINK_DENSITY
from boilerstrip.language_codes import name_language
from boilerstrip.page import Page, SiteCounts

Said = tuple[str, str] | None
"""A code and a sentence, or nothing that is worth saying."""

_GROUP_WORDS: Final = {
    "navigation": "navigation", "footer": "a footer", "sidebar": "a sidebar", "comment": "comments",
    "related": "related stories", "share": "sharing", "advert": "advertising", "subscribe": "a subscription",
    "consent": "consent", "modal": "a pop-up", "author": "about the author",
    "tag": "tags", "form": "a form", "header": "a header", "caption": "a caption", "date": "a date",
}  # fmt: skip
"""Groups of the class vocabulary that speak against a block, in words."""

_CLAIM_WORDS: Final = {
    "og_article": "an article", "og_product": "a product", "og_website": "a website", "ld_article": "an article",
    "ld_blog": "a blog", "ld_product": "a product", "ld_list": "a list", "ld_forum": "a discussion",
    "ld_faq": "questions and answers", "ld_recipe": "a recipe", "ld_business": "a business", "ld_software": "software",
    "ld_event": "an event", "by_forum": "a forum", "by_shop": "a shop", "by_documentation": "documentation",
}  # fmt: skip
"""Claims that say what a page is, in words."""
_FEW_WORDS_SHARED: Final = 0.2
"""Share of a block's words, rare ones weighing more, below which it hardly belongs to the prose around it."""
_FOREIGN_SHARE: Final = 0.02
"""Share of a page's words in other languages, above or below a block, that is worth a word."""
_SHORT_WORDS: Final = 12
_PROSE_WORDS: Final = 8
_NUMBER_OF_COLUMN: Final = {name: number for number, name in enumerate(COLUMNS)}


class Facts:
    """What can be said of the blocks of a page. A sentence follows the sign of the weight it explains."""

    def __init__(self, page: Page, evidence: Evidence, site: SiteCounts | None) -> None:
        self._page = page
        self._evidence = evidence
        self._site = site

    def find_speaking(self) -> "list[Group]":
        """The groups that may have something to say of some block."""
        is_there = dict(zip(COLUMNS, (self._evidence.columns != 0).any(axis=0).tolist(), strict=True))
        return [group for group in GROUPS if not group.needs or any(map(is_there.__getitem__, group.needs))]

    def _value(self, column: str, block: int) -> float:
        return self._evidence.columns.item(block, _NUMBER_OF_COLUMN[column])

    def _count(self, column: str, block: int) -> int:
        """The number behind a column that holds its binary logarithm."""
        return round(float(2.0 ** self._value(column, block)))

    def _words(self, block: int) -> str:
        words = round(float(self._evidence.word_counts[block]))
        return f"{words} word{'' if words == 1 else 's'}"

    def language_of_block(self, block: int, against: bool) -> Said:
        code, own = self._evidence.block_languages[block], self._evidence.language
        page_name = name_language(own)
        if self._value("is_foreign", block):
            if against:
                return "foreign_language", f"{name_language(code)}, while the page is {page_name}"
            return "quoted_language", f"{name_language(code)}, but the story around it introduces it"
        if self._value("is_own", block):
            if against:
                return "page_language", f"{page_name} like the page, with few function words"
            return "story_language", f"{page_name}, like the story"
        if own is None:
            return "no_language", "the page's language is unknown or was not asked for"
        return "unknown_language", "too few function words to tell its language"

    def letters_of_block(self, block: int, against: bool) -> Said:
        if against and max(self._value("other_letters", block), self._value("other_script", block)) > 0.1:
            return "other_letters", "it has letters that the page's own prose does not use"
        return None

    def language_of_page(self, block: int, against: bool) -> Said:
        above, below = self._value("foreign_before", block), self._value("foreign_after", block)
        if not against or max(above, below) < _FOREIGN_SHARE:
            return None
        return "foreign_neighbours", f"lines in other languages stand {'above' if above > below else 'below'} it"

    def letters(self, block: int, against: bool) -> Said:
        if self._value("no_letters", block):
            return "no_letters", "it has no letters, only signs or digits"
        if against and self._value("uppercase", block) > 0.7:
            return "capitals", "it is written in capitals"
        if against and self._value("digits", block) > 0.3:
            return "digits", f"{_write_percent(self._value('digits', block))} of it is digits"
        return None

    def links(self, block: int, against: bool) -> Said:
        linked = self._value("link_density", block)
        if linked < PROSE_LINK_DENSITY:
            return None
        share = f"{_write_percent(linked)} of it is links"
        return ("link_density", share) if against else ("linked_text", f"{self._words(block)}, though {share}")

    def length(self, block: int, against: bool) -> Said:
        words = round(float(self._evidence.word_counts[block]))
        if against:
            if words < _SHORT_WORDS:
                return "short", f"only {self._words(block)}"
            return "loose_text", f"{self._words(block)}, but not built like sentences"
        if self._value("ends_with_stop", block) and words >= _PROSE_WORDS:
            return "prose", f"{self._words(block)} in full sentences"
        return "text", f"{self._words(block)}, few of them links"

    def ending(self, block: int, against: bool) -> Said:
        if self._value("ends_with_stop", block):
            return None if against else ("sentence", "it ends as a sentence does")
        if not against:
            return None
        if self._value("ends_with_colon", block):
            return "announcement", "it ends in a colon"
        return "no_sentence", "it does not end as a sentence does"

    def signs(self, block: int, against: bool) -> Said:
        for column, code, sentence in _SIGNS:
            if self._value(column, block):
                return code, sentence
        return None

    def markup(self, block: int, against: bool) -> Said:
        for column, code, sentence in _MARKUP:
            if self._value(column, block) > 0.3:
                return code, sentence
        return None

    def site(self, block: int, against: bool) -> Said:
        if self._site and against and self._value("site_share", block):
            pages, total = self._site.pages_with_block[block], self._site.pages_of_site
            return "site_repetition", f"stands on {pages} of {total} other pages of {self._site.site}"
        return None

    def copies(self, block: int, against: bool) -> Said:
        copies, alike = self._count("copies", block), self._count("pattern_copies", block)
        if copies > 1:
            return "repeated_line", f"the same line stands {copies} times"
        if alike > 1:
            return "repeated_pattern", f"the same line, but for digits and case, stands {alike} times"
        return None

    def shingles(self, block: int, against: bool) -> Said:
        if self._value("shingles_before", block) > 0.5:
            return "said_before", "most of it was said further up"
        if self._value("shingles_after", block) > 0.5:
            return "said_again", "most of it is said again further down"
        return None

    def structured_data(self, block: int, against: bool) -> Said:
        if self._value("structured_share", block):
            return "structured_text", "the page's structured data call it the article's text"
        return None

    def title_words(self, block: int, against: bool) -> Said:
        if self._value("title_cover", block) > 0.6:
            return "repeats_title", "it repeats the page's title"
        if not against and self._value("title_around", block) > 0.2:
            return "near_title_words", "it stands among words of the page's title"
        return None

    def cohesion(self, block: int, against: bool) -> Said:
        shared = self._value("cohesion_prose", block)
        if against and shared < _FEW_WORDS_SHARED:
            return "stray_words", f"the rest of the page's prose has {'few' if shared else 'none'} of its words"
        if not against and shared >= _FEW_WORDS_SHARED:
            return "shared_words", "the rest of the page's prose has words of it"
        return None

    def uniqueness(self, block: int, against: bool) -> Said:
        return "unique", "it stands once"

    def hidden(self, block: int, against: bool) -> Said:
        return ("hidden", "it is marked as hidden") if against and self._value("hidden", block) else None

    def inside(self, block: int, against: bool) -> Said:
        return self._find_place(block, _INSIDE_AGAINST if against else _INSIDE_FOR)

    def near_name(self, block: int, against: bool) -> Said:
        return self._find_place(block, _NEAR_AGAINST if against else _NEAR_FOR)

    def name_above(self, block: int, against: bool) -> Said:
        return self._find_place(block, _ABOVE_AGAINST if against else _ABOVE_FOR)

    def _find_place(self, block: int, places: Sequence[tuple[str, str, str]]) -> Said:
        for column, code, sentence in places:
            if self._value(column, block):
                return code, sentence
        return None

    def title_place(self, block: int, against: bool) -> Said:
        if self._value("is_title", block):
            return "title", "it is the page's title"
        if against and self._value("title_known", block) and not self._value("after_title", block):
            return "above_title", "it stands above the page's title"
        return None

    def boxes(self, block: int, against: bool) -> Said:
        if not self._page.box_tags:
            return None
        share = max(self._value(f"box_prose_share_{level}", block) for level in range(3))
        if not against and share > 0.3:
            return "main_box", f"its box holds {_write_percent(share)} of the page's prose"
        if against and share < 0.1:
            return "side_box", f"its box holds {_write_percent(share)} of the page's prose"
        return None

    def claims(self, block: int, against: bool) -> Said:
        named = (words for claim, words in _CLAIM_WORDS.items() if self._value(f"claims_{claim}", block))
        first = next(named, None)
        return ("page_claim", f"the page says that it is {first}") if first else None

    def own_element(self, block: int, against: bool) -> Said:
        role = self._page.roles[block].replace("_", " ")
        if role == "paragraph":
            return None
        return "role", f"it is a {role}"

    def position(self, block: int, against: bool) -> Said:
        role = self._page.roles[block].replace("_", " ")
        where = "among the story's blocks" if not against else "apart from the story's blocks"
        return "position", f"a {role} {where}, {_write_percent(self._value('index_share', block))} down the page"

    def words(self, block: int, against: bool) -> Said:
        if self._value("no_letters", block):
            return "no_words", "it has no words, only signs or digits"
        starts = self._evidence.word_starts
        if starts[block] == starts[block + 1]:
            language = name_language(self._evidence.language)
            return "unread_words", f"its words are not asked, as few stories in {language} are known"
        if against:
            return "boilerplate_words", "its words are those of boilerplate"
        return "story_words", "its words are those of stories"


class Group(NamedTuple):
    """Columns of one kind of evidence that say one thing, and the sentence that says it."""

    kind: str
    columns: tuple[str, ...]
    describe: Callable[[Facts, int, bool], Said]
    needs: tuple[str, ...] = ()
    """Columns without any of which it never has anything to say; none where it may have always."""


def _starting(names: Sequence[str], *starts: str) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(starts))


_LETTER_COLUMNS: Final = ("no_letters", "uppercase", "digits", "capitalised_words")
_LINK_COLUMNS: Final = ("link_density", "link_count")
_LENGTH_COLUMNS: Final = ("words", "characters", "word_length", "sentence_length", "text_density", "line_breaks")
_SIGN_COLUMNS: Final = ("currency", "legal_sign", "at_sign", "dividers", "address", "date")
_MARKUP_COLUMNS: Final = ("strong_share", "emphasis_share", "code_share", "images", "controls")
_PAGE_LANGUAGE: Final = ("page_foreign_share", "foreign_before", "foreign_after", "page_own_rate", "language_known")
_OTHER_LETTERS: Final = ("other_script", "other_letters")
_SHINGLE_COLUMNS: Final = ("shingles_before", "shingles_after")
_INSIDE_COLUMNS: Final = _starting(structure.COLUMNS, "inside_")
_NEAR_COLUMNS: Final = _starting(structure.COLUMNS, "near_")
_ABOVE_COLUMNS: Final = _starting(structure.COLUMNS, "above_")
_TITLE_PLACE: Final = ("is_title", "title_known", "after_title", "title_distance")

GROUPS: Final = (
    Group("language", tuple(name for name in language.COLUMNS if name not in (*_PAGE_LANGUAGE, *_OTHER_LETTERS)),
          Facts.language_of_block),
    Group("language", _OTHER_LETTERS, Facts.letters_of_block, _OTHER_LETTERS),
    Group("language", _PAGE_LANGUAGE, Facts.language_of_page, ("foreign_before", "foreign_after")),
    Group("density", _LETTER_COLUMNS, Facts.letters),
    Group("density", _LINK_COLUMNS, Facts.links, ("link_density",)),
    Group("density", _LENGTH_COLUMNS, Facts.length),
    Group("density", tuple(
        name for name in density.COLUMNS
        if name not in (*_LETTER_COLUMNS, *_LINK_COLUMNS, *_LENGTH_COLUMNS, *_SIGN_COLUMNS, *_MARKUP_COLUMNS)
    ), Facts.ending),
    Group("density", _SIGN_COLUMNS, Facts.signs, _SIGN_COLUMNS),
    Group("density", _MARKUP_COLUMNS, Facts.markup, _MARKUP_COLUMNS),
    Group("repetition", ("site_share",), Facts.site, ("site_share",)),
    Group("repetition", ("copies", "later_copy", "earlier_copy", "pattern_copies"), Facts.copies,
          ("copies", "pattern_copies")),
    Group("repetition", _SHINGLE_COLUMNS, Facts.shingles, _SHINGLE_COLUMNS),
    Group("repetition", _starting(repetition.COLUMNS, "structured_", "description_"), Facts.structured_data,
          ("structured_share",)),
    Group("repetition", ("title_share", "title_cover", "title_around"), Facts.title_words,
          ("title_cover", "title_around")),
    Group("repetition", cohesion.COLUMNS, Facts.cohesion),
    Group("repetition", (), Facts.uniqueness),
    Group("structure", ("hidden",), Facts.hidden, ("hidden",)),
    Group("structure", _INSIDE_COLUMNS, Facts.inside, _INSIDE_COLUMNS),
    Group("structure", _NEAR_COLUMNS, Facts.near_name, _NEAR_COLUMNS),
    Group("structure", _ABOVE_COLUMNS, Facts.name_above, _ABOVE_COLUMNS),
    Group("structure", _TITLE_PLACE, Facts.title_place, ("is_title", "title_known")),
    Group("structure", _starting(structure.COLUMNS, "box_", "branch_", "half_", "quarter_"), Facts.boxes),
    Group("structure", claims.COLUMNS, Facts.claims, claims.COLUMNS),
    Group("structure", _starting(structure.COLUMNS, "tag_", "role_", "heading_"), Facts.own_element),
    Group("structure", (
        *_starting(structure.COLUMNS, "shape_", "loose_", "depth"),
        *(name for name in position.COLUMNS if name not in _TITLE_PLACE),
    ), Facts.position),
    Group("words", (), Facts.words),
)  # fmt: skip
"""All groups, in the order in which they speak where none moved the score more than another."""

_SIGNS: Final = (
    ("currency", "price", "it has a sign of money"),
    ("legal_sign", "legal_sign", "it has a sign of copyright or of a trade mark"),
    ("at_sign", "mail_address", "it has a sign of a mail address"),
    ("address", "web_address", "it holds a web address"),
    ("date", "date", "it holds a year or a time"),
    ("dividers", "dividers", "it has signs that divide entries"),
)
_MARKUP: Final = (
    ("controls", "controls", "a control of a form stands beside it"),
    ("images", "images", "images stand beside it"),
    ("code_share", "code", "it is code"),
    ("strong_share", "strong_text", "it is set in bold"),
    ("emphasis_share", "emphasised_text", "it is emphasised"),
)
_INSIDE_AGAINST: Final = tuple(
    (f"inside_{tag}", f"inside_{tag}", f"it stands inside <{tag}>")
    for tag in ("nav", "footer", "aside", "form", "dialog", "button", "header", "figure")
)
_NEAR_AGAINST: Final = tuple(
    (f"near_{name}", f"called_{name}", f"its box is called {word}") for name, word in _GROUP_WORDS.items()
)
_ABOVE_AGAINST: Final = tuple(
    (f"above_{name}", f"called_{name}", f"a box around it is called {word}") for name, word in _GROUP_WORDS.items()
)
_INSIDE_FOR: Final = (
    ("inside_article", "inside_article", "it stands inside <article>"),
    ("inside_main", "inside_main", "it stands inside <main>"),
)
_NEAR_FOR: Final = (("near_content", "called_content", "its box is called content"),)
_ABOVE_FOR: Final = (
    ("above_content", "called_content", "a box around it is called content"),
    ("above_article", "called_article", "a box around it is called article"),
)


def _write_percent(share: float) -> str:
    """A share as a person reads it, with the blank that the percent sign takes (ISO 80000-1).

    >>> _write_percent(0.914)
    '91 %'
    """
    return f"{share:.0%}".replace("%", " %")
