"""The snippets of ``docs/pipelines.md`` run as they stand, one after the other in one folder."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

GUIDE = Path(__file__).parent.parent / "docs" / "pipelines.md"
SNIPPETS = re.findall(r"<!-- needs: (\w+) -->\n```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
pytestmark = pytest.mark.pipelines


def run_snippet(code: str, folder: Path) -> None:
    """Run a snippet as a reader would, from a file in an empty folder."""
    (folder / "snippet.py").write_text(code, encoding="utf-8")
    environment = os.environ | {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "HF_HOME": str(folder / "cache"),
        "PYTHONPATH": str(GUIDE.parent.parent),
    }
    command = [sys.executable, str(folder / "snippet.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("pyarrow") is None:
        pytest.skip("pyarrow is not installed: pip install 'boilerstrip[arrow]'")
    folder = tmp_path_factory.mktemp("guide")
    run_snippet(SNIPPETS[0][1], folder)
    return folder


@pytest.mark.parametrize(("library", "code"), SNIPPETS[1:], ids=[library for library, _ in SNIPPETS[1:]])
def test_a_snippet_runs(library: str, code: str, folder: Path) -> None:
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed: pip install 'boilerstrip[pipelines]'")
    if library == "pyspark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer, and there is no java on the path")
    run_snippet(code, folder)


def test_every_python_snippet_is_run() -> None:
    assert len(SNIPPETS) == GUIDE.read_text(encoding="utf-8").count("```python")
