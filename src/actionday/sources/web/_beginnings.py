"""Does a content begin with a record? Told by its first bytes, also behind gzip; never raises.

Source: RFC 1952, section 2.2 (members).
"""

import zlib
from collections.abc import Callable

from actionday.sources.archives._gzip import MAGIC

LINE = 4096
"""Bytes in which the first line of a record is whole."""
MEMBER = MAGIC + b"\x08"
CANDIDATES = 512
"""Places looked at that may begin a gzip member: within 128 KiB chance makes none."""
Starts = Callable[[bytes], bool]
"""Says whether bytes begin a record."""


def first_bytes(head: bytes) -> bytes:
    """Return the first bytes of a content that may be gzipped."""
    if not head.startswith(MAGIC):
        return head[:512]
    try:
        return zlib.decompressobj(31).decompress(head[:4096], 512)
    except zlib.error:
        return b""


def later_records(head: bytes, starts: Starts) -> int:
    """Return how many of the gzip members behind the first, as far as ``head`` reaches, begin a record."""
    count, at = 0, head.find(MEMBER, 1) if head.startswith(MAGIC) else -1
    for _ in range(CANDIDATES):
        if at < 0:
            break
        count += starts(first_bytes(head[at : at + LINE]))
        at = head.find(MEMBER, at + 1)
    return count
