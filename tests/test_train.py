"""Training: labels stand where the story stands, variants stay pages, and both forward passes are one net."""

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from boilerstrip.evidence.matrix import COLUMNS, OPENING_WORDS, WORD_BUCKETS, weigh
from boilerstrip.judge.tagger import Tagger, load_tagger
from boilerstrip.options import Options
from boilerstrip.page import Page
from boilerstrip.segment.html import segment_html
from tests.samples import PROSE, STORY

pytest.importorskip("rapidfuzz", reason="labels are aligned with rapidfuzz, of the extra 'train'")
from benchmarks.mixed import MixedDocument, MixedLine
from benchmarks.mixed_html import label_blocks, write_page
from benchmarks.train.augment import (
    choose_branches,
    drop_names,
    imagine_site,
    insert_notices,
    insert_second_story,
    select_blocks,
    swap_names,
    to_plain_text,
)
from benchmarks.train.calibrate import calibrate, fit_scale, pool_violators
from benchmarks.train.dataset import Example, score_page
from benchmarks.train.graft import insert_branch, list_branches
from benchmarks.train.labels import align_blocks, label_segments
from benchmarks.train.mixed_examples import build_story_alone, build_text_example
from benchmarks.train.scraped import to_markdown_text
from benchmarks.train.splice import LabelledBlocks, add_wrappers, find_story_box, put_into_frame

PAGE = (
    '<body><nav class="menu"><img src=a><a href="/">Home</a></nav><article class="post"><h1>A new bridge</h1>'
    + "".join(f'<p>{line} <b class="mark">Yes</b></p>' for line in STORY)
    + '<form><input><p>Newsletter</p></form></article><footer class="legal"><p>Imprint</p></footer>'
)
COLUMNS_OF_BLOCKS = ("texts", "tags", "roles", "link_characters", "boxes", "marks", "inline_names")


def make_example(**values: Any) -> Example:
    """Make an example of one block of ten words that are the story, but for what is said otherwise."""
    empty: dict[str, Any] = dict.fromkeys(Example.__dataclass_fields__, None)
    defaults = {
        "score_words": np.zeros(10, np.int32),
        "score_starts": np.array([0, 10]),
        "gold_counts": np.array([10], np.int32),
        "words": np.array([10.0], np.float32),
    }
    return Example(**{**empty, **defaults, **values})


@pytest.mark.parametrize(
    ("texts", "story", "labels"),
    [
        (["Menu", STORY[0], "About"], STORY[0], [0, 1, 0]),
        ([STORY[0], STORY[1]], "", [0, 0]),
        ([STORY[0], "the the and of it"], STORY[0], [1, 0]),
        ([STORY[0], STORY[0]], STORY[0], [1, 0]),
        ([STORY[0], STORY[0]], f"{STORY[0]} {STORY[0]}", [1, 1]),
        ([STORY[1], STORY[0]], f"{STORY[0]}\n{STORY[1]}", [1, 1]),
        ([PROSE["ja"], "メニュー"], PROSE["ja"], [1, 0]),
        ([STORY[0].upper(), "Menu"], STORY[0], [1, 0]),
        (["", "…", STORY[0]], STORY[0], [0, 0, 1]),
    ],
)
def test_blocks_that_the_story_holds_are_labelled(texts: list[str], story: str, labels: list[float]) -> None:
    assert align_blocks(texts, story).tolist() == labels


def test_a_block_is_labelled_as_far_as_the_story_holds_it() -> None:
    [label] = align_blocks([f"{STORY[0]} {STORY[1]}"], STORY[1])
    assert 0.5 <= label < 0.7


def test_words_of_the_story_go_to_its_own_blocks() -> None:
    labels = align_blocks(["Read: the new bridge", STORY[0], "walk and bridge"], STORY[0])
    assert labels.tolist() == [0, 1, 0]


def test_wanted_and_unwanted_segments_label_the_blocks_that_hold_them() -> None:
    labels, known = label_segments(["good  story", "good story", "menu", "menu too", "x"], ["good\nstory"], ["menu"])
    assert labels.tolist() == [1, 0, 0, 0, 0]
    assert known.tolist() == [True, False, True, True, False]


