"""Which of the files that exhibits consist of are items themselves: by it the figures of one evidence are told apart.

A file that was opened as its exhibit is none, what is in it is; of several given as one exhibit those are items that no
other of them is read with, whatever is in them.

Source: DESIGN invariant 5 (an exhibit's own row when it was opened as a container is not counted).
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from actionday.model.identity import exhibit_item_id
from actionday.storage.database.balance import COUNTED

SEVERAL = "files"
"""Opener of an exhibit of several files, which lie below its own row."""
COUNT = (
    f"SELECT COUNT(*) FROM items WHERE id = ?1 AND kind = 'exhibit' AND {COUNTED} OR parent = ?1 AND {COUNTED} "  # noqa: S608
    f"AND EXISTS (SELECT 1 FROM containers WHERE item = ?1 AND opener = '{SEVERAL}')"
)


class OwnFiles(NamedTuple):
    """``files`` of the host that exhibits consist of, folders left out; ``counted``: those that the balance counts."""

    files: int
    counted: int


class _Source(msgspec.Struct):
    folder: bool


def own_files(database: sqlite3.Connection, *exhibits: int) -> OwnFiles:
    """Return those of exhibits by number, or of the whole case. By the indexes on id and parent."""
    asked = frozenset(exhibits)
    found = [each for number, each in each_of(database) if not asked or number in asked]
    return OwnFiles(sum(each.files for each in found), sum(each.counted for each in found))


def each_of(database: sqlite3.Connection) -> Iterator[tuple[int, OwnFiles]]:
    """Yield the number of each exhibit and its files; of a row that somebody altered, none. Raises sqlite3.Error."""
    for number, name, sources in database.execute(
        "SELECT number, CAST(id AS TEXT), sources FROM exhibits"
    ).fetchall():
        try:
            files = sum(not each.folder for each in msgspec.json.decode(sources, type=list[_Source]))
        except (msgspec.MsgspecError, TypeError):
            files = 0
        yield number, OwnFiles(files, _counted(database, name) if files else 0)


def listed(database: sqlite3.Connection, *exhibits: int) -> int:
    """Return how many rows there are, counted or not."""
    among = f" WHERE exhibit IN ({','.join('?' * len(exhibits))})" if exhibits else ""
    return int(database.execute(f"SELECT COUNT(*) FROM items{among}", exhibits).fetchone()[0])  # noqa: S608 - marks alone


def _counted(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(COUNT, (exhibit_item_id(name),)).fetchone()[0])
