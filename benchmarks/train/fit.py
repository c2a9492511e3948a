"""Fit a tagger: seeded, with averaged weights, scored on pages of sites it has not seen."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from benchmarks.train.dataset import PAGE_TYPES, Example
from benchmarks.train.model import KIND_DROPOUT, Batch, Shape, TaggerNet
from boilerstrip.evidence.matrix import NO_WORD, OPENING_WORDS, WORD_BUCKETS


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train."""

    passes: int = 10
    learning_rate: float = 3e-3
    weight_decay: float = 0.08
    blocks_per_batch: int = 6000
    average_decay: float = 0.995
    keep_words: float = 0.7
    without_words: float = KIND_DROPOUT
    """Pages of a batch that are read without their words, so that language and density have to do."""
    f1_weight: float = 1.0
    every_line_weight: float = 0.1
    """Weight of the likelihood that every line of a mixed document is right, a subheading's no less than a
    paragraph's."""
    mixed_share: float = 1.0
    """Mixed documents that a pass looks at, 0 to 1."""
    text_share: float = 1.0
    """Pages that a pass looks at as plain text too, 0 to 1."""
    mixed_weight: float = 1.0
    """Weight of a mixed document beside a page."""
    disguised_share: float = 0.0
    """Pages of a pass whose words are those of a language never seen, 0 to 1."""
    type_weight: float = 0.1
    seed: int = 1
    shape: Shape = field(default_factory=Shape)


CORPUS_WEIGHT = {
    "wcxb-dev": 1.0, "news-dev": 1.0, "readability": 1.0, "segments-dev": 0.5,
    "mixed": 1.0, "unseen": 1.0, "own": 1.0, "world": 1.0, "abroad": 1.0, "forms": 1.0, "framed": 1.0,
}  # fmt: skip
DOCUMENTS = frozenset({"mixed", "unseen", "own", "world", "abroad", "forms", "framed"})
"""Corpora of mixed documents. Those called unseen are only for the net that is shipped."""
LINE_BY_LINE = frozenset({"mixed", "unseen", "own", "world", "abroad", "forms"})
"""Those that have no site's frame around them, so that every line of them counts."""


def make_batch(examples: Sequence[Example]) -> Batch:
    """Pad pages to the longest of them."""
    length = max(len(example.labels) for example in examples)
    width = examples[0].columns.shape[1]
    columns = torch.zeros(len(examples), length, width)
    mask = torch.zeros(len(examples), length, dtype=torch.bool)
    sizes = np.zeros((len(examples), length), dtype=np.int64)
    for number, example in enumerate(examples):
        count = len(example.labels)
        columns[number, :count] = torch.from_numpy(example.columns.astype(np.float32))
        mask[number, :count] = True
        sizes[number, :count] = np.diff(example.word_starts)
    flat = sizes.reshape(-1)
    words = np.concatenate([example.word_buckets for example in examples])
    openings = torch.zeros(len(examples), length, OPENING_WORDS, dtype=torch.long)
    for number, example in enumerate(examples):
        openings[number, : len(example.labels)] = torch.from_numpy(example.openings.astype(np.int64))
    weights = np.repeat(1.0 / np.maximum(flat, 1), flat)
    offsets = np.concatenate(([0], np.cumsum(flat)[:-1]))
    return Batch(
        columns,
        torch.from_numpy(words.astype(np.int64)),
        torch.from_numpy(offsets),
        torch.from_numpy(weights.astype(np.float32)),
        openings,
        mask,
    )


def _pad(examples: Sequence[Example], values: Sequence[NDArray[np.float32]]) -> Tensor:
    length = max(len(example.labels) for example in examples)
    padded = np.zeros((len(examples), length), dtype=np.float32)
    for number, value in enumerate(values):
        padded[number, : len(value)] = value
    return torch.from_numpy(padded)


def compute_loss(logits: Tensor, types: Tensor, examples: Sequence[Example], recipe: Recipe) -> Tensor:
    """Cross-entropy of words and of blocks, soft F1 of the page, and the page type."""
    device = logits.device
    labels = _pad(examples, [example.labels for example in examples]).to(device)
    known = _pad(examples, [example.known.astype(np.float32) for example in examples]).to(device)
    words = _pad(examples, [example.words for example in examples]).to(device) * known
    page_weights = torch.tensor([_weigh_page(example, recipe) for example in examples], device=device)
    entropy = functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    by_word = (entropy * words).sum(1) / words.sum(1).clamp(min=1.0)
    lines = known * (0.2 + words.clamp(max=30.0) / 30.0)
    by_block = (entropy * lines).sum(1) / lines.sum(1).clamp(min=0.2)
    chances = torch.sigmoid(logits)
    hits = (chances * labels * words).sum(1)
    soft_f1 = (2 * hits + 1.0) / ((chances * words).sum(1) + (labels * words).sum(1) + 1.0)
    complete = torch.tensor(
        [float(example.corpus in DOCUMENTS or example.known.all()) for example in examples], device=device
    )
    loss = ((0.5 * by_word + 0.5 * by_block + recipe.f1_weight * complete * (1.0 - soft_f1)) * page_weights).sum()
    is_mixed = torch.tensor([float(example.corpus in LINE_BY_LINE) for example in examples], device=device)
    loss = loss + recipe.every_line_weight * ((entropy * known).sum(1) * is_mixed).sum()
    typed = torch.tensor([example.page_type for example in examples], device=device)
    if (typed >= 0).any():
        loss = loss + recipe.type_weight * functional.cross_entropy(
            types[typed >= 0], typed[typed >= 0], reduction="sum"
        )
    return loss / len(examples)


