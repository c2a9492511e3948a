"""The page's language is the story's, each block has its own or none, and detectors are asked as little as possible."""

import pytest

from boilerstrip.evidence.detectors import ask_langdetect, ask_py3langid
from boilerstrip.evidence.function_words import LANGUAGE_OF_SCRIPT, compare_as, count_hits, load_function_words
from boilerstrip.evidence.language import measure_languages
from boilerstrip.evidence.tokens import tokenize
from boilerstrip.options import Options
from boilerstrip.page import Page
from tests.samples import PROSE, STORY, read_column, read_lines, weigh_html, weigh_lines

ALPHABETS = ("ru", "ar")
SCRIPTS = ("ja", "zh", "th", "ko", "el", "he")
UNLISTED = "Runakunaqa llapallanmi pachapi paqarinku qispisqa, kawsayniyuq, hinallataq yuyayniyuq."
"""Quechua, for which there are no function words."""


class CountingDetector:
    """Remembers what it was asked, and always gives the same answer."""

    def __init__(self, code: str = "qu", probability: float = 1.0) -> None:
        self.answer = (code, probability)
        self.questions: list[str] = []

    def __call__(self, text: str) -> tuple[str, float]:
        self.questions.append(text)
        return self.answer


def test_a_notice_in_another_language_is_told_from_the_story() -> None:
    evidence = weigh_lines(STORY[0], STORY[1], PROSE["es"], STORY[2])
    assert evidence.language == "en"
    assert evidence.block_languages == ("en", "en", "es", "en")
    assert read_column(evidence, "is_foreign") == [0, 0, 1, 0]
    assert read_column(evidence, "is_own") == [1, 1, 0, 1]


@pytest.mark.parametrize("code", ["es", "de", "fr", "pt", "ru", "ar", "ja", "zh"])
def test_an_english_notice_is_foreign_to_a_story_in_another_language(code: str) -> None:
    evidence = weigh_lines(*([PROSE[code]] * 1), f"{PROSE[code]} {PROSE[code]}", STORY[0])
    assert evidence.language == code
    assert evidence.block_languages[-1] == "en"
    assert read_column(evidence, "is_foreign") == [0, 0, 1]


def test_the_language_of_the_prose_wins_over_more_notices_in_lists() -> None:
    links = "".join(f'<li><a href="/{number}">{PROSE["es"]} {number}</a></li>' for number in range(12))
    evidence = weigh_html(f'<html lang="es"><ul>{links}</ul><p>{STORY[0]}</p><p>{STORY[1]}</p><p>{STORY[2]}</p>')
    assert evidence.language == "en"


def test_the_declared_language_is_only_a_claim() -> None:
    assert weigh_html(f'<html lang="fr"><p>{STORY[0]}</p><p>{STORY[1]}</p>').language == "en"


@pytest.mark.parametrize("line", ["Flecha", "OK", "17 / 3", "_______"])
def test_a_line_too_short_to_tell_has_no_foreign_language(line: str) -> None:
    evidence = weigh_lines(STORY[0], STORY[1], line)
    assert evidence.block_languages[2] in (None, "en")
    assert read_column(evidence, "is_foreign")[2] == 0


def test_a_line_without_function_words_has_no_language() -> None:
    evidence = weigh_lines(STORY[0], STORY[1], "Flecha")
    assert evidence.block_languages[2] is None
    assert read_column(evidence, "is_unknown") == [0, 0, 1]


def test_a_word_of_many_languages_does_not_settle_a_block() -> None:
    evidence = weigh_lines(STORY[0], STORY[1], "+ de critères", STORY[2])
    assert evidence.block_languages[2] is None


def test_marked_letters_that_the_story_does_not_use_are_told() -> None:
    evidence = weigh_lines(STORY[0], STORY[1], "S’abonner dès 1€", STORY[2], "Subscribe for €1")
    strange = read_column(evidence, "other_letters")
    assert strange[2] > 0.2
    assert [strange[block] for block in (0, 1, 3, 4)] == [0, 0, 0, 0]


def test_marked_letters_of_the_story_s_own_language_are_not_strange() -> None:
    story = "Dès la première année, le père et la mère de la fillette ont vendu la maison, très chère, près du lac."
    evidence = weigh_lines(PROSE["fr"], story, "S’abonner dès 1€")
    assert read_column(evidence, "other_letters") == [0, 0, 0]


def test_one_marked_letter_in_a_long_story_does_not_make_it_the_story_s() -> None:
    evidence = weigh_lines(*STORY * 4, f"{STORY[0]} The crème was good.", "S’abonner dès 1€")
    assert read_column(evidence, "other_letters")[-1] > 0.2


