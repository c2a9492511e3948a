"""What a reader of the report can copy: the story, and the page as the start of a fixture."""

from typing import Any

from boilerstrip.document import Document


def join_story(document: Document) -> list[str]:
    """Return what stands in the story before each block that was kept, so that joins and blocks make up the text.

    >>> from boilerstrip import clean
    >>> join_story(clean("The mill has stood still since Monday.\\n\\nNobody came by to ask why it did so."))
    ['', '\\n\\n']
    """
    joins, at = list[str](), 0
    for block in document.blocks:
        if not block.kept:
            continue
        start = document.text.find(block.text, at)
        if start < 0 or (joins and document.text[at:start].strip()):
            joins.append("\n\n" if joins else "")
            continue
        joins.append(document.text[at:start])
        at = start + len(block.text)
    return joins


def describe_fixture(document: Document) -> dict[str, Any]:
    """Return what ``about.json`` of a fixture holds; its purpose is left to whoever makes one."""
    return {
        "kind": document.kind,
        "language": document.language,
        "page_type": document.page_type,
        "title": document.title,
        "url": document.url,
        "purpose": "",
        "optional": [],
    }
