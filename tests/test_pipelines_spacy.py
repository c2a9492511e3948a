"""spaCy: documents of the story that know where in the page they stand."""

from typing import Any

import pytest

from boilerstrip import clean
from tests.pipelines import (
    LARGE_ROWS,
    POISON,
    POISONED,
    WRONG_TYPE,
    expected_of_large,
    expected_of_poison,
    fixture_rows,
    require_library,
)

spacy = require_library("spacy", "spacy")
pytestmark = pytest.mark.pipelines

from boilerstrip.pipelines.spacy import StoryReader  # noqa: E402


@pytest.fixture(scope="module")
def nlp() -> Any:
    nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    return nlp


def test_documents_are_the_stories_with_their_blocks(nlp: Any) -> None:
    rows = fixture_rows()
    docs = list(nlp.pipe(StoryReader(nlp).pipe((row["html"], row["url"]) for row in rows)))
    for row, doc in zip(rows, docs, strict=True):
        document = clean(row["html"], url=row["url"])
        kept = [block for block in document.blocks if block.kept]
        assert doc.text == document.text
        assert [span.text.strip() for span in doc.spans["blocks"]] == [block.text.strip() for block in kept]
        assert [span._.block["path"] for span in doc.spans["blocks"]] == [block.path for block in kept]
        assert (doc._.page["url"], doc._.page["language"]) == (document.url, document.language)
        assert not len(doc) or doc.has_annotation("SENT_START")


def test_every_word_of_a_text_is_found_in_its_source(nlp: Any) -> None:
    found = 0
    for row in fixture_rows():
        source = row["html"].decode()
        for token in StoryReader(nlp)(source):
            start = token._.source_start
            if start is not None and not token.is_space:
                assert source[start : start + len(token)] == token.text
                found += 1
    assert found > 1000


def test_words_of_a_page_have_their_blocks_path_instead(nlp: Any) -> None:
    doc = StoryReader(nlp)(
        "<html><body><article><p>It rained for three days on the old mill.</p></article></body></html>"
    )
    assert doc[0]._.source_start is None
    assert doc.spans["blocks"][0]._.block["path"] == "/html[1]/body[1]/article[1]/p[1]"


def test_documents_can_be_stored(nlp: Any) -> None:
    from spacy.tokens import DocBin

    doc = StoryReader(nlp)(fixture_rows(8)[-1]["html"])
    (back,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert back.text == doc.text
    assert back._.page == doc._.page
    assert [span._.block["role"] for span in back.spans["blocks"]] == [
        span._.block["role"] for span in doc.spans["blocks"]
    ]


def test_poison_is_an_empty_document_with_its_error(nlp: Any) -> None:
    docs = StoryReader(nlp, **POISONED).pipe(POISON)
    assert [(doc.text or None, doc._.page["status"], doc._.page["error"]) for doc in docs] == [
        tuple(row.values()) for row in expected_of_poison()
    ]
    errors = [doc._.page["error"] for doc in StoryReader(nlp).pipe([7, *LARGE_ROWS])]
    assert errors == [WRONG_TYPE, *(row["error"] for row in expected_of_large())]
