"""Times of a 7z's members, for those before 1970, which libarchive tells as the first second of that year.

Source: 7-Zip's 7zFormat.txt (header, packed header, ``kMTime``); FILETIME counts 100 ns since 1601.
"""

from actionday.model import Damaged, Stream
from actionday.sources.archives._sevenlist import listing

EPOCH = 11_644_473_600
"""Seconds from 1601 to 1970."""


def times(stream: Stream) -> tuple[int, ...]:
    """Return the FILETIME of each member in the order of the list; none where not every member has one."""
    try:
        told = listing(stream).times
    except (Damaged, ValueError):
        return ()
    raw = told[-1][2:] if told and told[-1][:2] == b"\x01\x00" else b""  # all are defined, none elsewhere
    return tuple(int.from_bytes(raw[at : at + 8], "little") for at in range(0, len(raw) - 7, 8))


def moment(ticks: int) -> tuple[int, int] | None:
    """Return seconds and nanoseconds since 1970; None for 0, which says that no time was set."""
    if not ticks:
        return None
    return ticks // 10_000_000 - EPOCH, ticks % 10_000_000 * 100
