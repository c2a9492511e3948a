"""Markdown that reads back as the text it was made of."""

from dataclasses import replace
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fixtures import Fixture
from benchmarks.markdown import find_elements, find_round_trip_failures, render_commonmark
from boilerstrip import clean
from boilerstrip.page import Mark
from boilerstrip.render.markdown import render_markdown
from boilerstrip.render.markdown_inline import write_code
from tests.pages import PAGES
from tests.rendering import assert_reads_back, keep_all, make_block


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("<h2>one</h2><p>two</p>", "## one\n\ntwo\n"),
        ("<p>one<br>two</p>", "one\\\ntwo\n"),
        ("<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>", "- one\n  - two\n- three\n"),
        ("<ol><li>one<ol><li>two</li></ol></li><li>three</li></ol>", "1. one\n   1. two\n2. three\n"),
        ("<ul><li>one</li></ul><ul><li>two</li></ul>", "- one\n\n* two\n"),
        ("<ul><li><p>one</p><p>two</p></li><li>three</li></ul>", "- one\n\n  two\n\n- three\n"),
        ("<dl><dt>term</dt><dd>one</dd><dd>two</dd></dl>", "**term**\n\none\n\ntwo\n"),
        ("<ul><li>one<dl><dt><code>x</code></dt><dd>two</dd></dl></li></ul>", "- one\n\n  **`x`**\n\n  two\n"),
        ("<h3><div><p>one</p></div></h3><p>two</p>", "### one\n\ntwo\n"),
        ("<h3><p>one</p><p>two</p></h3>", "one\n\ntwo\n"),
        (
            "<table><tr><th>a</th><th>b</th></tr><td>c</td><td>d</td></tr><td>e</td><td>f</td></tr></table>",
            "| a | b |\n| --- | --- |\n| c | d |\n| e | f |\n",
        ),
        ("<blockquote><p>one</p><p>two</p></blockquote>", "> one\n>\n> two\n"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>",
            "| a | b |\n| --- | --- |\n| c | d |\n",
        ),
        (
            "<table><tr><th>a</th><td>b</td></tr><tr><th>c</th><td><ul><li>d</li><li>e</li></ul></td></tr></table>",
            "| a | b |\n| --- | --- |\n| c | <ul> <li>d</li> <li>e</li> </ul> |\n",
        ),
        (
            "<table><tr><th rowspan='2'>a</th><th>b</th></tr><tr><td>c</td></tr><tr><td>d</td><td>e</td></tr></table>",
            "| a | b |\n| --- | --- |\n|  | c |\n| d | e |\n",
        ),
        (
            "<table><tr><th colspan='2'>a</th><th>b</th></tr><tr><td>c</td><td>d</td><td>e</td></tr></table>",
            "| a |  | b |\n| --- | --- | --- |\n| c | d | e |\n",
        ),
        (
            "<table><tr><td></td><th>Mon</th><th>Tue</th></tr><tr><th>Noon</th><td>open</td><td>shut</td></tr></table>",
            "|  | Mon | Tue |\n| --- | --- | --- |\n| Noon | open | shut |\n",
        ),
        (
            "<table><tr><th>a</th><th>b</th><th>c</th></tr>"
            "<tr><th><img src='/x.png'></th><td>d</td><td> </td></tr></table>",
            "| a | b | c |\n| --- | --- | --- |\n|  | d |  |\n",
        ),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td><pre>one |\n  two</pre></td><td>c</td></tr></table>",
            "| a | b |\n| --- | --- |\n| `one \\|`<br> `  two` | c |\n",
        ),
        (
            "<del><p>one</p><p>two <b>three</b> 3</p></del><strong><div>four</div><div>five<br><br>six</div></strong>7",
            "~~one~~\n\n~~two **three** 3~~\n\n**four**\n\n**five**\n\n**six**\n\n7\n",
        ),
        ("<p>one</p><hr><p>two</p><hr><ul><li>three</li></ul>", "one\n\n---\n\ntwo\n\n---\n\n- three\n"),
        ("<hr><blockquote><p>one</p><hr><p>two</p></blockquote><hr>", "> one\n>\n> ---\n>\n> two\n"),
        ("<ul><li>one<hr></li><li>two</li></ul>", "- one\n- two\n"),
        ("<pre>one</pre><pre>  two</pre><pre>three</pre>", "```\none\n  two\nthree\n```\n"),
        ("<p>Above.</p><hr><pre>a</pre><pre>b</pre><pre>c</pre>", "Above.\n\n---\n\n```\na\nb\nc\n```\n"),
        ("<pre>one</pre><pre>two</pre>", "```\none\n```\n\n```\ntwo\n```\n"),
        (
            "<pre lang='r'>a</pre><pre lang='js'>b</pre><pre lang='en'>c</pre>",
            "```r\na\n```\n\n```js\nb\n```\n\n```\nc\n```\n",
        ),
        ("<p>10<sup>10<sup>6</sup></sup> e<sup>-x/2</sup></p>", "10<sup>10<sup>6</sup></sup> e<sup>-x/2</sup>\n"),
        ("<p>2<sup>1</sup>/<sub>2</sub> 3<sup>3</sup></p>", "2 <sup>1</sup>/<sub>2</sub> 3<sup>3</sup>\n"),
        ("<ol reversed><li>one</li><li>two</li><li>three</li></ol>", "3. one\n2. two\n1. three\n"),
        ("<div><code>a = 1<br>b = 2</code></div>", "```\na = 1\nb = 2\n```\n"),
        ("<p>an <em>apt</em> <strong>word</strong>, <del>not</del> <code>f(*x)</code></p>", None),
    ],
)
def test_markdown_has_the_structure_of_the_page(source: str, markdown: str | None) -> None:
    expected = markdown or "an *apt* **word**, ~~not~~ `f(*x)`\n"
    assert render_markdown(keep_all(source)) == expected
    assert_reads_back(keep_all(source))


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        (
            "<ul class='contains-task-list'><li><input type=checkbox checked> one<ul class='task-list'><li><label>"
            "<input type=Checkbox>two</label></li></ul></li><li><p><input type=checkbox> three</p></li></ul>",
            "- [x] one\n  - [ ] two\n- [ ] three\n",
        ),
        (
            "<ul class='brands'><li><input type=checkbox checked> one</li></ul>"
            "<ol class='tasks'><li><input type=checkbox> two</li><li>three <input type=checkbox></li></ol>"
            "<ul class='tasks'><li>four <input type=checkbox></li><li><input type=text> five</li></ul>",
            "- one\n\n1) two\n2) three\n\n- four\n- five\n",
        ),
    ],
)
def test_tasks_are_written_as_github_reads_them(source: str, markdown: str) -> None:
    assert render_markdown(keep_all(source)) == markdown


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("<ul><li>• oats</li><li>– hay</li><li>* barley</li></ul>", "- oats\n- hay\n- barley\n"),
        ("<ol start='7'><li>7. oats</li><li>8) hay</li></ol>", "7. oats\n8. hay\n"),
        ("<ol><li><b>1.</b> oats</li><li>2. hay</li></ol>", "1. **1.** oats\n2. 2\\. hay\n"),
        ("<ul><li>• - oats</li><li>• # hay</li></ul>", "- \\- oats\n- \\# hay\n"),
        ("<ul><li>– 5 degrees</li><li>mild</li></ul>", "- – 5 degrees\n- mild\n"),
        ("<ul><li>– 5 degrees</li><li>– 7 degrees</li></ul>", "- – 5 degrees\n- – 7 degrees\n"),
        ("<ul><li>— Good day.</li><li>— Is it?</li></ul>", "- — Good day.\n- — Is it?\n"),
        ("<ol><li>1. FC Uist</li></ol>", "1. 1\\. FC Uist\n"),
        ("<ul><li>a) oats</li><li>b) hay</li></ul>", "- a) oats\n- b) hay\n"),
    ],
)
def test_items_that_bring_the_bullet_or_the_number_of_their_list_have_it_once(source: str, markdown: str) -> None:
    assert render_markdown(keep_all(source)) == markdown


