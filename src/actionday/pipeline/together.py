"""Files given together that are called as the parts of one disk: one exhibit, that of the first of them.

By name alone: nobody looks into evidence here. A file that the first turns out not to need is opened by itself, within
that exhibit. Source: the namings of ``sources/images``: EWF segments, parts of a raw disk, extents of a VMDK.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from actionday.model.counted import counted
from actionday.pipeline.custody import SourceFile
from actionday.sources.images._ewf_segments import FIRST, LETTERED, most_of, name_of, numbered
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
            return f"{others[0]} belongs to {name}: one exhibit with it"
        return f"{counted(len(others), 'file')}, {others[0]} to {others[-1]}, belong to {name}: one exhibit with it"


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
        if number >= LETTERED and name_of(first, number) == name and numbered(number, _segments(first, there))
    ]


def _segments(first: str, there: Callable[[str], bool]) -> Callable[[int], bool]:
    """Return whether a segment of the set of ``first`` is there, by its number."""
    return lambda number: 1 < number <= most_of(first) and there(name_of(first, number))


def _number(first: str, letter: str, rest: str) -> int:
    steps = ord(letter.upper()) - ord(first[-3].upper())
    high, low = (ord(each.upper()) - ord("A") for each in rest)
    return LETTERED + (steps * LETTERS + high) * LETTERS + low


def together(files: Sequence[SourceFile], known: Mapping[str, frozenset[str]]) -> list[Group]:
    """Return the files as exhibits, in the order of the first of each; goes through them twice.

    ``known``: of exhibits that the case has, by name, the names of all files of each: none comes to those or goes.
    """
    there = {each.path: each for each in files if not each.folder}
    owners = dict[str, SourceFile]()
    for each in there.values():
        path = Path(each.path)
        found = (there.get(str(path.with_name(name))) for name in first_of(path.name, _beside(path, there)))
        first = next((one for one in found if one is not None), None)
        if first is not None and path.name not in known:
            its = known.get(Path(first.path).name)
            if its is None or path.name in its:
                owners[each.path] = first
    firsts = [
        Group(each, [each]) for each in files if each.path not in owners or owners[each.path].path in owners
    ]
    by_path = {group.first.path: group for group in firsts}
    for each in files:
        if (first := owners.get(each.path)) is not None and first.path not in owners:
            by_path[first.path].files.append(each)
    return firsts


def _beside(path: Path, there: Mapping[str, SourceFile]) -> Callable[[str], bool]:
    return lambda name: str(path.with_name(name)) in there


def given_alone(first: SourceFile, named: Sequence[SourceFile]) -> list[SourceFile]:
    """Return those of the named files of an exhibit that count as named where its first alone is given again."""
    name, names = Path(first.path).name, frozenset(Path(each.path).name for each in named)
    return [each for each in named if name not in first_of(Path(each.path).name, names.__contains__)]


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
