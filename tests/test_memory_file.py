"""A memory's file survives other processes, full disks and sudden ends, and says clearly what it cannot do."""

import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from random import Random

import pytest

from boilerstrip.errors import MemoryFileError
from boilerstrip.memory import SiteMemory, fingerprint
from boilerstrip.memory.store import FORMAT_VERSION
from boilerstrip.memory.tables import find_site, hash_page
from tests.memories import learnt, run_python, write_memory

# Files


def test_a_file_keeps_what_was_learnt(tmp_path: Path) -> None:
    path = write_memory(tmp_path / "sites of ünïcode #1?.sqlite")
    assert sorted(tmp_path.iterdir()) == [path]
    with SiteMemory(path) as memory:
        memory.learn_blocks("example.com", "/new", ["Subscribe"])
    with SiteMemory(str(path), read_only=True) as memory:
        assert memory.lookup("example.com", ["Subscribe"]) == ("example.com", 4, [4])
        assert memory.lookup("example.com", ["Subscribe"]) == ("example.com", 4, [4])
    assert sorted(tmp_path.iterdir()) == [path]


def test_another_handles_learning_is_seen_at_once(tmp_path: Path) -> None:
    with (
        SiteMemory(tmp_path / "sites.sqlite") as writer,
        SiteMemory(tmp_path / "sites.sqlite", read_only=True) as reader,
    ):
        for pages in range(1, 6):
            writer.learn_blocks("s", str(pages), ["Home"])
            assert [reader.lookup("s", ["Home"]) for _ in range(3)] == [("s", pages, [pages])] * 3


def test_a_closed_memory_says_so() -> None:
    memory = SiteMemory()
    memory.close()
    memory.close()
    with pytest.raises(MemoryFileError, match="closed"):
        memory.lookup("s", ["Home"])


def test_a_memory_opened_for_reading_refuses_to_change(tmp_path: Path) -> None:
    path = write_memory(tmp_path / "sites.sqlite")
    before = path.read_bytes()
    with SiteMemory(path, read_only=True) as memory:
        for change in (
            lambda: memory.learn_blocks("s", "/a", ["Home"]),
            memory.prune,
            lambda: memory.merge(learnt(("s", "/a", ["Home"]))),
            lambda: memory.import_rows([], {"s": 1}),
        ):
            with pytest.raises(MemoryFileError, match="read_only=True"):
                change()
    assert path.read_bytes() == before


def foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sites (id INTEGER)")
    connection.close()


def memory_of_format(version: int, path: Path) -> None:
    write_memory(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("<p>no memory</p>"), "no site memory"),
        (lambda path: path.write_bytes(b"SQLite format 3\0"), "no site memory"),
        (foreign_database, "no site memory"),
        (partial(memory_of_format, FORMAT_VERSION + 1), f"format {FORMAT_VERSION + 1}.*update"),
        (partial(memory_of_format, FORMAT_VERSION - 1), f"format {FORMAT_VERSION - 1}.*learn anew"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], object], message: str, read_only: bool
) -> None:
    path = tmp_path / "sites.sqlite"
    make(path)
    before = path.read_bytes()
    with pytest.raises(MemoryFileError, match=message) as caught:
        SiteMemory(path, read_only=read_only)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(MemoryFileError, match="no such file"):
        SiteMemory(tmp_path / "missing.sqlite", read_only=True)
    with pytest.raises(MemoryFileError, match="folder does not exist"):
        SiteMemory(tmp_path / "missing" / "sites.sqlite")
    with pytest.raises(MemoryFileError, match="cannot be read"):
        SiteMemory(tmp_path)
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(MemoryFileError, match="nothing in it"):
        SiteMemory(tmp_path / "empty.sqlite", read_only=True)


def test_a_damaged_file_is_one_clear_error(tmp_path: Path) -> None:
    path = write_memory(tmp_path / "sites.sqlite", pages=300)
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    with pytest.raises(MemoryFileError, match="damaged"), SiteMemory(path, read_only=True) as memory:
        memory.lookup("example.com", ["Subscribe"])


def damage(content: bytes, random: Random) -> bytes:
    """The content with bytes changed, a piece zeroed or copied elsewhere, or its end cut off; the header stays."""
    damaged, place = bytearray(content), random.randrange(100, len(content))
    kind = random.choice(("change", "zero", "copy", "cut"))
    if kind == "change":
        for _ in range(random.choice((1, 20, 500))):
            damaged[random.randrange(100, len(content))] = random.randrange(256)
    elif kind == "zero":
        damaged[place : place + 5000] = bytes(len(damaged[place : place + 5000]))
    elif kind == "copy":
        damaged[place : place + 3000] = content[-3000:]
    else:
        del damaged[place:]
    return bytes(damaged)


