"""One entry of a partition table as an item."""

from collections.abc import Mapping

from actionday.model import Found, Kind, Note, Status, Stream


def volume(number: int | str, start: int, length: int, disk: Stream, meta: Mapping[str, object]) -> Found:
    """Return partition ``number`` (or a volume of that name), ``length`` bytes at ``start``, cut where the disk ends.

    A partition wholly beyond the end is listed as unreadable.
    """
    name = f"p{number}" if isinstance(number, int) else number
    notes: tuple[Note, ...] = ()
    facts = {"start": start, "length": length, **meta}
    there = max(0, min(length, disk.size - start))
    if there == 0:
        reason = f"begins at byte {start}, the disk ends at {disk.size}" if length else "has no length"
        return Found(name=name, kind=Kind.VOLUME, place=name, size=length, status=Status.UNREADABLE,
                     reason=reason, meta=facts)  # fmt: skip
    if there < length:
        why = f"{name} is {length} bytes long, the disk ends after {there} of them"
        notes = (Note("short", why),)
    return Found(
        name=name, kind=Kind.VOLUME, place=name, size=there, runs=((start, there),), meta=facts, notes=notes
    )
