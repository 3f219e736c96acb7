"""Raw disks split into numbered parts: ``disk.001``, ``disk.002`` and so on, one behind the other.

Source: no standard; the naming of dd, dcfldd and FTK Imager. A raw disk in one piece needs no reader.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from actionday.model import Claim, Context, Damaged, Peek, Stream
from actionday.sources.images._disk import Disk, exactly
from actionday.sources.images._missing import Range, tell, touching
from actionday.sources.images._parts import ENDINGS, FIRST, first_part
from actionday.sources.images._rest import Span

LOOK_AHEAD = 3
"""Parts looked for behind a gap where the neighbours' names are not known."""


Part = tuple[str, Stream | None, int]
"""Name, bytes (None: missing) and size in the disk, which may be another than that of its file."""


class Split(Disk):
    """Parts in a row; what one lacks (None: all) raises Damaged for its range."""

    def __init__(self, name: str, parts: list[Part]) -> None:
        self._parts = parts
        self._ends = list(accumulate(size for _, _, size in parts))
        super().__init__(self._ends[-1], name)

    def absent(self) -> Iterator[Range]:
        """Yield the range of each part that is missing, or of what it lacks."""
        for (_, stream, size), end in zip(self._parts, self._ends, strict=True):
            yield end - max(0, size - (stream.size if stream else 0)), end

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield what parts hold beyond the size of all."""
        del parents
        for name, stream, size in self._parts:
            if stream is not None and stream.size > size:
                yield Span(stream, size, stream.size, name)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one part. Raises Damaged where it is missing or shorter than it was."""
        number = bisect_right(self._ends, offset)
        name, stream, size = self._parts[number]
        within = offset - (self._ends[number] - size)
        if stream is None:
            raise Damaged(f"{name} is missing: byte {offset} of the disk lies in it")
        return exactly(stream, within, min(length, size - within), name)


class Raw:
    """Split raw disks."""

    name, sample = "raw-split", "ext4.001"
    called = ENDINGS

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the first of numbered parts: what it holds begins only when they are joined.

        A part is a whole number of sectors; anything else called ``.001`` is not a part of a disk.
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
        known = _known(stem, around)
        number = 2
        while len(gap) < max(LOOK_AHEAD, known - number + 2):
            name = f"{stem}.{number:0{digits}d}"
            part = around.sibling(name)
            if part is None:
                gap.append(name)
            else:
                parts += [(each, None, stream.size) for each in gap]
                parts.append((name, part, part.size))
                gap = []
            number += 1
        disk = Split(stem, _placed(parts, around))
        disk.missing = tuple(touching(disk.absent()))
        if facts := tell(
            disk.missing, disk.size, around, "they lie in parts that are missing of the set or cut off"
        ):
            around.acquired(facts)
        return disk


def _placed(parts: list[Part], around: Context) -> list[Part]:
    """Return the parts with their sizes in the disk: all that are not the last have one, where most of them do.

    No header tells it. Where no size is that of most, each is as large as its file, which is noted.
    """
    sizes = Counter(part.size for _, part, _ in parts[:-1] if part is not None)
    if not sizes:
        return parts
    common, count = max(sizes.items(), key=lambda each: (each[1], each[0]))
    odd, last = sizes.total() - count, parts[-1][2]
    told = odd < count or (odd == count == 1 and last <= common)
    if not told or last > common:
        every = ", ".join(map(str, sorted({*sizes, last})[:8]))
        around.note(
            "part_sizes", f"parts of unequal sizes ({every} bytes): whether one was cut off cannot be told"
        )
    placed: list[Part] = []
    for name, part, size in parts[:-1]:
        due = common if told or part is None else size
        if part is None:
            around.note("segment_missing", f"missing of the set: {name}, taken to be {due} bytes")
        elif part.size < due:
            around.note("segment_short", f"{name} gives {part.size} of {due} bytes, the size of the others")
        placed.append((name, part, due))
    return [*placed, parts[-1]]


def _known(stem: str, around: Context) -> int:
    """Return the highest number among the neighbours' names (0 where they are not known)."""
    start = f"{stem}."
    numbers = (name[len(start) :] for name in around.siblings() if name.startswith(start))
    return max((int(each) for each in numbers if each.isdecimal() and len(each) < 6), default=0)


IMAGE = Raw()
