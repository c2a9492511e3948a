"""A run from its first input to its summary: pages out to workers, results back in order, books kept."""

from collections import deque
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Final, Protocol

from boilerstrip.batch.crew import Crew
from boilerstrip.batch.journal import Entry
from boilerstrip.batch.ledger import Ledger
from boilerstrip.batch.records import Failed, Failure, Input, Record, Result
from boilerstrip.batch.summary import Summary
from boilerstrip.errors import OptionError

_INPUTS_A_WORKER: Final = 16
"""How far the run may be ahead of its slowest page, for each worker: bounds what is held in memory."""
_TICK_SECONDS: Final = 0.25


class Progress(Protocol):
    """Shows how far a run is."""

    def show(self, summary: Summary, position: int) -> None:
        """
        :param position: bytes of the inputs done so far.
        """


def run_inputs(
    inputs: Iterator[Input], crew: Crew, workers: int, ledger: Ledger, done: Iterable[Entry], progress: Progress
) -> Summary:
    """Work through all inputs; those that are done already are only counted.

    :raises OptionError: when the inputs are not those that are done.
    :raises OSError: when the disk is full or failing; what was committed stays.
    """
    began, summary = monotonic(), ledger.summary
    for position in skip_done(inputs, done, summary):
        progress.show(summary, position)
    number = summary.resumed
    for pair in _heed_interrupts(process_in_order(inputs, crew, window_of(workers)), ledger):
        summary.seconds = monotonic() - began
        if pair is not None:
            number += 1
            ledger.enter(*pair)
            progress.show(summary, pair[0].position)
        ledger.commit_when_due()
    ledger.finish(number)
    summary.seconds = monotonic() - began
    return summary


def _heed_interrupts(
    pairs: Iterator[tuple[Input, Result] | None], ledger: Ledger
) -> Iterator[tuple[Input, Result] | None]:
    """Bring what is done to the disk when somebody interrupts the waiting for pages, where nearly all time is spent.

    An interrupt at any other moment may meet half an entry in the books: then what was committed before counts.
    """
    while True:
        try:
            pair = next(pairs)
        except StopIteration:
            return
        except KeyboardInterrupt:
            ledger.commit()
            raise
        yield pair


def window_of(workers: int) -> int:
    """Inputs that a run with so many workers holds at once."""
    return workers * _INPUTS_A_WORKER


def skip_done(inputs: Iterator[Input], done: Iterable[Entry], summary: Summary) -> Iterator[int]:
    """Pass over the inputs that the journal names; the position of each.

    :raises OptionError: when they are others.
    """
    for entry in done:
        item = next(inputs, None)
        if item is None or item.id != entry.id:
            raise OptionError(
                f"the inputs have changed since the run began: {entry.id!r} was done, "
                f"{'nothing' if item is None else repr(item.id)} stands in its place now. Start anew with --overwrite"
            )
        summary.count(entry.outcome)
        summary.resumed += 1
        yield item.position


def process_in_order(inputs: Iterator[Input], crew: Crew, window: int) -> Iterator[tuple[Input, Result] | None]:
    """Inputs with their results, in the order of the inputs, whatever finishes first; ``None`` while time passes.

    :param window: inputs that are held at once.
    """
    held: deque[tuple[int, Input]] = deque()
    results: dict[int, Result] = {}
    number, is_exhausted = 0, False
    while held or not is_exhausted:
        while not is_exhausted and len(held) < window and crew.has_room:
            item = next(inputs, None)
            if item is None:
                is_exhausted = True
                break
            held.append((number, item))
            _begin(number, item, crew, results)
            number += 1
        while held and held[0][0] in results:
            first, item = held.popleft()
            yield item, results.pop(first)
        if held:
            results.update(crew.wait(_TICK_SECONDS))
            yield None


def _begin(number: int, item: Input, crew: Crew, results: dict[int, Result]) -> None:
    if isinstance(item, Failure):
        results[number] = Failed(item.stage, item.message)
    elif isinstance(item, Record):
        crew.give(number, item)
