"""File records in use that no directory names: listed where their own name attributes place them.

Source: the Linux-NTFS project's "NTFS Documentation", $FILE_NAME, FILE record. Standard library only.
"""

from collections.abc import Iterable, Iterator

from actionday.sources.filesystems import _tsk_ntfs as ntfs
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u64, whole
from actionday.sources.filesystems._tsk_content import Lost
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_runs import BadMap

NAME, DOS = 0x30, 2
ROOT, OWN = 5, 24
"""Records below OWN are the file system's own."""
IN_USE, FOLDER = 1, 2
RECORD = 0xFFFFFFFFFFFF
DEEPEST = 1024
AT_ONCE = 256
"""Records read in one piece."""
PAUSE = 4096
"""Records looked at between two signs of life."""
UNPLACED, ORPHANS = b"$Unnamed", b"$OrphanFiles"
NOWHERE = RECORD
"""Stands for the reference of a directory that there is not."""


class Scan:
    """The file table, record by record."""

    def __init__(self, table: ntfs.Table) -> None:
        self.table = table
        self._paths: dict[int, bytes | None] = {ROOT: b""}

    def lost(self, named: Marks) -> Iterator[Lost | None]:
        """Yield the files whose record is in use and not in ``named``; None now and then.

        Records that carry no name, and those the file system reserves, only where they hold content.
        """
        for number, raw in self._records():
            if number % PAUSE == 0:
                yield None
            if number in named or not _base_in_use(raw):
                continue
            try:
                record = self.table.record(number)
                attributes = self.table.attributes(record)
            except (BadMap, Missing):
                continue
            name = name_of(attributes)
            if name is None or number < OWN:
                if not any(each.type == ntfs.DATA and each.size for each in attributes):
                    continue
                name = NOWHERE, b"record-%d" % number
            yield Lost(self._facts(record, *name), [])

    def free(self, told: Marks) -> Iterator[Lost | None]:
        """Yield the files whose record is free, not in ``told`` and not wiped; None now and then."""
        for number, raw in self._records():
            if number % PAUSE == 0:
                yield None
            if number in told or number < OWN or raw[:4] != b"FILE" or not _free_base(raw):
                continue
            try:
                record = self.table.record(number)
                attributes = self.table.attributes(record)
            except (BadMap, Missing):
                continue
            if attributes:
                one = self._facts(record, NOWHERE, b"")
                name = name_of(attributes)
                one.path = ORPHANS + (b"/OrphanFile-%d" % number if name is None else b"/" + name[1])
                one.deleted = True
                yield Lost(one, [])

    def _records(self) -> Iterator[tuple[int, bytes]]:
        """Yield the number and the first bytes of every record that can be read."""
        number, size = 0, self.table.size
        for at, length in self.table.runs:
            there = 0 if at < 0 else max(0, min(length, self.table.reader.size - at))
            for start in range(0, there, size * AT_ONCE):
                count = min(AT_ONCE, (there - start) // size)
                try:
                    piece = whole(self.table.reader, at + start, count * size)
                except Missing:
                    piece = b""
                for index in range(count if piece else 0):
                    yield number + start // size + index, piece[index * size : index * size + 48]
            number += length // size

    def _facts(self, record: ntfs.Record, parent: int, name: bytes) -> Facts:
        above = self._path(parent & RECORD, parent >> 48)
        path = UNPLACED + b"/" + name if above is None else above + b"/" + name if above else name
        kind = "directory" if record.folder else "file"
        one = Facts(path, f"record:{record.number}", record.number, kind, False, False, True)
        one.meta = {"inode": record.number}
        data = next((each for each in record.attributes() if each.type == ntfs.DATA and not each.name), None)
        one.size = data.size if data is not None else 0
        return one

    def _path(self, number: int, sequence: int) -> bytes | None:
        """Return the path of a directory by the names its record and those above it carry, None if one is gone."""
        above: list[tuple[int, bytes]] = []
        while number not in self._paths and len(above) < DEEPEST:
            try:
                record = self.table.record(number)
            except (BadMap, Missing):
                break
            name = name_of(record.attributes())
            if not record.in_use or not record.folder or name is None or record.sequence != sequence:
                break
            above.append((number, name[1]))
            number, sequence = name[0] & RECORD, name[0] >> 48
        path = self._paths.get(number)
        for each, name_ in reversed(above):
            path = None if path is None else path + b"/" + name_ if path else name_
            self._paths[each] = path
        return path


def _free_base(raw: bytes) -> bool:
    return not u16(raw, 22) & IN_USE and not u64(raw, 32) & RECORD


def _base_in_use(raw: bytes) -> bool:
    return raw[:4] == b"FILE" and bool(u16(raw, 22) & IN_USE) and not u64(raw, 32) & RECORD


def name_of(attributes: Iterable[ntfs.Attribute]) -> tuple[int, bytes] | None:
    """Return (reference of the parent, name) of a file, its long name rather than that for DOS."""
    found: tuple[int, bytes] | None = None
    for each in attributes:
        if each.type != NAME or not each.resident or each.size < 66:
            continue
        raw = each.record.raw[each.at : each.at + each.size]
        text = raw[66 : 66 + 2 * raw[64]].decode("utf-16-le", "surrogatepass")
        if found is None or raw[65] != DOS:
            found = u64(raw, 0), text.encode("utf-8", "surrogatepass")
            if raw[65] != DOS:
                break
    return found
