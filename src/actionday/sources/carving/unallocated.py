"""Space that belongs to no file: what can be found in it by its own structure, and the rest in parts, for its text.

Source: those of the carvers of this room. One pass; memory stays small whatever the space is.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Run, Stream
from actionday.model.counted import counted
from actionday.model.streams import origin
from actionday.sources.carving import passages
from actionday.sources.carving._carver import LENGTH, Carved, Carver
from actionday.sources.carving._carvers import carvers
from actionday.sources.carving._looked import GRAIN, From, Looked, Spent, mended
from actionday.sources.carving._search import LONGEST, Marks

BLOCK = 4 << 20
PART = 64 << 20
"""Bytes looked through for text at once, by any worker: four seconds."""
MOST_FAILED = 2000
"""Beginnings of one type in a block that turn out to be none; behind them only those where sectors begin are tried."""
SECTOR = 512
CODE = "unallocated"
REMARK = "carving"


class Unallocated:
    """The free space of a file system, or what its files leave of their last units."""

    name, sample = "unallocated", "unallocated.bin"
    no_text_of_its_own = True
    slow = "carving"
    kinds = (Kind.UNALLOCATED,)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for what a file system says to belong to nothing."""
        part = peek.name.startswith(passages.PART)
        return Claim.STRUCTURE if peek.kind is Kind.UNALLOCATED and not part else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what is found in order of its first byte, and parts of the rest as they are full. Never raises."""
        yield from _Pass(stream, around).items()


class _Pass:
    """One way through a space."""

    def __init__(self, stream: Stream, around: Context) -> None:
        self._stream, self._around = stream, around
        self._looked, self._marks = Looked(stream), Marks(carvers())
        self._over = 0
        """The byte behind the last file that was found whole: nothing is looked for before it."""
        self._whole: list[Run] = []
        """Files that were found whole in the block at work, and the last before it."""
        self._behind: dict[str, int] = {}
        """By type, the byte behind the last that was cut: within it no other of its type is looked for."""
        self._failed: dict[str, int] = {}
        self._untried = self._lost = 0
        self._rest: list[Run] = []
        self._size = 0

    def items(self) -> Iterator[Found]:
        """Yield all there is."""
        at = 0
        while at < self._stream.size:
            block = self._read(at)
            length = min(BLOCK, self._stream.size - at)
            if block.count(0) < len(block):
                self._failed.clear()
                for place, carver in self._marks.found(block, at, length):
                    if found := self._tried(at + place, carver):
                        yield found
                yield from self._left(at, block[:length])
            self._looked.passed(length)
            at += length
        yield from self._part()
        self._say()

    def _read(self, at: int) -> bytes:
        """Return a block and a few bytes behind it, with zeros for what cannot be had."""
        try:
            self._stream.seek(at)
            return self._stream.read(BLOCK + LONGEST)
        except (Damaged, OSError):
            data, lost = mended(self._stream, at, min(at + BLOCK, self._stream.size))
            self._lost += lost
            return data

    def _tried(self, at: int, carver: Carver) -> Found | None:
        """Return the file that begins at byte ``at``, None where none does."""
        name = carver.name
        if at < self._over or at < self._behind.get(name, 0):
            return None
        if self._failed.get(name, 0) >= MOST_FAILED and at % SECTOR:
            self._untried += 1
            return None
        stream = From(self._looked, at, carver.most)
        try:
            carved = carver.carve(stream)
            suffix = carver.called(stream, carved.size) if carved else ""
        except Spent:
            self._untried += 1
            return None
        if carved is None or carved.size <= 0:
            self._failed[name] = self._failed.get(name, 0) + 1
            return None
        if carved.whole and carved.sure != LENGTH:
            self._over = at + carved.size
            self._whole.append((at, carved.size))
        else:
            self._behind[name] = at + carved.size
        return self._found(at, carved, name, suffix)

    def _found(self, at: int, carved: Carved, name: str, suffix: str) -> Found:
        place, kind = origin(self._stream, at), name.removeprefix("carve-")
        reason = "" if carved.whole else "carved: its end was not found; cut where its structure breaks off"
        return Found(
            name=f"@{place}{suffix}",
            kind=Kind.CARVED,
            place=str(at),
            size=carved.size,
            runs=((at, carved.size),),
            reason=reason,
            meta={"offset": place, "carved_as": kind, "carved_by": carved.sure, "end_found": carved.whole},
        )

    def _left(self, base: int, block: bytes) -> Iterator[Found]:
        """Take what of a block is neither zeros nor in a file that was found whole."""
        at, end = base, base + len(block)
        for start, size in (*self._whole, (end, 0)):
            yield from self._filled(base, block, at, min(start, end))
            at = max(at, start + size)
        self._whole = self._whole[-1:]  # which may reach into the next

    def _filled(self, base: int, block: bytes, at: int, end: int) -> Iterator[Found]:
        while at < end:
            size = min(GRAIN - at % GRAIN, end - at)
            piece = block[at - base : at - base + size]
            if piece.count(0) < size:
                self._take(at, size)
                if self._size >= PART:
                    yield from self._part()
            at += size

    def _take(self, at: int, length: int) -> None:
        if self._rest and sum(self._rest[-1]) == at:
            self._rest[-1] = self._rest[-1][0], self._rest[-1][1] + length
        else:
            self._rest.append((at, length))
        self._size += length

    def _part(self) -> Iterator[Found]:
        """Yield a part of the rest."""
        if self._rest:
            first = self._rest[0][0]
            name = f"{passages.PART}{origin(self._stream, first)}"
            yield Found(
                name=name,
                kind=Kind.UNALLOCATED,
                place=f"text {first}",
                size=self._size,
                runs=tuple(self._rest),
            )
        self._rest, self._size = [], 0

    def _say(self) -> None:
        if self._lost:
            self._around.note(
                CODE, f"{counted(self._lost, 'byte')} of free space cannot be read: not looked through"
            )
        if untried := self._untried + self._marks.dropped:
            where = counted(untried, "place", "places")
            why = "too many stand near one another, or what they lead to is longer than is looked at"
            self._around.note(REMARK, f"{where} at which a file may begin not followed: {why}")


SOURCE = Unallocated()
