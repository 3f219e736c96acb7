"""A folder of an exhibit, listed again: what in it is not as its rows say."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from actionday.model import Kind, Status
from actionday.model.identity import exhibit_item_id
from actionday.pipeline.custody import hash_of
from actionday.pipeline.folder import Folder
from actionday.pipeline.inventory import path_at
from actionday.pipeline.messages import Host, Located
from actionday.pipeline.unlisted import Unlisted, Untold, take

KINDS = "'file', 'directory', 'symlink', 'special'"
"""What stands directly in a folder of the host."""
WITHIN = frozenset({"ctime", "inode"})
"""Facts of a file that a copy does not keep: they tell within one host that nothing was written."""

GONE = "was in the folder when the exhibit was acquired, and a later run did not find it there: it was never read"
"""Reason of an item that nobody read: that it is gone is what was recorded of it."""
OTHERWISE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO})
"""Errors that say what became of a file since it was listed: gone, or no file; any other that it cannot be read."""


class Row(NamedTuple):
    """What was recorded of one thing in a folder."""

    item: bytes
    path: str
    kind: str
    size: int | None
    mtime: str | None
    meta: str | None
    sha256: bytes | None
    reason: str | None
    status: str | None = None
    seq: int = 0

    def facts(self) -> dict[str, object]:
        """Return what its meta data say."""
        return facts_of(self.meta)

    @property
    def gone(self) -> bool:
        """Say whether it was recorded as gone."""
        return self.sha256 is None and self.reason == GONE


class Pair(NamedTuple):
    """What was recorded and what is there; one of them is None where something came or went."""

    row: Row | None
    found: Located | None
    untold: Untold | None = None
    """Why nothing can be told of it: it, or a folder above it, could not be looked at, then or now."""


def facts_of(meta: str | bytes | None) -> dict[str, object]:
    """Return the meta data of something in a folder, those of an older case in the form of today."""
    found = msgspec.json.decode(meta, type=dict[str, object]) if meta else {}
    if isinstance(mode := found.get("mode"), str) and mode.startswith("0o"):
        found["mode"] = mode[2:].rjust(4, "0")
    if isinstance(inode := found.get("inode"), str) and inode.isdecimal():
        found["inode"] = int(inode)
    return found


def listed_again(
    database: sqlite3.Connection, exhibit: int, name: str, folder: Path, case: Path
) -> Iterator[Pair]:
    """Yield everything that was recorded or is there. Raises Damaged when the folder cannot be listed.

    ``name`` is the ID of the exhibit: while it is open there is no row of its own yet that what is in it is found by.
    """
    query = (
        "SELECT place, id, path, kind, size, mtime, meta, sha256, reason, status, seq FROM items "  # noqa: S608
        "WHERE exhibit = ? "
        f"AND kind IN ({KINDS}) AND parent = ?"
    )
    recorded = {row[0]: Row(*row[1:]) for row in database.execute(query, (exhibit, exhibit_item_id(name)))}
    then, now = _unlisted(recorded), Unlisted("now")
    for found in Folder(folder, exclude=case).items():
        path = path_at(found.place) if found.status or then or now else b""
        take(now, path, found)
        row = recorded.pop(found.place, None)
        yield Pair(row, found, then.over(path) if row is None else then.at(path) or now.at(path))
    for place, row in recorded.items():
        yield Pair(row, None, now.over(path_at(place)) if now else None)


def _unlisted(recorded: dict[str, Row]) -> Unlisted:
    """Return what the rows say could not be looked at."""
    then = Unlisted("then")
    for place, row in recorded.items():
        if row.status != Status.UNREADABLE or row.gone:
            continue
        if row.kind == Kind.DIRECTORY:
            then.take(path_at(place), row.path, row.reason or "", folder=True)
        elif row.mtime is None and not row.meta:
            then.take(path_at(place), row.path, row.reason or "", folder=False)
    for place in recorded if then else ():
        then.seen(path_at(place))
    return then


def other_kind(row: Row, found: Located) -> str:
    """Return what stands where something else was recorded: a FIFO or a device by its name."""
    what = found.reason.partition(":")[0] if found.kind == Kind.SPECIAL else found.kind
    return f"it is a {what}, it was a {row.kind}"


def same_bytes(folder: Path, row: Row, found: Located, count: Callable[[int], None] = lambda _: None) -> str:
    """Return how the bytes of a file are not those that were read, "" if they are; ``count`` as ``hash_of`` has it.

    Raises OSError where it cannot be read, for want of a permission or because a disk fails: that is no difference.
    """
    if not isinstance(found.step, Host):
        return other_kind(row, found)
    try:
        now = hash_of(os.fsencode(folder) + b"/" + found.step.path, count)
    except OSError as error:
        if error.errno not in OTHERWISE:
            raise
        return error.strerror or str(error)
    if now == row.sha256:
        return ""
    return f"its SHA-256 is {now.hex()}, it was {'' if row.sha256 is None else row.sha256.hex()}"


def changed_since(folder: Path, pair: Pair, *, times: bool = True) -> str:
    """Return how a thing in a folder is not as it was when it was listed, "" if it is.

    Same inode and ctime: nothing was written to it. Else its time tells, where ``times`` are asked for, and its bytes.
    What ``untold`` says of a pair is for the caller. Raises OSError where it cannot be read.
    """
    row, found, _ = pair
    if row is None:
        return "is in the folder, and was not when it was listed"
    if found is None:
        return "" if row.gone else "is no longer in the folder"
    if row.kind != found.kind:
        return other_kind(row, found)
    before, now = row.facts(), facts_of(found.meta)
    if row.sha256 is None or all(before.get(key) == now.get(key) for key in WITHIN):
        return ""
    other = same_bytes(folder, row, found)
    if times and row.mtime != found.mtime:
        bytes_said = other or "its bytes are the same"
        return f"was changed at {found.mtime}, it had been at {row.mtime}: {bytes_said}"
    return other
