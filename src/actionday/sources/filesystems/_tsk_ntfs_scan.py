"""File records in use that no directory names: listed where their own name attributes place them.

Source: the Linux-NTFS project's "NTFS Documentation", $FILE_NAME, FILE record. Standard library only.
"""

from collections.abc import Iterable, Iterator

from actionday.sources.filesystems import _tsk_ntfs as ntfs
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_bytes import Missing, u64
from actionday.sources.filesystems._tsk_content import Lost
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_ntfs_records import NAME, OWN, RECORD, Records
from actionday.sources.filesystems._tsk_runs import BadMap

DOS, ROOT, DEEPEST = 2, 5, 1024
UNPLACED, ORPHANS = b"$Unnamed", b"$OrphanFiles"
NOWHERE = RECORD
"""Stands for the reference of a directory that there is not."""


class Scan:
    """The files that the records tell of."""

    def __init__(self, table: ntfs.Table) -> None:
        self.table, self.records = table, Records(table)
        self._paths: dict[int, bytes | None] = {ROOT: b""}

    def lost(self, named: Marks) -> Iterator[Lost | None]:
        """Yield the files whose record is in use and not in ``named``; None now and then.

        Records that carry no name, and those the file system reserves, only where they hold content.
        """
        for found in self.records.in_use(named):
            if found is None:
                yield None
                continue
            name, number = name_of(found.attributes), found.record.number
            if name is None or number < OWN:
                if not any(each.type == ntfs.DATA and each.size for each in found.attributes):
                    continue
                name = NOWHERE, b"record-%d" % number
            yield Lost(self._facts(found.record, *name), [])

    def free(self, told: Marks) -> Iterator[Lost | None]:
        """Yield the files whose record is free, not in ``told`` and not wiped; None now and then."""
        for found in self.records.free(told):
            if found is None:
                yield None
            elif found.attributes:
                one = self._facts(found.record, NOWHERE, b"")
                name = name_of(found.attributes)
                number = found.record.number
                one.path = ORPHANS + (b"/OrphanFile-%d" % number if name is None else b"/" + name[1])
                one.deleted = True
                yield Lost(one, [])

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
