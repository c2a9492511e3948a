"""The edges of each rule of selection: what it reaches, what it leaves alone, and the name it gives."""

from dataclasses import replace

import numpy as np
import pytest

from boilerstrip import tags
from boilerstrip.evidence.matrix import COLUMNS, weigh
from boilerstrip.judge.neighbours import find_subheadings
from boilerstrip.judge.select import _find_invisible, find_notes
from boilerstrip.judge.units import find_units
from boilerstrip.options import Options
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html
from tests.samples import STORY, read_lines, weigh_html
from tests.test_select import DROP, KEEP, choose

MARKDOWN = (
    "# The bridge", "## Above the story", STORY[0], "## What was said", "| a | b |", "```\ncode here\n```", STORY[1],
    "## After the story", "| c | d |",
)  # fmt: skip


def test_headings_code_and_rows_between_kept_parts_of_markdown_stay() -> None:
    selection = choose(read_lines(*MARKDOWN), [KEEP if line in STORY else DROP for line in MARKDOWN])
    assert selection.kept.tolist() == [True, False, True, True, True, True, True, False, False]
    assert selection.overruled == dict.fromkeys((0, 3, 4, 5), "markdown")


def test_what_was_kept_anyway_is_not_overruled_in_markdown() -> None:
    selection = choose(read_lines(*MARKDOWN), [KEEP] * len(MARKDOWN))
    assert selection.kept.all()
    assert selection.overruled == {}


@pytest.mark.parametrize(
    "lines",
    [
        ("# The bridge", STORY[0], "| a | b |", STORY[1]),
        ("The bridge", STORY[0], "What was said", STORY[1]),
        ("# The bridge", STORY[0], "###no heading", STORY[1]),
    ],
)
def test_a_text_with_fewer_than_two_headings_is_no_markdown(lines: tuple[str, ...]) -> None:
    selection = choose(read_lines(*lines), [KEEP if line in STORY else DROP for line in lines])
    assert selection.kept.tolist() == [line in STORY for line in lines]
    assert "markdown" not in selection.overruled.values()


def test_markdown_without_a_kept_part_stays_dropped() -> None:
    assert choose(read_lines(*MARKDOWN), [DROP] * len(MARKDOWN)).overruled == {}


def test_a_paragraph_or_a_foreign_heading_between_kept_parts_of_markdown_stays_dropped() -> None:
    spanish = "## Lea también todas las noticias que no se puede perder de la semana en nuestro boletín de los sábados"
    lines = ("# The bridge", STORY[0], spanish, STORY[2], "## What was said", STORY[1], STORY[3])
    selection = choose(read_lines(*lines), [DROP, KEEP, DROP, DROP, DROP, KEEP, KEEP])
    assert selection.kept.tolist() == [True, True, False, False, True, True, True]


def make_structured(*texts: str, structured: int) -> Page:
    """Paragraphs, the last of which are from the page's structured data."""
    page = segment_html("".join(f"<p>{text}</p>" for text in texts))
    roles = ["paragraph"] * (len(texts) - structured) + [tags.STRUCTURED_ROLE] * structured
    return replace(page, roles=roles)


TEN = "one two three four five six seven eight nine ten"


def test_structured_data_that_alone_hold_the_story_are_kept_whole() -> None:
    page = make_structured("a few words", TEN, f"{TEN} and more", structured=2)
    selection = choose(page, [KEEP, KEEP, DROP])
    assert selection.kept.tolist() == [True, True, True]
    assert selection.overruled == {2: "structured"}


def test_structured_data_beside_a_story_are_dropped() -> None:
    page = make_structured(STORY[0], STORY[1], TEN, "another line of data", structured=2)
    selection = choose(page, [KEEP, KEEP, KEEP, DROP])
    assert selection.kept.tolist() == [True, True, False, False]
    assert selection.overruled == {2: "no_structured"}


def test_half_as_many_words_as_in_structured_data_are_a_story() -> None:
    page = make_structured("one two three four five", TEN, structured=1)
    assert choose(page, [KEEP, KEEP]).overruled == {1: "no_structured"}
    page = make_structured("one two three four", TEN, structured=1)
    assert choose(page, [KEEP, DROP]).overruled == {1: "structured"}


