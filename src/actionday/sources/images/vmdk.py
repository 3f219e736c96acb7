"""VMDK: VMware disks of one file or many, sparse, flat, stream-optimised, with or without a parent.

Source: VMware, "Virtual Disk Format 5.0".
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from actionday.model import Claim, Context, Damaged, ItemError, Loss, Peek, ReadWith, Stream
from actionday.sources.images._below import Holds, Overlay, known
from actionday.sources.images._beyond import short
from actionday.sources.images._disk import exactly, zeros
from actionday.sources.images._missing import Lost, Range, or_nothing, tell
from actionday.sources.images._parents import glance, last_part, parent
from actionday.sources.images._parts import joined
from actionday.sources.images._rest import Span
from actionday.sources.images._vmdk_descriptor import LONGEST, Descriptor, descriptor, text_end
from actionday.sources.images._vmdk_facts import facts_of, slack_of
from actionday.sources.images._vmdk_named import odd
from actionday.sources.images._vmdk_parts import File, Grains, Part, Zero, extent, grains
from actionday.sources.images._vmdk_shape import REDO, Shape, shape
from actionday.sources.images._vmdk_sparse import Sparse
from actionday.sources.images._vmdk_stream import HOSTED, SECTOR, capacity

TEXT = b"# Disk DescriptorFile"
BEFORE = b"\r\n\t \xef\xbb\xbf"
"""What may stand before it."""


class VmdkDisk(Overlay):
    """Extents one behind the other."""

    def __init__(self, name: str, parts: list[Part], below: Stream | None, files: list[File]) -> None:
        self.parts, self._files = parts, files
        self._ends = list(accumulate(part.size for part in parts))
        super().__init__(self._ends[-1] if parts else 0, name, below)
        self.identity = ""
        """The CID of its descriptor, by which a child knows it."""

    def absent(self) -> Iterator[Range]:
        """Yield the ranges of extents whose file is not there, or ends before them or before what its tables place."""
        for part, end in zip(self.parts, self._ends, strict=True):
            for first, behind in part.absent():
                yield end - part.size + first, end - part.size + behind

    def own_rest(self) -> Iterator[Span]:
        """Yield what in each of its files is none of it; of one that holds several extents, behind the last."""
        plain: dict[str, File] = {}
        for each in self._files:
            if each.grains is not None:
                yield from each.grains.rest(each.name)
                if 0 < each.over < each.grains.size:
                    whole = VmdkDisk(each.name, [Grains(each.grains, each.grains.size, each.name)], None, [])
                    yield Span(whole, each.over, whole.size, f"{each.name} grains".strip())
            elif each.name not in plain or plain[each.name].over < each.over:
                plain[each.name] = each
        for each in plain.values():
            if each.over < each.stream.size:
                yield Span(each.stream, each.over, each.stream.size, each.name)

    def lost_until(self, at: int) -> int:
        """Return the end of a compressed grain, of which all is had or nothing, else of a sector."""
        number = bisect_right(self._ends, at)
        part, end = self.parts[number], self._ends[number]
        unit = part.unit if isinstance(part, Grains) else SECTOR
        within = at - (end - part.size)
        return min(end, at - within % unit + unit)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one extent. Raises Damaged."""
        number = bisect_right(self._ends, offset)
        part = self.parts[number]
        within = offset - (self._ends[number] - part.size)
        data, held = part.at(within, min(length, part.size - within))
        if data is None:
            return self.under(offset, held)
        return data or zeros(held)

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return that of an extent, or of a grain of one. Raises Damaged."""
        number = bisect_right(self._ends, offset)
        part = self.parts[number]
        within = offset - (self._ends[number] - part.size)
        length = min(length, part.size - within)
        if isinstance(part, Grains):
            return part.holds(within, length)
        return (Holds.ZERO if isinstance(part, Zero) else Holds.OWN), length


class Vmdk:
    """VMware virtual disks: the descriptor, or a sparse extent that holds it."""

    name, sample = "vmdk", "ext4.vmdk"
    marks = tuple((0, mark) for mark in (HOSTED, REDO, TEXT[:2], *(bytes([each]) for each in BEFORE)))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a sparse extent or the text of a descriptor."""
        return joined(
            peek, Claim.STRUCTURE if peek.head[:4] in (HOSTED, REDO) or _text(peek.head) else Claim.NO
        )

    def open(self, stream: Stream, around: Context) -> Stream:
        """Return the disk. Raises Damaged (a missing parent too) or Unsupported."""
        stream.seek(0)
        head = stream.read(SECTOR)
        if _text(head):
            stream.seek(0)
            return self._described(stream, stream.read(LONGEST), around)
        with or_nothing(capacity(head), around):
            told = shape(stream)
            own = Sparse(stream, told)
        if told.why:
            around.note(Loss.SHORT, told.why)
        offset, length = told.descriptor
        raw = exactly(stream, offset, min(length, LONGEST), "vmdk: the descriptor") if length else b""
        if not raw.strip(b"\0"):
            return self._lone(stream, told, own, around)
        text = descriptor(raw)
        facts = facts_of(raw, text, around) | slack_of(stream, told.descriptor, raw, around)
        around.acquired({"vmdk": facts})
        return _disk(*_embedded(stream, own, text, around), text, {"vmdk": facts}, around)

    def _lone(self, stream: Stream, told: Shape, own: Sparse, around: Context) -> Stream:
        """A sparse extent without a text of its own: one of several, told together by a descriptor file."""
        for name in around.siblings():
            if name.lower().endswith(".vmdk") and name != around.name and _names(around, name):
                raise ReadWith(f"vmdk: an extent of {name}", name)
        around.note("extents", "vmdk: an extent without its descriptor file: read by itself")
        if held := slack_of(stream, told.descriptor, b"", around):
            around.acquired({"vmdk": held})
        whole = Grains(own, max(own.size, capacity(exactly(stream, 0, SECTOR, "vmdk: the header"))), "")
        disk = VmdkDisk(around.name, [whole], None, [File(stream, "", grains=own)])
        around.acquired(_lost(disk, around))
        return disk

    def _described(self, stream: Stream, raw: bytes, around: Context) -> Stream:
        text = descriptor(raw)
        facts: dict[str, object] = {"vmdk": facts_of(raw, text, around)}
        around.acquired(facts)
        if not text.extents:
            raise Damaged("vmdk: the descriptor names no extent")
        files = [File(stream, "", text_end(raw))]
        parts = [extent(each, around, files) for each in text.extents]
        return _disk(parts, files, text, facts, around)


