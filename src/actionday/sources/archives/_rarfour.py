"""Blocks of RAR 1.5 to 4.

Source: RARLAB, technote.txt of RAR 4 (marker, archive header, file header, old blocks, new sub-block, end).
"""

import re
from zlib import crc32

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._rarblocks import Block, Header, Member, rest
from actionday.sources.archives._rarmain import RAR4

FIRST = 7
"""Bytes of the mark."""
NAMES = {"CMT": "comment", "STM": "stream", "ACL": "rights"}
LONG, LARGE, COMMENTED, UNICODE, SALT, TIMES = 0x8000, 0x0100, 0x0002, 0x0200, 0x0400, 0x1000
LOCKED, CROSSES, FOLDER = 0x0004, 0x0003, 0x00E0
MARK, MAIN, FILE, COMMENT, SIGNED, OLD, PROTECT, SIGNATURE, SERVICE, END = (
    0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x7B,
)  # fmt: skip
STORED = 0x30
LONGEST = {MARK: 7, MAIN: 14, END: 20, PROTECT: 26}
"""Bytes of headers that have no names: whatever is behind them has no use."""
LONGEST_TIMES = 30
TEXTLESS = frozenset({"RR"})


class Four:
    """Blocks of RAR 4."""

    likely = re.compile(rb"(?=[\x73\x74\x7a\x7b]...[\x00-\x0f])", re.DOTALL)
    before = 2
    mark = RAR4

    def block(self, stream: Stream, at: int, longest: int) -> Header | None:
        """Return the block at ``at``."""
        head = read_at(stream, at, 7)
        size = int.from_bytes(head[5:7], "little")
        if len(head) < 7 or not 7 <= size < longest:
            return None
        head = read_at(stream, at, size)
        if len(head) < size or crc32(_checked(head)) & 0xFFFF != int.from_bytes(head[:2], "little"):
            return None
        return _parsed(head, at)


def _checked(head: bytes) -> bytes:
    """Return the bytes that the checksum of a header covers: not a comment within the first one."""
    return head[2:13] if head[2] == MAIN and _number(head, 3) & COMMENTED else head[2:]


def _parsed(head: bytes, at: int) -> Header:
    kind, flags, size = head[2], _number(head, 3), len(head)
    packed = _number(head, 7, 4) if flags & LONG or kind in (FILE, SERVICE) else 0
    if kind in (FILE, SERVICE) and flags & LARGE:
        packed += _number(head, 32, 4) << 32
    over = at + size + packed
    if kind in (FILE, SERVICE) and size >= 32:
        return _named(head, at, packed)
    if kind == MAIN and flags & COMMENTED and size > 26:
        return Header(over, blocks=(Block("comment", at + 26, size - 26, head[22] == STORED),))
    if kind == COMMENT:
        return Header(over, blocks=(Block("comment", at + 13, size - 13, size > 13 and head[10] == STORED),))
    if kind in (SIGNED, SIGNATURE):
        return Header(over, blocks=(Block("signature", at + 7, size - 7 + packed, True),))
    if kind not in LONGEST:
        return Header(over, blocks=(Block(f"block {kind:02X}", at + 7, size - 7 + packed, True),))
    beside = rest(f"header {kind:02X}", head, LONGEST[kind] + 4 * bool(flags & LONG), size, at)
    if kind == PROTECT:
        return Header(over, blocks=beside, coded=(at + size, over))
    if packed:
        beside += (Block(f"data of block {kind:02X}", at + size, packed, True),)
    return Header(over, last=kind == END, blocks=beside, more=kind == END and bool(flags & 1))


def _named(head: bytes, at: int, packed: int) -> Header:
    """Return the block of a member or of a service."""
    flags, begin = _number(head, 3), 40 if _number(head, 3) & LARGE else 32
    over, start = at + len(head) + packed, at + len(head)
    end = begin + _number(head, 26)
    name, stored = head[begin:end], head[25] == STORED
    known = end + 8 * bool(flags & SALT) + LONGEST_TIMES * bool(flags & TIMES)
    beside = rest("fields of no use", head, known, len(head), at)
    if head[2] == SERVICE:
        text = name.decode("utf-8", "backslashreplace")
        if text in TEXTLESS:
            return Header(over, blocks=beside, coded=(start, over))
        return Header(
            over, blocks=(Block(NAMES.get(text, text or "service"), start, packed, stored), *beside)
        )
    shown, mark, _ = name.partition(b"\0")
    if mark and not flags & UNICODE:
        beside += rest("behind the name", head, begin + len(shown) + 1, end, at)
    size = _number(head, 11, 4) + (_number(head, 36, 4) << 32 if flags & LARGE else 0)
    open_ = not flags & (LOCKED | CROSSES) and flags & FOLDER != FOLDER
    told = (size, _number(head, 16, 4)) if open_ else None
    own = Member(shown.replace(b"\\", b"/"), start, packed, open_ and stored and packed == size, told,
                 _number(head, 20, 4), bool(flags & 1))  # fmt: skip
    return Header(over, member=own, blocks=beside)


def _number(data: bytes, at: int, length: int = 2) -> int:
    return int.from_bytes(data[at : at + length], "little")