@pytest.mark.parametrize(
    "text",
    [
        "# no heading", "####### none", "- no item", "+ none", "* none", "1. May", "12) May", "> no quotation",
        "=====", "-----", "- - -", "* * *", "___", "_ _ _", "a\n---", "a\n===", "a | b\n--- | ---", "a\n:--",
        "```\nno code\n```", "~~~", "`no code`", "``", "*no emphasis*", "_none_", "__none__", "snake_case_word",
        "____", "~~not deleted~~", "[no](link)", "[none]: https://example.org", "![none](x)", "[^1]", "[x]",
        "- [ ] task", "<b>none</b>", "<https://a.b>", "<!-- none -->", "a < b > c", "&amp; &copy; &#35; &", "\\",
        "a\\", "\\*", "C:\\dir\\*.txt", "a  \nb", "a\\\nb", "    no code", "\tno code", "1986\\. A year", "#", "# #",
        "a #", "a ##", "C#", "|", "| a |", "!", "a!", "$x_1$", "a\u00a0b", "\u00a0", "a\u2028b",
        "www.example.org/a_b*c", "a@b.org", ":smile:", "\"q\" 'q' “q”", "漢字*漢字*", "100 % *", "*", "**", "_",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/html[1]/body[1]/p[1]", "paragraph"),
        ("/html[1]/body[1]/h2[1]", "heading"),
        ("/html[1]/body[1]/ul[1]/li[1]", "list_item"),
        ("/html[1]/body[1]/blockquote[1]/p[1]", "quote"),
        ("/html[1]/body[1]/pre[1]", "code"),
    ],
)
def test_signs_in_the_text_are_no_markup(text: str, path: str, role: str) -> None:
    assert_reads_back([make_block(text, path, role)])
    assert_reads_back([make_block("before", path), make_block(text, path, role), make_block("after", path)])


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("<p>It costs $5/<i>{}</i>, or $7.", r"It costs \$5/$a = b$, or \$7."),
        ("<p><b>$5</b> and {}", r"**\$5** and $a = b$"),
        ("<p>It costs $5, or $7.", "It costs $5, or $7."),
    ],
)
def test_a_sign_of_money_beside_a_formula_begins_none(source: str, written: str) -> None:
    blocks = keep_all(source.format('<script type="math/tex">a = b</script>'))
    assert render_markdown(blocks) == f"{written}\n"
    assert_reads_back(blocks)


