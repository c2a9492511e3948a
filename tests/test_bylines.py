"""What a page says of itself for programs: the author is that of the page, the day is no copyright year."""

import json
from typing import Any

import pytest
from lxml.html import document_fromstring

from boilerstrip import clean
from boilerstrip.bylines import Byline, read_byline

BODY = (
    "<article><h1>Engines</h1><p>A note on engines that weave algebra, with a long appendix on numbers.</p></article>"
)


def build(*data: Any, head: str = "", body: str = BODY) -> str:
    """A page with JSON-LD."""
    scripts = "".join(f"<script type='application/ld+json'>{json.dumps(one)}</script>" for one in data)
    return f"<html><head><title>Engines</title>{head}{scripts}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (build({"@type": "Article", "author": "Ada Lovelace"}), "Ada Lovelace"),
        (build({"@type": "NewsArticle", "author": [{"name": "Ada"}, {"name": "Charles"}]}), "Ada; Charles"),
        (build({"@graph": [{"@type": "BlogPosting", "author": {"@id": "#a"}}, {"@id": "#a", "name": "Ada"}]}), "Ada"),
        (build({"@type": "WebPage", "author": "Site"}, {"@type": "Article", "author": "Ada Lovelace"}), "Ada Lovelace"),
        (build({"@type": "Article", "author": {"@type": "Organization", "name": "The Gazette"}}), None),
        (build({"@type": "Article", "author": "https://example.org/ada"}), None),
        (build({"@type": "Product", "author": "Ada Lovelace"}), None),
        (build(head="<meta name='Author' content='By Ada Lovelace'>"), "Ada Lovelace"),
        (build(head="<meta property='article:author' content='https://example.org/ada'>"), None),
        (build(body=f"<div itemprop='author'><a>x</a><span itemprop='name'>drat_1</span></div>{BODY}"), "drat_1"),
        (build({"@type": "Article", "author": {"name": "Ada &amp; Charles"}}), "Ada & Charles"),
        (build({"@type": "Article", "author": "262588213843476"}, head="<meta name='author' content=', Ada'>"), "Ada"),
        (build({"@type": "WebPage", "mainEntity": {"@type": "Question", "author": {"name": "Ada"}}}), "Ada"),
        (build({"@type": "Product", "review": [{"@type": "Review", "author": {"name": "Troll99"}}]}), None),
        (build({"@type": "Article", "about": {"@type": "Book", "author": {"name": "H. Melville"}}}), None),
        (build({"@graph": [{"@type": "WebPage", "hasPart": [{"@type": "Article", "author": "Charles"}]},
                           {"@type": "Article", "author": "Ada", "citation": {"@type": "Article", "author": "x"}}]}),
         "Ada"),
        (build(body=f"<p><i itemprop='author'>Ada Lovelace</i> and <i itemprop='author'>Charles</i></p>{BODY}"),
         "Ada Lovelace; Charles"),
        (build(body="<p itemscope><b itemprop='author'>Ada</b></p><p itemscope><b itemprop='author'>Charles</b></p>"),
         "Ada"),
        (build(body="<p class='comments'><b itemprop='author'>Charles</b></p><p><b itemprop='author'>Ada</b></p>"),
         "Ada"),
        (build(head="<meta name='author' content='By Ada Lovelace, Staff Writer'>"), "Ada Lovelace"),
        (build({"@type": "Article", "author": "admin"}, head="<meta name='author' content='Ada'>"), "Ada"),
        (build(head="<meta name='author' content='Admin'>"), "Admin"),
        (build(body=f"<p class='auteur'>Par Ada Lovelace</p>{BODY}"), "Ada Lovelace"),
        (build(body=f"<p class='post-author'>Von Ada von der Leine und C. Babbage</p>{BODY}"),
         "Ada von der Leine; C. Babbage"),
        (build(body=f"<h1>x</h1><p class='byline'>Por la tarde</p><p>Par Ada Lovelace</p>{BODY}"), "Ada Lovelace"),
        (build(body=f"<h1>Engines</h1><div><span>Written by</span><b>Ada Lovelace</b></div>{BODY}"), "Ada Lovelace"),
        (build(body=f"<h1>Engines</h1><p>By Ada Lovelace, Dec 17, 1842</p>{BODY}"), "Ada Lovelace"),
        (build(body=f"<h1>Engines</h1><p>By Ada Lovelace’s own account it was late.</p>{BODY}"), None),
        (build({"@type": "Product", "name": "x"}, body=f"<h1>Engines</h1><p>by Babbage Engines</p>{BODY}"), None),
        (build({"@type": "Article", "author": {"name": "Gazette"}}, body=f"<h1>x</h1><p>By Ada Lovelace</p>{BODY}",
               head="<meta property='og:site_name' content='Gazette'>"), "Ada Lovelace"),
        (build(head="<meta name='author' content='null'>"), None),
        (build({"@type": "Article", "author": {"name": "Jan"}}), "Jan"),
        (build({"@type": "Article", "author": {"name": "Ada Lovelace, Staff Writer"}}), "Ada Lovelace"),
        (build({"@type": "Article", "author": {"name": "Ada Lovelace, Associated Press"}}),
         "Ada Lovelace, Associated Press"),
        *((build(body=f"<h1>Engines</h1>{line}{BODY}"), None) for line in (
            "<p>The film is directed <b>by Charles Babbage</b> and long.</p>", "<h2>By The Numbers</h2>",
            "<figcaption>Photo <cite>by Ansel Adams</cite></figcaption>", "<p>BY USING THIS</p>",
            "<ul><li><span>By Charles Babbage</span></li></ul>", "<div>Powered <span>by Charles Babbage</span></div>",
        )),
        (build(body=f"<h1>Engines</h1><p>{'One of many engines. ' * 9}</p><p>By Charles Babbage</p>"), None),
        (build(body="<p>By Rocket Themes</p><h1>Engines</h1>"), None),
        (build(head="<meta name='author' content='Ada Lovelace and C. Babbage'>"), "Ada Lovelace; C. Babbage"),
        (build({"@type": "Article", "author": [{"name": "Ada Lovelace"}, {"name": "ADA LOVELACE"}]}), "Ada Lovelace"),
        (build(body=f"<aside><p class='author'>By Charles Babbage</p></aside>{BODY}"), None),
        (build(body=f"<p itemprop='author'><b>Ada</b><b>Lovelace</b></p>{BODY}"), "Ada Lovelace"),
        (build(body=f"<p class='author'>By Ada Lovelace {'and Charles Babbage ' * 9}</p>{BODY}"), None),
        (build(body=f"{BODY}<aside><p itemprop='author'>Ada Lovelace</p></aside>"), "Ada Lovelace"),
        (build(body=f"<p class='byline'>By Ada Lovelace Contributing Writer</p>{BODY}"), "Ada Lovelace"),
        (build([1, None, "x", {"@type": 7, "author": {"name": {"a": 1}}}]), None),
    ],
)  # fmt: skip
def test_the_author_is_who_the_page_names(page: str, expected: str | None) -> None:
    assert read_byline(document_fromstring(page)).author == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (build({"@type": "Article", "datePublished": "2024-06-03T23:30:00-05:00"}), "2024-06-03"),
        (build({"@type": "Recipe", "datePublished": ""}, head="<meta name='date' content='2024-06-04'>"), "2024-06-04"),
        (build(body=f"<time itemprop='dateCreated' datetime='2018-06-08 10:00'></time>{BODY}"), "2018-06-08"),
        (build(head="<meta name='date' content='March 7th, 2025'>"), "2025-03-07"),
        (build({"@type": "Article", "datePublished": "Mar 7, 2025"}), None),
        (build(body="<main><time datetime='2025-03-08T04:00Z'>7 Mar 2025, 23:00</time></main>"), "2025-03-07"),
        (build(body="<article><time class='updated' datetime='2025-03-08'>now</time><time datetime='2025-03-07'>then"),
         "2025-03-07"),
        (build(body="<time class='entry-date published' datetime='2025-03-07'>Friday</time>"), "2025-03-07"),
        (build(body="<aside><time datetime='2025-03-07'>Another story</time></aside>"), None),
        (build(body="<article><h1>Engines</h1><aside><ul><li><time datetime='2025-06-02'>June</time> <a>Loom</a></ul>"
               "</aside><p class='post-date'>Posted March 7, 2025</p><p>A note"), "2025-03-07"),
        (build(body="<article><h1>Engines</h1><p>On <time datetime='1904-05-01'>1 May 1904</time> the king himself"
               " opened the works to the first of all the engines.</p><time datetime='2025-03-07'></time>"),
         "2025-03-07"),
        (build(body="<article><h1>Engines</h1><i class='date'>May 7, 2025</i><i class='date'>May 6, 2025</i>"), None),
        (build(body="<article><h1>Engines</h1><i class='date'>Updated March 7, 2025</i>"), None),
        (build(body="<article><p>By Ada, <time datetime='2025-03-07'>7 March</time>, 10 minutes to read</article>"),
         "2025-03-07"),
        (build(body="<article><article><time datetime='2025-06-02'></article><time datetime='2025-03-07'></article>"),
         "2025-03-07"),
        (build(body="<main><ul><li><a>x</a><time datetime='2025-06-02'></time><li><a>y</a><time datetime='2025-06-01'>"
               "</time></ul><time datetime='2025-03-07'></time></main>"), "2025-03-07"),
        (build(body="<div itemprop='comment'><i itemprop='datePublished' content='2025-06-02'></i></div>"), None),
        (build(body="<div class='latest-posts'><article><h1>Engines</h1><time datetime='2025-03-07'></div>"),
         "2025-03-07"),
        (build(body="<article><h1>Engines</h1><p class='birthdate'>March 7, 2025</p></article>"), None),
        (build(body="<article><h1>Engines</h1><p class='date'>公開日：2024年3月12日</p></article>"), "2024-03-12"),
        (build(body="<main><h1>Engines</h1><p class='pubdate'>发布于2024年13月12日</p></main>"), None),
        (build(body="<article><p class='byline'>Ada | 03/12/2024</p></article>").replace("html", "html lang=en-US", 1),
         "2024-03-12"),
        (build(body="<article><p class='date'>13/12/2024</p></article>").replace("html", "html lang=en-US", 1),
         "2024-12-13"),
        (build(body="<article><p class='date'>13/13/2024</p></article>").replace("html", "html lang=en-US", 1), None),
        (build(body="<article><p class='submitted'>Submitted by Ada on Tue, 03/05/2024 - 10:12</p>"), "2024-03-05"),
        (build(body="<article><p class='submitted'>By Sunny on Tuesday 03/05/2024</p>"), "2024-03-05"),
        (build(body="<article><p class='submitted'>By Ada on Sunday, 03/05/2024</p>"), None),
        (build(body="<article><p class='byline'>By Ada | 03/12/2024</p></article>"), None),
        (build({"@type": "Article", "video": {"@type": "VideoObject", "datePublished": "2024-06-03"}}), None),
        (build({"@type": "Event", "datePublished": "2024-06-03"}), None),
        (build({"@type": "Article", "datePublished": None}), None),
    ],
)  # fmt: skip
def test_the_day_is_that_of_publication(page: str, expected: str | None) -> None:
    assert read_byline(document_fromstring(page)).date == expected


