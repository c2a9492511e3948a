"""The snippets of README and documentation: read, run, and their shown output renewed (``python -m tests.snippets``).

A block of ``console`` holds commands after ``$``, and below each of them what it prints, where ``...`` stands for lines
that are left out. Blocks of ``python`` of one page run one after the other in one program. A comment before a block
says what it ``needs``, or that and why it is ``not run``.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"(?:<!-- (needs|not run): ([^\n]+?) -->\n)?```(python|console)\n(.*?)```", re.DOTALL)
_SAME_FIGURES = re.compile(r"\d[\d,.]*")
SHOWN_LINES = 60

WORKPLACE = """
set -e
ln -s {root}/fixtures fixtures
mkdir crawl
for page in recipe forum-thread thai-article; do cp fixtures/pages/$page/source.html crawl/$page.html; done
cp fixtures/pages/elpais-english-html/source.html page.html
cp fixtures/pages/elpais-english/source.txt scraped.txt
printf '{{"id": "one", "html": "<p>It rained on the mill for three days, and nobody asked why.</p>"}}\\n' > pages.jsonl
"""
"""What a reader of the documentation is taken to have: these sources' fixtures, a page, a text, a crawl and a table."""


class Snippet(NamedTuple):
    """A block of code in a page of the documentation."""

    language: str
    code: str
    needs: str | None = None
    not_run: str | None = None

    @property
    def commands(self) -> list[str]:
        """Return the commands of a block of ``console``."""
        return [line[2:] for line in self.code.splitlines() if line.startswith("$ ")]


def list_pages() -> list[Path]:
    """Return the pages whose snippets are run one and all; those of the pipelines have a test of their own."""
    return [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").glob("*.md") if path.name != "pipelines.md")]


def read_snippets(text: str) -> list[Snippet]:
    """Return all blocks of a page that hold code to be run.

    >>> read_snippets("<!-- needs: spacy -->\\n```python\\nimport spacy\\n```\\n")
    [Snippet(language='python', code='import spacy\\n', needs='spacy', not_run=None)]
    """
    return [
        Snippet(language, code, needs=value if word == "needs" else None, not_run=value if word == "not run" else None)
        for word, value, language, code in _BLOCK.findall(text)
    ]


def is_runnable(snippet: Snippet) -> bool:
    """Tell whether a block is to be run, and what it needs is installed."""
    return snippet.not_run is None and (snippet.needs is None or find_spec(snippet.needs) is not None)


def make_workplace(folder: Path) -> Path:
    """Return a folder with what the snippets take for given."""
    subprocess.run(["bash", "-c", WORKPLACE.format(root=ROOT)], cwd=folder, check=True)
    return folder


def run_code(snippets: list[Snippet], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run all blocks of ``python`` of a page, as one program."""
    program = "\n".join(snippet.code for snippet in snippets if snippet.language == "python" and is_runnable(snippet))
    (folder / "snippet.py").write_text(f"if __name__ == '__main__':\n{_indent(program)}    pass\n", encoding="utf-8")
    return _run([sys.executable, "snippet.py"], folder)


def _indent(program: str) -> str:
    return "".join(f"    {line}\n" if line.strip() else "\n" for line in program.splitlines())


def run_command(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command of a block of ``console``; both of its outputs come as one, as a terminal shows them."""
    return _run(["bash", "-o", "pipefail", "-c", f"{{ {command}\n}} 2>&1"], folder)


def _run(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600
    )


def renew(text: str, folder: Path) -> str:
    """Return a page with what its commands print now, where it shows what they print."""
    return _BLOCK.sub(lambda match: match[0] if match[1] == "not run" else _renew_block(match, folder), text)


def _renew_block(match: "re.Match[str]", folder: Path) -> str:
    if match[3] != "console":
        return match[0]
    lines: list[str] = []
    for command, shown in _split_commands(match[4]):
        printed = run_command(command, folder).stdout.splitlines()
        lines += [f"$ {command}", *(_choose_shown(printed, shown) if shown else ())]
    return match[0].replace(match[4], "".join(line + "\n" for line in lines))


def _split_commands(code: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^\$ ", code, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        yield command, shown


def _choose_shown(printed: list[str], shown: list[str]) -> list[str]:
    """The lines printed now that stand for those shown, found by their words; all of them where none was left out."""
    if "..." not in shown:
        return printed[:SHOWN_LINES]
    chosen: list[str] = []
    words = [_SAME_FIGURES.sub("0", line) for line in printed]
    for line in shown:
        key = _SAME_FIGURES.sub("0", line)
        if line == "...":
            chosen.append(line)
        elif key in words:
            chosen.append(printed[words.index(key)])
    return chosen


def main() -> None:
    """Renew what the pages, or those that are named, show of their commands' output."""
    wanted = sys.argv[1:]
    for path in list_pages():
        if wanted and path.name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            text = path.read_text(encoding="utf-8")
            renewed = renew(text, make_workplace(Path(folder)))
        if renewed != text:
            path.write_text(renewed, encoding="utf-8")
            print(f"renewed {path.relative_to(ROOT)}", flush=True)


if __name__ == "__main__":
    main()
