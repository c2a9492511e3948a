"""Memories to test with."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import strategies as st

from boilerstrip.memory import SiteMemory

LearntPage = tuple[str, str, list[str]]

TEXTS = ("Subscribe", "Home", "It rained.", "The sun came out.", "Read 5 comments", "Über uns")
LEARNT_PAGES = st.lists(
    st.tuples(
        st.sampled_from(("a.example", "b.example")), st.sampled_from("123456789"), st.lists(st.sampled_from(TEXTS))
    ),
    max_size=25,
)


def learnt(*pages: LearntPage) -> SiteMemory:
    memory = SiteMemory()
    memory.learn_many_blocks(pages)
    return memory


def merged(*memories: SiteMemory) -> SiteMemory:
    result = SiteMemory()
    for memory in memories:
        result.merge(memory)
    return result


def contents(memory: SiteMemory) -> tuple[object, ...]:
    """All that is in a memory, and all that can be asked of it."""
    return list(memory._contents()), list(memory.export_rows()), list(memory.export_totals())


def count_pages(memory: SiteMemory) -> int:
    """Distinct pages learnt, sampled or not."""
    return sum(len(content.pages) for content in memory._contents())


def write_memory(path: Path, pages: int = 3) -> Path:
    with SiteMemory(path) as memory:
        memory.learn_many_blocks(
            ("example.com", f"/{page}", ["Subscribe", f"Story {'x' * page}"]) for page in range(pages)
        )
    return path


def run_python(code: str, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
