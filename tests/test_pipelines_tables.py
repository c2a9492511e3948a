"""pandas, Polars and scikit-learn: a column of pages in, columns out."""

import sys
from typing import Any

import pytest

from boilerstrip import SiteMemory, clean
from boilerstrip.cleaner import read_source
from boilerstrip.errors import MissingExtra, OptionError
from tests.pipelines import (
    ALL_COLUMNS,
    GOOD,
    LARGE_ROWS,
    POISON,
    POISONED,
    WRONG_TYPE,
    expected_of_large,
    expected_of_poison,
    expected_rows,
    expected_texts,
    fixture_rows,
    require_library,
)

pandas = require_library("pandas", "pandas")
polars = require_library("polars", "polars")
require_library("sklearn", "sklearn")
pytestmark = pytest.mark.pipelines

from boilerstrip.pipelines import pandas as with_pandas  # noqa: E402
from boilerstrip.pipelines import polars as with_polars  # noqa: E402
from boilerstrip.pipelines.sklearn import StoryTransformer  # noqa: E402


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without what a frame cannot tell from null."""
    return [{**row, "id": None} for row in rows]


def test_pandas_gives_the_rows_under_the_index_of_the_pages() -> None:
    rows = fixture_rows()
    frame = pandas.DataFrame(rows, index=[f"row {number}" for number in range(len(rows))])
    cleaned = with_pandas.clean(frame["html"], url=frame["url"], columns=ALL_COLUMNS)
    assert list(cleaned.index) == list(frame.index)
    found = cleaned.astype(object).where(cleaned.notna(), None).to_dict("records")
    assert found == plain(expected_rows(rows, columns=ALL_COLUMNS))
    assert list(frame.join(cleaned[["text"]]).columns) == ["id", "url", "html", "depth", "text"]


def test_pandas_takes_whatever_stands_in_a_column() -> None:
    pages = pandas.Series([GOOD, None, float("nan"), pandas.NA, pandas.NaT, 7, [GOOD], GOOD.encode()], dtype=object)
    cleaned = with_pandas.clean(pages, columns=("text", "error"))
    assert cleaned["text"].iloc[0] == cleaned["text"].iloc[-1] == clean(GOOD).text
    null, wrong = "no page: the value is null", "no page: the value is of type {}, not text or bytes"
    assert list(cleaned["error"][1:7]) == [null, null, null, null, wrong.format("int"), wrong.format("list")]


def test_polars_gives_the_rows_with_the_types_of_the_schema() -> None:
    rows = fixture_rows()
    frame = polars.DataFrame(rows)
    cleaned = with_polars.clean(frame["html"], url=frame["url"], columns=ALL_COLUMNS[:-1])
    expected = expected_rows(rows, columns=ALL_COLUMNS[:-1])
    for name in ALL_COLUMNS[:-1]:
        if name not in ("id", "reasons"):
            assert cleaned[name].to_list() == [row[name] for row in expected], name
    assert cleaned.schema["author"] == polars.String
    assert frame.select("depth").hstack(cleaned).columns[:3] == ["depth", "id", "url"]


def test_polars_takes_whatever_stands_in_a_column() -> None:
    pages = polars.Series([GOOD, None, 7, GOOD.encode()], dtype=polars.Object)
    cleaned = with_polars.clean(pages, columns=("error",))
    assert cleaned["error"].to_list() == [
        None,
        "no page: the value is null",
        "no page: the value is of type int, not text or bytes",
        None,
    ]


def test_poison_is_an_error_in_its_row() -> None:
    frame = with_pandas.clean(pandas.Series(POISON, dtype=object), **POISONED)
    assert frame.astype(object).where(frame.notna(), None).to_dict("records") == expected_of_poison()
    assert with_polars.clean(polars.Series(POISON), **POISONED).to_dicts() == expected_of_poison()
    found = StoryTransformer(**POISONED).fit_transform(POISON)
    assert [dict(zip(POISONED["columns"], row, strict=True)) for row in found.tolist()] == expected_of_poison()


def test_pages_of_a_wrong_type_and_a_hundred_megabytes_are_errors_in_their_rows() -> None:
    columns = ("status", "error")
    expected = [{"status": "failed", "error": WRONG_TYPE}, *expected_of_large()]
    frame = with_pandas.clean(pandas.Series([7, *LARGE_ROWS], dtype=object), columns=columns)
    assert frame.astype(object).where(frame.notna(), None).to_dict("records") == expected
    found = StoryTransformer(columns).fit_transform([7, *LARGE_ROWS])
    assert [dict(zip(columns, row, strict=True)) for row in found.tolist()] == expected
    assert with_polars.clean(polars.Series(LARGE_ROWS), columns=columns).to_dicts() == expected_of_large()
    assert with_polars.clean(polars.Series([7]), columns=columns).to_dicts() == expected[:1]


def test_a_memory_speaks_in_frames() -> None:
    frame = "Sign up for our weekly letter and never miss a story again."
    pages = [f"{frame}\n\n{GOOD[3:-4]}\n\n{word} was there." for word in ("Ann", "Ben", "Cem", "Dan", "Eve")]
    urls = [f"https://example.com/{number}" for number in range(len(pages))]
    memory = SiteMemory()
    lessons = (
        ("example.com", f"//example.com/{number}", read_source(page, "auto").page.texts)
        for number, page in enumerate(pages)
    )
    memory.learn_many_blocks(lessons)
    cleaned = with_pandas.clean(pandas.Series(pages), url=pandas.Series(urls), memory=memory)
    assert not any(frame in text for text in cleaned["text"])


def test_a_pipeline_begins_with_pages() -> None:
    from sklearn.base import clone
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    rows = fixture_rows(6)
    pages = [row["html"] for row in rows]
    pipeline = clone(make_pipeline(StoryTransformer(options={"focus": "precision"}), TfidfVectorizer()))
    stories = [clean(page, focus="precision").text for page in pages]
    assert (pipeline.fit_transform(pages) != TfidfVectorizer().fit_transform(stories)).nnz == 0
    assert pipeline.get_params()["storytransformer__options"] == {"focus": "precision"}


def test_a_transformer_names_its_columns_and_gives_frames_when_told_to() -> None:
    rows = fixture_rows(4)
    transformer = StoryTransformer(columns=("text", "language")).set_output(transform="pandas")
    frame = transformer.transform(pandas.DataFrame({"html": [row["html"] for row in rows]}))
    assert list(frame.columns) == ["text", "language"] == transformer.get_feature_names_out().tolist()
    assert list(frame["text"]) == [clean(row["html"]).text for row in rows]
    assert list(StoryTransformer().set_output(transform="polars").transform([GOOD]).columns) == ["text"]


def test_a_transformer_passes_the_checks_of_scikit_learn() -> None:
    from sklearn.utils.estimator_checks import check_no_attributes_set_in_init, check_parameters_default_constructible

    check_no_attributes_set_in_init("StoryTransformer", StoryTransformer())
    check_parameters_default_constructible("StoryTransformer", StoryTransformer())
    with pytest.raises(OptionError, match="columns='story'"):
        StoryTransformer(columns="story").fit([])


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_a_missing_library_names_its_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra, match=rf"boilerstrip\[{name}\]"):
        {"pandas": with_pandas, "polars": with_polars}[name].clean([])


def test_urls_make_a_difference() -> None:
    page = '<p><a href="/a">Read on</a> ' + GOOD
    assert with_polars.clean(polars.Series([page]), url=polars.Series(["https://example.com/"]))["url"].to_list() == [
        "https://example.com/"
    ]
    assert expected_texts([{"html": page, "url": None}]) == with_polars.clean(polars.Series([page]))["text"].to_list()
