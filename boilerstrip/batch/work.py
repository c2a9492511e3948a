"""What workers do with each page, clean it or learn it, and their results in the order of the items."""

import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeVar

from boilerstrip.batch.inputs.streams import check_size, read_page
from boilerstrip.batch.items import (
    Cleaned,
    Facts,
    Failure,
    Item,
    Learnable,
    explain_os_error,
    fail_to_write,
    is_fatal,
)
from boilerstrip.batch.terminal import Progress, Summary
from boilerstrip.cleaner import Cleaner
from boilerstrip.decode import decode
from boilerstrip.errors import MissingExtra, OptionError, PoolError, TaskError, TaskTimeout
from boilerstrip.limits import LARGEST_PAGE, add_grace
from boilerstrip.memory import SiteMemory, locate
from boilerstrip.pool import ITEMS_A_WORKER, WorkerPool, wait_in_order
from boilerstrip.render import FORMATS, render_file
from boilerstrip.report import write_report
from boilerstrip.rows import COLUMNS, build_row, count_words
from boilerstrip.sources import read_source

Key = TypeVar("Key")
Result = Cleaned | Learnable | Failure
"""What a worker gives for an item."""

_FIRST_PAGES: Final = (
    "<p>It rained on the old mill for three days.</p>",
    "It rained on the old mill for three days.",
)
"""Whatever is loaded for a first page is loaded before any page is timed."""


@dataclass(frozen=True, slots=True)
class Action:
    """What workers are to do with every page. Picklable, because they are processes of their own."""

    output_format: str = "txt"
    """One of :data:`boilerstrip.render.FORMATS`, or of ``ROW_FORMATS`` there."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of :class:`boilerstrip.Cleaner`."""
    encoding: str | None = None
    """Of pages that come without one."""
    max_bytes: int = LARGEST_PAGE
    markdown: bool = False
    """Whether rows hold Markdown instead of plain text."""
    metadata: bool = False
    """Whether rows hold author and date."""
    reasons: bool = False
    """Whether dropped words are counted by each block's strongest reason instead of a cheap one."""
    reports: str | None = None
    """Folder for a page's report, which shows every block; ``None`` for no reports."""
    memory: str | None = None
    """Path of the site memory to clean with."""
    site: str | None = None
    """The site of every page; by default address, canonical link and folder say."""
    learn: bool = False
    """Whether pages are made ready for a memory to learn instead of cleaned."""
    traceback: bool = False
    """Whether an unexpected failure is told with its traceback."""
    workers: int = 1
    max_seconds: float = 60.0
    """Processor time that a page may take."""

    def start(self) -> Callable[[Item], Result]:
        """What does it to an item; called in the worker's process."""
        memory = SiteMemory(self.memory, read_only=True) if self.memory and not self.learn else None
        perform = partial(_perform, self, Cleaner(**self.options, memory=memory, site=self.site))
        for page in _FIRST_PAGES:
            perform(Item("", content=page))
        return perform


def _perform(action: Action, cleaner: Cleaner, item: Item) -> Result:
    """A result whatever the page holds; only what the next page would meet as well is an exception."""
    try:
        content = _read(item, action.max_bytes)
    except OSError as error:
        return Failure("read", explain_os_error(error))
    except MissingExtra as error:
        return Failure("read", str(error), is_for_all=True)
    try:
        return (_learn if action.learn else _clean)(action, cleaner, item, content)
    except MemoryError:
        return Failure("clean", "not enough memory for this page")
    except Exception as error:  # a defect of ours costs its page, not the run
        if is_fatal(error):
            raise
        details = f"\n{traceback.format_exc()}" if action.traceback else ""
        return Failure("clean", f"unexpected {type(error).__name__}: {error}; please report it{details}")


def _read(item: Item, max_bytes: int) -> bytes | str:
    if item.path is not None:
        return read_page(item.path, max_bytes)
    content = item.content or b""
    check_size(len(content), max_bytes)
    return content


