"""Inputs on the command line to files, in an order that never changes, and to names of outputs, one for each."""

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from hashlib import blake2b
from pathlib import PurePath
from typing import Final

from boilerstrip.batch.inputs.streams import strip_compression
from boilerstrip.batch.items import Failure, Found, Item, explain_os_error
from boilerstrip.errors import OptionError

STATE_FOLDER: Final = ".boilerstrip"
"""Inside the output folder: what is done, unfinished files, lock."""
ERRORS_NAME: Final = "errors.jsonl"

_NO_PAGES: Final = (
    ".css", ".less", ".sass", ".scss", ".js", ".cjs", ".mjs", ".json", ".map", ".webmanifest",
)  # fmt: skip
"""Ends of names of what stands beside the pages of a site that was saved and is text, but none to read, unless it
begins as a page does: ``Node.js`` may be one about it."""
_ROBOTS: Final = "robots.txt"
_PEEKED: Final = 64
_LONGEST_NAME: Final = 255
"""Bytes of a file name in ext4, XFS, APFS and NTFS; a longer one could be read but not written."""
_ROOM_FOR_NUMBER: Final = 8


@dataclass(frozen=True)
class Finder:
    """Which files the inputs stand for, in order: those of an argument together, a folder's files before its folders'.

    Hidden files (their name begins with a dot) are skipped, as are in folders, unless ``include`` is given, the style
    sheets, scripts and settings of a site. A link to a file of the same folder tree counts as a file;
    any other link inside a folder, and whatever is neither file nor folder, is a failure, because it is not read.
    """

    paths: tuple[str, ...]
    suffix: str
    """Of the outputs, such as ``.txt``."""
    include: tuple[str, ...] = ()
    """Globs; a file must match one of them, by its name or by its path below the folder."""
    exclude: tuple[str, ...] = ()

    @cached_property
    def root(self) -> str:
        """The folder that ids and output names are relative to: the one folder given, or the inputs' common one."""
        places = [os.path.abspath(path) for path in self.paths]
        if len(places) == 1 and os.path.isdir(places[0]):
            return places[0]
        try:
            return os.path.commonpath([os.path.dirname(place) for place in places])
        except ValueError as error:
            raise OptionError("the inputs stand on different drives; clean them in one run each") from error

    def __iter__(self) -> Iterator[Found | Item]:
        places = list(dict.fromkeys(os.path.abspath(path) for path in self.paths))
        folders = {place for place in places if os.path.isdir(place)}
        files = [place for place in places if place not in folders and not _is_below(place, folders)]
        names = self._name_arguments(files, folders)
        for place in places:
            if place in names:
                yield self._look_at(place, names[place])
            elif place in folders and not _is_below(os.path.dirname(place), folders):
                yield from self._walk(place)

    def _name_arguments(self, files: Iterable[str], folders: Iterable[str]) -> dict[str, str]:
        """Output names of the files given by name: those in one folder are told apart together."""
        beside, names = _group_by_parent(folders), {}
        for parent, bases in _group_by_parent(files).items():
            outputs = name_outputs(bases, self.suffix, beside.get(parent, ()))
            for base, output in zip(bases, outputs, strict=True):
                names[os.path.join(parent, base)] = self._relative(os.path.join(parent, output))
        return names

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self.root)

    def _id(self, path: str) -> str:
        """A relative path as text that any encoding can hold: bytes that are no UTF-8 become escapes."""
        return os.fsencode(self._relative(path)).decode("utf-8", "backslashreplace").replace(os.sep, "/")

    def _fail(self, path: str, message: str) -> Item:
        return Item(self._id(path), failure=Failure("find", message))

    def _look_at(self, path: str, name: str) -> Found | Item:
        """A file that the user named; a link is followed, wherever it leads."""
        try:
            status = os.stat(path)
        except OSError as error:
            return self._fail(path, explain_os_error(error))
        except ValueError as error:  # a NUL in the name
            return self._fail(path, str(error))
        if not stat.S_ISREG(status.st_mode):
            return self._fail(path, "not a regular file")
        return Found(path, self._id(path), name, status.st_size)

    def _walk(self, folder: str) -> Iterator[Found | Item]:
        top, pending = os.path.realpath(folder), [folder]
        while pending:
            current = pending.pop()
            try:
                entries = sorted(os.scandir(current), key=lambda entry: os.fsencode(entry.name))
            except OSError as error:
                yield self._fail(current, explain_os_error(error))
                continue
            visible = [entry for entry in entries if not entry.name.startswith(".")]
            below = {entry.name: entry.path for entry in visible if entry.is_dir(follow_symlinks=False)}
            files = [entry for entry in visible if entry.name not in below and self._is_wanted(entry.path, folder)]
            names = name_outputs([entry.name for entry in files], self.suffix, below)
            for entry, name in zip(files, names, strict=True):
                yield self._find(entry, os.path.join(current, name), top)
            pending += reversed(below.values())

    def _find(self, entry: "os.DirEntry[str]", output: str, top: str) -> Found | Item:
        problem = _find_problem(entry, top)
        if problem:
            return self._fail(entry.path, problem)
        # Of its own, as what an entry is asked for it keeps, and all of a folder live until its end.
        size = os.stat(entry.path).st_size
        return Found(entry.path, self._id(entry.path), self._relative(output), size)

    def _is_wanted(self, path: str, folder: str) -> bool:
        name, relative = os.path.basename(path), PurePath(os.path.relpath(path, folder)).as_posix()

        def matches(globs: Sequence[str]) -> bool:
            return any(fnmatchcase(name, glob) or fnmatchcase(relative, glob) for glob in globs)

        is_page = matches(self.include) if self.include else _is_page(path, name.lower())
        return is_page and not matches(self.exclude)


