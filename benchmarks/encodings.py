"""Pages without a declaration in legacy encodings: how many are read to the letter, by us, chardet, charset-normalizer.

The texts are the Universal Declaration of Human Rights (United Nations, 1948) in 46 languages, and stories of the
development corpora in the languages that those have; each is encoded into every charset its language was written in.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.corpora import MissingCorpusError, load_corpus
from benchmarks.languages import page_language
from benchmarks.tables import format_table
from boilerstrip.decode import decode

_WESTERN: Final = ("cp1252", "iso8859-1", "iso8859-15", "mac-roman")
_CENTRAL: Final = ("cp1250", "iso8859-2")
_BALTIC: Final = ("cp1257", "iso8859-13", "iso8859-4")
_CYRILLIC: Final = ("cp1251", "iso8859-5", "mac-cyrillic")
CHARSETS: Final = {
    **dict.fromkeys(("de", "fr", "es", "it", "pt", "ca", "nl", "da", "sv", "nb", "is", "fi", "eu"), _WESTERN),
    **dict.fromkeys(("pl", "cs", "sk", "sl", "hr", "hu", "ro"), _CENTRAL),
    **dict.fromkeys(("lt", "lv", "et"), _BALTIC),
    **dict.fromkeys(("cy", "ga", "gd"), ("iso8859-14",)),
    "kl": ("iso8859-4", "cp1252"),
    "se": ("iso8859-4", "iso8859-10"),
    "mt": ("iso8859-3",),
    "eo": ("iso8859-3",),
    "tr": ("cp1254", "iso8859-9"),
    "ru": (*_CYRILLIC, "koi8-r", "cp866", "utf-16-le"),
    "bg": _CYRILLIC,
    "sr": _CYRILLIC,
    "uk": ("cp1251", "koi8-u"),
    "el": ("cp1253", "iso8859-7"),
    "he": ("cp1255", "iso8859-8"),
    "ar": ("cp1256", "iso8859-6"),
    "fa": ("cp1256",),
    "th": ("cp874", "tis-620", "utf-16-be"),
    "zh": ("gb18030", "hz", "utf-16-le", "utf-16-be"),
    "zh-Hant": ("big5",),
    "ja": ("cp932", "euc_jp", "iso2022_jp", "utf-16-le", "utf-16-be"),
    "ko": ("cp949", "iso2022_kr", "utf-16-le"),
}
"""The Python codecs that pages of a language were written in."""
LENGTHS: Final = {"short": 150, "medium": 700, "long": 3000}
"""Characters of the texts, in whole paragraphs; Chinese, Japanese and Korean say as much in a third."""
_DENSE: Final = frozenset({"zh", "zh-Hant", "ja", "ko"})
_PLAINER: Final = str.maketrans("’‘“”„–—…ȘșȚț−", '\'\'"""--.ŞşŢţ-')
"""What people typed where a charset lacks the sign."""
_STORIES: Final = 3
"""Stories of the corpora in one language."""


class Page(NamedTuple):
    """A page without a declaration."""

    language: str
    charset: str
    length: str
    text: str

    @property
    def source(self) -> bytes:
        """As it was saved."""
        return self.text.encode(self.charset)


