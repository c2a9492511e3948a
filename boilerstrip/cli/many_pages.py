"""``boilerstrip clean`` and ``boilerstrip learn`` over many pages: arguments to a plan, its end to an exit code."""

import errno
import glob
import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Final

import click

from boilerstrip import __version__
from boilerstrip.batch.inputs.files import ERRORS_NAME, Finder, is_glob
from boilerstrip.batch.inputs.source import STANDARD_INPUT, Source
from boilerstrip.batch.inputs.web import is_address, refuse_fetching
from boilerstrip.batch.items import Cleaned, Failure, Fields, Item, explain_os_error
from boilerstrip.batch.outputs import write_line
from boilerstrip.batch.run import Plan, carry_out
from boilerstrip.batch.terminal import Summary, count_nouns, describe, describe_pace, say, show_progress
from boilerstrip.batch.work import Action, Result, learn_pages, process
from boilerstrip.cli.settings import read_cleaner_options
from boilerstrip.decode import decode
from boilerstrip.errors import BoilerstripError, ExitCode
from boilerstrip.memory import SiteMemory
from boilerstrip.options import Options
from boilerstrip.render import ROW_FORMATS
from boilerstrip.report.index import INDEX_NAME

_FREE: Final = frozenset(
    {"workers", "max_seconds", "quiet", "as_json", "resume", "overwrite", "output", "traceback", "no_fetch"}
)
"""Settings that do not change the output, and may be others when a run is resumed."""

_MOST_HINTS: Final = 3
_ROW_SUFFIXES: Final = (".jsonl", ".parquet", ".ndjson")
_STANDARD_OUTPUT: Final = "-"


def clean_many(paths: tuple[str, ...], settings: Mapping[str, Any]) -> int:
    """The exit code, after cleaning all pages of ``paths`` into the folder ``output``.

    :param settings: the options of ``boilerstrip clean`` by their Python names.
    """
    _check_settings(paths, settings)
    plan = _build_plan(paths, settings)
    if plan.out == _STANDARD_OUTPUT:
        return _stream_rows(plan)
    try:
        summary = carry_out(plan)
    except KeyboardInterrupt:
        say(f"stopped; what is done is kept. Go on with:\n  {_resume_command(sys.argv)}")
        return ExitCode.INTERRUPT
    except OSError as error:
        if isinstance(error, BoilerstripError):
            raise
        raise click.ClickException(_explain_stop(error)) from error
    # What only the user can mend is said once for all inputs that it stands in the way of.
    for message, count in list(summary.hints.items())[:_MOST_HINTS]:
        say(f"{message} ({count_nouns(count, 'input')})")
    if settings["as_json"]:
        click.echo(json.dumps(summary.to_dict()))
    elif not settings["quiet"]:
        _say_all(describe(summary))
        if plan.action.reports:
            say(f"reports: see {os.path.join(settings['report'], INDEX_NAME)}")
        if summary.failures:
            say(f"failures: see {os.path.join(plan.out, ERRORS_NAME)}")
    return _exit_code(summary)


def learn_many(paths: Sequence[str], settings: Mapping[str, Any]) -> int:
    """The exit code, after learning all pages of ``paths``."""
    decode(b"", settings["encoding"])
    action = _build_action(settings, options={"kind": settings["kind"]}, learn=True)
    source = _build_source(paths, settings, ".txt")
    quiet = settings["quiet"] or settings["as_json"]
    size = 0 if quiet else source.survey()[0]
    try:
        with show_progress(size, "learning", quiet=quiet) as progress:
            summary = learn_pages(action, source, SiteMemory(settings["memory"]), progress, _say_failure)
    except KeyboardInterrupt:
        say("stopped; what was learnt is kept. Repeat the command to go on")
        return ExitCode.INTERRUPT
    if settings["as_json"]:
        known = summary.to_dict()
        told = ("inputs", "pages", "failures", "seconds", "pages_a_second")
        click.echo(json.dumps({name: known[name] for name in told}))
    elif not quiet:
        say(f"learnt {describe_pace(summary)}")
    return _exit_code(summary)


def _exit_code(summary: Summary) -> int:
    return ExitCode.FAILURE if summary.failures else ExitCode.SUCCESS


def _say_failure(item: Item, failure: Failure) -> None:
    say(f"{item.id!r}: {failure.message}")


def _say_all(lines: Sequence[str]) -> None:
    for line in lines:
        say(line)


def _stream_rows(plan: Plan) -> int:
    """The exit code, after writing a row for each page to standard output, as they are cleaned.

    Nothing is kept, so nothing can be gone on with. A page that has no row is a line on standard error; what stands in
    the way of many is said once.
    """
    summary = Summary()
    try:
        with closing(process(plan.action, ((item, item) for item in plan.source))) as results:
            for item, result in filter(None, results):
                _write_row(item, result, summary)
    except KeyboardInterrupt:
        say("stopped; the rows that were written are whole")
        return ExitCode.INTERRUPT
    if not plan.quiet:
        _say_all(describe(summary))
    return _exit_code(summary)


def _write_row(item: Item, result: Result, summary: Summary) -> None:
    outcome = result if isinstance(result, Failure) else result.facts
    if isinstance(result, Cleaned):
        line = write_line(item, result)
        if isinstance(line, Failure):
            outcome = line
        else:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
    if isinstance(outcome, Failure) and not (outcome.is_for_all and outcome.message in summary.hints):
        _say_failure(item, outcome)
    summary.count(outcome)