def make_noted(words: int) -> Page:
    """A story of forty words with a mark, the note that it leads to, and one that nothing leads to."""
    story = " ".join(f"{TEN}," for _ in range(4))
    notes = f'<ol><li id="n1">{" ".join(["note"] * words)}</li><li id="n2">unread</li></ol>'
    return segment_html(
        f'<p>{story}<sup><a href="#n1">1</a></sup></p>{notes}<p><sup><a href="#n2">2</a></sup> other</p>'
    )


def test_a_note_that_a_kept_paragraph_refers_to_stays_and_no_other() -> None:
    selection = choose(make_noted(4), [KEEP, DROP, DROP, DROP])
    assert selection.kept.tolist() == [True, True, False, False]
    assert selection.overruled == {1: "note"}


@pytest.mark.parametrize(("words", "is_article", "kept"), [(10, True, True), (11, True, False), (4, False, True)])
def test_notes_are_those_of_a_story_and_no_bibliography(words: int, is_article: bool, kept: bool) -> None:
    selection = choose(make_noted(words), [KEEP, DROP, DROP, DROP], is_article=is_article)
    assert bool(selection.kept[1]) is kept


def test_blocks_that_are_no_notes_are_never_found_as_such() -> None:
    page = make_noted(4)
    assert find_notes(page, np.array([True, True, True, True])).tolist() == [False, True, False, False]
    assert find_notes(page, np.zeros(4, dtype=bool)).tolist() == [False] * 4
    linked = segment_html(f'<p>{STORY[0]} <a href="#">top</a></p><p>{STORY[1]}</p>')
    assert not find_notes(replace(linked, notes=["", "n"]), np.array([True, True])).any()


MENU = '<nav><ul><li><a href="a">The first page of all</a><li><a href="b">The other pages</a></ul></nav>'


def test_a_page_of_which_only_menus_were_kept_has_no_story() -> None:
    selection = choose(segment_html(f"{MENU}<p>{STORY[0]}"), [KEEP, KEEP, DROP])
    assert not selection.kept.any()
    assert selection.overruled == {0: "menu", 1: "menu"}
    assert choose(segment_html(f"{MENU}<p>{STORY[0]}"), [KEEP, KEEP, KEEP]).kept.all()


def test_a_page_whose_navigation_is_never_closed_keeps_its_story() -> None:
    page = segment_html(f"{MENU.removesuffix('</nav>')}<p>{STORY[0]}<p>{STORY[1]}")
    assert choose(page, [DROP, DROP, KEEP, KEEP]).kept.tolist() == [False, False, True, True]


def test_prose_beside_cards_that_are_links_is_no_menu() -> None:
    cards = "".join(f'<a href="{name}"><h3>{name} of the town</h3><p>{" ".join(STORY)}</p></a>' for name in "abc")
    page = segment_html(f"{MENU.removesuffix('</nav>')}</ul><p>{STORY[0]}</p>{cards}")
    selection = choose(page, [DROP, DROP, *[KEEP] * 7])
    assert selection.kept.tolist() == [False, False, *[True] * 7]


def test_what_nobody_sees_is_dropped_where_most_of_the_story_is_seen() -> None:
    page = segment_html(
        f"<p>{STORY[0]}</p><p>{STORY[1]}</p><noscript><p>Switch scripts on to read this.</p></noscript>"
    )
    page = replace(page, invisible=[False, False, True])
    selection = choose(page, [KEEP, KEEP, KEEP])
    assert selection.kept.tolist() == [True, True, False]
    assert selection.overruled == {2: "invisible"}
    hidden = replace(page, invisible=[True, True, False])
    assert choose(hidden, [KEEP, KEEP, KEEP]).kept.all()


def test_a_hidden_box_that_is_dropped_but_for_little_goes_and_answers_that_open_stay() -> None:
    page = segment_html(
        f"<p>{STORY[0]}</p><p>{STORY[1]}</p><div hidden><p>{TEN}</p><p>{TEN} {TEN} {TEN} {TEN}</p></div>"
    )
    assert choose(page, [KEEP, KEEP, KEEP, DROP]).kept.tolist() == [True, True, False, False]
    assert choose(page, [KEEP, KEEP, DROP, KEEP]).kept.tolist() == [True, True, False, True]