def test_an_image_of_one_pixel_and_one_without_an_address_are_none() -> None:
    source = "<p>one</p><img src='/count.gif' width='1' height='1'><p>two <img src='' alt='x'> three</p>"
    blocks = keep_all(source)
    assert "![" not in render_markdown(blocks, url="https://x.example/", images=True)


def test_empty_cells_keep_their_columns() -> None:
    rows = "<tr><td>c</td><td></td><td></td></tr><tr><td></td><td>e</td><td>f</td></tr>"
    source = f"<table><tr><th>a</th><th>b</th><th></th></tr>{rows}</table>"
    expected = "| a | b |  |\n| --- | --- | --- |\n| c |  |  |\n|  | e | f |\n"
    assert render_markdown(keep_all(source)) == expected
    without_b = render_markdown(keep_all(source, lambda index: index != 1))
    assert without_b == expected.replace(" b |", "  |")


def test_an_image_behind_a_text_is_apart_from_it() -> None:
    source = '<p>one <b>two</b><img src="https://example.org/a.png" alt="a"><img src="https://example.org/b.png"></p>'
    shown = "one **two** ![a](https://example.org/a.png) ![](https://example.org/b.png)\n"
    assert render_markdown(keep_all(source), images=True) == shown


@pytest.mark.parametrize("text", ["|", "a|b", "\\|", "`|`", "| a |", "\\", "a\nb", "- a", "# a", "*a*"])
def test_signs_in_a_cell_are_no_markup(text: str) -> None:
    cell = f"<td>{escape(text)}</td><td><code>{escape(text)}</code></td>"
    blocks = keep_all(f"<table><tr>{cell}</tr><tr>{cell}</tr></table>")
    assert_reads_back(blocks)
    assert find_elements(render_markdown(blocks))["table cells"].total() <= 4


