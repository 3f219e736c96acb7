"""The first name of each file in a container that has several: what is listed later can say which name it repeats.

Only what makes the reading of a further name the same is asked: the very same bytes of the container, their declared
size, and the last part of the name, by which some formats are told. A link count above one, which every source keeps
as ``meta["links"]``, tells of whom a further name may come, so that nothing is kept of any other file.
"""

import os
from array import array
from hashlib import blake2b

import msgspec

from actionday.model import Found, Kind
from actionday.model.identity import ID_BYTES
from actionday.pipeline.visit import run_size

MOST_FIRSTS = 1 << 20
"""Files remembered, 48 bytes each at most; of those met later each name is a file of its own."""
LEAST_SLOTS = 1 << 10


def alike(found: Found) -> object:
    """Return what ``found`` has in common with every other name of it; None where no other is told from it.

    That is a whole file of which nothing but its bytes tells, and of which another name may come.
    """
    links = found.meta.get("links")
    alone = not (
        isinstance(links, int)
        and links > 1
        and found.kind is Kind.FILE
        and found.runs is not None
        and found.read is None
        and found.status is None
        and not (found.reason or found.notes)
        and found.size == run_size(found.runs) > 0
    )
    return None if alone else (found.name.rpartition("/")[2], found.runs)


class Firsts:
    """Items by what their further names share with them: a table of numbers, as a ``dict`` takes thrice as much.

    What it answers is a function of the order in which it is asked. The keys are salted: nobody can make them meet.
    """

    def __init__(self) -> None:
        self._salt = os.urandom(16)
        self._count = 0
        self._keys, self._items = array("Q"), bytearray()
        self._grow(LEAST_SLOTS)

    def first(self, told: object, item: bytes) -> bytes:
        """Return of which item ``item`` is a further name, b"" where it is the first.

        ``told``: what all names of a file have in common, as msgpack takes it; None where it is not asked about.
        """
        if told is None:
            return b""
        key = self._key(told)
        at = self._slot(key)
        if self._keys[at]:
            return bytes(self._items[at * ID_BYTES : (at + 1) * ID_BYTES])
        if self._count < MOST_FIRSTS:
            self._put(at, key, item)
            self._count += 1
            if 2 * self._count > len(self._keys):
                self._grow(2 * len(self._keys))
        return b""

    def _key(self, told: object) -> int:
        digest = blake2b(msgspec.msgpack.encode(told), digest_size=8, key=self._salt).digest()
        return int.from_bytes(digest) or 1

    def _slot(self, key: int) -> int:
        """Return where ``key`` stands, or would."""
        keys, mask = self._keys, len(self._keys) - 1
        at = key & mask
        while keys[at] not in (0, key):
            at = at + 1 & mask
        return at

    def _put(self, at: int, key: int, item: bytes | bytearray) -> None:
        self._keys[at] = key
        self._items[at * ID_BYTES : (at + 1) * ID_BYTES] = item

    def _grow(self, slots: int) -> None:
        keys, items = self._keys, self._items
        self._keys, self._items = array("Q", bytes(8 * slots)), bytearray(ID_BYTES * slots)
        for at, key in enumerate(keys):
            if key:
                self._put(self._slot(key), key, items[at * ID_BYTES : (at + 1) * ID_BYTES])
