"""The switches of a cleaner: what is left out, what is shown, and pages in languages that nobody asked for."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from boilerstrip import Cleaner, Document, clean, extract
from boilerstrip.cli import run
from boilerstrip.errors import OptionError
from boilerstrip.options import CleaningOptions, Options
from tests.samples import PROSE, STORY

GERMAN = (
    PROSE["de"],
    "Die Brücke ist aus Holz, und wer sie gebaut hat, weiß im Dorf heute niemand mehr.",
    "Im Winter war der Fluss zugefroren, sodass man auch ohne sie ans andere Ufer gehen konnte.",
)

TABLE = (
    "<table><caption>What the new bridge has cost the town since it was planned, and nobody knew who would pay."
    "</caption><tr><th>Year</th><th>Costs of the bridge</th></tr>"
    "<tr><td>2019</td><td>40 tons of steel for the first arch</td></tr>"
    "<tr><td>2020</td><td>55 tons of stone for the road on it</td></tr></table>"
)
PAGE = (
    "<html><head><title>A new bridge - News</title></head><body><nav><a href='/'>Home</a></nav>"
    "<article><h1>A new bridge</h1>"
    f"<p>{STORY[0]}</p><p>{STORY[1]}</p>{TABLE}<p>{STORY[2]} "
    "<a href='/more'>The mayor's own account</a> has all of it, and it is long.</p>"
    "<figure><img src='/ferry.jpg' alt='The ferry'>"
    "<figcaption>The old ferry, which crossed the river here until 1920</figcaption></figure>"
    f"<pre><code>weight = sum(stones)\nassert weight > 40</code></pre><p>{STORY[3]}</p></article></body></html>"
)
LAYOUT = f"<table><tr><td><a href='/'>Home</a></td><td>{''.join(f'<p>{line}</p>' for line in STORY)}</td></tr></table>"


def codes_of(document: Document) -> set[str]:
    """The rules that dropped a block."""
    return {reason.code for block in document.blocks for reason in block.reasons if reason.evidence == "selection"}


@pytest.mark.parametrize(
    ("option", "gone"),
    [("tables", "55 tons"), ("tables", "first arch"), ("captions", "cost the town"), ("code", "weigh")],
)
def test_a_switch_leaves_out_what_it_names_and_nothing_else(option: str, gone: str) -> None:
    whole, rest = clean(PAGE, focus="recall"), clean(PAGE, focus="recall", **{option: False})  # type: ignore[arg-type]
    assert gone in whole.text
    assert gone not in rest.text + rest.to_markdown() + rest.to_html()
    assert f"no_{option}" in codes_of(rest)
    missing = {block.role for block in whole.blocks if block.kept} - {block.role for block in rest.blocks if block.kept}
    assert missing <= {"table_cell", "caption", "code"}
    assert all(line in rest.text for line in STORY[:2])


def test_a_page_that_is_laid_out_with_tables_is_kept_without_tables() -> None:
    assert clean(LAYOUT, tables=False).text == clean(LAYOUT).text != ""


def test_a_text_without_tables_has_no_rows() -> None:
    rows = "\n".join(("Year | Ice | Men", "1890 | 40 | 12", "1891 | 55 | 14"))
    text = f"{STORY[0]}\n\n{STORY[1]}\n\n{rows}\n\n{STORY[2]}\n\n{STORY[3]}"
    assert "1891 | 55" in clean(text).text
    assert "1891 | 55" not in clean(text, tables=False).text


def test_links_and_images_are_shown_where_the_cleaner_says_so() -> None:
    document = clean(PAGE, focus="recall", url="https://example.org/bridge", links=True, images=True)
    for written in (document.to_html(), document.to_markdown()):
        assert "https://example.org/more" in written
        assert "https://example.org/ferry.jpg" in written
    assert "https://" not in document.to_markdown(links=False, images=False)
    assert "https://" not in clean(PAGE, url="https://example.org/bridge").to_markdown()
    assert Document.from_dict(json.loads(document.to_json())).to_markdown() == document.to_markdown()


def test_a_page_in_another_language_has_no_text_and_says_why() -> None:
    german = "".join(f"<p>{line}</p>" for line in GERMAN)
    document = clean(german, target_languages=("en", "fr"))
    assert (document.status, document.text, document.language) == ("other_language", "", "de")
    assert document.to_markdown() == document.to_html() == ""
    assert "other_language" in codes_of(document)
    assert clean(german, target_languages=("en", "de")).text == clean(german).text != ""


def test_a_page_whose_language_nobody_can_tell_or_that_has_no_story_keeps_its_status() -> None:
    assert clean("1 2 3", target_languages=("en",)).status == clean("1 2 3").status
    menu = "<nav><ul>" + "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("home", "news")) + "</ul></nav>"
    assert clean(menu, target_languages=("fr",)).status == clean(menu).status


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tables": 1}, "True or False"),
        ({"links": "yes"}, "True or False"),
        ({"target_languages": "en"}, "such as ('en', 'es')"),
        ({"target_languages": ("english",)}, "did you mean 'en'"),
        ({"target_languages": ("en",), "language": "de"}, "give one of them"),
        ({"target_languages": ("en",), "languages": ("de", "fr")}, "give one of them"),
    ],
)
def test_a_value_that_is_not_allowed_is_explained(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message.replace("(", r"\(").replace(")", r"\)")):
        Cleaner(**options)


def test_extract_gives_the_text_of_clean_with_the_same_options() -> None:
    options = {"focus": "precision", "tables": False, "with_title": True}
    assert extract(PAGE, url="https://example.org", **options) == clean(PAGE, **options).text  # type: ignore[arg-type]
    assert extract(b"") == ""
    with pytest.raises(TypeError, match="tabels"):
        extract(PAGE, tabels=False)


def test_clean_and_the_cleaner_take_every_option() -> None:
    defaults = {field.name: field.default for field in fields(Options)}
    assert Cleaner(**defaults).options == Options()
    assert list(CleaningOptions.__annotations__) == list(defaults)


def test_the_command_takes_the_same_names(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    crawl, page, german = tmp_path / "in", tmp_path / "in" / "bridge.html", tmp_path / "in" / "bruecke.html"
    crawl.mkdir()
    page.write_text(PAGE)
    german.write_text("".join(f"<p>{line}</p>" for line in GERMAN))
    assert run(["clean", "--focus", "recall", "--no-tables", "--no-captions", "--no-code", str(page)]) == 0
    told = capfd.readouterr().out
    assert STORY[0] in told
    assert not any(gone in told for gone in ("55 tons", "cost the town", "weight"))
    for output_format, start in (("xml", "<?xml"), ("tei", "<?xml"), ("csv", "index,kept")):
        assert run(["clean", "--format", output_format, "--links", str(page)]) == 0
        assert capfd.readouterr().out.startswith(start)
    assert run(["clean", "--target-language", "en", str(german)]) == 0
    assert "in none of the languages" in capfd.readouterr().err
    arguments = ["clean", str(crawl), "-o", str(tmp_path / "out"), "--target-language", "en", "--quiet", "--json"]
    assert run([*arguments, "--workers", "1"]) == 0
    assert json.loads(capfd.readouterr().out)["statuses"] == {"ok": 1, "other_language": 1}
