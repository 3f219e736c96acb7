"""Entries of NTFS: the file, its alternate streams, links and what other drivers packed. Standard library only."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from actionday.sources.filesystems import _tsk_ntfs as ntfs
from actionday.sources.filesystems._left_over import MAYBE_TAKEN, left_over
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_behind import CODE, Behind, marked
from actionday.sources.filesystems._tsk_content import Lost, behind, none_left
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_ntfs_free import kept
from actionday.sources.filesystems._tsk_ntfs_index import damaged_index
from actionday.sources.filesystems._tsk_ntfs_other import others
from actionday.sources.filesystems._tsk_ntfs_scan import Scan
from actionday.sources.filesystems._tsk_protocol import Entry
from actionday.sources.filesystems._tsk_runs import BadMap, Run

PACKED = {ntfs.WOF: "compressed by the Windows overlay filter", ntfs.DEDUP: "deduplicated by Windows Server"}


class NtfsContent:
    """Reads every file record itself; see ``_tsk_ntfs``."""

    def __init__(self, table: ntfs.Table) -> None:
        self.table = table
        self._looked = Behind(table.reader)
        self._scan = Scan(table)
        self._bad: list[Run] = []
        self._bad_holds: bool | None = None
        self._found: Any = None
        """The sleuthkit's file of the entry at hand: it numbers the streams that it unpacks."""

    def entries(self, found: Any, one: Facts, /) -> Iterator[Entry]:
        """Yield the file's entry, then its named streams and other attributes. Raises BadMap or Missing."""
        attributes = self.table.attributes(self.table.record(one.inode))
        self._found = found
        tag, target = ntfs.reparse(attributes, self.table)
        data = sorted((each for each in attributes if each.type == ntfs.DATA), key=lambda each: each.name)
        streams = {name: list(parts) for name, parts in groupby(data, key=lambda each: each.name)}
        if tag and target:
            one.meta["target"] = target
            yield one.entry("symlink", status="unsupported", reason="reparse point")
        elif tag in PACKED:
            yield one.entry(
                "file", size=one.size, status="unsupported", reason=f"{PACKED[tag]}: not unpacked here"
            )
        elif not one.directory:
            entry = self._stream(one, "", streams.get("", []))
            yield entry
            yield from self._behind(one, entry, streams.get("", []))
        if one.directory or (tag and (target or tag in PACKED)):
            yield from self._carried(one, streams.get("", []))
        for number, (name, parts) in enumerate(streams.items()):
            if name:
                entry = self._named(one, name, f"{number}", parts)
                yield entry
                yield from self._behind(one, entry, parts)
        for name, mark, parts in others(self.table, attributes):
            yield self._named(one, name, mark, parts)

    def target(self, one: Facts, /) -> str:
        """Return where a symbolic link points, as the sleuthkit tells it."""
        return one.link

    def odd(self, inode: int, _one: Facts | None, /) -> str:
        """Return which block of a directory's index is damaged: the sleuthkit fills in what it lost unasked."""
        try:
            return damaged_index(self.table, inode)
        except (BadMap, ntfs.Missing) as error:
            return str(error)

    def unnamed(self, named: Marks, _whole: bool, /) -> Iterator[Lost | None]:
        """Yield files by their records. Raises BadMap or Missing."""
        return self._scan.lost(named)

    def orphan(self, one: Facts, /) -> bool:
        """Say whether a free record was a file once; a reserved one that holds something is called by its number."""
        return kept(self.table, one)

    def orphans(self, told: Marks, /) -> Iterator[Lost | None] | None:
        """Return removed files by their records."""
        return self._scan.free(told)

    def rootless(self, _lost: int, /) -> str:
        """Return "": a root that cannot be read is an error of the sleuthkit's."""
        return ""

    def remarks(self) -> list[tuple[str, str]]:
        """Return what is to be said of clusters that are marked as bad, and of records that could not be read."""
        if self._bad_holds is None:
            self._bad_holds = self._looked.holds(self._bad)
        return ([(CODE, marked(self._bad))] if self._bad_holds else []) + self._scan.records.said()

    def _carried(self, one: Facts, parts: list[ntfs.Attribute]) -> Iterator[Entry]:
        """Yield the content of what should have none by its type: a directory, a link, one packed elsewhere."""
        if one.deleted or not parts:
            return
        entry = self._stream(one, "", parts)
        if entry.runs and self._looked.holds([run for run in entry.runs if run[0] >= 0]):
            why = f"{entry.size} bytes of content in what has none by its type"
            yield entry._replace(path=entry.path + " content", place=f"{entry.place}:content", kind="stream",
                                 meta={}, notes=[(CODE, why)])  # fmt: skip

    def _behind(self, one: Facts, own: Entry, parts: list[ntfs.Attribute]) -> Iterator[Entry]:
        """Yield what a live stream, told in ``own``, holds behind its size in clusters of its own."""
        if one.deleted or not own.runs or not parts or parts[0].resident:
            return
        runs = self.table.mapping(parts).behind(own.size or 0, self.table.cluster)
        if runs and self._looked.holds(runs):
            yield behind(one, own, runs)

    def _named(self, one: Facts, name: str, mark: str, parts: list[ntfs.Attribute]) -> Entry:
        try:
            entry = self._stream(one, name, parts)
        except (BadMap, ntfs.Missing) as error:
            entry = one.entry("stream", status="unreadable", reason=str(error))
        path = f"{entry.path}:{name}".encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
        kind = "stream" if entry.kind == "file" else entry.kind
        return entry._replace(path=path, place=f"{one.place}:{mark}", kind=kind)

    def _stream(self, one: Facts, name: str, parts: list[ntfs.Attribute]) -> Entry:
        if not parts:
            return one.entry("file", size=0, runs=[])
        first = min(parts, key=lambda each: each.low)
        if first.low:
            raise BadMap("the first part of its run list is missing")
        if first.flags & ntfs.ENCRYPTED:
            return one.entry("file", size=first.size, status="encrypted", reason="encrypted by NTFS (EFS)")
        if first.resident:
            return one.entry("file", size=first.size, runs=first.record.runs(first.at, first.size),
                             reason="deleted; kept in its record" if one.deleted else "")  # fmt: skip
        if name == "$Bad":  # as long as the volume, one hole, whatever its header says
            self._bad = [run for run in self.table.mapping(parts).list if run[0] >= 0]
            return one.entry("file", size=0, runs=[], reason="the list of bad clusters")
        if first.flags & ntfs.COMPRESSED:
            return self._compressed(one, name, first)
        if first.initialised < first.size:
            one.meta["initialised"] = first.initialised
        runs = self.table.mapping(parts).cut(first.size, first.initialised)
        reason = left_over(runs, self.table.in_use) if one.deleted else one.reason
        return none_left(one, runs) or one.entry("file", size=first.size, runs=runs, reason=reason)

    def _compressed(self, one: Facts, name: str, first: ntfs.Attribute) -> Entry:
        one.meta["compressed"] = "LZNT1"
        number = self._number(name) if name else -1
        if number is None:
            return one.entry(
                "file", size=first.size, status="unsupported", reason="compressed alternate stream"
            )
        return one.entry("file", size=first.size, key=(one.inode, ntfs.DATA, number), reason=_deleted(one))

    def _number(self, name: str) -> int | None:
        """Return the number that the sleuthkit gives a stream, None where it has none or several of the name."""
        wanted = name.encode("utf-8", "replace")
        told = [
            int(each.info.id)
            for each in self._found or ()
            if int(each.info.type) == ntfs.DATA and each.info.name == wanted
        ]
        return told[0] if len(told) == 1 else None

    def refine(self, one: Facts, /) -> None:
        """Take the times from the record: the sleuthkit's have wrapped where they are out of range."""
        for name, steps in ntfs.times_of(self.table.record(one.inode)).items():
            moment = (steps - ntfs.EPOCH) * 100 if steps else None
            key = {"modified": "mtime", "changed": "ctime", "accessed": "atime"}.get(name, name)
            if moment is None:
                one.meta.pop(key, None)  # 0: not set
            if key == "mtime":
                one.mtime = moment
            elif moment is not None:
                one.meta[key] = moment
        one.meta.pop("uid", None)
        one.meta.pop("gid", None)
        one.meta.pop("mode", None)


def _deleted(one: Facts) -> str:
    return MAYBE_TAKEN if one.deleted else one.reason
