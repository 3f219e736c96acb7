"""LVM2 physical volumes: named with their group and logical volumes; not assembled.

Source: LVM2, ``lib/format_text/layout.h`` and ``lib/label/label.h`` (label header, metadata area header).
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream, Unsupported
from actionday.sources.volumes._signs import u32, u64, unwrapped

LABEL, TYPE = b"LABELONE", b"LVM2 001"
AREA = b" LVM2 x[5A%r0N*>"
METADATA = 1 << 20
"""Bytes at the start that are searched; the first metadata area ends there unless told otherwise."""
GROUP = re.compile(rb'^([A-Za-z0-9_.+-]+) \{[^\S\n]*+\n\s*+id = "([^"]{32,38})"', re.MULTILINE)
VOLUMES = re.compile(rb"logical_volumes \{(.*)", re.DOTALL)
VOLUME = re.compile(rb'^\t*([A-Za-z0-9_.+-]+) \{[^\S\n]*+\n\s*+id = "', re.MULTILINE)


class Lvm:
    """Members of a volume group."""

    name, sample = "lvm2", "lvm2.raw"
    binary = True
    marks = tuple((at, LABEL) for at in range(0, 2048, 512))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a label in one of the first four sectors."""
        return unwrapped(peek, Claim.STRUCTURE if _label(peek.head) is not None else Claim.NO)

    def items(self, stream: Stream, around: Context, /) -> Iterator[Found]:
        """Raise Unsupported, naming the group and its logical volumes."""
        stream.seek(0)
        head = stream.read(METADATA)
        text = _metadata(head)
        group, volumes = GROUP.search(text), VOLUMES.search(text)
        names = [each[1].decode() for each in VOLUME.finditer(volumes[1])] if volumes else []
        label = _label(head) or 0
        facts = {"uuid": head[label + 32 : label + 64].decode("ascii", "replace"),
                 "group": group[1].decode() if group else None, "volumes": names}  # fmt: skip
        around.acquired({"lvm2": facts})
        of = f" of volume group {facts['group']}" if group else ""
        holds = f", logical volumes {', '.join(names)}" if names else ""
        raise Unsupported(f"LVM2 physical volume{of}{holds}: volume groups are not assembled here")
        yield


def _label(head: bytes) -> int | None:
    if LABEL not in head[:2048]:
        return None
    places = (
        at for at in range(0, 2048, 512) if head[at : at + 8] == LABEL and head[at + 24 : at + 32] == TYPE
    )
    return next(places, None)


def _metadata(head: bytes) -> bytes:
    """Return the text in force: the first area's header tells where it lies within the (circular) area."""
    area = head.find(AREA) - 4
    if area < 0:
        return b""
    start, offset, length = u64(head, area + 24), u64(head, area + 40), u64(head, area + 48)
    return head[start + offset : start + offset + length] if u32(head, area + 20) == 1 else b""


SOURCE = Lvm()