@pytest.mark.parametrize(
    ("values", "pooled"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
        ([3.0, 2.0, 1.0], [2.0, 2.0, 2.0]),
        ([1.0, 3.0, 2.0, 4.0], [1.0, 2.5, 2.5, 4.0]),
        ([2.0, 2.0], [2.0, 2.0]),
        ([], []),
    ],
)
def test_pooling_gives_the_closest_rising_sequence(values: list[float], pooled: list[float]) -> None:
    assert pool_violators(np.array(values)).tolist() == pooled


def test_the_page_is_scored_as_the_published_metric_counts() -> None:
    example = make_example(
        score_words=np.array([0, 0, 1, 2], np.int32),
        score_starts=np.array([0, 3, 4]),
        gold_counts=np.array([1, 1, 0], np.int32),
    )
    assert score_page(example, np.array([True, False])) == pytest.approx((2 / 3, 1.0, 0.8))
    assert score_page(example, np.array([False, False])) == (0.0, 0.0, 0.0)


def test_calibration_is_a_rising_curve_over_the_whole_range() -> None:
    random = np.random.default_rng(0)
    examples = [make_example(corpus="wcxb-dev") for _ in range(60)]
    chances = [np.array([random.uniform()], np.float32) for _ in examples]
    (expected, measured), report = calibrate(examples, chances, [chance >= 0.5 for chance in chances])
    assert expected[0] == 0.0 and expected[-1] == 1.0
    assert (np.diff(expected) >= 0).all() and (np.diff(measured) >= 0).all()
    assert set(report) == {"expected", "measured", "correlation", "mean absolute error"}


def test_logits_of_a_net_that_is_too_sure_are_made_smaller() -> None:
    random = np.random.default_rng(1)
    examples, logits = [], []
    for _ in range(60):
        honest = random.normal(0.0, 2.0, 50)
        labels = (random.random(50) < 1.0 / (1.0 + np.exp(-honest))).astype(np.float32)
        words, known = np.full(50, 10.0, np.float32), np.ones(50, dtype=bool)
        examples.append(make_example(corpus="wcxb-dev", words=words, labels=labels, known=known))
        logits.append((honest * 2.0).astype(np.float32))
    assert fit_scale(examples, logits) == pytest.approx(0.5, abs=0.1)


def assert_consistent(page: Page) -> None:
    """A page's columns have one entry a block, a box or a gap, and its boxes hold runs of its blocks."""
    assert {len(getattr(page, name)) for name in COLUMNS_OF_BLOCKS} == {len(page)}
    assert len(page.images) == len(page.controls) == len(page) + 1
    boxes = len(page.box_tags)
    assert len(page.box_first) == len(page.box_last) == len(page.box_names) == len(page.box_hidden) == boxes
    for block, box in enumerate(page.boxes):
        while box >= 0:
            assert page.box_first[box] <= block < page.box_last[box]
            box = page.box_parents[box]
    assert np.isfinite(weigh(page, Options()).columns).all()


@pytest.mark.parametrize("seed", range(6))
def test_a_page_without_some_of_its_blocks_is_a_page(seed: int) -> None:
    page = segment_html(PAGE)
    kept = np.random.default_rng(seed).random(len(page)) < 0.5
    smaller = select_blocks(page, kept)
    assert_consistent(smaller)
    assert list(smaller.texts) == [text for text, keep in zip(page.texts, kept, strict=True) if keep]


def test_a_page_without_any_of_its_blocks_is_empty() -> None:
    page = segment_html(PAGE)
    assert_consistent(select_blocks(page, np.zeros(len(page), dtype=bool)))


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_forgotten_names_leave_the_rest_of_the_page(share: float) -> None:
    page = segment_html(PAGE)
    nameless = drop_names(page, share, np.random.default_rng(1))
    assert_consistent(nameless)
    assert list(nameless.texts) == list(page.texts)
    assert [bool(name) for name in nameless.box_names] == [bool(name) for name in page.box_names]
    forgotten = sum(new != old for new, old in zip(nameless.box_names, page.box_names, strict=True))
    assert forgotten == 0 if share == 0.0 else forgotten <= sum(map(bool, page.box_names))
    assert share < 1.0 or not {"menu", "post", "legal"} & {*nameless.box_names}


