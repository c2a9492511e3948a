"""The command ``boilerstrip``: arguments in, story or explanation out, errors as one line and an exit code.

Exit codes: 0 when every page was read (also when one has no story, which one line on standard error says), 1 for a
failure, 2 for a wrong argument, 130 for an interrupt.
"""

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click

from boilerstrip import __version__
from boilerstrip.batch.arguments import (
    CLEANING_NAMES,
    check_output,
    has_many_pages,
    learn_command,
    with_batch_options,
    with_cleaning_options,
    with_report_options,
)
from boilerstrip.batch.inputs.streams import COMPRESSION_SUFFIXES, LARGEST_PAGE, read_page
from boilerstrip.batch.terminal import COMMAND, one_line, say, show_controls
from boilerstrip.errors import BoilerstripError, ExitCode, OptionError

if TYPE_CHECKING:
    from rich.table import Table

    from boilerstrip.blocks import Block
    from boilerstrip.document import Document

STANDARD_INPUT = "-"

EXCERPT_LENGTH = 72
"""Characters of a block that the explanation shows."""

HEADINGS = ("", "score", "role", "lang", "reason", "text")
SHORT_COLUMNS_WIDTH = 36
"""Columns of the terminal that the first four columns and the gaps need."""

PLAIN_WIDTH = 10_000
"""Columns of the explanation where no terminal sets them: wide enough for every row."""


class Row(NamedTuple):
    """A block as the explanation shows it: every cell is one line of printable text."""

    verdict: str
    score: str
    role: str
    language: str
    reason: str
    text: str


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


def shorten(text: str, length: int) -> str:
    """Cut ``text`` to ``length`` characters, the last of them an ellipsis where something was cut.

    >>> shorten("The mill stands still.", 9)
    'The mill…'
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _print_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    """Say the version, and what of the compiled core is used."""
    if not is_asked:
        return
    from boilerstrip._core import describe_core

    click.echo(f"{COMMAND} {__version__}\n{describe_core()}")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def commands() -> None:
    """Strip boilerplate from a web page, or from text somebody scraped: the story stays, and every block says why.

    \b
    Examples:
      boilerstrip clean page.html               the story, to standard output
      boilerstrip clean scraped.txt             the same for plain text
      curl -s https://example.org | boilerstrip clean --format md -
      boilerstrip explain --dropped page.html   what was dropped, and why
      boilerstrip clean crawl/ -o stories/      every page of a folder
    """


@commands.command("clean")
@click.argument("paths", metavar="PATH|-...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write to this file; for many pages, to this folder.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("txt", "md", "html", "json", "jsonl", "parquet")),
    default="txt",
    help="Plain text, Markdown, HTML, or everything that is known as JSON; for many pages also one file of rows.",
)
@with_cleaning_options
@with_batch_options
def clean_command(paths: tuple[str, ...], **settings: Any) -> int:
    """Print the story of one page, or clean many: files, folders, globs, JSONL, Parquet, Arrow, WARC and WET.

    Many pages go to the folder OUT: a file for each, at the path of its input, or all to pages.jsonl or pages.parquet.
    What cannot be cleaned is a line of OUT/errors.jsonl, and the exit code is 1.

    \b
    Examples:
      boilerstrip clean page.html
      boilerstrip clean --format json page.html -o story.json
      boilerstrip clean crawl/ -o stories/ --include '*.html'
      boilerstrip clean crawl.warc.gz -o stories/ --format parquet
      boilerstrip clean crawl/ -o stories/ --resume
    """
    if has_many_pages(paths, settings):
        from boilerstrip.batch.command import clean_many

        return clean_many(paths, settings)
    check_output(paths[0], settings["output"], overwrite=settings["overwrite"])
    document = _clean_page(paths[0], **{name: settings[name] for name in (*CLEANING_NAMES, "memory", "site")})
    _write(_render(document, settings["output_format"]), settings["output"])
    _warn_without_story(paths[0], document)
    return 0


commands.add_command(learn_command)


@commands.command("explain")
@click.argument("path", metavar="FILE|-")
@click.option("--dropped", is_flag=True, help="Show the dropped blocks only.")
@with_report_options
@with_cleaning_options
def explain_command(
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
    document = _clean_page(path, **settings)
    if report is None:
        _print_table([block for block in document.blocks if not (dropped and block.kept)])
        click.echo(summarise(document))
    else:
        from boilerstrip.report import render_report_against
        from boilerstrip.report import report as render_report

        _write(render_report_against(document, against) if against else render_report(document), report)
    _warn_without_story(path, document)


def _clean_page(
    path: str,
    *,
    url: str | None,
    encoding: str | None,
    languages: tuple[str, ...],
    memory: str | None = None,
    site: str | None = None,
    **options: Any,
) -> "Document":
    from boilerstrip.cleaner import Cleaner, clean

    if len(languages) == 1:
        options["language"] = languages[0]
    else:
        options["languages"] = languages
    if memory is None:
        return clean(_read(path), url=url, encoding=encoding, **options)
    from boilerstrip.memory import SiteMemory

    with SiteMemory(memory, read_only=True) as known:
        return Cleaner(**options, memory=known, site=site).clean(_read(path), url=url, encoding=encoding)


def _read(path: str) -> bytes:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        if path.lower().endswith(COMPRESSION_SUFFIXES):
            return read_page(path, LARGEST_PAGE)
        return Path(path).read_bytes()
    except OSError as error:
        raise click.ClickException(f"cannot read {path}: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the name
        raise click.ClickException(f"cannot read {path!r}: {error}") from error


def _render(document: "Document", output_format: str) -> str:
    renderers: dict[str, Callable[[], str]] = {
        "txt": lambda: document.text,
        "md": document.to_markdown,
        "html": document.to_html,
        "json": document.to_json,
    }
    text = renderers[output_format]()
    return text + "\n" if text and not text.endswith("\n") else text


def _write(text: str, output: Path | None) -> None:
    """Write UTF-8 whatever the locale says; a lone surrogate, which UTF-8 cannot hold, becomes a question mark."""
    if output is None:
        shown = show_controls(text) if sys.stdout.isatty() else text
        click.echo(shown.encode("utf-8", "replace"), nl=False)
        return
    try:
        output.write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error


def _warn_without_story(path: str, document: "Document") -> None:
    if document.status != "ok":
        from boilerstrip.document import STATUSES

        say(f"{'standard input' if path == STANDARD_INPUT else one_line(path)}: {STATUSES[document.status]}")


def describe(block: "Block") -> Row:
    """Return the cells of a block's row."""
    return Row(
        verdict="+" if block.kept else "-",
        score=f"{block.score:.2f}",
        role=block.role,
        language=block.language or "",
        reason=one_line(block.main_reason.sentence if block.main_reason else ""),
        text=shorten(one_line(block.text), EXCERPT_LENGTH),
    )


