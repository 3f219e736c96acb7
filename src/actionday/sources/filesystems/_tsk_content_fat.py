"""Entries of FAT and exFAT, and what is in use without one. Standard library only."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from actionday.sources.filesystems._left_over import NAMES_TAKEN, UNNAMED
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_behind import CODE, marked
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32, u64
from actionday.sources.filesystems._tsk_clusters import OWN, Clusters
from actionday.sources.filesystems._tsk_content import Lost, mapped, plain_runs
from actionday.sources.filesystems._tsk_content_plain import PlainContent
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_fat_removed import kept, removed, taken_over
from actionday.sources.filesystems._tsk_fat_times import Stamp, exfat, fat, told
from actionday.sources.filesystems._tsk_protocol import Entry
from actionday.sources.filesystems._tsk_runs import Run

SECTOR = 512
SPARSE = 2
"""TSK_FS_ATTR_RUN_FLAG_SPARSE."""
FIRST_ENTRY = 3
"""The sleuthkit's number of the first directory entry of the volume."""


LABEL, A_LABEL = b" (Volume Label Entry)", "a label: the name of the volume, no file"
"""What the sleuthkit puts behind a label, padded with spaces; a file may be called so as well."""
EXFAT_OWN = frozenset({0x01, 0x02, 0x20, 0x21, 0x62})
"""Types of exFAT entries, less that highest bit, that are the file system's own: the bitmap of clusters, the table of
letters, the volume's GUID, padding of TexFAT, access control. The sleuthkit lists them as files (``$ALLOC_BITMAP`` …).

Source: Microsoft, "exFAT file system specification", 7 (directory entry definitions)."""
EXFAT_TABLES = {b"$FAT1": 0, b"$FAT2": 1}
"""What the sleuthkit calls the tables of clusters, and how many lie before each."""
VOLUME_ID, LONG_NAME, EXFAT_LABEL, EXFAT_FILE = 8, 15, 3, 5
"""Attributes of a FAT entry; types of exFAT ones, of which the highest bit says that it is in use."""


