"""Samples at hand make lookups quick and never change what they answer."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boilerstrip.memory import SiteMemory, site_memory, tables
from tests.memories import LEARNT_PAGES, TEXTS, LearntPage, contents, learnt


@pytest.fixture(params=[0, 100, 1 << 20])
def cache_bytes(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_memory, "_CACHE_BYTES", request.param)
        yield


@pytest.mark.usefixtures("cache_bytes")
@settings(max_examples=25)
@given(LEARNT_PAGES, LEARNT_PAGES, st.lists(st.sampled_from(TEXTS)), st.none() | st.sampled_from("123456789"))
def test_what_two_handles_learn_and_undo_is_answered_at_once(
    before: list[LearntPage], after: list[LearntPage], texts: list[str], page: str | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sites.sqlite")
        with SiteMemory(path) as one, SiteMemory(path) as other:
            for writer, pages, known in ((one, before, before), (other, after, [*before, *after])):
                writer.learn_many_blocks(pages)
                for site in ("a.example", "b.example", "c.example"):
                    expected = learnt(*known).lookup(site, texts, page=page)
                    assert [memory.lookup(site, texts, page=page) for memory in (one, other)] * 2 == [expected] * 4
            one.prune()
            pruned = learnt(*before, *after)
            pruned.prune()
            assert contents(one) == contents(other) == contents(pruned)
            assert one.lookup("a.example", texts, page=page) == other.lookup("a.example", texts, page=page)


def test_a_site_that_did_not_change_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sites.sqlite"
    with SiteMemory(path) as memory:
        memory.learn_many_blocks(("s", f"/{page}", ["Home", f"Story {'x' * page}"]) for page in range(20))
    with SiteMemory(path, read_only=True) as memory:
        first = memory.lookup("s", ["Home", "Story "], page="/0")
        monkeypatch.setattr(tables, "read_sample", None)
        assert memory.lookup("s", ["Home", "Story "], page="/0") == first == ("s", 19, [19, 0])
        assert memory.lookup("s", ["Home", "Story x"], page="/new") == ("s", 20, [20, 1])


def test_samples_at_hand_take_a_bounded_number_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_memory, "_CACHE_BYTES", 1000)
    memory = learnt(*(("abcdefgh"[page % 8], f"/{page}", [f"{'x' * page} Home", "Menu"]) for page in range(80)))
    for _ in range(2):
        for site in "abcdefgh":
            assert memory.lookup(site, ["Menu"]) == (site, 10, [10])
            sizes = [sample.nbytes for sample in memory._samples.values()]
            assert sum(sizes) <= 1000 + max(sizes)


def test_a_file_takes_less_than_20_bytes_a_distinct_block(tmp_path: Path) -> None:
    path = tmp_path / "sites.sqlite"
    frame = [f"Menu {'abcdefghij'[entry]}" for entry in range(10)]
    with SiteMemory(path) as memory:
        memory.learn_many_blocks(
            ("s", f"/{page}", [*frame, *(f"Story {'x' * page} {'y' * block}" for block in range(140))])
            for page in range(100)
        )
        blocks = len(list(memory.export_rows()))
    assert path.stat().st_size < 20 * blocks
