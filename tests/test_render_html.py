"""Clean HTML: the structure that was there, and nothing that runs."""

import re

import pytest

from boilerstrip import tags
from boilerstrip.page import Mark
from boilerstrip.render.html import render_html
from tests.injections import VECTORS
from tests.rendering import keep_all, make_block

ALLOWED_ELEMENTS = {
    *{"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "ul", "ol", "li", "dl", "dt", "dd", "br", "a", "img"},
    *{"table", "caption", "tr", "td", "th", "blockquote", "figure", "figcaption", *tags.MARK_ELEMENTS.values()},
}
ALLOWED_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "code": {"class"}}


def squeeze(source: str) -> str:
    return source.replace("\n", "")


@pytest.mark.parametrize(
    "source",
    [
        "<h1>one</h1><p>two <em>three</em> <strong>four</strong></p>",
        "<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>",
        '<ol start="2"><li>two</li><li>three</li></ol>',
        "<dl><dt>term</dt><dd>meaning</dd></dl>",
        "<blockquote><p>one</p><p>two</p></blockquote>",
        "<figure><p>one</p><figcaption>two</figcaption></figure>",
        "<table><caption>one</caption><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>",
        "<table><tr><td>a</td><td>b</td></tr><tr><td></td><td>d</td></tr></table>",
        "<table><tr><th>a</th><td>b</td></tr><tr><th>c</th><td><ul><li>d</li><li>e</li></ul></td></tr></table>",
        "<p>one<br>two</p>",
        "<p>H<sub>2</sub>O, x<sup>2</sup>, <del>no</del> <code>f(x)</code></p>",
        "<p>1 &lt; 2 &amp; 3</p>",
    ],
)
def test_structure_stays_as_it_was(source: str) -> None:
    page = re.sub(r'<ol start="2">', "<ol><li></li>", source)
    assert squeeze(render_html(keep_all(page))) == squeeze(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<div><li>one</li><li>two</li></div>", "<ul><li>one</li><li>two</li></ul>"),
        ("<ul><ul><li>one</li></ul></ul>", "<ul><li><ul><li>one</li></ul></li></ul>"),
        ("<ul>one<li>two</li></ul>", "<ul><li>one</li><li>two</li></ul>"),
        ("<dl><dd>one</dd>two</dl>", "<dl><dd>one</dd><dd>two</dd></dl>"),
        ("<menu><li>one</li></menu>", "<ul><li>one</li></ul>"),
        (
            "<table><tr><td></td><th>a</th><th>b</th></tr><tr><th>c</th><td></td><td>d</td></tr></table>",
            "<table><tr><th></th><th>a</th><th>b</th></tr><tr><th>c</th><th></th><td>d</td></tr></table>",
        ),
        ("<h3><button>one</button></h3>", "<h3>one</h3>"),
        ("<figcaption>one</figcaption>", "<p>one</p>"),
        ("<div><section><p>one</p></section></div>", "<p>one</p>"),
        ("<p><b>one</b><b>two</b> <i><em>three</em></i></p>", "<p><strong>onetwo</strong> <em>three</em></p>"),
    ],
)
def test_structure_is_made_valid(source: str, expected: str) -> None:
    assert squeeze(render_html(keep_all(source))) == expected


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr><td><h2>one</h2><p>two</p></td><td><table><tr><td>a</td></tr></table></td></tr></table>",
        "<table><tr><td><p>one</p></td></tr></table>",
        "<table><tr><td>1\n2</td><td><pre>x\ny</pre></td></tr><tr><td>3</td><td>z</td></tr></table>",
    ],
)
def test_tables_that_lay_out_the_page_are_left_out(source: str) -> None:
    assert "<t" not in render_html(keep_all(source))


def test_text_around_a_nested_list_stays_in_its_item() -> None:
    source = "<ul><li>one<ul><li>two</li></ul>three</li></ul>"
    assert squeeze(render_html(keep_all(source))) == "<ul><li><p>one</p><ul><li>two</li></ul><p>three</p></li></ul>"


def test_dropped_items_leave_the_numbers_of_the_others() -> None:
    source = "<ol><li>one</li><li>two</li><li>three</li></ol>"
    assert '<ol start="2">' in render_html(keep_all(source, lambda index: index > 0))


def test_an_empty_cell_keeps_its_column() -> None:
    source = "<table><tr><th>a</th><th>b</th><th>c</th></tr><tr><td>d</td><td></td><td>f</td></tr></table>"
    assert "<td>d</td>\n<td></td>\n<td>f</td>" in render_html(keep_all(source))


def test_a_rule_stands_between_blocks_that_are_neighbours_alone() -> None:
    source = "<p>one</p><hr><p>two</p><hr><p>Share</p><p>three</p><hr>"
    assert render_html(keep_all(source, lambda index: index != 2)) == "<p>one</p>\n<hr>\n<p>two</p>\n<p>three</p>\n"