def _embedded(
    stream: Stream, own: Sparse, text: Descriptor, around: Context
) -> tuple[list[Part], list[File]]:
    """Return the extents that the text in a sparse one names, and their files; its own by name, else the first.

    Raises Unsupported where the first of them holds the text too: the disk is read there.
    """
    if len(text.extents) < 2:
        told = max((each.length for each in text.extents), default=0)
        return [grains(own, max(own.size, told), around.name, around)], [File(stream, "", grains=own)]
    names = [last_part(each.file) for each in text.extents]
    number = names.index(around.name) if around.name in names else 0
    if number and _names(around, names[0]):
        raise ReadWith(f"vmdk: an extent of {names[0]}", names[0])
    length = text.extents[number].length
    parts: list[Part] = []
    files = [File(stream, "", length, own)]
    for index, each in enumerate(text.extents):
        parts.append(
            grains(own, length, around.name, around) if index == number else extent(each, around, files)
        )
    return parts, files


def _disk(
    parts: list[Part], files: list[File], text: Descriptor, facts: dict[str, object], around: Context
) -> VmdkDisk:
    """Return the disk of these extents, on its parent; what of it is missing is told. Raises Damaged."""
    disk = VmdkDisk(around.name, parts, None, files)
    disk.identity = text.identity
    odd(text.extents, around)
    if text.child:
        with or_nothing(disk.size, around), known(disk):
            disk.stand(*_parent(text, around), around)
    if lost := _lost(disk, around):
        around.acquired(lost | facts)
    return disk


def _lost(disk: VmdkDisk, around: Context) -> dict[str, object]:
    """Note what of a disk cannot be had; return the facts of that."""
    lost = Lost(disk.absent())
    disk.missing = tuple(lost.first)
    asked = [part for part in disk.parts if isinstance(part, Grains)]
    for each in asked:
        short(each.beyond, f"vmdk: {each.name}" if len(disk.parts) > 1 and each.name else "vmdk", around)
    where = "they lie in extents that are missing or cut off"
    if len(disk.parts) == 1 and asked and (asked[0].beyond.placed or asked[0].beyond.unplaced):
        where = asked[0].beyond.why
    elif any(each.beyond.unplaced for each in asked):
        where += ", or in what tables that lie there would place"
    return tell(lost, disk.size, around, where, least=any(each.beyond.least for each in asked))


def _parent(text: Descriptor, around: Context) -> tuple[Stream, str]:
    """Return the parent and its name. Raises Damaged where it is not the one the child was made from."""
    below, name = parent(text.parent, around, "vmdk")
    held = below.identity if isinstance(below, VmdkDisk) else ""
    if held.lstrip("0") != text.parent_identity.lstrip("0"):
        raise Damaged(
            f"vmdk: {name} is not as it was when this disk was made from it: its CID is {held or 'not told'}, "
            f"the parentCID here {text.parent_identity}"
        )
    return below, name


def _text(head: bytes) -> bool:
    return head[:512].lstrip(BEFORE)[: len(TEXT)].lower() == TEXT.lower()


def _names(around: Context, name: str) -> bool:
    """Say whether the descriptor in the file ``name``, a text or within a sparse extent, names this too."""
    stream = glance(around, name)
    if stream is None:
        return False
    try:
        stream.seek(0)
        raw = stream.read(SECTOR)
        if raw[:4] == HOSTED:
            offset, length = shape(stream).descriptor
            raw, least = exactly(stream, offset, min(length, LONGEST), "vmdk: the descriptor"), 2
        elif _text(raw):
            stream.seek(0)
            raw, least = stream.read(LONGEST), 1
        if around.name.encode() not in raw:  # most are none of it: told without reading the text line by line
            return False
        found = descriptor(raw).extents
    except ItemError:
        return False
    return len(found) >= least and around.name in (last_part(each.file) for each in found)


IMAGE = Vmdk()
