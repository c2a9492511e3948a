"""XML, TEI and CSV: valid by published grammars whatever the page is, with the words of the text in its order."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import etree

from benchmarks.fixtures import Fixture
from boilerstrip import Document, clean, tags
from boilerstrip.blocks import Block
from boilerstrip.metadata import LazyMetadata, Metadata, Outcome
from boilerstrip.page import Mark
from boilerstrip.render import FORMATS, render_file
from boilerstrip.render.data import COLUMNS
from boilerstrip.render.inline import show_marks
from boilerstrip.render.xml import write_address
from tests.hostile import build_hostile_inputs
from tests.injections import VECTORS
from tests.pages import PAGES
from tests.rendering import keep_all, make_block

ROOT = Path(__file__).parent.parent
TEI_P5 = etree.RelaxNG(etree.parse(ROOT / "fixtures" / "grammars" / "tei.rng"))
"""What the TEI consortium's own schema says of the elements that are written."""
PLAIN = etree.RelaxNG(etree.parse(ROOT / "docs" / "document.rng"))
HOSTILE = build_hostile_inputs()
SPACE = "{http://www.tei-c.org/ns/1.0}"

STRUCTURES = {
    "list": "<ul><li>One</li><li>Two<ol><li>Two a</li><li><p>Two b</p><p>more</p></li></ol></li></ul>",
    "numbers": "<ol start='7'><li>One</li><li value='9'>Two</li></ol>",
    "terms": "<dl><dd>No term</dd><dt>A</dt><dt>B</dt><dd>Of both</dd><dd>More<ul><li>x</li></ul></dd><dt>C</dt></dl>",
    "table": "<table><caption>Ice</caption><tr><th>Year</th><th>Tons</th></tr><tr><td>1890</td><td>40</td></tr>"
    "<tr><td></td><td><p>a</p><ul><li>b</li></ul></td></tr></table>",
    "quote": "<blockquote><h2>Said</h2><p>One</p><ul><li>Two</li></ul></blockquote><blockquote>Alone</blockquote>",
    "figure": "<figure><img src='/a.jpg' alt='A'><figcaption>What<p>it shows</p></figcaption></figure><p>So</p>",
    "code": "<pre><code class='language-c++'>if (a &lt; b)\n\n  return;</code></pre><p>and <code>a <b>c</b></code></p>",
    "sections": "<p>Above</p><h2>A</h2><p>a</p><h4>B</h4><p>b</p><h3>C</h3><p>c</p><h1>D</h1><p>d</p>",
    "inline": "<p>A <b>bold <i>word</i></b>,<br>a <a href='/x?a=1&amp;b=2'>link</a>, H<sub>2</sub>O, "
    "10<sup>6</sup>, <del>gone</del> <img src='/i.png' alt='&quot;i&quot;'></p>",
}


def parse(written: str) -> etree._Element:
    """A document that was written, checked against its grammar."""
    root = etree.fromstring(written.encode())
    grammar = TEI_P5 if root.tag == SPACE + "TEI" else PLAIN
    assert grammar.validate(root), grammar.error_log.last_error
    return root


def build(blocks: Sequence[Block], **fields: object) -> Document:
    return Document(text="A story.", blocks=blocks, status="ok", kind="html", **fields)  # type: ignore[arg-type]


def read_words(root: etree._Element) -> list[str]:
    """The words of the body; what describes a picture is no text of the page."""
    body = next(element for element in root.iter() if etree.QName(element).localname == "body")
    for description in [one for one in body.iter() if etree.QName(one).localname == "desc"]:
        description.text = ""
    return " ".join("".join(body.itertext()).split()).split()


