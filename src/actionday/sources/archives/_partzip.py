"""A zip in several parts as one: its directory with each member's place counted from the beginning of all parts.

Source: APPNOTE.TXT 6.3.10, 4.4.11 (disk number start), 4.4.16 (relative offset), 4.3.14 to 4.3.16 (end records), 4.5.3.
"""

from collections.abc import Iterator, Sequence

from actionday.mime.zipped.directory import ending
from actionday.mime.zipped.records import (
    CENTRAL,
    CENTRAL_BYTES,
    END,
    END64,
    LOCATOR64,
    central,
    extras,
)
from actionday.model import Damaged, OverLimit
from actionday.model.streams import read_at
from actionday.sources.archives._joined import Joined, Placed
from actionday.sources.archives._partnames import LAST

MOST_DIRECTORY = 128 << 20
"""Bytes of a directory that are held: a million members and more."""
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF
ZIP64 = 1


def unsplit(parts: Sequence[Placed]) -> Joined:
    """Return the zip. Raises Damaged where its directory is not in the parts that are there."""
    begins, at = dict[int, int](), 0
    for each in parts:
        begins[len(begins)] = at
        at += each.size
    whole = Joined(parts)
    tail = ending(whole)
    record = tail.rfind(END)
    if record < 0 or parts[-1].number != LAST:
        raise Damaged("zip: the last part has no end of the directory")
    ends = at - len(tail) + record
    end = tail[record:]
    disk, size, offset = (int.from_bytes(end[i : i + n], "little") for i, n in ((6, 2), (12, 4), (16, 4)))
    if tail[record - 20 : record - 16] == LOCATOR64 and (wide := tail.rfind(END64, 0, record)) >= 0:
        places = ((20, 4), (40, 8), (48, 8))
        disk, size, offset = (int.from_bytes(tail[wide + i : wide + i + n], "little") for i, n in places)
        ends = at - len(tail) + wide
    begin = begins.get(disk, -1) + offset
    if size > MOST_DIRECTORY:
        raise OverLimit(
            f"zip in several parts: a directory of {size} bytes, of which {MOST_DIRECTORY} are held"
        )
    if disk not in begins or not begin + size <= ends:
        raise Damaged(f"zip: its directory should begin at byte {offset} of part {disk + 1}")
    entries = list(_entries(read_at(whole, begin, size), begins))
    made = b"".join(entries)
    return Joined(parts, begin, made + _end(len(entries), len(made), begin) + end[20:])


def _entries(listed: bytes, begins: dict[int, int]) -> Iterator[bytes]:
    at = 0
    while listed[at : at + 4] == CENTRAL and len(listed) - at >= CENTRAL_BYTES:
        names, extra, said = (int.from_bytes(listed[at + i : at + i + 2], "little") for i in (28, 30, 32))
        over = at + CENTRAL_BYTES + names + extra + said
        yield _entry(listed[at:over], names, extra, begins)
        at = over
    if listed[at:].strip(b"\0"):
        yield listed[at:]


def _entry(record: bytes, names: int, extra: int, begins: dict[int, int]) -> bytes:
    """Return an entry that is in the one part there is."""
    told = central(record)
    offset = begins.get(told.disk, 0) + told.offset
    split = CENTRAL_BYTES + names
    fields = record[split : split + extra]
    if (
        FULL32 in (offset, *(int.from_bytes(record[i : i + 4], "little") for i in (20, 24, 42)))
        or offset > FULL32
    ):
        wide = b"".join(each.to_bytes(8, "little") for each in (told.size, told.packed, offset))
        others = (_field(kind, data) for kind, data in extras(fields) if kind != ZIP64)
        fields = _field(ZIP64, wide) + b"".join(others)
        head = (
            record[:20] + FULL32.to_bytes(4, "little") * 2 + record[28:30] + len(fields).to_bytes(2, "little")
        )
        head += record[32:34] + b"\0\0" + record[36:42] + b"\xff" * 4 + record[46:split]
        return head + fields + record[split + extra :]
    return record[:34] + b"\0\0" + record[36:42] + offset.to_bytes(4, "little") + record[46:]


def _field(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data


def _end(count: int, size: int, offset: int) -> bytes:
    """Return the end of the directory up to its comment, with the records of zip64 where numbers need them."""
    out = b""
    if count >= FULL16 or size >= FULL32 or offset >= FULL32:
        wide = count.to_bytes(8, "little") * 2 + size.to_bytes(8, "little") + offset.to_bytes(8, "little")
        out = END64 + (44).to_bytes(8, "little") + b"\x2d\0\x2d\0" + bytes(8) + wide
        out += LOCATOR64 + bytes(4) + (offset + size).to_bytes(8, "little") + b"\1\0\0\0"
    shown = min(count, FULL16).to_bytes(2, "little")
    places = b"".join(min(each, FULL32).to_bytes(4, "little") for each in (size, offset))
    return out + END + bytes(4) + shown * 2 + places
