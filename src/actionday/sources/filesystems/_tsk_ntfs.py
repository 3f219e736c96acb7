"""NTFS file records: sizes, initialised sizes and flags of attributes, and where resident data lies.

Source: Microsoft's published NTFS layout as described in the Linux-NTFS project's "NTFS Documentation" (FILE
record, attribute header, $ATTRIBUTE_LIST, fixups). Standard library only.

The sleuthkit gives names and run lists; it does not tell how much of a stream was ever written (what lies behind
is zeros, whatever the clusters hold), nor what a reparse point is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32, u64, whole
from actionday.sources.filesystems._tsk_ntfs_places import Places
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs

STANDARD, LIST, DATA, REPARSE = 0x10, 0x20, 0x80, 0xC0
COMPRESSED, ENCRYPTED, SPARSE = 0x00FF, 0x4000, 0x8000
BITMAP = 6
EPOCH = 116444736000000000
"""100 ns steps from 1601 to 1970."""
SYMLINK, MOUNT, WOF, DEDUP = 0xA000000C, 0xA0000003, 0x80000017, 0x80000013
MOST_RECORDS = 4096
"""Extension records followed for one file."""


class Attribute(NamedTuple):
    """One attribute as its header tells it; offsets are within its (fixed-up) record."""

    type: int
    name: str
    flags: int
    resident: bool
    at: int
    size: int
    initialised: int
    record: "Record"
    low: int = 0
    mapping: int = 0


class Record(NamedTuple):
    """One file record: its bytes with fixups undone, where each byte lies, its attributes."""

    number: int
    raw: bytes
    pieces: list[Run]
    sequence: int
    in_use: bool
    folder: bool

    def attributes(self) -> Iterator[Attribute]:
        """Yield the attributes up to the end mark, or to the first that cannot be one."""
        at = u16(self.raw, 20)
        while at + 24 <= len(self.raw) and u32(self.raw, at) != 0xFFFFFFFF:
            length = u32(self.raw, at + 4)
            if length < 24 or at + length > len(self.raw):
                return
            yield self._attribute(at)
            at += length

    def _attribute(self, at: int) -> Attribute:
        raw = self.raw
        start, count = at + u16(raw, at + 10), raw[at + 9]
        name = raw[start : start + 2 * count].decode("utf-16-le", "replace")
        kind, flags = u32(raw, at), u16(raw, at + 12)
        if raw[at + 8]:
            size, initialised = u64(raw, at + 48), u64(raw, at + 56)
            mapping = at + u16(raw, at + 32)
            return Attribute(kind, name, flags, False, 0, size, initialised, self, u64(raw, at + 16), mapping)
        size = u32(raw, at + 16)
        return Attribute(kind, name, flags, True, at + u16(raw, at + 20), size, size, self)

    def runs(self, start: int, length: int) -> list[Run]:
        """Return where ``length`` bytes at ``start`` of the record lie: the last two bytes of each sector
        stand in the update sequence array. Raises BadMap when they leave the record."""
        if start < 0 or start + length > len(self.raw):
            raise BadMap("resident data leaves its record")
        runs, at = Runs(), 0
        for offset, size in self.pieces:
            low, high = max(start, at), min(start + length, at + size)
            if low < high:
                runs.add(low - start, offset + low - at, high - low)
            at += size
        return runs.cut(length)


class Table:
    """The master file table of one volume."""

    def __init__(self, reader: Reader) -> None:
        """Raises BadMap or Missing when the boot sector or the table's own record cannot be right."""
        boot = whole(reader, 0, 512)
        sector, per = u16(boot, 11), boot[13]
        self.cluster = sector * (per if per < 0x80 else 1 << 256 - per)
        clusters = boot[64]
        self.size = clusters * self.cluster if clusters < 0x80 else 1 << 256 - clusters
        if boot[3:7] != b"NTFS" or not 256 <= self.size <= 65536 or not 256 <= self.cluster <= 1 << 21:
            raise BadMap("no NTFS boot sector")
        self.reader = reader
        self._bitmap: list[Run] | None = None
        self._places = Places([(u64(boot, 48) * self.cluster, self.size * 16)])
        self.damage = ""
        """Why a part of the table itself cannot be found, "" where all of it is."""
        own = self.record(0)
        parts = _unnamed(own)
        if parts and not parts[0].resident:
            self._find_itself(own, parts)

    @property
    def runs(self) -> list[Run]:
        """Where the table lies; never more than is told of it."""
        return self._places.runs

    def _find_itself(self, own: Record, parts: list[Attribute]) -> None:
        """Follow the table's run list through its extension records, each of which lies in what was found before."""
        runs = self.mapping(parts)
        self._places = Places(runs.list)
        listed = next((each for each in own.attributes() if each.type == LIST), None)
        try:
            for number in self._extensions(listed, own.number, only=DATA) if listed else ():
                for part in _unnamed(self.record(number)):
                    if part.resident or part.low * self.cluster != runs.end:
                        raise BadMap(f"record {number} does not go on where the run list before it ends")
                    self.mapping([part], runs)
                self._places.grown()
        except (BadMap, Missing) as error:
            self.damage = f"the file table's own run list: {error}"
        size = parts[0].size
        if size > runs.end and not self.damage:
            self.damage = f"the file table says {size} bytes, its run list leads to {runs.end}"
        self._places = Places(runs.cut(min(size, runs.end)))

    def record(self, number: int) -> Record:
        """Return record ``number``. Raises BadMap or Missing."""
        start = self._place(number * self.size)
        raw = bytearray(whole(self.reader, start, self.size))
        fixed, pieces = self._fixed(start, raw)
        flags = u16(fixed, 22)
        return Record(number, fixed, pieces, u16(fixed, 16), bool(flags & 1), bool(flags & 2))

    def _place(self, at: int) -> int:
        return self._places.find(at)

    def _fixed(self, start: int, raw: bytearray) -> tuple[bytes, list[Run]]:
        array, count = (int.from_bytes(raw[at : at + 2], "little") for at in (4, 6))
        if raw[:4] != b"FILE" or array + 2 * count > len(raw) or (count - 1) * 512 != len(raw):
            raise BadMap("damaged file record")
        pieces: list[Run] = []
        for sector in range(count - 1):
            end = sector * 512 + 510
            if raw[end : end + 2] != raw[array : array + 2]:
                raise BadMap("a file record torn in writing (its sectors do not belong together)")
            raw[end : end + 2] = raw[array + 2 + 2 * sector : array + 4 + 2 * sector]
            pieces += [(start + sector * 512, 510), (start + array + 2 + 2 * sector, 2)]
        return bytes(raw), pieces

    def attributes(self, record: Record, lost: list[str] | None = None) -> list[Attribute]:
        """Return the attributes of a file, those in extension records included.

        Raises BadMap or Missing; where ``lost`` is given, it takes why some could not be read instead.
        """
        own = list(record.attributes())
        listed = next((each for each in own if each.type == LIST), None)
        if listed is None:
            return own
        further: list[int] = []
        with self._told(lost):
            further = self._extensions(listed, record.number)
        for number in further:
            with self._told(lost):
                own += self.record(number).attributes()
        return own

    @staticmethod
    @contextmanager
    def _told(lost: list[str] | None) -> Iterator[None]:
        try:
            yield
        except (BadMap, Missing) as error:
            if lost is None:
                raise
            lost.append(str(error))

    def _extensions(self, listed: Attribute, base: int, only: int = 0) -> list[int]:
        raw, at, found = self.content(listed), 0, dict[int, None]()
        while at + 26 <= len(raw) and u16(raw, at + 4) >= 26:
            if only in (0, u32(raw, at)):
                found[u64(raw, at + 16) & 0xFFFFFFFFFFFF] = None
            at += u16(raw, at + 4)
        found.pop(base, None)
        if len(found) > MOST_RECORDS:
            raise BadMap(f"a file of {len(found)} records")
        return list(found)

    def content(self, attribute: Attribute, most: int = 1 << 20) -> bytes:
        """Return up to ``most`` bytes of an attribute that is neither compressed nor encrypted."""
        if attribute.resident:
            return attribute.record.raw[attribute.at : attribute.at + min(attribute.size, most)]
        size = min(attribute.size, most)
        runs = self.mapping([attribute]).cut(size, attribute.initialised)
        return b"".join(bytes(n) if at < 0 else whole(self.reader, at, n) for at, n in runs)

    def in_use(self, offset: int, length: int) -> int:
        """Return how many bytes of a range belong to clusters in use, by $Bitmap. Raises BadMap or Missing."""
        if self._bitmap is None:
            found = (
                each for each in self.attributes(self.record(BITMAP)) if each.type == DATA and not each.name
            )
            parts = list(found)
            self._bitmap = self.mapping(parts).cut(parts[0].size) if parts and not parts[0].resident else []
        first, last = offset // self.cluster, (offset + length - 1) // self.cluster
        bits = self.bits(first // 8, last // 8 + 1)
        return sum(self.cluster for at in range(first, last + 1) if bits[at // 8 - first // 8] >> at % 8 & 1)

    def bits(self, start: int, end: int) -> bytes:
        """Return a part of $Bitmap, known once it was asked for what is in use. Raises Missing."""
        parts, at = [], 0
        for offset, length in self._bitmap or ():
            low, high = max(start, at), min(end, at + length)
            if low < high:
                size = high - low
                parts.append(bytes(size) if offset < 0 else whole(self.reader, offset + low - at, size))
            at += length
        return b"".join(parts).ljust(end - start, b"\0")

    def mapping(self, parts: list[Attribute], onto: Runs | None = None) -> Runs:
        """Return the runs of one stream's parts, behind those in ``onto``. Raises BadMap."""
        runs = Runs() if onto is None else onto
        for part in sorted(parts, key=lambda each: each.low):
            at = part.low * self.cluster
            for cluster, count in _pairs(part.record.raw, part.mapping):
                offset = cluster * self.cluster if cluster >= 0 else -1
                runs.add(at, offset, count * self.cluster)
                at += count * self.cluster
        return runs


def _unnamed(record: Record) -> list[Attribute]:
    return [each for each in record.attributes() if each.type == DATA and not each.name]


def _pairs(raw: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Yield (first cluster or -1, clusters) out of mapping pairs."""
    cluster = 0
    while at < len(raw) and raw[at]:
        lengths, offsets = raw[at] & 15, raw[at] >> 4
        count = int.from_bytes(raw[at + 1 : at + 1 + lengths], "little", signed=True)
        start = at + 1 + lengths
        if count <= 0 or lengths > 8 or offsets > 8 or start + offsets > len(raw):
            raise BadMap("a damaged run list")
        if offsets:
            cluster += int.from_bytes(raw[start : start + offsets], "little", signed=True)
            if cluster < 0:
                raise BadMap("a run before the start of the volume")
        yield (cluster if offsets else -1), count
        at = start + offsets


def times_of(record: Record) -> dict[str, int]:
    """Return created, modified, changed, accessed as 100 ns steps since 1601, by $STANDARD_INFORMATION."""
    for each in record.attributes():
        if each.type == STANDARD and each.resident and each.size >= 32:
            raw, at = record.raw, each.at
            names = ("created", "modified", "changed", "accessed")
            return {name: u64(raw, at + 8 * index) for index, name in enumerate(names)}
    return {}


def reparse(attributes: list[Attribute], table: Table) -> tuple[int, str]:
    """Return a reparse point's tag and its target (0 and "" where there is none)."""
    found = next((each for each in attributes if each.type == REPARSE), None)
    if found is None:
        return 0, ""
    raw = table.content(found, 16384)
    tag = u32(raw, 0)
    if tag not in (SYMLINK, MOUNT) or len(raw) < 20:
        return tag, ""
    start = (20 if tag == SYMLINK else 16) + u16(raw, 8)
    return tag, raw[start : start + u16(raw, 10)].decode("utf-16-le", "replace")


__all__ = ["DATA", "Attribute", "BadMap", "Missing", "Record", "Table", "reparse", "times_of"]
