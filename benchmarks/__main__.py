"""``python -m benchmarks COMMAND``: measure the package and its peers."""

import argparse
import sys

from benchmarks import (
    batch,
    encodings,
    endurance,
    frontier,
    gate,
    language,
    markdown,
    memory,
    metadata,
    mixed_quality,
    mutants,
    pipelines,
    quality,
    report,
    robustness,
    sites,
    speed,
    two_pass,
)
from benchmarks.corpora import MissingCorpusError
from benchmarks.peers import MissingSystemError

_COMMANDS = {
    "quality": quality,
    "speed": speed,
    "frontier": frontier,
    "gate": gate,
    "mixed": mixed_quality,
    "language": language,
    "encodings": encodings,
    "sites": sites,
    "memory": memory,
    "markdown": markdown,
    "metadata": metadata,
    "report": report,
    "mutants": mutants,
    "robustness": robustness,
    "endurance": endurance,
    "batch": batch,
    "pipelines": pipelines,
    "two-pass": two_pass,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; misuse and missing parts are one line on standard error and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in _COMMANDS.items():
        command = commands.add_parser(name, help=(module.__doc__ or "").split("\n")[0])
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    parsed = parser.parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except (MissingCorpusError, MissingSystemError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