class FatContent(PlainContent):
    """FAT: clusters in use that no name leads to are listed, as files or as the directories they are."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, SECTOR, local_times=True)
        self.reader, self.clusters = reader, Clusters(reader)
        self.folders: dict[int, int] = {}
        """Where directories lie."""
        self.rooted = False
        """Whether the root names anything."""

    def entries(self, found: Any, one: Facts, /) -> Iterator[Entry]:
        """Yield a label of the volume as what it is, else as others do. Raises BadMap, Missing or OSError."""
        if not one.path.endswith(LABEL) or not self.labels(one.inode):
            yield from super().entries(found, one)
            return
        one.path = one.path.removesuffix(LABEL).rstrip(b" ")
        one.meta["type"] = "volume label"
        for entry in super().entries(
            found, one
        ):  # whose clusters hold something, too: it has none by the standard
            bare = entry.place == one.place and not entry.size
            if bare:
                entry = entry._replace(kind="special", status="empty", reason=A_LABEL, size=None, runs=None)
            yield entry

    def _own(self, one: Facts, attribute: Any, compressed: bool) -> Entry:
        """Return a table of exFAT from the boot sector where the sleuthkit has no map of it. Raises Missing.

        On a volume that is small beside its alignment it takes the sector for a cluster, which is then "too large".
        Source: Microsoft, "exFAT file system specification", 3.1.4 to 3.1.5, 3.1.14, 3.1.16.
        """
        if attribute is None and one.type == "virtual" and one.path in EXFAT_TABLES:
            boot = self.reader.at(0, 512)
            at, length = u32(boot, 80) << boot[108], u32(boot, 84) << boot[108]
            if boot[3:11] == b"EXFAT   " and length == one.size:
                return one.entry("file", size=length, runs=[(at + EXFAT_TABLES[one.path] * length, length)])
        entry = kept(self.clusters, self._entry_at(one.inode)) if one.deleted and one.size else None
        if entry is None or entry.size != one.size:
            return super()._own(one, attribute, compressed)
        told = [] if attribute is None else plain_runs(attribute, self.block, one.size)
        runs, reason = removed(self.clusters, entry, told)
        if not runs:
            return one.entry("file", size=one.size, status="empty", reason=reason)
        runs = self._written(one, runs)
        return one.entry("file", size=sum(length for _, length in runs), runs=runs, reason=reason)

    def _entry_at(self, inode: int) -> int:
        """Return the byte at which a directory entry lies, by the sleuthkit's number of it."""
        root = 0 if self.clusters.bitmap[1] else u16(self.reader.at(0, 64), 17) * 32
        return self.clusters.start - root + (inode - FIRST_ENTRY) * 32

    def _written(self, _one: Facts, runs: list[Run]) -> list[Run]:
        """Return the part of ``runs`` that was ever written: all of it."""
        return runs

    def labels(self, inode: int) -> bool:
        """Say whether a directory entry is a label of the volume. Raises Missing."""
        raw = self.entry(inode)
        return len(raw) == 32 and bool(raw[11] & VOLUME_ID) and raw[11] & LONG_NAME != LONG_NAME

    def entry(self, inode: int) -> bytes:
        """Return the bytes of a directory entry, as many as there are. Raises Missing or OSError."""
        return self.reader.at(self._entry_at(inode), 32)

    def stamps(self, entry: bytes) -> dict[str, Stamp]:
        """Return the times that an entry of 32 bytes keeps."""
        return {} if entry[11] & LONG_NAME == LONG_NAME else fat(entry)

    def refine(self, one: Facts, /) -> None:
        """Take times from the entry itself, and mark a removed directory whose place was given away. Raises Missing.

        The sleuthkit does not know all times that an entry can hold.
        """
        super().refine(one)
        if one.deleted and one.directory:
            gone = kept(self.clusters, self._entry_at(one.inode))
            if gone is not None and taken_over(self.clusters, gone.first):
                one.taken, one.reason = True, NAMES_TAKEN
        if one.inode < FIRST_ENTRY or one.type.startswith("virtual"):
            return
        with suppress(Missing, OSError):
            entry = self.entry(one.inode)
            if len(entry) == 32 and (stamps := self.stamps(entry)):
                one.mtime = told(stamps, one.meta)

    @property
    def unit(self) -> int:
        """Bytes of a cluster."""
        return self.clusters.size

    def beyond(self, attribute: Any, size: int) -> list[Run]:
        """Return where the clusters lie that a file's chain leads to behind its size: the sleuthkit stops there."""
        runs = mapped(attribute, self.block)
        if size and runs.list and not self.clusters.bitmap[1]:
            for at, length in self.clusters.tail(sum(runs.list[-1]) - 1):
                runs.add(runs.end, at, length)
        return runs.behind(size, self.unit)

    def remarks(self) -> list[tuple[str, str]]:
        """Return what is to be said of clusters that are marked as bad."""
        runs = self.clusters.bad
        return [(CODE, marked(runs))] if runs and self.looked.holds(runs) else []

    def account(self, one: Facts, attribute: Any, /) -> None:
        """Note the clusters a live name accounts for."""
        if one.deleted or one.type.startswith("virtual"):
            return
        runs = [
            (int(run.addr) * self.block, int(run.len) * self.block)
            for run in attribute
            if not int(run.flags) & SPARSE
        ]
        self.clusters.take(runs)
        self.rooted = self.rooted or b"/" not in one.path
        if one.directory and runs:
            self.folders[one.inode] = runs[0][0]

    def odd(self, inode: int, _one: Facts | None, /) -> str:
        """Return "" for a directory that begins with its own name, as all of FAT but the root do."""
        at = self.folders.get(inode)
        if at is None or self.clusters.bitmap[1]:
            return ""
        try:
            own = self.reader.at(at, len(OWN)) == OWN
        except (Missing, OSError) as error:
            return f"its first bytes cannot be had, at byte {at}: {error}"
        return "" if own else f"it does not begin with its own name, at byte {at}"

    def unnamed(self, _named: Marks, whole: bool, /) -> Iterator[Lost | None]:
        """Yield chains in use that no name accounts for. Raises Missing."""
        for chain in self.clusters.lost() if whole else ():
            yield None if chain is None else self._lost(*chain)

    def rootless(self, lost: int, /) -> str:
        """Return why the root cannot have been whole: it names nothing, and clusters are in use."""
        return f"it names nothing; chains of clusters in use: {lost}" if lost and not self.rooted else ""

    def _lost(self, cluster: int, runs: list[Run]) -> Lost:
        folder = self.clusters.above(cluster) is not None
        size = sum(length for _, length in runs)
        inode = self._inode(runs[0][0]) if folder else -1
        kind = "directory" if folder else "file"
        path = b"$Unnamed/cluster-%d" % cluster
        one = Facts(path, f"cluster:{cluster}", inode, kind, False, False, True, size=size)
        one.meta = {"cluster": cluster, "unnamed": True}
        if folder:
            return Lost(one, [one.entry("directory", reason=UNNAMED)])
        return Lost(one, [one.entry("file", size=size, runs=runs, reason=UNNAMED)])

    def _inode(self, at: int) -> int:
        """Return the sleuthkit's number of the entry at byte ``at``: it counts from the root of FAT12 and FAT16."""
        boot = self.reader.at(0, 64)
        root = u16(boot, 17) * 32
        return FIRST_ENTRY + (at - (self.clusters.start - root)) // 32


