"""APFS objects: a block, or some, with a header that says what it is and holds a checksum of the rest.

Source: Apple, "Apple File System Reference" (2020-06-22), "Objects" (``obj_phys_t``, Fletcher 64).
"""

import struct
from typing import NamedTuple

import numpy as np

from actionday.sources.filesystems._tsk_bytes import Reader, whole
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._sectors import Deciphered

HEADER = 32
HEAD = struct.Struct("<QQQI")
SUM = 8
MODULUS = np.uint64(0xFFFFFFFF)
TYPE = 0xFFFF
CONTAINER, TREE, NODE, MAP, VOLUME = 1, 2, 3, 11, 13
PHYSICAL, EPHEMERAL, BARE, ENCRYPTED = 0x40000000, 0x80000000, 0x20000000, 0x10000000
SECTOR = 512
LARGEST = 65536
"""Bytes of the largest block there is."""


class Object(NamedTuple):
    """An object: its own number, the transaction that wrote it, its type with flags, and all of its bytes."""

    oid: int
    xid: int
    type: int
    raw: bytes
    trusted: bool
    """Whether its checksum holds."""

    @property
    def kind(self) -> int:
        """Its type without flags."""
        return self.type & TYPE


def fletcher(data: bytes) -> int:
    """Return the checksum of an object's bytes behind the place it is kept in; some 10 µs for a block of 4 KiB."""
    words = np.frombuffer(data, dtype="<u4").astype(np.uint64)
    weights = np.arange(len(words), 0, -1, dtype=np.uint64)
    low = int(words.sum()) % int(MODULUS)
    high = int((words * weights).sum()) % int(
        MODULUS
    )  # 16,384 words of 32 bits, each 16,384 times at most: 60 bits
    first = int(MODULUS) - (low + high) % int(MODULUS)
    second = int(MODULUS) - (low + first) % int(MODULUS)
    return second << 32 | first


def object_of(raw: bytes) -> Object:
    """Return what a block says of itself. Raises BadMap for one that holds nothing."""
    if not any(raw[:HEADER]):
        raise BadMap("holds nothing")
    sums, oid, xid, kind = HEAD.unpack_from(raw)
    return Object(oid, xid, kind, raw, fletcher(raw[SUM:]) == sums)


class Blocks:
    """The blocks of one container."""

    def __init__(self, reader: Reader, size: int, count: int) -> None:
        self.reader, self.size, self.count = reader, size, count

    def at(self, place: int, count: int = 1, cipher: Deciphered | None = None) -> bytes:
        """Return whole blocks, deciphered where ``cipher`` is given. Raises BadMap or Missing."""
        if not 0 <= place < self.count or not 0 < count <= self.count - place:
            raise BadMap(f"block {place}, which the container does not have")
        raw = whole(self.reader, place * self.size, count * self.size)
        return raw if cipher is None else cipher.plain(place * (self.size // SECTOR), raw)

    def object(self, place: int, cipher: Deciphered | None = None) -> Object:
        """Return the object in a block. Raises BadMap or Missing."""
        try:
            return object_of(self.at(place, 1, cipher))
        except BadMap as error:
            raise BadMap(f"the object in block {place}: {error}") from error