def use_everything(memory: SiteMemory) -> Iterator[Callable[[], object]]:
    yield lambda: memory.lookup("s1", ["Home"], page="/8")
    yield lambda: memory.lookup("counted", ["Home"])
    yield lambda: list(memory.export_rows())
    yield lambda: SiteMemory().merge(memory)
    if not memory.read_only:
        yield lambda: memory.learn_blocks("s1", "/8", ["New"])
        yield lambda: memory.learn_blocks("new", "/8", ["New"])
        yield lambda: memory.import_rows([("counted", 5, 3)], {"counted": 6})
        yield memory.prune


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_damaged_no_other_error_comes_out(tmp_path: Path, seed: int) -> None:
    path, random = tmp_path / "sites.sqlite", Random(seed)
    with SiteMemory(path) as memory:
        memory.learn_many_blocks(
            (f"s{page % 7}", f"/{page}", ["Home", *(f"Story {'x' * page} {'y' * block}" for block in range(40))])
            for page in range(200)
        )
        memory.import_rows([("counted", block, 1) for block in range(300)], {"counted": 5})
    path.write_bytes(damage(path.read_bytes(), random))
    with suppress(MemoryFileError), SiteMemory(path, read_only=bool(seed % 2)) as memory:
        for use in use_everything(memory):
            with suppress(MemoryFileError):
                use()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pages SET fingerprints = 'text'",
        "UPDATE pages SET fingerprints = x'010203'",
        "UPDATE pages SET fingerprints = NULL",
        "UPDATE sites SET pages = 'many'",
        "UPDATE sites SET counted_pages = x'00'",
        "UPDATE sites SET name = CAST(x'ff' AS TEXT) WHERE id = 1",
        "UPDATE counts SET pages = 'many'",
        "DROP TABLE pages",
    ],
)
def test_values_that_no_memory_writes_are_damage(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "sites.sqlite"
    with SiteMemory(path) as memory:
        memory.learn_many_blocks(("s", f"/{page}", ["Home", "Menu"]) for page in range(3))
        memory.import_rows([("counted", fingerprint("Home"), 9)], {"counted": 9})
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with SiteMemory(path, read_only=True) as memory, pytest.raises(MemoryFileError, match=r"damaged|nothing in it"):
        memory.lookup("s", ["Home"])
        memory.lookup("counted", ["Home"])
        list(memory.export_rows())


def test_a_file_that_another_process_holds_is_one_clear_error(tmp_path: Path) -> None:
    path = write_memory(tmp_path / "sites.sqlite")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with SiteMemory(path, timeout=0.05) as memory, pytest.raises(MemoryFileError, match="another process"):
        memory.learn_blocks("s", "/a", ["Home"])
    holder.close()


def as_nobody(action: Callable[[], str]) -> str:
    """The result of an action, taken by a user to whom permissions apply (they do not to root)."""
    if os.geteuid() != 0:
        return action()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, action().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as results:
        result = results.read()
    os.waitpid(child, 0)
    return result


def message_of(action: Callable[[], object]) -> str:
    try:
        return f"no error but {action()!r}"
    except MemoryFileError as error:
        return str(error)


def read_counts(path: Path) -> str:
    with SiteMemory(path, read_only=True) as memory:
        return str(memory.lookup("example.com", ["Subscribe"]).pages_with_block)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="permissions are set and users changed the POSIX way")
