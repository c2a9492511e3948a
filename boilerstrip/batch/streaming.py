"""Rows of JSON to standard output as pages are cleaned: nothing is kept, so nothing can be gone on with."""

import sys
from collections.abc import Generator, Mapping
from contextlib import closing
from time import monotonic
from typing import Any, Final

import click

from boilerstrip.batch.actions import Result
from boilerstrip.batch.items import Cleaned, Failure, Item
from boilerstrip.batch.outputs import fail_row
from boilerstrip.batch.processing import Pool, open_pool, process_in_order, submit
from boilerstrip.batch.run import Plan
from boilerstrip.batch.summary import Summary, describe
from boilerstrip.batch.terminal import say
from boilerstrip.errors import ExitCode
from boilerstrip.rows import carry, write_json_line

STANDARD_OUTPUT: Final = "-"
"""As the name of an output."""


def check_streaming(settings: Mapping[str, Any]) -> None:
    """
    :raises click.UsageError: for options that need an output that stays.
    """
    if settings["output_format"] != "jsonl":
        raise click.UsageError("of many pages standard output takes rows only; use -o - with --format jsonl")
    for name, option in (("resume", "--resume"), ("learn", "--learn"), ("as_json", "--json")):
        if settings[name]:
            raise click.UsageError(f"{option} does not go with rows on standard output; name a folder with -o")


def stream_rows(plan: Plan) -> int:
    """Write a row for each page, in the order of the inputs, and return the exit code.

    A page that has no row is a line on standard error; what stands in the way of many is said once.
    """
    summary, began = Summary(), monotonic()
    try:
        with open_pool(plan.action, plan.workers, plan.max_seconds) as pool, closing(_work(plan, pool)) as results:
            for item, result in results:
                _write(item, result, summary)
    except KeyboardInterrupt:
        say("stopped; the rows that were written are whole")
        return ExitCode.INTERRUPT
    summary.seconds = monotonic() - began
    if not plan.quiet:
        for line in describe(summary):
            say(line)
    return ExitCode.FAILURE if summary.failures else ExitCode.SUCCESS


def _work(plan: Plan, pool: Pool) -> Generator[tuple[Item, Result], None, None]:
    started = ((item, submit(pool, item)) for item in plan.source)
    for pair in process_in_order(started, plan.workers):
        if pair is not None:
            yield pair


def _write(item: Item, result: Result, summary: Summary) -> None:
    outcome = result.facts if not isinstance(result, Failure) else result
    if isinstance(result, Cleaned):
        try:
            line = write_json_line(carry(result.row, item.columns))
        except Exception as error:
            outcome = fail_row(error)
        else:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
    if isinstance(outcome, Failure) and not (outcome.is_for_all and outcome.message in summary.hints):
        say(f"{item.id!r}: {outcome.message}")
    summary.count(outcome)
