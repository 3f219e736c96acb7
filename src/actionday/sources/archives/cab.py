"""Microsoft cabinets, by libarchive.

Source: [MS-CAB] Cabinet File Format, section 2.1 (CFHEADER, its flags and size).
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Peek, Stream
from actionday.sources.archives._foreign import members
from actionday.sources.archives._leftover import behind

MAGIC = b"MSCF\0\0\0\0"
_BEFORE, _BEHIND, _RESERVED = 1, 2, 4


class Cab:
    """Members in the order of the cabinet; ``place`` is the number."""

    name, sample = "cab", "kestrel.cab"
    binary = True
    marks = ((0, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE with the versions that exist, else MAGIC."""
        if not peek.head.startswith(MAGIC):
            return Claim.NO
        return Claim.STRUCTURE if peek.head[24:26] == b"\x03\x01" else Claim.MAGIC

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members; those that begin or go on in another cabinet of a set are noted as missing."""
        stream.seek(0)
        head = stream.read(36)
        size, flags = int.from_bytes(head[8:12], "little"), head[30] if len(head) == 36 else 0
        if flags & (_BEFORE | _BEHIND):
            around.note(
                "missing_part", "cab: one of a set of cabinets; members that cross its border are not whole"
            )
        yield from members(stream, around, ("cab",), local=True)
        if size > stream.size:
            raise Damaged(f"cab: ends at byte {stream.size} of {size}")
        yield from behind(stream, size + _signature(stream, flags, head), around, "cab")


def _signature(stream: Stream, flags: int, head: bytes) -> int:
    """Return the bytes of an Authenticode signature behind the cabinet, whose place its reserved field tells.

    Source: [MS-CAB] 2.1 (abReserve); Windows signs a cabinet there: 4 bytes, offset, size.
    """
    if not flags & _RESERVED:
        return 0
    stream.seek(36)
    reserve = stream.read(4 + 20)[4:]
    at, length = int.from_bytes(reserve[4:8], "little"), int.from_bytes(reserve[8:12], "little")
    return length if at == int.from_bytes(head[8:12], "little") and at + length <= stream.size else 0


SOURCE = Cab()
