"""Words and characters are counted alike in every script."""

import numpy as np
import pytest

from boilerstrip.evidence.characters import Class, Script, code_points
from boilerstrip.evidence.tokens import divide, split_words, tokenize
from tests.samples import PROSE


def test_words_are_lower_cased_and_numbered_once() -> None:
    tokens = tokenize(["The road", "the River"])
    assert tokens.vocabulary == ["the", "road", "river"]
    assert tokens.words.tolist() == [0, 1, 0, 2]
    assert tokens.starts.tolist() == [0, 2, 4]
    assert tokens.block_of_word.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("code", ["ja", "zh", "th"])
def test_scripts_without_spaces_have_about_as_many_words_as_english(code: str) -> None:
    english, other = tokenize([PROSE["en"], PROSE[code]]).word_counts
    assert 0.5 * english <= other <= 1.5 * english


def test_a_page_in_two_scripts_counts_both() -> None:
    assert split_words("日本 rocks 2026") == ["日", "本", "rocks", "2026"]
    assert tokenize(["日本 rocks", "only English words"]).word_counts.tolist() == [2.0, 3.0]


def test_characters_are_classified_block_by_block() -> None:
    counts = tokenize(["Ab, 12.", "“é”"]).class_counts
    names = ("UPPER", "LOWER", "COMMA", "SPACE", "DIGIT", "STOP", "QUOTE")
    assert [counts[0, Class[name]] for name in names] == [1, 1, 1, 1, 2, 1, 0]
    assert [counts[1, Class[name]] for name in names] == [0, 1, 0, 0, 0, 0, 2]
    assert counts.sum(axis=1).tolist() == [7, 3]


def test_full_stops_of_other_scripts_end_sentences() -> None:
    counts = tokenize(["終わり。", "क्या।", "نعم؟"]).class_counts
    assert counts[:, Class.STOP].tolist() == [1, 1, 1]


def test_letters_are_counted_by_script() -> None:
    counts = tokenize(["Мост 12", "bridge", "橋の"]).script_counts
    assert [counts[0, Script.CYRILLIC], counts[1, Script.LATIN]] == [4, 6]
    assert [counts[2, Script.HAN], counts[2, Script.KANA]] == [1, 1]


def test_only_letters_are_counted_by_script() -> None:
    assert tokenize(["Мост 12"]).script_counts.sum() == 4


def test_each_block_finds_its_own_characters() -> None:
    texts = ["one", "two 2", "3"]
    tokens = tokenize(texts)
    ends = tokens.character_starts + tokens.lengths
    found = [tokens.classes[start:end] for start, end in zip(tokens.character_starts, ends, strict=True)]
    assert [len(classes) for classes in found] == [len(text) for text in texts]
    assert found[2].tolist() == [Class.DIGIT]


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "😀", "𠀀𠀁", "\U0010ffff", "\x00", "İ"])
def test_odd_characters_are_counted_as_one_each(text: str) -> None:
    assert len(code_points(text)) == len(text)
    assert tokenize([text]).class_counts.sum() == len(text)


def test_ideographs_beyond_the_plane_are_words() -> None:
    assert tokenize(["𠀀𠀁"]).word_counts.tolist() == [1.0]


def test_no_blocks_have_no_words() -> None:
    tokens = tokenize([])
    assert (len(tokens), len(tokens.words), tokens.class_counts.shape) == (0, 0, (0, len(Class)))


def test_division_by_nothing_is_nothing() -> None:
    assert divide(np.array([1.0, 0.0, 3.0]), np.array([0.0, 0.0, 2.0])).tolist() == [0.0, 0.0, 1.5]
