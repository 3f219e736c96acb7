"""Where a container goes on behind a range that cannot be had: its next header, message, record or frame.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.16; POSIX.1-2017, pax (ustar header); cpio(5); RFC 4155; ISO 28500,
5 (WARC version); RFC 1952; The .xz file format 1.2.0, 2.1.1; RFC 8878, 3.1.1; bzip2 1.0.8; LZ4 frame format 1.6.2.
"""

import re
import zlib
from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

from actionday.mime.sniff import LOOKED_BEHIND, is_mailbox
from actionday.mime.zipped.records import CENTRAL, LOCAL, Member, end, local
from actionday.sources.archives._cpioheader import header as cpio_header
from actionday.sources.archives._tarheader import RECORD
from actionday.sources.archives._tarheader import header as tar_header
from actionday.sources.archives._zipscan import is_plausible

Held = bytes | mmap
MOST_TRIED = 4096
"""Places of one mark that are looked at more closely; chance gives one in gigabytes."""
LOOKED = 64 * 1024
USTAR_AT = 257
LONGEST_NAME = 4096
ZIP, ZIP_LISTED = "zip", "zip with its directory"
WARC = re.compile(rb"WARC/[01]\.\d\r?\n[A-Z][A-Za-z-]{3,40}:")
GZIP, ZSTD, XZ, BZIP2, LZ4 = (
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ\0",
    b"1AY&SY",
    b"\x04\x22\x4d\x18",
)
BZIP2_AT = 4
"""Where that stands in what bzip2 begins with, ``BZh`` and a digit."""
LATEST_VERSION = 63
"""Of what a zip's member needs to be unpacked, in tenths: 6.3 is the last."""


class Next(NamedTuple):
    """What goes on, and at which byte of the stretch."""

    kind: str
    at: int


def goes_on(held: Held, tail: bytes, size: int, phase: int, *, packed: bool) -> Next | None:
    """Return where the first header in a stretch begins, None where none does.

    ``held``: its bytes, as many as there are in memory, ``tail`` the last of its ``size``. ``phase``: how many of its
    first bytes end a block of 512 of the whole file. ``packed``: what the file is called, a compressed stream is.
    What may hold others comes before what it may hold.
    """
    if _listed(tail, size):
        return Next(ZIP_LISTED, 0)
    for kind, marks in (
        ("tar", _tar(held, phase)),
        ("cpio", _cpio(held)),
        ("warc", _records(held)),
        (ZIP, _members(held)),
        ("mbox", _messages(held)),
    ):
        if (at := next(marks, -1)) >= 0:
            return Next(kind, at)
    if not packed:  # frames alone tell too little: a database holds some as well
        return None
    at = min(_frames(held), default=-1)
    return Next("frame", at) if at >= 0 else None


def _listed(tail: bytes, size: int) -> bool:
    """Say whether the stretch ends in a zip's directory."""
    found = end(tail, size)
    if found is None or not found.entries or found.over != size or found.at < found.size:
        return False
    at = found.at - found.size - (size - len(tail))
    return at < 0 or tail.startswith(CENTRAL, at)


def _places(held: Held, mark: bytes) -> Iterator[int]:
    """Yield where a mark stands, up to MOST_TRIED times: a plain search goes through gigabytes a second."""
    at = -1
    for _ in range(MOST_TRIED):
        at = held.find(mark, at + 1)
        if at < 0:
            return
        yield at


def _tar(held: Held, phase: int) -> Iterator[int]:
    for found in _places(held, b"ustar"):
        at = found - USTAR_AT
        if at >= 0 and (at - phase) % RECORD == 0 and tar_header(held[at : at + RECORD]):
            yield at


def _cpio(held: Held) -> Iterator[int]:
    for at in _places(held, b"07070"):
        told = cpio_header(held[at : at + 256])
        over = at + told.length + told.name if told and told.name < LONGEST_NAME else 0
        if over and held[over - 1 : over] == b"\0":
            yield at


def _records(held: Held) -> Iterator[int]:
    return (at for at in _places(held, b"WARC/") if WARC.match(held, at))


def _members(held: Held) -> Iterator[int]:
    for at in _places(held, LOCAL):
        member = local(held[at : at + 30 + LONGEST_NAME], at)
        if member and held[at + 4] <= LATEST_VERSION and is_plausible(member) and _dated(member):
            yield at


def _dated(member: Member) -> bool:
    """Say whether name and date of a member are such: four bytes stand anywhere."""
    date = member.time >> 16
    return min(member.name) >= 32 and (not date or (0 < date >> 5 & 15 <= 12 and date & 31 > 0))


def _messages(held: Held) -> Iterator[int]:
    if is_mailbox(held[: LOOKED_BEHIND + LONGEST_NAME]):
        yield 0
    for at in _places(held, b"\nFrom "):
        if is_mailbox(held[at + 1 : at + 1 + LOOKED_BEHIND + LONGEST_NAME]):
            yield at + 1


def _frames(held: Held) -> Iterator[int]:
    """Yield where the first frame of each kind begins."""
    for mark, before, begins in (
        (GZIP, 0, _is_gzip),
        (ZSTD, 0, _is_any),
        (XZ, 0, _is_xz),
        (BZIP2, BZIP2_AT, _is_bzip2),
        (LZ4, 0, _is_lz4),
    ):
        for at in _places(held, mark):
            if at >= before and begins(held[at - before : at - before + LOOKED]):
                yield at - before
                break


def _is_any(_data: bytes) -> bool:
    return True


def _is_gzip(data: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(data, LOOKED) != b""
    except zlib.error as error:
        return "check" in str(error)  # its end is damaged, or that of one behind it: its beginning is not


def _is_xz(data: bytes) -> bool:
    return zlib.crc32(data[6:8]).to_bytes(4, "little") == data[8:12]


def _is_bzip2(data: bytes) -> bool:
    return data.startswith(b"BZh") and b"1" <= data[3:4] <= b"9"


def _is_lz4(data: bytes) -> bool:
    return 0x40 <= data[4] <= 0x7F if len(data) > LEAST_LZ4 else False


LEAST_LZ4 = 7
"""Bytes of the header of a frame, and of its first block at the least."""
