"""Tar headers: one block of 512 bytes understood, and what extended headers add to it.

Source: POSIX.1-2017, pax, sections "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual,
"Basic Tar Format" and "Storing Sparse Files".
"""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Damaged

RECORD = 512
ZEROS = bytes(RECORD)
_CHECKSUM_AS_SPACES = 8 * 32


class Header(NamedTuple):
    """One header. ``type`` is the type flag, a NUL as ``0``; numbers out of range are None."""

    name: bytes
    mode: int | None
    uid: int | None
    gid: int | None
    size: int | None
    mtime: int | None
    type: bytes
    link: bytes
    user: bytes
    group: bytes
    block: bytes


def checksum_fits(block: bytes) -> bool:
    """Return whether a block of 512 bytes carries its own checksum (unsigned; signed by old writers)."""
    stored = number(block[148:156])
    if stored is None or not 0 < stored <= 255 * RECORD:
        return False  # asked of every file of an exhibit: most are none by this
    total = sum(block) - sum(block[148:156]) + _CHECKSUM_AS_SPACES
    return stored == total or stored == total - 256 * sum(byte > 127 for byte in block[:148] + block[156:])


def number(field: bytes) -> int | None:
    """Return an octal or base-256 number; 0 when the field is blank, None when it is neither."""
    if field[0] & 0x80:
        if field[0] & 0x40:  # two's complement, as GNU tar writes times before 1970
            return int.from_bytes(field, "big", signed=True)
        return int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
    text = field.split(b"\0", 1)[0].strip()
    try:
        return int(text, 8) if text else 0
    except ValueError:
        return None


def header(block: bytes) -> Header | None:
    """Return what a block of 512 bytes says, None when its checksum does not fit: it is no header."""
    if len(block) < RECORD or not checksum_fits(block):
        return None
    name, magic = _text(block[:100]), block[257:263]
    if magic == b"ustar\0" and block[345]:
        # star keeps its times behind a shorter prefix; the prefix ends at a NUL in both
        name = _text(block[345:500]) + b"/" + name
    old = not magic.startswith(b"ustar")
    return Header(
        name, number(block[100:108]), number(block[108:116]), number(block[116:124]), number(block[124:136]),
        number(block[136:148]), block[156:157].replace(b"\0", b"0"), _text(block[157:257]),
        b"" if old else _text(block[265:297]), b"" if old else _text(block[297:329]), block,
    )  # fmt: skip


def _text(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]


def pax_records(body: bytes) -> Iterator[tuple[str, bytes, int]]:
    """Yield key and value of each record of an extended header, and where it ends.

    The first byte that is NUL ends them. Raises Damaged at the first that is none.
    """
    at = 0
    while at < len(body) and body[at]:
        space = body.find(b" ", at, at + 20)
        length = int(body[at:space]) if space > at and body[at:space].isdigit() else 0
        record = body[space + 1 : at + length]
        key, equals, value = record[:-1].partition(b"=")
        if not (equals and record.endswith(b"\n")) or at + length > len(body):
            raise Damaged(f"tar: no record at byte {at} of an extended header")
        at += length
        yield key.decode("utf-8", "backslashreplace"), value, at
