"""A page's JSON-LD: what it says of the page itself, without what it says of other works."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from boilerstrip.patterns import compile_later

Node = dict[str, Any]
"""An object of JSON-LD."""

_NODES: Final = 2_000
"""Values of a page's JSON-LD that are looked at."""
PARTS_OF_PAGE: Final = ("@graph", "mainEntity", "mainEntityOfPage")
"""Where a page says what it is, beside the top level; anything else is about something that it has or speaks of."""
OTHER_WORKS: Final = frozenset(
    {"about", "associatedMedia", "audio", "blogPost", "blogPosts", "citation", "comment", "encoding", "hasPart",
     "image", "isBasedOn", "itemReviewed", "mentions", "relatedLink", "review", "reviews", "subjectOf", "video",
     "workExample", "workFeatured"}
)  # fmt: skip
"""Properties of schema.org whose values have authors and days of their own."""
_WORK_FACTS: Final = frozenset({"author", "creator", "dateCreated", "dateModified", "datePublished", "uploadDate"})
_WRAPPER: Final = compile_later(r"(?:\s|//|/\*|\*/|<!--|-->|<!\[CDATA\[|><!--|>)+")
"""What hid scripts from the browsers and parsers of old, before the data."""


def parse_linked_data(tree: Any) -> list[Any]:
    """The values of the page's JSON-LD scripts; what is no JSON is left out.

    The scripts are rewritten where they are wrapped or speak of other works, so that nobody who reads them after, as
    trafilatura does, takes a reviewer for the author.
    """
    values = []
    for script in tree.xpath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]"):
        source = (script.text or "").strip().rstrip(";")
        wrapper = _WRAPPER.match(source)
        try:
            if wrapper:
                value, _ = json.JSONDecoder(strict=False).raw_decode(source, wrapper.end())
            else:
                value = json.loads(source, strict=False)
            if _forget_other_works(value) or wrapper:
                script.text = json.dumps(value)
        except (ValueError, RecursionError):
            continue
        values.append(value)
    return values


def list_nodes(values: Iterable[Any], names: Iterable[str] | None = None) -> Iterator[Node]:
    """The objects among the values, outer before inner: those under these names, or all.

    >>> page = {"@type": "WebPage", "mainEntity": {"@type": "Article"}, "publisher": {"@type": "Organization"}}
    >>> [node["@type"] for node in list_nodes([page], PARTS_OF_PAGE)]
    ['WebPage', 'Article']
    """
    waiting = deque(values)
    for _ in range(_NODES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, dict):
            yield value
            inner = value.values() if names is None else map(value.get, names)
            waiting += (part for part in inner if isinstance(part, list | dict))
        elif isinstance(value, list):
            waiting += value


def _forget_other_works(value: Any) -> bool:
    """Take author and days from the other works that a value speaks of; whether there were any."""
    works = [node[name] for node in list_nodes([value]) for name in OTHER_WORKS.intersection(node)]
    found = False
    for work in list_nodes(works):
        for fact in _WORK_FACTS.intersection(work):
            del work[fact]
            found = True
    return found