@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
def test_a_read_only_file_can_be_read_and_refuses_to_learn(open_folder: Path, folder_mode: int) -> None:
    path = write_memory(open_folder / "sites.sqlite")
    before = path.read_bytes()
    path.chmod(0o444)
    open_folder.chmod(folder_mode)
    assert as_nobody(lambda: read_counts(path)) == "[3]"
    assert "read-only" in as_nobody(lambda: message_of(lambda: SiteMemory(path)))
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="permissions are set and users changed the POSIX way")
def test_a_file_in_a_read_only_folder_refuses_to_learn(open_folder: Path) -> None:
    path = write_memory(open_folder / "sites.sqlite")
    path.chmod(0o666)
    open_folder.chmod(0o555)
    assert as_nobody(lambda: read_counts(path)) == "[3]"
    assert "read-only" in as_nobody(lambda: message_of(lambda: SiteMemory(path)))


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 512 KiB."""
    folder = Path(tempfile.mkdtemp())
    mount = shutil.which("mount")
    mounted = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], capture_output=True)
    try:
        if not mounted or mounted.returncode != 0:
            pytest.skip("a small disk can only be mounted by root on Linux")
        yield folder
    finally:
        subprocess.run(["umount", folder], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def learn_until_full(memory: SiteMemory) -> int:
    """Learn pages of 100 blocks; the number of those whose learning returned."""
    for page in range(10_000):
        try:
            memory.learn_blocks(
                "s", str(page), ["Home", *(f"Story {'x' * page} {'y' * block}" for block in range(100))]
            )
        except MemoryFileError as error:
            assert "disk is full" in str(error)
            return page
    raise AssertionError("the disk never filled")


def test_a_full_disk_is_one_clear_error_and_loses_nothing(small_disk: Path) -> None:
    path = small_disk / "sites.sqlite"
    with SiteMemory(path) as memory:
        pages = learn_until_full(memory)
        assert pages > 10
        assert memory.lookup("s", ["Home"]) == ("s", pages, [pages])
    with SiteMemory(path, read_only=True) as memory:
        assert memory.lookup("s", ["Home"]) == ("s", pages, [pages])


def test_a_disk_without_any_room_is_one_clear_error_and_leaves_the_file_as_it_is(small_disk: Path) -> None:
    path = write_memory(small_disk / "sites.sqlite")
    before = path.read_bytes()
    with (small_disk / "ballast").open("wb", buffering=0) as ballast, pytest.raises(OSError, match="space"):
        while ballast.write(b"x" * 4096):
            pass
    with pytest.raises(MemoryFileError, match="disk is full"), SiteMemory(path) as memory:
        memory.learn_blocks("s", "/a", ["Home"])
    assert path.read_bytes() == before
    with pytest.raises(MemoryFileError, match="disk is full"):
        SiteMemory(small_disk / "new.sqlite")


def test_a_full_database_undoes_the_whole_step() -> None:
    memory = SiteMemory()
    memory.learn_blocks("s", "first", ["Home"])
    with memory._store.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    with memory._store._use() as connection:
        connection.execute(f"PRAGMA max_page_count = {pages + 10}")
    learnt_pages = learn_until_full(memory)
    assert memory.lookup("s", ["Home"]) == ("s", 1 + learnt_pages, [1 + learnt_pages])


# Processes and threads


LEARN_IN_A_PROCESS = """
import sys
from boilerstrip.memory import SiteMemory
path, name, pages = sys.argv[1], sys.argv[2], int(sys.argv[3])
with SiteMemory(path) as memory:
    for page in range(pages):
        memory.learn_blocks("s", f"{name}/{page}", ["Frame", f"Of {name}"])
        memory.learn_blocks("s", f"shared/{page}", ["Frame", "Shared"])
    memory.learn_many_blocks(("many", f"{name}/{page}", ["Frame"]) for page in range(pages))
"""


def test_four_processes_learning_into_one_file_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sites.sqlite"
    with ExitStack() as stack:
        processes = [stack.enter_context(run_python(LEARN_IN_A_PROCESS, path, name, 40)) for name in "abcd"]
    assert [process.returncode for process in processes] == [0] * 4
    with SiteMemory(path, read_only=True) as memory:
        counts = memory.lookup("s", ["Frame", "Shared", *(f"Of {name}" for name in "abcd")])
        assert counts == ("s", 200, [200, 40, 40, 40, 40, 40])
        assert memory.lookup("many", ["Frame"]) == ("many", 160, [160])
    assert list(tmp_path.iterdir()) == [path]


LEARN_UNTIL_KILLED = """
import itertools, sys
from boilerstrip.memory import SiteMemory
name = sys.argv[2]
print("ready", flush=True)
memory = SiteMemory(sys.argv[1])
for page in itertools.count():
    if page % 10 == 9:
        memory.learn_many_blocks(("s", f"{name}/{page}/{number}", ["Frame", "Many"]) for number in range(30))
    else:
        memory.learn_blocks("s", f"{name}/{page}", ["Frame", f"Page {'x' * page} of {name}"])
    print(page, flush=True)
