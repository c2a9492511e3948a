"""Names of outputs: one for each input, whatever the file system folds."""

import os
from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import blake2b
from typing import Final

from boilerstrip.batch.inputs.streams import strip_compression

STATE_FOLDER: Final = ".boilerstrip"
"""Inside the output folder: what is done, unfinished files, lock."""
ERRORS_NAME: Final = "errors.jsonl"
_OWN_NAMES: Final = frozenset({STATE_FOLDER, ERRORS_NAME})

_LONGEST_NAME: Final = 255
"""Bytes of a file name in ext4, XFS, APFS and NTFS; a longer one could be read but not written."""
_ROOM_FOR_NUMBER: Final = 8


def name_outputs(names: Sequence[str], suffix: str, reserved: Collection[str] = ()) -> list[str]:
    """Return names for the outputs of a folder's files, without the output's suffix.

    The suffix of the input goes, unless two inputs would meet: then both keep it. Where they still meet, because the
    names differ only in case or are the same, a number tells them apart.

    :param suffix: what will be appended, such as ``.txt``.
    :param reserved: full names that are taken, such as those of folders beside them.

    >>> name_outputs(["a.htm", "a.html", "b.html.gz", "c"], ".txt")
    ['a.htm', 'a.html', 'b', 'c']
    >>> name_outputs(["A.html", "a.html"], ".txt"), name_outputs(["a.html"], ".txt", {"a.txt"})
    (['A.html', 'a.html~2'], ['a.html'])
    """
    full = [_shorten(name, suffix) for name in names]
    chosen = [_shorten(_stem(name), suffix) for name in names]
    taken = {_fold(name) for name in reserved}
    while True:
        uses = Counter(_fold(name + suffix) for name in chosen)
        meeting = [
            number
            for number, name in enumerate(chosen)
            if (uses[_fold(name + suffix)] > 1 or _fold(name + suffix) in taken) and name != full[number]
        ]
        if not meeting:
            return _number_rest(chosen, suffix, taken)
        for number in meeting:
            chosen[number] = full[number]


def _stem(name: str) -> str:
    return os.path.splitext(strip_compression(name))[0] or name


def _shorten(name: str, suffix: str) -> str:
    """A name that leaves room for the suffix and a number; what is cut off is told apart by its hash."""
    encoded = os.fsencode(name)
    room = _LONGEST_NAME - len(suffix.encode()) - _ROOM_FOR_NUMBER
    if len(encoded) <= room:
        return name
    mark = "~" + blake2b(encoded, digest_size=4).hexdigest()
    return os.fsdecode(encoded[: room - len(mark)]) + mark


def _number_rest(names: Sequence[str], suffix: str, taken: set[str]) -> list[str]:
    used, numbered = set(taken) | {_fold(name + suffix) for name in names}, []
    seen = set(taken)
    for name in names:
        unique, number = name, 1
        while _fold(unique + suffix) in seen or (number > 1 and _fold(unique + suffix) in used):
            number += 1
            unique = f"{name}~{number}"
        seen.add(_fold(unique + suffix))
        numbered.append(unique)
    return numbered


def _fold(name: str) -> str:
    return name.casefold()


def avoid_own_names(path: str, inputs: str) -> str:
    """Return an output's relative path that leaves alone what the run itself keeps in the output folder.

    :param inputs: the folder that input paths are relative to; a name that stands there is not given to another.

    >>> avoid_own_names(os.path.join("errors.jsonl", "00000001"), ".").replace(os.sep, "/"), avoid_own_names("a", ".")
    ('errors.jsonl~2/00000001', 'a')
    """
    first, separator, rest = path.partition(os.sep)
    if first.casefold() not in _OWN_NAMES:
        return path
    number = 2
    while os.path.lexists(os.path.join(inputs, f"{first}~{number}")):
        number += 1
    return f"{first}~{number}{separator}{rest}"


def is_glob(path: str) -> bool:
    """Tell whether a path is a pattern and no file of that name."""
    return any(character in path for character in "*?[") and not os.path.lexists(path)
