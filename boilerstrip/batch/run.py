"""A run that cleans: checked before anything is written, carried out, and gone on with after it was stopped."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain, product
from pathlib import PurePath
from time import monotonic
from typing import Any, Final, Literal

from boilerstrip.batch.inputs.files import ERRORS_NAME, STATE_FOLDER
from boilerstrip.batch.inputs.source import STANDARD_INPUT, Source
from boilerstrip.batch.inputs.tables import check_columns
from boilerstrip.batch.items import Cleaned, Failure, Outcome
from boilerstrip.batch.outputs import FileOutputs, JsonLinesOutputs, Outputs, ParquetOutputs, build_schema, write_whole
from boilerstrip.batch.state import Claim, State, check_options
from boilerstrip.batch.terminal import Progress, Summary, show_progress
from boilerstrip.batch.work import Action, Result, learn_pages, process
from boilerstrip.errors import BoilerstripError, OptionError
from boilerstrip.memory import SiteMemory
from boilerstrip.render import ROW_FORMATS
from boilerstrip.report import clear_reports, list_reports, write_index

_LOCK_NAME: Final = "lock"
_PAGES_A_COMMIT: Final = 32
_SECONDS_A_COMMIT: Final = 0.5
"""A kill costs at most the work of this long, and of this many pages."""
_PENDING: Final = 10_000
"""Inputs that were done before and wait for a commit."""


@dataclass(frozen=True)
class Plan:
    """Which inputs become what, where, and how."""

    source: Source
    action: Action
    out: str
    mode: Literal["new", "resume", "overwrite"] = "new"
    quiet: bool = False
    learn_into: str | None = None
    """Path of a site memory that a first pass over all inputs fills."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What decides the output: going on with other options is refused."""

    @property
    def state(self) -> str:
        """The folder of the run's state."""
        return os.path.join(self.out, STATE_FOLDER)

    @property
    def errors_file(self) -> str:
        """The file that says what could not be cleaned."""
        return os.path.join(self.out, ERRORS_NAME)

    @property
    def rows_file(self) -> str | None:
        """The file that all rows go to; ``None`` for a tree of files."""
        suffix = self.action.output_format
        return os.path.join(self.out, f"pages.{suffix}") if suffix in ROW_FORMATS else None


def carry_out(plan: Plan) -> Summary:
    """What was done, after doing what the plan says.

    :raises OptionError: when the plan cannot be done as it is: nothing was written then.
    :raises OSError: when the disk is full or failing: a run that goes on begins there.
    """
    _check_places(plan)
    is_parquet = plan.action.output_format == "parquet"
    size, tables = plan.source.survey()
    carried = check_columns(tables, plan.source.fields, unite=is_parquet)
    schema = build_schema(markdown=plan.action.markdown, carried=carried) if is_parquet else None
    _make_out(plan)
    with _lock(plan), closing(_open_state(plan)) as state:
        _begin(plan, state, None if schema is None else schema.serialize().to_pybytes().hex())
        if plan.learn_into and not state.read("learnt"):
            _learn(plan, plan.learn_into, size)
            state.write(learnt=True)
        summary = _clean(plan, state, schema, size)
        if plan.action.reports:
            write_index(plan.action.reports)
        return summary


def _check_places(plan: Plan) -> None:
    """
    :raises OptionError: when output, reports and inputs contain one another.
    """
    outputs = [("output folder", plan.out)]
    if plan.action.reports:
        outputs.append(("reports' folder", plan.action.reports))
        _refuse_overlap(*outputs[1], *outputs[0])
    for (name, out), path in product(outputs, plan.source.finder.paths):
        if path != STANDARD_INPUT and os.path.exists(path):
            _refuse_overlap(name, out, "input", path)


def _refuse_overlap(name: str, folder: str, other_name: str, other: str) -> None:
    place, other_place = PurePath(os.path.realpath(folder)), PurePath(os.path.realpath(other))
    if place.is_relative_to(other_place) or other_place.is_relative_to(place):
        raise OptionError(
            f"the {name} {folder} and the {other_name} {other} contain one another; "
            "name folders beside each other, so that neither is mistaken for the other"
        )


