"""Labelled pages: four development corpora, and a user's own copy of a published test split in the same formats.

``load_corpus("wcxb-dev")`` reads an unpacked development corpus; ``load_corpus("wcxb:/path/to/test")`` reads any folder
in the same layout. The HTML of a page is read when it is asked for.
"""

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.domains import find_own_url, registrable_domain
from benchmarks.metrics import shingles_of
from benchmarks.textlines import page_text_lines

SOURCES: Final = {
    "wcxb": "https://github.com/murroughfoley/wcx (WCXB, CC-BY-4.0)",
    "news": "https://github.com/flairNLP/fundus, folder tests/resources/parser/test_data (MIT)",
    "segments": "https://github.com/adbar/trafilatura, folder tests (Apache-2.0)",
    "readability": "https://github.com/mozilla/readability, folder test/test-pages (Apache-2.0)",
    "articles": "https://github.com/scrapinghub/article-extraction-benchmark (MIT)",
}
"""Where each format comes from."""

CORPORA: Final = {
    "wcxb-dev": "wcxb",
    "news-dev": "news",
    "segments-dev": "segments",
    "readability": "readability",
}
"""The development corpora by name, and the format of each."""

LEAST_SHARE_IN_PAGE: Final = 0.9
"""A news page whose labels occur in it to less than this share of their characters is newer than its labels."""


class MissingCorpusError(FileNotFoundError):
    """A corpus is not where it is looked for; the message says where to get it."""


@dataclass(frozen=True)
class LabelledPage:
    """A page and what is known about its story. Fields a corpus does not label are ``None`` or empty."""

    corpus: str
    identifier: str
    path: Path
    """The HTML file, gzipped or not."""
    group: str
    """Registrable domain, or publisher: pages of one group belong on one side of a split."""
    url: str | None = None
    language: str | None = None
    page_type: str | None = None
    story: str | None = None
    paragraphs: tuple[str, ...] = ()
    """The story cut into paragraphs, where the corpus labels those."""
    with_segments: tuple[str, ...] = ()
    without_segments: tuple[str, ...] = ()
    title: str | None = None
    author: str | None = None
    date: str | None = None
    markdown: str | None = None

    @property
    def html(self) -> bytes:
        """The page as it was downloaded, read anew at every access."""
        return read_bytes(self.path)


def corpora_folder() -> Path:
    """``BOILERSTRIP_CORPORA``, or ``~/.cache/boilerstrip/corpora``."""
    return Path(os.environ.get("BOILERSTRIP_CORPORA") or "~/.cache/boilerstrip/corpora").expanduser()


def load_corpus(name: str, root: Path | None = None) -> list[LabelledPage]:
    """The pages of a development corpus (``wcxb-dev``) or of a folder in the same layout (``wcxb:/path``).

    Development corpora are looked for in ``root``, by default :func:`corpora_folder`.

    :raises MissingCorpusError: when it is not there.
    :raises ValueError: when the name is no corpus and no ``FORMAT:PATH``.
    """
    page_format, folder = _resolve(name, root or corpora_folder())
    if not folder.is_dir():
        raise MissingCorpusError(_missing_message(name, page_format, folder))
    pages = list(_LOADERS[page_format](folder, name.partition(":")[0]))
    if not pages:
        raise MissingCorpusError(_missing_message(name, page_format, folder))
    return pages


