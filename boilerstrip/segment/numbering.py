"""The numbers of an ordered list's items, where they are not those of their places."""

from collections.abc import Iterator

from lxml import etree


def number_items(element: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    """The items of an ``ol`` that have another number than their place (HTML Living Standard, 4.4.5).

    >>> items = etree.fromstring('<ol start="4"><li>four</li><li value="9">nine</li><li>ten</li></ol>')
    >>> [number for _, number in number_items(items)]
    [4, 9, 10]
    """
    items = list(element.iterchildren("li"))
    step = -1 if element.get("reversed") is not None else 1
    number = _read_integer(element.get("start"), len(items) if step < 0 else 1)
    for place, item in enumerate(items, start=1):
        number = _read_integer(item.get("value"), number)
        if number != place:
            yield item, number
        number += step


def _read_integer(value: str | None, default: int) -> int:
    try:
        return int(value) if value and len(value) <= 9 else default
    except ValueError:
        return default
