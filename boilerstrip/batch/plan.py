"""A run as the user asked for it, checked before anything is written, and carried out."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final, Literal

from boilerstrip.batch.crew import Crew
from boilerstrip.batch.durable import Spool
from boilerstrip.batch.finding import Found
from boilerstrip.batch.journal import (
    Journal,
    Position,
    check_options,
    create_journal,
    read_entries,
    read_position,
)
from boilerstrip.batch.ledger import Ledger
from boilerstrip.batch.names import ERRORS_NAME, STATE_FOLDER
from boilerstrip.batch.pages import Job
from boilerstrip.batch.parquet_sink import ParquetSink, build_schema
from boilerstrip.batch.progress import show_progress
from boilerstrip.batch.runner import run_inputs
from boilerstrip.batch.sinks import JsonLinesSink, LessonSink, Sink, TreeSink
from boilerstrip.batch.sources import STANDARD_INPUT, Source
from boilerstrip.batch.summary import Summary
from boilerstrip.batch.tables import read_carried_schema
from boilerstrip.errors import BoilerstripError, OptionError
from boilerstrip.memory import SiteMemory
from boilerstrip.report import clear_reports, list_reports, write_index

Mode = Literal["new", "resume", "overwrite"]

ROWS_NAME: Final = "pages"


class BusyError(BoilerstripError):
    """Another run writes into the same folder."""


@dataclass(frozen=True)
class Plan:
    """Which inputs become what, where, and how."""

    source: Source
    job: Job
    out: str
    workers: int = 1
    max_seconds: float = 60.0
    mode: Mode = "new"
    quiet: bool = False
    learn_into: str | None = None
    """Path of a site memory that a first pass over all inputs fills."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What decides the output, for the journal: resuming with other options is refused."""

    @property
    def state(self) -> str:
        """The folder of the run's state."""
        return os.path.join(self.out, STATE_FOLDER)

    @property
    def rows_file(self) -> str | None:
        """The file that all rows go to; ``None`` for a tree of files."""
        suffix = self.job.output_format
        return os.path.join(self.out, f"{ROWS_NAME}.{suffix}") if suffix in ("jsonl", "parquet") else None


def carry_out(plan: Plan) -> Summary:
    """Do what the plan says.

    :raises OptionError: when the plan cannot be done as it is: nothing was written then.
    :raises OSError: when the disk is full or failing: resuming goes on from there.
    """
    check_places(plan)
    _make_out(plan.out)
    with _lock(plan.state):
        _check_output(plan)
        _check_reports(plan)
        if plan.learn_into:
            _learn(plan)
        summary = _clean(plan)
        if plan.job.reports:
            write_index(plan.job.reports)
        return summary


def check_places(plan: Plan) -> None:
    """
    :raises OptionError: when output and inputs contain one another.
    """
    for out, path in product(filter(None, (plan.out, plan.job.reports)), plan.source.finder.paths):
        if path != STANDARD_INPUT and os.path.exists(path) and (_contains(out, path) or _contains(path, out)):
            raise OptionError(
                f"the output folder {out} and the input {path} contain one another; "
                "name an output folder beside the inputs, so that neither is mistaken for the other"
            )


def _contains(folder: str, place: str) -> bool:
    folder, place = os.path.realpath(folder), os.path.realpath(place)
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


