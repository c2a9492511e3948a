"""datatrove: a step between its readers and its filters that makes stories of pages."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from boilerstrip.page import SiteLookup
from boilerstrip.pipelines.pages import FAILED, PageCleaner, Settings, import_extra

_base: Any = import_extra("datatrove.pipeline.extractors.base", "StoryExtractor", "datatrove")


class StoryExtractor(_base.BaseExtractor):  # type: ignore[misc]
    """Replaces a document's HTML by its story and adds to its metadata what else is known of it.

    The address is the document's ``url`` in the metadata, as the WARC reader puts it there. A document without a story
    is dropped and counted; one that cannot be cleaned goes on with an empty text and its error in the metadata.
    """

    name = "🧽 boilerstrip"

    def __init__(self, *, memory: SiteLookup | None = None, **settings: Any) -> None:
        """See :class:`boilerstrip.pipelines.pages.Settings`; the columns are those of the metadata."""
        super().__init__()
        chosen = Settings(**{"columns": ("status", "language", "confidence", "title", "error"), **settings})
        self.settings = replace(chosen, columns=tuple(dict.fromkeys(("text", "status", *chosen.columns))))
        self.columns = tuple(name for name in chosen.columns if name != "text")
        self.memory = memory
        self._cleaner: PageCleaner | None = None

    def extract(self, text: str) -> str:
        """The story of a page."""
        return self._clean(text, None)["text"] or ""

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Clean each document of a pipeline."""
        for document in data:
            self.stat_update("total")
            with self.track_time():
                row = self._clean(document.text, document.metadata.get(self.settings.url))
            failed = row["status"] == FAILED
            document.text = row.pop("text") or ""
            document.metadata.update({name: row[name] for name in self.columns})
            self.stat_update(*(("forwarded",) if document.text or failed else ("dropped",)), *(("failed",) * failed))
            if document.text or failed:
                self.update_doc_stats(document)
                yield document

    def _clean(self, page: Any, url: Any) -> dict[str, Any]:
        if self._cleaner is None:  # made where it works, so that the step itself is sent to workers small
            self._cleaner = PageCleaner(self.settings, self.memory)
        return self._cleaner.clean(page, url=url)
