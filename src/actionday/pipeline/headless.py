"""Files called as the later parts of a split disk, whose first part is not in the exhibit: nobody joins them.

Source: the naming of dd, dcfldd and FTK Imager, as ``sources/images/raw.py`` has it.
"""

import re
import sqlite3
from collections import defaultdict
from typing import NamedTuple

from actionday.model.counted import counted

UNREAD = (
    "SELECT path, size, parent IS NULL FROM items "
    "WHERE exhibit = ? AND kind IN ('file', 'exhibit') AND status = 'unsupported' AND size > 0 AND size % 512 = 0"
)
FIRSTS = "SELECT path FROM items WHERE exhibit = ? AND path GLOB '*.0*1'"
LATER = re.compile(r"(.+)\.(0\d{1,3})", re.DOTALL)

MOST = 100
"""Sets that have a line each; the others of many thousand are told in one."""


class Headless(NamedTuple):
    """The path of a first part that is not there, and what is said of it."""

    first: str
    why: str


def headless(database: sqlite3.Connection, number: int, name: str) -> list[Headless]:
    """Return what is missing so of an exhibit whose own file is called ``name``.

    Two such files at least that nobody knows, or the exhibit itself; one among many files may be anything. Goes twice
    through the items at most.
    """
    sets = defaultdict[str, dict[int, tuple[str, int]]](dict)
    alone = set[str]()
    for path, size, whole in database.execute(UNREAD, (number,)):
        if not (found := LATER.fullmatch(name if whole else path)):
            continue
        first = f"{found[1]}.{1:0{len(found[2])}d}"
        sets[first][int(found[2])] = (found[0], size)
        if whole:
            alone.add(first)
    if sets:  # one pass: no index leads to a path
        for (path,) in database.execute(FIRSTS, (number,)):
            sets.pop(path, None)
    told = []
    for first, parts in sorted(sets.items()):
        if min(parts) < 2 or (len(parts) < 2 and first not in alone):
            continue
        told.append(Headless(first, _why(first, parts)))
    if more := told[MOST:]:
        why = f"{counted(len(more), 'further first part')} of such files, from this on, are not there either"
        told[MOST:] = [Headless(more[0].first, why)]
    return told


def _why(first: str, parts: dict[int, tuple[str, int]]) -> str:
    files, length = counted(len(parts), "file"), sum(size for _, size in parts.values())
    return (
        f"{first} is no file of this exhibit; called as its later parts: {files} of {counted(length, 'byte')}, "
        f"from {parts[min(parts)][0]} on; nothing of a disk in them is read here"
    )