def _clean(action: Action, cleaner: Cleaner, item: Item, content: bytes | str) -> Cleaned | Failure:
    encoding = _encoding_of(action, item)
    document = cleaner.clean(content, url=item.url, folder=item.folder, encoding=encoding)
    if action.reports:
        try:
            write_report(document, action.reports, item.name)
        except OSError as error:
            return fail_to_write(error)
    words = count_words(document, exact=action.reasons or action.reports is not None)
    facts = Facts(document.status, document.language, *words)
    if action.output_format in FORMATS:
        return Cleaned(facts, content=render_file(document, action.output_format))
    columns = ["markdown" if name == "text" and action.markdown else name for name in COLUMNS]
    row = build_row(document, columns, identifier=item.id, url=item.url, metadata=action.metadata, words=words)
    return Cleaned(facts, row=row)


def _learn(action: Action, cleaner: Cleaner, item: Item, content: bytes | str) -> Learnable:
    page = read_source(content, cleaner.options.kind, _encoding_of(action, item)).page
    place = locate(page, url=item.url, site=action.site, folder=item.folder)
    if place is None or not page.texts:
        return Learnable(Facts("empty"))
    return Learnable(Facts("ok"), place.site, place.page, tuple(page.texts))


def _encoding_of(action: Action, item: Item) -> str | None:
    """The item's encoding, if there is one of that name, else the action's."""
    try:
        decode(b"", item.encoding)
    except OptionError:
        return action.encoding
    return item.encoding or action.encoding


def process(action: Action, items: Iterable[tuple[Key, Item]]) -> Generator[tuple[Key, Result] | None]:
    """Yield what became of each item, in order, whatever is finished first; ``None`` while time passes.

    The workers end with the generator: when it was exhausted, or at once when it is closed before or anything fails.
    """
    pool: WorkerPool[Item, Result] = WorkerPool(
        action.start, action.workers, max_seconds=add_grace(action.max_seconds), preload=[__name__]
    )
    is_over = False
    try:
        started = ((key, _submit(pool, item)) for key, item in items)
        for pair in wait_in_order(started, action.workers * ITEMS_A_WORKER):
            yield pair and (pair[0], _take_result(pair[1]))
        is_over = True
    finally:
        pool.close(at_once=not is_over)


def _submit(pool: WorkerPool[Item, Result], item: Item) -> "Future[Result]":
    if item.load:
        item = item.load(item)
    if item.failure:  # no worker is needed
        failed: Future[Result] = Future()
        failed.set_result(item.failure)
        return failed
    return pool.submit(replace(item, columns={}) if item.columns else item)


def _take_result(future: "Future[Result]") -> Result:
    try:
        return future.result()
    except TaskTimeout as error:
        return Failure("clean", f"{error}; see --max-seconds")
    except TaskError as error:
        return Failure("clean", str(error))
    except (PoolError, OSError):
        raise
    except Exception as error:
        return Failure("clean", f"unexpected {type(error).__name__}: {error}; please report it")


def learn_pages(
    action: Action,
    items: Iterable[Item],
    memory: SiteMemory,
    progress: Progress,
    tell: Callable[[Item, Failure], None] = lambda item, failure: None,
) -> Summary:
    """What was done, after learning all pages and closing the memory.

    Nothing says how far that came, because learning a page again changes nothing: what was stopped is repeated.

    :param tell: called for each input that cannot be learnt.
    """
    summary = Summary()

    def give(results: Iterable[tuple[Item, Result] | None]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for item, result in filter(None, results):
            summary.count(result if isinstance(result, Failure) else result.facts)
            if isinstance(result, Failure):
                tell(item, result)
            progress.show(summary, item.position)
            if isinstance(result, Learnable) and result.site:
                yield result.site, result.page, result.texts

    with memory, closing(process(action, ((item, item) for item in items))) as results:
        memory.learn_many_blocks(give(results))
    return summary
