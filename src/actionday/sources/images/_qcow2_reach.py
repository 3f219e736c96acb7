"""Whether a QCOW2 file is as long as its tables need it.

All tables of a large disk are many: they are gone through only where the reference counts tell of clusters behind
the end, which a program that was killed leaves as well.

Source: QEMU, ``docs/interop/qcow2.txt``, "Reference counts".
"""

from array import array
from sys import byteorder

from actionday.model import Damaged, Stream
from actionday.sources.images._disk import exactly

OFFSET = 0x00FFFFFFFFFFFE00
COMPRESSED = 1 << 62
MOST_ASKED = 4096
"""Second-level tables: 2 TiB in usual clusters."""


def ends_before(stream: Stream, tables: list[int], cluster: int, entry: int) -> int:
    """Return a byte behind the end of the file at which a cluster of the disk lies; 0 where there is none.

    ``tables``: where the second-level tables lie; ``entry``: bytes of one of their entries.
    """
    if not _suspected(stream, cluster):
        return 0
    for at in dict.fromkeys(tables):  # the first level may name one as often as it likes
        if at + cluster > stream.size:
            return at
        if at % cluster:  # no writer places one so, and there may be one at each sector
            continue
        for each in _numbers(exactly(stream, at, cluster, "qcow2: a second-level table"))[:: entry // 8]:
            if not each & COMPRESSED and each & OFFSET >= stream.size:
                return each & OFFSET
    return 0


def data_ends_before(stream: Stream, data: Stream, tables: list[int], cluster: int, entry: int) -> int:
    """Return a byte behind the end of an external data file at which a cluster lies; 0 where there is none.

    No counts tell of it: of a disk with more than MOST_ASKED tables they are not gone through.
    """
    places = [at for at in dict.fromkeys(tables) if at % cluster == 0 and at + cluster <= stream.size]
    if len(places) > MOST_ASKED:
        return 0
    for at in places:
        for each in _numbers(exactly(stream, at, cluster, "qcow2: a second-level table"))[:: entry // 8]:
            if each & OFFSET >= data.size and each and not each & (COMPRESSED | 1):
                return each & OFFSET
    return 0


def _suspected(stream: Stream, cluster: int) -> bool:
    """Say whether a cluster that is counted begins behind the end, or the counts lie there themselves."""
    try:
        head = exactly(stream, 0, 104, "qcow2: the header")
        at, length = int.from_bytes(head[48:56], "big"), int.from_bytes(head[56:60], "big") * cluster
        bits = 1 << int.from_bytes(head[96:100], "big") if head[7] >= 3 else 16
        blocks = _numbers(exactly(stream, at, min(length, 8 << 20), "qcow2: the table of counts"))
        last = max((number for number, each in enumerate(blocks) if each & OFFSET), default=-1)
        if last < 0:
            return False
        counts = exactly(stream, blocks[last] & OFFSET, cluster, "qcow2: counts").rstrip(b"\0")
    except Damaged:
        return True
    number = last * cluster * 8 // bits + max(0, len(counts) * 8 - 1) // bits
    return number * cluster >= stream.size


def _numbers(raw: bytes) -> "array[int]":
    found = array("Q", raw)
    if byteorder == "little":
        found.byteswap()
    return found
