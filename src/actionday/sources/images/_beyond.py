"""Blocks of a disk that its tables place behind the end of their file, and ranges whose tables lie there themselves.

Source: none; a file that was cut off has its tables where it had them, and they tell what was behind the cut.
"""

from collections.abc import Iterable, Iterator

from actionday.model import Context, Loss, Stream
from actionday.model.loss import BLOCK_CUT
from actionday.sources.images._disk import Disk
from actionday.sources.images._missing import Lost, Range, tell

BEHIND = "behind the end of the file"
PLACED = f"its tables place them {BEHIND}"
UNPLACED = f"the tables that would place them lie {BEHIND}, so that what was stored there is not known"
BOTH = f"they, or the tables that would place them, lie {BEHIND}"


class Beyond:
    """Asked block by block, in the order of the disk; keeps what the file would have to hold."""

    def __init__(self, stream: Stream) -> None:
        self.end = stream.size
        self.needed = 0
        """The byte behind the last that a table, or a place of one, asks of the file."""
        self.allotted = 0
        """The byte behind the last block, whole as its writer made it: the disk may not reach so far into it."""
        self.roughly = False
        """Whether the last of those bytes is told by nothing that is there."""
        self.placed, self.unplaced, self.least = False, False, False
        """Whether blocks lie behind the end, whether tables do, and whether tables were left out of this."""

    def block(self, start: int, length: int, place: int) -> Iterator[Range]:
        """Yield what lacks of the ``length`` bytes at ``start`` of the disk that lie at ``place`` of the file."""
        self.needed = max(self.needed, place + length)
        if length > 0 and place + length > self.end:
            self.placed = True
            yield start + max(0, self.end - place), start + length

    def table(self, start: int, end: int, behind: int) -> Iterator[Range]:
        """Yield the range of the disk that a table would place which ends at byte ``behind`` of the file."""
        self.needed = max(self.needed, behind)
        self.unplaced = True
        if start < end:
            yield start, end

    @property
    def why(self) -> str:
        """In what the ranges lie."""
        return BOTH if self.placed and self.unplaced else UNPLACED if self.unplaced else PLACED


def tell_beyond(
    disk: Disk, beyond: Beyond, ranges: Iterable[Range], kind: str, around: Context
) -> dict[str, object]:
    """Note how much longer the file had to be, and each range that lies there; return the facts of that."""
    lost = Lost(ranges)
    disk.missing = tuple(lost.first)
    short(beyond, kind, around)
    return tell(lost, disk.size, around, beyond.why, least=beyond.least)


def short(beyond: Beyond, kind: str, around: Context) -> None:
    """Note a file that ends before the last byte that its own tables place in it."""
    if beyond.needed > beyond.end:
        least = "at least " if beyond.unplaced or beyond.least or beyond.roughly else ""
        around.note(
            Loss.SHORT,
            f"{kind}: its tables place bytes up to {least}{beyond.needed}, the file ends at {beyond.end}",
        )
    elif beyond.allotted > beyond.end:
        around.note(
            BLOCK_CUT,
            f"{kind}: its last block ends at byte {beyond.allotted}, the file at {beyond.end}: "
            "nothing of the disk lies between",
        )
