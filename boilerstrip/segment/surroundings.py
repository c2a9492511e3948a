"""What the open elements around a place of a page pass on to its text."""

from typing import Final, NamedTuple

OpenMark = tuple[int, str, str, str]
"""Start, kind, target and label of an inline mark whose end is not reached yet."""


class OpenLink(NamedTuple):
    """A link whose end is not reached yet."""

    block: int
    """The block that it begins in."""
    start: int
    target: str


class Line(NamedTuple):
    """A line that an element has to itself."""

    ending: "Ending" = None
    """What ends with the element, before the line does."""


Ending = OpenMark | OpenLink | int | Line | None
"""What ends with an element: a mark, a link, a box by its number, a line, or nothing."""


class Surroundings:
    """What an open element passes on to the text and elements inside it. Shared by inline elements, never changed."""

    __slots__ = ("_linked", "box", "in_link", "is_read", "keeps_breaks", "preformatted", "role", "tag")

    def __init__(
        self,
        box: int,
        role: str,
        tag: str,
        in_link: bool = False,
        preformatted: bool = False,
        is_read: bool = True,
        keeps_breaks: bool = False,
    ) -> None:
        self.box = box
        self.role = role
        self.tag = tag
        self.in_link = in_link
        self.preformatted = preformatted
        self.is_read = is_read
        """Whether text here is text of the page."""
        self.keeps_breaks = keeps_breaks
        """Whether line breaks of the source are line breaks, though other white space collapses."""
        self._linked: Surroundings | None = None

    def linked(self) -> "Surroundings":
        """The same inside a link."""
        if self.in_link:
            return self
        if self._linked is None:
            self._linked = self.copy(in_link=True, keeps_breaks=self.keeps_breaks)
        return self._linked

    def copy(self, in_link: bool, keeps_breaks: bool) -> "Surroundings":
        """The same, inside a link or not, with or without the line breaks of the source."""
        return Surroundings(self.box, self.role, self.tag, in_link, self.preformatted, True, keeps_breaks)


UNREAD: Final = Surroundings(-1, "paragraph", "", is_read=False)
"""Outside the root, and inside an element whose text is none of the page's."""

Entered = tuple[Surroundings, Ending]
"""What surrounds the text of an element, and what ends with it."""
