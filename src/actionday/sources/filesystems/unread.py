"""File systems that are recognised and not read here: named, so that nobody takes them for empty.

Source: the super blocks of F2FS, ZFS, ReFS, JFS, ReiserFS, NILFS2, VMFS, EROFS, GFS2, OCFS2,
HFS, Linux swap, as their own documentation and libblkid's table of signatures have them.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream, Unsupported
from actionday.sources.volumes._signs import unwrapped

SIGNS = (
    (0x400, b"\x10\x20\xf5\xf2", "F2FS file system"),
    (3, b"ReFS\0\0\0\0", "ReFS file system"),
    (0x8000, b"JFS1", "JFS file system"),
    (0x10034, b"ReIsEr", "ReiserFS file system"),
    (0x10034, b"ReIsErFs", "ReiserFS file system"),
    (0x406, b"\x34\x34", "NILFS2 file system"),
    (0x200000, b"\x5e\xf1\xab\x2f", "VMFS file system"),
    (0x400, b"\xe2\xe1\xf5\xe0", "EROFS file system"),
    (0x10000, b"\x01\x16\x19\x70", "GFS2 file system"),
    (4086, b"SWAPSPACE2", "Linux swap space"),
    (4086, b"SWAP-SPACE", "Linux swap space"),
)
LEGACY_HFS = b"BD"
NVLIST, UBERBLOCKS, UBERBLOCK = 0x4000, 0x20000, b"\x0c\xb1\xba\x00\x00\x00\x00\x00"


class Unread:
    """Recognised by their super block."""

    name, sample = "filesystem-unread", "f2fs.raw"
    binary = True
    nameless = True
    """Its sentences name the file system."""
    marks = (*((at, mark) for at, mark, _ in SIGNS), (1024, LEGACY_HFS))  # ZFS has none in the head

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a signature of six bytes or more, MAGIC for a shorter one."""
        found = _kind(peek.head)
        if found is None:
            return Claim.NO
        return unwrapped(peek, Claim.STRUCTURE if len(found[0]) >= 6 else Claim.MAGIC)

    def items(self, stream: Stream, _around: Context, /) -> Iterator[Found]:
        """Raise Unsupported naming the file system."""
        stream.seek(0)
        found = _kind(stream.read(0x21000))
        raise Unsupported(f"{found[1] if found else 'file system'}: not read here")
        yield


def _kind(head: bytes) -> tuple[bytes, str] | None:
    for at, magic, told in SIGNS:
        if head[at : at + len(magic)] == magic and len(magic) > 2:
            return magic, told
    if head[1024:1026] == LEGACY_HFS and head[1148:1150] != b"H+" and _is_hfs(head[1024:1088]):
        return LEGACY_HFS, "HFS file system"
    return _zfs(head)


def _is_hfs(block: bytes) -> bool:
    """Say whether a master directory block makes sense: two letters stand in one of 65,536 files of noise.

    Source: Inside Macintosh: Files, "Master Directory Blocks" (allocation blocks, their size, the volume's name).
    """
    if len(block) < 64:
        return False
    blocks, size, length = int.from_bytes(block[18:20], "big"), int.from_bytes(block[20:24], "big"), block[36]
    return blocks > 0 and size > 0 and size % 512 == 0 and 1 <= length <= 27


def _zfs(head: bytes) -> tuple[bytes, str] | None:
    """ZFS labels hold an array of uberblocks, one a KiB or more."""
    count = sum(head[at : at + 8] == UBERBLOCK for at in range(UBERBLOCKS, min(len(head), 0x40000), 1024))
    return (UBERBLOCK, "ZFS member") if count >= 1 and any(head[NVLIST : NVLIST + 64]) else None


SOURCE = Unread()