def _make_out(out: str) -> None:
    try:
        os.makedirs(os.path.join(out, STATE_FOLDER), exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OptionError(f"{out} is a file; -o names a folder when there are many pages") from error


@contextmanager
def _lock(state: str) -> Iterator[None]:
    """Keep other runs out of the folder; the lock dies with the process."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with open(os.path.join(state, "lock"), "wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"another run is writing to {os.path.dirname(state)}; wait for it or stop it") from error
        yield


def _check_output(plan: Plan) -> None:
    """Refuse a folder that holds another run; clear one that is to be overwritten."""
    journals = [path for path in (_journal_path(plan, "learn"), _journal_path(plan, "clean")) if os.path.exists(path)]
    if plan.mode == "overwrite":
        for name in set(os.listdir(plan.state)) - {"lock"}:
            _remove(os.path.join(plan.state, name))
    elif journals and plan.mode == "new":
        raise OptionError(
            f"{plan.out} holds a run already; go on with it with --resume, or replace it with --overwrite"
        )
    elif journals:
        for path in journals:
            check_options(path, plan.options)
    if plan.mode == "overwrite" or journals:
        return
    for path in filter(None, (plan.rows_file, os.path.join(plan.out, ERRORS_NAME))):
        if os.path.lexists(path):
            raise OptionError(f"{path} exists; --overwrite replaces it")


def _check_reports(plan: Plan) -> None:
    """Refuse a folder that holds reports of something else; clear one that is to be overwritten."""
    folder = plan.job.reports
    if not folder or plan.mode == "resume":
        return
    if plan.mode == "overwrite":
        clear_reports(folder)
    elif next(list_reports(folder), None):
        raise OptionError(f"{folder} holds reports already; --overwrite replaces them")


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.remove(path)


def _journal_path(plan: Plan, step: str) -> str:
    return os.path.join(plan.state, f"{step}.jsonl")


def _open_journal(plan: Plan, step: str) -> tuple[str, Position]:
    path = _journal_path(plan, step)
    return path, read_position(path) if os.path.exists(path) else create_journal(path, plan.options)


def _clean(plan: Plan) -> Summary:
    was_begun = os.path.exists(_journal_path(plan, "clean"))
    path, position = _open_journal(plan, "clean")
    if position.is_finished:
        return _count_finished(path)
    sink = _open_sink(plan, position, replace_files=plan.mode == "overwrite" or was_begun)
    return _work(plan, "clean", path, position, sink, os.path.join(plan.out, ERRORS_NAME))


def _learn(plan: Plan) -> None:
    """The first pass. What fails here will fail in the second pass as well and is reported there."""
    path, position = _open_journal(plan, "learn")
    if not position.is_finished:
        sink = LessonSink(SiteMemory(str(plan.learn_into)))
        job = replace(plan.job, learn=True)
        _work(replace(plan, job=job), "learn", path, position, sink, os.path.join(plan.state, "learn-errors.jsonl"))


def _count_finished(journal: str) -> Summary:
    summary = Summary()
    for entry in read_entries(journal):
        summary.count(entry.outcome)
        summary.resumed += 1
    return summary


def _open_sink(plan: Plan, position: Position, *, replace_files: bool) -> Sink:
    job, target = plan.job, plan.rows_file
    if target is None:
        aside = os.path.join(plan.state, "aside")
        return TreeSink(plan.out, aside, "." + job.output_format, replace=replace_files)
    spooled = os.path.join(plan.state, "rows")
    if job.output_format == "jsonl":
        return JsonLinesSink(target, _open_lines(spooled, target, position.ends[1]))
    carried = read_carried_schema(_list_tables(plan.source), plan.source.fields)
    schema = build_schema(markdown=job.markdown, carried=carried)
    return ParquetSink(target, Spool(spooled, position.ends[1]), schema)


def _open_lines(spooled: str, target: str, length: int) -> Spool:
    if length and not os.path.exists(spooled) and os.path.exists(target):
        # The run was stopped between putting the file in its place and saying so.
        os.replace(target, spooled)
    return Spool(spooled, length)


def _list_tables(source: Source) -> Iterator[tuple[Found, str]]:
    if source.finder.paths == (STANDARD_INPUT,):
        return
    for found in source.finder:
        if isinstance(found, Found):
            yield found, source.kind_of(found.path)


def _work(plan: Plan, step: str, path: str, position: Position, sink: Sink, errors_path: str) -> Summary:
    errors = Spool(errors_path, position.ends[0])
    ledger = Ledger(Journal(path, position), sink, errors, Summary())
    title = "learning" if step == "learn" else "cleaning"
    total = 0 if plan.quiet else measure(plan.source)
    with closing(ledger), show_progress(total, title, quiet=plan.quiet) as progress, _hire(plan) as crew:
        done = _take(read_entries(path), position.done)
        return run_inputs(iter(plan.source), crew, plan.workers, ledger, done, progress)


def _take(entries: Iterable[Any], number: int) -> Iterator[Any]:
    for _, entry in zip(range(number), entries, strict=False):
        yield entry


@contextmanager
def _hire(plan: Plan) -> Iterator[Crew]:
    crew = Crew(plan.job, plan.workers, plan.max_seconds)
    try:
        yield crew
    except BaseException:
        crew.close(at_once=True)
        raise
    crew.close()


def measure(source: Source) -> int:
    """Bytes of all inputs; 0 for standard input."""
    if source.finder.paths == (STANDARD_INPUT,):
        return 0
    return sum(found.size for found in source.finder if isinstance(found, Found))


def is_disk_full(error: OSError) -> bool:
    """Whether there is no room left, on the disk or in the user's share of it."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
