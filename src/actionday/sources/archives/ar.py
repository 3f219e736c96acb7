"""Unix ar archives: Debian packages (deb) and static libraries.

Source: ar(5); deb(5); the GNU and BSD forms of long names as binutils and FreeBSD write them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Note, Peek, Stream, Unsupported
from actionday.model.counted import counted
from actionday.model.names import text_of
from actionday.model.streams import read_at
from actionday.model.times import rfc3339
from actionday.sources.archives._leftover import BETWEEN, left_over
from actionday.sources.archives._streams import BLOCK
from actionday.sources.archives._tarremnants import remnant

MAGIC, THIN = b"!<arch>\n", b"!<thin>\n"
_HEADER, _END = 60, b"`\n"
_TABLES = (b"/", b"//", b"/SYM64/", b"__.SYMDEF", b"__.SYMDEF SORTED")
_LIKELY, _SIZE_AT = re.compile(rb"(?=[0-9][0-9 ]{9}`\n)"), 48
LONGEST_NAME = 4096
_MOST_NAMES = 64 << 20  # bytes of the table of long names


class _Header(NamedTuple):
    name: bytes
    mtime: int | None
    uid: int | None
    gid: int | None
    mode: int | None
    size: int
    odd: dict[str, str]
    """Fields that should be numbers and are none, as they stand."""


class Ar:
    """Members in order, the tables of symbols and names as ``system``; ``place`` is the byte of the header."""

    name, sample = "ar", "kestrel.deb"
    marks = ((0, MAGIC), (0, THIN))

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE with a first header that ends as it should, MAGIC for the mark alone."""
        if not peek.head.startswith((MAGIC, THIN)):
            return Claim.NO
        return Claim.STRUCTURE if peek.size == 8 or peek.head[66:68] == _END else Claim.MAGIC

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members. Raises Damaged with the byte at which no header is or the archive ends early."""
        if read_at(stream, 0, 8) == THIN:
            raise Unsupported("ar: a thin archive holds no members, only the paths of files elsewhere")
        at, names, damage = 8, b"", ""
        while at < stream.size:
            found = _header(read_at(stream, at, _HEADER))
            if found is None:
                what = "no header" if stream.size - at >= _HEADER else "ends inside a header"
                damage = damage or f"ar: {what} at byte {at}"
                start, at = at, _following(stream, at + 1)
                for stretch in left_over(stream, start, at, BETWEEN):
                    size = counted(stretch.size or 0, "byte")
                    around.note("unclaimed", f"ar: {size} from byte {stretch.place[1:]} on, of no member")
                    yield stretch
                continue
            start = at + _HEADER
            if found.name == b"//":
                names = read_at(stream, start, min(found.size, _MOST_NAMES))
            yield _item(stream, found, names, at)
            yield from _long_name(stream, found, at)
            end = start + found.size
            at = end + (end & 1)
            if end > stream.size:
                inside = f"ar: ends at byte {stream.size} inside the member at byte {start - _HEADER}"
                raise Damaged(damage or inside)
        if damage:
            raise Damaged(damage)
        if at > stream.size:
            around.note("no_padding", f"ar: ends at byte {stream.size} without its last padding byte")


def _following(stream: Stream, at: int) -> int:
    """Return where the next header may begin that ends as it should, the end where there is none."""
    while at < stream.size:
        for hit in _LIKELY.finditer(read_at(stream, at, BLOCK + _HEADER)):
            place = at + hit.start() - _SIZE_AT
            if place >= at and _header(read_at(stream, place, _HEADER)) is not None:
                return place
        at += BLOCK
    return stream.size


def _header(data: bytes) -> _Header | None:
    if len(data) < _HEADER or data[58:60] != _END:
        return None
    size = _number(data[48:58])
    if size is None:
        return None
    return _Header(data[:16].rstrip(b" "), _number(data[16:28]), _number(data[28:34]), _number(data[34:40]),
                   _number(data[40:48], 8), size, _odd(data))  # fmt: skip


def _odd(data: bytes) -> dict[str, str]:
    fields = (
        ("mtime_raw", 16, 28, 10),
        ("uid_raw", 28, 34, 10),
        ("gid_raw", 34, 40, 10),
        ("mode_raw", 40, 48, 8),
    )
    return {
        key: text_of(data[start:end].strip())[0]
        for key, start, end, base in fields
        if data[start:end].strip() and _number(data[start:end], base) is None
    }


def _number(field: bytes, base: int = 10) -> int | None:
    text = field.strip(b" ")
    return int(text, base) if text.isdigit() and not (base == 8 and text.strip(b"01234567")) else None


def _long_name(stream: Stream, own: _Header, at: int) -> Iterator[Found]:
    """Yield what stands in the room of a BSD name and is no part of the name."""
    if own.name.startswith(b"#1/") and own.name[3:].isdigit():
        start = at + _HEADER
        room = read_at(stream, start, min(int(own.name[3:]), own.size))
        for where, data in remnant(room[LONGEST_NAME:], start + LONGEST_NAME):
            yield Found(name=f"name @{where}", kind=Kind.MEMBER, place=f"+{where}", size=len(data),
                        runs=((where, len(data)),))  # fmt: skip


def _item(stream: Stream, own: _Header, names: bytes, at: int) -> Found:
    start, size = at + _HEADER, own.size
    name = own.name
    if name.startswith(b"#1/") and name[3:].isdigit():  # BSD: the name is before the content
        length = min(int(name[3:]), size)
        name = read_at(stream, start, min(length, LONGEST_NAME)).rstrip(b"\0")
        start, size = start + length, size - length
    elif name[:1] == b"/" and name[1:].isdigit():
        name = names[int(name[1:]) :].split(b"\n", 1)[0].removesuffix(b"/") or name
    elif name not in _TABLES:
        name = name.removesuffix(b"/")
    meta: dict[str, object] = {
        key: value for key, value in (("uid", own.uid), ("gid", own.gid)) if value is not None
    }
    if own.mode is not None:
        meta["mode"] = f"{own.mode & 0o7777:04o}"
    meta |= own.odd
    text, raw = text_of(name)
    there = max(0, min(size, stream.size - start))
    notes = (Note(Loss.BROKEN_OFF, f"ar: the archive ends at byte {stream.size}, inside this member"),)
    return Found(
        name=text, raw=raw, kind=Kind.SYSTEM if own.name in _TABLES else Kind.MEMBER, place=str(at), size=size,
        mtime=None if own.mtime is None else rfc3339(own.mtime), meta=meta,
        runs=((start, there),) if there else (), notes=notes if there < size else (),
    )  # fmt: skip


SOURCE = Ar()
