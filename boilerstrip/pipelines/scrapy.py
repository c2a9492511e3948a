"""Scrapy: an item pipeline for items that hold a page, and a spider middleware for spiders whose items hold none.

Settings: ``BOILERSTRIP`` holds fields of :class:`boilerstrip.pipelines.pages.Settings`, whose ``html`` and ``url`` name
fields of the items; ``BOILERSTRIP_MEMORY`` the file of a site memory that learns while the crawl goes on.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from boilerstrip.errors import MissingExtra
from boilerstrip.memory import SiteMemory
from boilerstrip.pipelines.pages import PageCleaner, Settings

try:
    from itemadapter import ItemAdapter
    from scrapy import Request, signals
    from w3lib.encoding import http_content_type_encoding
except ImportError as error:
    raise MissingExtra("Cleaning in Scrapy", "scrapy") from error


class StoryPipeline:
    """Puts the columns of the page that an item holds beside it."""

    def __init__(self, crawler: Any) -> None:
        given, columns = crawler.settings, ("text", "title", "language", "status", "error")
        self._settings = Settings(**{"columns": columns, **given.getdict("BOILERSTRIP")})
        memory = SiteMemory(given["BOILERSTRIP_MEMORY"]) if given.get("BOILERSTRIP_MEMORY") else None
        self._cleaner = PageCleaner(self._settings, memory, learn=memory is not None)
        if memory is not None:
            crawler.signals.connect(lambda: memory.close(), signals.spider_closed, weak=False)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Any:
        """The pipeline or middleware with the settings of a crawl."""
        return cls(crawler)

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """The item with the columns for which it has a field; one without fixed fields has room for all."""
        held = ItemAdapter(item)
        return self._fill(item, held.get(self._settings.html), held.get(self._settings.url))

    def _fill(self, item: Any, *page: Any) -> Any:
        row, names = self._cleaner.clean(*page), ItemAdapter(item).field_names()
        ItemAdapter(item).update({name: row[name] for name in row if isinstance(item, dict) or name in names})
        return item


class StoryMiddleware(StoryPipeline):
    """Puts the columns of the response into every item that a spider makes of it."""

    def process_spider_output(self, response: Any, result: Any, spider: Any = None) -> Iterator[Any]:
        """The spider's items, filled, and its requests."""
        return (self._process(response, found) for found in result)

    async def process_spider_output_async(self, response: Any, result: Any, spider: Any = None) -> AsyncIterator[Any]:
        """The same for what a spider makes asynchronously."""
        async for found in result:
            yield self._process(response, found)

    def _process(self, response: Any, found: Any) -> Any:
        charset = http_content_type_encoding(response.headers.get("Content-Type", b"").decode("latin-1"))
        page = (response.body, response.url, None, None, charset)
        return found if isinstance(found, Request) else self._fill(found, *page)