@pytest.mark.parametrize(
    "source",
    [
        '<p>foo<b>"bar"</b>baz</p>',
        "<p>foo<b>bar</b>baz</p>",
        "<p>这是<b>“重点”</b>内容</p>",
        "<p><b>one</b><i>two</i></p>",
        "<p><b><i>one</i> two</b></p>",
        "<p><i>one <b>two</b></i></p>",
        "<p><b>*</b> <i>_</i></p>",
        "<p><b> one </b>two</p>",
        "<p>a<i>€1</i>b</p>",
        "<p><del>~</del><del>~~</del></p>",
        "<p><b>one<br>two</b></p>",
        '<p>wow!<a href="https://example.org/(a)_b c|d">[x]</a></p>',
        '<p><a href="/x"><code>a]: b</code></a></p>',
        '<p><a href="/x"><img src="/i.png" alt="a] ![*b*]"></a> <b><a href="/y">c</a></b></p>',
        "<p><code>a`b</code> <code>`</code> <code>``</code> <code> a </code></p>",
        "<p><code>a</code><code>b</code></p>",
    ],
)
def test_inline_markup_reads_back(source: str) -> None:
    assert_reads_back(keep_all(source))


def test_emphasis_that_delimiters_cannot_express_is_an_element() -> None:
    assert render_markdown(keep_all('<p>a<b>"b"</b>c</p>')) == 'a<strong>"b"</strong>c\n'
    assert render_markdown(keep_all("<p>a<b>b</b>c</p>")) == "a**b**c\n"


@pytest.mark.parametrize(
    "text", ["a\n", "a", "\n\n  a\n\tb\n\n", "```\nx\n```\n", "````", "  ", "a\n```\nb", "x | y", "<b>&amp;"]
)
@pytest.mark.parametrize("path", ["/html[1]/body[1]/pre[1]", "/html[1]/body[1]/ul[1]/li[1]/pre[1]"])
def test_code_keeps_its_bytes_and_its_language(text: str, path: str) -> None:
    block = make_block(text, path, "code", Mark(0, len(text), "language", "", "c++"))
    code = next(render_commonmark(render_markdown([block])).iter("code"))
    assert code.get("class") == "language-c++"
    assert code.text_content().removesuffix("\n") == text.removesuffix("\n")


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("<pre class='src src-emacs-lisp'>x</pre>", "emacs-lisp"),
        ("<pre data-enlighter-language='json'>x</pre>", "json"),
        ("<div class='highlight-source-shell'><pre>x</pre></div>", "shell"),
        ("<pre class='brush: java; toolbar: false'>x</pre>", "java"),
        ("<pre class='source'>x</pre>", ""),
        (
            "<figure class='highlight ruby'><table><tr><td class=gutter><pre>1</pre></td><td class=code><pre>x</pre>"
            "</td></tr></table></figure>",
            "ruby",
        ),
        (
            "<div class='syntaxhighlighter nogutter cpp'><table><tr><td class=gutter><div>1</div></td>"
            "<td class=code><div><div>x</div></div></td></tr></table></div>",
            "cpp",
        ),
        (
            "<div class=highlight-sql><table class=lntable><tr><td class=lineno>1</td><td><code>x</code></td></tr>"
            "</table></div>",
            "sql",
        ),
    ],
)
def test_code_is_fenced_with_the_language_that_the_page_names(source: str, language: str) -> None:
    assert render_markdown(keep_all(source)) == f"```{language}\nx\n```\n"


def test_a_language_that_is_none_is_left_out() -> None:
    block = make_block("x", "/html[1]/body[1]/pre[1]", "code", Mark(0, 1, "language", "", "a b`\n"))
    assert render_markdown([block]) == "```\nx\n```\n"


@given(st.text("`| a", min_size=1, max_size=12).filter(lambda text: text.strip() == text))
def test_code_spans_hold_any_backticks(text: str) -> None:
    assert next(render_commonmark(write_code(text)).iter("code")).text_content() == text


def test_the_title_stands_on_top() -> None:
    assert render_markdown([make_block("one")], title="Rain *or* shine") == "# Rain \\*or\\* shine\n\none\n"
    assert render_markdown([], title="Rain") == "# Rain\n"
    assert render_markdown([]) == ""


