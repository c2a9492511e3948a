"""Markdown: does it read back as the text that was kept, and are its headings, items, cells and code those of the page?

Structure is compared where both texts hold it, so that a heading which one of them dropped with its whole section says
nothing about its Markdown: an element counts if its words stand, one after another, in both texts. A kind of element is
measured on the pages whose labelled text has it, as the labels of many pages leave out all lists or all code.
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from lxml import html as lxml_html

from benchmarks.corpora import load_corpus, take_evenly
from benchmarks.metrics import words_of
from benchmarks.tables import format_table
from boilerstrip import Cleaner, Document
from boilerstrip.render.inline import show_marks

KINDS: Final = ("headings", "list items", "table cells", "code blocks")

_KIND_OF_TAG: Final = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "headings"),
    "li": "list items",
    "td": "table cells",
    "th": "table cells",
    "pre": "code blocks",
}
_BLOCKS: Final = frozenset({"p", "ul", "ol", "pre", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})

Elements = dict[str, Counter[str]]
"""For each kind the words of its elements, joined by blanks."""


def render_commonmark(markdown: str) -> lxml_html.HtmlElement:
    """Markdown as a tree of HTML, read by a parser of CommonMark with GitHub's tables, strikethrough, formulas,
    notes and boxes of tasks, which are no words.

    Indentation makes no code: the labels fence theirs, and what is indented in them is the rest of a list.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    parser.inline.ruler.before("escape", "formula", _read_formula)
    parser.inline.ruler.before("link", "note", _read_note_mark)
    return parse_html(_TASK.sub(r"\1", parser.render(_NOTE.sub(r"\1", markdown))))


_BAR: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = re.compile(r"[\s|:-]+")
_FENCE: Final = re.compile(r"\s*(```+|~~~+)")
_OTHER_ELEMENT: Final = re.compile(r"\s*(?:#|>|[-*+]\s|\d+[.)]\s)")
_LEAST_BARS: Final = 2
_NOTE: Final = re.compile(r"^( *)\[\^\w+\]: ", re.MULTILINE)
_NOTE_MARK: Final = re.compile(r"\[\^(\w+)\]")
_TASK: Final = re.compile(r"(<li>\s*(?:<p>)?)\[[ x]\] ")
_FORMULA: Final = re.compile(r"(\$\$?)(?=[^\s$])(?:[^$\\]|\\.)*?(?<!\s)\1(?!\d)")


def _read_note_mark(state: Any, silent: bool) -> bool:
    """The mark of a note, as GitHub reads it."""
    match = _NOTE_MARK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("sup_open", "sup", 1)
        state.push("text", "", 0).content = match[1]
        state.push("sup_close", "sup", -1)
    state.pos = match.end()
    return True


def _read_formula(state: Any, silent: bool) -> bool:
    """A formula between dollar signs, as GitHub reads it: nothing in it is markup."""
    match = _FORMULA.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("text", "", 0).content = match[0].replace("\\|", "|")
    state.pos = match.end()
    return True


def parse_html(source: str) -> lxml_html.HtmlElement:
    """A piece of HTML as a tree, with a space for every line break."""
    root = lxml_html.document_fromstring(f"<html><body>{source}</body></html>")
    for line_break in root.iter("br"):
        line_break.tail = " " + (line_break.tail or "")
    return root


def read_words(root: lxml_html.HtmlElement) -> list[str]:
    """Everything between white space in a tree, in order.

    >>> read_words(parse_html("<p>one <b>t</b>wo</p>\\n<p>three"))
    ['one', 'two', 'three']
    """
    return "".join(map(str, root.itertext())).split()


def find_round_trip_failures(document: Document) -> list[str]:
    """The formats that, read back, do not hold the words of the text in the same order.

    >>> from boilerstrip import clean
    >>> find_round_trip_failures(clean("1. A line *with* signs, which is <b>not</b> markup."))
    []
    """
    words = " ".join(show_marks(block.text, block.marks)[0] for block in document.blocks if block.kept).split()
    trees = {
        "html": lambda: parse_html(document.to_html()),
        "html with links and images": lambda: parse_html(document.to_html(links=True, images=True)),
        "markdown": lambda: render_commonmark(document.to_markdown()),
        "markdown with links and images": lambda: render_commonmark(document.to_markdown(links=True, images=True)),
    }
    return [name for name, make_tree in trees.items() if read_words(make_tree()) != words]


def complete_tables(markdown: str) -> str:
    """Markdown in which loose rows are tables: lines below each other with as many bars and no rule below the first,
    as some labels and some systems write tables, with or without empty lines between the rows.

    >>> complete_tables("text\\n\\na | b | c\\n\\nd | e | f\\n\\ntext").splitlines()
    ['text', '', '', 'a | b | c', '---|---|---', 'd | e | f', '', 'text']
    """
    written: list[str] = []
    for bars, run in groupby(_count_bars(markdown), itemgetter(0)):
        lines = [line for _, line in run]
        rows = [line.strip().strip("|") for line in lines if line.strip()]
        if bars < _LEAST_BARS or len(rows) < 2 or any(_RULE.fullmatch(row) for row in rows):
            written += lines
        else:
            written += ["", rows[0], "|".join(["---"] * (bars + 1)), *rows[1:], ""]
    return "\n".join(written)


def _count_bars(markdown: str) -> Iterator[tuple[int, str]]:
    """Each line with the bars between its cells; an empty one has as many as the line before, code and the lines of
    other elements have none."""
    bars, fence = 0, ""
    for line in markdown.splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if fence or mark or _OTHER_ELEMENT.match(line):
            bars = 0
        elif line.strip():
            bars = len(_BAR.findall(line.strip().strip("|")))
        yield bars, line


