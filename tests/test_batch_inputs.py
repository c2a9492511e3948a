"""Inputs: which files a run takes, what it reads from them, and what it says about those it cannot read."""

import gzip
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from boilerstrip.batch.inputs.files import Finder, name_outputs
from boilerstrip.batch.inputs.source import Source
from boilerstrip.batch.inputs.streams import ReadError, read_page
from boilerstrip.batch.items import Fields, Found, Item
from boilerstrip.errors import OptionError

WINDOWS = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def make_tree(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"<p>One.</p>")
    return folder


def find(*paths: Path, **options: Any) -> list[Found | Item]:
    return list(Finder(tuple(map(str, paths)), ".txt", **options))


def ids(found: Iterable[Found | Item]) -> list[str]:
    return [item.id for item in found]


def problems(found: Iterable[Found | Item]) -> dict[str, str]:
    return {item.id: item.failure.message for item in found if isinstance(item, Item) and item.failure}


def read(path: Path, **options: Any) -> list[Item]:
    return list(Source(Finder((str(path),), ".txt"), **options))


def contents(inputs: Iterable[Item]) -> list[bytes | str | None]:
    return [item.content for item in inputs if not item.failure]


def test_a_folder_is_walked_in_an_order_that_never_changes(tmp_path: Path) -> None:
    make_tree(tmp_path, "b.html", "a/z.html", "a/b/c.html", "A.html", "é.html")
    assert ids(find(tmp_path)) == ["A.html", "b.html", "é.html", "a/z.html", "a/b/c.html"]


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    make_tree(tmp_path, ".git/a.html", ".b.html", "c.html")
    assert ids(find(tmp_path)) == ["c.html"]


def test_globs_choose_by_name_and_by_path(tmp_path: Path) -> None:
    make_tree(tmp_path, "a.html", "b.txt", "old/c.html", "old/d.html")
    assert ids(find(tmp_path, include=("*.html",))) == ["a.html", "old/c.html", "old/d.html"]
    assert ids(find(tmp_path, include=("*.html",), exclude=("old/*",))) == ["a.html"]


def test_files_of_a_folder_that_are_no_pages_are_left_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    make_tree(tmp_path, "a.html", "b", "notes.txt", "Node.js", "about-robots.txt")
    for name in ("site.css", "App.min.JS", "package.json", "robots.txt"):
        (tmp_path / name).write_text("let page;")
    assert ids(find(tmp_path)) == ["Node.js", "a.html", "about-robots.txt", "b", "notes.txt"]
    included = find(tmp_path, include=("*.json", "*.txt"))
    assert ids(included) == ["about-robots.txt", "notes.txt", "package.json", "robots.txt"]
    assert ids(find(tmp_path / "package.json")) == ["package.json"]


def test_files_and_folders_keep_their_paths_below_their_common_folder(tmp_path: Path) -> None:
    make_tree(tmp_path, "x/page.html", "y/page.html", "z/deep/page.html")
    found = find(tmp_path / "x" / "page.html", tmp_path / "y" / "page.html", tmp_path / "z")
    assert ids(found) == ["x/page.html", "y/page.html", "z/deep/page.html"]


def test_an_input_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    make_tree(tmp_path, "x/a.html", "x/b.html")
    page = tmp_path / "x" / "a.html"
    assert ids(find(page, tmp_path / "x", page, tmp_path / "x")) == ["x/a.html", "x/b.html"]


def test_a_file_that_does_not_exist_is_a_failure(tmp_path: Path) -> None:
    make_tree(tmp_path, "a.html")
    assert problems(find(tmp_path / "a.html", tmp_path / "b.html")) == {"b.html": "No such file or directory"}


