"""Mixed documents are the same for the same seed, keep pages of different folds apart, and are scored line by line."""

import doctest
import json
from pathlib import Path
from random import Random

import pytest

from benchmarks import line_systems, mixed_quality, parts, quotations
from benchmarks import mixed_html as html
from benchmarks.domains import fold_of
from benchmarks.line_systems import make_text_system
from benchmarks.metrics import words_of
from benchmarks.mixed import MixedDocument, MixedLine, generate
from benchmarks.mixed_forms import FORMS, Form, write_form
from benchmarks.mixed_own import Style, generate_own
from benchmarks.mixed_quality import decide_lines, score_document
from benchmarks.parts import PageParts, kind_of_line, length_in_words
from benchmarks.phrases import CLOSINGS, FIRST_NAMES, GREETINGS
from boilerstrip.segment.html import segment_html

STORIES = {
    "en": [
        "The council met on Tuesday evening to discuss the future of the old bridge over the river.",
        "Most of the people in the room said that they would rather walk than wait for another bus.",
        "A new bridge",
        "The mayor promised to come back with a plan and a price before the end of the summer.",
        "Nobody could say how long the work would take or who would have to pay for it in the end.",
        "In the meantime the old bridge stays open to cyclists and to everybody who comes on foot.",
        "The next meeting is going to be held in the library because the town hall is being painted.",
    ],
    "de": [
        "Der Gemeinderat hat am Dienstagabend über die Zukunft der alten Brücke am Fluss beraten.",
        "Die meisten Menschen im Saal sagten, dass sie lieber zu Fuß gehen als auf den Bus zu warten.",
        "Eine neue Brücke",
        "Die Bürgermeisterin versprach, noch vor dem Ende des Sommers einen Plan und einen Preis vorzulegen.",
        "Niemand konnte sagen, wie lange die Arbeiten dauern und wer sie am Ende bezahlen muss.",
        "Bis dahin bleibt die alte Brücke für Radfahrer und für alle offen, die zu Fuß kommen.",
        "Die nächste Sitzung findet in der Bibliothek statt, weil das Rathaus gerade gestrichen wird.",
    ],
}
NOTICES = {
    "en": ["Home", "Politics", "Sign in", "Subscribe to our newsletter to read on", "Share", "Contact"],
    "de": [
        "Startseite",
        "Politik",
        "Anmelden",
        "Jetzt unseren Newsletter abonnieren und weiterlesen",
        "Teilen",
        "Kontakt",
    ],
}

HEADLINE = "Nobody wants it back"


