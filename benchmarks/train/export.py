"""The trained net as one file of plain arrays, with what is needed to know where it came from."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.train.build import code_hash
from benchmarks.train.calibrate import Curve
from benchmarks.train.dataset import PAGE_TYPES
from benchmarks.train.model import TaggerNet
from boilerstrip import __version__
from boilerstrip.evidence.matrix import COLUMNS
from boilerstrip.judge.page_types import TypeModel
from boilerstrip.judge.tagger import read_arrays
from boilerstrip.judge.trees import Trees

WEIGHTS_FOLDER = Path(__file__).parents[2] / "boilerstrip" / "weights"
WEIGHTS = WEIGHTS_FOLDER / "tagger.npy"
TREES = WEIGHTS_FOLDER / "trees.npy"
PAGE_TYPE_MODEL = WEIGHTS_FOLDER / "page_types.npy"


def export_weights(
    net: TaggerNet,
    path: Path,
    *,
    bias: float,
    corpora: Mapping[str, str],
) -> None:
    """Write the weights in half precision; ``corpora`` maps each corpus to the hash of its files."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, value in net.state_dict().items():
        array = value.numpy().astype(np.float32)
        if name.startswith("convolutions") and name.endswith("weight"):
            array = array.transpose(2, 1, 0)
        arrays[name.replace("_table.weight", "_table")] = array.astype(np.float16)
    arrays |= {
        "columns": np.array(COLUMNS),
        "page_types": np.array(PAGE_TYPES),
        "calibration_expected": np.array([0.0, 1.0], dtype=np.float32),
        "calibration_measured": np.array([0.0, 1.0], dtype=np.float32),
        "bias": np.array(bias, dtype=np.float32),
        "version": np.array(__version__),
        "code": np.array(code_hash()),
        "corpora": np.array([f"{name} {digest}" for name, digest in sorted(corpora.items())]),
    }
    write_arrays(path, arrays)


def export_trees(trees: Trees, names: Sequence[str], path: Path) -> None:
    """Write the trees; ``names`` are the columns that their nodes ask for.

    :raises ValueError: for more nodes than the file has numbers for.
    """
    if len(trees.values) > np.iinfo(np.int16).max:
        raise ValueError(f"{len(trees.values)} nodes are too many for numbers of 16 bits; make fewer or smaller trees")
    arrays: dict[str, NDArray[np.generic]] = {"names": np.array(names, dtype=np.bytes_), "depth": np.array(trees.depth)}
    arrays |= {name: getattr(trees, name).astype(np.int16) for name in ("roots", "features", "left", "right")}
    arrays |= {"borders": trees.borders, "values": trees.values}
    write_arrays(path, arrays)


def export_page_types(model: TypeModel, path: Path) -> None:
    """Write the model that corrects the page types."""
    arrays: dict[str, NDArray[np.generic]] = {"columns": np.array(COLUMNS)}
    arrays |= {name: getattr(model, name).astype(np.float32) for name in ("mean", "deviation", "weights", "bias")}
    write_arrays(path, arrays)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write arrays as the package reads them: their names, and each of them, in NumPy's format one behind the other."""
    with path.open("wb") as file:
        np.save(file, np.array(list(arrays)))
        for array in arrays.values():
            np.save(file, array)


def hash_folder(folder: Path) -> str:
    """Hash of the names and contents of all files below a folder."""
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        digest.update(str(file.relative_to(folder)).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def set_calibration(path: Path, scale: float, curve: Curve) -> None:
    """Replace the calibration of weights that were exported before: the scale of the logits, and the curve of the
    confidence."""
    with path.open("rb") as file:
        arrays = read_arrays(file)
    factor = scale / arrays.get("scale", np.float32(1.0))
    for name in ("score.weight", "score.bias"):
        arrays[name] = (arrays[name].astype(np.float32) * factor).astype(np.float16)
    arrays["scale"] = np.float32(scale)
    arrays["calibration_expected"], arrays["calibration_measured"] = (values.astype(np.float32) for values in curve)
    write_arrays(path, arrays)
