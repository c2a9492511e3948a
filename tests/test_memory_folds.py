"""Stored folds make lookups quick and never change what they answer."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boilerstrip.errors import MemoryFileError
from boilerstrip.memory import SiteMemory, counting, site_memory, tables
from boilerstrip.memory.fingerprint import hash_name
from tests.memories import LESSONS, TEXTS, Lesson, contents, learnt

FRAME = [f"Menu {'abcdefghij'[entry]}" for entry in range(10)]


@pytest.fixture
def folds_for_all() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_memory, "FOLDED_FROM", 1)
        yield


def write_site(path: Path, pages: int, blocks: int = 3) -> Path:
    with SiteMemory(path) as memory:
        memory.learn_many_blocks(("s", f"/{page}", [*FRAME, *stories(page, blocks)]) for page in range(pages))
    return path


def stories(page: int, blocks: int = 3) -> list[str]:
    return [f"Story {'x' * page} {'y' * block}" for block in range(blocks)]


@pytest.mark.usefixtures("folds_for_all")
@settings(max_examples=50)
@given(LESSONS, LESSONS, st.lists(st.sampled_from(TEXTS)), st.none() | st.sampled_from("123456789"))
def test_a_memory_answers_the_same_with_folds_out_of_date_folds_and_none(
    before: list[Lesson], after: list[Lesson], texts: list[str], page: str | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sites.sqlite")
        for lessons, known in ((before, before), (after, [*before, *after])):
            expected = learnt(*known).lookup("a.example", texts, page=page)
            with SiteMemory(path) as memory:
                memory.learn_many_blocks(lessons)
                assert [memory.lookup("a.example", texts, page=page) for _ in range(3)] == [expected] * 3
            with SiteMemory(path, read_only=True) as memory:
                assert [memory.lookup("a.example", texts, page=page) for _ in range(3)] == [expected] * 3
                assert contents(memory)[0] == contents(learnt(*known))[0]


def test_looking_up_a_page_that_was_learnt_reads_only_what_repeats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_site(tmp_path / "sites.sqlite", pages=20)
    monkeypatch.setattr(tables, "read_sample", None)
    with SiteMemory(path, read_only=True) as memory:
        new = memory.lookup("s", ["Menu a", "Story ", "New"], page="/new")
        assert new == ("s", 20, [20, 1, 0])
    monkeypatch.setattr(tables, "read_singles", None)
    with SiteMemory(path, read_only=True) as memory:
        known = memory.lookup("s", [*FRAME, *stories(7)], page="/7")
        assert known == ("s", 19, [19] * 10 + [0] * 3)


def test_closing_at_once_leaves_the_folds_to_the_next(tmp_path: Path) -> None:
    path = write_site(tmp_path / "sites.sqlite", pages=20)
    memory = SiteMemory(path)
    memory.learn_blocks("s", "/new", ["Menu a"])
    memory.close(at_once=True)
    assert has_fold(path) is False
    with SiteMemory(path, read_only=True) as memory:
        assert memory.lookup("s", ["Menu a", "Menu b"]) == ("s", 21, [21, 20])
    with pytest.raises(KeyboardInterrupt), SiteMemory(path):
        raise KeyboardInterrupt
    assert has_fold(path) is False
    with SiteMemory(path):
        pass
    assert has_fold(path) is True


def has_fold(path: Path) -> bool:
    with SiteMemory(path, read_only=True) as memory, memory._database.reading() as connection:
        site = tables.find_site(connection, "s")
        assert site is not None
        return site.has_fold


def test_only_a_page_of_the_sample_outdates_the_fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SAMPLED_PAGES", 8)
    path = write_site(tmp_path / "sites.sqlite", pages=200)
    by_hash = sorted((f"/more/{page}" for page in range(1000)), key=hash_name)
    for page, is_left_valid in ((by_hash[-1], True), (by_hash[0], False)):
        memory = SiteMemory(path)
        assert memory.learn_blocks("s", page, ["Menu a"])
        memory.close(at_once=True)
        assert has_fold(path) is is_left_valid


def test_pruned_blocks_are_gone_from_the_folds(tmp_path: Path) -> None:
    path = write_site(tmp_path / "sites.sqlite", pages=20)
    with SiteMemory(path) as memory:
        assert memory.prune() == 20 * 3
    with SiteMemory(path, read_only=True) as memory:
        assert memory.lookup("s", ["Menu a", *stories(7)], page="/7") == ("s", 19, [19, 0, 0, 0])
        assert memory.lookup("s", ["Menu a", *stories(7)]) == ("s", 20, [20, 0, 0, 0])


def test_a_fold_that_cannot_be_stored_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise MemoryFileError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(site_memory, "store_fold", refuse)
        path = write_site(tmp_path / "sites.sqlite", pages=20)
    assert has_fold(path) is False
    with SiteMemory(path, read_only=True) as memory:
        assert memory.lookup("s", ["Menu a", *stories(7)], page="/7") == ("s", 19, [19, 0, 0, 0])


def test_a_few_pages_have_no_fold(tmp_path: Path) -> None:
    path = write_site(tmp_path / "sites.sqlite", pages=counting.FOLDED_FROM - 1)
    assert has_fold(path) is False


def test_a_file_takes_less_than_60_bytes_a_distinct_block(tmp_path: Path) -> None:
    path = write_site(tmp_path / "sites.sqlite", pages=100, blocks=140)
    with SiteMemory(path, read_only=True) as memory:
        assert path.stat().st_size < 60 * memory.stats().blocks
