"""``boilerstrip clean`` and ``boilerstrip learn`` over many pages: arguments to a plan, its end to an exit code."""

import glob
import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from boilerstrip import __version__
from boilerstrip.batch.actions import Action
from boilerstrip.batch.inputs.files import Finder
from boilerstrip.batch.inputs.names import ERRORS_NAME, is_glob
from boilerstrip.batch.inputs.reader import Fields
from boilerstrip.batch.inputs.source import STANDARD_INPUT, Source
from boilerstrip.batch.inputs.web import check_fetching, is_address
from boilerstrip.batch.items import Failure, Item, is_disk_full
from boilerstrip.batch.learning import learn_pages
from boilerstrip.batch.run import Plan, carry_out
from boilerstrip.batch.settings import read_cleaner_options
from boilerstrip.batch.streaming import STANDARD_OUTPUT, check_streaming, stream_rows
from boilerstrip.batch.summary import Summary, count_nouns, describe
from boilerstrip.batch.terminal import describe_pace, say, show_progress
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


def clean_many(paths: tuple[str, ...], settings: Mapping[str, Any]) -> int:
    """Clean all pages of ``paths`` into the folder ``output`` and return the exit code.

    :param settings: the options of ``boilerstrip clean`` by their Python names.
    """
    _check_settings(paths, settings)
    plan = _build_plan(paths, settings)
    if plan.out == STANDARD_OUTPUT:
        return stream_rows(plan)
    try:
        summary = carry_out(plan)
    except KeyboardInterrupt:
        say(f"stopped; what is done is kept. Go on with:\n  {_resume_command(sys.argv)}")
        return ExitCode.INTERRUPT
    except OSError as error:
        if isinstance(error, BoilerstripError):
            raise
        raise click.ClickException(_explain_stop(error)) from error
    _say_hints(summary)
    _report(summary, plan, settings)
    return ExitCode.FAILURE if summary.failures else ExitCode.SUCCESS


def learn_many(paths: Sequence[str], settings: Mapping[str, Any]) -> int:
    """Learn all pages of ``paths`` and return the exit code."""
    decode(b"", settings["encoding"])
    names = ("encoding", "max_bytes", "site", "traceback")
    action = Action(**{name: settings[name] for name in names}, options={"kind": settings["kind"]}, learn=True)
    source = _build_source(paths, settings, ".txt")
    quiet = settings["quiet"] or settings["as_json"]
    total = 0 if quiet else source.survey().size
    try:
        with show_progress(total, "learning", quiet=quiet) as progress:
            summary = learn_pages(
                source,
                action,
                SiteMemory(settings["memory"]),
                progress,
                workers=settings["workers"] or _count_cores(),
                max_seconds=settings["max_seconds"],
                tell=_tell_failure,
            )
    except KeyboardInterrupt:
        say("stopped; what was learnt is kept. Repeat the command to go on")
        return ExitCode.INTERRUPT
    known = {name: summary.to_dict()[name] for name in ("inputs", "pages", "failures", "seconds", "pages_a_second")}
    if settings["as_json"]:
        click.echo(json.dumps(known))
    elif not quiet:
        say(f"learnt {describe_pace(summary)}")
    return ExitCode.FAILURE if summary.failures else ExitCode.SUCCESS


def _tell_failure(item: Item, failure: Failure) -> None:
    say(f"{item.id!r}: {failure.message}")


def _check_settings(paths: Sequence[str], settings: Mapping[str, Any]) -> None:
    """
    :raises click.UsageError: for options that do not go together.
    """
    output = settings["output"]
    if output is None:
        streaming = " (or -o - for rows on standard output)" if settings["output_format"] == "jsonl" else ""
        raise click.UsageError(f"{_name_many(paths)}; name a folder for the stories with -o{streaming}")
    if str(output).endswith(_ROW_SUFFIXES) and not os.path.isdir(output):
        suggestion = os.path.splitext(output)[1][1:].replace("ndjson", "jsonl")
        raise click.UsageError(f"-o names a folder; use -o {os.path.splitext(output)[0]} --format {suggestion}")
    if settings["url"]:
        raise click.UsageError("--url names one page, and there are many; --url-field names a column")
    if settings["resume"] and settings["overwrite"]:
        raise click.UsageError("--resume goes on with a run and --overwrite replaces it; give one of them")
    if settings["learn"] and not settings["memory"]:
        raise click.UsageError("--learn needs a memory to learn into; name its file with --memory")
    if STANDARD_INPUT in paths and len(paths) > 1:
        raise click.UsageError("standard input (-) cannot be read beside other inputs")
    rows = settings["output_format"] in ROW_FORMATS
    if not rows and (settings["markdown"] or settings["metadata"]):
        raise click.UsageError("--markdown and --metadata are about rows; use them with --format jsonl or parquet")
    if str(output) == STANDARD_OUTPUT:
        check_streaming(settings)


