"""A memory counts distinct pages, whatever happens to it."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerstrip.errors import OptionError
from boilerstrip.memory import SiteMemory, fingerprint
from boilerstrip.memory import tables as tables_module
from tests.memories import LEARNT_PAGES, TEXTS, LearntPage, contents, count_pages, learnt, merged, write_memory


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
    assert (count_pages(memory), len(list(memory.export_rows()))) == (3, 4)


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
    assert not memory.learn_blocks("example.com", "/", [])
    assert contents(memory) == ([], [], [])


@given(LEARNT_PAGES, st.lists(st.sampled_from(TEXTS)), st.none() | st.sampled_from("123456789"))
def test_counts_are_those_of_plain_sets(learnt_pages: list[LearntPage], texts: list[str], page: str | None) -> None:
    pages: dict[str, set[str]] = {}
    for site, number, blocks in learnt_pages:
        if site == "a.example" and blocks:
            pages.setdefault(number, set()).update(blocks)
    pages.pop(page or "", None)
    expected = ("a.example", len(pages), [sum(text in blocks for blocks in pages.values()) for text in texts])
    memory = learnt(*learnt_pages)
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
    assert count_pages(memory) == 2_000


@pytest.mark.usefixtures("small_sample")
@given(LEARNT_PAGES, st.randoms())
def test_order_and_repetition_do_not_matter(learnt_pages: list[LearntPage], random: Random) -> None:
    shuffled = learnt_pages + learnt_pages[:5]
    random.shuffle(shuffled)
    assert contents(learnt(*learnt_pages)) == contents(learnt(*shuffled))


# Merging


@pytest.mark.usefixtures("small_sample")
@given(LEARNT_PAGES, LEARNT_PAGES, LEARNT_PAGES)
def test_merging_is_commutative_associative_idempotent_and_the_same_as_learning_all(
    first: list[LearntPage], second: list[LearntPage], third: list[LearntPage]
) -> None:
    one, two, three = learnt(*first), learnt(*second), learnt(*third)
    assert contents(merged(one, two)) == contents(merged(two, one))
    assert contents(merged(merged(one, two), three)) == contents(merged(one, merged(two, three)))
    assert contents(merged(one, one)) == contents(one)
    assert contents(merged(one, two, one)) == contents(merged(one, two))
    assert contents(merged(one, two, three)) == contents(learnt(*first, *second, *third))


COUNTS = st.dictionaries(st.sampled_from([fingerprint(text) for text in TEXTS]), st.integers(0, 9))


@given(st.lists(st.tuples(st.sampled_from("ab"), COUNTS, st.integers(9, 20)), max_size=4), LEARNT_PAGES)
def test_imported_counts_merge_by_the_same_laws(
    imports: list[tuple[str, dict[int, int], int]], learnt_pages: list[LearntPage]
) -> None:
    memories = [learnt(*((site[0], page, texts) for site, page, texts in learnt_pages))]
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
    size = path.stat().st_size
    with SiteMemory(path) as memory:
        assert memory.prune() == 200 * 100
        assert memory.lookup("s", ["Frame", "Story  "]) == ("s", 200, [200, 0])
        assert count_pages(memory) == 200
    assert path.stat().st_size < size / 3


def test_pruning_reaches_imported_counts() -> None:
    memory = SiteMemory()
    memory.import_rows([("s", 1, 1), ("s", 2, 4)], {"s": 9})
    assert memory.prune(min_pages=3) == 1
    assert [fingerprint for _, fingerprint, _ in memory.export_rows()] == [2]
    with pytest.raises(OptionError, match="1 or more"):
        memory.prune(0)


@given(LEARNT_PAGES, st.lists(st.sampled_from(TEXTS)))
def test_what_is_exported_and_imported_answers_the_same(learnt_pages: list[LearntPage], texts: list[str]) -> None:
    memory, copy = learnt(*learnt_pages), SiteMemory()
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


def test_a_site_without_a_name_is_refused() -> None:
    with pytest.raises(OptionError, match="site=''"):
        SiteMemory().learn_blocks("", "/a", ["Home"])
    with pytest.raises(OptionError, match="site=None"):
        SiteMemory().lookup(None, ["Home"])  # type: ignore[arg-type]


def test_a_name_that_no_file_can_hold_is_a_name() -> None:
    memory = learnt(("crawl \udcff", "/\ud800", ["Home"]), ("crawl \udcfe", "/a", ["Home"]))
    assert memory.lookup("crawl \udcff", ["Home"]) == ("crawl \udcff", 1, [1])


@pytest.mark.usefixtures("small_sample")
@given(LEARNT_PAGES)
def test_a_memory_without_file_is_pickled_with_its_content(learnt_pages: list[LearntPage]) -> None:
    memory = learnt(*learnt_pages)
    memory.import_rows([("s", 1, 2)], {"s": 3})
    copy = pickle.loads(pickle.dumps(memory))
    assert contents(copy) == contents(memory)
    copy.learn_blocks("new", "/a", ["Home"])
    assert contents(copy) != contents(memory)
