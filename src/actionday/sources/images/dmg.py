"""DMG: Apple's disk images in UDIF, packed with zlib, bzip2, LZMA or ADC, or kept as they are.

Source: libmodi, "Mac OS disk image types".
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress

from actionday.model import Claim, Context, Damaged, Encrypted, Found, Loss, Peek, Stream, Unsupported
from actionday.model.streams import lost_until
from actionday.sources.images._beyond import Beyond, short
from actionday.sources.images._disk import Disk, exactly, zeros
from actionday.sources.images._dmg_chunks import SECTOR, Chunk, Chunks
from actionday.sources.images._dmg_packing import IGNORED, LARGEST, LZFSE, NAMES, RAW, UNPACK, ZERO, unpacked
from actionday.sources.images._dmg_sums import Sums, of_tables
from actionday.sources.images._dmg_trailer import MAGIC, SIZE, Trailer, block_tables, sound, trailer_of
from actionday.sources.images._missing import Range, tell, touching, uncovered
from actionday.sources.images._parts import joined
from actionday.sources.images._rest import Span, unused

CIPHERED, CIPHERED_ONE = b"encrcdsa", b"cdsaencr"
KEPT = 4
"""Chunks kept unpacked, a MiB each as Apple makes them."""
STEPS = 1 << 16
SEGMENT = "they lie in another segment of the set, which is not read here"
NOWHERE = "none of its tables places them"


class DmgDisk(Disk):
    """Chunks by the tables."""

    def __init__(self, stream: Stream, name: str, told: Trailer, chunks: Chunks) -> None:
        size = max((each.start + each.size for each in chunks), default=0)
        super().__init__(max(size, told.sectors * SECTOR), name)
        self._stream, self._told, self.chunks = stream, told, chunks
        self._unpacked: OrderedDict[int, bytes] = OrderedDict()

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one chunk. Raises Damaged."""
        chunk = self.chunks.at(offset)
        if chunk is None:
            raise Damaged(f"dmg: byte {offset} of the disk: {NOWHERE}")
        within = offset - chunk.start
        return self.read_of(chunk, within, min(length, chunk.size - within))

    def read_of(self, chunk: Chunk, within: int, length: int) -> bytes:
        """Return 1 to ``length`` bytes of a chunk, all of them where it is packed. Raises Damaged."""
        if chunk.kind in (ZERO, IGNORED):
            return zeros(length)
        if chunk.kind == RAW:
            if within >= chunk.stored:
                raise Damaged(
                    f"{self._what(chunk)}: only {chunk.stored} of its {chunk.size} bytes are stored"
                )
            length = min(length, chunk.stored - within, 4 << 20)
            return exactly(self._stream, self.place(chunk) + within, length, self._what(chunk))
        if chunk.start not in self._unpacked:
            self._unpacked[chunk.start] = self._unpack(chunk)
            if len(self._unpacked) > KEPT:
                self._unpacked.popitem(last=False)
        return self._unpacked[chunk.start][within : within + length]

    def _unpack(self, chunk: Chunk) -> bytes:
        what = self._what(chunk)
        if chunk.kind not in UNPACK:
            raise Damaged(f"{what} is packed in a way that is not read here ({_called(chunk.kind)})")
        if max(chunk.size, chunk.stored) > LARGEST:
            raise Damaged(f"{what} is {chunk.size} bytes long, packed {chunk.stored}")
        raw = exactly(self._stream, self.place(chunk), chunk.stored, what)
        try:
            return unpacked(chunk.kind, raw, chunk.size)
        except Damaged as error:
            raise Damaged(f"{what} {error}") from error

    def place(self, chunk: Chunk) -> int:
        """Return where in the file a chunk lies. Raises Damaged where it lies in another segment."""
        if self._told.segments <= 1:
            return self._told.data + chunk.at
        at = chunk.at - self._told.running
        if not 0 <= at < self._told.length:
            raise Damaged(f"{self._what(chunk)}: {SEGMENT}")
        return self._told.data + at

    def _what(self, chunk: Chunk) -> str:
        return f"dmg: the chunk at byte {chunk.start} of the disk"

    def lost_until(self, at: int) -> int:
        """Return the end of a packed chunk, of which all is had or nothing, of a gap, else of what lacks below."""
        chunk = self.chunks.at(at)
        if chunk is None:
            following = self.chunks.behind(at)
            return self.size if following < 0 else following
        end = chunk.start + chunk.size
        within = at - chunk.start
        if chunk.kind != RAW or within >= chunk.stored:
            return end
        try:
            place = self.place(chunk)
        except Damaged:
            return end
        return min(end, chunk.start + max(lost_until(self._stream, place + within) - place, within + 1))

    def data_from(self, at: int, end: int) -> int:
        """Return a byte from ``at`` on, ``end`` at most, before which all is zero by the tables."""
        end = min(end, self.size)
        for _ in range(STEPS):
            chunk = self.chunks.at(at) if at < end else None
            if chunk is None or chunk.kind not in (ZERO, IGNORED):
                break
            at = chunk.start + chunk.size
        return min(at, end)

    def absent(self, beyond: Beyond) -> Iterator[Range]:
        """Yield what of the disk lies behind the end of the file or in another segment."""
        for chunk in self.chunks:
            if chunk.kind in (ZERO, IGNORED):
                continue
            try:
                place = self.place(chunk)
            except Damaged:
                yield chunk.start, chunk.start + chunk.size
                continue
            stored = min(chunk.size, chunk.stored) if chunk.kind == RAW else chunk.stored
            lacks = tuple(beyond.block(chunk.start, stored, place))
            if chunk.kind == RAW:
                yield from lacks
            elif lacks:
                yield chunk.start, chunk.start + chunk.size

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield what of the file is neither chunk nor table; it stands on no other."""
        del parents
        told = self._told
        used = [told.xml, told.resources, (told.at, SIZE)]
        for chunk in self.chunks:
            if chunk.kind not in (ZERO, IGNORED):
                with suppress(Damaged):  # in another segment
                    used.append((self.place(chunk), chunk.stored))
        yield from unused(self._stream, sorted(used))

    def beside(
        self, around: Context, layer: int, watched: Callable[[Stream], Stream], *, parents: bool
    ) -> Iterator[Found]:
        """Yield that as items; before, all of it is held against its checksums, which is noted where they differ."""
        Sums(watched(self._stream), watched(self), self._told, self.chunks, around).check()
        yield from super().beside(around, layer, watched, parents=parents)


class Dmg:
    """Apple disk images."""

    name, sample = "dmg", "hfsplus.dmg"
    binary = True
    marks = ((-SIZE, MAGIC), (0, MAGIC), (0, CIPHERED), (-len(CIPHERED_ONE), CIPHERED_ONE))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a trailer whose tables lie in the file, and for the header of an encrypted image."""
        ends = peek.tail[-SIZE:], peek.head[:SIZE]
        if peek.head[:8] == CIPHERED or any(sound(raw, peek.size) for raw in ends):
            return joined(peek, Claim.STRUCTURE)
        named = any(raw[:4] == MAGIC for raw in ends) or peek.tail[-8:] == CIPHERED_ONE
        return joined(peek, Claim.MAGIC if named and peek.size >= SIZE else Claim.NO)

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the disk. Raises Damaged, Encrypted or Unsupported."""
        _open(stream)
        told = trailer_of(stream)
        bad: list[str] = []
        chunks = Chunks(block_tables(stream, told), bad)
        facts = _facts(told, chunks)
        around.acquired({"dmg": facts})
        for each in bad[:20]:
            around.note(Loss.TABLE, f"dmg: {each}")
        if any(each.kind == LZFSE for each in chunks) and LZFSE not in UNPACK:
            raise Unsupported("dmg: an Apple disk image packed with LZFSE: not read here")
        if not len(chunks):
            raise Damaged("dmg: its tables name no part of a disk")
        if told.segments > 1:
            why = f"segment {told.segment} of {told.segments}: the others are not read here"
            around.note(Loss.SEGMENT_MISSING, f"dmg: {why}")
        of_tables(told, chunks.tables, around)
        disk = DmgDisk(stream, around.name, told, chunks)
        _tell(disk, Beyond(stream), around, told.segments > 1)
        return disk


def _open(stream: Stream) -> None:
    """Raise Encrypted for an image that is enciphered."""
    stream.seek(0)
    head = stream.read(12)
    stream.seek(max(0, stream.size - 8))
    if head[:8] == CIPHERED or stream.read(8) == CIPHERED_ONE:
        version = int.from_bytes(head[8:12], "big") if head[:8] == CIPHERED else 1
        raise Encrypted(f"an encrypted Apple disk image (version {version}): not deciphered here")


def _tell(disk: DmgDisk, beyond: Beyond, around: Context, split: bool) -> None:
    """Note what of the disk cannot be had, by the tables."""
    gaps = uncovered(((each.start, each.start + each.size) for each in disk.chunks), disk.size)
    lost = tuple(disk.absent(beyond))
    why = SEGMENT if split else beyond.why if lost else NOWHERE
    if lost and gaps and not split:
        why = f"{beyond.why}, or {NOWHERE}"
    disk.missing = tuple(touching(sorted([*gaps, *lost])))
    short(beyond, "dmg", around)
    around.acquired(tell(disk.missing, disk.size, around, why))


def _facts(told: Trailer, chunks: Chunks) -> dict[str, object]:
    kinds = dict.fromkeys(_called(each.kind) for each in chunks)
    found: dict[str, object] = {"sectors": told.sectors, "variant": told.variant,
                                "parts": [each.name for each in chunks.tables[:100]], "chunks": len(chunks),
                                "packing": [*kinds][:20]}  # fmt: skip
    return found | ({"segment": told.segment, "segments": told.segments} if told.segments > 1 else {})


def _called(kind: int) -> str:
    return NAMES.get(kind, f"0x{kind:08x}")


IMAGE = Dmg()
