"""Whether a stream that nobody recognises is a disk all the same: by what lies in it, not by its name.

Source: the super blocks as ``_search`` has them, the copies as ``filesystems`` has them.
"""

from collections.abc import Iterator

from actionday.model import Stream
from actionday.sources.filesystems._ext_copies import from_copy
from actionday.sources.filesystems._mended import seen
from actionday.sources.volumes._copied import copying, descriptor
from actionday.sources.volumes._held import next_data, pieces
from actionday.sources.volumes._scan import places
from actionday.sources.volumes._search import MIB, sign_at

SECTOR = 512
EVERY = 256 << 20
"""Bytes in which a file system is looked for at every sector; behind them at every MiB, which tools align to."""
MOST = 4096
"""Places looked at behind those; on a larger disk they lie farther apart."""
LONG = frozenset({"LUKS", "LVM2", "BitLocker", "UDF", "ISO 9660"})
"""What does not say how long it is, and has a mark that stands in nothing else."""
OTHERS = (b"MZ", b"\x7fELF", b"%PDF", b"PK\x03\x04", b"SQLite format 3\0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8",
          b"RIFF", b"OggS", b"ID3", b"\xd0\xcf\x11\xe0", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")  # fmt: skip
"""How files begin that are no disks, and may have one within them."""
BRAND = b"ftyp"
"""What stands at byte 4 of films and pictures of ISO 14496."""
GROUPS = range(2, 65)
"""Numbers of groups tried for the second group's place: mkfs.xfs makes four, or more on large disks."""


def evident(stream: Stream) -> bool:
    """Say whether a file system, or the copy of its beginning, lies where the stream says that it does."""
    head = seen(stream, 0, 16)
    if head.startswith(OTHERS) or head[4:8] == BRAND:
        return False
    if from_copy(stream) or second_xfs(stream) or copying(stream) is not None or descriptor(stream):
        return True
    return any(_begins(stream, place) for place in _likely(stream))


def _likely(stream: Stream) -> Iterator[int]:
    """Yield where a file system may begin, in order."""
    at, end = 0, min(stream.size, EVERY)
    while (at := next_data(stream, at, end)) < end:
        stop = min(end, (at // MIB + 1) * MIB)
        for piece in pieces(stream, at, stop):
            yield from (place for place, kind in places(piece) if place >= 0 and not kind)
        at = stop
    step = max(1, -(-max(0, stream.size - EVERY) // MIB // MOST)) * MIB
    at = EVERY
    while (at := -(-next_data(stream, at, stream.size) // step) * step) < stream.size:
        yield at
        at += step


def _begins(stream: Stream, place: int) -> bool:
    sign = sign_at(stream, place)
    if sign is None:
        return False
    return 0 < sign.size <= 2 * (stream.size - place) if sign.size else sign.kind in LONG


def second_xfs(stream: Stream) -> dict[int, bytes]:
    """Return the super block of the second group, by the places that numbers of groups put it at; {} if none."""
    for block in (4096, 1024, 512, 65536):
        for groups in GROUPS:
            size = -(-(stream.size // block) // groups)
            raw = seen(stream, size * block, SECTOR)
            if raw[:4] != b"XFSB" or int.from_bytes(raw[4:8], "big") != block:
                continue
            if (
                int.from_bytes(raw[84:88], "big") == size
                and int.from_bytes(raw[8:16], "big") * block <= stream.size
            ):
                return {0: raw}
    return {}