def find_elements(markdown: str) -> Elements:
    """The headings, list items, table cells and code blocks of a Markdown text.

    >>> find_elements("# One\\n\\n- two\\n  - three")["list items"]
    Counter({'two': 1, 'three': 1})
    """
    elements: Elements = {kind: Counter() for kind in KINDS}
    for element in render_commonmark(complete_tables(markdown)).iter(*_KIND_OF_TAG):
        words = " ".join(words_of(_read_first_line(element) if element.tag == "li" else element.text_content()))
        if words:
            elements[_KIND_OF_TAG[str(element.tag)]][words] += 1
    return elements


def _read_first_line(item: lxml_html.HtmlElement) -> str:
    """The first line of a list item's text; labelled texts often run the lines after a list into its last item.

    >>> _read_first_line(parse_html("<ul><li>one <b>two</b><ul><li>three</li></ul></li></ul>").find(".//li"))
    'one two'
    """
    pieces = [item.text or ""]
    for child in item:
        if child.tag in ("ul", "ol") or (child.tag in _BLOCKS and "".join(pieces).strip()):
            break
        pieces += (child.text_content(), child.tail or "")
    return next(iter("".join(pieces).strip().splitlines()), "")


class StructureScore:
    """Elements found, missed and made up, summed over pages."""

    def __init__(self) -> None:
        self._found, self._given, self._wanted = Counter[str](), Counter[str](), Counter[str]()

    def add(self, wanted: str, given: str) -> None:
        """Compare a page's Markdown with the labelled one."""
        wanted_elements, given_elements = find_elements(wanted), find_elements(given)
        wanted_text, given_text = _join_words(wanted), _join_words(given)
        for kind in (kind for kind in KINDS if wanted_elements[kind]):
            shared_wanted = _keep_held(wanted_elements[kind], given_text)
            shared_given = _keep_held(given_elements[kind], wanted_text)
            self._found[kind] += (shared_wanted & shared_given).total()
            self._wanted[kind] += shared_wanted.total()
            self._given[kind] += shared_given.total()

    def f1(self, kind: str) -> float:
        """F1 of a kind of element over all pages."""
        return 2 * self._found[kind] / max(1, self._wanted[kind] + self._given[kind])

    def wanted(self, kind: str) -> int:
        """Labelled elements of a kind that the system's text holds."""
        return self._wanted[kind]


def _join_words(markdown: str) -> str:
    return f" {' '.join(words_of(' '.join(read_words(render_commonmark(markdown)))))} "


def _keep_held(elements: Counter[str], text: str) -> Counter[str]:
    """The elements that a text holds, each as often as it holds them."""
    return Counter({words: min(number, text.count(f" {words} ")) for words, number in elements.items()})


def make_systems() -> dict[str, Callable[[bytes, str | None], str]]:
    """The systems compared, by name: a page's bytes and address in, Markdown out."""
    from trafilatura import extract

    cleaner = Cleaner()
    return {
        "boilerstrip": lambda html, url: cleaner.clean(html, url=url).to_markdown(),
        "trafilatura": lambda html, url: (
            extract(html, url=url, output_format="markdown", include_comments=False, include_formatting=True) or ""
        ),
    }


def format_scores(scores: dict[str, StructureScore]) -> str:
    """F1 of each kind for each system, and how many labelled elements it was measured on."""
    rows = [
        [name, *(f"{score.f1(kind):.3f} ({score.wanted(kind)})" for kind in KINDS)] for name, score in scores.items()
    ]
    return format_table(["system", *KINDS], rows)


def format_failures(failures: Sequence[tuple[str, str]], pages: int) -> str:
    """How many pages read back exactly, and which do not."""
    wrong = len({identifier for identifier, _ in failures})
    lines = [f"{pages - wrong} of {pages} pages read back to the words of their text, in every format"]
    return "\n".join([*lines, *(f"- {identifier}: {name}" for identifier, name in failures)])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``python -m benchmarks markdown``."""
    parser.add_argument("--corpus", default="wcxb-dev", help="NAME or FORMAT:PATH (default wcxb-dev)")
    parser.add_argument("--limit", type=int, help="pages, evenly spread over the corpus (default all)")
    parser.add_argument("--round-trip", type=int, default=300, help="pages read back (default 300)")


def run(arguments: argparse.Namespace) -> int:
    """Print both measurements; the exit code is 1 if a page does not read back."""
    pages = load_corpus(arguments.corpus)
    cleaner = Cleaner()
    read_back = take_evenly(pages, arguments.round_trip) if arguments.round_trip else []
    documents = ((page.identifier, cleaner.clean(page.html, url=page.url)) for page in read_back)
    failures = [(name, failure) for name, document in documents for failure in find_round_trip_failures(document)]
    print(f"## {arguments.corpus}: round trip\n\n{format_failures(failures, len(read_back))}\n")
    labelled = take_evenly([page for page in pages if page.markdown], arguments.limit)
    scores = measure_structure((page.html, page.url, page.markdown or "") for page in labelled)
    print(f"## {arguments.corpus}: structure, F1 (elements), {len(labelled)} pages\n\n{format_scores(scores)}")
    return 1 if failures else 0


def measure_structure(pages: Iterable[tuple[bytes, str | None, str]]) -> dict[str, StructureScore]:
    """Score every system on pages given as bytes, address and labelled Markdown."""
    systems = make_systems()
    scores = {name: StructureScore() for name in systems}
    for html, url, markdown in pages:
        for name, system in systems.items():
            scores[name].add(markdown, system(html, url))
    return scores
