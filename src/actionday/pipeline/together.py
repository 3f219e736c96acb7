"""Files given together that are called as the parts of one disk: one exhibit, that of the first of them.

By name alone: nobody looks into evidence here. A file that the first turns out not to need is opened by itself, within
that exhibit. Source: the namings of ``sources/images``: EWF segments, parts of a raw disk, extents of a VMDK.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from actionday.model.counted import counted
from actionday.pipeline.custody import SourceFile, called
from actionday.pipeline.numbered import numbered_sets
from actionday.sources.images._ewf_segments import FIRST, LETTERED, most_of, name_of, numbered
from actionday.sources.images._parts import later
from actionday.sources.images._vmdk_named import CALLED
from actionday.storage.case import Case

NUMBERED = re.compile(r"(.+)\.(\d{3,5})", re.DOTALL)
SEGMENT = re.compile(r"(.+)\.([A-Za-z])([0-9]{2}|[A-Za-z]{2})", re.DOTALL)
LETTERS = 26


class Group(NamedTuple):
    """The first file, which names the exhibit, and all of them: the first, the others as they were given."""

    first: SourceFile
    files: list[SourceFile]

    def said(self) -> str:
        """Return the line that says so, "" of a file alone."""
        others = [Path(each.path).name for each in self.files if each is not self.first]
        if not others:
            return ""
        name = Path(self.first.path).name
        if len(others) == 1:
            return f"{others[0]} is called as a part of {name}: one exhibit with it"
        files = f"{counted(len(others), 'file')}, {others[0]} to {others[-1]}"
        return f"{files}, are called as parts of {name}: one exhibit with it"


def first_of(name: str, there: Callable[[str], bool]) -> list[str]:
    """Return how the first of a set may be called that a file called ``name`` is a later part of; none of a first.

    ``there`` tells which names there are: ``.txt`` and ``.log`` may be such names too (``numbered``).
    """
    if (part := NUMBERED.fullmatch(name)) and int(part[2]) > 1:
        return [f"{part[1]}.{1:0{len(part[2])}d}"]
    if extent := CALLED.search(name):
        return [f"{name[: extent.start()]}{name[-len('.vmdk') :]}"] if extent.end() == len(name) else []
    if (segment := SEGMENT.fullmatch(name)) is None or FIRST.search(name):
        return []
    letter, rest = segment[2], segment[3]
    if rest.isdigit():
        return [f"{segment[1]}.{letter}01"] if int(rest) > 1 else []
    firsts = (f"{segment[1]}.{each}01" for each in "EeSs")
    tried = ((first, _number(first, letter, rest)) for first in firsts)
    return [
        first
        for first, number in tried
        if number >= LETTERED
        and name_of(first, number).lower() == name.lower()
        and numbered(number, _segments(first, there))
    ]


def _segments(first: str, there: Callable[[str], bool]) -> Callable[[int], bool]:
    """Return whether a segment of the set of ``first`` is there, by its number."""
    return lambda number: 1 < number <= most_of(first) and there(name_of(first, number))


def _number(first: str, letter: str, rest: str) -> int:
    steps = ord(letter.upper()) - ord(first[-3].upper())
    high, low = (ord(each.upper()) - ord("A") for each in rest)
    return LETTERED + (steps * LETTERS + high) * LETTERS + low


def together(
    files: Sequence[SourceFile], known: Mapping[str, frozenset[str]], links: Mapping[str, Path] | None = None
) -> list[Group]:
    """Return the files as exhibits, in the order of the first of each; goes through them twice.

    ``known``: of exhibits that the case has, by name, the names of all files of each: none comes to those or goes.
    ``links``: how files were called that were given by a link, by their paths: a set may be one of links.
    """
    given = _Given([each for each in files if not each.folder], links or {})
    each_of = {each.path: each for each in given.files}

    def may(each: SourceFile, first: SourceFile) -> bool:
        name, its = Path(each.path).name, known.get(Path(first.path).name)
        return name not in known and (its is None or name in its)

    owners = dict[str, SourceFile]()
    for each in given.files:
        first = given.first(each)
        if first is not None and first is not each and may(each, first):
            owners[each.path] = first
    weak = numbered_sets(given.named(), given.beside)
    owners |= {path: first for path, first in weak.items() if may(each_of[path], first)}
    firsts = [
        Group(each, [each]) for each in files if each.path not in owners or owners[each.path].path in owners
    ]
    by_path = {group.first.path: group for group in firsts}
    for each in files:
        if (first := owners.get(each.path)) is not None and first.path not in owners:
            by_path[first.path].files.append(each)
    return firsts


class _Given:
    """The files that were given, by folder and name; where none is so called, by the name in small letters."""

    def __init__(self, files: Sequence[SourceFile], links: Mapping[str, Path]) -> None:
        self.files = list({each.path: each for each in files}.values())
        self._places = {
            each.path: str(links.get(each.path, each.path)).rpartition("/") for each in self.files
        }
        self._exact = {self._key(each): each for each in self.files}
        self._alike = defaultdict[tuple[str, str], list[str]](list)
        for folder, name in self._exact:
            self._alike[folder, name.lower()].append(name)

    def _key(self, file: SourceFile) -> tuple[str, str]:
        folder, _, name = self._places[file.path]
        return folder, name

    def named(self) -> Iterator[tuple[SourceFile, str]]:
        """Yield the files with the names they were given by."""
        return ((each, self._key(each)[1]) for each in self.files)

    def first(self, file: SourceFile) -> SourceFile | None:
        """Return the first of the set that a file is a later part of by its name."""
        folder, own = self._key(file)
        for name in first_of(own, lambda name: (folder, name.lower()) in self._alike):
            if found := self._exact.get((folder, name)) or self._other_case(folder, name):
                return found
        return None

    def beside(self, file: SourceFile, name: str) -> SourceFile | None:
        """Return the file so called in the folder of another one."""
        return self._exact.get((self._key(file)[0], name))

    def _other_case(self, folder: str, name: str) -> SourceFile | None:
        """Return the one first that differs in case alone, of the same stem rather than of another."""
        found = self._alike.get((folder, name.lower()), [])
        alike = [each for each in found if each[: len(name) - 3] == name[:-3]] or found
        return self._exact[folder, alike[0]] if len(alike) == 1 else None


def given_alone(first: SourceFile, named: Sequence[SourceFile]) -> list[SourceFile]:
    """Return those of the named files of an exhibit that count as named where its first alone is given again."""
    name = called(first).lower()
    names = frozenset(called(each).lower() for each in named)
    there = lambda each: each.lower() in names  # noqa: E731
    return [each for each in named if name not in map(str.lower, _firsts(called(each), there))]


def _firsts(name: str, there: Callable[[str], bool]) -> list[str]:
    return [*first_of(name, there), *(naming.name(1) for naming, _ in later(name))]


def files_of(case: Case, names: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the names of the files of those exhibits that the case has; their rows are judged later."""
    found = {}
    for name in names:
        row = case.database.execute("SELECT sources FROM exhibits WHERE id = ?", (name,)).fetchone()
        if row is not None:
            with suppress(msgspec.MsgspecError):
                files = msgspec.json.decode(row[0], type=list[SourceFile])
                found[name] = frozenset(Path(each.path).name for each in files)
    return found
