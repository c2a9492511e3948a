"""Rows through pipes, and what the command prints of one page beside its story."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from boilerstrip import clean
from boilerstrip.cli import run
from boilerstrip.rows import COLUMNS
from tests.batches import read_lines, write_crawl, write_story
from tests.test_cli import PAGE, STORY, assert_one_line, feed_standard_input


def write_rows(*rows: dict[str, object]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def read_rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_rows_go_through_a_pipe(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    feed_standard_input(monkeypatch, write_rows(*({"html": write_story(number), "n": number} for number in range(3))))
    assert run(["clean", "-", "--input", "jsonl", "--format", "jsonl", "-o", "-", "--workers", "1", "--quiet"]) == 0
    captured = capfdbinary.readouterr()
    rows = read_rows(captured.out.decode())
    assert [row["n"] for row in rows] == [0, 1, 2]
    assert [row["text"] for row in rows] == [clean(write_story(number)).text for number in range(3)]
    assert tuple(rows[0]) == (*COLUMNS, "n")
    assert captured.err == b""


def test_a_folder_goes_through_a_pipe_in_order(tmp_path: Path) -> None:
    write_crawl(tmp_path / "in", 4)
    command = [sys.executable, "-m", "boilerstrip", "clean", str(tmp_path / "in"), "--format", "jsonl", "-o", "-"]
    done = subprocess.run([*command, "--workers", "2"], capture_output=True, text=True, encoding="utf-8")
    assert [row["id"] for row in read_rows(done.stdout)] == [f"00/0000{number}.txt" for number in range(4)]
    assert "4 pages, no failures" in done.stderr


def test_what_has_no_row_is_a_line_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    feed_standard_input(monkeypatch, write_rows({"html": write_story(1)}, {"html": 5}, {"html": write_story(2)}))
    assert run(["clean", "-", "--input", "jsonl", "--format", "jsonl", "-o", "-", "--workers", "1", "--quiet"]) == 1
    captured = capfdbinary.readouterr()
    assert len(captured.out.splitlines()) == 2
    assert_one_line(captured.err.decode(), "stdin#2", "holds int")


def test_a_missing_column_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = write_rows(*({"body": write_story(number)} for number in range(3)))
    feed_standard_input(monkeypatch, rows)
    stream = ["clean", "-", "--input", "jsonl", "--format", "jsonl", "--workers", "1", "--quiet", "-o"]
    assert run([*stream, "-"]) == 1
    assert_one_line(capfdbinary.readouterr().err.decode(), "no field 'html'", "--field")
    (tmp_path / "in.jsonl").write_bytes(rows)
    assert run(["clean", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out"), "--workers", "1", "--quiet"]) == 1
    assert_one_line(capfdbinary.readouterr().err.decode(), "no field 'html'", "--field", "3 inputs")
    assert len(read_lines(tmp_path / "out" / "errors.jsonl")) == 3


def test_rows_are_named_by_the_usual_column(tmp_path: Path) -> None:
    rows = [{"id": f"doc-{number}", "html": write_story(number)} for number in range(2)]
    (tmp_path / "in.jsonl").write_bytes(write_rows(*rows, {"id": None, "html": write_story(2)}))
    arguments = ["clean", str(tmp_path / "in.jsonl"), "--format", "jsonl", "--workers", "1"]
    assert run([*arguments, "-o", str(tmp_path / "out")]) == 0
    named = read_lines(tmp_path / "out" / "pages.jsonl")
    assert [row["id"] for row in named] == ["doc-0", "doc-1", "in.jsonl#3"]
    assert all("input_id" not in row for row in named)


def test_columns_of_tables_name_their_rows(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet

    stories = [write_story(number) for number in range(3)]
    parquet.write_table(pyarrow.table({"doc_id": [7, 8, 9], "html": stories}), tmp_path / "in.parquet")
    arguments = ["clean", str(tmp_path / "in.parquet"), "--format", "parquet", "--workers", "1"]
    assert run([*arguments, "-o", str(tmp_path / "out")]) == 0
    table = parquet.read_table(tmp_path / "out" / "pages.parquet")
    assert table["id"].to_pylist() == ["7", "8", "9"]
    assert table.column_names == list(COLUMNS)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--format", "md", "-o", "-"], ["rows only", "--format jsonl"]),
        (["--format", "jsonl", "-o", "-", "--resume"], ["--resume", "folder"]),
        (["--format", "jsonl", "-o", "-", "--json"], ["--json"]),
        (["--format", "jsonl"], ["-o -"]),
    ],
)
def test_what_needs_a_folder_says_so(
    arguments: list[str], parts: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["clean", str(tmp_path), *arguments]) == 2
    assert_one_line(capfd.readouterr().err, *parts)


def test_one_page_goes_to_standard_output_by_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", str(STORY), "-o", "-"]) == 0
    assert capfd.readouterr().out == clean(STORY.read_bytes()).text + "\n"


def test_one_page_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", "--json", str(STORY)]) == 0
    assert capfd.readouterr().out.strip() == clean(STORY.read_bytes()).to_json().strip()
    assert run(["clean", "--json", "--format", "md", str(STORY)]) == 2
    assert_one_line(capfd.readouterr().err, "--json", "--format")


def test_one_page_with_its_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", str(PAGE), "--report", str(tmp_path / "page.html")]) == 0
    assert capfd.readouterr().out == clean(PAGE.read_bytes()).text + "\n"
    assert "<html" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert run(["clean", str(PAGE), "--report", str(tmp_path / "page.html")]) == 2
    assert_one_line(capfd.readouterr().err, "page.html exists")
    assert run(["clean", str(PAGE), "--report", str(tmp_path / "reports")]) == 0
    assert (tmp_path / "reports" / "index.html").is_file()
    assert (tmp_path / "reports" / "source.report.html").is_file()


def test_links_and_images_stay_when_asked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "in" / "page.html"
    page.parent.mkdir()
    page.write_text(
        '<p>It rained for three days on <a href="https://example.org/mill">the old mill</a>, and nobody came by.</p>'
        '<p>On the fourth day the miller found <img src="https://example.org/boat.png" alt="a boat"> at the gate.</p>'
    )
    document = clean(page.read_bytes())
    marked = document.to_markdown(links=True, images=True)
    assert "https://example.org/mill" in marked and "boat.png" in marked
    assert run(["clean", "--format", "markdown", "--links", "--images", str(page)]) == 0
    assert capfd.readouterr().out.strip() == marked.strip()
    many = ["clean", str(page.parent), "--workers", "1", "--links", "--images", "--quiet", "-o"]
    assert run([*many, str(tmp_path / "md"), "--format", "md"]) == 0
    assert (tmp_path / "md" / "page.md").read_text().strip() == marked.strip()
    assert run([*many, str(tmp_path / "rows"), "--format", "jsonl", "--markdown"]) == 0
    assert read_lines(tmp_path / "rows" / "pages.jsonl")[0]["markdown"].strip() == marked.strip()


def test_the_version_has_a_short_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-V"]) == 0
    assert capfd.readouterr().out.startswith("boilerstrip ")
