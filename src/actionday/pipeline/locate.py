"""Where an item's bytes are: in the objects, or on the way from the exhibit. For workers, pages and exports."""

import os
import posixpath
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from actionday.model import Run
from actionday.pipeline.messages import Below, Chain, Host, Opened, Scope, Slice, Stored
from actionday.storage.database.rows import among
from actionday.storage.objects import Location

MOST_NAMES = 10_000
"""Names looked through for what lies beside an image: more are in no folder a person made."""


MOST_WAYS = 32
"""Folders of an absolute path that are left out, one after another, until the rest of it is there."""


PAGE = 1000
"""Entries of a folder in one answer."""


class Place(NamedTuple):
    """A content's place: ``chain`` leads to a stream of ``size`` bytes."""

    exhibit: int
    item: bytes
    chain: Chain
    size: int


def scope_of(database: sqlite3.Connection, container: bytes) -> Scope | None:
    """Return the scope of a container that was opened, None if it is none."""
    row = database.execute("SELECT scope FROM containers WHERE item = ?", (container,)).fetchone()
    return None if row is None else msgspec.msgpack.decode(row[0], type=Scope)


def place_of(database: sqlite3.Connection, item: bytes) -> Place | None:
    """Return where the content of an item is to be read, None when it has none or none is kept."""
    query = "SELECT exhibit, parent, path, raw, place, size, sha256, runs FROM items WHERE id = ?"
    row = database.execute(query, (item,)).fetchone()
    if row is None:
        return None
    exhibit, parent, path, raw, place, size, sha256, runs = row
    if sha256 is not None and _is_object(database, sha256):
        return Place(exhibit, item, (Stored(sha256),), size)
    if parent is None:
        return Place(exhibit, item, (Host(0),), size) if sha256 is not None else None
    if runs is None:
        return None
    scope = scope_of(database, parent)
    if scope is None:
        return None
    if not scope.chain:  # a folder, or several files
        return Place(exhibit, item, (_host(database, parent, place, path, raw),), size)
    return Place(exhibit, item, (*scope.chain, _slice(runs)), size)


def location_of(database: sqlite3.Connection, sha256: bytes) -> Location | None:
    """Return where an object lies, None if it is not kept."""
    return locations_of(database, [sha256]).get(sha256)


def locations_of(database: sqlite3.Connection, objects: Sequence[bytes]) -> dict[bytes, Location]:
    """Return where those of some objects lie that are kept."""
    query = "SELECT o.sha256, o.pack, o.start, o.size, o.frames, o.skip FROM objects o WHERE sha256"
    return {sha256: Location.of(row) for sha256, *row in among(database, query, objects)}


def _host(database: sqlite3.Connection, parent: bytes, place: str, path: str, raw: bytes | None) -> Host:
    opener = database.execute("SELECT opener FROM containers WHERE item = ?", (parent,)).fetchone()[0]
    return Host(int(place)) if opener == "files" else Host(0, raw if raw is not None else os.fsencode(path))


def _slice(runs: bytes) -> Slice:
    found = msgspec.msgpack.decode(runs, type=tuple[Run, ...])
    return Slice(found, sum(length for _, length in found))


def _is_object(database: sqlite3.Connection, sha256: bytes) -> bool:
    return database.execute("SELECT 1 FROM objects WHERE sha256 = ?", (sha256,)).fetchone() is not None


def beside(database: sqlite3.Connection, item: bytes, name: str) -> Chain | None:
    """Return the way to what is called ``name`` in the same container, None if there is none.

    From the folder of ``item``; a name with ``..`` may lead to another one, and one that begins with ``/`` does so from
    the top of the container. Either of the two may still be open (an overlay and its base both are): then it is no item
    yet.
    """
    own = _where(database, item)
    if own is None:
        return None
    exhibit, parent, path = own
    query = "SELECT id FROM items WHERE exhibit = ? AND path = ? AND parent = ?"
    for wanted in _ways(_top(database, parent), _folder(path), name):
        found = database.execute(query, (exhibit, wanted, parent)).fetchone()
        place = None if found is None else place_of(database, found[0])
        chain = _open_one(database, exhibit, parent, wanted) if place is None else place.chain
        if chain is not None:
            return chain
    return None


def _top(database: sqlite3.Connection, container: bytes | None) -> str:
    """Return the path of a container with the ``/`` behind it, "" of an exhibit."""
    above = None if container is None else _where(database, container)
    return f"{above[2]}/" if above is not None and above[2] else ""


def _ways(top: str, folder: str, name: str) -> list[str]:
    """Return the paths that ``name`` may mean, seen from a folder of the container whose paths begin with ``top``.

    An absolute one was written where the file system may have been mounted below the root: then it begins with folders
    that are not on it, and the longest rest that is there is meant.
    """
    if "/" not in name:
        return [folder + name]
    if name.startswith("/"):
        parts = posixpath.normpath(name).strip("/").split("/")
        return [top + "/".join(parts[first:]) for first in range(max(1, len(parts) - 1))][:MOST_WAYS]
    plain = folder + name
    if ".." in name.split("/"):
        plain = top + posixpath.normpath(folder[len(top) :] + name)
        if plain[len(top) :].startswith("../"):
            return []
    return [plain]


