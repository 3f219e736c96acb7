"""Cpio that is not compressed: members are told where they lie.

Source: cpio(5) (old binary, odc, newc, crc); POSIX.1-1988 for odc.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.sources.archives._cpioheader import BINARY, CHECKED, NEW, OLD, header
from actionday.sources.archives._cpiowalk import Walk
from actionday.sources.archives._tape import Disk, behind


class Cpio:
    """Members in the order of the archive; ``place`` is the byte of a member's header."""

    name, sample = "cpio", "kestrel.cpio"
    binary = True
    marks = tuple((0, mark) for mark in (NEW, CHECKED, OLD, *BINARY))

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a header whose numbers fit and whose name ends where it should."""
        found = header(peek.head[:256])
        if found is None:
            return Claim.NO
        name = peek.head[found.length : found.length + found.name]
        weak = peek.head.startswith(
            BINARY
        )  # two bytes, where the others have six and digits alone behind them
        if len(name) != found.name or not name.endswith(b"\0") or (weak and b"\0" in name[:-1]):
            return Claim.NO
        return Claim.MAGIC if weak else Claim.STRUCTURE

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members behind ``around.after``."""
        yield from behind(around.after, lambda at: Walk(Disk(stream, at), around.note).members())


SOURCE = Cpio()