def _name_many(paths: Sequence[str]) -> str:
    if len(paths) > 1:
        return f"without -o, one page at a time: {len(paths)} were given, and standard output holds one story"
    if os.path.isdir(paths[0]):
        return f"{paths[0]} is a folder"
    return f"{paths[0]} may hold many pages"


def _build_plan(paths: Sequence[str], settings: Mapping[str, Any]) -> Plan:
    """Return what the settings ask for.

    :raises boilerstrip.errors.OptionError: for an option of the cleaner that is not allowed.
    :raises boilerstrip.errors.MemoryFileError: for a memory that cannot be read.
    """
    cleaning = read_cleaner_options(settings)
    Options(**cleaning)
    decode(b"", settings["encoding"])
    if settings["memory"] and not settings["learn"]:
        # Opened once before anything is written, so that a wrong name is one error and not one in each worker.
        SiteMemory(settings["memory"], read_only=True).close()
    names = ("output_format", "encoding", "max_bytes", "markdown", "metadata", "reasons", "site")
    action = Action(
        **{name: settings[name] for name in names},
        traceback=settings["traceback"],
        # A fault is an error line: its page is not among the outputs, where unjudged text would pass for a story.
        options=cleaning | {name: settings[name] for name in ("max_bytes", "max_seconds")} | {"strict": True},
        reports=os.path.abspath(settings["report"]) if settings["report"] else None,
        memory=os.path.abspath(settings["memory"]) if settings["memory"] else None,
    )
    return Plan(
        source=_build_source(paths, settings, "." + settings["output_format"]),
        action=action,
        out=str(settings["output"]),
        workers=settings["workers"] or _count_cores(),
        max_seconds=settings["max_seconds"],
        mode="resume" if settings["resume"] else "overwrite" if settings["overwrite"] else "new",
        quiet=settings["quiet"] or settings["as_json"],
        learn_into=settings["memory"] if settings["learn"] else None,
        options={"version": __version__, "inputs": list(paths)}
        | {name: value for name, value in settings.items() if name not in _FREE},
    )


def _build_source(paths: Sequence[str], settings: Mapping[str, Any], suffix: str) -> Source:
    """Return the inputs that the settings name."""
    files = [path for path in paths if not is_address(path)]
    addresses = tuple(path for path in paths if is_address(path))
    for address in addresses:
        check_fetching(address, is_allowed=not settings["no_fetch"])
    finder = Finder(_expand_globs(files), suffix, tuple(settings["include"]), tuple(settings["exclude"]))
    fields = Fields(settings["html_field"], settings["url_field"], settings["id_field"])
    chosen = settings["input_kind"]
    return Source(finder, fields, settings["max_bytes"], None if chosen == "auto" else chosen, addresses)


def _expand_globs(paths: Sequence[str]) -> tuple[str, ...]:
    """Return paths with patterns replaced by what matches, for shells that leave that to the program.

    :raises click.UsageError: when nothing does.
    """
    expanded: list[str] = []
    for path in paths:
        found = sorted(glob.glob(path, recursive=True)) if is_glob(path) else [path]
        if not found:
            raise click.UsageError(f"nothing matches {path}")
        expanded += found
    return tuple(expanded)


def _count_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _resume_command(arguments: Sequence[str]) -> str:
    """Return the command that goes on with a run.

    >>> _resume_command(["/usr/bin/boilerstrip", "clean", "my crawl", "-o", "out", "--overwrite"])
    "boilerstrip clean 'my crawl' -o out --resume"
    """
    words = [word for word in arguments[1:] if word not in ("--resume", "--overwrite")]
    return shlex.join(["boilerstrip", *words, "--resume"])


def _explain_stop(error: OSError) -> str:
    """Return why a run stopped, and how to go on with it.

    >>> _explain_stop(OSError(5, "Input/output error", "out/a.txt")).split("; what")[0]
    'stopped: out/a.txt: Input/output error'
    """
    if is_disk_full(error):
        return f"the disk is full; what is done is kept. Free some space and go on with: {_resume_command(sys.argv)}"
    place = f"{error.filename}: " if error.filename else ""
    cause = error.strerror or str(error) or type(error).__name__
    return f"stopped: {place}{cause}; what is done is kept. Go on with: {_resume_command(sys.argv)}"


def _say_hints(summary: Summary) -> None:
    """Say what only the user can mend, once for all inputs that it stands in the way of."""
    for message, count in list(summary.hints.items())[:_MOST_HINTS]:
        say(f"{message} ({count_nouns(count, 'input')})")


def _report(summary: Summary, plan: Plan, settings: Mapping[str, Any]) -> None:
    if settings["as_json"]:
        click.echo(json.dumps(summary.to_dict()))
    elif not settings["quiet"]:
        for line in describe(summary):
            say(line)
        if plan.action.reports:
            say(f"reports: see {os.path.join(settings['report'], INDEX_NAME)}")
        if summary.failures:
            say(f"failures: see {os.path.join(plan.out, ERRORS_NAME)}")
