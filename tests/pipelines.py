"""Tables of pages for the tests of the engines, what must come out of them, and where an engine is missing."""

import shutil
from typing import Any, NoReturn

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
    """Skip the whole file where Spark cannot start."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer, and there is no java on the path", allow_module_level=True)


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


def give_up(text: str) -> NoReturn:
    """A language detector with a fault."""
    raise RuntimeError("the detector gives up")


GOOD = f"<p>{STORY * 3}</p>"
ASKS_DETECTOR = (
    f"<p>{STORY * 3}</p>" + "<p>Zxqv kjwq bvnm plok juhy gtfr desw aqzx cvfr bgty nhyu mjuk iolp qwer.</p>" * 3
)
POISONED: dict[str, Any] = {
    "options": {"detector": give_up},
    "max_bytes": 100_000,
    "columns": ("text", "status", "error"),
}
"""Settings under which a page that asks for a language detector fails and a large page need not be of 100 MB."""
POISON: list[str | None] = [GOOD, None, "<p>" + "word " * 25_000, ASKS_DETECTOR, GOOD]
"""Pages of which no engine may lose more than the three in the middle."""


WRONG_TYPE = "no page: the value is of type int, not text or bytes"
LARGE_ROWS = [GOOD, "<p>word " * (LARGE // 8), GOOD]
"""The middle one is of 100 MB, five times what a row may hold."""


def expected_of_large() -> list[dict[str, Any]]:
    """The status and error of each."""
    good = {"status": "ok", "error": None}
    return [good, {"status": "failed", "error": "larger than 20,000,000 bytes; max_bytes= allows more"}, good]


HURRIED: dict[str, Any] = {"options": {"max_seconds": 1e-9}, "columns": ("text", "status", "error")}
"""Settings under which every page takes longer than it may."""


def expected_of_hurried(pages: list[str]) -> list[dict[str, Any]]:
    """What becomes of pages for which there is no time: their whole text, and an error that says so."""
    error = (
        "the time limit of 1e-09 s was reached (max_seconds=) before the blocks were weighed; all of the text is kept"
    )
    cleaner = PageCleaner(Settings(**HURRIED))
    rows = [cleaner.clean(page) for page in pages]
    assert {row["error"] for row in rows} == {error}
    return rows


def expected_of_poison() -> list[dict[str, Any]]:
    """What becomes of them."""
    good = {"text": clean(GOOD).text, "status": "ok", "error": None}
    errors = (
        "no page: the value is null",
        "larger than 100,000 bytes; max_bytes= allows more",
        "unexpected RuntimeError: the detector gives up; please report it",
    )
    return [good, *({"text": None, "status": "failed", "error": error} for error in errors), good]
