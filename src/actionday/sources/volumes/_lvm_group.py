"""A volume group out of its physical volumes: which logical volumes there are, and where each lies.

Source: LVM2, ``lib/format_text/import_vsn1.c``, ``lib/striped/striped.c``, ``lib/raid/raid.c``; lvmraid(7).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from actionday.model import Damaged, ItemError, NotThere, Stream, Unsupported
from actionday.sources.volumes._lvm_cow import Snapshot
from actionday.sources.volumes._lvm_pieces import SECTOR, Absent, Pieces, Window
from actionday.sources.volumes._lvm_text import Section, number, section, texts
from actionday.sources.volumes._lvm_thin import Pool, Thin
from actionday.sources.volumes._md_array import Array, Disk
from actionday.sources.volumes._md_map import Copies, Geometry, Mirror, Parity, Striped

DEEPEST = 8
"""Volumes that stand on volumes: a thin volume on a pool on a mirror has four."""
LAYOUTS = {
    "raid5": (5, 2), "raid5_la": (5, 0), "raid5_ra": (5, 1), "raid5_ls": (5, 2), "raid5_rs": (5, 3), "raid5_n": (5, 5),
    "raid6_n_6": (6, 5), "raid4": (4, 5),
}  # fmt: skip
"""Level and layout of the kinds that lie as arrays of Linux software RAID do."""
MIRRORS = ("mirror", "raid1")
SPARED = {4: 1, 5: 1, 6: 2}
"""Images that a volume of a level can do without; of level 10 one is surely no loss."""
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
        self._losses: dict[str, bool] = {}
        self._made: dict[str, Stream] = {}
        """Volumes by their names: one that many stand on is put together once."""
        self._pools: dict[str, Pool] = {}
        self._snapshots = dict(self._stores())
        if self._extent <= 0:
            raise Damaged("LVM2 metadata: extents of no bytes")

    def names(self) -> list[str]:
        """Return the volumes that a person made, in their order; not those that others are made of, nor thin pools."""
        stores = {link: store for store, (link, _) in self._snapshots.items()}
        return [
            stores.get(name, name)
            for name, each in self._volumes.items()
            if isinstance(each, dict)
            and "VISIBLE" in texts(each, "status")
            and self._kind(name) != "thin-pool"
        ]

    def _kind(self, name: str) -> str:
        try:
            segments = self._segments(name)
        except ItemError:
            return ""  # told where it is opened
        return str(segments[0].facts.get("type")) if segments else ""

    def _stores(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield of each snapshot its name, and the volume that joins it to its origin, and that origin."""
        for name, each in self._volumes.items():
            facts = each.get("segment1") if isinstance(each, dict) else None
            if isinstance(facts, dict) and facts.get("type") == "snapshot":
                store = facts.get("cow_store") or facts.get("merging_store")
                yield str(store), (name, str(facts.get("origin")))

    def told(self) -> Iterator[tuple[str, str]]:
        """Yield what is to be said of the thin pools: a code and its reason, and what of them cannot be read."""
        for name in self._volumes:
            if not isinstance(self._volumes[name], dict) or self._kind(name) != "thin-pool":
                continue
            try:
                pool = self._pool(name, 0)
                others = sorted(set(pool.devices()) - self._devices(name))
            except ItemError as error:
                yield "damaged", f"thin pool {name}: {error}"
                continue
            if pool.dirty:
                yield "dirty", f"thin pool {name}: its metadata say that they need to be checked"
            if others:
                which = ", ".join(map(str, others[:20])) + (" ..." if len(others) > 20 else "")
                yield (
                    "unclaimed",
                    f"thin pool {name}: it holds thin volumes that the group does not name: {which}",
                )

    def _devices(self, pool: str) -> set[int]:
        """Return the numbers of the thin volumes that the group has in a pool."""
        facts = [each["segment1"] for each in self._volumes.values()
                 if isinstance(each, dict) and isinstance(each.get("segment1"), dict)]  # fmt: skip
        numbers = [each.get("device_id") for each in facts
                   if each.get("type") == "thin" and each.get("thin_pool") == pool]  # fmt: skip
        return {each for each in numbers if isinstance(each, int)}  # fmt: skip

    def missing(self) -> list[str]:
        """Return the physical volumes that are not there, each with its name, its device and its identifier."""
        return [
            self._told(name)
            for name, each in self._physical.items()
            if str(each.get("id")) not in self._disks
        ]

    def lost(self, name: str, depth: int = 0) -> bool:
        """Say whether some of a volume lies on what is missing alone. Raises Damaged."""
        if depth > DEEPEST:
            raise Damaged(f"LVM2 metadata: volume {name} stands on itself")
        if name not in self._losses:
            beneath = name in self._snapshots and self.lost(self._snapshots[name][1], depth + 1)
            own = any(self._lost(each.facts, depth) for each in self._segments(name))
            self._losses[name] = beneath or own
        return self._losses[name]

    def all_there(self) -> bool:
        """Say whether all volumes are whole without the physical volumes that are missing."""
        try:
            return not any(self.lost(name) for name in self.names())
        except ItemError:
            return False

    def _lost(self, facts: Section, depth: int) -> bool:
        kind = str(facts.get("type"))
        if kind in MIRRORS or kind in LAYOUTS or kind == "raid10":
            images = [self.lost(each, depth + 1) for each in self._images(facts)]
            level, _ = LAYOUTS.get(kind, (10, NEAR_TWO))
            spared = len(images) - 1 if kind in MIRRORS else SPARED.get(level, 1)
            return sum(images) > spared
        if kind == "thin":
            pool = section(section(self._volumes, str(facts.get("thin_pool"))), "segment1")
            beneath = [str(pool.get("metadata")), str(pool.get("pool"))]
            if isinstance(facts.get("external_origin"), str):
                beneath.append(facts["external_origin"])
            return any(self.lost(each, depth + 1) for each in beneath)
        return any(isinstance(stream, Absent) for stream, _ in self._areas(facts, "stripes", depth)) or any(
            self.lost(each, depth + 1) for each in texts(facts, "stripes") if each not in self._physical
        )

    def _told(self, name: str) -> str:
        facts = section(self._physical, name)
        device = f", last seen as {facts['device']}" if isinstance(facts.get("device"), str) else ""
        return f"physical volume {facts.get('id')} ({name}{device})"

    def size(self, name: str) -> int:
        """Return the bytes of a volume; of a snapshot those of its origin."""
        if name in self._snapshots and (origin := self._snapshots[name][1]) != name:
            name = origin
        return max((each.start + each.size for each in self._segments(name)), default=0)

    def volume(self, name: str, depth: int = 0) -> Stream:
        """Return a volume. Raises Unsupported for a kind that is not read, NotThere for want of a physical volume."""
        if depth > DEEPEST:
            raise Damaged(f"LVM2 metadata: volume {name} stands on itself")
        if name not in self._made:
            made = self._plain(name, depth)
            if name in self._snapshots:
                made = Snapshot(self.volume(self._snapshots[name][1], depth + 1), made)
            self._made[name] = made
        return self._made[name]

    def _plain(self, name: str, depth: int) -> Stream:
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
        if kind == "thin":
            return self._thin(segment, depth)
        raise Unsupported(f"logical volumes of kind {facts.get('type')} are not read here")

    def _thin(self, segment: Segment, depth: int) -> Stream:
        origin = segment.facts.get("external_origin")
        beneath = self.volume(origin, depth + 1) if isinstance(origin, str) else None
        pool = self._pool(str(segment.facts.get("thin_pool")), depth)
        return Thin(pool, number(segment.facts, "device_id"), segment.size, beneath)

    def _pool(self, name: str, depth: int) -> Pool:
        if name not in self._pools:
            facts = section(section(self._volumes, name), "segment1")
            metadata, data = (self.volume(str(facts.get(key)), depth + 1) for key in ("metadata", "pool"))
            self._pools[name] = Pool(metadata, data)
        return self._pools[name]

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


def _array(geometry: Geometry, images: Sequence[tuple[Stream | None, int, int]]) -> Array:
    """Return what images make: of each the stream, where its data begin, and how many bytes they are."""
    disks = {place: Disk(stream, start, size) for place, (stream, start, size) in enumerate(images) if stream}
    return Array(geometry, disks, {})
