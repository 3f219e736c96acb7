"""The master boot record with its extended and logical partitions.

Source: Microsoft, "Basic Disks and Volumes: Master Boot Record"; UEFI Specification 2.10, 5.2 (legacy MBR).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from actionday.model import Claim, Context, Damaged, Found, Loss, Peek, Status, Stream
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._partition import reach, volume
from actionday.sources.volumes._search import lost_volumes
from actionday.sources.volumes._signs import BOOT, KINDS, Slot, partitioned, slots, unwrapped
from actionday.sources.volumes._unclaimed import between, unclaimed, wide_gaps

SECTOR = 512
EXTENDED = (0x05, 0x0F, 0x85)
PROTECTIVE = 0xEE
MOST_LOGICAL = 1024
TABLE, SLOTS = 440, 446
"""Where the disk's signature begins, and the four entries; boot code lies before."""
ENTRY = 16


class Mbr:
    """Primary partitions are p1 to p4, logical ones p5 and up, as Linux counts them."""

    name, sample = "mbr", "mbr.raw"
    marks = (BOOT,)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a table of partitions; a GPT's protective record and a hybrid ISO are not ours."""
        if not partitioned(peek.head, peek.size) or peek.head[450] == PROTECTIVE:
            return Claim.NO
        hybrid = peek.head[32769:32774] == b"CD001"
        return Claim.NAME if hybrid else unwrapped(peek, Claim.STRUCTURE, table=False)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield partitions in table order, then file systems outside of them.

        Raises Damaged without a table, and at the end where a chain of logical partitions breaks off.
        """
        stream.seek(0)
        head = stream.read(SECTOR)
        if head[510:512] != b"\x55\xaa":
            raise Damaged("mbr: no signature at the end of the first sector")
        around.acquired({"mbr": {"signature": head[440:444][::-1].hex()}})
        chain = _Chain(stream, around)
        taken: list[tuple[int, int]] = []
        told = 0
        for number, slot in enumerate(slots(head), 1):
            if slot.kind in EXTENDED and slot.start:
                found = chain.follow(slot.start)
            elif slot.kind:
                found = iter([_volume(number, slot, stream, around)])
            else:
                continue
            for each in found:
                yield each
                taken += each.runs or ()
                told = max(told, reach(each, stream.size))
        if told > stream.size:
            around.note(Loss.SHORT, f"mbr: its partitions end at byte {told}, the disk at {stream.size}")
            lacks(told, stream.size, around)
        taken += [(TABLE, SECTOR - TABLE), *chain.tables()]
        for each in lost_volumes(stream, taken, around):
            yield each
            taken += each.runs or ()
        yield from between(stream, taken, around)
        around.unallocated(wide_gaps(stream, taken), 1)
        empty = [SLOTS + ENTRY * place for place, slot in enumerate(slots(head)) if not slot.kind]
        for at in (*empty, *chain.empty()):
            yield from unclaimed(stream, at, at + ENTRY, "partition table", around)
        if chain.broken:
            raise Damaged(f"mbr: {chain.broken}")


def _volume(number: int, slot: Slot, stream: Stream, around: Context) -> Found:
    if slot.flags not in (0, 0x80):
        around.note(
            "entry", f"mbr: the entry of p{number} has the flag 0x{slot.flags:02x}, which no tool writes"
        )
    found = volume(number, slot.start * SECTOR, slot.length * SECTOR, stream, _meta(slot))
    if slot.start:
        return found
    reason = "its entry places it at sector 0, where the table itself is"
    return replace(found, status=Status.UNREADABLE, reason=reason, runs=None, notes=())


def _meta(slot: Slot) -> dict[str, object]:
    meta: dict[str, object] = {"type": f"0x{slot.kind:02x}"}
    if slot.kind in KINDS:
        meta["type_name"] = KINDS[slot.kind]
    if slot.flags & 0x80:
        meta["active"] = True
    return meta


class _Chain:
    """Extended boot records: each names one partition and the next record."""

    def __init__(self, stream: Stream, around: Context) -> None:
        self.stream, self.around = stream, around
        self.number = 5
        self.broken = ""
        self._records: set[int] = set()

    def tables(self) -> Iterator[tuple[int, int]]:
        """Yield where the tables of the records lie: what stands before them in their sectors is anybody's."""
        return ((at * SECTOR + SLOTS, SECTOR - SLOTS) for at in self._records)

    def empty(self) -> Iterator[int]:
        """Yield where the third and the fourth entry of each record lie, which tell of nothing."""
        for record in sorted(self._records):
            yield from (record * SECTOR + SLOTS + ENTRY * place for place in (2, 3))

    def follow(self, base: int) -> Iterator[Found]:
        """Yield the logical partitions of the extended one at sector ``base``."""
        at, seen = base, set[int]()
        while at not in seen:
            if len(seen) >= MOST_LOGICAL:
                self._broken(f"more than {MOST_LOGICAL} logical partitions")
                return
            seen.add(at)
            self._records.add(at)
            self.stream.seek(at * SECTOR)
            record = self.stream.read(SECTOR)
            if record[510:512] != b"\x55\xaa":
                self._broken(f"no extended boot record at byte {at * SECTOR}: logical partitions end here")
                return
            first, *others = slots(record)
            if first.kind:
                placed = first._replace(start=at + first.start)
                yield _volume(self.number, placed, self.stream, self.around)
                self.number += 1
            following = next((slot.start for slot in others if slot.kind in EXTENDED), None)
            if following is None:
                return
            at = base + following
        self._broken(f"the chain of logical partitions returns to byte {at * SECTOR}")

    def _broken(self, why: str) -> None:
        self.around.note("chain", f"mbr: {why}")
        self.broken = self.broken or why


SOURCE = Mbr()
