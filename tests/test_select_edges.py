"""The bounds of each rule of selection: the last block that it reaches and the first that it leaves alone."""

from dataclasses import replace

import numpy as np
import pytest

from boilerstrip.judge.select import find_notes
from boilerstrip.segment.html import segment_html
from tests.samples import PROSE, STORY, read_lines
from tests.test_select import DROP, KEEP, choose

TEN = "one two three four five six seven eight nine ten"
PHRASE = "The council said no to it again."


@pytest.mark.parametrize(
    ("line", "probability", "below", "kept"),
    [
        ("Two words", 0.3, STORY[2], True),
        ("Single", 0.3, STORY[2], False),
        ("What the people of the town say about it", 0.3, STORY[2], True),
        ("What the people of the town say about it now", 0.3, STORY[2], False),
        ("What the town says", 0.29, STORY[2], False),
        ("what the town says", 0.3, STORY[2], False),
        ("3 questions that remain", 0.3, STORY[2], True),
        ("THE OTHER SIDE OF IT", 0.3, STORY[2], False),
        ("What the town says", 0.3, f"Still {PHRASE}", True),
        ("What the town says", 0.3, PHRASE, False),
        ("What the town says", 0.3, STORY[2].rstrip("."), False),
    ],
)
def test_bounds_of_a_subheading(line: str, probability: float, below: str, kept: bool) -> None:
    page = read_lines(STORY[0], STORY[1], line, below, STORY[3])
    selection = choose(page, [0.99, 0.99, probability, 0.99, 0.99], focus="precision")
    assert bool(selection.kept[2]) is kept
    assert selection.overruled == ({2: "subheading"} if kept else {})


@pytest.mark.parametrize(
    ("source", "probabilities", "dropped"),
    [
        ("<p>From our own people in Lisbon –<p>{0}", [KEEP, KEEP], [0]),
        ("<p>From our very own people in Lisbon –<p>{0}", [KEEP, KEEP], []),
        ("<p>{0}<p>Lisbon —<p>{1}", [KEEP, KEEP, KEEP], [1]),
        ("<p>{0}<p>Lisbon —<p>{1}", [KEEP, KEEP, DROP], []),
        ("<p>{0}<p>{1}<p>Lisbon -", [KEEP, KEEP, KEEP], []),
        ("<p>{0}<ul><li>Lisbon -</ul><p>{1}", [KEEP, KEEP, KEEP], [1]),
        ("<p>{0}<h2>Lisbon -</h2><p>{1}", [KEEP, KEEP, KEEP], []),
        ("<p>{0}<p>- Lisbon<p>{1}", [KEEP, KEEP, KEEP], []),
    ],
)
def test_bounds_of_a_dateline(source: str, probabilities: list[float], dropped: list[int]) -> None:
    selection = choose(segment_html(source.format(*STORY)), probabilities)
    assert selection.overruled == dict.fromkeys(dropped, "dateline")


FORTY = "The " + "bridge " * 38 + "stands."
CREDIT = "Ana Roy and Li Wen for the Post"


@pytest.mark.parametrize(
    ("lines", "probabilities", "dropped"),
    [
        ((STORY[0], FORTY, f"{FORTY} {CREDIT}", STORY[1]), [KEEP] * 4, [1, 2]),
        ((STORY[0], f"Now {FORTY}", f"Now {FORTY} {CREDIT}", STORY[1]), [KEEP] * 4, []),
        ((STORY[0], PHRASE, f"{PHRASE} {CREDIT}, and others", STORY[1]), [KEEP] * 4, []),
        ((STORY[0], PHRASE, f"{PHRASE} {CREDIT}"), [KEEP] * 3, [1, 2]),
        ((DROP_LINE := "Menu", PHRASE, f"{PHRASE} It was late.", STORY[1]), [DROP, KEEP, KEEP, KEEP], []),
        ((STORY[0], PHRASE, f"{PHRASE} It was late.", DROP_LINE), [KEEP, KEEP, KEEP, DROP], []),
        ((STORY[0], PHRASE, f"{PHRASE} It was late.", STORY[1]), [KEEP, KEEP, DROP, KEEP], [1]),
    ],
)
def test_bounds_of_a_caption(lines: tuple[str, ...], probabilities: list[float], dropped: list[int]) -> None:
    assert choose(read_lines(*lines), probabilities).overruled == dict.fromkeys(dropped, "caption")


