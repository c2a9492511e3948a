"""Every system under one signature: the bytes of a page and its address in, the story's text out.

Each adapter imports its package when it is made, so that a missing one is one clear line and costs the others nothing.
"""

from collections.abc import Callable
from typing import Final

from benchmarks.textlines import decode_page, page_text_lines, parse_page

System = Callable[[bytes, str | None], str]


class MissingSystemError(ImportError):
    """A system's package is not installed; the message says which."""


def make_system(name: str) -> System:
    """The adapter of a system, ready to be called.

    :raises ValueError: when the name is unknown.
    :raises MissingSystemError: when its package is not installed.
    """
    if name not in SYSTEMS:
        raise ValueError(f"system {name!r} is not known; use one of {', '.join(SYSTEMS)}")
    make, package = SYSTEMS[name]
    try:
        return make()
    except ImportError as error:
        message = f"system {name!r} needs the package {package}: pip install {package} ({error})"
        raise MissingSystemError(message) from error


def _make_boilerstrip() -> System:
    from boilerstrip import Cleaner

    cleaner = Cleaner()
    return lambda html, url: cleaner.clean(html, url=url).text


def _make_boilerstrip_text() -> System:
    from boilerstrip import Cleaner

    cleaner = Cleaner(kind="text")
    return lambda html, url: cleaner.clean(page_text_lines(html), url=url).text


def _make_trafilatura() -> System:
    from trafilatura import extract

    return lambda html, url: extract(html, url=url, include_comments=False) or ""


def _make_trafilatura_fast() -> System:
    from trafilatura import extract

    return lambda html, url: extract(html, url=url, include_comments=False, fast=True) or ""


def _make_resiliparse() -> System:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def extract(html: bytes, url: str | None) -> str:
        return str(extract_plain_text(bytes_to_str(html, detect_encoding(html) or "utf-8"), main_content=True))

    return extract


def _make_readability() -> System:
    from readability import Document

    def extract(html: bytes, url: str | None) -> str:
        return page_text_lines(Document(decode_page(html), url=url).summary().encode("utf-8"))

    return extract


def _make_justext() -> System:
    from justext import get_stoplist, justext

    stop_words = get_stoplist("English")

    def extract(html: bytes, url: str | None) -> str:
        paragraphs = justext(decode_page(html), stop_words)
        return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)

    return extract


def _make_boilerpy3() -> System:
    from boilerpy3.extractors import ArticleExtractor

    extractor = ArticleExtractor(raise_on_failure=False)
    return lambda html, url: str(extractor.get_content(decode_page(html)))


def _make_goose3() -> System:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})
    return lambda html, url: str(goose.extract(raw_html=decode_page(html), url=url).cleaned_text)


def _make_newspaper4k() -> System:
    import newspaper

    def extract(html: bytes, url: str | None) -> str:
        article = newspaper.Article(url or "http://localhost/", fetch_images=False)
        article.download(input_html=decode_page(html))
        article.parse()
        return str(article.text)

    return extract


def _make_turbohtml() -> System:
    import turbohtml

    def extract(html: bytes, url: str | None) -> str:
        content = turbohtml.parse(decode_page(html)).main_content()
        return content.to_text() if content is not None else ""

    return extract


def _make_keep_everything() -> System:
    return lambda html, url: page_text_lines(html)


def _make_lxml() -> System:
    """The parse and nothing else: the floor under every system that reads HTML with lxml."""

    def parse(html: bytes, url: str | None) -> str:
        parse_page(html)
        return ""

    return parse


SYSTEMS: Final[dict[str, tuple[Callable[[], System], str]]] = {
    "boilerstrip": (_make_boilerstrip, "boilerstrip"),
    "boilerstrip-text": (_make_boilerstrip_text, "boilerstrip"),
    "trafilatura": (_make_trafilatura, "trafilatura"),
    "trafilatura-fast": (_make_trafilatura_fast, "trafilatura"),
    "resiliparse": (_make_resiliparse, "resiliparse"),
    "readability": (_make_readability, "readability-lxml"),
    "justext": (_make_justext, "justext"),
    "boilerpy3": (_make_boilerpy3, "boilerpy3"),
    "goose3": (_make_goose3, "goose3"),
    "newspaper4k": (_make_newspaper4k, "newspaper4k"),
    "turbohtml": (_make_turbohtml, "turbohtml"),
    "keep-everything": (_make_keep_everything, "lxml"),
    "lxml": (_make_lxml, "lxml"),
}
"""How to make each system, and the package it needs."""


def run_safely(system: System, html: bytes, url: str | None) -> tuple[str, bool]:
    """The system's text, and whether it failed: an exception is an empty text, so that one bad page ends no run."""
    try:
        return system(html, url), False
    except Exception:  # a peer may raise anything at all; the failure is counted and printed
        return "", True
