"""What belongs to no file: the free ranges of a file system and the bytes behind files in their last unit, as items.

They are told when all else is listed, and are opened once all of that is stored. Neither is a file, so neither counts
in a balance; both lie in the container's stream, and nothing of them is copied.
"""

from array import array
from collections.abc import Iterable, Iterator

from actionday.model import Found, Kind, Note, Run
from actionday.model.counted import counted

MOST_RUNS = 1 << 16
"""Ranges of one item; what has more is several: a row of ten million ranges would be 100 MB."""
MOST_KEPT = 1 << 22
"""Ranges kept of one file system, 64 MiB of them: 16 TiB in pieces of 4 MiB."""
FREE, SLACK = "$Unallocated", "$Slack"
NOT_LOOKED_THROUGH = "unallocated"
"""A remark: some of the space that belongs to no file is not looked through."""
LIVE = frozenset({Kind.FILE, Kind.STREAM, Kind.SYSTEM})


class Free:
    """Free ranges of one file system, and what its files leave of their last units."""

    def __init__(self, unit: int, first: int) -> None:
        """``unit`` > 0 bytes are given to a file at once; units begin at byte ``first``."""
        self.unit, self.first = unit, first
        self._starts, self._sizes = array("Q"), array("Q")
        self._beyond = self._bytes_beyond = 0

    @classmethod
    def of(cls, runs: Iterable[Run], unit: int, first: int) -> "Free":
        """Take ranges in order."""
        free = cls(max(1, unit), first)
        for start, size in runs:
            free.add(start, size)
        return free

    def add(self, start: int, size: int) -> None:
        """Take the next range; one that goes on where the last one ends makes it longer."""
        if size <= 0 or start < 0:
            return
        if self._starts and self._starts[-1] + self._sizes[-1] == start:
            self._sizes[-1] += size
        elif len(self._starts) < MOST_KEPT:
            self._starts.append(start)
            self._sizes.append(size)
        else:
            self._beyond, self._bytes_beyond = self._beyond + 1, self._bytes_beyond + size

    def all(self, ends: "Ends", size: int) -> Iterator[Found]:
        """Yield the ranges that lie in a stream of ``size`` bytes, then what lies behind files in their last units."""
        yield from _items(FREE, _within(zip(self._starts, self._sizes, strict=True), size))
        yield from _items(SLACK, _within(ends.behind(self.unit, self.first), size))

    def notes(self, ends: "Ends") -> Iterator[Note]:
        """Yield what is to be said of ranges that were not kept."""
        if self._beyond:
            what = f"{counted(self._beyond, 'range')} with {counted(self._bytes_beyond, 'byte')}"
            yield Note(
                NOT_LOOKED_THROUGH, f"more than {MOST_KEPT} free ranges: {what} are not looked through"
            )
        if ends.beyond:
            what = f"what lies behind {counted(ends.beyond, 'further one', 'further ones')} is not looked through"
            yield Note(NOT_LOOKED_THROUGH, f"more than {MOST_KEPT} files: {what}")


class Ends:
    """Where the contents of files end that begin where a unit does."""

    def __init__(self) -> None:
        self._found: list[array[int]] = [array("Q"), array("Q")]
        self.beyond = 0

    def add(self, found: Found) -> None:
        """Take an item of a file system. 1 µs."""
        if found.kind not in LIVE or not found.runs or found.read is not None:
            return
        (begin, _), (start, length) = found.runs[0], found.runs[-1]
        if begin < 0 or start < 0:
            return
        if len(self._found[0]) >= MOST_KEPT:
            self.beyond += 1
            return
        self._found[0].append(begin)
        self._found[1].append(start + length)

    def behind(self, unit: int, first: int) -> Iterator[Run]:
        """Yield what follows, in order, of each unit that a file ends in; of hard links once."""
        begins, ends = self._found
        last = -1
        for end in sorted(
            end for begin, end in zip(begins, ends, strict=True) if (begin - first) % unit == 0
        ):
            over = (end - first) % unit
            if over and end != last:
                yield end, unit - over
            last = end


def _within(runs: Iterable[Run], size: int) -> Iterator[Run]:
    for start, length in runs:
        if start < size:
            yield start, min(length, size - start)


def _items(name: str, runs: Iterable[Run]) -> Iterator[Found]:
    """Yield one item for so many ranges; the second is called ``name 2``."""
    number, held = 1, list[Run]()
    for run in runs:
        held.append(run)
        if len(held) >= MOST_RUNS:
            yield _item(name, number, held)
            number, held = number + 1, []
    if held:
        yield _item(name, number, held)


def _item(name: str, number: int, runs: list[Run]) -> Found:
    called = name if number == 1 else f"{name} {number}"
    return Found(name=called, kind=Kind.UNALLOCATED, place=called, size=sum(length for _, length in runs),
                 runs=tuple(runs), meta={"ranges": len(runs)})  # fmt: skip