@WINDOWS
def test_links_are_followed_inside_the_tree_only(tmp_path: Path) -> None:
    make_tree(tmp_path, "in/a.html", "in/sub/b.html", "out/secret.html")
    folder = tmp_path / "in"
    (folder / "again.html").symlink_to("a.html")
    (folder / "dangling.html").symlink_to("nowhere.html")
    (folder / "leads-out.html").symlink_to("../out/secret.html")
    (folder / "sub" / "loop").symlink_to("..")
    (folder / "self.html").symlink_to("self.html")
    found = find(folder)
    assert set(problems(found)) == {"dangling.html", "leads-out.html", "sub/loop", "self.html"}
    assert [item.id for item in found if isinstance(item, Found)] == ["a.html", "again.html", "sub/b.html"]


@WINDOWS
def test_pipes_are_failures_and_nobody_waits_for_them(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    assert problems(find(tmp_path)) == {"pipe.html": "not a regular file"}
    with pytest.raises(ReadError, match="not a regular file"):
        read_page(str(tmp_path / "pipe.html"), 100)


@WINDOWS
def test_names_that_are_no_text_are_ids_all_the_same(tmp_path: Path) -> None:
    for name in (b"caf\xe9.html", b"two\nlines.html"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"<p>One.")
    assert ids(find(tmp_path)) == ["caf\\xe9.html", "two\nlines.html"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.htm", "a.html"], ["a.htm", "a.html"]),
        (["a", "a.html", "a.html.gz"], ["a", "a.html", "a.html.gz"]),
        (["a.html", "b.html"], ["a", "b"]),
        (["a.html", "a.txt.html", "a.txt"], ["a.html", "a.txt.html", "a.txt"]),
        (["PAGE.html", "page.html"], ["PAGE.html", "page.html~2"]),
        ([".html"], [".html"]),
    ],
)
def test_two_inputs_never_share_an_output(names: list[str], expected: list[str]) -> None:
    assert name_outputs(names, ".txt") == expected


def test_a_long_name_leaves_room_for_the_suffix() -> None:
    names = ["é" * 126 + "x", "é" * 126 + "y"]
    outputs = name_outputs(names, ".jsonl")
    assert len(set(outputs)) == 2
    assert all(len(os.fsencode(name + ".jsonl")) <= 255 for name in outputs)


def test_a_folder_beside_a_file_keeps_its_name() -> None:
    assert name_outputs(["a.html"], ".txt", {"a.txt"}) == ["a.html"]
    assert name_outputs(["a"], ".txt", {"a.txt"}) == ["a~2"]


def test_pages_are_read_compressed(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard", reason="the package zstandard is not installed")
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>One.</p>") + gzip.compress(b"<p>Two.</p>"))
    (tmp_path / "b.html.zst").write_bytes(zstandard.ZstdCompressor().compress(b"<p>One.</p>"))
    assert read_page(str(tmp_path / "a.html.gz"), 100) == b"<p>One.</p><p>Two.</p>"
    (tmp_path / "c").write_bytes(gzip.compress(b"<p>One.</p>"))
    assert read_page(str(tmp_path / "b.html.zst"), 100) == b"<p>One.</p>"
    assert read_page(str(tmp_path / "c"), 100) == b"<p>One.</p>"


def test_damaged_and_oversized_files_say_so(tmp_path: Path) -> None:
    whole = gzip.compress(b"<p>One.</p>" * 100)
    (tmp_path / "cut.html.gz").write_bytes(whole[:-12])
    (tmp_path / "no.html.gz").write_bytes(b"not gzip at all")
    (tmp_path / "bomb.html.gz").write_bytes(gzip.compress(bytes(10_000_000)))
    for name, message in (("cut", "damaged gzip"), ("no", "damaged gzip"), ("bomb", "larger than 1,000 bytes")):
        with pytest.raises(ReadError, match=message):
            read_page(str(tmp_path / f"{name}.html.gz"), 1000)


def test_json_lines_give_a_page_a_line(tmp_path: Path) -> None:
    lines = [
        {"html": "<p>One.", "url": "https://example.org/1", "lang": "en"},
        {"html": "<p>Two.", "key": "second"},
        {"body": "<p>Three."},
        {"html": 4},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines) + "{broken\n\n[1]\n"
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(text.encode()))
    inputs = read(path, fields=Fields(id="key"))
    assert ids(inputs) == ["rows.jsonl.gz#1", "second", *(f"rows.jsonl.gz#{number}" for number in (3, 4, 5, 7))]
    assert (inputs[0].url, inputs[0].columns) == ("https://example.org/1", {"lang": "en"})
    assert contents(inputs) == ["<p>One.", "<p>Two."]
    messages = problems(inputs)
    assert "body" in messages["rows.jsonl.gz#3"] and "--field" in messages["rows.jsonl.gz#3"]
    assert "int" in messages["rows.jsonl.gz#4"]
    assert "no valid JSON" in messages["rows.jsonl.gz#5"]


