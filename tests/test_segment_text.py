"""Plain text falls into lines and wrapped paragraphs, where the offsets say, and the joined text falls so again."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boilerstrip._core import load_part
from boilerstrip.limits import Limits
from boilerstrip.page import Page
from boilerstrip.segment.text import cut_interpreted, join_text_blocks, segment_text
from boilerstrip.tags import ROLES
from tests.test_core import needs

ELPAIS = Path(__file__).parents[1] / "fixtures/pages/elpais-english/source.txt"

STORY = (
    "The river changed its bed in the sixteenth century, say researchers from Kyiv who have studied its banks for five "
    "years. They found the remains of a harbour, two mills and a bridge, all of them far from the water of today.",
    "“We did not expect to find so much,” said Olena Shevchenko, who led the work. The objects will be shown in the "
    "National Museum from May, together with the maps that Guillaume Levasseur de Beauplan drew when the river still "
    "ran through the old town and the merchants of the Hanseatic League came here to buy grain.",
    "The mayor wants the mills to be rebuilt.",
)
VERSE = (
    "Shall I compare thee to a summer's day, my love of all?",
    "Thou art more lovely and more temperate than it could be:",
    "Rough winds do shake the darling buds of May, as they will,",
    "And summer's lease hath all too short a date, as we know well;",
)
HEADLINES = (
    "Trump calls on Putin and Zelenskiy to initiate peace talks",
    "Moscow and Kyiv confirm the talks, the Kremlin invites the US",
    "Five things to know about the new budget of the European Union",
)


SEPARATORS = (
    "_", "_____", "----", "* * *", "=====", "•", "· · ·", "───", "~~~~", "###", "***", "|", "»", "...", "…", "—", "-",
    "| --- | --- |", "<<<>>>", "\u200b", "═══╬═══", "***  ***",
)  # fmt: skip

LINES_OF_THEIR_OWN = {
    "verse": VERSE,
    "headlines": HEADLINES,
    "addresses": [f"https://example.org/news/2026/11/a-long-address-of-a-page-number-{n}.html" for n in range(5)],
    "bars": [f"{text} | read more | share | comments | print" for text in HEADLINES],
    "tabs": [text.lower().replace(" ", "\t", 1) for text in HEADLINES],
    "menu": ["Home", "News", "Sport", "about us", "contact"],
    "postal address": ["Jane Doe", "12 High Street", "Oxford OX1 4AB", "United Kingdom"],
    "long lines": [*STORY[:2], "a short line in lower case", "and one more"],
    "sentences": ["First point of the agenda, which took the longest time.", "Second point, which was put off again."],
    "heading": ["# A heading that is as long as a line of a wrapped text may be", "and text in lower case"],
    "list": ["- an item that is as long as a line of a wrapped text may be", "- and another item below it"],
    "indented code": [
        "The numbers are added up in a loop over all of them, as follows:",
        "    total = 0",
        "    loop()",
    ],
}


def read_rows(page: Page) -> list[tuple[str, str]]:
    return list(zip(page.texts, page.roles, strict=True))


def unfold(texts: Sequence[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]


def test_every_line_is_a_block_and_columns_are_complete() -> None:
    source = "  One \n\nTwo\r\n\tThree\n"
    assert segment_text(source) == Page(
        kind="text",
        texts=["One", "Two", "Three"],
        tags=["", "", ""],
        roles=["paragraph"] * 3,
        link_characters=[0, 0, 0],
        spans=[(2, 5), (8, 11), (14, 19)],
        marks=[(), (), ()],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\f", "\v"])
def test_line_ends(end: str) -> None:
    assert list(segment_text(end.join(["one", "two", "", "three"])).texts) == ["one", "two", "three"]


@pytest.mark.parametrize("source", ["", " ", "\n\n", "\r\n \t\r\n", "\u2028\u3000\xa0\f"])
def test_nothing_but_white_space_has_no_blocks(source: str) -> None:
    assert len(segment_text(source)) == 0


def test_a_byte_order_mark_is_no_text() -> None:
    assert read_rows(segment_text("\ufeffOne\nTwo")) == [("One", "paragraph"), ("Two", "paragraph")]
    assert segment_text("\ufeffOne").spans == [(1, 4)]
    assert len(segment_text("\ufeff\n")) == 0


def test_a_mixed_language_news_text_is_a_block_per_line() -> None:
    source = ELPAIS.read_text(encoding="utf-8")
    page = segment_text(source)
    assert list(page.texts) == [line.strip() for line in source.splitlines() if line.strip()]
    assert [text for text, role in read_rows(page) if role == "separator"] == ["_"] * 6
    assert set(page.roles) == {"separator", "paragraph"}


@pytest.mark.parametrize("line", SEPARATORS)
def test_separators(line: str) -> None:
    assert read_rows(segment_text(f"One\n\n{line}\n\n{line}\nTwo")) == [
        ("One", "paragraph"),
        (line, "separator"),
        (line, "separator"),
        ("Two", "paragraph"),
    ]


@pytest.mark.parametrize("line", ["?", "_a_", "-1", "$$$", "😀", "“”", "5", "¿Por qué?", "(…)", "é"])
def test_lines_that_say_something_are_no_separators(line: str) -> None:
    assert read_rows(segment_text(line)) == [(line, "paragraph")]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("# Story", "heading"),
        ("###### Story", "heading"),
        ("#hashtag", "paragraph"),
        ("#1 in the charts", "paragraph"),
        ("- one", "list_item"),
        ("* one", "list_item"),
        ("• one", "list_item"),
        ("1. one", "list_item"),
        ("23) one", "list_item"),
        ("1984. A novel", "paragraph"),
        ("3.5 percent", "paragraph"),
        ("-5 degrees", "paragraph"),
        ("— Да, — сказал он.", "paragraph"),
        ("> quoted", "quote"),
        (">> quoted twice", "quote"),
        ("one\ttwo\tthree", "paragraph"),
        ("Home | News | Sport", "paragraph"),
        ("| a | b |", "paragraph"),
    ],
)
def test_roles(line: str, role: str) -> None:
    assert read_rows(segment_text(line)) == [(line, role)]


def test_underlined_headings() -> None:
    source = "Story\n=====\nIt begins.\n\nNo heading\n\n=====\nOne line\nof two\n====="
    assert [role for _, role in read_rows(segment_text(source))] == [
        *("heading", "separator", "paragraph", "paragraph", "separator", "paragraph", "paragraph", "separator"),
    ]


@pytest.mark.parametrize("columns", [60, 66, 72, 80, 95])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_hard_wrapped_paragraphs_are_blocks(columns: int, end: str) -> None:
    source = "\n\n".join(textwrap.fill(paragraph, columns) for paragraph in STORY).replace("\n", end)
    page = segment_text(source)
    assert unfold(page.texts) == list(STORY)
    assert [source[start:end] for start, end in page.spans] == page.texts


def test_hard_wrapped_paragraphs_without_blank_lines_between_them() -> None:
    source = "\n".join(textwrap.fill(paragraph, 72, initial_indent="    ") for paragraph in STORY)
    assert unfold(segment_text(source).texts) == list(STORY)


def test_wrapped_list_items_and_quotes() -> None:
    items = [textwrap.fill(f"{number}. {text}", 70, subsequent_indent="   ") for number, text in enumerate(STORY, 1)]
    quotes = [textwrap.fill(text, 70, initial_indent="> ", subsequent_indent="> ") for text in STORY]
    page = segment_text("\n".join(items) + "\n\n" + "\n>\n".join(quotes))
    assert [role for role in page.roles if role != "separator"] == ["list_item"] * 3 + ["quote"] * 3
    assert [text for text, role in read_rows(page) if role == "list_item"] == items
    assert [text for text, role in read_rows(page) if role == "quote"] == quotes


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("  * Bring oats\n    and hay\n  * Rest", ["* Bring oats\n    and hay", "* Rest"]),
        ("9. Bring oats\n\tand hay\nThen rest", ["9. Bring oats\n\tand hay", "Then rest"]),
        ("- Bring oats\n and hay", ["- Bring oats", "and hay"]),
        ("  - Bring oats\n  and hay", ["- Bring oats", "and hay"]),
        ("- Bring oats\n\n  and hay", ["- Bring oats", "and hay"]),
    ],
)
def test_lines_that_hang_from_a_bullet_are_its_item(source: str, blocks: list[str]) -> None:
    assert list(segment_text(source).texts) == blocks
    assert segment_text(join_text_blocks(source, segment_text(source).spans)).texts == blocks


def test_a_line_that_is_set_in_behind_a_full_line_begins_a_paragraph() -> None:
    paragraph = (
        "It rained all night, and in the morning the meadow was a lake\n"
        "whose other shore nobody on the farm saw from the wide yard,\n"
        "so that the horses had to stay in the stable until the noon."
    )
    source = "\n".join(f"    {paragraph}" for _ in range(3))
    page = segment_text(source)
    assert page.texts == [paragraph] * 3
    assert segment_text(join_text_blocks(source, page.spans)).texts == page.texts


def test_what_hangs_from_the_first_line_of_an_entry_is_no_paragraph() -> None:
    entry = (
        "[4] Meadows, A.: A history of the floods along the low river.\n"
        "    It was printed again in the spring of the following wet year\n"
        "    and sold in all of the towns."
    )
    assert segment_text(f"{entry}\n{entry}").texts == [entry] * 2


def test_chinese_wrapped_by_its_width() -> None:
    story = (
        "政府周三宣布将在未来五年内投入更多资金改善农村地区的教育条件教育部长表示这项计划将使数百万名学生受益并将优先修缮年久失修的校舍"
        * 3
    )
    source = "\n".join(story[start : start + 36] for start in range(0, len(story), 36))
    assert [text.replace("\n", "") for text in segment_text(source).texts] == [story]


@pytest.mark.parametrize("lines", LINES_OF_THEIR_OWN.values(), ids=LINES_OF_THEIR_OWN.keys())
def test_lines_of_their_own_are_not_joined(lines: Sequence[str]) -> None:
    assert list(segment_text("\n".join(lines)).texts) == [line.strip() for line in lines]


def test_fenced_code_is_one_block_with_its_indentation_and_blank_lines() -> None:
    code = "```python\ndef add(a, b):\n\n    return a + b\n```"
    source = f"So:\n{code}\nThat is all.\n```\nnever closed"
    assert read_rows(segment_text(source)) == [
        ("So:", "paragraph"),
        (code, "code"),
        ("That is all.", "paragraph"),
        ("```", "paragraph"),
        ("never closed", "paragraph"),
    ]


def test_addresses_count_as_links() -> None:
    page = segment_text("See https://example.org/a and www.example.org.\nNo link here\nhttp://example.org")
    assert list(page.link_characters) == [len("https://example.org/a") + len("www.example.org."), 0, 18]


@pytest.mark.parametrize(
    ("gap", "joint"),
    [
        ("\n", "\n"),
        ("\r\n", "\n"),
        ("\r", "\n"),
        ("\u2028", "\n"),
        ("\n\n", "\n\n"),
        ("\r\n\r\n", "\n\n"),
        ("\r\r", "\n\n"),
        ("\n \t\n", "\n\n"),
        ("\n\f\n", "\n\n"),
        ("\ndropped\n", "\n"),
        ("\ndropped\n\n", "\n\n"),
        ("\n\ndropped\nand more\n", "\n\n"),
    ],
)
def test_joints_follow_the_source(gap: str, joint: str) -> None:
    source = f"one{gap}two"
    assert join_text_blocks(source, [(0, 3), (3 + len(gap), len(source))]) == f"one{joint}two"


def test_nothing_and_one_block_to_join() -> None:
    assert join_text_blocks("one", []) == ""
    assert join_text_blocks(" one ", [(1, 4)]) == "one"


LINES = st.one_of(
    st.sampled_from(
        ["", " ", "\t", "_", "====", "* * *", "```", "```python", "# Story", "- item", "> quote", ">", "a\tb", "a | b"]
    ),
    st.sampled_from([*HEADLINES, *VERSE, "and so on", "of it", "www.example.org", "www.example.org/a b"]),
    st.tuples(
        st.sampled_from(["", " ", "  ", "    ", "\t"]),
        st.sampled_from(["- item", "1. item", "and more", "And more.", *VERSE[:2], f"{HEADLINES[0]}."]),
    ).map("".join),
    st.sampled_from(STORY).flatmap(
        lambda story: st.integers(40, 105).map(lambda columns: textwrap.fill(story, columns, initial_indent="  "))
    ),
    st.text(st.characters(codec=None), max_size=30),
    st.text(st.sampled_from("ab .,A-#>`=_\t\u3042\u200b\ufeff"), max_size=80),
)
TEXTS = st.lists(
    st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\u2028", "\f", "\n \n"])), max_size=12
).map(lambda rows: "".join(line + end for line, end in rows))


@given(TEXTS)
def test_offsets_find_the_blocks_and_nothing_is_lost(source: str) -> None:
    page = segment_text(source)
    assert [source[start:end] for start, end in page.spans] == page.texts
    assert all(text and text == text.strip() for text in page.texts)
    borders = [0, *(offset for span in page.spans for offset in span), len(source)]
    assert borders == sorted(borders)
    rest = "".join(source[start:end] for start, end in zip(borders[::2], borders[1::2], strict=True))
    assert not rest.replace("\ufeff", "").strip()
    assert set(page.roles) <= set(ROLES)


@needs("lines")
@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(1, 20))
def test_the_compiled_core_finds_the_blocks_of_the_python_code(source: str, most: int) -> None:
    compiled = load_part("lines").module
    assert compiled is not None
    for text, limits in ((source, Limits()), (source * 300, Limits(max_seconds=0.0, end=0.0))):
        assert compiled.cut(text, limits, most) == cut_interpreted(text, limits, most)


@given(TEXTS)
def test_the_joined_text_falls_into_the_same_blocks(source: str) -> None:
    page = segment_text(source)
    joined = join_text_blocks(source, page.spans)
    again = segment_text(joined)
    assert read_rows(again) == read_rows(page)
    assert join_text_blocks(joined, again.spans) == joined


@given(st.lists(st.booleans(), min_size=7, max_size=7), st.integers(55, 95))
def test_wrapped_paragraphs_stay_when_others_are_dropped(kept: list[bool], columns: int) -> None:
    paragraphs = [textwrap.fill(text, columns) for text in STORY[:2]] * 2
    source = "\n\n".join(["Menu", *paragraphs, "____", "Imprint"])
    page = segment_text(source)
    rows = [row for row, keep in zip(read_rows(page), kept, strict=True) if keep]
    spans = [span for span, keep in zip(page.spans, kept, strict=True) if keep]
    assert read_rows(segment_text(join_text_blocks(source, spans))) == rows


@pytest.mark.parametrize(
    ("unit", "blocks"),
    [
        ("short line\n", 20_000),
        ("a line of sixty-five characters, and the next does not fit in it\n", 1),
        ("a\n====\n", 40_000),
        ("> a\n", 20_000),
        ("```\n", 10_000),
        ("```x\n", 20_000),
        ("\n", 0),
    ],
)
def test_many_lines(unit: str, blocks: int) -> None:
    source = unit * 20_000
    page = segment_text(source)
    assert len(page) == blocks
    assert len(join_text_blocks(source, page.spans)) <= len(source)


@pytest.mark.parametrize("unit", ["word ", "a", "_", ".", "> ", "www.", "http://", "a\t", ")", "- ", "# ", "<", "\x00"])
def test_one_line_of_megabytes_is_one_block(unit: str) -> None:
    assert len(segment_text(unit * (5_000_000 // len(unit)))) == 1


@pytest.mark.parametrize(
    ("source", "joined"),
    [
        ("def send():\n    order = load()\n    deliver(order)", "def send():\n    order = load()\n    deliver(order)"),
        ("\t\tRoses are red,\n\t\t\tviolets are blue", "Roses are red,\n\tviolets are blue"),
        ("    Title\n  The story.", "Title\nThe story."),
        ("One.\n\n      Two.", "One.\n\nTwo."),
    ],
)
def test_lines_stay_indented_below_their_neighbours(source: str, joined: str) -> None:
    assert join_text_blocks(source, segment_text(source).spans) == joined


def test_a_line_below_one_that_was_dropped_is_not_indented() -> None:
    source = "Menu\n    The story."
    assert join_text_blocks(source, segment_text(source).spans[1:]) == "The story."
    source = "One.\nMenu\n    The story."
    assert join_text_blocks(source, [segment_text(source).spans[block] for block in (0, 2)]) == "One.\nThe story."
