"""Small corpora and runs for the tests of the batch command."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from benchmarks.fixtures import load_fixtures

_OPENINGS = ("The ferry", "The old mill", "A baker", "The harbour office", "Nobody", "The night train", "Her sister")
_VERBS = ("waited", "was painted", "opened late", "lost its roof", "came back", "sold bread", "stood empty")
_ENDINGS = ("until the rain stopped", "for most of the winter", "and the village talked about it", "before the fair")


def write_story(number: int) -> str:
    """A short text that no other number has."""
    lines = [
        f"{_OPENINGS[(number + step) % 7]} {_VERBS[(number * 3 + step) % 7]} {_ENDINGS[(number + 2 * step) % 4]}, and "
        f"in the {number + step}th year that was what people remembered when they spoke about the place at all."
        for step in range(3)
    ]
    return "\n\n".join([*lines, "Subscribe | Share | Print", "________"]) + "\n"


def write_crawl(folder: Path, pages: int) -> Path:
    """A folder of short texts in folders of a hundred."""
    for number in range(pages):
        path = folder / f"{number // 100:02d}" / f"{number:05d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_story(number), encoding="utf-8")
    return folder


def write_fixtures(folder: Path) -> Path:
    """A folder of the pages that ship as fixtures."""
    folder.mkdir(parents=True, exist_ok=True)
    for page in load_fixtures():
        (folder / f"{page.slug}.{page.about['kind'].replace('text', 'txt')}").write_bytes(page.source)
    return folder


def write_archive() -> bytes:
    """What ``fixtures/crawl.warc.gz`` holds: seven of the pages that ship, the third of them damaged."""
    slugs = ("blog-comments", "forum-thread", "product-page", "recipe", "service-page", "sidebar-class-story")
    pages = {page.slug: page.source for page in load_fixtures()}
    members = [_write_response(slug, pages[slug]) for slug in (*slugs, "thai-article")]
    members[2] = members[2][:1000] + bytes(50) + members[2][1050:]
    return b"".join(members)


def _write_response(slug: str, page: bytes) -> bytes:
    address = f"https://{slug}.example/"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, address)}>\r\n"
        f"WARC-Target-URI: {address}\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)


def run_command(*arguments: object, prefix: tuple[str, ...] = (), **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    command = [*prefix, sys.executable, "-m", "boilerstrip", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=600, **options)


def read_outputs(out: Path) -> dict[str, bytes]:
    """Everything in an output folder but the state of the run, by path."""
    names = (os.path.join(place, name) for place, _, files in os.walk(os.fsencode(out)) for name in files)
    found = {os.path.relpath(os.fsdecode(name), out): name for name in names}
    return {
        name: Path(os.fsdecode(path)).read_bytes()
        for name, path in found.items()
        if not name.startswith(".boilerstrip")
    }


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_errors(out: Path) -> dict[str, str]:
    """Messages of ``errors.jsonl`` by id; none may stand there twice."""
    path = out / "errors.jsonl"
    lines = read_lines(path) if path.exists() else []
    assert len({line["id"] for line in lines}) == len(lines)
    return {line["id"]: line["message"] for line in lines}


def count_done(out: Path) -> int:
    """Inputs that the state of a run, which may be at work, names."""
    path = out / ".boilerstrip" / "state.sqlite"
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as state:
            return int(state.execute("SELECT count(*) FROM inputs").fetchone()[0])
    except sqlite3.OperationalError:  # it is only being made, or was left by a kill in the middle of a commit
        return 0


def forget_done(out: Path, inputs: int) -> None:
    """Make a state that of a run which was stopped after so many inputs."""
    with closing(sqlite3.connect(out / ".boilerstrip" / "state.sqlite")) as state, state:
        state.execute("DELETE FROM inputs WHERE number >= ?", (inputs,))
        state.execute("UPDATE run SET value = 'false' WHERE name = 'finished'")
