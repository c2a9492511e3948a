"""The page that shows why: complete, quiet, and nothing that a page says runs in it."""

import base64
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html

from benchmarks.fixtures import load_fixtures
from boilerstrip import Document, clean
from boilerstrip.blocks import Block, Reason
from boilerstrip.cli import run
from boilerstrip.errors import OptionError
from boilerstrip.page import Mark
from boilerstrip.report import (
    ReportEntry,
    clear_reports,
    describe_document,
    read_other_text,
    render_index,
    render_report_against,
    report,
    write_index,
    write_report,
)
from boilerstrip.report.compare import compare_texts
from boilerstrip.report.index import ROWS_SHOWN
from boilerstrip.report.page import BLOCKS_AT_ONCE, join_story
from boilerstrip.report.parts import read_entry
from tests.browser import Browser, needs_chromium
from tests.injections import VECTORS
from tests.rendering import make_block

STORY = "The ferry that had not run since the war left the harbour on Sunday with forty passengers and one goat. "
PAGE = (
    "<html><head><title>The ferry | Gazette</title></head><body><nav><ul>"
    + "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("home", "sport", "culture"))
    + f"</ul></nav><article><h1>The ferry</h1><p>{STORY * 3}</p><p>{STORY * 2}</p></article>"
    "<footer>All rights reserved</footer></body></html>"
)


ATTRIBUTES = {
    "aria-hidden", "aria-label", "aria-pressed", "autocomplete", "charset", "class", "content", "dir", "disabled",
    "height", "hidden", "href", "http-equiv", "id", "lang", "name", "placeholder", "preserveaspectratio", "rel", "role",
    "rx", "spellcheck", "tabindex", "title", "type", "value", "viewbox", "width", "x", "y",
}  # fmt: skip


def make_hostile_document() -> Document:
    """A document that has every injection in every place where the page's author decides what stands there."""
    explanation = tuple(
        (Reason(vector, "structure", 0.5 * (-1) ** number, vector), Reason("x", vector, 0.1, vector))
        for number, vector in enumerate(VECTORS)
    )
    blocks = tuple(
        Block(
            text=vector,
            kept=number % 2 == 0,
            score=0.5,
            language=vector,
            role=("paragraph", "heading", "list_item", "code", vector)[number % 5],
            tag=vector,
            path=(vector, None)[number % 2],
            span=(0, 1),
            marks=(Mark(0, 1, "link", vector, vector),),
            index=number,
            explanation=explanation,
        )
        for number, vector in enumerate(VECTORS)
    )
    every = " ".join(VECTORS)
    return Document(
        text=every, blocks=blocks, kind="html", status="ok", language=every, encoding=every, encoding_source=every,
        page_type=every, title=every, url=every, notes=VECTORS, source=every,
    )  # fmt: skip


def read_data(written: str) -> dict[str, Any]:
    tree = html.document_fromstring(written)
    return dict(json.loads(tree.get_element_by_id("evidence").text))


def test_the_report_shows_every_block_with_verdict_and_reason() -> None:
    document = clean(PAGE, url="https://example.org/ferry")
    tree = html.document_fromstring(report(document))
    items = tree.findall(".//ol/li")
    assert [item.find("p").text_content() for item in items] == [block.text for block in document.blocks]
    assert ["d" in item.get("class").split() for item in items] == [not block.kept for block in document.blocks]
    for item, block in zip(items, document.blocks, strict=True):
        main = block.main_reason
        assert main is not None
        assert item.find("em").text_content() == main.sentence


def test_the_evidence_is_in_the_page() -> None:
    document = clean(PAGE)
    data = read_data(report(document))
    assert len(data["blocks"]) == len(document.blocks)
    for row, block in zip(data["blocks"], document.blocks, strict=True):
        _, score, _, *reasons = row
        assert score == pytest.approx(block.score, abs=1e-4)
        assert [data["sentences"][number] for _, _, number in reasons] == [reason.sentence for reason in block.reasons]
        assert data["bias"] + sum(weight for _, weight, _ in reasons) == pytest.approx(score, abs=0.001)


