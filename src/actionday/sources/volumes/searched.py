"""A disk or partition that nobody recognises: file systems whose first sectors are lost, or whose table is.

It claims by the name alone, so that whoever recognises anything comes first.

Source: see ``_search.py``, ``filesystems/_ext_copies.py``; "XFS Filesystem Structure": each group begins with a copy.
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Stream, Unsupported
from actionday.sources.filesystems._ext_copies import from_copy
from actionday.sources.filesystems._mended import Mended, seen
from actionday.sources.filesystems.ext import SOURCE as EXT
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.sources.filesystems.xfs import SOURCE as XFS
from actionday.sources.volumes._copied import copying, descriptor
from actionday.sources.volumes._held import holds_data
from actionday.sources.volumes._search import lost_volumes

NAMED = re.compile(r"\.(dd|raw|img|ima|\d{3})$", re.IGNORECASE)
PARTITION = re.compile(r"p\d+|unpartitioned\d+")
SMALLEST = 1 << 20
SECTOR = 512
GROUPS = range(2, 65)
"""Numbers of groups tried for the second group's place: mkfs.xfs makes four, or more on large disks."""
UNKNOWN = "no partition table, file system or container recognised"


class Searched:
    """Disks whose beginning tells nothing."""

    name, sample = "searched", "searched.raw"

    def claims(self, peek: Peek) -> Claim:
        """NAME for what must be a disk: a volume, or an exhibit called like one or that begins with a boot sector.

        A file within an exhibit may be anything, whatever it is called. First sectors alone decide nothing, nor does
        the length: who wipes them with words, or breaks off a copy in the midst of a sector, hides no file system.
        """
        if peek.size < SMALLEST or peek.kind not in (Kind.VOLUME, Kind.EXHIBIT):
            return Claim.NO
        booted = peek.head[510:512] == b"\x55\xaa"
        disk = peek.kind is Kind.VOLUME or booted or NAMED.search(peek.name)
        return Claim.NAME if disk and (b"\0" in peek.head or b"\0" in peek.tail) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what is found. Raises Unsupported where nothing is, Damaged where a whole disk holds data."""
        if told := from_copy(stream):
            around.note("backup", "ext: the first super block is lost: a copy of it is used")
            yield from EXT.items(Mended(stream, told), around)
            return
        if told := _xfs(stream):
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
        if PARTITION.fullmatch(around.name) or not holds_data(stream, 0, stream.size):
            raise Unsupported(UNKNOWN)
        raise Damaged(f"{UNKNOWN} on a disk that holds data")


def _xfs(stream: Stream) -> dict[int, bytes]:
    """Return the super block of the second group, by the places that numbers of groups put it at; {} if none."""
    for block in (4096, 1024, 512, 65536):
        for groups in GROUPS:
            size = -(-(stream.size // block) // groups)
            raw = seen(stream, size * block, SECTOR)
            if raw[:4] != b"XFSB" or int.from_bytes(raw[4:8], "big") != block:
                continue
            if (
                int.from_bytes(raw[84:88], "big") == size
                and int.from_bytes(raw[8:16], "big") * block <= stream.size
            ):
                return {0: raw}
    return {}


SOURCE = Searched()
