"""Documents as data: JSON and back, in the versioned shape that ``docs/schema.json`` describes, and blocks as CSV."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from boilerstrip.blocks import Block, Reason
from boilerstrip.errors import SchemaError
from boilerstrip.page import Mark

SCHEMA_VERSION: Final = 2
"""Goes up when a reader of the old shape could not read the new one; 2 brought ``links`` and ``images``."""
_READ_VERSIONS: Final = (1, 2)
"""Versions that lack nothing but fields which have a default."""
_APART: Final = frozenset({"blocks", "source", "lazy_metadata"})
"""Fields that are not written as they are."""

COLUMNS: Final = ("index", "kept", "score", "role", "language", "reason", "tag", "path", "start", "end", "text")
"""``reason`` is the main reason's code; ``start`` and ``end`` say where the block stands in a plain text."""

_Kind = TypeVar("_Kind")


def document_to_dict(document: Any, *, reasons: bool = True, source: bool = False) -> dict[str, Any]:
    """Every field of a :class:`boilerstrip.Document` as plain values, the metadata as far as it has been read."""
    values = {field.name: getattr(document, field.name) for field in fields(document) if field.name not in _APART}
    known = document.lazy_metadata.known
    plain = {"version": SCHEMA_VERSION, **_make_plain(values), "metadata": known and _make_plain(asdict(known))}
    plain["blocks"] = [_write_block(block, reasons=reasons) for block in document.blocks]
    if source:
        plain["source"] = document.source
    return plain


def _make_plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _write_block(block: Block, *, reasons: bool) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "text": block.text,
        "kept": bool(block.kept),
        "score": float(block.score),
        "language": block.language,
        "role": block.role,
        "tag": block.tag,
        "path": block.path,
        "span": block.span and list(block.span),
        "marks": [mark._asdict() for mark in block.marks],
    }
    if reasons:
        plain["reasons"] = [reason._asdict() | {"weight": float(reason.weight)} for reason in block.reasons]
    return plain


def document_from_dict(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the document that ``plain`` was made of; ``metadata`` still as plain values.

    :raises SchemaError: if it is something else, has another version, or lacks a field of a block.
    """
    if not isinstance(plain, Mapping):
        raise SchemaError(f"this is no document as to_dict() writes it, but a {type(plain).__name__}")
    version = plain.get("version")
    if version not in _READ_VERSIONS:
        known = " and ".join(map(str, _READ_VERSIONS))
        raise SchemaError(f"version={version!r} is not known; this release reads the versions {known}")
    arguments = {name: value for name, value in plain.items() if name != "version"}
    try:
        blocks = plain["blocks"]
        explanation = tuple(tuple(_build(Reason, reason) for reason in block.get("reasons", ())) for block in blocks)
        arguments["blocks"] = tuple(_read_block(block, index, explanation) for index, block in enumerate(blocks))
        arguments["notes"] = _make_tuple(plain.get("notes", ()))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SchemaError(f"this is no document as to_dict() writes it: {error!r}") from error
    return arguments


def _read_block(plain: Mapping[str, Any], index: int, explanation: Sequence[tuple[Reason, ...]]) -> Block:
    values = {name: value for name, value in plain.items() if name != "reasons"}
    values["span"] = _make_tuple(plain["span"])
    values["marks"] = tuple(_build(Mark, mark) for mark in plain["marks"])
    return _build(Block, values | {"index": index, "explanation": explanation})


def _make_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _build(kind: type[_Kind], values: Mapping[str, Any]) -> _Kind:
    check_fields(kind, values)
    return kind(**values)


def check_fields(kind: type, values: Mapping[str, Any]) -> None:
    """
    :raises SchemaError: if a value is not of the kind that the class's annotation says; names it does not declare, and
        those that are missing, are left to its constructor.

    >>> check_fields(Mark, {"start": "0"})
    Traceback (most recent call last):
    ...
    boilerstrip.errors.SchemaError: this is no document as to_dict() writes it: the start of a Mark is '0'
    """
    hints = _read_hints(kind)
    for name, value in values.items():
        if name in hints and not _fits(value, hints[name]):
            shown = repr(value)[:60]
            raise SchemaError(f"this is no document as to_dict() writes it: the {name} of a {kind.__name__} is {shown}")


@cache
def _read_hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _fits(value: object, hint: Any) -> bool:
    """Whether a value is what a type hint says, as far as documents need it.

    >>> _fits(None, str | None), _fits((1, 2), tuple[int, int]), _fits((1,), tuple[int, int]), _fits(True, int)
    (True, True, False, False)
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, argument) for argument in arguments)
    if origin is Literal:
        return isinstance(value, str) and value in arguments
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        kinds = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        return len(kinds) == len(value) and all(map(_fits, value, kinds))
    if hint in (int, float):
        return isinstance(value, int if hint is int else int | float) and not isinstance(value, bool)
    expected = NoneType if hint is None else origin or hint
    return not isinstance(expected, type) or isinstance(value, expected)


def write_json(plain: Mapping[str, Any], *, indent: int | None = None) -> str:
    """JSON text that can always be encoded as UTF-8: half a surrogate pair makes everything beyond ASCII an escape.

    >>> write_json({"text": "é"}), write_json({"text": "\\ud800"})
    ('{"text": "é"}', '{"text": "\\\\ud800"}')
    """
    text = json.dumps(plain, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(plain, indent=indent)
    return text


def render_csv(blocks: Iterable[Block]) -> str:
    """Every block in a row of its own, kept and dropped, below the names of the columns (RFC 4180).

    >>> block = Block("So, yes", True, 0.5, "en", "paragraph", "p", "/html/body/p", None, (), 0, ((),))
    >>> print(render_csv([block]))
    index,kept,score,role,language,reason,tag,path,start,end,text
    0,1,0.5000,paragraph,en,,p,/html/body/p,,,"So, yes"
    """
    import csv  # only now, as most who want data want JSON

    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_list_values, blocks))
    return table.getvalue()


def _list_values(block: Block) -> tuple[object, ...]:
    reason, (start, end) = block.main_reason, block.span or ("", "")
    return (
        block.index,
        int(block.kept),
        f"{block.score:.4f}",
        block.role,
        block.language or "",
        reason.code if reason else "",
        block.tag,
        block.path or "",
        start,
        end,
        block.text.replace("\0", "\ufffd"),  # which readers of CSV stop at
    )
