"""One page in, one page out: what it is read from, and what is written where."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from boilerstrip.batch.inputs.streams import COMPRESSION_SUFFIXES, read_page
from boilerstrip.batch.inputs.web import download, is_address, refuse_fetching
from boilerstrip.batch.terminal import show_controls
from boilerstrip.cli.options import check_output
from boilerstrip.limits import LARGEST_PAGE
from boilerstrip.render import FORMATS

if TYPE_CHECKING:
    from boilerstrip.document import Document

STANDARD_INPUT = "-"


def check_one_page(path: str, settings: Mapping[str, Any]) -> None:
    """Refuse what cannot be done with one page, before it is read.

    :raises click.UsageError: for options that do not go together, or an output that must not be written.
    """
    if settings["as_json"] and settings["output_format"] not in ("txt", "json"):
        raise click.UsageError("--json prints one page as JSON, and --format asks for another form; give one of them")
    if settings["markdown"] or settings["metadata"]:
        raise click.UsageError(
            "--markdown and --metadata are about rows of many pages; of one, use --format md or json"
        )
    check_output(path, settings["output"], overwrite=settings["overwrite"])
    report = settings["report"]
    if report and not _is_folder_name(report):
        check_output(path, Path(report), overwrite=settings["overwrite"])


def choose_format(settings: Mapping[str, Any]) -> str:
    """The format that was asked for, or else that of the suffix of the output."""
    if settings["as_json"]:
        return "json"
    suffix = settings["output"].suffix[1:].lower() if settings["output"] else ""
    is_asked = click.get_current_context().get_parameter_source("output_format") != ParameterSource.DEFAULT
    return suffix if suffix in FORMATS and not is_asked else str(settings["output_format"])


def read_source(path: str, settings: Mapping[str, Any]) -> tuple[bytes, str | None, str | None]:
    """The bytes of the page at a path, at an address, or on standard input, its address and its encoding.

    :raises click.ClickException: when it cannot be read.
    :raises OptionError: when it must not be downloaded.
    """
    url, encoding = settings["url"], settings["encoding"]
    if is_address(path):
        if settings["no_fetch"]:
            refuse_fetching(path)
        fetched = download(path)
        return fetched.content, url or fetched.url, encoding or fetched.encoding
    return _read_file(path), url, encoding


def _read_file(path: str) -> bytes:
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


def write_text(text: str, output: Path | None) -> None:
    """Write UTF-8 whatever the locale says; a lone surrogate, which UTF-8 cannot hold, becomes a question mark."""
    if output is None or str(output) == "-":
        shown = show_controls(text) if sys.stdout.isatty() else text
        click.echo(shown.encode("utf-8", "replace"), nl=False)
        return
    try:
        output.write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error


def write_page_report(document: "Document", place: str, path: str) -> None:
    """Write the report of one page: to the file ``place``, or below the folder ``place``, whose index is renewed."""
    from boilerstrip.report import report, write_index, write_report

    if not _is_folder_name(place):
        write_text(report(document), Path(place))
        return
    try:
        write_report(document, place, _name_report(path))
        write_index(place)
    except OSError as error:
        raise click.ClickException(f"cannot write {place}: {error.strerror or error}") from error


def _is_folder_name(place: str) -> bool:
    """Whether reports go below a folder of this name, or one report to a file of it.

    >>> _is_folder_name("reports"), _is_folder_name("report.html")
    (True, False)
    """
    return os.path.isdir(place) or PurePath(place).suffix.lower() not in (".html", ".htm")


def _name_report(path: str) -> str:
    """
    >>> _name_report("pages/story.html"), _name_report("-"), _name_report("https://example.org/a/b")
    ('story', 'stdin', 'b')
    """
    if path == STANDARD_INPUT:
        return "stdin"
    name = urlsplit(path).path if is_address(path) else path
    return PurePath(name).stem or "page"
