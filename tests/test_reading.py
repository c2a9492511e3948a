"""Whole pages: what a browser shows decides before the tagger does, and each rule of it has a case and a variant.

Every case says what must and must not stand in the story, the reason of one block, and pieces of the Markdown.
"""

import json
from typing import Any, NamedTuple

import pytest

from boilerstrip import Document, clean
from tests.samples import STORY

PARAGRAPHS = [f"<p>{line}</p>" for line in STORY]
ASIDE = "Nobody who lives near the bridge has ever asked why the lamps are lit before it is dark in the valley."
README = (
    "# Kettle",
    "A small tool that boils water for the whole valley and tells you when it is done, however long that may take.",
    "## Install",
    "```\npip install kettle\n```",
    "Then start it with the command below, and wait until the light goes out before you touch it with your hands.",
    "## Use",
    "| option | meaning |\n| --- | --- |\n| -q | quiet |",
    "Nobody has to stand beside it, because it knows by itself when the water boils, and then it rings a small bell.",
)


def build_page(*body: str, head: str = "", headline: str = "<h1>The new bridge</h1>") -> str:
    return (
        f"<html lang='en'><head><title>The new bridge | The Valley Gazette</title>{head}</head><body>"
        "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"
        f"<main><article>{headline}{''.join(body)}</article></main>"
        "<footer><p>Sign up for our weekly letter.</p></footer></body></html>"
    )


def structured(body: str) -> str:
    claims = {"@type": "NewsArticle", "headline": "The new bridge", "articleBody": body}
    return f'<script type="application/ld+json">{json.dumps(claims)}</script>'


def with_note(mark: str, *notes: str) -> str:
    marked = PARAGRAPHS[1].replace(" and people", f"{mark} and people")
    return build_page(PARAGRAPHS[0], marked, *PARAGRAPHS[2:], *notes)


class Case(NamedTuple):
    name: str
    source: str
    expected: dict[str, Any]


