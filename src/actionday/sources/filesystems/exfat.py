"""exFAT.

Source: Microsoft, "exFAT file system specification" (2019), section 3.1 (main boot sector).
"""

from actionday.model import Claim, Peek
from actionday.sources.filesystems._tsk_source import TskSource
from actionday.sources.volumes._signs import unwrapped

NAME = b"EXFAT   "


class Exfat(TskSource):
    """exFAT volumes."""

    name, sample = "exfat", "exfat.raw"
    binary = True
    marks = tuple((at, NAME) for at in (3, 6147, 49155))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the name with the zeros that must follow it; MAGIC for its copy alone."""
        head = peek.head[:512]
        if NAME not in (head[3:11], peek.head[6147:6155], peek.head[49155:49163]):  # where copies has them
            return Claim.NO
        if not self.sound(head):
            copy = any(self.sound(peek.head[at : at + 512]) for at, _ in self.copies(peek.size))
            named = head[3:11] == NAME or (copy and not any(head))
            return unwrapped(peek, Claim.MAGIC if named else Claim.NO, table=False)
        if peek.size <= int.from_bytes(head[88:92], "little") << min(head[108], 12):
            return Claim.NO  # a copy of a boot sector: clusters begin beyond the end
        return unwrapped(peek, Claim.STRUCTURE, table=False)

    def sound(self, raw: bytes) -> bool:
        """Say whether ``raw`` begins with a boot sector of exFAT."""
        return len(raw) >= 512 and raw[3:11] == NAME and not any(raw[11:64]) and 9 <= raw[108] <= 12

    def copies(self, size: int) -> list[tuple[int, int]]:
        """Return the backup boot region, by sectors of 512 and 4,096 bytes."""
        return [(12 * sector, 12 * sector) for sector in (512, 4096) if size > 24 * sector]


SOURCE = Exfat()
