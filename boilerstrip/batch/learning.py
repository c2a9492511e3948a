"""Pages into a site memory, without an output of their own.

Nothing says how far that came, because learning a page again changes nothing: a run that was stopped is repeated.
"""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

from boilerstrip.batch.actions import Action
from boilerstrip.batch.items import Failure, Item, Learnable
from boilerstrip.batch.processing import open_pool, process_in_order, submit
from boilerstrip.batch.summary import Summary
from boilerstrip.batch.terminal import Progress
from boilerstrip.memory import SiteMemory

_PAGES_A_COMMIT: Final = 256


def learn_pages(
    items: Iterable[Item],
    action: Action,
    memory: SiteMemory,
    progress: Progress,
    *,
    workers: int,
    max_seconds: float,
    tell: Callable[[Item, Failure], None] = lambda item, failure: None,
) -> Summary:
    """Learn all pages, close the memory, and return what was done.

    :param tell: called for each input that cannot be learnt.
    """
    began, summary, pages = monotonic(), Summary(), list[tuple[str, str, tuple[str, ...]]]()
    with memory, open_pool(action, workers, max_seconds) as pool:
        for pair in process_in_order(((item, submit(pool, item)) for item in items), workers):
            summary.seconds = monotonic() - began
            if pair is None:
                continue
            item, result = pair
            summary.count(result if isinstance(result, Failure) else result.facts)
            if isinstance(result, Failure):
                tell(item, result)
            elif isinstance(result, Learnable) and result.site:
                pages.append((result.site, result.page, result.texts))
            if len(pages) >= _PAGES_A_COMMIT:
                memory.learn_many_blocks(pages)
                pages.clear()
            progress.show(summary, item.position)
        memory.learn_many_blocks(pages)
    summary.seconds = monotonic() - began
    return summary
