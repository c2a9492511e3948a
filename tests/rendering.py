"""Blocks made by hand or of a page's every block, and the words that a format reads back to."""

from collections.abc import Callable, Sequence

from benchmarks.markdown import parse_html, read_words, render_commonmark
from boilerstrip.blocks import Block
from boilerstrip.page import Mark, Paths
from boilerstrip.render.html import render_html
from boilerstrip.render.inline import show_marks
from boilerstrip.render.markdown import render_markdown
from boilerstrip.segment.html import segment_html


def make_block(
    text: str,
    path: str | None = "/html[1]/body[1]/p[1]",
    role: str = "paragraph",
    *marks: Mark,
    kept: bool = True,
    index: int = 0,
) -> Block:
    """A block as selection would give it."""
    tag = path.rpartition("/")[2].partition("[")[0] if path else ""
    return Block(text, kept, 1.0, None, role, tag, path, None, marks, index, ((),) * (index + 1))


def keep_all(source: str, keep: Callable[[int], bool] = lambda index: True) -> list[Block]:
    """Every block of a page, kept if ``keep`` says so of its number."""
    page = segment_html(source)
    columns = zip(page.texts, page.roles, page.tags, Paths(page), page.marks, strict=True)
    return [
        Block(text, keep(index), 1.0, None, role, tag, path, None, marks, index, ())
        for index, (text, role, tag, path, marks) in enumerate(columns)
    ]


def assert_reads_back(blocks: Sequence[Block]) -> None:
    """HTML and Markdown, with and without links and images, hold the words of the text in its order."""
    words = " ".join(show_marks(block.text, block.marks)[0] for block in blocks if block.kept).split()
    for links in (False, True):
        options = {"url": "https://example.org/a/b", "links": links, "images": links}
        assert read_words(parse_html(render_html(blocks, **options))) == words  # type: ignore[arg-type]
        assert read_words(render_commonmark(render_markdown(blocks, **options))) == words  # type: ignore[arg-type]
