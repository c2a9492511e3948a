"""Repetition: what stands more than once, within the page and across the pages of a site."""

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
from boilerstrip.evidence.characters import PLANE
from boilerstrip.evidence.tokens import BETWEEN_BLOCKS, Tokens, divide, split_words
from boilerstrip.page import Page, SiteCounts

_SHINGLE_WORDS: Final = 4
"""Words a shingle (Broder 1997 uses 4 to 10 for web pages; short lines need the short end)."""
_BETWEEN: Final = f" {BETWEEN_BLOCKS} "
_DIGITS: Final = re.compile(r"\d+")
_FOLDED_ALONE: Final = ((0x1, 0x530), (0x2010, 0x2040), (0x3000, 0x3100), (0xFF01, 0xFF5F))
"""Latin, Greek, Cyrillic, punctuation, kana, wide Latin: none but a combining mark changes what stands before it."""
_IDEOGRAPHS_AND_SYLLABLES: Final = ((0x3400, 0xA000), (0xAC00, 0xD7A4))
"""They stay as they are."""
_MARKUP: Final = re.compile(r"<[^<>]{0,200}>")
_OPENING: Final = 40
"""Letters of a block that are looked up in the page's structured text."""
_AROUND: Final = 6
"""Neighbours on either side that are asked for the title's words."""
_MULTIPLIER: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_MULTIPLIER, -1, 2**64)
_PRODUCT_LIMIT: Final = 10_000_000
"""Pieces times characters below which looking for each by itself is quicker."""
_TABLE_BITS: Final = 20
"""The table of hashes has a million places, which fit the processor's cache."""
_SITE_MINIMUM_PAGES: Final = 3
"""Pages of a site below which nothing is concluded from them."""
_SITE_LEAST_HOLDERS: Final = 2
SITE_LEAST_SHARE: Final = 0.5
_SITE_LEAST_WORDS: Final = 5
"""Other pages, share of the site's pages and words from which on a block counts as printed by the site (sweep over 0 to
0.8 and 0 to 8 on the corpora's sites of two pages or more: short lines and rarer ones are as often story)."""

COLUMNS: Final = (
    "copies", "later_copy", "earlier_copy", "pattern_copies", "shingles_before", "shingles_after", "title_share",
    "title_cover", "title_around",
    "description_share", "structured_share", "structured_known", "structured_description", "site_share",
)  # fmt: skip
TITLE: Final = slice(COLUMNS.index("title_share"), COLUMNS.index("title_cover") + 1)
"""The two columns by which the page's title is found."""
_STRUCTURED_SHARE, _STRUCTURED_KNOWN, _STRUCTURED_DESCRIPTION, _SITE_SHARE = range(len(COLUMNS) - 4, len(COLUMNS))


def normalise_block(text: str) -> str:
    """The block as it is compared: NFKC, case folded, digits to one class, white space collapsed.

    >>> normalise_block("Read  17 Comments")
    'read 0 comments'
    """
    return _DIGITS.sub("0", " ".join(_fold(text).split()))