@pytest.mark.parametrize("marks", [False, True], ids=["text", "links and images"])
@pytest.mark.parametrize("name", STRUCTURES)
def test_every_structure_is_valid_and_keeps_its_words(name: str, marks: bool) -> None:
    blocks = keep_all(STRUCTURES[name])
    document = build(blocks, url="https://example.org/")
    words = "".join(show_marks(block.text, block.marks)[0] for block in blocks).split()
    for written in (document.to_xml(links=marks, images=marks), document.to_tei(links=marks, images=marks)):
        assert "".join(read_words(parse(written))) == "".join(words)
        assert ("https://example.org/" in written.partition("body")[2]) == (marks and name in ("figure", "inline"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_fixtures_are_valid_and_keep_their_words(page: Fixture) -> None:
    document = clean(page.source, url=page.about.get("url"), links=True, images=True)
    words = "".join("".join(etree.HTML(f"<body>{document.to_html()}</body>").itertext()).split())
    for written in (document.to_xml(metadata=True), document.to_tei(metadata=True)):
        assert "".join(read_words(parse(written))) == words


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_pages_are_valid(name: str) -> None:
    document = clean(HOSTILE[name][:20_000], focus="recall", links=True, images=True)
    parse(document.to_xml())
    parse(document.to_tei())


@pytest.mark.parametrize("vector", VECTORS[:40])
def test_injections_in_every_field_stay_text(vector: str) -> None:
    marks = (
        Mark(0, 3, "link", vector, vector),
        Mark(0, 0, "image", vector, vector),
        Mark(0, 2, "language", "", vector),
    )
    metadata = LazyMetadata(Outcome(Metadata(author=vector, date=vector, tags=(vector,), license=vector)))
    blocks = [make_block(vector, "/html/body/p", "paragraph", *marks), make_block(vector, "/pre", "code", *marks)]
    document = build(blocks, title=vector, url=vector, with_title=True, links=True, images=True, lazy_metadata=metadata)
    for root in (parse(document.to_xml()), parse(document.to_tei())):
        allowed = tags.LINK_SCHEMES | tags.IMAGE_SCHEMES
        addresses = [value for one in root.iter() for value in (one.get("target"), one.get("url")) if value]
        links = [address for address in addresses if address != write_address(vector)]
        assert all(":" not in address.split("/")[0] or address.split(":")[0].lower() in allowed for address in links)


def test_headings_open_sections_that_hold_what_is_below_them() -> None:
    root = parse(build(keep_all(STRUCTURES["sections"])).to_xml())
    outline = [(len(list(head.iterancestors("div"))), head.text) for head in root.iter("head")]
    assert outline == [(2, "A"), (3, "B"), (3, "C"), (2, "D")]


def test_terms_and_descriptions_stay_pairs() -> None:
    root = parse(build(keep_all(STRUCTURES["terms"])).to_xml())
    glosses = list(next(root.iter("list")))
    assert [child.tag for child in glosses] == ["label", "item"] * 5
    assert [child.text for child in glosses if child.tag == "label"] == [None, "A", "B", None, "C"]


def test_code_keeps_its_bytes_and_its_language() -> None:
    code = next(parse(build(keep_all(STRUCTURES["code"])).to_tei()).iter(SPACE + "code"))
    assert (code.text, code.get("lang")) == ("if (a < b)\n\n  return;", "c++")


def test_the_header_says_what_is_known_of_the_page() -> None:
    known = Metadata(author="Ada Lovelace; Charles Babbage", date="1843-09-01", site_name="Memoirs", tags=("engines",))
    document = build([], title="Notes", url="https://example.org/notes", lazy_metadata=LazyMetadata(Outcome(known)))
    root = parse(document.to_tei())
    assert [author.text for author in root.iterfind(f".//{SPACE}bibl/{SPACE}author")] == [
        "Ada Lovelace",
        "Charles Babbage",
    ]
    assert root.find(f".//{SPACE}bibl/{SPACE}date").get("when") == "1843-09-01"  # type: ignore[union-attr]
    header = parse(document.to_xml())[0]
    assert {one.tag: one.text for one in header}["tags"] == "engines"
    assert "author" not in build([]).to_xml()


def test_metadata_are_read_where_they_are_asked_for() -> None:
    source = (
        "<html><head><meta name='author' content='Ada Lovelace'></head><body><p>A note on engines.</p></body></html>"
    )
    document = clean(source)
    assert "Lovelace" not in document.to_tei()
    assert "Lovelace" in document.to_tei(metadata=True)
    assert "Lovelace" in document.to_xml()


def test_blocks_read_back_from_csv() -> None:
    document = clean('<p>So, it <b>said</b>"yes".</p><pre>a\n,b</pre><p>\x00-</p>')
    rows = list(csv.DictReader(io.StringIO(document.to_csv(), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["text"] for row in rows] == [block.text.replace("\0", "\ufffd") for block in document.blocks]
    assert [row["kept"] == "1" for row in rows] == [block.kept for block in document.blocks]
    assert [row["path"] for row in rows] == [block.path for block in document.blocks]
    spans = [
        (int(row["start"]), int(row["end"])) for row in csv.DictReader(io.StringIO(clean("One.\n\nTwo.").to_csv()))
    ]
    assert spans == [(0, 4), (6, 10)]


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_writes_every_document(output_format: str) -> None:
    for document in (Document(), Document(status="error"), clean("<p>Half a pair: &#xd800; \ud800"), clean("1\x0c2")):
        content = render_file(document, output_format)
        if output_format in ("xml", "tei"):
            parse(content.decode())