def make_table(*cells: str, before: str = "") -> str:
    """A table of two columns."""
    rows = "".join(f"<tr><td>{one}<td>{two}" for one, two in zip(cells[::2], cells[1::2], strict=True))
    return f"<table>{before}{rows}</table>"


COUNTS = make_table("North", "412", "South", "300")
LINKED = '<a href="/a">one two three</a> four'
REST = ["five", "six", "seven", "eight", "nine", "ten"]


@pytest.mark.parametrize(
    ("source", "probabilities", "kept"),
    [
        (f"<h2>Counts</h2>{COUNTS}<p>{STORY[0]}", [KEEP, *[DROP] * 4, KEEP], False),
        (f"<p>{STORY[0]}<figcaption>Counts</figcaption>{COUNTS}<p>{STORY[1]}", [KEEP, *[DROP] * 5, KEEP], True),
        (f"<p>{STORY[0]}<h2>Counts</h2>{COUNTS}<p>{STORY[1]}", [KEEP, *[DROP] * 5, KEEP], True),
        (f"<div><p>{STORY[0]}</div>{COUNTS}<p>Menu<p>{STORY[1]}", [KEEP, *[DROP] * 5, KEEP], False),
        (f"<div><p>{STORY[0]}</div>{COUNTS}<p>{STORY[1]}<p>Menu", [KEEP, *[DROP] * 4, KEEP, DROP], True),
        (f"<div><p>{STORY[0]}</div>{COUNTS}", [KEEP, *[DROP] * 4], False),
        (f"<div><p>{STORY[0]}</div>{COUNTS}<p>Menu", [KEEP, *[0.3] * 4, DROP], True),
        (f"<p>{STORY[0]}{make_table(LINKED, ' '.join(REST[:3]), *REST[3:5])}<p>{STORY[1]}", "few links", False),
        (f"<p>{STORY[0]}{make_table(LINKED, ' '.join(REST[:4]), *REST[4:])}<p>{STORY[1]}", "few links", True),
    ],
)
def test_bounds_of_a_table_among_kept_blocks(source: str, probabilities: list[float] | str, kept: bool) -> None:
    page = segment_html(source)
    if isinstance(probabilities, str):
        probabilities = [KEEP, *[DROP] * 4, KEEP]
    selection = choose(page, probabilities, focus="precision")
    cells = [block for block, role in enumerate(page.roles) if role == "table_cell"]
    assert [bool(selection.kept[block]) for block in cells] == [kept] * 4
    assert selection.overruled == (dict.fromkeys(cells, "table") if kept else {})


def test_a_table_behind_one_that_was_kept_already_stays_too() -> None:
    page = segment_html(f"<p>{STORY[0]}</p>{COUNTS}<p>{STORY[1]}</p>{COUNTS.replace('4', '5')}<p>{STORY[2]}")
    selection = choose(page, [KEEP, *[KEEP] * 4, KEEP, *[DROP] * 4, KEEP])
    assert selection.kept.all()


FOREIGN = "Lea también todas las noticias que no se puede perder de la semana en nuestro boletín de los sábados"


def test_a_cell_of_a_table_is_never_dropped_by_itself() -> None:
    rows = make_table("North", FOREIGN, "South", "* * *")
    page = segment_html(f"{rows}<p>{'<p>'.join(STORY)}<p>{'<p>'.join(f'{line} Again.' for line in STORY)}")
    assert choose(page, [KEEP] * len(page)).kept.all()