def _is_page(path: str, name: str) -> bool:
    """Whether a file's name does not say that it is none, or its first sign says that it is one."""
    if name == _ROBOTS:
        return False
    if not name.endswith(_NO_PAGES):
        return True
    try:
        with open(path, "rb") as file:
            return file.read(_PEEKED).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    except OSError:
        return True  # a failure that the run names


def _group_by_parent(places: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for place in places:
        groups.setdefault(os.path.dirname(place), []).append(os.path.basename(place))
    return groups


def _is_below(place: str, folders: Collection[str]) -> bool:
    """Whether a place is one of the folders or stands in one."""
    while place not in folders:
        place, below = os.path.dirname(place), place
        if place == below:
            return False
    return True


def _find_problem(entry: "os.DirEntry[str]", top: str) -> str:
    """Why an entry of a folder is no input; empty where it is one."""
    try:
        target = os.path.realpath(entry.path) if entry.is_symlink() else None
        is_file = os.path.isfile(target) if target else entry.is_file(follow_symlinks=False)
    except OSError as error:
        return explain_os_error(error)
    if target and os.path.isdir(target):
        return "a link to a folder is not followed; name the folder itself"
    if target and not os.path.exists(target):
        return "a link that leads nowhere"
    if target and not _is_below(target, {top}):
        return "a link that leads out of the folder is not followed; name the file itself"
    return "" if is_file else "not a regular file"


def name_outputs(names: Sequence[str], suffix: str, reserved: Iterable[str] = ()) -> list[str]:
    """Names for the outputs of a folder's files, without the output's suffix.

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
    taken = {name.casefold() for name in reserved}
    while True:
        folded = [(name + suffix).casefold() for name in chosen]
        uses = Counter(folded)
        meeting = [
            number
            for number, name in enumerate(folded)
            if (uses[name] > 1 or name in taken) and chosen[number] != full[number]
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
    """The names, with a number where one before it or what is taken is called alike."""
    seen, all_names = set(taken), {(name + suffix).casefold() for name in names}
    numbered = []
    for name in names:
        unique, number = name, 1
        while (folded := (unique + suffix).casefold()) in seen or (number > 1 and folded in all_names):
            number += 1
            unique = f"{name}~{number}"
        seen.add(folded)
        numbered.append(unique)
    return numbered


def avoid_own_names(path: str, inputs: str) -> str:
    """An output's relative path that leaves alone what the run itself keeps in the output folder.

    :param inputs: the folder that input paths are relative to; a name that stands there is not given to another.

    >>> avoid_own_names(os.path.join("errors.jsonl", "00000001"), ".").replace(os.sep, "/"), avoid_own_names("a", ".")
    ('errors.jsonl~2/00000001', 'a')
    """
    first, separator, rest = path.partition(os.sep)
    if first.casefold() not in (STATE_FOLDER, ERRORS_NAME):
        return path
    number = 2
    while os.path.lexists(os.path.join(inputs, f"{first}~{number}")):
        number += 1
    return f"{first}~{number}{separator}{rest}"


def is_glob(path: str) -> bool:
    """Whether a path is a pattern and no file of that name."""
    return any(character in path for character in "*?[") and not os.path.lexists(path)
