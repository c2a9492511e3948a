"""The options of the commands, and what they ask for: one page or many."""

import os
from collections.abc import Callable, Mapping
from math import isnan
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import click
from click.shell_completion import CompletionItem

from boilerstrip.batch.inputs.files import is_glob
from boilerstrip.batch.inputs.source import INPUT_FORMATS, PAGE, tell_format
from boilerstrip.batch.inputs.web import is_address
from boilerstrip.cli.settings import CONFIG_OPTION
from boilerstrip.limits import LARGEST_PAGE
from boilerstrip.options import Focus, KindOption
from boilerstrip.render import FORMATS, ROW_FORMATS

Command = TypeVar("Command", bound=Callable[..., object])

MAX_SECONDS: Final = 60.0
"""Processor time that a page may take, where it is not said."""

CLEANING_OPTIONS: Final = (
    click.option(
        "--kind", type=click.Choice(get_args(KindOption)), default="auto", help="What the input is; auto tells from it."
    ),
    click.option("--encoding", metavar="NAME", help="Encoding of the input, such as the charset of an HTTP header."),
    click.option(
        "--language",
        "languages",
        metavar="CODE",
        multiple=True,
        help="ISO 639-1 code of the story, such as en; repeat it for several languages; any: languages do not count.",
    ),
    click.option(
        "--focus",
        type=click.Choice(get_args(Focus)),
        default="balanced",
        help="Drop more (precision) or keep more (recall).",
    ),
    click.option("--url", metavar="URL", help="Where the page is from."),
    click.option("--comments", is_flag=True, help="Keep reader comments below an article."),
    click.option("--with-title", is_flag=True, help="Put the title on top of the text."),
    click.option(
        "--target-language",
        "target_languages",
        metavar="CODE",
        multiple=True,
        help="Keep nothing of a page that is in another language; repeat it for several.",
    ),
    click.option("--tables/--no-tables", default=True, help="Keep tables that are story."),
    click.option("--captions/--no-captions", default=True, help="Keep captions of pictures and tables."),
    click.option("--code/--no-code", default=True, help="Keep blocks of code."),
    click.option("--links", is_flag=True, help="Markdown and HTML keep links."),
    click.option("--images", is_flag=True, help="Markdown and HTML keep images."),
    CONFIG_OPTION,
)
"""Those of a cleaner, for one page or many."""

_NO_FETCH_OPTION: Final = click.option("--no-fetch", is_flag=True, help="Download nothing; refuse URLs.")

_INPUT_OPTIONS: Final = (
    click.option("--include", metavar="GLOB", multiple=True, help="In folders, only files whose name or path matches."),
    click.option("--exclude", metavar="GLOB", multiple=True, help="In folders, no files whose name or path matches."),
    click.option(
        "--input",
        "input_kind",
        type=click.Choice(("auto", PAGE, *INPUT_FORMATS)),
        default="auto",
        help="What each input is; auto tells from its name. Standard input has none.",
    ),
    click.option("--field", "html_field", metavar="NAME", default="html", help="Column of the page in JSONL, Parquet."),
    click.option("--url-field", metavar="NAME", default="url", help="Column of its address."),
    click.option("--id-field", metavar="NAME", help="Column that names it; by default id or alike, else its number."),
    _NO_FETCH_OPTION,
)


def _refuse_nan(context: click.Context, option: click.Parameter, value: float) -> float:
    """What is no number is neither below nor above a limit, so that the range lets it pass."""
    if isnan(value):
        raise click.BadParameter("nan is not in the range x>0", context, option)
    return value


_TRACEBACK_HELP: Final = "Show where in the program an unexpected error arose."
_RUN_OPTIONS: Final = (
    click.option("--workers", metavar="N", type=click.IntRange(min=1), help="Processes; by default one a core."),
    click.option(
        "--max-seconds",
        metavar="S",
        type=click.FloatRange(min=0, min_open=True),
        callback=_refuse_nan,
        default=MAX_SECONDS,
        help="A page that takes longer is cut there; 60.",
    ),
    click.option(
        "--max-bytes",
        metavar="N",
        type=click.IntRange(min=1),
        default=LARGEST_PAGE,
        help="A larger page is refused, a single one cut there; 20000000.",
    ),
    click.option("--site", metavar="NAME", help="The site of all pages, for the memory."),
    click.option("--quiet", is_flag=True, help="No progress and no summary."),
    click.option("--traceback", is_flag=True, help=_TRACEBACK_HELP),
    click.option(
        "--json", "as_json", is_flag=True, help="Print JSON to standard output: one page's, or the summary of many."
    ),
)


