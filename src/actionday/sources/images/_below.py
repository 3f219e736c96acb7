"""A disk that may stand on a parent: what it does not hold itself comes from below, or is zero."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from actionday.model import Context, Damaged, ItemError, Loss, Stream
from actionday.sources.images._disk import Disk, exactly, zeros
from actionday.sources.images._rest import Span
from actionday.sources.volumes._held import holds_data, next_data
from actionday.sources.volumes._told_end import told_end

BELOW_SHORT = "parent_short"
"""A remark: the parent ends before the disk on it, and nothing on it tells that it was longer."""
STEPS = 1 << 16
"""Stretches gone over before the caller is given a place to read: 0.1 s, so that a deadline sees that it gets on."""


class Holds(Enum):
    """What the tables of an overlay say of a stretch of its disk."""

    OWN = "own"
    ZERO = "zero"
    BELOW = "below"


@contextmanager
def known(disk: Disk) -> Iterator[None]:
    """Let an error that keeps a disk from being read carry it: what its files hold beside it is found all the same."""
    try:
        yield
    except ItemError as error:
        error.disk = disk
        raise


class Overlay(Disk):
    """``below`` may be shorter than the overlay: zeros follow it, from byte ``due`` on; what lacks before it raises."""

    def __init__(self, size: int, name: str, below: Stream | None = None) -> None:
        super().__init__(size, name)
        self.below = below
        self.due = 0

    def stand(self, below: Stream, name: str, around: Context) -> None:
        """Put the disk onto ``below``, of the file ``name``; one that is shorter is told.

        An overlay may have been made longer. Where the parent itself is longer by its own tables, it was cut; where it
        holds data and tells nothing, those of the whole disk are asked. Reads a parent of zeros to its end.
        """
        self.below = below
        if below.size >= self.size:
            return
        said = (
            f"its backing file {name} gives {below.size} bytes of a disk, this one is {self.size} bytes long"
        )
        told = told_end(below)
        if not told and holds_data(below, 0, below.size):
            told = told_end(self)
        if told <= below.size:
            around.note(BELOW_SHORT, f"{said}: what it does not hold itself behind them is read as zeros")
            return
        self.due = min(told, self.size)
        around.note(
            Loss.SHORT, f"{said}, and the tables on it reach to byte {told}: what lay in between is not there"
        )

    def under(self, offset: int, length: int) -> bytes:
        """Return 1 to ``length`` bytes of what lies below. Raises Damaged."""
        if self.below is None or offset >= max(self.below.size, self.due):
            return zeros(length)
        if offset >= self.below.size:
            raise Damaged(f"the backing file ends at byte {self.below.size}, its disk at {self.due}")
        return exactly(self.below, offset, min(length, self.below.size - offset), "the backing file")

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return what is said of the disk at ``offset``, and for how many bytes of 1 to ``length``. Raises Damaged."""
        del offset
        return Holds.OWN, length

    def data_from(self, at: int, end: int) -> int:
        """Return a byte from ``at`` on, ``end`` at most, before which all is zero, without anything being read."""
        end = min(end, self.size)
        try:
            for _ in range(STEPS):
                if at >= end:
                    break
                kind, length = self.holds(at, end - at)
                if kind is Holds.OWN:
                    break
                if kind is Holds.BELOW and self.below is not None and at < max(self.below.size, self.due):
                    there = min(at + length, self.below.size)
                    if (found := next_data(self.below, at, max(at, there))) < there:
                        return found
                    if there < min(at + length, self.due):
                        return max(at, there)
                at += length
        except Damaged:  # whoever reads there is told
            pass
        return min(at, end)

    @abstractmethod
    def own_rest(self) -> Iterator[Span]:
        """Yield what of its own files is neither disk nor table. Raises Damaged."""

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield that, and with ``parents`` that of those it stands on, under their names."""
        yield from self.own_rest()
        if parents and isinstance(self.below, Disk):
            for span in self.below.rest(parents=True):
                yield span._replace(file=span.file or self.below.name)
