"""Apple partition maps: disks of Macintosh before Intel, and disk images of any age.

Source: Inside Macintosh: Devices, "SCSI Manager", partition map (``Block0``, ``Partition``).
"""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Claim, Context, Damaged, Found, Loss, Peek, Stream
from actionday.model.streams import read_at
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._partition import reach, volume
from actionday.sources.volumes._search import lost_volumes
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import between

MAGIC = b"PM\0\0"
BLOCKS = (512, 1024, 2048)
"""Where the map begins is how long a block is: a disk's, or a compact disc's."""
ENTRY, MOST = 512, 1024
MAP, FREE, VOID = "Apple_partition_map", "Apple_Free", "Apple_Void"
DISC = 32769


class Part(NamedTuple):
    """One entry of the map, in bytes."""

    start: int
    length: int
    name: str
    type: str


class Apm:
    """Partitions are p1 and up, by their entry in the map."""

    name, sample = "apm", "apm.raw"
    binary = True
    marks = tuple((block, MAGIC) for block in BLOCKS)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a map that names its own partition; a hybrid disc's own file system tells more."""
        block = _block(peek.head)
        if not block:
            return Claim.NO
        disc = peek.head[DISC : DISC + 5] == b"CD001"
        own = any(_part(peek.head, (1 + number) * block, block).type == MAP for number in range(8))
        return Claim.NAME if disc else unwrapped(peek, Claim.STRUCTURE if own else Claim.MAGIC)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield partitions in the order of the map, then file systems outside of them. Raises Damaged without a map."""
        block = _block(read_at(stream, 0, BLOCKS[-1] + ENTRY))
        if not block:
            raise Damaged("apm: no partition map")
        count = int.from_bytes(read_at(stream, block + 4, 4), "big")
        around.acquired({"apm": {"block": block, "entries": count}})
        if count > MOST:
            around.note(Loss.PARTS_LIMIT, f"apm: a map of {count} entries: the first {MOST} are read")
        taken: list[tuple[int, int]] = [(0, block)]
        told = 0
        for number in range(1, min(count, MOST) + 1):
            raw = read_at(stream, number * block, ENTRY)
            if raw[:4] != MAGIC:
                around.note(
                    Loss.TABLE, f"apm: entry {number} of {count} of the map is damaged, and those behind it"
                )
                break
            part = _part(raw, 0, block)
            if part.type in (FREE, VOID):
                continue
            taken.append((part.start, part.length))
            if part.type == MAP:
                continue
            found = volume(
                number, part.start, part.length, stream, {"type_name": part.type, "label": part.name}
            )
            yield found
            told = max(told, reach(found, stream.size))
        if told > stream.size:
            around.note(Loss.SHORT, f"apm: its partitions end at byte {told}, the disk at {stream.size}")
            lacks(told, stream.size, around)
        for each in lost_volumes(stream, taken, around):
            yield each
            taken += each.runs or ()
        yield from between(stream, taken, around)


def _block(head: bytes) -> int:
    """Return how long the blocks of a map are, 0 where there is none."""
    return next((block for block in BLOCKS if head[block : block + 4] == MAGIC), 0)


def _part(raw: bytes, at: int, block: int) -> Part:
    def text(first: int) -> str:
        return raw[at + first : at + first + 32].split(b"\0")[0].decode("mac-roman")

    start, length = (int.from_bytes(raw[at + place : at + place + 4], "big") for place in (8, 12))
    return Part(start * block, length * block, text(16), text(48))


SOURCE = Apm()
