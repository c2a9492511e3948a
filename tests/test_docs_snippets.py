"""README and documentation: every snippet and command in them runs, and what they list is complete."""

from pathlib import Path

import pytest

from tests.snippets import ROOT, is_runnable, list_pages, make_workplace, read_snippets, run_code, run_command
from tests.tables import OPTIONS_PAGE, write_tables

EXIT_CODES = {"errors.md": 1, "folder.md": 1}
"""Pages whose commands may also fail, because failures are what they show."""


@pytest.mark.parametrize("page", list_pages(), ids=lambda page: page.name)
def test_the_snippets_of_a_page_run(page: Path, tmp_path: Path) -> None:
    snippets = read_snippets(page.read_text(encoding="utf-8"))
    folder = make_workplace(tmp_path)
    done = run_code(snippets, folder)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Warning" not in done.stderr
    for snippet in snippets:
        for command in snippet.commands if is_runnable(snippet) else ():
            done = run_command(command, folder)
            assert done.returncode in (0, EXIT_CODES.get(page.name, 0)) or "|| " in command, (command, done.stdout)
            assert "Traceback" not in done.stdout, (command, done.stdout)


def test_no_block_of_code_escapes() -> None:
    for page in list_pages():
        text = page.read_text(encoding="utf-8")
        assert len(read_snippets(text)) == text.count("```python") + text.count("```console"), page


def test_the_tables_of_options_are_those_of_the_code() -> None:
    page = ROOT / "docs" / OPTIONS_PAGE
    assert write_tables(page.read_text(encoding="utf-8")) == page.read_text(encoding="utf-8"), (
        "docs/options.md lags behind the code: python -m tests.tables"
    )
