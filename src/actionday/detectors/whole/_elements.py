"""Whether Matroska or WebM is whole: each element tells its length, but for what a live recording leaves open.

Source: RFC 8794, 4 to 6 (element IDs, sizes, unknown sizes); RFC 9559, 5.1 (Segment, Cluster).
"""

from actionday.detectors.whole._content import Content
from actionday.detectors.whole._walk import walk
from actionday.model import Note

SEGMENT, CLUSTER = b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75"


def matroska(content: Content) -> Note | None:
    """Go through the elements; into those of unknown length, whose parts tell theirs."""
    return walk(content, "Matroska", 0, 12, _element)


def _element(at: int, head: bytes) -> int | None:
    if not head:
        return None
    wide = 9 - head[0].bit_length() if head[0] else 9
    if wide > 4:
        return None  # no element: appended, or zeros that a recorder reserved
    width = 9 - head[wide].bit_length() if len(head) > wide and head[wide] else 9
    if len(head) < wide + 1 or len(head) < wide + width <= 12:
        return at + wide + min(width, 8)
    if width > 8:
        return None
    size = int.from_bytes(head[wide : wide + width], "big") & (1 << 7 * width) - 1
    if size == (1 << 7 * width) - 1:
        return at + wide + width if head[:4] in (SEGMENT, CLUSTER) else None
    return at + wide + width + size
