"""What a cabinet holds beside its members: reserved fields, gaps, and what a folder holds for no file.

Source: [MS-CAB] Cabinet File Format, 2.1 (CFHEADER), 2.2 (CFFOLDER), 2.3 (CFFILE), 2.4 (CFDATA).
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from struct import unpack_from
from typing import NamedTuple

from actionday.model import Run, Stream
from actionday.model.streams import read_at

BEFORE, BEHIND, RESERVED = 1, 2, 4
LONGEST_NAME = 257
"""Bytes of a name of a file, a cabinet or a disk, with its NUL."""
BLOCK = 8
"""Bytes of a CFDATA without its reserved field."""
STORED = 0
CONTINUED, TO_NEXT = frozenset({0xFFFD, 0xFFFE, 0xFFFF}), 0xFFFE
"""Folders of files that begin in the cabinet before, or go on in the next one."""


class Folder(NamedTuple):
    """Blocks that are unpacked together: of each, where its data lie and how many bytes come out."""

    stored: bool
    blocks: list[tuple[int, int, int]]
    starts: list[int]
    """Where each begins in what comes out."""


class Member(NamedTuple):
    """A file as its CFFILE tells it: a stretch of what a folder unpacks to."""

    name: bytes
    folder: int
    start: int
    size: int
    time: int
    """As DOS has it: a day above, a clock below."""


class Parts:
    """The tables of a cabinet; raises ValueError where they do not fit into it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.taken: list[Run] = []
        """Begin and end of what has a use."""
        self.reserved: list[tuple[str, int, int]] = []
        """Name, begin and bytes of each reserved field."""
        self.folders: list[Folder] = []
        self.members: list[Member] = []
        self._pieces = self._steps = (
            stream.size // BLOCK
        )  # blocks of all folders: who has more tells some twice
        head = read_at(stream, 0, 36)
        if len(head) < 36:
            raise ValueError("ends inside its header")
        self.size, files = unpack_from("<I4xI", head, 8)
        folders, count, flags = unpack_from("<HHH", head, 26)
        at, of_folder, of_block = self._front(flags)
        for number in range(folders):
            self._folder(at + number * (8 + of_folder), of_folder, of_block)
        end = at + folders * (8 + of_folder)
        self.taken.append((0, end))
        self.taken.append((files, self._files(files, count)))

    def _front(self, flags: int) -> tuple[int, int, int]:
        """Return where the folders are told, and the reserved bytes of each and of each block."""
        at, of_folder, of_block = 36, 0, 0
        if flags & RESERVED:
            own, of_folder, of_block = unpack_from("<HBB", read_at(self._stream, at, 4).ljust(4, b"\0"))
            self.reserved.append(("reserved", at + 4, own))
            at += 4 + own
        for flag in (BEFORE, BEHIND):
            for _ in range(2 if flags & flag else 0):
                at += read_at(self._stream, at, LONGEST_NAME).find(b"\0") + 1
        return at, of_folder, of_block

    def _folder(self, at: int, of_folder: int, of_block: int) -> None:
        head = read_at(self._stream, at, 8)
        if len(head) < 8:
            raise ValueError("ends inside its list of folders")
        place, count, kind = unpack_from("<IHH", head)
        self.reserved.append(("reserved for a folder", at + 8, of_folder))
        blocks: list[tuple[int, int, int]] = []
        start = place
        for _ in range(count):
            self._steps -= 1
            block = read_at(self._stream, place, BLOCK)
            if len(block) < BLOCK or self._steps < 0:
                break
            packed, unpacked = unpack_from("<4xHH", block)
            if of_block:
                self.reserved.append(("reserved for a block", place + BLOCK, of_block))
            place += BLOCK + of_block
            blocks.append((place, packed, unpacked))
            place += packed
        self.taken.append((start, place))
        starts = list(accumulate((unpacked for _, _, unpacked in blocks[:-1]), initial=0))
        self.folders.append(Folder(kind & 15 == STORED, blocks, starts))

    def _files(self, at: int, count: int) -> int:
        """Take in the members, return where their list ends."""
        for _ in range(count):
            head = read_at(self._stream, at, 16 + LONGEST_NAME)
            end = head.find(b"\0", 16)
            if end < 0:
                raise ValueError("ends inside its list of files")
            size, start, folder, day, clock = unpack_from("<IIHHH", head)
            self.members.append(Member(head[16:end], folder, start, size, day << 16 | clock))
            at += end + 1
        return at

    def gaps(self) -> Iterator[Run]:
        """Yield begin and end of what lies between all that has a use, up to the size that the cabinet says."""
        at = 0
        for begin, end in sorted(self.taken):
            if begin > at:
                yield at, min(begin, self._stream.size)
            at = max(at, end)
        if at < min(self.size, self._stream.size):
            yield at, min(self.size, self._stream.size)

    def unused(self) -> Iterator[tuple[int, int, int]]:
        """Yield folder, begin and end, in what it unpacks to, of all that belongs to no file."""
        used = dict[int, list[Run]]()
        last = len(self.folders) - 1
        for each in self.members:
            if each.folder in CONTINUED:  # counted from where it begins in another cabinet
                used.setdefault(last if each.folder == TO_NEXT else 0, []).append((0, 1 << 63))
            else:
                used.setdefault(each.folder, []).append((each.start, each.start + each.size))
        for number, folder in enumerate(self.folders):
            at, whole = 0, sum(unpacked for _, _, unpacked in folder.blocks)
            for begin, end in [*sorted(used.get(number, [])), (whole, whole)]:
                if begin > at:
                    yield number, at, min(begin, whole)
                at = max(at, end)

    def runs(self, number: int, begin: int, end: int) -> tuple[Run, ...]:
        """Return where bytes ``begin`` to ``end`` of a folder lie that is not packed; none for another."""
        found: list[Run] = []
        if not 0 <= number < len(self.folders) or not self.folders[number].stored:
            return ()
        starts, blocks = self.folders[number].starts, self.folders[number].blocks
        index, at = max(0, bisect_right(starts, begin) - 1), begin
        while at < end and index < len(blocks) and len(found) <= self._pieces:
            within, packed = at - starts[index], blocks[index][1]
            high = min(end - at, packed - within)
            if high <= 0:
                break
            found.append((blocks[index][0] + within, high))
            index, at = index + 1, at + high
        self._pieces -= len(found)
        return tuple(found) if at >= end and self._pieces >= 0 else ()
