"""What the numbers of a directory record of ISO 9660 say, and where the next lies when one is not what was written.

Source: ECMA-119, 7.2.3 and 7.3.3 (numbers in both orders of bytes), 9.1 (directory record: block, length, volume),
9.5 (extended attribute record: owner, group, version).
"""

from collections.abc import Iterator

from actionday.sources.filesystems._names_lost import NamesLost
from actionday.sources.filesystems._tsk_bytes import Reader, u16, u32

LEAST = 34
"""Bytes of the shortest record."""
ONE = b"\1\0\0\1"
"""The number of the volume of a set of one, in both orders, as nearly every record has it at byte 28."""
_AT = 28
VERSION_AT = 180
"""Where an extended attribute record has its version, 1."""


def is_record(raw: bytes, at: int) -> bool:
    """Return whether the bytes from ``at`` on are a record as far as the numbers it holds twice tell."""
    head = raw[at : at + LEAST]
    if len(head) < LEAST or head[0] < LEAST or not head[32] or 33 + head[32] > head[0]:
        return False
    twice = all(u32(head, place) == int.from_bytes(head[place + 4 : place + 8]) for place in (2, 10))
    return twice and u16(head, 28) == int.from_bytes(head[30:32])


def within(raw: bytes, start: int, end: int) -> int:
    """Return the first byte from ``start`` on, before ``end``, at which a record begins; -1 for none."""
    found = raw.find(ONE, start + _AT, end + _AT)
    while found >= 0:
        if is_record(raw, found - _AT):
            return found - _AT
        found = raw.find(ONE, found + 1, end + _AT)
    return -1


def numbers(reader: Reader, block: int, entry: bytes) -> tuple[int, int, str]:
    """Return first block and length of what a record leads to, and what it contradicts itself in ("" for nothing).

    Zeros are no second form of a number: old programs leave them. ``block`` is the bytes of one.
    """
    extent, size, before = u32(entry, 2), u32(entry, 10), entry[1]
    for at, name in ((2, "block"), (10, "length")):
        little, big = u32(entry, at), int.from_bytes(entry[at + 4 : at + 8])
        if big and little != big:
            return (
                extent + before,
                size,
                f"its record says {name} {little} and {name} {big}: the first is followed",
            )
    if before and not _are_attributes(reader.at(extent * block, VERSION_AT + 1)):
        return (
            extent,
            size,
            f"its record says that attributes take {before} blocks before it, and none are there",
        )
    return extent + before, size, ""


def _are_attributes(head: bytes) -> bool:
    if len(head) <= VERSION_AT or head[VERSION_AT] != 1:
        return False
    return all(u16(head, at) == int.from_bytes(head[at + 2 : at + 4]) for at in (0, 4))


def begins(raw: bytes) -> bool:
    """Say whether a sector begins with a directory's own record, or with one so damaged that others tell."""
    own = raw[0] >= LEAST and raw[32:34] == b"\1\0"
    return own or (not is_record(raw, 0) and within(raw, 0, len(raw)) >= 0)


def entries(raw: bytes, sector: int, lost: NamesLost) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a sector and where they lie; behind a damaged one the next that is seen."""
    at = 0
    while at < len(raw):
        length = raw[at]
        entry = raw[at : at + length]
        if length < LEAST or len(entry) < length or 33 + entry[32] > length:
            found = within(raw, at, len(raw))
            if length or found >= 0:  # else zeros
                lost.damaged(f"what stands at byte {sector + at} is no record")
            at = found if found >= 0 else len(raw)
            continue
        inner = within(raw, at + 33 + entry[32], at + length)
        if inner >= 0:
            lost.damaged(f"the record at byte {sector + at} reaches over the one behind it")
            entry = raw[at:inner]
        yield sector + at, entry
        at += len(entry)