def _make_out(plan: Plan) -> None:
    if os.path.islink(plan.state):
        raise OptionError(f"{plan.state} is a link, and nothing is written through it; remove it")
    try:
        os.makedirs(plan.state, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OptionError(f"{plan.out} is a file; -o names a folder when there are many pages") from error


@contextmanager
def _lock(plan: Plan) -> Iterator[None]:
    """Keep other runs out of the folder; the lock, which is SQLite's, dies with the process."""
    with closing(sqlite3.connect(os.path.join(plan.state, _LOCK_NAME), timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise OSError(None, f"the folder cannot be locked: {error}", plan.state) from error
            raise BoilerstripError(f"another run is writing to {plan.out}; wait for it or stop it") from error
        yield


def _open_state(plan: Plan) -> State:
    if plan.mode == "overwrite":
        for name in set(os.listdir(plan.state)) - {_LOCK_NAME}:
            path = os.path.join(plan.state, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.remove(path)
    return State(os.path.join(plan.state, "state.sqlite"))


def _begin(plan: Plan, state: State, columns: str | None) -> None:
    """Note what the run is; refuse to go on with another, and to replace anything unasked.

    :param columns: the schema of the rows, where they have one.
    """
    before = state.read("options")
    if before is not None:
        if plan.mode == "new":
            raise OptionError(
                f"{plan.out} holds a run already; go on with it with --resume, or replace it with --overwrite"
            )
        check_options(before, plan.options)
        if state.read("columns") != columns:
            raise OptionError("the tables have other columns than when the run began; start anew with --overwrite")
        return
    for path in filter(None, (plan.rows_file, plan.errors_file)):
        if os.path.lexists(path) and plan.mode != "overwrite":
            raise OptionError(f"{path} exists; --overwrite replaces it")
    reports = plan.action.reports
    if reports and plan.mode == "overwrite":
        clear_reports(reports)
    elif reports and plan.mode == "new" and next(list_reports(reports), None):
        raise OptionError(f"{reports} holds reports already; --overwrite replaces them")
    state.write(options=dict(plan.options), columns=columns, replace=plan.mode == "overwrite")


def _learn(plan: Plan, memory: str, size: int) -> None:
    """The first pass. What fails here will fail in the second pass as well and is reported there."""
    with show_progress(size, "learning", quiet=plan.quiet) as progress:
        learn_pages(replace(plan.action, learn=True), plan.source, SiteMemory(memory), progress)


def _clean(plan: Plan, state: State, schema: Any, size: int) -> Summary:
    was_finished = state.read("finished")
    state.write(finished=False)
    state.forget_places()
    outputs = _open_outputs(plan, state, schema)
    claims = (state.claim(item, number) for number, item in enumerate(plan.source))
    items = ((claim, claim.item) for claim in claims)
    try:
        with (
            show_progress(size, "cleaning", quiet=plan.quiet) as progress,
            closing(process(plan.action, items)) as results,
        ):
            recorder = Recorder(state, outputs, progress)
            recorder.record(results)
    except BaseException:
        with suppress(OSError):
            _write_failures(plan, state, is_over=False)
        raise
    summary = recorder.summary
    summary.missing = state.count_missing()
    is_there = was_finished and (plan.rows_file is None or os.path.exists(plan.rows_file))
    if state.is_changed or summary.missing or not is_there:
        outputs.finish(state.read_rows())
        _write_failures(plan, state, is_over=True)
    # Inputs that are added later are learnt before they are cleaned, as these were.
    state.write(finished=True, learnt=False)
    return summary


def _open_outputs(plan: Plan, state: State, schema: Any) -> Outputs:
    aside = os.path.join(plan.state, "aside")
    if plan.rows_file is None:
        return FileOutputs(plan.out, aside, "." + plan.action.output_format, replace=state.read("replace"))
    if schema is None:
        return JsonLinesOutputs(plan.rows_file, aside)
    return ParquetOutputs(plan.rows_file, aside, schema)


def _write_failures(plan: Plan, state: State, *, is_over: bool) -> None:
    lines = state.read_failures(is_over=is_over)
    first = next(lines, None)
    if first is not None:
        write_whole(plan.errors_file, os.path.join(plan.state, ERRORS_NAME), chain([first], lines))
    else:
        with suppress(FileNotFoundError):
            os.remove(plan.errors_file)


class Recorder:
    """Takes results in order and makes them last: files first, then the state, which names them."""

    def __init__(self, state: State, outputs: Outputs, progress: Progress) -> None:
        self.summary = Summary()
        self._state, self._outputs, self._progress = state, outputs, progress
        self._pending: list[tuple[Claim, Result]] = []
        self._new = 0
        self._committed = monotonic()

    def record(self, pairs: Iterator[tuple[Claim, Result] | None]) -> None:
        """Make all results last, now and then and at the end.

        What is done is brought to the disk when somebody interrupts the waiting for pages, where nearly all time is
        spent; an interrupt at any other moment costs what was not committed.

        :raises OSError: when the disk is full or failing.
        """
        while True:
            try:
                pair = next(pairs)
            except StopIteration:
                break
            except KeyboardInterrupt:
                self._commit()
                raise
            if pair is not None:
                self._pending.append(pair)
                self._new += pair[0].done is None
            is_old = monotonic() - self._committed > _SECONDS_A_COMMIT
            if self._new >= _PAGES_A_COMMIT or len(self._pending) >= _PENDING or is_old:
                self._commit()
        self._commit()

    def _commit(self) -> None:
        pages = [(claim.item, result) for claim, result in self._pending if isinstance(result, Cleaned)]
        stored = iter(self._outputs.store(pages))
        done: list[tuple[Claim, Outcome, bytes]] = []
        for claim, result in self._pending:
            if isinstance(result, Cleaned):
                kept = next(stored)
                done.append((claim, kept, b"") if isinstance(kept, Failure) else (claim, result.facts, kept))
            elif isinstance(result, Failure):
                done.append((claim, claim.done or result, b""))
        if done:
            self._state.commit(done)
        for claim, outcome, _ in done:
            self.summary.count(outcome)
            self.summary.resumed += claim.done is not None
            self._progress.show(self.summary, claim.item.position)
        self._pending, self._new, self._committed = [], 0, monotonic()
