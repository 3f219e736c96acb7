"""A volume group out of its physical volumes: which logical volumes there are, and where each lies.

Source: LVM2, ``lib/format_text/import_vsn1.c``, ``lib/striped/striped.c``, ``lib/raid/raid.c``; lvmraid(7).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from actionday.model import Damaged, NotThere, Stream, Unsupported
from actionday.model.streams import Seekable, read_at
from actionday.sources.volumes._lvm_text import Section, number, section, texts
from actionday.sources.volumes._md_array import Array, Disk
from actionday.sources.volumes._md_map import Copies, Geometry, Mirror, Parity, Striped

SECTOR = 512
DEEPEST = 8
"""Volumes that stand on volumes: a thin volume on a pool on a mirror has four."""
LAYOUTS = {
    "raid5": (5, 2), "raid5_la": (5, 0), "raid5_ra": (5, 1), "raid5_ls": (5, 2), "raid5_rs": (5, 3), "raid5_n": (5, 5),
    "raid6_n_6": (6, 5), "raid4": (4, 5),
}  # fmt: skip
"""Level and layout of the kinds that lie as arrays of Linux software RAID do."""
MIRRORS = ("mirror", "raid1")
NEAR_TWO = 0x102


class Segment(NamedTuple):
    """A part of a logical volume, in bytes, and what its metadata say of it."""

    start: int
    size: int
    facts: Section


class Group:
    """The volumes of a group. Raises Damaged for metadata that cannot be such."""

    def __init__(self, facts: Section, disks: Mapping[str, Stream]) -> None:
        """``disks``: the physical volumes that there are, by their identifiers."""
        self._extent = number(facts, "extent_size") * SECTOR
        self._volumes: Section = section(facts, "logical_volumes") if "logical_volumes" in facts else {}
        self._physical: Section = section(facts, "physical_volumes")
        self._disks = disks
        if self._extent <= 0:
            raise Damaged("LVM2 metadata: extents of no bytes")

    def names(self) -> list[str]:
        """Return the volumes that a person made, in their order; not those that others are made of."""
        return [
            name
            for name, each in self._volumes.items()
            if isinstance(each, dict) and "VISIBLE" in texts(each, "status")
        ]

    def missing(self) -> list[str]:
        """Return the physical volumes that are not there, each with its name, its device and its identifier."""
        return [
            self._told(name)
            for name, each in self._physical.items()
            if str(each.get("id")) not in self._disks
        ]

    def _told(self, name: str) -> str:
        facts = section(self._physical, name)
        device = f", last seen as {facts['device']}" if isinstance(facts.get("device"), str) else ""
        return f"physical volume {facts.get('id')} ({name}{device})"

    def size(self, name: str) -> int:
        """Return the bytes of a volume."""
        return max((each.start + each.size for each in self._segments(name)), default=0)

    def volume(self, name: str, depth: int = 0) -> Stream:
        """Return a volume. Raises Unsupported for a kind that is not read, NotThere for want of a physical volume."""
        if depth > DEEPEST:
            raise Damaged(f"LVM2 metadata: volume {name} stands on itself")
        return Pieces([(each.start, each.size, self._stream(each, depth)) for each in self._segments(name)])

    def _segments(self, name: str) -> list[Segment]:
        facts = section(self._volumes, name)
        found = [
            Segment(
                number(each, "start_extent") * self._extent, number(each, "extent_count") * self._extent, each
            )
            for key, each in facts.items()
            if key.startswith("segment") and isinstance(each, dict)
        ]
        return sorted(found, key=lambda each: each.start)

    def _stream(self, segment: Segment, depth: int) -> Stream:
        facts, kind = segment.facts, str(segment.facts.get("type"))
        if kind in ("striped", "linear"):
            return self._striped(segment, depth)
        if kind in MIRRORS:
            return self._mirror(segment, depth)
        if kind in LAYOUTS or kind == "raid10":
            return self._raid(segment, kind, depth)
        raise Unsupported(f"logical volumes of kind {facts.get('type')} are not read here")

    def _striped(self, segment: Segment, depth: int) -> Stream:
        areas = list(self._areas(segment.facts, "stripes", depth))
        share = segment.size // max(1, len(areas))
        if not areas or share * len(areas) != segment.size:
            raise Damaged("LVM2 metadata: a segment that its stripes do not fill")
        if len(areas) == 1:
            return Window(*areas[0], segment.size)
        chunk = number(segment.facts, "stripe_size") * SECTOR
        if chunk <= 0 or share % chunk:
            raise Damaged("LVM2 metadata: stripes of no bytes, or that the segment is no multiple of")
        return _array(Striped([share] * len(areas), chunk, 0), [(*each, share) for each in areas])

    def _mirror(self, segment: Segment, depth: int) -> Stream:
        images = [(self._other(name, depth), 0, segment.size) for name in self._images(segment.facts)]
        return _array(Mirror(len(images), segment.size), images)

    def _raid(self, segment: Segment, kind: str, depth: int) -> Stream:
        names = self._images(segment.facts)
        chunk = number(segment.facts, "stripe_size") * SECTOR
        level, layout = LAYOUTS.get(kind, (10, NEAR_TWO))
        data = {5: len(names) - 1, 6: len(names) - 2, 4: len(names) - 1}.get(level, len(names) // 2)
        if chunk <= 0 or data < 1 or segment.size % data:
            raise Damaged(f"LVM2 metadata: a segment of kind {kind} that its images do not fill")
        share = segment.size // data
        images = [(self._other(name, depth), 0, share) for name in names]
        try:
            geometry: Geometry = (
                Copies(len(names), share, chunk, layout)
                if level == 10
                else Parity(level, len(names), share, chunk, layout)
            )
        except ValueError as error:
            raise Unsupported(
                f"logical volumes of kind {kind} with this {error} are not read here"
            ) from error
        return _array(geometry, images)

    def _images(self, facts: Section) -> list[str]:
        """Return the volumes with the data of a mirror or an array; those with its metadata are named before each."""
        if "mirrors" in facts:
            return texts(facts, "mirrors")
        return texts(facts, "raids")[1::2]

    def _other(self, name: str, depth: int) -> Stream | None:
        """Return a volume that another stands on, None where it cannot be had for want of a physical volume."""
        try:
            return self.volume(name, depth + 1)
        except NotThere:
            return None

    def _areas(self, facts: Section, key: str, depth: int) -> Iterator[tuple[Stream, int]]:
        """Yield stream and first byte of each area: pairs of a volume, physical or logical, and an extent."""
        pairs: Sequence[Any] = facts.get(key) or ()
        if not isinstance(pairs, list) or len(pairs) % 2:
            raise Damaged(f"LVM2 metadata: {key!r} is no list of pairs")
        for name, extent in zip(pairs[::2], pairs[1::2], strict=True):
            if not isinstance(name, str) or not isinstance(extent, int) or extent < 0:
                raise Damaged(f"LVM2 metadata: {key!r} is no list of pairs")
            if name not in self._physical:
                yield self.volume(name, depth + 1), extent * self._extent
                continue
            own = section(self._physical, name)
            disk = self._disks.get(str(own.get("id")))
            yield disk or Absent(self._told(name)), number(own, "pe_start") * SECTOR + extent * self._extent


class Absent(Seekable):
    """A physical volume that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(1 << 62)
        self._name = name

    def lost_until(self, at: int) -> int:  # noqa: ARG002 - as streams have it
        """Return the end: nothing of it can be had."""
        return self.size

    def _at(self, offset: int, length: int) -> bytes:  # noqa: ARG002 - nothing can be had
        raise NotThere(f"{self._name} is missing")


