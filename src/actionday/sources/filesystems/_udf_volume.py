"""The descriptors of a UDF volume: where its partitions lie, and where its tree begins.

Source: ECMA-167 3rd edition, 2/9 (recognition), 3/7.2 (tags), 3/10 (descriptors), 4/14.1 (file set); OSTA UDF 2.60,
2.2 (volumes, partition maps of type 2), 2.1.1 (names). Virtual, sparable and metadata partitions are named, not read.
"""

from binascii import crc_hqx
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from actionday.model import Unsupported
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32, whole
from actionday.sources.filesystems._tsk_runs import BadMap

RECOGNISED, SECTOR = 32768, 2048
SECTORS = (2048, 512, 4096, 1024)
"""Sizes of sectors: discs have the first, disks mostly the second."""
ANCHOR, POINTER, PARTITION, LOGICAL, ENDS = 2, 3, 5, 6, 8
FILE_SET, MOST_DESCRIBED, MOST_MARKS = 256, 256, 64


class Extent(NamedTuple):
    """A long allocation descriptor: what kind it is (0: recorded), its bytes, its block and partition."""

    kind: int
    length: int
    block: int
    partition: int


NAMES, BEFORE = (b"NSR02", b"NSR03"), (b"CD001", b"BEA01", b"BOOT2", b"CDW02")
"""What names UDF in the recognition sequence, and what may stand before it, as zeros may."""


def recognised(head: bytes) -> bool:
    """Say whether the volume recognition sequence (sectors from byte 32,768 on) names UDF."""
    ends = min(len(head), RECOGNISED + MOST_MARKS * SECTOR)
    return _names_udf(head[at + 1 : at + 6] for at in range(RECOGNISED, ends, SECTOR))


def recognised_on(reader: Reader) -> bool:
    """Say the same of a disc, read as far as the sequence goes. Raises Missing."""
    return _names_udf(reader.at(RECOGNISED + n * SECTOR + 1, 5) for n in range(MOST_MARKS))


def _names_udf(marks: Iterable[bytes]) -> bool:
    for mark in marks:
        if mark in NAMES:
            return True
        if mark not in BEFORE and any(mark):
            return False
    return False


def tag(raw: bytes) -> int:
    """Return the number of the tag that ``raw`` begins with, -1 where its checksum is not that of a tag."""
    if len(raw) < 16 or (sum(raw[:4]) + sum(raw[5:16])) & 0xFF != raw[4] or not any(raw[:16]):
        return -1
    return u16(raw, 0)


def trusted(raw: bytes) -> bool:
    """Say whether the checksum of what follows a tag is that of ``raw``."""
    length = u16(raw, 10)
    return 16 + length <= len(raw) and crc_hqx(raw[16 : 16 + length], 0) == u16(raw, 8)


def long_extent(raw: bytes, at: int) -> Extent:
    """Return the long allocation descriptor at ``at``."""
    length = u32(raw, at)
    return Extent(length >> 30, length & 0x3FFFFFFF, u32(raw, at + 4), u16(raw, at + 8))


def compressed(raw: bytes) -> str:
    """Return the text of OSTA compressed Unicode; bytes of no such form as Latin-1."""
    if raw[:1] in (b"\x10", b"\xff"):
        return raw[1:].decode("utf-16-be", "surrogatepass" if len(raw) % 2 else "replace")
    return raw[1:].decode("latin-1") if raw[:1] in (b"\x08", b"\xfe") else raw.decode("latin-1")


