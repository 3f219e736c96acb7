"""What a physical volume says of itself, and the metadata of its group that it keeps.

Source: LVM2, ``lib/label/label.h``, ``lib/format_text/layout.h`` (label header, physical volume header, metadata area
header), ``lib/format_text/import.c``.
"""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.volumes._signs import u32, u64

LABEL, TYPE = b"LABELONE", b"LVM2 001"
AREA = b" LVM2 x[5A%r0N*>"
SECTOR, HEADER = 512, 512
LARGEST = 64 << 20
"""Bytes of one metadata text; a group of 10,000 volumes has 5 MiB."""
MOST_AREAS = 16
IGNORED = 1
CRC = 0xF597A6CF
"""What the checksum of LVM2 begins with."""


class Label(NamedTuple):
    """The identifier of a physical volume, and where its metadata areas lie."""

    uuid: str
    """As the metadata have it, with its dashes."""
    areas: tuple[tuple[int, int], ...]
    sound: bool
    """Whether its checksum is right."""


class Metadata(NamedTuple):
    """A text of metadata, and whether its checksum is right."""

    text: str
    sound: bool
    at: int


def label_at(head: bytes) -> int | None:
    """Return where the label stands in the first four sectors, None where there is none."""
    if LABEL not in head[: 4 * SECTOR]:
        return None
    places = range(0, 4 * SECTOR, SECTOR)
    return next((at for at in places if head[at : at + 8] == LABEL and head[at + 24 : at + 32] == TYPE), None)


def label_of(stream: Stream) -> Label | None:
    """Return what the label of a physical volume says, None where it has none."""
    head = read_at(stream, 0, 5 * SECTOR)
    at = label_at(head)
    if at is None:
        return None
    raw = head[at : at + SECTOR]
    place = u32(raw, 20)
    lists = _areas(raw, place + 40)
    return Label(
        dashed(raw[place : place + 32].decode("ascii", "replace")),
        tuple(lists[1])[:MOST_AREAS],
        checksum(raw[20:]) == u32(raw, 16),
    )


def _areas(raw: bytes, at: int) -> list[list[tuple[int, int]]]:
    """Return the lists of areas that follow a header: data, then metadata; each ends with zeros."""
    found: list[list[tuple[int, int]]] = [[], []]
    for each in found:
        while at + 16 <= len(raw) and (begin := u64(raw, at)):
            each.append((begin, u64(raw, at + 8)))
            at += 16
        at += 16
    return found


def dashed(uuid: str) -> str:
    """Return an identifier as texts have it: 6-4-4-4-4-4-6 characters."""
    ends = (6, 10, 14, 18, 22, 26, 32)
    return "-".join(uuid[begin:end] for begin, end in zip((0, *ends), ends, strict=False))


def metadata_of(stream: Stream, label: Label) -> Iterator[Metadata]:
    """Yield the texts in force of a physical volume, one of each area that is not empty."""
    for start, size in label.areas:
        header = read_at(stream, start, HEADER)
        if header[4:20] != AREA or u32(header, 20) != 1:
            continue
        offset, length, wanted = u64(header, 40), u64(header, 48), u32(header, 56)
        if (
            not length
            or u32(header, 60) & IGNORED
            or length > min(size, LARGEST)
            or not HEADER <= offset < size
        ):
            continue
        first = read_at(stream, start + offset, min(length, size - offset))
        raw = first + read_at(stream, start + HEADER, length - len(first))  # the area is a ring
        yield Metadata(raw.rstrip(b"\0").decode("utf-8", "replace"), checksum(raw) == wanted, start)


def checksum(data: bytes) -> int:
    """Return the checksum of LVM2: CRC-32 with a beginning of its own, not turned at the end."""
    return zlib.crc32(data, CRC ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
