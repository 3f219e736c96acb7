"""UDF without an ISO 9660 tree beside it (there, ``iso9660`` lists both): DVD-RAM, USB media, films.

Source: ECMA-167 3rd edition, 2/9.1 (NSR02, NSR03); OSTA UDF 1.02 to 2.01.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Loss, Peek, Stream
from actionday.sources.filesystems._reading import reader_of
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._udf_tree import walk_of
from actionday.sources.filesystems._udf_volume import BEFORE, NAMES, RECOGNISED, Volume, recognised
from actionday.sources.volumes._ends import lacks
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import unclaimed


class Udf:
    """Volumes of plain partitions; virtual, sparable and metadata ones are named as not read."""

    name, sample = "udf", "udf.raw"
    binary = True
    marks = tuple((RECOGNISED + 1, mark) for mark in (*BEFORE, *NAMES, bytes(5)))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a recognition sequence that names UDF and no ISO 9660."""
        bridge = peek.head[RECOGNISED + 1 : RECOGNISED + 6] == b"CD001"
        if bridge or not recognised(peek.head):
            return Claim.NO
        return unwrapped(peek, Claim.STRUCTURE, table=False)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield entries in directory order, files before the directories below. Raises Damaged or Unsupported."""
        try:
            volume = Volume(reader_of(stream))
        except (BadMap, Missing) as error:
            raise Damaged(f"udf: {error}") from error
        around.acquired({"udf": {"label": volume.label, "block": volume.block}})
        if volume.end > stream.size:
            around.note(
                Loss.SHORT, f"udf: its partitions end at byte {volume.end}, the disc at {stream.size}"
            )
            lacks(volume.end, stream.size, around)
        walk = walk_of(volume, around)
        yield from walk.items()
        yield from unclaimed(stream, 0, RECOGNISED, "boot block", around)
        walk.end()


SOURCE = Udf()
