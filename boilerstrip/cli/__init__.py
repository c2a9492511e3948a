"""The command ``boilerstrip``: arguments in, story or explanation out, errors as one line and an exit code.

Exit codes: 0 when every page was read (also when one has no story, which one line on standard error says), 1 for a
failure, 2 for a wrong argument, 130 for an interrupt.
"""

import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, get_args

import click

from boilerstrip import __version__
from boilerstrip.batch.terminal import COMMAND, one_line, say
from boilerstrip.cli.explanation import print_table, summarise
from boilerstrip.cli.one_page import (
    STANDARD_INPUT,
    check_one_page,
    choose_format,
    read_source,
    write_page_report,
    write_text,
)
from boilerstrip.cli.options import (
    BATCH_OPTIONS,
    CLEANING_OPTIONS,
    FORMAT_OPTION,
    LEARNING_OPTIONS,
    MAX_SECONDS,
    REPORT_OPTIONS,
    check_output,
    complete_files,
    has_many_pages,
    with_options,
)
from boilerstrip.cli.settings import read_cleaner_options
from boilerstrip.errors import BoilerstripError, ExitCode, OptionError
from boilerstrip.options import KindOption
from boilerstrip.render import render_file

if TYPE_CHECKING:
    from boilerstrip.document import Document


def main() -> NoReturn:
    """Run the command and leave the process; whatever goes wrong is one line on standard error, never a traceback."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command with ``arguments`` and return its exit code."""
    try:
        return int(commands.main(list(arguments) or ["--help"], prog_name=COMMAND, standalone_mode=False) or 0)
    except click.Abort:
        return _complain("interrupted", ExitCode.INTERRUPT)
    except click.ClickException as error:
        if "--traceback" in arguments and error.__cause__:
            traceback.print_exception(error.__cause__)
        return _complain(_usage_sentence(error), error.exit_code)
    except Exception as error:
        if "--traceback" in arguments:
            traceback.print_exception(error)
        if isinstance(error, OptionError):
            return _complain(str(error), ExitCode.USAGE)
        if isinstance(error, (BoilerstripError, OSError)):
            return _complain(str(error), ExitCode.FAILURE)
        # The last resort: a defect of ours must not bury the user in a traceback nobody asked for.
        told = f"unexpected {type(error).__name__}: {error}; please report it with what --traceback shows"
        return _complain(told, ExitCode.FAILURE)


def _complain(sentence: str, exit_code: int) -> int:
    click.echo(f"{COMMAND}: {one_line(sentence)}", err=True)
    return int(exit_code)


def _usage_sentence(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f" (see '{context.command_path} --help')" if context else ""
    return error.format_message().rstrip(".") + hint


def _print_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    """Say the version, and what of the compiled core is used."""
    if not is_asked:
        return
    from boilerstrip._core import describe_core

    click.echo(f"{COMMAND} {__version__}\n{describe_core()}")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
def commands() -> None:
    """Strip boilerplate from a web page, or from text somebody scraped: the story stays, and every block says why.

    \b
    Examples:
      boilerstrip clean page.html               the story, to standard output
      boilerstrip clean scraped.txt             the same for plain text
      curl -s https://example.org | boilerstrip clean --format md -
      boilerstrip explain --dropped page.html   what was dropped, and why
      boilerstrip clean https://example.org     a page that is downloaded first
      boilerstrip clean crawl/ -o stories/      every page of a folder
    """


@commands.command("clean")
@click.argument("paths", metavar="PATH|URL|-...", nargs=-1, required=True, shell_complete=complete_files)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(),
    help="Write to this file; for many pages, to this folder. -: to standard output, which takes rows of jsonl too.",
)
@with_options(FORMAT_OPTION, *CLEANING_OPTIONS, *BATCH_OPTIONS)
def _clean_command(paths: tuple[str, ...], **settings: Any) -> int:
    """Print the story of one page, or clean many: files, folders, globs, URLs, JSONL, Parquet, Arrow, WARC and WET.

    Many pages go to the folder OUT: a file for each, at the path of its input, or all to pages.jsonl or pages.parquet.
    What cannot be cleaned is a line of OUT/errors.jsonl, and the exit code is 1.

    \b
    Examples:
      boilerstrip clean page.html
      boilerstrip clean --format json page.html -o story.json
      boilerstrip clean crawl/ -o stories/ --include '*.html'
      boilerstrip clean crawl.warc.gz -o stories/ --format parquet
      boilerstrip clean crawl/ -o stories/ --resume
      boilerstrip clean - --input jsonl --format jsonl -o - < pages.jsonl
    """
    if has_many_pages(paths, settings):
        from boilerstrip.cli.many_pages import clean_many

        return clean_many(paths, settings)
    settings["output"] = Path(settings["output"]) if settings["output"] else None
    check_one_page(paths[0], settings)
    document = _clean_page(paths[0], settings, memory=settings["memory"], strict=settings["traceback"])
    write_text(render_file(document, choose_format(settings)).decode(), settings["output"])
    if settings["report"]:
        write_page_report(document, settings["report"], paths[0])
    _warn(paths[0], document)
    return 0