def take_evenly(pages: list[LabelledPage], limit: int | None) -> list[LabelledPage]:
    """At most ``limit`` pages, spread over the whole list, as corpora are ordered by kind of page."""
    if not limit or limit >= len(pages):
        return pages
    return [pages[number * len(pages) // limit] for number in range(limit)]


def corpus_format(name: str) -> str:
    """The layout of a corpus, which says how it is scored.

    >>> corpus_format("wcxb-dev"), corpus_format("articles:/some/folder")
    ('wcxb', 'articles')
    """
    return _resolve(name, Path())[0]


def _resolve(name: str, root: Path) -> tuple[str, Path]:
    page_format, colon, path = name.partition(":")
    if colon and page_format in _LOADERS:
        return page_format, Path(path).expanduser()
    if name in CORPORA:
        return CORPORA[name], root / name
    formats = ", ".join(f"{known}:PATH" for known in _LOADERS)
    raise ValueError(f"corpus {name!r} is not known; use one of {', '.join(CORPORA)}, or {formats}")


def _missing_message(name: str, page_format: str, folder: Path) -> str:
    message = f"corpus {name!r} is missing: no {page_format} pages in {folder}."
    if name in CORPORA:
        archive, root = f"../shared/corpora/{name}.tar.xz", folder.parent
        message += (
            " The environment variable BOILERSTRIP_CORPORA names another place."
            f" If you have {archive}, unpack it: mkdir -p {root} && tar xf {archive} -C {root}."
        )
    return f"{message} It is published at {SOURCES[page_format]}."


def _load_wcxb(folder: Path, corpus: str) -> Iterator[LabelledPage]:
    for truth_path in sorted((folder / "ground-truth").glob("*.json")):
        record = _read_json(truth_path)
        truth, url = record["ground_truth"], record.get("url")
        yield LabelledPage(
            corpus=corpus,
            identifier=truth_path.stem,
            path=_html_file(folder / "html", truth_path.stem),
            group=registrable_domain(url) if url else f"{corpus}/{truth_path.stem}",
            url=url,
            page_type=record["_internal"]["page_type"]["primary"],
            story=truth.get("main_content") or None,
            with_segments=tuple(truth.get("with") or ()),
            without_segments=tuple(truth.get("without") or ()),
            title=truth.get("title"),
            author=truth.get("author"),
            date=truth.get("publish_date"),
            markdown=truth.get("main_content_markdown"),
        )


def _load_news(folder: Path, corpus: str) -> Iterator[LabelledPage]:
    for truth_path in sorted(folder.glob("*.json")):
        record = _read_json(truth_path)
        path = _html_file(folder, truth_path.stem)
        html, paragraphs = read_bytes(path), tuple(record["paragraphs"])
        if share_in_page(paragraphs, html) < LEAST_SHARE_IN_PAGE:
            continue
        url = find_own_url(html)
        yield LabelledPage(
            corpus=corpus,
            identifier=truth_path.stem,
            path=path,
            group=registrable_domain(url) if url else f"{corpus}/{record['publisher']}",
            url=url,
            language=record["lang"] if record["lang"] != "?" else None,
            page_type="article",
            story="\n\n".join(paragraphs),
            paragraphs=paragraphs,
        )


def share_in_page(paragraphs: tuple[str, ...], html: bytes) -> float:
    """Share, 0 to 1, of the paragraphs' characters that stand in the page's text.

    White space does not count; a paragraph that is not there as it is counts by its shingles of four words.

    >>> share_in_page(("One story.", "Not there."), b"<p>One <b>story</b>.</p>")
    0.5
    """
    text = page_text_lines(html)
    squeezed, shingles = _without_white_space(text), shingles_of(text)
    found = (len(part) * _share_found(part, squeezed, shingles) for part in paragraphs)
    return sum(found) / max(1, sum(map(len, paragraphs)))


def _share_found(paragraph: str, squeezed: str, shingles: Counter[tuple[str, ...]]) -> float:
    if _without_white_space(paragraph) in squeezed:
        return 1.0
    wanted = shingles_of(paragraph)
    return (wanted & shingles).total() / max(1, wanted.total())


def _without_white_space(text: str) -> str:
    return "".join(text.split())


def _load_segments(folder: Path, corpus: str) -> Iterator[LabelledPage]:
    path = folder / "segments.json"
    for identifier, record in sorted(_read_json(path).items() if path.is_file() else ()):
        yield LabelledPage(
            corpus=corpus,
            identifier=identifier,
            path=_html_file(folder / "html", identifier),
            group=registrable_domain(record["url"]),
            url=record["url"],
            with_segments=tuple(record["with"]),
            without_segments=tuple(record["without"]),
        )


def _load_readability(folder: Path, corpus: str) -> Iterator[LabelledPage]:
    for expected in sorted(folder.glob("*/expected.html")):
        page_folder = expected.parent
        record = _read_json(page_folder / "expected-metadata.json")
        path = _html_file(page_folder, "source")
        url = find_own_url(read_bytes(path))
        yield LabelledPage(
            corpus=corpus,
            identifier=page_folder.name,
            path=path,
            group=registrable_domain(url) if url else f"{corpus}/{page_folder.name.rstrip('-0123456789')}",
            url=url,
            language=(record.get("lang") or "").split("-")[0].lower() or None,
            page_type="article",
            story=page_text_lines(expected.read_bytes()),
            title=record.get("title"),
            author=record.get("byline"),
            date=record.get("publishedTime"),
        )


def _load_articles(folder: Path, corpus: str) -> Iterator[LabelledPage]:
    path = folder / "ground-truth.json"
    for identifier, record in sorted(_read_json(path).items() if path.is_file() else ()):
        url = record.get("url")
        yield LabelledPage(
            corpus=corpus,
            identifier=identifier,
            path=_html_file(folder / "html", identifier),
            group=registrable_domain(url) if url else f"{corpus}/{identifier}",
            url=url,
            page_type="article",
            story=record.get("articleBody", ""),
        )


_LOADERS: Final[dict[str, Callable[[Path, str], Iterator[LabelledPage]]]] = {
    "wcxb": _load_wcxb,
    "news": _load_news,
    "segments": _load_segments,
    "readability": _load_readability,
    "articles": _load_articles,
}


def read_bytes(path: Path) -> bytes:
    """A file's bytes, unzipped where its name ends in ``.gz``."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _html_file(folder: Path, stem: str) -> Path:
    plain, zipped = folder / f"{stem}.html", folder / f"{stem}.html.gz"
    return zipped if zipped.is_file() else plain


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