def write_page(folder: Path, number: int, language: str) -> None:
    story, notices = STORIES[language], NOTICES[language]
    lines = [*notices[:2], HEADLINE, *story, *notices[2:], f"Number {number} of the week"]
    body = "".join(f"<p>{line}</p>" for line in lines)
    head = f"<title>{HEADLINE} | Paper</title><link rel='canonical' href='https://paper{number}.example{number}.com/story'>"
    (folder / f"Paper{number}.html").write_text(
        f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8"
    )
    record = {"publisher": f"Paper{number}", "lang": language, "paragraphs": story}
    (folder / f"Paper{number}.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Forty news pages in two languages; the other three corpora hold one page each that mixed documents leave out."""
    news = tmp_path / "news-dev"
    news.mkdir()
    for number in range(40):
        write_page(news, number, ("en", "de")[number % 2])
    truth = {"url": "https://shop.example.org/", "_internal": {"page_type": {"primary": "product"}}, "ground_truth": {}}
    readability = {"title": "T", "lang": "en"}
    for path, record in {
        "wcxb-dev/ground-truth/0001.json": truth,
        "segments-dev/segments.json": {"0000": {"url": "https://example.net/", "with": [], "without": []}},
        "readability/one/expected-metadata.json": readability,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(json.dumps(record), encoding="utf-8")
    for path in ("wcxb-dev/html/0001", "segments-dev/html/0000", "readability/one/source", "readability/one/expected"):
        (tmp_path / f"{path}.html").parent.mkdir(exist_ok=True)
        (tmp_path / f"{path}.html").write_text("<p>A short page in English, and nothing more than that.</p>")
    monkeypatch.setenv("BOILERSTRIP_CORPORA", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("module", [line_systems, mixed_quality, parts, quotations], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_the_same_arguments_give_the_same_documents(corpora: Path) -> None:
    assert generate([0, 1, 2], 20, seed=7) == generate([2, 1, 0], 20, seed=7)
    assert generate([0, 1, 2], 20, seed=7) != generate([0, 1, 2], 20, seed=8)


def test_every_part_of_a_document_comes_from_a_page_of_its_folds(corpora: Path) -> None:
    training, test = generate([0, 1, 2], 60, seed=1), generate([3, 4], 60, seed=1)
    assert {fold_of(document.group) for document in training} <= {0, 1, 2}
    assert {fold_of(document.group) for document in test} <= {3, 4}
    unique = {f"Number {number} of the week" for number in range(40) if fold_of(f"example{number}.com") in (3, 4)}
    lines = {line.text.split(": ")[-1] for document in training for line in document.lines}
    assert unique and not unique & lines


def test_story_lines_are_kept_and_everything_else_goes(corpora: Path) -> None:
    stories = tuple(line for story in STORIES.values() for line in story)
    for document in generate(range(5), 100, seed=3):
        for line in document.lines:
            assert line.keep == (line.origin in ("story", "introduction", "quotation"))
            assert line.text.startswith(stories) == (line.origin == "story")
        assert document.text.split() == [word for line in document.lines for word in line.text.split()]


def test_quotations_are_foreign_introduced_and_on_a_line_of_their_own_or_in_line(corpora: Path) -> None:
    documents = generate(range(5), 100, seed=3)
    quotations = [
        (document, number)
        for document in documents
        for number, line in enumerate(document.lines)
        if line.origin == "quotation"
    ]
    assert quotations
    for document, number in quotations:
        before = document.lines[number - 1]
        assert document.lines[number].language != document.language
        assert before.keep and before.text.endswith(":")


def test_languages_can_be_chosen_and_left_out(corpora: Path) -> None:
    assert {document.language for document in generate(range(5), 20, seed=1, story_language="de")} == {"de"}
    assert {document.language for document in generate(range(5), 20, seed=1, english_share=0.0)} == {"de"}
    only_english = generate(range(5), 20, seed=1, excluded_languages=("de",))
    assert {line.language for document in only_english for line in document.lines} <= {"en", ""}
    with pytest.raises(ValueError, match="de, en"):
        generate(range(5), 1, seed=1, story_language="fi")


@pytest.mark.parametrize("style", ["own", "world", "abroad"])
def test_a_story_abroad_is_alone_in_its_language_and_has_its_headline(
    corpora: Path, monkeypatch: pytest.MonkeyPatch, style: Style
) -> None:
    notices = {code: (f"{code}: accept", f"{code}: refuse") for code in ("en", "de", "fr")}
    monkeypatch.setattr("benchmarks.mixed_own.load_notices", lambda fold=None: notices)
    documents = generate_own(range(5), 60, 1, style)
    others = {
        document.language in (line.language for line in document.lines if not line.keep) for document in documents
    }
    assert (True in others) == (style != "abroad")
    headlines = [line for document in documents for line in document.lines if line.origin == "headline"]
    assert {(line.text, line.keep) for line in headlines} == (set() if style == "own" else {(HEADLINE, True)})


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_short_lines_has_words_of_its_story_alone(form: Form) -> None:
    page = PageParts("example.com", "en", story=tuple(STORIES["en"]))
    known = set(words_of(" ".join((*page.story, *CLOSINGS["en"], *GREETINGS["en"], *FIRST_NAMES))))
    seen_short = False
    for seed in range(20):
        lines = write_form(Random(seed), page, range(5), form)
        assert lines and all(line.keep and line.language == "en" for line in lines)
        words = {word for line in lines for word in words_of(line.text) if word.isalpha()}
        assert words - known <= {"g", "l", "cm"}  # measures
        seen_short |= any(length_in_words(line.text) < 4 for line in lines if line.origin == "short")
    assert seen_short


def test_a_story_without_blanks_or_of_few_sentences_is_written_as_it_is() -> None:
    for language, story in (("ja", STORIES["en"]), ("en", STORIES["en"][:2])):
        page = PageParts("example.com", language, story=tuple(story))
        assert {line.text for line in write_form(Random(1), page, range(5), "verses")} <= set(story)


def test_stories_of_short_lines_become_lists_and_lines_of_a_paragraph_with_their_labels(
    corpora: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices = {code: (f"{code}: accept", f"{code}: refuse") for code in ("en", "de", "fr")}
    monkeypatch.setattr("benchmarks.mixed_own.load_notices", lambda fold=None: notices)
    documents = generate_own(range(5), 60, 1, "forms")
    assert documents == generate_own(range(5), 60, 1, "forms")
    pages = [html.write_page(document, Random(number), tag="p") for number, document in enumerate(documents)]
    labels = [
        html.label_blocks(segment_html(page.html).texts, document, page.blocks_above)
        for document, page in zip(documents, pages, strict=True)
    ]
    assert sum(label is not None and sum(label) > 0 for label in labels) >= 55
    written = "".join(page.html for page in pages)
    assert all(f"<{tag}>" in written for tag in ("ul", "ol", "dl", "dd", "br"))


def test_a_line_counts_as_kept_as_often_as_the_output_has_it() -> None:
    texts = ["More", "The story.", "More", "More"]
    lines = tuple(MixedLine(text, text == "The story.", "en", "own") for text in texts)
    document = MixedDocument(lines, "en", "example.com", "")
    decisions = decide_lines(document, "More\n\nThe  story.\nMore")
    assert decisions == [True, True, True, False]
    score, wrong = score_document(document, decisions)
    assert (score.precision, score.recall, wrong) == (0.5, 1.0, (0, 2))


def test_a_separator_weighs_little_and_is_still_a_wrong_line() -> None:
    lines = (MixedLine("One two three.", True, "en", "story"), MixedLine("____", False, "", "separator"))
    score, wrong = score_document(MixedDocument(lines, "en", "example.com", ""), [True, True])
    assert score.precision == 0.75
    assert wrong == (1,)


@pytest.mark.parametrize(
    "line,kind",
    [
        ("Subscribe to our newsletter", "notice"),
        ("Todos los derechos reservados", "notice"),
        ("Share", "control"),
        ("Research Impact", "short"),
        ("The harbour at night. Photo: Jane Doe / AFP", "credit"),
        ("Why nobody wanted to buy the old house on the hill", "teaser"),
        ("Nobody wanted to buy it.", "prose"),
    ],
)
def test_what_gives_a_boilerplate_line_away(line: str, kind: str) -> None:
    assert kind_of_line(line) == kind


def test_the_line_systems_take_a_text_and_give_a_text() -> None:
    text = "Home\n\nThis is the only story here today.\nHier steht ein ganz anderer deutscher Satz ohne Sinn."
    assert make_text_system("keep-everything")(text) == text
    assert make_text_system("c4")(text).splitlines()[0] == "This is the only story here today."
    assert "Hier" not in make_text_system("language-filter")(f"{text}\nThe story goes on in English for a while.")
    with pytest.raises(ValueError, match="language-filter"):
        make_text_system("nobody")
