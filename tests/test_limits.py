"""Limits of a page: what is reached is told, and the best text so far is given, cut where a block ends."""

import json
import logging
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

import pytest

from boilerstrip import Cleaner, OptionError, SourceError, clean, limits, outcome
from boilerstrip import cleaner as cleaner_module
from boilerstrip.document import Document
from boilerstrip.limits import Limits
from boilerstrip.segment.html import segment_html
from boilerstrip.segment.text import segment_text

SENTENCE = "The river rose in the night, and the miller carried his sacks up the hill before the wheel was gone."
NOTICE = "Su suscripción se está usando en otro dispositivo."


def make_page(paragraphs: int) -> str:
    story = "".join(f"<p>{SENTENCE} It was day {number}.</p>" for number in range(paragraphs))
    return f"<html><body><article><h1>The flood</h1>{story}</article><p>{NOTICE}</p></body></html>"


class Clock:
    """A clock of each thread that goes on by a second whenever somebody looks at it."""

    def __init__(self) -> None:
        self._own = local()

    def __call__(self) -> float:
        self._own.now = getattr(self._own, "now", 0.0) + 1.0
        return float(self._own.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limits, "thread_time", clock)
    return clock


def check_cut(document: Document, page: str, reached: str) -> None:
    """A document that was cut says so, and its blocks are whole ones of the page, in order."""
    whole = clean(page)
    texts = [block.text for block in document.blocks]
    assert document.truncated
    assert any(reached in note for note in document.notes)
    assert texts == [block.text for block in whole.blocks][: len(texts)]


@pytest.mark.parametrize("looks", [1, 2, 4, 8, 13])
@pytest.mark.usefixtures("clock")
def test_a_page_that_takes_too_long_gives_what_was_read(looks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_page(400)
    document = Cleaner(max_seconds=looks).clean(page)
    monkeypatch.undo()
    assert document.text.count(SENTENCE) >= 100
    check_cut(document, page, f"time limit of {looks} s")


@pytest.mark.usefixtures("clock")
def test_a_page_in_time_is_as_without_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = Cleaner(max_seconds=10_000).clean(make_page(50))
    monkeypatch.undo()
    assert limited == clean(make_page(50))
    assert (limited.truncated, limited.notes) == (False, ())


@pytest.mark.usefixtures("clock")
def test_blocks_that_were_read_in_time_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<p>{NOTICE}</p>" + make_page(3_000)
    document = Cleaner(max_seconds=30).clean(page)
    monkeypatch.undo()
    assert len(document.blocks) < 3_000
    assert document.status == "ok"
    assert NOTICE not in document.text
    assert document.blocks[5].reasons
    check_cut(document, page, "time limit of 30 s")


@pytest.mark.usefixtures("clock")
def test_each_thread_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaner, page = Cleaner(max_seconds=5), make_page(400)
    with ThreadPoolExecutor(4) as pool:
        documents = list(pool.map(lambda _: cleaner.clean(page), range(8)))
    monkeypatch.undo()
    assert {document.text for document in documents} == {documents[0].text}
    for document in documents:
        check_cut(document, page, "time limit")


@pytest.mark.usefixtures("clock")
def test_a_slow_detector_is_asked_no_more_when_the_time_is_over() -> None:
    def detect(text: str) -> tuple[str, float]:
        for _ in range(100):
            limits.thread_time()
        return "en", 1.0

    blocks = [f"Lorem ipsum dolor sit amet {number} consectetur adipiscing elit sed." for number in range(40)]
    document = Cleaner(max_seconds=90, detector=detect).clean("\n\n".join(blocks))
    assert document.truncated
    assert document.text.split("\n\n") == blocks


def test_lists_are_joined_plainly_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_time_up(*_: object) -> str:
        raise limits.TimeUpError

    page = f"<article><p>{SENTENCE}</p><ul><li>{SENTENCE} One.</li><li>{SENTENCE} Two.</li></ul></article>"
    monkeypatch.setattr(outcome, "render_text", raise_time_up)
    document = clean(page, max_seconds=60)
    assert document.text.split("\n\n") == [SENTENCE, f"{SENTENCE} One.", f"{SENTENCE} Two."]
    assert "time limit" in document.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "shift_jis"])
def test_a_page_of_too_many_bytes_is_cut_between_blocks(encoding: str) -> None:
    page = "".join(
        f"<p>物語は{number}日目に続き、村の人々は川の水が引くのを静かに待っていた。</p>\n" for number in range(300)
    )
    document = clean(page.encode(encoding), max_bytes=10_001)
    assert 20 < len(document.blocks) < 300
    check_cut(document, page, "limit of 10,001 bytes")


@pytest.mark.parametrize("size", [200, 1_001, 1_002, 1_003])
def test_a_text_of_too_many_bytes_is_cut_between_paragraphs(size: int) -> None:
    text = "\n\n".join(f"Ein müder Müller läuft übers Feld, Tag {number}: ö." for number in range(100))
    check_cut(clean(text, max_bytes=size), text, "bytes")
    check_cut(clean(text.encode(), max_bytes=size), text, "bytes")


def test_a_page_without_an_end_is_cut_somewhere() -> None:
    document = clean("ä" * 1_000, max_bytes=101)
    assert (document.truncated, document.blocks[0].text) == (True, "ä" * 50)


def test_a_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(make_page(100), encoding="utf-8")
    check_cut(clean(tmp_path / "page.html", max_bytes=2_000), make_page(100), "2,000 bytes")


