"""BSD disk labels, on a disk of their own or in a slice of a master boot record: p1 is partition a, p2 is b.

Source: FreeBSD, ``sys/sys/disk/bsd.h`` (``struct disklabel``, types of file systems).
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Peek, Stream
from actionday.model.streams import read_at
from actionday.sources.volumes._bsd_label import (
    ENTRY,
    HEAD,
    MOST,
    PLACES,
    REACH,
    WORDS,
    Label,
    bases,
    label_of,
)
from actionday.sources.volumes._partition import volume
from actionday.sources.volumes._search import lost_volumes, sign_at
from actionday.sources.volumes._signs import unwrapped
from actionday.sources.volumes._unclaimed import between

KINDS = {1: "swap", 7: "4.2BSD", 8: "MS-DOS", 14: "vinum", 15: "RAID", 17: "ext2", 27: "ZFS"}


class BsdLabel:
    """Partitions of the BSDs."""

    name, sample = "bsdlabel", "bsdlabel.raw"
    binary = True
    marks = tuple((at, word) for at in PLACES for word in WORDS.values())

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a label whose checksum holds, with partitions that lie in the stream."""
        label = label_of(peek.head[:REACH], peek.size)
        return Claim.NO if label is None else unwrapped(peek, Claim.STRUCTURE)

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield partitions by their letters, then file systems outside of them. Raises Damaged without a label."""
        label = label_of(read_at(stream, 0, REACH), stream.size)
        if label is None:
            raise Damaged("bsdlabel: no label whose checksum holds")
        base = max(bases(label, stream.size), key=lambda each: _signs(stream, label, each))
        around.acquired({"bsdlabel": {"name": label.name, "sector": label.sector, "base": base}})
        taken: list[tuple[int, int]] = [(label.at, HEAD + ENTRY * MOST)]
        for part in label.parts:
            meta: dict[str, object] = {"letter": part.letter, "type": f"{part.kind}"}
            if part.kind in KINDS:
                meta["type_name"] = KINDS[part.kind]
            if part.start < base:
                around.note("entry", f"bsdlabel: partition {part.letter} begins before the slice: not read")
                continue
            yield volume(ord(part.letter) - 96, part.start - base, part.length, stream, meta)
            taken.append((part.start - base, part.length))
        for each in lost_volumes(stream, taken, around):
            yield each
            taken += each.runs or ()
        yield from between(stream, taken, around)


def _signs(stream: Stream, label: Label, base: int) -> int:
    """Return how many partitions begin with a file system where places are counted from ``base``."""
    places = (each.start - base for each in label.parts)
    return sum(at >= 0 and sign_at(stream, at) is not None for at in places)


SOURCE = BsdLabel()
