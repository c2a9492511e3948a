"""The title of a page, told from its headings and its claims, without the name of its site."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from boilerstrip.page import Head, Page
from boilerstrip.patterns import compile_later

_LEAST_SHARED: Final = 0.34
"""A heading with this share of its words in a claim is the title (sweep on ``wcxb-dev`` and ``readability``)."""
_SEPARATOR: Final = compile_later(r"\s+[|\-–—:·•»«/\\>~∣｜]+\s+|\s*[|｜]\s*|:\s+")
_ASIDE: Final = compile_later(r"\s+[|\-–—/·•»>~]\s+|\s*\|\s*|\s+\(")
"""Where a heading may go on with what is no part of it: the site's name, a day, a number of comments."""
_PART_ENDS: Final = compile_later(r"[|:()\[\]–—•»_]|\s[-/·>~]\s")
_FEW_WORDS: Final = 3
"""Words of a heading that may say less than the page's title does (``wcxb-dev``: 8 headings of three words or fewer are
right and 3 wrong after it, and of four as many are wrong as right)."""
_FULLER_WORDS: Final = 30
"""Words of a title that may say more than the heading; more than these are a page's text."""
_UNSPACED: Final = "\u0e00"
"""From here on lie the scripts that set no spaces between words, in which a heading of one word is none of few."""
_WORD: Final = compile_later(r"[^\W_]+")
_NAME_ROOM: Final = 2.2
"""A part is the site's name if it contains it and is at most this much longer: "The Example Times", "example"."""
_JOINS_NAME: Final = compile_later(r"\w\W?(?::| [-–—])\s+\Z")
_LEAST_NAME: Final = 3
_LONGEST_NAME: Final = 253
"""Characters of the longest name of a host (RFC 1035, 2.3.4); what is longer names no site."""
_LONGEST_CLAIM: Final = 2000
"""Characters of a claim that headings are looked for in; a title has 60 at the median."""
_STORY: Final = ("article", "main")
_PARTS: Final = ("header", "nav", "aside", "footer", *_STORY)
_FRONT_PAGE: Final = compile_later(r"(?:(?:https?:)?//[^/?#]+)?/?", re.IGNORECASE)


def read_title(head: Head, headings: Sequence[str], url: str | None = None) -> str | None:
    """The page's title without its site's name, from what segmentation has read anyway.

    A heading of the first level that ``og:title`` or ``<title>`` confirms is the title, as far as they have it where it
    goes on behind a stroke; the site's name in them is known from ``og:site_name`` and from the address.

    :param headings: the page's headings of the first level, in any order.
    :param url: where the page is from, if known better than the page itself says.

    >>> read_title(Head(title="The Gazette: Rain in June", site_name="The Gazette"), ["The Gazette", "Rain in June"])
    'Rain in June'
    >>> read_title(Head(social_title="Rain in June"), ["Rain in June / 3 comments"])
    'Rain in June'
    """
    url = url or head.url
    headings = [" ".join(heading.split()) for heading in headings]
    names = _read_site_names(head, url)
    written = (head.social_title, head.title)
    claims = [claim for claim in (_strip_names(claim, names) for claim in written) if _letters(claim)]
    likely = [heading for heading in headings if _letters(heading) and not _names_site(heading, names)]
    confirmed = _find_confirmed(likely, [*claims, *written]) or ("" if claims else next(iter(likely), ""))
    if confirmed:
        title = (
            _take_apart(confirmed, claims) or _find_fuller(confirmed, claims, names) or _cut_aside(confirmed, claims)
        )
    else:
        title = next(iter(claims), head.social_title or head.title)
        if title and url and _FRONT_PAGE.fullmatch(url):
            title = _name_front_page(title, written)
    return " ".join(title.split()) or None


def _read_site_names(head: Head, url: str) -> set[str]:
    """The letters of every name the site may go by: its own and the labels of its host without the last."""
    from urllib.parse import urlsplit  # only now: it takes longer to load than a page to clean

    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    host = host if len(host) <= _LONGEST_NAME else ""
    names = {_letters(name) for name in (head.site_name, host, *host.split(".")[:-1])}
    return {name for name in names if _LEAST_NAME <= len(name) <= _LONGEST_NAME}


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))


