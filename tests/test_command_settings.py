"""What the command finds in a file of settings, and what it completes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from boilerstrip import clean
from boilerstrip.cli import run

PAGE = Path(__file__).parent.parent / "fixtures" / "pages" / "recipe" / "source.html"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def print_story(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["clean", *arguments, str(PAGE)]) == 0
    return capfd.readouterr().out


def test_a_file_of_settings_holds_options_by_their_names(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = folder / "settings.toml"
    settings.write_text('format = "markdown"\nwith-title = true\nlanguage = ["en", "es"]\n')
    document = clean(PAGE.read_bytes(), with_title=True, languages=("en", "es"))
    assert print_story(capfd, "--config", str(settings)).strip() == document.to_markdown().strip()


def test_the_command_line_overrules_the_file(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text('[tool.boilerstrip]\nformat = "html"\n')
    assert print_story(capfd).startswith("<")
    assert print_story(capfd, "--format", "txt").strip() == clean(PAGE.read_bytes()).text


def test_a_project_above_the_working_folder_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "pyproject.toml").write_text('[tool.boilerstrip]\nformat = "html"\n')
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    assert print_story(capfd).startswith("<")
    assert not print_story(capfd, "--config", os.devnull).startswith("<"), "another file stands instead of the project"


def test_a_table_is_for_the_command_of_its_name(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = folder / "settings.toml"
    settings.write_text('language = ["en"]\nworkers = 1\n[clean]\nformat = "html"\n[explain]\ndropped = true\n')
    assert print_story(capfd, "--config", str(settings)).startswith("<")
    assert run(["explain", "--config", str(settings), str(PAGE)]) == 0
    assert all(line.startswith("-") for line in capfd.readouterr().out.splitlines()[1:-1])


@pytest.mark.parametrize(
    ("content", "exit_code", "parts"),
    [
        ('formt = "md"', 2, ["'formt'", "format"]),
        ("[clean]\ndropped = true", 2, ["[clean]", "'dropped'"]),
        ('comments = "no"', 2, ["comments", "'no'", "true or false"]),
        ('language = "en"', 2, ["language", "list"]),
        ("format = true", 2, ["format", "string"]),
        ('format = "pdf"', 2, ["pdf", "txt"]),
        ("workers = 0", 2, ["workers", "0"]),
        ("= 1", 2, ["settings.toml", "no TOML"]),
        (None, 1, ["cannot read", "settings.toml"]),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_the_file(
    content: str | None, exit_code: int, parts: list[str], folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (folder / "settings.toml").write_text(content)
    assert run(["clean", "--config", "settings.toml", str(PAGE)]) == exit_code
    error = capfd.readouterr().err
    assert error.count("\n") == 1 and "Traceback" not in error
    for part in parts:
        assert part in error


@pytest.mark.parametrize(
    ("words", "expected"),
    [("boilerstrip cl", "plain,clean"), ("boilerstrip clean --fo", "plain,--format"), ("boilerstrip clean p", "file,")],
)
def test_the_shell_completes_commands_options_and_files(words: str, expected: str) -> None:
    environment = os.environ | {
        "_BOILERSTRIP_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    command = [sys.executable, "-c", "from boilerstrip.cli import main; main()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert any(line.startswith(expected) for line in done.stdout.splitlines()), done
