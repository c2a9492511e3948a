"""The spine: a page in, its story out. The only module that knows all stages."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from lxml import etree

from boilerstrip.blocks import Blocks
from boilerstrip.decode import decode, is_binary, mend_surrogates
from boilerstrip.document import Document, Status
from boilerstrip.errors import OptionError, SourceError
from boilerstrip.evidence.matrix import Evidence, weigh
from boilerstrip.memory import Location, SiteMemory, locate
from boilerstrip.metadata import read_title, split_title
from boilerstrip.options import Detector, Focus, KindOption, Options
from boilerstrip.page import Page, SiteCounts
from boilerstrip.reasons import Explanation
from boilerstrip.render.text import render_text
from boilerstrip.segment.html import segment_html, segment_tree
from boilerstrip.segment.kind import tell_kind
from boilerstrip.segment.text import join_text_blocks, segment_text
from boilerstrip.select import Selection, select
from boilerstrip.tagger import Scores, load_tagger

Source: TypeAlias = bytes | bytearray | memoryview | str | etree._Element | etree._ElementTree


_READINGS_AGAIN: Final = 3
"""Times that the story of a text is judged by itself."""


class _Read(NamedTuple):
    """A source as text and as blocks."""

    page: Page
    text: str
    encoding: str | None = None
    encoding_source: str | None = None
    is_binary: bool = False


class Cleaner:
    """Cleans pages with one set of options. Reusable, picklable, safe to share between threads.

    >>> cleaner = Cleaner(focus="precision", language="en")
    >>> cleaner.clean("").status
    'empty'
    """

    def __init__(
        self,
        *,
        kind: KindOption = "auto",
        language: str | None = None,
        languages: Sequence[str] = (),
        focus: Focus = "balanced",
        comments: bool = False,
        with_title: bool = False,
        detector: str | Detector = "py3langid",
        memory: SiteMemory | None = None,
        site: str | None = None,
        learn: bool = False,
    ) -> None:
        """See :class:`boilerstrip.options.Options` for the first seven.

        :param memory: what is known of the blocks of a site; only read, unless ``learn`` is set.
        :param site: the site of every page; by default each page's URL says.
        :param learn: learn each page after it was cleaned.
        :raises OptionError: for a value that is not allowed.
        """
        self.options = Options(
            kind=kind,
            language=language,
            languages=languages,  # type: ignore[arg-type]
            focus=focus,
            comments=comments,
            with_title=with_title,
            detector=detector,
        )
        if learn and memory is None:
            raise OptionError("learn=True needs a memory to learn into: pass memory=SiteMemory(path)")
        self.memory = memory
        self.site = site
        self.learn = learn

    def clean(self, source: Source, *, url: str | None = None, encoding: str | None = None) -> Document:
        """Clean one page.

        :param source: HTML or plain text as bytes or str, or an lxml tree, which is not changed.
        :param url: where the page is from: resolves links and names the site.
        :param encoding: the charset of the HTTP header, for bytes.
        :raises SourceError: when the source is none of these.
        :raises OptionError: when the encoding is unknown.
        """
        read = read_source(source, self.options.kind, encoding)
        location = locate(read.page, url=url, site=self.site) if self.memory is not None else None
        counts = self._look_up(read.page, location)
        evidence, scores, selection = judge(read.page, self.options, counts)
        if read.page.kind == "text":
            selection = _read_again(read, selection, self.options)
        explanation = Explanation(load_tagger(read.page.kind), evidence, read.page, selection, counts)
        document = _build_document(read, evidence, scores, selection, explanation, self.options, url)
        if self.learn and self.memory is not None and location is not None:
            self.memory.learn_blocks(location.site, location.page, read.page.texts)
        return document

    def clean_many(
        self, sources: Iterable[Source | tuple[Source, str | None]], *, workers: int = 1
    ) -> Iterator[Document]:
        """Clean pages in order, each a source or a (source, url) pair; with several workers, in as many processes.

        Trees stay in their process: with several workers, pass bytes or str.

        :raises OptionError: for fewer workers than one, and for several with ``learn=True``.
        """
        if workers < 1:
            raise OptionError(f"workers={workers!r} is not allowed; use 1 or more")
        if workers > 1 and self.learn:
            raise OptionError("learn=True writes to one memory: clean with workers=1, or learn first and clean then")
        pairs = (source if isinstance(source, tuple) else (source, None) for source in sources)
        return map(self._clean_pair, pairs) if workers == 1 else self._clean_in_processes(pairs, workers)

    def _clean_in_processes(self, pairs: Iterator[tuple[Source, str | None]], workers: int) -> Iterator[Document]:
        # Imported here, because it takes longer to load than a page takes to clean.
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(workers) as pool:
            while batch := list(islice(pairs, workers * 32)):
                yield from pool.map(self._clean_pair, batch, chunksize=8)

    def _clean_pair(self, pair: tuple[Source, str | None]) -> Document:
        return self.clean(pair[0], url=pair[1])

    def _look_up(self, page: Page, location: Location | None) -> SiteCounts | None:
        """What the memory knows of the page's blocks; nothing for a page that no site is known of."""
        if self.memory is None or location is None:
            return None
        return self.memory.lookup(location.site, page.texts, page=location.page)


def clean(
    source: Source,
    *,
    url: str | None = None,
    encoding: str | None = None,
    kind: KindOption = "auto",
    language: str | None = None,
    languages: Sequence[str] = (),
    focus: Focus = "balanced",
    comments: bool = False,
    with_title: bool = False,
    detector: str | Detector = "py3langid",
) -> Document:
    """Clean one page; for many with the same options, make a :class:`Cleaner`.

    >>> clean("").status
    'empty'
    """
    cleaner = Cleaner(
        kind=kind,
        language=language,
        languages=languages,
        focus=focus,
        comments=comments,
        with_title=with_title,
        detector=detector,
    )
    return cleaner.clean(source, url=url, encoding=encoding)