@pytest.mark.parametrize(
    ("before", "behind", "kept"),
    [
        ([], ["This is what was read to all of them:"], [False]),
        (["This is what was read to all of them:"], [], [True]),
        (["This is what was read to all of them on the bridge："], [], [True]),
    ],
)
def test_what_introduces_a_foreign_line_stands_above_it(before: list[str], behind: list[str], kept: list[bool]) -> None:
    page = read_lines(*before, FOREIGN, *STORY, *(f"{line} Again." for line in STORY), *behind)
    selection = choose(page, [KEEP] * len(page))
    assert [bool(selection.kept[len(before)])] == kept


def test_a_page_of_one_block_and_one_of_two_languages_stay_whole() -> None:
    assert choose(read_lines(STORY[0]), [KEEP]).kept.all()
    halves = [text for line in (PROSE["es"], FOREIGN, f"{FOREIGN} y del domingo") for text in (line, f"Hoy {line}")]
    page = read_lines(*STORY, *halves, *(f"{line} Again." for line in STORY[:2]))
    assert choose(page, [KEEP] * len(page)).overruled == {}


EIGHT = "So it goes for all of them now."


@pytest.mark.parametrize(
    ("lines", "probabilities", "dropped"),
    [
        (("a", EIGHT, "b", "a", EIGHT), [KEEP] * 5, [4]),
        (("a", EIGHT[3:], "b", "a", EIGHT[3:]), [KEEP] * 5, []),
        ((STORY[0], STORY[1], "x", STORY[0], STORY[1]), [DROP, KEEP, KEEP, KEEP, KEEP], [4]),
        ((STORY[0], STORY[0], STORY[0], "x"), [DROP, KEEP, KEEP, KEEP], []),
        (("a  line", STORY[0], "b", "a line", STORY[0]), [KEEP] * 5, [4]),
    ],
)
def test_bounds_of_a_copy(lines: tuple[str, ...], probabilities: list[float], dropped: list[int]) -> None:
    assert choose(read_lines(*lines), probabilities).overruled == dict.fromkeys(dropped, "later_copy")


def test_cells_that_lay_a_page_out_may_come_again() -> None:
    cells = f"<table><tr><td>{STORY[0]}<td>{STORY[1]}</table>"
    page = segment_html(f"{cells}<p>{STORY[2]}</p>{cells}<p>{STORY[3]}")
    assert choose(page, [KEEP] * len(page)).kept.all()


@pytest.mark.parametrize(
    ("lines", "probabilities", "kept"),
    [
        (("# One", STORY[0], "```\nmake\n```", STORY[1], "# Two"), [DROP, KEEP, DROP, KEEP, DROP], [1, 1, 1, 1, 0]),
        (("## One", STORY[0], STORY[1], "## Two", STORY[2]), [DROP, KEEP, KEEP, DROP, KEEP], [0, 1, 1, 1, 1]),
    ],
)
def test_two_headings_are_markdown(lines: tuple[str, ...], probabilities: list[float], kept: list[int]) -> None:
    assert choose(read_lines(*lines), probabilities).kept.tolist() == list(map(bool, kept))


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ('<div class="comments"><section><div><p>Very true of it</div></section></div>', True),
        ('<div class="comments"><p><a href="/a">You</a> seeing</div>', False),
    ],
)
def test_bounds_of_a_comment(source: str, kept: bool) -> None:
    selection = choose(segment_html(f"<p>{STORY[0]}</p>{source}"), [KEEP, DROP], comments=True)
    assert bool(selection.kept[1]) is kept


def test_what_was_not_asked_for_is_dropped_by_name_where_it_was_kept() -> None:
    page = segment_html(f"<p>{STORY[0]}</p>{COUNTS}<p>{STORY[1]}<pre>make all</pre><p>{STORY[2]}")
    selection = choose(page, [KEEP, *[KEEP] * 4, KEEP, KEEP, KEEP], tables=False, code=False)
    assert selection.kept.tolist() == [True, *[False] * 4, True, False, True]
    assert selection.overruled == {**dict.fromkeys(range(1, 5), "no_tables"), 6: "no_code"}
    below = segment_html(f"{COUNTS}<p>{STORY[0]}")
    assert choose(below, [*[DROP] * 4, KEEP], tables=False).overruled == {}
    assert not choose(page, [KEEP] * 8, target_languages=("de",)).kept.any()
    assert choose(page, [KEEP] * 8, target_languages=("en",)).kept.all()


