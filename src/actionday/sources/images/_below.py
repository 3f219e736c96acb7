"""A disk that may stand on a parent: what it does not hold itself comes from below, or is zero."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from actionday.model import Damaged, ItemError, Stream
from actionday.sources.images._disk import Disk, exactly, zeros
from actionday.sources.images._rest import Span
from actionday.sources.volumes._held import next_data

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
    """``below`` may be shorter than the overlay: zeros follow it."""

    def __init__(self, size: int, name: str, below: Stream | None = None) -> None:
        super().__init__(size, name)
        self.below = below

    def under(self, offset: int, length: int) -> bytes:
        """Return 1 to ``length`` bytes of what lies below. Raises Damaged."""
        if self.below is None or offset >= self.below.size:
            return zeros(length)
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
                if kind is Holds.BELOW and self.below is not None and at < self.below.size:
                    there = min(at + length, self.below.size)
                    if (found := next_data(self.below, at, there)) < there:
                        return found
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