def _fold(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def fold_characters() -> NDArray[np.uint16]:
    """What :func:`normalise_block` makes of each character of the Basic Multilingual Plane, as far as that is known
    without its neighbours and is one character; 0 for all others, shape (PLANE,)."""
    folded = np.zeros(PLANE, dtype=np.uint16)
    for first, end in _IDEOGRAPHS_AND_SYLLABLES:
        folded[first:end] = np.arange(first, end)
    for first, end in _FOLDED_ALONE:
        alike = (
            _fold(character) if not unicodedata.combining(character) else ""
            for character in map(chr, range(first, end))
        )
        folded[first:end] = [ord(one) if len(one) == 1 else 0 for one in alike]
    return folded


def measure_repetition(page: Page, tokens: Tokens, site: SiteCounts | None = None) -> NDArray[np.float64]:
    """The repetition columns, shape (len(COLUMNS), n)."""
    head = page.head
    title, description = set(split_words(head.social_title or head.title)), set(split_words(head.description))
    if module := load_part("repeats").module:
        measured: NDArray[np.float64] = module.measure_repetition(
            page.texts, _load_folding(), tokens.vocabulary, tokens.words, tokens.starts, title, description,
            len(COLUMNS), _SHINGLE_WORDS, _AROUND,
        )  # fmt: skip
    else:
        claims = _measure_claims(tokens, title, description)
        measured = np.zeros((len(COLUMNS), len(page)))
        measured[:_STRUCTURED_SHARE] = (*_measure_copies(page.texts), *_measure_shingles(tokens), *claims)
    if head.structured_text or head.structured_description:
        squeezed = _squeeze(BETWEEN_BLOCKS.join([text[:120] for text in page.texts])).split(BETWEEN_BLOCKS)
        openings = [opening[:_OPENING] for opening in squeezed]
        measured[_STRUCTURED_SHARE] = _contains(openings, head.structured_text)
        measured[_STRUCTURED_KNOWN] = bool(head.structured_text)
        measured[_STRUCTURED_DESCRIPTION] = _contains(openings, head.structured_description)
    if site is not None and site.pages_of_site >= _SITE_MINIMUM_PAGES:
        measured[_SITE_SHARE] = _measure_site(tokens, site)
    return measured


@cache
def _load_folding() -> Any:
    """How the compiled core makes texts alike."""
    return load_part("repeats").module.Folding(fold_characters(), _fold)  # type: ignore[union-attr]


def _measure_copies(texts: Sequence[str]) -> Iterator[NDArray[np.float64]]:
    """How often each text stands in the page, whether later and earlier, and how often its pattern."""
    exact = _collapse_all(texts)
    counts, ranks = count_copies(exact)
    patterns = normalise_block(_BETWEEN.join(exact)).split(_BETWEEN)
    pattern_counts, _ = count_copies(patterns if len(patterns) == len(exact) else list(map(normalise_block, exact)))
    yield np.log2(counts)
    yield (ranks < counts - 1).astype(np.float64)
    yield (ranks > 0).astype(np.float64)
    yield np.log2(pattern_counts)


def _collapse_all(texts: Sequence[str]) -> list[str]:
    """Each block with its white space collapsed; all in one pass unless a block has no words."""
    collapsed = " ".join(_BETWEEN.join(texts).split()).split(_BETWEEN)
    return collapsed if len(collapsed) == len(texts) else [" ".join(text.split()) for text in texts]


def count_copies(texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How often each text stands in the list, and how many of its copies stand before it.

    >>> count_copies(["a", "b", "a"])
    (array([2., 1., 2.]), array([0., 0., 1.]))
    """
    seen: dict[str, int] = {}
    ranks = []
    for text in texts:
        rank = seen.get(text, 0)
        seen[text] = rank + 1
        ranks.append(rank)
    return np.array([seen[text] for text in texts], dtype=np.float64), np.array(ranks, dtype=np.float64)


def _measure_shingles(tokens: Tokens) -> Iterator[NDArray[np.float64]]:
    """Share of a block's shingles that some earlier, or later, block holds too."""
    count = len(tokens)
    shingles, blocks = _build_shingles(tokens)
    _, first_places, inverse = np.unique(shingles, return_index=True, return_inverse=True)
    first, last = blocks[first_places], np.zeros(len(first_places), dtype=np.int64)
    last[inverse] = blocks  # in document order, so that the last block of each shingle is what stays
    totals = np.bincount(blocks, minlength=count).astype(np.float64)
    yield divide(np.bincount(blocks, first[inverse] < blocks, minlength=count), totals)
    yield divide(np.bincount(blocks, last[inverse] > blocks, minlength=count), totals)


def _build_shingles(tokens: Tokens) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hash of every run of words inside one block, and the block it stands in."""
    words, blocks = tokens.words.astype(np.uint64), tokens.block_of_word
    size = len(words) - _SHINGLE_WORDS + 1
    if size <= 0:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    hashes = np.zeros(size, dtype=np.uint64)
    for offset in range(_SHINGLE_WORDS):
        hashes = (hashes ^ (words[offset : offset + size] + np.uint64(1))) * np.uint64(_MULTIPLIER)
        hashes ^= hashes >> np.uint64(29)
    inside = blocks[:size] == blocks[_SHINGLE_WORDS - 1 :]
    return hashes[inside], blocks[:size][inside]


def _measure_claims(tokens: Tokens, title: set[str], description: set[str]) -> Iterator[NDArray[np.float64]]:
    """How much of a block the page's own title and description hold."""
    words, share = np.diff(tokens.starts), _share_of_words(tokens, title)
    yield share
    yield np.minimum(divide(share * words, np.full(len(tokens), float(len(title)))), 1.0)
    yield _measure_around(share * words, words)
    yield _share_of_words(tokens, description)


def _measure_around(hits: NDArray[np.float64], words: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of the words of each block and of its neighbours on either side that are hits: a story speaks of what its
    title names, the teasers beside it do not."""
    ends = np.minimum(np.arange(len(words)) + _AROUND + 1, len(words))
    starts = np.maximum(np.arange(len(words)) - _AROUND, 0)
    found, total = np.concatenate(([0.0], np.cumsum(hits))), np.concatenate(([0], np.cumsum(words)))
    return np.minimum(divide(found[ends] - found[starts], (total[ends] - total[starts]).astype(np.float64)) * 4.0, 1.0)


def _share_of_words(tokens: Tokens, words: set[str]) -> NDArray[np.float64]:
    """Share of each block's words that are among ``words``."""
    if not words:
        return np.zeros(len(tokens))
    known = np.fromiter(map(words.__contains__, tokens.vocabulary), dtype=np.float64, count=len(tokens.vocabulary))
    totals = np.concatenate(([0.0], np.cumsum(known[tokens.words])))
    return divide(totals[tokens.starts[1:]] - totals[tokens.starts[:-1]], np.diff(tokens.starts).astype(np.float64))


def _contains(openings: Sequence[str], body: str) -> NDArray[np.float64]:
    """Whether the structured text holds each block's opening, white space and case aside; short ones count for less."""
    if not body:
        return np.zeros(len(openings))
    held = find_held(set(openings) - {""}, _squeeze(_MARKUP.sub(" ", body)))
    return np.array([min(len(opening) / _OPENING, 1.0) if opening in held else 0.0 for opening in openings])


def find_held(pieces: Set[str], text: str) -> set[str]:
    """The pieces that stand in a text. Many pieces and a long text are searched in one pass for each length of a piece,
    so that the time does not grow with the product of the two.

    >>> sorted(find_held({"rain", "mill", "an"}, "it rained"))
    ['rain']
    """
    if len(pieces) * len(text) <= _PRODUCT_LIMIT:
        return {piece for piece in pieces if piece in text}
    of_length: dict[int, list[str]] = {}
    for piece in pieces:
        of_length.setdefault(len(piece), []).append(piece)
    powers, inverses = _raise(_MULTIPLIER, len(text)), _raise(_INVERSE, len(text))
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(_number_characters(text) * powers)))
    found = set[str]()
    for length, wanted in of_length.items():
        if length <= len(text):
            windows = (sums[length:] - sums[:-length]) * inverses[: len(sums) - length]
            hashes = _number_characters("".join(wanted)).reshape(-1, length) @ powers[:length]
            found |= _find_hashed(set(wanted), hashes, text, windows, length)
    return found


def _number_characters(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)


def _raise(base: int, count: int) -> NDArray[np.uint64]:
    """The powers of a number modulo 2 to the 64, from its zeroth, shape (count,)."""
    factors = np.full(count, base, dtype=np.uint64)
    factors[:1] = 1
    return np.cumprod(factors)


def _find_hashed(
    wanted: set[str], hashes: NDArray[np.uint64], text: str, windows: NDArray[np.uint64], length: int
) -> set[str]:
    """Those of the pieces of one length that stand in a text, looked for where a window has the hash of one.

    :param windows: for each place of the text the sum of the characters there, each times a power of the multiplier
        (Karp and Rabin 1987), and
    :param hashes: the same of the pieces.
    """
    shift = np.uint64(64 - _TABLE_BITS)
    table = np.zeros(1 << _TABLE_BITS, dtype=bool)
    table[hashes >> shift] = True
    missing = set(wanted)
    for place in np.flatnonzero(table[windows >> shift]).tolist():
        missing.discard(text[place : place + length])
        if not missing:
            break
    return wanted - missing


def _squeeze(text: str) -> str:
    return "".join(text.split()).lower()


def _measure_site(tokens: Tokens, site: SiteCounts) -> NDArray[np.float64]:
    """Share of the site's other pages that hold the block.

    What a single other page holds is no frame but a print view, a next page or a quotation, and the labels of a shop's
    table stand on many of its pages.
    """
    pages = np.array(site.pages_with_block, dtype=np.float64)
    share = np.minimum(pages / site.pages_of_site, 1.0)
    printed = (pages >= _SITE_LEAST_HOLDERS) & (share >= SITE_LEAST_SHARE) & (tokens.word_counts >= _SITE_LEAST_WORDS)
    # All numbers have the same fingerprint, so that a block without letters says nothing.
    return np.where(printed & tokens.script_counts.any(axis=1), share, 0.0)
