"""Whether the files of an ext file system contradict one another or its bitmaps: what checksums would not tell.

Source: Linux kernel documentation, "ext4 Data Structures and Algorithms": Block and Inode Bitmaps, ``i_blocks``.

Somebody who edits the disk can let a file take the blocks of another, shorten a file's map or give its blocks free;
so can a crash. What every live file takes is put down as it is read anyway and gone through once, sorted, at the end.
"""

from array import array
from collections.abc import Collection, Iterator
from contextlib import suppress

from actionday.model import Context, Loss
from actionday.model.counted import counted
from actionday.sources.filesystems import _ext_fields as fields
from actionday.sources.filesystems import _ext_inode as ext
from actionday.sources.filesystems._doubts import MOST_DIFFER
from actionday.sources.filesystems._ext_directory import names
from actionday.sources.filesystems._ext_map import runs_of
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap

MOST = 1 << 20
"""Ranges of blocks put down, 20 bytes each; a server of a million files has about so many."""
MOST_GROUPS = 1 << 17
"""Groups whose tables are put down: 16 TiB, usually."""
MOST_FOUND = 1000
"""Contradictions of a kind kept to be named."""
TABLES = 0
"""Stands for the inode of what belongs to the file system itself."""
RESIZE = 7
"""The inode of the blocks kept for a longer list of groups: it maps the copies of that list, too."""
JOURNAL = 8


