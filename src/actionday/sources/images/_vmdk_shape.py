"""The shape of a sparse VMDK extent by its header, or by its footer: hosted (KDMV, also stream-optimised), ESX (COWD).

Source: VMware, "Virtual Disk Format 5.0", sections "Hosted Sparse Extents", "Stream-Optimized Compressed Sparse
Extents", "ESX Server Sparse Extents".
"""

from typing import NamedTuple

from actionday.model import Damaged, Stream, Unsupported
from actionday.sources.images._disk import exactly
from actionday.sources.images._vmdk_refound import refound
from actionday.sources.images._vmdk_stream import HOSTED, SECTOR, last_header

REDO = b"COWD"
COMPRESSED, ZEROED = 1 << 16, 1 << 2
AT_END = 0xFFFFFFFFFFFFFFFF
MOST_TABLES = 1 << 22


class Shape(NamedTuple):
    """Sizes in bytes, places in the file; ``per_table`` grains a table."""

    size: int
    grain: int
    per_table: int
    directory: int
    compressed: bool
    zeroed: bool
    descriptor: tuple[int, int]
    tables: tuple[tuple[int, int], ...] = ()
    """Start and length of what else of the file is no grain: footer, room before the first grain."""
    redundant: int = 0
    """The second grain directory; 0 for none."""
    mended: Stream | None = None
    """The file with tables that were found anew, of one that lacks its footer."""
    why: str = ""


def shape(stream: Stream) -> Shape:
    """Return the shape of a sparse extent. Raises Damaged or Unsupported."""
    raw = exactly(stream, 0, SECTOR, "vmdk: the header")
    if raw[:4] == REDO:
        directory, capacity, grain = _u32(raw, 20), _u32(raw, 12), _u32(raw, 16)
        return _checked(
            Shape(capacity * SECTOR, grain * SECTOR, 4096, directory * SECTOR, False, False, (0, 0))
        )
    if raw[:4] != HOSTED:
        raise Damaged("vmdk: no sparse extent")
    tables = [(0, _u64(raw, 64) * SECTOR)]
    if _u64(raw, 56) == AT_END:  # stream-optimised: the directory was written last
        try:
            raw, at = last_header(stream, _u64(raw, 64) * SECTOR)
        except Damaged:
            return _refound(stream, raw, tables)
        tables.append((at, 2 * SECTOR))
    flags = _u32(raw, 8)
    if flags & COMPRESSED and int.from_bytes(raw[77:79], "little") != 1:
        raise Unsupported("vmdk: unknown compression")
    place = (_u64(raw, 28) * SECTOR, _u64(raw, 36) * SECTOR)
    return _checked(
        Shape(_u64(raw, 12) * SECTOR, _u64(raw, 20) * SECTOR, _u32(raw, 44), _u64(raw, 56) * SECTOR,
              bool(flags & COMPRESSED), bool(flags & ZEROED), place, tuple(tables),
              0 if _u64(raw, 48) == AT_END else _u64(raw, 48) * SECTOR)
    )  # fmt: skip


def _refound(stream: Stream, raw: bytes, tables: list[tuple[int, int]]) -> Shape:
    """Return the shape of a stream-optimised extent without its footer, by its first sector. Raises Damaged."""
    size, grain, per_table = _u64(raw, 12) * SECTOR, _u64(raw, 20) * SECTOR, _u32(raw, 44)
    place = (_u64(raw, 28) * SECTOR, _u64(raw, 36) * SECTOR)
    whole = _checked(Shape(size, grain, per_table, 0, True, False, place, tuple(tables)))
    found = refound(stream, _u64(raw, 64) * SECTOR, size, grain, per_table)
    return whole._replace(size=found.size, directory=found.directory, mended=found.stream, why=found.why)


def _checked(told: Shape) -> Shape:
    grains = told.grain and -(-told.size // told.grain)
    if not SECTOR <= told.grain <= 1 << 26 or not 0 < told.per_table <= 1 << 16:
        raise Damaged(f"vmdk: grains of {told.grain} bytes, {told.per_table} in a table")
    if grains / told.per_table > MOST_TABLES:
        raise Damaged(f"vmdk: a disk of {told.size} bytes in grains of {told.grain}")
    return told


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")


def _u64(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 8], "little")