def test_a_page_without_hidden_boxes_has_nothing_invisible() -> None:
    source = f"<p>{STORY[0]}</p><p>{STORY[1]}</p>"
    assert not _find_invisible(segment_html(source), weigh_html(source), np.array([True, True])).any()


@pytest.mark.parametrize(
    ("lines", "dropped"),
    [
        ((STORY[0], STORY[1], STORY[0], STORY[1]), [2, 3]),
        ((STORY[0], STORY[1], "x", STORY[1], STORY[2]), []),
        (("a", STORY[1], "b", "a", STORY[1], "c"), [4]),
        ((STORY[0], STORY[0], STORY[0]), []),
        (("a", STORY[0], STORY[0], "a"), []),
        ((STORY[0], STORY[1], STORY[0]), []),
        (("c", STORY[0], "a", "b", STORY[0], "c"), []),
        ((STORY[0], "b", STORY[0], "b"), [2]),
        (("a", STORY[0], "a", STORY[0]), [3]),
        ((STORY[0], "x", "z", STORY[0], "z"), []),
    ],
)
def test_a_copy_is_one_with_the_same_neighbour(lines: tuple[str, ...], dropped: list[int]) -> None:
    selection = choose(read_lines(*lines), [KEEP] * len(lines))
    assert [block for block in range(len(lines)) if not selection.kept[block]] == dropped
    assert selection.overruled == dict.fromkeys(dropped, "later_copy")


def test_a_table_at_the_end_of_the_box_of_kept_text_stays() -> None:
    table = "<table><tr><td>North</td><td>412</td></tr><tr><td>South</td><td>300</td></tr></table>"
    inside = segment_html(f"<article><p>{STORY[0]}</p>{table}</article><p>{STORY[1]}</p>")
    assert choose(inside, [KEEP, *[DROP] * 5]).kept.tolist() == [True] * 5 + [False]
    outside = segment_html(f"<article><p>{STORY[0]}</p></article>{table}<p>{STORY[1]}</p>")
    assert choose(outside, [KEEP, *[DROP] * 5]).kept.tolist() == [True] + [False] * 5
    text = read_lines(STORY[0], "| North | 412 |\n| South | 300 |", STORY[1])
    assert choose(text, [KEEP, DROP, DROP, DROP]).kept.tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("Very true", True),
        ("True", False),
        ('I read it <a href="/a">on the page that you see here</a>', False),
        ('Nobody in all of the town could have said it any better than <a href="/a">Anna</a>', True),
    ],
)
def test_comments_are_text_of_some_words_and_few_links(comment: str, kept: bool) -> None:
    page = segment_html(f'<p>{STORY[0]}</p><div class="comments"><p>{comment}</p></div>')
    assert bool(choose(page, [KEEP, DROP], comments=True).kept[1]) is kept
    plain = segment_html(f"<p>{STORY[0]}</p><div><p>{comment}</p></div>")
    assert not choose(plain, [KEEP, DROP], comments=True).kept[1]


def test_speech_that_breaks_off_and_verse_are_no_datelines() -> None:
    page = segment_html(f"<p>{STORY[0]}</p><p>She waited –</p><p>{STORY[1]}</p>")
    assert choose(page, [KEEP] * 3).kept.all()
    page = segment_html(f"<p>“I meant to—</p><p>{STORY[1]}</p>")
    assert choose(page, [KEEP] * 2).kept.all()
    page = segment_html(f"<p>{STORY[0]}</p><p>{STORY[1]}</p><p>{STORY[2]}</p><p>Then Lisbon –</p><p>{STORY[3]}</p>")
    assert choose(page, [KEEP] * 5).kept.all()
    verse = read_lines("And then –", "the sea –", "and then –", "the shore.")
    assert choose(verse, [KEEP] * 4).kept.all()


def test_a_term_stays_with_its_description() -> None:
    page = segment_html(f"<p>{STORY[0]}</p><dl><dt>Log</dt><dd>{STORY[1]}</dd><dt>Menu</dt><dd>Not here</dd></dl>")
    selection = choose(page, [KEEP, DROP, KEEP, DROP, DROP], is_article=False)
    assert selection.kept.tolist() == [True, True, True, False, False]
    assert selection.overruled == {1: "term"}


