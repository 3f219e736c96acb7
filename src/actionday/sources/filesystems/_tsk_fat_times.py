"""Times of FAT and exFAT entries from their own bytes: the sleuthkit knows none behind 2037, and takes
an hour that no clock has for midnight. Standard library only.

Source: Microsoft, "FAT: General Overview of On-Disk Format" 1.03, "FAT 32 Byte Directory Entry Structure"; "exFAT
file system specification", 7.4 (file entry), 7.4.8 (timestamps: double seconds to years from 1980).
"""

import re
from calendar import monthrange, timegm
from typing import Any, NamedTuple

from actionday.sources.filesystems._tsk_bytes import u16, u32

NANO = 1_000_000_000
HUNDREDTH = 10_000_000
DAYS = 16
"""Bits of a time below those of its day."""

ENTRY, TIMES = 32, slice(8, 20)
FILE_ENTRY = re.compile(rb"[\x85\x05]")
"""Type of a file entry of exFAT, in use or not."""
BEHIND = range(2, 19)
"""How many entries follow one: the stream and the parts of the name."""


class Stamp(NamedTuple):
    """A time as it is stored: days above, seconds of two below, hundredths of a second beside it."""

    stored: int
    hundredths: int = 0

    def moment(self) -> int | None:
        """Return nanoseconds since 1970, None for what no calendar has."""
        day, clock = self.stored >> DAYS, self.stored & 0xFFFF
        year, month, date = (day >> 9) + 1980, day >> 5 & 15, day & 31
        hour, minute, second = clock >> 11, clock >> 5 & 63, (clock & 31) * 2
        if not 1 <= month <= 12 or not 1 <= date <= monthrange(year, month)[1]:
            return None
        if hour > 23 or minute > 59 or second > 59 or self.hundredths > 199:
            return None
        return timegm((year, month, date, hour, minute, second)) * NANO + self.hundredths * HUNDREDTH


def fat(entry: bytes) -> dict[str, Stamp]:
    """Return the times of a FAT entry of 32 bytes; of the last access only the day is kept."""
    return {
        "mtime": Stamp(u32(entry, 22)),
        "atime": Stamp(u16(entry, 18) << DAYS),
        "created": Stamp(u32(entry, 14), entry[13]),
    }


def exfat(entry: bytes) -> dict[str, Stamp]:
    """Return the times of a file entry of exFAT, as the clock stood where they were written."""
    return {
        "created": Stamp(u32(entry, 8), entry[20]),
        "mtime": Stamp(u32(entry, 12), entry[21]),
        "atime": Stamp(u32(entry, 16)),
    }


def told(stamps: dict[str, Stamp], meta: dict[str, Any]) -> int | None:
    """Put times into ``meta``; return that of the content. What no calendar has stays as stored, under ``…_raw``."""
    times = {key: stamp.moment() for key, stamp in stamps.items() if stamp.stored}
    for key in stamps:
        meta.pop(key, None)
        if key in times and times[key] is None:
            meta[f"{key}_raw"] = stamps[key].stored
        elif key in times and key != "mtime":
            meta[key] = times[key]
    return times.get("mtime")


def with_a_time(offset: int, data: bytes) -> bytes:
    """Return bytes of an exFAT volume at ``offset`` with a time in each file entry that has none.

    The sleuthkit takes such an entry for none and lists no file; the times that are told are those of the disk.
    """
    first, mended = -offset % ENTRY, None
    for found in FILE_ENTRY.finditer(data[first::ENTRY]):
        at = first + ENTRY * found.start()
        if data[at + TIMES.start : at + TIMES.stop] == bytes(12) and data[at + 1] in BEHIND:
            mended = mended or bytearray(data)
            mended[at + TIMES.start] = 1
    return bytes(mended) if mended else data