class Claims:
    """What the live files of one file system take."""

    def __init__(self, volume: ext.Super) -> None:
        self._volume = volume
        self._seen = Marks()
        self._starts, self._counts, self._holders = array("Q"), array("Q"), array("I")
        self._left_out = False
        self._counting = volume.cluster == 1 and not volume.needs_recovery
        self._twice: dict[tuple[int, int], int] = {}
        self._free: dict[int, tuple[int, int]] = {}
        self._others: dict[int, tuple[int, int]] = {}

    def take(self, number: int, raw: bytes) -> None:
        """Put down what a live inode takes whose map was read last. A second name of it takes nothing more."""
        if self._seen.add(number):
            self._count(number, raw)
            self._put(number, self._volume.held)

    def read(self, number: int) -> None:
        """Put down what a directory, a link or a file of the file system's own takes, where its map can be read."""
        with suppress(BadMap, Missing):
            _, raw = self._volume.inode(number)
            if not fields.flags_of(raw) & fields.INLINE and number not in self._seen:
                runs_of(self._volume, number, raw, min(fields.size_of(raw), self._volume.block << 31))
                self.take(number, raw)

    def _put(self, number: int, held: Collection[tuple[int, int]]) -> None:
        if len(self._starts) + len(held) > MOST:
            self._left_out = True
            return
        for start, count in held:
            self._starts.append(start)
            self._counts.append(count)
            self._holders.append(number)

    def _count(self, number: int, raw: bytes) -> None:
        """Compare how much an inode says it takes with its map; where the journal may hold newer numbers, nothing."""
        if not self._counting or len(self._others) >= MOST_FOUND:
            return
        volume = self._volume
        said, attributes = fields.taken_of(raw, volume.block)
        held = volume.held
        blocks = (held[0][1] if len(held) == 1 else sum(count for _, count in held)) + attributes
        if said != blocks * volume.block // 512:
            self._others[number] = said, blocks * volume.block // 512

    def tell(self, around: Context) -> None:
        """Note what contradicts what, with path and block; nothing on a sound file system."""
        self._own()
        self._compare()
        found = {each for pair in self._twice for each in pair} | {*self._free, *self._others}
        paths = _paths(self._volume, found - {TABLES}) if found else {}
        self._note_twice(around, paths)
        reasons = {
            number: f"inode {number} takes {counted(count, 'block')}, the first {block}, that the bitmap calls free"
            for number, (block, count) in self._free.items()
        }
        _note(around, "allocation", reasons, paths)
        reasons = {
            number: f"inode {number} says it takes {counted(said, 'sector')}, its map leads to {there}"
            for number, (said, there) in self._others.items()
        }
        _note(around, "allocation", reasons, paths)
        if self._left_out:
            why = f"only the first {len(self._starts)} ranges of blocks were compared with one another"
            around.note("allocation", f"ext: {why}")

    def _own(self) -> None:
        volume = self._volume
        groups = min(-(-volume.blocks // volume.per_group), MOST_GROUPS)
        with suppress(Missing):
            self._put(TABLES, [(volume.first, 1)])  # the super block
            for group in range(groups):
                self._put(TABLES, list(volume.tables(group)))
        for number in sorted({JOURNAL, *volume.own} - {0, RESIZE}):
            self.read(number)

    def _compare(self) -> None:
        """Go through all ranges in the order of the disk."""
        starts, counts, holders = self._starts, self._counts, self._holders
        reach, holder = 0, TABLES
        bits = _Bits(self._volume)
        for index in sorted(range(len(starts)), key=starts.__getitem__):
            start, count, number = starts[index], counts[index], holders[index]
            if start < reach and len(self._twice) < MOST_FOUND:
                self._twice.setdefault((holder, number), start)
            if start + count > reach:
                reach, holder = start + count, number
            if number != TABLES and (free := bits.free(start, count)):
                block, before = self._free.get(number, (start, 0))
                self._free[number] = block, before + free

    def _note_twice(self, around: Context, paths: dict[int, str]) -> None:
        for number, ((one, other), block) in enumerate(self._twice.items()):
            if number >= MOST_DIFFER:
                more = f"{len(self._twice)} pairs of files" + " at least" * (len(self._twice) == MOST_FOUND)
                around.note(Loss.CLAIMED_TWICE, f"ext: {more} share blocks in all")
                break
            for here, there in dict.fromkeys(((one, other), (other, one))):
                if here != TABLES:
                    where = f"block {block} (byte {block * self._volume.block}) of inode {here}"
                    why = (
                        f"{where} is part of {_named(there, paths)} too"
                        if here != there
                        else f"{where} is in it twice"
                    )
                    around.note(Loss.CLAIMED_TWICE, f"ext: {why}", paths.get(here, ""))


class _Bits:
    """The bitmaps of blocks, asked in the order of the disk."""

    def __init__(self, volume: ext.Super) -> None:
        self._volume = volume
        self._group, self._bits = -1, 0

    def free(self, start: int, count: int) -> int:
        """Return how many of ``count`` blocks from ``start`` are free; of a bitmap that cannot be read, none."""
        volume, free = self._volume, 0
        if volume.needs_recovery:  # the journal holds newer ones
            return 0
        while count > 0 and volume.first <= start < volume.blocks:
            group, index = divmod(start - volume.first, volume.per_group)
            here = min(count, volume.per_group - index)
            first, last = index // volume.cluster, (index + here - 1) // volume.cluster
            bits = self._of(group)
            wanted = (1 << last - first + 1) - 1
            free += min(here, (wanted & ~(bits >> first)).bit_count() * volume.cluster)
            start, count = start + here, count - here
        return free

    def _of(self, group: int) -> int:
        if group != self._group:
            self._group = group
            try:
                self._bits = self._volume.block_bits(group) or 0
            except Missing:
                self._bits = -1
        return self._bits


def _named(number: int, paths: dict[int, str]) -> str:
    if number == TABLES:
        return "a table of the file system"
    return f"{paths[number]!r} (inode {number})" if number in paths else f"inode {number}"


def _note(around: Context, code: str, reasons: dict[int, str], paths: dict[int, str]) -> None:
    for number, reason in list(reasons.items())[:MOST_DIFFER]:
        around.note(code, f"ext: {reason}", paths.get(number, ""))
    if len(reasons) > MOST_DIFFER:
        around.note(
            code, f"ext: {len(reasons)} inodes in all whose blocks and the tables contradict one another"
        )


def _paths(volume: ext.Super, wanted: set[int]) -> dict[int, str]:
    """Return the first name of each of some inodes, looked for from the root: only where something is to be said."""
    found, seen, waiting = dict[int, str](), {2}, [(2, b"")]
    while waiting and len(found) < len(wanted):
        folder, path = waiting.pop()
        for name, where in _live(volume, folder, path):
            if name in wanted and name not in found:
                found[name] = shown(where.decode("utf-8", "surrogateescape"))[0]
            if name not in seen and _is_folder(volume, name):
                seen.add(name)
                waiting.append((name, where))
    return found


def _live(volume: ext.Super, folder: int, path: bytes) -> Iterator[tuple[int, bytes]]:
    with suppress(BadMap, Missing):
        for each in names(volume, folder):
            if not isinstance(each, BadMap) and not each.deleted:
                yield each.inode, path + b"/" + each.name if path else each.name


def _is_folder(volume: ext.Super, number: int) -> bool:
    try:
        return volume.inode(number)[1][1] & 0xF0 == 0x40
    except (BadMap, Missing):
        return False
