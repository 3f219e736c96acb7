"""A record's block: how long it really is, and a way to read it more than once.

Source: ISO 28500:2017, section 4 (a record: header, block of Content-Length bytes, two line ends).
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from actionday.model import Damaged
from actionday.model.counted import counted
from actionday.sources.archives._streams import BLOCK
from actionday.sources.web._beginnings import LINE, Starts
from actionday.sources.web._tape import Plain, Tape

HELD = 1 << 20  # a block up to this size is kept in memory; a larger one is unpacked once more for its reader
_BEHIND = 4096  # how far behind its declared end a block is looked for: lengths are off by a few bytes
_FEW = (
    64 << 10
)  # a block of a plain file up to this size is looked at once, not read anew for head and digests
UNKNOWN = 1 << 62


class Form(NamedTuple):
    """What a format's records look like from outside."""

    name: str
    starts: Starts
    mark: re.Pattern[bytes]
    """Finds a record's first line behind a line end, which is the first byte of the match."""
    anywhere: re.Pattern[bytes]
    """Finds a record's first line behind bytes that are in no record, which may end in no line end."""
    gap: bytes
    """What stands between a block and the next record."""


class Block(NamedTuple):
    """The bytes of one record. ``declared`` is what its header says, ``size`` what is there."""

    size: int
    declared: int
    open: Callable[[], Iterator[bytes]]
    start: int | None
    """The byte of the file at which it begins, None when it must be unpacked."""
    damage: str = ""
    cut: bool = False
    """Whether bytes are missing: a reader is told so behind the last one."""
    held: bytes | None = None
    """The bytes themselves where they are few and whole."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes; raises Damaged where some are missing."""
        return self.open() if self.held is None else iter((self.held,))


def block(tape: Tape, declared: int, form: Form) -> Block:
    """Return the block at the tape's position and move behind it."""
    if isinstance(tape, Plain):
        return _plain(tape, declared, form)
    return _held(tape, declared, form) if declared <= HELD else _large(tape, declared, form)


def _plain(tape: Plain, declared: int, form: Form) -> Block:
    start, room = tape.at, max(0, tape.addressed() - tape.at)
    size, damage = min(declared, room), ""
    behind = tape.look(start + declared, LINE) if declared <= room else b""
    if declared <= room and (
        over := _over(tape.look(start + max(0, declared - 4), min(4, declared)), behind, form)
    ):
        size, damage = declared - over, _differs(declared, form, str(start))
    elif declared > room or not _ends_well(behind, form):
        found = find(tape, start, min(start + size + _BEHIND, start + room), form)
        if found >= 0:
            size, damage = found - start, _differs(declared, form, str(start))
        elif declared > room:
            damage = f"{form.name}: ends at byte {start + room} inside the record's block"
    again, cut = tape.again(), damage if size < declared and size == room else ""
    tape.skip(size)
    held = tape.look(start, size) if size <= _FEW and not cut else None
    return Block(size, declared, lambda: _limited(again(), size, cut), start, damage, bool(cut), held)


def _differs(declared: int, form: Form, place: str) -> str:
    if declared == UNKNOWN:
        return (
            f"{form.name}: the block at byte {place} has no length and is taken to end where a record begins"
        )
    size = counted(declared, "byte")
    return f"{form.name}: the block at byte {place} has {size} by its header, a record begins elsewhere"


def _ends_well(behind: bytes, form: Form) -> bool:
    """Return whether what stands behind a block is the end, or line ends and then a record or the end."""
    rest = behind.lstrip(b"\r\n")
    return (len(rest) < len(behind) or not behind) and (not rest or form.starts(rest))


def _over(last: bytes, behind: bytes, form: Form) -> int:
    """Return by how many bytes of the gap a block's length is too long: they are its last, the others follow."""
    if behind.startswith(form.gap):
        return 0
    lines = len(behind) - len(behind.lstrip(b"\r\n"))
    over = len(form.gap) - lines
    fits = 0 < over <= len(last) and (last[-over:] + behind[:lines]) == form.gap
    return over if fits and (form.starts(behind[lines:]) or not behind[lines:]) else 0


