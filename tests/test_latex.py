"""MathML that brings no LaTeX: readable in the text, LaTeX in every format with markup, and never twice."""

import pytest
from lxml import html

from boilerstrip import clean
from boilerstrip.render.markdown import render_markdown
from boilerstrip.segment.latex import write_latex
from tests.rendering import assert_reads_back, keep_all
from tests.samples import STORY

ROW = "<mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow>"


@pytest.mark.parametrize(
    ("source", "latex"),
    [
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x^{2}"),
        (f"<mfrac>{ROW}<mi>c</mi></mfrac>", r"\frac{a + b}{c}"),
        ("<msqrt><mn>2</mn><mi>g</mi><mi>h</mi></msqrt>", r"\sqrt{2gh}"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        ("<mi>α</mi><mi>x</mi><mo>&#8290;</mo><mi>β</mi>", r"\alpha x\beta"),
        ("<mo>−</mo><mi>b</mi><mo>±</mo><mi>c</mi>", r"-b \pm c"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>",
            r"\sum_{i = 1}^{n} i",
        ),
        ("<munder><mi>lim</mi><mi>n</mi></munder><mi>f</mi>", r"\lim_{n} f"),
        ("<munder><mi>u</mi><mi>n</mi></munder>", r"\underset{n}{u}"),
        ("<mover><mi>x</mi><mo>¯</mo></mover><mover><mi>v</mi><mo>→</mo></mover>", r"\overline{x}\vec{v}"),
        ("<msup><msub><mi>x</mi><mn>1</mn></msub><mn>2</mn></msup>", "{x_{1}}^{2}"),
        (f"<msup>{ROW}<mn>2</mn></msup>", "{a + b}^{2}"),
        (f"<msup><mfenced>{ROW}</mfenced><mn>2</mn></msup>", "(a + b)^{2}"),
        ("<mfenced open='{' close='}'><mi>a</mi><mi>b</mi></mfenced>", r"\{a, b\}"),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mi>ω</mi></mtd></mtr><mtr><mtd><mn>3</mn></mtd></mtr></mtable>",
            r"\begin{matrix} 1 & \omega \\ 3 \end{matrix}",
        ),
        ("<mtext>50% of {x}</mtext><mspace width='1em'/><mi>x</mi>", r"\text{50\% of \{x\}} x"),
        ("<mi mathvariant='bold'>F</mi><mi>sin</mi><mi>θ</mi><mi>km</mi>", r"\mathbf{F}\sin \theta \mathrm{km}"),
        ("<semantics><mi>a</mi><annotation>b</annotation></semantics><mphantom><mi>c</mi></mphantom>", "a"),
        (r"<mtext>a\b</mtext><mo>＼</mo><mn>１</mn><mo>＄</mo>", r"\text{a\textbackslash{}b}\setminus 1\$"),
        ("<mlongdiv><mn>2</mn></mlongdiv>", ""),
        ("<mrow>" * 60 + "<mi>x</mi>" + "</mrow>" * 60, ""),
    ],
)
def test_mathml_is_latex(source: str, latex: str) -> None:
    assert write_latex(html.fromstring(f"<math>{source}</math>")) == latex


def test_text_is_readable_and_markup_is_latex() -> None:
    speed = f"<math><msup>{ROW}<mn>2</mn></msup></math>"
    line = STORY[0].replace(",", f", as {speed} and <b>nothing</b> else,", 1)
    document = clean(f"<article><p>{line}</p>{''.join(f'<p>{line}</p>' for line in STORY[1:])}</article>")
    assert "as (a + b)^2 and nothing else" in document.text
    for written in (document.to_markdown(), document.to_html()):
        assert "as ${a + b}^{2}$ and" in written
        assert "(a + b)^2" not in written
    assert "**nothing** else" in document.to_markdown()


def test_an_element_that_has_no_latex_is_what_a_reader_types() -> None:
    blocks = keep_all("<p>so <math><mlongdiv><mi>a</mi><mn>2</mn></mlongdiv></math> is</p>")
    assert [block.text for block in blocks] == ["so a2 is"]
    assert blocks[0].marks == ()


@pytest.mark.parametrize(
    "place",
    [
        "<p>{} is</p>",
        "<h2>so {}</h2>",
        "<table><tr><td>{}<td>b<tr><td>c<td>{} d</table>",
        "<ul><li>{}<sup>2</sup> b</ul>",
    ],
)
@pytest.mark.parametrize(
    "source",
    ["<msqrt><mi>h</mi></msqrt>", "<mo>‖</mo><mi>a</mi><mo>|</mo>", "<mo>&lt;</mo><mi>b</mi>", "<mn>$5</mn>"],
)
def test_formulas_read_back(place: str, source: str) -> None:
    assert_reads_back(keep_all(place.replace("{}", f"<math display=block>{source}</math>")))


DELIMITED = r"so \(F = m_1 \cdot <i>g</i>\) and \[a &lt; b\] or $$c$$, not <code>\(d\)</code> nor \(e"


@pytest.mark.parametrize(
    "script", ["cdn/npm/mathjax@3/es5/tex-mml-chtml.js", "/js/MathJax.js?config=x", "/katex/contrib/auto-render.min.js"]
)
def test_formulas_that_a_script_of_the_page_draws_are_formulas(script: str) -> None:
    page = f"<html><head><script src='{script}'></script></head><body><p>{DELIMITED}</p><pre>\\(f\\)</pre>"
    blocks = keep_all(page)
    formulas = [mark.label for block in blocks for mark in block.marks if mark.kind == "formula"]
    assert formulas == [r"$F = m_1 \cdot g$", "$$a < b$$", "$$c$$"]
    assert blocks[0].text == r"so \(F = m_1 \cdot g\) and \[a < b\] or $$c$$, not \(d\) nor \(e"
    assert render_markdown(blocks).startswith(r"so $F = m_1 \cdot g$ and $$a < b$$ or $$c$$, not `\(d\)` nor")
    assert_reads_back(blocks)


def test_without_such_a_script_they_are_text() -> None:
    blocks = keep_all(f"<html><head><script src='/js/main.js'></script></head><body><p>{DELIMITED}</p>")
    assert [mark for mark in blocks[0].marks if mark.kind == "formula"] == []
