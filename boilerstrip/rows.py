"""The columns of a cleaned page's row, in every table that this package writes or an engine makes."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

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

CARRIED_PREFIX: Final = "input_"
"""Put before a column of the input whose name is one of ours."""


def carry_names(names: Sequence[str], own: Collection[str]) -> list[str]:
    """What columns of the input are called in an output that has columns of its own: no two are called alike.

    >>> carry_names(["fetched", "text"], COLUMNS), carry_names(["text", "input_text"], COLUMNS)
    (['fetched', 'input_text'], ['input_input_text', 'input_text'])
    """
    taken = {*own, *names}
    return [_rename(name, taken) if name in own else name for name in names]


def _rename(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name = CARRIED_PREFIX + name
    return name
