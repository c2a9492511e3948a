"""How much of a page is read and how long it may take: one value, made for each page and passed down its way."""

from dataclasses import dataclass, replace
from math import inf
from time import thread_time
from typing import Final

LARGEST_PAGE: Final = 20_000_000
"""Bytes; what trafilatura reads at most as well (``MAX_FILE_SIZE``). Larger files are no pages."""
MOST_BLOCKS: Final = 300_000
"""Blocks after which any page is cut: each takes 2.8 kB, so that no page needs more than 2 GB, its source included."""
FEWEST_BLOCKS: Final = 10_000
"""Blocks that a page may have however short they are, as a table of a hundred rows of a hundred numbers has: 30 MB."""
_CHARACTERS_A_BLOCK: Final = 18
"""Characters of the source that a block needs on average where there are more: its evidence takes at most 150 times
as many bytes. No development page has fewer than 58, markup included."""
MOST_LINES: Final = 2_000_000
"""Lines after which a text is cut, of which several may be one block."""
STRIDE: Final = 256
"""Elements, lines or blocks between two looks at the clock."""


class TimeUpError(Exception):
    """The time for a page is over; never leaves the cleaner."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a page may take. The clock counts the work of the thread that cleans: on a busy machine, or beside other
    threads, a page gets as far as it gets alone, and no signal is needed."""

    max_bytes: int | None = None
    """Bytes of the source that are read; of a string, those of its UTF-8."""
    max_seconds: float | None = None
    most_blocks: int = MOST_BLOCKS
    end: float = inf
    """When the time is over, by the clock of the thread."""

    @classmethod
    def start(cls, max_bytes: int | None, max_seconds: float | None) -> "Limits":
        """Limits whose time begins now."""
        return cls(max_bytes, max_seconds, end=inf if max_seconds is None else thread_time() + max_seconds)

    def of_size(self, characters: int) -> "Limits":
        """The same for a source of so many characters.

        >>> [Limits().of_size(characters).most_blocks for characters in (1, 3_600_000, 20_000_000)]
        [10000, 200000, 300000]
        """
        most = min(max(characters // _CHARACTERS_A_BLOCK, FEWEST_BLOCKS), MOST_BLOCKS)
        return replace(self, most_blocks=most)

    def is_over(self) -> bool:
        """Whether the time is over."""
        return self.end != inf and thread_time() >= self.end

    def check(self) -> None:
        """
        :raises TimeUpError: when the time is over.
        """
        if self.is_over():
            raise TimeUpError

    def part(self, share: float) -> "Limits":
        """The same with a share of the time that is left, so that something is left for what follows."""
        if self.end == inf:
            return self
        now = thread_time()
        return replace(self, end=now + max(self.end - now, 0.0) * share)

    def last_part(self) -> "Limits":
        """What is left of the time, or a tenth of all of it, for joining a story that was found in the last moment."""
        if self.max_seconds is None:
            return self
        return replace(self, end=max(self.end, thread_time() + 0.1 * self.max_seconds))

    def stops(self, count: int, most: int) -> bool:
        """Whether to stop after some items, of which so many are allowed; the clock is looked at now and then."""
        return count % STRIDE == 0 and count > 0 and (count >= most or self.is_over())

    def describe_bytes(self) -> str:
        """What is told of a page that is larger than it may be."""
        return f"the limit of {self.max_bytes:,} bytes was reached (max_bytes=)"

    def describe_blocks(self) -> str:
        """What is told of a page that has too many blocks."""
        return f"the limit of {self.most_blocks:,} blocks was reached"

    def describe_time(self) -> str:
        """What is told of a page whose time was over."""
        return f"the time limit of {self.max_seconds:g} s was reached (max_seconds=)"


_GRACE: Final = 2.0


def add_grace(max_seconds: float) -> float:
    """Seconds after which a process is ended whose cleaner should have kept to its time by itself.

    >>> add_grace(60.0)
    121.0
    """
    return _GRACE * max_seconds + 1.0


UNLIMITED: Final = Limits()
