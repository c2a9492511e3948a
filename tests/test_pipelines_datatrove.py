"""datatrove: a step between its readers and its writers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines import (
    LARGE_ROWS,
    POISON,
    POISONED,
    WRONG_TYPE,
    expected_of_large,
    expected_of_poison,
    expected_rows,
    fixture_rows,
    require_library,
)

require_library("datatrove", "datatrove")
pytestmark = pytest.mark.pipelines

from datatrove.data import Document  # noqa: E402
from datatrove.executor import LocalPipelineExecutor  # noqa: E402
from datatrove.pipeline.readers import JsonlReader  # noqa: E402
from datatrove.pipeline.writers import JsonlWriter  # noqa: E402

from boilerstrip.pipelines.datatrove import StoryExtractor  # noqa: E402


def run(folder: Path, *steps: Any) -> list[dict[str, Any]]:
    """Run a pipeline as datatrove does, in a process of its own, and read what it wrote."""
    writer = JsonlWriter(str(folder / "out"), compression=None)
    LocalPipelineExecutor([*steps, writer], tasks=1, logging_dir=str(folder / "logs"), skip_completed=False).run()
    lines = [line for path in sorted((folder / "out").iterdir()) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def test_documents_hold_the_stories_and_what_is_known_of_them(tmp_path: Path) -> None:
    rows = [{**row, "html": row["html"].decode("utf-8", "replace")} for row in fixture_rows()]
    (tmp_path / "in").mkdir()
    lines = [json.dumps({"text": row["html"], "id": row["id"], "url": row["url"]}) for row in rows]
    (tmp_path / "in" / "pages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    written = run(tmp_path, JsonlReader(str(tmp_path / "in")), StoryExtractor())
    expected = {row["id"]: row for row in expected_rows(rows) if row["text"]}
    assert {line["id"]: line["text"] for line in written} == {name: row["text"] for name, row in expected.items()}
    for line in written:
        known = line["metadata"]
        assert all(known.get(name) == expected[line["id"]][name] for name in ("status", "language", "title", "url"))


def test_poison_goes_on_with_its_error() -> None:
    step = StoryExtractor(**POISONED)
    documents = [Document(text=page, id=str(number)) for number, page in enumerate(POISON)]  # type: ignore[arg-type]
    found = list(step.run(iter(documents)))
    assert [{"text": document.text, **document.metadata} for document in found] == [
        {**row, "text": row["text"] or ""} for row in expected_of_poison()
    ]
    assert (step.stats["total"].total, step.stats["failed"].total) == (6, 3)


def test_pages_of_a_wrong_type_and_a_hundred_megabytes_go_on_with_their_errors() -> None:
    pages: list[Any] = [7, *LARGE_ROWS]
    found = StoryExtractor().run(Document(text=page, id=str(number)) for number, page in enumerate(pages))
    assert [document.metadata["error"] for document in found] == [
        WRONG_TYPE,
        *(row["error"] for row in expected_of_large()),
    ]


def test_a_page_without_a_story_is_dropped_and_counted() -> None:
    step = StoryExtractor()
    assert list(step.run([Document(text="<nav></nav>", id="a")])) == []
    assert step.stats["dropped"].total == 1
    assert step.extract("<p>It rained.") == "It rained."


def test_columns_are_those_of_the_metadata() -> None:
    (found,) = StoryExtractor(columns=("blocks",)).run([Document(text="<p>It rained.", id="a")])
    assert (found.text, list(found.metadata)) == ("It rained.", ["blocks"])
