"""The checksums of an Apple disk image, held against its bytes: of its tables, of what they tell, of the file's data.

Source: libmodi, "Mac OS disk image types" (checksums): CRC-32 of the bytes of a table without the chunks that it
ignores; of all tables that of their checksums, one behind the other; of the data as it is stored.
"""

import zlib
from collections.abc import Sequence

from actionday.model import Context, Damaged, Loss, Stream
from actionday.model.counted import counted
from actionday.sources.images._crc32 import behind_zeros
from actionday.sources.images._dmg_chunks import Chunks, Table
from actionday.sources.images._dmg_packing import IGNORED, ZERO
from actionday.sources.images._dmg_trailer import Trailer

PIECE = 1 << 20
TIMES, ALWAYS = 400, 1 << 30
"""Bytes that are unpacked for checksums: so many times those of the file. zlib packs zeros 1,000 : 1, disks 10 : 1."""
MOST = 100
"""Chunks and tables that have a line each."""


def of_tables(told: Trailer, tables: Sequence[Table], around: Context) -> None:
    """Note where the checksum of the tables' checksums differs: a table lacks, or one of them was changed."""
    if told.sum_of_tables is None or told.segments > 1:
        return
    sums = b"".join((each.sum or 0).to_bytes(4, "big") for each in tables)
    if zlib.crc32(sums) != told.sum_of_tables:
        around.note(Loss.CHECKSUM, "dmg: the checksum of its block tables differs: one was altered, or lacks")


class Sums:
    """Goes through a disk once, for the checksums of its tables."""

    def __init__(self, stream: Stream, disk: Stream, told: Trailer, chunks: Chunks, around: Context) -> None:
        self._stream, self._disk, self._told, self._chunks, self._around = stream, disk, told, chunks, around
        self._left = TIMES * stream.size + ALWAYS
        self._lines = 0

    def check(self) -> None:
        """Note what differs, and each chunk that cannot be had. Raises nothing."""
        self._data()
        unlooked = 0
        for table in self._chunks.tables:
            found = self._table(table)
            if found is None:
                continue
            if self._left < 0 or table.sum is None:
                unlooked += 1
            elif found != table.sum:
                self._note(
                    Loss.CHECKSUM,
                    f"the checksum of the part {table.name!r} differs: its bytes may not be those it had",
                )
        if unlooked:
            what = counted(unlooked, "part has", "parts have")
            self._around.note("unchecked", f"dmg: {what} no checksum that was held against the bytes")

    def _data(self) -> None:
        told = self._told
        if told.sum_of_data is None or told.segments > 1:
            return
        value, at, end = 0, told.data, min(told.data + told.length, self._stream.size)
        try:
            while at < end:
                self._stream.seek(at)
                piece = self._stream.read(min(PIECE, end - at))
                value, at = zlib.crc32(piece, value), at + len(piece)
                if not piece:
                    break
        except (Damaged, OSError):
            return  # whoever reads those chunks is told
        if value != told.sum_of_data:
            self._note(
                Loss.CHECKSUM, "the checksum of the data in the file differs: it was altered or damaged"
            )

    def _table(self, table: Table) -> int | None:
        """Return the checksum of what a table holds, None where some of it cannot be had."""
        value, whole = 0, True
        for chunk in self._chunks.of(table):
            if chunk.kind == IGNORED:
                continue
            if chunk.kind == ZERO:
                value = behind_zeros(value, chunk.size)
                continue
            self._left -= chunk.size
            if self._left < 0:
                return 0
            try:
                for at in range(0, chunk.size, PIECE):
                    self._disk.seek(chunk.start + at)
                    value = zlib.crc32(self._disk.read(min(PIECE, chunk.size - at)), value)
            except (Damaged, OSError) as error:
                self._note(Loss.RANGE_MISSING, f"{error}")
                whole = False
        return value if whole else None

    def _note(self, code: str, why: str) -> None:
        self._lines += 1
        if self._lines <= MOST:
            self._around.note(code, f"dmg: {why}".replace("dmg: dmg: ", "dmg: "))
        elif self._lines == MOST + 1:
            self._around.note(code, "dmg: further parts and chunks are damaged")
