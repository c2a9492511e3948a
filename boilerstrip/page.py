"""A page cut into blocks, as parallel columns: what segmentation hands to the evidence.

Blocks and boxes are numbered in document order. A *box* is an element that can hold blocks (a ``div``, a ``ul``, a
``td``); box 0 is the root, a parent always has a smaller number than its children, and the blocks below a box are the
contiguous run ``box_first[i]:box_last[i]``. That is why a sum over any box is one difference of two cumulative sums.
Plain text has blocks and no boxes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol

from boilerstrip.patterns import compile_later

Kind = Literal["html", "text"]


class Mark(NamedTuple):
    """Inline markup over ``text[start:end]`` of its block."""

    start: int
    end: int
    kind: str
    """One of :data:`boilerstrip.tags.INLINE_MARKS`' values: link, emphasis, strong, code, image …"""
    target: str = ""
    """The link's ``href`` or the image's ``src``, as written in the page; in a document, after its ``<base>``."""
    label: str = ""
    """The image's ``alt``; the LaTeX of a formula whose text is none."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the page says about itself outside its blocks. Every field is a claim, none is trusted alone."""

    title: str = ""
    """``<title>``, white space collapsed."""
    social_title: str = ""
    """``og:title`` (or ``twitter:title``)."""
    description: str = ""
    language: str = ""
    """``<html lang>``."""
    url: str = ""
    """``<link rel=canonical>`` or ``og:url``."""
    base: str = ""
    """``<base href>``, from which relative addresses start."""
    site_name: str = ""
    """``og:site_name``."""
    structured_text: str = ""
    """``articleBody`` and the like of the page's JSON-LD."""
    structured_description: str = ""
    """``description`` in the page's JSON-LD, of whatever it describes."""
    claims: frozenset[str] = frozenset()
    """Those of :data:`boilerstrip.tags.CLAIMS` that the page makes."""


class SiteCounts(NamedTuple):
    """How many pages of a site hold each block of a page, as a memory of the site knows it."""

    site: str
    pages_of_site: int
    """Pages behind the counts, without the page itself."""
    pages_with_block: Sequence[int]


class SiteLookup(Protocol):
    """Whoever knows on how many pages of a site blocks stand: a site memory, or counts that an engine has made."""

    def lookup(self, site: str, texts: Sequence[str], *, page: str | None = None) -> SiteCounts:
        """How many pages of the site hold each of these blocks, without the page of that name."""


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks (columns without prefix, one entry a block) and boxes (columns ``box_*``, one entry a box)."""

    kind: Kind
    texts: Sequence[str] = ()
    tags: Sequence[str] = ()
    """The nearest block-level element, ``""`` in plain text."""
    roles: Sequence[str] = ()
    """One of :data:`boilerstrip.tags.ROLES`."""
    link_characters: Sequence[int] = ()
    """Characters of the block's text that are inside a link."""
    spans: Sequence[tuple[int, int]] = ()
    """Plain text only: ``source[start:end]`` is the block's text."""
    marks: Sequence[tuple[Mark, ...]] = ()
    inline_names: Sequence[str] = ()
    """Classes of the inline elements inside the block."""
    invisible: Sequence[bool] = ()
    """Whether nobody sees the block: scripts are on, or it is meant for screen readers alone. HTML only."""
    concealed: Sequence[int] = ()
    """The outermost box around each block that a style or attribute hides, until a reader opens it if ever; -1 where
    there is none. HTML only."""
    notes: Sequence[str] = ()
    """The note that each block is part of, by the name that marks in the text lead to; ``""``: of none. HTML only."""
    images: Sequence[int] = ()
    """Images between the end of the previous block and the end of this one; one entry more for those after the last."""
    controls: Sequence[int] = ()
    """Form controls, counted the same way."""
    boxes: Sequence[int] = ()
    """The box each block stands in."""
    box_parents: Sequence[int] = ()
    """The parent's number; the root's is -1."""
    box_tags: Sequence[str] = ()
    box_elements: Sequence[int] = ()
    """One-based position among all elements of the page: XPath ``(//*)[n]``."""
    box_depths: Sequence[int] = ()
    """Boxes above it; the root's is 0."""
    box_names: Sequence[str] = ()
    """``class``, ``id``, ``role`` and ``itemprop`` as written, joined by blanks."""
    box_hidden: Sequence[bool] = ()
    """Whether the box itself is marked hidden; children of a hidden box are not marked again."""
    box_first: Sequence[int] = ()
    box_last: Sequence[int] = ()
    element_tags: Sequence[str] = ()
    """All elements of the page in document order, inline ones and those without text included."""
    element_depths: Sequence[int] = ()
    """Elements above each; the root's is 0."""
    head: Head = field(default_factory=Head)
    truncated: bool = False
    """Whether part of the input was not read, because a limit was reached."""

    def __len__(self) -> int:
        return len(self.texts)


