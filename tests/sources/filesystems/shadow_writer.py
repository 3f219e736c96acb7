"""NTFS volumes that keep shadow copies, written from the published format around states made by mkntfs and ntfscp.

Source: J. Metz, "Volume Shadow Snapshot (VSS) format" (libvshadow).
"""

import struct
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from disk_makers import MIB, ntfs, tree
from disk_tools import run

MARK = UUID("3808876b-c176-4e48-b7ae-04046e6cc752").bytes_le
BLOCK, HEAD, SECTOR = 0x4000, 128, 512
PLACE = 0x1E00
SINCE = 11_644_473_600
FIRST = 1_600_000_000
"""When the oldest was made, seconds since 1970; each that follows a day later."""

STEADY, OLD, NEXT, NOW = (
    bytes(range(256)) * 400,
    b"old news\n" * 40_000,
    b"next one\n" * 40_000,
    b"live now\n" * 40_000,
)
RESERVE = 4 * MIB


def name_of(number: int) -> UUID:
    return UUID(int=0x4F8B2C1E000040008000000000000000 + number)


class Store(NamedTuple):
    """What a store is given: descriptors of blocks, and bitmaps (each a bit for each block of the volume)."""

    descriptors: list[tuple[int, int, int, int, int]]
    bitmap: bytes = b""
    before: bytes = b""


class Room:
    """Blocks of a volume that are free for stores, given one after another."""

    def __init__(self, disk: bytearray, start: int, end: int) -> None:
        self.disk, self.at, self.end = disk, -(-start // BLOCK) * BLOCK, end
        self.first = self.at
        self.put(header(4, 0, self.at, 0))

    def put(self, data: bytes) -> int:
        at = self.at
        assert at + BLOCK <= self.end, "no room for stores"
        self.disk[at : at + BLOCK] = data.ljust(BLOCK, b"\0")
        self.at += BLOCK
        return at

    def chain(self, kind: int, data: bytes, each: int = BLOCK - HEAD, information: int = 0) -> int:
        """Put records of ``kind`` one behind another; return where the first stands."""
        pieces = [data[at : at + each] for at in range(0, len(data), each)] or [b""]
        start = self.at
        for number, piece in enumerate(pieces):
            at = self.at
            following = at + BLOCK if number + 1 < len(pieces) else 0
            self.put(header(kind, at - self.first, at, following, 0 if number else information) + piece)
        return start


def header(kind: int, near: int, at: int, following: int, information: int = 0, version: int = 1) -> bytes:
    return (MARK + struct.pack("<IIQQQQ", version, kind, near, at, following, information)).ljust(HEAD, b"\0")


def differing(old: bytes, new: bytes, taken: range) -> list[int]:
    """Return the blocks in which two states differ, outside of ``taken`` (bytes)."""
    return [
        at
        for at in range(0, len(old), BLOCK)
        if old[at : at + BLOCK] != new[at : at + BLOCK] and at not in taken
    ]


def plain(room: Room, old: bytes, blocks: list[int]) -> list[tuple[int, int, int, int, int]]:
    """Keep blocks of an older state; return their descriptors."""
    return [(at, room.at - room.first, room.put(old[at : at + BLOCK]), 0, 0) for at in blocks]


def finished(room: Room, size: int, stores: list[Store], *, version: int = 1) -> None:
    """Write stores, the oldest first, the catalogue and the header."""
    entries = b""
    for number, each in enumerate(stores):
        name = name_of(number).bytes_le
        machine = "KESTREL-NEWS".encode("utf-16-le")
        told = struct.pack("<16s16s16sIIIIH", bytes(16), name_of(100 + number).bytes_le, name_of(200 + number).bytes_le,
                           0x1D, 0, 0x0002000E, 0, len(machine)) + machine  # fmt: skip
        told += struct.pack("<H", len(machine)) + machine
        head = room.chain(4, told, information=len(told))
        bitmap = room.chain(6, each.bitmap or bytes(size // BLOCK // 8 + 8))
        before = room.chain(6, each.before) if each.before else 0
        packed = b"".join(struct.pack("<QQQII", *descriptor) for descriptor in each.descriptors)
        blocks = room.chain(3, packed, each=(BLOCK - HEAD) // 32 * 32)
        made = (FIRST + number * 86_400 + SINCE) * 10_000_000
        entries += struct.pack("<QQ16sQQQ", 2, size, name, number + 1, 0x40, made).ljust(128, b"\0")
        entries += struct.pack("<QQ16sQQQQQQ", 3, blocks, name, head, 0, bitmap, 0, BLOCK, before).ljust(
            128, b"\0"
        )
    catalogue = room.chain(2, entries)
    at = struct.pack("<QQQ", PLACE, PLACE, 0)
    room.disk[PLACE : PLACE + 512] = (
        MARK
        + struct.pack("<II", version, 1)
        + at
        + struct.pack("<QQ", catalogue, 0)
        + name_of(900).bytes_le * 2
    ).ljust(512, b"\0")


def of_news(folder: Path) -> tuple[Path, list[bytes]]:
    """Return an NTFS volume that keeps two older states of a file, and those states as they were."""
    disk = ntfs(folder / "d", tree(folder / "t", {"reserve.bin": b"\xa5" * RESERVE, "steady.bin": STEADY, "news.txt": OLD}),
                size=16 * MIB)  # fmt: skip
    states = [disk.read_bytes()]
    for number, text in enumerate((NEXT, NOW)):
        (folder / "news.txt").write_bytes(text)
        run("ntfscp", "-q", "-f", disk, folder / "news.txt", "news.txt")
        (folder / f"{number}.txt").write_bytes(b"later %d\n" % number * 300)
        run("ntfscp", "-q", disk, folder / f"{number}.txt", f"added-{number}.txt")
        states.append(disk.read_bytes())
    live = bytearray(states[-1])
    start = live.find(b"\xa5" * BLOCK)
    assert live[start : start + RESERVE] == b"\xa5" * RESERVE, "in one piece"
    room = Room(live, start, start + RESERVE)
    taken = range(start, start + RESERVE)
    kept = [Store(plain(room, before, differing(before, after, taken))) for before, after in pairwise(states)]
    finished(room, len(live), kept)
    disk.write_bytes(live)
    return disk, states
