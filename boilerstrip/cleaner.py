"""The spine: a page in, its story out. The only module that knows all stages."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeGuard, get_args

from boilerstrip.blocks import Blocks
from boilerstrip.document import Document
from boilerstrip.errors import BoilerstripError, OptionError, PoolError, SourceError, find_logger
from boilerstrip.evidence.matrix import weigh
from boilerstrip.judge.opinions import form_opinions
from boilerstrip.judge.reasons import DeferredExplanation, Explanation
from boilerstrip.judge.select import select
from boilerstrip.judge.tagger import load_tagger
from boilerstrip.judge.trees import load_trees
from boilerstrip.judge.units import find_units
from boilerstrip.limits import UNLIMITED, Limits, TimeUpError, add_grace
from boilerstrip.options import CleaningOptions, Options, require_bool, require_seconds
from boilerstrip.outcome import Judgement, build_document, explain, keep_all
from boilerstrip.page import Kind, Page, SiteCounts, SiteLookup
from boilerstrip.sources import Read, Source, read_content, read_plainly, read_source

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from boilerstrip.memory import SiteMemory
    from boilerstrip.memory.names import Location
    from boilerstrip.transport import Sent

Errors = Literal["raise", "keep", "skip"]
"""What becomes of an item that cannot be cleaned."""
_Pair: TypeAlias = tuple[Source, str | None]


def _check_places(memory: object, site: object, learn: object) -> None:
    if memory is not None and not callable(getattr(memory, "lookup", None)):
        raise OptionError(f"memory={memory!r} is not allowed; use memory=SiteMemory(path)")
    if site is not None and not (isinstance(site, str) and site):
        raise OptionError(f"site={site!r} is not allowed; use the site's name, such as 'example.com'")
    require_bool("learn", learn)
    if learn and not _is_site_memory(memory):
        raise OptionError("learn=True needs a memory to learn into: pass memory=SiteMemory(path)")


def _is_site_memory(memory: object) -> "TypeGuard[SiteMemory]":
    from boilerstrip.memory import SiteMemory  # only now: SQLite takes longer to load than a page takes to clean

    return isinstance(memory, SiteMemory)


class Cleaner:
    """Cleans pages with one set of options. Reusable, picklable, safe to share between threads.

    >>> cleaner = Cleaner(focus="precision", language="en")
    >>> cleaner.clean("").status
    'empty'
    """

    def __init__(
        self,
        *,
        memory: SiteLookup | None = None,
        site: str | None = None,
        learn: bool = False,
        **options: "Unpack[CleaningOptions]",
    ) -> None:
        """
        :param options: those of :class:`boilerstrip.options.Options`, such as ``focus=`` and ``tables=``.
        :param memory: what is known of the blocks of a site, such as a :class:`boilerstrip.SiteMemory`; only read,
            unless ``learn`` is set.
        :param site: the site of every page; by default each page's URL says.
        :param learn: learn each page after it was cleaned.
        :raises OptionError: for a value that is not allowed.
        """
        self.options = Options(**options)  # type: ignore[arg-type]
        _check_places(memory, site, learn)
        self.memory = memory
        self.site = site
        self.learn = learn

    def __repr__(self) -> str:
        options = [
            f"{field.name}={getattr(self.options, field.name)!r}"
            for field in fields(Options)
            if getattr(self.options, field.name) != field.default
        ]
        places = {"memory": self.memory, "site": self.site, "learn": self.learn or None}
        options += [f"{name}={value!r}" for name, value in places.items() if value is not None]
        return f"Cleaner({', '.join(options)})"

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

        :param source: HTML or plain text as bytes or str, a path or an open binary file of either, or an lxml tree,
            which is not changed.
        :param url: where the page is from: resolves links and names the site.
        :param site: the page's site, for the memory; by default that of the cleaner, else the URL says.
        :param folder: where the page was found; names the site where nothing else does.
        :param encoding: the charset of the HTTP header, for bytes.
        :raises SourceError: when the source is none of these.
        :raises OptionError: when the encoding is unknown.
        """
        limits = Limits.start(self.options.max_bytes, self.options.max_seconds)
        content = read_content(source, limits)
        try:
            read = read_source(content, self.options.kind, encoding, limits)
        except (SourceError, OptionError):
            raise
        except Exception as fault:
            note = self._excuse(fault)
            return keep_all(read_plainly(content), url, note, is_cut=False)
        try:
            return self._judge(read, url, site, folder, limits)
        except TimeUpError:
            note = f"{limits.describe_time()} before the blocks were weighed; all of the text is kept"
            return keep_all(read, url, note, is_cut=True)
        except Exception as fault:
            return keep_all(read, url, self._excuse(fault), is_cut=False)

    def _judge(self, read: Read, url: str | None, site: str | None, folder: str | None, limits: Limits) -> Document:
        """Weigh, choose and hand over what was read, and learn it where that was asked for."""
        place = self._locate(read.page, url, site, folder) if self.memory is not None else None
        judgement = judge(read.page, self.options, self._look_up(read.page, place), limits)
        document = build_document(read, judgement, self.options, url, limits)
        self._learn(read.page, place)
        return document

    def _excuse(self, fault: Exception) -> str:
        """What is told of a page that met a fault of this package, which is logged.

        :raises Exception: what is none, such as a wrong argument, and any fault where the options are strict.
        """
        if self.options.strict or isinstance(fault, (BoilerstripError, MemoryError, OSError)):
            raise fault
        find_logger(__name__).error("a page could not be judged; its plain text is returned", exc_info=fault)
        return f"unexpected {type(fault).__name__}: {fault}; all of the text is kept; please report it"

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
        :param max_seconds: with several workers, processor time after which a page is given up; by default a little
            more than twice that of the cleaner, if it has one.
        :raises OptionError: for fewer workers than one, for several with ``learn=True``, and for other ``errors``.
        :raises SourceError: when one page is given instead of several.
        """
        if isinstance(sources, (str, bytes, bytearray)):
            raise SourceError("clean_many() takes several pages, such as a list; one page is for clean()")
        if not isinstance(workers, int) or workers < 1:
            raise OptionError(f"workers={workers!r} is not allowed; use 1 or more")
        if errors not in get_args(Errors):
            raise OptionError(f"errors={errors!r} is not allowed; use one of {', '.join(get_args(Errors))}")
        require_seconds("max_seconds", max_seconds)
        if max_seconds is None and self.options.max_seconds is not None:
            max_seconds = add_grace(self.options.max_seconds)
        if workers > 1 and self.learn:
            raise OptionError("learn=True writes to one memory: clean with workers=1, or learn first and clean then")
        pairs = (source if isinstance(source, tuple) else (source, None) for source in sources)
        here = (self._try(pair) for pair in pairs)
        cleaned = here if workers == 1 else self._clean_in_processes(pairs, workers, max_seconds)
        return _settle_errors(cleaned, errors)

    def _try(self, pair: _Pair) -> tuple[_Pair, Document | Exception]:
        try:
            return pair, self.clean(pair[0], url=pair[1])
        except Exception as error:
            return pair, error

    def _clean_in_processes(
        self, pairs: Iterator[_Pair], workers: int, max_seconds: float | None
    ) -> Generator[tuple[_Pair, Document | Exception]]:
        # Imported here, because it takes longer to load than a page takes to clean.
        from boilerstrip.pool import WorkerPool
        from boilerstrip.transport import Sent

        start = partial(_start_cleaning, self)
        pool: WorkerPool[_Pair, Document | Sent] = WorkerPool(
            start, workers, max_seconds=max_seconds, preload=[__name__, Sent.__module__]
        )
        with closing(pool.map(pairs)) as answers:
            yield from map(self._receive, answers)

    def _clean_for_transport(self, pair: _Pair) -> "Document | Sent":
        """A document as it is sent: without its evidence, which is ten times the page."""
        from boilerstrip.transport import pack

        document = self.clean(pair[0], url=pair[1])
        blocks = document.blocks
        if document.truncated or not isinstance(blocks, Blocks) or not isinstance(blocks.explanation, Explanation):
            return document
        return pack(document, blocks, pair[0], blocks.explanation.site)

    def _receive(self, answer: tuple[_Pair, "Document | Sent | Exception"]) -> tuple[_Pair, Document | Exception]:
        """A worker's answer, with the document in one piece; its reasons are found where somebody asks for them."""
        from boilerstrip.transport import Sent, find_source, unpack

        pair, sent = answer
        if not isinstance(sent, Sent):
            return pair, sent
        source = find_source(sent, pair[0])
        explain = partial(_explain_again, source, sent.document.kind, self.options, sent.site)
        return pair, unpack(sent, source, DeferredExplanation(explain, sent.block_count))

    def _locate(self, page: Page, url: str | None, site: str | None, folder: str | None) -> "Location | None":
        from boilerstrip.memory.names import locate  # only now: addresses take longer to load than a page to clean

        return locate(page, url=url, site=site or self.site, folder=folder or "")

    def _look_up(self, page: Page, place: "Location | None") -> SiteCounts | None:
        """What the memory knows of the page's blocks; nothing for a page that no site is known of."""
        if self.memory is None or place is None:
            return None
        return self.memory.lookup(place.site, page.texts, page=place.page)

    def _learn(self, page: Page, place: "Location | None") -> None:
        if self.learn and place is not None and _is_site_memory(self.memory):
            self.memory.learn_blocks(place.site, place.page, page.texts)


