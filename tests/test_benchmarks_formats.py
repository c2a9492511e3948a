"""The measurements of metadata and Markdown count what they say they count."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.corpora import LabelledPage
from benchmarks.markdown import StructureScore, find_elements, find_round_trip_failures, format_failures
from benchmarks.metadata import count_right, format_results, is_right
from benchmarks.report import make_page
from boilerstrip import clean

PAGE = "<html><body><article><h1>Rain</h1><p>It rained all day, and nobody in the town minded it.</p></article></body>"


@pytest.mark.parametrize(
    ("name", "given", "wanted", "right"),
    [
        ("title", "Rain in June", "rain, in June!", True),
        ("title", "Rain in June | Gazette", "Rain in June", False),
        ("title", None, "Rain", False),
        ("author", "Ada Lovelace; Mary Shelley", "Ada Lovelace, Mary Shelley", True),
        ("date", "2024-06-03", "2024-06-03T10:00:00+02:00", True),
        ("date", None, "2024-06-03", False),
    ],
)
def test_a_field_is_right_if_it_says_the_same(name: str, given: str | None, wanted: str, right: bool) -> None:
    assert is_right(name, given, wanted) is right


def test_a_field_counts_where_it_is_labelled(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    page = LabelledPage("x", "1", path, "x", title="Rain", date="2024-06-03")
    results = count_right([page, replace(page, title=None)], {"ours": lambda html, url: ("Rain", "Ada", "2024-06-03")})
    assert results == {"ours": {"title": [True], "author": [], "date": [True, True]}}
    assert "1.000 (2)" in format_results(results)


def test_elements_count_only_as_far_as_both_texts_hold_them() -> None:
    score = StructureScore()
    score.add("# Rain\n\n- one\n- two\n\nthree", "## Rain\n\none\n\n- two\n- three\n- four")
    assert score.f1("headings") == 1.0
    assert score.f1("list items") == pytest.approx(2 * 1 / (2 + 2))
    assert score.wanted("list items") == 2


def test_every_kind_of_element_is_found() -> None:
    elements = find_elements("# a\n\n- b\n  - c\n\n| d | e |\n| --- | --- |\n| f |  |\n\n```py\ng\n```\n")
    found = {kind: sorted(words) for kind, words in elements.items()}
    assert found == {
        "headings": ["a"],
        "list items": ["b", "c"],
        "table cells": ["d", "e", "f"],
        "code blocks": ["g"],
    }


@pytest.mark.parametrize(
    ("loose", "cells"),
    [
        ("a | b | c\nd | e | f", 6),
        ("text\n\n| a | b | c |\n\n| d | e | f |\n\ntext", 6),
        ("| a | b | c |\n| --- | --- | --- |\n| d | e | f |", 6),
        ("home | news | sport", 0),
        ("a | b\nc | d", 0),
        ("## a | b | c\n\n## d | e | f", 0),
        ("```\na | b | c\nd | e | f\n```", 0),
        ("a \\| b \\| c\nd \\| e \\| f", 0),
    ],
)
def test_rows_without_a_rule_are_cells_whoever_writes_them(loose: str, cells: int) -> None:
    assert find_elements(loose)["table cells"].total() == cells


def test_a_page_that_does_not_read_back_is_named() -> None:
    document = clean(PAGE)
    assert find_round_trip_failures(document) == []
    wrong = replace(document, with_title=True, title="More")
    failures = [("page-1", name) for name in find_round_trip_failures(wrong)]
    assert len(failures) == 4
    assert format_failures(failures, 2).startswith("1 of 2 pages read back")


def test_the_large_page_is_as_large_as_asked_for() -> None:
    assert 100_000 <= len(make_page(100_000).encode()) < 300_000