def is_given(database: sqlite3.Connection, item: bytes) -> bool:
    """Say whether an item is a file of its exhibit, one of several given: others lie beside it on the host."""
    own = _where(database, item)
    chain = None if own is None else beside(database, item, own[2].rpartition("/")[2])
    if chain is None or len(chain) != 1:
        return False
    return isinstance(chain[0], Host) and not chain[0].path


def names_beside(database: sqlite3.Connection, item: bytes) -> tuple[str, ...]:
    """Return the names in the same folder of the same container, MOST_NAMES at most, in order; its own is one."""
    own = _where(database, item)
    if own is None:
        return ()
    exhibit, parent, path = own
    folder = _folder(path)
    query = "SELECT path FROM items WHERE exhibit = ? AND parent = ? ORDER BY path LIMIT ?"
    paths = [row[0] for row in database.execute(query, (exhibit, parent, MOST_NAMES))]
    query = "SELECT row FROM containers WHERE exhibit = ? AND state = 'open' AND opener != 'large' LIMIT ?"
    for (row,) in database.execute(query, (exhibit, MOST_NAMES)):
        opened = msgspec.msgpack.decode(row, type=Opened).row
        if opened.parent == parent:
            paths.append(opened.path)
    names = {each.removeprefix(folder) for each in paths if each.startswith(folder)}
    return tuple(sorted(name for name in names if name and "/" not in name))


def _folder(path: str) -> str:
    """Return the folder of a path with the ``/`` behind it, "" at the top."""
    folder = path.rpartition("/")[0]
    return f"{folder}/" if folder else ""


def _where(database: sqlite3.Connection, item: bytes) -> tuple[int, bytes | None, str] | None:
    """Return (exhibit, parent, path) of an item, or of a container that is none yet; None where it is neither."""
    query = "SELECT exhibit, parent, path FROM items WHERE id = ?"
    row: tuple[int, bytes | None, str] | None = database.execute(query, (item,)).fetchone()
    if row is not None:
        return row
    query = "SELECT exhibit, row FROM containers WHERE item = ? AND state = 'open' AND opener != 'large'"
    held = database.execute(query, (item,)).fetchone()
    if held is None:
        return None
    own = msgspec.msgpack.decode(held[1], type=Opened).row
    return held[0], own.parent, own.path


def _open_one(database: sqlite3.Connection, exhibit: int, parent: bytes | None, path: str) -> Chain | None:
    query = (
        "SELECT row FROM containers WHERE exhibit = ? AND name = ? AND state = 'open' AND opener != 'large'"
    )
    for (row,) in database.execute(query, (exhibit, path.rpartition("/")[2])):
        opened = msgspec.msgpack.decode(row, type=Opened)
        if (opened.row.parent, opened.row.path) == (parent, path):
            return opened.scope.chain
    return None


def entries_below(database: sqlite3.Connection, item: bytes, name: str, after: bytes) -> bytes:
    """Return a page of the entries below the folder that ``name`` leads to, as ``beside`` does, of the same container.

    ``after``: the end of the page before; a page is its end, and of each entry the path below the folder, kind, size,
    time and facts. The last page has no entries.
    """
    own = _where(database, item)
    ways = [] if own is None else _ways(_top(database, own[1]), _folder(own[2]), name)
    if own is None or not ways:
        return msgspec.msgpack.encode((b"", ()))
    exhibit, parent, _ = own
    folder = next((way for way in ways if _listed(database, exhibit, parent, way)), ways[0]) + "/"
    path, last = msgspec.msgpack.decode(after, type=tuple[str, bytes]) if after else (folder, b"")
    query = (
        "SELECT path, id, kind, size, mtime, meta FROM items WHERE exhibit = ? AND parent = ? AND path < ? "
        "AND (path, id) > (?, ?) ORDER BY path, id LIMIT ?"
    )
    rows = database.execute(query, (exhibit, parent, f"{folder[:-1]}0", path, last, PAGE)).fetchall()
    if not rows:
        return msgspec.msgpack.encode((b"", ()))
    end = msgspec.msgpack.encode((rows[-1][0], rows[-1][1]))
    found = [
        Below(path[len(folder) :], kind, size, mtime, meta or "{}")
        for path, _, kind, size, mtime, meta in rows
    ]
    return msgspec.msgpack.encode((end, found))


def _listed(database: sqlite3.Connection, exhibit: int, parent: bytes | None, folder: str) -> bool:
    query = "SELECT 1 FROM items WHERE exhibit = ? AND path = ? AND parent = ? AND kind = 'directory'"
    return database.execute(query, (exhibit, folder, parent)).fetchone() is not None
