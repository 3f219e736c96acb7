"""The metadata of a BitLocker volume: one block in three copies, of a header and entries within entries.

Source: Joachim Metz, "BitLocker Drive Encryption (BDE) format specification", FVE metadata block, header and entries.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from actionday.model import Damaged, Stream
from actionday.model.streams import read_at
from actionday.sources.volumes._signs import NAME, TO_GO, u16, u32, u64

WHILE_WRITTEN = UUID("92a84d3b-dd80-4d0e-9e4e-b1e3284eaed8").bytes_le
"""In the boot sector of a volume of which bitmaps tell what is encrypted yet."""
LARGEST = 1 << 20
"""Bytes of a block: Windows keeps 64 KiB for it."""
HEAD, SET = 64, 48
VMK, FVEK, KEY, TEXT, STRETCH, CCM = 2, 3, 1, 2, 3, 5
"""Roles of a master key and of the volume's key; types of entries."""
DESCRIPTION = 7
PROTECTOR, PROTECTED, OUTER, INNER = 8, 28, 9, 24
"""Types of entries of a protector and of an external key, and bytes before what stands within them."""
PROTECTORS = {0x0000: "clear key", 0x0100: "TPM", 0x0200: "startup key", 0x0500: "TPM and PIN",
              0x0800: "recovery password", 0x1000: "TPM and startup key", 0x2000: "passphrase"}  # fmt: skip


class Entry(NamedTuple):
    """One entry: what it is for, what it is, and its bytes."""

    role: int
    kind: int
    data: bytes


class Protector(NamedTuple):
    """One way to the master key."""

    identifier: str
    kind: int
    within: tuple[Entry, ...]

    @property
    def said(self) -> str:
        """What it is called, with its identifier."""
        return f"{PROTECTORS.get(self.kind, f'protector {self.kind:#06x}')} {self.identifier}"

    def first(self, kind: int) -> bytes:
        """Return the bytes of the first entry of a type within it, b"" where there is none."""
        return next((each.data for each in self.within if each.kind == kind), b"")


class Block(NamedTuple):
    """What a copy of the metadata says."""

    version: int
    state: int
    reach: int
    """Bytes up to which it is encrypted; 0: all."""
    state_size: int
    sectors: int
    """How many of the first sectors lie elsewhere."""
    places: tuple[int, ...]
    elsewhere: int
    """The byte where they lie; in version 1 the cluster of the second file table."""
    identifier: str
    cipher: int
    entries: tuple[Entry, ...]

    @property
    def protectors(self) -> list[Protector]:
        """All ways to the master key."""
        return [_protector(each.data) for each in self.entries
                if (each.role, each.kind) == (VMK, PROTECTOR) and len(each.data) >= PROTECTED]  # fmt: skip

    @property
    def key(self) -> bytes:
        """The volume's key, enciphered with the master key."""
        return next((each.data for each in self.entries if (each.role, each.kind) == (FVEK, CCM)), b"")

    @property
    def description(self) -> str:
        """The name that Windows gave it: computer, volume, date."""
        found = next(
            (each.data for each in self.entries if (each.role, each.kind) == (DESCRIPTION, TEXT)), b""
        )
        return found.decode("utf-16-le", "replace").rstrip("\0")


class Places(NamedTuple):
    """What the boot sector says: where the copies are, and the bitmaps of what is encrypted, if any."""

    sector: int
    cluster: int
    blocks: tuple[int, ...]
    bitmaps: tuple[int, ...]


def places_of(boot: bytes) -> Places:
    """Return what the boot sector says. Raises Damaged."""
    sector = u16(boot, 11)
    if sector not in (512, 1024, 2048, 4096):
        raise Damaged(f"bitlocker: sectors of {sector} bytes")
    cluster = sector * boot[13]
    for mark in (WHILE_WRITTEN, TO_GO):
        if (at := boot.find(mark)) >= 0:
            kept = tuple(u64(boot, at + 16 + 8 * number) for number in range(5))
            return Places(sector, cluster, kept[:3], kept[3:] if mark == WHILE_WRITTEN else ())
    return Places(sector, cluster, (u64(boot, 0x38) * cluster,), ())


def block_of(stream: Stream, places: Places) -> tuple[Block, str]:
    """Return the metadata, and which copies of it are damaged ("": none). Raises Damaged where all are."""
    found: Block | None = None
    lost, at, tried = list[str](), list(dict.fromkeys(places.blocks)), 0
    while tried < len(at) and tried < MOST_COPIES:
        place, tried = at[tried], tried + 1
        try:
            block = _block(stream, place)
        except (Damaged, OSError) as error:
            lost.append(f"the copy at byte {place} ({error})")
            continue
        found = found or block
        at += [each for each in block.places if each and each not in at]
    if found is None:
        raise Damaged(f"bitlocker: no copy of its metadata can be read: {'; '.join(lost)}")
    return found, "; ".join(lost)


MOST_COPIES = 6


def _block(stream: Stream, at: int) -> Block:
    head = read_at(stream, at, HEAD + SET)
    if len(head) < HEAD + SET or head[:8] != NAME:
        raise Damaged("is none")
    version = u16(head, 10)
    size = u16(head, 8) << (4 if version >= 2 else 0)
    raw = read_at(stream, at, size + 8)
    if not HEAD + SET <= size <= LARGEST or len(raw) < size + 8:
        raise Damaged(f"{size} bytes of it are due, {max(0, len(raw) - 8)} there")
    if crc32(raw[:size]) != u32(raw, size + 4):
        raise Damaged("its checksum differs")
    places = tuple(u64(raw, 32 + 8 * number) for number in range(3))
    begin, end = u32(raw, HEAD + 8), u32(raw, HEAD + 12)
    entries = tuple(entries_of(raw[HEAD + begin : min(HEAD + end, size)]))
    identifier = str(UUID(bytes_le=raw[HEAD + 16 : HEAD + 32]))
    return Block(version, u16(raw, 12), u64(raw, 16), u32(raw, 24), u32(raw, 28), places, u64(raw, 56), identifier,
                 u16(raw, HEAD + 36), entries)  # fmt: skip


def entries_of(data: bytes) -> Iterator[Entry]:
    """Yield the entries that stand one behind another; one whose length cannot be ends them."""
    at = 0
    while at + 8 <= len(data):
        size = u16(data, at)
        if size < 8 or at + size > len(data):
            return
        yield Entry(u16(data, at + 2), u16(data, at + 4), data[at + 8 : at + size])
        at += size


def _protector(data: bytes) -> Protector:
    return Protector(str(UUID(bytes_le=data[:16])), u16(data, 26), tuple(entries_of(data[PROTECTED:])))


def external(data: bytes) -> bytes:
    """Return the key in a start-up key's file (``.BEK``), b"" where it holds none."""
    for entry in entries_of(data[SET:]):
        if entry.kind == OUTER:
            within: Sequence[Entry] = tuple(entries_of(entry.data[INNER:]))
            return next((each.data[4:] for each in within if each.kind == KEY), b"")
    return b""
