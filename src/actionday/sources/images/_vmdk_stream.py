"""The markers of a stream-optimised VMDK: what follows what, up to the footer and the end-of-stream marker.

Source: VMware, "Virtual Disk Format 5.0", section "Stream-Optimized Compressed Sparse Extents".
"""

from collections.abc import Iterator
from typing import Final

from actionday.model import Damaged, Stream
from actionday.sources.images._disk import exactly

HOSTED: Final = b"KDMV"
SECTOR: Final = 512
END_OF_STREAM, FOOTER = 0, 3
MOST_MARKERS = 1 << 22
"""256 GiB in grains of 64 KiB; ten seconds."""
CUT = "vmdk: the footer that tells where its grains lie is missing: the file is cut off"


def capacity(head: bytes) -> int:
    """Return how many bytes an extent is to hold, by its first sector."""
    return int.from_bytes(head[12 : 20 if head[:4] == HOSTED else 16], "little") * SECTOR


def last_header(stream: Stream, first: int) -> tuple[bytes, int]:
    """Return the footer and where it stands: before the last sector of the file, or of what was not appended to it.

    ``first``: where the first marker stands. Raises Damaged where there is none.
    """
    at = stream.size - 2 * SECTOR
    if at > 0 and (raw := exactly(stream, at, SECTOR, "vmdk: the footer"))[:4] == HOSTED:
        return raw, at
    at = _footer(stream, first)
    raw = exactly(stream, at, SECTOR, "vmdk: the footer") if at and at + SECTOR <= stream.size else b""
    if raw[:4] != HOSTED:
        raise Damaged(CUT)
    return raw, at


def _footer(stream: Stream, at: int) -> int:
    """Return where the footer stands, marker by marker, 0 where these end before; 3 µs for each."""
    found = (
        place + SECTOR for place, _, length, kind in markers(stream, at) if not length and kind == FOOTER
    )
    return next(found, 0)


def markers(stream: Stream, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield place, value, length and kind of each marker from byte ``at`` on, up to the footer or what is none."""
    for _ in range(MOST_MARKERS):
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 16:
            return
        value, size = int.from_bytes(head[:8], "little"), int.from_bytes(head[8:12], "little")
        kind = int.from_bytes(head[12:], "little")
        if not size and (kind == END_OF_STREAM or kind > FOOTER):
            return
        yield at, value, size, kind
        if size:
            at += -(-(12 + size) // SECTOR) * SECTOR
        elif kind == FOOTER:
            return
        else:
            at += SECTOR + value * SECTOR
