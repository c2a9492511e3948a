"""The row of a cleaned page, in every table that this package writes or an engine makes: its columns and its values."""

import json
import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from boilerstrip.blocks import Blocks
from boilerstrip.document import Document
from boilerstrip.judge.reasons import name_cause

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "string",
        "url": "string",
        "status": "string",
        "language": "string",
        "confidence": "double",
        "page_type": "string",
        "title": "string",
        "author": "string",
        "date": "string",
        "text": "string",
        "words_kept": "bigint",
        "words_dropped": "bigint",
        "reasons": "map<string,bigint>",
        "error": "string",
    }
)
"""Name and type of each, in their order; the types are written as SQL writes them."""

COLUMNS_ON_REQUEST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "markdown": "string",
        "html": "string",
        "blocks": "array<struct<text:string,kept:boolean,score:double,language:string,role:string,tag:string,"
        "path:string,start:bigint,end:bigint>>",
    }
)
"""What a row can also hold. ``start`` and ``end`` say where a block stands in a plain text."""

_COUNTED: Final = frozenset({"words_kept", "words_dropped", "reasons"})
_CARRIED_PREFIX: Final = "input_"
"""Put before a column of the input whose name is one of ours."""


def arrow_type(written: str) -> Any:
    """Return the Arrow type that SQL writes so.

    >>> arrow_type("array<struct<text:string,kept:boolean>>")
    ListType(list<item: struct<text: string, kept: bool>>)
    """
    import pyarrow

    outer, _, inner = written.removesuffix(">").partition("<")
    if outer == "map":
        return pyarrow.map_(*map(arrow_type, inner.split(",")))
    if outer == "array":
        return pyarrow.list_(arrow_type(inner))
    if outer == "struct":
        fields = [field.split(":") for field in inner.split(",")]
        return pyarrow.struct([(name, arrow_type(kind)) for name, kind in fields])
    return {
        "string": pyarrow.string(),
        "double": pyarrow.float64(),
        "bigint": pyarrow.int64(),
        "boolean": pyarrow.bool_(),
    }[outer]


class WordCounts(NamedTuple):
    """Words of a page by what became of them."""

    kept: int = 0
    dropped: Mapping[str, int] = MappingProxyType({})
    """By the reason for which they were dropped, in the order in which the reasons appear."""


def count_words(document: Document, *, exact: bool = False) -> WordCounts:
    """Return how many words were kept, and how many were dropped for which reason.

    :param exact: ask for each block's main reason, which costs more than cleaning; otherwise for the code that
        :func:`boilerstrip.judge.reasons.name_cause` reads off the evidence.
    """
    blocks = document.blocks
    counts, verdicts, explanation = (
        (blocks.count_words(), blocks.kept, blocks.explanation)
        if isinstance(blocks, Blocks)
        else ([block.word_count for block in blocks], [block.kept for block in blocks], ())
    )
    kept, dropped = 0, Counter[str]()
    for block, (words, is_kept) in enumerate(zip(counts, verdicts, strict=True)):
        if is_kept:
            kept += words
        elif words:
            main = blocks[block].main_reason if exact else None
            dropped[main.code if main else name_cause(explanation, block)] += words
    return WordCounts(kept, dict(dropped))


def build_row(
    document: Document,
    columns: Collection[str],
    *,
    identifier: str | None,
    url: str | None,
    metadata: bool,
    words: WordCounts | None = None,
) -> dict[str, Any]:
    """Return the values of a page, of no more columns than are asked for.

    :param metadata: read author and date, which takes about 30 ms; otherwise they are ``None``.
    :param words: if they were counted before.

    >>> build_row(Document(text="One."), ["id", "text", "words_kept"], identifier="a", url=None, metadata=False)
    {'id': 'a', 'text': 'One.', 'words_kept': 0}
    """
    found = document.metadata if metadata else None
    given: dict[str, Any] = {
        "id": identifier,
        "url": url or document.url,
        "author": found.author if found else None,
        "date": found.date if found else None,
    }
    if not _COUNTED.isdisjoint(columns):
        kept, dropped = words or count_words(document)
        given |= {"words_kept": kept, "words_dropped": sum(dropped.values()), "reasons": dict(dropped)}
    return {name: given[name] if name in given else _VALUES[name](document) for name in columns}


def _describe_troubles(document: Document) -> str | None:
    return "; ".join(document.notes) or None


def _list_blocks(document: Document) -> list[dict[str, Any]]:
    return [
        {name: getattr(block, name) for name in ("text", "kept", "score", "language", "role", "tag", "path")}
        | dict(zip(("start", "end"), block.span or (None, None), strict=True))
        for block in document.blocks
    ]


_VALUES: Final[Mapping[str, Callable[[Document], Any]]] = MappingProxyType(
    {
        **{name: attrgetter(name) for name in ("status", "language", "page_type", "title", "text")},
        "confidence": lambda document: round(document.confidence, 6),
        "markdown": Document.to_markdown,
        "html": Document.to_html,
        "blocks": _list_blocks,
        "error": _describe_troubles,
    }
)
"""What gives the columns that follow from the document alone."""


def carry(row: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with the columns of its input behind its own.

    >>> carry({"id": "a", "text": "One."}, {"text": "<p>One.", "fetched": 2024})
    {'id': 'a', 'text': 'One.', 'input_text': '<p>One.', 'fetched': 2024}
    """
    return {**row, **dict(zip(carry_names(list(columns), row), columns.values(), strict=True))}


def carry_names(names: Sequence[str], own: Collection[str]) -> list[str]:
    """Return what columns of the input are called in an output with columns of its own: no two are called alike.

    >>> carry_names(["fetched", "text"], COLUMNS), carry_names(["text", "input_text"], COLUMNS)
    (['fetched', 'input_text'], ['input_input_text', 'input_text'])
    """
    taken = {*own, *names}
    return [_rename(name, taken) if name in own else name for name in names]


def _rename(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name = _CARRIED_PREFIX + name
    return name


def write_json_line(row: Mapping[str, Any]) -> bytes:
    """Return a line of JSON in UTF-8; values JSON does not know become text, half a surrogate pair becomes an escape.

    >>> write_json_line({"a": float("nan"), "b": b"caf\\xc3\\xa9"}).decode()
    '{"a": null, "b": "café"}\\n'
    """
    try:
        text = json.dumps(row, ensure_ascii=False, allow_nan=False, default=_as_plain)
    except ValueError:
        text = json.dumps(_without_nan(row), ensure_ascii=False, default=_as_plain)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(_without_nan(row), default=_as_plain).encode() + b"\n"


def _as_plain(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _without_nan(value: Any) -> Any:
    """The value with every number that JSON cannot write as ``None``."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _without_nan(item) for key, item in value.items()}
    return [_without_nan(item) for item in value] if isinstance(value, (list, tuple)) else value