def test_nobody_takes_another_work_for_the_page() -> None:
    review = {"@type": "Review", "author": {"@type": "Person", "name": "Troll99"}, "datePublished": "2019-05-05"}
    for other in ({"@type": "Product", "review": [review]}, {"@type": "Article", "comment": review}):
        document = clean(build(other))
        assert (document.author, document.date) == (None, None)
    unnamed = {"@type": "Article", "author": {"@id": "#a"}, "mentions": {"@type": "Person", "@id": "#a", "name": "Ada"}}
    assert clean(build(unnamed)).author == "Ada"


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("<!-- ", " -->"),
        ("//<![CDATA[\n", "\n//]]>"),
        ("/*<![CDATA[*/", "/*]]>*/"),
        ("<!--//--><![CDATA[//><!--\n", "\n//--><!]]>"),
    ],
)
def test_data_may_be_wrapped(before: str, behind: str) -> None:
    data = json.dumps({"@type": "Article", "author": {"name": "Ada"}, "datePublished": "2024-06-03"})
    page = build(head=f"<script type='application/ld+json'>{before}{data}{behind}</script>")
    assert read_byline(document_fromstring(page)) == Byline("Ada", "2024-06-03")


@pytest.mark.parametrize(
    "script",
    ["<!--", "//<![CDATA[//]]>", "<!-- {", "//" * 50_000, "{", "[" * 5_000, '{"a": ' * 3_000, "", "null",
     '{"author": ' + "[" * 50],
)  # fmt: skip
def test_what_is_no_json_says_nothing(script: str) -> None:
    tree = document_fromstring(f"<script type='application/ld+json'>{script}</script><p>Engines")
    assert read_byline(tree) == Byline()


