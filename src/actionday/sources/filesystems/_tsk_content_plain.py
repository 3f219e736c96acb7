"""Entries of FAT, exFAT, ISO 9660 and HFS+, by the sleuthkit's own attributes. Standard library only."""

from collections.abc import Iterator
from typing import Any

from actionday.sources.filesystems._left_over import GONE, MAYBE_TAKEN
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_behind import Behind
from actionday.sources.filesystems._tsk_bytes import Reader
from actionday.sources.filesystems._tsk_content import (
    COMPRESSED,
    ENCRYPTED,
    NONRESIDENT,
    Lost,
    behind,
    mapped,
    none_left,
    plain_runs,
)
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_protocol import Entry
from actionday.sources.filesystems._tsk_runs import Run

HFS_RESOURCE, HFS_EXTENDED, HFS_COMPRESSED = 4353, 4354, 4355
"""TSK_FS_ATTR_TYPE_HFS_RSRC, _EXT_ATTR and _COMP_REC."""
OWN = (b"com.apple.decmpfs", b"com.apple.system.", b"com.apple.ResourceFork")
"""Extended attributes of HFS+ that the system keeps for itself: packed content, access lists, the fork told anyway."""


class PlainContent:
    """Takes runs as the sleuthkit tells them; ``block`` is its unit in bytes."""

    def __init__(self, reader: Reader, block: int, local_times: bool = False) -> None:
        self.block, self.local_times = block, local_times
        self.looked = Behind(reader)

    @property
    def unit(self) -> int:
        """Bytes that are given to files at once."""
        return self.block

    def entries(self, found: Any, one: Facts, /) -> Iterator[Entry]:
        """Yield the file's entry, then its further forks. Raises BadMap, Missing or OSError."""
        own, others = None, []
        for attribute in found:
            self.account(one, attribute)
            if own is None and int(attribute.info.type) not in (HFS_RESOURCE, HFS_COMPRESSED, HFS_EXTENDED):
                own = attribute
            else:
                others.append(attribute)
        packed = any(int(each.info.type) == HFS_COMPRESSED for each in others)
        if not one.directory:
            entry = self._own(one, own, packed)
            yield entry
            yield from self._behind(one, entry, own)
        for attribute in others:
            yield from self._further(one, attribute, packed)

    def _further(self, one: Facts, attribute: Any, packed: bool) -> Iterator[Entry]:
        """Yield a resource fork (of a packed file it holds the content, told already) or an extended attribute."""
        kind = int(attribute.info.type)
        if kind == HFS_RESOURCE and int(attribute.info.size) and not packed:
            entry = self._fork(one, attribute)
            yield entry
            yield from self._behind(one, entry, attribute)
        elif (
            kind == HFS_EXTENDED
            and not one.deleted
            and not (name := attribute.info.name or b"").startswith(OWN)
        ):
            key = (one.inode, kind, int(attribute.info.id))
            entry = one.entry("stream", size=int(attribute.info.size), key=key, reason="")
            path = f"{entry.path}:{name.decode('utf-8', 'surrogateescape')}"
            yield entry._replace(path=path, place=f"{one.place}:{key[2]}", meta={"attribute": True})

    def account(self, _one: Facts, _attribute: Any, /) -> None:
        """Take note of where an entry's bytes lie."""

    def refine(self, one: Facts, /) -> None:
        """Say where times have no zone; leave out owners where there are none."""
        if self.local_times:
            one.meta["zone"] = "assumed UTC"
        if not one.meta.get("uid") and not one.meta.get("gid") and one.meta.get("mode") in ("0000", "0777"):
            for key in ("uid", "gid", "mode"):
                one.meta.pop(key, None)

    def target(self, one: Facts, /) -> str:
        """Return where a symbolic link points, as the sleuthkit tells it."""
        return one.link

    def odd(self, _inode: int, _one: Facts | None, /) -> str:
        """Return "": nothing more is known of a directory."""
        return ""

    def unnamed(self, _named: Marks, _whole: bool, /) -> Iterator[Lost | None]:
        """Yield nothing: there is no other list."""
        return iter(())

    def orphan(self, _one: Facts, /) -> bool:
        """Return True: the sleuthkit finds them by what was written into them."""
        return True

    def orphans(self, _told: Marks, /) -> Iterator[Lost | None] | None:
        """Return None: there is no other list."""
        return None

    def remarks(self) -> list[tuple[str, str]]:
        """Return nothing."""
        return []

    def rootless(self, _lost: int, /) -> str:
        """Return ""."""
        return ""

    def _own(self, one: Facts, attribute: Any, compressed: bool) -> Entry:
        if compressed or (attribute is not None and int(attribute.info.flags) & COMPRESSED):
            one.meta["compressed"] = "decmpfs"
            return one.entry("file", size=one.size, key=(one.inode, -1, -1))
        if attribute is None:
            return one.entry("file", size=one.size, runs=[] if not one.size else None,
                             **({} if not one.size else _lost(one)))  # fmt: skip
        if int(attribute.info.flags) & ENCRYPTED:
            return one.entry("file", size=one.size, status="encrypted", reason="encrypted by the file system")
        if not int(attribute.info.flags) & NONRESIDENT:
            return one.entry("file", size=one.size, key=(one.inode, -1, -1))
        runs = self.runs(one, attribute)
        reason = MAYBE_TAKEN if one.deleted else ""
        return none_left(one, runs) or one.entry(
            "file", size=one.size, runs=runs, reason=reason or one.reason
        )

    def runs(self, one: Facts, attribute: Any) -> list[Run]:
        """Return the runs of the file's own data."""
        return plain_runs(attribute, self.block, one.size)

    def beyond(self, attribute: Any, size: int) -> list[Run]:
        """Return where bytes lie behind the ``size`` of an attribute. Raises BadMap."""
        return mapped(attribute, self.block).behind(size, self.unit)

    def _behind(self, one: Facts, own: Entry, attribute: Any) -> Iterator[Entry]:
        """Yield what a live file holds behind the size of the fork that is told in ``own``."""
        if one.deleted or own.runs is None or attribute is None:
            return
        runs = self.beyond(attribute, own.size or 0)
        if runs and self.looked.holds(runs):
            yield behind(one, own, runs)

    def _fork(self, one: Facts, attribute: Any) -> Entry:
        size = int(attribute.info.size)
        runs = plain_runs(attribute, self.block, size)
        entry = one.entry("stream", size=size, runs=runs)
        return entry._replace(path=entry.path + ":rsrc", place=f"{one.place}:rsrc")


def _lost(one: Facts) -> dict[str, str]:
    if one.deleted:
        return {"status": "empty", "reason": GONE}
    return {"status": "unreadable", "reason": "the file system does not tell where its content lies"}
