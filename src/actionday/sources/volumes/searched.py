"""A disk or partition that nobody recognises: file systems whose first sectors are lost, or whose table is.

It is asked last: whoever recognises anything comes first.

Source: see ``_search.py``, ``filesystems/_ext_copies.py``; "XFS Filesystem Structure": each group begins with a copy.
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Stream, Unsupported
from actionday.model.counted import counted
from actionday.model.loss import HOLDS_NOTHING
from actionday.sources.filesystems._ext_copies import from_copy
from actionday.sources.filesystems._mended import Mended
from actionday.sources.filesystems.ext import SOURCE as EXT
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.sources.filesystems.xfs import SOURCE as XFS
from actionday.sources.volumes._copied import copying, descriptor
from actionday.sources.volumes._evident import evident, second_xfs
from actionday.sources.volumes._held import holding
from actionday.sources.volumes._search import SECTOR, gap, lost_volumes
from actionday.sources.volumes._search import SMALLEST as GAP

PARTITION = re.compile(r"p\d+|unpartitioned\d+")
SMALLEST = 1 << 20
WITHIN = "within a partition"
UNKNOWN = "no partition table, file system or container recognised"


class Searched:
    """Disks whose beginning tells nothing."""

    name, sample = "searched", "searched.raw"
    last = True
    """Asked where no other claims."""
    nameless = True
    """What it looks into has no format: its sentences say what that is."""

    def claims(self, peek: Peek) -> Claim:
        """NAME for what must be a disk: a volume, or an exhibit that begins with a boot sector or holds a file system.

        A partition that nobody else knows is asked after whatever it holds and however small it is.

        What an exhibit is called decides nothing, nor do its first sectors or its length: who wipes them with words,
        or breaks off a copy in the midst of a sector, hides no file system. A file within an exhibit may be anything.
        """
        if peek.kind is Kind.VOLUME and PARTITION.fullmatch(peek.name):
            return Claim.NAME
        if peek.size < SMALLEST or peek.kind not in (Kind.VOLUME, Kind.EXHIBIT):
            return Claim.NO
        binary = b"\0" in peek.head or b"\0" in peek.tail
        if binary and (peek.kind is Kind.VOLUME or peek.head[510:512] == b"\x55\xaa"):
            return Claim.NAME
        stream: Stream | None = getattr(peek, "stream", None)
        return Claim.NAME if stream is not None and evident(stream) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what is found; a remark alone where there are only zeros.

        Raises Unsupported where a partition holds data and nothing is found, Damaged where a whole disk does.
        """
        if told := from_copy(stream):
            around.note("backup", "ext: the first super block is lost: a copy of it is used")
            yield from EXT.items(Mended(stream, told), around)
            return
        if told := second_xfs(stream):
            around.note("backup", "xfs: the first super block is lost: a copy of it is used")
            yield from XFS.items(Mended(stream, told), around)
            return
        if source := copying(stream):
            yield from source.items(stream, around)
            return
        if told := descriptor(stream):
            around.note("backup", "iso9660: the volume descriptor is lost: the root directory was looked for")
            yield from ISO.items(Mended(stream, told), around)
            return
        yield from _looked_for(stream, around)


def _looked_for(stream: Stream, around: Context) -> Iterator[Found]:
    """Yield the file systems that begin anywhere; say what holds data and is none of them."""
    partition = PARTITION.fullmatch(around.name) is not None
    held = [holding(stream, 0, min(SECTOR, stream.size))]
    if stream.size < GAP + SECTOR:  # too short to be looked into
        held.append(holding(stream, SECTOR, stream.size))
    found = False
    where = WITHIN if partition else "in no partition"
    for each in lost_volumes(stream, [], around, quiet=0, where=where, tell=held.append):
        found = True
        yield each
    count, unread = sum(each.data for each in held), sum(each.unread for each in held)
    if found:
        for stretch in held if partition else held[1:]:
            if stretch:
                around.note("unpartitioned", gap(stretch, where))
        raise Damaged("no partition table can be read: file systems were looked for")
    if not any(held):
        around.note(HOLDS_NOTHING, f"nothing but zeros: {counted(stream.size, 'byte')}")
    elif partition:
        holds = f"it holds {counted(count, 'byte')} of data"
        if unread:
            holds += f", and {counted(unread, 'byte')} cannot be read"
        raise Unsupported(f"{_place(around, stream.size)}: no file system is recognised in it; {holds}")
    else:
        raise Damaged(f"{UNKNOWN} on a disk that holds data")


def _place(around: Context, size: int) -> str:
    """Say which partition it is, and where on its disk it lies, where that is known."""
    begins: int | None = getattr(around, "begins", None)
    where = "" if begins is None else f" from byte {begins} of the disk on"
    return f"partition {around.name} ({counted(size, 'byte')}{where})"


SOURCE = Searched()