@pytest.mark.parametrize(
    "attributes",
    ["lang='python'", "class='code' data-syntaxhighlighter-params='gutter: false; brush: python'"],
)
def test_the_language_of_code_is_told_by_what_names_it(attributes: str) -> None:
    assert render_html(keep_all(f"<pre {attributes}>x</pre>")) == (
        '<pre><code class="language-python">x</code></pre>\n'
    )


def test_code_keeps_its_bytes_and_its_language() -> None:
    text = "\n\tif a < b:\n        pass  \n"
    block = make_block(text, "/html[1]/body[1]/pre[1]", "code", Mark(0, len(text), "language", "", "python"))
    expected = '<pre><code class="language-python">\n\tif a &lt; b:\n        pass  \n</code></pre>\n'
    assert render_html([block]) == expected


def test_links_and_images_are_resolved_where_asked_for() -> None:
    source = '<p>see <a href="/about?a=1&amp;b=2">us</a> <img src="i.png" alt="A &quot;picture&quot;"></p>'
    blocks = keep_all(source)
    assert render_html(blocks) == "<p>see us </p>\n" or render_html(blocks) == "<p>see us</p>\n"
    shown = render_html(blocks, url="https://example.org/news/1", links=True, images=True)
    assert '<a href="https://example.org/about?a=1&amp;b=2">us</a>' in shown
    assert '<img src="https://example.org/news/i.png" alt="A &quot;picture&quot;">' in shown


def test_a_figure_without_text_stands_before_the_block_after_it() -> None:
    source = '<figure><img src="https://example.org/i.png"></figure><h2>one</h2>'
    expected = '<p><img src="https://example.org/i.png" alt=""></p><h2>one</h2>'
    assert squeeze(render_html(keep_all(source), images=True)) == expected


def test_lines_of_wrapped_plain_text_are_joined() -> None:
    assert render_html([make_block("one\ntwo", None)]) == "<p>one two</p>\n"


def test_deep_pages_are_rendered_by_their_roles() -> None:
    blocks = [make_block(f"item {n}", f"(//*)[{n}]", "list_item") for n in (700, 701)]
    assert squeeze(render_html(blocks)) == "<ul><li>item 700</li><li>item 701</li></ul>"
    assert render_html([make_block("x", "/html[1]" + "/blockquote[1]" * 5000, "quote")]).count("x") == 1


@pytest.mark.parametrize(
    "marks",
    [
        (Mark(0, 4, "strong"), Mark(2, 6, "emphasis")),
        (Mark(-5, 99, "strong"), Mark(4, 2, "emphasis"), Mark(3, 3, "link", "https://example.org")),
        (Mark(0, 6, "unknown"), Mark(1, 2, "strong"), Mark(1, 2, "strong")),
    ],
)
def test_marks_that_make_no_tree_lose_no_text(marks: tuple[Mark, ...]) -> None:
    source = render_html([make_block("abcdef", "/html[1]/body[1]/p[1]", "paragraph", *marks)], links=True)
    assert re.sub(r"<[^>]*>", "", source) == "abcdef\n"


def assert_harmless(source: str) -> None:
    """Every less-than sign opens an allowed element, with allowed attributes and allowed addresses."""
    matches = list(re.finditer(r"<(/?)([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*)>", source))
    assert len(matches) == source.count("<") == source.count(">"), source
    for match in matches:
        assert match[2] in ALLOWED_ELEMENTS, source
        for name, value in re.findall(r' ([a-z]+)="([^"]*)"', match[3]):
            assert name in ALLOWED_ATTRIBUTES.get(match[2], set()), source
            if name in ("href", "src"):
                assert re.match(r"https?:|mailto:|[^:]*(?:[/?#]|$)", value), source


def test_there_are_enough_injections() -> None:
    assert len(set(VECTORS)) >= 100


@pytest.mark.parametrize("vector", VECTORS)
def test_injections_come_out_harmless(vector: str) -> None:
    for source in (vector, f"<html><body><p>{vector}</p><div>{vector}</body></html>"):
        for url in (None, "https://example.org/", "javascript:alert(1)//", vector):
            assert_harmless(render_html(keep_all(source), title=vector, url=url, links=True, images=True))


@pytest.mark.parametrize("vector", VECTORS)
def test_injections_in_every_field_come_out_harmless(vector: str) -> None:
    marks = [Mark(0, len(vector), kind, vector, vector) for kind in ("link", "image", "code", "strong", vector)]
    for role in ("paragraph", "code", "heading", "list_item", "table_cell", vector):
        for path in ("/html[1]/body[1]/p[1]", "/html[1]/pre[1]", f"/{vector}", None):
            block = make_block(vector, path, role, *marks)
            assert_harmless(render_html([block], title=vector, url=vector, links=True, images=True))
