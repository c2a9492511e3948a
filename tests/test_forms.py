"""The same scraped lines, story and notices in one box, as every kind of page that careless templates make of them."""

import json
from html import escape
from pathlib import Path

import pytest

from boilerstrip import clean

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pages"
PAIRS = (
    "elpais-english",
    "german-story-french-notices",
    "arabic-story-english-notices",
    "japanese-story-english-notices",
    "portuguese-story-spanish-notices",
    "spanish-story-english-notices",
)
FORMS = {
    "p in one div": ("<div>", "<p>{}</p>\n", "</div>"),
    "div a line": ("<div>", "<div>{}</div>\n", "</div>"),
    "br": ("<div>", "{}<br>\n", "</div>"),
    "br br": ("<div>", "{}<br><br>\n", "</div>"),
    "li": ("<ul>", "<li>{}</li>\n", "</ul>"),
    "td": ("<table>", "<tr><td>{}</td></tr>\n", "</table>"),
    "article": ("<article>", "<p>{}</p>\n", "</article>"),
    "frame": (
        '<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav></header><main>',
        "<p>{}</p>\n",
        '</main><footer><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a></footer>',
    ),
}
"""What comes before the lines, around each, and after them."""


def read_lines(name: str, file: str) -> list[str]:
    text = (FIXTURES / name / file).read_text(encoding="utf-8")
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def write_page(lines: list[str], form: str) -> str:
    before, around, after = FORMS[form]
    body = "".join(around.format(escape(line, quote=False)) for line in lines)
    return f"<html><body>{before}{body}{after}</body></html>"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PAIRS)
def test_only_the_story_remains(name: str, form: str) -> None:
    document = clean(write_page(read_lines(name, "source.txt"), form))
    optional = json.loads((FIXTURES / name / "about.json").read_text(encoding="utf-8")).get("optional", [])
    kept = [" ".join(line.split()) for line in document.text.splitlines() if line.strip()]
    expected = read_lines(name, "expected.txt")
    assert [line for line in kept if line not in optional] == [line for line in expected if line not in optional]
