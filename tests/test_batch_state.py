"""State, outputs, rows and summaries hold what they are given, and nothing else after a stop."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from boilerstrip import clean
from boilerstrip.batch.items import Cleaned, Facts, Failure, Item, Outcome
from boilerstrip.batch.outputs import FileOutputs, JsonLinesOutputs
from boilerstrip.batch.run import Recorder
from boilerstrip.batch.state import Claim, State, check_options
from boilerstrip.batch.terminal import Progress, Summary, describe
from boilerstrip.errors import OptionError
from boilerstrip.judge.reasons import name_cause
from boilerstrip.rows import COLUMNS, build_row, count_words
from tests.pages import PAGES

CHEAP_CODES = {"foreign_language", "no_letters", "capitals", "digits", "repeated_line", "repeated_pattern",
               "link_density", "controls", "images", "code", "strong_text",
               "emphasised_text", "short", "loose_text"}  # fmt: skip
"""What a dropped word can be counted for where no rule dropped its block."""

DONE: list[tuple[str, Outcome, bytes]] = [
    ("a.html", Facts("ok", "en", 120, {"link_density": 30}), b"one\n"),
    ("caf\\xe9\n.html", Failure("read", "Permission denied"), b""),
    ("c.html", Facts("no_story", None, 0, {}), b"three\n"),
]


def make_item(name: str, outcome: Outcome | None = None) -> Item:
    return Item(name, "" if isinstance(outcome, Failure) else name)


def write_state(path: Path) -> None:
    with closing(State(str(path))) as state:
        state.write(options={"focus": "balanced", "inputs": ["crawl"]})
        claims = [state.claim(make_item(name, outcome), number) for number, (name, outcome, _) in enumerate(DONE)]
        state.commit((claim, outcome, row) for claim, (_, outcome, row) in zip(claims, DONE, strict=True))


def test_a_state_gives_back_what_was_committed(tmp_path: Path) -> None:
    write_state(tmp_path / "state")
    with closing(State(str(tmp_path / "state"))) as state:
        assert state.read("options") == {"focus": "balanced", "inputs": ["crawl"]}
        assert list(state.read_rows()) == [b"one\n", b"three\n"]
        [failure] = state.read_failures(is_over=True)
        assert b'"message": "Permission denied"' in failure and failure.endswith(b"\n")
        state.forget_places()
        claims = [state.claim(make_item(name, outcome), number) for number, (name, outcome, _) in enumerate(DONE)]
        assert [claim.done for claim in claims] == [outcome for _, outcome, _ in DONE]
        assert not state.is_changed


def test_inputs_that_come_between_are_taken_in_their_place(tmp_path: Path) -> None:
    write_state(tmp_path / "state")
    with closing(State(str(tmp_path / "state"))) as state:
        state.forget_places()
        claims = [state.claim(Item(name, name), number) for number, name in enumerate(("a.html", "b.html", "c.html"))]
        assert [claim.done is None for claim in claims] == [False, True, False]
        state.commit((claim, claim.done or Facts(), b"two\n") for claim in claims)
        assert list(state.read_rows()) == [b"one\n", b"two\n", b"three\n"]
        assert list(state.read_failures(is_over=True)) == []
        assert len(list(state.read_failures(is_over=False))) == 1
        assert state.is_changed and state.count_missing() == 0


def test_two_inputs_of_one_name_have_a_place_each(tmp_path: Path) -> None:
    with closing(State(str(tmp_path / "state"))) as state:
        claims = [state.claim(Item("a", "a"), number) for number in range(3)]
        state.commit((claim, Facts(), str(claim.number).encode()) for claim in claims)
        claims = [state.claim(Item("a", "a"), 3)]
        state.commit((claim, Facts(), b"3") for claim in claims)
        assert list(state.read_rows()) == [b"0", b"1", b"2", b"3"]


def test_a_state_that_cannot_be_written_is_as_before(tmp_path: Path) -> None:
    write_state(tmp_path / "state")
    with closing(State(str(tmp_path / "state"))) as state:
        with closing(sqlite3.connect(tmp_path / "state")) as other:
            [[pages]] = other.execute("PRAGMA page_count")
        state._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(OSError) as caught:
            state.commit([(state.claim(Item("big", "big"), 3), Facts(), os.urandom(1_000_000))])
        assert caught.value.errno == errno.ENOSPC
        assert list(state.read_rows()) == [b"one\n", b"three\n"]


def test_a_run_with_other_options_is_refused_and_says_why(tmp_path: Path) -> None:
    before = {"inputs": ["crawl"], "focus": "balanced"}
    check_options(before, {"inputs": ("crawl",), "focus": "balanced"})
    with pytest.raises(OptionError, match=r"focus was balanced and is recall now.*--overwrite"):
        check_options(before, {"inputs": ["crawl"], "focus": "recall"})
    with pytest.raises(OptionError, match="url was not given and is x now"):
        check_options(before, before | {"url": "x"})
    (tmp_path / "state").write_text("no state" * 200)
    with pytest.raises(OptionError, match="no state"):
        State(str(tmp_path / "state"))


def make_outputs(out: Path, *, replace: bool = False) -> FileOutputs:
    return FileOutputs(str(out), str(out / ".boilerstrip" / "aside"), ".txt", replace=replace)


def store(outputs: FileOutputs, *names: str, content: bytes = b"new") -> list[bytes | Failure]:
    return outputs.store([(Item(name, name), Cleaned(Facts(), content=content)) for name in names])


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    [failure] = store(make_outputs(tmp_path), "a")
    assert isinstance(failure, Failure) and "--overwrite" in failure.message
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert store(make_outputs(tmp_path, replace=True), "a") == [b""]
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert store(make_outputs(tmp_path), "a") == [b""]  # as a run that was stopped just before it said so


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_nothing_is_made_through_a_link_out_of_the_output(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "sub").symlink_to(tmp_path / "elsewhere")
    failures = store(make_outputs(tmp_path / "out", replace=True), "sub/a", "sub/deeper/a")
    assert all(isinstance(failure, Failure) and "leads out" in failure.message for failure in failures)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_file_that_cannot_be_put_in_its_place_costs_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move = os.replace

    def refuse(source: str, target: str) -> None:
        if target.endswith("b.txt"):
            raise PermissionError(errno.EACCES, "Permission denied", target)
        move(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    assert store(make_outputs(tmp_path), "a", "b", "c") == [b"", Failure("write", "Permission denied"), b""]
    assert (tmp_path / "c.txt").exists()


def test_a_failing_disk_is_not_a_failure_of_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: str, target: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        store(make_outputs(tmp_path), "a")


def test_a_row_that_cannot_be_written_costs_itself(tmp_path: Path) -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    pages = [(Item(name, name, columns={"deep": deep} if name == "b" else {}), Cleaned(Facts())) for name in "abc"]
    stored = JsonLinesOutputs(str(tmp_path / "pages.jsonl"), str(tmp_path / "aside")).store(pages)
    assert [isinstance(row, Failure) for row in stored] == [False, True, False]


def test_an_interrupt_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boilerstrip.batch.run._SECONDS_A_COMMIT", 1000.0)
    with closing(State(str(tmp_path / "state"))) as state:

        def give() -> Iterator[tuple[Claim, Cleaned] | None]:
            for number in range(7):
                yield state.claim(Item(str(number), str(number)), number), Cleaned(Facts(), row={"id": number})
                yield None
            raise KeyboardInterrupt

        outputs = JsonLinesOutputs(str(tmp_path / "pages.jsonl"), str(tmp_path / "aside"))
        with pytest.raises(KeyboardInterrupt):
            Recorder(state, outputs, Progress(0, lambda line, position: None, 1000.0)).record(give())
    with closing(State(str(tmp_path / "state"))) as state:
        assert list(state.read_rows()) == [b'{"id": %d}\n' % number for number in range(7)]


def test_a_row_has_the_documented_columns_in_order() -> None:
    document = clean(PAGES[0].source)
    row = build_row(document, COLUMNS, identifier="a", url=None, metadata=False)
    assert tuple(row) == tuple(COLUMNS)
    assert row["text"] == document.text
    assert row["author"] is None
    markdown = build_row(document, ["date", "markdown"], identifier="a", url=None, metadata=True)
    assert markdown["markdown"] == document.to_markdown()
    assert markdown["date"] == document.date


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_dropped_word_has_one_reason(page: Any) -> None:
    document = clean(page.source)
    dropped = sum(block.word_count for block in document.blocks if not block.kept)
    assert sum(count_words(document).dropped.values()) == dropped


def test_cheap_reasons_name_the_obvious() -> None:
    elpais = next(page for page in PAGES if page.slug == "elpais-english")
    reasons = count_words(clean(elpais.source)).dropped
    assert set(reasons) & {"foreign_notice", "foreign_language", "separator", "no_letters"}
    exact = count_words(clean(elpais.source), exact=True).dropped
    assert sum(exact.values()) == sum(reasons.values())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_a_dropped_word_is_counted_for_a_rule_or_for_what_the_reasons_can_say(page: Any) -> None:
    document = clean(page.source)
    for block in document.blocks:
        rules = [reason.code for reason in block.reasons if reason.evidence == "selection"]
        if not block.kept and block.word_count:
            assert name_cause(block.explanation, block.index) in (rules or CHEAP_CODES)


def test_a_summary_is_the_same_whatever_came_first() -> None:
    outcomes = [outcome for _, outcome, _ in DONE]
    summaries = [Summary(), Summary()]
    for outcome in outcomes:
        summaries[0].count(outcome)
    for outcome in reversed(outcomes):
        summaries[1].count(outcome)
    for summary in summaries:
        summary.seconds = 1.0
    assert summaries[0].to_dict() == summaries[1].to_dict()
    assert summaries[0].to_dict()["inputs"] == 3
    assert describe(summaries[0])[0].startswith("2 pages, 1 failure")
    assert "status: no_story 1, ok 1" in describe(summaries[0])


def test_progress_is_a_line_now_and_then() -> None:
    told: list[tuple[str, int]] = []
    summary = Summary()
    summary.count(Facts())
    Progress(100, lambda line, position: told.append((line, position)), every=0.0).show(summary, 50)
    Progress(100, lambda line, position: told.append((line, position)), every=30.0).show(summary, 50)
    [(line, position)] = told
    assert line.startswith("1 page, no failures") and line.endswith("left")
    assert position == 50
