"""Raw disks split into numbered parts: ``disk.001``, ``disk.002`` and so on, one behind the other.

Source: no standard; the namings of dd, dcfldd, FTK Imager and split(1). A raw disk in one piece needs no reader.
"""

from collections import Counter

from actionday.model import Claim, Context, Loss, Peek, ReadWith, Stream
from actionday.sources.images._missing import tell, touching
from actionday.sources.images._parts import ENDINGS, first_part, naming
from actionday.sources.images._raw_set import gathered, whole_before
from actionday.sources.images._split import Part, Split
from actionday.sources.volumes._told_end import told_end


class Raw:
    """Split raw disks."""

    name, sample = "raw-split", "ext4.001"
    called = ENDINGS

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the first of numbered parts: what it holds begins only when they are joined.

        A part is a whole number of sectors or begins as a disk; anything else called ``.001`` is no part of one.
        """
        return Claim.STRUCTURE if first_part(peek) else Claim.NO

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the joined disk; a lone ``.001`` is a disk of one part. Missing parts are noted."""
        called = naming(around.name)
        if called is None:
            around.note(
                "segment_missing", "raw-split: its name tells no further parts: only this one is read"
            )
            return Split(around.name, [(around.name, stream, stream.size)])
        if before := whole_before(called, around):
            raise ReadWith(f"part 2 of {before}", before)
        found = gathered(stream, called, around)
        disk = _placed(called.stem, found.parts, around)
        disk.strangers = found.strangers
        disk.missing = tuple(touching(disk.absent()))
        if facts := tell(
            disk.missing,
            disk.size,
            around,
            "they lie in parts that are missing of the set, cut off or without a place",
        ):
            around.acquired(facts)
        return disk


def _placed(stem: str, parts: list[Part], around: Context) -> Split:
    """Return the disk: all parts that are not the last have one size in it, where most of them do.

    No header tells it. Where no size is that of most, or the last part is larger, each is as large as its file, which
    is noted, unless one is missing or the disk by its own tables is longer: then one was cut off for sure. If the last
    is the largest, and the disk ends in it were all as large, they are; else nothing behind the doubt is placed.
    """
    sizes = Counter(part.size for _, part, _ in parts[:-1] if part is not None)
    if not sizes:
        return Split(stem, parts)
    common, count = max(sizes.items(), key=lambda each: (each[1], each[0]))
    odd, last = sizes.total() - count, parts[-1][2]
    if (odd < count or (odd == count == 1 and last <= common)) and last <= common:
        return Split(stem, _alike(parts, common, around))
    every = ", ".join(map(str, sorted({*sizes, last})[:8]))
    unequal = f"parts of unequal sizes ({every} bytes)"
    lacking = next((number for number, (_, part, _) in enumerate(parts) if part is None), 0)
    if lacking:
        for name in (name for name, part, _ in parts if part is None):
            around.note("segment_missing", f"missing of the set: {name}")
        return _unplaced(stem, parts, lacking, f"{unequal}: how long {parts[lacking][0]} was", around)
    disk = Split(stem, parts)
    told = told_end(disk)
    if told <= disk.size:
        around.note("part_sizes", f"{unequal}: whether one was cut off cannot be told")
        return disk
    if last >= max(sizes) and (len(parts) - 1) * last < told <= len(parts) * last:
        return Split(stem, _alike(parts, last, around))
    why = f"{unequal}, of a disk that by its tables is {told} bytes long: which of them was cut off"
    return _unplaced(stem, parts, 1, why, around)


def _unplaced(stem: str, parts: list[Part], sure: int, why: str, around: Context) -> Split:
    """Return a disk of which only the first ``sure`` parts can be placed; the others are noted."""
    names = [name for name, part, _ in parts[sure:] if part is not None]
    which = " to ".join(dict.fromkeys((names[0], names[-1])))
    around.note(Loss.SEGMENT_UNPLACED, f"{why} cannot be told, nor where what is behind lies: {which}")
    return Split(stem, parts, sure)


def _alike(parts: list[Part], due: int, around: Context) -> list[Part]:
    """Return the parts, of that size all but the last; what they lack of it is noted."""
    placed: list[Part] = []
    for name, part, _ in parts[:-1]:
        if part is None:
            around.note("segment_missing", f"missing of the set: {name}, taken to be {due} bytes")
        elif part.size < due:
            around.note("segment_short", f"{name} gives {part.size} of {due} bytes, the size of the others")
        placed.append((name, part, due))
    return [*placed, parts[-1]]


IMAGE = Raw()