def summarise(document: "Document") -> str:
    """Return the line below the table: how much was kept, and what is known about the page."""
    kept = [block for block in document.blocks if block.kept]
    words, kept_words = (sum(block.word_count for block in blocks) for blocks in (document.blocks, kept))
    return (
        f"kept {len(kept)} of {len(document.blocks)} blocks and {kept_words} of {words} words"
        f"; language {document.language or 'unknown'}, confidence {document.confidence:.2f}"
        f", kept from {document.threshold:.2f} on"
    )


def _print_table(blocks: "Sequence[Block]") -> None:
    from rich.console import Console

    console = Console(highlight=False)
    rows = [describe(block) for block in blocks]
    if console.is_terminal:
        console.print(_build_table(rows, console.width))
        return
    # As wide as its content: one line a block, for grep and for people who pipe into a pager.
    console = Console(highlight=False, width=PLAIN_WIDTH)
    with console.capture() as capture:
        console.print(_build_table(rows))
    _write("".join(line.rstrip() + "\n" for line in capture.get().splitlines()), None)


def _build_table(rows: Sequence[Row], terminal_width: int | None = None) -> "Table":
    from rich.text import Text

    table = _empty_table() if terminal_width is None else _empty_terminal_table(terminal_width)
    for row in rows:
        style = "green" if row.verdict == "+" else "red"
        table.add_row(*(Text(cell, style=style) for cell in row[:2]), *map(Text, row[2:5]), Text(row.text, style=style))
    return table


def _empty_table() -> "Table":
    """Return bare columns that never wrap, without rows."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=True)
    return table


def _empty_terminal_table(width: int) -> "Table":
    """Return a table without rows that shares what the short columns leave of ``width`` between reason and text."""
    from rich import box
    from rich.table import Table

    reason_width = max(16, min(44, (width - SHORT_COLUMNS_WIDTH) // 2))
    text_width = max(8, min(EXCERPT_LENGTH, width - SHORT_COLUMNS_WIDTH - reason_width))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS[:4]:
        table.add_column(heading, no_wrap=True)
    table.add_column(HEADINGS[4], width=reason_width)
    table.add_column(HEADINGS[5], width=text_width, no_wrap=True, overflow="ellipsis")
    return table
