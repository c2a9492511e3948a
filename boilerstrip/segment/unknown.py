"""Tells whether an element that HTML does not know holds block-level elements, in one pass over the page in all."""

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from operator import is_not
from typing import Any

from lxml import etree


class Lookahead:
    """Answers for unknown elements in document order.

    A browser draws an unknown element within the line, whatever its name; one that holds a block stands around it.
    From each element that is asked about, the page is read ahead to the next block; for elements on the way the answer
    is known from that, so that nothing is read ahead twice.
    """

    def __init__(
        self, entered: Sequence[Any], is_counted: Callable[[Any], bool], is_block: Callable[[Any], bool]
    ) -> None:
        """:param entered: grows by one with each counted element that the walk enters."""
        self._entered = entered
        self._is_counted = is_counted
        self._is_block = is_block
        self._known_until = 0
        self._holders = set[etree._Element]()

    def holds_block(self, element: etree._Element) -> bool:
        """Whether the element that was entered last holds a block-level element."""
        number = len(self._entered)
        if number >= self._known_until:
            self._read_ahead(element, number)
        return element in self._holders

    def _read_ahead(self, element: etree._Element, number: int) -> None:
        """Note how far the page is known, and the elements that the next block stands in."""
        self._holders = set()
        for descendant in element.iterdescendants():
            if self._is_block(descendant.tag):
                self._holders = {element, *itertools.takewhile(partial(is_not, element), descendant.iterancestors())}
                break
            number += self._is_counted(descendant.tag)
        self._known_until = number + 1
