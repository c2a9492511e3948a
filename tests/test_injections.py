"""A thousand injections, looked at by a browser: nothing runs of any of them in HTML or in rendered Markdown."""

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest

from boilerstrip.blocks import Block
from boilerstrip.page import Mark
from boilerstrip.render.html import render_html
from boilerstrip.render.markdown import render_markdown
from tests.browser import Browser, needs_chromium
from tests.injections import VECTORS
from tests.rendering import keep_all, make_block
from tests.scale import SCALE
from tests.test_markdown_inert import READERS

pytestmark = [pytest.mark.slow, needs_chromium]

EVERY = 10 if SCALE == 1 else 1
"""Of so many injections the suite opens one."""
FRAMES = 100
"""Documents that the browser has open at a time."""


def read_text(place: str) -> Callable[[str], list[Block]]:
    """An injection as text of a page, in a place."""
    return lambda vector: keep_all(place.replace("{}", escape(vector.replace("\x00", ""))))


def mark(vector: str) -> list[Block]:
    """An injection in addresses and labels."""
    image = Mark(0, 0, "image", f"https://example.org/{vector}", vector)
    return [make_block("text", None, "paragraph", image, Mark(0, 4, "link", f"https://example.org/?{vector}"))]


WAYS: dict[str, Callable[[str], list[Block]]] = {
    "markup": lambda vector: keep_all(f"<p>before</p>{vector}<p>after</p>"),
    "text": read_text("<p>{}</p><h2>{}</h2><ul><li>{}<li>two</ul>"),
    "behind an address": read_text("<p>See https://example.org/a{} and www.example.org/{} here</p>"),
    "code": read_text("<pre>{}</pre><ul><li><p>a</p><pre>one\n\n{}</pre></ul><p><code>{}</code></p>"),
    "cells": read_text("<table><tr><td>{}<td>b<tr><td>c<td><code>{}</code></table>"),
    "formulas": read_text(
        "<p>so <span class=math-container>${}$</span>, <code>{}</code></p>"
        "<p><math><annotation encoding=application/x-tex>{}</annotation></math> a</p>"
        "<div class=arithmatex>\\[{}\\]</div>"
    ),
    "addresses and labels": mark,
}
"""What is made of an injection."""

WRITERS: dict[str, Callable[[list[Block], str], str]] = {
    "HTML": lambda blocks, title: render_html(blocks, title=title, links=True, images=True),
    **{
        name: lambda blocks, title, render=render: str(
            render(render_markdown(blocks, title=title, links=True, images=True))
        )
        for name, render in READERS.items()
    },
}

OPEN = """new Promise((resolve) => {
  document.body.replaceChildren();
  let waiting = PAGES.length;
  for (const page of PAGES) {
    const frame = document.createElement('iframe');
    frame.onload = () => {
      const elements = Array.from(frame.contentDocument.querySelectorAll('*'));
      elements.forEach((element) => { if (element.tagName !== 'A' && element.click) element.click(); });
      if (!--waiting) setTimeout(() => resolve(Array.from(document.querySelectorAll('iframe')).flatMap(COUNT)), 150);
    };
    frame.srcdoc = page;
    document.body.append(frame);
  }
})"""
COUNT = """(frame) => [
  ...Array.from(frame.contentDocument.scripts, (script) => script.outerHTML),
  ...Array.from(frame.contentDocument.links, (link) => link.protocol),
]"""


def write_pages(write: Callable[[list[Block], str], str]) -> Iterator[str]:
    for make in WAYS.values():
        for vector in VECTORS:
            written = write(make(vector), vector).encode("utf-8", "replace").decode()
            # An image from elsewhere is one that cannot be loaded, without asking the network for it.
            yield re.sub(r'src="https?:[^"]*"', 'src="x"', written)


def test_there_are_as_many_as_promised() -> None:
    assert len(set(VECTORS)) * len(WAYS) >= 1029


def test_the_browser_shows_what_runs(tmp_path: Path) -> None:
    """The test itself: each of these does run where nothing was done about it."""
    pages = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<p onclick=alert(1)>x"]
    with Browser(tmp_path) as browser:
        assert look_at(browser, tmp_path, pages)
        assert len(browser.dialogs) == 3


@pytest.mark.parametrize("writer", WRITERS)
def test_nothing_runs(writer: str, tmp_path: Path) -> None:
    pages = list(write_pages(WRITERS[writer]))[::EVERY]
    with Browser(tmp_path) as browser:
        for first in range(0, len(pages), FRAMES):
            found = look_at(browser, tmp_path, pages[first : first + FRAMES])
            assert browser.dialogs == []
            assert set(found) <= {"http:", "https:", "mailto:", "file:", "about:", ":"}


def look_at(browser: Browser, folder: Path, pages: list[str]) -> list[str]:
    """Open each page in a frame, click on all of it: scripts and schemes of links that stand there."""
    (folder / "empty.html").write_text("<!doctype html><meta charset=utf-8><body>")
    browser.open(folder / "empty.html")
    return list(browser.evaluate(OPEN.replace("COUNT", COUNT).replace("PAGES", json.dumps(pages))))
