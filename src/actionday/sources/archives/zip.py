"""Zip: what its directory lists, and what only the local headers show.

Source: PKWARE APPNOTE.TXT 6.3.10. Documents in zip form (OPC, OpenDocument, EPUB) are left to the parsers; jar,
apk, xpi, whl and others without a parser are archives.
"""

import stat
from collections.abc import Iterator, Sequence
from zlib import crc32

from actionday.mime.zipped.directory import Directory, directory, foreign_names, has_end
from actionday.mime.zipped.headers import header_at
from actionday.mime.zipped.records import ENCRYPTED, LATER, UTF8, Member, mtime, stored_name
from actionday.model import Claim, Context, Damaged, Found, Kind, Note, NotThere, Peek, Status, Stream
from actionday.model.names import text_of
from actionday.sources.archives import _entries
from actionday.sources.archives._leftover import behind
from actionday.sources.archives._named import named
from actionday.sources.archives._streams import BLOCK, Window, body
from actionday.sources.archives._zipcarried import carried, carried_closed, closed
from actionday.sources.archives._zipclaim import BEGINNINGS, claim
from actionday.sources.archives._zipdata import BY_LIBARCHIVE, MEASURED, STORED, unpack, unpacks, unsupported
from actionday.sources.archives._zipdiffers import differences
from actionday.sources.archives._zipextents import Extents
from actionday.sources.archives._zipextra import Extra
from actionday.sources.archives._zipscan import Local, scan
from actionday.sources.archives._zipslack import Slack, comment, comment_of_archive, descriptor, sector


