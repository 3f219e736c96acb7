"""Ranges of a stream that cannot be had, to the byte, and what can be had behind them: nothing is zeros in their place.

Source: none. An image gives a chunk, a cluster or a sector or does not; a file on it may have all but that.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from actionday.model import Stream
from actionday.model.counted import counted
from actionday.pipeline.streams import lost_until

REACH_BYTES = 1 << 20
MOST_STEPS = 1 << 16
"""Places at which one stream is tried; behind more than that it is not looked at, and that is said."""
MOST_RANGES = 100
"""Ranges that stand among the facts; how many there are, and their bytes, is told of all."""
MOST_NAMED = 20
"""Ranges that a sentence names: a line of the issue log, and the reason of an item."""
Beat = Callable[[], None]


class Gaps(NamedTuple):
    """What of a stream of ``size`` bytes cannot be had: ranges (first byte, byte behind the last) in order and apart.

    ``looked``: up to which byte it was looked at; what lies behind is not known.
    """

    size: int
    lost: tuple[tuple[int, int], ...]
    looked: int

    @property
    def bytes(self) -> int:
        """Bytes that cannot be had, of those that were looked at."""
        return sum(end - start for start, end in self.lost)

    def behind(self) -> list[tuple[int, int]]:
        """Return the stretches that can be had behind the first range, each first byte and byte behind the last."""
        begins = [end for _, end in self.lost]
        ends = [*(start for start, _ in self.lost[1:]), self.looked]
        return [(start, end) for start, end in zip(begins, ends, strict=True) if start < end]

    def facts(self) -> dict[str, object]:
        """Return them as facts of an item: as ``sources/images`` tells the ranges that a disk lacks."""
        told = [[start, end - 1] for start, end in self.lost[:MOST_RANGES]]
        facts = {"bytes": self.bytes, "of": self.size, "ranges": told, "range_count": len(self.lost)}
        return facts | ({"at_least": True} if self.looked < self.size else {})

    def said(self, of: str) -> str:
        """Return that as a sentence; ``of`` is what the bytes are of."""
        first = f"bytes {self.lost[0][0]} to {self.lost[0][1] - 1}"
        total = counted(self.bytes, "byte")
        what = f"{first} {of} cannot be had: {total}"
        if len(self.lost) > 1:
            named = ", ".join(f"{start} to {end - 1}" for start, end in self.lost[:MOST_NAMED])
            more = len(self.lost) - MOST_NAMED
            named += f" and {counted(more, 'further range')}" if more > 0 else ""
            what = f"{len(self.lost)} ranges {of} cannot be had, {total} in all: bytes {named}"
        if self.looked < self.size:
            what += f"; behind byte {self.looked} it was not looked at any further"
        return what


def reached(stream: Stream, at: int, length: int = REACH_BYTES) -> Iterator[bytes]:
    """Yield what can be had from byte ``at`` on, where ``length`` bytes cannot: up to the first byte that cannot.

    Reads twice as much at the most, in some 20 calls.
    """
    while length:
        data = _had(stream, at, length)
        if data:
            yield data
            at += len(data)
        length //= 2


def gaps(stream: Stream, at: int, beat: Beat) -> Gaps:
    """Return what cannot be had from byte ``at`` on, which cannot.

    Reads the rest once; ``beat`` is called at each step.
    """
    lost: list[tuple[int, int]] = []
    steps = 0
    while at < stream.size:
        end = min(lost_until(stream, at), stream.size)
        while end < stream.size and not _had(stream, end, 1):
            steps += 1
            if steps >= MOST_STEPS:
                return Gaps(stream.size, (*lost, (at, end)), end)
            beat()
            end = min(lost_until(stream, end), stream.size)
        lost.append((at, end))
        steps += 1
        if steps >= MOST_STEPS:
            return Gaps(stream.size, tuple(lost), end)
        at = _next(stream, end, beat)
    return Gaps(stream.size, tuple(lost), stream.size)


def _next(stream: Stream, at: int, beat: Beat) -> int:
    """Return the first byte from ``at`` on that cannot be had, the size where all can."""
    while at < stream.size:
        beat()
        if not (data := _had(stream, at, REACH_BYTES)):
            return at + sum(map(len, reached(stream, at)))
        at += len(data)
    return at


def _had(stream: Stream, at: int, length: int) -> bytes:
    """Return bytes of a stream, none where not all of them can be had."""
    try:
        stream.seek(at)
        return stream.read(length)
    except MemoryError:
        raise
    except Exception:  # whatever a library raises on them, as ``reading.pieces`` has it
        return b""
