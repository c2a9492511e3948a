"""A document on its way from a worker process to the program: without what is there already, and packed.

Sending a document whole takes a seventh of the time that cleaning it took, half of it in the process that waits for the
workers. So the page's source stays where it is, and the blocks cross as plain values which nobody unpacks before
somebody looks at one.
"""

import marshal
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from boilerstrip.blocks import Blocks, Reason
from boilerstrip.document import Document
from boilerstrip.page import Mark, Page, SiteCounts

_COLUMNS: Final = (
    "kind", "texts", "tags", "roles", "spans", "boxes", "box_elements", "element_tags", "element_depths"
)  # fmt: skip
"""What the blocks take from their page, beside the marks."""


class Sent(NamedTuple):
    """A document in pieces."""

    document: Document
    """Without its blocks, and without its source where that is the task's."""
    blocks: bytes
    block_count: int
    site: SiteCounts | None
    is_task: bool
    """Whether the source is the task, as text."""


def pack(document: Document, blocks: Blocks, task: object, site: SiteCounts | None) -> Sent:
    """What crosses of a document and its blocks, which were found in what the task was."""
    is_task = _read(task) == document.source
    rest = replace(document, blocks=(), source="" if is_task else document.source)
    return Sent(rest, _pack_blocks(blocks), len(blocks), site, is_task)


def find_source(sent: Sent, task: object) -> str:
    """The source of a document that was packed."""
    return (_read(task) or "") if sent.is_task else sent.document.source


def unpack(sent: Sent, source: str, explanation: Sequence[tuple[Reason, ...]]) -> Document:
    """The document that was packed, with its source and with reasons from elsewhere."""
    return replace(sent.document, blocks=_PackedBlocks(sent.blocks, explanation), source=source)


def _read(task: object) -> str | None:
    """The text of a task as most are: a string, or the bytes of UTF-8."""
    if isinstance(task, bytes):
        try:
            return task.decode()
        except UnicodeDecodeError:
            return None
    return task if isinstance(task, str) else None


def _pack_blocks(blocks: Blocks) -> bytes:
    """Columns, marks, verdicts, scores and languages, in the format that Python compiles modules to: within one run of
    it, that is the quickest for plain values."""
    page = blocks.page
    columns = [getattr(page, name) for name in _COLUMNS]
    values: Any = (columns, [[*map(tuple, own)] for own in page.marks], blocks.kept, blocks.scores, blocks.languages)
    return marshal.dumps(values)


class _PackedBlocks(Blocks):
    """Blocks that are unpacked when somebody first looks at one."""

    __slots__ = ("_packed",)

    def __init__(self, packed: bytes, explanation: Sequence[tuple[Reason, ...]]) -> None:
        self._packed = packed
        self._explanation = explanation

    def __getattr__(self, name: str) -> Any:
        """What the blocks are made of, which is asked for as long as it is missing."""
        if name not in Blocks.__slots__:
            raise AttributeError(name)
        columns, marks, kept, scores, languages = marshal.loads(self._packed)
        page = Page(**dict(zip(_COLUMNS, columns, strict=True)), marks=[tuple(map(Mark._make, own)) for own in marks])
        super().__init__(page, kept, scores, languages, self._explanation)
        return getattr(self, name)

    def __reduce__(self) -> tuple[object, ...]:
        return Blocks, (self.page, self.kept, self.scores, self.languages, self.explanation)
