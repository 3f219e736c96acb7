"""The chain of leaves of an HFS+ catalogue: the sleuthkit follows it without looking where it leads.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format": Volume Header, B-Trees (node descriptor, header
record), Catalog File. Standard library only.
"""

from actionday.sources.filesystems._tsk_bytes import Missing, Reader, whole

HEADER, CATALOGUE = 1024, 272
Told = dict[int, bytes]
"""Bytes told instead of those on the disk, by offset."""


class _Catalogue:
    """The catalogue file, as far as the eight extents of the volume header reach."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        head = whole(reader, HEADER, 512)
        self.block = _u32(head, 40)
        extents = head[CATALOGUE + 16 : CATALOGUE + 80]
        self.extents = [(_u32(extents, at), _u32(extents, at + 4)) for at in range(0, 64, 8)]
        first = whole(reader, self._place(0), 46)
        self.leaf, self.node = _u32(first, 24), int.from_bytes(first[32:34], "big")
        told = sum(count for _, count in self.extents) * self.block
        self.nodes = min(told, reader.size) // max(self.node, 512)

    def _place(self, at: int) -> int:
        for start, count in self.extents:
            if at < count * self.block:
                return start * self.block + at
            at -= count * self.block
        raise Missing("behind the extents of the volume header")

    def place(self, node: int) -> int:
        """Return the byte at which ``node`` lies. Raises Missing."""
        return self._place(node * self.node)


def unlooped(reader: Reader) -> tuple[Told, str]:
    """Return what to tell the sleuthkit so that the chain of leaves ends, and why ("" where it does by itself)."""
    try:
        catalogue = _Catalogue(reader)
        if not 512 <= catalogue.node <= 65536:
            return {}, ""
        return _followed(catalogue)
    except Missing:
        return {}, ""


def _followed(catalogue: _Catalogue) -> tuple[Told, str]:
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


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")