"""


def learn_until_killed(path: Path, name: str, seconds: float) -> list[int]:
    """Let a process learn for a while; the numbers of the steps that returned."""
    with run_python(LEARN_UNTIL_KILLED, path, name) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()
        return [int(line) for line in process.stdout.read().split("\n")[:-1]]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="only POSIX can kill a process without warning")
def test_a_killed_process_leaves_every_page_whose_learning_returned(tmp_path: Path) -> None:
    path = tmp_path / "sites.sqlite"
    for name, seconds in zip("abcdef", (0.0, 0.002, 0.01, 0.03, 0.08, 0.2), strict=True):
        returned = learn_until_killed(path, name, seconds)
        singles = [page for page in returned if page % 10 != 9]
        expected = {f"{name}/{page}" for page in singles}
        expected |= {f"{name}/{page}/{number}" for page in returned if page % 10 == 9 for number in range(30)}
        with SiteMemory(path) as memory, memory._store.reading() as connection:
            site = find_site(connection, "s")
            first = site.places[0] if site else 0
            pages = {place - first for (place,) in connection.execute("SELECT place FROM pages")}
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert {hash_page(page) for page in expected} <= pages
        with SiteMemory(path, read_only=True) as memory:
            counts = memory.lookup("s", ["Frame", *(f"Page {'x' * page} of {name}" for page in singles)])
        assert counts.pages_with_block[0] == counts.pages_of_site == min(len(pages), 256)
        assert len(pages) > 256 or counts.pages_with_block[1:] == [1] * len(singles)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_and_its_parent_learn_on_whoever_closes_first(tmp_path: Path) -> None:
    path = tmp_path / "sites.sqlite"
    reading, writing = os.pipe()
    memory = SiteMemory(path)
    memory.learn_blocks("s", "/parent", ["Home"])
    memory.lookup("s", ["Home"])
    child = os.fork()
    if child == 0:
        try:
            memory.learn_blocks("s", "/first", ["Home"])
            os.read(reading, 1)
            memory.learn_blocks("s", "/second", ["Home"])
            os._exit(0 if memory.lookup("s", ["Home"]) == ("s", 4, [4]) else 1)
        finally:
            os._exit(2)
    assert memory.learn_blocks("s", "/again", ["Home"])
    memory.close()
    os.write(writing, b"x")
    assert os.waitpid(child, 0)[1] == 0
    with SiteMemory(path, read_only=True) as memory:
        assert memory.lookup("s", ["Home"]) == ("s", 4, [4])
    os.close(reading)
    os.close(writing)


FORK_IN_TWO_THREADS = """
import os, sys, threading, time
from boilerstrip.memory import SiteMemory
memories = [SiteMemory(f"{sys.argv[1]}/{number}.sqlite") for number in range(4)]
for memory in memories:
    memory.learn_blocks("s", "/a", ["Home"])
def look_up():
    return all(memory.lookup("s", ["Home"])[1] == 1 for memory in memories)
def fork():
    child = os.fork()
    if child == 0:
        os._exit(0 if look_up() else 1)
    print(os.waitpid(child, 0)[1], flush=True)
def use():
    for memory in memories:
        with memory._store.reading():
            time.sleep(0.1)
for targets in ((use, fork, fork), (look_up,)):
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_two_threads_that_fork_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with run_python(FORK_IN_TWO_THREADS, tmp_path) as process:
        try:
            assert process.communicate(timeout=60)[0] == "0\n0\n"
        finally:
            process.kill()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_has_a_copy_of_a_memory_without_file() -> None:
    memory = learnt(("s", "/a", ["Home"]))
    child = os.fork()
    if child == 0:
        try:
            os._exit(
                0 if memory.lookup("s", ["Home"]) == ("s", 1, [1]) and memory.learn_blocks("s", "/b", ["A"]) else 1
            )
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert memory.lookup("s", ["Home"]) == ("s", 1, [1])


def test_threads_share_a_memory(tmp_path: Path) -> None:
    failures: list[object] = []
    with SiteMemory(tmp_path / "sites.sqlite") as memory:

        def learn(name: str) -> None:
            for page in range(30):
                memory.learn_blocks("s", f"{name}/{page}", ["Home"])

        def look_up() -> None:
            for _ in range(60):
                counts = memory.lookup("s", ["Home", "Rain"])
                if counts.pages_with_block != [counts.pages_of_site, 0]:
                    failures.append(counts)

        threads = [threading.Thread(target=learn, args=(name,)) for name in "ab"]
        threads += [threading.Thread(target=look_up) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert memory.lookup("s", ["Home"]) == ("s", 60, [60])


def test_a_files_memory_is_pickled_as_its_path_and_read_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with SiteMemory("sites.sqlite") as memory:
        memory.learn_blocks("s", "/a", ["Home"])
        pickled = pickle.dumps(memory)
        monkeypatch.chdir("/")
        with pickle.loads(pickled) as copy:
            assert copy.read_only
            assert copy.lookup("s", ["Home"]) == ("s", 1, [1])
