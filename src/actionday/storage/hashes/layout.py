"""How a file of known hashes lies on the disk: what its writer and its readers share.

Source: ``docs/case-format.md``, "hashes/".
"""

import struct

import msgspec

from actionday.model import Damaged

MAGIC, END = b"ADHASH1\n", b"ADHASHE\n"
WIDTHS = {"sha256": 32, "sha1": 20, "md5": 16}
"""Bytes of a digest; the strongest first, which is the one that a row is kept by."""
CALLED = {"sha256": "SHA-256", "sha1": "SHA-1", "md5": "MD5"}
TAIL = struct.Struct("<I8s")
"""Length of the head before it, and the mark of the end."""
PLACE = struct.Struct("<II")
"""Two neighbours of a table: the first row of a prefix, and that of the next."""
LABEL = struct.Struct("<H")
MOST_LABELS = 1 << 16
MOST_HEAD = 64 << 20
"""Bytes: the labels of a set, of at most 200 characters each, are far below."""
MOST_BITS = 24
"""A table of 64 MiB: of 97 million hashes some six share a prefix."""
PER_PREFIX = 4
"""Rows that shall share a prefix: fewer make the table larger than it saves."""


class Section(msgspec.Struct, frozen=True):
    """The digests of one algorithm: ``rows`` of them in order, a table of their prefixes, and their labels.

    ``start``, ``table`` and ``labels`` are bytes from the beginning of the file; ``labels`` is 0 where there are none.
    """

    algorithm: str
    rows: int
    start: int
    bits: int
    table: int
    labels: int = 0


class Head(msgspec.Struct, frozen=True):
    """What stands at the end of the file."""

    labels: tuple[str, ...]
    sections: tuple[Section, ...]


def bits_of(rows: int) -> int:
    """Return how many leading bits of a digest the table of ``rows`` goes by: a function of their number alone."""
    return min(MOST_BITS, max(1, (rows // PER_PREFIX).bit_length()))


def head_of(tail: bytes, size: int) -> Head:
    """Return the head out of the last bytes of a file of ``size``. Raises Damaged for any that cannot be one."""
    if len(tail) < TAIL.size:
        raise Damaged("is no file of known hashes: it is too short")
    length, end = TAIL.unpack(tail[-TAIL.size :])
    if end != END or not 0 < length <= len(tail) - TAIL.size:
        raise Damaged("is no file of known hashes, or its end is missing")
    try:
        head = msgspec.json.decode(tail[-TAIL.size - length : -TAIL.size], type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Damaged(f"the head of the file of known hashes cannot be read: {error}") from error
    if any(not _fits(each, size - TAIL.size - length, len(head.labels)) for each in head.sections):
        raise Damaged("the head of the file of known hashes names places that it does not have")
    return head


def _fits(each: Section, end: int, labels: int) -> bool:
    if each.algorithm not in WIDTHS or each.rows < 0 or not 0 < each.bits <= MOST_BITS:
        return False
    ends = [
        (each.start, each.rows * WIDTHS[each.algorithm]),
        (each.table, ((1 << each.bits) + 1) * 4),
        (each.labels, each.rows * LABEL.size if labels else 0),
    ]
    return all(start >= 0 and start + length <= end for start, length in ends)
