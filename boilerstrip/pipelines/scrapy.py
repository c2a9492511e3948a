"""Scrapy: an item pipeline for items that hold a page, and a spider middleware for spiders whose items hold none.

Settings: ``BOILERSTRIP_COLUMNS`` (by default text, title, language, status, error), ``BOILERSTRIP_OPTIONS`` (arguments
of a cleaner), ``BOILERSTRIP_FIELD`` ("html") and ``BOILERSTRIP_URL_FIELD`` ("url") of the items, and
``BOILERSTRIP_MEMORY``, the file of a site memory that is learnt while the crawl goes on and speaks from then on.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from boilerstrip.errors import MissingExtra
from boilerstrip.memory import SiteMemory
from boilerstrip.pipelines.pages import PageCleaner, Settings

_COLUMNS: Final = ("text", "title", "language", "status", "error")


class _FromCrawler:
    """What both share: a cleaner with the settings of the crawl."""

    def __init__(self, crawler: Any) -> None:
        try:
            from itemadapter import ItemAdapter
            from scrapy import Request, signals
        except ImportError as error:
            raise MissingExtra("Cleaning in Scrapy", "scrapy") from error
        given = crawler.settings
        self._adapt, self._request = ItemAdapter, Request
        self._field, self._url_field = given.get("BOILERSTRIP_FIELD", "html"), given.get("BOILERSTRIP_URL_FIELD", "url")
        path = given.get("BOILERSTRIP_MEMORY")
        memory = SiteMemory(path) if path else None
        columns, options = given.getlist("BOILERSTRIP_COLUMNS") or _COLUMNS, given.getdict("BOILERSTRIP_OPTIONS")
        self._cleaner = PageCleaner(Settings(columns=columns, options=options), memory, learn=memory is not None)
        if memory is not None:
            crawler.signals.connect(lambda: memory.close(), signals.spider_closed, weak=False)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Any:
        """Called by Scrapy."""
        return cls(crawler)

    def _fill(self, item: Any, page: Any, url: Any, encoding: Any = None) -> Any:
        """The item with the columns for which it has a field; one without fixed fields has room for all."""
        adapter, row = self._adapt(item), self._cleaner.clean(page, url=url, encoding=encoding)
        names = set(adapter.field_names())
        has_fixed_fields = not isinstance(item, dict)
        adapter.update({name: value for name, value in row.items() if name in names or not has_fixed_fields})
        return item


class StoryPipeline(_FromCrawler):
    """Puts the columns of the page that an item holds beside it."""

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """Called by Scrapy."""
        adapter = self._adapt(item)
        return self._fill(item, adapter.get(self._field), adapter.get(self._url_field))


class StoryMiddleware(_FromCrawler):
    """Puts the columns of the response into every item that a spider makes of it."""

    def process_spider_output(self, response: Any, result: Any, spider: Any = None) -> Iterator[Any]:
        """Called by Scrapy."""
        for found in result:
            yield self._process(response, found)

    async def process_spider_output_async(self, response: Any, result: Any, spider: Any = None) -> AsyncIterator[Any]:
        """Called by Scrapy."""
        async for found in result:
            yield self._process(response, found)

    def _process(self, response: Any, found: Any) -> Any:
        from w3lib.encoding import http_content_type_encoding

        if isinstance(found, self._request):
            return found
        content_type = response.headers.get("Content-Type", b"").decode("latin-1")
        return self._fill(found, response.body, response.url, http_content_type_encoding(content_type))
