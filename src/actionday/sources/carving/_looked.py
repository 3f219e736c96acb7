"""The space as carvers look at it: from their byte 0 on, in blocks that are kept, and no more than was granted."""

from collections import OrderedDict

from actionday.model import Damaged, Stream
from actionday.model.streams import Seekable, lost_until

BLOCK = 128 << 10
BLOCKS = 64
"""Blocks kept, 8 MiB: the pass itself stands near."""
GRAIN = 4 << 10
"""Bytes that are tried by themselves where more of them cannot be had."""
GRANTED = 64 << 20
RATE = 4
"""Bytes that may be looked at behind marks, at the beginning and for each byte gone past: real space needs a tenth."""


class Spent(Exception):
    """More was looked at behind marks than is granted up to here."""


def mended(stream: Stream, at: int, end: int) -> tuple[bytes, int]:
    """Return bytes ``at`` to ``end`` with zeros for those that cannot be had, and how many these are."""
    pieces, lost = list[bytes](), 0
    while at < end:
        size = min(GRAIN, end - at)
        try:
            stream.seek(at)
            pieces.append(stream.read(size))
        except (Damaged, OSError):
            size = max(size, min(end, lost_until(stream, at)) - at)
            pieces.append(bytes(size))
            lost += size
        at += size
    return b"".join(pieces), lost


class Looked:
    """Reads of one space, counted."""

    def __init__(self, stream: Stream) -> None:
        self.stream, self.size = stream, stream.size
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._left = GRANTED

    def passed(self, length: int) -> None:
        """Grant more: the search has gone past ``length`` bytes."""
        self._left += RATE * length

    def block(self, number: int) -> bytes:
        """Return a block, with zeros for what cannot be had. Raises Spent."""
        kept = self._blocks.get(number)
        if kept is None:
            if self._left <= 0:
                raise Spent
            self._left -= BLOCK
            kept = self._blocks[number] = self._read(number * BLOCK)
            if len(self._blocks) > BLOCKS:
                self._blocks.popitem(last=False)
        else:
            self._left -= 64  # a look costs something, however often it is at the same place
            if self._left <= 0:
                raise Spent
            self._blocks.move_to_end(number)
        return kept

    def _read(self, at: int) -> bytes:
        try:
            self.stream.seek(at)
            return self.stream.read(BLOCK)
        except (Damaged, OSError):
            return mended(self.stream, at, min(at + BLOCK, self.size))[0]

    def ranged(self, start: int, length: int) -> bytes:
        """Return bytes, fewer at the end. Raises Spent."""
        pieces, end = list[bytes](), min(start + length, self.size)
        while start < end:
            number, within = divmod(start, BLOCK)
            piece = self.block(number)[within : within + end - start]
            if not piece:
                break
            pieces.append(piece)
            start += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


class From(Seekable):
    """The ``size`` bytes of a space from ``start`` on."""

    def __init__(self, looked: Looked, start: int, size: int) -> None:
        super().__init__(min(size, looked.size - start))
        self._looked, self._start = looked, start

    def _at(self, offset: int, length: int) -> bytes:
        return self._looked.ranged(self._start + offset, length)
