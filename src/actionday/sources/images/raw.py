"""Raw disks split into numbered parts: ``disk.001``, ``disk.002`` and so on, one behind the other.

Source: no standard; the naming of dd, dcfldd and FTK Imager. A raw disk in one piece needs no reader.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from actionday.model import Claim, Context, Damaged, Loss, NotThere, Peek, Stream
from actionday.sources.images._disk import Disk, exactly
from actionday.sources.images._missing import Range, tell, touching
from actionday.sources.images._parts import ENDINGS, FIRST, first_part
from actionday.sources.images._rest import Span
from actionday.sources.volumes._told_end import told_end

LOOK_AHEAD = 3
"""Parts looked for behind a gap where the neighbours' names are not known."""


Part = tuple[str, Stream | None, int]
"""Name, bytes (None: missing) and size in the disk, which may be another than that of its file."""


class Split(Disk):
    """Parts in a row; what one lacks (None: all) raises Damaged for its range."""

    def __init__(self, name: str, parts: list[Part], sure: int | None = None) -> None:
        """``sure``: of how many parts it is known where they lie; the bytes of the others are those of no place."""
        self._parts, self._sure = parts, len(parts) if sure is None else sure
        self._ends = list(accumulate(size for _, _, size in parts))
        super().__init__(self._ends[-1], name)

    def absent(self) -> Iterator[Range]:
        """Yield the range of each part that is missing or cannot be placed, or of what it lacks."""
        for number, ((_, stream, size), end) in enumerate(zip(self._parts, self._ends, strict=True)):
            there = stream.size if stream and number < self._sure else 0
            yield end - max(0, size - there), end

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield what parts hold beyond the size of all, and whole those that cannot be placed."""
        del parents
        for number, (name, stream, size) in enumerate(self._parts):
            if stream is not None and number >= self._sure:
                yield Span(stream, 0, stream.size, name, known=name)
            elif stream is not None and stream.size > size:
                yield Span(stream, size, stream.size, name)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one part. Raises Damaged where it is missing or shorter than it was."""
        number = bisect_right(self._ends, offset)
        name, stream, size = self._parts[number]
        within = offset - (self._ends[number] - size)
        if stream is None:
            raise NotThere(f"{name} is missing: byte {offset} of the disk lies in it")
        if number >= self._sure:
            raise Damaged(
                f"where {name} lies on the disk is not known: how long a part before it was cannot be told"
            )
        return exactly(stream, within, min(length, size - within), name)


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
        found = FIRST.search(around.name)
        if found is None:
            around.note(
                "segment_missing", "raw-split: its name tells no further parts: only this one is read"
            )
            return Split(around.name, [(around.name, stream, stream.size)])
        stem, digits = around.name[: found.start()], len(found[1]) + 1
        parts: list[Part] = [(around.name, stream, stream.size)]
        gap: list[str] = []
        known = _known(stem, digits, around)
        number = 2
        while number <= known or len(gap) < LOOK_AHEAD:
            name = f"{stem}.{number:0{digits}d}"
            part = around.sibling(name)
            if part is None:
                gap.append(name)
            else:
                parts += [(each, None, stream.size) for each in gap]
                parts.append((name, part, part.size))
                gap = []
            number += 1
        disk = _placed(stem, parts, around)
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


def _known(stem: str, digits: int, around: Context) -> int:
    """Return the highest number among the neighbours' names (0 where they are not known).

    One of more than ``digits`` digits is that of a part where the one before it is there: ``.20240`` may be a date.
    """
    start = f"{stem}."
    names = (name[len(start) :] for name in around.siblings() if name.startswith(start))
    numbers = {int(each): len(each) for each in names if each.isdecimal() and digits <= len(each) < 6}
    return max(
        (each for each, length in numbers.items() if length == digits or each - 1 in numbers), default=0
    )


IMAGE = Raw()