class Window(Seekable):
    """A range of a stream."""

    def __init__(self, stream: Stream, start: int, size: int) -> None:
        super().__init__(size)
        self._stream, self._start = stream, start

    def lost_until(self, at: int) -> int:
        """Return the end, where it lies on what is not there."""
        return self.size if isinstance(self._stream, Absent) else at - at % SECTOR + SECTOR

    def _at(self, offset: int, length: int) -> bytes:
        data = read_at(self._stream, self._start + offset, length)
        if len(data) != length:
            raise Damaged(
                f"the physical volume ends at byte {self._stream.size}, the logical one goes on behind it"
            )
        return data


class Pieces(Seekable):
    """Segments of a volume, one behind another; between them it has no bytes."""

    def __init__(self, segments: Sequence[tuple[int, int, Stream]]) -> None:
        super().__init__(max((start + size for start, size, _ in segments), default=0))
        self._segments = segments

    def lost_until(self, at: int) -> int:
        """Return what the segment at ``at`` says."""
        for start, size, stream in self._segments:
            if start <= at < start + size:
                asked = getattr(stream, "lost_until", None)
                return min(self.size, start + asked(at - start)) if asked else at - at % SECTOR + SECTOR
        return self.size

    def _at(self, offset: int, length: int) -> bytes:
        pieces = []
        while length > 0:
            start, size, stream = next(
                (each for each in self._segments if each[0] <= offset < each[0] + each[1]), (0, 0, None)
            )
            if stream is None:
                raise Damaged(f"LVM2 metadata: no segment has byte {offset} of the volume")
            part = min(length, start + size - offset)
            pieces.append(read_at(stream, offset - start, part))
            offset, length = offset + part, length - part
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _array(geometry: Geometry, images: Sequence[tuple[Stream | None, int, int]]) -> Array:
    """Return what images make: of each the stream, where its data begin, and how many bytes they are."""
    disks = {place: Disk(stream, start, size) for place, (stream, start, size) in enumerate(images) if stream}
    return Array(geometry, disks, {})
