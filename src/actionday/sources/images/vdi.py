"""VDI: VirtualBox disks, dynamic, fixed and differencing.

Source: the header of VirtualBox's open-source ``VDICore.h`` (format 1.1), as described at
https://forums.virtualbox.org/viewtopic.php?t=8046.
"""

from array import array
from collections.abc import Iterator
from uuid import UUID

from actionday.model import Claim, Context, Damaged, NotThere, Peek, Stream, Unsupported
from actionday.sources.images._below import Holds, Overlay, known
from actionday.sources.images._beyond import Beyond, tell_beyond
from actionday.sources.images._disk import exactly, zeros
from actionday.sources.images._missing import Range, or_nothing
from actionday.sources.images._parents import glance, opened
from actionday.sources.images._parts import joined
from actionday.sources.images._rest import Span, unused
from actionday.sources.images._slack import slack
from actionday.sources.images._units import Units

MAGIC = b"\x7f\x10\xda\xbe"
HEADER = 512
FREE, ZERO = 0xFFFFFFFF, 0xFFFFFFFE
DIFFERENCING = 4
MOST_BLOCKS = 1 << 24
"""16 TiB in blocks of 1 MiB; their map is 64 MiB."""


class VdiDisk(Overlay):
    """Blocks by the map; what is not in it comes from the parent."""

    def __init__(self, stream: Stream, name: str, raw: bytes, below: Stream | None) -> None:
        super().__init__(_u64(raw, 0x170), name, below)
        self._stream, self._block = stream, _u32(raw, 0x178)
        self._data, count = _u32(raw, 0x158), _u32(raw, 0x180)
        if not self._block or not count or count > MOST_BLOCKS or count * self._block < self.size:
            raise Damaged(f"vdi: {count} blocks of {self._block} bytes for a disk of {self.size}")
        self._map = array("I", exactly(stream, _u32(raw, 0x154), count * 4, "vdi: the block map"))
        self._tables = ((0, HEADER), (_u32(raw, 0x154), count * 4))

    def absent(self, beyond: Beyond) -> Iterator[Range]:
        """Yield what of the disk lies behind the end of the file."""
        for number, entry in enumerate(self._map):
            if entry < ZERO:
                start = number * self._block
                within, place = min(self._block, self.size - start), self._data + entry * self._block
                beyond.allotted = max(beyond.allotted, place + self._block)
                yield from beyond.block(start, within, place)

    def own_rest(self) -> Iterator[Span]:
        """Yield what is neither header, map nor block."""
        blocks = Units(self._stream, self._block, self._data)
        for start, length in self._blocks():
            blocks.use(start, length)
        yield from unused(self._stream, sorted(self._tables), self._data)
        yield from blocks.unused()

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Yield where blocks lie, each as far as the disk reaches into it."""
        for number, entry in enumerate(self._map):
            if entry < ZERO:
                within = min(self._block, max(0, self.size - number * self._block))
                yield self._data + entry * self._block, within

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return that of a block."""
        number, within = divmod(offset, self._block)
        kind = {FREE: Holds.BELOW, ZERO: Holds.ZERO}.get(self._map[number], Holds.OWN)
        return kind, min(length, self._block - within)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one block. Raises Damaged."""
        number, within = divmod(offset, self._block)
        length = min(length, self._block - within)
        entry = self._map[number]
        if entry == FREE:
            return self.under(offset, length)
        if entry == ZERO:
            return zeros(length)
        return exactly(
            self._stream, self._data + entry * self._block + within, length, f"vdi: block {number}"
        )


class Vdi:
    """VirtualBox disk images."""

    name, sample = "vdi", "ext4.vdi"
    binary = True
    marks = ((64, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the signature behind the text."""
        return joined(peek, Claim.STRUCTURE if peek.head[64:68] == MAGIC else Claim.NO)

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the disk. Raises Damaged (a missing parent too) or Unsupported."""
        raw = exactly(stream, 0, HEADER, "vdi: the header")
        major = int.from_bytes(raw[70:72], "little")
        if major != 1:
            raise Unsupported(f"vdi: format {major} is not read here")
        kind = _u32(raw, 0x4C)
        facts = _facts(raw)
        facts |= slack(stream, around, "vdi", _rooms(raw))
        around.acquired({"vdi": facts})
        with or_nothing(_u64(raw, 0x170), around):
            disk = VdiDisk(stream, around.name, raw, None)
            if kind == DIFFERENCING:
                with known(disk):
                    disk.stand(*_parent(UUID(bytes_le=raw[0x1A8:0x1B8]), around), around)
        beyond = Beyond(stream)
        around.acquired(tell_beyond(disk, beyond, disk.absent(beyond), "vdi", around))
        return disk


def _parent(wanted: UUID, around: Context) -> tuple[Stream, str]:
    """A VDI names its parent by number alone: ask every VDI beside it for its own."""
    for name in around.siblings():
        if name == around.name or not name.lower().endswith(".vdi"):
            continue
        seen = glance(around, name)
        if seen is None or _own(seen) != wanted:
            continue
        if (stream := around.sibling(name)) is not None:
            return opened(stream, name, around, "vdi"), name
    raise NotThere(f"vdi: needs backing file with UUID {wanted}, which is not beside it")


def _facts(raw: bytes) -> dict[str, object]:
    """Return what the header tells of the disk, its maker and what it was made from."""
    found: dict[str, object] = {
        "uuid": str(UUID(bytes_le=raw[0x188:0x198])),
        "type": _u32(raw, 0x4C),
        "creator": _text(raw[:64]),
        "comment": _text(raw[0x54:0x154]),
    }
    uuids = {"snapshot_uuid": 0x198, "parent_uuid": 0x1A8, "parent_snapshot_uuid": 0x1B8}
    found |= {
        key: str(UUID(bytes_le=raw[at : at + 16])) for key, at in uuids.items() if any(raw[at : at + 16])
    }
    return {key: value for key, value in found.items() if value != ""}


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].strip().decode("utf-8", "backslashreplace")


def _rooms(raw: bytes) -> list[tuple[int, int]]:
    """Return what is left of the two texts behind their NUL, and of the header behind its fields."""
    texts = [(at + len(raw[at:end].split(b"\0", 1)[0]), end) for at, end in ((0, 64), (0x54, 0x154))]
    return [*texts, (72 + max(_u32(raw, 72), 0x1D8 - 72), HEADER)]


def _own(stream: Stream) -> UUID | None:
    stream.seek(0)
    raw = stream.read(HEADER)
    return UUID(bytes_le=raw[0x188:0x198]) if len(raw) == HEADER and raw[64:68] == MAGIC else None


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")


def _u64(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 8], "little")


IMAGE = Vdi()
