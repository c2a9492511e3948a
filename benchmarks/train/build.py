"""All training examples of all corpora, built once and kept."""

import hashlib
import pickle
from multiprocessing import Pool
from pathlib import Path
from typing import Final

from benchmarks.corpora import corpora_folder, load_corpus
from benchmarks.domains import fold_of
from benchmarks.notices import load_notices
from benchmarks.parts import load_parts
from benchmarks.train.dataset import (
    CORPORA,
    FOLDS,
    LOWEST_CEILING,
    PROCESSES,
    Example,
    Source,
    build_examples,
    cache_folder,
    read_source,
)
from benchmarks.train.mixed_examples import Corpus, build_chunk, list_chunks
from boilerstrip.evidence.matrix import COLUMNS

HTML_VARIANTS: Final = 7
TEXT_VARIANTS: Final = 6
Task = int | tuple[int, Corpus, int]
"""A page's number, or a chunk of mixed documents."""


def load_examples(*, processes: int = PROCESSES) -> list[Example]:
    """All examples, cached by the code that made them; a page whose labels are not on it is left out."""
    cache = cache_folder() / f"examples-{code_hash()}.pickle"
    if cache.exists():
        with cache.open("rb") as file:
            return pickle.load(file)  # type: ignore[no-any-return]
    examples = [example for example in _build_all(processes) if example.ceiling >= LOWEST_CEILING]
    cache.parent.mkdir(parents=True, exist_ok=True)
    unfinished = cache.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        pickle.dump(examples, file, protocol=5)
    unfinished.replace(cache)  # whole or not there, as a training may be stopped at any time
    return examples


def _build_all(processes: int) -> list[Example]:
    load_notices()
    pages = [page for corpus in CORPORA for page in load_corpus(corpus)]
    with Pool(processes) as pool:
        # The parts are loaded before the processes part again, so that each has them.
        reading = pool.imap(read_source, pages, chunksize=8)
        sources = [source for source in reading if source]
    for fold in range(FOLDS):
        load_parts(frozenset({fold}), corpora_folder())
    build = _Build(sources)
    tasks: list[Task] = [*list_chunks(FOLDS), *range(len(sources))]
    # Forked after the sources are read, so that every process has them without a copy.
    with Pool(processes, initializer=_remember, initargs=(build,)) as pool:
        return [example for made in pool.imap(_build, tasks, chunksize=2) for example in made]


class _Build:
    """All sources, and those of each fold that others may borrow from."""

    def __init__(self, sources: list[Source]) -> None:
        self.sources = sources
        self.folds: list[list[Source]] = [[] for _ in range(FOLDS)]
        for source in sources:
            if source.ceiling >= LOWEST_CEILING:
                self.folds[fold_of(source.labelled.group)].append(source)

    def __call__(self, task: Task) -> list[Example]:
        if isinstance(task, tuple):
            return build_chunk(*task, self.folds[task[0]])
        source = self.sources[task]
        return build_examples(source, self.folds[fold_of(source.labelled.group)], HTML_VARIANTS, TEXT_VARIANTS)


_current: list[_Build] = []
"""What a worker process builds; set once when it starts."""


def _remember(build: _Build) -> None:
    _current[:] = [build]


def _build(task: Task) -> list[Example]:
    return _current[0](task)


def code_hash() -> str:
    """Hash of everything that decides what the examples hold."""
    root = Path(__file__).parents[2]
    files = [*root.glob("boilerstrip/evidence/*"), *root.glob("boilerstrip/segment/*.py"), root / "boilerstrip/tags.py"]
    names = ("dataset", "labels", "augment", "graft", "scraped", "splice", "mixed_examples", "build")
    files += [root / "benchmarks/train" / f"{name}.py" for name in names]
    made = ("mixed.py", "mixed_own.py", "mixed_forms.py", "mixed_html.py", "phrases.py")
    files += [root / "benchmarks" / name for name in made]
    digest = hashlib.sha256(repr(COLUMNS).encode())
    for file in sorted(file for file in files if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
