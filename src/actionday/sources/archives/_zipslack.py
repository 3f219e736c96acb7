"""What a zip holds and no member gives: bytes behind the end of a packed content, between members, comments.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.6 (order of the records), 4.3.9 (descriptors), 4.4.12 and 4.4.26
(comments), 4.4.8 (compressed size).
"""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from actionday.mime.zipped.records import (
    CENTRAL,
    DESCRIPTOR,
    END64,
    END_BYTES,
    End,
    Member,
    stored_name,
)
from actionday.model import Context, Found, ItemError, Kind, Stream
from actionday.model.counted import counted
from actionday.model.names import text_of
from actionday.model.streams import read_at
from actionday.sources.archives._leftover import BEFORE, BEHIND, BETWEEN, LEAST, left_over
from actionday.sources.archives._streams import Window
from actionday.sources.archives._zipdata import Told, contents
from actionday.sources.archives._zipscan import find

UNCLAIMED = "unclaimed"
"""A remark: bytes that belong to nothing the archive lists; they are an item of their own."""
SPANNED = (b"PK00", DESCRIPTOR)
"""The mark that writers of split archives put first."""
END64_BYTES, LOCATOR64_BYTES = 56, 20
MOST_MEASURED = 256 << 20
"""Bytes unpacked only to find where contents end that nobody read."""


class _Content(NamedTuple):
    """A packed content: its first byte, declared length, name and method."""

    slack: "Slack"
    data: int
    length: int
    name: str
    method: int

    def ended(self, used: int) -> None:
        """Take in how many of its bytes it took."""
        self.slack.end(self, used)

    def aside(self, name: str, start: int, length: int) -> None:
        """Take in what stands beside it."""
        self.slack.strange(self.data + start, min(length, self.length - start), f"{self.name} {name}")


class Slack:
    """Takes down where packed contents end, and what stands beside them, as they are read."""

    def __init__(self, stream: Stream, around: Context) -> None:
        self._stream, self._around = stream, around
        self._open: dict[int, _Content] = {}
        """Packed contents by their first byte, until they were read."""
        self._strange: dict[int, tuple[int, str]] = {}
        """What is none of a content by its first byte: the byte behind it, and what it is called."""
        self._left = MOST_MEASURED

    def expect(self, data: int, length: int, name: str, method: int) -> Told:
        """Return what is to be told which of ``length`` bytes at ``data`` the content of a member took."""
        self._open[data] = _Content(self, data, length, name, method)
        return self._open[data]

    def end(self, content: "_Content", used: int) -> None:
        """Take in where a content ends."""
        if self._open.pop(content.data, None) and used < content.length:
            self.strange(content.data + used, content.length - used, f"{content.name} {BEHIND}")

    def strange(self, start: int, length: int, name: str) -> None:
        """Take in what is none of a content."""
        self._strange[start] = start + length, name

    def behind_contents(self) -> Iterator[Found]:
        """Yield what lies between the end of a content and the end its size declares, and what stands beside it.

        Contents that nobody read are measured.
        """
        for content in list(self._open.values()):
            self._measure(content)
        for start, (end, name) in sorted(self._strange.items()):
            yield from self.unclaimed(start, end, name)

    def _measure(self, content: "_Content") -> None:
        packed = Window(self._stream, content.data, content.length)
        try:
            for chunk in contents(packed, content.method, lambda *_: None, content):
                self._left -= len(chunk)
                if self._left <= 0:
                    break
        except ItemError:
            pass  # whoever reads the member says so: a run before, or the parser of a package's markup

    def unclaimed(self, start: int, end: int, name: str = "") -> Iterator[Found]:
        """Yield bytes that belong to no member, with a line in the issue log; nothing for padding."""
        if start == 0 and end - start == LEAST and read_at(self._stream, 0, LEAST) in SPANNED:
            return
        for found in left_over(self._stream, start, end, name or (BETWEEN if start else BEFORE)):
            at = found.meta["offset"]
            self._around.note(
                UNCLAIMED, f"zip: {counted(found.size or 0, 'byte')} from byte {at} on, of no member"
            )
            yield found

    def before_directory(self, start: int, end: int) -> Iterator[Found]:
        """Yield what lies between the last member and a directory that is damaged: up to its first entry."""
        first = find(self._stream, (CENTRAL,), start, end)
        yield from self.unclaimed(start, first if first >= 0 else end)


def descriptor(stream: Stream, end: int, member: Member) -> int:
    """Return the bytes of the data descriptor behind a content that ends at ``end``: with a mark or without."""
    raw = read_at(stream, end, 24)
    mark = 4 if raw.startswith(DESCRIPTOR) else 0
    if int.from_bytes(raw[mark : mark + 4], "little") != member.crc:
        return 0
    for width in (4, 8):
        if int.from_bytes(raw[mark + 4 : mark + 4 + width], "little") == member.packed & (1 << 8 * width) - 1:
            size = int.from_bytes(raw[mark + 4 + width : mark + 4 + 2 * width], "little")
            if size == member.size & (1 << 8 * width) - 1:
                return mark + 4 + 2 * width
    return 0


def sector(stream: Stream, last: End) -> tuple[int, int]:
    """Return where writers of zip64 may put data of their own: behind the fields of its end record."""
    over = last.over - last.comment - END_BYTES
    if last.at == over or read_at(stream, last.at, 4) != END64:
        return over, over
    return last.at + END64_BYTES, over - LOCATOR64_BYTES


def comment(member: Member, place: str) -> Iterator[Found]:
    """Yield the comment of a member as an item: people write in it."""
    if len(member.comment.strip()) >= LEAST:
        yield _said(f"{text_of(stored_name(member))[0]} comment", f"{place}c", member.comment)


def comment_of_archive(stream: Stream, over: int, length: int) -> Iterator[Found]:
    """Yield the comment of the archive, which ends at ``over``, as an item."""
    text = read_at(stream, over - length, length)
    if len(text.strip()) >= LEAST:
        yield _said("comment", "comment", text)


def _said(name: str, place: str, text: bytes) -> Found:
    return Found(name=name, kind=Kind.MEMBER, place=place, size=len(text), read=lambda: BytesIO(text))