def _start_cleaning(cleaner: Cleaner) -> "Callable[[_Pair], Document | Sent]":
    return cleaner._clean_for_transport


def _settle_errors(cleaned: Generator[tuple[_Pair, Document | Exception]], errors: Errors) -> Generator[Document]:
    """The documents; whoever leaves in the middle, by an error too, leaves no worker behind."""
    with closing(cleaned):
        for (_, url), outcome in cleaned:
            if isinstance(outcome, Document):
                yield outcome
            elif errors == "raise" or isinstance(outcome, PoolError):
                raise outcome
            elif errors == "keep":
                yield Document(status="error", url=url, notes=(f"{type(outcome).__name__}: {outcome}",))


def clean(
    source: Source, *, url: str | None = None, encoding: str | None = None, **options: "Unpack[CleaningOptions]"
) -> Document:
    """Clean one page; for many with the same options, make a :class:`Cleaner`.

    :param options: those of :class:`boilerstrip.options.Options`, such as ``focus=`` and ``tables=``.

    >>> clean("").status
    'empty'
    """
    return Cleaner(**options).clean(source, url=url, encoding=encoding)


def extract(
    source: Source, *, url: str | None = None, encoding: str | None = None, **options: "Unpack[CleaningOptions]"
) -> str:
    """The story's text alone, ``""`` where the page has none; arguments as for :func:`clean`, which tells the rest.

    >>> extract("<p>The old mill stood still for three days, because the river had taken its wheel.</p>")
    'The old mill stood still for three days, because the river had taken its wheel.'
    """
    return clean(source, url=url, encoding=encoding, **options).text


def judge(page: Page, options: Options, counts: SiteCounts | None = None, limits: Limits = UNLIMITED) -> Judgement:
    """Weigh, score and select the blocks of a page.

    :raises TimeUpError: when the time is over.
    """
    tagger = load_tagger()
    evidence = weigh(page, options, counts, limits)
    units = find_units(page)
    limits.check()
    opinions = form_opinions(page, evidence, units, tagger, load_trees())
    limits.check()
    is_article = tagger.page_types[int(opinions.page_types.argmax())] == "article"
    selection = select(page, evidence, opinions.final, options, is_article=is_article, units=units, limits=limits)
    return Judgement(evidence, opinions, selection, units, counts)


def _explain_again(text: str, kind: Kind, options: Options, counts: SiteCounts | None) -> Explanation:
    """The explanation of a page that was cleaned elsewhere, from its text."""
    read = read_source(text, kind)
    return explain(read.page, judge(read.page, options, counts))