class ExfatContent(FatContent):
    """exFAT keeps how much of a file was ever written; what lies behind reads as zeros.

    Source: Microsoft, "exFAT file system specification", 7.6.5 (ValidDataLength).
    """

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        boot = reader.at(0, 512)
        sector = 1 << min(boot[108], 12)
        heap = int.from_bytes(boot[88:92], "little")
        self.first_entry = heap * sector

    def entry(self, inode: int) -> bytes:
        """Return the bytes of a directory entry, as many as there are. Raises Missing or OSError."""
        return self.reader.at(self.first_entry + (inode - FIRST_ENTRY) * 32, 32)

    def stamps(self, entry: bytes) -> dict[str, Stamp]:
        """Return the times that a file entry keeps, in use or not."""
        return exfat(entry) if entry[0] & 0x7F == EXFAT_FILE else {}

    def labels(self, inode: int) -> bool:
        """Say whether a directory entry is a label of the volume. Raises Missing."""
        return self._type(inode) == EXFAT_LABEL

    def reserves(self, one: Facts) -> bool:
        """Say whether it is a file of the file system itself, by the type of its entry: a user's may be called so."""
        if not one.path.startswith(b"$") or b"/" in one.path:
            return False
        try:
            return self._type(one.inode) in EXFAT_OWN
        except (Missing, OSError):
            return False

    def _type(self, inode: int) -> int | None:
        """Return the type of a directory entry without the bit that says it is in use. Raises Missing or OSError."""
        raw = self.entry(inode)
        return raw[0] & 0x7F if raw else None

    def runs(self, one: Facts, attribute: Any) -> list[Run]:
        """Return the runs, holes behind the valid length."""
        return self._written(one, plain_runs(attribute, self.block, one.size))

    def _written(self, one: Facts, runs: list[Run]) -> list[Run]:
        """Return the runs, holes behind the valid length."""
        valid = self._valid(one)
        if valid is None or valid >= one.size or sum(length for _, length in runs) < valid:
            return runs
        one.meta["initialised"] = valid
        return _only(runs, valid, one.size)

    def _valid(self, one: Facts) -> int | None:
        """The stream entry follows the file entry, whose place is the sleuthkit's inode number."""
        if one.inode < 3:
            return None
        try:
            raw = self.reader.at(self.first_entry + (one.inode - 3) * 32, 64)
        except Missing:
            return None
        if len(raw) < 64 or raw[32] & 0x7F != 0x40 or u64(raw, 56) != one.size:
            return None
        return u64(raw, 40)


def _only(runs: list[Run], valid: int, size: int) -> list[Run]:
    kept, left = [], valid
    for at, length in runs:
        if left <= 0:
            break
        kept.append((at, min(length, left)))
        left -= length
    return [*kept, (-1, size - valid)]
