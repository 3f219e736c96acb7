"""The blocks of a RAR archive: members, and what is none (comments, streams of Windows, what nobody knows); its end.

Source: RARLAB "RAR 5.0 archive format" (general block, service header, end of archive); technote.txt of RAR 4.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._coded import readable
from actionday.sources.archives._leftover import BLANK, LEAST

MOST = 200_000
LONGEST_HEADER = 2 << 20
NEXT_HEADER = 4096
"""Bytes of a header that is looked for behind a damaged one: those of ordinary members are far below."""
LOOKED = 1_000_000
"""Places looked at for one, 3 µs each: one byte of 150 of packed data is such; then the rest is one gap."""
STEP, WINDOW = 1 << 20, 16
BETWEEN_VOLUMES = 1 << 16
"""Bytes behind the end of a volume in which the next one is looked for: RAR 5 fills some with zeros."""


class Block(NamedTuple):
    """What is no member, or lies beside one: what it is called, where it lies, and whether that is as written."""

    name: str
    start: int
    size: int
    stored: bool


class Member(NamedTuple):
    """A member as its own block tells it: ``size`` bytes at ``start``, as they are where it is ``stored``."""

    name: bytes
    start: int
    size: int
    stored: bool
    whole: tuple[int, int] | None = None
    """Size and CRC of its content, None where no CRC is told of all of it."""
    time: int | None = None
    """When it was changed, as DOS has it; RAR 5 has times of Unix or Windows."""
    goes_on: bool = False
    """Whether it is the rest of a member of the volume before."""


class Header(NamedTuple):
    """One block: where the next one begins, whether it is the last, its member, and what lies beside that."""

    over: int
    last: bool = False
    member: Member | None = None
    blocks: tuple[Block, ...] = ()
    coded: tuple[int, int] | None = None
    """Begin and end of data of the format's own, in which nobody's words should be."""
    more: bool = False
    """Whether it ends a volume behind which another one is due."""


class Reader(Protocol):
    """Reads the block that begins at a byte: that of RAR 4 or of RAR 5."""

    likely: re.Pattern[bytes]
    """Finds where a header may begin that is looked for, ``before`` bytes behind its begin."""
    before: int
    mark: bytes
    """With which an archive begins, and each of its volumes."""

    def block(self, stream: Stream, at: int, longest: int) -> Header | None:
        """Return the block at ``at``, None where none fits its sum or its header is ``longest`` bytes or more."""


class Walk:
    """Goes through the blocks; ``end`` is the byte behind the last one afterwards, 0 where none says to be it."""

    def __init__(self, stream: Stream, reader: Reader, first: int) -> None:
        self._stream, self._reader, self._at = stream, reader, first
        self._left = LOOKED
        self.end = 0
        self.members: list[Member] = []
        self.gaps: list[tuple[int, int]] = []
        """Begin and end of what lies between blocks that fit their sums."""
        self.between: list[tuple[int, int]] = []
        """Those of them that lie between volumes."""
        self.beyond = 0
        """From which byte on blocks are not gone through, 0 where all are."""
        self.more = False
        """Whether the last block says that another volume is due."""

    def blocks(self) -> Iterator[Block]:
        """Yield what is no member, in order; ``members`` and ``gaps`` are whole at the end."""
        stream = self._stream
        for _ in range(MOST):
            found = self._reader.block(stream, self._at, LONGEST_HEADER)
            if found is None and self._at < stream.size:
                start, self._at = self._at, self._following()
                self.gaps.append((start, self._at))
                found = self._reader.block(stream, self._at, LONGEST_HEADER)
            if found is None:
                return
            yield from (each for each in found.blocks if 0 < each.size <= stream.size - each.start)
            if found.coded is not None:
                for begin, size in readable(stream, found.coded[0], min(found.coded[1], stream.size)):
                    yield Block("text in the format's own data", begin, size, True)
            if found.member is not None and not (found.member.goes_on and self.members):
                self.members.append(found.member)
            if found.last:
                self.end, self.more = found.over, found.more
            begun = self._next_volume(found.over) if found.more else 0
            if begun:
                found = found._replace(over=begun)
            elif found.last:
                return
            if found.over <= self._at:
                return
            self._at = found.over
        self.beyond = self._at

    def _next_volume(self, at: int) -> int:
        """Return the byte behind the mark of a volume that begins behind ``at``, 0 where none does."""
        mark = self._reader.mark
        place = read_at(self._stream, at, BETWEEN_VOLUMES).find(mark)
        if place < 0:
            return 0
        if place:
            self.gaps.append((at, at + place))
            self.between.append((at, at + place))
        return at + place + len(mark)

    def _following(self) -> int:
        """Return where the next block begins whose header fits its sum, the end where there is none."""
        at, size, reader = self._at + 1, self._stream.size, self._reader
        while at < size:
            for hit in reader.likely.finditer(read_at(self._stream, at, STEP + WINDOW)):
                place = at + hit.start() - reader.before
                if self._left <= 0:
                    return size
                self._left -= 1
                if place >= at and reader.block(self._stream, place, NEXT_HEADER) is not None:
                    return place
            at += STEP
        return size


def rest(name: str, head: bytes, start: int, end: int, at: int) -> tuple[Block, ...]:
    """Return what a header, which lies at ``at``, holds from ``start`` to ``end`` and has no use for; no padding."""
    stretch = head[start:end]
    if len(stretch.strip(BLANK)) < LEAST:
        return ()
    return (Block(name, at + start, len(stretch), True),)