WHOLE = {"must_contain": STORY}
CASES = (
    Case(
        "text for screen readers alone",
        build_page(*PARAGRAPHS[:2], f"<p class='sr-only'>{ASIDE}</p>", *PARAGRAPHS[2:]),
        {**WHOLE, "must_not_contain": [ASIDE], "reason": (ASIDE, "invisible")},
    ),
    Case(
        "a box of it between paragraphs",
        build_page(PARAGRAPHS[0], f"<div class='element-invisible'><p>{ASIDE}</p></div>", *PARAGRAPHS[1:]),
        {**WHOLE, "must_not_contain": [ASIDE], "reason": (ASIDE, "invisible")},
    ),
    Case(
        "an item and a column of a table that are hidden among others that are seen",
        build_page(
            *PARAGRAPHS[:2],
            "<p>The council will do this:</p><ul><li>Close the bridge to the carts</li><li style='display:none'>Unseen "
            "item</li><li>Light the lamps before it is dark</li><li>Call the baker</li></ul>",
            *PARAGRAPHS[2:],
            "<table><tr><th>Bridge</th><th hidden>Unseen</th><th>Carts</th></tr>",
            "<tr><td>Old</td><td hidden>Unseen 1</td><td>12</td></tr>",
            "<tr><td>New</td><td hidden>Unseen 2</td><td>3</td></tr></table>",
        ),
        {
            "must_contain": [*STORY, "Close the bridge to the carts", "Call the baker"],
            "must_not_contain": ["Unseen"],
            "markdown_contains": ["| Bridge | Carts |\n| --- | --- |\n| Old | 12 |\n| New | 3 |"],
        },
    ),
    Case(
        "a paragraph of which screen readers have a copy of their own",
        build_page(
            *PARAGRAPHS[:2],
            f"<p aria-hidden='true'>{ASIDE}</p><p class='sr-only'>{ASIDE}</p>",
            *PARAGRAPHS[2:],
        ),
        {"must_contain": [*STORY, ASIDE], "max_count": {ASIDE: 1}},
    ),
    Case(
        "a paragraph that no reader can open",
        build_page(*PARAGRAPHS[:2], f"<p style='display:none'>{ASIDE}</p>", *PARAGRAPHS[2:]),
        {**WHOLE, "must_not_contain": [ASIDE], "reason": (ASIDE, "invisible")},
    ),
    *(
        Case(
            f"a paragraph off the screen by {style}",
            build_page(*PARAGRAPHS[:2], f'<div style="{style}"><p>{ASIDE}</p></div>', *PARAGRAPHS[2:]),
            {**WHOLE, "must_not_contain": [ASIDE], "reason": (ASIDE, "invisible")},
        )
        for style in (
            "position:absolute; left:-9999px",
            "top: -1000em; POSITION: FIXED",
            "text-indent:-99999px",
            "position:absolute;clip:rect(0,0,0,0)",
            "clip: rect(1px 1px 1px 1px)",
            "clip-path:inset(50%)",
            "width:1px; height:1px; overflow:hidden",
        )
    ),
    *(
        Case(
            f"a paragraph that is seen in spite of {style}",
            build_page(*PARAGRAPHS[:3], f'<div style="{style}">{PARAGRAPHS[3]}</div>'),
            WHOLE,
        )
        for style in (
            "opacity:0",
            "position:relative; left:-20px",
            "position:relative; margin-left:-9999px; padding-left:9999px",
            "text-indent:-18pt",
            "clip:rect(0px,900px,400px,0px)",
            "max-width:1px; height:1px; overflow:hidden",
        )
    ),
    Case(
        "words of a sentence and a link moved off the screen",
        build_page(
            *(
                line.replace("people", "<span style='position:absolute;left:-999em'>unseen</span>people")
                for line in PARAGRAPHS
            ),
            "<p>The mill stands below it. <a href='/x' style='text-indent:-9999px'>unseen too</a></p>",
        ),
        {**WHOLE, "must_not_contain": ["unseen"]},
    ),
    Case(
        "a story that a script will move onto the screen",
        build_page(*PARAGRAPHS).replace("<main>", "<main style='position:absolute;left:-9999px'>"),
        WHOLE,
    ),
    Case(
        "an answer that a reader opens",
        build_page(*PARAGRAPHS[:3], "<h3>Who pays for it?</h3>", f"<div hidden>{PARAGRAPHS[3]}</div>"),
        WHOLE,
    ),
    Case(
        "words hidden inside a sentence",
        build_page(*(line.replace("people", "<span style='display:none'>unseen</span>people") for line in PARAGRAPHS)),
        {**WHOLE, "must_not_contain": ["unseen"]},
    ),
    Case(
        "the second half of a paragraph, which a button opens",
        build_page(*PARAGRAPHS[:3], f"<p>{STORY[3]} <i>…</i><span style='display:none'> {ASIDE}</span></p>"),
        {"must_contain": [*STORY, f"… {ASIDE}"]},
    ),
    Case(
        "a body that a script will show",
        build_page(*PARAGRAPHS).replace("<body>", "<body style='visibility:hidden'>"),
        WHOLE,
    ),
    Case(
        "a story in structured data alone",
        f"<html><head>{structured(' '.join(STORY))}</head><body><div id='app'>Loading</div></body></html>",
        {**WHOLE, "must_not_contain": ["Loading"], "role": (STORY[0], "structured")},
    ),
    Case(
        "the same as markup, beside a menu",
        f"<html><head>{structured(''.join(PARAGRAPHS))}</head><body><nav><a href='/'>Home</a></nav></body></html>",
        {**WHOLE, "must_not_contain": ["Home", "<p>"], "role": (STORY[3], "structured")},
    ),
    Case(
        "structured data beside the story",
        build_page(*PARAGRAPHS, head=structured(" ".join(STORY))),
        {**WHOLE, "max_count": {STORY[0]: 1}},
    ),
    Case(
        "a note behind the story that a mark leads to",
        with_note(
            "<a href='#cite_note-a'>[1]</a>",
            "<div class='references'><p id='cite_note-a'>Interview with the baker, 4 May.</p>",
            "<p id='cite_note-b'>Interview with nobody.</p></div>",
        ),
        {
            "must_contain": [STORY[0], "Interview with the baker, 4 May."],
            "must_not_contain": ["Interview with nobody."],
            "markdown_contains": ["[^1]: Interview with the baker, 4 May."],
        },
    ),
    Case(
        "notes as a word processor writes them, with their anchors inside the text",
        with_note(
            "<a href='#_ftn1' name='_ftnref1'>[1]</a>",
            "<p><a href='#_ftnref1' name='_ftn1'>[1]</a> Interview with the baker, 4 May.</p>",
        ),
        {"markdown_contains": ["of that size,[^1] and people", "[^1]: \\[1\\] Interview with the baker"]},
    ),
    Case(
        "a note as Wikipedia marks it, with an element for each bracket",
        with_note(
            "<sup><a href='#cite_note-a'><span>[</span>1<span>]</span></a></sup>",
            "<p id='cite_note-a'><span class='mw-cite-backlink'>^ <a href='#cite_ref-a'>a</a></span> "
            "Interview with the baker, 4 May.</p>",
        ),
        {"markdown_contains": ["of that size,[^1] and people", "[^1]: Interview with the baker"]},
    ),
    Case(
        "a note whose mark is a bare number, and its number in a box of its own",
        with_note(
            "<a class='footnote-anchor' id='footnote-anchor-1' href='#footnote-1'>1</a>",
            "<div><a id='footnote-1' href='#footnote-anchor-1'>1</a>"
            "<div><p>Interview with the baker, 4 May.</p></div></div>",
        ),
        {
            "must_contain": ["of that size,[1] and people"],
            "must_not_contain": ["1 Interview"],
            "markdown_contains": ["of that size,[^1] and people", "[^1]: Interview with the baker"],
            "markdown_max": {"[^1]:": 1},
        },
    ),
    *(
        Case(
            f"two notes, each behind its label in {name}",
            with_note(
                "<a href='#n1'>[1]</a>",
                "<p>The mill is older than the bridge,<a href='#n2'>[2]</a> and the baker is older still.</p>",
                *(form.format(number) for number in (1, 2)),
            ),
            {
                "must_contain": ["Interview 1 with the baker.", "Interview 2 with the baker."],
                "must_not_contain": ["[1] Interview", "[2] Interview"],
                "markdown_contains": ["[^1]: Interview 1", "[^2]: Interview 2"],
                "markdown_max": {"[^1]:": 1, "[^2]:": 1},
            },
        )
        for name, form in (
            (
                "a line of its own",
                "<aside id='n{0}'><span>[<a href='#m{0}'>{0}</a>]</span><p>Interview {0} with the baker.</p></aside>",
            ),
            (
                "the term that it describes",
                "<dl><dt id='n{0}'><a href='#m{0}'>{0}</a></dt><dd><p>Interview {0} with the baker.</p></dd></dl>",
            ),
            (
                "a cell of its own",
                "<table id='n{0}'><tr><td><a href='#m{0}'>[{0}]</a></td><td>Interview {0} with the baker.</td></table>",
            ),
        )
    ),
    Case(
        "a mark that says so itself, and one of several above the line",
        with_note(
            "<a role='doc-noteref' href='#x-a'>7</a>",
            "<p>The mill is older<sup><a href='#x-b'>8</a>,<a href='#x-c'>9</a></sup> than the bridge.</p>",
            *(f"<p id='x-{name}'>Interview {name} with the baker.</p>" for name in "abc"),
        ),
        {
            "must_contain": ["of that size,[7] and people", "older[8,9] than"],
            "markdown_contains": [
                "of that size,[^7] and people",
                "older<sup>[^8],[^9]</sup> than",
                *(f"[^{label}]: Interview {name}" for label, name in ("7a", "8b", "9c")),
            ],
        },
    ),
    Case(
        "links that lead from a note back to its marks, and one that leads elsewhere",
        with_note(
            "<sup id='m1'><a href='#n1'>1</a></sup>",
            "<p>The mill is older still.<sup><a id='m2' href='#n1'>1</a></sup></p><p id='p1'>So is the bakery.</p>",
            "<ol><li id='n1'><p>Interview with the baker, <a href='#p1'>whose shop</a> is old. "
            "<a href='#m1'>Return to the text</a> <a href='#m1'>1</a> "
            "<a href='#m2'>↩<sup>2</sup></a></p><a href='#m1'>Back</a></li></ol>",
        ),
        {
            "links": True,
            "must_contain": ["Interview with the baker, whose shop is old."],
            "must_not_contain": ["Return", "old. 1", "↩", "Back"],
        },
    ),
    Case(
        "an anchor around a subheading, which leads nowhere",
        build_page(*PARAGRAPHS[:2], "<h2><a name='second'>The second part</a></h2>", *PARAGRAPHS[2:]),
        {"links": True, "markdown_contains": ["## The second part\n"]},
    ),
    Case(
        "the number of a printed page inside a word, and a title in the body",
        "<div>" + build_page(*PARAGRAPHS).replace("people", "peo<span class='pagenum'>[Pg 12]</span>ple"),
        {**WHOLE, "must_not_contain": ["Valley Gazette"]},
    ),
    Case(
        "numbers of lines that a reader does not copy",
        build_page(
            *PARAGRAPHS[:2],
            "<pre><code><span><span style='user-select:none;color:gray'>1</span><span>boil\n</span></span>"
            "<span><span style='user-select:none;color:gray'>2</span><span>pour\n</span></span></code></pre>",
            *PARAGRAPHS[2:],
        ),
        {**WHOLE, "markdown_contains": ["```\nboil\npour\n```"]},
    ),
    Case(
        "the mark of a note with the page's whole address",
        with_note(
            "<sup><a href='https://x.example/1#cite_note-3'>[3]</a></sup>",
            "<ol><li id='cite_note-3'>Minutes of the council, volume twelve, page 40.</li></ol>",
        ),
        {"links": True, "markdown_contains": ["of that size,[^3] and people", "[^3]: Minutes of the council"]},
    ),
    Case(
        "a list of which one item is a note",
        with_note(
            "<a href='#n2'><sup>2</sup></a>",
            "<ol><li>The mill was built in the year of the flood.</li>"
            "<li id='n2'>Minutes of the council, volume twelve, page 40.</li></ol>",
        ),
        {"markdown_contains": ["of that size,[^2] and people", "[^2]: Minutes of the council"]},
    ),
    Case(
        "a list of notes, the mark above the line",
        with_note(
            "<sup><a href='#fn1'>1</a></sup>",
            "<ol class='footnotes'><li id='fn1'>Minutes of the council, volume twelve, page 40.</li></ol>",
        ),
        {
            "must_contain": [STORY[0], "Minutes of the council, volume twelve, page 40."],
            "markdown_contains": ["of that size,[^1] and people", "[^1]: Minutes of the council"],
        },
    ),
    Case(
        "a line of code that stands alone",
        build_page(*PARAGRAPHS[:2], "<p><code>pip install kettle</code></p>", *PARAGRAPHS[2:]),
        {**WHOLE, "must_contain": ["pip install kettle"], "reason": ("pip install", "enclosed_code")},
    ),
    Case(
        "several of them, one below the other",
        build_page(*PARAGRAPHS[:3], *(f"<div><samp>{name} = 1</samp></div>" for name in "abc"), PARAGRAPHS[3]),
        {**WHOLE, "markdown_contains": ["`a = 1`\n\n`b = 1`\n\n`c = 1`"]},
    ),
    Case(
        "code that is a menu's entry",
        build_page(*PARAGRAPHS, "<ul><li><a href='/a'><code>kettle.boil</code></a></li></ul>"),
        {**WHOLE, "must_not_contain": ["kettle.boil"]},
    ),
    Case(
        "a text in Markdown",
        "\n\n".join(README),
        {"must_contain": ["# Kettle", "pip install kettle", "| -q | quiet |", "## Use"]},
    ),
    Case(
        "the same without its title, wrapped by other signs",
        "\n\n".join(("# Tools", *README[1:3], "```sh\nmake kettle\n```", *README[4:])),
        {"must_contain": ["# Tools", "make kettle", "| option | meaning |"]},
    ),
    Case(
        "images between paragraphs",
        build_page(PARAGRAPHS[0], "<p><img src='/a.jpg' alt='The bridge'></p>", *PARAGRAPHS[1:]),
        {**WHOLE, "markdown_contains": ["eyes.\n\n![The bridge](https://x.example/a.jpg)\n\nIt was"]},
    ),
    Case(
        "a lazy one between boxes, and one inside a sentence",
        build_page(
            PARAGRAPHS[0],
            "<div><img src='data:image/gif;base64,R0' data-src='/b.jpg' alt='The quay'></div>",
            PARAGRAPHS[1].replace("size,", "size, <img src='/c.jpg' alt='so'>"),
            *PARAGRAPHS[2:],
        ),
        {
            "markdown_contains": [
                "\n\n![The quay](https://x.example/b.jpg)\n\n",
                "size, ![so](https://x.example/c.jpg) and",
            ]
        },
    ),
    Case(
        "pictures above the story, whose captions are dropped",
        build_page(
            *(f"<figure><img src='/{name}.jpg'><figcaption>Photo: a reader</figcaption></figure>" for name in "ab"),
            *PARAGRAPHS,
        ),
        {**WHOLE, "markdown_contains": ["![](https://x.example/a.jpg)![](https://x.example/b.jpg)\n\n"]},
    ),
    Case(
        "a pattern of an address, and one that leads to a page",
        build_page(
            PARAGRAPHS[0],
            "<p><img src='/e.jpg' data-src='/e_{width}.jpg'></p>",
            PARAGRAPHS[1],
            "<p><img src='/f.jpg' data-url='/share?page=1'></p>",
            *PARAGRAPHS[2:],
        ),
        {**WHOLE, "markdown_contains": ["![](https://x.example/e.jpg)", "![](https://x.example/f.jpg)"]},
    ),
    Case(
        "a picture whose caption is dropped",
        build_page(
            *PARAGRAPHS[:2],
            "<figure><img src='/d.jpg' alt='The mill'><figcaption>Photo: a reader</figcaption></figure>",
            *PARAGRAPHS[2:],
        ),
        {**WHOLE, "markdown_not": ["of it.!["]},
    ),
    Case(
        "a site's name in a logo, and a headline that is no heading",
        build_page(*PARAGRAPHS, headline="<div class='headline'>The new bridge</div>").replace(
            "<nav>", "<header><a class='logo' href='/'>The Valley Gazette</a></header><nav>"
        ),
        {**WHOLE, "title": "The new bridge"},
    ),
    Case(
        "a logo that is a subheading, and no headline at all",
        build_page(*PARAGRAPHS, headline="", head="<meta property='og:site_name' content='Valley Gazette'>").replace(
            "<nav>", "<header><h2><a class='logo' href='/'>The Valley Gazette</a></h2></header><nav>"
        ),
        {**WHOLE, "title": "The new bridge"},
    ),
    Case(
        "a logo that is the page's only heading of the first level",
        build_page(*PARAGRAPHS, headline="<p class='title'><b>The new bridge</b></p>").replace(
            "<nav>",
            "<header><h1><a class='logo' href='https://gazette.example/'>The Valley Gazette</a></h1></header><nav>",
        ),
        {**WHOLE, "title": "The new bridge"},
    ),
)