def load_declarations() -> dict[str, list[str]]:
    """Paragraphs of the Universal Declaration of Human Rights by language."""
    path = Path(__file__).with_name("declaration.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def load_stories() -> Iterator[tuple[str, list[str]]]:
    """Languages and paragraphs of stories in the development corpora, other than English ones."""
    seen = Counter[str]()
    for corpus in ("news-dev", "readability", "wcxb-dev"):
        for page in load_corpus(corpus):
            story = page.story or "\n".join(page.paragraphs)
            language = page_language(page) if not story.isascii() else "en"
            if language in CHARSETS and seen[language] < _STORIES:
                seen[language] += 1
                yield language, [line for line in story.split("\n") if line.strip()]


def build_pages(language: str, paragraphs: Sequence[str]) -> Iterator[Page]:
    """The text in every charset of its language and in every length, as far as the charset can write it.

    >>> [page.charset for page in build_pages("tr", ["Işık ve gölge."])]
    ['cp1254', 'cp1254', 'cp1254', 'iso8859-9', 'iso8859-9', 'iso8859-9']
    """
    for charset in CHARSETS[language]:
        written = [text for paragraph in paragraphs if (text := _write(paragraph, charset))]
        for length, characters in LENGTHS.items():
            chosen: list[str] = []
            while len(chosen) < len(written) and sum(map(len, chosen)) * (3 if language in _DENSE else 1) < characters:
                chosen.append(written[len(chosen)])
            if chosen:
                yield Page(language, charset, length, _lay_out(chosen))


def _write(paragraph: str, charset: str) -> str:
    """The paragraph as the charset can write it, or ``""``."""
    for text in (paragraph, paragraph.translate(_PLAINER)):
        try:
            if text.encode(charset).decode(charset) == text:
                return text
        except UnicodeError:
            continue
    return ""


def _lay_out(paragraphs: Sequence[str]) -> str:
    body = "\n".join(f'<p class="text">{paragraph}</p>' for paragraph in paragraphs)
    scripts = "<script>var counter = {enabled: true};</script>\n" * 5
    return f"<!DOCTYPE html>\n<html><head><title>News</title>\n{scripts}</head><body>\n{body}\n</body></html>\n"


def _read_with_chardet(source: bytes) -> str:
    import chardet

    return source.decode(chardet.detect(source)["encoding"] or "ascii", "replace")


def _read_with_charset_normalizer(source: bytes) -> str:
    from charset_normalizer import from_bytes

    return str(from_bytes(source).best() or "")


SYSTEMS: Final[dict[str, Callable[[bytes], str]]] = {
    "boilerstrip": lambda source: decode(source).text,
    "chardet": _read_with_chardet,
    "charset-normalizer": _read_with_charset_normalizer,
}


def reads(system: str, page: Page) -> bool:
    """Whether a system reads every letter of a page as it was written."""
    try:
        return SYSTEMS[system](page.source) == page.text
    except LookupError:
        return False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks encodings``."""
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS))


def run(arguments: argparse.Namespace) -> int:
    """Print how many pages of each length every system reads, and what we misread."""
    pages = [page for text in load_declarations().items() if text[0] in CHARSETS for page in build_pages(*text)]
    try:
        pages += [page for text in load_stories() for page in build_pages(*text)]
    except MissingCorpusError as error:
        print(f"without stories of the corpora: {error}\n")
    read = {system: [reads(system, page) for page in pages] for system in arguments.systems}
    totals = Counter(page.length for page in pages)
    rows = [
        [system, *(f"{_count(pages, hits, length)} of {totals[length]}" for length in LENGTHS)]
        for system, hits in read.items()
    ]
    print(format_table(["pages read to the letter", *LENGTHS], rows))
    print(_list_misread(pages, read))
    return 0


def _count(pages: Sequence[Page], hits: Sequence[bool], length: str) -> int:
    return sum(hit for page, hit in zip(pages, hits, strict=True) if page.length == length)


def _list_misread(pages: Sequence[Page], read: dict[str, list[bool]]) -> str:
    """For each charset and language the pages that a system misreads, and who reads them."""
    lines = ["", "What boilerstrip misreads (and who reads it):"]
    misread: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for number, page in enumerate(pages):
        if not read.get("boilerstrip", [True] * len(pages))[number]:
            others = [system for system, hits in read.items() if hits[number]]
            misread[page.charset, page.language].append(page.length + (f" ({', '.join(others)})" if others else ""))
    lines += [f"  {charset} {language}: {', '.join(found)}" for (charset, language), found in sorted(misread.items())]
    return "\n".join(lines)
