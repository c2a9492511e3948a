"""Fuzzing: bytes to a cleaned page and to every format, guided by the branches they reach.

``make fuzz MINUTES=10`` runs it; an input that raises is written to the folder ``crashes`` and ends the run.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from benchmarks.peers import MissingSystemError

LARGEST: Final = 20_000
"""Bytes of an input: libFuzzer learns nothing from more, and gets slow."""


def check(source: bytes) -> None:
    """Clean a page and write it in every format; whatever raises is a fault."""
    from boilerstrip import Document, clean

    document = clean(source)
    document.text.encode("utf-8")
    for links in (False, True):
        document.to_markdown(links=links, images=links)
        document.to_html(links=links, images=links)
    assert Document.from_dict(document.to_dict()) == document


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks fuzz``."""
    parser.add_argument("--minutes", type=float, default=10, help="how long (default 10)")
    parser.add_argument("--corpus", type=Path, help="folder of inputs to begin with, which new ones are added to")


def run(arguments: argparse.Namespace) -> int:
    """Fuzz until the time is up; the exit code is libFuzzer's."""
    try:
        import atheris
    except ModuleNotFoundError as error:
        raise MissingSystemError("fuzzing needs atheris: pip install 'boilerstrip[fuzz]'") from error
    # The benchmarks have imported the package already, and what is loaded is not instrumented.
    for name in [name for name in sys.modules if name.partition(".")[0] == "boilerstrip"]:
        del sys.modules[name]
    with atheris.instrument_imports(include=["boilerstrip"]):
        check(b"<p>loaded before the clock starts</p>")
    options = [f"-max_total_time={int(arguments.minutes * 60)}", f"-max_len={LARGEST}", "-timeout=60"]
    crashes = Path("crashes")
    crashes.mkdir(exist_ok=True)
    options.append(f"-artifact_prefix={crashes}/")
    folders = [str(arguments.corpus)] if arguments.corpus else []
    atheris.Setup(["boilerstrip", *options, *folders], check)
    atheris.Fuzz()
    return 0