_PATH_DEPTH_LIMIT: Final = 100
"""Elements above a block from which on its path counts all elements instead of naming every step."""
PATH_LENGTH_LIMIT: Final = 1000
"""Characters of a path from which on it does the same; the longest of the development pages has 400."""
_PLAIN_NAME: Final = compile_later(r"[A-Za-z_][\w.-]*", re.ASCII)
_ANY_NAME: Final = "*[name()='{}']"
"""A step to an element whose name XPath cannot read: a colon separates a prefix, but a page has no name spaces."""


class Paths:
    """An XPath for each block that finds its element again; ``None`` in plain text.

    Only the steps are kept, each once, and a path is written when it is asked for: thousands of blocks may share a
    hundred steps.

    >>> page = Page("html", texts=["a"], boxes=[1], box_elements=[1, 3], element_tags=["html", "head", "body"],
    ...             element_depths=[0, 1, 1])
    >>> list(Paths(page))
    ['/html[1]/body[1]']
    """

    __slots__ = ("_elements", "_steps")

    def __init__(self, page: Page) -> None:
        is_text = page.kind == "text"
        self._elements = [None] * len(page) if is_text else [page.box_elements[box] for box in page.boxes]
        self._steps = _find_steps(page, set(self._elements))

    def __getitem__(self, index: int) -> str | None:
        element = self._elements[index]
        if element is None:
            return None
        steps: list[str] = []
        above = element
        while above:
            if above not in self._steps:
                return f"(//*)[{element}]"
            above, step = self._steps[above]
            steps.append(step)
        return "".join(reversed(steps))


def _find_steps(page: Page, wanted: set[int | None]) -> dict[int, tuple[int, str]]:
    """For some elements, which are numbered from 1, and for all above them, the element above (0: none) and the last
    step of the path; nothing for those whose paths are too long."""
    steps: dict[int, tuple[int, str]] = {}
    opened = [(0, "", 0)]  # number, step, and length of the path
    counts: list[dict[str, int]] = [{}]
    for number, (tag, depth) in enumerate(zip(page.element_tags, page.element_depths, strict=True), start=1):
        if depth > _PATH_DEPTH_LIMIT:
            continue
        del opened[depth + 1 :], counts[depth + 1 :]
        place = counts[depth][tag] = counts[depth].get(tag, 0) + 1
        step = f"/{tag if _PLAIN_NAME.fullmatch(tag) else _ANY_NAME.format(tag)}[{place}]"
        length = PATH_LENGTH_LIMIT + 1 if "'" in tag else len(step)
        opened.append((number, step, opened[depth][2] + length))
        counts.append({})
        if number in wanted and opened[-1][2] <= PATH_LENGTH_LIMIT:
            level = depth + 1
            while level and opened[level][0] not in steps:
                steps[opened[level][0]] = (opened[level - 1][0], opened[level][1])
                level -= 1
    return steps
