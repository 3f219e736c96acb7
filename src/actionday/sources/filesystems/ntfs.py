"""NTFS, with alternate streams, compressed and sparse files, deleted entries and shadow copies.

Source: Microsoft, "NTFS Technical Reference"; the Linux-NTFS project's "NTFS Documentation", $Boot.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.sources.filesystems._mended import seen
from actionday.sources.filesystems._tsk_source import TskSource
from actionday.sources.volumes._signs import u16, u64, unwrapped
from actionday.sources.volumes._vss import States, shadows
from actionday.sources.volumes._vss_header import MARK, PLACE

RECORD = 1024
"""Bytes of a file record on all volumes but those with sectors of 4,096."""


class Ntfs(TskSource):
    """NTFS volumes."""

    name, sample = "ntfs", "ntfs.raw"
    binary = True
    marks = ((3, b"NTFS    "), (3 - 512, b"NTFS    "))

    waits = ((PLACE, MARK),)

    mirror = "the first file records are damaged: their mirror is used"

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE where the boot sector names NTFS and a sector size that exists; MAGIC for its copy at the end."""
        head = peek.head[:512]
        if not self.sound(head):
            copy = peek.tail[-512:]
            own = self.sound(copy) and (u64(copy, 40) + 1) * u16(copy, 11) == peek.size
            named = Claim.MAGIC if own or head[3:11] == b"NTFS    " else Claim.NO
            return unwrapped(peek, named, table=False)
        if peek.size <= u64(head, 48) * u16(head, 11) * max(1, min(head[13], 128)):
            return Claim.NO  # a copy of a boot sector: the file table lies beyond the end
        return unwrapped(peek, Claim.STRUCTURE, table=False)

    def sound(self, raw: bytes) -> bool:
        """Say whether ``raw`` is a boot sector of NTFS."""
        return len(raw) >= 512 and raw[3:11] == b"NTFS    " and u16(raw, 11) in (256, 512, 1024, 2048, 4096)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield its shadow copies, then its entries as ``TskSource`` does."""
        if not around.earlier:
            yield from shadows(stream, around)
        yield from super().items(stream, around)

    def earlier(self, stream: Stream) -> States:
        """Return its earlier states. Raises Damaged or OSError."""
        return States(stream)

    def copies(self, size: int) -> list[tuple[int, int]]:
        """Return the last sector."""
        return [(size - 512, 512)]

    def mirrored(self, stream: Stream, _around: Context, /) -> dict[int, bytes]:
        """Return the first four file records by $MFTMirr, where the first is none."""
        boot = seen(stream, 0, 512)
        cluster = u16(boot, 11) * boot[13] if len(boot) == 512 and boot[13] < 0x80 else 0
        first, mirror, length = u64(boot, 48) * cluster, u64(boot, 56) * cluster, 4 * RECORD
        copy = seen(stream, mirror, length) if cluster and seen(stream, first, 4) != b"FILE" else b""
        return {first: copy} if copy[:4] == b"FILE" and len(copy) == length else {}


SOURCE = Ntfs()
