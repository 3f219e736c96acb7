"""The records of a file table one by one; those that cannot be read are counted, and said.

Source: the Linux-NTFS project's "NTFS Documentation", FILE record, $MFT ($BITMAP). Standard library only.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from actionday.sources.filesystems import _tsk_ntfs as ntfs
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u64, whole
from actionday.sources.filesystems._tsk_runs import BadMap

NAME, OWN_BITMAP = 0x30, 0xB0
OWN = 24
"""Records below it are the file system's own."""
IN_USE = 1
RECORD = 0xFFFFFFFFFFFF
SIGN = b"FILE"
HEAD = 48
"""Bytes in which a record says whether it is in use, and of which other it is a part."""
AT_ONCE = 256
"""Records read in one piece."""
PAUSE = 4096
"""Records looked at between two signs of life."""
MOST_BITS = 16 << 20
"""Bytes of the table's own bitmap that are held: of 134 million records."""


class _Head(NamedTuple):
    number: int
    raw: bytes
    missing: str
    """Why it cannot be had, "" where it can."""


class Found(NamedTuple):
    """A record, and those attributes of its file that can be read."""

    record: ntfs.Record
    attributes: list[ntfs.Attribute]


class Unread:
    """How many records of ``size`` bytes could not be read, and why the first could not."""

    def __init__(self, what: str, size: int) -> None:
        self._what, self._size = what, size
        self._count, self._first = 0, ""

    def add(self, number: int, why: str) -> None:
        """Count one."""
        self._count += 1
        self._first = self._first or f"the first is number {number} ({why})"

    def said(self) -> list[str]:
        """Return that as a sentence; nothing where all could be read."""
        if not self._count:
            return []
        return [
            f"{self._what} that could not be read: {self._count} ({self._count * self._size} bytes), {self._first}"
        ]


class Records:
    """The file table, record by record."""

    def __init__(self, table: ntfs.Table) -> None:
        self.table = table
        self.missed = Unread("file records in use, or that cannot be had,", table.size)
        self.missed_free = Unread("free file records, of removed files,", table.size)
        self._bits: bytes | None = None
        self._no_bits = ""

    def in_use(self, named: Marks) -> Iterator[Found | None]:
        """Yield those in use that begin a file and are not in ``named``; None now and then.

        One that cannot be had counts, whatever it was; one that is overwritten where the table says it is in use.
        """
        return self._read(named, self._wanted, self.missed)

    def free(self, told: Marks) -> Iterator[Found | None]:
        """Yield those that are free, once began a file and are not in ``told``; None now and then."""
        return self._read(told, _free, self.missed_free)

    def said(self) -> list[tuple[str, str]]:
        """Return (code, reason) of what could not be read so far: a loss; of free ones a remark."""
        lost = self.missed.said()
        if absent := sum(length - self._there(at, length) for at, length in self.table.runs):
            lost.append(f"of the file table, {absent} bytes lie behind the end of what is there")
        if self._no_bits:
            lost.append(f"which file records are in use cannot be told: {self._no_bits}")
        return [("damaged", each) for each in lost] + [("orphans", each) for each in self.missed_free.said()]

    def _read(self, skip: Marks, wanted: Callable[[_Head], bool], missed: Unread) -> Iterator[Found | None]:
        for head in self._heads():
            if head.number % PAUSE == 0:
                yield None
            if head.number in skip or not wanted(head):
                continue
            try:
                if head.missing:
                    raise Missing(head.missing)
                yield self._found(self.table.record(head.number))
            except (BadMap, Missing) as error:
                missed.add(head.number, str(error))

    def _found(self, record: ntfs.Record) -> Found:
        """Return a record with its attributes. Raises BadMap or Missing where nothing would tell whose it is."""
        lost: list[str] = []
        attributes = self.table.attributes(record, lost)
        if lost and all(each.type != NAME for each in attributes):
            raise BadMap(lost[0])
        return Found(
            record, attributes
        )  # what is lost of it is said of the file, which is listed by its name

    def _wanted(self, head: _Head) -> bool:
        if head.missing:
            return True
        if head.raw[:4] == SIGN:
            return bool(u16(head.raw, 22) & IN_USE) and _begins(head.raw)
        return head.number >= OWN and self._is_used(head.number)

    def _is_used(self, number: int) -> bool:
        """Say whether the table's own bitmap says that a record is in use."""
        if self._bits is None:
            self._bits = b""
            try:
                own = self.table.attributes(self.table.record(0))
                bits = [each for each in own if each.type == OWN_BITMAP and not each.name]
                self._bits = self.table.content(bits[0], MOST_BITS) if bits else b""
            except (BadMap, Missing) as error:
                self._no_bits = str(error)
        return number // 8 < len(self._bits) and bool(self._bits[number // 8] >> number % 8 & 1)

    def _there(self, at: int, length: int) -> int:
        return 0 if at < 0 else max(0, min(length, self.table.reader.size - at))

    def _heads(self) -> Iterator[_Head]:
        """Yield the first bytes of every record up to the end of what is there."""
        number, size = 0, self.table.size
        for at, length in self.table.runs:
            there = self._there(at, length)
            for start in range(0, there, size * AT_ONCE):
                count = min(AT_ONCE, (there - start) // size)
                yield from self._piece(number + start // size, at + start, count)
            number += length // size

    def _piece(self, number: int, at: int, count: int) -> Iterator[_Head]:
        """Yield ``count`` heads; one by one where not all of the piece can be had."""
        size = self.table.size
        try:
            piece = whole(self.table.reader, at, count * size)
        except Missing as error:
            if count == 1:
                yield _Head(number, b"", str(error))
            else:
                for index in range(count):
                    yield from self._piece(number + index, at + index * size, 1)
            return
        for index in range(count):
            yield _Head(number + index, piece[index * size : index * size + HEAD], "")


def _begins(raw: bytes) -> bool:
    """Say whether a record begins a file: it is no part of what another one begins."""
    return not u64(raw, 32) & RECORD


def _free(head: _Head) -> bool:
    raw = head.raw
    return head.number >= OWN and raw[:4] == SIGN and not u16(raw, 22) & IN_USE and _begins(raw)
