"""The tagger in PyTorch. ``boilerstrip/judge/tagger.py`` is its forward pass; a test holds the two together."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from boilerstrip.evidence.matrix import COLUMNS, KIND_OF_COLUMN, KINDS, OPENING_WORDS, WORD_BUCKETS
from boilerstrip.judge.tagger import CLIP, DILATIONS

KIND_DROPOUT: Final = 0.08
"""Pages of a batch from which each kind of evidence is taken away."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the net."""

    hidden: int = 64
    words: int = 12
    opening: int = 8
    scan: int = 16
    page: int = 32
    head: int = 48
    dropout: float = 0.25


@dataclass(slots=True)
class Batch:
    """Pages padded to one length: ``p`` pages of up to ``n`` blocks."""

    columns: Tensor
    """Shape (p, n, columns)."""
    words: Tensor
    """Word buckets of all blocks of all pages."""
    word_offsets: Tensor
    """Start of each block's words, padding included, shape (p * n,)."""
    word_weights: Tensor
    openings: Tensor
    """Buckets of each block's first words, shape (p, n, OPENING_WORDS)."""
    mask: Tensor
    """True where there is a block, shape (p, n)."""

    def to(self, device: torch.device) -> "Batch":
        """The same on another device."""
        return Batch(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))


class Dropout(nn.Module):
    """Dropout whose chances are bytes: drawing them takes a tenth of the time of ``nn.Dropout`` on a CPU, where that
    is every seventh second of the training."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.lowest = round(share * 256)
        self.random = np.random.default_rng(1)

    def forward(self, values: Tensor) -> Tensor:
        """The values with a share of them set to 0 and the rest as much larger; in training alone."""
        if not self.training:
            return values
        chances = np.frombuffer(self.random.bytes(values.numel()), np.uint8).reshape(values.shape)
        kept = torch.from_numpy((chances >= self.lowest).astype(np.float32)).to(values.device)
        return values * kept.mul_(256 / (256 - self.lowest))


def normalise(hidden: Tensor) -> Tensor:
    """Zero mean and unit variance over the channels of each block, without learnt scale."""
    return functional.layer_norm(hidden, hidden.shape[-1:], eps=1e-3)


class TaggerNet(nn.Module):
    """Columns and hashed words to a logit a block and page-type logits."""

    def __init__(self, shape: Shape, page_types: int, mean: Tensor, deviation: Tensor) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.word_table = nn.EmbeddingBag(WORD_BUCKETS, shape.words, mode="sum")
        nn.init.normal_(self.word_table.weight, std=0.1)
        self.opening_table = nn.Embedding(WORD_BUCKETS, shape.opening)
        nn.init.normal_(self.opening_table.weight, std=0.1)
        self.enter = nn.Linear(len(COLUMNS) + shape.words + OPENING_WORDS * shape.opening, shape.hidden)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(shape.hidden, shape.hidden, 3, dilation=dilation, padding=dilation) for dilation in DILATIONS
        )
        self.scan = nn.Linear(shape.hidden, 2 * shape.scan)
        self.page = nn.Linear(2 * shape.hidden, shape.page)
        self.head = nn.Linear(shape.hidden + 2 * shape.scan + shape.page, shape.head)
        self.score = nn.Linear(shape.head, 1)
        self.page_type = nn.Linear(shape.page, page_types)
        self.dropout = Dropout(shape.dropout)

    def forward(
        self, batch: Batch, keep_words: float = 1.0, without_words: float = KIND_DROPOUT
    ) -> tuple[Tensor, Tensor]:
        """Logits of shape (p, n), page-type logits of shape (p, types)."""
        pages, length, _ = batch.columns.shape
        mask = batch.mask.unsqueeze(-1).float()
        columns = ((batch.columns - self.mean) / self.deviation).clamp(-CLIP, CLIP)
        weights = batch.word_weights
        if self.training and keep_words < 1.0:
            weights = weights * (torch.rand_like(weights) < keep_words) / keep_words
        words = self.word_table(batch.words, batch.word_offsets, per_sample_weights=weights).view(pages, length, -1)
        openings = batch.openings
        if self.training and keep_words < 1.0:
            openings = openings * (torch.rand(openings.shape, device=openings.device) < keep_words)
        words = torch.cat([words, self.opening_table(openings).flatten(2)], dim=-1)
        if self.training:
            columns, words = drop_kinds(columns, words, without_words)
        hidden = torch.relu(self.enter(self.dropout(torch.cat([columns, words], dim=-1)))) * mask
        for convolution in self.convolutions:
            inner = convolution((normalise(hidden) * mask).transpose(1, 2)).transpose(1, 2)
            hidden = (hidden + self.dropout(torch.relu(inner))) * mask
        hidden = normalise(hidden) * mask
        forward, backward = torch.relu(self.scan(hidden)).mul(mask).split(self.shape.scan, dim=-1)
        above = forward.cummax(dim=1).values
        below = backward.flip(1).cummax(dim=1).values.flip(1)
        mean = hidden.sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)
        highest = hidden.masked_fill(mask == 0, -1e4).amax(dim=1)
        page = torch.relu(self.page(torch.cat([mean, highest], dim=-1)))
        around = page.unsqueeze(1).expand(-1, length, -1)
        head = torch.relu(self.head(torch.cat([hidden, above, below, around], dim=-1)))
        return self.score(self.dropout(head)).squeeze(-1), self.page_type(page)


def drop_kinds(columns: Tensor, words: Tensor, without_words: float = KIND_DROPOUT) -> tuple[Tensor, Tensor]:
    """Set whole kinds of evidence of some pages to their mean, so that none is trusted alone and explanations stay
    in the training range."""
    pages = columns.shape[0]
    device = columns.device
    shares = torch.tensor([without_words if kind == "words" else KIND_DROPOUT for kind in KINDS], device=device)
    dropped = torch.rand(pages, len(KINDS), device=device) < shares
    kind_numbers = torch.tensor([KINDS.index(kind) for kind in KIND_OF_COLUMN], device=device)
    columns = columns.masked_fill(dropped[:, kind_numbers].unsqueeze(1), 0.0)
    return columns, words.masked_fill(dropped[:, KINDS.index("words")].view(pages, 1, 1), 0.0)
