"""What the walk makes of each kind of element: every column of the blocks, the boxes around them, and the elements."""

from dataclasses import dataclass, field
from html import escape

import pytest

from boilerstrip.segment.html import segment_html


@dataclass(frozen=True)
class Case:
    """A page, and the columns that it is cut into; those that are left out are empty in every place."""

    source: str
    texts: list[str]
    tags: str
    roles: str
    boxes: str
    """``tag:parent:first-last`` of each box."""
    elements: str
    """``tag:depth`` of each element."""
    marks: list[tuple[object, ...]] = field(default_factory=list)
    """Block, start, end, kind, target and label of each mark."""
    images: list[int] = field(default_factory=list)
    controls: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


CASES: tuple[Case, ...] = (
    Case(
        '<p>one <b>two</b> <i>three</i><a href="/x">four</a></p>',
        texts=["one two threefour"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 b:3 i:3 a:3",
        marks=[(0, 4, 7, "strong", "", ""), (0, 8, 13, "emphasis", "", ""), (0, 13, 17, "link", "/x", "")],
        links=[4],
    ),
    Case(
        '<div>a<a href="/x">b<h2>c</h2><p>d <a href="/y">e</a></p></a>f</div>',
        texts=["ab", "c", "d e", "f"],
        tags="div h2 p div",
        roles="paragraph heading paragraph paragraph",
        boxes="html:-1:0-4 body:0:0-4 div:1:0-4 h2:2:1-2 p:2:2-3",
        elements="html:0 body:1 div:2 a:3 h2:4 p:4 a:5",
        marks=[(0, 1, 2, "link", "/x", ""), (1, 0, 1, "link", "/x", ""), (2, 2, 3, "link", "/y", "")],
        links=[1, 1, 3, 0],
    ),
    Case(
        "<p>\u65b0\u7684\n\u9810\n\u7b97 x\n\u5b57\ufeff<b>y</b>\n\u5b57",
        texts=["\u65b0\u7684\u9810\u7b97 x \u5b57y \u5b57"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 b:3",
        marks=[(0, 8, 9, "strong", "", "")],
    ),
    Case(
        '<p>a<img src=x.png alt=hill>b<img class=emoji alt="😀">c',
        texts=["a b😀c"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 img:3 img:3",
        marks=[(0, 1, 1, "image", "x.png", "hill")],
        images=[2, 0],
        names=["emoji"],
    ),
    Case(
        '<p>x<sup>2</sup> and 10<sup>th</sup> note<sup><a href="#n1">1</a></sup></p><p id=n1>The note</p>',
        texts=["x^2 and 10th note[1]", "The note"],
        tags="p p",
        roles="paragraph paragraph",
        boxes="html:-1:0-2 body:0:0-2 p:1:0-1 p:1:1-2",
        elements="html:0 body:1 p:2 sup:3 sup:3 sup:3 a:4 p:2",
        marks=[
            (0, 1, 3, "superscript", "", "^"),
            (0, 10, 12, "superscript", "", ""),
            (0, 18, 19, "link", "#n1", ""),
            (0, 17, 20, "superscript", "n1", "[]"),
            (1, 0, 8, "note", "n1", "1"),
        ],
        links=[1, 0],
        notes=["", "n1"],
    ),
    Case(
        "<p lang=de><q>ja</q> <q>„ja“</q></p>",
        texts=["“ja” „ja“"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 q:3 q:3",
    ),
    Case(
        "<html lang=de><p><q>ja</q></p>",
        texts=["„ja“"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 q:3",
    ),
    Case(
        "<ruby>漢<rt>kan</rt></ruby><ruby>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby>",
        texts=["漢(kan)字(ji)"],
        tags="body",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1",
        elements="html:0 body:1 ruby:2 rt:3 ruby:2 rp:3 rt:3 rp:3",
    ),
    Case(
        "<div>one<button>press</button>two</div>",
        texts=["one", "press", "two"],
        tags="div button div",
        roles="paragraph button paragraph",
        boxes="html:-1:0-3 body:0:0-3 div:1:0-3 button:2:1-2",
        elements="html:0 body:1 div:2 button:3",
        controls=[0, 1, 0, 0],
    ),
    Case(
        "<h2>Head <button>fold</button></h2><button>alone</button>",
        texts=["Head fold", "alone"],
        tags="h2 button",
        roles="heading button",
        boxes="html:-1:0-2 body:0:0-2 h2:1:0-1 button:1:1-2",
        elements="html:0 body:1 h2:2 button:3 button:2",
        controls=[1, 1, 0],
    ),
    Case(
        "<pre class=language-python>a = 1<button>copy</button>\n<span class=lineno>1</span>b</pre>",
        texts=["a = 1\nb"],
        tags="pre",
        roles="code",
        boxes="html:-1:0-1 body:0:0-1 pre:1:0-1",
        elements="html:0 body:1 pre:2 button:3 span:3",
        marks=[(0, 0, 7, "language", "", "python")],
    ),
    Case(
        "<pre><p>one</p><div>two</div></pre>",
        texts=["one\ntwo"],
        tags="pre",
        roles="code",
        boxes="html:-1:0-1 body:0:0-1 pre:1:0-1",
        elements="html:0 body:1 pre:2 p:3 div:3",
    ),
    Case(
        '<p>one<video src=a></video>two<iframe srcdoc="&lt;p&gt;framed&lt;/p&gt;"></iframe>three',
        texts=["one two", "framed", "three"],
        tags="p p p",
        roles="paragraph paragraph paragraph",
        boxes="html:-1:0-3 body:0:0-3 p:1:0-3 html:2:1-2 body:3:1-2 p:4:1-2",
        elements="html:0 body:1 p:2 video:3 iframe:3",
    ),
    Case(
        '<iframe srcdoc="a<iframe srcdoc=b></iframe>c"></iframe>',
        texts=["a", "b", "c"],
        tags="body body body",
        roles="paragraph paragraph paragraph",
        boxes="html:-1:0-3 body:0:0-3 html:1:0-3 body:2:0-3 html:3:1-2 body:4:1-2",
        elements="html:0 body:1 iframe:2",
    ),
    Case(
        "<template><p>no</p></template><div><template shadowrootmode=open><p>yes</p></template></div>",
        texts=["yes"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 div:1:0-1 template:2:0-1 p:3:0-1",
        elements="html:0 body:1 template:2 p:3 div:2 template:3 p:4",
    ),
    Case(
        "<noscript><img src=a></noscript><noscript><p>text</p></noscript>",
        texts=["text"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 noscript:1:0-1 p:2:0-1",
        elements="html:0 body:1 noscript:2 img:3 noscript:2 p:3",
        marks=[(0, 0, 0, "image", "a", "")],
        images=[1, 0],
    ),
    Case(
        "<p>one<x-y>two</x-y>three</p><x-y><p>four</p></x-y>",
        texts=["onetwothree", "four"],
        tags="p p",
        roles="paragraph paragraph",
        boxes="html:-1:0-2 body:0:0-2 p:1:0-1 x-y:1:1-2 p:3:1-2",
        elements="html:0 body:1 p:2 x-y:3 x-y:2 p:3",
    ),
    Case(
        '<p>a<span style="display:none">no</span><b hidden>no</b>c</p>',
        texts=["ac"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 span:3 b:3",
    ),
    Case(
        '<p class=a><span class="b c">x</span><b class=d>y</b></p>',
        texts=["xy"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 span:3 b:3",
        marks=[(0, 1, 2, "strong", "", "")],
        names=["b c d"],
    ),
    Case(
        "<form><label>n</label><input><select><option>o</select></form><p>x",
        texts=["n", "o", "x"],
        tags="form option p",
        roles="paragraph form paragraph",
        boxes="html:-1:0-3 body:0:0-3 form:1:0-2 select:2:1-2 option:3:1-2 p:1:2-3",
        elements="html:0 body:1 form:2 label:3 input:3 select:3 option:4 p:2",
        controls=[1, 1, 0, 0],
    ),
    Case(
        '<p>a<a class=permalink href="#a">¶</a> <a>no target</a> <a href="b">t</a></p>',
        texts=["a no target t"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 a:3 a:3 a:3",
        marks=[(0, 2, 11, "link", "", ""), (0, 12, 13, "link", "b", "")],
        links=[2],
        names=["permalink"],
    ),
    Case(
        "<blockquote><ul><li>item<p>par</p></ul></blockquote>",
        texts=["item", "par"],
        tags="li p",
        roles="quote quote",
        boxes="html:-1:0-2 body:0:0-2 blockquote:1:0-2 ul:2:0-2 li:3:0-2 p:4:1-2",
        elements="html:0 body:1 blockquote:2 ul:3 li:4 p:5",
    ),
    Case(
        "<nav><p>n</p></nav><aside><p>a</aside><footer>f</footer><table><caption>c</caption><tr><th>h<td>d</table>",
        texts=["n", "a", "f", "c", "h", "d"],
        tags="p p footer caption th td",
        roles="paragraph paragraph paragraph caption table_cell table_cell",
        boxes=(
            "html:-1:0-6 body:0:0-6 nav:1:0-1 p:2:0-1 aside:1:1-2 p:4:1-2 footer:1:2-3 table:1:3-6 caption:7:3-4 "
            "tr:7:4-6 th:9:4-5 td:9:5-6"
        ),
        elements="html:0 body:1 nav:2 p:3 aside:2 p:3 footer:2 table:2 caption:3 tr:3 th:4 td:4",
    ),
    Case(
        "<div>foo<p>bar</p>tail<br><br>new<hr>end</div>",
        texts=["foo", "bar", "tail", "new", "end"],
        tags="div p div div div",
        roles="paragraph paragraph paragraph paragraph paragraph",
        boxes="html:-1:0-5 body:0:0-5 div:1:0-5 p:2:1-2 hr:2:4-4",
        elements="html:0 body:1 div:2 p:3 br:3 br:3 hr:3",
        marks=[(4, 0, 0, "rule", "", "")],
    ),
    Case(
        "<p>a<!-- c -->b<?pi x?>c<script>no</script>d<style>no</style>e",
        texts=["abcde"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 script:3 style:3",
    ),
    Case(
        '<p><math><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></math> is '
        '<script type="math/tex">y</script>',
        texts=["$x^2$ is $y$"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 math:3 mi:4 annotation:4 script:3",
        marks=[(0, 0, 5, "formula", "", ""), (0, 9, 12, "formula", "", "")],
    ),
    Case(
        "<table><tr><td data-line-number=1></td><td class=blob-code>if <b>x</b>:</td></tr>\n"
        "<tr><td class=blob-num>2</td><td class=blob-code></td></tr>\n"
        "<tr><td class=blob-num>3</td><td class=blob-code>    y</td></tr></table>z",
        texts=["if x:\n\n    y", "z"],
        tags="table body",
        roles="code paragraph",
        boxes="html:-1:0-2 body:0:0-2 table:1:0-1",
        elements="html:0 body:1 table:2 tr:3 td:4 td:4 b:5 tr:3 td:4 td:4 tr:3 td:4 td:4",
        marks=[(0, 3, 4, "strong", "", "")],
    ),
    Case(
        "<pre><code>a\n<table><tr><td class=gutter><pre>1\n2</pre></td>"
        "<td class=code><pre>b\nc</pre></td></tr></table>\nd</code></pre>",
        texts=["a\nb\nc\nd"],
        tags="pre",
        roles="code",
        boxes="html:-1:0-1 body:0:0-1 pre:1:0-1",
        elements="html:0 body:1 pre:2 code:3 table:4 tr:5 td:6 pre:7 td:6 pre:7",
        marks=[(0, 0, 7, "code", "", "")],
    ),
    Case(
        "<table><tr><td>1<td class=code>AT<tr><td>2<td class=code>BE</table>",
        texts=["1", "AT", "2", "BE"],
        tags="td td td td",
        roles="table_cell table_cell table_cell table_cell",
        boxes="html:-1:0-4 body:0:0-4 table:1:0-4 tr:2:0-2 td:3:0-1 td:3:1-2 tr:2:2-4 td:6:2-3 td:6:3-4",
        elements="html:0 body:1 table:2 tr:3 td:4 td:4 tr:3 td:4 td:4",
    ),
    Case(
        "<dl><dt>t<dd>d</dl><details><summary>s</summary><p>open</details>",
        texts=["t", "d", "s", "open"],
        tags="dt dd summary p",
        roles="list_item list_item list_item paragraph",
        boxes="html:-1:0-4 body:0:0-4 dl:1:0-2 dt:2:0-1 dd:2:1-2 details:1:2-4 summary:5:2-3 p:5:3-4",
        elements="html:0 body:1 dl:2 dt:3 dd:3 details:2 summary:3 p:3",
    ),
    Case(
        "<p>e = mc<sup>2</sup>; 1<sup>st</sup>; word<sup>2</sup>",
        texts=["e = mc^2; 1st; word[2]"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 sup:3 sup:3 sup:3",
        marks=[
            (0, 6, 8, "superscript", "", "^"),
            (0, 11, 13, "superscript", "", ""),
            (0, 19, 22, "superscript", "", "[]"),
        ],
    ),
    Case(
        "<h1>T<small>sub</small></h1><svg><text>no</text></svg><object>alt</object>",
        texts=["Tsub"],
        tags="h1",
        roles="heading",
        boxes="html:-1:0-1 body:0:0-1 h1:1:0-1",
        elements="html:0 body:1 h1:2 small:3 svg:2 text:3 object:2",
    ),
    Case(
        '<p>x<a href="#">y</a><a name=z></a>',
        texts=["xy"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 a:3 a:3",
        marks=[(0, 1, 2, "link", "#", "")],
        links=[1],
    ),
    Case(
        '<div class="a" id="b" role="main" itemprop="c"><p hidden>x</p></div>',
        texts=["x"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 div:1:0-1 p:2:0-1",
        elements="html:0 body:1 div:2 p:3",
    ),
    Case(
        "<ul class=task-list><li><p><input type=checkbox checked>a<li><input type=checkbox>b</ul>",
        texts=["a", "b"],
        tags="p li",
        roles="paragraph list_item",
        boxes="html:-1:0-2 body:0:0-2 ul:1:0-2 li:2:0-1 p:3:0-1 li:2:1-2",
        elements="html:0 body:1 ul:2 li:3 p:4 input:5 li:3 input:4",
        marks=[(0, 0, 1, "number", "", "1"), (1, 0, 1, "number", "", "0")],
        controls=[1, 1, 0],
    ),
    Case(
        '<p>a<span class="footnote-ref">b</span><input><textarea>no</textarea>c',
        texts=["ab", "no", "c"],
        tags="p textarea p",
        roles="paragraph form paragraph",
        boxes="html:-1:0-3 body:0:0-3 p:1:0-3 textarea:2:1-2",
        elements="html:0 body:1 p:2 span:3 input:3 textarea:3",
        controls=[1, 1, 0, 0],
        names=["footnote-ref", "", ""],
    ),
    Case(
        "<p>one<br>two<br> <br>three<br/>",
        texts=["one\ntwo", "three"],
        tags="p p",
        roles="paragraph paragraph",
        boxes="html:-1:0-2 body:0:0-2 p:1:0-2",
        elements="html:0 body:1 p:2 br:3 br:3 br:3 br:3",
    ),
    Case(
        "<ul><li>a<li>b<ul><li>c</ul></ul>tail",
        texts=["a", "b", "c", "tail"],
        tags="li li li body",
        roles="list_item list_item list_item paragraph",
        boxes="html:-1:0-4 body:0:0-4 ul:1:0-3 li:2:0-1 li:2:1-3 ul:4:2-3 li:5:2-3",
        elements="html:0 body:1 ul:2 li:3 li:3 ul:4 li:5",
    ),
    Case(
        "<p>a<picture><source srcset='l.webp 900w, s.webp 300w'><source srcset=m.jpg><img alt=q></picture>b",
        texts=["a b"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 picture:3 source:4 source:5 img:6",
        marks=[(0, 1, 1, "image", "l.webp", "q")],
        images=[1, 0],
    ),
    Case(
        "<p>a<iframe src=x></iframe>b",
        texts=["a b"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 iframe:3",
    ),
    Case(
        '<figure><img src=a alt=b><figcaption>cap</figcaption></figure><p>x<img src="" data-src="z.png" alt="q">y',
        texts=["cap", "x y"],
        tags="figcaption p",
        roles="caption paragraph",
        boxes="html:-1:0-2 body:0:0-2 figure:1:0-1 figcaption:2:0-1 p:1:1-2",
        elements="html:0 body:1 figure:2 img:3 figcaption:3 p:2 img:3",
        marks=[(0, 0, 0, "image", "a", "b"), (1, 1, 1, "image", "z.png", "q")],
        images=[1, 1, 0],
    ),
    Case(
        "<p>Press <button>OK</button> to go on.</p>",
        texts=["Press OK to go on."],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 button:3",
        controls=[1, 0],
    ),
    Case(
        '<p>s<span class="mw-editsection">[edit]</span>t',
        texts=["st"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 span:3",
    ),
    Case(
        '<h2 id=x>Head<a href="#x" class=headerlink>¶</a></h2>',
        texts=["Head"],
        tags="h2",
        roles="heading",
        boxes="html:-1:0-1 body:0:0-1 h2:1:0-1",
        elements="html:0 body:1 h2:2 a:3",
        names=["headerlink"],
    ),
    Case(
        "<select><option>a<option>b</select><label>c</label>",
        texts=["a", "b", "c"],
        tags="option option body",
        roles="form form paragraph",
        boxes="html:-1:0-3 body:0:0-3 select:1:0-2 option:2:0-1 option:2:1-2",
        elements="html:0 body:1 select:2 option:3 option:3 label:2",
        controls=[1, 0, 0, 0],
    ),
    Case(
        "<p>a<sup></sup>b<sup>[3]</sup> c<sup>*</sup>",
        texts=["ab[3] c*"],
        tags="p",
        roles="paragraph",
        boxes="html:-1:0-1 body:0:0-1 p:1:0-1",
        elements="html:0 body:1 p:2 sup:3 sup:3 sup:3",
        marks=[(0, 2, 5, "superscript", "", ""), (0, 7, 8, "superscript", "", "")],
    ),
    Case(
        "<p>one</p><div><p><span class=big>T</span></p><p></p><input><p>wo <span class=at>x</span></p></div><p>three",
        texts=["one", "Two x", "three"],
        tags="p p p",
        roles="paragraph paragraph paragraph",
        boxes="html:-1:0-3 body:0:0-3 p:1:0-1 div:1:1-2 p:3:1-1 p:3:1-1 p:3:1-2 p:1:2-3",
        elements="html:0 body:1 p:2 div:2 p:3 span:4 p:3 input:3 p:3 span:4 p:2",
        marks=[],
        controls=[0, 1, 0, 0],
        names=["", "big at", ""],
    ),
    Case(
        "<div><p><b>T</b></p><p>wo <i>x</i></p></div>three",
        texts=["Two x", "three"],
        tags="p body",
        roles="paragraph paragraph",
        boxes="html:-1:0-2 body:0:0-2 div:1:0-1 p:2:0-0 p:2:0-1",
        elements="html:0 body:1 div:2 p:3 b:4 p:3 i:4",
        marks=[(0, 0, 1, "strong", "", ""), (0, 4, 5, "emphasis", "", "")],
    ),
)


@pytest.mark.parametrize("case", CASES, ids=[case.source for case in CASES])
def test_every_column_of_a_page(case: Case) -> None:
    page = segment_html(case.source)
    blocks, none = range(len(case.texts)), [0] * len(case.texts)
    boxes = zip(page.box_tags, page.box_parents, page.box_first, page.box_last, strict=True)
    assert list(page.texts) == case.texts
    assert (" ".join(page.tags), " ".join(page.roles)) == (case.tags, case.roles)
    assert " ".join(f"{tag}:{parent}:{first}-{last}" for tag, parent, first, last in boxes) == case.boxes
    elements = zip(page.element_tags, page.element_depths, strict=True)
    assert " ".join(f"{tag}:{depth}" for tag, depth in elements) == case.elements
    assert [(block, *mark) for block in blocks for mark in page.marks[block]] == case.marks
    assert list(page.images) == (case.images or [*none, 0])
    assert list(page.controls) == (case.controls or [*none, 0])
    assert list(page.link_characters) == (case.links or none)
    assert list(page.inline_names) == (case.names or [""] * len(none))
    assert list(page.notes) == (case.notes or [""] * len(none))


def nest_frames(count: int) -> str:
    source = "<p>inside</p>"
    for _ in range(count):
        source = f'<p>x</p><iframe srcdoc="{escape(source)}"></iframe>'
    return source


def test_frames_in_frames_are_read_as_far_as_anybody_nests_them() -> None:
    assert list(segment_html(nest_frames(2)).texts) == ["x", "x", "inside"]
    assert list(segment_html(nest_frames(9)).texts) == ["x"] * 5


def test_tables_of_code_nested_without_end_lose_no_text() -> None:
    opening = "<table><tr><td class=lineno>1<td class=code>"
    assert segment_html(f"{opening * 300}deep{'</table>' * 300}after").texts[-1] == "after"
    assert "deep" in segment_html(f"{opening * 300}deep").texts[0]


@pytest.mark.parametrize("letter", ["T", "𝐀"])
def test_a_capital_is_the_first_letter_of_a_paragraph_where_it_is_all_its_box_holds(letter: str) -> None:
    page = segment_html(f"<body><p>{letter}</p><p>he pier is long.</p>")
    assert list(page.texts) == [f"{letter}he pier is long."]
    page = segment_html(f"<body><div hidden>Index:<br><br>{letter}</div><p>he pier is long.</p>")
    assert list(page.texts) == ["Index:", letter, "he pier is long."]
    assert [concealed >= 0 for concealed in page.concealed] == [True, True, False]
