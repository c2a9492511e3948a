"""Pages and pieces of pages are HTML; texts, also those about HTML, are text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerstrip.segment.kind import tell_kind

PAGES = {
    "doctype": "<!DOCTYPE html>\n<title>News</title>\nstory",
    "old doctype": '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">story',
    "html without doctype": "\ufeff\n  <HTML lang='en'><BODY>story</BODY></HTML>",
    "comment first": "<!-- saved from url=(0023)https://example.org/ -->\n<html><body>story</body></html>",
    "xml declaration": '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>News</title></channel></rss>',
    "script first": "<script>\nvar page = 1;\n</script>\n" + "var more = 2;\n" * 30,
    "server warning first": "Warning: no database in /index.php\n<html>\n<body>\n<p>story</p>\n</body>\n</html>",
    "http header first": "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<!doctype html>\n<p>one</p>\n<p>two</p>",
    "two paragraphs": "<p>one</p><p>two</p>",
    "one division": "<div>hello</div>",
    "unclosed": "<p>one\n<p>two\n<li>three",
    "upper case": "<P ALIGN=center>one<BR>two</P>",
    "wrapped paragraph": "<p>\n  A paragraph that goes\n  on over several\n  lines.\n</p>",
    "loose text between blocks": "one</p>two<p>three</p>",
    "inline only": "<i>one</i> <b>two</b>",
    "line breaks": "one<br>\ntwo<br />\nthree<br/>",
    "line breaks in a line": "one<br>two<br>three",
    "attributes over several lines": '<div\n  class="story"\n  id="main"\n  lang="en"\n  dir="ltr">\nstory\n</div>',
    "tag that does not end": '<p class="' + "story " * 20_000 + '">one</p>',
    "custom element": "<my-story><p>one</p></my-story>",
    "unknown xml": "<record><field>one</field></record>",
    "only comments": "<!-- one --><!-- two -->",
    "unclosed comment": "<!-- one",
    "nested without text": "<div>" * 1000,
    "minified": "<ul>" + "<li><a href=/x>one</a></li>" * 5000 + "</ul>",
    "embedded image": '<div>\n<img src="data:image/png;base64,' + "A" * 5000 + '">\n</div>',
}

TEXTS = {
    "empty": "",
    "white space": " \n\t",
    "plain": "A story.\n\nWith two paragraphs.",
    "about tags": "The <b> tag makes text bold and <i> makes it italic. Close them with </b> and </i>.",
    "about block tags": "Use <p> to open a paragraph and </p> to close it; a <div> groups them.",
    "list of tags": "<b> makes text bold\n<i> makes it italic\n<p> opens a paragraph\n<table> holds rows",
    "tags in quotation marks": "Write `<p>`, \"</p>\" or '<br>' where you need them.",
    "comparison": "if a < b > c then a<b and b>c, 1<2, x <y> z",
    "addresses": "Write to John <john@example.org>, Ann <a@b.de> or see <https://example.org/p>.",
    "generics": "List<String> names = new List<String>();\nMap<A, B> map;\nstd::vector<p> points;\nMaybe<Form> form;",
    "arrows": "<-- see above\n--> see below\n<3 <3 <3 >_<",
    "markdown with some html": (
        "# Tool\n\nA tool that does things.\n\n## Usage\n\nPress <kbd>Ctrl</kbd> and see [the page](https://example.org).\n\n"
        "H<sub>2</sub>O and <a href='x'>a link</a> in a line of text.\n\n- one\n- two\n\nThe end of it."
    ),
    "markdown with html code": "How to write a list:\n\n```html\n<ul>\n  <li>one</li>\n</ul>\n```\n\nThat is all.",
    "tutorial that shows markup": (
        "A table holds rows.\n\n<table>\n<tr>\n<td>one</td>\n</tr>\n</table>\n\nEach row is a <tr> element.\n\n"
        "Cells are <td> elements, and the browser\ndraws them side by side,\nwithout a border,\nunless you ask for one."
    ),
    "entities": "Fish &amp; Chips &lt;p&gt; &nbsp;",
    "mail": "From: Ann <ann@example.org>\nTo: Bob <b@example.org>\n\n> <p> was the tag\n\nYes.",
    "chat log": "<alice> hello\n<bob> hi there\n<alice> how are you?",
    "json": '{"html": "<p>one</p>", "count": 2}',
    "only brackets": "<" * 1000,
    "brackets and blanks": "< < < > > >" * 100,
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_html(page: str) -> None:
    assert tell_kind(page) == "html"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text(text: str) -> None:
    assert tell_kind(text) == "text"


@given(st.text(st.sampled_from("<>/pbdiv= \n\"'-!`ab")))
def test_any_content_has_a_kind(text: str) -> None:
    assert tell_kind(text) in ("html", "text")


@given(st.text(st.characters(exclude_characters="<")))
def test_without_a_bracket_it_is_text(text: str) -> None:
    assert tell_kind(text) == "text"


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<!--",
        "```\n",
        "\n",
        " ",
        "<p ",
        "</p ",
        "x</p ",
        "> <br ",
        "<a =",
        "<div\n",
        "<p><p>",
        "</",
        "<a",
        "~~~\n```\n",
    ],
)
def test_megabytes_of_anything_are_told_at_once(unit: str) -> None:
    assert tell_kind(unit * (5_000_000 // len(unit)) + "<") in ("html", "text")
