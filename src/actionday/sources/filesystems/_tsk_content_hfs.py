"""Entries of HFS+, with the times that the sleuthkit does not know. Standard library only."""

from collections.abc import Iterator
from functools import cached_property

from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_bytes import Reader
from actionday.sources.filesystems._tsk_content import Lost
from actionday.sources.filesystems._tsk_content_plain import PlainContent
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_hfs import early
from actionday.sources.filesystems._tsk_hfs_check import Check

SECTOR = 512
FIRST = 16
"""The least number of a file or folder that is not the file system's own."""


class HfsContent(PlainContent):
    """HFS+ counts from 1904: what lies before 1970 is read from the catalogue, once, if a file has no time."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, SECTOR)
        self._reader = reader
        self._check = Check(reader)
        self._files = self._folders = 0

    @cached_property
    def _early(self) -> dict[int, dict[str, int]]:
        return early(self._reader)

    def refine(self, one: Facts, /) -> None:
        """Add what is missing of the times, then as others do."""
        super().refine(one)
        self._files += not one.directory and one.inode >= FIRST
        self._folders += one.directory and one.inode >= FIRST
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

    def unnamed(self, named: Marks, _whole: bool, /) -> Iterator[Lost | None]:
        """Yield nothing but signs that it goes on: what is said of the catalogue is in ``remarks``."""
        yield from self._check.of(named, self._files, self._folders)

    def remarks(self) -> list[tuple[str, str]]:
        """Return what is wrong with the catalogue, and what of it was not listed."""
        return self._check.told
