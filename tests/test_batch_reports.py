"""A run with ``--report``: a report for each page, an index of all, and nothing in them of another run."""

import errno
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from boilerstrip import clean
from boilerstrip.batch.items import Item
from boilerstrip.batch.work import Action
from boilerstrip.cli import run
from boilerstrip.report import report
from tests.batches import read_outputs, write_crawl, write_story


def list_index(folder: Path) -> list[str]:
    links = html.parse(folder / "index.html").getroot().findall(".//tbody//a")
    return sorted(unquote(link.get("href")) for link in links)


def test_a_run_writes_a_report_for_each_page_and_an_index(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    crawl, out, reports = write_crawl(tmp_path / "crawl", 3), tmp_path / "out", tmp_path / "reports"
    (crawl / "index.html").write_text("<p>It rained on the old mill for three days, and nobody minded.</p>")
    assert run(["clean", str(crawl), "-o", str(out), "--report", str(reports), "--workers", "2"]) == 0
    names = [f"00/0000{number}.report.html" for number in range(3)]
    assert list_index(reports) == [*names, "index.report.html"]
    assert (reports / names[1]).read_text(encoding="utf-8") == report(clean(write_story(1).encode()))
    assert f"reports: see {reports / 'index.html'}" in capfd.readouterr().err
    assert set(read_outputs(out)) == {"00/00000.txt", "00/00001.txt", "00/00002.txt", "index.txt"}


def test_reports_of_another_run_are_kept_or_replaced(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    crawl, reports = write_crawl(tmp_path / "crawl", 2), tmp_path / "reports"
    arguments = ["clean", str(crawl), "--report", str(reports), "--workers", "1", "-o"]
    assert run([*arguments, str(tmp_path / "one")]) == 0
    (crawl / "00" / "00000.txt").unlink()
    assert run([*arguments, str(tmp_path / "two")]) == 2
    assert "--overwrite replaces them" in capfd.readouterr().err
    assert (
        run(["clean", str(crawl), "--workers", "1", "--quiet", "-o", str(tmp_path / "two")]) == 0
    )  # nothing was begun
    assert len(list_index(reports)) == 2
    assert run([*arguments, str(tmp_path / "one"), "--resume"]) == 0
    assert len(list_index(reports)) == 2
    assert run([*arguments, str(tmp_path / "one"), "--overwrite"]) == 0
    assert list_index(reports) == ["00/00001.report.html"]


def test_reports_stay_apart_from_the_inputs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    crawl = write_crawl(tmp_path / "crawl", 1)
    assert run(["clean", str(crawl), "-o", str(tmp_path / "out"), "--report", str(crawl / "reports")]) == 2
    assert "contain one another" in capfd.readouterr().err


def test_a_report_that_cannot_be_written_is_a_failure_of_its_page(tmp_path: Path) -> None:
    crawl, out, reports = write_crawl(tmp_path / "crawl", 2), tmp_path / "out", tmp_path / "reports"
    (reports / "00").mkdir(parents=True)
    (reports / "00" / "00001.report.html").mkdir()
    assert run(["clean", str(crawl), "-o", str(out), "--report", str(reports), "--workers", "1"]) == 1
    assert '"stage": "write"' in (out / "errors.jsonl").read_text()
    assert list_index(reports) == ["00/00000.report.html"]


def test_a_full_disk_under_the_reports_is_no_failure_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    perform = Action(reports="reports").start()
    monkeypatch.setattr("boilerstrip.batch.work.write_report", fail)
    with pytest.raises(OSError, match="No space"):
        perform(Item("a", "a", content="<p>It rained on the old mill for three days."))
