"""Books: journal, spools, rows and summaries hold what they are given, and nothing else after a kill."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from boilerstrip import clean
from boilerstrip.batch.dropping import count_dropped_words
from boilerstrip.batch.durable import Spool, write_at_once
from boilerstrip.batch.journal import Entry, Journal, check_options, create_journal, read_entries, read_position
from boilerstrip.batch.ledger import AccountingError, Ledger
from boilerstrip.batch.pages import state_facts
from boilerstrip.batch.progress import Lines, Quiet
from boilerstrip.batch.records import Cleaned, Facts, Failed, Record
from boilerstrip.batch.rows import COLUMNS, build_row
from boilerstrip.batch.runner import run_inputs, window_of
from boilerstrip.batch.sinks import JsonLinesSink, TreeSink
from boilerstrip.batch.summary import Summary, describe
from boilerstrip.errors import OptionError
from tests.pages import PAGES

ENTRIES = [
    Entry("a.html", (0, 10), Facts("ok", "en", 120, {"link_density": 30})),
    Entry("caf\\xe9\n.html", (50, 10), Failed("read", "Permission denied")),
    Entry("c.html", (50, 25), Facts("no_story", None, 0, {})),
]


def write_journal(path: Path) -> None:
    journal = Journal(str(path), create_journal(str(path), {"focus": "balanced", "inputs": ["crawl"]}))
    for entry in ENTRIES:
        journal.append(entry)
    journal.commit()
    journal.close()


def test_a_journal_gives_back_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    write_journal(path)
    assert list(read_entries(str(path))) == ENTRIES
    position = read_position(str(path))
    assert (position.done, position.ends, position.is_finished) == (3, (50, 25), False)


def test_a_journal_that_was_cut_anywhere_is_a_shorter_journal(tmp_path: Path) -> None:
    path, cut = tmp_path / "journal", tmp_path / "cut"
    write_journal(path)
    content = path.read_bytes()
    header = content.index(b"\n") + 1
    for length in range(header, len(content)):
        cut.write_bytes(content[:length])
        position = read_position(str(cut))
        assert list(read_entries(str(cut))) == ENTRIES[: position.done]
        journal = Journal(str(cut), position)
        for entry in ENTRIES[position.done :]:
            journal.append(entry)
        journal.commit()
        journal.close()
        assert cut.read_bytes() == content


def test_a_journal_of_other_options_is_refused_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    write_journal(path)
    check_options(str(path), {"inputs": ["crawl"], "focus": "balanced"})
    with pytest.raises(OptionError, match=r"focus was balanced and is recall now.*--overwrite"):
        check_options(str(path), {"inputs": ["crawl"], "focus": "recall"})
    with pytest.raises(OptionError, match="url was not given and is x now"):
        check_options(str(path), {"inputs": ["crawl"], "focus": "balanced", "url": "x"})
    path.write_text("no journal\n")
    with pytest.raises(OptionError, match="no journal"):
        check_options(str(path), {})


def test_a_spool_forgets_what_was_not_committed(tmp_path: Path) -> None:
    path = str(tmp_path / "spool")
    spool = Spool(path)
    assert not os.path.exists(path)
    assert (spool.append(b"one"), spool.append(b"two")) == (3, 6)
    spool.close()
    again = Spool(path, 3)
    again.append(b"three")
    again.close()
    assert Path(path).read_bytes() == b"onethree"
    with pytest.raises(OSError, match="shorter than the journal says"):
        Spool(path, 100)
    Spool(path, 0)
    assert not os.path.exists(path)


def test_a_file_is_written_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_at_once(str(path), b"one")
    write_at_once(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["file"]


def make_tree_sink(out: Path, *, replace: bool = False) -> TreeSink:
    return TreeSink(str(out), str(out / ".boilerstrip" / "aside"), ".txt", replace=replace)


def write_page(sink: TreeSink, name: str, content: bytes = b"new") -> None:
    try:
        sink.write(Record(name, name), Cleaned(Facts(), content=content))
        sink.commit()
    finally:
        sink.close()


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    with pytest.raises(FileExistsError, match="--overwrite"):
        write_page(make_tree_sink(tmp_path), "a")
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    write_page(make_tree_sink(tmp_path, replace=True), "a")
    assert (tmp_path / "a.txt").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_nothing_is_written_through_a_link_out_of_the_output(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "sub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="leads out"):
        write_page(make_tree_sink(tmp_path / "out", replace=True), "sub/a")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_pages_are_there_only_once_they_are_committed(tmp_path: Path) -> None:
    sink = make_tree_sink(tmp_path)
    sink.write(Record("a", "sub/a"), Cleaned(Facts(), content=b"One.\n"))
    assert not (tmp_path / "sub" / "a.txt").exists()
    sink.commit()
    assert (tmp_path / "sub" / "a.txt").read_bytes() == b"One.\n"
    sink.finish()
    sink.close()


def make_ledger(folder: Path) -> Ledger:
    journal = Journal(str(folder / "journal"), create_journal(str(folder / "journal"), {}))
    sink = JsonLinesSink(str(folder / "pages.jsonl"), Spool(str(folder / "rows")))
    return Ledger(journal, sink, Spool(str(folder / "errors.jsonl")), Summary())


def test_the_books_are_closed_only_when_the_counts_agree(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path)
    ledger.enter(Record("a", "a"), Cleaned(Facts(), row={"id": "a"}))
    ledger.enter(Record("b", "b"), Failed("clean", "no"))
    with pytest.raises(AccountingError, match="3 inputs, but 1 outputs and 1 lines"):
        ledger.finish(3)
    ledger.finish(2)
    ledger.close()
    assert (tmp_path / "pages.jsonl").read_text() == '{"id": "a"}\n'
    assert json.loads((tmp_path / "errors.jsonl").read_text()) == {"id": "b", "stage": "clean", "message": "no"}
    assert read_position(str(tmp_path / "journal")).is_finished


class InterruptedCrew:
    """Does what it is given first; then somebody presses Ctrl-C."""

    has_room = True

    def __init__(self) -> None:
        self._given: list[int] = []
        self._is_interrupted = False

    def give(self, number: int, record: Record) -> None:
        self._given.append(number)

    def wait(self, seconds: float) -> list[tuple[int, Cleaned]]:
        if self._is_interrupted:
            raise KeyboardInterrupt
        self._is_interrupted = True
        return [(number, Cleaned(Facts(), row={"id": number})) for number in self._given]


def test_an_interrupt_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boilerstrip.batch.ledger._SECONDS_A_COMMIT", 1000.0)
    journal = Journal(str(tmp_path / "journal"), create_journal(str(tmp_path / "journal"), {}))
    sink = JsonLinesSink(str(tmp_path / "pages.jsonl"), Spool(str(tmp_path / "rows")))
    ledger = Ledger(journal, sink, Spool(str(tmp_path / "errors.jsonl")), Summary())
    crew: Any = InterruptedCrew()
    inputs: Any = (Record(str(number), str(number)) for number in range(100))
    with pytest.raises(KeyboardInterrupt):
        run_inputs(inputs, crew, 1, ledger, (), Quiet())
    ledger.close()
    assert read_position(str(tmp_path / "journal")).done == window_of(1)
    assert len((tmp_path / "rows").read_bytes().splitlines()) == window_of(1)


def test_a_row_has_the_documented_columns_in_order() -> None:
    document = clean(PAGES[0].source)
    row = build_row(document, state_facts(document), "a", None, markdown=False, metadata=False)
    assert tuple(row) == COLUMNS
    assert row["text"] == document.text
    assert row["author"] is None
    markdown = build_row(document, state_facts(document), "a", None, markdown=True, metadata=True)
    assert markdown["markdown"] == document.to_markdown()
    assert markdown["date"] == document.date


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_dropped_word_has_one_reason(page: Any) -> None:
    document = clean(page.source)
    dropped = sum(block.word_count for block in document.blocks if not block.kept)
    assert sum(count_dropped_words(document).values()) == dropped


def test_cheap_reasons_name_the_obvious() -> None:
    elpais = next(page for page in PAGES if page.slug == "elpais-english")
    reasons = count_dropped_words(clean(elpais.source))
    assert set(reasons) & {"foreign_language", "separator", "no_letters"}
    exact = count_dropped_words(clean(elpais.source), exact=True)
    assert sum(exact.values()) == sum(reasons.values())


def test_a_summary_is_the_same_whatever_came_first() -> None:
    outcomes = [entry.outcome for entry in ENTRIES]
    summaries = [Summary(), Summary()]
    for outcome in outcomes:
        summaries[0].count(outcome)
    for outcome in reversed(outcomes):
        summaries[1].count(outcome)
    assert summaries[0].to_dict() == summaries[1].to_dict()
    assert summaries[0].to_dict()["inputs"] == 3
    assert describe(summaries[0])[0].startswith("2 pages, 1 failure")
    assert "status: no_story 1, ok 1" in describe(summaries[0])


def test_progress_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(100, "cleaning", every=0.0)
    summary = Summary()
    summary.count(Facts())
    lines.show(summary, 50)
    assert capsys.readouterr().err.startswith("boilerstrip: cleaning: 1 page, no failures")
    often = Lines(100, "cleaning")
    often.show(summary, 50)
    assert capsys.readouterr().err == ""