def test_the_facts_of_an_article_are_those_that_somebody_sees() -> None:
    facts = '<dt>Length</dt><dd>640 metres</dd><dt>Built</dt><dd><p style="display:none">Nobody knows</p></dd>'
    page = segment_html(f"<article><p>{STORY[0]}</p><dl>{facts}</dl><p>{STORY[1]}</p></article>")
    assert choose(page, [KEEP, KEEP, KEEP, KEEP, DROP, KEEP]).kept.tolist() == [True, True, True, True, False, True]


def test_a_hidden_item_with_a_sentence_is_an_answer_that_a_reader_opens() -> None:
    items = '<li>Who pays?</li><li style="display:none">The county pays for it.</li><li style="display:none">Menu</li>'
    page = segment_html(f"<p>{STORY[0]}</p><p>{STORY[1]}</p><ul>{items}<li>Who else?</li></ul>")
    assert choose(page, [KEEP] * 6).kept.tolist()[3] is True


@pytest.mark.parametrize(
    ("probabilities", "is_article", "kept"),
    [
        ((KEEP, DROP, DROP, DROP), True, [True] * 4),
        ((KEEP, DROP, DROP, DROP), False, [True, False, False, False]),
        ((0.4, 0.4, 0.4, 0.4), True, [True] * 4),
        ((DROP, DROP, DROP, DROP), True, [False] * 4),
    ],
)
def test_the_facts_of_an_article_are_whole(
    probabilities: tuple[float, ...], is_article: bool, kept: list[bool]
) -> None:
    facts = "<dt>Length of the wall</dt><dd>640 metres</dd><dt>Built</dt><dd>1846</dd>"
    page = segment_html(f"<article><p>{STORY[0]}</p><dl>{facts}</dl><p>{STORY[1]}</p></article>")
    selection = choose(page, [KEEP, *probabilities, KEEP], is_article=is_article)
    assert selection.kept.tolist() == [True, *kept, True]


@pytest.mark.parametrize(
    ("probabilities", "kept"),
    [([KEEP, KEEP, KEEP, DROP], [True] * 4), ([DROP, KEEP, DROP, DROP], [False] * 4)],
    ids=["most of it is kept", "most of it is dropped"],
)
def test_a_table_of_data_that_is_kept_in_part_is_what_most_of_it_is(
    probabilities: list[float], kept: list[bool]
) -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{count}</td></tr>" for name, count in (("North", 412), ("South", 300)))
    page = segment_html(f"<div><table>{rows}</table></div><p>{STORY[0]}</p>")
    assert choose(page, [*probabilities, KEEP]).kept.tolist() == [*kept, True]


def test_a_caption_is_no_cell_of_its_table() -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{count}</td></tr>" for name, count in (("North", 412), ("South", 300)))
    bare, captioned = (
        find_units(segment_html(f"<p>{STORY[0]}</p><table>{caption}{rows}</table>"))
        for caption in ("", "<caption>Boats by coast</caption>")
    )
    assert (captioned.tables >= 0).sum() == (bare.tables >= 0).sum() + 1


def test_paragraphs_that_a_reader_opens_together_are_judged_as_a_box() -> None:
    hidden = "".join(f'<p style="display:none">{text}</p>' for text in STORY[1:3])
    page = segment_html(f"<p>{STORY[0]}</p>{hidden}<p>{STORY[3]}</p>")
    assert choose(page, [KEEP] * 4).kept.all()
    alone = segment_html(f'<p>{STORY[0]}</p><p style="display:none">{STORY[1]}</p><p>{STORY[2]}</p><p>{STORY[3]}</p>')
    assert choose(alone, [KEEP] * 4).kept.tolist() == [True, False, True, True]


def test_a_refrain_of_two_lines_stays_wherever_it_is_sung() -> None:
    verses = (STORY[2], STORY[3], "The bridge was closed again before the winter, and nobody came to see that.")
    lines = [line for verse in verses for line in (verse, STORY[0], STORY[1])]
    assert choose(read_lines(*lines), [KEEP] * len(lines)).kept.all()
    thrice = read_lines(*STORY[:2] * 3)
    assert choose(thrice, [KEEP] * 6).kept.tolist() == [True, True, False, False, False, False]


def test_a_heading_across_a_table_of_data_leaves_it_one() -> None:
    rows = "".join(f"<tr><th colspan=2>{name}</th></tr><tr><td>boats<td>12</tr>" for name in ("North", "South"))
    assert (find_units(segment_html(f"<p>{STORY[0]}</p><table>{rows}</table>")).tables >= 0).sum() == 6