class Zip:
    """Members in the order of the directory (``place`` is the number), then hidden ones (``@`` and the byte)."""

    name, sample = "zip", "kestrel.zip"
    marks = tuple((0, mark) for mark in BEGINNINGS)
    kinds = (Kind.VOLUME,)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE with the end record, MAGIC with the first mark only; NO for documents."""
        return claim(peek)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members; those up to ``around.after`` are passed over unread.

        Raises Damaged when the directory is missing or broken: what the local headers show was yielded before.
        """
        yield from named(self._all(_Reading(stream, around), stream), lambda: foreign_names(stream))

    def rest(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the same of a stretch of a zip behind a gap: that members before it are not there is no damage of it.

        Raises Damaged where a directory at its end is broken.
        """
        reading = _Reading(stream, around, stretch=True)
        yield from named(self._all(reading, stream), lambda: foreign_names(stream))

    def _all(self, reading: "_Reading", stream: Stream) -> Iterator[Found]:
        damage, end, listed = "", stream.size, None
        try:
            if not reading.stretch or has_end(stream):
                listed = directory(stream)
                end = reading.limit = listed.start
                for index, member in enumerate(listed.entries(stream)):
                    try:
                        yield from reading.listed(str(index), member)
                    except NotThere as error:  # a part of several lacks: what lies in others is read
                        yield _entries.unreadable(
                            stored_name(member), str(index), f"zip: {error}", member.size
                        )
        except Damaged as error:
            damage = str(error)
        reading.overlaps()
        yield from reading.hidden(end, lost=bool(damage) or listed is None)
        yield from reading.unclaimed(None if damage else listed)
        if damage:
            raise Damaged(damage)


class _Reading:
    """One pass over one archive."""

    def __init__(self, stream: Stream, around: Context, *, stretch: bool = False) -> None:
        self._stream, self._around, self._extents, self.stretch = stream, around, Extents(), stretch
        self._slack, self._extra = Slack(stream, around), Extra()
        self._passing = around.after
        self.limit = stream.size  # where the directory begins: no content reaches into it

    def listed(self, place: str, member: Member) -> Iterator[Found]:
        """Yield the member of a directory entry, unless it was stored in an earlier run."""
        if self.stretch and member.offset < 0:
            return  # it begins before the gap, or in it
        found = header_at(self._stream, member.offset)
        fresh = found is not None and member.offset >= self._extents.highest
        if found is not None:
            over = found[1] + member.packed
            over += descriptor(self._stream, over, member) if member.later or found[0].later else 0
            self._extents.add(member.offset, min(over, self._stream.size))
        yield from self._fresh(comment(member, place))
        yield from self._fresh(self._extra.items(place, member, found[0] if found else None))
        if self._passing is not None:
            self._passing = None if self._passing == place else self._passing
            if found is not None and member.method in MEASURED and not member.flags & ENCRYPTED:
                length = self._bounded(found[1], member.packed)
                self._slack.expect(found[1], length, text_of(stored_name(member))[0], member.method)
        elif found is None:
            reason = f"zip: no local header at byte {member.offset}"
            yield _entries.unreadable(stored_name(member), place, reason, member.size)
        else:
            notes = differences(member, found[0])
            settled = self._settled(member, *found) if notes else member
            yield self._item(place, settled, found[1], notes, fresh=fresh and settled is member)
        if found is not None:
            yield from self._carried(place, member, found[1])

    def _carried(self, place: str, member: Member, data: int) -> Iterator[Found]:
        length = self._bounded(data, member.packed)
        if length and (reason := closed(member)):
            yield from self._fresh(carried_closed(place, member, reason))
        elif length:
            yield from self._fresh(carried(self._stream, self._around, place, member, (data, length)))

    def _settled(self, member: Member, local: Member, data: int) -> Member:
        """Return the entry with the local header's encryption or method where only these give the right CRC."""
        if (member.flags ^ local.flags) & ENCRYPTED == 0 and member.method == local.method:
            return member
        other = member._replace(flags=local.flags & ~LATER | member.flags & LATER, method=local.method)
        for each in (member, other):
            packed = Window(self._stream, data, self._bounded(data, member.packed))
            if not each.flags & ENCRYPTED and not unsupported(each.method) and unpacks(packed, each):
                return each
        return other if other.flags & ENCRYPTED else member

    def overlaps(self) -> None:
        """Note members that lie in one another: honest writers make some, bombs many."""
        starts = self._extents.overlaps()
        if starts:
            self._around.note(
                "overlap", f"zip: {len(starts)} members begin inside another, the first at byte {starts[0]}"
            )

    def hidden(self, end: int, *, lost: bool) -> Iterator[Found]:
        """Yield what lies before ``end`` and is in no directory entry."""
        reason = "found by its own header, for the directory is damaged" if lost else "not in the directory"
        if lost and self.stretch:
            reason = "found by its own header, behind the gap"
        for start, stop in self._extents.gaps(end):
            at = start
            for local in scan(self._stream, start, stop):
                yield from self._fresh(self._slack.unclaimed(at, local.member.offset))
                at = local.end + (
                    descriptor(self._stream, local.end, local.member) if local.member.later else 0
                )
                place = f"@{local.member.offset}"
                note = Note(
                    "hidden_member", f"zip: {reason}; it begins at byte {local.member.offset} of the archive"
                )
                if self._passing is not None:
                    self._passing = None if self._passing == place else self._passing
                else:
                    yield self._item(place, local.member, local.data, (note,), found=local)
                yield from self._carried(place, local.member, local.data)
                yield from self._fresh(self._extra.items(place, local.member, None))
            slack = self._slack
            rest = slack.before_directory(at, stop) if lost else slack.unclaimed(at, stop)
            yield from self._fresh(rest)

    def unclaimed(self, listed: Directory | None) -> Iterator[Found]:
        """Yield what no member gives: behind contents, in the directory and behind it, and the comment."""
        yield from self._fresh(self._slack.behind_contents())
        if self._extra.count:
            some = "" if self._extra.kept == self._extra.count else f"{self._extra.kept} of them are "
            why = f"zip: {self._extra.count} extra fields that are not understood: {some}items of their own"
            self._around.note("unclaimed", why)
        if listed is None:
            return
        last = listed.end
        yield from self._fresh(self._slack.unclaimed(listed.over, last.at))
        yield from self._fresh(self._slack.unclaimed(*sector(self._stream, last)))
        yield from self._fresh(comment_of_archive(self._stream, last.over, last.comment))
        yield from self._fresh(behind(self._stream, last.over, self._around, "zip"))

    def _fresh(self, found: Iterator[Found]) -> Iterator[Found]:
        """Yield what was not stored in an earlier run."""
        for each in found:
            if self._passing is None:
                yield each
            else:
                self._passing = None if self._passing == each.place else self._passing

    def _item(self, place: str, member: Member, data: int, notes: tuple[Note, ...], *, fresh: bool = False,
              found: Local | None = None) -> Found:  # fmt: skip
        name = stored_name(member)
        time, meta = mtime(member)
        kind = stat.S_IFMT(member.mode)
        if member.mode:
            meta["mode"] = f"{member.mode & 0o7777:04o}"
        if (name.endswith(b"/") or kind == stat.S_IFDIR) and not member.size:
            return _entries.directory(name, place, time, meta)
        if self._only_said(member, data):
            member = member._replace(flags=member.flags & ~ENCRYPTED)
            notes = (
                *notes,
                Note("local_differs", "zip: said to be encrypted, and its bytes are not: read as they are"),
            )
        if reason := closed(member):
            return self._closed_item(place, member, reason, notes, (time, meta))
        if kind == stat.S_IFLNK and member.size < 4096:
            return self._link(name, place, member, data, (time, meta))
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK) and not member.packed:
            return _entries.special(name, place, kind, time, meta)
        return self._file(
            place, member, data, notes, (time, meta), fresh=fresh, sized=found is None or found.sized
        )

    def _only_said(self, member: Member, data: int) -> bool:
        """Say whether a member that both headers call encrypted is not: its bytes as they are give size and CRC."""
        if not member.flags & ENCRYPTED or not member.size or unsupported(member.method):
            return False
        plain = member._replace(flags=member.flags & ~ENCRYPTED)
        packed = Window(self._stream, data, self._bounded(data, member.packed))
        return (member.method != STORED or member.packed == member.size) and unpacks(packed, plain)

    def _closed_item(self, place: str, member: Member, reason: str, notes: tuple[Note, ...],
                     known: tuple[str | None, dict[str, object]]) -> Found:  # fmt: skip
        """Return a member of which only a password gives the content, or whose method is not read."""
        text, raw = text_of(stored_name(member))
        locked = bool(member.flags & ENCRYPTED)
        ours = member.method == BY_LIBARCHIVE and not locked  # one that does not open is damaged, and says so
        if ours or (locked and _opens(self._stream, member, self._around.secrets)):
            known[1].update({"encryption": reason} if locked else {})
            return Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, size=member.size, mtime=known[0],
                         meta=known[1], notes=notes, read=lambda: body(self._unlocked(member)))  # fmt: skip
        if locked and self._around.secrets:
            reason = f"{reason}; none of the case's passwords opens it"
        return Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, size=member.size, mtime=known[0],
                     status=Status.ENCRYPTED if locked else Status.UNSUPPORTED, reason=reason, meta=known[1],
                     notes=notes)  # fmt: skip

    def _unlocked(self, member: Member) -> Iterator[bytes]:
        from actionday.sources.archives._zipsecret import unlocked

        return unlocked(self._stream, member, self._around.secrets)

    def _file(self, place: str, member: Member, data: int, notes: tuple[Note, ...],
              known: tuple[str | None, dict[str, object]], *, fresh: bool, sized: bool) -> Found:  # fmt: skip
        text, raw = text_of(stored_name(member))
        if raw is not None and not member.flags & UTF8:
            known[1]["name_cp437"] = raw.decode("cp437")  # what the standard says it is; the raw bytes decide
        packed = Window(self._stream, data, self._bounded(data, member.packed))
        if member.method == STORED and fresh and _sound(packed, member):
            runs = ((data, member.packed),) if member.packed else ()
            return Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, size=member.size, mtime=known[0],
                         runs=runs, meta=known[1], notes=notes)  # fmt: skip
        length = self._bounded(data, member.packed if sized else self._stream.size)
        told = None
        if sized and member.method in MEASURED:
            told = self._slack.expect(data, length, text, member.method)
        return Found(
            name=text, raw=raw, kind=Kind.MEMBER, place=place, size=member.size if sized else None,
            mtime=known[0], meta=known[1], notes=notes,
            read=lambda: body(unpack(Window(self._stream, data, length), member, self._around.note, sized=sized,
                                     told=told)),
        )  # fmt: skip

    def _bounded(self, data: int, length: int) -> int:
        end = self.limit if data <= self.limit else self._stream.size
        return max(0, min(length, end - data))

    def _link(self, name: bytes, place: str, member: Member, data: int,
              known: tuple[str | None, dict[str, object]]) -> Found:  # fmt: skip
        packed = Window(self._stream, data, self._bounded(data, member.packed))
        try:
            target = b"".join(unpack(packed, member, self._around.note))
        except Damaged as error:
            return _entries.unreadable(name, place, str(error), member.size)
        return _entries.link(name, place, target, *known)


def _sound(packed: Window, member: Member) -> bool:
    """Return whether a stored content has its size and CRC; each byte is asked about once at most."""
    if member.packed != member.size:
        return False
    crc, size = 0, 0
    while data := packed.read(BLOCK):
        crc, size = crc32(data, crc), size + len(data)
    return crc == member.crc and size == member.size


def _opens(stream: Stream, member: Member, secrets: Sequence[str]) -> bool:
    if member.flags & ENCRYPTED and not secrets:
        return False
    try:
        from actionday.sources.archives._zipsecret import opens
    except OSError:  # no libarchive: zip as such needs none
        return False
    return opens(stream, member, secrets)


SOURCE = Zip()
