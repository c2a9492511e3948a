"""The compiled core says what the Python code says, and where it cannot be used the Python code does the work."""

import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import boilerstrip.judge.tagger as tagger_room
from boilerstrip import clean
from boilerstrip._core import SWITCH, Part, describe_core, load_part, prove
from boilerstrip._core.proofs import PROOFS, SMALL_BLOCKS, SMALL_DILATIONS, make_small_matrix, make_small_weights
from boilerstrip.evidence.matrix import KINDS, Evidence
from boilerstrip.judge.tagger import Tagger, load_tagger
from boilerstrip.limits import Limits
from boilerstrip.segment.html import segment_tree
from boilerstrip.segment.parse import _load_mending, mend_end_tags
from boilerstrip.sources import segment_source
from tests.samples import HIDDEN, PAGE_TYPES, STORY, make_tagger, weigh_html, weigh_lines

PAGE = "".join(f"<p>{line}</p><ul><li>Home<li>News</ul>" for line in STORY)


def needs(name: str) -> pytest.MarkDecorator:
    """Skip where a part of the core was not built or is switched off."""
    part = load_part(name)
    return pytest.mark.skipif(part.module is None, reason=f"the compiled core's {name} is not used: {part.note}")


@pytest.mark.parametrize("name", PROOFS)
def test_a_part_that_disagrees_is_not_used(name: str) -> None:
    part = prove(ModuleType(name), PROOFS[name])
    assert part.module is None
    assert "disagrees" in part.note


def test_the_small_matrix_is_scored_as_the_proof_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger_room, "DILATIONS", SMALL_DILATIONS)
    monkeypatch.setattr(tagger_room, "KIND_OF_COLUMN", ("density",) * 5)
    monkeypatch.setattr(tagger_room, "_compile", lambda weights: None)
    line = np.array([0.0, 1.0], dtype=np.float32)
    tagger = Tagger(make_small_weights(), ("article", "forum"), (line, line), bias=0.5)
    columns, words, starts, openings = make_small_matrix()
    languages = (None,) * SMALL_BLOCKS
    evidence = Evidence(columns, words, starts, openings, np.ones(SMALL_BLOCKS), None, languages, None)

    class Scored(ModuleType):
        """Stands for a compiled module that scores as the Python code does."""

        class Forward:
            def __init__(self, *_: object) -> None:
                pass

            def run(self, *arguments: np.ndarray) -> None:
                arguments[-2][:], arguments[-1][:] = tagger._run(evidence, frozenset(KINDS), ())

    assert prove(Scored("scored"), PROOFS["tagger"]).note == ""


@needs("tagger")
@pytest.mark.parametrize("size", [1, 2, 5, 6, 7, 33, 300])
@pytest.mark.parametrize(
    ("kinds", "without"), [(KINDS, ()), (KINDS, ("words", "copies")), (("density",), ()), ((), ())]
)
def test_scores_are_those_of_the_python_code(size: int, kinds: tuple[str, ...], without: tuple[str, ...]) -> None:
    evidence = weigh_lines(*(STORY[number % 4][number % 7 :] for number in range(size)))
    for tagger in (make_tagger(), load_tagger()):
        known = frozenset(kinds)
        expected, found = tagger._run(evidence, known, without), tagger._run_compiled(evidence, known, without)
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-4, atol=1e-4)


@needs("tagger")
def test_what_is_entered_in_parts_that_do_not_fit_is_refused() -> None:
    part, logits, types = np.zeros((3, HIDDEN), dtype=np.float32), np.empty(3), np.empty(len(PAGE_TYPES))
    for arguments in [([part[:2]], logits, types), ([part], logits, types[1:]), ([], logits[:0], types)]:
        with pytest.raises(ValueError, match="does not fit"):
            make_tagger().compiled.go_on(*arguments)


@needs("tagger")
def test_evidence_that_does_not_fit_is_refused() -> None:
    evidence, tagger = weigh_html(PAGE), make_tagger()
    count, width = evidence.columns.shape
    arguments = [evidence.columns, evidence.word_buckets, evidence.word_starts, evidence.opening_buckets]
    rest = [np.ones(width, dtype=np.float32), True, np.empty(count), np.empty(len(tagger.page_types))]
    for place, wrong in [
        (0, evidence.columns[:, 1:].copy()),
        (1, evidence.word_buckets + 4096),
        (2, evidence.word_starts + 1),
        (3, evidence.opening_buckets - 5000),
    ]:
        with pytest.raises(ValueError, match="evidence"):
            tagger.compiled.run(*[wrong if place == number else each for number, each in enumerate(arguments)], *rest)


