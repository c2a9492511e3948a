"""The spine: a page in, its story out. The only module that knows all stages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from lxml import etree

from boilerstrip.blocks import Blocks
from boilerstrip.decode import decode, is_binary, mend_surrogates
from boilerstrip.document import Document, Status
from boilerstrip.errors import OptionError, PoolError, SourceError
from boilerstrip.evidence.matrix import Evidence, weigh
from boilerstrip.memory import Location, SiteMemory, locate
from boilerstrip.metadata import read_title
from boilerstrip.options import Detector, Focus, KindOption, Options
from boilerstrip.page import Kind, Page, SiteCounts
from boilerstrip.reasons import DeferredExplanation, Explanation
from boilerstrip.render.text import render_text
from boilerstrip.segment.html import segment_html, segment_tree
from boilerstrip.segment.kind import tell_kind
from boilerstrip.segment.text import join_text_blocks, segment_text
from boilerstrip.select import Selection, select
from boilerstrip.tagger import Scores, load_tagger

Source: TypeAlias = bytes | bytearray | memoryview | str | etree._Element | etree._ElementTree


Errors = Literal["raise", "keep", "skip"]
"""What becomes of an item that cannot be cleaned."""
_Pair: TypeAlias = tuple[Source, str | None]

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

    def clean(
        self,
        source: Source,
        *,
        url: str | None = None,
        site: str | None = None,
        folder: str | None = None,
        encoding: str | None = None,
    ) -> Document:
        """Clean one page.

        :param source: HTML or plain text as bytes or str, or an lxml tree, which is not changed.
        :param url: where the page is from: resolves links and names the site.
        :param site: the page's site, for the memory; by default that of the cleaner, else the URL says.
        :param folder: where the page was found; names the site where nothing else does.
        :param encoding: the charset of the HTTP header, for bytes.
        :raises SourceError: when the source is none of these.
        :raises OptionError: when the encoding is unknown.
        """
        read = read_source(source, self.options.kind, encoding)
        location = None
        if self.memory is not None:
            location = locate(read.page, url=url, site=site or self.site, folder=folder or "")
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
        self,
        sources: Iterable[Source | tuple[Source, str | None]],
        *,
        workers: int = 1,
        errors: Errors = "raise",
        max_seconds: float | None = None,
    ) -> Iterator[Document]:
        """Clean pages in order, each a source or a (source, url) pair; with several workers, in as many processes.

        Trees stay in their process: with several workers, pass bytes or str. A program that is a script needs
        ``if __name__ == "__main__":`` around this then, as everywhere where Python starts processes.

        :param errors: what becomes of an item that is no page, takes too long, or whose worker died twice: ``raise``
            its exception, ``keep`` it as a document of status ``error`` whose notes say why, or ``skip`` it.
        :param max_seconds: with several workers, processor time after which a page is given up.
        :raises OptionError: for fewer workers than one, for several with ``learn=True``, and for other ``errors``.
        """
        if workers < 1:
            raise OptionError(f"workers={workers!r} is not allowed; use 1 or more")
        if errors not in get_args(Errors):
            raise OptionError(f"errors={errors!r} is not allowed; use one of {', '.join(get_args(Errors))}")
        if workers > 1 and self.learn:
            raise OptionError("learn=True writes to one memory: clean with workers=1, or learn first and clean then")
        pairs = (source if isinstance(source, tuple) else (source, None) for source in sources)
        cleaned = map(self._try, pairs) if workers == 1 else self._clean_in_processes(pairs, workers, max_seconds)
        return _settle_errors(cleaned, errors)

    def _try(self, pair: _Pair) -> tuple[_Pair, Document | Exception]:
        try:
            return pair, self.clean(pair[0], url=pair[1])
        except Exception as error:
            return pair, error

    def _clean_in_processes(
        self, pairs: Iterator[_Pair], workers: int, max_seconds: float | None
    ) -> Iterator[tuple[_Pair, Document | Exception]]:
        # Imported here, because it takes longer to load than a page takes to clean.
        from boilerstrip.pool import WorkerPool

        start = partial(_start_cleaning, self)
        pool: WorkerPool[_Pair, Document] = WorkerPool(start, workers, max_seconds=max_seconds, preload=[__name__])
        return pool.map(pairs)

    def _clean_for_transport(self, pair: _Pair) -> Document:
        """A document without its evidence, which is ten times the page: its reasons are found again if asked for."""
        document = self.clean(pair[0], url=pair[1])
        blocks = document.blocks
        if not isinstance(blocks, Blocks) or not isinstance(blocks.explanation, Explanation):
            return document
        explain = partial(_explain_again, document.source, document.kind, self.options, blocks.explanation.site)
        return replace(document, blocks=blocks.with_explanation(DeferredExplanation(explain, len(blocks))))

    def _look_up(self, page: Page, location: Location | None) -> SiteCounts | None:
        """What the memory knows of the page's blocks; nothing for a page that no site is known of."""
        if self.memory is None or location is None:
            return None
        return self.memory.lookup(location.site, page.texts, page=location.page)


def _start_cleaning(cleaner: Cleaner) -> Callable[[_Pair], Document]:
    return cleaner._clean_for_transport


def _settle_errors(cleaned: Iterator[tuple[_Pair, Document | Exception]], errors: Errors) -> Iterator[Document]:
    for (_, url), outcome in cleaned:
        if isinstance(outcome, Document):
            yield outcome
        elif errors == "raise" or isinstance(outcome, PoolError):
            raise outcome
        elif errors == "keep":
            yield Document(status="error", url=url, notes=(f"{type(outcome).__name__}: {outcome}",))


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


def _explain_again(text: str, kind: Kind, options: Options, counts: SiteCounts | None) -> Explanation:
    """The explanation of a page that was cleaned elsewhere, from its text."""
    read = read_source(text, kind)
    evidence, _, selection = judge(read.page, options, counts)
    if read.page.kind == "text":
        selection = _read_again(read, selection, options)
    return Explanation(load_tagger(read.page.kind), evidence, read.page, selection, counts)


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
    """Text of the headings of the first level, the recognised title first."""
    first = [page.texts[evidence.title]] if evidence.title is not None else []
    return first + [text for text, tag in zip(page.texts, page.tags, strict=True) if tag == "h1"]


def _tell_status(read: _Read, story: str) -> Status:
    if read.is_binary:
        return "binary"
    if not len(read.page):
        return "empty"
    return "ok" if story.strip() else "no_story"
