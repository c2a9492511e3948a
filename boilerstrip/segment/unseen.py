"""Blocks that nobody sees, and those in boxes that are hidden until a reader or a script opens them."""

from collections.abc import Iterable, Iterator, Sequence


def cover(boxes: Sequence[int], first: Sequence[int], last: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Every block in some boxes, which are in document order, with the outermost of these boxes around it.

    :param first: first block of each box of the page.
    :param last: the block behind its last one.

    >>> list(cover([0, 1, 2], [0, 1, 3], [2, 2, 4]))
    [(0, 0), (1, 0), (3, 2)]
    """
    done = 0
    for box in boxes:
        for block in range(max(done, first[box]), last[box]):
            yield block, box
        done = max(done, last[box])


def find_invisible(
    texts: Sequence[str], unseen: Iterable[tuple[int, int]], unsaid: Iterable[tuple[int, int]]
) -> list[bool]:
    """Which blocks nobody sees: in an unseen box, or kept from screen readers beside a twin that is seen.

    >>> find_invisible(["a", "a", "b"], [], [(1, 7), (2, 7)])
    [False, True, False]
    >>> find_invisible(["a", "a"], [(1, 8)], [(0, 7)])
    [False, True]
    """
    invisible = [False] * len(texts)
    for block, _ in unseen:
        invisible[block] = True
    silent = {block for block, _ in unsaid}
    if silent:
        said = {text for block, text in enumerate(texts) if block not in silent and not invisible[block]}
        for block in silent:
            invisible[block] = invisible[block] or texts[block] in said
    return invisible


def find_concealed(count: int, covered: Iterable[tuple[int, int]]) -> list[int]:
    """The outermost hidden box around each of ``count`` blocks; -1 where there is none.

    >>> find_concealed(3, [(1, 7)])
    [-1, 7, -1]
    """
    concealed = [-1] * count
    for block, box in covered:
        concealed[block] = box
    return concealed
