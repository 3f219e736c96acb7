"""What was found in free space and is a deleted file that was listed: the same bytes at the same place, once.

A deleted file whose content is still led to lies in free space, where it is found again by its own structure.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from actionday.model import Run
from actionday.model.streams import ends_of, part
from actionday.pipeline.messages import Answer, Ask, Scope, Slice

MOST = 50_000
"""Deleted files of one file system that are compared: 5 MB. Further ones are found twice, with one hash."""
DELETED = (
    "SELECT path, runs FROM items WHERE parent = ? AND exhibit = ? AND kind = 'deleted' AND runs IS NOT NULL "
    "AND sha256 IS NOT NULL AND size > 0 ORDER BY path LIMIT ?"
)
HELD_BY = "SELECT parent FROM items WHERE id = ? AND exhibit = ?"


class Listed(NamedTuple):
    """A deleted file that was read: its path, and where its bytes lie."""

    path: str
    runs: tuple[Run, ...]


def deleted_beside(database: sqlite3.Connection, exhibit: int, item: bytes) -> tuple[str, ...]:
    """Return the deleted files that are listed beside a space, each as JSON: the space is stored, as one that waits."""
    held = database.execute(HELD_BY, (item, exhibit)).fetchone()
    if held is None:
        return ()
    found = database.execute(DELETED, (held[0], exhibit, MOST))
    decode = msgspec.msgpack.decode
    return tuple(msgspec.json.encode(Listed(path, decode(runs))).decode() for path, runs in found)


class Twins:
    """Compares what is found in one space with the deleted files beside it, which are asked for once."""

    def __init__(self, ask: Callable[[Ask], tuple[Answer, list[int]]], scope: Scope) -> None:
        self._ask, self._scope = ask, scope
        self._known: dict[tuple[Run, ...], str] | None = None
        last = scope.chain[-1] if scope.chain else None
        self._runs: Sequence[Run] = last.runs if isinstance(last, Slice) else ()
        self._ends = ends_of(self._runs) if self._runs else []

    def of(self, runs: Sequence[Run]) -> str:
        """Return the path of the deleted file that lies exactly in ``runs`` of the space, "" for none."""
        if self._known is None:
            names = self._ask(Ask("deleted", self._scope.exhibit, self._scope.item))[0].names
            each = (msgspec.json.decode(name, type=Listed) for name in names)
            self._known = {_joined(found.runs): found.path for found in each}
        if not self._known or not self._runs:
            return ""
        places = (
            place for start, size in runs for place in part(self._runs, self._ends, start, start + size)
        )
        return self._known.get(_joined(places), "")


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return ranges with neighbours as one."""
    found = list[Run]()
    for start, size in runs:
        if found and start >= 0 and sum(found[-1]) == start:
            found[-1] = found[-1][0], found[-1][1] + size
        else:
            found.append((start, size))
    return tuple(found)
