"""A memory counts distinct pages, whatever happens to it."""

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerstrip.errors import OptionError
from boilerstrip.memory import SiteMemory, fingerprint
from boilerstrip.memory import tables as tables_module
from boilerstrip.page import Head, Page
from tests.memories import LESSONS, TEXTS, Lesson, contents, learnt, merged, write_memory


@pytest.fixture
def small_sample() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables_module, "SAMPLED_PAGES", 3)
        yield


# Counting


def test_blocks_are_counted_once_a_page() -> None:
    memory = learnt(
        ("example.com", "/a", ["Subscribe", "Rain", "Subscribe", "SUBSCRIBE"]),
        ("example.com", "/b", ["Subscribe", "Sun"]),
        ("example.org", "/a", ["Subscribe"]),
    )
    assert memory.lookup("example.com", ["subscribe", "Rain", "Snow", "Rain"]) == ("example.com", 2, [2, 1, 0, 1])
    assert memory.lookup("example.org", ["Subscribe"]) == ("example.org", 1, [1])
    assert memory.lookup("unknown.example", ["Subscribe"]) == ("unknown.example", 0, [0])
    assert memory.lookup("example.com", []) == ("example.com", 2, [])
    assert memory.stats()[:3] == (2, 3, 4)


def test_learning_says_whether_the_page_was_new() -> None:
    memory = SiteMemory()
    assert memory.learn_blocks("s", "/a", ["Home"])
    assert not memory.learn_blocks("s", "/a", ["Home"])
    assert memory.learn_many_blocks([("s", "/a", ["Home"]), ("s", "/b", ["Home"]), ("s", "/b", ["Home"])]) == 1
    assert memory.lookup("s", ["Home"]).pages_with_block == [2]


def test_a_page_that_changed_still_counts_once_and_is_known_by_both_versions() -> None:
    memory = learnt(("s", "/a", ["Home", "Rain"]), ("s", "/a", ["Home", "Sun"]), ("s", "/b", ["Home"]))
    assert memory.lookup("s", ["Home", "Rain", "Sun"]) == ("s", 2, [2, 1, 1])


def test_a_page_is_left_out_of_its_own_counts() -> None:
    memory = learnt(("s", "/a", ["Home", "Rain"]), ("s", "/b", ["Home", "Sun"]))
    for _ in range(3):
        assert memory.lookup("s", ["Home", "Rain", "Sun"], page="/a") == ("s", 1, [1, 0, 1])
        assert memory.lookup("s", ["Home", "Rain", "Sun"], page="/new") == ("s", 2, [2, 1, 1])


def test_a_page_without_blocks_teaches_nothing() -> None:
    memory = SiteMemory()
    assert not memory.learn(Page("html"), url="https://example.com/")
    assert memory.stats()[:3] == (0, 0, 0)


@given(LESSONS, st.lists(st.sampled_from(TEXTS)), st.none() | st.sampled_from("123456789"))
def test_counts_are_those_of_plain_sets(lessons: list[Lesson], texts: list[str], page: str | None) -> None:
    pages: dict[str, set[str]] = {}
    for site, number, blocks in lessons:
        if site == "a.example" and blocks:
            pages.setdefault(number, set()).update(blocks)
    pages.pop(page or "", None)
    expected = ("a.example", len(pages), [sum(text in blocks for blocks in pages.values()) for text in texts])
    memory = learnt(*lessons)
    assert [memory.lookup("a.example", texts, page=page) for _ in range(3)] == [expected] * 3


def test_a_site_of_many_pages_is_known_by_a_fair_sample_of_256() -> None:
    memory = learnt(
        *(
            ("s", f"/{page}", ["Frame", f"Half {page % 2 == 0}", "Rare" if page % 10 == 0 else "Home"])
            for page in range(2_000)
        )
    )
    counts = memory.lookup("s", ["Frame", "Half True", "Rare", "Never"])
    frame, half, rare, never = (pages / counts.pages_of_site for pages in counts.pages_with_block)
    assert (counts.pages_of_site, frame, never) == (256, 1.0, 0.0)
    assert abs(half - 0.5) < 0.1
    assert abs(rare - 0.1) < 0.06
    assert memory.stats().pages == 2_000


