"""Headers, region tables and metadata of a VHDX.

Source: Microsoft, [MS-VHDX] "Virtual Hard Disk v2 (VHDX) File Format", sections 2.2 to 2.6.
"""

from typing import NamedTuple
from uuid import UUID

from actionday.model import Damaged, Stream, Unsupported
from actionday.sources.filesystems._crc32c import crc32c
from actionday.sources.images._disk import exactly

HEADERS, REGIONS = (0x10000, 0x20000), (0x30000, 0x40000)
HEADER, REGION = 4096, 65536
BAT, METADATA = UUID("2dc27766-f623-4200-9d64-115e9bfd4a08"), UUID("8b7ca206-4790-4b9a-b8fe-575f050f886e")
PARAMETERS, SIZE = UUID("caa16737-fa36-4d43-b3b6-33f0aa44e76b"), UUID("2fa54224-cd1b-4876-b211-5dbed83bf4b8")
SECTOR, LOCATOR = UUID("8141bf1d-a96f-4709-ba47-f233a8faab5f"), UUID("a8d35f2d-b30b-454d-abf7-d3d84834ab0c")
PAGE83 = UUID("beca12ab-b2e6-4523-93ef-c309e000c746")
PHYSICAL = UUID("cda348c7-445d-4471-9cc9-e9885251c556")
KNOWN = {PARAMETERS, SIZE, SECTOR, LOCATOR, PAGE83, PHYSICAL}
MIB = 1 << 20
LARGEST = 64 << 40
INVERTED = 0xFFFFFFFF


class Layout(NamedTuple):
    """What has to be known to read blocks; sizes in bytes."""

    size: int
    block: int
    sector: int
    bat: int
    has_parent: bool
    locator: dict[str, str]
    log: bool
    identity: str
    """The data-write identifier, which a child keeps as its parent's linkage."""
    notes: tuple[str, ...]
    differ: tuple[str, ...]
    """Headers and region tables that are there and do not fit their checksum."""
    structures: tuple[tuple[int, int], ...]
    """Start and length of headers, log and regions."""


def layout(stream: Stream) -> Layout:
    """Return the layout. Raises Damaged or Unsupported."""
    head, notes = _header(stream)
    regions = _regions(stream, notes)
    if BAT not in regions or METADATA not in regions:
        raise Damaged("vhdx: the region table names no block table or no metadata")
    told = _metadata(stream, regions[METADATA][0])
    flags, block = _u32(told[PARAMETERS], 4), _u32(told[PARAMETERS], 0)
    size, sector = _u64(told[SIZE], 0), _u32(told[SECTOR], 0)
    if not MIB <= block <= 256 * MIB or block % MIB or sector not in (512, 4096) or not 0 < size <= LARGEST:
        raise Damaged(f"vhdx: {size} bytes in blocks of {block}, sectors of {sector}")
    log = any(head[48:64])
    if log:
        notes.append("its log holds changes that were not replayed")
    locator = _locator(told[LOCATOR]) if flags & 2 and LOCATOR in told else {}
    identity = str(UUID(bytes_le=head[32:48]))
    return Layout(
        size,
        block,
        sector,
        regions[BAT][0],
        bool(flags & 2),
        locator,
        log,
        identity,
        tuple(notes),
        _differing(stream),
        ((0, REGIONS[-1] + REGION), (_u64(head, 72), _u32(head, 68)), *regions.values()),
    )


def _header(stream: Stream) -> tuple[bytes, list[str]]:
    """Return the header in force: of those whose checksum fits, the one with the higher sequence number."""
    good, notes = [], []
    for at in HEADERS:
        raw = _read(stream, at, HEADER)
        if _fits(raw, b"head"):
            good.append(raw)
        else:
            notes.append(f"the header at byte {at} is damaged")
    if not good:
        raise Damaged("vhdx: both headers are damaged")
    return max(good, key=lambda raw: _u64(raw, 8)), notes


def _differing(stream: Stream) -> tuple[str, ...]:
    kinds = ((HEADERS, HEADER, b"head", "the header"), (REGIONS, REGION, b"regi", "the region table"))
    told = []
    for places, length, magic, what in kinds:
        for at in places:
            raw = _read(stream, at, length)
            here = at + length <= stream.size  # what is not there whole was not compared
            if here and any(raw) and not _fits(raw, magic):
                told.append(f"{what} at byte {at}")
    return tuple(told)


def _fits(raw: bytes, magic: bytes) -> bool:
    return raw[:4] == magic and crc32c(raw[:4] + bytes(4) + raw[8:]) ^ INVERTED == _u32(raw, 4)


def _regions(stream: Stream, notes: list[str]) -> dict[UUID, tuple[int, int]]:
    """Return where each region starts and how long it is."""
    for at in REGIONS:
        raw = _read(stream, at, REGION)
        if not _fits(raw, b"regi"):
            notes.append(f"the region table at byte {at} is damaged")
            continue
        entries = (raw[16 + 32 * index : 48 + 32 * index] for index in range(min(_u32(raw, 8), 2047)))
        regions = {
            UUID(bytes_le=each[:16]): (_u64(each, 16), _u32(each, 24), _u32(each, 28)) for each in entries
        }
        unknown = [
            key for key, (_, _, required) in regions.items() if required & 1 and key not in (BAT, METADATA)
        ]
        if unknown:
            raise Unsupported(f"vhdx: unknown required region {unknown[0]}")
        return {key: (place, length) for key, (place, length, _) in regions.items()}
    raise Damaged("vhdx: both region tables are damaged")


def _metadata(stream: Stream, at: int) -> dict[UUID, bytes]:
    table = exactly(stream, at, REGION, "vhdx: the metadata table")
    if table[:8] != b"metadata":
        raise Damaged("vhdx: no metadata table where the region table places it")
    told: dict[UUID, bytes] = {}
    for index in range(min(int.from_bytes(table[10:12], "little"), 2047)):
        entry = table[32 + 32 * index : 64 + 32 * index]
        key, flags = UUID(bytes_le=entry[:16]), _u32(entry, 24)
        if key not in KNOWN and flags & 4:
            raise Unsupported(f"vhdx: unknown required metadata {key}")
        if key in KNOWN:
            told[key] = exactly(
                stream, at + _u32(entry, 16), min(_u32(entry, 20), MIB), "vhdx: a metadata item"
            )
    if any(len(told.get(key, b"")) < length for key, length in ((PARAMETERS, 8), (SIZE, 8), (SECTOR, 4))):
        raise Damaged("vhdx: the metadata tell no size")
    return told


def _locator(raw: bytes) -> dict[str, str]:
    told = {}
    for index in range(min(int.from_bytes(raw[18:20], "little"), 64)):
        at = 20 + 12 * index
        key, value = _u32(raw, at), _u32(raw, at + 4)
        lengths = (
            int.from_bytes(raw[at + 8 : at + 10], "little"),
            int.from_bytes(raw[at + 10 : at + 12], "little"),
        )
        name = raw[key : key + lengths[0]].decode("utf-16-le", "replace")
        told[name] = raw[value : value + lengths[1]].decode("utf-16-le", "replace")
    return told


def _read(stream: Stream, at: int, length: int) -> bytes:
    stream.seek(at)
    return stream.read(length).ljust(length, b"\0")


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")


def _u64(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 8], "little")
