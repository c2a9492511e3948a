"""The trained sequence tagger: evidence in, a probability a block out. One forward pass over the shipped weights.

A dense layer, residual dilated convolutions over the sequence of blocks (Bai, Kolter, Koltun 2018), running maxima
from above and below, a page vector,
and a two-layer head. ``n`` blocks, ``h`` hidden channels. Trained by ``benchmarks/train``; the weights' model card is
``weights/README.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from pkgutil import get_data
from typing import IO, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from boilerstrip._core import load_part
from boilerstrip.errors import WeightsError
from boilerstrip.evidence.matrix import COLUMNS, KIND_OF_COLUMN, KINDS, Evidence

Array = NDArray[np.float32]

CLIP: Final = 4.0
"""Standard deviations beyond which a column says no more."""
DILATIONS: Final = (1, 2, 4, 8, 16)
"""Blocks between the taps of each convolution: a block sees 31 neighbours on either side."""
SURE: Final = 30.0
"""Logits are cut off here, where a probability is 1 to thirteen digits."""
_EPSILON: Final = 1e-3
_NUMBER_OF_COLUMN: Final = {name: number for number, name in enumerate(COLUMNS)}
_ONE_THREAD: Final = 1 << 18
"""Multiplications of a product up to which OpenBLAS starts no second thread (``interface/gemm.c``: 65,536 times 4).
Threads wait for each other far longer than such products take, above all on a busy machine."""


View = tuple[frozenset[str], Sequence[str]]
"""Kinds of evidence that are known, and columns that are done without all the same."""


class Scores(NamedTuple):
    """What the tagger says of a page."""

    blocks: NDArray[np.float64]
    """Probability of each block to be story, shape (n,)."""
    page_types: NDArray[np.float64]
    """Probability of each page type, in the order of ``Tagger.page_types``."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tagger:
    """Weights of one tagger and their forward pass. Immutable; safe to share between threads."""

    weights: Mapping[str, Array]
    page_types: tuple[str, ...]
    calibration: tuple[Array, Array]
    """Expected word F1 as the probabilities give it, and as held-out pages had it; interpolated between."""

    bias: float
    """Score of the average block: what is left of a score when every kind of evidence is taken away."""
    compiled: Any = field(init=False)
    """The same pass in the compiled core, or ``None``."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", _compile(self.weights))

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return (load_tagger, ())

    def score(
        self, evidence: Evidence, kinds: frozenset[str] = frozenset(KINDS), *, without: Sequence[str] = ()
    ) -> Scores:
        """Score every block; kinds of evidence that are left out, and columns that are to be done without, are set to
        their mean over the training pages."""
        if not len(evidence):
            return Scores(np.zeros(0), np.full(len(self.page_types), 1.0 / len(self.page_types)))
        run = self._run_compiled if self.compiled else self._run
        logits, types = run(evidence, kinds, without)
        return Scores(to_probabilities(logits), _softmax(types))

    def _run(
        self, evidence: Evidence, kinds: frozenset[str], without: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The logit of each block and of each page type."""
        return self._go_on(self._enter(evidence, kinds, without))

    def _go_on(self, entered: Array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The same behind the dense layer."""
        hidden = self._convolve(entered)
        page = _relu(_dense(np.concatenate([hidden.mean(axis=0), hidden.max(axis=0)]), self.weights, "page"))
        above, below = self._scan(hidden)
        around = np.broadcast_to(page, (len(hidden), len(page)))
        head = _relu(_dense(np.concatenate([hidden, above, below, around], axis=1), self.weights, "head"))
        logits = np.einsum("nh,h->n", head, self.weights["score.weight"][0]) + self.weights["score.bias"]
        return logits.astype(np.float64), _dense(page, self.weights, "page_type").astype(np.float64)

    def _run_compiled(
        self, evidence: Evidence, kinds: frozenset[str], without: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        kept = _keep_columns(kinds, tuple(without))
        logits, types = np.empty(len(evidence)), np.empty(len(self.page_types))
        openings = np.ascontiguousarray(evidence.opening_buckets, dtype=np.int32)
        words, starts = np.ascontiguousarray(evidence.word_buckets, dtype=np.int32), evidence.word_starts
        columns = np.ascontiguousarray(evidence.columns, dtype=np.float32)
        self.compiled.run(columns, words, starts, openings, kept, "words" in kinds, logits, types)
        return logits, types

    def score_views(self, evidence: Evidence, views: Sequence[View]) -> NDArray[np.float64]:
        """What :meth:`score` says of every block in several views of a page, shape (len(views), n).

        The dense layer is linear up to its last step: what each kind adds to it, and each set of columns that is done
        without, is found once for all views.
        """
        if not len(evidence):
            return np.zeros((len(views), 0))
        entering = _Entering(self.weights, evidence)
        parts = (entering.list_parts(kinds, tuple(without)) for kinds, without in views)
        return np.array([to_probabilities(self._go_on_from(entered)) for entered in parts]).reshape(len(views), -1)

    def _go_on_from(self, parts: list[Array]) -> NDArray[np.float64]:
        if not self.compiled:
            return self._go_on(_relu(np.sum(parts, axis=0)))[0]
        logits = np.empty(len(parts[0]))
        self.compiled.go_on(parts, logits, np.empty(len(self.page_types)))
        return logits

    def estimate_f1(
        self, probabilities: NDArray[np.float64], words: NDArray[np.float64], kept: NDArray[np.bool_]
    ) -> float:
        """Calibrated estimate, 0 to 1, of the word F1 of a choice of blocks."""
        return float(np.interp(expect_f1(probabilities, words, kept), *self.calibration))

    def _enter(self, evidence: Evidence, kinds: frozenset[str], without: Sequence[str]) -> Array:
        weights = self.weights
        columns = _standardise(evidence, weights)
        if len(kinds) < len(KINDS):
            columns = np.where([kind in kinds for kind in KIND_OF_COLUMN], columns, np.float32(0.0))
        if without:
            columns[:, [_NUMBER_OF_COLUMN[name] for name in without]] = 0.0
        words = _embed(evidence, weights)
        if "words" not in kinds:
            words = words * np.float32(0.0)
        return _relu(_dense(np.concatenate([columns, words], axis=1), weights, "enter"))

    def _convolve(self, hidden: Array) -> Array:
        for number, dilation in enumerate(DILATIONS):
            taps, bias = self.weights[f"convolutions.{number}.weight"], self.weights[f"convolutions.{number}.bias"]
            hidden = hidden + _relu(_convolve(_normalise(hidden), taps, dilation) + bias)
        return _normalise(hidden)

    def _scan(self, hidden: Array) -> tuple[Array, Array]:
        """Strongest signal so far, from above and from below."""
        forward, backward = np.split(_relu(_dense(hidden, self.weights, "scan")), 2, axis=1)
        return np.maximum.accumulate(forward, axis=0), np.maximum.accumulate(backward[::-1], axis=0)[::-1]


class _Entering:
    """What the parts of a page's evidence add to the dense layer, before its last step."""

    def __init__(self, weights: Mapping[str, Array], evidence: Evidence) -> None:
        self._columns, self._weight = _standardise(evidence, weights), weights["enter.weight"].T
        self._bias = np.tile(weights["enter.bias"], (len(evidence), 1))
        numbers = np.array([KINDS.index(kind) for kind in KIND_OF_COLUMN])
        self._of_kind = {kind: self._add(np.flatnonzero(numbers == place)) for place, kind in enumerate(KINDS)}
        self._of_kind["words"] += _multiply(_embed(evidence, weights), self._weight[len(KIND_OF_COLUMN) :])

    def _add(self, columns: NDArray[np.int64]) -> Array:
        return _multiply(np.ascontiguousarray(self._columns[:, columns]), self._weight[columns])

    def list_parts(self, kinds: frozenset[str], without: tuple[str, ...]) -> list[Array]:
        """What adds up, of shape (n, h) each; columns that are done without are of known kinds."""
        parts = [self._bias, *(self._of_kind[kind] for kind in KINDS if kind in kinds)]
        return [*parts, -self._add(np.array([_NUMBER_OF_COLUMN[name] for name in without]))] if without else parts


def expect_f1(probabilities: NDArray[np.float64], words: NDArray[np.float64], kept: NDArray[np.bool_]) -> float:
    """Word F1 that a choice of blocks would have if the probabilities were exact.

    >>> round(expect_f1(np.array([1.0, 0.5]), np.array([30.0, 10.0]), np.array([True, False])), 3)
    0.923
    """
    right = float((probabilities * words)[kept].sum())
    total = float(words[kept].sum() + (probabilities * words).sum())
    return 2.0 * right / total if total > 0 else 0.0


def _compile(weights: Mapping[str, Array]) -> Any:
    """The pass in the compiled core, or ``None`` where there is none."""
    module = load_part("tagger").module
    return module.Forward(weights, DILATIONS, CLIP, _EPSILON) if module else None


def _standardise(evidence: Evidence, weights: Mapping[str, Array]) -> Array:
    """Standard deviations from the mean, shape (n, columns)."""
    standard: Array = np.clip((evidence.columns - weights["mean"]) / weights["deviation"], -CLIP, CLIP)
    return standard


def _embed(evidence: Evidence, weights: Mapping[str, Array]) -> Array:
    """The words of each block, and its first ones in their places."""
    openings = weights["opening_table"][evidence.opening_buckets].reshape(len(evidence), -1)
    return np.concatenate([_mean_words(evidence, weights["word_table"]), openings], axis=1)


def _relu(values: Array) -> Array:
    return np.maximum(values, np.float32(0.0))


def _dense(values: Array, weights: Mapping[str, Array], name: str) -> Array:
    return _multiply(values, weights[f"{name}.weight"].T) + weights[f"{name}.bias"]


def _multiply(values: Array, matrix: Array) -> Array:
    """The product of one row or of many with a matrix, in slices so small that none is split over threads."""
    if values.ndim == 1:
        return np.asarray(np.einsum("i,io->o", values, matrix))
    product, rows = (
        np.empty((len(values), matrix.shape[1]), dtype=np.float32),
        max(_ONE_THREAD // max(matrix.size, 1), 1),
    )
    for first in range(0, len(values), rows):
        np.matmul(values[first : first + rows], matrix, out=product[first : first + rows])
    return product


@lru_cache(maxsize=256)
def _keep_columns(kinds: frozenset[str], without: tuple[str, ...]) -> Array:
    """1 for each column that counts and 0 for the others, shape (len(COLUMNS),)."""
    counts = [kind in kinds and name not in without for name, kind in zip(COLUMNS, KIND_OF_COLUMN, strict=True)]
    kept = np.array(counts, dtype=np.float32)
    kept.setflags(write=False)
    return kept


def to_probabilities(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of logits.

    >>> to_probabilities(np.array([0.0, 1000.0])).round(6).tolist()
    [0.5, 1.0]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-logits.clip(-SURE, SURE))))


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    exponents = np.exp(logits - logits.max())
    return np.asarray(exponents / exponents.sum())


