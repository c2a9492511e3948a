"""What goes wrong by misuse. Content never raises; wrong arguments and missing extras do."""

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging


class BoilerstripError(Exception):
    """Base of every exception this package raises on purpose."""


class OptionError(BoilerstripError, ValueError):
    """An option has a value that is not allowed; the message names the allowed ones."""


class SourceError(BoilerstripError, TypeError):
    """The source is neither bytes, str, a path, an open binary file nor an lxml tree."""


class MissingExtra(BoilerstripError, ImportError):
    """A feature needs a package that is not installed; the message says which extra brings it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an optional dependency: pip install 'boilerstrip[{extra}]'")
        self.feature = feature
        self.extra = extra

    def __reduce__(self) -> tuple[type["MissingExtra"], tuple[str, str]]:
        return (type(self), (self.feature, self.extra))


class WeightsError(BoilerstripError, ValueError):
    """A weights file does not fit this version's evidence columns."""


class SchemaError(BoilerstripError, ValueError):
    """What was to be read back is not a document in a version of the schema that this release knows."""


class MemoryFileError(BoilerstripError, OSError):
    """A site memory's file cannot be opened, read or written; the message names the file, the cause and what to do."""


class PoolError(BoilerstripError):
    """Worker processes cannot be started."""


class TaskError(BoilerstripError):
    """A worker process was lost with what it was given, twice."""


class TaskTimeout(TaskError):
    """A task took longer than it may."""


class ExitCode(IntEnum):
    """What the command says to the shell: the only table of exit codes."""

    SUCCESS = 0
    """Every page was read; one of them may have no story."""
    FAILURE = 1
    USAGE = 2
    """A wrong argument."""
    INTERRUPT = 130
    """128 + SIGINT, as shells report it."""


def find_logger(module: str) -> "logging.Logger":
    """The logger of a module below ``boilerstrip``; it is silent until the program says where to."""
    import logging  # only now, as most programs never have anything logged

    package = logging.getLogger("boilerstrip")
    if not package.handlers:
        package.addHandler(logging.NullHandler())
    return logging.getLogger(module)