def read_source(source: Source, kind: KindOption, encoding: str | None = None) -> _Read:
    """Decode and segment a source of any allowed type.

    :raises SourceError: when it is of another type.
    """
    if isinstance(source, (etree._Element, etree._ElementTree)):
        root = source.getroot() if isinstance(source, etree._ElementTree) else source
        if root is None:
            return _Read(Page(kind="html"), "")
        return _Read(segment_tree(root), etree.tostring(root, encoding="unicode", method="html", with_tail=False))
    if isinstance(source, str):
        text = mend_surrogates(source.removeprefix("\ufeff"))
        return _Read(segment_source_text(text, kind), text)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _read_bytes(bytes(source), kind, encoding)
    raise SourceError(
        f"source must be bytes, str or an lxml tree, not {type(source).__name__}; "
        "read a file with open(path, 'rb').read()"
    )


def _read_bytes(source: bytes, kind: KindOption, encoding: str | None) -> _Read:
    decoded = decode(source, encoding)
    if is_binary(source):
        return _Read(Page(kind="text"), "", decoded.encoding, decoded.source, is_binary=True)
    return _Read(segment_source_text(decoded.text, kind), decoded.text, decoded.encoding, decoded.source)


def segment_source_text(text: str, kind: KindOption) -> Page:
    """Blocks of a text, told apart by content unless ``kind`` forces it."""
    return segment_html(text) if (tell_kind(text) if kind == "auto" else kind) == "html" else segment_text(text)


def segment_source(source: Source, *, encoding: str | None = None) -> Page:
    """The blocks of a source, as cleaning would cut it."""
    return read_source(source, "auto", encoding).page


def judge(page: Page, options: Options, counts: SiteCounts | None = None) -> tuple[Evidence, Scores, Selection]:
    """Weigh, score and select the blocks of a page."""
    evidence = weigh(page, options, counts)
    tagger = load_tagger(page.kind)
    scores = tagger.score(evidence)
    is_article = tagger.page_types[int(scores.page_types.argmax())] == "article"
    return evidence, scores, select(page, evidence, scores.blocks, options, is_article=is_article)


def _read_again(read: _Read, selection: Selection, options: Options) -> Selection:
    """Judge the story of a text once more by itself, until all of it stays.

    A line that passed among much boilerplate may stand out in the story alone; and cleaning the cleaned text then
    changes nothing. A story that is cut otherwise by itself is left as it is. On mixed documents one in a hundred more
    has no wrong line; on the text lines of whole pages word F1 changes by -0.001.
    """
    for _ in range(_READINGS_AGAIN):
        kept = np.flatnonzero(selection.kept)
        if not len(kept) or len(kept) == len(selection.kept):
            break
        story = segment_text(join_text_blocks(read.text, [read.page.spans[block] for block in kept.tolist()]))
        if list(story.texts) != [read.page.texts[block] for block in kept.tolist()]:
            break
        stays = judge(story, options)[2].kept
        if stays.all() or not stays.any():
            break
        selection = selection.drop(kept[~stays].tolist(), "second_reading")
    return selection


def _build_document(
    read: _Read,
    evidence: Evidence,
    scores: Scores,
    selection: Selection,
    explanation: Explanation,
    options: Options,
    url: str | None,
) -> Document:
    page = read.page
    kept = selection.kept.tolist()
    blocks = Blocks(page, kept, scores.blocks.tolist(), evidence.block_languages, explanation)
    story = _join_story(read, [block for block, keep in enumerate(kept) if keep])
    title = read_title(page.head, _title_candidates(page, evidence)) if page.kind == "html" else None
    best_type = int(scores.page_types.argmax())
    tagger = explanation.tagger
    return Document(
        text=f"{title}\n\n{story}" if options.with_title and title and story else story,
        blocks=blocks,
        kind=page.kind,
        status=_tell_status(read, story),
        language=evidence.language,
        confidence=tagger.estimate_f1(scores.blocks, evidence.word_counts, selection.kept) if story else 0.0,
        encoding=read.encoding,
        encoding_source=read.encoding_source,
        truncated=page.truncated,
        page_type=tagger.page_types[best_type] if page.kind == "html" and len(page) else None,
        page_type_probability=float(scores.page_types[best_type]) if page.kind == "html" and len(page) else 0.0,
        title=title,
        url=url or page.head.url or None,
        bias=tagger.bias,
        source=read.text,
        with_title=options.with_title,
    )


def _join_story(read: _Read, kept: Sequence[int]) -> str:
    if read.page.kind == "html":
        return render_text(read.page, kept)
    return join_text_blocks(read.text, [read.page.spans[block] for block in kept])


def _title_candidates(page: Page, evidence: Evidence) -> list[str]:
    """Text of the headings of the first level, the recognised title first; without any, text that is a part of the
    page's ``<title>``. Without a heading, a link is the site's logo rather than the page's title."""
    first = [text for text, tag in zip(page.texts, page.tags, strict=True) if tag == "h1"]
    parts = set() if first else set(split_title(page.head.title))
    title = evidence.title
    if title is not None and (first or page.roles[title] == "heading" or not _is_linked(page, title)):
        first.insert(0, page.texts[title])
    return first + [
        text for block, text in enumerate(page.texts) if parts and text in parts and not _is_linked(page, block)
    ]


def _is_linked(page: Page, block: int) -> bool:
    return page.link_characters[block] * 2 > len(page.texts[block])


def _tell_status(read: _Read, story: str) -> Status:
    if read.is_binary:
        return "binary"
    if not len(read.page):
        return "empty"
    return "ok" if story.strip() else "no_story"