def _normalise(hidden: Array) -> Array:
    """Zero mean and unit variance over the channels of each block."""
    width = np.float32(hidden.shape[1])
    centred = hidden - np.add.reduce(hidden, axis=1, keepdims=True) / width
    variance = np.einsum("nh,nh->n", centred, centred)[:, None] / width
    centred /= np.sqrt(variance + np.float32(_EPSILON))
    return np.asarray(centred)


def _convolve(hidden: Array, taps: Array, dilation: int) -> Array:
    """Same-length convolution with kernel 3; ``taps`` has shape (3, h, h), one matrix a tap."""
    above, result, below = (_multiply(hidden, tap) for tap in taps)
    if len(hidden) > dilation:
        result[dilation:] += above[:-dilation]
        result[:-dilation] += below[dilation:]
    return np.asarray(result)


def _mean_words(evidence: Evidence, table: Array) -> Array:
    """Mean embedding of each block's hashed words, shape (n, width); zero for a block without words."""
    count, width = len(evidence), table.shape[1]
    if not len(evidence.word_buckets):
        return np.zeros((count, width), dtype=np.float32)
    starts = evidence.word_starts
    sizes = np.diff(starts)
    filled = np.flatnonzero(sizes)
    sums = np.zeros((count, width), dtype=np.float32)
    sums[filled] = np.add.reduceat(table[evidence.word_buckets], starts[:-1][filled], axis=0)
    return sums / np.maximum(sizes, 1).astype(np.float32)[:, None]


def read_arrays(file: IO[bytes]) -> dict[str, NDArray[Any]]:
    """The arrays of a file of weights by their names, which stand first; each in NumPy's own format, one behind the
    other: an archive takes longer to open than a page to clean."""
    names = np.load(file, allow_pickle=False).tolist()
    return {name: np.load(file, allow_pickle=False) for name in names}


@cache
def load_tagger() -> Tagger:
    """The shipped tagger.

    :raises WeightsError: when the weights were made for other columns than this version's.
    """
    stored = read_arrays(BytesIO(get_data("boilerstrip", "weights/tagger.npy") or b""))
    columns = tuple(str(column) for column in stored.pop("columns"))
    if columns != COLUMNS:
        raise WeightsError(
            "weights/tagger.npy was trained on other evidence columns; run `make train` to make new weights"
        )
    page_types = tuple(str(page_type) for page_type in stored.pop("page_types"))
    calibration = (stored["calibration_expected"], stored["calibration_measured"])
    weights = {key: value.astype(np.float32) for key, value in stored.items() if value.dtype == np.float16}
    return Tagger(weights, page_types, calibration, float(stored["bias"]))
