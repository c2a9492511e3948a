"""WARC and WET: which records are pages, and what is saved from a damaged archive."""

import gzip
import io
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.fixtures import load_fixtures
from boilerstrip.batch.inputs.files import Finder
from boilerstrip.batch.inputs.source import Source
from boilerstrip.batch.items import Item
from tests.batches import read_lines

pytest.importorskip("fastwarc", reason="the extra warc is not installed")

HEADERS = "Content-Type: text/html; charset=ISO-8859-1"


def make_response(number: int, body: bytes | None = None, headers: str = HEADERS, status: int = 200) -> bytes:
    page = f"<p>Page {number}.</p>".encode() if body is None else body
    return make_record("response", number, f"HTTP/1.1 {status} Fine\r\n{headers}\r\n\r\n".encode() + page)


def make_record(
    kind: str, number: int, block: bytes, media: str = "application/http", length: int | None = None
) -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"WARC-Target-URI: https://example.org/{number}\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(path: Path, content: bytes, max_bytes: int = 100_000) -> list[Item]:
    path.write_bytes(content)
    return list(Source(Finder((str(path),), ".txt"), max_bytes=max_bytes))


def numbers(inputs: list[Item]) -> list[int]:
    return [int(item.id.removeprefix("<urn:uuid:").rstrip(">")) for item in inputs if not item.failure]


def messages(inputs: list[Item]) -> list[str]:
    return [item.failure.message for item in inputs if item.failure]


def test_responses_of_html_and_plain_text_are_pages(tmp_path: Path) -> None:
    records = [
        make_record("warcinfo", 0, b"software: test\r\n", "application/warc-fields"),
        make_record("request", 1, b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
        make_response(2),
        make_response(3, headers="Content-Type: image/png"),
        make_response(4, headers="Content-Type: text/plain"),
        make_response(5, status=404),
        make_response(6, headers="Content-Type: application/xhtml+xml;charset=utf-8"),
        make_record("metadata", 7, b"fetchTimeMs: 4\r\n", "application/warc-fields"),
    ]
    inputs = read(tmp_path / "a.warc", b"".join(records))
    assert numbers(inputs) == [2, 4, 6]
    first = inputs[0]
    assert (first.url, first.encoding, first.content) == ("https://example.org/2", "iso-8859-1", b"<p>Page 2.</p>")
    assert not messages(inputs)


def test_conversions_of_a_wet_archive_are_pages(tmp_path: Path) -> None:
    records = [make_record("conversion", number, f"Text {number}.".encode(), "text/plain") for number in range(3)]
    inputs = read(tmp_path / "a.warc.wet.gz", b"".join(map(gzip.compress, records)))
    assert numbers(inputs) == [0, 1, 2]
    assert inputs[0].content == b"Text 0."


def test_transfer_and_content_encodings_are_undone(tmp_path: Path) -> None:
    body = gzip.compress(b"<p>Packed.</p>")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    packed = f"{HEADERS}\r\nContent-Encoding: gzip"
    records = [
        make_response(1, chunked, f"{packed}\r\nTransfer-Encoding: chunked"),
        make_response(2, b"<p>Unpacked by the crawler.</p>", packed),
        make_response(3, body[:-9] + b"\xff" * 9, packed),
    ]
    inputs = read(tmp_path / "a.warc", b"".join(records))
    assert [item.content for item in inputs if not item.failure] == [
        b"<p>Packed.</p>",
        b"<p>Unpacked by the crawler.</p>",
    ]
    assert len(messages(inputs)) == 1 and "decoded" in messages(inputs)[0]


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        (b"XARC/9.9\r\nnothing: of the kind\r\n\r\n", {2}),
        (b"\0garbage" * 50, {2}),
        (make_record("response", 2, b"HTTP/1.1 200 OK\r\n\r\n<p>Cut.", length=50_000), {2}),
    ],
    ids=["no-record", "garbage", "false-length"],
)
def test_what_stands_behind_a_broken_record_is_read(
    tmp_path: Path, compress: Callable[[bytes], bytes], broken: bytes, lost: set[int]
) -> None:
    records = [make_response(number) for number in range(5)]
    records[2] = broken
    inputs = read(tmp_path / "a.warc", b"".join(map(compress, records)))
    assert set(range(5)) - set(numbers(inputs)) == lost
    assert len(messages(inputs)) == 1


