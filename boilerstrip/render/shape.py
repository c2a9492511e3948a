"""Whether plain values that were read back are of the kinds that a class declares."""

from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from boilerstrip.errors import SchemaError


def check_fields(kind: type, values: Mapping[str, Any]) -> None:
    """
    :raises SchemaError: if a value is not of the kind that the class's annotation says; names it does not declare, and
        those that are missing, are left to its constructor.

    >>> from boilerstrip.page import Mark
    >>> check_fields(Mark, {"start": 0, "kind": "link"})
    >>> check_fields(Mark, {"start": "0"})
    Traceback (most recent call last):
    ...
    boilerstrip.errors.SchemaError: this is no document as to_dict() writes it: the start of a Mark is '0'
    """
    hints = _read_hints(kind)
    for name, value in values.items():
        if name in hints and not fits(value, hints[name]):
            shown = repr(value)[:60]
            raise SchemaError(f"this is no document as to_dict() writes it: the {name} of a {kind.__name__} is {shown}")


@cache
def _read_hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def fits(value: object, hint: Any) -> bool:
    """Whether a value is what a type hint says, as far as documents need it.

    >>> fits(None, str | None), fits((1, 2), tuple[int, int]), fits((1,), tuple[int, int]), fits(True, int)
    (True, True, False, False)
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(fits(value, argument) for argument in arguments)
    if origin is Literal:
        return isinstance(value, str) and value in arguments
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        kinds = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        return len(kinds) == len(value) and all(map(fits, value, kinds))
    if hint in (int, float):
        return isinstance(value, int if hint is int else int | float) and not isinstance(value, bool)
    expected = NoneType if hint is None else origin or hint
    return not isinstance(expected, type) or isinstance(value, expected)
