"""Image formats that are recognised and not read here: named, so that nobody takes them for empty.

Source: the signatures of EnCase 7 (EVF2), AFF, AFF4, Parallels, QED, VMware SESPARSE, Apple ASIF.
"""

from actionday.model import Claim, Context, Peek, Stream, Unsupported
from actionday.sources.images._parts import joined

HEADS = {
    b"EVF2\r\n\x81\x00": "EnCase 7 evidence file (Ex01)",
    b"LEF2\r\n\x81\x00": "EnCase 7 logical evidence file (Lx01)",
    b"LVF\x09\x0d\x0a\xff\x00": "logical evidence file (L01)",
    b"AFF10\r\n\x00": "Advanced Forensic Format (AFF)",
    b"WithoutFreeSpace": "Parallels disk (HDD)",
    b"WithouFreSpacExt": "Parallels disk (HDD)",
    b"QED\x00": "QEMU enhanced disk (QED)",
    b"\xbe\xba\xfe\xca\x00\x00\x00\x00": "VMware SESPARSE extent",
    b"shdw": "Apple sparse image (ASIF)",
    b"sprs": "Apple sparse disk image (sparseimage)",
    b"ADSEGMENTEDFILE\x00": "AccessData logical image (AD1)",
}


class Unread:
    """Recognised by their first bytes."""

    name, sample = "image-unread", "unread.Ex01"
    binary = True
    marks = tuple((0, mark) for mark in HEADS)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a long signature, MAGIC for one of four bytes."""
        found = _kind(peek.head)
        if found is None:
            return Claim.NO
        return joined(peek, Claim.STRUCTURE if len(found[0]) > 4 else Claim.MAGIC)

    def open(self, stream: Stream, _around: Context, /) -> Stream:
        """Raise Unsupported naming the format."""
        stream.seek(0)
        found = _kind(stream.read(16))
        raise Unsupported(f"{found[1] if found else 'disk image'}: not read here")


def _kind(head: bytes) -> tuple[bytes, str] | None:
    for magic, told in HEADS.items():
        if head.startswith(magic):
            return magic, told
    return None


IMAGE = Unread()