def test_a_text_table_that_was_not_asked_for_is_dropped() -> None:
    page = read_lines(STORY[0], "| North | 412 |\n| South | 300 |", STORY[1])
    assert choose(page, [KEEP] * 4, tables=False).kept.tolist() == [True, False, False, True]


def test_a_selection_tells_its_threshold() -> None:
    assert choose(read_lines(*STORY), [KEEP, DROP, DROP, 0.8]).threshold == 0.8
    assert choose(read_lines(*STORY), [DROP] * 4).threshold > 1


@pytest.mark.parametrize(
    ("shown", "hidden", "probabilities", "dropped"),
    [
        (STORY[:2], [TEN, TEN, TEN], [KEEP, DROP, DROP], False),
        (STORY[:2], [TEN, TEN, TEN, TEN], [KEEP, DROP, DROP, DROP], False),
        (STORY[:2], [TEN, TEN, TEN, TEN, TEN], [KEEP, DROP, DROP, DROP, DROP], True),
        ([TEN[::-1]], [TEN, TEN, TEN, TEN, TEN], [KEEP, DROP, DROP, DROP, DROP], False),
        ([f"{TEN[::-1]} more"], [TEN, TEN, TEN, TEN, TEN], [KEEP, DROP, DROP, DROP, DROP], True),
    ],
)
def test_bounds_of_what_is_hidden(
    shown: list[str], hidden: list[str], probabilities: list[float], dropped: bool
) -> None:
    boxes = "".join(f"<blockquote>{text}</blockquote>" for text in hidden)
    page = segment_html("".join(f"<p>{text}</p>" for text in shown) + f"<div hidden>{boxes}</div>")
    selection = choose(page, [*[KEEP] * len(shown), *probabilities])
    assert bool(selection.kept[len(shown)]) is not dropped
    assert selection.overruled == ({len(shown): "invisible"} if dropped else {})


def test_a_mark_leads_to_its_note_with_or_without_a_number_sign() -> None:
    page = segment_html(f'<p>{STORY[0]}<sup><a href="#n1">1</a></sup></p><p id="n1">The note.</p>')
    bare = replace(page, marks=[tuple(mark._replace(target="#n1") for mark in page.marks[0][:1]), ()])
    assert find_notes(bare, np.array([True, False])).tolist() == [False, True]


@pytest.mark.parametrize(("rest", "rule"), [("five", "no_structured"), ("", "structured")])
def test_words_outside_of_structured_data_decide(rest: str, rule: str) -> None:
    page = segment_html(f"<p>one two three four {rest}<p>{TEN}<p>{TEN} {TEN}")
    page = replace(page, roles=["paragraph", "structured", "paragraph"])
    kept = [KEEP, KEEP if rule == "no_structured" else DROP, DROP]
    assert choose(page, kept).overruled == {1: rule}


def test_teasers_have_the_name_of_their_rule() -> None:
    entry = "<li><h3><a href='/{0}'>The {0} bridge is closed</a></h3><p>It was closed on Monday.</p></li>"
    page = segment_html(
        f"<p>{STORY[0]}</p><section><h2>Liked</h2><ul>{entry.format(1)}{entry.format(2)}</ul></section>"
    )
    selection = choose(page, [KEEP, DROP, *[KEEP] * 4])
    assert selection.overruled == dict.fromkeys(range(2, 6), "teaser")


BOATS = "<ul><li><a href='/1'>Calder Ferries</a><li><a href='/2'>Holme Boats</a></ul>"


