"""Messages that only pages out of use list: they were removed, and their blocks may still stand in free space.

Source: [MS-PST] 2.2.2.7.1 (trailer of a page), 5.5 (its signature: where it stands), 2.6.1.1 (a page is
never changed in place: a newer one takes its part).

A page of the trees that the header no longer leads to still lists what was there; a block is taken only where its own
trailer has its number, so that one whose place was used again is not taken for it.
"""

from collections.abc import Iterator

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.mail._pstfile import BLOCKS, NODES, Block, Node, Store, crc_of

STEP = 512
"""Pages begin at multiples of it."""
AT_ONCE = 1 << 20
MOST = 1_000_000
"""Entries of pages out of use that are kept."""


class Removed:
    """Nodes by their numbers that only pages out of use list; of several the one in the newest page."""

    def __init__(self, store: Store, stream: Stream) -> None:
        layout, ages = store.layout, dict[int, int]()
        self.nodes: dict[int, Node] = {}
        for kind, age, page in _pages(store, stream):
            count, _, size, level = layout.counts.unpack_from(page, layout.entries)
            shape = layout.node if kind == NODES else layout.block
            if level or size < shape.size or count * size > layout.entries or len(ages) > MOST:
                continue
            for at in range(0, count * size, size):
                entry = shape.unpack_from(page, at)
                if kind == BLOCKS:
                    store.blocks.setdefault(entry[0] & ~1, Block(entry[1], entry[2]))
                elif (number := entry[0] & 0xFFFFFFFF) not in store.nodes and age >= ages.get(number, 0):
                    ages[number], self.nodes[number] = age, Node(*entry[1:4])


def _pages(store: Store, stream: Stream) -> Iterator[tuple[int, int, bytes]]:
    """Yield kind, number and bytes of each whole page of the trees that is not in use: a step for 512 bytes."""
    layout = store.layout
    trailer, kinds = layout.trailer, (NODES, BLOCKS)
    for base in range(0, stream.size, AT_ONCE):
        data = read_at(stream, base, min(AT_ONCE + layout.page, stream.size - base))
        for at in range(0, min(AT_ONCE, len(data) - layout.page + 1), STEP):
            kind = data[at + trailer]
            if kind not in kinds or data[at + trailer + 1] != kind or base + at in store.pages:
                continue
            page = data[at : at + layout.page]
            end = page[trailer:]
            crc, own = (end[4:8], end[8:16]) if layout.wide else (end[8:12], end[4:8])
            number, stands = int.from_bytes(own, "little"), (base + at) & 0xFFFFFFFF
            sign = (stands ^ number) & 0xFFFFFFFF
            if int.from_bytes(end[2:4], "little") not in (0, (sign >> 16 ^ sign) & 0xFFFF):
                continue  # a page of another store, which is attached to a message of this one
            if crc_of(page[:trailer]) == int.from_bytes(crc, "little"):
                yield kind, number, page
