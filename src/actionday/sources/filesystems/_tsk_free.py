"""Which bytes of NTFS, FAT, exFAT and HFS+ belong to nothing, by each one's own list of what is in use.

Source: Linux-NTFS project, "NTFS Documentation", $Bitmap; Microsoft, "FAT: General Overview of On-Disk Format", FAT
data structure; "exFAT file system specification" (2019), 7.1; Apple, Technical Note TN1150, Allocation File.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from actionday.model import Context, Run, Stream
from actionday.sources.filesystems import _tsk_ntfs as ntfs
from actionday.sources.filesystems._free import PIECE, clear_bits, clear_marks, tell_free
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u64, whole
from actionday.sources.filesystems._tsk_clusters import Clusters
from actionday.sources.filesystems._tsk_runs import BadMap

Listed = tuple[int, int, Iterator[Run]]
"""Where units begin, how many bytes one has, and the free ranges."""
HFS_HEADER, HFS_FORK, HFS_EXTENTS = 1024, 112, 8


def free_of(stream: Stream, around: Context, kind: str) -> None:
    """Tell the pipeline what is free in a file system of ``kind``, as far as its list can be read."""
    try:
        first, unit, runs = READ[kind](reader_of(stream))
    except (BadMap, Missing, OSError, ValueError) as error:
        first, unit, runs = 0, 512, _none(error)
    tell_free(runs, kind, unit, around, first)


def _none(error: Exception) -> Iterator[Run]:
    raise BadMap(str(error)) from error
    yield  # pragma: no cover - makes it one that is only asked for its first


def _ntfs(reader: Reader) -> Listed:
    boot = whole(reader, 0, 512)
    table = ntfs.Table(reader)
    table.in_use(0, 1)  # finds the list
    count = u64(boot, 40) * u16(boot, 11) // table.cluster
    return 0, table.cluster, _by_bits(table.bits, _there(reader, 0, count, table.cluster), 0, table.cluster)


def _fat(reader: Reader) -> Listed:
    clusters = Clusters(reader)
    count = _there(reader, clusters.start, clusters.count, clusters.size)
    if not clusters.bitmap[1]:
        return clusters.start, clusters.size, _by_table(clusters, count)
    at, length = clusters.bitmap

    def bits(start: int, end: int) -> bytes:
        return whole(reader, at + start, min(end, length) - start)

    return clusters.start, clusters.size, _by_bits(bits, count, clusters.start, clusters.size)


def _hfs(reader: Reader) -> Listed:
    """The list's own first extents alone are followed: it is written when the volume is made, in one piece."""
    head = whole(reader, HFS_HEADER, 512)
    if head[:2] not in (b"H+", b"HX"):
        raise BadMap("the volume lies in a wrapper")
    block, blocks = (int.from_bytes(head[at : at + 4], "big") for at in (40, 44))
    extents = [
        (int.from_bytes(head[at : at + 4], "big"), int.from_bytes(head[at + 4 : at + 8], "big"))
        for at in range(HFS_FORK + 16, HFS_FORK + 16 + 8 * HFS_EXTENTS, 8)
    ]
    places = [(start * block, count * block) for start, count in extents if count]

    def bits(start: int, end: int) -> bytes:
        return _part(reader, places, start, end)

    return 0, block, _by_bits(bits, _there(reader, 0, blocks, block), 0, block, first_is_high=True)


def _part(reader: Reader, places: Sequence[Run], start: int, end: int) -> bytes:
    found, at = list[bytes](), 0
    for offset, length in places:
        low, high = max(start, at), min(end, at + length)
        if low < high:
            found.append(whole(reader, offset + low - at, high - low))
        at += length
    if end > at:
        raise Missing("the allocation file ends before its volume")
    return b"".join(found)


def _there(reader: Reader, start: int, count: int, unit: int) -> int:
    """Return how many of ``count`` units lie in what is there: a damaged header names any number."""
    return max(0, min(count, (reader.size - start) // max(1, unit)))


def _by_bits(
    bits: Callable[[int, int], bytes], count: int, start: int, unit: int, *, first_is_high: bool = False
) -> Iterator[Run]:
    for at in range(0, -(-count // 8), PIECE):
        end = min(at + PIECE, -(-count // 8))
        for first, number in clear_bits(
            bits(at, end), min(count - 8 * at, 8 * PIECE), first_is_high=first_is_high
        ):
            yield start + (8 * at + first) * unit, number * unit


def _by_table(clusters: Clusters, count: int) -> Iterator[Run]:
    entries = np.frombuffer(clusters.entries(), np.uint32 if clusters.entries().itemsize == 4 else np.uint16)
    for first, number in clear_marks(entries[2 : count + 2]):
        yield clusters.start + first * clusters.size, number * clusters.size
    if count + 2 > len(entries):
        raise BadMap(f"of {count} clusters the table tells {len(entries) - 2}")


READ: Mapping[str, Callable[[Reader], Listed]] = {
    "ntfs": _ntfs,
    "fat": _fat,
    "exfat": _fat,
    "hfsplus": _hfs,
}