def _weigh_page(example: Example, recipe: Recipe) -> float:
    weight = recipe.mixed_weight if example.corpus in DOCUMENTS else 1.0
    return weight * CORPUS_WEIGHT[example.corpus] * (0.3 if example.ceiling < 0.85 else 1.0)


def iterate_batches(examples: Sequence[Example], random: np.random.Generator, limit: int) -> Iterator[list[Example]]:
    """Pages of similar length together, batches in random order."""
    order = sorted(range(len(examples)), key=lambda number: len(examples[number].labels) * random.uniform(0.8, 1.25))
    batches: list[list[Example]] = []
    batch: list[Example] = []
    for number in order:
        example = examples[number]
        if batch and (len(batch) + 1) * len(example.labels) > limit:
            batches.append(batch)
            batch = []
        batch.append(example)
    batches.append(batch)
    for number in random.permutation(len(batches)):
        yield batches[number]


def choose_variants(
    examples: Sequence[Example], random: np.random.Generator, mixed_share: float = 1.0, text_share: float = 1.0
) -> list[Example]:
    """One variant of each page and kind for this pass, the page as it is half of the time; some of the mixed documents
    and of the pages as text."""
    groups: dict[tuple[str, str, str], list[Example]] = {}
    for example in examples:
        groups.setdefault((example.corpus, example.identifier, example.kind), []).append(example)
    chosen = []
    for (corpus, _, kind), variants in groups.items():
        share = mixed_share if corpus in DOCUMENTS else text_share if kind == "text" else 1.0
        if random.random() >= share:
            continue
        own = random.random() < 0.5 or len(variants) == 1
        chosen.append(variants[0] if own else variants[1 + int(random.integers(len(variants) - 1))])
    return chosen


def disguise_words(example: Example, random: np.random.Generator) -> Example:
    """The example with its words in other buckets of the table of words, the same word always in the same one.

    What else is known of the blocks stays, so that a language nobody trained on is read by that.
    """
    shuffled = random.permutation(WORD_BUCKETS).astype(np.int32)
    return replace(
        example,
        word_buckets=shuffled[example.word_buckets],
        openings=np.where(example.openings == NO_WORD, NO_WORD, shuffled[example.openings]),
    )


def fit(examples: Sequence[Example], recipe: Recipe, device: str = "cpu") -> TaggerNet:
    """Train on all the examples given; returns the net with averaged weights, in evaluation mode, on the CPU."""
    torch.manual_seed(recipe.seed)
    examples = [example for example in examples if example.corpus in CORPUS_WEIGHT]
    random = np.random.default_rng(recipe.seed)
    net = _start(examples, recipe).to(device)
    average = {name: value.clone() for name, value in net.state_dict().items()}
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    first = choose_variants(examples, random, recipe.mixed_share, recipe.text_share)
    steps_per_pass = sum(1 for _ in iterate_batches(first, random, recipe.blocks_per_batch))
    total = steps_per_pass * recipe.passes
    step = 0
    for _ in range(recipe.passes):
        net.train()
        chosen = [
            disguise_words(example, random) if random.random() < recipe.disguised_share else example
            for example in choose_variants(examples, random, recipe.mixed_share, recipe.text_share)
        ]
        for batch in iterate_batches(chosen, random, recipe.blocks_per_batch):
            rate = min(1.0, (step + 1) / (0.1 * total)) * 0.5 * (1.0 + math.cos(math.pi * min(step / total, 1.0)))
            for group in optimiser.param_groups:
                group["lr"] = recipe.learning_rate * max(rate, 0.01)
            logits, types = net(make_batch(batch).to(torch.device(device)), recipe.keep_words, recipe.without_words)
            loss = compute_loss(logits, types, batch, recipe)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            decay = min(recipe.average_decay, (step + 1) / (step + 10))
            for name, value in net.state_dict().items():
                average[name].mul_(decay).add_(value, alpha=1 - decay)
            step += 1
    net.load_state_dict(average)
    return net.cpu().eval()


def _start(examples: Sequence[Example], recipe: Recipe) -> TaggerNet:
    """A net that has learnt nothing but the mean and the deviation of each column."""
    stacked = np.concatenate([example.columns[::4] for example in examples if example.variant == 0]).astype(np.float32)
    deviation = np.maximum(stacked.std(axis=0), 0.05)
    return TaggerNet(recipe.shape, len(PAGE_TYPES), torch.from_numpy(stacked.mean(axis=0)), torch.from_numpy(deviation))


@torch.no_grad()
def predict(net: TaggerNet, examples: Sequence[Example]) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Logits of the blocks and probabilities of the page types of each example."""
    results = []
    for example in examples:
        logits, types = net(make_batch([example]))
        results.append((logits[0].numpy(), torch.softmax(types, dim=-1)[0].numpy()))
    return results
