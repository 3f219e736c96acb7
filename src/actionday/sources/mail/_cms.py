"""The signed content inside a CMS structure: where its octets lie. No signature is checked.

Source: RFC 5652 sections 3 (ContentInfo), 5.1 (SignedData), 5.2 (EncapsulatedContentInfo); X.690 sections 8.1
(lengths, the indefinite one too) and 8.7.3 (octet strings in pieces).
"""

from collections.abc import Callable

from actionday.model import Damaged, OverLimit, Run
from actionday.model.counted import counted

COMPRESSED_DATA = bytes.fromhex("060b2a864886f70d0109100109")  # RFC 3274 section 1.1
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
HEAD = 4096
"""Bytes within which the two content types stand; between them is only the list of digests."""
PIECES = 1_000_000
"""Pieces of one octet string: writers make them of 1 KiB or more."""
_OCTETS, _OCTETS_IN_PIECES, _END = 0x04, 0x24, 0x00

Read = Callable[[int, int], bytes]


def signed_content(read: Read, size: int) -> tuple[Run, ...]:
    """Return where the signed octets lie, in order; empty where the signature is apart from its content.

    Raises Damaged where they leave the ``size`` bytes of the structure or are no octet string, OverLimit beyond
    ``PIECES`` of them.
    """
    at = carried(read(0, HEAD))
    if at < 0:
        return ()
    _, _, start = element(read, at)
    return _octets(read, start, size)


def carried(head: bytes) -> int:
    """Return where the content's element ``[0]`` begins, -1 where the structure carries none."""
    at = head.find(DATA)
    behind = at + len(DATA)
    alone = (
        head[at - 2 : at] == b"\x30\x0b"
    )  # a sequence of the type and nothing else: what follows is not in it
    return behind if at > 1 and not alone and head[behind : behind + 1] == b"\xa0" else -1


def element(read: Read, at: int) -> tuple[int, int | None, int]:
    """Return tag, length (None = indefinite) and where the content of the element at ``at`` begins."""
    head = read(at, 10)
    if len(head) < 2:
        raise Damaged(f"smime: breaks off at byte {at}")
    tag, first = head[0], head[1]
    if first < 0x80:
        return tag, first, at + 2
    count = first & 0x7F
    if count > 8 or len(head) < 2 + count:
        raise Damaged(f"smime: no length at byte {at + 1}")
    return tag, int.from_bytes(head[2 : 2 + count], "big") if count else None, at + 2 + count


def _octets(read: Read, at: int, size: int) -> tuple[Run, ...]:
    tag, length, start = element(read, at)
    if tag == _OCTETS and length is not None:
        return (_inside(start, length, size),)
    if tag != _OCTETS_IN_PIECES:
        raise Damaged(f"smime: the content at byte {at} is no octet string")
    runs: list[Run] = []
    end = size if length is None else start + length
    while start < end and len(runs) < PIECES:
        tag, length, begin = element(read, start)
        if tag == _END and length == 0:
            break
        if tag != _OCTETS or length is None:
            raise Damaged(f"smime: the piece at byte {start} is no octet string")
        runs.append(_inside(begin, length, size))
        start = begin + length
    else:
        if start < end and element(read, start)[:2] != (_END, 0):
            raise OverLimit(f"smime: the signed content has more than {PIECES} pieces")
    return tuple(runs)


def _inside(start: int, length: int, size: int) -> Run:
    if start + length > size:
        raise Damaged(
            f"smime: the signed content ends {counted(start + length - size, 'byte')} behind the end"
        )
    return start, length
