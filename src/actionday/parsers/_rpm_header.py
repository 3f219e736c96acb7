"""The header of an RPM package taken apart: its values by tag, each byte of its store taken once.

Source: RPM 4.20 documentation, "RPM V4 package format", section "Header" (index entries of four numbers, big-endian).
"""

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

INTRO = 16
"""Mark, version, four reserved bytes, the number of entries and the length of the store."""
ENTRY = Struct(">4I")
COUNTS = Struct(">8x2I")
INT32, STRING, STRINGS, SPOKEN = 4, 6, 8, 9
TEXTS = frozenset({STRING, STRINGS, SPOKEN})
"""Types of values that are texts: one, several, one for each language of tag 100."""
REGIONS = frozenset({62, 63})
"""Tags of the stretches that were signed: their values are places in the header, no text."""


class Header(NamedTuple):
    """Values in the order of the index; of ``texts`` the bytes."""

    texts: dict[int, list[bytes]]
    numbers: dict[int, list[int]]
    broken: int
    """Entries whose values lie, in part, behind the end or in those of another."""


def header_of(given: memoryview) -> Header:
    """Return what a header holds. ``len(given) >= INTRO``. Time and memory: once the header."""
    data = bytes(given)
    found = Header({}, {}, 0)
    broken, last = 0, 0
    for tag, kind, at, count in sorted(_entries(data), key=lambda each: each[2]):
        if kind not in TEXTS and kind != INT32:
            continue
        start = _store(data) + at
        if start < last or start > len(data):
            broken += 1
            continue
        if kind == INT32:
            numbers = data[start : start + 4 * min(count, len(data))]
            whole = len(numbers) // 4
            found.numbers[tag] = list(Struct(f">{whole}I").unpack(numbers[: 4 * whole]))
            last, short = start + 4 * whole, whole < count
        else:
            values, last, short = _strings(data, start, count)
            found.texts.setdefault(tag, []).extend(values)
        broken += short
    return found._replace(broken=broken)


def _entries(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    entries, _ = COUNTS.unpack_from(data)
    room = (len(data) - INTRO) // ENTRY.size
    for number in range(min(entries, room)):
        tag, kind, at, count = ENTRY.unpack_from(data, INTRO + number * ENTRY.size)
        if tag not in REGIONS:
            yield tag, kind, at, count


def _store(data: bytes) -> int:
    entries, _ = COUNTS.unpack_from(data)
    return int(INTRO + entries * ENTRY.size)


def _strings(held: bytes, start: int, count: int) -> tuple[list[bytes], int, bool]:
    """Return so many strings that end with a zero, the byte behind them, and whether some are not there."""
    at, values = start, list[bytes]()
    while len(values) < count and at < len(held):
        end = held.find(b"\0", at)
        values.append(held[at : end if end >= 0 else len(held)])
        if end < 0:
            return values, len(held), True
        at = end + 1
    return values, at, len(values) < count
