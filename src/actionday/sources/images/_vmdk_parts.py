"""The extents of a VMDK: each is as long as the descriptor says, whatever its file gives.

An extent begins where those before it end by the descriptor. What its file lacks is missing there and moves nothing.

Source: VMware, "Virtual Disk Format 5.0", section "The Descriptor" (extent descriptions).
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from actionday.model import Context, Damaged, Loss, Stream, Unsupported
from actionday.model.counted import counted
from actionday.sources.images._below import Holds
from actionday.sources.images._beyond import Beyond
from actionday.sources.images._disk import exactly
from actionday.sources.images._missing import Range
from actionday.sources.images._parents import last_part
from actionday.sources.images._vmdk_descriptor import Extent
from actionday.sources.images._vmdk_shape import shape
from actionday.sources.images._vmdk_sparse import Sparse

FLAT, SPARSE, EMPTY = ("FLAT", "VMFS"), ("SPARSE", "VMFSSPARSE"), ("ZERO",)


class Part(Protocol):
    """One extent of ``size`` bytes."""

    size: int

    def absent(self) -> Iterator[Range]:
        """Yield what of it cannot be had, in order; its first byte is 0."""

    def at(self, offset: int, length: int, /) -> tuple[bytes | None, int]:
        """Return bytes (b"" stands for zeros, None for nothing held) and for how many bytes that holds."""


class Flat:
    """Plain bytes of a file, from ``offset`` on."""

    def __init__(self, stream: Stream, name: str, told: Extent) -> None:
        self.size, self._offset = told.length, told.offset
        self._stream, self._name = stream, name

    def absent(self) -> Iterator[Range]:
        """Yield what of it lies behind the end of the file."""
        yield max(0, min(self.size, self._stream.size - self._offset)), self.size

    def at(self, offset: int, length: int) -> tuple[bytes | None, int]:
        """Return bytes; never None. Raises Damaged where the file is shorter."""
        length = min(length, 4 << 20)
        return exactly(self._stream, self._offset + offset, length, f"vmdk: {self._name}"), length


class Grains:
    """The first ``size`` bytes of a sparse extent, which may hold fewer."""

    def __init__(self, held: Sparse, size: int, name: str) -> None:
        self.size, self._held, self.name = size, held, name
        self.beyond = Beyond(held.stream)

    @property
    def unit(self) -> int:
        """Return how many bytes are had or are not as one: a compressed grain, else a sector."""
        return self._held.unit

    def absent(self) -> Iterator[Range]:
        """Yield what of it lies behind the end of the file, and what it holds none of."""
        for start, end in self._held.absent(self.beyond):
            if start < self.size:
                yield start, min(end, self.size)
        yield min(self._held.size, self.size), self.size

    def at(self, offset: int, length: int) -> tuple[bytes | None, int]:
        """Return what the extent holds. Raises Damaged behind its end."""
        if offset >= self._held.size:
            raise Damaged(f"vmdk: extent {self.name} holds {self._held.size} of {self.size} bytes")
        return self._held.at(offset, min(length, self._held.size - offset))

    def holds(self, offset: int, length: int) -> tuple[Holds, int]:
        """Return what its tables say; of what it does not hold, that it is to be read. Raises Damaged."""
        if offset >= self._held.size:
            return Holds.OWN, length
        return self._held.holds(offset, min(length, self._held.size - offset))


class Zero:
    """An extent of zeros."""

    def __init__(self, size: int) -> None:
        self.size = size

    def absent(self) -> Iterator[Range]:
        """Yield nothing."""
        yield from ()

    def at(self, _offset: int, length: int, /) -> tuple[bytes | None, int]:
        """Return zeros."""
        return b"", length


class Missing:
    """An extent whose file is not there, or is no extent."""

    def __init__(self, size: int, why: str) -> None:
        self.size, self._why = size, why

    def absent(self) -> Iterator[Range]:
        """Yield all of it."""
        yield 0, self.size

    def at(self, _offset: int, _length: int, /) -> tuple[bytes | None, int]:
        """Raise Damaged."""
        raise Damaged(self._why)


class File(NamedTuple):
    """A file of the disk, its name ("": the image's own), and what is in it: grains, or all bytes.

    ``over``: how many bytes of the file, or of the disk in its grains (0: all), belong to the disk.
    """

    stream: Stream
    name: str
    over: int = 0
    grains: Sparse | None = None


def extent(told: Extent, around: Context, files: list[File]) -> Part:
    """Return an extent, of the length it is told to have; its file is added to ``files``. Raises Unsupported."""
    if told.kind in EMPTY:
        return Zero(told.length)
    if told.kind not in FLAT + SPARSE:
        raise Unsupported(f"vmdk: extents of type {told.kind} are not read here")
    name = last_part(told.file)
    stream = around.sibling(name) if name else None
    if stream is None:
        return _missing(told, f"vmdk: extent {name or '(unnamed)'} is missing", around)
    if told.kind in FLAT:
        due = told.offset + told.length
        if stream.size < due:
            around.note("segment_short", f"vmdk: {name} gives {stream.size} of {counted(due, 'byte')}")
        files.append(File(stream, name, due))
        return Flat(stream, name, told)
    try:
        seen = shape(stream)
        found = Sparse(stream, seen)
    except Damaged as error:  # the others are read all the same
        return _missing(told, f"vmdk: extent {name} cannot be read: {error}", around)
    if seen.why:
        around.note(Loss.SHORT, f"{name}: {seen.why}")
    files.append(File(stream, name, told.length, found))
    return grains(found, told.length, name, around)


def grains(held: Sparse, size: int, name: str, around: Context) -> Grains:
    """Return a sparse extent as ``size`` bytes; note that it holds fewer."""
    if held.size < size:
        around.note(
            "segment_short", f"vmdk: {name} holds {held.size} of {counted(size, 'byte')} by its header"
        )
    return Grains(held, size, name)


def _missing(told: Extent, why: str, around: Context) -> Missing:
    around.note("segment_missing", why)
    return Missing(told.length, why)
