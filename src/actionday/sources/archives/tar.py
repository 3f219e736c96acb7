"""Tar that is not compressed: members are told where they lie, nothing is copied.

Source: POSIX.1-2017, pax (ustar and pax interchange formats); GNU tar manual, "Basic Tar Format"; the v7 format
by its checksum alone. Compressed tars are opened by the module of their compression.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.sources.archives._named import named
from actionday.sources.archives._tape import Disk, behind
from actionday.sources.archives._tarheader import RECORD, ZEROS, header
from actionday.sources.archives._tarwalk import Walk

BEHIND_MODE = 107
"""The last byte of a header's mode, a blank or a NUL."""


class Tar:
    """Members in the order of the archive; ``place`` is the byte of a member's first header."""

    name, sample = "tar", "kestrel.tar"
    marks = ((257, b"ustar"), (BEHIND_MODE, b" "), (BEHIND_MODE, b"\0"))

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a header whose checksum fits, MAGIC for ``ustar``, NAME for an empty tar."""
        block = peek.head[:RECORD]
        if block[257:262] == b"ustar":
            return Claim.STRUCTURE if header(block) else Claim.MAGIC
        if peek.name.lower().endswith(".tar") and peek.size % RECORD == 0 and block == ZEROS:
            return Claim.NAME
        return Claim.STRUCTURE if _is_v7(block) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members behind ``around.after``."""
        found = behind(around.after, lambda at: Walk(Disk(stream, at), around.note).members())
        yield from named(found, lambda: _names(stream))


def _names(stream: Stream) -> Iterator[bytes]:
    """Yield the names that are no UTF-8, by a pass of its own over the headers."""
    return (each.raw for each in Walk(Disk(stream), lambda *_: None).members() if each.raw is not None)


def _is_v7(block: bytes) -> bool:
    """A name, three octal fields that end as the format says, and the checksum: no text or picture has them."""
    found = header(block) if block[:1].strip(b"\0") else None
    return (
        found is not None
        and block[BEHIND_MODE : BEHIND_MODE + 1] in b" \0"
        and found.mode is not None
        and found.size is not None
    )


SOURCE = Tar()
