"""Documents as JSON and back, in the versioned shape that ``docs/schema.json`` describes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final, TypeVar

from boilerstrip.blocks import Block, Reason
from boilerstrip.errors import SchemaError
from boilerstrip.page import Mark
from boilerstrip.render.shape import check_fields

SCHEMA_VERSION: Final = 2
"""Goes up when a reader of the old shape could not read the new one; 2 brought ``links`` and ``images``."""
_READ_VERSIONS: Final = (1, 2)
"""Versions that lack nothing but fields which have a default."""

_Kind = TypeVar("_Kind")

_APART: Final = frozenset({"blocks", "source", "lazy_metadata"})
"""Fields that are not written as they are."""


def document_to_dict(document: Any, *, reasons: bool = True, source: bool = False) -> dict[str, Any]:
    """Every field of a :class:`boilerstrip.Document` as plain values, the metadata as far as it has been read."""
    plain: dict[str, Any] = {"version": SCHEMA_VERSION}
    plain |= {
        field.name: _make_plain(getattr(document, field.name)) for field in fields(document) if field.name not in _APART
    }
    known = document.lazy_metadata.known
    plain["metadata"] = known and {name: _make_plain(value) for name, value in asdict(known).items()}
    plain["blocks"] = [block_to_dict(block, reasons=reasons) for block in document.blocks]
    if source:
        plain["source"] = document.source
    return plain


def _make_plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def block_to_dict(block: Block, *, reasons: bool = True) -> dict[str, Any]:
    """A block as plain values."""
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
        arguments["blocks"] = blocks_from_dicts(plain["blocks"])
        arguments["notes"] = _make_tuple(plain.get("notes", ()))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SchemaError(f"this is no document as to_dict() writes it: {error!r}") from error
    return arguments


def _make_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def blocks_from_dicts(plains: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Blocks as :func:`block_to_dict` wrote them, numbered in their order."""
    explanation = tuple(tuple(_build(Reason, reason) for reason in plain.get("reasons", ())) for plain in plains)
    return tuple(_block_from_dict(plain, index, explanation) for index, plain in enumerate(plains))


def _block_from_dict(plain: Mapping[str, Any], index: int, explanation: Sequence[tuple[Reason, ...]]) -> Block:
    values = {name: value for name, value in plain.items() if name != "reasons"}
    values["span"] = _make_tuple(plain["span"])
    values["marks"] = tuple(_build(Mark, mark) for mark in plain["marks"])
    return _build(Block, values | {"index": index, "explanation": explanation})


def _build(kind: type[_Kind], values: Mapping[str, Any]) -> _Kind:
    check_fields(kind, values)
    return kind(**values)


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
