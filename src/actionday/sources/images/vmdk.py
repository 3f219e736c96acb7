"""VMDK: VMware disks of one file or many, sparse, flat, stream-optimised, with or without a parent.

Source: VMware, "Virtual Disk Format 5.0".
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple, Protocol

from actionday.model import Claim, Context, Damaged, Peek, Stream, Unsupported
from actionday.model.counted import counted
from actionday.sources.images._below import Holds, Overlay, known
from actionday.sources.images._disk import exactly, reaches, zeros
from actionday.sources.images._missing import Range, tell, touching
from actionday.sources.images._parents import last_part, parent
from actionday.sources.images._parts import joined
from actionday.sources.images._rest import Span
from actionday.sources.images._vmdk_descriptor import LONGEST, Descriptor, Extent, descriptor, text_end
from actionday.sources.images._vmdk_facts import facts_of, slack_of
from actionday.sources.images._vmdk_sparse import REDO, Sparse, shape
from actionday.sources.images._vmdk_stream import HOSTED, SECTOR

TEXT = b"# Disk DescriptorFile"
BEFORE = b"\r\n\t \xef\xbb\xbf"
"""What may stand before it."""
FLAT, SPARSE, EMPTY = ("FLAT", "VMFS"), ("SPARSE", "VMFSSPARSE"), ("ZERO",)


class Part(Protocol):
    """One extent."""

    size: int

    def at(self, offset: int, length: int, /) -> tuple[bytes | None, int]:
        """Return bytes (b"" stands for zeros, None for nothing held) and for how many bytes that holds."""


class Flat:
    """Plain bytes of a file, from ``offset`` on."""

    def __init__(self, stream: Stream, name: str, told: Extent) -> None:
        self.size, self._offset = told.length, told.offset
        self._stream, self._name = stream, name
        self.lacking = min(self.size, max(0, told.offset + self.size - stream.size))
        """Bytes at its end that the file does not give."""

    def at(self, offset: int, length: int) -> tuple[bytes | None, int]:
        """Return bytes; never None. Raises Damaged where the file is shorter."""
        length = min(length, 4 << 20)
        return exactly(self._stream, self._offset + offset, length, f"vmdk: {self._name}"), length


class Zero:
    """An extent of zeros."""

    def __init__(self, size: int) -> None:
        self.size = size

    def at(self, _offset: int, length: int, /) -> tuple[bytes | None, int]:
        """Return zeros."""
        return b"", length


class Missing:
    """An extent whose file is not there."""

    def __init__(self, size: int, name: str) -> None:
        self.size, self._name = size, name
        self.lacking = size

    def at(self, _offset: int, _length: int, /) -> tuple[bytes | None, int]:
        """Raise Damaged."""
        raise Damaged(f"vmdk: extent {self._name} is missing")


class File(NamedTuple):
    """A file of the disk, its name ("": the image's own), and what is in it: grains, or all bytes up to ``over``."""

    stream: Stream
    name: str
    over: int = 0
    grains: Sparse | None = None


class VmdkDisk(Overlay):
    """Extents one behind the other."""

    def __init__(self, name: str, parts: list[Part], below: Stream | None, files: list[File]) -> None:
        self._parts, self._files = parts, files
        self._ends = list(accumulate(part.size for part in parts))
        super().__init__(self._ends[-1] if parts else 0, name, below)

    def absent(self) -> Iterator[Range]:
        """Yield the ranges of extents whose file is not there, or ends before them."""
        for part, end in zip(self._parts, self._ends, strict=True):
            lacking = part.lacking if isinstance(part, Flat | Missing) else 0
            yield end - lacking, end

    def own_rest(self) -> Iterator[Span]:
        """Yield what in each of its files is none of it; of one that holds several extents, behind the last."""
        plain: dict[str, File] = {}
        for each in self._files:
            if each.grains is not None:
                yield from each.grains.rest(each.name)
            elif each.name not in plain or plain[each.name].over < each.over:
                plain[each.name] = each
        for each in plain.values():
            if each.over < each.stream.size:
                yield Span(each.stream, each.over, each.stream.size, each.name)

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one extent. Raises Damaged."""
        number = bisect_right(self._ends, offset)
        part = self._parts[number]
        within = offset - (self._ends[number] - part.size)
        data, held = part.at(within, min(length, part.size - within))
        if data is None:
            return self.under(offset, held)
        return data or zeros(held)

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return that of an extent, or of a grain of one. Raises Damaged."""
        number = bisect_right(self._ends, offset)
        part = self._parts[number]
        within = offset - (self._ends[number] - part.size)
        length = min(length, part.size - within)
        if isinstance(part, Sparse):
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
        told = shape(stream)
        offset, length = told.descriptor
        raw = exactly(stream, offset, min(length, LONGEST), "vmdk: the descriptor") if length else b""
        if not raw.strip(b"\0"):
            return self._lone(stream, around)
        own = Sparse(stream, told)
        reaches(own.reach(), stream, "vmdk", around)
        text = descriptor(raw)
        facts = facts_of(raw, text, around) | slack_of(stream, told.descriptor, raw, around)
        around.acquired({"vmdk": facts})
        disk = VmdkDisk(around.name, [own], None, [File(stream, "", grains=own)])
        _stand(disk, text, around)
        if len(text.extents) > 1:
            around.note(
                "extents", f"vmdk: names {counted(len(text.extents), 'extent')}, only its own is read"
            )
        return disk

    def _lone(self, stream: Stream, around: Context) -> Stream:
        """A sparse extent without a text of its own: one of several, told together by a descriptor file."""
        for name in around.siblings():
            if name.lower().endswith(".vmdk") and name != around.name and _names(around, name):
                raise Unsupported(f"vmdk: an extent of {name}: its bytes are read there")
        around.note("extents", "vmdk: an extent without its descriptor file: read by itself")
        told = shape(stream)
        if held := slack_of(stream, told.descriptor, b"", around):
            around.acquired({"vmdk": held})
        own = Sparse(stream, told)
        reaches(own.reach(), stream, "vmdk", around)
        return VmdkDisk(around.name, [own], None, [File(stream, "", grains=own)])

    def _described(self, stream: Stream, raw: bytes, around: Context) -> Stream:
        text = descriptor(raw)
        facts: dict[str, object] = {"vmdk": facts_of(raw, text, around)}
        around.acquired(facts)
        if not text.extents:
            raise Damaged("vmdk: the descriptor names no extent")
        files = [File(stream, "", text_end(raw))]
        parts = [_part(each, around, files) for each in text.extents]
        disk = VmdkDisk(around.name, parts, None, files)
        disk.missing = tuple(touching(disk.absent()))
        if lost := tell(disk.missing, disk.size, around, "they lie in extents that are missing or cut off"):
            around.acquired(lost | facts)
        _stand(disk, text, around)
        return disk


def _stand(disk: VmdkDisk, text: Descriptor, around: Context) -> None:
    """Put a disk onto its parent, if it has one. Raises Damaged."""
    if text.child:
        with known(disk):
            disk.below = parent(text.parent, around)


def _part(told: Extent, around: Context, files: list[File]) -> Part:
    """Return an extent; its file is added to ``files``."""
    if told.kind in EMPTY or told.access == "NOACCESS":
        return Zero(told.length)
    if told.kind not in FLAT + SPARSE:
        raise Unsupported(f"vmdk: extents of type {told.kind} are not read here")
    name = last_part(told.file)
    stream = around.sibling(name)
    if stream is None:
        around.note("segment_missing", f"vmdk: extent {name} is missing")
        return Missing(told.length, name)
    if told.kind in FLAT:
        if stream.size < told.offset + told.length:
            around.note(
                "segment_short",
                f"vmdk: {name} gives {stream.size} of {counted(told.offset + told.length, 'byte')}",
            )
        files.append(File(stream, name, told.offset + told.length))
        return Flat(stream, name, told)
    found = Sparse(stream, shape(stream))
    reaches(found.reach(), stream, f"vmdk: {name}", around)
    found.size = min(found.size, told.length)
    files.append(File(stream, name, grains=found))
    return found


def _text(head: bytes) -> bool:
    return head[:512].lstrip(BEFORE)[: len(TEXT)].lower() == TEXT.lower()


def _names(around: Context, name: str) -> bool:
    stream = around.sibling(name)
    if stream is None:
        return False
    stream.seek(0)
    head = stream.read(min(stream.size, 65536))
    return _text(head) and around.name.encode() in head


IMAGE = Vmdk()
