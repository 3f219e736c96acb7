"""A disk that may stand on a parent: what it does not hold itself comes from below, or is zero."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from actionday.model import ItemError, Stream
from actionday.sources.images._disk import Disk, exactly, zeros
from actionday.sources.images._rest import Span


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

    @abstractmethod
    def own_rest(self) -> Iterator[Span]:
        """Yield what of its own files is neither disk nor table. Raises Damaged."""

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield that, and with ``parents`` that of those it stands on, under their names."""
        yield from self.own_rest()
        if parents and isinstance(self.below, Disk):
            for span in self.below.rest(parents=True):
                yield span._replace(file=span.file or self.below.name)
