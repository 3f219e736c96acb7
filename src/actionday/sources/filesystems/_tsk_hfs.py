"""The chain of leaves of an HFS+ catalogue: the sleuthkit follows it without looking where it leads, and knows no
time before 1970.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format": Volume Header, B-Trees (node descriptor, header
record), Catalog File. Standard library only.
"""

from collections.abc import Iterator
from contextlib import suppress

from actionday.sources.filesystems._tsk_bytes import Missing, Reader, whole
from actionday.sources.filesystems._tsk_hfs_extents import more

HEADER, CATALOGUE = 1024, 272
BINARY = 0xBC
"""The value by which the catalogue of HFSX says that names are compared by their bytes."""
RECORDS = (b"\0\1", b"\0\2")
"""Types of the records of folders and files."""
DATES = {"created": 12, "mtime": 16, "ctime": 20, "atime": 24}
EPOCH, NANO = 2_082_844_800, 1_000_000_000
"""Seconds from 1904, where HFS+ counts from, to 1970."""
Told = dict[int, bytes]
"""Bytes told instead of those on the disk, by offset."""


class Catalogue:
    """The catalogue file, by the extents of the volume header and those that follow in the extents overflow file."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        head = whole(reader, HEADER, 512)
        self.block = _u32(head, 40)
        extents = head[CATALOGUE + 16 : CATALOGUE + 80]
        self.extents = [(_u32(extents, at), _u32(extents, at + 4)) for at in range(0, 64, 8)]
        self.lacking = _u32(head, CATALOGUE + 12) - sum(count for _, count in self.extents)
        if self.lacking > 0:
            self.extents += more(reader, head, self.lacking)
            self.lacking = _u32(head, CATALOGUE + 12) - sum(count for _, count in self.extents)
        first = whole(reader, self._place(0), 52)
        self.leaf, self.node = _u32(first, 24), int.from_bytes(first[32:34], "big")
        self.declared, self.last = _u32(first, 20), _u32(first, 28)
        self.exact = head[:2] == b"HX" and first[51] == BINARY
        """Whether names that differ in case alone are two names."""
        told = sum(count for _, count in self.extents) * self.block
        self.nodes = min(told, reader.size) // max(self.node, 512)

    def _place(self, at: int) -> int:
        for start, count in self.extents:
            if at < count * self.block:
                return start * self.block + at
            at -= count * self.block
        raise Missing("behind its extents")

    def place(self, node: int) -> int:
        """Return the byte at which ``node`` lies. Raises Missing."""
        return self._place(node * self.node)


def unlooped(reader: Reader) -> tuple[Told, str]:
    """Return what to tell the sleuthkit so that the chain of leaves ends, and why ("" where it does by itself)."""
    try:
        catalogue = Catalogue(reader)
        if not 512 <= catalogue.node <= 65536:
            return {}, ""
        return _followed(catalogue)
    except Missing:
        return {}, ""


def _followed(catalogue: Catalogue) -> tuple[Told, str]:
    node, seen = catalogue.leaf, bytearray(catalogue.nodes // 8 + 1)
    while node and node < catalogue.nodes:
        seen[node // 8] |= 1 << node % 8
        at = catalogue.place(node)
        following = _u32(whole(catalogue.reader, at, 4), 0)
        if following < catalogue.nodes and seen[following // 8] >> following % 8 & 1 and following:
            why = f"catalogue node {node} is followed by node {following}, which came before it: ended there"
            return {at: bytes(4)}, why
        node = following
    return {}, ""


def early(reader: Reader) -> dict[int, dict[str, int]]:
    """Return the times up to 1970 of each file that has one, in nanoseconds since then: to the sleuthkit they are none.

    One pass over the leaves that the volume header leads to, 2 µs a record.
    """
    found: dict[int, dict[str, int]] = {}
    with suppress(Missing, IndexError):
        catalogue = Catalogue(reader)
        node, left = catalogue.leaf, catalogue.nodes
        while node and left > 0 and 512 <= catalogue.node <= 65536:
            raw = whole(reader, catalogue.place(node), catalogue.node)
            for number, times in _dates(raw):
                found[number] = times
            node, left = _u32(raw, 0), left - 1
    return found


def _dates(leaf: bytes) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield the number of each file and folder of a leaf with a time up to 1970, and those times."""
    for index in range(int.from_bytes(leaf[10:12], "big")):
        place = len(leaf) - 2 * (index + 1)
        at = int.from_bytes(leaf[place : place + 2], "big")
        at += 2 + int.from_bytes(leaf[at : at + 2], "big")
        if at + 28 > len(leaf) or leaf[at : at + 2] not in RECORDS:
            continue
        stamps = {name: _u32(leaf, at + each) for name, each in DATES.items()}
        times = {name: (value - EPOCH) * NANO for name, value in stamps.items() if 0 < value <= EPOCH}
        if times:
            yield _u32(leaf, at + 8), times


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")