@pytest.mark.parametrize(
    ("source", "probabilities", "hit"),
    [
        (f"<p>These are the boats:{BOATS}<p>{STORY[1]}", [KEEP, DROP, DROP, KEEP], [1, 2]),
        (f"<p>These are boats:{BOATS}<p>{STORY[1]}", [KEEP, DROP, DROP, KEEP], []),
        (f"<p>These are the boats:{BOATS.replace('ul', 'ol')}<p>{STORY[1]}", [KEEP, DROP, DROP, KEEP], [1, 2]),
        (f"<p>These are the boats:{BOATS}", [KEEP, DROP, DROP], []),
        (f"<p>This is what he said:<p>Menu<p>{STORY[1]}", [KEEP, DROP, KEEP], []),
        (f"<div><p>This is what he said:</p><p>Menu</p> {STORY[1]}</div>", [KEEP, DROP, KEEP], []),
        (
            f"<p>This is what he said:<p>Menu<p>These are the boats:{BOATS}<p>{STORY[1]}",
            [KEEP, DROP, KEEP, DROP, DROP, KEEP],
            [3, 4],
        ),
        (f"<div><p>These are the boats:{BOATS}</div><p>{STORY[1]}", [KEEP, DROP, DROP, KEEP], [1, 2]),
    ],
)
def test_bounds_of_an_introduced_list(source: str, probabilities: list[float], hit: list[int]) -> None:
    assert choose(segment_html(source), probabilities).overruled == dict.fromkeys(hit, "list")


FORMULA = '<script type="math/tex">b = c</script>'


@pytest.mark.parametrize(
    ("source", "probabilities", "overruled"),
    [
        (f"<p>Menu<pre>make</pre><p>{STORY[0]}", [DROP, DROP, KEEP], {}),
        (f"<p>{STORY[0]}<pre>make</pre>", [KEEP, DROP], {}),
        (f"<p>{STORY[0]}<p>{STORY[1]}<pre>a</pre><pre>b</pre><p>{STORY[2]}", [KEEP, KEEP, DROP, DROP, KEEP], "code"),
        (f"<p>{STORY[0]}<p>so that {FORMULA}</p><p>{STORY[1]}", [KEEP, DROP, KEEP], {}),
        (f"<p>{STORY[0]}<p>{FORMULA}</p><p>{STORY[1]}", [KEEP, DROP, KEEP], {1: "formula"}),
        (f"<p>{STORY[0]}<p>{FORMULA}</p>", [KEEP, DROP], {}),
    ],
)
def test_bounds_of_code_and_formulas(source: str, probabilities: list[float], overruled: dict[int, str] | str) -> None:
    expected = dict.fromkeys((2, 3), "enclosed_code") if overruled == "code" else overruled
    assert choose(segment_html(source), probabilities).overruled == expected


def make_teaser(number: int, words: int) -> str:
    """A heading that is a link of four words, and so many words below it."""
    below = " ".join(" ".join(STORY[:2]).split()[:words])
    return f"<li><h3><a href='/{number}'>The {number} bridge closes</a></h3><p>{below}</p></li>"


@pytest.mark.parametrize(
    ("source", "headings", "dropped"),
    [
        (f"<h2>Liked</h2><ul>{make_teaser(1, 26)}{make_teaser(2, 5)}</ul><p>{STORY[0]}", 1, [1, 2, 3, 4]),
        (f"<h2>Liked</h2><ul>{make_teaser(1, 27)}{make_teaser(2, 5)}</ul><p>{STORY[0]}", 1, []),
        (f"<h2>Liked</h2><ul>{make_teaser(1, 26)}</ul><p>{STORY[0]}", 1, []),
        (f"<h2>Liked</h2>{make_teaser(1, 5)}<p>And then</p>{make_teaser(2, 5)}<p>{STORY[0]}", 1, []),
    ],
)
def test_bounds_of_teasers(source: str, headings: int, dropped: list[int]) -> None:
    page = segment_html(source)
    probabilities = [*[DROP] * headings, *[KEEP] * (len(page) - headings)]
    assert choose(page, probabilities).overruled == dict.fromkeys(dropped, "teaser")