def test_the_summary_counts_words_and_reasons() -> None:
    document = clean(PAGE, url="https://example.org/ferry")
    tree = html.document_fromstring(report(document))
    figures = {term.text: term.getnext().text_content() for term in tree.iter("dt")}
    kept = sum(block.word_count for block in document.blocks if block.kept)
    words = sum(block.word_count for block in document.blocks)
    assert figures["Words kept"].startswith(f"{kept:,} of {words:,}")
    assert figures["Language"] == "English"
    numbers = [button.find("span[@class='number']").text for button in tree.iter("button") if button.get("class")]
    counted = sum(int(number.replace(",", "")) for number in numbers)
    assert counted == words
    assert tree.find(".//h1").text == "The ferry"
    assert tree.find(".//header//a").get("href") == "https://example.org/ferry"


def test_a_document_without_blocks_has_a_report() -> None:
    written = report(Document(status="binary"))
    assert "input is no text: it looks like a binary file" in written
    assert html.document_fromstring(written).findall(".//ol/li") == []


@pytest.mark.parametrize("make", [make_hostile_document, lambda: clean(PAGE)], ids=["hostile", "harmless"])
def test_only_the_reports_own_style_and_script_are_allowed(make: Callable[[], Document]) -> None:
    written = report(make(), against="<script>alert(1)</script>")
    policy = html.document_fromstring(written).find(".//meta[@http-equiv]").get("content")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for name in ("style", "script"):
        blocks = re.findall(rf"<{name}>(.*?)</{name}>", written, re.DOTALL)
        assert len(blocks) == 1
        digest = base64.b64encode(hashlib.sha256(blocks[0].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert written.index("Content-Security-Policy") < written.index("<style>")
    assert not re.search(r"<(?:img|iframe|object|embed|link|base|video|audio|form action)\b", written)
    elements = html.document_fromstring(written).iter("*")
    names = {str(name) for element in elements for name in element.attrib}
    assert names <= ATTRIBUTES


def test_the_comparison_says_what_the_other_kept() -> None:
    blocks = [
        make_block("one two three four five", index=0),
        make_block("six seven eight nine ten", kept=False, index=1),
        make_block("Home", kept=False, index=2),
    ]
    comparison = compare_texts(blocks, "Six seven eight nine ten\nHome and away\nnever seen before")
    assert comparison.shares == (0.0, 1.0, 0.0)
    assert [comparison.differs(number, block.kept) for number, block in enumerate(blocks)] == [True, True, False]
    assert comparison.lines_elsewhere == ("Home and away", "never seen before")
    assert comparison.agreement == pytest.approx(1 / 11)


def test_a_line_that_the_other_kept_once_is_counted_once() -> None:
    blocks = [make_block("Read it again today", index=0), make_block("Read it again today", index=1)]
    assert compare_texts(blocks, "Read it again today").shares == (1.0, 0.0)


def test_a_menu_does_not_take_the_place_of_the_headings() -> None:
    menu = [make_block(text, index=index, kept=False) for index, text in enumerate(("Rain", "Sun", "Snow"))]
    story = [make_block(text, index=index + 3) for index, text in enumerate(("Rain", "It rained.", "Sun", "It shone."))]
    comparison = compare_texts([*menu, *story], "Rain\n\nIt rained.\n\nSun\n\nIt shone.")
    assert comparison.shares == (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0)
    assert comparison.agreement == 1.0


def test_cells_of_a_table_are_found_in_markdown() -> None:
    assert compare_texts([make_block("a"), make_block("b")], "| a | b |\n| --- | --- |").shares == (1.0, 1.0)


def test_nothing_compares_with_nothing() -> None:
    assert compare_texts([], "").agreement == 1.0


def test_the_report_shows_the_comparison() -> None:
    document = clean(PAGE)
    written = report(document, against="home\nsport", against_name="peer & co")
    assert '<u title="peer &amp; co">kept</u>' in written
    assert "Differences" in written
    assert "Differences" not in report(document)


def make_entries() -> list[ReportEntry]:
    return [
        ReportEntry("b.html", "b.html.html", "B", 0.9, "ok", "article", "en", 100, {"link_density": 50, "short": 5}),
        ReportEntry("a & b.html", "a & b.html", "<b>", 0.2, "no_story", "", "", 0, {"link_density": 70}),
        ReportEntry("c.html", "sub/c#1.html", "", 1.0, "ok", "forum", "de", 10, {}),
    ]


def test_the_index_lists_the_least_sure_first() -> None:
    tree = html.document_fromstring(render_index(make_entries()))
    links = tree.findall(".//tbody//a")
    assert [link.text for link in links] == ["<b>", "B", "c.html"]
    assert [link.get("href") for link in links] == ["a%20%26%20b.html", "b.html.html", "sub/c%231.html"]
    assert len(tree.findall(".//section//svg")) == 2
    assert "120" in tree.find(".//section").text_content()


def test_the_index_of_nothing_is_a_page() -> None:
    assert html.document_fromstring(render_index([])).find(".//table") is not None


def test_many_reasons_are_summed_up() -> None:
    dropped = {f"reason_{number}": 100 - number for number in range(20)}
    assert "8 other reasons" in render_index([ReportEntry("a", "a", words_dropped=dropped)])


def test_what_is_copied_is_the_story() -> None:
    for page in load_fixtures():
        document = clean(page.source)
        kept = [block.text for block in document.blocks if block.kept]
        assert "".join(map("".join, zip(join_story(document), kept, strict=True))) == document.text, page.slug


def test_a_text_is_called_by_its_first_line() -> None:
    story = "It rained on the mill for three days.\n\nNobody came by to ask why it stood still that week."
    written = report(clean(story, url="https://example.org/mill"))
    assert '<h1 dir="auto">It rained on the mill for three days.</h1>' in written
    assert describe_document(clean(story), name="a", href="b").title == "It rained on the mill for three days."
    long = describe_document(clean("word " * 100 + "ends."), name="a", href="b").title
    assert len(long) <= 122 and long.endswith("word …")


def test_the_summary_of_a_run_counts_as_its_index_does(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ferry.html").write_bytes(PAGE.encode())
    command = ["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--report", str(tmp_path / "seen")]
    out = io.StringIO()
    with redirect_stdout(out):
        assert run([*command, "--workers", "1", "--json"]) == 0
    summary = json.loads(out.getvalue())
    [path] = (tmp_path / "seen").glob("*.report.html")
    entry = read_entry(path.read_text(encoding="utf-8"), name="a", href="b")
    assert entry is not None
    assert summary["dropped_by_reason"] == {code: words for code, words in entry.words_dropped.items() if words}
    assert summary["words_kept"] == entry.words_kept


def test_an_entry_is_made_of_a_document() -> None:
    document = clean(PAGE)
    entry = describe_document(document, name="ferry.html", href="ferry.report.html")
    assert (entry.title, entry.confidence, entry.language) == ("The ferry", document.confidence, "en")
    assert entry.words_kept + sum(entry.words_dropped.values()) == sum(block.word_count for block in document.blocks)


def test_only_the_least_sure_of_very_many_pages_are_listed() -> None:
    entries = [ReportEntry(f"{number}", f"{number}", confidence=number / 10_000) for number in range(ROWS_SHOWN + 2)]
    tree = html.document_fromstring(render_index(entries))
    assert len(tree.findall(".//tbody/tr")) == ROWS_SHOWN
    assert tree.find(".//p[@class='rest']").text == "2 pages more, surer than these, are not listed."


def test_a_report_carries_its_entry() -> None:
    document = clean(PAGE)
    entry = describe_document(document, name="ferry", href="ferry.report.html")
    assert read_entry(report(document), name="ferry", href="ferry.report.html") == entry
    assert read_entry("<p>no report", name="x", href="x") is None
    hostile = read_entry(report(make_hostile_document()), name="x", href="x")
    assert hostile is not None
    assert hostile.words_kept == sum(block.word_count for block in make_hostile_document().blocks if block.kept)


def test_a_long_title_does_not_hide_the_entry(tmp_path: Path) -> None:
    write_report(Document(title="x" * 1_000_000), tmp_path, "page")
    assert "page.report.html" in write_index(tmp_path).read_text(encoding="utf-8")


def test_a_folder_of_reports_has_an_index(tmp_path: Path) -> None:
    document, empty = clean(PAGE), clean("")
    names = ["ferry", "sub/index", "index", "x" * 250, "caf\udce9 & <b>"]
    paths = [write_report(document, tmp_path, name) for name in names] + [write_report(empty, tmp_path, "empty")]
    (tmp_path / "other.html").write_text("not ours")
    index = html.parse(write_index(tmp_path)).getroot()
    links = [unquote(link.get("href"), errors="surrogateescape") for link in index.findall(".//tbody//a")]
    assert {tmp_path / link for link in links} == set(paths)
    assert links[0] == "empty.report.html"
    assert paths[0].read_text(encoding="utf-8") == report(document)
    clear_reports(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["other.html"]


@pytest.mark.parametrize("name", ["", "../x", "/x", "a/../../x"])
def test_no_report_is_written_outside_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(OptionError, match="leads out"):
        write_report(Document(), tmp_path / "reports", name)
    assert not list(tmp_path.rglob("*.html"))


def test_the_other_extractor_is_one_that_is_installed() -> None:
    document = clean(PAGE, url="https://example.org/ferry")
    other = read_other_text(document, "trafilatura")
    assert STORY.strip() in (other.text or "")
    with pytest.raises(OptionError, match="use one of trafilatura"):
        read_other_text(document, "magic")


def test_an_extractor_that_fails_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    document = clean(PAGE)
    assert "trafilatura: " not in html.document_fromstring(report(document)).text_content()
    assert '<u title="trafilatura">kept</u>' in render_report_against(document, "trafilatura")
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    written = html.document_fromstring(render_report_against(document, "trafilatura"))
    assert "trafilatura could not read this page" in written.find(".//ul[@class='notes']").text_content()
    assert written.find(".//u") is None
    other = read_other_text(document, "trafilatura")
    assert other.text is None
    assert other.note.startswith("trafilatura could not read this page (ModuleNotFoundError")


def open_report(browser: Browser, folder: Path, source: str) -> None:
    path = folder / "report.html"
    path.write_text(source, encoding="utf-8")
    browser.open(path)
    assert browser.requests == [path.as_uri()]


COUNT_SHOWN = "document.querySelectorAll('.blocks li:not([hidden])').length"


@needs_chromium
def test_the_report_works_in_a_browser(tmp_path: Path) -> None:
    document = clean(PAGE, url="https://example.org/ferry")
    kept = sum(block.kept for block in document.blocks)
    with Browser(tmp_path) as browser:
        open_report(browser, tmp_path, report(document, against="home"))
        assert browser.evaluate(COUNT_SHOWN) == len(document.blocks)
        assert browser.evaluate("document.querySelector('h1').getBoundingClientRect().top") > 0
        before = browser.screenshot()

        browser.evaluate("document.querySelector('.choice [value=kept]').click()")
        assert browser.evaluate(COUNT_SHOWN) == kept
        assert browser.evaluate("document.getElementById('shown').value") == f"{kept} of {len(document.blocks)} blocks"
        browser.evaluate("document.querySelector('.choice [value=all]').click()")
        browser.evaluate("document.querySelector('.reason').click()")
        assert 0 < browser.evaluate(COUNT_SHOWN) < len(document.blocks)
        assert browser.evaluate("document.querySelector('.reason').ariaPressed") == "true"
        browser.press("Escape")
        assert browser.evaluate(COUNT_SHOWN) == len(document.blocks)

        browser.press("j")
        browser.press("j")
        browser.press("k")
        assert browser.evaluate("document.activeElement.querySelector('i').textContent") == "1"
        browser.press("Enter")
        assert (
            browser.evaluate("document.querySelectorAll('.evidence svg').length") == len(document.blocks[0].reasons) + 1
        )
        assert browser.screenshot() != before
        browser.press("o")
        assert browser.evaluate("document.querySelectorAll('.evidence').length") == 0

        browser.press("/")
        for key in "sport":
            browser.press(key)
        browser.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
        assert browser.evaluate(COUNT_SHOWN) == 1
        assert (browser.errors, browser.dialogs) == ([], [])


CATCH_COPY = """
window.caught = [];
document.execCommand = (name) => { caught.push(document.activeElement.value); return name === "copy"; };
Object.defineProperty(navigator, "clipboard", { value: MODE });
"""
CLICK = "document.getElementById('copy-{}').click(), new Promise((resolve) => setTimeout(() => resolve(caught), 100))"


@needs_chromium
@pytest.mark.parametrize("mode", ["undefined", "{ writeText: async (text) => { caught.push(text); } }"])
def test_story_and_fixture_can_be_copied_from_a_file(tmp_path: Path, mode: str) -> None:
    document = clean(PAGE, url="https://example.org/ferry")
    with Browser(tmp_path) as browser:
        open_report(browser, tmp_path, report(document))
        browser.evaluate(CATCH_COPY.replace("MODE", mode))
        assert browser.evaluate(CLICK.format("story")) == [document.text]
        assert browser.evaluate("document.getElementById('copied').value") == "Story copied"
        fixture = json.loads(browser.evaluate(CLICK.format("fixture"))[1])
        assert fixture["expected"] == document.text
        assert [block["text"] for block in fixture["blocks"]] == [block.text for block in document.blocks]
        assert [block["kept"] for block in fixture["blocks"]] == [block.kept for block in document.blocks]
        assert fixture["about"]["url"] == "https://example.org/ferry"
        assert browser.errors == []


@needs_chromium
def test_the_threshold_is_a_line_in_the_bar_of_the_score(tmp_path: Path) -> None:
    document = clean(PAGE)
    with Browser(tmp_path) as browser:
        open_report(browser, tmp_path, report(document))
        browser.press("j")
        browser.press("Enter")
        line = "document.querySelector('.evidence .threshold').getAttribute('x1') / 200"
        assert browser.evaluate(line) == pytest.approx(document.threshold, abs=0.001)


@needs_chromium
def test_what_is_seen_changes_with_filter_key_and_light(tmp_path: Path) -> None:
    with Browser(tmp_path) as browser:
        open_report(browser, tmp_path, report(clean(PAGE)))
        seen = [browser.screenshot()]
        summary = "document.querySelector('.figures').getBoundingClientRect()"
        assert 0 < browser.evaluate(f"{summary}.bottom") < browser.evaluate("innerHeight")
        for step in ("document.querySelector('.choice [value=kept]').click()", "j", "Enter", "dark"):
            if step == "dark":
                features = [{"name": "prefers-color-scheme", "value": "dark"}]
                browser.send("Emulation.setEmulatedMedia", features=features)
            elif len(step) <= len("Enter"):
                browser.press(step)
            else:
                browser.evaluate(step)
            seen.append(browser.screenshot())
        assert all(image.startswith(b"\x89PNG") for image in seen)
        assert len(set(seen)) == len(seen)


@needs_chromium
def test_a_long_report_is_complete_once_it_is_read(tmp_path: Path) -> None:
    names = [f"block {number}" for number in range(2 * BLOCKS_AT_ONCE + 10)]
    blocks = tuple(make_block(name, index=index, kept=index % 3 > 0) for index, name in enumerate(names))
    document = Document(text="x", blocks=blocks, kind="html", status="ok")
    with Browser(tmp_path) as browser:
        open_report(browser, tmp_path, report(document))
        browser.evaluate("document.querySelector('.choice [value=dropped]').click()")
        while browser.evaluate("document.querySelectorAll('.later').length"):
            browser.evaluate("new Promise((resolve) => setTimeout(resolve, 50))")
        texts = browser.evaluate("Array.from(document.querySelectorAll('.blocks p'), (p) => p.textContent)")
        assert texts == names
        assert browser.evaluate(COUNT_SHOWN) == sum(not block.kept for block in blocks)
        browser.press("k")
        assert browser.evaluate("document.activeElement.querySelector('i').textContent") == str(len(names))
        assert (browser.errors, browser.dialogs) == ([], [])


@needs_chromium
def test_the_report_of_five_megabytes_is_quiet(tmp_path: Path) -> None:
    body = PAGE.partition("<body>")[2].partition("</body>")[0].replace(STORY, STORY * 20)
    document = clean(f"<html><body>{body * (5_000_000 // len(body) + 1)}</body></html>")
    with Browser(tmp_path) as browser:
        open_report(browser, tmp_path, report(document))
        assert browser.evaluate("document.querySelector('.figure dd').textContent")
        assert (browser.errors, browser.dialogs) == ([], [])


@needs_chromium
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_no_page_is_wider_than_its_window(tmp_path: Path, width: int) -> None:
    index = render_index([ReportEntry("x" * 80, "x", "y" * 80, words_dropped={"a_long_name_of_a_reason": 10**7})])
    written = report(clean(PAGE, url=f"https://example.org/{'x' * 300}"), against="home")
    with Browser(tmp_path) as browser:
        browser.send("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        for source in (written, index):
            open_report(browser, tmp_path, source)
            browser.evaluate("document.querySelectorAll('.blocks li').forEach((item) => item.click())")
            assert browser.evaluate("document.documentElement.scrollWidth") == width


@needs_chromium
def test_nothing_of_a_hostile_page_runs_in_the_report(tmp_path: Path) -> None:
    document = make_hostile_document()
    with Browser(tmp_path) as browser:
        open_report(browser, tmp_path, report(document, against="\n".join(VECTORS)))
        assert browser.evaluate(COUNT_SHOWN) == len(document.blocks)
        browser.evaluate("document.querySelectorAll('.blocks li').forEach((item) => item.click())")
        assert browser.evaluate("document.querySelectorAll('.evidence').length") == len(document.blocks)
        browser.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
        assert (browser.errors, browser.dialogs, len(browser.requests)) == ([], [], 1)
        texts = browser.evaluate("Array.from(document.querySelectorAll('.blocks p'), (p) => p.textContent)")
        assert texts == [block.text.replace("\0", "\ufffd").replace("\r\n", "\n") for block in document.blocks]

        entry = describe_document(document, name=" ".join(VECTORS), href="javascript:alert(1)")
        open_report(browser, tmp_path, render_index([entry], title=" ".join(VECTORS)))
        assert browser.evaluate("document.querySelector('td a').protocol") == "file:"
        assert (browser.errors, browser.dialogs) == ([], [])


@needs_chromium
def test_nothing_runs_in_clean_html_and_markdown(tmp_path: Path) -> None:
    sources = [f"<article><p>{STORY * 4}</p><p>{vector} {STORY}</p><p>{STORY * 4}</p></article>" for vector in VECTORS]
    documents = [clean(source, url="https://example.org/") for source in sources]
    hostile = make_hostile_document()
    pieces = [document.to_html(links=True, images=True) for document in (*documents, hostile)]
    page = f"<!doctype html><meta charset=utf-8><base href='file:///nowhere/'>{''.join(pieces)}"
    path = tmp_path / "page.html"
    path.write_text(re.sub(r'src="https?:[^"]*"', 'src="x"', page), encoding="utf-8", errors="replace")
    with Browser(tmp_path) as browser:
        browser.open(path)
        click = "document.querySelectorAll('*').forEach((element) => { if (element.tagName !== 'A') element.click(); })"
        browser.evaluate(click)
        browser.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
        assert browser.dialogs == []
        assert browser.evaluate("document.scripts.length") == 0
        names = "Array.from(document.querySelectorAll('a'), (a) => a.protocol)"
        assert set(browser.evaluate(names)) <= {"http:", "https:", "mailto:", "file:", ":"}
