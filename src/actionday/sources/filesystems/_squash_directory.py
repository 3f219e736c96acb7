"""Names in directories of SquashFS; behind a damage the index of a long one tells where to go on.

Source: SquashFS 4.0 binary format, "Directory table", "Directory index"; Linux kernel, ``fs/squashfs/dir.c``.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from actionday.sources.filesystems._squash_inode import INDEX, LONGEST_NAME, Inode, Ref
from actionday.sources.filesystems._squash_tables import HOLDS, Blocks, Cursor
from actionday.sources.filesystems._streams import Name
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap

HEAD, ENTRY = struct.Struct("<III"), struct.Struct("<HhHH")
MOST_TOGETHER = 256


class Names:
    """The directories of one file system."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        block = blocks.block
        self._end = block.end_of(block.directory_table)
        self._left = ((self._end - block.directory_table) // 3 + 1) * HOLDS
        """Bytes of names that the table can hold at the most: directories that share theirs would be listed again
        and again."""
        self._numbered: dict[int, int] = {}

    def of(self, ref: int, inode: Inode) -> Iterator[Name | BadMap]:
        """Yield the names in a directory. Raises BadMap or Missing where nothing further can be read."""
        self._left -= inode.size
        if self._left < 0:
            raise BadMap("the directories have more names than their table can hold")
        at, starts = 0, _Starts(inode)
        own = self._numbered.setdefault(inode.number, ref) == ref
        called = f"{inode.number}" if own else f"r{int(ref):x}"
        cursor = self._cursor(inode.start, inode.offset)
        while True:
            try:
                for end, each in self._listed(called, inode, cursor, at):
                    yield each
                    at = end
                return
            except (BadMap, Missing) as error:
                following = starts.behind(at)
                if following is None:
                    raise
                yield BadMap(f"{error}: names between byte {at} of the list and {following.at} are lost")
                at, cursor = (
                    following.at,
                    self._cursor(following.start, (inode.offset + following.at) % HOLDS),
                )

    def _cursor(self, start: int, offset: int) -> Cursor:
        return Cursor(self._blocks, self._blocks.block.directory_table + start, offset, self._end)

    def _listed(self, called: str, inode: Inode, cursor: Cursor, at: int) -> Iterator[tuple[int, Name]]:
        """Yield each name with the byte of the list behind it."""
        while at < inode.size:
            count, block, base = HEAD.unpack(cursor.take(HEAD.size))
            at += HEAD.size
            if count >= MOST_TOGETHER:
                raise BadMap(f"{count + 1} names in one piece of a directory")
            for _ in range(count + 1):
                offset, apart, _, size = ENTRY.unpack(cursor.take(ENTRY.size))
                if size >= LONGEST_NAME:
                    raise BadMap("a name in a directory is too long")
                name = cursor.take(size + 1)
                at += ENTRY.size + size + 1
                if at > inode.size:
                    raise BadMap("a directory ends within a name")
                place = f"{called}:{at - ENTRY.size - size - 1}"
                yield at, Name(name, Ref.of(block << 16 | offset, base + apart), place)


class _Start(NamedTuple):
    """A byte in the list of names at which a block of metadata, and a piece of the list, begins."""

    at: int
    start: int


class _Starts:
    """The index of a directory, read where it is needed."""

    def __init__(self, inode: Inode) -> None:
        self._inode = inode
        self._told: list[_Start] | None = None

    def behind(self, at: int) -> _Start | None:
        """Return the first entry behind byte ``at`` of the list, None where there is none."""
        if self._told is None:
            self._told = list(self._read())
        return next((each for each in self._told if at < each.at < self._inode.size), None)

    def _read(self) -> Iterator[_Start]:
        cursor = self._inode.rest.copy()
        try:
            for _ in range(self._inode.entries):
                at, start, size = INDEX.unpack(cursor.take(INDEX.size))
                if size >= LONGEST_NAME:
                    return
                cursor.skip(size + 1)
                yield _Start(at, start)
        except (BadMap, Missing):
            return
