"""What a folder held when it was acquired, before a byte of it was read.

It is listed once: what a run reads is what was listed then, and a run that goes on holds what it finds against it. It
lies among the exhibit's containers, so that the ledger's ``details.work`` vouches for it, until all of it is stored.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile

import msgspec
import zstandard

from actionday.ledger import Json
from actionday.model.identity import item_id
from actionday.pipeline.messages import Located

PART = 4096
"""Entries in a row of the database: some 100 kB as they are kept."""
KEPT = (
    "INSERT INTO containers (item, exhibit, opener, scope, name, kind, size, state, row) "
    "VALUES (?, ?, 'inventory', x'', '', '', ?, 'listed', ?)"
)
FORGOTTEN = "DELETE FROM containers WHERE item = ? AND opener = 'inventory'"
LEVEL = 3
TOLD = 1024
"""Entries after which it is told how many there are: some 50 ms."""


class Inventory:
    """Goes through a listing and keeps it in ``temporary``: memory does not grow with the folder."""

    def __init__(
        self, items: Iterator[Located], temporary: Path, tell: Callable[[int, int], None] = lambda *_: None
    ) -> None:
        """``tell`` takes, now and then, the number of entries so far and of the bytes of their files."""
        self._file = TemporaryFile(dir=temporary)  # noqa: SIM115 - closed with its owner
        self._parts: list[tuple[int, int]] = []
        """Entries and stored bytes of each."""
        self._digest = hashlib.sha256()
        self._entries = self._bytes = self._stored = 0
        part: list[Located] = []
        for each in items:
            self._take(each)
            part.append(each)
            if self._entries % TOLD == 0:
                tell(self._entries, self._bytes)
            if len(part) == PART:
                self._store(part)
                part = []
        if part or not self._parts:
            self._store(part)

    def _take(self, each: Located) -> None:
        self._entries += 1
        self._bytes += each.size or 0
        self._stored += sum(length for offset, length in each.runs or () if offset >= 0)
        self._digest.update(
            msgspec.msgpack.encode((path_of(each), each.kind, each.size, each.mtime, each.meta))
        )

    def _store(self, part: list[Located]) -> None:
        packed = zstandard.ZstdCompressor(LEVEL).compress(msgspec.msgpack.encode(part))
        self._parts.append((len(part), self._file.write(packed)))

    def told(self) -> dict[str, Json]:
        """Return what the ledger and the exhibit's row say of it."""
        return {
            "entries": self._entries,
            "bytes": self._bytes,
            "stored": self._stored,
            "sha256": self._digest.hexdigest(),
        }

    def keep(self, database: sqlite3.Connection, exhibit: int, root: bytes) -> None:
        """Store it within the caller's transaction, and drop what lies in ``temporary``."""
        self._file.seek(0)
        for number, (entries, size) in enumerate(self._parts):
            database.execute(KEPT, (_part_id(root, number), exhibit, entries, self._file.read(size)))
        self._file.close()


def path_of(each: Located) -> bytes:
    """Return the path below the folder, as the host has it."""
    return path_at(each.place)


def path_at(place: str) -> bytes:
    """Return the path below the folder of what has a place in it."""
    return bytes.fromhex(place[4:]) if place.startswith("hex:") else place.encode()


def _part_id(root: bytes, number: int) -> bytes:
    """Return the key of a part; no file has a NUL in its name."""
    return item_id(root, f"\0inventory {number}")


def is_kept(database: sqlite3.Connection, root: bytes) -> bool:
    """Say whether what the folder with the item ``root`` held is kept."""
    return _part(database, root, 0) is not None


def kept(database: sqlite3.Connection, root: bytes) -> Iterator[Located]:
    """Yield what the folder with the item ``root`` held, in the order of its names' bytes."""
    for number in count():
        if (part := _part(database, root, number)) is None:
            return
        packed = zstandard.ZstdDecompressor().decompress(part)
        yield from msgspec.msgpack.decode(packed, type=list[Located])


def _part(database: sqlite3.Connection, root: bytes, number: int) -> bytes | None:
    query = "SELECT row FROM containers WHERE item = ?"
    found = database.execute(query, (_part_id(root, number),)).fetchone()
    return None if found is None else bytes(found[0])


def part_ids(listing: object, root: bytes) -> list[bytes]:
    """Return the keys of all parts, from what ``told`` said; none of a folder that has no inventory."""
    entries = listing.get("entries") if isinstance(listing, dict) else None
    parts = max(1, -(-entries // PART)) if isinstance(entries, int) else 0
    return [_part_id(root, number) for number in range(parts)]
