"""Where file systems may begin: the marks of their super blocks, at whatever sector they stand.

One byte of each sector is looked at for each column in which marks stand: thirty times as quick as to look for
each mark in all of the bytes.

Source: the super blocks as their own readers have them, and ``filesystems/unread.py``.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from actionday.sources.filesystems._ufs_super import BEGINS, MAGIC_AT, WORDS
from actionday.sources.filesystems.unread import SIGNS
from actionday.sources.volumes._held import Piece
from actionday.sources.volumes._signs import TO_GO

SECTOR = 512
SHORTEST = 4
"""Bytes of a mark that alone says what begins there: shorter ones come in any data."""


class Mark(NamedTuple):
    """Bytes at a place behind the beginning; ``kind`` is "" where the super block has to be asked."""

    at: int
    magic: bytes
    kind: str = ""


ASKED = (
    Mark(3, b"NTFS    "), Mark(3, b"EXFAT   "), Mark(3, b"-FVE-FS-"), Mark(160, TO_GO), Mark(424, TO_GO),
    Mark(510, b"\x55\xaa"), Mark(1080, b"\x53\xef"), Mark(1024, b"H+\x00\x04"), Mark(1024, b"HX\x00\x05"),
    Mark(0, b"XFSB"), Mark(0, b"hsqs"), Mark(0, b"LUKS\xba\xbe"), Mark(512, b"LABELONE"), Mark(32, b"NXSB"),
    Mark(0x8001, b"CD001"), Mark(0x8001, b"BEA01"), Mark(0x10040, b"_BHRfS_M"),
    *(Mark(at + MAGIC_AT, word) for at in BEGINS for word in WORDS),
)  # fmt: skip
NAMED = tuple(
    Mark(at, magic, told) for at, magic, told in SIGNS if len(magic) >= SHORTEST and magic != b"_BHRfS_M"
)


def _columns() -> dict[int, tuple[re.Pattern[bytes], tuple[Mark, ...]]]:
    """Return the marks by the byte of a sector at which they begin, with a pattern of their first bytes."""
    columns: dict[int, list[Mark]] = {}
    for mark in (*ASKED, *NAMED):
        columns.setdefault(mark.at % SECTOR, []).append(mark)
    return {
        column: (
            re.compile(b"[" + b"".join(re.escape(mark.magic[:1]) for mark in marks) + b"]"),
            tuple(marks),
        )
        for column, marks in columns.items()
    }


COLUMNS = _columns()


def places(piece: Piece) -> list[tuple[int, str]]:
    """Return where a file system may begin whose mark is in a piece, in order, and what it is, if that is known."""
    return sorted(set(_places(piece)))


def _places(piece: Piece) -> Iterator[tuple[int, str]]:
    for column, (firsts, marks) in COLUMNS.items():
        begin = (column - piece.at) % SECTOR
        for hit in firsts.finditer(piece.data[begin::SECTOR]):
            at = begin + hit.start() * SECTOR
            for mark in marks:
                if piece.data.startswith(mark.magic, at):
                    yield piece.at + at - mark.at, mark.kind