def _without_gap(data: bytes, form: Form) -> int:
    """Return the length of a block that ``data`` is, with the line ends before the next record."""
    return len(data.removesuffix(form.gap)) if data.endswith(form.gap) else len(data.rstrip(b"\r\n"))


def find(tape: Plain, start: int, end: int, form: Form) -> int:
    """Return where the block before the next record ends, in ``start`` … ``end``, or -1."""
    at = start
    while at < end:
        data = tape.look(at, BLOCK + LINE)
        if (hit := form.mark.search(data)) and at + hit.start() < end:
            return max(start, at + _without_gap(data[: hit.start() + 1], form))
        at += BLOCK
    return -1


def _held(tape: Tape, declared: int, form: Form) -> Block:
    near = tape.peek(declared + _BEHIND)
    size, damage = min(declared, len(near)), ""
    border = tape.border(len(near), form.starts)
    if size == declared and (over := _over(near[max(0, size - 4) : size], near[size : size + LINE], form)):
        size, damage = size - over, _differs(declared, form, tape.place())
    elif border < size or (size == declared and not _ends_well(near[declared : declared + LINE], form)):
        hit = form.mark.search(near, max(0, size - 1))
        elsewhere = min(border, hit.start() + 1 if hit else len(near))
        if elsewhere < len(near):
            size, damage = _without_gap(near[:elsewhere], form), _differs(declared, form, tape.place())
    elif size < declared:
        damage = tape.failure or f"{form.name}: ends inside the record's block at byte {tape.place()}"
    data, cut = near[:size], damage if size == len(near) else ""
    tape.skip(size)
    return Block(size, declared, lambda: _limited(iter((data,)), size, cut), None, damage, bool(cut),
                 None if cut else data)  # fmt: skip


def _large(tape: Tape, declared: int, form: Form) -> Block:
    again, place, size, damage = tape.again(), tape.place(), 0, ""
    while size < declared:
        piece = min(BLOCK, declared - size)
        before = tape.border(piece, form.starts)
        passed = tape.skip(before)
        size += passed
        if passed < piece:
            damage = (
                tape.failure
                or f"{form.name}: the block at {place} ends after {size} of its {counted(declared, 'byte')}"
            )
            break
    length = size
    return Block(length, declared, lambda: _limited(again(), length, damage), None, damage, bool(damage))


def _limited(chunks: Iterator[bytes], size: int, cut: str) -> Iterator[bytes]:
    left = size
    for chunk in chunks if left else ():
        yield chunk if len(chunk) <= left else chunk[:left]
        left -= min(left, len(chunk))
        if not left:
            break
    if cut:
        raise Damaged(cut)


def gap(tape: Tape, form: Form) -> tuple[str, str]:
    """Move from the end of a block to the next record; return a damage and a note, each "" when there is none."""
    data = tape.peek(len(form.gap) + LINE)
    if data.startswith(form.gap):
        rest = data[len(form.gap) :]
        if not rest or form.starts(rest):
            tape.skip(len(form.gap))
            return "", ""
    lines = len(data) - len(data.lstrip(b"\r\n"))
    rest, place = data[lines:], tape.place()
    if form.starts(rest) or (not rest and lines >= len(form.gap)):
        tape.skip(lines)
        return "", f"{form.name}: other line ends than the standard's at byte {place}"
    if not rest:
        tape.skip(lines)
        return tape.failure or f"{form.name}: ends at byte {place} before its last line ends", ""
    if data.startswith(form.gap):
        tape.skip(len(form.gap))
        place = tape.place()
    passed = next_record(tape, form)
    return f"{form.name}: {counted(passed, 'byte')} from byte {place} on, in no record", ""


def next_record(tape: Tape, form: Form) -> int:
    """Move to the next record or the end, return how many bytes were passed."""
    passed = 0
    while data := tape.peek(BLOCK + LINE):
        border = tape.border(min(BLOCK, len(data)), form.starts)
        hit = form.anywhere.search(data)
        here = min(hit.start() if hit else len(data), border)
        if (hit and hit.start() <= BLOCK) or border < min(BLOCK, len(data)):
            return passed + tape.skip(here)
        passed += tape.skip(min(BLOCK, len(data)))
    return passed