def test_swapped_names_change_nothing_else() -> None:
    page = segment_html(PAGE)
    swapped = swap_names(page, 1.0, np.random.default_rng(1))
    assert_consistent(swapped)
    assert list(swapped.box_names) != list(page.box_names)
    assert list(swapped.texts) == list(page.texts)


@pytest.mark.parametrize("seed", range(12))
def test_inserted_notices_stand_in_one_place_and_are_no_story(seed: int) -> None:
    page = segment_html(PAGE)
    notices = ["We use cookies", "Accept all"]
    changed, labels = insert_notices(page, np.ones(len(page)), notices, np.random.default_rng(seed))
    assert_consistent(changed)
    inserted = [block for block, label in enumerate(labels) if label == 0]
    assert [changed.texts[block] for block in inserted] == notices
    assert [text for text, label in zip(changed.texts, labels, strict=True) if label] == list(page.texts)


def label_story(page: Page) -> LabelledBlocks:
    labels = np.array([float(any(line in text for line in STORY)) for text in page.texts])
    return LabelledBlocks(page, labels, np.ones(len(page), dtype=bool))


def test_a_story_stands_in_another_page_s_frame() -> None:
    own = "<html><body><nav>My menu</nav><div><main><p>One story.</p><p>Its end.</p></main></div></body></html>"
    page = segment_html(own)
    story = LabelledBlocks(page, np.array([0.0, 1.0, 1.0]), np.ones(3, dtype=bool))
    framed = put_into_frame(story, label_story(segment_html(PAGE)))
    assert framed is not None
    assert_consistent(framed.page)
    kept = [text for text, label in zip(framed.page.texts, framed.labels, strict=True) if label]
    dropped = [text for text, label in zip(framed.page.texts, framed.labels, strict=True) if not label]
    assert kept == ["One story.", "Its end."]
    assert set(dropped) <= set(segment_html(PAGE).texts) - set(STORY)
    assert dropped


def test_a_page_that_is_all_story_is_no_frame() -> None:
    page = segment_html(f"<html><body><main><p>{STORY[0]}<p>{STORY[1]}</main></body></html>")
    assert put_into_frame(label_story(segment_html(PAGE)), label_story(page)) is None


@pytest.mark.parametrize("seed", range(6))
def test_wrappers_change_no_block(seed: int) -> None:
    page = segment_html(PAGE)
    wrapped = add_wrappers(page, 0.5, np.random.default_rng(seed))
    assert_consistent(wrapped)
    assert list(wrapped.texts) == list(page.texts)
    assert len(wrapped.box_tags) > len(page.box_tags)


def test_a_second_story_stands_below_the_first() -> None:
    blocks = label_story(segment_html(PAGE))
    box = find_story_box(blocks)
    assert box is not None
    lines = ["Another story", "It is not about the bridge."]
    page, labels = insert_second_story(blocks.page, blocks.labels, box, lines, np.random.default_rng(1))
    assert_consistent(page)
    places = [list(page.texts).index(line) for line in lines]
    assert min(places) > max(np.flatnonzero(labels)) and not labels[places].any()


def test_an_imagined_site_holds_counts_for_every_block() -> None:
    page = segment_html(PAGE)
    site = imagine_site(page, np.ones(len(page)), np.random.default_rng(1))
    assert len(site.pages_with_block) == len(page)
    assert 0 <= min(site.pages_with_block) <= max(site.pages_with_block) <= site.pages_of_site


@pytest.mark.parametrize("seed", range(6))
def test_removed_branches_leave_most_of_the_story(seed: int) -> None:
    page = segment_html(PAGE)
    labels = np.array([float(any(line in text for line in STORY)) for text in page.texts])
    kept = choose_branches(page, labels, 2.0, np.random.default_rng(seed))
    assert labels[kept].sum() >= 0.3 * labels.sum()
    assert_consistent(select_blocks(page, kept))


@pytest.mark.parametrize("seed", range(6))
def test_plain_text_blocks_know_the_block_they_come_from(seed: int) -> None:
    page = segment_html(PAGE)
    plain, owners = to_plain_text(page, np.random.default_rng(seed))
    assert plain.kind == "text"
    assert len(owners) == len(plain)
    assert " ".join(plain.texts).split() == " ".join(page.texts).split()
    for text, owner in zip(plain.texts, owners, strict=True):
        assert text.split()[0] in page.texts[owner].split()


