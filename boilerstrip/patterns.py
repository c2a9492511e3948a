"""Regular expressions that are compiled when they are first used: many never are, and compiling them takes longer than
loading all of the modules."""

import re
from typing import Any, AnyStr, cast


class _Pattern:
    """Stands for a pattern; each of its methods is looked up once."""

    def __init__(self, source: Any, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._source, self._flags), name)
        self.__dict__[name] = value
        return value

    def __reduce__(self) -> tuple[object, ...]:
        return _Pattern, (self._source, self._flags)


def compile_later(source: AnyStr, flags: int = 0) -> "re.Pattern[AnyStr]":
    """What can be used as the pattern.

    >>> compile_later("r+").findall("hurry")
    ['rr']
    """
    return cast("re.Pattern[AnyStr]", _Pattern(source, flags))
