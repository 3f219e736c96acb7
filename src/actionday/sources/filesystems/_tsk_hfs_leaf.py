"""One leaf of an HFS+ catalogue, held against the standard: its records, and what is wrong with it.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format": B-Trees (node descriptor, keyed records), Catalog File
(key, folder, file and thread records). Standard library only.
"""

import struct
from itertools import pairwise
from typing import NamedTuple

FOLDER, FILE, FOLDER_THREAD, FILE_THREAD = 1, 2, 3, 4
LENGTHS = {FOLDER: 88, FILE: 248}
DESCRIPTOR = 14
LONGER = "is not as long as its type asks for"
KEY_LEAST, KEY_MOST = 6, 516
"""Bytes of a key: without a name, and with one of 255 units."""
LINKED = (b"hlnkhfs+", b"fdrpMACS")
"""Type and creator of a file that stands for another one, and for a folder."""


class Record(NamedTuple):
    """A record with its key. ``name`` is that of the folder or file, in UTF-16; of a thread the one it holds."""

    kind: int
    parent: int
    name: bytes
    number: int
    body: bytes

    @property
    def key(self) -> tuple[int, bytes]:
        """What it is sorted by."""
        return (self.number, b"") if self.thread else (self.parent, self.name)

    @property
    def thread(self) -> bool:
        """Whether it leads from a number to a name, and not the other way."""
        return self.kind >= FOLDER_THREAD

    @property
    def linked(self) -> bool:
        """Whether what is listed under its name has another number."""
        return self.kind == FILE and self.body[48:56] in LINKED

    @property
    def shown(self) -> str:
        """Its name as text."""
        return self.name.decode("utf-16-be", "replace")


class Leaf(NamedTuple):
    """What a node gives, how many records it declares, what is wrong with it first ("" where nothing is)."""

    records: list[Record]
    declared: int
    why: str


def read(raw: bytes, *, exact: bool) -> Leaf:
    """Return what ``raw``, a whole node of >= 512 bytes, gives; ``exact``: its names are compared by their bytes.

    What is sound of a damaged node is given too. 2 µs a record.
    """
    many = int.from_bytes(raw[10:12], "big")
    why = "" if raw[8:10] == b"\xff\x01" else "it is not described as a leaf"
    most = (len(raw) - DESCRIPTOR) // 2 - 1
    if not 0 < many <= most:
        why = why or "its table of offsets cannot hold as many"
    taken = min(many, most)
    places = struct.unpack(f">{taken + 1}H", raw[len(raw) - 2 * (taken + 1) :])[::-1]
    ordered = places[0] == DESCRIPTOR and all(a < b for a, b in pairwise(places))
    if not ordered or places[-1] > len(raw) - 2 * (taken + 1):
        why = why or f"the offsets of its records do not ascend from {DESCRIPTOR} to its table of offsets"
    records, last = list[Record](), (0, b"")
    for at, end in pairwise(places):
        found = _record(raw[at : end if end > at else len(raw)])
        if isinstance(found, str):
            why = why or f"the record at its byte {at} {found}"
            continue
        key = found.key
        if found.kind in LENGTHS and len(found.body) != LENGTHS[found.kind]:
            why = why or f"the record at its byte {at} {LONGER}"
        if not why and not _ascends(last, key, exact=exact):
            why = f"the key at its byte {at} does not come after the one before"
        last = key
        records.append(found)
    return Leaf(records, many, why)


def _record(raw: bytes) -> Record | str:
    """Return the record that ``raw`` is, or what is wrong with it."""
    length, parent, units = struct.unpack(">HIH", raw[:8]) if len(raw) >= 8 else (0, 0, 0)
    if not KEY_LEAST <= length <= KEY_MOST or length != KEY_LEAST + 2 * units or len(raw) < length + 12:
        return "has a key that is not as long as its name asks for"
    body, name = raw[2 + length :], raw[8 : 2 + length]
    kind = int.from_bytes(body[:2], "big")
    if kind in LENGTHS and units and len(body) >= LENGTHS[kind]:
        return Record(kind, parent, name, int.from_bytes(body[8:12], "big"), body)
    own = 10 + 2 * int.from_bytes(body[8:10], "big")
    if kind in (FOLDER_THREAD, FILE_THREAD) and not units and 10 < own <= len(body):
        return Record(kind, int.from_bytes(body[4:8], "big"), body[10:own], parent, body)
    known = kind in LENGTHS or kind in (FOLDER_THREAD, FILE_THREAD)
    return LONGER if known else f"is of type {kind}, which there is not"


def _ascends(last: tuple[int, bytes], key: tuple[int, bytes], *, exact: bool) -> bool:
    """Say whether ``key`` may stand behind ``last``.

    Names that are compared without case are so where both are ASCII: the rest asks for Apple's table of letters.
    """
    if key[0] != last[0] or exact or not key[1] or not last[1]:
        return key > last
    new, old = key[1].decode("utf-16-be", "replace"), last[1].decode("utf-16-be", "replace")
    plain = (new + old).isascii() and "\0" not in new + old
    return new.lower() > old.lower() if plain else new != old