def mix_lines(*lines: tuple[str, bool]) -> MixedDocument:
    """A mixed document of lines and whether they are the story's, a line each."""
    made = tuple(MixedLine(text, keep, "en", "story" if keep else "own") for text, keep in lines)
    return MixedDocument(made, "en", "example.org", "\n".join(text for text, _ in lines))


def test_lines_of_a_mixed_document_are_labelled_one_by_one() -> None:
    document = mix_lines(("Home", False), (STORY[0], True), ("How it began", True), (STORY[1], True), ("Share", False))
    example = build_text_example(document, "example.org/7", "mixed")
    assert example.labels.tolist() == [0, 1, 1, 1, 0]
    assert score_page(example, example.labels > 0.5)[2] == 1.0


def test_a_story_alone_is_all_story() -> None:
    document = mix_lines(("Home", False), (STORY[0], True), ("Share", False), (STORY[1], True))
    for number in (0, 8):
        example = build_story_alone(document, f"example.org/{number}", "mixed", number)
        assert example.labels.tolist() == [1, 1]
        assert example.variant == 1


@pytest.mark.parametrize("tag", ["p", "div", "li", "section", "td", "br", "br br"])
def test_a_mixed_document_as_a_page_has_the_labels_of_its_lines(tag: str) -> None:
    document = mix_lines(("Home", False), (STORY[0], True), ("How it began", True), (STORY[1], True), ("Share", False))
    for box in range(7):
        html, above = write_page(document, Random(box), tag=tag, box=box)
        page = segment_html(html)
        labels = label_blocks(page.texts, document, above)
        assert labels is not None
        kept = " ".join(text for text, label in zip(page.texts, labels, strict=True) if label > 0.5)
        assert all(line in " ".join(kept.split()) for line in STORY[:2])


def test_a_page_whose_blocks_are_not_the_lines_has_no_labels() -> None:
    assert label_blocks(["Home", "Another line"], mix_lines(("Home", False), (STORY[0], True)), 0) is None


@pytest.mark.parametrize("after", [False, True])
def test_a_graft_comes_with_its_boxes_and_is_no_story(after: bool) -> None:
    own = label_story(segment_html(PAGE))
    teasers = f"<li>{PROSE['es']}</li>" * 4
    donor = label_story(segment_html(f"<body><div><ul class=teasers>{teasers}</ul></div></body>"))
    [branch, *_] = list_branches(donor)
    host = find_story_box(own)
    assert host is not None
    place = own.page.box_last[host] if after else own.page.box_first[host]
    grafted = insert_branch(own, donor.page, branch, own.page.box_parents[host], place)
    assert_consistent(grafted.page)
    assert len(grafted.page) == len(own.page) + 4
    assert grafted.labels.sum() == own.labels.sum()
    assert grafted.labels[place : place + 4].tolist() == [0.0] * 4
    assert "teasers" in " ".join(grafted.page.box_names)


def test_a_page_scraped_as_markdown_keeps_what_each_line_was() -> None:
    page = segment_html(
        "<h2>Scores</h2><ul><li>One</li><li>Two</li></ul><table><tr><td>Calder</td><td>14</td></tr></table>"
        f"<pre>x = 1</pre><p>{STORY[0]}</p>"
    )
    plain, owners = to_markdown_text(page, np.random.default_rng(1))
    assert list(plain.texts) == ["## Scores", "- One", "- Two", "| Calder | 14 |", "```\nx = 1\n```", STORY[0]]
    assert owners.tolist() == [0, 1, 2, 3, 5, 6]


def store_weights(folder: Path, page_types: int) -> Any:
    """Export a net of random weights to ``folder/tagger.npy`` and return the net as it was written."""
    torch = pytest.importorskip("torch", reason="the net is trained with torch, of the extra 'train'")
    from benchmarks.train.export import export_weights
    from benchmarks.train.model import Shape, TaggerNet

    torch.manual_seed(3)
    mean, deviation = torch.rand(len(COLUMNS)), 0.5 + torch.rand(len(COLUMNS))
    net = TaggerNet(Shape(), page_types, mean, deviation).half().float().eval()
    export_weights(net, folder / "tagger.npy", bias=0.25, corpora={"none": "0"})
    return net