TAGS = (
    "div", "p", "ul", "ol", "li", "a", "b", "i", "span", "img", "br", "pre", "code", "math", "sup", "q", "button",
    "table", "td", "template", "noscript", "script", "style", "svg", "iframe", "x-card", "ruby", "rt", "dialog",
    "select", "input", "h2", "dl", "dt", "dd", "mat-icon",
)  # fmt: skip
ATTRIBUTES = (
    "", "", "", " hidden", " class='story sr-only'", " class=katex", " style='display:none'", " style='color:red'",
    " aria-hidden=true", " href=/x", " href='#n1'", " id=n1", " role=note class='a b'", " alt=cat src=c.png", " open",
    " style='display:block'", " style='color:red;display:flex'", " alt=T src=t.png",
    " style='white-space: pre-line'", " style='white-space:normal'", " style='white-space:pre;display:block'",
    " class='hidden md:inline'", " class='flex p-2'", " class=d-md-none", " class=material-icons", " role=tooltip",
    " popover", " class=hidden", " id=m1 href='#n1'", " href='#m1'", " class=anchor href='#n1'",
    " role=doc-noteref href='#n1'",
)  # fmt: skip
TEXTS = (
    "word",
    " two words ",
    " ",
    "\n",
    "\xa0",
    "\xad",
    "sof\xadt",
    "İΣ",
    "¶",
    "[1]",
    "12",
    "日本",
    "&amp;",
    "<!-- c -->",
    "Nobody who lives near the bridge has asked why the lamps are lit before it is dark in the valley.",
    "\nanother\nline",
    "T",
    "hen",
    "↗",
    "1,2",
    "i",
)
pieces = st.one_of(
    st.sampled_from(TEXTS),
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
)


@needs("walk")
@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=40))
def test_a_tree_is_cut_into_the_blocks_of_the_python_code(source: list[str]) -> None:
    root = etree.fromstring("<html><body>" + "".join(source), etree.HTMLParser(encoding="utf-8"))
    compiled = segment_tree(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("boilerstrip.segment.html.load_part", lambda name: Part(None, "switched off"))
        assert segment_tree(root) == compiled


@needs("walk")
@settings(max_examples=60, deadline=None)
@given(st.lists(pieces, min_size=4, max_size=30))
def test_a_tree_is_cut_off_where_the_python_code_cuts_it_off(source: list[str]) -> None:
    root = etree.fromstring("<html><body>" + "".join(source) * 60, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    limits = Limits(most_blocks=40)
    with pytest.MonkeyPatch.context() as patch:
        compiled = segment_tree(root, limits)
        patch.setattr("boilerstrip.segment.html.load_part", lambda name: Part(None, "switched off"))
        assert segment_tree(root, limits) == compiled


ENDS = (
    "</p>", "</P >", "</p\xa0>", "</body>", "</HTML >", "</br/>", "</p/>", "<div", "<pé", "<td_", "\u3000", "<", "</",
)  # fmt: skip


@needs("walk")
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from((*ENDS, *TEXTS)), max_size=20))
def test_end_tags_are_mended_as_the_python_code_mends_them(source: list[str]) -> None:
    text = "".join(source)
    assert _load_mending().mend(text.encode()) == mend_end_tags(text).encode()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(pieces, st.sampled_from(("<![CDATA[", "]]>", "\x00", "\ufeff", "\ufffd", "<script>"))), max_size=20
    )
)
def test_a_page_in_bytes_is_cut_as_its_text_is(source: list[str]) -> None:
    text = f"<html><body>{STORY[0]}{''.join(source)}"
    assert segment_source(text.encode(), encoding="utf-8") == segment_source(text)


def test_the_core_is_left_out_when_it_is_switched_off() -> None:
    program = (
        "from boilerstrip import clean; from boilerstrip._core import describe_core; "
        f"print(describe_core()); print(clean({PAGE!r}).text)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env={SWITCH: "off"}, capture_output=True, text=True, check=True
    )
    core, _, text = result.stdout.partition("\n")
    assert core.startswith("compiled core: none; in Python: tagger (switched off by BOILERSTRIP_CORE)")
    assert text.rstrip("\n") == clean(PAGE).text


def test_every_part_is_named() -> None:
    assert all(name in describe_core() for name in PROOFS)
