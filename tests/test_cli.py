"""The command: what it prints where, and with which exit code."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from boilerstrip import __version__, clean
from boilerstrip.cli import run
from boilerstrip.cli.explanation import describe, shorten, summarise

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
STORY = PAGES / "elpais-english" / "source.txt"
PAGE = PAGES / "elpais-english-html" / "source.html"


def run_command(*arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "boilerstrip", *arguments], capture_output=True, text=True, encoding="utf-8", **options
    )  # type: ignore[call-overload, no-any-return]


def feed_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))


def assert_one_line(text: str, *parts: str) -> None:
    assert text.count("\n") == 1 and text.endswith("\n"), text
    assert "Traceback" not in text
    for part in parts:
        assert part in text


def test_clean_prints_the_story() -> None:
    finished = run_command("clean", str(STORY))
    assert finished.returncode == 0
    assert finished.stderr == ""
    assert finished.stdout == clean(STORY.read_bytes()).text + "\n"


def test_clean_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    feed_standard_input(monkeypatch, STORY.read_bytes())
    assert run(["clean", "-"]) == 0
    assert capfd.readouterr().out == clean(STORY.read_bytes()).text + "\n"


def test_the_suffix_of_the_output_says_the_format_where_nobody_does(tmp_path: Path) -> None:
    document = clean(PAGE.read_bytes())
    output = tmp_path / "story.md"
    assert run(["clean", str(PAGE), "-o", str(output)]) == 0
    assert output.read_text(encoding="utf-8") == document.to_markdown()
    assert run(["clean", str(PAGE), "--format", "txt", "-o", str(output), "--overwrite"]) == 0
    assert output.read_text(encoding="utf-8") == document.text + "\n"


def test_what_is_about_rows_is_refused_for_one_page(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", str(PAGE), "--markdown"]) == 2
    assert_one_line(capfd.readouterr().err, "rows of many pages", "--format md")


def test_clean_knows_four_formats(capfd: pytest.CaptureFixture[str]) -> None:
    document = clean(PAGE.read_bytes())
    expected = {
        "txt": document.text,
        "md": document.to_markdown(),
        "html": document.to_html(),
        "json": document.to_json(),
    }
    for output_format, text in expected.items():
        assert run(["clean", "--format", output_format, str(PAGE)]) == 0
        assert capfd.readouterr().out.rstrip("\n") == text.rstrip("\n")


def test_json_holds_the_blocks_with_their_reasons(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", "--format", "json", str(STORY)]) == 0
    record = json.loads(capfd.readouterr().out)
    assert record["text"] == clean(STORY.read_bytes()).text
    assert len(record["blocks"]) == len(clean(STORY.read_bytes()).blocks)


def test_clean_writes_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "story.txt"
    assert run(["clean", str(STORY), "-o", str(output)]) == 0
    assert output.read_text(encoding="utf-8") == clean(STORY.read_bytes()).text + "\n"
    assert capfd.readouterr().out == ""


def test_clean_writes_over_a_file_only_when_asked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    output, page = tmp_path / "story.txt", tmp_path / "page.txt"
    output.write_text("Mine.")
    page.write_bytes(STORY.read_bytes())
    assert run(["clean", str(page), "-o", str(output)]) == 2
    assert_one_line(capfd.readouterr().err, "story.txt exists", "--overwrite")
    assert output.read_text() == "Mine."
    assert run(["clean", str(page), "-o", str(output), "--overwrite"]) == 0
    assert output.read_text(encoding="utf-8") == clean(STORY.read_bytes()).text + "\n"
    assert run(["clean", str(page), "-o", str(page), "--overwrite"]) == 2
    assert_one_line(capfd.readouterr().err, "the input itself")
    assert page.read_bytes() == STORY.read_bytes()
    assert run(["clean", str(page), "-o", os.devnull]) == 0


def test_cleaning_a_page_loads_only_what_it_needs() -> None:
    unneeded = ["rich", "trafilatura", "langdetect", "pyarrow", "fastwarc", "publicsuffixlist"]
    unneeded += ["boilerstrip.batch.run", "boilerstrip.pool"]
    program = (
        "import sys; from boilerstrip.cli import run; run(['clean', sys.argv[1]]); "
        "sys.exit(', '.join(name for name in sys.argv[2:] if name in sys.modules))"
    )
    page = PAGES / "blog-comments" / "source.html"
    command = [sys.executable, "-c", program, str(page), *unneeded]
    assert subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stderr.strip() == ""


def test_options_reach_the_cleaner(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", "--kind", "text", "--language", "es", "--focus", "recall", str(STORY)]) == 0
    assert (
        capfd.readouterr().out.strip()
        == clean(STORY.read_bytes(), kind="text", language="es", focus="recall").text.strip()
    )


def test_several_languages_may_be_given(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", "--language", "en", "--language", "es", str(STORY)]) == 0
    assert capfd.readouterr().out.strip() == clean(STORY.read_bytes(), languages=("en", "es")).text.strip()


def test_encoding_is_passed_on(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.txt"
    story = (
        "Quand la mairie a décidé de fermer le marché, personne ne s'est plaint. Trois étés plus tard, il a rouvert."
    )
    page.write_bytes(story.encode("cp1252"))
    assert run(["clean", "--encoding", "windows-1252", "--format", "json", str(page)]) == 0
    assert "décidé" in capfd.readouterr().out


def test_a_page_without_a_story_is_one_line_and_no_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.html"
    empty.write_bytes(b" \n")
    assert run(["clean", str(empty)]) == 0
    captured = capfd.readouterr()
    assert captured.out == ""
    assert_one_line(captured.err, str(empty), "no text")


def test_explain_shows_every_block(capfd: pytest.CaptureFixture[str]) -> None:
    document = clean(STORY.read_bytes())
    assert run(["explain", str(STORY)]) == 0
    header, *rows, summary = capfd.readouterr().out.splitlines()
    assert len(rows) == len(document.blocks)
    assert [row[0] for row in rows] == ["+" if block.kept else "-" for block in document.blocks]
    assert header.split() == ["score", "role", "lang", "reason", "text"]
    assert summary == summarise(document)


def test_explain_is_plain_where_there_is_no_terminal() -> None:
    finished = run_command("explain", str(STORY))
    assert finished.returncode == 0
    assert "\x1b" not in finished.stdout
    assert "\t" not in finished.stdout
    assert "Tu suscripción se está usando en otro dispositivo" in finished.stdout


def test_explain_is_coloured_in_a_terminal() -> None:
    environment = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "100"}
    environment.pop("NO_COLOR", None)
    finished = run_command("explain", str(STORY), env=environment)
    assert "\x1b[32m" in finished.stdout
    assert "\x1b[31m" in finished.stdout


def test_explain_dropped_shows_dropped_blocks_only(capfd: pytest.CaptureFixture[str]) -> None:
    dropped = [block for block in clean(STORY.read_bytes()).blocks if not block.kept]
    assert run(["explain", "--dropped", str(STORY)]) == 0
    rows = capfd.readouterr().out.splitlines()[1:-1]
    assert len(rows) == len(dropped)
    for row, block in zip(rows, dropped, strict=True):
        assert block.main_reason.sentence in row


def test_explain_cannot_be_used_to_control_the_terminal() -> None:
    document = clean(
        "A line with \x1b[2J an escape, \x07 a bell and \u202e a reversal of the reading order.", kind="text"
    )
    for block in document.blocks:
        assert all(cell.isprintable() for cell in describe(block))


def test_explain_takes_markup_for_text(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Nobody had seen [bold red]the sign[/] before the bus stopped in front of it.\n", encoding="utf-8")
    assert run(["explain", str(page)]) == 0
    assert "[bold red]the sign[/]" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "exit_code", "parts"),
    [
        (["clean"], 2, ["PATH"]),
        (["clean", "a.html", "b.html"], 2, ["one page at a time"]),
        (["clean", "."], 2, ["folder"]),
        (["clean", "missing.html"], 1, ["missing.html", "No such file"]),
        (["clean", "bad\0name"], 1, ["cannot read"]),
        (["explain", "missing.html"], 1, ["missing.html"]),
        (["clean", "--kind", "pdf", str(STORY)], 2, ["pdf", "auto", "html", "text"]),
        (["clean", "--focus", "strict", str(STORY)], 2, ["precision", "balanced", "recall"]),
        (["clean", "--language", "english", str(STORY)], 2, ["english", "ISO 639-1"]),
        (["clean", "--encoding", "klingon", str(STORY)], 2, ["klingon"]),
        (["clean", "--nonsense", str(STORY)], 2, ["--nonsense"]),
        (["explain", "--against", "trafilatura", str(PAGE)], 2, ["--html"]),
        (["explain", "--against", "magic", "--html", "x.html", str(PAGE)], 2, ["magic", "trafilatura"]),
        (["clean", str(STORY), "-o", "no/such/folder/story.txt"], 1, ["cannot write"]),
        (["stripe", str(STORY)], 2, ["stripe"]),
    ],
)
def test_errors_are_one_line_and_an_exit_code(
    arguments: list[str], exit_code: int, parts: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == exit_code
    captured = capfd.readouterr()
    assert captured.out == ""
    assert_one_line(captured.err, "boilerstrip:", *parts)


def test_the_report_shows_what_another_extractor_kept(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.html"
    assert run(["explain", "--html", str(report), "--against", "trafilatura", str(PAGE)]) == 0
    assert '<u title="trafilatura">kept</u>' in report.read_text(encoding="utf-8")
    assert capfd.readouterr() == ("", "")
    assert run(["explain", "--html", str(report), "--against", "trafilatura", str(STORY), "--overwrite"]) == 0
    assert "trafilatura reads HTML only" in report.read_text(encoding="utf-8")


def test_a_defect_of_ours_is_one_line(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("boilerstrip.cleaner.clean", fail)
    assert run(["clean", str(STORY)]) == 1
    assert_one_line(capfd.readouterr().err, "RuntimeError", "two lines")


def test_help_and_version(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    version, core = capfd.readouterr().out.splitlines()
    assert version == f"boilerstrip {__version__}"
    assert core.startswith("compiled core: ")
    for arguments in ([], ["--help"], ["clean", "--help"], ["explain", "-h"]):
        assert run(arguments) == 0
        assert "Examples:" in capfd.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes that close under a writer, and no SIGINT to a child")
def test_a_closed_pipe_is_no_traceback() -> None:
    command = f"{sys.executable} -m boilerstrip clean --format json {PAGE} | head -c 1"
    finished = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert "Traceback" not in finished.stderr
    assert "Exception ignored" not in finished.stderr


def heed_interrupts() -> None:
    """A suite that runs in the background hands an ignored SIGINT down to its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes that close under a writer, and no SIGINT to a child")
def test_an_interrupt_is_one_line_and_130() -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from boilerstrip.cli import main; print('ready', flush=True); main()",
        "clean",
        "-",
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert_one_line(error.lstrip("\n"), "interrupted")


def test_a_story_that_ends_in_a_line_break_gets_no_second_one() -> None:
    assert shorten("short", 10) == "short"
    finished = run_command("clean", str(STORY))
    assert not finished.stdout.endswith("\n\n")
