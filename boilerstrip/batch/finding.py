"""Inputs on the command line to files, in an order that never changes: folders are walked, globs filter."""

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import PurePath

from boilerstrip.batch.names import name_outputs
from boilerstrip.batch.records import Failure, display_path, explain_os_error
from boilerstrip.errors import OptionError


@dataclass(frozen=True, slots=True)
class Found:
    """A file among the inputs."""

    path: str
    id: str
    """Its path below the inputs' common folder, as text."""
    name: str
    """Relative path of its output, without the output's suffix."""
    size: int


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

    def __iter__(self) -> Iterator[Found | Failure]:
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
        names: dict[str, str] = {}
        for parent in dict.fromkeys(os.path.dirname(file) for file in files):
            own = [file for file in files if os.path.dirname(file) == parent]
            beside = {os.path.basename(folder) for folder in folders if os.path.dirname(folder) == parent}
            bases = name_outputs([os.path.basename(file) for file in own], self.suffix, beside)
            names |= {file: self._relative(os.path.join(parent, base)) for file, base in zip(own, bases, strict=True)}
        return names

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self.root)

    def _id(self, path: str) -> str:
        return display_path(self._relative(path))

    def _look_at(self, path: str, name: str) -> Found | Failure:
        """A file that the user named; a link is followed, wherever it leads."""
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            return Failure(
                self._id(path), "find", explain_os_error(error) if isinstance(error, OSError) else str(error)
            )
        if not stat.S_ISREG(status.st_mode):
            return Failure(self._id(path), "find", "not a regular file")
        return Found(path, self._id(path), name, status.st_size)

    def _walk(self, folder: str) -> Iterator[Found | Failure]:
        top, pending = os.path.realpath(folder), [folder]
        while pending:
            current = pending.pop()
            try:
                entries = sorted(os.scandir(current), key=lambda entry: os.fsencode(entry.name))
            except OSError as error:
                yield Failure(self._id(current), "find", explain_os_error(error))
                continue
            visible = [entry for entry in entries if not entry.name.startswith(".")]
            below = [entry for entry in visible if entry.is_dir(follow_symlinks=False)]
            yield from self._list_files(folder, top, visible, {entry.name for entry in below})
            pending += [entry.path for entry in reversed(below)]

    def _list_files(
        self, folder: str, top: str, entries: Sequence["os.DirEntry[str]"], beside: Collection[str]
    ) -> Iterator[Found | Failure]:
        files = [entry for entry in entries if entry.name not in beside and self._is_wanted(entry.path, folder)]
        names = name_outputs([entry.name for entry in files], self.suffix, beside)
        for entry, name in zip(files, names, strict=True):
            problem = _find_problem(entry, top)
            if problem:
                yield Failure(self._id(entry.path), "find", problem)
            else:
                name = os.path.join(os.path.dirname(entry.path), name)
                yield Found(entry.path, self._id(entry.path), self._relative(name), entry.stat().st_size)

    def _is_wanted(self, path: str, folder: str) -> bool:
        name, relative = os.path.basename(path), PurePath(os.path.relpath(path, folder)).as_posix()

        def matches(globs: Sequence[str]) -> bool:
            return any(fnmatchcase(name, glob) or fnmatchcase(relative, glob) for glob in globs)

        return (not self.include or matches(self.include)) and not matches(self.exclude)


def _is_below(place: str, folders: Collection[str]) -> bool:
    """Whether a place is one of the folders or stands in one."""
    return any(place == folder or place.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)


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
