"""Nothing of a page's text is live in Markdown, whichever reader renders it, and nothing stands too deep to be read."""

import re
from collections.abc import Callable
from html import escape
from typing import Any

import cmarkgfm
import markdown
import mistune
import pytest
from cmarkgfm.cmark import Options
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from benchmarks.markdown import read_words, render_commonmark
from boilerstrip.page import Mark
from boilerstrip.render.markdown import render_markdown
from boilerstrip.tags import HEADINGS, MARK_ELEMENTS
from tests.injections import VECTORS
from tests.rendering import assert_reads_back, keep_all, make_block

READERS: dict[str, Callable[[str], Any]] = {
    "cmark-gfm": lambda text: cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE),
    "markdown-it": MarkdownIt("commonmark").enable(["table", "strikethrough"]).render,
    "mistune": mistune.create_markdown(escape=False, plugins=["url", "table", "strikethrough", "footnotes"]),
    "Python-Markdown": lambda text: markdown.markdown(text, extensions=["extra"]),
}
"""Every reader lets elements stand, as they do by default or when they are asked to."""

ALLOWED = {*MARK_ELEMENTS.values(), *HEADINGS, "html", "body", "div", "p", "ul", "ol", "li", "blockquote", "pre", "hr"}
ALLOWED |= {"table", "thead", "tbody", "tr", "th", "td", "br", "a", "img", "span"}
ALLOWED_ATTRIBUTES = frozenset({"href", "src", "alt", "title", "class", "lang", "start", "align", "style", "id"})
PLACES = (
    "<p>{}</p>", "<p>See https://example.org/a{} and www.example.org/{} here</p>", "<h2>{}</h2>", "<p>a<br>{}<br>b</p>",
    "<ul><li>{}<li>two</ul>", "<blockquote><p>{}</blockquote>", "<p><code>{}</code> <b>{}</b></p>",
    "<pre>{}</pre>", "<ul><li><p>a</p><pre>one\n\n{}</pre></ul>", "<blockquote><pre>one\n\n{}</pre></blockquote>",
    "<table><tr><td>{}<td>b<tr><td>c<td><code>{}</code></table>",
    "<ol><li>a<ol><li>{}</ol></ol>", "<dl><dt>{}<dd>{}</dl>",
    "<p>so <span class=math-container>${}$</span>, <code>{}</code>", "<div class=arithmatex>\\[{}\\]</div>",
    "<p>a <math><annotation encoding=application/x-tex>{}</annotation></math> b</p>",
)  # fmt: skip


def find_live(rendered: str) -> list[str]:
    """Elements, attributes and addresses that no Markdown of ours has."""
    root = lxml_html.document_fromstring(f"<html><body>{rendered}</body></html>")
    live = []
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag not in ALLOWED:
            live.append(str(element.tag))
            continue
        live += [name for name in element.attrib if name not in ALLOWED_ATTRIBUTES]
        for name in ("href", "src"):
            scheme = re.match(r"[^a-z]*([a-z]+):", element.get(name, "").lower())
            if scheme and scheme[1] not in ("http", "https", "mailto"):
                live.append(f"{name}={element.get(name)}")
    return live


@pytest.mark.parametrize("vector", VECTORS)
def test_injections_as_text_are_text_to_every_reader(vector: str) -> None:
    text = escape(vector.replace("\x00", ""))
    written = render_markdown(keep_all("".join(place.replace("{}", text) for place in PLACES)), links=True, images=True)
    assert {name: live for name, render in READERS.items() if (live := find_live(render(written)))} == {}


@pytest.mark.parametrize(
    "formula",
    ["[a](javascript:alert(1))", "![a](x)", "`", "a<b onclick=c>", "[a]: javascript:b", "</p>", "<!--", "<?x"],
)
def test_a_formula_is_inert_to_readers_that_know_none(formula: str) -> None:
    source = (
        f"<p>so <span class=math-container>${escape(formula)}$</span> and <code>&lt;script>a&lt;/script></code></p>"
    )
    blocks = [*keep_all(source), make_block(f"${formula}$", None, "p", Mark(0, len(formula) + 2, "formula"))]
    written = render_markdown(blocks, links=True, images=True)
    assert {name: live for name, render in READERS.items() if (live := find_live(render(written)))} == {}
    assert "<a" not in "".join(render(written) for render in READERS.values())
    assert "<img" not in "".join(render(written) for render in READERS.values())
    assert_reads_back(keep_all(source))


@pytest.mark.parametrize("vector", VECTORS)
def test_injections_as_markup_are_left_out_for_every_reader(vector: str) -> None:
    image = Mark(0, 0, "image", f"https://example.org/{vector}", vector)
    link = Mark(0, 4, "link", f"https://example.org/?{vector}")
    blocks = [
        *keep_all(f"<p>before</p>{vector}<p>after</p>"),
        make_block("text", "/html[1]/body[1]/p[9]", "p", image, link),
    ]
    written = render_markdown(blocks, title=vector, links=True, images=True)
    assert {name: live for name, render in READERS.items() if (live := find_live(render(written)))} == {}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "text", ["a < b & c", "AT&T, R&D", "&amp; &lt;b&gt; &copy; &#35; &#x23;", "<b>x</b>", "x&lty", "<-"]
)
def test_signs_of_markup_are_shown_as_they_are(text: str, reader: str) -> None:
    written = render_markdown([make_block(text)])
    root = lxml_html.document_fromstring(f"<html><body>{READERS[reader](written)}</body></html>")
    assert read_words(root) == text.split()


@pytest.mark.parametrize(
    "box", ["<ul><li>", "<ol><li>", "<blockquote>", "<dl><dt>a<dd>", "<li>", "<ul>", "<table><tr><td>"]
)
def test_what_nests_deep_is_read_by_every_reader(box: str) -> None:
    source = f"<div>{box * 60}deep down</div><p>after</p>"
    assert_reads_back(keep_all(source))
    written = render_markdown(keep_all(source))
    for name, render in READERS.items():
        assert "deep down" in " ".join(re.sub(r"<[^>]*>", " ", render(written)).split()), name


def test_code_in_an_item_is_code() -> None:
    written = render_markdown(keep_all("<ul><li><p>a</p><pre>&lt;b&gt;\n\n&amp;lt;</pre></ul>"))
    assert [element.text for element in render_commonmark(written).iter("code")] == ["<b>\n\n&lt;"]