def keep_paragraphs(source: str, *, is_article: bool = True) -> tuple[list[str], set[str]]:
    """What stays of a page whose paragraphs and nothing else score well, and the rules that say so."""
    page = segment_html(source)
    probabilities = [KEEP if tag == "p" else DROP for tag in page.tags]
    selection = choose(page, probabilities, is_article=is_article)
    return [text for text, kept in zip(page.texts, selection.kept, strict=True) if kept], set(
        selection.overruled.values()
    )


@pytest.mark.parametrize("tag", ["article", "main"])
def test_what_stands_below_the_element_that_holds_an_article_is_another_pages(tag: str) -> None:
    story = "".join(f"<p>{line}</p>" for line in STORY)
    source = f"<p>above</p><{tag}>{story}</{tag}><div><p>Another story begins here.</p></div>"
    assert keep_paragraphs(source) == (["above", *STORY], {"outside"})
    assert keep_paragraphs(source, is_article=False)[0][-1] == "Another story begins here."
    halves = f"<{tag}><p>{STORY[0]}</p></{tag}><{tag}><p>{STORY[1]}</p></{tag}>"
    assert keep_paragraphs(halves) == ([STORY[0], STORY[1]], set())


def test_nothing_is_kept_in_a_footer_unless_the_story_is() -> None:
    story = "".join(f"<p>{line}</p>" for line in STORY)
    footer = "<footer><p>All rights are reserved.</p></footer>"
    assert keep_paragraphs(f"<div>{story}</div>{footer}") == (list(STORY), {"footer"})
    assert keep_paragraphs(f"<footer>{story}</footer>") == (list(STORY), set())


def test_who_is_quoted_stands_in_a_footer_of_the_quotation() -> None:
    story = "".join(f"<p>{line}</p>" for line in STORY)
    quotation = "<blockquote><p>We shall see.</p><footer><p>Anna Meyer, the mayor</p></footer></blockquote>"
    assert keep_paragraphs(f"<div>{story}{quotation}{story}</div>")[1] <= {"later_copy"}


@pytest.mark.parametrize(
    "below", ["<footer>{}</footer>", "<section>{}</section>"], ids=["in a footer", "below the article"]
)
def test_notes_and_comments_that_were_asked_for_stay_wherever_they_stand(below: str) -> None:
    story = "".join(f"<p>{line}</p>" for line in STORY)
    noted = f"<article>{story}<p>It fell at last.<sup><a href='#fn1'>1</a></sup></p></article>"
    note = below.format("<ol><li id=fn1>So the minutes of that meeting say.</li></ol>")
    page = segment_html(noted + note)
    assert choose(page, [KEEP] * len(page), is_article=True).kept.all()
    assert choose(page, [KEEP] * (len(page) - 1) + [DROP], is_article=True).overruled == {len(page) - 1: "note"}
    comment = below.format("<div class=comment><p>I was there too, and saw it fall.</p></div>")
    page = segment_html(f"<article>{story}</article>{comment}")
    assert choose(page, [KEEP] * len(page), is_article=True, comments=True).kept.all()
    assert not choose(page, [KEEP] * len(page), is_article=True).kept[-1]


def test_code_right_below_a_kept_block_stays_where_the_page_is_no_article() -> None:
    source = f"<p>{STORY[0]}</p><pre>one</pre><pre>two</pre><div>menu</div><pre>three</pre>"
    assert keep_paragraphs(source, is_article=False) == ([STORY[0], "one", "two"], {"code_below"})
    assert keep_paragraphs(source) == ([STORY[0]], set())


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_a_line_in_the_language_of_the_story_is_a_subheading_where_other_lines_are_not(share: float) -> None:
    page = read_lines(STORY[0], "The long way round", STORY[1])
    evidence = weigh(page, Options())
    columns = evidence.columns.copy()
    columns[:, COLUMNS.index("page_foreign_share")] = share
    columns[:, COLUMNS.index("is_own")] = 1
    probabilities, kept = np.array([KEEP, 0.15, KEEP]), np.array([True, False, True])
    hit = find_subheadings(page, replace(evidence, columns=columns), probabilities, kept)
    assert hit.tolist() == [False, share > 0, False]