@pytest.mark.usefixtures("small_sample")
@given(LESSONS, st.randoms())
def test_order_and_repetition_do_not_matter(lessons: list[Lesson], random: Random) -> None:
    shuffled = lessons + lessons[:5]
    random.shuffle(shuffled)
    assert contents(learnt(*lessons)) == contents(learnt(*shuffled))


# Merging


@pytest.mark.usefixtures("small_sample")
@given(LESSONS, LESSONS, LESSONS)
def test_merging_is_commutative_associative_idempotent_and_the_same_as_learning_all(
    first: list[Lesson], second: list[Lesson], third: list[Lesson]
) -> None:
    one, two, three = learnt(*first), learnt(*second), learnt(*third)
    assert contents(merged(one, two)) == contents(merged(two, one))
    assert contents(merged(merged(one, two), three)) == contents(merged(one, merged(two, three)))
    assert contents(merged(one, one)) == contents(one)
    assert contents(merged(one, two, one)) == contents(merged(one, two))
    assert contents(merged(one, two, three)) == contents(learnt(*first, *second, *third))


COUNTS = st.dictionaries(st.sampled_from([fingerprint(text) for text in TEXTS]), st.integers(0, 9))


@given(st.lists(st.tuples(st.sampled_from("ab"), COUNTS, st.integers(9, 20)), max_size=4), LESSONS)
def test_imported_counts_merge_by_the_same_laws(
    imports: list[tuple[str, dict[int, int], int]], lessons: list[Lesson]
) -> None:
    memories = [learnt(*((site[0], page, texts) for site, page, texts in lessons))]
    for site, counts, total in imports:
        memory = SiteMemory()
        memory.import_rows([(site, block, pages) for block, pages in counts.items()], {site: total})
        memories.append(memory)
    assert contents(merged(*memories)) == contents(merged(*reversed(memories), *memories))


def test_merging_with_itself_and_with_its_own_file_changes_nothing(tmp_path: Path) -> None:
    path = write_memory(tmp_path / "sites.sqlite")
    with SiteMemory(path) as memory, SiteMemory(path, read_only=True) as same:
        before = contents(memory)
        memory.merge(memory)
        memory.merge(same)
        assert contents(memory) == before


# Pruning, export, import


def test_pruning_forgets_what_stands_on_too_few_pages(tmp_path: Path) -> None:
    path = tmp_path / "sites.sqlite"
    with SiteMemory(path) as memory:
        for page in range(200):
            memory.learn_blocks(
                "s", str(page), ["Frame", *(f"Story {'x' * page} {'y' * block}" for block in range(100))]
            )
        size = memory.stats().bytes
        assert memory.prune() == 200 * 100
        assert memory.lookup("s", ["Frame", "Story  "]) == ("s", 200, [200, 0])
        assert memory.stats()[1:3] == (200, 1)
        assert memory.stats().bytes < size / 3
    assert path.stat().st_size < size / 3


def test_pruning_reaches_imported_counts() -> None:
    memory = SiteMemory()
    memory.import_rows([("s", 1, 1), ("s", 2, 4)], {"s": 9})
    assert memory.prune(min_pages=3) == 1
    assert [row.fingerprint for row in memory.export_rows()] == [2]
    with pytest.raises(OptionError, match="1 or more"):
        memory.prune(0)


@given(LESSONS, st.lists(st.sampled_from(TEXTS)))
def test_what_is_exported_and_imported_answers_the_same(lessons: list[Lesson], texts: list[str]) -> None:
    memory, copy = learnt(*lessons), SiteMemory()
    for _ in range(2):
        copy.import_rows(memory.export_rows(), memory.export_totals())
    assert copy.lookup("a.example", texts) == memory.lookup("a.example", texts)
    assert list(copy.export_rows()) == list(memory.export_rows())
    assert list(copy.export_totals()) == list(memory.export_totals())


