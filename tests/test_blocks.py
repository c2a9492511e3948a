"""Blocks: the reason that is named first."""

import pytest

from boilerstrip.blocks import Block, Reason
from tests.rendering import make_block

RULE = Reason("title", "selection", 0.0, "it is the title")
PROSE = Reason("prose", "density", 0.4, "full sentences")
WORDS = Reason("boilerplate_words", "words", -0.5, "its words are those of boilerplate")
FOREIGN = Reason("foreign_language", "language", -0.4, "Spanish, while the page is English")
UNKNOWN = Reason("unknown_language", "language", -0.4, "too few function words to tell its language")


@pytest.mark.parametrize(
    ("kept", "reasons", "main"),
    [
        (False, (PROSE, RULE), RULE),
        (True, (WORDS, PROSE), PROSE),
        (False, (WORDS, FOREIGN), FOREIGN),
        (False, (WORDS, FOREIGN._replace(weight=-0.2)), WORDS),
        (False, (WORDS, UNKNOWN), WORDS),
        (False, (PROSE,), PROSE),
        (False, (), None),
    ],
    ids=["rule", "speaks for the verdict", "nearly as strong", "too weak", "vague", "none speaks for it", "none"],
)
def test_the_main_reason_explains_the_verdict(kept: bool, reasons: tuple[Reason, ...], main: Reason | None) -> None:
    block = Block("x", kept, 0.5, None, "paragraph", "p", None, None, (), 0, (reasons,))
    assert block.main_reason == main


def test_a_block_made_without_reasons_has_no_main_one() -> None:
    assert make_block("x").main_reason is None
