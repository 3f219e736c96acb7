"""What the end of an Apple disk image (UDIF) tells: where its data lies, its checksums, its block tables.

Source: the block ``koly`` and the resources ``blkx`` as libmodi's documentation, "Mac OS disk image types", has them;
Inside Macintosh: More Macintosh Toolbox, "Resource File Format".
"""

import plistlib
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers.expat import ExpatError

from actionday.model import Damaged, Stream
from actionday.sources.images._disk import exactly

SIZE, MAGIC = 512, b"koly"
HEAD = MAGIC + bytes((0, 0, 0, 4, 0, 0, 2, 0))
"""How one begins: its version and its length."""
FURTHEST = 1 << 54
"""Bytes and sectors: no disk is as long, and places in it fit in 63 bits."""
LONGEST = 64 << 20
"""Bytes of the list of resources: tables of a disk of a TB in blocks of a MiB."""
MOST_RESOURCES = 65536
CRC32 = 2
"""The type of a checksum that is compared: every writer known makes this one."""


class Trailer(NamedTuple):
    """What is read of it."""

    at: int
    running: int
    data: int
    length: int
    resources: tuple[int, int]
    segment: int
    segments: int
    sum_of_data: int | None
    xml: tuple[int, int]
    sum_of_tables: int | None
    variant: int
    sectors: int


class Resource(NamedTuple):
    """One block table as it is kept, and the name of the part of the disk it is of."""

    name: str
    data: bytes


def sound(raw: bytes, size: int) -> bool:
    """Say whether ``raw`` is a trailer whose tables lie within a file of ``size`` bytes."""
    if len(raw) < SIZE or raw[:12] != HEAD:
        return False
    places = (
        (int.from_bytes(raw[at : at + 8], "big"), int.from_bytes(raw[at + 8 : at + 16], "big"))
        for at in (40, 216)
    )
    return any(length and start + length <= size for start, length in places)


def trailer_of(stream: Stream) -> Trailer:
    """Return the trailer at the end of the file; old ones begin with it. Raises Damaged."""
    for at in (max(0, stream.size - SIZE), 0):
        raw = exactly(stream, at, SIZE, "dmg: the trailer")
        if raw[:4] == MAGIC:
            break
    else:
        raise Damaged("dmg: no trailer at the end of the file")

    def number(at: int, size: int = 8) -> int:
        return int.from_bytes(raw[at : at + size], "big")

    if max(number(each) for each in (16, 24, 32, 40, 48, 216, 224, 492)) > FURTHEST:
        raise Damaged("dmg: the trailer names places that no file has")
    return Trailer(at, number(16), number(24), number(32), (number(40), number(48)), number(56, 4), number(60, 4),
                   checksum(raw, 80), (number(216), number(224)), checksum(raw, 352), number(488, 4),
                   number(492))  # fmt: skip


def checksum(raw: bytes, at: int) -> int | None:
    """Return the CRC-32 that stands at a place behind its type and length, None for any other or none."""
    kind, bits = (int.from_bytes(raw[each : each + 4], "big") for each in (at, at + 4))
    return int.from_bytes(raw[at + 8 : at + 12], "big") if (kind, bits) == (CRC32, 32) else None


def block_tables(stream: Stream, told: Trailer) -> list[Resource]:
    """Return the block tables: by the list in XML, else by the resource fork. Raises Damaged."""
    if told.xml[1]:
        return _by_xml(_room(stream, told.xml, "dmg: the list of its tables"))
    if told.resources[1]:
        return list(_by_fork(_room(stream, told.resources, "dmg: the resource fork")))
    raise Damaged("dmg: the trailer names no block tables")


def _room(stream: Stream, place: tuple[int, int], what: str) -> bytes:
    if place[1] > LONGEST:
        raise Damaged(f"{what} is {place[1]} bytes long")
    return exactly(stream, place[0], place[1], what)


def _by_xml(raw: bytes) -> list[Resource]:
    try:
        told = plistlib.loads(raw, fmt=plistlib.FMT_XML)
        listed = told["resource-fork"]["blkx"]
        return [Resource(_name(each), bytes(each["Data"])) for each in listed[:MOST_RESOURCES]]
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, ExpatError) as error:
        raise Damaged("dmg: the list of its tables cannot be read") from error


def _name(each: dict[str, object]) -> str:
    return str(each.get("CFName") or each.get("Name") or "")[:200]


def _by_fork(raw: bytes) -> Iterator[Resource]:
    """Yield the resources of type ``blkx``. Raises Damaged."""

    def number(at: int, size: int) -> int:
        if at < 0 or at + size > len(raw):
            raise Damaged(f"dmg: the resource fork of {len(raw)} bytes names byte {at}")
        return int.from_bytes(raw[at : at + size], "big")

    data, kept = number(0, 4), number(4, 4)
    types, names = kept + number(kept + 24, 2), kept + number(kept + 26, 2)
    for index in range(min(number(types, 2) + 1 & 0xFFFF, 4096)):
        at = types + 2 + 8 * index
        if raw[at : at + 4] != b"blkx":
            continue
        for each in range(number(at + 4, 2) + 1):
            place = types + number(at + 6, 2) + 12 * each
            called, start = number(place + 2, 2), data + number(place + 5, 3)
            length = number(start, 4)
            if start + 4 + length > len(raw):
                raise Damaged(f"dmg: a table of {length} bytes goes beyond the resource fork")
            name = (
                b""
                if called == 0xFFFF
                else raw[names + called + 1 : names + called + 1 + number(names + called, 1)]
            )
            yield Resource(name.decode("mac-roman"), raw[start + 4 : start + 4 + length])