def test_an_engines_numbers_are_taken_as_they_come() -> None:
    block = np.int64(fingerprint("Subscribe"))
    memory = SiteMemory()
    memory.import_rows([("s", block, np.int32(700))], {"s": np.int64(1_000)})
    assert memory.lookup("s", ["Subscribe", "Rain"]) == ("s", 1_000, [700, 0])


def test_many_blocks_are_looked_up_in_imported_counts() -> None:
    texts = [f"Line {'x' * number}" for number in range(2_000)]
    memory = SiteMemory()
    memory.import_rows([("s", fingerprint(text), 1 + place % 5) for place, text in enumerate(texts)], {"s": 5})
    assert memory.lookup("s", texts).pages_with_block == [1 + place % 5 for place in range(2_000)]


def test_of_learning_and_importing_whichever_saw_more_pages_answers() -> None:
    memory = learnt(("s", "/a", ["Home"]), ("s", "/b", ["Home"]))
    memory.import_rows([("s", fingerprint("Home"), 1)], {"s": 2})
    assert memory.lookup("s", ["Home"]) == ("s", 2, [2])
    memory.import_rows([("s", fingerprint("Home"), 3)], {"s": 3})
    assert memory.lookup("s", ["Home"]) == ("s", 3, [3])


@pytest.mark.parametrize(
    ("rows", "totals", "message"),
    [
        ([("s", 1, 1)], {}, "no entry for 's'"),
        ([("s", 1, 5)], {"s": 4}, "5 of 4 pages"),
        ([("s", 1 << 63, 1)], {"s": 4}, "signed 64-bit"),
        ([], {"s": -1}, "0 or more"),
        ([], {"": 1}, "site=''"),
    ],
)
def test_rows_that_cannot_be_are_refused(
    rows: list[tuple[str, int, int]], totals: dict[str, int], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        SiteMemory().import_rows(rows, totals)


# Learning from sources


def test_learning_takes_pages_and_finds_their_place() -> None:
    memory = SiteMemory()
    page = Page("html", texts=["Home", "Rain"], head=Head(url="https://www.example.com/rain"))
    assert memory.learn(page)
    assert not memory.learn(page, url="http://www.example.com/rain#comments")
    assert memory.learn(page, site="other", page="7")
    assert memory.learn(Page("text", texts=["Home"]), folder="pages/crawl")
    assert list(memory.export_totals()) == [("crawl", 1), ("example.com", 1), ("other", 1)]


def test_learning_other_sources_asks_the_cleaner_for_their_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaner = ModuleType("boilerstrip.cleaner")
    cleaner.segment_source = lambda source, *, encoding: Page("text", texts=source.decode(encoding).split("\n"))
    monkeypatch.setitem(sys.modules, "boilerstrip.cleaner", cleaner)
    memory = SiteMemory()
    pages = ["Über uns\nRain", "Über uns\nSun"]
    assert (
        memory.learn_many(
            [(page.encode("cp1252"), f"http://example.com/{page[9]}") for page in pages], encoding="cp1252"
        )
        == 2
    )
    assert memory.learn_many([b"Home"], site="s", encoding="ascii") == 1
    assert memory.lookup("example.com", ["über uns"]) == ("example.com", 2, [2])


def test_a_page_of_no_site_is_refused() -> None:
    with pytest.raises(OptionError, match=r"url=.*site=.*folder="):
        SiteMemory().learn(Page("text", texts=["Home"]), url="/relative")
    with pytest.raises(OptionError, match="site=''"):
        SiteMemory().learn_blocks("", "/a", ["Home"])


@pytest.mark.usefixtures("small_sample")
@given(LESSONS)
def test_a_memory_without_file_is_pickled_with_its_content(lessons: list[Lesson]) -> None:
    memory = learnt(*lessons)
    memory.import_rows([("s", 1, 2)], {"s": 3})
    copy = pickle.loads(pickle.dumps(memory))
    assert contents(copy) == contents(memory)
    copy.learn_blocks("new", "/a", ["Home"])
    assert contents(copy) != contents(memory)
