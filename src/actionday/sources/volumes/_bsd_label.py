"""What a BSD disk label tells, and whether it is that of the stream it stands in.

Source: FreeBSD, ``sys/sys/disk/bsd.h`` (``struct disklabel``); NetBSD and OpenBSD, ``sys/sys/disklabel.h``.
"""

import struct
from typing import NamedTuple

MAGIC = 0x82564557
WORDS = {order: struct.pack(f"{order}I", MAGIC) for order in "<>"}
PLACES = (512, 0, 64, 128)
"""Where a label lies: in the second sector (i386, amd64), at the beginning, within the first."""
HEAD, ENTRY, MOST = 148, 16, 22
"""Bytes before the partitions, bytes of each, and how many the longest label has (DragonFly)."""
REACH = 1024
SECTORS = (512, 1024, 2048, 4096)
WHOLE = "cd"
"""By custom all of the slice, and on some systems of the disk: of no type then."""


class Part(NamedTuple):
    """A partition: its letter, the bytes at which it begins and that it is long, its type."""

    letter: str
    start: int
    length: int
    kind: int


class Label(NamedTuple):
    """A label whose checksum holds; places in it are counted from byte ``base`` before the stream."""

    at: int
    sector: int
    name: str
    whole: int
    """Where its partition c begins."""
    parts: tuple[Part, ...]
    """Without those that are all of the stream, the slice or the disk."""
    base: int = 0


def label_of(head: bytes, size: int) -> Label | None:
    """Return the label of a stream of ``size`` bytes that begins so; None where it is none, or that of a larger one.

    The first partition mostly begins where the stream does, and has the label among its first bytes too.
    """
    for at in PLACES:
        for order, word in WORDS.items():
            if head.startswith(word, at) and head.startswith(word, at + 132):
                found = _label(head, at, order)
                if found is not None and (placed := _placed(found, size)) is not None:
                    return placed
    return None


def _label(head: bytes, at: int, order: str) -> Label | None:
    if at + HEAD > len(head):
        return None
    (sector,) = struct.unpack_from(f"{order}I", head, at + 40)
    (count,) = struct.unpack_from(f"{order}H", head, at + 138)
    raw = head[at : at + HEAD + ENTRY * count]
    if not 0 < count <= MOST or len(raw) < HEAD + ENTRY * count or sector not in SECTORS:
        return None
    value = 0
    for (word,) in struct.iter_unpack("<H", raw):
        value ^= word
    if value:
        return None
    parts, whole = [], 0
    for number in range(count):
        length, start, _, kind = struct.unpack_from(f"{order}IIIB", raw, HEAD + ENTRY * number)
        letter = chr(97 + number)
        whole = start * sector if letter == WHOLE[0] else whole
        if length and (kind or letter not in WHOLE):
            parts.append(Part(letter, start * sector, length * sector, kind))
    name = raw[24:40].split(b"\0")[0].decode("ascii", "replace")
    return Label(at, sector, name, whole, tuple(parts))


def _placed(label: Label, size: int) -> Label | None:
    """Return the label without what is all of the stream, None where nothing else begins in the stream."""
    for base in bases(label, size):
        parts = tuple(each for each in label.parts if each.start != base or each.length < size)
        if any(base <= each.start < base + size for each in parts):
            return label._replace(base=base, parts=parts)
    return None


def bases(label: Label, size: int) -> list[int]:
    """Return what the places in a label may be counted from, the likeliest first.

    Its own slice, where the partition for all of that begins (FreeBSD); itself; or the disk that has the slice, of
    which then the first partition begins where the slice does (OpenBSD).
    """
    if label.whole:
        return [label.whole]
    first = min((each.start for each in label.parts), default=0)
    inside = all(each.start + each.length <= size for each in label.parts)
    return [*dict.fromkeys((0, first) if inside else (first, 0))]
