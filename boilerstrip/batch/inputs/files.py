"""Inputs on the command line to files, in an order that never changes: folders are walked, globs filter."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import PurePath

from boilerstrip.batch.inputs.names import name_outputs
from boilerstrip.batch.inputs.reader import Found
from boilerstrip.batch.items import Failure, Item, display_path, explain_os_error
from boilerstrip.errors import OptionError


@dataclass(frozen=True)
class Finder:
    """Which files the inputs stand for, in order: those of an argument together, a folder's files before its folders'.

    Hidden files (their name begins with a dot) are skipped. A link to a file of the same folder tree counts as a file;
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

    def _name_arguments(self, files: Sequence[str], folders: Collection[str]) -> dict[str, str]:
        """Output names of the files given by name: those in one folder are told apart together."""
        own, beside, names = _group_by_parent(files), _group_by_parent(folders), {}
        for parent, bases in own.items():
            outputs = name_outputs(bases, self.suffix, beside.get(parent, ()))
            for base, output in zip(bases, outputs, strict=True):
                names[os.path.join(parent, base)] = self._relative(os.path.join(parent, output))
        return names

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self.root)

    def _id(self, path: str) -> str:
        return display_path(self._relative(path))

    def _fail(self, path: str, message: str) -> Item:
        return Item(self._id(path), failure=Failure("find", message))

    def _look_at(self, path: str, name: str) -> Found | Item:
        """A file that the user named; a link is followed, wherever it leads."""
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            return self._fail(path, explain_os_error(error) if isinstance(error, OSError) else str(error))
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
            below = [entry for entry in visible if entry.is_dir(follow_symlinks=False)]
            yield from self._list_files(folder, top, visible, {entry.name for entry in below})
            pending += [entry.path for entry in reversed(below)]

    def _list_files(
        self, folder: str, top: str, entries: Sequence["os.DirEntry[str]"], beside: Collection[str]
    ) -> Iterator[Found | Item]:
        files = [entry for entry in entries if entry.name not in beside and self._is_wanted(entry.path, folder)]
        names = name_outputs([entry.name for entry in files], self.suffix, beside)
        for entry, name in zip(files, names, strict=True):
            problem = _find_problem(entry, top)
            if problem:
                yield self._fail(entry.path, problem)
            else:
                name = os.path.join(os.path.dirname(entry.path), name)
                # Of its own, as what an entry is asked for it keeps, and all of a folder live until its end.
                size = os.stat(entry.path).st_size
                yield Found(entry.path, self._id(entry.path), self._relative(name), size)

    def _is_wanted(self, path: str, folder: str) -> bool:
        name, relative = os.path.basename(path), PurePath(os.path.relpath(path, folder)).as_posix()

        def matches(globs: Sequence[str]) -> bool:
            return any(fnmatchcase(name, glob) or fnmatchcase(relative, glob) for glob in globs)

        return (not self.include or matches(self.include)) and not matches(self.exclude)


def _group_by_parent(places: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for place in places:
        groups.setdefault(os.path.dirname(place), []).append(os.path.basename(place))
    return groups


def _is_below(place: str, folders: Collection[str]) -> bool:
    """Tell whether a place is one of the folders or stands in one."""
    while place not in folders:
        place, below = os.path.dirname(place), place
        if place == below:
            return False
    return True


def _find_problem(entry: "os.DirEntry[str]", top: str) -> str:
    """Why an entry of a folder is no input; empty where it is one."""
    try:
        if entry.is_symlink():
            return _find_link_problem(entry.path, top)
        return "" if entry.is_file(follow_symlinks=False) else "not a regular file"
    except OSError as error:
        return explain_os_error(error)


def _find_link_problem(path: str, top: str) -> str:
    target = os.path.realpath(path)
    if os.path.isdir(target):
        return "a link to a folder is not followed; name the folder itself"
    if not os.path.exists(target):
        return "a link that leads nowhere"
    if not _is_below(target, {top}):
        return "a link that leads out of the folder is not followed; name the file itself"
    return "" if os.path.isfile(target) else "not a regular file"
