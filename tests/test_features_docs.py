"""The table of features: its snippet runs, and it forgets no option, no format and no command."""

import re
from dataclasses import fields
from pathlib import Path

from boilerstrip.options import Options
from boilerstrip.render import FORMATS

TABLE = (Path(__file__).parent.parent / "docs" / "features.md").read_text(encoding="utf-8")


def test_the_snippet_runs_as_it_stands() -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", TABLE, re.DOTALL)
    exec(compile(snippet, "features.md", "exec"), {})


def test_every_option_and_format_is_in_the_table() -> None:
    options = {field.name for field in fields(Options)} - {"detector"}
    assert not {name for name in options if f"{name}=" not in TABLE}
    assert not {name for name in FORMATS if f"`{name}`" not in TABLE}


def test_a_row_where_ours_has_nothing_says_why() -> None:
    rows = [line.split("|")[2].strip() for line in TABLE.splitlines() if line.startswith("| ") and "---" not in line]
    assert not [ours for ours in rows if ours == "–" or (ours.startswith("–") and len(ours) < 30)]
