"""Members as libarchive lists them: 7z, rar and cab.

Source: archive_read(3); places are numbers, since these formats keep their list apart from the contents.
"""

import stat
from calendar import timegm
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from time import localtime
from typing import BinaryIO
from zlib import crc32

from msgspec.structs import replace

from actionday.model import Context, Damaged, Found, Kind, OverLimit, Status, Stream
from actionday.model.counted import counted
from actionday.model.names import text_of
from actionday.model.times import rfc3339
from actionday.sources.archives import _entries
from actionday.sources.archives._libarchive import Archive, Entry, label
from actionday.sources.archives._seventimes import moment, times
from actionday.sources.archives._streams import Window, body


def members(
    stream: Stream, around: Context, formats: Sequence[str], *, local: bool = False,
    sums: Sequence[tuple[int, int] | None] = (), needs: Callable[[], int] | None = None,
) -> Iterator[Found]:  # fmt: skip
    """Yield the members in the order of the archive; a content is read while its member is the current one.

    ``local`` says that the format stores local times without their zone: they are kept as if they were UTC.
    ``needs`` returns the bytes of the largest dictionary, 0 where that is not told.
    ``sums`` are size and CRC of each, None where not known, for formats of which the library does not check them.
    Raises Damaged or Encrypted where no more can be listed.
    """
    early = _Early(stream) if label(formats[0]) == "7z" else None
    with Archive(Window(stream, 0, stream.size), formats, secrets=around.secrets) as archive:
        number = 0
        while (entry := archive.next()) is not None:
            if early is not None:
                entry = early.dated(entry, number)
            found = _item(archive, entry, str(number), label(formats[0]), local=local)
            if found.read is not None:
                whole = sums[number] if number < len(sums) else None
                crc = whole[1] if whole and whole[0] == found.size else None
                found = replace(
                    found, read=partial(_read, archive, found, around, label(formats[0]), crc, needs)
                )
            yield found
            yield from _carried(archive, entry, str(number), label(formats[0]), around)
            number += 1


class _Early:
    """Gives entries of a 7z that libarchive dates to the first second of 1970 the time they have."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._read = stream, False
        self._times: tuple[int, ...] = ()

    def dated(self, entry: Entry, number: int) -> Entry:
        """Return ``entry`` with its own time, none where that cannot be told."""
        if entry.mtime != (0, 0):
            return entry
        if not self._read:
            self._read, self._times = True, times(self._stream)
        known = moment(self._times[number]) if number < len(self._times) else None
        return entry._replace(mtime=known if known is not None and known <= (0, 0) else None)


def _carried(archive: Archive, entry: Entry, place: str, what: str, around: Context) -> Iterator[Found]:
    """Yield the content of an entry that has none by its type."""
    bare = _entries.content_of(entry.name, place)
    target = entry.symlink
    if target is not None and not _entries.is_path(target):
        around.note(
            _entries.CARRIED, f"{what}: a symbolic link carries {counted(len(target), 'byte')}", bare.name
        )
        yield replace(bare, size=len(target), read=lambda: BytesIO(target))
    elif target is None and entry.hardlink is None and entry.kind not in (0, stat.S_IFREG) and entry.size:
        around.note(
            _entries.CARRIED,
            f"{what}: an entry that is no file carries {counted(entry.size, 'byte')}",
            bare.name,
        )
        if entry.encrypted:
            yield replace(bare, size=entry.size, status=Status.ENCRYPTED, reason=f"{what}: encrypted member")
        else:
            yield replace(bare, size=entry.size, read=lambda: body(archive.data()))


def _item(archive: Archive, entry: Entry, place: str, what: str, *, local: bool) -> Found:
    meta: dict[str, object] = {"mode": f"{entry.mode & 0o7777:04o}"} if entry.mode else {}
    mtime = rfc3339(*(_as_stored(*entry.mtime) if local else entry.mtime)) if entry.mtime else None
    if local and mtime:
        meta["zone"] = "assumed UTC"
    if entry.mtime and mtime is None:
        meta["mtime_raw"] = entry.mtime[0]
    if entry.hardlink is not None:
        return _entries.link(entry.name, place, entry.hardlink, mtime, meta, hard=True)
    if entry.symlink is not None:
        return _entries.link(entry.name, place, entry.symlink, mtime, meta)
    if entry.kind == stat.S_IFDIR:
        return _entries.directory(entry.name, place, mtime, meta)
    if entry.kind not in (0, stat.S_IFREG):
        return _entries.special(entry.name, place, entry.kind, mtime, meta)
    text, raw = text_of(entry.name)
    if entry.encrypted:
        return Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, size=entry.size, mtime=mtime, meta=meta,
                     status=Status.ENCRYPTED, reason=f"{what}: encrypted member")  # fmt: skip
    return Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, size=entry.size, mtime=mtime, meta=meta,
                 read=lambda: body(archive.data()))  # fmt: skip


def _read(archive: Archive, found: Found, around: Context, what: str, crc: int | None,
          needs: Callable[[], int] | None) -> BinaryIO:  # fmt: skip
    return body(_roomy(_checked(archive, found, around, what, crc), needs, around.limits.memory))


def _roomy(chunks: Iterator[bytes], needs: Callable[[], int] | None, memory: int) -> Iterator[bytes]:
    """Yield chunks. Raises OverLimit with how much memory is needed, and allowed, where there is too little."""
    try:
        yield from chunks
    except OverLimit as error:
        dictionary = needs() if needs is not None else 0
        told = f"its largest dictionary takes {dictionary >> 20} MiB, " if dictionary else ""
        raise OverLimit(f"{error}; {told}{memory >> 20} MiB are allowed for all of a worker") from error


def _checked(archive: Archive, found: Found, around: Context, what: str, crc: int | None) -> Iterator[bytes]:
    """Yield a content. Raises Damaged behind one that has another CRC than ``crc``.

    Says where more of it comes than is declared; less is a damage that whoever reads it sees.
    """
    got, made = 0, 0
    for chunk in archive.data():
        got, made = got + len(chunk), crc32(chunk, made) if crc is not None else 0
        yield chunk
    if found.size is not None and got > found.size:
        why = f"{what}: {counted(found.size, 'byte')} declared, {got} there: all are given"
        around.note("length", why, found.name)
    elif crc is not None and made != crc and got == found.size:
        raise Damaged(f"{what}: CRC {made:08x} where {crc:08x} was stored")


def _as_stored(seconds: int, nanoseconds: int) -> tuple[int, int]:
    """Undo libarchive's ``mktime``: the same export in any zone that this runs in."""
    try:
        return timegm(localtime(seconds)), nanoseconds
    except (OverflowError, OSError, ValueError):
        return seconds, nanoseconds
