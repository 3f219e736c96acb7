"""HFS+ and HFSX.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format", volume header.
"""

from actionday.model import Claim, Peek
from actionday.sources.filesystems._tsk_source import TskSource
from actionday.sources.volumes._signs import unwrapped


class HfsPlus(TskSource):
    """HFS+ volumes, also within an HFS wrapper."""

    name, sample = "hfsplus", "hfsplus.raw"
    binary = True
    marks = tuple((at, mark) for at in (1024, -1024) for mark in (b"H+\x00\x04", b"HX\x00\x05", b"BD"))
    first = 1024

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a volume header whose version fits its signature."""
        head = peek.head[1024:1536]
        if head[:4] in (b"H+\x00\x04", b"HX\x00\x05"):
            size = int.from_bytes(head[40:44], "big")
            disc = peek.head[32769:32774] == b"CD001"  # a hybrid: whoever reads ISO 9660 lists both trees
            alone = size >= 512 and not size & (size - 1) and not disc
            return unwrapped(peek, Claim.STRUCTURE if alone else Claim.MAGIC)
        if not any(head) and self.sound(peek.tail[-1024:-512]):
            return unwrapped(peek, Claim.MAGIC)
        return unwrapped(peek, Claim.MAGIC if head[:2] == b"BD" and head[124:126] == b"H+" else Claim.NO)

    def sound(self, raw: bytes) -> bool:
        """Say whether ``raw`` is a volume header, or that of a wrapper."""
        size = int.from_bytes(raw[40:44], "big")
        plain = raw[:4] in (b"H+\x00\x04", b"HX\x00\x05") and size >= 512 and not size & (size - 1)
        return plain or (raw[:2] == b"BD" and raw[124:126] == b"H+")

    def copies(self, size: int) -> list[tuple[int, int]]:
        """Return the alternate header, in the last sector but one."""
        return [(size - 1024, 512)]


SOURCE = HfsPlus()