def test_a_line_that_never_ends_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"html": "' + b"x" * 3_000_000 + b'"}\n{"html": "<p>Two."}\n')
    inputs = read(path, max_bytes=1000)
    assert contents(inputs) == ["<p>Two."]
    assert "--max-bytes" in problems(inputs)["rows.jsonl#1"]


def test_a_table_that_breaks_off_gives_what_it_has_and_one_failure(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"html": f"<p>{os.urandom(40).hex()}"}) + "\n" for _ in range(300))
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(rows.encode())[:-2000])
    inputs = read(path)
    assert len(contents(inputs)) > 200
    assert len(problems(inputs)) <= 2 and "rows.jsonl.gz" in problems(inputs)


def test_parquet_and_arrow_give_a_page_a_row(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import feather, ipc, parquet

    table = pyarrow.table(
        {
            "content": ["<p>One.", None, "<p>Three."] * 50,
            "url": [f"https://example.org/{number}" for number in range(150)],
            "crawl": pyarrow.array([2023, 2024, 2025] * 50, pyarrow.int16()),
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=40)
    feather.write_feather(table, tmp_path / "b.feather")
    with ipc.new_stream(tmp_path / "c.arrow", table.schema) as writer:
        writer.write_table(table)
    (tmp_path / "d.parquet.gz").write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))
    for name in ("a.parquet", "b.feather", "c.arrow", "d.parquet.gz"):
        inputs = read(tmp_path / name, fields=Fields(html="content"))
        assert ids(inputs) == [f"{name}#{number}" for number in range(1, 151)]
        assert contents(inputs) == ["<p>One.", "<p>Three."] * 50
        assert inputs[2].columns == {"crawl": 2025}


def test_a_table_that_is_none_is_one_failure(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    for name in ("a.parquet", "b.arrow"):
        (tmp_path / name).write_bytes(b"no table at all" * 10)
        assert ids(read(tmp_path / name)) == [name]


def test_a_missing_package_is_a_failure_that_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    monkeypatch.setitem(__import__("sys").modules, "fastwarc", None)
    make_tree(tmp_path, "a.parquet", "b.warc")
    messages = problems(list(Source(Finder((str(tmp_path),), ".txt"))))
    assert "boilerstrip[parquet]" in messages["a.parquet"]
    assert "boilerstrip[warc]" in messages["b.warc"]


def test_inputs_on_different_drives_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(os.path, "commonpath", fail)
    with pytest.raises(OptionError, match="different drives"):
        _ = Finder(("a", "b"), ".txt").root


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_standard_input_is_a_page_or_many(compress: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def source(content: bytes, kind: Any) -> list[Item]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(compress(content)))))
        return list(Source(Finder(("-",), ".txt"), input_format=kind))

    assert contents(source(b"<p>One.", None)) == [b"<p>One."]
    assert contents(source(b'{"html": "<p>One."}\n{"html": "<p>Two."}', "jsonl")) == ["<p>One.", "<p>Two."]


def test_positions_grow_to_the_size_of_the_inputs(tmp_path: Path) -> None:
    make_tree(tmp_path, "a.html", "b.html", "c/d.html")
    (tmp_path / "rows.jsonl").write_text('{"html": "<p>One."}\n' * 3)
    positions = [item.position for item in Source(Finder((str(tmp_path),), ".txt"))]
    assert positions == sorted(positions)
    assert positions[-1] == sum(path.stat().st_size for path in tmp_path.rglob("*.*"))