def test_a_damaged_gzip_member_costs_its_record_only(tmp_path: Path) -> None:
    members = [gzip.compress(make_response(number)) for number in range(5)]
    broken = bytearray(members[2])
    broken[len(broken) // 2] ^= 0xFF
    inputs = read(tmp_path / "a.warc.gz", b"".join([*members[:2], bytes(broken), *members[3:]]))
    assert numbers(inputs) == [0, 1, 3, 4]
    assert len(messages(inputs)) == 1


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("cut", [3, 20, 60, 150])
def test_a_truncated_archive_gives_all_whole_records(
    tmp_path: Path, compress: Callable[[bytes], bytes], cut: int
) -> None:
    archive = b"".join(compress(make_response(number, b"<p>%d " % number + bytes(100))) for number in range(5))
    inputs = read(tmp_path / "a.warc", archive[:-cut])
    assert numbers(inputs)[:4] == [0, 1, 2, 3]
    assert len(inputs) == 5
    if cut > 4:
        assert len(messages(inputs)) == 1


def test_a_record_that_is_too_large_is_a_failure_and_no_burden(tmp_path: Path) -> None:
    records = [make_response(0), make_response(1, bytes(3_000_000)), make_response(2)]
    inputs = read(tmp_path / "a.warc", b"".join(records), max_bytes=1000)
    assert numbers(inputs) == [0, 2]
    assert "--max-bytes" in messages(inputs)[0]


def test_an_archive_in_one_gzip_member_is_read(tmp_path: Path) -> None:
    inputs = read(tmp_path / "a.warc.gz", gzip.compress(b"".join(make_response(number) for number in range(3))))
    assert numbers(inputs) == [0, 1, 2]


@pytest.mark.parametrize("content", [b"", b"no archive at all", zlib.compress(b"neither")])
def test_a_file_that_is_no_archive_is_at_most_one_failure(tmp_path: Path, content: bytes) -> None:
    inputs = read(tmp_path / "a.warc", content)
    assert len(inputs) == (1 if content else 0)
    assert len(messages(inputs)) == len(inputs)


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_an_archive_is_read_from_a_pipe(compress: Callable[[bytes], bytes], tmp_path: Path) -> None:
    archive = b"".join(compress(make_response(number)) for number in range(40))
    command = [sys.executable, "-m", "boilerstrip", "clean", "-", "--input", "warc", "--format", "jsonl"]
    finished = subprocess.run([*command, "-o", str(tmp_path / "out")], input=archive, capture_output=True, timeout=300)
    assert finished.returncode == 0, finished.stderr
    rows = read_lines(tmp_path / "out" / "pages.jsonl")
    assert [row["id"] for row in rows] == [f"<urn:uuid:{number}>" for number in range(40)]


def test_a_pipe_gives_what_stands_before_the_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    members = [gzip.compress(make_response(number)) for number in range(4)]
    members[2] = members[2][:30] + bytes(20) + members[2][50:]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"".join(members)))))
    inputs = list(Source(Finder(("-",), ".txt"), input_format="warc"))
    assert numbers(inputs) == [0, 1]
    assert len(messages(inputs)) == 1


def test_an_archive_in_zstandard_is_read(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard", reason="the package zstandard is not installed")
    archive = zstandard.ZstdCompressor().compress(b"".join(make_response(number) for number in range(40)))
    assert numbers(read(tmp_path / "a.warc.zst", archive)) == list(range(40))


def test_a_panic_of_the_reader_costs_its_archive_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(*_: object, **__: object) -> Iterator[object]:
        raise PanicException("called `Result::unwrap()` on an `Err` value")

    monkeypatch.setattr("fastwarc.warc.ArchiveIterator", panic)
    (tmp_path / "b.txt").write_text("One.")
    inputs = read(tmp_path / "a.warc", make_response(1)) + read(tmp_path / "b.txt", b"One.")
    assert len(messages(inputs)) == 1 and "unwrap" in messages(inputs)[0]
    assert [item.id for item in inputs if not item.failure] == ["b.txt"]


def test_the_archive_that_ships_is_made_of_the_pages_that_ship() -> None:
    archive = Path(__file__).parent.parent / "fixtures" / "crawl.warc.gz"
    # Compressed by another zlib it has other bytes, so only what is inside and in the same place is compared.
    inputs = list(Source(Finder((str(archive),), ".txt")))
    pages = {page.slug: page.source for page in load_fixtures()}
    found = {item.url: item.content for item in inputs if not item.failure}
    assert found == {address: pages[str(address)[len("https://") : -len(".example/")]] for address in found}
    assert (len(found), len(messages(inputs))) == (6, 1)