def _names_site(part: str, names: Iterable[str]) -> bool:
    """Whether a part of a title is the site's name, or little more or less than it."""
    letters = _letters(part)
    if len(letters) < _LEAST_NAME:
        return False
    return any(
        letters == name
        if len(name) <= _LEAST_NAME
        else letters in name or (name in letters and len(letters) < len(name) * _NAME_ROOM)
        for name in names
    )


def find_headings(page: Page, title: int | None) -> list[str]:
    """What may be a page's title: the headings of the first level, the recognised one (``title``) first; without any,
    text that is a part of the page's ``<title>``. A heading that leads to the site's front page, and without a heading
    any link, is the site's logo rather than the page's title; so is the end of ``<title>`` in the page's header."""
    blocks = [block for block, tag in enumerate(page.tags) if tag == "h1" and not _is_logo(page, block)]
    names = _find_mastheads(page, blocks)
    first = [page.texts[block] for block in blocks if block not in names]
    title = None if title in names else title
    parts = set() if first else set(_split_title(page.head.title))
    if title is not None and (first or page.roles[title] == "heading" or not _is_linked(page, title)):
        first[:0] = [] if _is_logo(page, title) else [page.texts[title]]
    return first + [
        text for block, text in enumerate(page.texts) if parts and text in parts and not _is_linked(page, block)
    ]


def _is_logo(page: Page, block: int) -> bool:
    targets = (mark.target for mark in page.marks[block] if mark.kind == "link")
    return _is_linked(page, block) and any(_FRONT_PAGE.fullmatch(target) for target in targets)


def _find_mastheads(page: Page, headings: Sequence[int]) -> set[int]:
    """The headings that are the last part of ``<title>`` in the page's header, where another stands in the story."""
    last = _split_title(page.head.title)[-1:]
    named = [block for block in headings if page.texts[block] in last]
    if not named or not any(_find_part(page, block) in _STORY for block in headings):
        return set()
    return {block for block in named if _find_part(page, block) == "header"}


def _find_part(page: Page, block: int) -> str:
    """The outermost part of a page that a block stands in; ``""``: none."""
    part, box = "", page.boxes[block]
    while box >= 0:
        part = page.box_tags[box] if page.box_tags[box] in _PARTS else part
        box = page.box_parents[box]
    return part


def _is_linked(page: Page, block: int) -> bool:
    return page.link_characters[block] * 2 > len(page.texts[block])


def _split_title(title: str) -> list[str]:
    """The parts of a page's ``<title>``, of which one may be the site's name; none if it has but one.

    >>> _split_title("Rain in June | The Gazette"), _split_title("Rain in June")
    (['Rain in June', 'The Gazette'], [])
    """
    parts = [part.strip() for part in _SEPARATOR.split(title)]
    return parts if len(parts) > 1 else []


def _strip_names(claim: str, names: set[str]) -> str:
    """A claim without the parts at its ends that name the site; never without all of them.

    >>> _strip_names("News – Rain in June – Example Times", {"example", "exampletimes"})
    'News – Rain in June'
    """
    cuts = [0, *(place for match in _SEPARATOR.finditer(claim) for place in match.span()), len(claim)]
    parts = list(zip(cuts[::2], cuts[1::2], strict=True))
    first, last = 0, len(parts) - 1
    while first < last and _names_site(claim[slice(*parts[last])], names):
        last -= 1
    while first < last and _names_site(claim[slice(*parts[first])], names):
        first += 1
    return claim[parts[first][0] : parts[last][1]]


