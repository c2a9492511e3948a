"""What a page says of itself is read from its head, the first claim of each kind counting."""

import json

import pytest

from boilerstrip import clean
from boilerstrip.page import Head
from boilerstrip.segment.head import read_structured_text
from boilerstrip.segment.html import segment_html
from tests.samples import STORY


def read_head(source: str) -> Head:
    return segment_html(source).head


def test_claims_are_read_from_the_head() -> None:
    head = read_head(
        """<html lang="de-AT"><head><title>The  new
        bridge | Town News</title><meta property="og:title" content="The new bridge">
        <meta name="description" content="It is open."><meta property="og:site_name" content="Town News">
        <link rel="canonical" href="https://x.test/bridge"></head><body><p>one</p></body></html>"""
    )
    assert head == Head(
        title="The new bridge | Town News",
        social_title="The new bridge",
        description="It is open.",
        language="de-AT",
        url="https://x.test/bridge",
        site_name="Town News",
    )


@pytest.mark.parametrize(
    ("source", "field", "value"),
    [
        ('<meta name="twitter:title" content="a">', "social_title", "a"),
        ('<meta property="OG:Description" content="a">', "description", "a"),
        ('<meta name="description" content="a"><meta property="og:description" content="b">', "description", "a"),
        ('<meta name="description" content="  "><meta name="description" content="b">', "description", "b"),
        ('<meta property="og:url" content="/a">', "url", "/a"),
        ('<link rel="Canonical" href="/a">', "url", "/a"),
        ('<link rel="stylesheet" href="/a">', "url", ""),
        ('<base target="_top"><base href="/a/"><base href="/b/">', "base", "/a/"),
        ("<title>a</title><title>b</title>", "title", "a"),
        ("<title></title>", "title", ""),
        ('<meta name="description">', "description", ""),
    ],
)
def test_single_claims(source: str, field: str, value: str) -> None:
    assert getattr(read_head(f"<head>{source}</head><p>x"), field) == value


def test_xhtml_says_its_language_with_a_prefix() -> None:
    assert read_head('<html xmlns="http://www.w3.org/1999/xhtml" lang="fr"><p>x</p></html>').language == "fr"


def test_the_title_of_a_drawing_is_not_the_page_s() -> None:
    assert read_head("<svg><title>Menu icon</title></svg><p>x</p>").title == ""


def test_the_title_wins_over_that_of_a_drawing() -> None:
    assert read_head("<title>Bridge</title><svg><title>Menu icon</title></svg><p>x</p>").title == "Bridge"


def test_structured_data_are_read_from_every_script_in_order() -> None:
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(value)}</script>'
        for value in ({"articleBody": "One."}, [{"text": "Two &amp; three."}, {"description": "About numbers"}])
    )
    head = read_head(f"{scripts}<script>var text = 'no'</script><p>x</p>")
    assert head.structured_text == "One.\nTwo & three."
    assert head.structured_description == "About numbers"


@pytest.mark.parametrize(
    ("source", "bodies"),
    [
        ('{"@graph": [{"x": {"articleBody": "deep"}}]}', ["deep"]),
        ('{"articleBody": "line\nbreak"}', ["line\nbreak"]),
        ('{"articleBody": ["no", "text"]}', []),
        ('{"articleBody": 5}', []),
        ('{"articleBody": "broken', []),
        ("", []),
        ("null", []),
        ("[" * 100_000, []),
        ('{"articleBody": "' + "x" * 1_000_001 + '"}', []),
    ],
)
def test_structured_texts_of_any_shape(source: str, bodies: list[str]) -> None:
    assert read_structured_text(source).bodies == bodies


def test_a_story_in_the_structured_data_of_the_head_is_found_at_its_script() -> None:
    body = " ".join(STORY) + " It was late."
    script = f'<script type="application/ld+json">{{"articleBody": "{body}"}}</script>'
    document = clean(f"<html><head><title>Bridge</title>{script}</head><body><p>Menu</p></body></html>")
    assert [block.path for block in document.blocks if block.text == body] == ["/html[1]/head[1]/script[1]"]