def test_written_forms_of_one_language_are_not_foreign_to_each_other() -> None:
    evidence = weigh_lines(PROSE["nb"], PROSE["nb"] + " Det var fint.", PROSE["nn"])
    assert compare_as(evidence.language or "") == compare_as("nn")
    assert read_column(evidence, "is_foreign") == [0, 0, 0]


@pytest.mark.parametrize(("left", "right"), [("nb", "nn"), ("nb-NO", "no"), ("zh-TW", "zh-Hans"), ("sr", "hr")])
def test_codes_that_compare_as_one(left: str, right: str) -> None:
    assert compare_as(left) == compare_as(right)


def test_close_languages_stay_apart() -> None:
    assert compare_as("pt") != compare_as("es")
    evidence = weigh_lines(PROSE["pt"], PROSE["pt"] + " É assim que se faz, e não de outra maneira.", PROSE["es"])
    assert evidence.block_languages == ("pt", "pt", "es")


@pytest.mark.parametrize("code", [*SCRIPTS, *ALPHABETS])
def test_script_and_function_words_settle_a_page_without_a_detector(code: str) -> None:
    detector = CountingDetector()
    evidence = weigh_lines(PROSE[code], f"{PROSE[code]} {PROSE[code]}", detector=detector)
    assert (evidence.language, set(evidence.block_languages)) == (code, {code})
    assert detector.questions == []


def test_han_with_kana_is_japanese_and_without_is_chinese() -> None:
    evidence = weigh_lines(PROSE["zh"], PROSE["zh"] + PROSE["zh"], PROSE["ja"])
    assert evidence.language == "zh"
    assert evidence.block_languages[-1] == "ja"


@pytest.mark.parametrize("code", ["en", "es", "de", "fr", "pt", "nb"])
def test_no_detector_is_asked_about_a_page_in_one_language(code: str) -> None:
    detector = CountingDetector()
    weigh_lines(*(STORY if code == "en" else [PROSE[code], f"{PROSE[code]} {PROSE[code]}"]), detector=detector)
    assert detector.questions == []


def test_a_detector_is_asked_about_at_most_a_few_runs() -> None:
    lines = [line for number in range(20) for line in (f"{STORY[number % 4]} {number}", f"{UNLISTED} {number}")]
    detector = CountingDetector()
    evidence = weigh_lines(*lines, detector=detector)
    assert evidence.language == "en"
    assert 0 < len(detector.questions) <= 4
    assert evidence.block_languages.count("qu") == len(detector.questions)


def test_neighbours_that_look_alike_are_asked_about_together() -> None:
    detector = CountingDetector()
    evidence = weigh_lines(*STORY, UNLISTED, UNLISTED + " Chaymi.", detector=detector)
    assert len(detector.questions) == 1
    assert evidence.block_languages[-2:] == ("qu", "qu")


def test_an_unsure_detector_is_not_believed() -> None:
    evidence = weigh_lines(*STORY, UNLISTED, detector=CountingDetector(probability=0.5))
    assert evidence.block_languages[-1] is None


def test_a_language_without_function_words_still_works_as_the_story() -> None:
    detector = CountingDetector()
    story = [f"{UNLISTED} {UNLISTED} {UNLISTED} {number}" for number in range(9)]
    evidence = weigh_lines(*story, PROSE["es"], detector=detector)
    assert evidence.language == "qu"
    assert evidence.block_languages == (*["qu"] * 9, "es")


def test_a_word_shared_with_another_language_does_not_settle_the_page() -> None:
    line = UNLISTED.replace("pachapi", "kay pachapi")
    assert weigh_lines(line, f"{line} Chaymi allin.", detector=CountingDetector()).language == "qu"


def test_signs_without_kana_are_japanese_on_a_japanese_page() -> None:
    places = "宮崎県：延岡市、西都市、木城町、川南町、都農町、門川町、日南市、串間市、国富町、綾町、美郷町"
    assert weigh_lines(PROSE["ja"], places, PROSE["ja"]).block_languages == ("ja", "ja", "ja")
    story = PROSE["zh"] * 3
    assert weigh_lines(story, PROSE["ja"]).block_languages == ("zh", "ja")


def test_any_language_switches_the_evidence_off() -> None:
    detector = CountingDetector()
    evidence = weigh_lines(STORY[0], PROSE["es"], UNLISTED, language="any", detector=detector)
    assert (evidence.language, evidence.block_languages) == (None, (None, None, None))
    assert len(set(read_column(evidence, "is_foreign"))) == len(set(read_column(evidence, "own_rate"))) == 1
    assert detector.questions == []


def test_a_given_language_is_the_story_s_whatever_the_page_says() -> None:
    evidence = weigh_lines(*STORY, PROSE["es"], language="es")
    assert evidence.language == "es"
    assert read_column(evidence, "is_foreign") == [1, 1, 1, 1, 0]


