"""The central directory of a zip: found from the end, read entry by entry.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.12 (directory), 4.3.14 to 4.3.16 (its end).
"""

from collections.abc import Iterator

from actionday.mime.zipped.records import (
    CENTRAL,
    CENTRAL_BYTES,
    END_BYTES,
    UTF8,
    End,
    Member,
    central,
    end,
    stored_name,
)
from actionday.model import Damaged, Stream
from actionday.model.streams import read_at

BLOCK = 256 * 1024
_LONGEST_END = END_BYTES + 0xFFFF + 20 + 56 + 4096  # comment, zip64 locator and record with room to grow


class Directory:
    """Where the directory lies. ``shift`` is what lies before the archive and was not counted in its offsets."""

    def __init__(self, found: End, start: int, shift: int) -> None:
        self.end, self.start, self.shift = found, start, shift
        self.over = start
        """Where its entries end, once they were read."""

    def entries(self, stream: Stream) -> Iterator[Member]:
        """Yield its entries, offsets as bytes of the stream.

        Raises Damaged at the byte where it breaks off, or when the end record counts others than there are
        (modulo 65,536: writers without zip64 let the count run over).
        """
        given, count = _Reader(stream, self.start, self.end.at), self.end.entries
        found = 0
        while (head := given.peek(CENTRAL_BYTES)).startswith(CENTRAL) and len(head) == CENTRAL_BYTES:
            length = CENTRAL_BYTES + sum(int.from_bytes(head[k : k + 2], "little") for k in (28, 30, 32))
            record = given.take(length)
            if len(record) < length:
                break
            member = central(record)
            yield member._replace(offset=member.offset + self.shift)
            found += 1
        self.over = given.at
        if found != count and (count > 0xFFFF or (found - count) & 0xFFFF):
            raise Damaged(f"zip: the directory ends at byte {given.at}, after {found} of {count} entries")


class _Reader:
    """The bytes of ``stream`` up to ``end``, read ahead. ``at`` is the next one."""

    def __init__(self, stream: Stream, at: int, end: int) -> None:
        self._stream, self._end, self.at = stream, end, at
        self._ahead, self._from = b"", at

    def peek(self, length: int) -> bytes:
        start = self.at - self._from
        if start + length > len(self._ahead):
            wanted = min(max(length, BLOCK), self._end - self.at)
            self._ahead, self._from, start = read_at(self._stream, self.at, max(0, wanted)), self.at, 0
        return self._ahead[start : start + length]

    def take(self, length: int) -> bytes:
        data = self.peek(length)
        self.at += len(data)
        return data


def has_end(stream: Stream) -> bool:
    """Say whether the end of a directory stands at the end of a stream."""
    return _end_of(stream) is not None


def _end_of(stream: Stream) -> End | None:
    return end(ending(stream), stream.size)


def ending(stream: Stream) -> bytes:
    """Return the last bytes, as many as an end record may take: fewer where others before them cannot be had.

    Raises Damaged where the last ones cannot.
    """
    length = min(stream.size, _LONGEST_END)
    while True:
        try:
            return read_at(stream, stream.size - length, length)
        except Damaged:
            if length <= END_BYTES:
                raise
            length = max(END_BYTES, length // 2)


def directory(stream: Stream) -> Directory:
    """Return the directory. Raises Damaged when there is none, or it belongs to a missing part."""
    found = _end_of(stream)
    if found is None:
        raise Damaged(f"zip: ends at byte {stream.size} without the end of its directory")
    if found.disk:
        parts = max(found.disks, found.disk + 1)
        raise Damaged(f"zip: part {found.disk + 1} of {parts}; the parts before it (.z01 …) are missing")
    for start in (found.at - found.size, found.offset):
        if 0 <= start <= found.at and (not found.entries or read_at(stream, start, 4) == CENTRAL):
            return Directory(found, start, start - found.offset)
    raise Damaged(f"zip: no directory where its end, at byte {found.at}, says")


def foreign_names(stream: Stream) -> Iterator[bytes]:
    """Yield the names that are not said to be UTF-8 and are none. Raises Damaged where the directory breaks off."""
    for member in directory(stream).entries(stream):
        if member.flags & UTF8 or (name := stored_name(member)).isascii():
            continue
        try:
            name.decode()
        except UnicodeDecodeError:
            yield name
