"""The matrix is the same for the same page, whatever the process, and finite for any page."""

import os
import subprocess
import sys

import numpy as np
import pytest

from boilerstrip.evidence.matrix import COLUMNS, KIND_OF_COLUMN, KINDS, NO_WORD, WORD_BUCKETS, hash_words, weigh
from boilerstrip.options import Options
from boilerstrip.sources import segment_source
from tests.hostile import build_hostile_inputs
from tests.samples import PROSE, STORY, weigh_html, weigh_lines

LARGEST = 100_000
"""Characters of a hostile input that are measured; whole ones are cleaned elsewhere."""
HOSTILE = {name: source[:LARGEST] for name, source in build_hostile_inputs().items()}
HASH_MATRIX = """
import sys
from tests.samples import PROSE, STORY, weigh_lines, weigh_html
for evidence in (weigh_lines(*STORY, *PROSE.values()), weigh_html("<h1>a</h1><p class='b c'>" + STORY[0])):
    sys.stdout.write(f"{evidence.columns.tobytes().hex()}{evidence.word_buckets.tolist()}{evidence.block_languages}")
"""


def test_columns_have_one_name_and_one_kind_each() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS) == len(KIND_OF_COLUMN)
    assert set(KIND_OF_COLUMN) == set(KINDS) - {"words"}


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("own_rate", "language"),
        ("language_known", "language"),
        ("words", "density"),
        ("controls", "density"),
        ("copies", "repetition"),
        ("site_share", "repetition"),
        ("depth", "structure"),
        ("gap_after", "structure"),
    ],
)
def test_columns_belong_to_the_kind_that_measures_them(column: str, kind: str) -> None:
    assert KIND_OF_COLUMN[COLUMNS.index(column)] == kind


@pytest.mark.parametrize("name", HOSTILE)
def test_every_measure_of_a_hostile_page_is_a_finite_number(name: str) -> None:
    page = segment_source(HOSTILE[name])
    evidence = weigh(page, Options())
    assert evidence.columns.shape == (len(page), len(COLUMNS))
    assert evidence.columns.dtype == np.float32
    assert np.isfinite(evidence.columns).all()
    assert len(evidence.word_starts) == len(page) + 1
    assert evidence.word_starts[-1] == len(evidence.word_buckets)


def test_measures_do_not_depend_on_the_hash_seed() -> None:
    outputs = set()
    for seed in ("0", "1", "2026"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.getcwd()}
        done = subprocess.run([sys.executable, "-c", HASH_MATRIX], env=environment, capture_output=True, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1000


def test_measures_do_not_depend_on_pages_seen_before() -> None:
    first = weigh_lines(*STORY).columns
    weigh_html(f"<nav>{PROSE['ja']}</nav>" * 20)
    assert (weigh_lines(*STORY).columns == first).all()


def test_words_fall_into_buckets_and_numbers_into_one() -> None:
    evidence = weigh_lines(*STORY, "1999 and 2026")
    assert 0 <= evidence.word_buckets.min() <= evidence.word_buckets.max() < WORD_BUCKETS
    year, other_year, number = hash_words(["1999", "2026", "199"])
    assert year == other_year != number
    assert evidence.word_buckets[-3] == evidence.word_buckets[-1]


def test_the_first_words_of_a_block_are_its_opening() -> None:
    openings = weigh_lines("Read also this", "Photo", "* * *").opening_buckets
    read, also, photo = hash_words(["read", "also", "photo"])
    assert openings.tolist() == [[read, also], [photo, 0], [0, 0]]


def test_the_columns_are_in_the_order_of_their_names() -> None:
    evidence = weigh_lines(STORY[0], STORY[0])
    assert evidence.columns[1, COLUMNS.index("earlier_copy")] == 1
    assert evidence.columns[0, COLUMNS.index("page_is_text")] == 1


@pytest.mark.parametrize(("code", "is_read"), [("es", True), ("ru", False), ("zh", False)])
def test_words_of_a_language_without_stories_in_training_are_not_asked(code: str, is_read: bool) -> None:
    evidence = weigh_lines(*[PROSE[code]] * 2, PROSE["en"], language=code)
    counts = np.diff(evidence.word_starts) > 0
    assert evidence.language == code
    assert counts.tolist() == [is_read, is_read, True]
    assert len(evidence.word_buckets) == evidence.word_starts[-1]
    assert (evidence.opening_buckets[0] == NO_WORD).all() == (not is_read)
