"""The copies of an ext super block: where the first one is lost, one of them tells the same.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Layout, Sparse Super Block V2; mke2fs(8).
"""

from actionday.model import Stream
from actionday.sources.filesystems._mended import seen
from actionday.sources.volumes._signs import u16, u32

SUPER = 1024
GROUPS = (1, 3, 5, 7, 9, 25, 27)
"""Groups that hold a copy, whatever the features."""


def from_copy(stream: Stream) -> dict[int, bytes]:
    """Return what to tell for the first super block; {} if nothing. Descriptors are told by ``_ext_groups``."""
    for block in (1024, 2048, 4096):
        for group in GROUPS:
            at = (group * 8 * block + (block == 1024)) * block
            raw = seen(stream, at, SUPER)
            if _fits(raw, block, group, stream.size):
                return {SUPER: raw}
    return {}


def _fits(raw: bytes, block: int, group: int, size: int) -> bool:
    here = (
        len(raw) == SUPER
        and u16(raw, 56) == 0xEF53
        and u16(raw, 90) == group
        and 1024 << u32(raw, 24) == block
    )
    return here and 0 < u32(raw, 4) * block <= 2 * size and u32(raw, 32) == 8 * block