@commands.command("learn")
@click.argument("paths", metavar="PATH|URL...", nargs=-1, required=True, shell_complete=complete_files)
@click.option("--memory", metavar="FILE", required=True, type=click.Path(), help="The site memory, made if need be.")
@click.option("--kind", type=click.Choice(get_args(KindOption)), default="auto", help="What the pages are.")
@click.option("--encoding", metavar="NAME", help="Encoding of pages that do not say theirs.")
@with_options(*LEARNING_OPTIONS)
def _learn_command(paths: tuple[str, ...], **settings: Any) -> int:
    """Learn what the pages of a site have in common, for clean --memory.

    \b
    Examples:
      boilerstrip learn crawl/ --memory sites.sqlite
      boilerstrip clean crawl/ -o stories/ --memory sites.sqlite
    """
    from boilerstrip.cli.many_pages import learn_many

    return learn_many(paths, settings)


@commands.command("explain")
@click.argument("path", metavar="FILE|URL|-", shell_complete=complete_files)
@click.option("--dropped", is_flag=True, help="Show the dropped blocks only.")
@with_options(*REPORT_OPTIONS, *CLEANING_OPTIONS)
def _explain_command(
    path: str, dropped: bool, report: Path | None, against: str | None, overwrite: bool, **settings: Any
) -> None:
    """Show every block of FILE, or of standard input (-): kept (+) or dropped (-), its score, and the main reason.

    \b
    Examples:
      boilerstrip explain page.html
      boilerstrip explain --dropped scraped.txt
      boilerstrip explain --html report.html --against trafilatura page.html
    """
    check_output(path, report, overwrite=overwrite)
    document = _clean_page(path, settings)
    if report is None:
        print_table([block for block in document.blocks if not (dropped and block.kept)])
        click.echo(summarise(document))
    else:
        from boilerstrip.report import render_report_against
        from boilerstrip.report import report as render_report

        write_text(render_report_against(document, against) if against else render_report(document), report)
    _warn(path, document)


def _clean_page(
    path: str, settings: Mapping[str, Any], *, memory: str | None = None, strict: bool = False
) -> "Document":
    from boilerstrip.cleaner import Cleaner, clean

    options = read_cleaner_options(settings) | {"strict": strict}
    options["max_seconds"] = settings.get("max_seconds", MAX_SECONDS)
    if "max_bytes" in settings:
        options["max_bytes"] = settings["max_bytes"]
    content, url, encoding = read_source(path, settings)
    if memory is None:
        return clean(content, url=url, encoding=encoding, **options)
    from boilerstrip.memory import SiteMemory

    with SiteMemory(memory, read_only=True) as known:
        return Cleaner(**options, memory=known, site=settings["site"]).clean(content, url=url, encoding=encoding)


def _warn(path: str, document: "Document") -> None:
    """Tell of a page without a story, and of one of which not all was read or judged."""
    from boilerstrip.document import STATUSES

    for told in (*([] if document.status == "ok" else [STATUSES[document.status]]), *document.notes):
        say(f"{'standard input' if path == STANDARD_INPUT else one_line(path)}: {one_line(told)}")
