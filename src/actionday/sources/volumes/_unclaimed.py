"""Bytes of a disk or a volume that belong to nothing on it: boot code, gaps, what follows a file system.

Source: none; tables and super blocks say where partitions and file systems begin and end, and people hide things
beside them. Free space inside a file system is none of this.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from actionday.model import Context, Damaged, Found, Kind, Stream
from actionday.model.counted import counted
from actionday.sources.volumes._held import holding
from actionday.sources.volumes._search import lost_volumes, sign_at
from actionday.sources.volumes._signs import u16, u32

LARGEST = 1 << 20
"""Bytes of a range that is an item; of a larger one it is said where it holds data, and how much."""
BLOCK = 64 << 10
EXFAT_BOOT, EXFAT_EXTENDED, EXFAT_CHECKSUM = 12, 8, 11
"""Sectors of a boot region, the last of its extended boot sectors, and the one with its checksum."""
EXT_RESERVED = 0x284
"""The first byte of a super block of ext that has no meaning."""
LEAST = 4
"""Bytes; fewer hold no word."""
CODE = "unclaimed"
BOOT = {"ext": ((0, 1024),), "HFS+": ((0, 1024),), "FAT": (), "NTFS": (), "exFAT": (), "XFS": ()}
"""File systems with bytes of their own before their super block, which no file shows."""


def beside(stream: Stream, around: Context) -> Iterator[Found]:
    """Yield what lies in the boot block of a file system, and behind its end, by its super block."""
    sign = sign_at(stream, 0)
    if sign is None or sign.kind not in BOOT:
        return
    more = RESERVED.get(sign.kind)
    for start, end in (*BOOT[sign.kind], *(more(stream) if more else ())):
        yield from unclaimed(stream, start, end, "boot block", around)
    if sign.size:
        yield from behind(stream, sign.size, around)


def behind(stream: Stream, end: int, around: Context) -> Iterator[Found]:
    """Yield what lies behind the ``end`` of a file system: other file systems where there is room for one."""
    taken = [(0, end)]
    if stream.size - end > LARGEST:
        for each in lost_volumes(stream, taken, around, code=CODE, where="behind the end of a file system"):
            yield each
            taken += each.runs or ()
    yield from between(stream, taken, around, last="behind the end")


def between(
    stream: Stream, taken: Iterable[tuple[int, int]], around: Context, *, last: str = "behind the partitions"
) -> Iterator[Found]:
    """Yield what lies outside of ``taken`` (start and length in bytes) on a disk; behind all of it as ``last``.

    Gaps that are longer than an item may be were searched for file systems, and it was said what they hold.
    """
    at = 0
    for start, length in sorted(taken):
        if 0 < start - at <= LARGEST:
            yield from unclaimed(
                stream, at, min(start, stream.size), "boot code" if not at else "gap", around
            )
        at = max(at, start + length)
    if 0 < stream.size - at <= LARGEST:
        yield from unclaimed(stream, at, stream.size, last, around)


def wide_gaps(stream: Stream, taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what lies outside of ``taken`` and is too long to be an item of its own, in order: start and length."""
    at = 0
    for start, length in (*sorted(taken), (stream.size, 0)):
        if min(start, stream.size) - at > LARGEST:
            yield at, min(start, stream.size) - at
        at = max(at, start + length)


def unclaimed(stream: Stream, start: int, end: int, name: str, around: Context) -> Iterator[Found]:
    """Yield a range as an item, the zeros around it left out; nothing for zeros, or one byte again and again."""
    if end - start > LARGEST:
        if held := holding(stream, start, end):
            around.note(CODE, held.saying(f" ({name})", ", part of nothing"))
        return
    try:
        data = b"".join(_blocks(stream, start, end))
    except (Damaged, OSError):
        around.note(CODE, f"{counted(end - start, 'byte')} at byte {start} ({name}) cannot be read")
        return
    if len(data) < LEAST or data == data[:1] * len(data):
        return
    first = start + len(data) - len(data.lstrip(b"\0"))
    size = start + len(data.rstrip(b"\0")) - first
    if size >= LEAST:
        around.note(CODE, f"{counted(size, 'byte')} from byte {first} on ({name}), part of nothing")
        yield Found(name=f"{name} @{first}", kind=Kind.SYSTEM, place=f"+{first}", size=size,
                    runs=((first, size),), meta={"offset": first})  # fmt: skip


def _reserved(stream: Stream) -> Iterator[tuple[int, int]]:
    """Yield the sectors before the tables of a FAT32 that hold neither boot sector, nor counts, nor copies of them."""
    stream.seek(0)
    head = stream.read(512)
    sector, reserved = u16(head, 11), u16(head, 14)
    for first, last in ((3, 6), (9, reserved)):
        if last <= reserved:
            yield first * sector, last * sector


def _exfat(stream: Stream) -> Iterator[tuple[int, int]]:
    """Yield what exFAT reserves: boot sectors but for their signatures, parameters, and what lies beside its table.

    Source: Microsoft, "exFAT file system specification", 2 (volume structure), 3.2 to 3.5.
    """
    stream.seek(0)
    head = stream.read(512)
    sector = 1 << min(head[108], 12)
    for first in (0, EXFAT_BOOT):
        for number in range(1, EXFAT_CHECKSUM):
            yield (
                (first + number) * sector,
                (first + number + 1) * sector - (4 if number <= EXFAT_EXTENDED else 0),
            )
    start, length, heap = u32(head, 80), u32(head, 84), u32(head, 88)
    yield 2 * EXFAT_BOOT * sector, start * sector
    yield (start + length * head[110]) * sector, heap * sector


def _super(stream: Stream) -> Iterator[tuple[int, int]]:
    """Yield what ext reserves in its super block and leaves of the block it stands in."""
    stream.seek(1024)
    head = stream.read(1024)
    yield 1024 + EXT_RESERVED, 1024 + 1020
    if u32(head, 24) > 1:
        yield 2048, 1024 << min(u32(head, 24), 6)


RESERVED: Mapping[str, Callable[[Stream], Iterator[tuple[int, int]]]] = {
    "FAT": _reserved,
    "exFAT": _exfat,
    "ext": _super,
}
"""What else a file system leaves between its tables."""


def _blocks(stream: Stream, start: int, end: int) -> Iterator[bytes]:
    stream.seek(start)
    while start < end and (block := stream.read(min(BLOCK, end - start))):
        yield block
        start += len(block)
