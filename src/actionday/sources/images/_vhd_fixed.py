"""A fixed VHD: the bytes of the disk, and a footer behind them.

Source: Microsoft, "Virtual Hard Disk Image Format Specification", version 1.0 (2006), "Overview of Fixed Disk Format".
"""

from collections.abc import Iterator

from actionday.model import Context, Damaged, Loss, Stream
from actionday.sources.images._disk import Disk, exactly
from actionday.sources.images._missing import tell
from actionday.sources.images._rest import Span


class FixedVhd(Disk):
    """The bytes before the footer, which begins at byte ``footer``."""

    def __init__(self, stream: Stream, size: int, name: str, footer: int) -> None:
        super().__init__(size, name)
        self._stream, self._footer = stream, footer

    def piece(self, offset: int, length: int) -> bytes:
        """Return the bytes. Raises Damaged where the file is shorter than the footer says."""
        if offset >= self._footer:
            raise Damaged(f"vhd: byte {offset} of the disk lies behind the end: {self._footer} are there")
        return exactly(self._stream, offset, min(length, self._footer - offset, 4 << 20), "vhd: the disk")

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield what is between the end of the disk and the footer; it stands on no other."""
        del parents
        if self.size < self._footer:
            yield Span(self._stream, self.size, self._footer)


def fixed(stream: Stream, size: int, before: int, around: Context) -> FixedVhd:
    """Return the disk of ``size`` bytes, of which ``before`` stand before the footer; what lacks is told."""
    disk = FixedVhd(stream, size, around.name, before)
    if size > before:
        around.note(Loss.SHORT, f"vhd: the disk is {size} bytes long, {before} are there")
        disk.missing = ((before, size),)
        around.acquired(tell(disk.missing, size, around, "they lie behind the end of the file"))
    return disk
