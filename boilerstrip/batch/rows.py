"""The row of a page in ``pages.jsonl`` and ``pages.parquet``, and the order of its columns."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from boilerstrip.batch.items import Facts
from boilerstrip.document import Document
from boilerstrip.rows import CARRIED_PREFIX


def build_row(
    document: Document,
    facts: Facts,
    identifier: str,
    url: str | None,
    *,
    markdown: Mapping[str, bool] | None,
    metadata: bool,
) -> dict[str, Any]:
    """Return a page's values, in the order of :data:`boilerstrip.rows.COLUMNS`; ``text`` is called ``markdown``
    where Markdown was asked for.

    :param markdown: what Markdown keeps beside the words, by the names of :meth:`Document.to_markdown`'s arguments.
    :param metadata: read author and date, which takes about 30 ms; otherwise they are ``None``.
    """
    found = document.metadata if metadata else None
    return {
        "id": identifier,
        "url": url or document.url,
        "status": document.status,
        "language": document.language,
        "confidence": round(document.confidence, 6),
        "page_type": document.page_type,
        "title": document.title,
        "author": found.author if found else None,
        "date": found.date if found else None,
        **({"text": document.text} if markdown is None else {"markdown": document.to_markdown(**markdown)}),
        "words_kept": facts.words_kept,
        "words_dropped": sum(facts.words_dropped.values()),
        "reasons": dict(facts.words_dropped),
        "error": "; ".join([*document.notes, *_note_truncation(document)]) or None,
    }


def _note_truncation(document: Document) -> Sequence[str]:
    return ("part of the page could not be read",) if document.truncated else ()


def carry(row: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with the columns of its input behind its own.

    >>> carry({"id": "a", "text": "One."}, {"text": "<p>One.", "fetched": 2024})
    {'id': 'a', 'text': 'One.', 'input_text': '<p>One.', 'fetched': 2024}
    """
    return {**row, **{carried_name(name, row): value for name, value in columns.items()}}


def carried_name(name: str, own: Mapping[str, Any] | Sequence[str]) -> str:
    """Return what a carried column is called in the output."""
    while name in own:
        name = CARRIED_PREFIX + name
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
