"""Cpio headers in their four forms, and where names and contents end.

Source: POSIX.1-1988 cpio interchange format (odc); cpio(5): old binary, new ASCII (newc) and its CRC form.
"""

from struct import unpack_from
from typing import NamedTuple

NEW, CHECKED, OLD = b"070701", b"070702", b"070707"
BINARY = (b"\xc7\x71", b"\x71\xc7")  # octal 070707, little and big endian
TRAILER = b"TRAILER!!!"
LONGEST_HEADER = 110
_DIGITS = {8: b"01234567", 16: b"0123456789abcdefABCDEF"}
"""All that stands in a number: Python itself would take ``0x`` and ``0o`` for a part of one."""
LONGEST_NAME = 1 << 16  # what the two old forms can hold; names of file systems are far below


class Header(NamedTuple):
    """One header. ``length`` is its bytes without the name, ``align`` what name and content are padded to."""

    inode: int
    mode: int
    uid: int
    gid: int
    links: int
    mtime: int
    size: int
    name: int
    """Bytes of the name, its NUL included."""
    check: int | None
    """Sum of all bytes, in the CRC form only."""
    length: int
    align: int


def header(data: bytes) -> Header | None:
    """Return the header at the start of ``data``, None when it is none or not whole."""
    found = _header(data)
    return found if found and 0 < found.name <= LONGEST_NAME and found.size >= 0 else None


def _header(data: bytes) -> Header | None:
    magic = data[:6]
    if magic in (NEW, CHECKED):
        return _new(data)
    if magic == OLD:
        return _old(data)
    return _binary(data) if magic[:2] in BINARY else None


def _new(data: bytes) -> Header | None:
    fields = _numbers(data, 6, (8,) * 13, 16)
    if not fields:
        return None
    inode, mode, uid, gid, links, mtime, size, _, _, _, _, name, check = fields
    summed = check if data.startswith(CHECKED) else None
    return Header(inode, mode, uid, gid, links, mtime, size, name, summed, 110, 4)


def _old(data: bytes) -> Header | None:
    fields = _numbers(data, 6, (6, 6, 6, 6, 6, 6, 6, 11, 6, 11), 8)
    if not fields:
        return None
    _, inode, mode, uid, gid, links, _, mtime, name, size = fields
    return Header(inode, mode, uid, gid, links, mtime, size, name, None, 76, 1)


def _binary(data: bytes) -> Header | None:
    if len(data) < 26:
        return None
    _, _, inode, mode, uid, gid, links, _, high, low, name, size_high, size_low = unpack_from(
        "<13H" if data.startswith(BINARY[0]) else ">13H", data
    )
    size = size_high << 16 | size_low
    return Header(inode, mode, uid, gid, links, high << 16 | low, size, name, None, 26, 2)


def _numbers(data: bytes, at: int, widths: tuple[int, ...], base: int) -> list[int]:
    found: list[int] = []
    for width in widths:
        field = data[at : at + width]
        if len(field) < width or field.strip(_DIGITS[base]):
            return []
        found.append(int(field, base))
        at += width
    return found