def test_a_copyright_year_is_no_day() -> None:
    footer = "<footer>© 2014 The engine works</footer>"
    assert clean(build(body=BODY + footer)).date is None
    assert clean(build({"@type": "Article", "datePublished": "2014-01-01"}, body=BODY + footer)).date == "2014-01-01"


def test_the_day_in_the_address_comes_first() -> None:
    page = build({"@type": "Article", "datePublished": "2025-12-19T02:00:00Z"})
    assert clean(page, url="https://example.org/2025/12/18/engines").date == "2025-12-18"
    assert clean(page, url="https://example.org/2025/12/engines").date == "2025-12-19"


def test_an_account_does_not_beat_a_byline() -> None:
    account = {"@type": "Article", "author": {"@type": "Person", "name": "admin"}}
    assert clean(build(account, body=f"<p class='byline'>By Ada Lovelace</p>{BODY}")).author == "Ada Lovelace"
    assert clean(build(account, body=f"<p class='byline'>Ada Lovelace</p>{BODY}")).author == "Ada Lovelace"
    assert clean(build(account)).author == "admin"


def test_the_author_of_a_related_story_is_not_that_of_the_page() -> None:
    related = "<aside><h2>Related</h2><a href='/x'>A loom</a> <span class='author'>Joseph Jacquard</span></aside>"
    page = build({"@type": "Article", "author": {"@type": "Person", "name": "Ada Lovelace"}}, body=related + BODY)
    assert clean(page).author == "Ada Lovelace"


def test_a_day_that_no_calendar_has_is_none() -> None:
    page = build(
        {"@type": "Article", "datePublished": "2024-02-31"}, {"@type": "Article", "datePublished": "2024-02-29"}
    )
    assert read_byline(document_fromstring(page)).date == "2024-02-29"
