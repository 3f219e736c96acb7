"""How far a disk reaches by what stands at its beginning, whatever is there of it.

Source: the tables and super blocks as their readers have them.
"""

from collections.abc import Iterator

from actionday.model import Damaged, Stream
from actionday.sources.filesystems._mended import seen
from actionday.sources.volumes._partition import MIRROR
from actionday.sources.volumes._search import sign_at
from actionday.sources.volumes._signs import partitioned, slots
from actionday.sources.volumes.gpt import COPY, first_table

SECTOR = 512


def told_end(disk: Stream) -> int:
    """Return the byte behind the last that its partition table or its file system places on ``disk``, 0 if neither is.

    Of a partition that ends behind the disk it is the end of its file system, where that tells one; of a GPT the
    end of the disk, unless no more lacks than its copy. Reads some sectors of each partition.
    """
    try:
        return max(_ends(disk), default=0)
    except (Damaged, OSError):  # whoever reads there is told
        return 0


def _ends(disk: Stream) -> Iterator[int]:
    if table := first_table(disk):
        told, partitions = table
        yield told if told > disk.size + COPY else 0
        for start, length in partitions:
            yield _end(disk, start, length)
        return
    head = seen(disk, 0, SECTOR)
    if partitioned(head, 0):
        for slot in slots(head):
            if slot.kind and slot.start:
                yield _end(disk, slot.start * SECTOR, slot.length * SECTOR)
    elif (sign := sign_at(disk, 0)) is not None:
        yield sign.size or disk.size


def _end(disk: Stream, start: int, length: int) -> int:
    if start + length <= disk.size or start >= disk.size:
        return start + length
    sign = sign_at(disk, start)
    if sign is None or not sign.size:
        return start + length
    return start + sign.size - (MIRROR if sign.kind == "NTFS" else 0)
