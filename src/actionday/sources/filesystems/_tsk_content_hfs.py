"""Entries of HFS+, with the times that the sleuthkit does not know. Standard library only."""

from functools import cached_property

from actionday.sources.filesystems._tsk_bytes import Reader
from actionday.sources.filesystems._tsk_content_plain import PlainContent
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_hfs import early

SECTOR = 512


class HfsContent(PlainContent):
    """HFS+ counts from 1904: what lies before 1970 is read from the catalogue, once, if a file has no time."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, SECTOR)
        self._reader = reader

    @cached_property
    def _early(self) -> dict[int, dict[str, int]]:
        return early(self._reader)

    def refine(self, one: Facts, /) -> None:
        """Add what is missing of the times, then as others do."""
        super().refine(one)
        keys = ("created", "ctime", "atime")
        if one.type.startswith("virtual") or (
            one.mtime is not None and all(map(one.meta.__contains__, keys))
        ):
            return
        times = self._early.get(one.inode, {})
        one.mtime = one.mtime if one.mtime is not None else times.get("mtime")
        for key in keys:
            if key in times:
                one.meta.setdefault(key, times[key])
