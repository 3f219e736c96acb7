"""A disk or partition that nobody recognises: file systems whose first sectors are lost, or whose table is.

It is asked last: whoever recognises anything comes first.

Source: see ``_search.py``, ``filesystems/_ext_copies.py``; "XFS Filesystem Structure": each group begins with a copy.
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Stream, Unsupported
from actionday.sources.filesystems._ext_copies import from_copy
from actionday.sources.filesystems._mended import Mended
from actionday.sources.filesystems.ext import SOURCE as EXT
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.sources.filesystems.xfs import SOURCE as XFS
from actionday.sources.volumes._copied import copying, descriptor
from actionday.sources.volumes._evident import evident, second_xfs
from actionday.sources.volumes._held import holds_data
from actionday.sources.volumes._search import lost_volumes

PARTITION = re.compile(r"p\d+|unpartitioned\d+")
SMALLEST = 1 << 20
UNKNOWN = "no partition table, file system or container recognised"
EMPTY = f"{UNKNOWN}: the disk holds nothing but zeros"


class Searched:
    """Disks whose beginning tells nothing."""

    name, sample = "searched", "searched.raw"
    last = True
    """Asked where no other claims."""

    def claims(self, peek: Peek) -> Claim:
        """NAME for what must be a disk: a volume, or an exhibit that begins with a boot sector or holds a file system.

        What an exhibit is called decides nothing, nor do its first sectors or its length: who wipes them with words,
        or breaks off a copy in the midst of a sector, hides no file system. A file within an exhibit may be anything.
        """
        if peek.size < SMALLEST or peek.kind not in (Kind.VOLUME, Kind.EXHIBIT):
            return Claim.NO
        binary = b"\0" in peek.head or b"\0" in peek.tail
        if binary and (peek.kind is Kind.VOLUME or peek.head[510:512] == b"\x55\xaa"):
            return Claim.NAME
        stream: Stream | None = getattr(peek, "stream", None)
        return Claim.NAME if stream is not None and evident(stream) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what is found. Raises Unsupported where nothing is, Damaged where a whole disk holds data."""
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
        found = False
        for each in lost_volumes(stream, [], around, quiet=0):
            found = True
            yield each
        if found:
            raise Damaged("no partition table can be read: file systems were looked for")
        if PARTITION.fullmatch(around.name):
            raise Unsupported(UNKNOWN)
        if not holds_data(stream, 0, stream.size):
            raise Unsupported(EMPTY)
        raise Damaged(f"{UNKNOWN} on a disk that holds data")


SOURCE = Searched()