def _find_confirmed(headings: Sequence[str], claims: Sequence[str]) -> str:
    """The heading that stands first in a claim, or else the one that shares the most words with one; ``""``: none."""
    texts = [_join_words(claim[:_LONGEST_CLAIM]) for claim in claims]
    places = [
        (text.index(words), -len(words), heading)
        for heading in headings
        for text in texts
        if (words := _join_words(heading)) in text
    ]
    if places:
        return min(places, key=lambda place: place[:2])[2]
    known = [set(text.split()) for text in texts]
    shares = [(_measure_shared(heading, known), heading) for heading in headings]
    share, heading = max(shares, key=lambda pair: pair[0], default=(0.0, ""))
    return heading if share >= _LEAST_SHARED else ""


def _cut_aside(heading: str, claims: Sequence[str]) -> str:
    """A heading up to where a claim ends, if it goes on with an aside there.

    >>> _cut_aside("Rain - a story (3)", ["Rain - a story"]), _cut_aside("Rain: a story", ["Rain"])
    ('Rain - a story', 'Rain: a story')
    """
    known = [_find_words(claim) for claim in claims]
    count = start = 0
    for match in _ASIDE.finditer(heading):
        words = _find_words(heading[start : match.start()])
        known = [claim for claim in known if claim[count : count + len(words)] == words]
        count, start = count + len(words), match.start()
        if not known:
            break
        if any(len(claim) == count for claim in known):
            return heading[:start]
    return heading


def _take_apart(heading: str, claims: Sequence[str]) -> str | None:
    """The part of a claim that a heading has without a blank between its words, or before or behind them: elements that
    stand apart on the screen only.

    >>> _take_apart("WeatherRain in all of June", ["Rain in all of June | Gazette"])
    'Rain in all of June'
    """
    joints = {place for place in range(1, len(heading)) if _is_joint(heading[place - 1], heading[place])}
    folded = [(letter, place) for place, sign in enumerate(heading) if sign.isalnum() for letter in sign.casefold()]
    letters = "".join(letter for letter, _ in folded)
    for part in (part for claim in claims for part in (claim, *_split_title(claim)) if joints):
        wanted, count = _letters(part), len(_find_words(part))
        start = letters.find(wanted)
        if start < 0 or len(wanted) * 2 < len(letters) or count < _FEW_WORDS:
            continue
        cuts = {folded[cut][1] for cut in (start, start + len(wanted)) if 0 < cut < len(folded)}
        if cuts & joints or (not cuts and count > len(_find_words(heading))):
            return part
    return None


def _is_joint(before: str, sign: str) -> bool:
    """Whether a sentence may begin between two signs, where somebody forgot the blank."""
    return sign.isupper() and (before in "!?:…" or (before.isalnum() and not before.isupper()))


def _find_fuller(heading: str, claims: Sequence[str], names: set[str]) -> str | None:
    """The claim that says more than a heading of few words, where all do: in one part that does not name the site.

    >>> _find_fuller("Houston", ["Trails near Houston"], set()), _find_fuller("Houston", ["Houston | Trails"], set())
    ('Trails near Houston', None)
    """
    words = _join_words(heading)
    texts = [_join_words(claim) for claim in claims]
    is_long = len(words.split()) > _FEW_WORDS or max(heading) >= _UNSPACED
    if is_long or words in texts or not all(words in text for text in texts):
        return None
    short = (claim for claim, text in zip(claims, texts, strict=True) if len(text.split()) <= _FULLER_WORDS)
    whole = (claim for claim in short if not _PART_ENDS.search(claim))
    return next((claim for claim in whole if names.isdisjoint(_find_words(claim))), None)


def _name_front_page(title: str, claims: Iterable[str]) -> str:
    """A front page's title with the site's name before it, where a colon or a dash joins them in the page's claim.

    >>> _name_front_page("News for the town", ["The Gazette: News for the town | Home"])
    'The Gazette: News for the town'
    """
    for claim in claims:
        before, found, _ = claim.partition(title)
        if found and _JOINS_NAME.search(before):
            return before + title
    return title


def _find_words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _join_words(text: str) -> str:
    return f" {' '.join(_find_words(text))} "


def _measure_shared(heading: str, known: Iterable[set[str]]) -> float:
    """The largest share, 0 to 1, of a heading's words that some text knows."""
    words = set(_find_words(heading))
    return max((len(words & text) / len(words) for text in known), default=0.0)
