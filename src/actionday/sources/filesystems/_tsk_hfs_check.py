"""An HFS+ catalogue held against the standard and against what was listed of it.

The sleuthkit lists what it can follow, and says nothing of a record that it passes over.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format": Volume Header (attributes, fileCount, folderCount),
B-Trees (header record, node descriptor), Catalog File. Standard library only.
"""

from collections.abc import Iterator

from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, whole
from actionday.sources.filesystems._tsk_hfs import HEADER, Catalogue
from actionday.sources.filesystems._tsk_hfs_forks import Forks
from actionday.sources.filesystems._tsk_hfs_leaf import FILE, FOLDER, Leaf, Record, read
from actionday.sources.filesystems._tsk_hfs_threads import Threads

SIGNS = (b"H+", b"HX")
UNMOUNTED, INCONSISTENT = 1 << 8, 1 << 11
"""Attributes of a volume: that it was unmounted cleanly; that it was not, though the first says so."""
ROOT = 2
PAUSE = 64
"""Nodes between two signs that it goes on: some 2,000 records, far below the time of one answer."""
MOST = 20
"""Damaged nodes, and names not listed, that are told one by one."""
LOST, DOUBT, UNCLEAN = "directory", "checksum", "dirty"


class Check:
    """What is wrong with the catalogue, as (code, reason)."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.told: list[tuple[str, str]] = []
        self._threads = Threads()
        self._files = self._folders = self._records = self._damaged = self._hidden = 0
        self._first: list[str] = []

    def of(self, named: Marks, files: int, folders: int) -> Iterator[None]:
        """Compare the catalogue with the numbers ``named`` and how many files and folders have been listed.

        Yields now and then. Two passes over the leaves where the first finds something, else one: 6 µs a record.
        """
        head = whole(self.reader, HEADER, 512)
        if head[:2] not in SIGNS:
            return
        flags = int.from_bytes(head[4:8], "big")
        clean = bool(flags & UNMOUNTED) and not flags & INCONSISTENT
        try:
            catalogue = Catalogue(self.reader)
        except Missing as error:
            self.told.append((LOST, f"the catalogue cannot be had: {error}"))
            return
        if not 512 <= catalogue.node <= 32768 or catalogue.node & (catalogue.node - 1):
            self.told.append((LOST, f"the catalogue says that its nodes are {catalogue.node} bytes long"))
            return
        if catalogue.lacking > 0:
            why = f"where {catalogue.lacking} blocks of the catalogue lie is not told by its extents"
            self.told.append((LOST, why))
        forks = Forks(self.reader, head, clean=clean)
        for records in self._leaves(catalogue, tell=True):
            self._listed(records, named)
            for record in records:
                forks.add(record)
            yield None
        forks.allocated()
        if self._threads.differ or forks.differ:
            for records in self._leaves(catalogue, tell=False):
                for record in records:
                    self._threads.keep(record)
                    forks.keep(record)
                yield None
            self.told += [
                (LOST if lost else DOUBT, f"catalogue: {why}") for lost, why in self._threads.told()
            ]
        self.told += forks.summed()
        self._summed(catalogue, clean)
        counted = int.from_bytes(head[32:36], "big"), int.from_bytes(head[36:40], "big")
        self._counted(counted, (max(files, self._files), max(folders, self._folders)), clean)

    def _leaves(self, catalogue: Catalogue, *, tell: bool) -> Iterator[list[Record]]:
        """Yield the records of ``PAUSE`` leaves at a time, along their chain."""
        node, before, seen = catalogue.leaf, 0, Marks()
        records = list[Record]()
        for count in range(catalogue.nodes):
            if not node or not seen.add(node):
                break
            try:
                at = catalogue.place(node)
                raw = whole(self.reader, at, catalogue.node)
            except Missing as error:
                self._wrong(f"catalogue node {node} cannot be had: {error}", tell=tell)
                break
            leaf = read(raw, exact=catalogue.exact)
            why = leaf.why or _chained(raw, before, catalogue)
            self._node(node, at, leaf, why, tell=tell)
            records += leaf.records
            node, before = int.from_bytes(raw[:4], "big"), node
            if count % PAUSE == PAUSE - 1:
                yield records
                records = []
        if node == 0 and before != catalogue.last:
            why = f"the chain of catalogue leaves ends with node {before}, the last one is node {catalogue.last}"
            self._wrong(why, tell=tell)
        yield records

    def _node(self, node: int, at: int, leaf: Leaf, why: str, *, tell: bool) -> None:
        if tell:
            self._records += leaf.declared
        if why:
            text = f"catalogue node {node} (byte {at}), which declares {leaf.declared} records, is damaged: {why}"
            self._wrong(text, tell=tell)

    def _wrong(self, why: str, *, tell: bool) -> None:
        if not tell:
            return
        self._damaged += 1
        if self._damaged <= MOST:
            self.told.append((LOST, why))

    def _listed(self, records: list[Record], named: Marks) -> None:
        for record in records:
            self._threads.add(record)
            if record.thread or record.number == ROOT:
                continue
            if record.linked or record.number in named:
                self._files += record.kind == FILE
                self._folders += record.kind == FOLDER
            else:
                self._hidden += 1
                if len(self._first) < MOST:
                    self._first.append(f"{record.shown!r}")

    def _summed(self, catalogue: Catalogue, clean: bool) -> None:
        if self._damaged > MOST:
            self.told.append((LOST, f"catalogue nodes that are damaged: {self._damaged}"))
        if self._hidden:
            more = ", …" if self._hidden > len(self._first) else ""
            names = ", ".join(self._first)
            self.told.append(
                (
                    LOST,
                    f"files or folders of the catalogue that were not listed: {self._hidden} ({names}{more})",
                )
            )
        if self._records != catalogue.declared:
            why = f"the catalogue declares {catalogue.declared} records, its leaves {self._records}"
            self.told.append((_code(clean, catalogue.declared - self._records), why))

    def _counted(self, told: tuple[int, int], listed: tuple[int, int], clean: bool) -> None:
        if told == listed:
            return
        lack = sum(told) - sum(listed)
        why = (
            f"the volume header counts {told[0]} files and {told[1]} folders, "
            f"{listed[0]} and {listed[1]} were listed"
        )
        if lack > 0:
            why += f": {lack} missing"
        if not clean:
            why += "; the volume was not unmounted cleanly, so that its counts may be old"
        self.told.append((_code(clean, lack), why))


def _code(clean: bool, lack: int) -> str:
    """Return the code for counts that differ: nothing is missing where there is more than was counted."""
    if not clean:
        return UNCLEAN
    return LOST if lack > 0 else DOUBT


def _chained(raw: bytes, before: int, catalogue: Catalogue) -> str:
    """Return what is wrong with the links of a leaf to its neighbours."""
    following, back = int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:8], "big")
    if back != before:
        return f"it is said to follow node {back} and follows node {before}"
    return f"it is followed by node {following}, which there is not" if following >= catalogue.nodes else ""
