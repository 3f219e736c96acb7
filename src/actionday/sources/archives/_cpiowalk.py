"""The walk over a cpio archive: header by header, each break noticed, read on at the next header behind it.

Source: cpio(5); the Linux kernel's initramfs buffer format (archives one after the other, zeros between).
"""

import stat
from collections.abc import Generator, Iterator
from functools import partial
from io import BytesIO

from msgspec.structs import replace

from actionday.model import Damaged, Found, Kind, Loss, Note, Status
from actionday.model.counted import counted
from actionday.model.names import text_of
from actionday.model.times import rfc3339
from actionday.sources.archives import _entries
from actionday.sources.archives._cpioheader import LONGEST_HEADER, NEW, OLD, TRAILER, Header, header
from actionday.sources.archives._leftover import BETWEEN
from actionday.sources.archives._streams import BLOCK, Notes, body
from actionday.sources.archives._tape import Tape, content
from actionday.sources.archives._tarremnants import remnant
from actionday.sources.archives._tarstray import UNCLAIMED, Stray

_LONGEST_TARGET = 4096
_NEAR = 4096  # bytes searched at a time for a header: false ones may stand close together


class Walk:
    """One pass over a tape."""

    def __init__(self, tape: Tape, note: Notes) -> None:
        self._tape, self._note = tape, note
        self._damage = ""
        self._target = b""
        """Of the symbolic link met last."""
        self._stray: Stray | None = None
        """What lies since the last break."""

    def members(self) -> Iterator[Found]:
        """Yield members in order; a place is the byte of the header.

        What lies behind the trailer and is no cpio is yielded whole as ``behind-trailer`` where it can be
        addressed (an initrd's compressed part), else noted. Raises Damaged at the end if there was a break.
        """
        ended = False
        while head := self._tape.peek(LONGEST_HEADER):
            found = header(head)
            if found is None:
                if ended:
                    yield from self._behind()
                    break
                self._astray(head)
                continue
            yield from self._strayed()
            ended = yield from self._member(found)
        yield from self._strayed()
        self._tape.read(1)  # raises what kept the last look from seeing more
        if not (ended or self._damage):
            self._damage = f"cpio: ends at byte {self._tape.at} without its trailer"
        if self._damage:
            raise Damaged(self._damage)

    def _astray(self, head: bytes) -> None:
        whole = len(head) == LONGEST_HEADER
        self._broken(f"cpio: {'no header' if whole else 'ends inside a header'} at byte {self._tape.at}")
        tape = self._tape
        if self._stray is None:
            start = tape.at
            self._stray = Stray(start, addressed=tape.addressed() is not None, name=f"{BETWEEN} @{start}")
        self._stray.add(tape.read(1))
        while block := tape.peek(_NEAR):
            hits = [hit for mark in (NEW[:5], OLD) if (hit := block.find(mark)) >= 0]
            if hits:
                self._stray.add(tape.read(min(hits)))
                return
            self._stray.add(tape.read(max(1, len(block) - 5) if len(block) == _NEAR else len(block)))

    def _strayed(self) -> Iterator[Found]:
        """Yield what lies between the last break and here, once."""
        stray, self._stray = self._stray, None
        for found in stray.found() if stray else ():
            what = counted(found.size or 0, "byte")
            self._note(UNCLAIMED, f"cpio: {what} from byte {found.place[1:]} on, of no member")
            yield found

    def _broken(self, reason: str) -> None:
        self._damage = self._damage or reason

    def _member(self, own: Header) -> Generator[Found, None, bool]:
        """Yield the member at the tape's position, return whether it was the trailer."""
        tape, start = self._tape, self._tape.at
        tape.skip(own.length)
        stored = tape.read(own.name + _padding(own.length + own.name, own.align))
        name, _, hidden = stored[: own.name - 1].partition(b"\0")
        if len(stored) < own.name:
            self._broken(f"cpio: ends at byte {tape.at} inside a name")
            return False
        for at, data in remnant(hidden, start + own.length + len(name) + 1):
            self._note(
                UNCLAIMED,
                f"cpio: {counted(len(data), 'byte')} at byte {at}, behind the name {text_of(name)[0]!r}",
            )
            yield Found(name=f"{text_of(name)[0]} behind the name", kind=Kind.MEMBER, place=f"{start}n", size=len(data),
                        read=partial(BytesIO, data))  # fmt: skip
        if name == TRAILER and not own.size:
            self._zeros()
            return True
        padded = own.size + _padding(own.size, own.align)
        end = tape.at + padded
        found = self._item(name, own, str(start))
        yield found
        if own.size and found.kind is Kind.DIRECTORY:
            self._note(
                _entries.CARRIED, f"cpio: the directory {found.name!r} carries {counted(own.size, 'byte')}"
            )
            yield self._file(replace(_entries.content_of(name, str(start)), size=own.size), own)
        elif found.kind is Kind.SYMLINK and not _entries.is_path(target := self._target):
            self._note(
                _entries.CARRIED,
                f"cpio: the symbolic link {found.name!r} carries {counted(own.size, 'byte')}",
            )
            yield replace(
                _entries.content_of(name, str(start)), size=len(target), read=lambda: BytesIO(target)
            )
        if (missing := end - tape.at) > 0 and tape.skip(missing) < missing:
            self._broken(f"cpio: ends at byte {tape.at} inside {text_of(name)[0]!r}")
        return False

    def _item(self, name: bytes, own: Header, place: str) -> Found:
        meta: dict[str, object] = {"mode": f"{own.mode & 0o7777:04o}", "uid": own.uid, "gid": own.gid}
        mtime, kind = rfc3339(own.mtime), stat.S_IFMT(own.mode)
        if kind == stat.S_IFDIR:
            return _entries.directory(name, place, mtime, meta)
        if kind == stat.S_IFLNK and own.size <= _LONGEST_TARGET:
            self._target = self._tape.read(own.size)
            return _entries.link(name, place, self._target, mtime, meta)
        if kind in (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK) and not own.size:
            return _entries.special(name, place, kind, mtime, meta)
        text, raw = text_of(name)
        if own.links > 1 and not own.size:
            reason = f"hard link of inode {own.inode}: content, if any, is stored with its last name"
            return Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, mtime=mtime, meta=meta,
                         status=Status.UNSUPPORTED, reason=reason)  # fmt: skip
        return self._file(Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, size=own.size, mtime=mtime,
                                meta=meta), own)  # fmt: skip

    def _file(self, found: Found, own: Header) -> Found:
        facts = {name: getattr(found, name) for name in found.__struct_fields__}
        start, room = self._tape.at, self._tape.addressed()
        pieces = ((start, own.size),) if own.size else ()
        if room is None or own.check is not None:
            return Found(**{**facts, "read": lambda: body(_summed(content(self._tape, pieces, "cpio"), own))})
        if start + own.size > room:
            note = Note(Loss.BROKEN_OFF, f"cpio: the archive ends at byte {room}, inside this member")
            return Found(**{**facts, "runs": ((start, max(0, room - start)),), "notes": (note,)})
        return Found(**{**facts, "runs": pieces})

    def _zeros(self) -> None:
        while block := self._tape.peek(4096):
            zeros = len(block) - len(block.lstrip(b"\0"))
            self._tape.skip(zeros)
            if zeros < len(block):
                return

    def _behind(self) -> Iterator[Found]:
        start, room = self._tape.at, self._tape.addressed()
        if room is None:
            stray = Stray(start, addressed=False)
            while block := self._tape.read(BLOCK):
                stray.add(block)
            length = self._tape.at - start
            self._note(
                "trailing",
                f"cpio: {counted(length, 'byte')} from byte {start} on, behind the trailer, no cpio",
            )
            yield from stray.found()
            return
        yield Found(name=f"behind-trailer-{start}", kind=Kind.MEMBER, place=str(start), size=room - start,
                    runs=((start, room - start),))  # fmt: skip


def _padding(length: int, align: int) -> int:
    return -length % align


def _summed(chunks: Iterator[bytes], own: Header) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += sum(chunk)
        yield chunk
    if own.check is not None and total & 0xFFFFFFFF != own.check:
        raise Damaged(f"cpio: sum {total & 0xFFFFFFFF:08x} where {own.check:08x} was stored")
