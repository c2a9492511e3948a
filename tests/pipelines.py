"""Tables of pages for the tests of the engines, what must come out of them, and where an engine is missing."""

import os
import shutil
from time import thread_time
from typing import Any

import pytest

from benchmarks.fixtures import load_fixtures
from boilerstrip import clean
from boilerstrip.pipelines.pages import PageCleaner, Settings
from boilerstrip.rows import COLUMNS, COLUMNS_ON_REQUEST

LARGE = 100_000_000
STORY = "The mayor opened the new bridge on Saturday, and everybody who could walk came to see it with their own eyes. "
ALL_COLUMNS = (*COLUMNS, *COLUMNS_ON_REQUEST)


def require_library(name: str, extra: str) -> Any:
    """The library, or a skip of the whole file that says how to get it."""
    return pytest.importorskip(name, reason=f"{name} is not installed: pip install 'boilerstrip[{extra}]'")


def require_java() -> None:
    """Skip the whole file where Spark cannot start; else give it room for a page of a hundred megabytes and its copies,
    for which its default of one gigabyte is sometimes too little."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer, and there is no java on the path", allow_module_level=True)
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", "--driver-memory 3g pyspark-shell")


def fixture_rows(limit: int | None = None) -> list[dict[str, Any]]:
    """The pages that ship, each with an address of its own and one more column."""
    return [
        {"id": page.slug, "url": f"https://{page.slug}.example/a", "html": page.source, "depth": number}
        for number, page in enumerate(list(load_fixtures())[:limit])
    ]


def expected_texts(rows: list[dict[str, Any]]) -> list[str]:
    """What the library makes of each."""
    return [clean(row["html"], url=row["url"]).text for row in rows]


def expected_rows(rows: list[dict[str, Any]], **settings: Any) -> list[dict[str, Any]]:
    """The whole rows, without the columns that are carried through."""
    cleaner = PageCleaner(Settings(**settings))
    return [cleaner.clean(row["html"], url=row["url"], identifier=row["id"]) for row in rows]


MOST_SECONDS = 4.0
"""What a page may take: enough for the first, which waits for the weights."""


def stumble(text: str) -> tuple[str, float]:
    """A language detector with a fault, which works on one page for longer than any may take."""
    if "zxqv" in text.lower():
        raise RuntimeError("the detector gives up")
    start = thread_time()
    while thread_time() < start + MOST_SECONDS:
        pass
    return "", 0.0


GOOD = f"<p>{STORY * 3}</p>"
_NONSENSE = "<p>{} kjwq bvnm plok juhy gtfr desw aqzx cvfr bgty nhyu mjuk iolp qwer.</p>"
ASKS_DETECTOR, TAKES_LONG = (GOOD + _NONSENSE.format(word) * 3 for word in ("Zxqv", "Wvkz"))
POISONED: dict[str, Any] = {
    "options": {"detector": stumble, "max_seconds": MOST_SECONDS},
    "max_bytes": 100_000,
    "columns": ("text", "status", "error"),
}
"""Settings under which a page that asks for a language detector fails or takes too long, and a large page need not be
of 100 MB."""
POISON: list[str | None] = [GOOD, None, "<p>" + "word " * 25_000, ASKS_DETECTOR, TAKES_LONG, GOOD]
"""Pages of which no engine may lose more than the four in the middle."""


def expected_of_poison() -> list[dict[str, Any]]:
    """What becomes of them. Of the page for which there is no time all of the text is kept."""
    good = {"text": clean(GOOD).text, "status": "ok", "error": None}
    errors = (
        "no page: the value is null",
        "larger than 100,000 bytes; max_bytes= allows more",
        "unexpected RuntimeError: the detector gives up; please report it",
    )
    failed = [{"text": None, "status": "failed", "error": error} for error in errors]
    late = "the time limit of 4 s was reached (max_seconds=) before the blocks were weighed; all of the text is kept"
    whole = "\n\n".join([clean(GOOD).text, *[_NONSENSE.format("Wvkz")[3:-4]] * 3])
    return [good, *failed, {"text": whole, "status": "ok", "error": late}, good]


WRONG_TYPE = "no page: the value is of type int, not text or bytes"
LARGE_ROWS = [GOOD, "<p>word " * (LARGE // 8), GOOD]
"""The middle one is of 100 MB, five times what a row may hold."""


def expected_of_large() -> list[dict[str, Any]]:
    """The status and error of each."""
    good = {"status": "ok", "error": None}
    return [good, {"status": "failed", "error": "larger than 20,000,000 bytes; max_bytes= allows more"}, good]