def test_words_of_indic_scripts_are_whole_words() -> None:
    lines = (
        "रात को गाँव में चोरी हुई थी और पुलिस ने दो लोगों को पकड़ा।",
        "पुलिस ने बताया कि उन्हें जेल भेजा जा रहा है।",
        "चोरी की रात क्या हुई थी",
    )
    evidence = weigh_lines(*lines)
    assert evidence.language == "hi"
    assert evidence.block_languages == ("hi", "hi", "hi")
    assert evidence.word_counts.tolist() == [14, 10, 6]


def test_several_languages_may_all_be_the_story_s() -> None:
    evidence = weigh_lines(*STORY, PROSE["es"], PROSE["de"], languages=("en", "es"))
    assert evidence.language == "en"
    assert read_column(evidence, "is_foreign") == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(("lines", "languages"), [(STORY, ("en-US", "es")), ((PROSE["nb"],) * 2, ("no", "en"))])
def test_an_allowed_language_may_carry_a_region(lines: tuple[str, ...], languages: tuple[str, ...]) -> None:
    assert weigh_lines(*lines, languages=languages).language == languages[0]


@pytest.mark.parametrize("code", ["sr", "nb"])
def test_blocks_carry_the_page_s_own_code(code: str) -> None:
    evidence = weigh_lines(PROSE[code], f"{PROSE[code]} {PROSE[code]}")
    assert evidence.language == code
    assert set(evidence.block_languages) == {code}


def test_blocks_in_a_second_allowed_language_carry_its_code() -> None:
    assert weigh_lines(*STORY, PROSE["es"], languages=("en", "es")).block_languages[-1] == "es"


@pytest.mark.parametrize("phrase", ["no pasarán", "Schadenfreude", "c'est la vie", "in dubio pro reo", "猫"])
def test_foreign_words_inside_a_sentence_never_make_a_block_foreign(phrase: str) -> None:
    line = f"“{phrase}”, she said when the mayor had opened the bridge, and then she went home with all the others."
    evidence = weigh_lines(STORY[0], line, STORY[1])
    assert evidence.block_languages == ("en", "en", "en")


def test_a_quotation_of_its_own_is_told_but_leaves_the_page_s_language() -> None:
    quotation = "“Hasta la victoria siempre, porque los que luchan por la vida no se rinden nunca”, dijo el alcalde."
    evidence = weigh_lines(STORY[0], quotation, STORY[1], STORY[2])
    assert (evidence.language, evidence.block_languages[1]) == ("en", "es")
    assert 0 < read_column(evidence, "page_foreign_share")[0] < 0.4


def test_foreign_words_above_and_below_are_summed() -> None:
    evidence = weigh_lines(PROSE["es"], *STORY)
    assert read_column(evidence, "foreign_before")[0] == 0
    assert read_column(evidence, "foreign_before")[1] > 0
    assert read_column(evidence, "foreign_after") == [0, 0, 0, 0, 0]


def test_another_script_counts_by_its_letters() -> None:
    shares = read_column(weigh_lines(*STORY, "Мост открыт", "The Мост"), "other_script")
    assert shares[:4] == [0, 0, 0, 0]
    assert shares[4] > 0.8 > shares[5] > 0.4


def test_function_words_are_those_of_many_languages() -> None:
    table = load_function_words()
    assert len(table.codes) >= 60
    assert len(set(table.codes)) == len(table.codes)
    assert set(LANGUAGE_OF_SCRIPT.values()) <= set(table.codes)
    assert all("the" not in code for code in table.codes)
    assert (table.weights > 0).all() and (table.weights <= 1).all()


def test_hits_count_the_function_words_of_each_language() -> None:
    table = load_function_words()
    hits = count_hits(tokenize(["the road and the river", "el camino y el río"]))
    assert [table.codes[number] for number in hits.argmax(axis=1)] == ["en", "es"]


def test_langdetect_gives_the_same_answer_every_time() -> None:
    assert len({ask_langdetect("la casa e la strada di una sera") for _ in range(5)}) == 1


@pytest.mark.parametrize("ask", [ask_py3langid, ask_langdetect])
def test_shipped_detectors_speak_the_protocol(ask: object) -> None:
    assert callable(ask)
    code, probability = ask(PROSE["de"])
    assert code == "de"
    assert 0.8 < probability <= 1.0


def test_langdetect_answers_a_text_without_letters() -> None:
    assert ask_langdetect("12345 --- 67") == ("", 0.0)


@pytest.mark.parametrize("page", [Page("text"), read_lines("___"), read_lines("1 2 3")])
def test_pages_without_words_have_no_language(page: Page) -> None:
    result = measure_languages(page, tokenize(page.texts), Options())
    assert result.language is None
    assert result.block_languages == (None,) * len(page)