def _check_against(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value and context.params.get("report") is None:
        raise click.UsageError("--against adds to the page that --html writes; name that page with --html")
    return value


REPORT_OPTIONS: Final = (
    click.option(
        "--html",
        "report",
        metavar="OUT",
        type=click.Path(path_type=Path),
        is_eager=True,
        help="Write a page that shows every block.",
    ),
    click.option(
        "--against",
        type=click.Choice(("trafilatura",)),
        callback=_check_against,
        help="Show in that page what another extractor keeps.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace that page where there is one."),
    _NO_FETCH_OPTION,
    click.option("--traceback", is_flag=True, expose_value=False, help=_TRACEBACK_HELP),
)
"""Those of one page's report."""

_ALIASES: Final = {"text": "txt", "markdown": "md"}
FORMAT_OPTION: Final = click.option(
    "--format",
    "output_format",
    type=click.Choice((*FORMATS, *ROW_FORMATS, *_ALIASES)),
    default="txt",
    callback=lambda context, option, value: _ALIASES.get(value, value),
    help="Plain text, Markdown, HTML, or everything that is known as JSON; for many pages also one file of rows. "
    "Of one page the suffix of the output says, too.",
)

_OUTPUT_OPTIONS: Final = (
    click.option("--markdown", is_flag=True, help="Rows of jsonl and parquet hold Markdown instead of plain text."),
    click.option("--metadata", is_flag=True, help="Rows hold author and date: about 30 ms a page more."),
    click.option("--reasons", is_flag=True, help="Count dropped words by exact reasons: about 30 ms a page more."),
    click.option(
        "--report",
        metavar="OUT",
        type=click.Path(),
        help="Write for each page one that shows every block, and an index; of one page, also to OUT.html.",
    ),
    click.option("--resume", is_flag=True, help="Go on with the run that was stopped in OUT."),
    click.option("--overwrite", is_flag=True, help="Replace what is in OUT."),
    click.option("--memory", metavar="FILE", type=click.Path(), help="Clean with what this site memory knows."),
    click.option("--learn", is_flag=True, help="First learn all pages into the memory, then clean them with it."),
)


LEARNING_OPTIONS: Final = (*_INPUT_OPTIONS, *_RUN_OPTIONS, CONFIG_OPTION)
"""Those of a run that only learns."""
BATCH_OPTIONS: Final = (*_INPUT_OPTIONS, *_OUTPUT_OPTIONS, *_RUN_OPTIONS)
"""Those of a run that cleans."""


def with_options(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """What adds options to a command, in their order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def complete_files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What makes the shell complete the name of a file, which an input may be but need not."""
    return [CompletionItem(incomplete, type="file")]


def has_many_pages(paths: tuple[str, ...], settings: Mapping[str, Any]) -> bool:
    """Whether the arguments ask for a run over many pages, not for one page on standard output or in a file."""
    if len(paths) > 1 or settings["output_format"] in ROW_FORMATS or settings["resume"] or settings["learn"]:
        return True
    [path], kind = paths, settings["input_kind"]
    if _asks_for_folder(settings["output"]):
        return True
    if is_address(path):
        return False
    return os.path.isdir(path) or is_glob(path) or (tell_format(path) if kind == "auto" else kind) != PAGE


def _asks_for_folder(output: str | None) -> bool:
    """
    >>> _asks_for_folder("stories/"), _asks_for_folder("story.txt"), _asks_for_folder(None)
    (True, False, False)
    """
    return output is not None and (os.path.isdir(output) or output.endswith(("/", os.sep)))


def check_output(path: str, output: "Path | None", *, overwrite: bool) -> None:
    """Refuse to write one page over the input, or unasked over another file; a device takes anything.

    :raises click.UsageError: when it must not be written.
    """
    if output is None or not output.is_file():
        return
    if os.path.exists(path) and output.samefile(path):
        raise click.UsageError(f"{output} is the input itself; name another file with -o")
    if not overwrite:
        raise click.UsageError(f"{output} exists; --overwrite replaces it")