def test_what_fits_is_not_cut() -> None:
    page = make_page(5)
    document = clean(page, max_bytes=len(page.encode()))
    assert (document.truncated, document.notes) == (False, ())


@pytest.mark.parametrize("page", ["<p>a<p>b" * 400, "a\n\nb\n\n" * 400, "<div>" * 150 + "<br><br>x" * 500])
def test_a_page_of_too_many_blocks_is_cut(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEWEST_BLOCKS", 300)
    document = clean(page)
    assert 300 <= len(document.blocks) < 600
    assert document.truncated
    assert "the limit of 300 blocks was reached" in document.notes


def test_no_text_behind_the_cut_is_added() -> None:
    page = "<div>" * 5 + "".join(f"<p>{number} {SENTENCE}</p>" for number in range(900)) + "</div>tail" * 5
    over = Limits(end=0.0)
    texts = list(segment_html(page, over).texts)
    assert texts == [f"{number} {SENTENCE}" for number in range(len(texts))]
    assert 100 < len(texts) < 900
    assert segment_html(page, over).truncated
    assert segment_text("One.\n" * 900, over).truncated


class BrokenError(Exception):
    """A fault of ours."""


def fail(*_: object, **__: object) -> None:
    raise BrokenError("a wheel came off")


@pytest.mark.parametrize("stage", ["read_source", "weigh", "form_opinions", "select", "build_document"])
@pytest.mark.parametrize("page", [make_page(3), make_page(3).encode(), f"{SENTENCE}\n\n{NOTICE}"])
def test_a_fault_costs_no_text(
    stage: str, page: str | bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cleaner_module, stage, fail)
    with caplog.at_level(logging.ERROR, "boilerstrip"):
        document = clean(page)
    assert SENTENCE in document.text
    assert NOTICE in document.text
    assert "<" not in document.text
    assert document.status == "ok"
    assert "BrokenError: a wheel came off" in document.notes[0]
    assert len(caplog.records) == 1
    assert Document.from_dict(document.to_dict()) == document
    with pytest.raises(BrokenError):
        clean(page, strict=True)


def test_misuse_is_raised_with_or_without_strict(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        clean(3)  # type: ignore[arg-type]
    with pytest.raises(OptionError):
        clean(b"a", encoding="no-such")
    with pytest.raises(FileNotFoundError):
        clean(tmp_path / "nothing")


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_bytes": 0},
        {"max_bytes": True},
        {"max_bytes": 1.5},
        {"max_bytes": None},
        {"max_seconds": 0},
        {"max_seconds": -1},
        {"max_seconds": float("nan")},
        {"max_seconds": float("inf")},
        {"max_seconds": "5"},
        {"max_seconds": True},
        {"strict": 1},
    ],
)
def test_wrong_limits_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(OptionError, match=next(iter(wrong))):
        Cleaner(**wrong)  # type: ignore[arg-type]


def test_a_wrong_time_for_many_pages_is_refused() -> None:
    with pytest.raises(OptionError, match="max_seconds=-1"):
        next(Cleaner().clean_many(["a"], workers=2, max_seconds=-1))


def test_a_limited_cleaner_crosses_processes() -> None:
    cleaner = Cleaner(max_seconds=60, max_bytes=3_000)
    assert pickle.loads(pickle.dumps(cleaner)).options == cleaner.options
    page = make_page(60)
    [document] = cleaner.clean_many([page], workers=2)
    check_cut(document, page, "3,000 bytes")
    assert document.blocks[0].reasons


def run_command(*arguments: str) -> tuple[int, bytes, bytes]:
    done = subprocess.run([sys.executable, "-m", "boilerstrip", *arguments], capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_command_cuts_a_page_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(make_page(100), encoding="utf-8")
    code, story, told = run_command("clean", str(tmp_path / "page.html"), "--max-bytes", "3000")
    assert code == 0
    assert 10 < story.decode().count(SENTENCE) < 30
    assert b"page.html: the limit of 3,000 bytes was reached" in told


def test_a_run_keeps_what_was_cut(tmp_path: Path) -> None:
    """A page that takes too long is an output with a note, and not a line among the errors."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.html").write_text(make_page(600), encoding="utf-8")
    out = tmp_path / "out"
    arguments = ("clean", str(tmp_path / "in"), "-o", str(out), "--format", "jsonl", "--max-seconds", "0.0001")
    code, _, told = run_command(*arguments, "--workers", "1")
    row = json.loads((out / "pages.jsonl").read_text(encoding="utf-8"))
    assert (code, row["status"]) == (0, "ok"), told
    assert SENTENCE in row["text"]
    assert "the time limit of 0.0001 s was reached" in row["error"]


@pytest.mark.parametrize("page", ["<p>a" * 40_000, "-\n" * 50_000, "<td>1" * 40_000])
def test_a_page_of_tiny_blocks_is_cut_where_its_evidence_would_be_far_larger_than_it(page: str) -> None:
    document = clean(page)
    assert 10_000 <= len(document.blocks) < 12_000
    assert document.truncated
    assert "blocks was reached" in document.notes[0]


def test_a_table_of_a_hundred_rows_of_a_hundred_numbers_is_whole() -> None:
    rows = "".join("<tr>" + "".join(f"<td>{row}" for _ in range(100)) for row in range(100))
    document = clean(f"<table>{rows}</table>")
    assert (len(document.blocks), document.notes) == (10_000, ())


def test_a_table_of_thousands_of_numbers_is_whole() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>Town {number}</td></tr>" for number in range(9_000))
    assert clean(f"<table>{rows}</table>").notes == ()
