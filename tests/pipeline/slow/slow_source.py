"""Sources for tests: a box whose one item waits, and what opens that item in the slow lane.

Source: none; they stand in for a file system with unallocated space, and for who carves it.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Kind, Peek, Status, Stream
from actionday.model.waiting import waits_for


class Box:
    """``BOX!`` in front: what is behind its first 16 bytes waits."""

    name, sample = "box", "box.bin"

    def claims(self, peek: Peek) -> Claim:
        """Say whether it is one."""
        return Claim.STRUCTURE if peek.head.startswith(b"BOX!") else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield a file, and what waits."""
        yield Found(name="label", kind=Kind.FILE, place="0", size=8, runs=((4, 8),))
        size = stream.size - 16
        reason = waits_for("carving")
        yield Found(
            name="$Rest",
            kind=Kind.FILE,
            place="1",
            size=size,
            runs=((16, size),),
            status=Status.QUEUED,
            reason=reason,
        )


SOURCE = Box()
