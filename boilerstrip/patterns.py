"""Regular expressions that are compiled when they are first used: many never are, and compiling them takes longer than
loading all of the modules."""

import re
from typing import Any, AnyStr, Final, cast


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


_WIDE: Final = "[\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]"
"""A sign of a script that sets no spaces between words."""
_BREAK_BETWEEN_WIDE: Final = compile_later(rf"(?<={_WIDE})[^\S\n]*\n\s*(?={_WIDE})")


def join_wide(text: str) -> str:
    r"""The text without line breaks between signs of scripts that set no spaces (CSS Text 3, 4.1.2).

    >>> join_wide("\u9810\n\u7b97 and\nrain").split("\n")
    ['\u9810\u7b97 and', 'rain']
    """
    return text if text.isascii() else _BREAK_BETWEEN_WIDE.sub("", text)
