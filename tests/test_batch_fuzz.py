"""Damaged archives and tables: a run over them comes to its end, and every record is an output or a line of errors."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from boilerstrip.cli import run
from tests.batches import read_errors, read_lines, write_story
from tests.scale import SCALE

pytestmark = pytest.mark.slow

FILES = 20 * SCALE
RECORDS = 5


def write_warc(path: Path, dice: random.Random) -> set[str]:
    """An archive of some records with damage behind the first: that one is a page whatever comes."""
    pytest.importorskip("fastwarc", reason="the extra warc is not installed")
    from tests.test_batch_warc import make_response

    first = make_response(0, write_story(0).encode())
    rest = b"".join(make_response(number, write_story(number).encode()) for number in range(1, RECORDS))
    path.write_bytes(first + damage(rest, dice))
    return {"<urn:uuid:0>"}


def write_table(path: Path, dice: random.Random) -> set[str]:
    """A table with damage anywhere."""
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import ipc, parquet

    stories = [write_story(number) for number in range(RECORDS)]
    table = pyarrow.table({"id": [f"{path.name}-{number}" for number in range(RECORDS)], "html": stories})
    if path.suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        with ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
    path.write_bytes(damage(path.read_bytes(), dice))
    return set()


def write_rows(path: Path, dice: random.Random) -> set[str]:
    """Rows with damage anywhere: every line that is not blank is a page or an error."""
    lines = [json.dumps({"html": write_story(number), "year": number}) for number in range(RECORDS)]
    path.write_bytes(damage("\n".join(lines).encode(), dice))
    written = path.read_bytes().split(b"\n")
    return {f"{path.name}#{number}" for number, line in enumerate(written, start=1) if line.strip()}


def damage(content: bytes, dice: random.Random) -> bytes:
    """The content with a few bytes changed, cut out, or put in."""
    damaged = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        start = dice.randrange(len(damaged) or 1)
        change = dice.randrange(3)
        if change == 0:
            damaged[start : start + 1] = dice.randbytes(1)
        elif change == 1:
            del damaged[start : start + dice.randint(1, 60)]
        else:
            damaged[start:start] = dice.choice([b"\n", b"\r\n", b"\x00", b'"', b"{", b"\xff" * 8, dice.randbytes(20)])
    return bytes(damaged)


@pytest.mark.parametrize(
    ("suffix", "write"), [("warc", write_warc), ("parquet", write_table), ("arrow", write_table), ("jsonl", write_rows)]
)
def test_damage_costs_no_more_than_what_it_hits(
    suffix: str, write: Callable[[Path, random.Random], set[str]], tmp_path: Path
) -> None:
    dice, expected = random.Random(suffix), set[str]()
    (tmp_path / "in").mkdir()
    for number in range(FILES):
        expected |= write(tmp_path / "in" / f"{number:04d}.{suffix}", dice)
    arguments = ["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--format", "jsonl", "--quiet"]
    assert run([*arguments, "--workers", "1"]) in (0, 1)
    rows, errors = read_lines(tmp_path / "out" / "pages.jsonl"), read_errors(tmp_path / "out")
    found = {str(row["id"]) for row in rows} | set(errors)
    assert {identifier for identifier in expected if not any(identifier in name for name in found)} == set()
    told = " ".join([*found, *(json.dumps(row) for row in rows)])
    assert [path.name for path in (tmp_path / "in").iterdir() if suffix != "warc" and path.name not in told] == []
    assert len(rows) + len(errors) >= FILES
    assert run([*arguments, "--resume"]) in (0, 1)
    assert read_lines(tmp_path / "out" / "pages.jsonl") == rows