def squeeze(text: str) -> str:
    return " ".join(text.split())


def find_faults(document: Document, expected: dict[str, Any]) -> list[str]:
    text = squeeze(document.text)
    markdown = document.to_markdown(links=expected.get("links", False), images=True)
    faults = [f"missing: {part}" for part in expected.get("must_contain", ()) if squeeze(part) not in text]
    faults += [f"kept: {part}" for part in expected.get("must_not_contain", ()) if part in text]
    faults += [f"too often: {part}" for part, most in expected.get("max_count", {}).items() if text.count(part) > most]
    faults += [f"not in Markdown: {part}" for part in expected.get("markdown_contains", ()) if part not in markdown]
    most_often = expected.get("markdown_max", {}).items()
    faults += [f"too often in Markdown: {part}" for part, most in most_often if markdown.count(part) > most]
    faults += [f"in Markdown: {part}" for part in expected.get("markdown_not", ()) if part in markdown]
    if "title" in expected and document.title != expected["title"]:
        faults.append(f"title: {document.title}")
    if "reason" in expected:
        part, code = expected["reason"]
        reasons = [block.main_reason.code for block in document.blocks if part in block.text and block.main_reason]
        faults += [] if reasons == [code] else [f"reasons: {reasons}"]
    if "role" in expected:
        part, role = expected["role"]
        roles = {block.role for block in document.blocks if part in block.text}
        faults += [] if roles == {role} else [f"roles: {roles}"]
    return faults


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_is_read_as_a_browser_shows_it(case: Case) -> None:
    assert find_faults(clean(case.source.encode(), url="https://x.example/1"), case.expected) == []
