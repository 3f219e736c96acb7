"""The attributes of a TNEF stream, one behind the other: where each lies, and what its checksum says.

Source: [MS-OXTNEF] 2.1.2 (stream), 2.1.3.1 (attributes), 2.1.3.3 (their ids), 2.1.3.3.12 (TRP), 2.1.3.3.3 (DTR).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from struct import Struct, error
from typing import NamedTuple

from actionday.model import Damaged

MAGIC = b"\x78\x9f\x3e\x22"
OF_MESSAGE, OF_ATTACHMENT = 1, 2
FROM, SUBJECT, SENT, CAME, CLASS, MESSAGE_ID, BODY = (
    0x8000,
    0x18004,
    0x38005,
    0x38006,
    0x78008,
    0x18009,
    0x2800C,
)
PROPERTIES, RECIPIENTS, CODE_PAGE, VERSION = 0x69003, 0x69004, 0x69007, 0x89006
BEGINS, TITLE, CONTENT, ATTACHMENT, TRANSPORT_NAME = 0x69002, 0x18010, 0x6800F, 0x69005, 0x69001
CREATED, CHANGED, PICTURE = 0x38012, 0x38013, 0x68011
_HEAD = Struct("<BII")
_DATE = Struct("<HHHHHH")
BLOCK = 1 << 18


class Attribute(NamedTuple):
    """One attribute: its bytes are at ``begin`` to ``end``; ``wrong`` says what is wrong with them, "" for nothing."""

    level: int
    number: int
    begin: int
    end: int
    wrong: str


def attributes(read: Callable[[int, int], bytes], begin: int, end: int) -> Iterator[Attribute]:
    """Yield the attributes between two bytes of a file, in order; each byte is read once for its checksum.

    Raises Damaged where no attribute stands at the beginning, or behind one: the rest is not known.
    """
    if read(begin, 4) != MAGIC:
        raise Damaged(f"TNEF: no such stream begins at byte {begin}")
    at = begin + 6
    while at < end:
        head = read(at, min(_HEAD.size, end - at))
        if len(head) < _HEAD.size:
            raise Damaged(f"TNEF: breaks off at byte {at}")
        level, number, size = _HEAD.unpack(head)
        if level not in (OF_MESSAGE, OF_ATTACHMENT):
            raise Damaged(f"TNEF: what stands at byte {at} is no attribute: {end - at} bytes are not known")
        start = at + _HEAD.size
        there = min(size, max(0, end - start))
        at = start + size + 2
        wrong = f"breaks off: {there} of {size} bytes are there" if at > end else _sum(read, start, there)
        yield Attribute(level, number, start, start + there, wrong)


def _sum(read: Callable[[int, int], bytes], start: int, size: int) -> str:
    total, at = 0, start
    while at < start + size:
        block = read(at, min(BLOCK, start + size - at))
        if not block:
            return "breaks off"
        total += sum(block)
        at += len(block)
    stated = int.from_bytes(read(start + size, 2), "little")
    return "" if total & 0xFFFF == stated else "its checksum differs"


def date_of(raw: bytes) -> bytes:
    """Return a date of seven numbers as a FILETIME, b"" for none that a calendar has. It has no zone: taken as UTC."""
    try:
        year, month, day, hour, minute, second = _DATE.unpack_from(raw)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, error):
        return b""
    return (int(moment.timestamp()) * 10_000_000 + 116_444_736_000_000_000).to_bytes(8, "little")


def person_of(raw: bytes) -> tuple[bytes, bytes]:
    """Return name and address of a TRP structure, "SMTP:" taken from it; empty where it is laid out otherwise."""
    name, address = int.from_bytes(raw[4:6], "little"), int.from_bytes(raw[6:8], "little")
    rest = raw[8:]
    kind, _, own = rest[name : name + address].rstrip(b"\0").partition(b":")
    return rest[:name].rstrip(b"\0"), own or kind
