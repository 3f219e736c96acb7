"""A disk that may stand on a parent: what it does not hold itself comes from below, or is zero."""

from actionday.model import Stream
from actionday.sources.images._disk import Disk, exactly, zeros


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
