"""Notices that sites print around their stories, in 58 languages: messages of open-source membership, comment, consent
and documentation software."""

import json
import lzma
import re
from functools import cache
from pathlib import Path
from random import Random
from typing import Final
from zlib import crc32

from benchmarks.corpora import MissingCorpusError, corpora_folder

_FILE: Final = "notices.jsonl.xz"
_PLACEHOLDER: Final = re.compile(r"\{+[^{}]*\}+|<[^<>]*>|%[sd]|\\n")
_FILLINGS: Final = ("3", "12", "Example", "14.02.2026", "name@example.org", "The Example Post", "5 €")
_LEAST_LETTERS: Final = 4


def load_notices(fold: int | None = None) -> dict[str, tuple[str, ...]]:
    """Notices by ISO 639-1 code, placeholders filled; those of one of five folds, or all.

    Lines that a small language has left in English are left out.

    :raises MissingCorpusError: when the file is not there.
    """
    everything = _read_all()
    if fold is None:
        return everything
    return {
        language: tuple(text for text in texts if crc32(text.encode()) % 5 == fold)
        for language, texts in everything.items()
    }


@cache
def _read_all() -> dict[str, tuple[str, ...]]:
    places = [corpora_folder() / "notices" / _FILE, Path("../shared/notices") / _FILE]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise MissingCorpusError(f"the notices are missing: no {_FILE} in {places[0].parent} or {places[1].parent}")
    with lzma.open(path, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    english = {record["text"] for record in records if record["language"] == "en"}
    notices: dict[str, dict[str, None]] = {}
    for record in records:
        if record["language"] != "en" and record["text"] in english:
            continue
        text = fill_placeholders(record["text"])
        if sum(map(str.isalpha, text)) >= _LEAST_LETTERS:
            notices.setdefault(record["language"], {})[text] = None
    return {language: tuple(texts) for language, texts in sorted(notices.items())}


def fill_placeholders(text: str) -> str:
    """The message as a reader sees it, with some value in each placeholder.

    >>> fill_placeholders("Read <b>more</b> of {{name}}").startswith("Read more of ")
    True
    """
    random = Random(text)
    plain = re.sub(r"<[^<>]*>|\\\\n", " ", text)
    return " ".join(_PLACEHOLDER.sub(lambda _: random.choice(_FILLINGS), plain).split())
