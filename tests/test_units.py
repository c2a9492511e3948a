"""Cells of a row and rows of a table are judged together; layout is not data."""

import numpy as np
import pytest

from boilerstrip.judge.units import find_units, share_scores
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html
from tests.samples import STORY, read_lines

TABLE = (
    "<table><tr><th>Team</th><th>P</th><th>Pts</th></tr>"
    "<tr><td>Calder</td><td>6</td><td>14</td></tr><tr><td>Holme</td><td>6</td><td>9</td></tr></table>"
)
LIST = "<ul><li>Salt</li><li>Two eggs</li></ul>"
LAYOUT = f"<table><tr><td>Menu</td><td><p>{STORY[0]}</p><p>{STORY[1]}</p></td></tr></table>"


def share(page: Page, logits: list[float]) -> list[float]:
    words = np.array([float(len(text.split())) for text in page.texts])
    return [round(float(value), 6) for value in share_scores(find_units(page), np.array(logits), words)]


def test_the_cells_of_a_row_have_one_score() -> None:
    page = segment_html(TABLE)
    scores = share(page, [3.0, -3.0, 1.0, 3.0, -3.0, 0.0, -1.0, 2.0, -5.0])
    assert len({*scores[:3]}) == len({*scores[3:6]}) == len({*scores[6:]}) == 1


def test_the_rows_of_a_table_draw_each_other() -> None:
    scores = share(segment_html(TABLE), [4.0] * 6 + [-2.0] * 3)
    assert -2.0 < scores[6] < scores[0] < 4.0
    assert scores[6] > 0


def test_a_table_for_layout_holds_no_rows() -> None:
    logits = [-4.0, 4.0, 4.0]
    assert share(segment_html(LAYOUT), logits) == logits


def test_one_cell_of_several_paragraphs_makes_no_layout_of_a_table() -> None:
    noted = TABLE.replace("<td>Holme</td>", "<td><p>Holme</p><p>champions of last year</p></td>")
    assert len(set(share(segment_html(noted), [3.0, -3.0, 1.0, 3.0, -3.0, 0.0, -1.0, 2.0, -5.0, 1.0])[6:])) == 1


def test_the_items_of_a_list_are_judged_one_by_one() -> None:
    logits = [5.0, 2.0, -1.0, -5.0]
    assert share(segment_html(f"<p>{STORY[0]}</p>{LIST}<p>{STORY[1]}</p>"), logits) == logits


@pytest.mark.parametrize("bar", [" | ", "\t"])
def test_lines_of_cells_in_a_text_are_one_table(bar: str) -> None:
    rows = [
        bar.join(cells) for cells in (("Pos", "Name", "Time"), ("1", "Kit Barrow", "48:12"), ("2", "Anders", "48:55"))
    ]
    page = read_lines(STORY[0], *rows, STORY[1])
    scores = share(page, [5.0, -1.0, 1.0, 1.0, 5.0])
    assert scores[0] == scores[4] == 5.0
    assert scores[1] > -0.5
    assert find_units(read_lines("Menu | Search | Log in", STORY[0])).tables.tolist() == [-1, -1]