class Volume:
    """A logical volume whose partitions are plain ranges of the disc."""

    def __init__(self, reader: Reader) -> None:
        """Raises BadMap or Missing where no descriptors can be read, Unsupported where a partition is no plain one."""
        self.reader = reader
        logical, partitions = self._described()
        self.label = compressed(_string(logical[84:212]))
        self.block = u32(logical, 212)
        if self.block not in SECTORS:
            raise BadMap(f"a block size of {self.block} bytes")
        self._partitions = list(_maps(logical, partitions, self.sector))
        self.end = max((start + length for start, length in self._partitions), default=0)
        sets = long_extent(logical, 248)
        raw = self.read(sets.partition, sets.block)
        if tag(raw) != FILE_SET:
            raise BadMap(f"no file set in block {sets.block} of partition {sets.partition}")
        self.root = long_extent(raw, 400)
        self.more_sets = bool(long_extent(raw, 448).length)

    def _described(self) -> tuple[bytes, dict[int, bytes]]:
        why = "no anchor was found"
        for sector, anchor in _anchors(self.reader):
            self.sector = sector
            for at in (16, 24):  # the main sequence, the reserve
                found = _newest(self.reader, sector, u32(anchor, at + 4), u32(anchor, at))
                logical = found.pop(-LOGICAL, None)
                if logical is not None and found:
                    return logical, found
                why = "the volume descriptors are damaged"
        raise BadMap(why)

    def place(self, partition: int, block: int, blocks: int = 1) -> int:
        """Return the byte at which a block of a partition (by its map's number) lies. Raises BadMap."""
        if partition >= len(self._partitions):
            raise BadMap(f"there is no partition {partition}")
        start, length = self._partitions[partition]
        if block + blocks > max(1, length // self.block):
            raise BadMap(f"block {block} lies outside of partition {partition}")
        return start + block * self.block

    def read(self, partition: int, block: int) -> bytes:
        """Return a block. Raises BadMap or Missing."""
        return whole(self.reader, self.place(partition, block), self.block)


def _string(raw: bytes) -> bytes:
    """Return the used bytes of a fixed field, whose last byte counts them."""
    return raw[: raw[-1]] if 0 < raw[-1] < len(raw) else b""


def _anchors(reader: Reader) -> Iterator[tuple[int, bytes]]:
    for sector in SECTORS:
        last = reader.size // sector - 1
        for number in dict.fromkeys((256, last, last - 256)):
            try:
                raw = reader.at(number * sector, 512)
            except Missing:
                continue
            if tag(raw) == ANCHOR and u32(raw, 12) == number and trusted(raw):
                yield sector, raw


def _newest(reader: Reader, sector: int, start: int, length: int) -> dict[int, bytes]:
    """Return the newest descriptor of each partition by its number, that of the volume under ``-LOGICAL``."""
    found: dict[int, bytes] = {}
    at, end = start, start + length // sector
    for _ in range(MOST_DESCRIBED):
        if at >= end:
            break
        try:
            raw = reader.at(at * sector, sector)
        except Missing:
            raw = b""
        at += 1
        kind = tag(raw)
        if kind == POINTER:
            at, end = u32(raw, 24), u32(raw, 24) + u32(raw, 20) // sector
        elif kind == ENDS:
            break
        elif kind in (PARTITION, LOGICAL) and trusted(raw):
            key = u16(raw, 22) if kind == PARTITION else -LOGICAL
            if key not in found or u32(raw, 16) >= u32(found[key], 16):
                found[key] = raw
    return found


def _maps(logical: bytes, partitions: dict[int, bytes], sector: int) -> Iterator[tuple[int, int]]:
    """Yield (first byte, bytes) of each partition map. Raises BadMap or Unsupported."""
    at, end = 440, min(len(logical), 440 + u32(logical, 264))
    while at + 2 <= end and logical[at + 1] >= 6:
        if logical[at] != 1:
            kind = logical[at + 5 : at + 28].rstrip(b"\0").decode("latin-1").removeprefix("*UDF ").lower()
            raise Unsupported(f"udf: a {kind or 'partition of an unknown kind'} is not read here")
        partition = partitions.get(u16(logical, at + 4))
        if partition is None:
            raise BadMap(f"partition {u16(logical, at + 4)} has no descriptor")
        yield u32(partition, 188) * sector, u32(partition, 192) * sector
        at += logical[at + 1]