def load_weights(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Tagger:
    """Load ``folder/tagger.npy`` as the package loads the weights it ships."""
    monkeypatch.setattr("boilerstrip.judge.tagger.get_data", lambda _, name: (folder / Path(name).name).read_bytes())
    return load_tagger.__wrapped__()


def test_the_calibration_is_set_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_weights(tmp_path, 7)
    from benchmarks.train.export import set_calibration

    before = load_weights(tmp_path, monkeypatch)
    curve = (np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.2, 0.75]))
    for _ in range(2):
        set_calibration(tmp_path / "tagger.npy", 0.5, curve)
    after = load_weights(tmp_path, monkeypatch)
    assert after.calibration[1].tolist() == pytest.approx([0.0, 0.2, 0.75])
    for name, array in before.weights.items():
        if "calib" not in name:
            assert (after.weights[name] == array * (0.5 if name.startswith("score") else 1.0)).all(), name


@pytest.mark.parametrize("source", [PAGE, f"<p>{STORY[0]}", "<p>" + "</p><p>".join(STORY * 12)])
def test_both_forward_passes_are_one_net(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = store_weights(tmp_path, 7)
    from benchmarks.train.fit import predict

    evidence = weigh(segment_html(source), Options())
    example = make_example(
        columns=evidence.columns.astype(np.float16),
        word_buckets=evidence.word_buckets,
        word_starts=evidence.word_starts,
        openings=evidence.opening_buckets,
        labels=np.zeros(len(evidence), np.float32),
    )
    [(logits, page_types)] = predict(net, [example])
    probabilities = 1.0 / (1.0 + np.exp(-logits))
    scores = load_weights(tmp_path, monkeypatch).score(evidence)
    assert np.abs(scores.blocks - probabilities).max() < 1e-3
    assert np.abs(scores.page_types - page_types).max() < 1e-3


def test_padding_changes_no_score() -> None:
    torch = pytest.importorskip("torch", reason="the net is trained with torch, of the extra 'train'")
    from benchmarks.train.fit import make_batch
    from benchmarks.train.model import Shape, TaggerNet

    torch.manual_seed(3)
    net = TaggerNet(Shape(), 7, torch.zeros(len(COLUMNS)), torch.ones(len(COLUMNS))).eval()
    random = np.random.default_rng(2)
    short, long = (
        make_example(
            columns=random.normal(size=(size, len(COLUMNS))).astype(np.float16),
            word_buckets=random.integers(WORD_BUCKETS, size=2 * size).astype(np.int32),
            word_starts=np.arange(size + 1) * 2,
            openings=random.integers(WORD_BUCKETS, size=(size, OPENING_WORDS)).astype(np.int32),
            labels=np.zeros(size, np.float32),
        )
        for size in (3, 40)
    )
    with torch.no_grad():
        alone, _ = net(make_batch([short]))
        padded, _ = net(make_batch([short, long]))
    assert torch.allclose(alone[0], padded[0, :3], atol=1e-4)


def test_disguised_words_are_others_but_stay_the_same_among_themselves() -> None:
    pytest.importorskip("torch", reason="the net is trained with torch, of the extra 'train'")
    from benchmarks.train.fit import disguise_words

    example = make_example(
        word_buckets=np.array([7, 9, 7, 2000], np.int32), openings=np.array([[7, 0], [9, 7]], np.int32)
    )
    disguised = disguise_words(example, np.random.default_rng(1))
    seven, nine, again, last = disguised.word_buckets.tolist()
    assert seven == again
    assert len({seven, nine, last} | {7, 9, 2000}) == 6
    assert disguised.openings.tolist() == [[seven, 0], [nine, seven]]


def test_every_line_of_a_mixed_document_counts() -> None:
    torch = pytest.importorskip("torch", reason="the net is trained with torch, of the extra 'train'")
    from benchmarks.train.fit import Recipe, compute_loss

    page = {
        "labels": np.array([1.0, 1.0, 0.0], np.float32),
        "known": np.ones(3, bool),
        "words": np.array([100.0, 2.0, 100.0], np.float32),
        "ceiling": 1.0,
        "page_type": -1,
    }
    wrong_subheading, right = torch.tensor([[4.0, -4.0, -4.0]]), torch.tensor([[4.0, 4.0, -4.0]])

    def cost(corpus: str, weight: float) -> float:
        """How much more the subheading's wrong verdict costs than its right one."""
        recipe, example = Recipe(every_line_weight=weight), make_example(corpus=corpus, **page)
        losses = [
            compute_loss(logits, torch.zeros(1, 7), [example], recipe).item() for logits in (wrong_subheading, right)
        ]
        return losses[0] - losses[1]

    assert cost("mixed", 0.1) == pytest.approx(cost("mixed", 0.0) + 0.4, abs=0.01)
    assert cost("news-dev", 0.1) == cost("news-dev", 0.0)


def test_exported_weights_carry_what_the_package_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_weights(tmp_path, 7)
    tagger = load_weights(tmp_path, monkeypatch)
    assert tagger.bias == 0.25
    assert tagger.page_types[0] == "article"
    assert tagger.weights["convolutions.0.weight"].shape[0] == 3
    assert {str(array.dtype) for array in tagger.weights.values()} == {"float32"}


def test_trees_are_those_that_were_fitted_and_come_back_from_their_file(tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm", reason="trees are fitted with lightgbm, of the extra 'train'")
    pytest.importorskip("torch", reason="the net is trained with torch, of the extra 'train'")
    from benchmarks.train.boost import NAMES, convert_trees
    from benchmarks.train.export import export_trees
    from boilerstrip.judge.tagger import read_arrays

    values = np.random.default_rng(1).normal(size=(400, len(NAMES))).astype(np.float32)
    labels = (values[:, 0] + values[:, -1] > 0).astype(np.float32)
    model = lightgbm.train({"objective": "binary", "num_leaves": 7, "verbose": -1}, lightgbm.Dataset(values, labels), 9)
    trees, context = convert_trees(model.dump_model()), len(NAMES) - len(COLUMNS)
    expected = model.predict(values, raw_score=True)
    assert trees.add_up(values[:, :context], values[:, context:]) == pytest.approx(expected, abs=1e-5)
    export_trees(trees, NAMES, tmp_path / "trees.npy")
    with (tmp_path / "trees.npy").open("rb") as file:
        stored = read_arrays(file)
    assert all(
        np.array_equal(stored[name], getattr(trees, name)) for name in ("roots", "features", "borders", "values")
    )
    assert stored["names"].astype(str).tolist() == list(NAMES)


def test_page_types_are_learnt_from_what_a_page_measures(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the net is trained with torch, of the extra 'train'")
    pytest.importorskip("lightgbm", reason="trees are fitted with lightgbm, of the extra 'train'")
    from benchmarks.train.boost import Row
    from benchmarks.train.export import export_page_types
    from benchmarks.train.held_out import Prediction, as_evidence
    from benchmarks.train.page_types import fit_page_types
    from boilerstrip.judge.page_types import correct_types
    from boilerstrip.judge.tagger import read_arrays

    doubtful = np.full(7, 1 / 7, dtype=np.float32)
    rows = []
    for number in range(40):
        example = make_example(
            corpus="wcxb-dev", identifier=f"p{number}", kind="html", page_type=3 * (number % 2), title=-1,
            columns=np.full((1, len(COLUMNS)), number % 2, np.float16), labels=np.ones(1, np.float32),
        )  # fmt: skip
        prediction = Prediction("wcxb-dev", f"p{number}", "html", np.zeros(1, np.float32), doubtful)
        rows.append(Row(example, prediction, np.full(1, 0.5)))
    model = fit_page_types(rows)
    found = [int(correct_types(model, as_evidence(row.example), row.scores, doubtful).argmax()) for row in rows]
    assert found == [row.example.page_type for row in rows]
    export_page_types(model, tmp_path / "page_types.npy")
    with (tmp_path / "page_types.npy").open("rb") as file:
        assert read_arrays(file)["weights"] == pytest.approx(model.weights, abs=1e-6)
