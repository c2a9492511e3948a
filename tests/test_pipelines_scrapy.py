"""Scrapy: an item pipeline and a spider middleware, in real crawls of a server on this machine."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from boilerstrip import SiteMemory, clean
from tests.pipelines import (
    LARGE_ROWS,
    POISON,
    POISONED,
    STORY,
    WRONG_TYPE,
    expected_of_large,
    expected_of_poison,
    fixture_rows,
    require_library,
)

require_library("scrapy", "scrapy")
pytestmark = pytest.mark.pipelines

SPIDER = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Pages(scrapy.Spider):
    name = "pages"
    start_urls = json.loads(sys.argv[1])

    def parse(self, response):
        yield {item}
        if response.url == self.start_urls[0]:
            yield response.follow(response.url + "?again", callback=self.parse)

feeds = {{sys.argv[2]: {{"format": "jsonl"}}}}
settings = {{"FEEDS": feeds, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, **{settings}}}
crawl = CrawlerProcess(settings)
crawl.crawl(Pages)
crawl.start()
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def crawl(tmp_path: Path, urls: list[str], item: str, settings: dict[str, Any]) -> list[dict[str, Any]]:
    program = tmp_path / "crawl.py"
    program.write_text(SPIDER.format(item=item, settings=settings), encoding="utf-8")
    command = [sys.executable, str(program), json.dumps(urls), str(tmp_path / "items.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return [json.loads(line) for line in (tmp_path / "items.jsonl").read_text("utf-8").splitlines()]


def write_pages(folder: Path) -> dict[str, bytes]:
    pages = {f"{row['id']}.html": row["html"] for row in fixture_rows() if b"<html" in row["html"][:500]}
    for name, page in pages.items():
        (folder / name).write_bytes(page)
    return pages


def test_the_middleware_fills_items_from_their_responses(site: tuple[Path, str], tmp_path: Path) -> None:
    folder, address = site
    pages = write_pages(folder)
    items = crawl(
        tmp_path,
        [f"{address}/{name}" for name in pages],
        '{"place": response.url}',
        {"SPIDER_MIDDLEWARES": {"boilerstrip.pipelines.scrapy.StoryMiddleware": 550}},
    )
    found = {item["place"].removeprefix(address + "/"): item["text"] for item in items}
    expected = {name: clean(page, url=f"{address}/{name}").text for name, page in pages.items()}
    first = next(iter(pages))
    assert found == {**expected, f"{first}?again": expected[first]}
    assert set(items[0]) == {"place", "text", "title", "language", "status", "error"}


def test_the_pipeline_fills_items_that_hold_their_page(site: tuple[Path, str], tmp_path: Path) -> None:
    folder, address = site
    (folder / "a.html").write_text(f"<p>{STORY * 3}", encoding="utf-8")
    settings = {
        "ITEM_PIPELINES": {"boilerstrip.pipelines.scrapy.StoryPipeline": 300},
        "BOILERSTRIP": {"columns": ["text", "error"], "options": {"focus": "precision"}, "html": "page"},
    }
    item = '{"page": response.text if "again" in response.url else None}'
    items = crawl(tmp_path, [f"{address}/a.html"], item, settings)
    assert sorted(items, key=lambda item: item["text"] or "") == [
        {"page": None, "text": None, "error": "no page: the value is null"},
        {"page": f"<p>{STORY * 3}", "text": clean(f"<p>{STORY * 3}").text, "error": None},
    ]


def test_poison_is_an_error_in_its_item() -> None:
    from scrapy.utils.test import get_crawler

    from boilerstrip.pipelines.scrapy import StoryPipeline

    def fill(pages: Iterable[Any], settings: dict[str, Any]) -> list[dict[str, Any]]:
        pipeline = StoryPipeline.from_crawler(get_crawler(settings_dict={"BOILERSTRIP": settings}))
        items = [pipeline.process_item({"html": page}) for page in pages]
        return [{name: item[name] for name in settings["columns"]} for item in items]

    assert fill(POISON, POISONED) == expected_of_poison()
    expected = [{"status": "failed", "error": WRONG_TYPE}, *expected_of_large()]
    assert fill([7, *LARGE_ROWS], {"columns": ("status", "error")}) == expected


def test_a_memory_learns_while_the_crawl_goes_on(site: tuple[Path, str], tmp_path: Path) -> None:
    folder, address = site
    frame = "Letters from the readers of the valley are printed in this place in every second week of the month."
    for name in ("Ann", "Ben", "Cem", "Dan", "Eve", "Fay"):
        text = f"{frame}\n\n{(STORY * 2).replace('mayor', name)}"
        assert frame in clean(text).text  # by itself it might be a story's
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    settings = {
        "SPIDER_MIDDLEWARES": {"boilerstrip.pipelines.scrapy.StoryMiddleware": 550},
        "BOILERSTRIP_MEMORY": str(tmp_path / "memory.sqlite"),
    }
    urls = [f"{address}/{path.name}" for path in sorted(folder.iterdir())]
    items = crawl(tmp_path, urls, '{"place": response.url}', settings)
    assert frame not in items[-1]["text"]
    with SiteMemory(tmp_path / "memory.sqlite", read_only=True) as memory:
        assert memory.lookup("127.0.0.1", [frame]).pages_with_block == [7]


def test_items_with_fields_of_their_own_get_those_they_have() -> None:
    import scrapy
    from scrapy.utils.test import get_crawler

    from boilerstrip.pipelines.scrapy import StoryPipeline

    class Page(scrapy.Item):  # type: ignore[misc]
        html = scrapy.Field()
        text = scrapy.Field()

    pipeline = StoryPipeline.from_crawler(get_crawler())
    assert dict(pipeline.process_item(Page(html="<p>It rained.")))["text"] == "It rained."
