"""One entry of a partition table as an item."""

from collections.abc import Mapping

from actionday.model import Found, Kind, Loss, Note, Status, Stream
from actionday.model.counted import counted
from actionday.model.loss import ENDS_EARLY
from actionday.sources.volumes._search import sign_at

MIRROR = 4096
"""Bytes at the end of an NTFS that hold the copy of its boot sector, and no cluster."""


def volume(number: int, start: int, length: int, disk: Stream, meta: Mapping[str, object]) -> Found:
    """Return partition ``number``, ``length`` bytes at ``start``, cut where the disk ends.

    A partition wholly beyond the end is listed as unreadable.
    """
    name = f"p{number}"
    notes: tuple[Note, ...] = ()
    facts = {"start": start, "length": length, **meta}
    there = max(0, min(length, disk.size - start))
    if there == 0:
        reason = f"begins at byte {start}, the disk ends at {disk.size}" if length else "has no length"
        return Found(name=name, kind=Kind.VOLUME, place=name, size=length, status=Status.UNREADABLE,
                     reason=reason, meta=facts)  # fmt: skip
    if there < length:
        notes = (_short(name, disk, start, there, length),)
    return Found(
        name=name, kind=Kind.VOLUME, place=name, size=there, runs=((start, there),), meta=facts, notes=notes
    )


def reach(found: Found, end: int) -> int:
    """Return the byte behind a partition of which something lacks behind byte ``end`` of the disk; 0 for no loss."""
    start, length = found.meta["start"], found.meta["length"]
    assert isinstance(start, int)
    assert isinstance(length, int)
    lost = start >= end or any(note.code == Loss.SHORT for note in found.notes)
    return start + length if lost and length else 0


def _short(name: str, disk: Stream, start: int, there: int, length: int) -> Note:
    """Return what is said of a partition that reaches past the end: no loss where its file system does not."""
    why = f"{name} is {length} bytes long, the disk ends after {there} of them"
    sign = sign_at(disk, start)
    if sign is None or not sign.size:
        return Note(Loss.SHORT, why)
    if sign.size - (MIRROR if sign.kind == "NTFS" else 0) > there:
        return Note(Loss.SHORT, why)
    return Note(ENDS_EARLY, f"{why}; its {sign.kind} of {counted(sign.size, 'byte')} ends before")
