"""Corpora are read from any folder in the published layout, and a missing one is explained."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.corpora import MissingCorpusError, corpora_folder, load_corpus

STORY = "One day the story began and went on for a while."
PAGE = f"<html><body><nav>Home</nav><p>{STORY}</p><p>The end.</p></body></html>".encode()


def write_json(path: Path, record: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record), encoding="utf-8")


def test_wcxb_reads_plain_and_gzipped_pages(tmp_path: Path) -> None:
    truth = {"main_content": STORY, "title": "T", "author": None, "publish_date": None, "with": [], "without": ["Home"]}
    record = {"url": "https://news.example.co.uk/1", "_internal": {"page_type": {"primary": "article"}}}
    for number in ("0001", "0002"):
        write_json(tmp_path / "ground-truth" / f"{number}.json", {**record, "ground_truth": truth})
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "0001.html").write_bytes(PAGE)
    (tmp_path / "html" / "0002.html.gz").write_bytes(gzip.compress(PAGE))
    pages = load_corpus(f"wcxb:{tmp_path}")
    assert [page.html for page in pages] == [PAGE, PAGE]
    assert (pages[0].page_type, pages[0].story, pages[0].group) == ("article", STORY, "example.co.uk")


def test_news_pages_newer_than_their_labels_are_left_out(tmp_path: Path) -> None:
    for name, paragraphs in {"Good": [STORY, "The end."], "Stale": ["Quite another story stood here once."]}.items():
        write_json(tmp_path / f"{name}.json", {"publisher": name, "lang": "en", "paragraphs": paragraphs})
        (tmp_path / f"{name}.html").write_bytes(PAGE)
    assert [page.identifier for page in load_corpus(f"news:{tmp_path}")] == ["Good"]


def test_segments_articles_and_readability_layouts(tmp_path: Path) -> None:
    address = {"url": "https://example.com/"}
    snippets = {"with": ["story"], "without": ["Home"]}
    write_json(tmp_path / "segments" / "segments.json", {"0000": {**address, **snippets}})
    write_json(tmp_path / "articles" / "ground-truth.json", {"abc": {**address, "articleBody": STORY}})
    write_json(
        tmp_path / "readability" / "one" / "expected-metadata.json", {"title": "T", "byline": None, "lang": "en-GB"}
    )
    for folder, name in (("segments/html", "0000"), ("articles/html", "abc"), ("readability/one", "source")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{name}.html.gz").write_bytes(gzip.compress(PAGE))
    (tmp_path / "readability" / "one" / "expected.html").write_text(f"<div><p>{STORY}</p><p>The end.</p></div>")
    (segments,) = load_corpus(f"segments:{tmp_path / 'segments'}")
    (article,) = load_corpus(f"articles:{tmp_path / 'articles'}")
    (readable,) = load_corpus(f"readability:{tmp_path / 'readability'}")
    assert (segments.with_segments, segments.without_segments) == (("story",), ("Home",))
    assert (article.story, article.html) == (STORY, PAGE)
    assert (readable.story, readable.language) == (f"{STORY}\nThe end.", "en")


def test_a_missing_corpus_says_where_it_is_looked_for_and_where_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOILERSTRIP_CORPORA", str(tmp_path))
    assert corpora_folder() == tmp_path
    with pytest.raises(MissingCorpusError, match="wcxb-dev") as caught:
        load_corpus("wcxb-dev")
    for part in (str(tmp_path / "wcxb-dev"), "BOILERSTRIP_CORPORA", "shared/corpora/wcxb-dev.tar.xz", "https://"):
        assert part in str(caught.value)


def test_an_unknown_corpus_or_system_is_one_line_that_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "--system", "keep-everything", "--corpus", "nowhere"]) == 2
    assert main(["speed", "--system", "nobody"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert "news-dev" in errors[0] and "articles:PATH" in errors[0]
    assert "boilerstrip" in errors[1]


def test_the_quality_table_of_a_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_json(tmp_path / "Good.json", {"publisher": "Good", "lang": "en", "paragraphs": [STORY, "The end."]})
    (tmp_path / "Good.html").write_bytes(PAGE)
    results = tmp_path / "results.json"
    assert main(["quality", "--system", "keep-everything", "--corpus", f"news:{tmp_path}", "--json", str(results)]) == 0
    printed = capsys.readouterr().out
    assert "keep-everything" in printed and "| en " in printed
    assert json.loads(results.read_text())[0]["score"]["recall"] == 1.0