def test_images_stand_where_they_were() -> None:
    source = '<figure><img src="/i.png" alt="a [b]"></figure><p>one <img src="/j.png"> two</p>'
    markdown = render_markdown(keep_all(source), url="https://example.org/x/", images=True)
    assert markdown.startswith("![a \\[b\\]](https://example.org/i.png)\n\none")
    assert "![](https://example.org/j.png)" in markdown


def test_the_image_of_a_dropped_caption_leads_the_next_block() -> None:
    source = "<p>one</p><figure><img src=/i.png alt=hill><figcaption>A hill</figcaption></figure><p>two</p>"
    blocks = [block if block.text != "A hill" else replace(block, kept=False) for block in keep_all(source)]
    assert render_markdown(blocks, images=True) == "one\n\n![hill](/i.png)\n\ntwo\n"


@pytest.mark.parametrize(
    ("below", "shown"),
    [("<ul><li>two</ul>", "- two\n"), ("<blockquote><p>two</blockquote>", "> two\n"), ("<h2>two</h2>", "## two\n")],
)
def test_the_image_of_a_dropped_caption_stands_in_front_of_the_next_structure(below: str, shown: str) -> None:
    source = f"<p>one</p><figure><img src=/i.png alt=hill><figcaption>A hill</figcaption></figure>{below}"
    blocks = [block if block.text != "A hill" else replace(block, kept=False) for block in keep_all(source)]
    markdown = render_markdown(blocks, images=True)
    assert markdown.startswith("one") and markdown.endswith(f"![hill](/i.png)\n\n{shown}")


def test_a_link_around_blocks_is_one_in_each_of_them() -> None:
    linked = "<a href=/x><h2>one</h2><p>two</p></a><p>three</p>"
    assert render_markdown(keep_all(linked), links=True) == "## [one](/x)\n\n[two](/x)\n\nthree\n"
    never_closed = "<a href=/x>" + "<p>word</p>" * 40
    assert "/x" not in render_markdown(keep_all(never_closed), links=True)


TOKENS = st.sampled_from(
    [
        "word", "b c", "*", "**", "_", "__", "~~", "`", "``", "[x]", "](u)", "![", "<b>", "&amp;", "&copy;", "1.", "2)",
        "#", "-", "+", "---", "===", ">", "\\", "“q”", "(p)", "é", "漢字", "€", ".", ":--", "[^1]", "<!--", " ", "\t",
        "!", "|",
        "| a |",
    ]
)  # fmt: skip
TEXTS = st.lists(TOKENS, min_size=1, max_size=5).map(lambda tokens: escape("".join(tokens)))


INLINE = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(st.sampled_from(["em", "strong", "code", "sub", "del", "span"]), inner).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
        inner.map(lambda text: f'<a href="/x(y)_*">{text}</a>'),
        inner.map(lambda text: f'{text}<br><img src="/i.png" alt="[*]">'),
    ),
    max_leaves=6,
)
LEAVES = ["p", "h2", "li", "pre", "td", "dd", "blockquote", "figcaption", "div"]
BOXES = ["ul", "ol", "dl", "li", "dt", "dd", "blockquote", "table", "tr", "td", "th", "caption", "figure", "div"]
BLOCKS = st.recursive(
    st.tuples(st.sampled_from(LEAVES), INLINE),
    lambda inner: st.tuples(st.sampled_from(BOXES), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=8,
)


def write_page(block: object) -> str:
    if isinstance(block, str):
        return block
    if isinstance(block, list):
        return "".join(map(write_page, block))
    assert isinstance(block, tuple)
    return f"<{block[0]}>{write_page(block[1])}</{block[0]}>"


@given(st.lists(BLOCKS, min_size=1, max_size=3), st.integers(1, 4))
def test_any_page_reads_back(blocks: list[object], drop_every: int) -> None:
    source = f"<html><body>{write_page(blocks)}</body></html>"
    assert_reads_back(keep_all(source, lambda index: (index + 1) % (drop_every + 1) > 0))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_fixtures_read_back(page: Fixture) -> None:
    assert find_round_trip_failures(clean(page.source)) == []