def _check_settings(paths: Sequence[str], settings: Mapping[str, Any]) -> None:
    """
    :raises click.UsageError: for options that do not go together.
    """
    output, output_format = settings["output"], settings["output_format"]
    if output is None:
        streaming = " (or -o - for rows on standard output)" if output_format == "jsonl" else ""
        raise click.UsageError(f"{_name_many(paths)}; name a folder for the stories with -o{streaming}")
    stem, suffix = os.path.splitext(output)
    if output.endswith(_ROW_SUFFIXES) and not os.path.isdir(output):
        suggestion = suffix[1:].replace("ndjson", "jsonl")
        raise click.UsageError(f"-o names a folder; use -o {stem} --format {suggestion}")
    if settings["url"]:
        raise click.UsageError("--url names one page, and there are many; --url-field names a column")
    if settings["resume"] and settings["overwrite"]:
        raise click.UsageError("--resume goes on with a run and --overwrite replaces it; give one of them")
    if settings["learn"] and not settings["memory"]:
        raise click.UsageError("--learn needs a memory to learn into; name its file with --memory")
    if STANDARD_INPUT in paths and len(paths) > 1:
        raise click.UsageError("standard input (-) cannot be read beside other inputs")
    if output_format not in ROW_FORMATS and (settings["markdown"] or settings["metadata"]):
        raise click.UsageError("--markdown and --metadata are about rows; use them with --format jsonl or parquet")
    if output == _STANDARD_OUTPUT:
        if output_format != "jsonl":
            raise click.UsageError("of many pages standard output takes rows only; use -o - with --format jsonl")
        for name, option in (("resume", "--resume"), ("learn", "--learn"), ("as_json", "--json")):
            if settings[name]:
                raise click.UsageError(f"{option} does not go with rows on standard output; name a folder with -o")


def _name_many(paths: Sequence[str]) -> str:
    if len(paths) > 1:
        return f"without -o, one page at a time: {len(paths)} were given, and standard output holds one story"
    if os.path.isdir(paths[0]):
        return f"{paths[0]} is a folder"
    return f"{paths[0]} may hold many pages"


def _build_plan(paths: Sequence[str], settings: Mapping[str, Any]) -> Plan:
    """What the settings ask for.

    :raises boilerstrip.errors.OptionError: for an option of the cleaner that is not allowed.
    :raises boilerstrip.errors.MemoryFileError: for a memory that cannot be read.
    """
    cleaning = read_cleaner_options(settings)
    Options(**cleaning)
    decode(b"", settings["encoding"])
    if settings["memory"] and not settings["learn"]:
        # Opened once before anything is written, so that a wrong name is one error and not one in each worker.
        SiteMemory(settings["memory"], read_only=True).close()
    limits = {name: settings[name] for name in ("max_bytes", "max_seconds")}
    action = _build_action(
        settings,
        # A fault is an error line: its page is not among the outputs, where unjudged text would pass for a story.
        options=cleaning | limits | {"strict": True},
        reports=os.path.abspath(settings["report"]) if settings["report"] else None,
        memory=os.path.abspath(settings["memory"]) if settings["memory"] else None,
        **{name: settings[name] for name in ("output_format", "markdown", "metadata", "reasons")},
    )
    return Plan(
        source=_build_source(paths, settings, "." + settings["output_format"]),
        action=action,
        out=settings["output"],
        mode="resume" if settings["resume"] else "overwrite" if settings["overwrite"] else "new",
        quiet=settings["quiet"] or settings["as_json"],
        learn_into=settings["memory"] if settings["learn"] else None,
        options={"version": __version__, "inputs": list(paths)}
        | {name: value for name, value in settings.items() if name not in _FREE},
    )


def _build_action(settings: Mapping[str, Any], **values: Any) -> Action:
    """An action with these values, and with those that every run has from the settings."""
    names = ("encoding", "max_bytes", "max_seconds", "site", "traceback")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Action(**{name: settings[name] for name in names}, workers=settings["workers"] or cores, **values)


def _build_source(paths: Sequence[str], settings: Mapping[str, Any], suffix: str) -> Source:
    addresses = tuple(path for path in paths if is_address(path))
    for address in addresses if settings["no_fetch"] else ():
        refuse_fetching(address)
    files = _expand_globs([path for path in paths if not is_address(path)])
    finder = Finder(files, suffix, tuple(settings["include"]), tuple(settings["exclude"]))
    fields = Fields(settings["html_field"], settings["url_field"], settings["id_field"])
    chosen = settings["input_kind"]
    return Source(finder, fields, settings["max_bytes"], None if chosen == "auto" else chosen, addresses)


def _expand_globs(paths: Sequence[str]) -> tuple[str, ...]:
    """Paths with patterns replaced by what matches, for shells that leave that to the program.

    :raises click.UsageError: when nothing does.
    """
    expanded: list[str] = []
    for path in paths:
        found = sorted(glob.glob(path, recursive=True)) if is_glob(path) else [path]
        if not found:
            raise click.UsageError(f"nothing matches {path}")
        expanded += found
    return tuple(expanded)


def _resume_command(arguments: Sequence[str]) -> str:
    """The command that goes on with a run.

    >>> _resume_command(["/usr/bin/boilerstrip", "clean", "my crawl", "-o", "out", "--overwrite"])
    "boilerstrip clean 'my crawl' -o out --resume"
    """
    words = [word for word in arguments[1:] if word not in ("--resume", "--overwrite")]
    return shlex.join(["boilerstrip", *words, "--resume"])


def _explain_stop(error: OSError) -> str:
    """Why a run stopped, and how to go on with it.

    >>> _explain_stop(OSError(5, "Input/output error", "out/a.txt")).split("; what")[0]
    'stopped: out/a.txt: Input/output error'
    """
    command = _resume_command(sys.argv)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full; what is done is kept. Free some space and go on with: {command}"
    place = f"{error.filename}: " if error.filename else ""
    return f"stopped: {place}{explain_os_error(error)}; what is done is kept. Go on with: {command}"
